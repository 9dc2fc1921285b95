"""Lists of rows: search, filters, sort and pages by cursor, on both databases in the same order."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.plugins.contract import Plugin, Resource
from dispatch.plugins.fields import Field, Kind
from dispatch.plugins.pages import images
from dispatch.plugins.pages.checking import Known, folded, read
from dispatch.plugins.pages.days import WITA, read_date
from dispatch.plugins.pages.known import resource_of
from dispatch.plugins.pages.refusals import faulty
from dispatch.plugins.pages.wire import field_of
from dispatch.plugins.pages.wrong import Wrong

MOST_ROWS = 200
"""Rows of one page; a screen shows fewer."""

MOST_WORDS = 8
"""Words of a search that are looked for; each is one more scan."""

LONGEST_SEARCH = 200

_TEXTS = (Kind.TEXT, Kind.LONG_TEXT, Kind.PHONE, Kind.LINK)
_NO_ORDER = (Kind.POINT, Kind.PHOTO, Kind.LONG_TEXT)
_OF_EVERY_ROW = ("created_at", "updated_at", "id")
_RANGED = (Kind.INTEGER, Kind.DECIMAL, Kind.MONEY, Kind.DATE, Kind.TIME, Kind.MOMENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a list is asked for. `filters`: field's name → what was typed; 'a..b' is a range of numbers or days."""

    q: str = ""
    cursor: str | None = None
    limit: int = 50
    sort: str | None = None
    archived: bool = False
    """The archived rows instead of the others."""
    filters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listed:
    rows: Sequence[Any]
    next: str | None
    total: int


@dataclass(frozen=True, slots=True)
class Order:
    """One expression, then the id, so that no two rows are equal. Empty ones come last either way."""

    by: ColumnElement[Any]
    descending: bool
    model: Any

    def apply(self, query: Select[Any]) -> Select[Any]:
        by, id_ = (self.by.desc(), self.model.id.desc()) if self.descending else (self.by, self.model.id)
        return query.order_by(self.by.is_(None), by, id_)

    def after(self, value: Any, id_: str) -> ColumnElement[bool]:
        """The rows behind this one."""
        model_id = self.model.id
        behind = model_id < id_ if self.descending else model_id > id_
        if value is None:
            return and_(self.by.is_(None), behind)
        beyond = self.by < value if self.descending else self.by > value
        return or_(beyond, and_(self.by == value, behind), self.by.is_(None))


async def listed(session: AsyncSession, plugin: Plugin, resource: Resource, asked: Asked, known: Known) -> Listed:
    """One page of rows with the cursor of the next. Raises Faulty for a filter or cursor that makes no sense."""
    model: Any = resource.row
    wanted = where(plugin, resource, asked, known)
    total = (await session.execute(select(func.count()).select_from(model).where(wanted))).scalar_one()
    order = ordered(plugin, resource, asked.sort)
    query = select(model, order.by.label("sorted_by")).where(wanted)
    if asked.cursor is not None:
        query = query.where(order.after(*_read_cursor(asked.cursor)))
    limit = max(1, min(asked.limit, MOST_ROWS))
    found = (await session.execute(order.apply(query).limit(limit + 1))).all()
    more = len(found) > limit
    last = found[limit - 1] if more else None
    cursor = _write_cursor(last[1], last[0].id) if last is not None else None
    return Listed([row[0] for row in found[:limit]], cursor, total)


def where(plugin: Plugin, resource: Resource, asked: Asked, known: Known) -> ColumnElement[bool]:
    """The condition of search, filters and archive."""
    model: Any = resource.row
    parts = [model.archived_at.is_not(None) if asked.archived else model.archived_at.is_(None)]
    for word in asked.q[:LONGEST_SEARCH].split()[:MOST_WORDS]:
        found = (_found(plugin, resource, field_of(resource, name), word, known) for name in resource.search)
        parts.append(or_(false(), *found))
    parts += [_filtered(resource, name, text, known) for name, text in asked.filters.items() if text.strip()]
    return and_(*parts)


def ordered(plugin: Plugin, resource: Resource, sort: str | None) -> Order:
    """Raises Faulty for a field that has no order."""
    wanted = sort or resource.order
    name = wanted.removeprefix("-")
    model: Any = resource.row
    descending = wanted.startswith("-")
    if name in _OF_EVERY_ROW or (wanted == resource.order and all(one.name != name for one in resource.fields)):
        return Order(getattr(model, name), descending, model)
    one = next((one for one in resource.fields if one.name == name and one.kind not in _NO_ORDER), None)
    if one is None:
        raise faulty("sort", f"Tidak dapat diurutkan menurut '{name}'.", f"Rows cannot be sorted by '{name}'.")
    return Order(_sortable(plugin, resource, one), descending, model)


def _sortable(plugin: Plugin, resource: Resource, one: Field) -> ColumnElement[Any]:
    column: Any = getattr(resource.row, one.name)
    if one.kind is Kind.REFERENCE:
        target = resource_of(plugin, one.resource or "")
        other: Any = target.row
        title = select(func.lower(cast(getattr(other, target.title), String))).where(other.id == column)
        return title.scalar_subquery()
    return func.lower(column) if one.kind in _TEXTS else column


def _found(plugin: Plugin, resource: Resource, one: Field, word: str, known: Known) -> ColumnElement[bool]:
    """Whether the word stands in the field, as people see it."""
    column: Any = getattr(resource.row, one.name)
    part = folded(word)
    if one.kind in _TEXTS:
        return _contains(column, word)
    if one.kind in (Kind.VILLAGE, Kind.CHOICE) and not part:
        return false()
    if one.kind is Kind.VILLAGE:
        return _among(column, [code for code, name in known.villages.items() if part in folded(name)])
    if one.kind is Kind.CHOICE:
        labels = {choice.value: f"{folded(choice.label.id)} {folded(choice.label.en)}" for choice in one.choices}
        return _among(column, [value for value, label in labels.items() if part in label])
    if one.kind is Kind.REFERENCE:
        target = resource_of(plugin, one.resource or "")
        other: Any = target.row
        titled = select(other.id).where(_contains(cast(getattr(other, target.title), String), word))
        return _truly(column.in_(titled))
    return _contains(cast(column, String), word)


def _contains(column: Any, word: str) -> ColumnElement[bool]:
    return _truly(column.icontains(word, autoescape=True))


def _among(column: Any, values: Sequence[str]) -> ColumnElement[bool]:
    return _truly(column.in_(values)) if values else false()


def _truly(condition: Any) -> ColumnElement[bool]:
    """Gives an untyped column's condition its type."""
    typed: ColumnElement[bool] = condition
    return typed


def _filtered(resource: Resource, name: str, text: str, known: Known) -> ColumnElement[bool]:
    if name not in resource.filters:
        raise faulty(name, f"Tidak ada saringan '{name}'.", f"There is no filter '{name}'.")
    one = field_of(resource, name)
    column: Any = getattr(resource.row, name)
    if one.kind is Kind.REFERENCE:
        return _truly(column == text)
    try:
        if one.kind in _RANGED:
            return _in_range(one, column, text, known)
        if one.kind in _TEXTS:
            return _contains(column, text.strip())
        return _truly(column == read(one, text, known))
    except Wrong as wrong:
        raise faulty(name, wrong.message.id, wrong.message.en) from None


def _in_range(one: Field, column: Any, text: str, known: Known) -> ColumnElement[bool]:
    """'a..b' with both ends; either may be missing. A moment is asked for by its days in WITA."""
    first, dots, last = text.partition("..")
    if not dots:
        last = first
    parts = []
    if first.strip():
        parts.append(column >= _end(one, first, known))
    if last.strip() and one.kind is Kind.MOMENT:
        parts.append(column < midnight(read_date(last) + timedelta(days=1)))
    elif last.strip():
        parts.append(column <= _end(one, last, known))
    return and_(*parts)


def _end(one: Field, text: str, known: Known) -> Any:
    return midnight(read_date(text)) if one.kind is Kind.MOMENT else read(one, text, known)


def midnight(day: date) -> datetime:
    """The day's beginning in the centre's zone."""
    return datetime(day.year, day.month, day.day, tzinfo=WITA)


def _write_cursor(value: Any, id_: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([images.written(value), id_]).encode()).decode()


def _read_cursor(cursor: str) -> tuple[Any, str]:
    try:
        value, id_ = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        return images.read(value), str(id_)
    except (ValueError, TypeError, KeyError, ArithmeticError, binascii.Error):
        raise faulty("cursor", "Halaman ini tidak ada lagi.", "This page is no longer there.") from None
