"""SQLite's journal is moved into its file beside the commits, not by them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from dispatch import db as db_module
from dispatch import log
from dispatch.db import Database
from dispatch.events import IncidentNoted
from tests.conftest import ManualClock

PAGE_BYTES = 4096
SQLITES_OWN_BOUND = 1_000
"""Pages in the journal at which a commit moves them, were it not told otherwise."""


@pytest.fixture
async def db(sqlite_url: str, clock: ManualClock) -> AsyncIterator[Database]:
    database = Database(sqlite_url, clock=clock)
    yield database
    await database.close()


@pytest.fixture
def file(db: Database) -> Path:
    assert db.url.database is not None
    return Path(db.url.database)


@pytest.fixture
def journal(file: Path) -> Path:
    return file.with_name(f"{file.name}-wal")


def size(file: Path) -> int:
    return file.stat().st_size


async def note(db: Database, pages: int = 1) -> None:
    async with db.transaction() as tx:
        tx.record(IncidentNoted(incident_id="i-1", text="x" * pages * PAGE_BYTES))


async def test_a_commit_does_not_move_the_journal(db: Database, file: Path, journal: Path) -> None:
    before = size(file)
    for _ in range(12):
        await note(db, pages=100)
    assert size(journal) > SQLITES_OWN_BOUND * PAGE_BYTES
    assert size(file) == before


async def test_after_a_checkpoint_the_journal_begins_anew_and_nothing_is_lost(db: Database, journal: Path) -> None:
    for _ in range(20):
        await note(db)
    before = size(journal)
    await db.checkpoint()
    for _ in range(10):
        await note(db)
    assert size(journal) == before, "the room of what was moved is used again"
    async with db.reading() as session:
        assert (await log.head(session), (await log.verify(session)).fault) == (30, None)


async def test_the_journal_is_moved_now_and_then(db: Database, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db_module, "CHECKPOINT_EVERY_S", 0.01)
    before = size(file)
    await note(db, pages=100)
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        keeper = group.create_task(db.keep_checkpointed())
        for _ in range(500):
            if size(file) > before:
                break
            await asyncio.sleep(0.01)
        keeper.cancel()
    assert size(file) > before


async def test_a_server_needs_no_checkpoints_of_ours() -> None:
    database = Database("postgresql+asyncpg://nobody@127.0.0.1:1/nothing")
    async with asyncio.timeout(5):
        await database.keep_checkpointed()
