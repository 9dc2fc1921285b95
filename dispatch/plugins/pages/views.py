"""What the pages answer with, as JSON."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from dispatch.plugins.fields import Fault, Text
from dispatch.views import View, Words


class FaultView(View):
    field: str
    message: Words
    row: int | None = None


class RowView(View):
    """One row as its page shows it."""

    id: str
    version: int
    title: str
    values: dict[str, Any]
    shown: dict[str, str]
    """Texts for values that are codes: references, villages."""
    actions: tuple[str, ...]
    archived_at: datetime | None
    updated_at: datetime


class RowList(View):
    items: tuple[RowView, ...]
    next: str | None
    """Cursor of the next page; None at the end."""
    total: int


class ChoiceView(View):
    id: str
    title: str


class Done(View):
    """What was done, in people's words."""

    message: Words


class ActionDone(View):
    message: Words
    row: RowView


class Change(View):
    """One field of a change."""

    field: str
    label: Words
    before: Any
    after: Any


class HistoryItem(View):
    id: str
    at: datetime
    by: str
    act: str
    changes: tuple[Change, ...]


class ValuesBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    values: dict[str, Any]


def words(text: Text) -> Words:
    return Words(id=text.id, en=text.en)


def fault_views(faults: Sequence[Fault]) -> list[dict[str, Any]]:
    """For the details of a problem."""
    return [FaultView(field=one.field, message=words(one.message), row=one.row).model_dump() for one in faults]


def filled(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is empty."""
    return {name: value for name, value in values.items() if value is not None}
