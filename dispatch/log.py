"""The event log: append-only, in gap-free order, hash-chained. The only door to its table.

`record` buffers inside a transaction; `seal` runs last before the commit: it locks the single head row, numbers,
chains and inserts. Locking the head last keeps the lock short (measured 8 times the throughput of locking first,
and no reader that asks for `seq > last` can miss an event, as an identity column would let it).
"""

import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import BigInteger, Index, String, Table, Text, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.base import Base
from dispatch.events import AnyEvent, Recorded
from dispatch.views import Changed

GENESIS = "0" * 64
"""The hash before the first event."""

VERIFY_BATCH = 1000
"""Rows read at once while verifying; bounds memory whatever the log's length."""


class EventRow(Base):
    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_incident", "incident_id", "seq"),
        Index("ix_events_call", "call_id", "seq"),
        Index("ix_events_type", "type", "seq"),
    )

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    type: Mapped[str] = mapped_column(String(64))
    actor: Mapped[str | None] = mapped_column(String(36))
    topics: Mapped[str] = mapped_column(Text)
    """Separated by blanks."""
    call_id: Mapped[str | None] = mapped_column(String(36))
    incident_id: Mapped[str | None] = mapped_column(String(36))
    payload: Mapped[str] = mapped_column(Text)
    """The JSON of events.Recorded, exactly as sent."""
    hash: Mapped[str] = mapped_column(String(64))


class HeadRow(Base):
    """One row: the last number given and its hash."""

    __tablename__ = "event_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))


class CursorRow(Base):
    """How far an after-commit consumer has come."""

    __tablename__ = "event_cursors"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)


_EVENTS = cast(Table, EventRow.__table__)
_HEAD = cast(Table, HeadRow.__table__)
_LOCK_HEAD = select(_HEAD.c.seq, _HEAD.c.hash).where(_HEAD.c.id == 1).with_for_update()
_INSERT_EVENTS = insert(_EVENTS)
_COLUMNS = [column.name for column in _EVENTS.c]


@dataclass(frozen=True, slots=True)
class Pending:
    """An event of a transaction that is not yet numbered."""

    event: AnyEvent
    type: str
    at: datetime
    actor: str | None
    topics: tuple[str, ...]
    payload: str


@dataclass(frozen=True, slots=True)
class Stored:
    """A committed event as faces get it: `payload` is sent as it was stored."""

    seq: int
    type: str
    topics: tuple[str, ...]
    payload: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` found. `fault` is None when the chain holds."""

    events: int
    fault: str | None
    at_seq: int | None


def encode(event: AnyEvent, changed: Changed, *, at: datetime, actor: str | None, topics: Sequence[str]) -> Pending:
    """Encode an event once, for storing and for sending alike."""
    recorded = Recorded.model_construct(type=event.type, at=at, actor=actor, data=event, changed=changed)
    return Pending(
        event=event,
        type=event.type,
        at=at,
        actor=actor,
        topics=tuple(topics),
        payload=recorded.model_dump_json(),
    )


def chain(previous: str, seq: int, topics: str, payload: str) -> str:
    """SHA-256 over the previous hash and everything that must not change afterwards."""
    return hashlib.sha256(f"{previous}\n{seq}\n{topics}\n{payload}".encode()).hexdigest()


def numbered(seq: int, digest: str, pending: Sequence[Pending]) -> tuple[list[list[Any]], list[Stored]]:
    """Number and chain events that follow the head (`seq`, `digest`): rows in the table's order, and what to tell."""
    rows: list[list[Any]] = []
    stored: list[Stored] = []
    for item in pending:
        seq += 1
        topics = " ".join(item.topics)
        digest = chain(digest, seq, topics, item.payload)
        about = item.event
        rows.append(
            [seq, item.at, item.type, item.actor, topics, about.call_id, about.incident_id, item.payload, digest]
        )
        stored.append(Stored(seq, item.type, item.topics, item.payload))
    return rows, stored


def insert_statement(placeholder: Callable[[int], str]) -> str:
    """The INSERT of one event for a driver's own use, with its place holders (`?`, `$1` …) in the table's order."""
    marks = ", ".join(placeholder(n) for n in range(1, len(_COLUMNS) + 1))
    return f"INSERT INTO events ({', '.join(_COLUMNS)}) VALUES ({marks})"


async def seal(session: AsyncSession, pending: Sequence[Pending]) -> list[Stored]:
    """Number, chain and insert; the caller commits at once afterwards. The head row stays locked until then.

    A trigger moves the head with each insert, which saves the hot path a statement.
    """
    connection = await session.connection()
    seq, digest = (await connection.execute(_LOCK_HEAD)).one()
    rows, stored = numbered(seq, digest, pending)
    await connection.execute(_INSERT_EVENTS, [dict(zip(_COLUMNS, row, strict=True)) for row in rows])
    return stored


async def head(session: AsyncSession) -> int:
    """The last number given, 0 for an empty log."""
    return (await session.execute(select(HeadRow.seq).where(HeadRow.id == 1))).scalar_one()


async def read(session: AsyncSession, after: int, limit: int, *, types: Sequence[str] = ()) -> list[Stored]:
    """Events with seq > after in order, at most `limit`; of these types only, when given."""
    query = select(EventRow.seq, EventRow.type, EventRow.topics, EventRow.payload).where(EventRow.seq > after)
    if types:
        query = query.where(EventRow.type.in_(types))
    rows = await session.execute(query.order_by(EventRow.seq).limit(limit))
    return [Stored(row.seq, row.type, tuple(row.topics.split()), row.payload) for row in rows]


async def timeline(session: AsyncSession, incident_id: str, call_ids: Sequence[str], limit: int) -> list[Stored]:
    """Everything about an incident and the calls that reported it, in order."""
    about = (EventRow.incident_id == incident_id) | EventRow.call_id.in_(call_ids)
    query = select(EventRow.seq, EventRow.type, EventRow.topics, EventRow.payload).where(about)
    rows = await session.execute(query.order_by(EventRow.seq).limit(limit))
    return [Stored(row.seq, row.type, tuple(row.topics.split()), row.payload) for row in rows]


async def _in_order(session: AsyncSession) -> AsyncIterator[EventRow]:
    after = 0
    while True:
        rows = (
            (
                await session.execute(
                    select(EventRow).where(EventRow.seq > after).order_by(EventRow.seq).limit(VERIFY_BATCH)
                )
            )
            .scalars()
            .all()
        )
        for row in rows:
            yield row
        if len(rows) < VERIFY_BATCH:
            return
        after = rows[-1].seq
        session.expunge_all()


async def verify(session: AsyncSession) -> Verdict:
    """Walk the whole chain: numbers without gap, each hash right, columns as in the payload, the head at the end."""
    expected, digest = 1, GENESIS
    async for row in _in_order(session):
        if row.seq != expected:
            return Verdict(expected - 1, f"event {expected} is missing", expected)
        digest = chain(digest, row.seq, row.topics, row.payload)
        if digest != row.hash:
            return Verdict(expected - 1, f"event {row.seq} was altered: its hash does not match", row.seq)
        if not _columns_agree(row):
            return Verdict(expected - 1, f"event {row.seq}: its columns differ from its payload", row.seq)
        expected += 1
    last = (await session.execute(select(HeadRow.seq, HeadRow.hash).where(HeadRow.id == 1))).one()
    if last.seq != expected - 1 or last.hash != digest:
        return Verdict(expected - 1, f"the log ends at {expected - 1} but its head says {last.seq}", last.seq)
    return Verdict(expected - 1, None, None)


def _columns_agree(row: EventRow) -> bool:
    recorded = Recorded.model_validate_json(row.payload)
    return (recorded.type, recorded.at, recorded.actor, recorded.data.incident_id, recorded.data.call_id) == (
        row.type,
        row.at,
        row.actor,
        row.incident_id,
        row.call_id,
    )


async def advance_cursor(session: AsyncSession, name: str, seq: int) -> None:
    """Move a consumer's cursor forward, creating it when new."""
    row = await session.get(CursorRow, name)
    if row is None:
        session.add(CursorRow(name=name, seq=seq))
    elif row.seq < seq:
        row.seq = seq


async def cursor(session: AsyncSession, name: str, *, lock: bool = False) -> int | None:
    """Where a consumer stands; None when it never ran. `lock` holds the row until the transaction's end."""
    query = select(CursorRow.seq).where(CursorRow.name == name)
    return (await session.execute(query.with_for_update() if lock else query)).scalar_one_or_none()
