"""Durable timers: due rows that survive a restart; a due timer fires once among many workers.

A timer fires inside the transaction that deletes its row, so its effect and its end are one: a crash in between
leaves both undone, and the timer fires after the restart. Rows are claimed with SKIP LOCKED.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Index, String, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.base import Base
from dispatch.db import Database, Transaction
from dispatch.errors import SiagaError
from dispatch.ids import new_id
from dispatch.upsert import insert_for

_log = structlog.get_logger(__name__)

LONGEST_SLEEP_S = 1.0
"""Upper bound of a nap: a timer set meanwhile, by whatever worker, fires at most this much late."""

SHORTEST_SLEEP_S = 0.05
"""While another worker holds the timer that is due there is nothing to do but to look again."""

RETRY_AFTER_S = 5.0
"""A timer whose handler failed is tried again after this, so that a fault delays and never loses it."""


class TimerRow(Base):
    __tablename__ = "timers"
    __table_args__ = (Index("ix_timers_due", "due_at"), Index("uq_timers_kind_key", "kind", "key", unique=True))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(64))
    """What it is about, usually an entity's id; one timer a kind and key."""
    due_at: Mapped[datetime]
    payload: Mapped[dict[str, Any]]
    attempts: Mapped[int] = mapped_column(default=0)


Handler = Callable[[Transaction, TimerRow], Awaitable[None]]


async def schedule(
    tx: Transaction, kind: str, key: str, due_at: datetime, payload: dict[str, Any] | None = None
) -> None:
    """Set the timer `kind`/`key`, replacing an earlier one."""
    await cancel(tx, kind, key)
    tx.session.add(TimerRow(id=new_id(tx.now), kind=kind, key=key, due_at=due_at, payload=payload or {}))
    await tx.session.flush()


async def cancel(tx: Transaction, kind: str, key: str) -> None:
    """Remove the timer if it is still set."""
    await tx.session.execute(delete(TimerRow).where(TimerRow.kind == kind, TimerRow.key == key))


async def hurry(tx: Transaction, kind: str, key: str) -> None:
    """Let the timer `kind`/`key` fire now, with the payload that it has; set it where there is none."""
    row = {"id": new_id(tx.now), "kind": kind, "key": key, "due_at": tx.now, "payload": {}, "attempts": 0}
    insert = insert_for(tx.session, TimerRow).values(**row)
    await tx.session.execute(
        insert.on_conflict_do_update(index_elements=["kind", "key"], set_={"due_at": insert.excluded.due_at})
    )


class TimerRunner:
    """Fires due timers until cancelled. One runs in each worker."""

    def __init__(self, db: Database, handlers: dict[str, Handler]) -> None:
        self._db = db
        self._handlers = handlers

    async def run(self) -> None:
        while True:
            try:
                pause = await self._until_next()
                while pause == 0 and await self.fire_one():
                    pass
            except SiagaError as error:
                _log.warning("timers_wait", reason=error.detail)
                pause = LONGEST_SLEEP_S
            await asyncio.sleep(max(pause, SHORTEST_SLEEP_S))

    async def fire_one(self) -> bool:
        """Claim and fire the timer that is due longest. Returns False when none is due."""
        claimed: tuple[str, str, str] | None = None
        try:
            async with self._db.transaction() as tx:
                timer = await self._claim(tx)
                if timer is None:
                    return False
                claimed = timer.id, timer.kind, timer.key
                await tx.session.delete(timer)
                await tx.session.flush()
                await self._handlers[timer.kind](tx, timer)
        except Exception:
            if claimed is None:
                raise
            timer_id, kind, key = claimed
            _log.exception("timer_failed", kind=kind, key=key)  # one that always fails must not stop the others
            await self._postpone(timer_id)
        return True

    async def _claim(self, tx: Transaction) -> TimerRow | None:
        query = (
            select(TimerRow)
            .where(TimerRow.due_at <= tx.now, TimerRow.kind.in_(list(self._handlers)))
            .order_by(TimerRow.due_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        return (await tx.session.execute(query)).scalar_one_or_none()

    async def _postpone(self, timer_id: str) -> None:
        async with self._db.transaction() as tx:
            row = await tx.session.get(TimerRow, timer_id)
            if row is not None:
                row.attempts += 1
                row.due_at = tx.now + timedelta(seconds=RETRY_AFTER_S)

    async def _until_next(self) -> float:
        """Seconds until something is due, at most LONGEST_SLEEP_S; a read alone, since the writer is precious."""
        due_first = select(func.min(TimerRow.due_at)).where(TimerRow.kind.in_(list(self._handlers)))
        async with self._db.reading() as session:
            due = (await session.execute(due_first)).scalar_one_or_none()
        if due is None:
            return LONGEST_SLEEP_S
        return min(LONGEST_SLEEP_S, max(0.0, (due - self._db.clock()).total_seconds()))
