"""Words of the recommendation for both languages. Pure."""

from collections.abc import Mapping
from datetime import datetime

from dispatch.recommendation.travel import How, Travel
from dispatch.recommendation.weighing import age_s
from dispatch.views import Point, UnitPosition, UnitView, Words
from dispatch.words import Capability

AT_STATION_M = 300.0
"""Nearer than this to its station a unit stands there: the town points of stations are good to about this at best."""

MOVING_KMH = 5.0
"""Faster than a walk: the unit drives."""

CAPABILITY_NAMES: Mapping[Capability, Words] = {
    Capability.FIRE_SUPPRESSION: Words(id="pemadaman", en="fire suppression"),
    Capability.RESCUE: Words(id="penyelamatan", en="rescue"),
    Capability.WATER_RESCUE: Words(id="penyelamatan air", en="water rescue"),
    Capability.AMBULANCE: Words(id="ambulans", en="ambulance"),
    Capability.ADVANCED_LIFE_SUPPORT: Words(id="bantuan hidup lanjut", en="advanced life support"),
    Capability.POLICE: Words(id="polisi", en="police"),
    Capability.TRAFFIC_CONTROL: Words(id="pengaturan lalu lintas", en="traffic control"),
    Capability.DISASTER_RESPONSE: Words(id="penanggulangan bencana", en="disaster response"),
    Capability.PUBLIC_ORDER: Words(id="ketertiban umum", en="public order"),
    Capability.ANIMAL_HANDLING: Words(id="penanganan satwa", en="animal handling"),
    Capability.TREE_CLEARING: Words(id="pembersihan pohon", en="tree clearing"),
    Capability.POWER_LINE: Words(id="jaringan listrik", en="power line"),
    Capability.SOCIAL_SERVICE: Words(id="layanan sosial", en="social service"),
}

_SOURCES: Mapping[How, Words] = {
    "geodesic": Words(id="perkiraan tanpa data jalan", en="estimated without road data"),
    "road": Words(id="lewat jalan", en="by road"),
    "server": Words(id="server rute", en="routing server"),
}


def how_far(way: Travel | None) -> Words:
    if way is None:
        return Words(
            id="Kejadian belum punya titik: jarak tidak diketahui",
            en="The incident has no point yet: distance unknown",
        )
    minutes, km, source = max(1, round(way.seconds / 60)), way.distance_m / 1000, _SOURCES[way.how]
    return Words(
        id=f"Sekitar {minutes} menit, {km:.1f} km".replace(".", ",") + f" ({source.id})",
        en=f"About {minutes} min, {km:.1f} km ({source.en})",
    )


def whereabouts(unit: UnitView, station: Point, position: UnitPosition | None, now: datetime) -> Words:
    """Where the unit is; `position` is the one it is reckoned from."""
    name = unit.station
    age = age_s(position, now)
    if position is None or age is None:
        return Words(id=f"Posisi tidak diketahui, dihitung dari {name}", en=f"No position, reckoned from {name}")
    if position.speed_kmh is not None and position.speed_kmh > MOVING_KMH:
        return Words(id=f"Sedang bergerak, posisi {age} detik lalu", en=f"Moving, position {age} s old")
    if _apart_m(position.point, station) <= AT_STATION_M:
        return Words(id=f"Di {name}, posisi {age} detik lalu", en=f"At {name}, position {age} s old")
    return Words(id=f"Di luar pos, posisi {age} detik lalu", en=f"Away from its station, position {age} s old")


def _apart_m(one: Point, other: Point) -> float:
    """Good to a percent over some hundred metres near the equator, where a degree is 111 km both ways."""
    return float(((one.lat - other.lat) ** 2 + (one.lon - other.lon) ** 2) ** 0.5 * 111_195)
