from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from dispatch.db import Database
from tests.conftest import ManualClock
from tests.plugins.site.world import World


@pytest.fixture
async def site(sqlite_url: str, clock: ManualClock, tmp_path: Path) -> AsyncIterator[World]:
    """The example plugin's pages; what they show does not depend on the kind of database."""
    database = Database(sqlite_url, clock=clock)
    yield World(database, tmp_path)
    await database.close()


@pytest.fixture
async def visitor(site: World) -> AsyncIterator[httpx.AsyncClient]:
    async with site.client() as client:
        yield client
