"""Travel times by road: directions, ferries, closures, islands, points that lie off any road."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.recommendation import build, graph
from dispatch.recommendation.extract import BrokenExtract, read_extract
from dispatch.recommendation.graph import BrokenGraph, RoadGraph
from dispatch.recommendation.roads import Closure, Network, Reach
from dispatch.recommendation.routing import Roads, Routing
from dispatch.recommendation.speeds import Slot, shipped
from dispatch.recommendation.travel import Origin
from dispatch.views import Point

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
"""Eleven in the morning: no part of the day applies."""

NOON = Slot(0)
STEP = 0.01
"""Of the small maps' grid: 1,112 m."""


def osm(ways: str, nodes: dict[int, tuple[float, float]], head: str = "") -> str:
    placed = "".join(
        f'<node id="{key}" version="1" lat="{-1.3 + row * STEP}" lon="{116.6 + column * STEP}"/>'
        for key, (row, column) in nodes.items()
    )
    return f'<osm version="0.6">{head}{placed}{ways}</osm>'


def way(number: int, *nodes: int, **tags: str) -> str:
    told = "".join(f'<tag k="{key.replace("__", ":")}" v="{value}"/>' for key, value in tags.items())
    return f'<way id="{number}" version="1">{"".join(f"<nd ref={node!r}/>" for node in map(str, nodes))}{told}</way>'


def read(tmp_path: Path, text: str) -> RoadGraph:
    file = tmp_path / "map.osm"
    file.write_text(text)
    return read_extract(file, NOW)


def at(row: float, column: float) -> Point:
    return Point(lat=-1.3 + row * STEP, lon=116.6 + column * STEP)


LINE = {1: (0.0, 0.0), 2: (0.0, 1.0), 3: (0.0, 2.0)}
KM = 1.112


def minutes(network: Network, start: Point, to: Point) -> float:
    times = network.times(to, [start])
    assert times is not None
    return float(times.seconds[0]) / 60


def test_a_way_takes_its_length_at_the_speed_of_its_class(tmp_path: Path) -> None:
    network = Network(read(tmp_path, osm(way(1, 1, 2, 3, highway="primary"), LINE)), NOON)
    assert minutes(network, at(0, 0), at(0, 2)) == pytest.approx(2 * KM / 60 * 60, rel=0.01)
    times = network.times(at(0, 2), [at(0, 0)])
    assert times is not None
    assert times.metres[0] == pytest.approx(2 * KM * 1000, rel=0.01)


def test_a_way_s_own_limit_and_a_bad_surface_slow_it_and_never_speed_it_up(tmp_path: Path) -> None:
    def of(**tags: str) -> float:
        network = Network(read(tmp_path, osm(way(1, 1, 2, 3, highway="primary", **tags), LINE)), NOON)
        return minutes(network, at(0, 0), at(0, 2))

    plain = of()
    assert of(maxspeed="30") == pytest.approx(plain * 2, rel=0.01)
    assert of(maxspeed="90") == pytest.approx(plain, rel=0.01)
    assert of(maxspeed="walk") == pytest.approx(plain, rel=0.01)
    assert of(surface="gravel") == pytest.approx(plain / 0.6, rel=0.01)


def test_the_time_of_day_changes_the_speed() -> None:
    speeds = shipped()
    rush, noon = (speeds.slot(datetime(2026, 11, 24, hour, 0, tzinfo=UTC)) for hour in (23, 3))
    primary = speeds.classes.index("primary")
    assert speeds.factors(rush)[primary] == pytest.approx(0.85)
    assert speeds.factors(noon)[primary] == 1.0
    night = speeds.slot(datetime(2026, 11, 24, 18, 0, tzinfo=UTC))
    assert speeds.factors(night)[primary] > 1.0


@pytest.mark.parametrize(("tags", "forth", "back"), [
    ({"oneway": "yes"}, True, False),
    ({"oneway": "-1"}, False, True),
    ({"oneway": "yes", "oneway__emergency": "no"}, True, True),
    ({"junction": "roundabout"}, True, False),
    ({"junction": "roundabout", "oneway": "no"}, True, True),
    ({"highway": "motorway"}, True, False),
    ({}, True, True),
])  # fmt: skip
def test_one_way_streets_are_driven_one_way(tags: dict[str, str], forth: bool, back: bool, tmp_path: Path) -> None:
    middle = {"highway": "primary", **tags}
    ends = osm(
        way(1, 1, 2, highway="primary") + way(2, 2, 3, **middle) + way(3, 3, 4, highway="primary"),
        {**LINE, 4: (0.0, 3.0)},
    )
    network = Network(read(tmp_path, ends), NOON)
    assert np.isfinite(minutes(network, at(0, 0), at(0, 3))) == forth
    assert np.isfinite(minutes(network, at(0, 3), at(0, 0))) == back


@pytest.mark.parametrize(("tags", "open_"), [
    ({"highway": "footway"}, False),
    ({"highway": "construction"}, False),
    ({"highway": "primary", "access": "no"}, False),
    ({"highway": "primary", "access": "private"}, False),
    ({"highway": "primary", "access": "no", "motor_vehicle": "yes"}, True),
    ({"highway": "primary", "access": "no", "emergency": "yes"}, True),
    ({"highway": "service"}, True),
    ({"route": "ferry"}, False),
])  # fmt: skip
def test_where_no_car_may_go_no_unit_is_sent(tags: dict[str, str], open_: bool, tmp_path: Path) -> None:
    text = osm(way(1, 1, 2, 3, **tags), LINE)
    if open_:
        assert len(read(tmp_path, text).start) > 0
    else:
        with pytest.raises(BrokenExtract, match="no road"):
            read(tmp_path, text)


ISLAND = {1: (0.0, 0.0), 2: (0.0, 1.0), 3: (0.0, 4.0), 4: (0.0, 5.0)}
TWO_SHORES = way(1, 1, 2, highway="primary") + way(2, 3, 4, highway="primary")


def test_a_ferry_takes_its_crossing_and_half_its_interval(tmp_path: Path) -> None:
    ferry = way(3, 2, 3, route="ferry", motor_vehicle="yes", duration="00:20", interval="00:30")
    network = Network(read(tmp_path, osm(TWO_SHORES + ferry, ISLAND)), NOON)
    assert minutes(network, at(0, 1), at(0, 4)) == pytest.approx(35, rel=0.01)
    assert minutes(network, at(0, 4), at(0, 1)) == pytest.approx(35, rel=0.01)


def test_who_changes_no_ferry_waits_once(tmp_path: Path) -> None:
    nodes = {**ISLAND, 9: (0.0, 2.5)}
    tags = {"route": "ferry", "motor_vehicle": "yes", "duration": "00:10", "interval": "00:30"}
    ferries = way(3, 2, 9, **tags) + way(4, 9, 3, **tags)
    network = Network(read(tmp_path, osm(TWO_SHORES + ferries, nodes)), NOON)
    assert minutes(network, at(0, 1), at(0, 4)) == pytest.approx(35, rel=0.01)


def test_an_island_without_a_ferry_has_no_road_time_and_it_is_said(tmp_path: Path) -> None:
    roads = read(tmp_path, osm(TWO_SHORES, ISLAND))
    times = Network(roads, NOON).times(at(0, 5), [at(0, 0), at(0, 4)])
    assert times is not None
    assert times.reach == (Reach.CUT_OFF, Reach.BY_ROAD)
    found = Routing(Roads.holding(roads)).estimate(
        at(0, 5), [Origin("a", "ambulance", at(0, 0)), Origin("b", "boat", at(0, 0))], NOW
    )
    assert "a" not in found.ways
    assert "island" in found.no_way["a"].en
    assert found.ways["b"].how == "geodesic"
    assert any("50%" in note.en for note in found.notes)


def test_a_point_off_any_road_gets_none(tmp_path: Path) -> None:
    roads = read(tmp_path, osm(way(1, 1, 2, 3, highway="primary"), LINE))
    network = Network(roads, NOON)
    assert network.times(at(3, 0), [at(0, 0)]) is None
    times = network.times(at(0, 2), [at(3, 0), at(0, 0)])
    assert times is not None
    assert times.reach == (Reach.OFF_ROAD, Reach.BY_ROAD)
    routing = Routing(Roads.holding(roads))
    at_sea = routing.estimate(at(3, 0), [Origin("a", "ambulance", at(0, 0))], NOW)
    assert (at_sea.source, at_sea.ways["a"].how) == ("geodesic", "geodesic")
    assert any("1.5 km" in note.en for note in at_sea.notes)
    mixed = routing.estimate(at(0, 2), [Origin("a", "truck", at(3, 0)), Origin("b", "truck", at(0, 0))], NOW)
    assert {key: one.how for key, one in mixed.ways.items()} == {"a": "geodesic", "b": "road"}


def test_a_scrap_of_road_that_reaches_nothing_is_no_place_to_start_from(tmp_path: Path) -> None:
    nodes = {**LINE, 7: (0.5, 1.0), 8: (0.5, 1.3)}
    text = osm(way(1, 1, 2, 3, highway="primary") + way(2, 7, 8, highway="service"), nodes)
    times = Network(read(tmp_path, text), NOON).times(at(0, 0), [at(0.5, 1.1)])
    assert times is not None
    assert times.reach == (Reach.BY_ROAD,)


SQUARE = {1: (0.0, 0.0), 2: (0.0, 2.0), 3: (2.0, 2.0), 4: (2.0, 0.0)}
ROUND = way(1, 1, 2, highway="primary") + way(2, 2, 3, highway="primary") + way(3, 3, 4, 1, highway="primary")


def test_a_closed_road_is_gone_round_and_used_again_once_it_is_open(tmp_path: Path) -> None:
    roads = read(tmp_path, osm(ROUND, SQUARE))
    closed = [Closure(((at(0, 1).lat, at(0, 1).lon),), 100)]
    straight, round_ = Network(roads, NOON), Network(roads, NOON, closed)
    assert minutes(straight, at(0, 0), at(0, 2)) == pytest.approx(2 * KM, rel=0.02)
    assert minutes(round_, at(0, 0), at(0, 2)) == pytest.approx(6 * KM, rel=0.02)
    assert round_.closed > 0


def test_a_closure_along_a_line_closes_what_the_line_crosses(tmp_path: Path) -> None:
    roads = read(tmp_path, osm(ROUND, SQUARE))
    line = tuple((point.lat, point.lon) for point in (at(-0.5, 1), at(2.5, 1)))
    times = Network(roads, NOON, [Closure(line, 50)]).times(at(0, 2), [at(0, 0)])
    assert times is not None
    assert times.reach == (Reach.CUT_OFF,)


def test_a_flooded_incident_is_reached_at_the_nearest_open_road(tmp_path: Path) -> None:
    roads = read(tmp_path, osm(way(1, 1, 2, 3, highway="primary"), LINE))
    closed = [Closure(((at(0, 2).lat, at(0, 2).lon),), 300)]
    times = Network(roads, NOON, closed).times(at(0, 2), [at(0, 0)])
    assert times is not None
    assert times.reach == (Reach.BY_ROAD,)
    assert times.seconds[0] / 60 > 2 * KM


def test_closures_are_said_and_so_is_one_that_touches_no_road(tmp_path: Path) -> None:
    roads = read(tmp_path, osm(ROUND, SQUARE))
    routing = Routing(Roads.holding(roads))
    origins = [Origin("a", "ambulance", at(0, 0))]
    on = routing.estimate(at(0, 2), origins, NOW, [Closure(((at(0, 1).lat, at(0, 1).lon),), 100)])
    off = routing.estimate(at(0, 2), origins, NOW, [Closure(((at(1, 1).lat, at(1, 1).lon),), 100)])
    assert any("reckoned with" in note.en for note in on.notes)
    assert any("none touches" in note.en for note in off.notes)
    assert on.ways["a"].seconds > off.ways["a"].seconds


def test_a_slower_kind_of_unit_takes_longer_on_the_same_road(tmp_path: Path) -> None:
    routing = Routing(Roads.holding(read(tmp_path, osm(ROUND, SQUARE))))
    ways = routing.estimate(
        at(0, 2), [Origin("a", "ambulance", at(0, 0)), Origin("t", "water_tender", at(0, 0))], NOW
    ).ways
    assert ways["t"].seconds == pytest.approx(ways["a"].seconds * 1.35, abs=1)


def test_a_graph_survives_its_file_and_the_centre_takes_a_newer_one(tmp_path: Path) -> None:
    source = tmp_path / "map.osm"
    source.write_text(osm(ROUND, SQUARE))
    told = build.build(source, tmp_path, NOW)
    assert "0 ferry crossings" in told
    roads = Roads(tmp_path / "roads.npz")
    assert roads.network(NOW, ()) is not None
    assert roads.fault is None
    before = roads.graph
    assert roads.network(NOW, ()) is roads.network(NOW + timedelta(minutes=5), ())
    source.write_text(osm(way(1, 1, 2, 3, highway="primary"), LINE))
    build.build(source, tmp_path, NOW)
    roads.network(NOW, ())
    assert roads.graph is not before


def test_a_graph_older_than_its_extract_is_said(tmp_path: Path) -> None:
    source = tmp_path / "map.osm"
    source.write_text(osm(ROUND, SQUARE))
    build.build(source, tmp_path, NOW)
    routing = Routing(Roads(tmp_path / "roads.npz"))
    origins = [Origin("a", "ambulance", at(0, 0))]
    assert routing.estimate(at(0, 2), origins, NOW).notes == ()
    newer = source.stat().st_mtime + 100
    os.utime(source, (newer, newer))
    assert "siaga routing build" in routing.estimate(at(0, 2), origins, NOW).notes[0].en
    later = NOW + timedelta(days=5000)
    assert any("old" in note.en for note in routing.estimate(at(0, 2), origins, later).notes)


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\x03\x04 broken"])
def test_a_broken_graph_is_said_and_the_straight_line_takes_over(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "roads.npz"
    file.write_bytes(content)
    with pytest.raises(BrokenGraph):
        graph.load(file)
    found = Routing(Roads(file)).estimate(at(0, 2), [Origin("a", "ambulance", at(0, 0))], NOW)
    assert found.source == "geodesic"
    assert "cannot be read" in found.notes[0].en


def test_a_graph_whose_edges_lead_nowhere_is_refused(tmp_path: Path) -> None:
    roads = read(tmp_path, osm(ROUND, SQUARE))
    object.__setattr__(roads, "end", roads.end + roads.nodes)
    graph.save(roads, tmp_path / "roads.npz")
    with pytest.raises(BrokenGraph, match="leads nowhere"):
        graph.load(tmp_path / "roads.npz")


def test_without_a_graph_it_is_said(tmp_path: Path) -> None:
    found = Routing(Roads(tmp_path / "roads.npz")).estimate(at(0, 2), [Origin("a", "ambulance", at(0, 0))], NOW)
    assert found.notes[0].en.startswith("No road data")


@pytest.mark.parametrize("content", ["", "<osm", "not xml", "<osm version='0.6'></osm>"])
def test_a_faulty_extract_is_refused_with_its_name(content: str, tmp_path: Path) -> None:
    with pytest.raises(BrokenExtract, match=r"map\.osm"):
        read(tmp_path, content)


def test_a_way_with_nodes_outside_the_extract_keeps_what_lies_inside(tmp_path: Path) -> None:
    roads = read(tmp_path, osm(way(1, 1, 2, 77, 3, highway="primary"), LINE))
    assert roads.length_m.sum() == pytest.approx(2 * KM * 1000, rel=0.01)


POINTS = st.tuples(st.floats(-0.5, 2.5), st.floats(-0.5, 2.5))


@settings(max_examples=25, deadline=None)
@given(st.lists(POINTS, min_size=1, max_size=5), POINTS, st.lists(POINTS, max_size=2))
def test_a_closure_never_makes_a_way_shorter(
    starts: list[tuple[float, float]], to: tuple[float, float], closed: list[tuple[float, float]]
) -> None:
    lat = np.array([-1.3 + row * STEP for row in range(3) for _ in range(3)])
    lon = np.array([116.6 + column * STEP for _ in range(3) for column in range(3)])
    pairs = [(3 * r + c, 3 * r + c + 1) for r in range(3) for c in range(2)]
    pairs += [(3 * r + c, 3 * r + c + 3) for r in range(2) for c in range(3)]
    pairs += [(two, one) for one, two in pairs]
    edges = np.array(pairs, dtype=np.int32)
    roads = RoadGraph(
        lat=lat,
        lon=lon,
        start=edges[:, 0].copy(),
        end=edges[:, 1].copy(),
        length_m=np.full(len(edges), KM * 1000),
        road=np.full(len(edges), shipped().classes.index("primary"), dtype=np.uint8),
        speed_kmh=np.zeros(len(edges)),
        fixed_s=np.zeros(len(edges)),
        source="x",
        source_path="",
        source_at=NOW,
        source_mtime_s=0.0,
        built_at=NOW,
    )
    asked = [at(*start) for start in starts]
    closures = [Closure(((at(*one).lat, at(*one).lon),), 80) for one in closed]
    free, blocked = Network(roads, NOON), Network(roads, NOON, closures)
    before, after = free.times(at(*to), asked), blocked.times(at(*to), asked)
    if before is None or after is None or free.snap([at(*to)])[0] != blocked.snap([at(*to)])[0]:
        return  # from another node the way is another one
    same = free.snap(asked)[0] == blocked.snap(asked)[0]
    assert (after.seconds[same] >= before.seconds[same] - 1e-6).all()
