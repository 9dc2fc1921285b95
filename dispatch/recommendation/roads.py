"""Travel times by road: one reverse Dijkstra from the incident gives every unit's time at once. No I/O.

A Network is the graph as it is passable now: at this part of the day, without the roads that are closed. A point is
taken to its nearest node, never across SNAP_LIMIT_M, so that a point at sea gets no road.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import KDTree

from dispatch.recommendation.graph import EARTH_M, Floats, RoadGraph, metres_between
from dispatch.recommendation.speeds import FERRY, Slot, Speeds, shipped
from dispatch.views import Point

SNAP_LIMIT_M = 1_500.0
"""Farther from any road a point has no road time: a Km post of the gazetteer is good to about a kilometre."""

OFF_ROAD_KMH = 8.0
"""Between the road and the point itself: tracks and yards, at a runner's speed. An assumption."""

LEAST_COMPONENT_M = 1_000.0
"""Roads that lie together but reach nothing else, and are shorter than this, are faults of the map (a car park cut
off): nothing is taken to them. An islet's roads are longer."""

MOST_STEPS = 200
"""Of one leg of a closure's line."""

LONGEST_S = 6 * 3600.0
"""Whoever needs longer does not come by road."""


class Reach(StrEnum):
    """How a unit stands to the incident."""

    BY_ROAD = "by_road"
    OFF_ROAD = "off_road"
    """The unit is too far from any road for the graph to know its way."""
    CUT_OFF = "cut_off"
    """It is on a road from which no way leads there."""


@dataclass(frozen=True, slots=True)
class Closure:
    """Roads that are closed: every edge that comes within `radius_m` of the points or of the line through them."""

    points: tuple[tuple[float, float], ...]
    """Latitude and longitude of at least one."""
    radius_m: float

    def middles(self) -> Iterator[tuple[float, float]]:
        """The points, and others between them so close that circles round all cover the line."""
        yield self.points[0]
        for one, other in pairwise(self.points):
            apart = EARTH_M * math.radians(math.hypot(other[0] - one[0], other[1] - one[1]))
            steps = min(MOST_STEPS, max(1, math.ceil(apart / self.radius_m)))
            for step in range(1, steps + 1):
                share = step / steps
                yield one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share


@dataclass(frozen=True, slots=True, eq=False)
class RoadTimes:
    """To one point, of many starts: by a vehicle as in the speed table."""

    seconds: Floats
    """inf where there is no way."""
    metres: Floats
    reach: tuple[Reach, ...]


class Network:
    """The graph as it is passable in one part of the day with these closures."""

    def __init__(self, graph: RoadGraph, slot: Slot, closures: Sequence[Closure] = ()) -> None:
        speeds = shipped()
        self._graph = graph
        self.slot = slot
        open_ = ~closed_edges(graph, closures)
        self.closed = int(np.count_nonzero(~open_))
        ferry = graph.road == speeds.classes.index(FERRY)
        start, end = graph.start[open_], graph.end[open_]
        cost = edge_seconds(graph, speeds, slot)[open_]
        self._reverse = _matrix(end, start, cost, graph.nodes)
        self.outside_share = 0.0
        """Of all road metres: those that the largest part of the network does not reach, closures aside."""
        usable = self._usable(open_, ferry)
        self._snappable = np.flatnonzero(usable)
        self._middle = float(graph.lat.mean())
        self._tree = KDTree(self._plane(graph.lat[usable], graph.lon[usable])) if len(self._snappable) else None

    def _usable(self, open_: NDArray[np.bool_], ferry: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Nodes that a point may be taken to: on a road that is open, in a part of the network worth the name."""
        graph = self._graph
        whole = _matrix(graph.start, graph.end, np.ones(len(graph.start)), graph.nodes)
        _, part = connected_components(whole, directed=True, connection="strong")
        road = ~ferry
        metres = np.bincount(part[graph.start[road]], weights=graph.length_m[road])
        total = float(metres.sum())
        self.outside_share = 1 - float(metres.max()) / total if total else 0.0
        large = np.zeros(int(part.max()) + 1, dtype=np.bool_)
        large[: len(metres)] = metres >= LEAST_COMPONENT_M
        on_road = np.zeros(graph.nodes, dtype=np.bool_)
        on_road[graph.start[road & open_]] = True
        on_road[graph.end[road & open_]] = True
        usable: NDArray[np.bool_] = on_road & large[part]
        return usable

    def _plane(self, lat: Floats, lon: Floats) -> Floats:
        """Metres east and north; good to a fraction of a percent within a province."""
        x = np.radians(lon) * np.cos(np.radians(self._middle))
        return EARTH_M * np.column_stack([x, np.radians(lat)])

    def snap(self, points: Sequence[Point]) -> tuple[NDArray[np.intp], Floats]:
        """The nearest node of each point and how far it is; -1 and inf beyond SNAP_LIMIT_M."""
        if self._tree is None or not points:
            return np.full(len(points), -1, dtype=np.intp), np.full(len(points), np.inf)
        lat = np.array([point.lat for point in points])
        lon = np.array([point.lon for point in points])
        away, index = self._tree.query(self._plane(lat, lon), distance_upper_bound=SNAP_LIMIT_M)
        found = np.isfinite(away)
        nodes = np.full(len(points), -1, dtype=np.intp)
        nodes[found] = self._snappable[index[found]]
        return nodes, away

    def times(self, to: Point, starts: Sequence[Point]) -> RoadTimes | None:
        """The way of every start to `to`; None where `to` itself is far from any open road."""
        (target,), (last_m,) = self.snap([to])
        if target < 0:
            return None
        nodes, first_m = self.snap(starts)
        seconds, before = dijkstra(self._reverse, indices=int(target), return_predecessors=True, limit=LONGEST_S)
        known = nodes >= 0
        on_road = np.where(known, seconds[np.where(known, nodes, 0)], np.inf)
        off_s = np.where(known, first_m + last_m, 0.0) / OFF_ROAD_KMH * 3.6
        metres = self._metres(before)[np.where(known, nodes, 0)] + np.where(known, first_m + last_m, 0.0)
        reach = tuple(
            Reach.OFF_ROAD if not here else Reach.BY_ROAD if way else Reach.CUT_OFF
            for here, way in zip(known.tolist(), np.isfinite(on_road).tolist(), strict=True)
        )
        return RoadTimes(on_road + off_s, metres, reach)

    def _metres(self, before: NDArray[np.int32]) -> Floats:
        """Length of every node's way to the root of the tree, by doubling: after n rounds 2^n edges are added up."""
        graph = self._graph
        root = before < 0
        ahead = np.where(root, np.arange(graph.nodes, dtype=np.int32), before)
        metres = metres_between(graph.lat, graph.lon, graph.lat[ahead], graph.lon[ahead])
        while not root[ahead].all():
            metres += metres[ahead]
            ahead = ahead[ahead]
        return metres


def edge_seconds(graph: RoadGraph, speeds: Speeds, slot: Slot) -> Floats:
    """How long each edge takes in this part of the day."""
    usual = np.array(speeds.kmh)[graph.road]
    own = np.where(graph.speed_kmh > 0, graph.speed_kmh, usual)
    kmh = np.minimum(own, usual) * np.array(speeds.factors(slot))[graph.road]
    seconds: Floats = np.where(graph.fixed_s > 0, graph.fixed_s, graph.length_m / kmh * 3.6)
    return np.maximum(seconds, 1e-3)  # a sparse matrix has no edge of zero


def closed_edges(graph: RoadGraph, closures: Sequence[Closure]) -> NDArray[np.bool_]:
    """Which edges come within the radius of a closure; an edge counts by its nearest point, not by its ends."""
    closed = np.zeros(len(graph.start), dtype=np.bool_)
    for (lat, lon), radius_m in ((middle, closure.radius_m) for closure in closures for middle in closure.middles()):
        east = np.cos(np.radians(lat)) * np.radians(graph.lon - lon) * EARTH_M
        north = np.radians(graph.lat - lat) * EARTH_M
        x, y = east[graph.start], north[graph.start]
        dx, dy = east[graph.end] - x, north[graph.end] - y
        along = np.clip(-(x * dx + y * dy) / np.maximum(dx * dx + dy * dy, 1e-9), 0.0, 1.0)
        closed |= np.hypot(x + along * dx, y + along * dy) <= radius_m
    return closed


def _matrix(start: NDArray[np.int32], end: NDArray[np.int32], cost: Floats, nodes: int) -> csr_matrix:
    """The quickest of parallel edges: a sparse matrix would add them up."""
    order = np.lexsort((cost, end, start))
    start, end, cost = start[order], end[order], cost[order]
    first = np.ones(len(start), dtype=np.bool_)
    first[1:] = (start[1:] != start[:-1]) | (end[1:] != end[:-1])
    return csr_matrix((cost[first], (start[first], end[first])), shape=(nodes, nodes))
