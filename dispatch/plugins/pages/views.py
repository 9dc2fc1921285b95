"""What the pages answer with, as JSON."""

from collections.abc import Sequence
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
    before_shown: str | None
    """What a reference or a village is called now."""
    after_shown: str | None
    hidden: bool
    """Personal: it changed, and what it said is not kept."""


class HistoryItem(View):
    id: str
    at: datetime
    actor_name: str
    """As it was then."""
    what: str
    """create | edit | archive | restore | import | undo | action:<name>"""
    label: Words | None
    """Of an action: what it is called; None where the plugin has it no more."""
    changes: tuple[Change, ...]


class History(View):
    items: tuple[HistoryItem, ...]


class ValuesBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    values: dict[str, Any]


def words(text: Text) -> Words:
    return Words(id=text.id, en=text.en)


def fault_view(fault: Fault) -> FaultView:
    return FaultView(field=fault.field, message=words(fault.message), row=fault.row)


def fault_views(faults: Sequence[Fault]) -> list[dict[str, Any]]:
    """For the details of a problem."""
    return [fault_view(one).model_dump() for one in faults]
