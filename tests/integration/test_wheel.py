"""What is installed is whole: faces, migrations, protocols and places are in the wheel, and nothing else is."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).resolve().parents[2]

CARRIED = (
    "dispatch/_web/index.html",
    "dispatch/_web/console/index.html",
    "dispatch/_web/responder/index.html",
    "dispatch/_web/supervisor/index.html",
    "dispatch/_migrations/env.py",
    "dispatch/_migrations/script.py.mako",
    "dispatch/_migrations/versions/0001_the_first_schema.py",
)
DATA = (
    "dispatch/plugins/migration/*.mako",
    "dispatch/plugins/skeleton/*.txt",
    "dispatch/protocols/data/*.yaml",
    "dispatch/places/data/*.csv",
    "dispatch/units/data/*.yaml",
)

AT_WORK = """
import asyncio, sys
from pathlib import Path
import dispatch
from dispatch.migrate import migrations_path, upgrade
from dispatch.protocols.service import check
from dispatch.web import web_folder

installed = Path(dispatch.__file__).parent
assert installed.is_relative_to(sys.argv[1]), installed
assert migrations_path() == installed / "_migrations", migrations_path()
assert web_folder() == installed / "_web", web_folder()
assert check(None) == []
asyncio.run(upgrade(sys.argv[2]))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as docker/Dockerfile does, with the build back end that is installed here: no network."""
    if not (ROOT / "web" / "dist" / "index.html").is_file():
        pytest.fail("The faces are not built: there is no web/dist/index.html. Run `make web` first.")
    folder = tmp_path_factory.mktemp("wheel")
    run("-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT), cwd=ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("installed")
    options = ("--quiet", "--no-deps", "--no-index", "--no-compile", "--target", str(target))
    run("-m", "pip", "install", *options, str(wheel), cwd=target)
    return target


def run(*arguments: str, cwd: Path, path: str = "") -> str:
    """What Python printed. `path`: where it looks for packages first; without it the checkout's own are not seen."""
    ours = {"PYTHONPATH": path, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env={**os.environ, **ours},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_wheel_carries_faces_migrations_and_data(installed: Path) -> None:
    assert [name for name in CARRIED if not (installed / name).is_file()] == []
    assert list((installed / "dispatch" / "_web" / "assets").glob("*.js"))
    for pattern in DATA:
        here = {file.name for file in ROOT.glob(pattern)}
        assert here
        assert {file.name for file in installed.glob(pattern)} == here


def test_wheel_has_no_top_level_package_but_ours(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"dispatch", "telephony", "quickwins"}


async def test_upgrade_runs_from_the_wheel_alone(installed: Path, sqlite_template: Path, tmp_path: Path) -> None:
    file = tmp_path / "new.db"
    url = f"sqlite+aiosqlite:///{file}"
    arguments = ("-P", "-c", AT_WORK, str(installed), url)
    await asyncio.to_thread(run, *arguments, cwd=tmp_path, path=str(installed))
    assert schema(file) == schema(sqlite_template)


def schema(file: Path) -> list[str]:
    with sqlite3.connect(file) as connection:
        rows = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").fetchall()
    connection.close()
    return [sql for (sql,) in rows]


def test_installed_command_says_what_it_can_do(installed: Path, tmp_path: Path) -> None:
    code = "import sys; sys.argv = ['siaga', '--help']; from dispatch.cli import main; main()"
    said = run("-P", "-c", code, cwd=tmp_path, path=str(installed))
    for verb in ("serve", "demo", "telephony", "migrate", "verify-log"):
        assert verb in said
