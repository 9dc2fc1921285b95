"""All that a plugin sees of the centre: one typed value, `Plugin`, found by the entry point `siaga.plugins`.

Static data rather than hooks: what a plugin is can be read, checked (`siaga plugin check`) and drawn without running
it. Its functions get a `Reading` or a `Working` and are bounded in time; one that raises concerns that plugin alone.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel

from dispatch.plugins.fields import Fault, Field, Lang, Text, Values
from dispatch.plugins.tables import PluginRow
from dispatch.plugins.work import Heard, NoSettings, Reading, Working, Workshop

API_LEVEL = 1
"""Grows when a plugin written for the level before would no longer run."""

Tone = Literal["plain", "good", "warn", "bad"]
"""Always shown with a shape or a word besides the colour."""


@dataclass(frozen=True, slots=True)
class Permission:
    """A right that an administrator grants to a person; administrators have all."""

    name: str
    label: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something to do with one row besides editing it: publish, pay out, reverse."""

    name: str
    label: Text
    permission: str
    run: Callable[[Working, Any, Values], Awaitable[Text]]
    """Given the row (locked) and what was typed into `fields`; says what was done. May raise Refused."""
    fields: tuple[Field, ...] = ()
    offered: Callable[[Any], bool] = lambda _row: True
    """Whether it makes sense for this row as it is; checked again at the run."""
    confirm: Text | None = None
    """Asked before, where it cannot be undone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A table with its list, form, import and export."""

    name: str
    """Plural noun, part of the address."""
    label: Text
    one: Text
    row: type[PluginRow]
    fields: tuple[Field, ...]
    title: str
    """Name of the field that names a row to people."""
    view_permission: str
    edit_permission: str | None = None
    """None: rows are made by the program alone (a ledger), nobody edits them."""
    search: tuple[str, ...] = ()
    """Fields in which the search box looks."""
    filters: tuple[str, ...] = ()
    order: str = "-created_at"
    """Field to sort by, with '-' for descending."""
    key: tuple[str, ...] = ()
    """Fields that make a row the same one in an import: it is changed then, not doubled."""
    importable: bool = False
    actions: tuple[Action, ...] = ()
    check: Callable[[Values], Sequence[Fault]] | None = None
    """Rules over several fields; pure."""
    saving: Callable[[Working, Any, bool], Awaitable[None]] | None = None
    """Called in the transaction before a row is stored; True: it is new. May raise Refused."""
    personal: tuple[str, ...] = ()
    """Fields of personal data: a row's history says that they changed, and never keeps what they said, so that a
    plugin which erases them has erased them. Such rows are not imported: what can be undone has to be kept."""
    empty: Text = field(default=Text("Belum ada apa-apa di sini.", "There is nothing here yet."))
    """Shown where no row is."""


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    values: tuple[Decimal | int | None, ...]
    """One a label; None: nothing is known, which is drawn as a gap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartData:
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    kind: Literal["line", "bar"] = "line"
    unit: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Names with values beside each other."""

    items: tuple[tuple[str, str], ...]
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()
    """Columns set in tabular figures at the right."""
    title: str = ""
    empty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    text: str
    tone: Tone = "plain"


Block = ChartData | Facts | Table | Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A page that is only read: charts, facts and tables, made anew for what was chosen in `filters`."""

    name: str
    label: Text
    permission: str
    build: Callable[[Reading, Values, Lang], Awaitable[Sequence[Block]]]
    filters: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """One line to fill in."""

    key: str
    label: str
    hint: str = ""
    unit: str = ""
    last: Decimal | None = None
    """The value before this one, shown beside the box; a jump from it asks for confirmation."""
    value: Decimal | None = None
    """What is stored already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Many numbers typed at once on a phone, also without a connection: kept there, sent later, stored once."""

    name: str
    label: Text
    permission: str
    head: tuple[Field, ...]
    """What the whole sheet is about: market and date, member and unit."""
    rows: Callable[[Reading, Values], Awaitable[Sequence[SheetRow]]]
    save: Callable[[Working, Values, Mapping[str, Decimal]], Awaitable[Text]]
    """Stores the boxes that were filled, by key; says what was done. May raise Refused (field: the row's key)."""
    jump: Decimal | None = None
    """Share of the last value (0.25: a quarter) beyond which the person must confirm."""
    places: int = 0
    """Decimals that may be typed."""
    all_rows_offline: bool = True
    """The rows do not depend on the head except for `last`, so a sheet can be begun without a connection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form that does one thing and is not a row's."""

    name: str
    label: Text
    permission: str
    fields: tuple[Field, ...]
    submit: Callable[[Working, Values], Awaitable[Text]]
    hint: Text | None = None


Page = Resource | Report | Sheet | Form


@dataclass(frozen=True, slots=True)
class TileValue:
    """A figure on the supervisor's screen."""

    value: str
    unit: str = ""
    tone: Tone = "plain"
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    name: str
    label: Text
    value: Callable[[Reading, Lang], Awaitable[TileValue]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """A point on the map."""

    id: str
    point: tuple[float, float]
    """(lat, lon), WGS 84."""
    title: str
    text: str = ""
    link: str | None = None
    """Path on this site."""
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    name: str
    label: Text
    features: Callable[[Reading, Lang], Awaitable[Sequence[Feature]]]
    public: bool = False
    """Also served to whoever has no account, for the public pages' maps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Landmark:
    """A place that callers name: found by the console's search box and on its map."""

    id: str
    name: str
    kind: str
    point: tuple[float, float]
    village_code: str | None = None
    variants: tuple[str, ...] = ()
    accuracy_m: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Runs every `every_s` seconds on one of the workers; a run that takes longer than `limit_s` is stopped."""

    name: str
    every_s: float
    run: Callable[[Workshop], Awaitable[None]]
    limit_s: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Called after the commit, at least once and in order, for events of these types (docs/realtime.md)."""

    types: tuple[str, ...]
    handle: Callable[[Workshop, Heard], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A file to take away, as CSV and XLSX, beside those that every resource has."""

    name: str
    label: Text
    columns: tuple[str, ...]
    rows: Callable[[Reading], Awaitable[Sequence[Sequence[Any]]]]
    permission: str | None = None
    """None: open data, for anybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """The whole plugin. Its tables' names, its events and its folder of files carry `name`."""

    name: str
    """a-z, 0-9 and '_', at most 32; never changed later."""
    version: str
    title: Text
    summary: Text
    package: str
    """Import name of its package: templates lie in its folder `templates`."""
    api: int = API_LEVEL
    icon: str = "puzzle"
    """One of the names in docs/plugins.md."""
    pages: tuple[Page, ...] = ()
    """In the order of the menu."""
    permissions: tuple[Permission, ...] = ()
    migrations: Path | None = None
    """Folder of alembic revisions; its version table is `<name>_alembic_version`."""
    settings: type[BaseModel] = NoSettings
    """Every field has a default; a `Text` in its annotation is its label."""
    router: APIRouter | None = None
    """Routes under /api/plugins/<name>/ besides the pages' own."""
    public: APIRouter | None = None
    """Pages for everybody under /<name with hyphens>/."""
    jobs: tuple[Job, ...] = ()
    listeners: tuple[Listener, ...] = ()
    emits: tuple[str, ...] = ()
    tiles: tuple[Tile, ...] = ()
    layers: tuple[Layer, ...] = ()
    exports: tuple[Export, ...] = ()
    landmarks: Callable[[Reading], Awaitable[Sequence[Landmark]]] | None = None
    demo: Callable[[Working, Random], Awaitable[None]] | None = None
    """Plausible content for the demo; called once, on empty tables."""
