"""Two workers, one PostgreSQL, one Redis: what one commits, the sockets of the other get, with Redis or without."""

import asyncio
import os
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from dispatch.db import Database
from dispatch.events import OPS
from dispatch.realtime.bus import RedisBus
from dispatch.realtime.wire import POSITIONS
from dispatch.views import Point, UnitPosition
from dispatch.wake import Wake
from dispatch.words import Role
from tests.conftest import IN_CI, ManualClock
from tests.realtime_world import Line, Office, Wire

REDIS_URL = os.environ.get("SIAGA_TEST_REDIS", "redis://127.0.0.1:6379")

pytestmark = [pytest.mark.postgres, pytest.mark.redis]


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    try:
        async with Redis.from_url(REDIS_URL) as redis:
            await redis.ping()
            where = redis.connection_pool.connection_kwargs
    except (RedisError, OSError) as error:
        message = f"no Redis at {REDIS_URL}: {error}"
        pytest.fail(message) if IN_CI else pytest.skip(message)
    line = Wire(where.get("host", "127.0.0.1"), where.get("port", 6379))
    await line.mend()
    yield line
    await line.cut()


@pytest.fixture
async def workers(postgres_url: str, clock: ManualClock, wire: Wire) -> AsyncIterator[tuple[Office, Office]]:
    channel = f"siaga:test:{uuid.uuid4().hex}"
    async with AsyncExitStack() as stack:
        offices = []
        for _ in range(2):
            db = Database(postgres_url, clock=clock)
            stack.push_async_callback(db.close)
            wake = Wake()
            bus = RedisBus(f"redis://127.0.0.1:{wire.port}", wake, channel=channel)
            offices.append(await stack.enter_async_context(Office(db, bus, wake).open()))
        yield offices[0], offices[1]


async def bus_is(line: Line, ok: bool) -> str:
    """Wait until the screen says so; the words it shows."""
    while True:
        for part in (await line.until("health"))["parts"]:
            if part["part"] == "bus" and part["ok"] is ok:
                return str(part["detail"])


async def test_an_event_committed_by_one_worker_reaches_a_socket_of_the_other(workers: tuple[Office, Office]) -> None:
    a, b = workers
    token = await a.token("rina", Role.CALL_TAKER)
    async with b.subscribed(token) as line:
        await bus_is(line, True)
        loop = asyncio.get_running_loop()
        waits = []
        for number in range(20):
            begun = loop.time()
            await a.note(f"from a {number}")
            assert (await line.until("event"))["event"]["data"]["text"] == f"from a {number}"
            waits.append(loop.time() - begun)
    assert sorted(waits)[10] < 0.2, "it came by polling, not by the bus"


async def test_both_workers_write_and_every_socket_sees_one_order(workers: tuple[Office, Office]) -> None:
    token = await workers[0].token("rina", Role.CALL_TAKER)

    async def write(office: Office, name: str) -> None:
        for number in range(40):
            await office.note(f"{name}{number}")

    async with workers[0].subscribed(token) as one, workers[1].subscribed(token) as two:
        start = (await one.until("snapshot"))["seq"]
        await two.until("snapshot")
        async with asyncio.TaskGroup() as group:
            for office, name in zip(workers, "ab", strict=True):
                group.create_task(write(office, name))
        await one.read_to(start + 80)
        await two.read_to(start + 80)
    assert one.events == two.events == list(range(start + 1, start + 81))
    assert one.texts == two.texts


async def test_without_redis_events_still_come_and_the_screens_say_it(
    workers: tuple[Office, Office], wire: Wire
) -> None:
    a, b = workers
    token = await a.token("rina", Role.CALL_TAKER)
    async with b.subscribed(token) as line:
        await bus_is(line, True)
        await wire.cut()
        async with asyncio.timeout(2):
            assert "Redis" in await bus_is(line, False)
        for number in range(3):
            await a.note(f"unheard {number}")
            async with asyncio.timeout(2):
                assert (await line.until("event"))["event"]["data"]["text"] == f"unheard {number}"
        await wire.mend()
        await bus_is(line, True)
        await a.note("heard again")
        await line.until("event")
    assert line.texts == ["unheard 0", "unheard 1", "unheard 2", "heard again"]


async def test_positions_and_the_health_of_a_pbx_reach_the_other_worker(workers: tuple[Office, Office]) -> None:
    a, b = workers
    token = await a.token("rina", Role.CALL_TAKER)
    async with b.subscribed(token, OPS, POSITIONS) as line:
        await bus_is(line, True)
        await line.until("beat")
        a.hub.positions([UnitPosition(unit_id="u-1", point=Point(lat=-1.3, lon=116.5), at=a.db.clock())])
        assert (await line.until("positions"))["items"][0]["unit_id"] == "u-1"
        a.hub.health.report("pbx:main", False, "login refused")
        while True:
            parts = {part["part"]: part for part in (await line.until("health"))["parts"]}
            if "pbx:main" in parts:
                break
    assert parts["pbx:main"]["detail"] == "login refused"
