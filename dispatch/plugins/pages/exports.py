"""Rows as files: CSV and XLSX that spreadsheets open as they are and that our own import reads back.

CSV is UTF-8 with a byte order mark and ';' with a decimal comma, because Excel set to Indonesian takes a file with ','
for one column and '1.5' for a date; whoever wants commas says `separator=comma`.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

import phonenumbers
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from dispatch.plugins.contract import Plugin, Resource
from dispatch.plugins.fields import Field, Kind, Lang
from dispatch.plugins.pages.checking import Known, clean
from dispatch.plugins.pages.days import WITA
from dispatch.plugins.pages.known import Shown, shown_for
from dispatch.plugins.pages.listing import MOST_ROWS, Asked, listed
from dispatch.plugins.pages.numbers import write_decimal
from dispatch.plugins.pages.wire import value_of
from dispatch.plugins.work import Reading

MOST_EXPORTED = 50_000
"""Rows of one file."""

Separator = Literal["semicolon", "comma"]

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula (OWASP 'CSV injection')."""

_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]")

YES, NO = "ya", "tidak"

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Cell = str | int | Decimal | datetime | Any


async def table_of(
    reading: Reading, plugin: Plugin, resource: Resource, asked: Asked, known: Known, lang: Lang
) -> list[list[Any]]:
    """The heading and all rows that the list would show, page by page."""
    table: list[list[Any]] = [[heading(one, lang) for one in resource.fields]]
    while len(table) <= MOST_EXPORTED:
        page = await listed(reading.session, plugin, resource, asked, known)
        shown = await shown_for(reading, plugin, resource, page.rows)
        table += [[cell(one, value_of(row, one), shown, lang) for one in resource.fields] for row in page.rows]
        for row in page.rows:
            reading.session.expunge(row)
        if page.next is None:
            break
        asked = replace(asked, cursor=page.next, limit=MOST_ROWS)
    return table


def heading(one: Field, lang: Lang) -> str:
    label = one.label.in_(lang)
    return f"{label} ({one.unit.in_(lang)})" if one.unit else label


def cell(one: Field, value: Any, shown: Shown, lang: Lang) -> Any:
    """The value as people read it, and as the import takes it back."""
    if value is None:
        return None
    match one.kind:
        case Kind.VILLAGE | Kind.REFERENCE:
            return shown.text(one, value)
        case Kind.CHOICE:
            return next((choice.label.in_(lang) for choice in one.choices if choice.value == value), value)
        case Kind.BOOLEAN:
            return YES if value else NO
        case Kind.POINT:
            return f"{value[0]}, {value[1]}"
        case Kind.PHONE:
            return _dialled(value)
        case Kind.MOMENT:
            return value.astimezone(WITA).replace(tzinfo=None)
        case _:
            return value


def csv_bytes(table: Iterable[Sequence[Any]], separator: Separator = "semicolon") -> bytes:
    """The table as a CSV file."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if separator == "semicolon" else ",")
    for row in table:
        writer.writerow([_in_csv(value, separator) for value in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def xlsx_bytes(sheets: Sequence[tuple[str, Iterable[Sequence[Any]]]]) -> bytes:
    """Named tables as an XLSX file, their headings bold; takes seconds for many rows, so call it in a thread."""
    book = Workbook(write_only=True)
    for name, table in sheets:
        sheet = book.create_sheet(_NOT_IN_TITLES.sub(" ", name)[:31])
        sheet.freeze_panes = "A2"
        for number, row in enumerate(table):
            cells = [_in_xlsx(value) for value in row]
            sheet.append([_bold(sheet, value) for value in cells] if number == 0 else cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def escaped(text: str) -> str:
    """With an apostrophe before what a spreadsheet would run."""
    return f"'{text}" if text.startswith(FORMULA) else text


def unescaped(text: str) -> str:
    """What `escaped` had."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def _dialled(number: str) -> str:
    """As it is dialled here, so that it does not begin like a formula."""
    if not number.startswith("+"):
        return number
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    if parsed.country_code != 62:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)


def _in_csv(value: Any, separator: Separator) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, Decimal | float):
        text = write_decimal(Decimal(str(value)))
        return text.replace(".", ",") if separator == "semicolon" else text
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return escaped(value) if isinstance(value, str) else str(value)


def _in_xlsx(value: Any) -> Any:
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, str):
        return escaped(clean(value, lines=True))
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return value


def _bold(sheet: Any, value: Any) -> WriteOnlyCell:
    made = WriteOnlyCell(sheet, value=value)
    made.font = Font(bold=True)
    return made
