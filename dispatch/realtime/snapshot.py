"""All that a set of topics holds at one moment, with the log's number of that moment."""

import asyncio
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch import log
from dispatch.assignments import service as assignments
from dispatch.calls import service as calls
from dispatch.clock import Clock
from dispatch.db import Database
from dispatch.events import OPS, unit_topic
from dispatch.incidents import alarms
from dispatch.incidents import queries as incidents
from dispatch.realtime.wire import SnapshotMessage, encode
from dispatch.units import service as units
from dispatch.views import Snapshot, UnitPosition

_UNIT = unit_topic("")

SHARED_FOR_S = 1.0
"""How long a finished snapshot serves others: whoever comes gets the events since then anyway, so it is never wrong."""


async def take(session: AsyncSession, topics: frozenset[str], clock: Clock) -> Snapshot:
    """Read a snapshot; `session` is from `Database.reading`, so that tables and log agree."""
    seq = await log.head(session)
    if OPS in topics:
        return Snapshot(
            seq=seq,
            at=clock(),
            calls=await calls.snapshot(session),
            incidents=await incidents.snapshot(session),
            assignments=await assignments.snapshot(session),
            units=await units.snapshot(session),
            agents=await calls.agents(session),
            alarms=await alarms.snapshot(session),
        )
    crews = {topic.removeprefix(_UNIT) for topic in topics if topic.startswith(_UNIT)}
    return await _of_crews(session, crews, seq, clock) if crews else Snapshot(seq=seq, at=clock())


async def _of_crews(session: AsyncSession, unit_ids: set[str], seq: int, clock: Clock) -> Snapshot:
    """The units, their assignments on incidents that have not ended, and those incidents."""
    theirs = tuple(one for one in await assignments.snapshot(session) if one.unit_id in unit_ids)
    incident_ids = {one.incident_id for one in theirs}
    return Snapshot(
        seq=seq,
        at=clock(),
        incidents=tuple(one for one in await incidents.snapshot(session) if one.id in incident_ids),
        assignments=theirs,
        units=tuple(one.unit for one in await units.stationed(session, unit_ids)),
    )


async def positions(session: AsyncSession) -> tuple[UnitPosition, ...]:
    """The newest known position of every unit that ever sent one."""
    return tuple(one.position for one in await units.snapshot(session) if one.position is not None)


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
