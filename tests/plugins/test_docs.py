"""docs/plugins.md is enough to write a plugin: the one in it is written out, checked and tested as it stands there."""

import os
import re
import subprocess
import sys
from pathlib import Path

from dispatch.plugins import contract

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
FILE = re.compile(r"<!-- file: (?P<name>\S+) -->\n```\w+\n(?P<text>.*?)```\n", re.DOTALL)


def test_the_plugin_on_the_page_is_sound_and_passes_its_tests(tmp_path: Path) -> None:
    for match in FILE.finditer(PAGE):
        file = tmp_path / match["name"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(match["text"], encoding="utf-8")
    assert len(list(tmp_path.rglob("*.py"))) == 5
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), str(ROOT)))},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert "2 passed" in result.stdout, result.stdout + result.stderr


def test_every_part_of_a_plugin_is_on_the_page() -> None:
    parts = set(contract.Plugin.__dataclass_fields__) - {"api"}
    assert [part for part in sorted(parts) if f"{part}=" not in PAGE] == []
