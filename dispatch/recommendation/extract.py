"""Reads an OpenStreetMap extract (.osm, .osm.bz2, .osm.pbf) into a road graph.

Tags as documented in the OpenStreetMap wiki (Key:highway, Key:oneway, Key:access, Tag:route=ferry).
"""

import math
import re
from array import array
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import osmium

from dispatch.recommendation.graph import EARTH_M, LONGEST_EDGE_M, RoadGraph
from dispatch.recommendation.speeds import FERRY, Speeds, shipped

_CLOSED = frozenset({"no", "private"})
_UNPAVED = frozenset(
    "unpaved compacted gravel fine_gravel pebblestone dirt earth ground mud sand grass clay".split(),
)
_NEVER_CARS = ("motor_vehicle", "motorcar", "vehicle", "access")
"""The most specific key first: it outweighs the ones after it."""

_DURATION = re.compile(r"(?:(\d{1,2}):)?(\d{1,3})(?::(\d{2}))?")
_MAXSPEED = re.compile(r"(\d{1,3})(?: ?km/?h)?")

Node = tuple[int, float, float]
"""Id, latitude, longitude."""


class BrokenExtract(Exception):
    """An extract cannot be used; the text says why."""


def read_extract(file: Path, now: datetime) -> RoadGraph:
    """The roads and car ferries of an extract. Raises BrokenExtract."""
    try:
        return _read(file, now)
    except (RuntimeError, OSError) as error:  # osmium says everything by RuntimeError
        raise BrokenExtract(f"{file.name} cannot be read as an OpenStreetMap extract: {error}") from error


def _read(file: Path, now: datetime) -> RoadGraph:
    mtime = file.stat().st_mtime
    reader = osmium.FileProcessor(str(file), osmium.osm.NODE | osmium.osm.WAY).with_locations()
    reader = reader.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
    reader = reader.with_filter(osmium.filter.KeyFilter("highway", "route"))
    builder = _Builder(shipped())
    newest = datetime.fromtimestamp(0, UTC)
    for way in reader:
        assert isinstance(way, osmium.osm.Way)
        tags = {tag.k: tag.v for tag in way.tags}
        nodes = [(node.ref, node.lat, node.lon) if node.location.valid() else None for node in way.nodes]
        builder.add(tags, nodes)
        newest = max(newest, way.timestamp.astimezone(UTC))
    if not builder.start:
        raise BrokenExtract(f"{file.name} holds no road that a car may use.")
    dated = _header_date(reader.header.get("osmosis_replication_timestamp") or reader.header.get("timestamp"))
    if dated is None and newest.year > 1970:
        dated = newest
    return builder.graph(file, dated or datetime.fromtimestamp(mtime, UTC), mtime, now)


def _header_date(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None


class _Builder:
    """Collects edges; nodes get numbers as they come."""

    def __init__(self, speeds: Speeds) -> None:
        self._speeds = speeds
        self._number: dict[int, int] = {}
        self._waits: dict[int, float] = {}
        """Of each ferry's edge: whether one waits there is known once all roads are."""
        self.lat, self.lon = array("d"), array("d")
        self.start, self.end = array("i"), array("i")
        self.length_m, self.speed_kmh, self.fixed_s = array("d"), array("d"), array("d")
        self.road = array("B")

    def add(self, tags: Mapping[str, str], nodes: Sequence[Node | None]) -> None:
        """Take a way, unless no car may use it. A node of None lies outside the extract."""
        name = _road_class(tags, self._speeds)
        if name is None:
            return
        forth, back = _directions(tags, name)
        number = self._speeds.classes.index(name)
        for part in _runs(nodes):
            if name == FERRY:
                self._ferry(tags, part, number, forth, back)
            else:
                self._way(part, number, _own_speed(tags, name, self._speeds), forth, back)

    def _way(self, part: Sequence[Node], road: int, kmh: float, forth: bool, back: bool) -> None:
        before = self._node(part[0])
        for (_, lat, lon), node in pairwise(part):
            here, metres = self._node(node), _metres((lat, lon), node[1:])
            steps = max(1, math.ceil(metres / LONGEST_EDGE_M))
            chain = [before, *self._between((lat, lon), node[1:], steps), here]
            for one, other in pairwise(chain):
                if forth:
                    self._edge(one, other, metres / steps, road, kmh, 0.0)
                if back:
                    self._edge(other, one, metres / steps, road, kmh, 0.0)
            before = here

    def _ferry(self, tags: Mapping[str, str], part: Sequence[Node], road: int, forth: bool, back: bool) -> None:
        """One edge from quay to quay."""
        metres = sum(_metres(one[1:], other[1:]) for one, other in pairwise(part))
        crossing = _seconds(tags.get("duration")) or metres / self._speeds.ferry_kmh * 3.6
        interval = _seconds(tags.get("interval"))
        wait = interval / 2 if interval else self._speeds.ferry_wait_s
        first, last = self._node(part[0]), self._node(part[-1])
        for one, other, open_ in ((first, last, forth), (last, first, back)):
            if open_:
                self._waits[len(self.start)] = wait
                self._edge(one, other, metres, road, 0.0, crossing)

    def _edge(self, start: int, end: int, metres: float, road: int, kmh: float, fixed_s: float) -> None:
        if start == end:
            return
        self.start.append(start)
        self.end.append(end)
        self.length_m.append(metres)
        self.road.append(road)
        self.speed_kmh.append(kmh)
        self.fixed_s.append(fixed_s)

    def _node(self, node: Node) -> int:
        number = self._number.get(node[0])
        if number is None:
            number = self._number[node[0]] = self._place(node[1], node[2])
        return number

    def _place(self, lat: float, lon: float) -> int:
        self.lat.append(lat)
        self.lon.append(lon)
        return len(self.lat) - 1

    def _between(self, one: Sequence[float], other: Sequence[float], steps: int) -> Iterator[int]:
        """New nodes that cut a long edge into so many steps."""
        for step in range(1, steps):
            share = step / steps
            yield self._place(one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share)

    def graph(self, file: Path, source_at: datetime, mtime_s: float, now: datetime) -> RoadGraph:
        """All that was taken. One waits where one comes from a road; not where one ferry's way goes on as another."""
        by_road = {node for edge, node in enumerate(self.start) if edge not in self._waits}
        for edge, wait in self._waits.items():
            if self.start[edge] in by_road:
                self.fixed_s[edge] += wait
        return RoadGraph(
            lat=np.array(self.lat),
            lon=np.array(self.lon),
            start=np.array(self.start, dtype=np.int32),
            end=np.array(self.end, dtype=np.int32),
            length_m=np.array(self.length_m),
            road=np.array(self.road, dtype=np.uint8),
            speed_kmh=np.array(self.speed_kmh),
            fixed_s=np.array(self.fixed_s),
            source=file.name,
            source_path=str(file.resolve()),
            source_at=source_at,
            source_mtime_s=mtime_s,
            built_at=now,
        )


def _road_class(tags: Mapping[str, str], speeds: Speeds) -> str | None:
    """The speed table's class of a way; None where no car may go."""
    ferry = tags.get("route") == "ferry"
    name = FERRY if ferry else tags.get("highway", "")
    if name not in speeds.classes or tags.get("area") == "yes" or tags.get("impassable") == "yes":
        return None
    if tags.get("emergency") in ("yes", "designated"):
        return name
    said = next((tags[key] for key in _NEVER_CARS if key in tags), None)
    if said in _CLOSED or (ferry and said is None):
        return None
    return name


def _directions(tags: Mapping[str, str], name: str) -> tuple[bool, bool]:
    """May it be driven as it is drawn, and against that?"""
    said = tags.get("oneway")
    if tags.get("oneway:emergency") == "no":
        return True, True
    if said in ("-1", "reverse"):
        return False, True
    implied = tags.get("junction") in ("roundabout", "circular") or name in ("motorway", "motorway_link")
    one_way = said in ("yes", "true", "1") or (said is None and implied)
    return True, not one_way


def _own_speed(tags: Mapping[str, str], name: str, speeds: Speeds) -> float:
    """The way's own highest speed in km/h; 0 where the class alone tells."""
    usual = speeds.kmh[speeds.classes.index(name)]
    limit = _MAXSPEED.fullmatch(tags.get("maxspeed", ""))
    own = min(usual, float(limit[1])) if limit and int(limit[1]) > 0 else usual
    if tags.get("surface") in _UNPAVED:
        own *= speeds.unpaved
    return own if own < usual else 0.0


def _seconds(text: str | None) -> float:
    """Of a tag like 01:30 or 45 (minutes); 0 where it says nothing."""
    match = _DURATION.fullmatch(text or "")
    if match is None:
        return 0.0
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return float(hours * 3600 + minutes * 60 + seconds)


def _runs(nodes: Sequence[Node | None]) -> Iterator[list[Node]]:
    """The stretches of a way that lie within the extract."""
    run: list[Node] = []
    for node in nodes:
        if node is not None:
            run.append(node)
            continue
        if len(run) > 1:
            yield run
        run = []
    if len(run) > 1:
        yield run


def _metres(one: Sequence[float], other: Sequence[float]) -> float:
    """As `graph.metres_between`, of two points alone: an extract has millions of them."""
    x = math.radians(other[1] - one[1]) * math.cos(math.radians((one[0] + other[0]) / 2))
    return EARTH_M * math.hypot(x, math.radians(other[0] - one[0]))
