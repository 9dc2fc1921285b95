"""Which units to send, in what order and why; and of every other unit why not. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dispatch.recommendation.travel import Origin, Travel
from dispatch.views import Need, Point, UnitPosition, UnitView, View, Words
from dispatch.words import Capability, UnitState

FRESH_S = 600
"""A position older than this no longer says where a unit is: it is then reckoned from its station."""

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


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit, and what else the ranking must know of it."""

    unit: UnitView
    station: Point
    holder_number: str | None = None
    """Number of the incident that holds it."""
    here: bool = False
    """It is on this very incident."""


class Covered(View):
    """A line of the plan, and how many units already on the incident cover it."""

    need: Need
    covered: int


class Short(View):
    capability: Capability
    missing: int
    """So many are missing even when all proposed units go."""


class Candidate(View):
    unit_id: str
    rank: int
    """1 the best: first the proposed, then the rest, each by travel time."""
    travel_s: int | None
    distance_m: int | None
    how: Literal["geodesic"] | None
    """None, as the two before: the incident has no point."""
    covers: tuple[Capability, ...]
    """What it can do of the plan."""
    proposed: bool
    """Sending all proposed units covers the plan as far as it can be."""
    reasons: tuple[Words, ...]
    position_age_s: int | None
    """None: reckoned from its station."""


class LeftOut(View):
    unit_id: str
    why: Words


class Recommendation(View):
    plan: tuple[Covered, ...]
    short: tuple[Short, ...]
    candidates: tuple[Candidate, ...]
    left_out: tuple[LeftOut, ...]


def position_of(standing: Standing, now: datetime) -> UnitPosition | None:
    """The unit's own position while it is fresh."""
    position = standing.unit.position
    if position is None or (now - position.at).total_seconds() > FRESH_S:
        return None
    return position


def origins(units: Iterable[Standing], now: datetime) -> list[Origin]:
    """Where each unit starts from: its fresh position, else its station."""
    return [
        Origin(one.unit.id, one.unit.kind, position.point if (position := position_of(one, now)) else one.station)
        for one in units
    ]


def recommend(
    plan: Sequence[Need], units: Sequence[Standing], travel: Mapping[str, Travel], now: datetime
) -> Recommendation:
    """Rank the free units that can do something of the plan; say of every other why not.

    Each unit covers one need at a time, units already on the incident first. `travel` is by unit id; it is empty while
    the incident has no point, and units then rank by callsign.
    """
    wanted = tuple(need.capability for need in plan)
    covered = _cover(plan, (one.unit for one in units if one.here))
    free = [one for one in units if why_not(one, wanted) is None]
    free.sort(key=lambda one: (_seconds(one, travel), one.unit.callsign))
    proposed, short = _propose(plan, covered, free)
    ranked = sorted(free, key=lambda one: one.unit.id not in proposed)
    return Recommendation(
        plan=tuple(Covered(need=need, covered=covered[need.capability]) for need in plan),
        short=short,
        candidates=tuple(
            Candidate(
                unit_id=one.unit.id,
                rank=rank,
                travel_s=way.seconds if (way := travel.get(one.unit.id)) else None,
                distance_m=way.distance_m if way else None,
                how=way.how if way else None,
                covers=_covers(one.unit, wanted),
                proposed=one.unit.id in proposed,
                reasons=tuple(_reasons(one, wanted, way, now)),
                position_age_s=_age_s(position_of(one, now), now),
            )
            for rank, one in enumerate(ranked, start=1)
        ),
        left_out=tuple(
            LeftOut(unit_id=one.unit.id, why=why) for one in units if (why := why_not(one, wanted)) is not None
        ),
    )


def uncovered(found: Recommendation) -> frozenset[Capability]:
    """What of the plan the units already on the incident do not cover."""
    return frozenset(line.need.capability for line in found.plan if line.covered < line.need.count)


def fits(found: Recommendation, unit_id: str, *, known: bool) -> bool:
    """Is this unit the best free one for a need still uncovered (any capable one, while distances are not `known`)?"""
    candidate = next((one for one in found.candidates if one.unit_id == unit_id), None)
    if candidate is None:
        return False
    return candidate.proposed or (not known and not uncovered(found).isdisjoint(candidate.covers))


def why_not(standing: Standing, wanted: Sequence[Capability]) -> Words | None:
    """Why this unit cannot be sent, None when it can."""
    unit = standing.unit
    if standing.here:
        return Words(id="Sudah ditugaskan ke kejadian ini", en="Already on this incident")
    if unit.state is UnitState.COMMITTED:
        number = standing.holder_number or "?"
        return Words(id=f"Sedang bertugas di kejadian {number}", en=f"Committed to incident {number}")
    if unit.state is UnitState.OFF_DUTY:
        return Words(id="Tidak dinas", en="Off duty")
    if unit.state is UnitState.OUT_OF_SERVICE:
        reason = unit.out_of_service_reason or "?"
        return Words(id=f"Tidak siap pakai: {reason}", en=f"Out of service: {reason}")
    if not _covers(unit, wanted):
        return Words(id="Tidak memiliki kemampuan yang diperlukan", en="Lacks every capability that the plan needs")
    return None


def _covers(unit: UnitView, wanted: Sequence[Capability]) -> tuple[Capability, ...]:
    return tuple(capability for capability in wanted if capability in unit.capabilities)


def _seconds(standing: Standing, travel: Mapping[str, Travel]) -> float:
    way = travel.get(standing.unit.id)
    return way.seconds if way else float("inf")


def _cover(plan: Sequence[Need], on_it: Iterable[UnitView]) -> Counter[Capability]:
    """How much of each need the units on the incident cover; the least versatile choose first."""
    wanted = tuple(need.capability for need in plan)
    covered: Counter[Capability] = Counter()
    for unit in sorted(on_it, key=lambda unit: len(_covers(unit, wanted))):
        for need in plan:
            if need.capability in unit.capabilities and covered[need.capability] < need.count:
                covered[need.capability] += 1
                break
    return covered


def _propose(
    plan: Sequence[Need], covered: Counter[Capability], free: Sequence[Standing]
) -> tuple[set[str], tuple[Short, ...]]:
    """For each need in the plan's order the quickest that can and is not yet taken. `free` is ordered by time."""
    proposed: set[str] = set()
    short: list[Short] = []
    for need in plan:
        missing = max(0, need.count - covered[need.capability])
        able = [
            one.unit.id for one in free if need.capability in one.unit.capabilities and one.unit.id not in proposed
        ][:missing]
        proposed.update(able)
        if len(able) < missing:
            short.append(Short(capability=need.capability, missing=missing - len(able)))
    return proposed, tuple(short)


def _age_s(position: UnitPosition | None, now: datetime) -> int | None:
    return None if position is None else max(0, round((now - position.at).total_seconds()))


def _reasons(standing: Standing, wanted: Sequence[Capability], way: Travel | None, now: datetime) -> Iterator[Words]:
    names = [CAPABILITY_NAMES[capability] for capability in _covers(standing.unit, wanted)]
    yield Words(
        id="Mampu: " + ", ".join(name.id for name in names), en="Covers: " + ", ".join(name.en for name in names)
    )
    if way is None:
        yield Words(
            id="Kejadian belum punya titik: jarak tidak diketahui",
            en="The incident has no point yet: distance unknown",
        )
    else:
        minutes, km = max(1, round(way.seconds / 60)), way.distance_m / 1000
        yield Words(
            id=f"Sekitar {minutes} menit, {km:.1f} km".replace(".", ",") + " (perkiraan tanpa data jalan)",
            en=f"About {minutes} min, {km:.1f} km (estimated without road data)",
        )
    yield _whereabouts(standing, now)


def _whereabouts(standing: Standing, now: datetime) -> Words:
    station = standing.unit.station
    position = position_of(standing, now)
    if position is None:
        return Words(id=f"Posisi tidak diketahui, dihitung dari {station}", en=f"No position, reckoned from {station}")
    age = _age_s(position, now)
    if position.speed_kmh is not None and position.speed_kmh > MOVING_KMH:
        return Words(id=f"Sedang bergerak, posisi {age} detik lalu", en=f"Moving, position {age} s old")
    if _apart_m(position.point, standing.station) <= AT_STATION_M:
        return Words(id=f"Di {station}, posisi {age} detik lalu", en=f"At {station}, position {age} s old")
    return Words(id=f"Di luar pos, posisi {age} detik lalu", en=f"Away from its station, position {age} s old")


def _apart_m(one: Point, other: Point) -> float:
    """Good to a percent over some hundred metres near the equator, where a degree is 111 km both ways."""
    return float(((one.lat - other.lat) ** 2 + (one.lon - other.lon) ** 2) ** 0.5 * 111_195)
