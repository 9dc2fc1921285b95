"""Writes the hashed lock files from pyproject.toml, without naming any package index."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
FLAGS = (
    "--quiet --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links "
    "--no-emit-trusted-host --no-emit-options --no-header --resolver=backtracking"
).split()


def lock(target: str, *more: str) -> None:
    command = [sys.executable, "-m", "piptools", "compile", *FLAGS, *more, "-o", str(HERE / target), "pyproject.toml"]
    subprocess.run(command, check=True, cwd=HERE.parent)


lock("requirements.txt")
lock("requirements-dev.txt", "--extra", "dev")
