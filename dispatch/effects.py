"""Side effects that come after the commit: each follows the log with a durable cursor of its own.

An effect is done at least once: its cursor moves after the handler has returned, so a crash in between repeats it.
Among many workers the one that holds the effect's lease does it. One that fails is tried again later and keeps no
other effect waiting.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import String, or_
from sqlalchemy.orm import Mapped, mapped_column

from dispatch import log
from dispatch.base import Base
from dispatch.db import Database, Transaction
from dispatch.errors import SiagaError
from dispatch.ids import new_id
from dispatch.log import Stored
from dispatch.upsert import insert_for
from dispatch.wake import Wake
from dispatch.watch import Watch

_log = structlog.get_logger(__name__)

HANDLE_S = 12.0
"""Deadline of one handling: a network call with its own time-out of 5 s, tried twice."""

LEASE = timedelta(seconds=10)
"""How long a dead worker's effects rest before another takes them over; kept up while a handler works."""

RENEW_S = 3.0
"""Between two renewals of the lease: two may fail before it is lost."""

TRIES = 6
"""Of one event; then it is logged and passed over, since what lies behind it matters more."""

FIRST_PAUSE_S = 0.5
"""After the first failure; doubles at each further one, so that six tries take 15 s."""

LOOK_AGAIN_S = 0.05
"""Shortest pause between two looks at a log that grows hundreds of times a second."""

BATCH = 50
"""Events between two moves of the cursor, each a commit that calls would wait for; a crash repeats so many at most."""

IDLE_S = 5.0
"""Longest sleep: a lost wake-up costs this much latency, and a dead worker's effects rest so much longer."""


class EffectLeaseRow(Base):
    """Which worker does an effect now."""

    __tablename__ = "effect_leases"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    holder: Mapped[str] = mapped_column(String(36))
    until: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Effect:
    """What is to be done after events of these types; `handle` may be called again for the same event."""

    name: str
    types: tuple[str, ...]
    handle: Callable[[Stored], Awaitable[None]]
    at_once: int = 1
    """Events handled side by side; more than one only where their order does not matter."""
    gather_s: float = LOOK_AGAIN_S
    """Pause before a look, so that events of a busy moment cost the database one turn; for what may wait a little."""


class EffectRunner:
    """Does all effects until cancelled. One runs in each worker."""

    def __init__(self, db: Database, wake: Wake, effects: Sequence[Effect]) -> None:
        self._db = db
        self._watched = [(effect, Watch(db, wake, effect.types)) for effect in effects]
        self._holder = new_id(db.clock())

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for effect, watch in self._watched:
                group.create_task(self._follow(effect, watch), name=f"effect {effect.name}")

    async def _follow(self, effect: Effect, watch: Watch) -> None:
        while True:
            upto = watch.upto
            try:
                busy = await self.step(effect)
            except SiagaError as error:
                _log.warning("effect_waits", effect=effect.name, reason=error.detail)
                busy = False
            if not busy:
                await watch.wait(upto, IDLE_S)
            await asyncio.sleep(effect.gather_s)

    async def step(self, effect: Effect) -> bool:
        """Handle what has come since the cursor, at most BATCH events. False when there was nothing to do here.

        Raises Unavailable when the database does not answer.
        """
        stored = await self._look(effect)
        if stored is None:
            stored = await self._claim(effect)
        if not stored:
            return False
        async with asyncio.TaskGroup() as group:
            done = asyncio.Event()
            group.create_task(self._keep_lease(effect, done))
            await self._handle_all(effect, stored)
            done.set()
        async with self._db.transaction() as tx:
            await log.advance_cursor(tx.session, effect.name, stored[-1].seq)
        return True

    async def _look(self, effect: Effect) -> list[Stored] | None:
        """What there is to do, without a lock or a write; None: the lease must be taken or renewed for it."""
        async with self._db.reading() as session:
            after = await log.cursor(session, effect.name)
            if after is None:
                return None
            stored = await log.read(session, after, BATCH, types=effect.types)
            lease = await session.get(EffectLeaseRow, effect.name)
        now = self._db.clock()
        if not stored or (lease is not None and lease.holder != self._holder and lease.until > now):
            return []
        held = lease is not None and lease.holder == self._holder and lease.until - now > LEASE / 2
        return stored if held else None

    async def _claim(self, effect: Effect) -> list[Stored]:
        """Take the lease and read on from the cursor; nothing when another worker was quicker.

        An effect that never ran starts at the log's end: the past is not done again.
        """
        async with self._db.transaction() as tx:
            after = await log.cursor(tx.session, effect.name, lock=True)
            if after is None:
                await log.advance_cursor(tx.session, effect.name, await log.head(tx.session))
                return []
            if not await self._take_lease(tx, effect):
                return []
            return await log.read(tx.session, after, BATCH, types=effect.types)

    async def _take_lease(self, tx: Transaction, effect: Effect) -> bool:
        lease = insert_for(tx.session, EffectLeaseRow).values(
            name=effect.name, holder=self._holder, until=tx.now + LEASE
        )
        taken = lease.on_conflict_do_update(
            index_elements=["name"],
            set_={"holder": lease.excluded.holder, "until": lease.excluded.until},
            where=or_(EffectLeaseRow.until <= tx.now, EffectLeaseRow.holder == self._holder),
        ).returning(EffectLeaseRow.name)
        return (await tx.session.execute(taken)).scalar_one_or_none() is not None

    async def _keep_lease(self, effect: Effect, done: asyncio.Event) -> None:
        while not await _within(done, RENEW_S):
            try:
                async with self._db.transaction() as tx:
                    await self._take_lease(tx, effect)
            except SiagaError as error:
                _log.warning("effect_lease_not_renewed", effect=effect.name, reason=error.detail)

    async def _handle_all(self, effect: Effect, stored: Sequence[Stored]) -> None:
        for begin in range(0, len(stored), effect.at_once):
            async with asyncio.TaskGroup() as group:
                for event in stored[begin : begin + effect.at_once]:
                    group.create_task(self._handle(effect, event))

    async def _handle(self, effect: Effect, event: Stored) -> None:
        pause = FIRST_PAUSE_S
        for attempt in range(1, TRIES + 1):
            try:
                async with asyncio.timeout(HANDLE_S):
                    return await effect.handle(event)
            except Exception as error:  # noqa: BLE001  # whatever an effect raises must stay inside it
                _log.warning("effect_failed", effect=effect.name, seq=event.seq, attempt=attempt, exc_info=error)
            if attempt < TRIES:
                await asyncio.sleep(pause)
                pause *= 2
        _log.error("effect_given_up", effect=effect.name, seq=event.seq)


async def _within(done: asyncio.Event, timeout_s: float) -> bool:
    try:
        async with asyncio.timeout(timeout_s):
            return await done.wait()
    except TimeoutError:
        return False
