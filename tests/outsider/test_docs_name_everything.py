"""What a stranger may use is named in docs/plugins.md: nobody has to read the source to know that it is there."""

import re
from pathlib import Path

from dispatch import plugins
from dispatch.plugins import Files, Kind, PageRequest, Reading, Working, Workshop
from dispatch.plugins.site.rendering import TEMPLATES, environment

PAGE = (Path(__file__).parents[2] / "docs" / "plugins.md").read_text(encoding="utf-8")
MACRO = re.compile(r"{% macro (\w+)\(")
OF_TYPES = {"Block", "Page", "NoSettings", "ExactDecimal", "API_LEVEL", "Tone"}
"""What mypy wants to know, and no plugin writes."""
OF_THE_FRAME = {"box_value", "faults_of", "map_texts", "json_ld"}
"""What the site's own templates use."""


def unnamed(names: set[str]) -> set[str]:
    return {name for name in names if not re.search(rf"\b{re.escape(name)}\b", PAGE)}


def public(kind: type) -> set[str]:
    return {name for name in vars(kind) if not name.startswith("_")}


def test_every_name_of_the_face() -> None:
    assert unnamed(set(plugins.__all__) - OF_TYPES) == set()


def test_every_kind_of_field() -> None:
    assert unnamed({kind.name for kind in Kind}) == set()


def test_what_functions_and_pages_are_given() -> None:
    for kind in (PageRequest, Reading, Working, Workshop):
        assert unnamed(public(kind)) == set(), kind.__name__
    assert unnamed({f"files.{name}" for name in public(Files) - {"plugin", "data_dir"}}) == set()


def test_what_templates_know() -> None:
    bare = environment(None, "", "id")
    fresh = type(bare)()
    assert unnamed(set(bare.globals) - set(fresh.globals) - OF_THE_FRAME) == set()
    assert unnamed(set(bare.filters) - set(fresh.filters) - OF_THE_FRAME) == set()
    macros = set(MACRO.findall((TEMPLATES / "_parts.html").read_text(encoding="utf-8")))
    assert len(macros) >= 9
    assert unnamed({f"parts.{name}" for name in macros}) == set()
