"""Sockets that do not read: they are cut, nobody else waits for them, and the process does not swell."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from websockets.exceptions import ConnectionClosed

from dispatch.db import Database
from dispatch.realtime import fan, hub
from dispatch.words import Role
from tests.conftest import ManualClock
from tests.realtime_world import Line, Office

ROOM = 50
STALLED = 3
EVENTS = 80
BIG = "x" * 100_000
"""EVENTS of these are more than a kernel's socket buffers take: what a stalled reader leaves would be ours to hold."""


@pytest.fixture
async def office(sqlite_url: str, clock: ManualClock) -> AsyncIterator[Office]:
    db = Database(sqlite_url, clock=clock)  # what happens here does not depend on the database
    async with Office(db).open() as served:
        yield served
    await db.close()


async def _stall(office: Office, token: str, room: AsyncExitStack) -> Line:
    """A subscribed socket that reads no further than its snapshot."""
    line = await room.enter_async_context(office.subscribed(token, max_queue=1))
    await line.until("snapshot")
    line.socket.transport.pause_reading()
    return line


async def test_three_stalled_readers_among_fifty_are_cut_and_the_others_get_everything_in_time(office: Office) -> None:
    token = await office.token("rina", Role.CALL_TAKER)
    loop = asyncio.get_running_loop()
    sent: list[float] = []
    waits: list[float] = []

    async def read(line: Line) -> None:
        for number in range(EVENTS):
            await line.until("event")
            waits.append(loop.time() - sent[number])
        assert line.events == list(range(line.events[0], line.events[0] + EVENTS))

    async with AsyncExitStack() as room:
        for _ in range(STALLED):
            await _stall(office, token, room)
        healthy = [await room.enter_async_context(office.subscribed(token)) for _ in range(ROOM - STALLED)]
        for line in healthy:
            await line.until("snapshot")
            await line.until("beat")
        everybody = list(office.hub.fan.peers())
        most_held = 0
        async with asyncio.timeout(60), asyncio.TaskGroup() as group:
            for line in healthy:
                group.create_task(read(line))
            for _ in range(EVENTS):
                sent.append(loop.time())
                await office.note(BIG)
                most_held = max(most_held, *(peer.transport.get_write_buffer_size() for peer in everybody))
        assert office.hub.fan.cuts == STALLED
        assert len(office.hub.fan) == ROOM - STALLED
    waits.sort()
    assert waits[len(waits) // 2] < 0.5
    assert waits[-1] < 5.0
    assert most_held < fan.PEER_BUFFER_BYTES + 5 * len(BIG)  # the bound, and what one turn of the loop may add


async def test_a_reader_that_was_cut_comes_back_by_sequence_and_misses_nothing(office: Office) -> None:
    token = await office.token("rina", Role.CALL_TAKER)
    async with AsyncExitStack() as room:
        line = await _stall(office, token, room)
        while office.hub.fan.cuts == 0:
            await office.note(BIG)
        head = office.hub.last
        line.socket.transport.resume_reading()
        with pytest.raises(ConnectionClosed):
            while True:
                await line.next(beats=True)
    assert line.seen < head
    async with office.subscribed(token, since=line.seen) as again:
        await again.read_to(head)
    assert line.events + again.events == list(range(head - len(line.events + again.events) + 1, head + 1))


async def test_a_reader_that_stalls_during_its_replay_is_given_up(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "JOIN_DEADLINE_S", 0.5)
    token = await office.token("rina", Role.CALL_TAKER)
    for _ in range(EVENTS):
        await office.note(BIG)
    async with office.line(token, max_queue=1) as line:
        await line.say({"t": "subscribe", "topics": ["ops"], "since": 1})
        await line.next()
        line.socket.transport.pause_reading()
        async with asyncio.timeout(10):
            while office.hub.fan.cuts == 0:  # noqa: ASYNC110  # the cut is what is waited for, from outside
                await asyncio.sleep(0.05)
        assert len(office.hub.fan) == 0


async def test_a_cut_connection_is_gone_with_its_memory_although_nobody_reads(office: Office) -> None:
    token = await office.token("rina", Role.CALL_TAKER)
    async with AsyncExitStack() as room:
        line = await _stall(office, token, room)
        while office.hub.fan.cuts == 0:
            await office.note(BIG)
        await asyncio.sleep(2.5)  # the grace of its close frame
        line.socket.transport.resume_reading()
        with pytest.raises(ConnectionClosed):
            while True:
                await line.next(beats=True)


def test_bound_of_a_socket_holds_a_whole_batch_of_usual_events() -> None:
    usual = len(json.dumps({"x": "y" * 1500}))
    assert usual * hub.READ_BATCH < fan.PEER_BUFFER_BYTES
