"""The road graph: nodes, directed edges and where they come from, kept as one compressed numpy file.

Every way is cut into edges of at most LONGEST_EDGE_M, so that the node nearest to a point is as good as the road
nearest to it.
"""

import os
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dispatch.recommendation.speeds import shipped

LONGEST_EDGE_M = 250.0
"""A point on a road is then within 125 m of a node: ten seconds' drive."""

FORMAT = 1
MOST_NODES = 5_000_000
"""The whole of Kalimantan has about two million road nodes; more is no file of ours."""

EARTH_M = 6_371_008.8
"""Mean radius (IUGG)."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


class BrokenGraph(Exception):
    """A graph file cannot be read; the text says why."""


@dataclass(frozen=True, slots=True, eq=False)
class RoadGraph:
    """`start[i]` → `end[i]` is a directed edge; a two-way road has two."""

    lat: Floats
    lon: Floats
    start: Ints
    end: Ints
    length_m: Floats
    road: NDArray[np.uint8]
    """Index into the speed table's classes."""
    speed_kmh: Floats
    """Highest speed of the edge itself (maxspeed, surface); 0: its class's."""
    fixed_s: Floats
    """Of a ferry: crossing and waiting. 0 on roads."""
    source: str
    """Name of the extract."""
    source_path: str
    source_at: datetime
    """How old the map is: the extract's own date, else its file's."""
    source_mtime_s: float
    built_at: datetime

    @property
    def nodes(self) -> int:
        return len(self.lat)


def metres_between(lat: Floats, lon: Floats, other_lat: Any, other_lon: Any) -> Floats:
    """Equirectangular distances; wrong by less than 0.5% within a province."""
    x = np.radians(lon - other_lon) * np.cos(np.radians((lat + other_lat) / 2))
    metres: Floats = EARTH_M * np.hypot(x, np.radians(lat - other_lat))
    return metres


def save(graph: RoadGraph, file: Path) -> None:
    """Write the graph; a reader sees the old file or the new one, never half of one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".draft.npz")
    names = np.array([graph.source, graph.source_path, ",".join(shipped().classes)])
    times = np.array([graph.source_at.timestamp(), graph.source_mtime_s, graph.built_at.timestamp(), FORMAT])
    np.savez_compressed(
        draft,
        lat=graph.lat,
        lon=graph.lon,
        start=graph.start,
        end=graph.end,
        length_m=graph.length_m,
        road=graph.road,
        speed_kmh=graph.speed_kmh,
        fixed_s=graph.fixed_s,
        names=names,
        times=times,
    )
    os.replace(draft, file)


def load(file: Path) -> RoadGraph:
    """Raises BrokenGraph, and FileNotFoundError."""
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as content:
            graph, form, classes = _read(content)
    except FileNotFoundError:
        raise
    except (OSError, ValueError, KeyError, IndexError, zipfile.BadZipFile, EOFError) as error:
        raise BrokenGraph(f"{file.name} is no road graph: {error}") from error
    _check(graph, file.name, form, classes)
    return graph


def _read(content: Any) -> tuple[RoadGraph, int, str]:
    source, path, classes = (str(name) for name in content["names"])
    source_at, mtime, built_at, form = (float(value) for value in content["times"])
    graph = RoadGraph(
        lat=content["lat"],
        lon=content["lon"],
        start=content["start"],
        end=content["end"],
        length_m=content["length_m"],
        road=content["road"],
        speed_kmh=content["speed_kmh"],
        fixed_s=content["fixed_s"],
        source=source,
        source_path=path,
        source_at=datetime.fromtimestamp(source_at, UTC),
        source_mtime_s=mtime,
        built_at=datetime.fromtimestamp(built_at, UTC),
    )
    return graph, int(form), classes


def _check(graph: RoadGraph, name: str, form: int, classes: str) -> None:
    edges = {len(part) for part in (graph.start, graph.end, graph.length_m, graph.road, graph.speed_kmh, graph.fixed_s)}
    if form != FORMAT or classes != ",".join(shipped().classes):
        raise BrokenGraph(f"{name} was built by another version: build it again.")
    if not 0 < graph.nodes <= MOST_NODES or len(graph.lon) != graph.nodes or len(edges) != 1 or edges == {0}:
        raise BrokenGraph(f"{name} is no road graph: its parts do not fit together.")
    ends = np.concatenate([graph.start, graph.end])
    if ends.min() < 0 or ends.max() >= graph.nodes or graph.road.max() >= len(shipped().classes):
        raise BrokenGraph(f"{name} is no road graph: an edge leads nowhere.")
