"""Writes the skeleton of a plugin that works: checked, tested and installable as it is."""

from pathlib import Path
from string import Template

from dispatch.plugins.checking import NAME, RESERVED

_SKELETON = Path(__file__).parent / "skeleton"

FILES = {
    "pyproject.toml": "pyproject.toml.txt",
    "README.md": "README.md.txt",
    "{name}/__init__.py": "init.py.txt",
    "{name}/model.py": "model.py.txt",
    "{name}/rules.py": "rules.py.txt",
    "{name}/plugin.py": "plugin.py.txt",
    "{name}/migrations/0001_first_tables.py": "migration.py.txt",
    "tests/test_plugin.py": "test_plugin.py.txt",
}


def write_skeleton(name: str, folder: Path) -> list[Path]:
    """Write the plugin `name` into `folder`. Raises ValueError for a bad name, FileExistsError for a full folder."""
    if not NAME.fullmatch(name) or name in RESERVED:
        raise ValueError(f"'{name}': a name has 2 to 32 of a-z, 0-9 and '_', and is no address of the centre.")
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty.")
    words = {"name": name, "hyphens": name.replace("_", "-"), "title": name.replace("_", " ").capitalize()}
    written = []
    for target, source in FILES.items():
        file = folder / target.format(name=name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(Template((_SKELETON / source).read_text(encoding="utf-8")).substitute(words), encoding="utf-8")
        written.append(file)
    return written
