"""`siaga plugin …`: the skeleton is checked, installed and tested as an author would; data goes only when asked."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dispatch.cli import app
from dispatch.plugins import commands
from dispatch.plugins.migrating import tables_of
from dispatch.plugins.new import write_skeleton
from dispatch.plugins.registry import found
from tests.plugins.example.plugin import example

runner = CliRunner()


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch, sqlite_url: str, tmp_path: Path) -> str:
    """The example is the only plugin installed, the database an empty one."""
    monkeypatch.setenv("SIAGA_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("SIAGA_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(commands, "installed", lambda: [found(example())])
    return sqlite_url


def run(*arguments: str, cwd: Path, path: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(path), str(Path(__file__).parents[2])))}
    result = subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, timeout=100
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


SIAGA = ("-c", "from dispatch.cli import main; main()")


def test_a_new_plugin_installs_is_sound_and_passes_its_own_tests(tmp_path: Path) -> None:
    folder, site = tmp_path / "shelter-stock", tmp_path / "site"
    made = runner.invoke(app, ["plugin", "new", "shelter_stock", "--folder", str(folder)])
    assert made.exit_code == 0, made.output
    pip = ("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--no-compile")
    run(*pip, "--target", str(site), str(folder), cwd=tmp_path, path=site)
    assert run(*SIAGA, "plugin", "check", "shelter_stock", cwd=tmp_path, path=site) == "no faults\n"
    tested = run("-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder / "tests"), cwd=site, path=site)
    assert "3 passed" in tested


@pytest.mark.parametrize("name", ["Shelter", "x", "api", "../out", "a" * 33])
def test_a_bad_name_makes_nothing(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="a name has"):
        write_skeleton(name, tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    result = runner.invoke(app, ["plugin", "new", "shelter", "--folder", str(tmp_path)])
    assert (result.exit_code, "is not empty" in result.output) == (2, True)
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_check_prints_every_fault(alone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert runner.invoke(app, ["plugin", "check", "lost_things"]).output == "no faults\n"
    monkeypatch.setattr(commands, "installed", lambda: [found(example(version="", emits=("No No",)))])
    result = runner.invoke(app, ["plugin", "check", "lost_things"])
    assert result.exit_code == 1
    assert "version: it is empty." in result.output
    assert "emits: 'No No'" in result.output
    unknown = runner.invoke(app, ["plugin", "check", "nothing"])
    assert (unknown.exit_code, "There are: lost_things" in unknown.output) == (2, True)


def test_list_says_what_is_on(alone: str) -> None:
    assert runner.invoke(app, ["plugin", "list"]).output.split() == ["lost_things", "1.0", "off"]


def test_data_goes_only_when_it_is_meant(alone: str) -> None:
    import asyncio

    from dispatch.plugins.migrating import upgrade

    asyncio.run(upgrade(alone, example()))
    asked = runner.invoke(app, ["plugin", "drop-data", "lost_things"])
    assert asked.exit_code == 2
    assert "lost_things_things" in asked.output
    assert asyncio.run(tables_of(alone, "lost_things")) != []
    done = runner.invoke(app, ["plugin", "drop-data", "lost_things", "--yes"])
    assert done.exit_code == 0, done.output
    assert asyncio.run(tables_of(alone, "lost_things")) == []
