"""Imports: a file is checked whole and shown, then written in one transaction, and can be taken back."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.errors import Conflict, NotFound
from dispatch.ids import new_id
from dispatch.plugins.contract import Plugin, Resource
from dispatch.plugins.fields import Fault, Text
from dispatch.plugins.pages.edge import PageCommand
from dispatch.plugins.pages.known import CHUNK, known_for_import
from dispatch.plugins.pages.model import PluginImportRow
from dispatch.plugins.pages.planning import CheckedFile, Key, Planned, check_file, key_of, plan
from dispatch.plugins.pages.reading_files import Sheet, read_file, texts
from dispatch.plugins.pages.refusals import MOST_FAULTS
from dispatch.plugins.pages.views import FaultView, fault_view
from dispatch.plugins.work import Reading, Working
from dispatch.views import View

SAMPLE = 20
"""Lines of the file that its preview shows."""

MOST_SHOWN = 100
"""Imports that the history lists."""

KEEP_UNUSED = timedelta(days=1)
"""How long a checked file may wait to be applied."""

MOST_COMPARED = 200_000
"""Rows of a resource among which an import looks for the same ones."""

MOST_WRITTEN = {"sqlite": 5_000, "postgresql": 10_000}
"""Rows that one import may write: some 0.24 ms each of one core, and the host ends the embedded database's
transaction after 5 s, because calls wait for its one writer. Rows that stay the same do not count."""

CHECKED, APPLIED, UNDONE = "checked", "applied", "undone"


class ImportPreview(View):
    """What applying the file would do. With faults it cannot be applied."""

    id: str
    new: int
    changed: int
    same: int
    faults: tuple[FaultView, ...]
    """The first 200."""
    fault_count: int
    columns: tuple[str, ...]
    """Headings that mean a field."""
    ignored: tuple[str, ...]
    """Headings that mean none."""
    sample: tuple[tuple[str, ...], ...]


class ImportRecord(View):
    id: str
    filename: str
    state: str
    """checked | applied | undone"""
    new: int
    changed: int
    same: int
    at: str
    """ISO 8601, UTC: when it was uploaded, applied or undone, whichever was last."""
    actor_name: str
    """Who did that."""


class ImportList(View):
    items: tuple[ImportRecord, ...]


@dataclass(frozen=True, slots=True)
class Upload:
    """A checked file before it is kept."""

    sheet: Sheet
    checked: CheckedFile
    planned: Planned

    @property
    def faults(self) -> tuple[Fault, ...]:
        return (*self.checked.faults, *self.planned.faults)


async def check_upload(command: PageCommand, plugin: Plugin, resource: Resource, content: bytes) -> Upload:
    """Read and check the file. The long parts run in a thread and hold no connection. Raises Faulty."""
    sheet = await asyncio.to_thread(read_file, content)
    async with command.reading() as reading:
        known = await known_for_import(reading, plugin, resource.fields)
    checked = await asyncio.to_thread(check_file, resource, sheet, known)
    if checked.faults:
        return Upload(sheet, checked, Planned((), 0, 0, 0, ()))
    async with command.reading() as reading:
        rows = await _rows_meant(reading, resource, checked)
        most = MOST_WRITTEN[reading.session.get_bind().dialect.name]
    planned = await asyncio.to_thread(plan, resource, checked, rows)
    return Upload(sheet, checked, _bounded(planned, most))


async def keep(work: Working, plugin: Plugin, resource: Resource, filename: str, upload: Upload) -> ImportPreview:
    """Keep the plan so that it can be applied, and show what it would do."""
    await _forget_unused(work, plugin, resource)
    planned, faults, person = upload.planned, upload.faults, work.person
    row = PluginImportRow(
        id=new_id(work.now),
        plugin=plugin.name,
        resource=resource.name,
        filename=filename,
        at=work.now,
        user_id=person.id if person else None,
        user_name=person.name if person else "",
        state=CHECKED,
        new=planned.new,
        changed=planned.changed,
        same=planned.same,
        faults=len(faults),
        plan="[]" if faults else await asyncio.to_thread(json.dumps, planned.steps),
        images="[]",
    )
    work.session.add(row)
    return _preview(row, upload)


async def get(session: AsyncSession, plugin: Plugin, resource: Resource, id_: str, *, lock: bool) -> PluginImportRow:
    """Raises NotFound."""
    query = select(PluginImportRow).where(
        PluginImportRow.id == id_, PluginImportRow.plugin == plugin.name, PluginImportRow.resource == resource.name
    )
    row = (await session.execute(query.with_for_update() if lock else query)).scalar_one_or_none()
    if row is None:
        raise NotFound("There is no such import any more; upload the file again.", id=id_)
    return row


def require(row: PluginImportRow, state: str, why: str) -> None:
    """Raises Conflict unless the import is in this state."""
    if row.state != state:
        raise Conflict(why, state=row.state)


async def history(reading: Reading, plugin: Plugin, resource: Resource) -> ImportList:
    """Imports that were applied, the newest first."""
    query = (
        select(PluginImportRow)
        .where(PluginImportRow.plugin == plugin.name, PluginImportRow.resource == resource.name)
        .where(PluginImportRow.state.in_((APPLIED, UNDONE)))
        .order_by(PluginImportRow.id.desc())
        .limit(MOST_SHOWN)
    )
    return ImportList(items=tuple(record(row) for row in (await reading.session.execute(query)).scalars()))


def record(row: PluginImportRow) -> ImportRecord:
    at = row.undone_at or row.applied_at or row.at
    return ImportRecord(
        id=row.id,
        filename=row.filename,
        state=row.state,
        new=row.new,
        changed=row.changed,
        same=row.same,
        at=at.isoformat().replace("+00:00", "Z"),
        actor_name=row.undone_by or row.applied_by or row.user_name,
    )


async def _rows_meant(reading: Reading, resource: Resource, checked: CheckedFile) -> dict[Key, Any]:
    """The rows that the file's lines mean, by key; archived ones are not touched."""
    wanted = {key for line in checked.lines if (key := key_of(resource, line.values)) is not None}
    model: Any = resource.row
    columns = [getattr(model, name) for name in resource.key]
    query = select(model.id, *columns).where(model.archived_at.is_(None)).order_by(model.id).limit(MOST_COMPARED)
    ids: dict[str, Key] = {}
    for id_, *parts in (await reading.session.execute(query)).all():
        key = key_of(resource, {name: _none_if_blank(part) for name, part in zip(resource.key, parts, strict=True)})
        if key is not None and key in wanted:
            ids[id_] = key
    return {ids[row.id]: row for row in await rows_by_id(reading.session, resource, list(ids))}


async def rows_by_id(session: AsyncSession, resource: Resource, ids: Sequence[str], *, lock: bool = False) -> list[Any]:
    """The rows with these ids, locked on request in the order of their ids, so that two imports do not block."""
    model: Any = resource.row
    found: list[Any] = []
    wanted = sorted(ids)
    for start in range(0, len(wanted), CHUNK):
        query = select(model).where(model.id.in_(wanted[start : start + CHUNK])).order_by(model.id)
        found += (await session.execute(query.with_for_update() if lock else query)).scalars()
    return found


def _bounded(planned: Planned, most: int) -> Planned:
    """With a fault when it would write more than one transaction may."""
    if len(planned.steps) <= most:
        return planned
    text = Text(
        f"Berkas ini mengubah {len(planned.steps)} baris, paling banyak {most}: bagi menjadi beberapa berkas.",
        f"This file changes {len(planned.steps)} rows, at most {most} at once: send them in several files.",
    )
    return replace(planned, faults=(*planned.faults, Fault("", text)))


def _none_if_blank(value: Any) -> Any:
    return None if value == "" else value


async def _forget_unused(work: Working, plugin: Plugin, resource: Resource) -> None:
    await work.session.execute(
        delete(PluginImportRow).where(
            PluginImportRow.plugin == plugin.name,
            PluginImportRow.resource == resource.name,
            PluginImportRow.state == CHECKED,
            PluginImportRow.at < work.now - KEEP_UNUSED,
        )
    )


def _preview(row: PluginImportRow, upload: Upload) -> ImportPreview:
    columns = upload.checked.columns
    headings = upload.sheet.heading
    meant = [number for number, one in enumerate(columns) if one is not None]
    lines = (texts(cells) for _number, cells in upload.sheet.lines[:SAMPLE])
    faults = upload.faults
    return ImportPreview(
        id=row.id,
        new=row.new,
        changed=row.changed,
        same=row.same,
        faults=tuple(map(fault_view, faults[:MOST_FAULTS])),
        fault_count=len(faults),
        columns=tuple(headings[number] for number in meant),
        ignored=tuple(text for text, one in zip(headings, columns, strict=True) if one is None and text),
        sample=tuple(tuple(cells[number] if number < len(cells) else "" for number in meant) for cells in lines),
    )
