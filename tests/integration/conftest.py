"""The centre that the tests of incidents, units and assignments share."""

from collections.abc import AsyncIterator

import pytest

from dispatch.db import Database
from tests.centre_world import World, open_world


@pytest.fixture
async def world(db: Database) -> AsyncIterator[World]:
    async with open_world(db) as opened:
        yield opened
