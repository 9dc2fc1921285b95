"""Sheets: many numbers typed at once; a jump from the last value must be confirmed before anything is stored."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from dispatch.errors import Conflict
from dispatch.plugins.contract import Plugin, Sheet, SheetRow
from dispatch.plugins.fields import Fault, Text
from dispatch.plugins.pages.checking import check, is_empty
from dispatch.plugins.pages.known import known_for
from dispatch.plugins.pages.numbers import LARGEST, read_decimal, read_whole, write_decimal
from dispatch.plugins.pages.refusals import Faulty, constraints, told
from dispatch.plugins.pages.views import Done, words
from dispatch.plugins.pages.wire import received
from dispatch.plugins.pages.wrong import Wrong
from dispatch.plugins.work import Reading, Working
from dispatch.views import View

MOST_ENTRIES = 2000
"""Boxes of one sheet; a market has some hundred goods."""

_PLAIN = re.compile(r"\d{1,13}\.\d{1,6}", re.ASCII)
"""As a scale shows grams and the face sends them: '2.750' is no 2750 here."""


class SheetRowView(View):
    key: str
    label: str
    hint: str
    unit: str
    last: str | None
    value: str | None


class SheetView(View):
    rows: tuple[SheetRowView, ...]


class SheetBody(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"head": {"day": "2026-11-24"}, "entries": {"rice": "14500"}}]},
    )

    head: dict[str, Any]
    entries: Annotated[dict[str, str | int | float | None], Field(max_length=MOST_ENTRIES)]
    confirmed: Annotated[list[str], Field(max_length=MOST_ENTRIES)] = Field(default_factory=list)
    """Keys whose jump the person has confirmed."""


async def show(reading: Reading, plugin: Plugin, sheet: Sheet, given: Mapping[str, Any]) -> SheetView:
    """The lines to fill in. Without the whole head only a sheet whose lines do not depend on it has any."""
    wanted = [one for one in sheet.head if one.required and is_empty(given.get(one.name))]
    if wanted and not sheet.all_rows_offline:
        return SheetView(rows=())
    fields = tuple(replace(one, required=False) for one in sheet.head)
    checked = check(fields, given, await known_for(reading, plugin, fields, given))
    if checked.faults:
        raise Faulty(checked.faults)
    with told():
        rows = await sheet.rows(reading, checked.values)
    return SheetView(rows=tuple(_view(row) for row in rows))


async def save(work: Working, plugin: Plugin, sheet: Sheet, body: SheetBody) -> Done:
    """Store what was filled in. Raises Faulty (field: the head's, or a row's key), Conflict with `jumps`."""
    checked = check(sheet.head, received(sheet.head, body.head), await known_for(work, plugin, sheet.head, body.head))
    if checked.faults:
        raise Faulty(checked.faults)
    with told(), constraints(sheet.head, sheet.label):
        rows = await sheet.rows(work, checked.values)
        entries = _entries(sheet, rows, body.entries)
        _confirm(sheet, rows, entries, body.confirmed)
        message = await sheet.save(work, checked.values, entries)
        await work.session.flush()
    return Done(message=words(message))


def jumps(sheet: Sheet, rows: Sequence[SheetRow], entries: Mapping[str, Decimal]) -> list[str]:
    """Keys of the values that lie further from the last one than the sheet lets pass. From zero nothing jumps."""
    if sheet.jump is None:
        return []
    last = {row.key: row.last for row in rows if row.last}
    return [key for key, value in entries.items() if key in last and _jumps(value, last[key], sheet.jump)]


def _jumps(value: Decimal, last: Decimal | None, share: Decimal) -> bool:
    return last is not None and abs(value - last) > share * abs(last)


def _confirm(sheet: Sheet, rows: Sequence[SheetRow], entries: Mapping[str, Decimal], confirmed: Sequence[str]) -> None:
    unconfirmed = [key for key in jumps(sheet, rows, entries) if key not in confirmed]
    if unconfirmed:
        raise Conflict("Some values differ much from the last ones: confirm them.", jumps=unconfirmed)


def _entries(sheet: Sheet, rows: Sequence[SheetRow], typed: Mapping[str, Any]) -> dict[str, Decimal]:
    """The boxes that were filled. Raises Faulty."""
    labels = {row.key: row.label for row in rows}
    entries: dict[str, Decimal] = {}
    faults: list[Fault] = []
    for key, raw in typed.items():
        if is_empty(raw):
            continue
        try:
            if key not in labels:
                raise Wrong("baris ini tidak ada lagi", "this line is no longer there")
            entries[key] = _number(sheet, raw)
        except Wrong as wrong:
            label = labels.get(key, key)
            faults.append(Fault(key, Text(f"{label}: {wrong.message.id}.", f"{label}: {wrong.message.en}.")))
    if not entries and not faults:
        faults.append(Fault("", Text("Belum ada angka yang diisi.", "No number was filled in.")))
    if faults:
        raise Faulty(faults)
    return entries


def _number(sheet: Sheet, raw: Any) -> Decimal:
    if sheet.places == 0:
        return Decimal(read_whole(raw, int(LARGEST)))
    plain = isinstance(raw, str) and _PLAIN.fullmatch(raw)
    number = read_decimal(Decimal(str(raw)) if plain else raw)
    if number != round(number, sheet.places):
        raise Wrong(f"paling banyak {sheet.places} angka di belakang koma", f"at most {sheet.places} decimals")
    return number


def _view(row: SheetRow) -> SheetRowView:
    return SheetRowView(
        key=row.key,
        label=row.label,
        hint=row.hint,
        unit=row.unit,
        last=None if row.last is None else write_decimal(row.last),
        value=None if row.value is None else write_decimal(row.value),
    )
