"""Each import contract is proved by a planted violation: a contract that cannot fail protects nothing."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PLANTED = [
    ("telephony-alone", "telephony/spool.py", "from dispatch import words"),
    ("core-knows-facts-alone", "dispatch/calls/service.py", "from telephony import spool"),
    ("pure", "dispatch/incidents/rules.py", "import sqlalchemy"),
    ("pure", "telephony/fold.py", "import asyncio"),
    ("feature-layers", "dispatch/units/service.py", "from dispatch.units import api"),
    ("protected-calls", "dispatch/incidents/service.py", "from dispatch.calls.model import CallRow"),
    ("pure", "dispatch/plugins/fields.py", "import sqlalchemy"),
    ("plugins-face", "quickwins/puspita/work.py", "from dispatch.plugins.fields import Text"),
    ("plugins-face", "quickwins/puspita/work.py", "from dispatch.db import Database"),
    ("plugins-apart", "quickwins/puspita/work.py", "from quickwins import serbu_gass"),
    ("protected-recommendation", "dispatch/incidents/service.py", "from dispatch.recommendation import model"),
    ("pure", "dispatch/recommendation/weighing.py", "import sqlalchemy"),
    ("protected-protocols", "dispatch/incidents/service.py", "from dispatch.protocols.model import ProtocolVersionRow"),
    ("protected-people", "dispatch/calls/service.py", "from dispatch.people.model import UserRow"),
]


def lint(folder: Path, contract: str) -> subprocess.CompletedProcess[str]:
    code = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    command = [sys.executable, "-c", code, "--contract", contract, "--no-cache"]
    return subprocess.run(command, cwd=folder, env={"PYTHONPATH": str(folder)}, capture_output=True, text=True)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in ("dispatch", "telephony", "quickwins"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "_web"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize(("contract", "file", "violation"), PLANTED)
def test_a_planted_violation_breaks_the_contract(copy: Path, contract: str, file: str, violation: str) -> None:
    target = copy / file
    target.write_text(f"{target.read_text()}\n\n{violation}\n")
    result = lint(copy, contract)
    assert result.returncode != 0, result.stdout
    assert "BROKEN" in result.stdout, result.stdout + result.stderr
