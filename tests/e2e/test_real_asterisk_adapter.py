"""Adapter and fold against a real Asterisk: the tests that need one, run in a process that knows its ports."""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.e2e.asterisk import Asterisk
from tests.e2e.browser import ROOT

pytestmark = [pytest.mark.asterisk, pytest.mark.slow, pytest.mark.timeout(300)]

SCENARIOS = (
    "answered",
    "abandoned-in-queue",
    "blind-transfer",
    "answer-button",
    "missed-ring-paused",
    "conference",
    "listen",
    "take-over",
    "resync",
    "restart-mid-call",
)
"""A minute of the five that all take: each end of a call, a transfer, a resync, the PBX's restart."""

RECORDINGS = "tests/unit/telephony/test_recordings.py"
JUDGES = (
    "test_recording_agrees_with_the_pbx_queue_log",
    "test_recording_gives_the_played_calls_and_no_others",
    "test_a_stream_played_again_adds_no_fact_of_a_call",
    "test_listings_during_living_calls_tell_nothing_new",
    "test_adapter_that_comes_in_the_midst_of_calls_learns_them_from_the_listings",
)
"""Those that need no other recording than SCENARIOS."""


async def run(environment: Mapping[str, str], module: str, *arguments: str) -> str:
    """What a Python module printed. Raises AssertionError with it when the module failed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *arguments,
        env=environment,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, f"{module} {' '.join(arguments)}:\n{output.decode()}"
    return output.decode()


async def test_fresh_recordings_agree_with_the_queue_log_and_fold_to_the_played_calls(
    asterisk: Asterisk, tmp_path: Path
) -> None:
    folder = str(tmp_path / "recordings")
    await run(asterisk.environment, "tests.pbx.record", folder, *SCENARIOS)
    judged = await run(asterisk.environment, "tests.pbx.verify", folder)
    assert judged.count("agrees") == len(SCENARIOS)
    tests = [f"{RECORDINGS}::{judge}" for judge in JUDGES]
    said = await run({**asterisk.environment, "AMI_RECORDINGS": folder}, "pytest", "-q", *tests)
    assert f"{3 * len(SCENARIOS) + 2} passed" in said


async def test_adapter_holds_to_its_word_on_the_real_server(asterisk: Asterisk) -> None:
    tests = [f"tests/integration/telephony/test_real_{what}.py" for what in ("asterisk", "acts")]
    said = await run(asterisk.environment, "pytest", "-q", *tests)
    assert "skipped" not in said
