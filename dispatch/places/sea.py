"""Where the sea is: the coast around the regency, so that a point in the water is called so."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from dispatch.places.entries import VILLAGE_KINDS, Entry
from dispatch.places.roads import DATA
from dispatch.places.rules import METRES_PER_DEGREE, distance_m

BOUNDS = (-1.80, -0.70, 116.15, 117.15)
"""South, north, west, east in degrees: beyond what land.geojson was cut to, nothing is known of the sea."""

SHORE_M = 200.0
"""This near the coast a point is not called at sea: the line errs by 100 m, and piers and houses stand beyond it."""

OFF_A_PLACE_M = 500.0
"""Around a named place by the water a point is told by that place: a pier, a bridge, an islet, all beyond the line."""

Position = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Coast:
    """The edges of land and lakes as ((lat, lon), (lat, lon))."""

    edges: tuple[tuple[Position, Position], ...]

    def at_sea(self, point: Position) -> bool:
        """In the water, and not by the shore."""
        south, north, west, east = BOUNDS
        if not (south <= point[0] <= north and west <= point[1] <= east) or self._on_land(point):
            return False
        return all(_away_m(point, edge) > SHORE_M for edge in self.edges)

    def _on_land(self, point: Position) -> bool:
        """Even-odd rule: how many edges a ray to the east crosses."""
        lat, lon = point
        crossed = 0
        for (lat_a, lon_a), (lat_b, lon_b) in self.edges:
            if (lat_a > lat) != (lat_b > lat):
                crossed += lon < lon_a + (lat - lat_a) / (lat_b - lat_a) * (lon_b - lon_a)
        return crossed % 2 == 1


def _away_m(point: Position, edge: tuple[Position, Position]) -> float:
    """Metres from a point to an edge, on a plane: fine at this size near the equator."""
    east = math.cos(math.radians(point[0]))
    (ax, ay), (bx, by) = (((end[1] - point[1]) * east, end[0] - point[0]) for end in edge)
    length = (bx - ax) ** 2 + (by - ay) ** 2
    along = 0.0 if length == 0 else min(1.0, max(0.0, -(ax * (bx - ax) + ay * (by - ay)) / length))
    return math.hypot(ax + along * (bx - ax), ay + along * (by - ay)) * METRES_PER_DEGREE


@cache
def read_coast() -> Coast:
    """The packaged coast: some 300 corners."""
    land = json.loads((DATA / "land.geojson").read_text(encoding="utf-8"))["features"][0]["geometry"]["coordinates"]
    rings: list[Sequence[Sequence[float]]] = [ring for polygon in land for ring in polygon]
    corners = [[(lat, lon) for lon, lat in ring] for ring in rings]
    return Coast(tuple(edge for ring in corners for edge in pairwise(ring)))


class Waters:
    """The sea, as people of the regency would tell a point in it."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._coast = read_coast()
        self._villages = [one for one in entries if one.kind in VILLAGE_KINDS and one.point is not None]
        named = (one.point for one in entries if one.own_point and one.kind not in VILLAGE_KINDS)
        self._named = [point for point in named if point is not None]

    def village_off(self, point: Position) -> Entry | None:
        """The nearest village when the point lies at sea."""
        if not self._coast.at_sea(point) or any(distance_m(one, point) <= OFF_A_PLACE_M for one in self._named):
            return None
        return min(self._villages, key=lambda one: distance_m(one.point or point, point), default=None)
