"""The log's order under 32 writers: does a reader that asks for `seq > last` miss events, and what does order cost?

    python -m bench.log_order [SECONDS]

On each database, in one run: the log as it is (head row locked last), the same with the head locked first, an
identity column as most outboxes use, and a bare commit of the same work without any event. Misses of the log must be
0; the run fails else. Read the ratios, not the absolute figures.
"""

import asyncio
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from sqlalchemy import make_url, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.db import Database, Transaction
from dispatch.events import IncidentNoted
from dispatch.log import EventRow, HeadRow
from dispatch.migrate import upgrade
from tests.conftest import POSTGRES_URL

WRITERS = 32
SECONDS = 3.0
READ_EVERY_S = 0.002
"""A reader this eager gives a late commit the best chance to be missed, as one woken by each commit does."""

Write = Callable[[Database, int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Outcome:
    per_s: float
    written: int
    missed: int


async def work(session: AsyncSession, writer: int) -> None:
    """What a command does besides its event: read a row, change it."""
    await session.execute(text("SELECT n FROM bench_work WHERE id = :id"), {"id": writer})
    await session.execute(text("UPDATE bench_work SET n = n + 1 WHERE id = :id"), {"id": writer})


def record(tx: Transaction, writer: int) -> None:
    tx.record(IncidentNoted(incident_id=str(writer), text="x" * 200))


async def head_last(db: Database, writer: int) -> None:
    """The log as it is: `transaction` takes the head row as its last act."""
    async with db.transaction() as tx:
        record(tx, writer)
        await work(tx.session, writer)


async def head_first(db: Database, writer: int) -> None:
    """The same order, with the head locked for the whole transaction."""
    async with db.transaction() as tx:
        await tx.session.execute(select(HeadRow.seq).where(HeadRow.id == 1).with_for_update())
        record(tx, writer)
        await work(tx.session, writer)


async def identity(db: Database, writer: int) -> None:
    """An outbox numbered by an identity column when the row is inserted, which is not when it is committed."""
    async with db.transaction() as tx:
        await tx.session.execute(text("INSERT INTO bench_identity (payload) VALUES (:p)"), {"p": "x" * 400})
        await work(tx.session, writer)


async def bare(db: Database, writer: int) -> None:
    """The work alone."""
    async with db.transaction() as tx:
        await work(tx.session, writer)


WAYS: dict[str, tuple[Write, str | None]] = {
    "log (head last)": (head_last, EventRow.__tablename__),
    "head first": (head_first, EventRow.__tablename__),
    "identity column": (identity, "bench_identity"),
    "bare commit": (bare, None),
}
LOG, BARE = "log (head last)", "bare commit"


async def newest(db: Database, table: str) -> int:
    async with db.reading() as session:
        return int((await session.execute(text(f"SELECT coalesce(max(seq), 0) FROM {table}"))).scalar_one())


async def follow(db: Database, table: str, last: int, done: asyncio.Event) -> int:
    """Read `seq > last` until the writers are done and nothing more comes; how many events were seen."""
    seen = 0
    while True:
        finished = done.is_set()
        async with db.reading() as session:
            query = text(f"SELECT seq FROM {table} WHERE seq > :last ORDER BY seq LIMIT 1000")
            rows = (await session.execute(query, {"last": last})).scalars().all()
        seen += len(rows)
        if rows:
            last = rows[-1]
        elif finished:
            return seen
        await asyncio.sleep(READ_EVERY_S)


async def measure(db: Database, write: Write, table: str | None, seconds: float) -> Outcome:
    """Let all writers write for `seconds` beside one reader."""
    written = 0
    begun = time.perf_counter()
    done = asyncio.Event()

    async def writer(number: int) -> None:
        nonlocal written
        while time.perf_counter() - begun < seconds:
            await write(db, number)
            written += 1

    async with asyncio.TaskGroup() as group:
        reader = None
        if table is not None:
            reader = group.create_task(follow(db, table, await newest(db, table), done))
        begun = time.perf_counter()
        async with asyncio.TaskGroup() as writers:
            for number in range(WRITERS):
                writers.create_task(writer(number))
        took = time.perf_counter() - begun
        done.set()
    return Outcome(written / took, written, written - reader.result() if reader else 0)


async def prepare(db: Database) -> None:
    key = "INTEGER PRIMARY KEY AUTOINCREMENT" if db.is_sqlite else "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
    async with db.transaction() as tx:
        await tx.session.execute(text("CREATE TABLE bench_work (id INTEGER PRIMARY KEY, n INTEGER NOT NULL)"))
        await tx.session.execute(text(f"CREATE TABLE bench_identity (seq {key}, payload TEXT NOT NULL)"))
        for number in range(WRITERS):
            await tx.session.execute(text("INSERT INTO bench_work VALUES (:id, 0)"), {"id": number})


@asynccontextmanager
async def postgres() -> AsyncIterator[str]:
    """A database of its own, dropped afterwards."""
    url, name = make_url(POSTGRES_URL), f"siaga_bench_{uuid.uuid4().hex[:8]}"
    server = await asyncpg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False), timeout=3)
    try:
        await server.execute(f'CREATE DATABASE "{name}"')
        yield url.set(database=name).render_as_string(hide_password=False)
        await server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        await server.close()


async def compare(kind: str, url: str, seconds: float) -> int:
    """Measure all ways on one database and print them; the misses of the log."""
    await upgrade(url)
    db = Database(url)
    await prepare(db)
    outcomes = {name: await measure(db, write, table, seconds) for name, (write, table) in WAYS.items()}
    await db.close()
    for name, outcome in outcomes.items():
        misses = "" if name == BARE else f"missed {outcome.missed:5d} of {outcome.written:6d}"
        cost = outcomes[BARE].per_s / outcome.per_s
        print(f"{kind:10s} {name:16s} {outcome.per_s:7.0f} tx/s   {cost:5.2f} bare commits each   {misses}")
    return outcomes[LOG].missed


async def main(seconds: float) -> int:
    misses = 0
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        misses += await compare("sqlite", f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}", seconds)
        try:
            url = await stack.enter_async_context(postgres())
        except (OSError, TimeoutError, asyncpg.PostgresError) as error:
            print(f"postgresql: left out, no server at {POSTGRES_URL}: {error}")
        else:
            misses += await compare("postgresql", url, seconds)
    return misses


if __name__ == "__main__":
    missed = asyncio.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS))
    if missed:
        raise SystemExit(f"a reader of the log missed {missed} events")
