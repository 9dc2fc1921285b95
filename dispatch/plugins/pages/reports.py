"""Reports: blocks of charts, facts, tables and notes, made anew for what was chosen."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from dispatch.plugins.contract import Block, ChartData, Facts, Note, Plugin, Report, Table, Tone
from dispatch.plugins.fields import Field, Kind, Lang
from dispatch.plugins.pages.checking import check, is_empty
from dispatch.plugins.pages.days import WITA
from dispatch.plugins.pages.known import known_for
from dispatch.plugins.pages.numbers import write_decimal
from dispatch.plugins.pages.refusals import Faulty, told
from dispatch.plugins.work import Reading
from dispatch.views import View


class SeriesView(View):
    name: str
    values: tuple[int | str | None, ...]


class ChartView(View):
    kind: Literal["chart"] = "chart"
    style: Literal["line", "bar"]
    labels: tuple[str, ...]
    series: tuple[SeriesView, ...]
    unit: str
    title: str


class FactsView(View):
    kind: Literal["facts"] = "facts"
    items: tuple[tuple[str, str], ...]
    title: str


class TableView(View):
    kind: Literal["table"] = "table"
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...]
    title: str
    empty: str


class NoteView(View):
    kind: Literal["note"] = "note"
    text: str
    tone: Tone


class ReportView(View):
    blocks: tuple[ChartView | FactsView | TableView | NoteView, ...]


async def build(reading: Reading, plugin: Plugin, report: Report, given: Mapping[str, Any], lang: Lang) -> ReportView:
    """The report for what was chosen; what was not is the filter's default. Raises Faulty."""
    defaults = {one.name: _default(one, reading) for one in report.filters if one.default is not None}
    chosen = defaults | {name: text for name, text in given.items() if not is_empty(text)}
    checked = check(report.filters, chosen, await known_for(reading, plugin, report.filters, chosen))
    if checked.faults:
        raise Faulty(checked.faults)
    with told():
        blocks = await report.build(reading, checked.values, lang)
    return ReportView(blocks=tuple(_view(block) for block in blocks))


def _default(one: Field, reading: Reading) -> str | None:
    if one.kind is Kind.DATE and one.default == "today":
        return reading.now.astimezone(WITA).date().isoformat()
    return one.default


def _view(block: Block) -> ChartView | FactsView | TableView | NoteView:
    match block:
        case ChartData():
            series = tuple(SeriesView(name=one.name, values=tuple(map(_sent, one.values))) for one in block.series)
            return ChartView(style=block.kind, labels=block.labels, series=series, unit=block.unit, title=block.title)
        case Facts():
            return FactsView(items=block.items, title=block.title)
        case Table():
            return TableView(
                columns=block.columns, rows=block.rows, numeric=block.numeric, title=block.title, empty=block.empty
            )
        case Note():
            return NoteView(text=block.text, tone=block.tone)


def _sent(value: Decimal | int | None) -> int | str | None:
    return write_decimal(value) if isinstance(value, Decimal) else value
