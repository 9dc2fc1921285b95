"""The event log on both databases: order, chain, append-only, one transaction with the change."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from dispatch import log
from dispatch.db import Database
from dispatch.events import IncidentNoted
from dispatch.log import CursorRow, Stored


def noted(words: str) -> IncidentNoted:
    return IncidentNoted(incident_id="i-1", text=words)


async def write(db: Database, words: str) -> None:
    async with db.transaction() as tx:
        tx.record(noted(words))


async def test_events_are_numbered_from_one_without_gap(db: Database) -> None:
    for words in ("a", "b", "c"):
        await write(db, words)
    async with db.reading() as session:
        assert [event.seq for event in await log.read(session, 0, 10)] == [1, 2, 3]
        assert await log.head(session) == 3


async def test_a_rolled_back_change_leaves_no_event_and_no_gap(db: Database) -> None:
    await write(db, "kept")
    with pytest.raises(ZeroDivisionError):
        async with db.transaction() as tx:
            tx.record(noted("lost"))
            raise ZeroDivisionError
    await write(db, "kept too")
    async with db.reading() as session:
        assert [event.seq for event in await log.read(session, 0, 10)] == [1, 2]


async def test_change_and_event_are_one(db: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with db.transaction() as tx:
            tx.session.add(CursorRow(name="x", seq=1))
            tx.record(noted("lost"))
            raise ZeroDivisionError
    async with db.reading() as session:
        assert await log.cursor(session, "x") is None


async def test_concurrent_writers_never_let_a_reader_miss_an_event(db: Database) -> None:
    seen: list[int] = []
    done = asyncio.Event()

    async def follow() -> None:
        while True:
            finished = done.is_set()
            async with db.reading() as session:
                batch = await log.read(session, seen[-1] if seen else 0, 100)
            seen.extend(event.seq for event in batch)
            if finished and not batch:
                return

    async def produce(writer: int) -> None:
        for i in range(10):
            await write(db, f"{writer}-{i}")

    async with asyncio.TaskGroup() as group:
        reader = group.create_task(follow())
        async with asyncio.TaskGroup() as writers:
            for writer in range(8):
                writers.create_task(produce(writer))
        done.set()
        await reader
    assert seen == list(range(1, 81))


async def test_commit_hands_the_stored_events_over_in_order(db: Database) -> None:
    got: list[Stored] = []
    db.on_commit(got.extend)
    await write(db, "a")
    await write(db, "b")
    async with db.reading() as session:
        assert got == await log.read(session, 0, 10)


async def test_database_refuses_to_change_or_delete_an_event(db: Database) -> None:
    await write(db, "a")
    for statement in ("UPDATE events SET type = 'x'", "DELETE FROM events"):
        with pytest.raises(DBAPIError, match="append-only"):
            async with db.transaction() as tx:
                await tx.session.execute(text(statement))


async def test_verify_passes_an_untouched_log(db: Database) -> None:
    for i in range(5):
        await write(db, str(i))
    async with db.reading() as session:
        assert await log.verify(session) == log.Verdict(5, None, None)


@pytest.mark.parametrize(
    ("tampering", "fault"),
    [
        ("UPDATE events SET payload = replace(payload, 'b', 'z') WHERE seq = 2", "event 2 was altered"),
        ("DELETE FROM events WHERE seq = 2", "event 2 is missing"),
        ("DELETE FROM events WHERE seq = 3", "the log ends at 2"),
        ("UPDATE events SET incident_id = 'other' WHERE seq = 3", "its columns differ"),
    ],
)
async def test_verify_finds_tampering(db: Database, database_url: str, tampering: str, fault: str) -> None:
    for words in ("a", "b", "c"):
        await write(db, words)
    engine = create_async_engine(database_url)
    async with engine.begin() as connection:  # as someone with the database's own powers would
        if db.is_sqlite:
            await connection.execute(text("DROP TRIGGER events_append_only_UPDATE"))
            await connection.execute(text("DROP TRIGGER events_append_only_DELETE"))
        else:
            await connection.execute(text("ALTER TABLE events DISABLE TRIGGER USER"))
        await connection.execute(text(tampering))
    await engine.dispose()
    async with db.reading() as session:
        verdict = await log.verify(session)
    assert verdict.fault is not None
    assert fault in verdict.fault
