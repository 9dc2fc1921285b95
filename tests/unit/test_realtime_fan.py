"""The fan and the hub's dispatch by themselves: what is written to whom, once and in order."""

import asyncio
import json
import re
from itertools import permutations

from dispatch.db import Database
from dispatch.log import Stored
from dispatch.realtime import fan as fans
from dispatch.realtime.fan import Fan, Peer
from dispatch.realtime.hub import Hub
from dispatch.realtime.wire import CLOSE_TOO_SLOW
from dispatch.wake import Wake
from tests.conftest import ManualClock


class Pipe(asyncio.Transport):
    """A transport that keeps what was written; `unread` is what its far end has not taken in."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[bytes] = []
        self.unread = 0
        self.closing = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.writes.append(bytes(data))

    def get_write_buffer_size(self) -> int:
        return self.unread

    def is_closing(self) -> bool:
        return self.closing


class Socket:
    """An outlet over a pipe."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport = Pipe()
        self.closed_with: int | None = None

    def is_open(self) -> bool:
        return self.closed_with is None and not self.transport.is_closing()

    def hang_up(self, code: int, reason: str) -> None:
        self.closed_with = code

    async def drained(self) -> None:
        return


def pipe(peer: Peer) -> Pipe:
    assert isinstance(peer.transport, Pipe)
    return peer.transport


def peer(*topics: str) -> Peer:
    return Peer(Socket(), topics, "u-1", 0.0)


async def turn() -> None:
    """Let the loop's turn end."""
    await asyncio.sleep(0)
    await asyncio.sleep(0)


async def test_what_is_sent_in_one_turn_of_the_loop_leaves_in_one_write() -> None:
    fan, one = Fan(), peer("ops")
    fan.admit(one)
    fan.send(["ops"], b"a")
    fan.send(["ops"], b"b")
    assert pipe(one).writes == []
    await turn()
    assert pipe(one).writes == [b"ab"]


async def test_who_comes_while_frames_wait_does_not_get_them() -> None:
    fan, early, late = Fan(), peer("ops"), peer("ops")
    fan.admit(early)
    fan.send(["ops"], b"before")
    fan.admit(late)
    fan.send(["ops"], b"after")
    await turn()
    assert b"".join(pipe(early).writes) == b"beforeafter"
    assert b"".join(pipe(late).writes) == b"after"


async def test_a_frame_goes_to_its_topics_alone_and_once_to_who_has_several() -> None:
    fan, ops, audit, both = Fan(), peer("ops"), peer("audit"), peer("ops", "audit")
    for each in (ops, audit, both):
        fan.admit(each)
    fan.send(["ops", "audit"], b"1")
    fan.send(["audit"], b"2")
    fan.send(["unit:x"], b"3")
    fan.send_all(b"4")
    await turn()
    assert [b"".join(pipe(each).writes) for each in (ops, audit, both)] == [b"14", b"124", b"124"]


async def test_a_slow_peer_is_cut_and_the_others_are_written_to() -> None:
    fan, slow, good = Fan(), peer("ops"), peer("ops")
    fan.admit(slow)
    fan.admit(good)
    pipe(slow).unread = fans.PEER_BUFFER_BYTES + 1
    fan.send(["ops"], b"x")
    await turn()
    assert (pipe(good).writes, pipe(slow).writes, fan.cuts, len(fan)) == ([b"x"], [], 1, 1)
    assert isinstance(slow.outlet, Socket)
    assert slow.outlet.closed_with == CLOSE_TOO_SLOW


async def test_nothing_is_written_to_a_connection_that_is_closing() -> None:
    fan, gone = Fan(), peer("ops")
    fan.admit(gone)
    pipe(gone).closing = True
    fan.send(["ops"], b"x")
    await turn()
    assert pipe(gone).writes == []
    assert fan.write(gone, b"y") is False
    assert fan.cuts == 0


async def test_who_left_gets_nothing_and_leaves_nothing_behind() -> None:
    fan, one = Fan(), peer("ops", "unit:x")
    fan.admit(one)
    fan.send(["ops"], b"x")
    fan.leave(one)
    fan.leave(one)
    fan.send(["ops"], b"y")
    await turn()
    assert pipe(one).writes == []
    assert len(fan) == 0


async def test_under_overload_writes_pause_and_recover() -> None:
    fan, one = Fan(), peer("ops")
    fan.admit(one)
    fan.send(["ops"], b"a")
    fan._due -= 1.0  # the loop comes a second late
    await turn()
    fan.send(["ops"], b"b")
    await turn()
    assert pipe(one).writes == [b"a"]
    await asyncio.sleep(fans.TICK_S * 2)
    assert pipe(one).writes == [b"a", b"b"]


def stored(seq: int) -> Stored:
    return Stored(seq, "incident.noted", ("ops",), json.dumps({"n": seq}))


def seqs(written: list[bytes]) -> list[int]:
    return [int(found) for found in re.findall(rb'"t":"event","seq":(\d+)', b"".join(written))]


async def test_commits_reported_in_any_order_and_twice_are_dispatched_once_in_order(
    sqlite_url: str, clock: ManualClock
) -> None:
    for order in permutations(range(1, 5)):
        hub = Hub(Database(sqlite_url, clock=clock), Wake(), clock)
        hub._started = True  # at an empty log's end, with nothing else running
        one = peer("ops")
        hub.fan.admit(one)
        for seq in order:
            hub.committed([stored(seq)])
            hub.committed([stored(seq)])
        hub.committed([stored(seq) for seq in range(1, 6)])
        await turn()
        assert seqs(pipe(one).writes) == [1, 2, 3, 4, 5], order
