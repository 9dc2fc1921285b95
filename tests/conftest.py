"""Fixtures that all tests share: a migrated database of each kind, a clock that the test owns."""

import os
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import make_url

from dispatch.db import Database
from dispatch.migrate import upgrade

POSTGRES_URL = os.environ.get("SIAGA_TEST_POSTGRES", "postgresql+asyncpg://postgres@127.0.0.1:5432/postgres")
"""Where a server lets us create databases; each test run makes its own and drops it."""

IN_CI = os.environ.get("CI") == "true"


class ManualClock:
    """A clock that moves only when told."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


async def _create_postgres() -> str:
    url = make_url(POSTGRES_URL)
    name = f"siaga_test_{uuid.uuid4().hex[:12]}"
    try:
        server = await asyncpg.connect(
            host=url.host, port=url.port, user=url.username, database=url.database, timeout=3
        )
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        if IN_CI:
            pytest.fail(f"no PostgreSQL at {POSTGRES_URL}: {error}")
        pytest.skip(f"no PostgreSQL at {POSTGRES_URL}: {error}")
    await server.execute(f'CREATE DATABASE "{name}"')
    await server.close()
    return url.set(database=name).render_as_string(hide_password=False)


async def _drop_postgres(url: str) -> None:
    server_url = make_url(POSTGRES_URL)
    server = await asyncpg.connect(
        host=server_url.host, port=server_url.port, user=server_url.username, database=server_url.database
    )
    await server.execute(f'DROP DATABASE "{make_url(url).database}" WITH (FORCE)')
    await server.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The address of an empty, migrated database; every test that uses it runs on both kinds."""
    if request.param == "sqlite":
        url = f"sqlite+aiosqlite:///{tmp_path / 'siaga.db'}"
        await upgrade(url)
        yield url
        return
    url = await _create_postgres()
    await upgrade(url)
    yield url
    await _drop_postgres(url)


@pytest.fixture
async def db(database_url: str, clock: ManualClock) -> AsyncIterator[Database]:
    database = Database(database_url, clock=clock)
    yield database
    await database.close()
