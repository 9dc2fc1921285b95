"""The database: one door for changes (`transaction`), one for consistent reads (`reading`).

SQLite (WAL) is embedded and gets exactly one writer connection, since many fight for its lock (measured p99 80 ms
with fifty, 6 ms with one); PostgreSQL gets a pool. Only `transaction()` commits.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar, cast

import asyncpg
import structlog
from sqlalchemy import event, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, TimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from dispatch import log
from dispatch.actor import SYSTEM, Actor
from dispatch.clock import Clock, system_clock
from dispatch.errors import Unavailable
from dispatch.events import OPS, AnyEvent
from dispatch.sqlite import LeanConnection, lean_connection
from dispatch.views import Changed

_log = structlog.get_logger(__name__)

POOL_SIZE = 10
"""PostgreSQL connections for changes, and as many for reads; times the workers this stays below its default of 100."""

CHECKPOINT_EVERY_S = 2.0
"""Pause between two moves of SQLite's journal into its file: some 200 commits of a busy centre, a few milliseconds."""

JOURNAL_MOST_PAGES = 10_000
"""Of 4 KiB; above it a commit moves the journal itself, should nobody else do it."""

POOL_WAIT_S = 10.0
"""Longest wait for a connection before the caller is told that the database does not keep up."""

DRIVER_AWAY = (
    sqlite3.OperationalError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncio.TimeoutError,
)
"""What the drivers themselves raise when the database does not answer."""

T = TypeVar("T")


class InThread(Protocol):
    """Runs a function with the plain connection in its thread and gives what it returns."""

    def __call__(self, work: Callable[[sqlite3.Connection], T]) -> Awaitable[T]: ...


NOTHING_CHANGED = Changed()

Committed = Callable[[Sequence[log.Stored]], None]
"""Called in the event loop right after a commit with its events; must not block or raise."""


@dataclass(slots=True)
class Transaction:
    """A change in progress: the session, one reading of the clock, who does it, and the events so far."""

    session: AsyncSession
    now: datetime
    actor: Actor
    pending: list[log.Pending] = field(default_factory=list)

    def record(
        self,
        event_: AnyEvent,
        changed: Changed = NOTHING_CHANGED,
        *,
        topics: Sequence[str] = (OPS,),
        at: datetime | None = None,
    ) -> None:
        """Buffer an event; it is numbered at the commit. `at` where the fact's own time differs from `now`."""
        self.pending.append(
            log.encode(
                event_,
                changed,
                at=at or self.now,
                actor=self.actor.user_id,
                topics=topics,
            )
        )


class Database:
    def __init__(self, url: str, *, clock: Clock = system_clock) -> None:
        """`url` as SQLAlchemy writes it, of a database that `migrate.upgrade` has seen."""
        self.url = make_url(url)
        self.clock = clock
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._committed: list[Committed] = []
        if self.is_sqlite:
            self._writer = _sqlite_engine(url, pool_size=1, begin="BEGIN IMMEDIATE")
            self._reader = _sqlite_engine(url, pool_size=4, begin="BEGIN")
        else:
            self._writer = _postgres_engine(url, "READ COMMITTED")
            self._reader = _postgres_engine(url, "REPEATABLE READ")

    def on_commit(self, callback: Committed) -> None:
        self._committed.append(callback)

    @asynccontextmanager
    async def transaction(self, actor: Actor = SYSTEM) -> AsyncIterator[Transaction]:
        """One atomic change with its events. Raises Unavailable when the database cannot be reached."""
        stored: list[log.Stored] = []
        async with _translated(), AsyncSession(self._writer, expire_on_commit=False) as session, session.begin():
            tx = Transaction(session, self.clock(), actor)
            yield tx
            if tx.pending:
                await session.flush()
                stored = await log.seal(session, tx.pending)
        self.tell(stored)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A read-only view of one moment: all tables and the log's head agree with each other."""
        async with _translated(), AsyncSession(self._reader, expire_on_commit=False) as session, session.begin():
            yield session

    @asynccontextmanager
    async def writer_thread(self) -> AsyncIterator[InThread]:
        """The embedded database's one writer, to run plain statements in its thread. Raises Unavailable."""
        async with _translated(), self._writer.connect() as connection:
            raw = await connection.get_raw_connection()
            lean = cast(LeanConnection, raw.driver_connection)
            yield lean.in_thread

    @asynccontextmanager
    async def driver(self) -> AsyncIterator[Any]:
        """A connection of PostgreSQL's driver itself, for the hot path. Raises Unavailable."""
        async with _translated(), self._writer.connect() as connection:
            yield (await connection.get_raw_connection()).driver_connection

    async def keep_checkpointed(self) -> None:
        """Move SQLite's journal into its file beside the commits, until cancelled; PostgreSQL does so by itself.

        Left to SQLite, every fiftieth to hundredth commit of a fact does it, which was what its slowest took so long.
        """
        while self.is_sqlite:
            await asyncio.sleep(CHECKPOINT_EVERY_S)
            try:
                await self.checkpoint()
            except Unavailable as error:
                _log.warning("journal_not_moved", reason=error.detail)

    async def checkpoint(self) -> None:
        """Move what SQLite's journal holds into its file, as far as nobody reads it. Raises Unavailable."""
        async with _translated(), self._reader.connect() as connection:
            lean = cast(LeanConnection, (await connection.get_raw_connection()).driver_connection)
            await lean.in_thread(lambda db: db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall())

    def tell(self, stored: Sequence[log.Stored]) -> None:
        """Tell who listens of events that were committed past `transaction`."""
        if stored:
            for callback in self._committed:
                callback(stored)

    async def close(self) -> None:
        await self._writer.dispose()
        await self._reader.dispose()


@asynccontextmanager
async def _translated() -> AsyncIterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, TimeoutError, OSError, *DRIVER_AWAY) as error:
        raise Unavailable("The database does not answer; nothing was changed.", part="database") from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise Unavailable("The database connection was lost; nothing was changed.", part="database") from error
        raise


def _postgres_engine(url: str, isolation: str) -> AsyncEngine:
    return create_async_engine(
        url,
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_timeout=POOL_WAIT_S,
        pool_pre_ping=False,
        isolation_level=isolation,
        connect_args={"timeout": 5, "command_timeout": 30},
    )


def _sqlite_engine(url: str, *, pool_size: int, begin: str) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_WAIT_S,
        pool_reset_on_return=None,  # whoever takes a connection ends its own transaction
        connect_args={"async_creator_fn": lean_connection},
    )

    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=5000",
            f"wal_autocheckpoint={JOURNAL_MOST_PAGES}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def on_begin(connection: Any) -> None:
        connection.connection.driver_connection.begin(begin)

    event.listen(engine.sync_engine, "connect", on_connect)
    event.listen(engine.sync_engine, "begin", on_begin)
    return engine
