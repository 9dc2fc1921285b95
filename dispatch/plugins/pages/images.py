"""A row's columns as JSON and back, without loss: what JSON has no type for carries the type's name. Pure."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import Column

HIDDEN = "hidden"
"""Stands in an image for a value of personal data; true: the change gave it another one."""

Image = dict[str, Any]
"""Column's attribute → its value; {"decimal": "1.5"} and the like where JSON has no such type."""


def written(value: Any) -> Any:
    """One value as JSON. Raises TypeError for what no column of ours holds."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Enum):
        return written(value.value)
    if isinstance(value, str):
        return value
    for kind, cls in _KINDS.items():
        if isinstance(value, cls):
            return {kind: _text(value)}
    if isinstance(value, list | dict | tuple):
        return {"json": value}
    raise TypeError(f"{type(value).__name__} cannot be kept in a row's image")


def read(value: Any) -> Any:
    """What `written` made into JSON."""
    if not isinstance(value, dict):
        return value
    ((kind, kept),) = value.items()
    return kept if kind == "json" else _READ[kind](kept)


def image_of(row: object) -> Image:
    """All columns of a row, by attribute; it must be loaded."""
    return {name: written(getattr(row, name)) for name in columns_of(type(row))}


def veiled(before: Image | None, after: Image | None, names: Collection[str]) -> tuple[Image | None, Image | None]:
    """Both images of a change without these columns' values: only whether each is empty, and whether it changed."""
    changed = {name for name in names if (before or {}).get(name) != (after or {}).get(name)}
    return _veiled(before, names, frozenset()), _veiled(after, names, changed)


def _veiled(image: Image | None, names: Collection[str], changed: Collection[str]) -> Image | None:
    if image is None:
        return None
    hidden = {name: {HIDDEN: name in changed} for name in names if image.get(name) not in (None, "")}
    return image | hidden


def is_veiled(value: Any) -> bool:
    """Whether `veiled` took this value away."""
    return isinstance(value, dict) and HIDDEN in value


def restore(row: object, image: Mapping[str, Any]) -> None:
    """Set all columns of the image but the row's own id; columns that were dropped since are left out."""
    for name in set(columns_of(type(row))) - {"id"}:
        if name in image:
            setattr(row, name, read(image[name]))


def columns_of(model: type[Any]) -> tuple[str, ...]:
    """Attributes of the model that are columns of its table."""
    attributes = model.__mapper__.column_attrs
    return tuple(attribute.key for attribute in attributes if isinstance(attribute.expression, Column))


def _text(value: Any) -> str:
    return str(value) if isinstance(value, Decimal) else str(value.isoformat())


_KINDS: Mapping[str, type[Any]] = {"decimal": Decimal, "moment": datetime, "date": date, "time": time}
"""A datetime is a date too, so it is asked for first."""

_READ: Mapping[str, Any] = {
    "decimal": Decimal,
    "moment": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
}
