"""A checked import is written, or taken back: all of it in one transaction, or nothing."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import insert, inspect

from dispatch.errors import Conflict
from dispatch.ids import new_id
from dispatch.plugins.contract import Plugin, Resource
from dispatch.plugins.fields import Fault, Kind, Text
from dispatch.plugins.pages import audit, images
from dispatch.plugins.pages.imports import APPLIED, CHECKED, UNDONE, ImportRecord, get, record, require, rows_by_id
from dispatch.plugins.pages.known import title_of
from dispatch.plugins.pages.model import PluginAuditRow
from dispatch.plugins.pages.refusals import MOST_FAULTS, Faulty, constraints
from dispatch.plugins.pages.rows import fresh
from dispatch.plugins.pages.views import fault_views
from dispatch.plugins.pages.wire import put
from dispatch.plugins.work import Refused, Working

PORTION = 250
"""Rows written at once; between two portions the loop serves calls."""

Step = dict[str, Any]


async def apply(work: Working, plugin: Plugin, resource: Resource, id_: str) -> ImportRecord:
    """Write what was checked. Raises Conflict (applied already, rows changed since), Faulty."""
    kept = await get(work.session, plugin, resource, id_, lock=True)
    require(kept, CHECKED, "This import was applied already.")
    if kept.faults:
        raise Conflict("This file has faults: mend them and upload it again.", faults_left=kept.faults)
    steps: list[Step] = await asyncio.to_thread(json.loads, kept.plan)
    written: list[Step] = []
    for portion in _portions(steps):
        written += await _write(work, plugin, resource, portion)
        await asyncio.sleep(0)
    kept.state, kept.applied_at, kept.applied_by = APPLIED, work.now, _name(work)
    kept.plan, kept.images = "[]", await asyncio.to_thread(json.dumps, written)
    return record(kept)


async def undo(work: Working, plugin: Plugin, resource: Resource, id_: str) -> ImportRecord:
    """Put every row back as it was. Raises Conflict with the reasons when rows were changed since."""
    kept = await get(work.session, plugin, resource, id_, lock=True)
    require(kept, APPLIED, "Only an import that was applied can be undone, and only once.")
    written: list[Step] = await asyncio.to_thread(json.loads, kept.images)
    rows = {row.id: row for row in await rows_by_id(work.session, resource, [one["id"] for one in written], lock=True)}
    _refuse_changed(resource, written, rows)
    for portion in _portions(written):
        await _take_back(work, plugin, resource, portion, rows)
        await asyncio.sleep(0)
    kept.state, kept.undone_at, kept.undone_by = UNDONE, work.now, _name(work)
    kept.images = "[]"
    return record(kept)


async def _write(work: Working, plugin: Plugin, resource: Resource, steps: Sequence[Step]) -> list[Step]:
    """One portion; gives what is needed to take it back."""
    ids = [step["id"] for step in steps if step["id"] is not None]
    rows = {row.id: row for row in await rows_by_id(work.session, resource, ids, lock=True)}
    done: list[tuple[Any, images.Image | None]] = []
    for step in steps:
        row, before = _row_of(work, resource, step, rows)
        _fill(resource, row, step)
        await _saving(work, resource, row, step)
        if before is None:
            work.session.add(row)
        done.append((row, before))
    with constraints(resource.fields, resource.one):
        await work.session.flush()
    for row, _before in done:
        if inspect(row).expired_attributes:
            await work.session.refresh(row)
    entries = [
        audit.line(work, plugin, resource, row.id, "import", before, images.image_of(row)) for row, before in done
    ]
    await work.session.execute(insert(PluginAuditRow), entries)
    return [{"id": row.id, "version": row.version, "before": before} for row, before in done]


def _row_of(work: Working, resource: Resource, step: Step, rows: dict[str, Any]) -> tuple[Any, images.Image | None]:
    """The row to write with its image before; a fresh one without. Raises Conflict when it is not as it was checked."""
    if step["id"] is None:
        return fresh(resource, new_id(work.now), work.now), None
    row = rows.get(step["id"])
    if row is None or row.version != step["version"] or row.archived_at is not None:
        line = step["line"]
        raise Conflict(
            "Rows were changed since the file was checked; upload it again.",
            faults=fault_views(
                [Fault("", Text(f"Baris {line}: data ini sudah diubah.", f"Line {line}: this row was changed."), line)]
            ),
        )
    before = images.image_of(row)
    row.version += 1
    row.updated_at = work.now
    return row, before


def _fill(resource: Resource, row: Any, step: Step) -> None:
    for one in resource.fields:
        if one.name in step["values"]:
            value = images.read(step["values"][one.name])
            put(row, one, tuple(value) if one.kind is Kind.POINT and value else value)


async def _saving(work: Working, resource: Resource, row: Any, step: Step) -> None:
    if resource.saving is None:
        return
    try:
        await resource.saving(work, row, step["id"] is None)
    except Refused as refused:
        raise Faulty([Fault(refused.field or "", refused.message, step["line"])]) from refused


def _refuse_changed(resource: Resource, written: Sequence[Step], rows: dict[str, Any]) -> None:
    """Raises Conflict that names the rows which are no longer as the import left them."""
    reasons: list[Fault] = []
    for one in written:
        row = rows.get(one["id"])
        if row is None:
            reasons.append(Fault("", Text("Satu data sudah tidak ada.", "One of the rows is gone.")))
        elif row.version != one["version"]:
            title = title_of(row, resource)
            reasons.append(Fault("", Text(f"'{title}' sudah diubah sesudahnya.", f"'{title}' was changed since.")))
    if reasons:
        raise Conflict(
            f"This import cannot be undone: {len(reasons)} of its rows were changed since.",
            faults=fault_views(reasons[:MOST_FAULTS]),
        )


async def _take_back(
    work: Working, plugin: Plugin, resource: Resource, portion: Sequence[Step], rows: dict[str, Any]
) -> None:
    entries = []
    for one in portion:
        row = rows[one["id"]]
        after = images.image_of(row)
        if one["before"] is None:
            await work.session.delete(row)
            entries.append(audit.line(work, plugin, resource, row.id, "undo", after, None))
            continue
        images.restore(row, one["before"])
        row.version, row.updated_at = one["version"] + 1, work.now
        entries.append(audit.line(work, plugin, resource, row.id, "undo", after, images.image_of(row)))
    with constraints(resource.fields, resource.one):
        await work.session.flush()
    await work.session.execute(insert(PluginAuditRow), entries)


def _portions(steps: Sequence[Step]) -> Iterator[Sequence[Step]]:
    for start in range(0, len(steps), PORTION):
        yield steps[start : start + PORTION]


def _name(work: Working) -> str:
    return work.person.name if work.person else ""
