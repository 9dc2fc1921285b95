"""What the code imports is declared, and what is declared agrees wherever it is said."""

import ast
import json
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SHIPPED = ("dispatch", "telephony", "quickwins")
BROUGHT = {"starlette": "fastapi"}
"""Part of a declared package's own interface: its version is the other's business."""


def _project() -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return project


def _imported() -> set[str]:
    """Top names of all imports of the shipped packages, also those inside functions."""
    names: set[str] = set()
    for folder in SHIPPED:
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Import):
                    names.update(alias.name.partition(".")[0] for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module is not None and node.level == 0:
                    names.add(node.module.partition(".")[0])
    return names - {*sys.stdlib_module_names, *SHIPPED}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_import_of_the_shipped_code_is_a_declared_dependency() -> None:
    declared = {_normal(re.split(r"[\[<>=;~! ]", line)[0]) for line in _project()["dependencies"]}
    owners = packages_distributions()
    undeclared = {
        module: owners.get(module, [])
        for module in _imported()
        if declared.isdisjoint(_normal(BROUGHT.get(owner, owner)) for owner in owners.get(module, []))
    }
    assert undeclared == {}


def test_the_licence_is_the_same_for_both_halves() -> None:
    licence = _project()["license"]
    package = json.loads((ROOT / "web" / "package.json").read_text())
    lock = json.loads((ROOT / "web" / "package-lock.json").read_text())
    assert (package["license"], lock["packages"][""]["license"]) == (licence, licence)
