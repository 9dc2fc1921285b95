"""A routing server by address: what is asked, what is believed, and what happens when it is slow, down or lying."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from dispatch.recommendation.roads import Closure
from dispatch.recommendation.routing import Routing
from dispatch.recommendation.server import FAILURES_TO_OPEN, LARGEST_ANSWER, Kind, RouteServer
from dispatch.recommendation.travel import Origin
from dispatch.views import Point

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
TO = Point(lat=-1.30, lon=116.70)
NEAR, FAR = Point(lat=-1.31, lon=116.70), Point(lat=-1.40, lon=116.60)
ORIGINS = [Origin("near", "ambulance", NEAR), Origin("far", "fire_engine", FAR), Origin("boat", "boat", NEAR)]

Answer = Callable[[str, bytes], tuple[int, bytes]]


class Fake:
    """Speaks HTTP/1.1 over real TCP; keeps what it was asked."""

    def __init__(self, answer: Answer, delay_s: float = 0.0) -> None:
        self.answer = answer
        self.delay_s = delay_s
        self.asked: list[tuple[str, bytes]] = []
        self.url = ""

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            lengths = [
                int(line.split(":")[1]) for line in head.splitlines() if line.lower().startswith("content-length")
            ]
            body = await reader.readexactly(lengths[0]) if lengths else b""
            self.asked.append((head.split()[1], body))
            await asyncio.sleep(self.delay_s)
            status, content = self.answer(head.split()[1], body)
            writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(content)}\r\nConnection: close\r\n\r\n".encode())
            writer.write(content)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def serving(answer: Answer, delay_s: float = 0.0) -> AsyncIterator[Fake]:
    fake = Fake(answer, delay_s)
    server = await asyncio.start_server(fake, "127.0.0.1", 0)
    fake.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield fake


@asynccontextmanager
async def routing_to(url: str, kind: Kind = "valhalla", timeout_s: float = 5.0) -> AsyncIterator[Routing]:
    routing = Routing(server=RouteServer(url, kind, timeout_s))
    yield routing
    await routing.close()


def valhalla(*cells: dict[str, Any]) -> Answer:
    """As Valhalla's matrix with `verbose`: one row a source."""
    rows = [[{"from_index": row, "to_index": 0, **cell}] for row, cell in enumerate(cells)]
    return lambda _path, _body: (200, orjson.dumps({"sources_to_targets": rows, "units": "kilometers"}))


def leg(seconds: float | None, km: float | None, **snapped: float) -> dict[str, Any]:
    return {"time": seconds, "distance": km, **snapped}


async def test_valhalla_is_asked_for_all_road_units_at_once_and_its_times_are_used() -> None:
    async with serving(valhalla(leg(100, 1.5), leg(1000, 20.0))) as fake, routing_to(fake.url) as routing:
        await routing.fetch(TO, ORIGINS)
        found = routing.estimate(TO, ORIGINS, NOW)
    path, body = fake.asked[0]
    assert path == "/sources_to_targets"
    asked = orjson.loads(body)
    assert asked["sources"] == [{"lat": NEAR.lat, "lon": NEAR.lon}, {"lat": FAR.lat, "lon": FAR.lon}]
    assert asked["targets"] == [{"lat": TO.lat, "lon": TO.lon}]
    assert found.source == "server"
    assert (found.ways["near"].seconds, found.ways["near"].distance_m, found.ways["near"].how) == (100, 1500, "server")
    assert found.ways["far"].seconds == 1200
    assert found.ways["boat"].how == "geodesic"


async def test_osrm_speaks_its_own_table() -> None:
    def answer(_path: str, _body: bytes) -> tuple[int, bytes]:
        said = {
            "code": "Ok",
            "durations": [[120.5], [None]],
            "distances": [[1800.0], [None]],
            "sources": [{"location": [NEAR.lon, NEAR.lat]}, {"location": [FAR.lon, FAR.lat]}],
            "destinations": [{"location": [TO.lon, TO.lat]}],
        }
        return 200, orjson.dumps(said)

    async with serving(answer) as fake, routing_to(fake.url, "osrm") as routing:
        await routing.fetch(TO, ORIGINS)
        found = routing.estimate(TO, ORIGINS, NOW)
    assert fake.asked[0][0].startswith(
        "/table/v1/driving/116.700000,-1.310000;116.600000,-1.400000;116.700000,-1.300000?"
    )
    assert "sources=0;1&destinations=2&annotations=duration,distance" in fake.asked[0][0]
    assert (found.ways["near"].seconds, found.ways["near"].how) == (120, "server")
    assert found.ways["far"].how == "geodesic"


async def test_a_point_that_the_server_moved_to_a_far_road_has_no_way_there() -> None:
    moved = leg(50, 0.5, begin_lat=NEAR.lat + 0.05, begin_lon=NEAR.lon, end_lat=TO.lat, end_lon=TO.lon)
    true = leg(900, 20, begin_lat=FAR.lat, begin_lon=FAR.lon, end_lat=TO.lat, end_lon=TO.lon)
    async with serving(valhalla(moved, true)) as fake, routing_to(fake.url) as routing:
        await routing.fetch(TO, ORIGINS)
        found = routing.estimate(TO, ORIGINS, NOW)
    assert (found.ways["near"].how, found.ways["far"].how) == ("geodesic", "server")


async def test_a_unit_without_a_route_spoils_no_other() -> None:
    async with serving(valhalla(leg(None, None), leg(900, 20))) as fake, routing_to(fake.url) as routing:
        await routing.fetch(TO, ORIGINS)
        found = routing.estimate(TO, ORIGINS, NOW)
    assert (found.ways["near"].how, found.ways["far"].how) == ("geodesic", "server")


async def test_what_was_asked_is_not_asked_again_at_once() -> None:
    async with serving(valhalla(leg(100, 1.5), leg(1000, 20.0))) as fake, routing_to(fake.url) as routing:
        await routing.fetch(TO, ORIGINS)
        await routing.fetch(TO, ORIGINS)
    assert len(fake.asked) == 1


@pytest.mark.parametrize("answer", [
    (500, b"{}"),
    (200, b"no json"),
    (200, b"[]"),
    (200, b"{}"),
    (200, b'{"sources_to_targets": [[]]}'),
    (200, b'{"sources_to_targets": [[{"time": 1, "distance": 1}]]}'),
    (200, b'{"sources_to_targets": [[{"time": -5, "distance": 1}], [{"time": 1, "distance": 1}]]}'),
    (200, b'{"sources_to_targets": [[{"time": "x", "distance": 1}], [{"time": 1, "distance": 1}]]}'),
    (200, b'"' + b"x" * LARGEST_ANSWER + b'"'),
])  # fmt: skip
async def test_a_useless_answer_is_not_believed_and_the_screen_says_so(answer: tuple[int, bytes]) -> None:
    async with serving(lambda _path, _body: answer) as fake, routing_to(fake.url) as routing:
        await routing.fetch(TO, ORIGINS)
        found = routing.estimate(TO, ORIGINS, NOW)
    assert found.source == "geodesic"
    assert any("does not answer" in note.en for note in found.notes)


async def test_a_slow_server_costs_its_time_out_and_after_some_failures_nothing() -> None:
    async with serving(valhalla(), delay_s=5) as fake, routing_to(fake.url, timeout_s=0.1) as routing:
        loop = asyncio.get_running_loop()
        for _ in range(FAILURES_TO_OPEN):
            await routing.fetch(TO, ORIGINS)
        assert len(fake.asked) == FAILURES_TO_OPEN
        before = loop.time()
        await routing.fetch(TO, ORIGINS)
        assert loop.time() - before < 0.05
        assert len(fake.asked) == FAILURES_TO_OPEN
        assert any("does not answer" in note.en for note in routing.estimate(TO, ORIGINS, NOW).notes)


async def test_a_server_that_is_not_there_is_said() -> None:
    async with routing_to("http://127.0.0.1:9", timeout_s=1) as routing:
        await routing.fetch(TO, ORIGINS)
        assert any("does not answer" in note.en for note in routing.estimate(TO, ORIGINS, NOW).notes)


async def test_without_a_road_graph_closures_are_said_to_be_unused() -> None:
    async with serving(valhalla(leg(100, 1.5), leg(1000, 20.0))) as fake, routing_to(fake.url) as routing:
        await routing.fetch(TO, ORIGINS)
        found = routing.estimate(TO, ORIGINS, NOW, [Closure(((TO.lat, TO.lon),), 100)])
    assert found.source == "server"
    assert any("closures are not reckoned with" in note.en for note in found.notes)
