"""Travel times from the best source at hand: a routing server, the centre's road graph, or the straight line.

A server is asked before a transaction (`fetch`), never in one; `estimate` takes what was fetched and does no I/O but
to look whether the graph's file is still the one it holds.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np
import structlog

from dispatch.recommendation import graph as graph_file
from dispatch.recommendation import notes
from dispatch.recommendation.graph import BrokenGraph, RoadGraph
from dispatch.recommendation.roads import Closure, Network, Reach
from dispatch.recommendation.server import MOST_POINTS, Leg, RouteServer
from dispatch.recommendation.speeds import shipped
from dispatch.recommendation.travel import How, Origin, Travel, estimate, plane_m
from dispatch.settings import Settings
from dispatch.views import Point, Words

_log = structlog.get_logger(__name__)

GRAPH_FILE = "roads.npz"

MOST_NETWORKS = 4
"""Kept in memory: this part of the day and the last, with and without the newest closure."""

SERVER_TIMES_S = 75.0
"""How long a server's time is believed; screens ask again every 30 s."""

MOST_SERVER_TIMES = 5_000

OTHER_KIND = 1.1
"""Factor on the table's times for a kind of unit that it does not name."""

BY_WATER = "boat"


@dataclass(frozen=True, slots=True)
class Estimate:
    """The way of every unit, and what a screen must say of where the times come from."""

    ways: Mapping[str, Travel]
    no_way: Mapping[str, Words] = field(default_factory=dict)
    """Units that cannot come, with the reason."""
    source: How = "geodesic"
    notes: tuple[Words, ...] = ()


class Roads:
    """The road graph of a file, read anew when the file is; without a usable file it says what is wrong."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._seen: tuple[float, int] | None = None
        self.graph: RoadGraph | None = None
        self.fault: Words | None = notes.NO_GRAPH
        self._networks: OrderedDict[tuple[int, tuple[Closure, ...]], Network] = OrderedDict()

    @classmethod
    def holding(cls, graph: RoadGraph) -> "Roads":
        """A graph that is in memory already."""
        roads = cls()
        roads.graph, roads.fault = graph, None
        return roads

    def network(self, now: datetime, closures: Sequence[Closure]) -> Network | None:
        """The roads as they are passable now; None without a graph."""
        self._look()
        if self.graph is None:
            return None
        slot = shipped().slot(now)
        key = (int(slot), tuple(closures))
        network = self._networks.get(key)
        if network is None:
            network = self._networks[key] = Network(self.graph, slot, closures)
            while len(self._networks) > MOST_NETWORKS:
                self._networks.popitem(last=False)
        self._networks.move_to_end(key)
        return network

    def _look(self) -> None:
        """Read the file if it is another one than before."""
        if self._file is None:
            return
        try:
            stat = self._file.stat()
        except OSError:
            self._forget(None, notes.NO_GRAPH)
            return
        seen = (stat.st_mtime, stat.st_size)
        if seen == self._seen:
            return
        try:
            graph = graph_file.load(self._file)
        except (BrokenGraph, FileNotFoundError) as error:
            _log.error("road_graph_broken", fault=str(error))
            self._forget(seen, notes.broken_graph(str(error)))
            return
        self._forget(seen, None)
        self.graph = graph

    def _forget(self, seen: tuple[float, int] | None, fault: Words | None) -> None:
        self._seen, self.fault, self.graph = seen, fault, None
        self._networks.clear()

    def outdated(self) -> bool:
        """The extract was replaced after the graph was built from it."""
        graph = self.graph
        if graph is None or not graph.source_path:
            return False
        try:
            return Path(graph.source_path).stat().st_mtime > graph.source_mtime_s + 1
        except OSError:
            return False  # the extract is gone: nothing newer is known


class Routing:
    """Where travel times come from in this process."""

    def __init__(self, roads: Roads | None = None, server: RouteServer | None = None) -> None:
        self.roads = roads or Roads()
        self.server = server
        self._fetched: OrderedDict[tuple[float, float, float, float], tuple[float, Leg | None]] = OrderedDict()
        self._answered = True

    @classmethod
    def of(cls, settings: Settings) -> "Routing":
        server = None
        if settings.routing_url is not None:
            server = RouteServer(settings.routing_url, settings.routing_kind, settings.routing_timeout_s)
        return cls(Roads(settings.data_dir / GRAPH_FILE), server)

    async def fetch(self, to: Point, origins: Sequence[Origin]) -> None:
        """Ask the server for the times of the nearest units, so that `estimate` has them."""
        if self.server is None or not origins:
            return
        now_s = asyncio.get_running_loop().time()
        by_road = [origin for origin in origins if origin.kind != BY_WATER]
        nearest = np.argsort(plane_m(to, by_road), kind="stable")[:MOST_POINTS].tolist() if by_road else []
        wanted = {_key(to, by_road[index].point): by_road[index].point for index in nearest}
        missing = {key: point for key, point in wanted.items() if self._known(key, now_s) is None}
        if not missing:
            return
        legs = await self.server.legs(to, list(missing.values()))
        self._answered = legs is not None
        for key, leg in zip(missing, legs or (), strict=False):
            self._fetched[key] = (now_s, leg)
            self._fetched.move_to_end(key)
        while len(self._fetched) > MOST_SERVER_TIMES:
            self._fetched.popitem(last=False)

    def _known(self, key: tuple[float, float, float, float], now_s: float) -> tuple[float, Leg | None] | None:
        kept = self._fetched.get(key)
        return kept if kept is not None and now_s - kept[0] < SERVER_TIMES_S else None

    def estimate(
        self, to: Point, origins: Sequence[Origin], now: datetime, closures: Sequence[Closure] = ()
    ) -> Estimate:
        """The way of every unit to `to`, by the best source for each; boats go by the straight line."""
        ways = estimate(to, origins)
        no_way: dict[str, Words] = {}
        said = self._by_road(to, origins, now, closures, ways, no_way)
        if self.server is not None:
            said += self._by_server(to, origins, closures, ways, no_way)
        kinds = {way.how for way in ways.values()}
        source: How = "server" if "server" in kinds else "road" if "road" in kinds else "geodesic"
        return Estimate(ways, no_way, source, tuple(said))

    def _by_road(
        self,
        to: Point,
        origins: Sequence[Origin],
        now: datetime,
        closures: Sequence[Closure],
        ways: dict[str, Travel],
        no_way: dict[str, Words],
    ) -> list[Words]:
        """Put the road's times over the straight line's; gives what must be said."""
        network = self.roads.network(now, closures)
        if network is None or self.roads.graph is None:
            fault = self.roads.fault or notes.NO_GRAPH
            return [fault, notes.CLOSURES_UNUSED] if closures else [fault]
        said = notes.of_graph(self.roads.graph, now, network.outside_share, outdated=self.roads.outdated())
        if closures:
            said.append(notes.closures(len(closures), network.closed))
        drivers = [origin for origin in origins if origin.kind != BY_WATER]
        times = network.times(to, [origin.point for origin in drivers])
        if times is None:
            return [*said, notes.INCIDENT_OFF_ROAD]
        kinds = shipped().kinds
        rows = zip(drivers, times.seconds.tolist(), times.metres.tolist(), times.reach, strict=True)
        for origin, seconds, metres, reach in rows:
            if reach is Reach.BY_ROAD:
                factor = kinds.get(origin.kind, OTHER_KIND)
                ways[origin.unit_id] = Travel(round(seconds * factor), round(metres), "road")
            elif reach is Reach.CUT_OFF:
                del ways[origin.unit_id]
                no_way[origin.unit_id] = notes.NO_ROAD_CLOSED if closures else notes.NO_ROAD
        return said

    def _by_server(
        self,
        to: Point,
        origins: Sequence[Origin],
        closures: Sequence[Closure],
        ways: dict[str, Travel],
        no_way: Mapping[str, Words],
    ) -> list[Words]:
        """Put the server's times over all others, unless roads are closed of which it does not know."""
        if closures and self.roads.graph is not None:
            return [notes.SERVER_UNAWARE]
        now_s = asyncio.get_running_loop().time()
        kinds = shipped().kinds
        for origin in origins:
            kept = self._known(_key(to, origin.point), now_s) if origin.kind != BY_WATER else None
            if kept is not None and kept[1] is not None and origin.unit_id not in no_way:
                factor = kinds.get(origin.kind, OTHER_KIND)
                ways[origin.unit_id] = Travel(round(kept[1].seconds * factor), round(kept[1].metres), "server")
        return [] if self._answered else [notes.SERVER_AWAY]

    async def close(self) -> None:
        if self.server is not None:
            await self.server.close()


def _key(to: Point, start: Point) -> tuple[float, float, float, float]:
    """Ten metres: a unit that waits at a light is asked for once."""
    return round(to.lat, 4), round(to.lon, 4), round(start.lat, 4), round(start.lon, 4)
