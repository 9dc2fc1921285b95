"""The market that the pages' tests share."""

from collections.abc import AsyncIterator

import pytest

from dispatch.db import Database
from tests.plugins.pages.world import Market, open_market


@pytest.fixture
async def market(db: Database) -> AsyncIterator[Market]:
    async with open_market(db) as opened:
        yield opened
