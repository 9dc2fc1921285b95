"""An environment of its own with Siaga 112 and plugins installed from their wheels, as on a real machine."""

import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.harness import CentreProcess

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
SOURCES = {"siaga112": ROOT, "posko_banjir": HERE / "posko_banjir", "posko_rusak": HERE / "posko_rusak"}

PIP = ("--quiet", "--disable-pip-version-check")


def run(*command: str | Path, cwd: Path) -> str:
    """What the command printed, run away from the checkout. Raises AssertionError with that when it fails."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(folder: Path) -> Mapping[str, Path]:
    """A wheel of each source, with the build back end that is installed here: no network."""
    wheels = {}
    for name, source in SOURCES.items():
        out = folder / name
        run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, source, cwd=folder)
        (wheels[name],) = out.glob("*.whl")
    return wheels


class Site:
    """A virtual environment that sees the dependencies that are installed here, but not this checkout."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder.parent)
        self.python = folder / "bin" / "python"
        (packages,) = folder.glob("lib/python*/site-packages")
        paths = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
        (packages / "dependencies.pth").write_text("\n".join(sorted(paths)) + "\n")

    @contextmanager
    def having(self, wheel: Path, distribution: str) -> Iterator[None]:
        """A plugin is installed for as long as the block lasts."""
        self.install(wheel)
        try:
            yield
        finally:
            self._pip("uninstall", "--yes", distribution)

    def install(self, *wheels: Path) -> None:
        options = ("--no-deps", "--no-index", "--ignore-installed")
        self._pip("install", *options, *wheels)

    def _pip(self, *arguments: str | Path) -> None:
        run(self.python, "-m", "pip", *arguments, *PIP, cwd=self.folder)

    def where(self, package: str) -> Path:
        """The file that `import package` finds."""
        code = f"import importlib.util as u; print(u.find_spec({package!r}).origin)"
        return Path(run(self.python, "-P", "-c", code, cwd=self.folder).strip())

    def centre(self, folder: Path) -> CentreProcess:
        """`siaga serve` of this environment with its data in `folder`."""
        return InstalledCentre(folder, self.python)


class InstalledCentre(CentreProcess):
    """Knows nothing of the checkout: neither by the environment nor by the folder it is started in."""

    def __init__(self, folder: Path, python: Path) -> None:
        super().__init__(folder)
        self.python = python

    def environment(self) -> Mapping[str, str]:
        inherited = {name: value for name, value in super().environment().items() if name != "PYTHONPATH"}
        return {**inherited, "PYTHONSAFEPATH": "1"}
