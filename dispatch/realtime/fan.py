"""One finished frame to every socket that may see it: groups of sockets with the same topics share what is written.

Frames wait for the end of the loop's turn and leave in one write a socket. A socket that does not read fills its own
buffer up to a bound, is cut, and comes back by sequence: it can slow nobody else.
"""

import asyncio
from collections.abc import Iterable, Iterator
from typing import Protocol

import structlog

from dispatch.realtime.wire import CLOSE_TOO_SLOW

_log = structlog.get_logger(__name__)

PEER_BUFFER_BYTES = 1 << 20
"""Unread bytes at which a socket is cut: some 700 events, minutes of a busy centre; a hundred such cost 100 MB."""

OVERLOAD_LAG_S = 0.010
"""A loop that comes to our turn later than this has more to do than it can: now it pays to write less often."""

TICK_S = 0.005
"""Pause between writes under overload; without overload there is none, since it would only add latency."""


class Outlet(Protocol):
    """A WebSocket connection that lends its transport for finished frames."""

    transport: asyncio.Transport

    def is_open(self) -> bool:
        """True while frames may be written."""

    def hang_up(self, code: int, reason: str) -> None:
        """Send a close frame as well as the socket allows; the connection ends soon after, read or not."""

    async def drained(self) -> None:
        """Return when the transport has room again, or the connection is gone."""


class Peer:
    """A socket that has subscribed."""

    __slots__ = ("heard_at", "outlet", "recheck", "topics", "transport", "user_id")

    def __init__(self, outlet: Outlet, topics: Iterable[str], user_id: str | None, heard_at: float) -> None:
        """`heard_at` is the loop's time of the last message from the client."""
        self.outlet = outlet
        self.transport = outlet.transport
        self.topics = frozenset(topics)
        self.user_id = user_id
        self.heard_at = heard_at
        self.recheck = asyncio.Event()
        """Set when the peer's session may have ended."""


class _Group:
    __slots__ = ("peers", "pending", "topics")

    def __init__(self, topics: frozenset[str]) -> None:
        self.topics = topics
        self.peers: dict[Peer, None] = {}
        self.pending: list[bytes] = []


class Fan:
    """Who is there, and the frames that wait for the end of the loop's turn."""

    def __init__(self) -> None:
        self._groups: dict[frozenset[str], _Group] = {}
        self._by_topic: dict[str, list[_Group]] = {}
        self._dirty: list[_Group] = []
        self._handle: asyncio.Handle | None = None
        self._due = 0.0
        self._overloaded = False
        self.cuts = 0
        """Sockets cut since the start because they did not read."""

    def __len__(self) -> int:
        return sum(len(group.peers) for group in self._groups.values())

    def peers(self) -> Iterator[Peer]:
        """Everybody who is live."""
        for group in self._groups.values():
            yield from group.peers

    def admit(self, peer: Peer) -> None:
        """From now on `peer` gets what its topics get, starting with the next frame."""
        self.flush()
        group = self._groups.get(peer.topics)
        if group is None:
            group = self._groups[peer.topics] = _Group(peer.topics)
            for topic in group.topics:
                self._by_topic.setdefault(topic, []).append(group)
        group.peers[peer] = None

    def leave(self, peer: Peer) -> None:
        """Forget `peer`; one that is not there is no fault."""
        group = self._groups.get(peer.topics)
        if group is None:
            return
        group.peers.pop(peer, None)
        if group.peers:
            return
        del self._groups[group.topics]
        group.pending.clear()
        for topic in group.topics:
            groups = self._by_topic[topic]
            groups.remove(group)
            if not groups:
                del self._by_topic[topic]

    def send(self, topics: Iterable[str], frame: bytes) -> None:
        """Queue `frame` for every peer with one of `topics`, once."""
        for topic in topics:
            for group in self._by_topic.get(topic, ()):
                if not group.pending or group.pending[-1] is not frame:
                    self._append(group, frame)

    def send_all(self, frame: bytes) -> None:
        """Queue `frame` for every peer."""
        for group in self._groups.values():
            self._append(group, frame)

    def write(self, peer: Peer, data: bytes) -> bool:
        """Write to one peer now. Returns False when it is gone or was cut."""
        if not peer.outlet.is_open():
            return False
        if peer.transport.get_write_buffer_size() > PEER_BUFFER_BYTES:
            self.cut(peer, "too slow")
            return False
        peer.transport.write(data)
        return True

    def flush(self) -> None:
        """Write all that waits."""
        if self._handle is None:
            return
        self._overloaded = asyncio.get_running_loop().time() - self._due > OVERLOAD_LAG_S
        self._handle.cancel()
        self._handle = None
        dirty, self._dirty = self._dirty, []
        for group in dirty:
            data = b"".join(group.pending)
            group.pending.clear()
            slow = _write_all(group.peers, data)
            for peer in slow:
                self.cut(peer, "too slow")

    def cut(self, peer: Peer, reason: str) -> None:
        """End a connection that cannot be served; the client resumes by sequence."""
        self.leave(peer)
        if not peer.outlet.is_open():
            return
        self.cuts += 1
        _log.warning("socket_cut", user_id=peer.user_id, reason=reason)
        peer.outlet.hang_up(CLOSE_TOO_SLOW, reason)

    def _append(self, group: _Group, frame: bytes) -> None:
        if not group.pending:
            self._dirty.append(group)
        group.pending.append(frame)
        if self._handle is None:
            self._schedule()

    def _schedule(self) -> None:
        loop = asyncio.get_running_loop()
        pause = TICK_S if self._overloaded else 0.0
        self._due = loop.time() + pause
        self._handle = loop.call_later(pause, self.flush) if pause else loop.call_soon(self.flush)


def _write_all(peers: Iterable[Peer], data: bytes) -> list[Peer]:
    """The hot loop: one write a socket. Returns the peers that are over their bound."""
    slow = []
    for peer in peers:
        transport = peer.transport
        if transport.get_write_buffer_size() > PEER_BUFFER_BYTES:
            slow.append(peer)
        elif not transport.is_closing():
            transport.write(data)
    return slow
