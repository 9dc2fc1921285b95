"""Fixtures that all tests share: a migrated database of each kind, a clock that the test owns."""

import asyncio
import os
import shutil
import uuid
from collections.abc import AsyncIterator, Iterator
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


def _server_url(database: str | None = None) -> str:
    url = make_url(POSTGRES_URL)
    return url.set(drivername="postgresql", database=database or url.database).render_as_string(hide_password=False)


async def _on_server(statement: str) -> None:
    server = await asyncpg.connect(_server_url(), timeout=10)
    try:
        await server.execute(statement)
    finally:
        await server.close()


def _name() -> str:
    return f"siaga_test_{uuid.uuid4().hex[:12]}"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file that each test copies, since migrating takes longer than most tests."""
    file = tmp_path_factory.mktemp("template") / "siaga.db"
    asyncio.run(upgrade(f"sqlite+aiosqlite:///{file}"))
    return file


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[str]:
    """The name of a migrated database that each test copies. Fails in CI without a server, skips elsewhere."""
    name = _name()
    try:
        asyncio.run(_on_server(f'CREATE DATABASE "{name}"'))
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        message = f"no PostgreSQL at {POSTGRES_URL}: {error}"
        pytest.fail(message) if IN_CI else pytest.skip(message)
    asyncio.run(upgrade(make_url(POSTGRES_URL).set(database=name).render_as_string(hide_password=False)))
    yield name
    asyncio.run(_on_server(f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.fixture
async def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    file = tmp_path / "siaga.db"
    shutil.copy(sqlite_template, file)
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture
async def postgres_url(postgres_template: str) -> AsyncIterator[str]:
    name = _name()
    await _on_server(f'CREATE DATABASE "{name}" TEMPLATE "{postgres_template}"')
    yield make_url(POSTGRES_URL).set(database=name).render_as_string(hide_password=False)
    await _on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty, migrated database; every test that uses it runs on both kinds."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def db(database_url: str, clock: ManualClock) -> AsyncIterator[Database]:
    database = Database(database_url, clock=clock)
    yield database
    await database.close()
