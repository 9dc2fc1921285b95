"""Texts and fields: how a plugin describes what people read and type. Pure, so that rules may use it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal, NamedTuple

Lang = Literal["id", "en"]


class Text(NamedTuple):
    """One text for people in both languages."""

    id: str
    en: str

    def in_(self, lang: Lang) -> str:
        """The text in `lang`."""
        return self.en if lang == "en" else self.id


class Kind(StrEnum):
    """What a field holds, and so how it is typed, checked, shown, imported and exported."""

    TEXT = "text"
    """One line."""
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    """A Decimal, sent as text so that nothing is lost on the way."""
    MONEY = "money"
    """Whole rupiah, an int."""
    DATE = "date"
    TIME = "time"
    MOMENT = "moment"
    """UTC, shown in WITA."""
    BOOLEAN = "boolean"
    CHOICE = "choice"
    POINT = "point"
    """WGS 84: two columns, `<name>_lat` and `<name>_lon`; typed on a map or as 'lat, lon'."""
    VILLAGE = "village"
    """The official code of one of the centre's villages."""
    REFERENCE = "reference"
    """The id of a row of another resource of the same plugin."""
    LINK = "link"
    """https address."""
    PHONE = "phone"
    PHOTO = "photo"
    """Id of an uploaded picture."""


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One value of a row, a form or a filter. `name` is the row's attribute."""

    name: str
    label: Text
    kind: Kind = Kind.TEXT
    required: bool = False
    hint: Text | None = None
    choices: tuple[Choice, ...] = ()
    """Of a CHOICE."""
    resource: str | None = None
    """Of a REFERENCE: the resource's name."""
    least: Decimal | None = None
    """Smallest number allowed."""
    most: Decimal | None = None
    """Largest number allowed."""
    longest: int = 200
    """Characters of a text; LONG_TEXT usually sets more."""
    unit: Text | None = None
    default: str | None = None
    """What an empty form begins with; 'today' of a DATE is the day in the centre's zone."""
    typed: bool = True
    """False: shown, never typed (the program sets it)."""
    in_list: bool = True
    """A column of the list."""
    example: str = ""
    """For the import's template."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a value, in people's words. `field` is empty where it concerns the whole row."""

    field: str
    message: Text
    row: int | None = None
    """Of an import: the line in the file, the heading is 1."""


Values = Mapping[str, Any]
"""Checked values by field name: str, int, Decimal, date, time, datetime, bool, (lat, lon) or None."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of checking what somebody typed: either faults, or values that may be stored."""

    values: dict[str, Any]
    faults: tuple[Fault, ...] = field(default=())
