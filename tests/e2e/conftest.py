"""Chromium for tests that look at the faces."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, async_playwright, expect

from dispatch.web import web_folder
from tests.conftest import IN_CI
from tests.e2e.browser import PATIENCE_MS, chromium_path, launch


def _missing(reason: str) -> None:
    pytest.fail(reason) if IN_CI else pytest.skip(reason)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Fails in CI without Chromium, skips elsewhere; fails everywhere when the faces are not built."""
    if web_folder() is None:
        pytest.fail("The faces are not built: there is no web/dist/index.html. Run `make web` first.")
    if chromium_path() is None:
        _missing("NO CHROMIUM: the browser tests cannot run. `docker/test-deps` installs it.")
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        chromium = await launch(playwright)
        yield chromium
        await chromium.close()
