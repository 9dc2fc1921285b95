"""How long each unit needs to a point, where no road is known: the geodesic times a detour. Pure.

The estimate ranks; it promises nothing. It says so itself (`how="geodesic"`), so that a screen can.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from geopy.distance import geodesic
from numpy.typing import NDArray

from dispatch.views import Point

How = Literal["geodesic", "road", "server"]
"""What a travel time was reckoned from: the straight line, the centre's road graph, or a routing server."""

DETOUR = 1.4
"""Road distance over straight distance: 1.417 on average in Boscoe, Henry and Zdeb (2012), 'A nationwide comparison
of driving distance versus straight-line distance to hospitals', The Professional Geographer 64(2)."""

DETOUR_WATER = 1.1
"""Assumption: a boat sails nearly straight within the bay."""

SPEED_KMH: Mapping[str, float] = {
    "ambulance": 50.0,
    "police_car": 50.0,
    "police_motorcycle": 55.0,
    "fire_engine": 40.0,
    "water_tender": 35.0,
    "rescue_truck": 40.0,
    "truck": 40.0,
    "boat": 30.0,
}
"""Mean speeds door to door, an assumption for rural two-lane roads until the centre's own runs can be measured."""

OTHER_SPEED_KMH = 45.0
"""For a kind not named above."""

NARROW_TO = 64
"""So many of the nearest get an exact geodesic (numpy to 16 then geodesic measured 1.1 ms of 10,000 units); the rest
keep the plane's distance, wrong by less than 0.5% within a province."""

PLANE_MARGIN = 1.012
"""The plane's distance is wrong by up to 0.6% either way."""

EARTH_M = 6_371_008.8
"""Mean radius (IUGG)."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a unit starts from."""

    unit_id: str
    kind: str
    point: Point


@dataclass(frozen=True, slots=True)
class Travel:
    seconds: int
    distance_m: int
    """Along the way, detour included."""
    how: How = "geodesic"


def estimate(to: Point, origins: Sequence[Origin]) -> dict[str, Travel]:
    """The way of every unit to `to`, by unit id."""
    if not origins:
        return {}
    straight_m = plane_m(to, origins)
    for index in narrowed(straight_m, NARROW_TO):
        start = origins[index].point
        straight_m[index] = geodesic((start.lat, start.lon), (to.lat, to.lon)).meters
    return {
        origin.unit_id: _travel(origin.kind, float(metres)) for origin, metres in zip(origins, straight_m, strict=True)
    }


def narrowed(straight_m: NDArray[np.float64], count: int) -> list[int]:
    """Numbers of all that may be among the `count` nearest by the ellipsoid; most others are sifted out."""
    if len(straight_m) <= count:
        return list(range(len(straight_m)))
    farthest = np.partition(straight_m, count - 1)[count - 1]
    return list(map(int, np.flatnonzero(straight_m <= farthest * PLANE_MARGIN)))


def plane_m(to: Point, origins: Sequence[Origin]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Equirectangular distances in metres."""
    lat = np.radians(np.array([origin.point.lat for origin in origins]))
    lon = np.radians(np.array([origin.point.lon for origin in origins]))
    to_lat, to_lon = np.radians(to.lat), np.radians(to.lon)
    x = (lon - to_lon) * np.cos((lat + to_lat) / 2)
    metres: np.ndarray[tuple[int], np.dtype[np.float64]] = EARTH_M * np.hypot(x, lat - to_lat)
    return metres


def _travel(kind: str, straight_m: float) -> Travel:
    along_m = straight_m * (DETOUR_WATER if kind == "boat" else DETOUR)
    speed_ms = SPEED_KMH.get(kind, OTHER_SPEED_KMH) / 3.6
    return Travel(seconds=round(along_m / speed_ms), distance_m=round(along_m))
