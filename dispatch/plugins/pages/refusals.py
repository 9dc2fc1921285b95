"""How a page says no: faults by field as a problem, a plugin's Refused, a database's constraint."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError

from dispatch.errors import Invalid
from dispatch.plugins.fields import Fault, Field, Text
from dispatch.plugins.pages.views import fault_views
from dispatch.plugins.work import Refused

_COLUMNS = re.compile(r"key \(.+|constraint failed: [\w., ]+|column \"\w+\"")
"""Where PostgreSQL and SQLite name the columns of a broken constraint, in lower case."""

MOST_FAULTS = 200
"""Faults sent to a screen; nobody reads more before mending the file."""


class Faulty(Invalid):
    """The request cannot be understood: `details['field']` names what and `detail` why."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        first = faults[0]
        super().__init__(first.message.en, field=first.field, faults=fault_views(faults[:MOST_FAULTS]))
        self.faults = tuple(faults)


def faulty(field: str, id_: str, en: str) -> Faulty:
    return Faulty([Fault(field, Text(id_, en))])


@contextmanager
def told() -> Iterator[None]:
    """A plugin's Refused becomes a fault of the field that it names."""
    try:
        yield
    except Refused as refused:
        raise Faulty([Fault(refused.field or "", refused.message)]) from refused


@contextmanager
def constraints(fields: Sequence[Field], label: Text) -> Iterator[None]:
    """A broken constraint becomes a fault that names the field, else `label`; nothing was done. Raises Faulty."""
    try:
        yield
    except IntegrityError as error:
        raise Faulty([_broken(fields, label, _said(error))]) from error


def _said(error: IntegrityError) -> str:
    """The database's message; of PostgreSQL's detail the part that names columns, before the values."""
    detail = str(getattr(error.orig.__cause__, "detail", None) or "") if error.orig else ""
    return f"{error.orig} {detail.partition(')=(')[0]}"


def _broken(fields: Sequence[Field], label: Text, message: str) -> Fault:
    low = message.casefold()
    one = _named(fields, low)
    label = one.label if one else label
    if "unique" in low:
        text = Text(f"{label.id}: sudah dipakai oleh data lain.", f"{label.en}: another row has it already.")
    elif "not null" in low or "not-null" in low:
        text = Text(f"{label.id}: harus diisi.", f"{label.en}: must be filled in.")
    elif "foreign key" in low:
        text = Text(f"{label.id}: terkait dengan data lain.", f"{label.en}: other rows hang on it.")
    else:
        text = Text(f"{label.id}: nilainya tidak boleh.", f"{label.en}: this value is not allowed.")
    return Fault(one.name if one else "", text)


def _named(fields: Sequence[Field], message: str) -> Field | None:
    """The first field whose column the database names; never looked for in the values that it repeats."""
    match = _COLUMNS.search(message)
    named = set(re.findall(r"\w+", match[0])) if match else set()
    return next((one for one in fields if one.name in named), None)
