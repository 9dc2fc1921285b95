"""How fast units are ranked and their ways found, beside a loop of geopy over all of them in the same run.

    python -m bench.recommendation [FILE.osm]

FILE: an extract to measure besides the generated graphs.
"""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
from geopy.distance import geodesic

from bench.figures import milliseconds, percentile
from dispatch.recommendation.columns import Columns, Standing
from dispatch.recommendation.extract import read_extract
from dispatch.recommendation.graph import RoadGraph, metres_between
from dispatch.recommendation.rank import Grounds, origins, recommend
from dispatch.recommendation.roads import Network
from dispatch.recommendation.speeds import Slot, shipped
from dispatch.recommendation.travel import estimate, narrowed
from dispatch.views import Need, Point, UnitPosition, UnitView
from dispatch.words import Capability, Priority, UnitState

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
UNITS = 10_000
RUNS = 100
RANK_MS, TIMES, LARGE_MS, SMALL_MS = 10.0, 300.0, 150.0, 5.0
"""What was asked of the ranking's p99, the narrowing's ratio, and the p99 on the large and the small graph."""

rng = np.random.default_rng(112)
FIRST = Point(lat=-1.3, lon=116.6)


def main() -> int:
    standings = fleet(UNITS)
    missed = [ranking(standings), narrowing(standings)]
    missed.append(roads("200,000 nodes, generated", grid(447), LARGE_MS))
    missed.append(roads("3,600 nodes, generated", grid(60), SMALL_MS))
    for name in sys.argv[1:]:
        missed.append(roads(name, read_extract(Path(name), NOW), SMALL_MS))
    return sum(missed)


def fleet(count: int) -> list[Standing]:
    """Units of all kinds all over a province; two of three are free."""
    kinds = [(Capability.FIRE_SUPPRESSION, Capability.RESCUE), (Capability.AMBULANCE,), (Capability.POLICE,)]
    states = [UnitState.AVAILABLE, UnitState.AVAILABLE, UnitState.COMMITTED]
    return [standing(number, kinds[number % 3], states[number // 3 % 3]) for number in range(count)]


def standing(number: int, capabilities: tuple[Capability, ...], state: UnitState) -> Standing:
    point = Point(lat=float(rng.uniform(-2.5, 1.5)), lon=float(rng.uniform(115, 118)))
    unit = UnitView(
        id=f"{number:05}",
        callsign=f"Unit {number:05}",
        kind="ambulance",
        agency="damkar",
        station_id="s",
        station="Pos",
        capabilities=capabilities,
        crew=("A", "B"),
        state=state,
        assignment_id=None,
        incident_id=None,
        on_duty_since=NOW,
        out_of_service_reason=None,
        position=UnitPosition(unit_id=f"{number:05}", point=point, at=NOW),
        version=1,
    )
    return Standing(unit, point, holder_number="2026-000001" if state is UnitState.COMMITTED else None)


Times = tuple[list[float], list[float]]
"""Seconds by the wall's clock, and of the processor: on a shared machine they differ by what others do."""


def timed(work: Callable[[], object], runs: int = RUNS) -> Times:
    for _ in range(3):
        work()
    wall, own = [], []
    for _ in range(runs):
        start, begun = perf_counter(), process_time()
        work()
        wall.append(perf_counter() - start)
        own.append(process_time() - begun)
    return wall, own


def told(name: str, times: Times, most_ms: float) -> bool:
    """Print two lines; true when the processor took longer than was asked."""
    wall, own = times
    missed = percentile(own, 0.99) * 1e3 > most_ms
    print(f"{name:34} {milliseconds(own)} of processor, asked p99 <= {most_ms:g} ms{'  MISSED' if missed else ''}")
    print(f"{'':34} {milliseconds(wall)} by the clock", flush=True)
    return missed


def ranking(standings: list[Standing]) -> bool:
    travel = estimate(FIRST, origins(standings, NOW))
    plan = [
        Need(capability=Capability.FIRE_SUPPRESSION, count=3),
        Need(capability=Capability.AMBULANCE, count=2),
        Need(capability=Capability.POLICE, count=1),
    ]
    grounds = Grounds(priority=Priority.P1)
    columns = Columns.of(standings, travel, {})
    print(f"{f'columns of {UNITS} units':34} {milliseconds(timed(lambda: Columns.of(standings, travel, {}))[0])}")
    ranked = timed(lambda: recommend(plan, standings, travel, NOW, grounds, columns))
    return told(f"ranking {UNITS} units", ranked, RANK_MS)


def narrowing(standings: list[Standing]) -> bool:
    """The sixteen nearest of all: numpy narrows, then the ellipsoid; against the ellipsoid for each."""
    lat = np.array([one.station.lat for one in standings])
    lon = np.array([one.station.lon for one in standings])
    to = (FIRST.lat, FIRST.lon)

    def exact(number: int) -> float:
        return float(geodesic((lat[number], lon[number]), to).meters)

    def ours() -> list[int]:
        metres = metres_between(lat, lon, *to)
        return sorted(narrowed(metres, 16), key=exact)[:16]

    start = process_time()
    loop = sorted(range(len(standings)), key=exact)[:16]
    peer_s = process_time() - start
    wall, seconds = timed(ours)
    ratio, same = peer_s / percentile(seconds, 0.5), ours() == loop
    missed = ratio < TIMES or not same
    order = "the same order" if same else "ANOTHER ORDER"
    print(f"{'narrowing to 16':34} {milliseconds(wall)} by the clock")
    print(
        f"{'':34} a loop of geopy {peer_s * 1e3:.0f} ms: {ratio:.0f} times faster, {order}, asked >= {TIMES:g}"
        f"{'  MISSED' if missed else ''}",
        flush=True,
    )
    return missed


def grid(side: int) -> RoadGraph:
    """A town of side × side crossings, 120 m apart, with streets of several classes."""
    index = np.arange(side * side, dtype=np.int32).reshape(side, side)
    start = np.concatenate([index[:, :-1].ravel(), index[:-1].ravel()])
    end = np.concatenate([index[:, 1:].ravel(), index[1:].ravel()])
    both = np.concatenate([start, end]), np.concatenate([end, start])
    classes = [shipped().classes.index(name) for name in ("primary", "secondary", "residential")]
    road = rng.choice(classes, len(start)).astype(np.uint8)
    rows, columns = np.divmod(np.arange(side * side), side)
    return RoadGraph(
        lat=-1.3 + rows * 0.00108,
        lon=116.6 + columns * 0.00108,
        start=both[0],
        end=both[1],
        length_m=np.full(2 * len(start), 120.0),
        road=np.concatenate([road, road]),
        speed_kmh=np.zeros(2 * len(start)),
        fixed_s=np.zeros(2 * len(start)),
        source="generated",
        source_path="",
        source_at=NOW,
        source_mtime_s=0.0,
        built_at=NOW,
    )


def roads(name: str, graph: RoadGraph, most_ms: float) -> bool:
    """The times of a thousand units to one incident after another."""
    start = perf_counter()
    network = Network(graph, Slot(0))
    ready_s = perf_counter() - start
    drawn = rng.integers(0, graph.nodes, 1000)
    starts = [Point(lat=float(graph.lat[node]), lon=float(graph.lon[node])) for node in drawn]

    def times() -> object:
        node = int(rng.integers(0, graph.nodes))
        return network.times(Point(lat=float(graph.lat[node]), lon=float(graph.lon[node])), starts)

    missed = told(f"{Path(name).name}, 1000 units", timed(times), most_ms)
    print(f"{'':34} ready {ready_s * 1e3:.0f} ms after a closure is set", flush=True)
    return missed


if __name__ == "__main__":
    sys.exit(main())
