"""Follows the log and hands each event, once and in order, to every socket that may see it.

Commits of this process come by the fast path, those of other workers by rows read from the log; either way an event
is dispatched when it is the one after the last, so nothing is missed and nothing doubled.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence

import structlog
from pydantic import BaseModel, ValidationError

from dispatch import log
from dispatch.clock import Clock
from dispatch.db import Database
from dispatch.errors import Unavailable
from dispatch.events import Recorded, UserSignedOut
from dispatch.log import Stored
from dispatch.realtime import snapshot, wire
from dispatch.realtime.bus import Bus, LocalBus
from dispatch.realtime.fan import Fan, Peer
from dispatch.realtime.health import Health
from dispatch.realtime.ring import RING_EVENTS, Kept, NewestPositions, Ring
from dispatch.views import UnitPosition
from dispatch.wake import Wake

_log = structlog.get_logger(__name__)

_SIGNED_OUT = "user.signed_out"

READ_BATCH = 256
"""Rows read from the log at once: some 400 kB, less than half of what a socket may have unread."""

PROBE_EVERY_S = 0.5
"""Pause between two looks at the database; with the deadline a fault shows within 1.5 s of the promised two."""

PROBE_DEADLINE_S = 1.0
"""Longest wait for the database's answer before every screen says that it is away."""

GRACE_S = 0.005
"""Neighbouring commits of this process may report in either order; reading the log for that would be a waste."""

EARLY_MAX = 1024
"""Events held that came before an earlier one did; what is beyond is read from the log."""

POSITIONS_TICK_S = 0.5
"""Positions go out at most this often, the newest of each unit: smoother than crews move, half of the promised 1 s."""

SILENT_S = 30.0
"""A client beats every 10 s; after three missing beats its socket is cut."""

JOIN_DEADLINE_S = 60.0
"""A client that cannot take in what it missed within this time is too slow for the live stream."""

JOIN_RETRY_S = 1.0
"""Pause before a snapshot is tried again while the database is away."""

READS_AT_ONCE = 2
"""Snapshots and replays read at the same time; all screens may come back at once and must not take the whole pool."""


class Hub:
    def __init__(self, db: Database, wake: Wake, clock: Clock, bus: Bus | None = None) -> None:
        """`bus` None: one worker, nobody else to tell."""
        self._db = db
        self._wake = wake
        self._clock = clock
        self._bus = bus or LocalBus(wake)
        self.health = Health(clock)
        self.fan = Fan()
        self._ring = Ring()
        self._started = False
        self._dispatched = Wake()
        self._early: dict[int, Stored] = {}
        self._joining: set[Peer] = set()
        self._positions = NewestPositions()
        self._moved = asyncio.Event()
        self._reads = asyncio.Semaphore(READS_AT_ONCE)
        self._snapshots = snapshot.Shared()
        self.health.on_change(self._tell_health)
        self.health.on_report(self._share_health)
        self._bus.connect(self._take_positions, self._hear_health, self._report_bus)

    @property
    def last(self) -> int:
        """The seq of the last event dispatched."""
        return self._ring.last

    def committed(self, events: Sequence[Stored]) -> None:
        """The fast path after a commit in this process; register it with `Database.on_commit`."""
        if self._started:
            self._dispatch(events)
        self._wake.advance(events[-1].seq)
        self._bus.committed(events[-1].seq)

    def positions(self, items: Sequence[UnitPosition]) -> None:
        """Show these positions on every map; the newest of each unit wins. Never blocks."""
        self._take_positions(items)
        self._bus.positions(items)

    async def attach(self, peer: Peer, since: int | None, welcome: Callable[[bool], BaseModel]) -> None:
        """Bring `peer` up to date and let it live on; returns once it is live, or gone.

        `welcome` builds the first message; its argument says whether the client resumes.
        """
        try:
            async with asyncio.timeout(None) as deadline:
                resumed = await self._way(since) is not wire.Resume.SNAPSHOT
                self.fan.write(peer, wire.encode(welcome(resumed)) + self._health_frame())
                self._joining.add(peer)
                seen = since if resumed and since is not None else await self._send_snapshot(peer)
                deadline.reschedule(asyncio.get_running_loop().time() + JOIN_DEADLINE_S)
                await self._catch_up(peer, seen)
        except TimeoutError:
            self.fan.cut(peer, "too slow to catch up")
        finally:
            self._joining.discard(peer)

    def detach(self, peer: Peer) -> None:
        """Forget `peer`; its connection is over or about to be."""
        self._joining.discard(peer)
        self.fan.leave(peer)

    async def _way(self, since: int | None) -> wire.Resume:
        """Decide from memory when that suffices, else ask the log; while it is away a snapshot is always right."""
        first, last = self._ring.first, self._ring.last
        way = wire.resume(since, ring_first=first, ring_last=last, head=None)
        if since is None or (self._started and way is not wire.Resume.SNAPSHOT):
            return way
        try:
            async with self._db.reading() as session:
                head = await log.head(session)
        except Unavailable:
            return wire.Resume.SNAPSHOT
        return wire.resume(since, ring_first=head + 1, ring_last=head, head=head)

    async def _send_snapshot(self, peer: Peer) -> int:
        while True:
            try:
                async with self._reads:
                    taken = await self._snapshots.get(self._db, peer.topics, self._clock)
            except Unavailable:
                await asyncio.sleep(JOIN_RETRY_S)
                continue
            self.fan.write(peer, taken.frame)
            return taken.seq

    async def _catch_up(self, peer: Peer, seen: int) -> None:
        """Send what came after `seen` in portions that the socket takes in, and go live after the last."""
        while True:
            await peer.outlet.drained()
            if not peer.outlet.is_open():
                return
            if not self._started or self._ring.last < seen:
                await self._dispatched.wait(seen - 1, JOIN_RETRY_S)
                continue
            if not self._ring.covers(seen):
                seen = await self._replay_from_log(peer, seen)
                continue
            portion = self._portion(seen)
            if portion and not self.fan.write(peer, _visible(portion, peer.topics)):
                return
            seen = portion[-1].seq if portion else seen
            if seen == self._ring.last:
                self._go_live(peer)
                return

    def _portion(self, seen: int) -> list[Kept]:
        return [kept for kept, _ in zip(self._ring.after(seen), range(READ_BATCH), strict=False)]

    def _go_live(self, peer: Peer) -> None:
        self.fan.admit(peer)
        self._joining.discard(peer)
        if wire.POSITIONS in peer.topics and (items := self._positions.all()):
            self.fan.write(peer, self._positions_frame(items))
        self.fan.write(peer, self._beat_frame())

    async def _replay_from_log(self, peer: Peer, seen: int) -> int:
        try:
            async with self._reads, self._db.reading() as session:
                events = await log.read(session, seen, READ_BATCH)
        except Unavailable:
            events = []
        if not events:
            await asyncio.sleep(JOIN_RETRY_S)
            return seen
        self.fan.write(peer, _visible([_kept(event) for event in events], peer.topics))
        return events[-1].seq

    async def run(self) -> None:
        """Follow the log, beat, watch the database and the sockets, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._bus.run())
            group.create_task(self._follow())
            group.create_task(self._probe())
            group.create_task(self._beat())
            group.create_task(self._send_positions())

    async def _follow(self) -> None:
        while not self._started:
            try:
                await self._start()
            except Unavailable:
                await asyncio.sleep(JOIN_RETRY_S)
        while True:
            if not await self._wake.wait(self.last, JOIN_DEADLINE_S):
                continue
            if self._early:
                await asyncio.sleep(GRACE_S)
            try:
                grown = self._wake.upto <= self.last or await self._read_on()
            except Unavailable:
                grown = False
            # what was dispatched leaves before more is read; a wake-up for what is not there must not spin
            await asyncio.sleep(0 if grown else PROBE_EVERY_S)

    async def _start(self) -> None:
        """Begin at the log's end, with the last events in the ring for those who come back after our restart."""
        async with self._db.reading() as session:
            head = await log.head(session)
            recent = await log.read(session, max(0, head - RING_EVENTS), RING_EVENTS)
            self._positions.seed(await snapshot.positions(session))
        self._ring = Ring(recent[0].seq - 1 if recent else head)
        self._started = True
        self._dispatch(recent)
        self._dispatched.advance(head)

    async def _read_on(self) -> bool:
        """Read the next rows; False when the log held no more than was dispatched meanwhile."""
        async with self._db.reading() as session:
            events = await log.read(session, self.last, READ_BATCH)
        before = self.last
        self._dispatch(events)
        return self.last > before

    def _dispatch(self, events: Iterable[Stored]) -> None:
        """Send on all events that follow the last without gap; hold those that came early."""
        for event in events:
            if event.seq == self.last + 1:
                self._send(event)
                while (held := self._early.pop(self.last + 1, None)) is not None:
                    self._send(held)
            elif event.seq > self.last and len(self._early) < EARLY_MAX:
                self._early[event.seq] = event
        self._dispatched.advance(self.last)

    def _send(self, event: Stored) -> None:
        kept = _kept(event)
        self._ring.push(kept)
        self.fan.send(kept.topics, kept.frame)
        if event.type == _SIGNED_OUT:
            self._recheck(event)

    def _recheck(self, event: Stored) -> None:
        """Somebody signed out, here or at another worker: have that person's sockets look at their session now."""
        try:
            data = Recorded.model_validate_json(event.payload).data
        except ValidationError as error:
            _log.error("event_unreadable", seq=event.seq, errors=error.error_count())
            return
        for peer in self._everybody():
            if isinstance(data, UserSignedOut) and peer.user_id == data.user_id:
                peer.recheck.set()

    async def _probe(self) -> None:
        """Ask the database for the log's end: shows that it lives, and what no wake-up told us."""
        while True:
            try:
                async with asyncio.timeout(PROBE_DEADLINE_S), self._db.reading() as session:
                    head = await log.head(session)
            except (Unavailable, TimeoutError):
                self.health.report("database", False, "the database does not answer")
            else:
                self.health.report("database", True)
                self._wake.advance(head)
            await asyncio.sleep(PROBE_EVERY_S)

    async def _beat(self) -> None:
        while True:
            self.health.sweep()
            self.fan.send_all(self._beat_frame())
            silent_since = asyncio.get_running_loop().time() - SILENT_S
            for peer in self._everybody():
                if peer.heard_at < silent_since:
                    self.fan.cut(peer, "silent")
            await asyncio.sleep(wire.BEAT_S)

    async def _send_positions(self) -> None:
        while True:
            await self._moved.wait()
            self._moved.clear()
            if items := self._positions.drain():
                self.fan.send((wire.POSITIONS,), self._positions_frame(items))
            await asyncio.sleep(POSITIONS_TICK_S)

    def _take_positions(self, items: Sequence[UnitPosition]) -> None:
        self._positions.take(items)
        self._moved.set()

    def _hear_health(self, part: wire.HealthPart) -> None:
        self.health.hear(part.part, part.ok, part.detail)

    def _share_health(self, part: wire.HealthPart) -> None:
        if part.part.startswith("pbx:"):  # its adapter speaks to one worker; the rest each worker sees by itself
            self._bus.health(part)

    def _report_bus(self, ok: bool, detail: str) -> None:
        self.health.report("bus", ok, detail)

    def _tell_health(self) -> None:
        frame = self._health_frame()
        self.fan.send_all(frame)
        for peer in self._joining:
            if peer.outlet.is_open():
                peer.transport.write(frame)  # small and rare, so it may top up a buffer that a snapshot has filled

    def _everybody(self) -> list[Peer]:
        return [*self.fan.peers(), *self._joining]

    def _health_frame(self) -> bytes:
        return wire.encode(wire.HealthMessage(at=self._clock(), parts=self.health.parts()))

    def _beat_frame(self) -> bytes:
        return wire.encode(wire.ServerBeat(seq=self.last, at=self._clock()))

    def _positions_frame(self, items: Sequence[UnitPosition]) -> bytes:
        return wire.encode(wire.PositionsMessage(at=self._clock(), items=tuple(items)))


def _kept(event: Stored) -> Kept:
    return Kept(event.seq, event.topics, wire.encode_event(event.seq, event.payload))


def _visible(events: Iterable[Kept], topics: frozenset[str]) -> bytes:
    return b"".join(event.frame for event in events if not topics.isdisjoint(event.topics))
