"""Chromium for tests that look at the faces, a real Asterisk for those that need one, and word of whether it ran."""

import re
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright, expect

from dispatch.web import web_folder
from tests.conftest import IN_CI
from tests.e2e.asterisk import Asterisk, NoAsterisk, running
from tests.e2e.browser import PATIENCE_MS, ROOT, chromium_path, launch
from tests.pbx.environment import HERE

ASTERISK_REPORT = ROOT / "var" / "test-asterisk"
"""What became of the tests on a real Asterisk; .ci/run reads it out at its end."""

_outcomes: Counter[str] = Counter()
_reasons: set[str] = set()


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


@pytest.fixture
def asterisk() -> Iterator[Asterisk]:
    """A real Asterisk of this test's own. Skips where it cannot be had, in CI too: its packages are another's."""
    yield from _started(HERE / "etc")


@pytest.fixture
def patient_asterisk(tmp_path: Path) -> Iterator[Asterisk]:
    """The same, with desks that ring for a minute: the screenshots of a busy machine take seconds."""
    etc = tmp_path / "etc"
    shutil.copytree(HERE / "etc", etc)
    queues = etc / "queues.conf"
    patient, changed = re.subn(r"(?m)^timeout = 6$", "timeout = 60", queues.read_text())
    assert changed == 1
    queues.write_text(patient)
    yield from _started(etc)


def _started(etc: Path) -> Iterator[Asterisk]:
    try:
        with running(etc) as asterisk:
            yield asterisk
    except NoAsterisk as missing:
        pytest.skip(f"NO REAL ASTERISK: {missing}. `docker/test-deps` fetches it and SIPp.")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if "asterisk" not in report.keywords or (report.when != "call" and report.passed):
        return
    _outcomes[report.outcome] += 1
    if report.skipped and isinstance(report.longrepr, tuple):
        _reasons.add(report.longrepr[2].removeprefix("Skipped: "))


def pytest_sessionfinish() -> None:
    """Leave word for .ci/run when tests on a real Asterisk were asked for."""
    if not _outcomes:
        return
    ran = ", ".join(f"{count} {what}" for what, count in sorted(_outcomes.items()) if what != "skipped")
    told = "; ".join([f"ran: {ran}" if ran else "", *sorted(_reasons)]).strip("; ")
    ASTERISK_REPORT.parent.mkdir(exist_ok=True)
    ASTERISK_REPORT.write_text(told + "\n")
