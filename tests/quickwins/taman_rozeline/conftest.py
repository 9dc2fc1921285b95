from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.conftest import browser
from tests.quickwins.taman_rozeline.world import Office, open_office

__all__ = ["browser", "office"]


@pytest.fixture
async def office(database_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(database_url, tmp_path) as opened:
        yield opened
