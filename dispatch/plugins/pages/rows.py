"""Rows: made, edited, archived, acted on. Each change is one transaction with its line in the audit."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.errors import Conflict, NotFound
from dispatch.ids import new_id
from dispatch.plugins.contract import Action, Plugin, Resource
from dispatch.plugins.fields import Kind, Values
from dispatch.plugins.pages import audit, images
from dispatch.plugins.pages.checking import check
from dispatch.plugins.pages.known import Shown, known_for, shown_for, title_of
from dispatch.plugins.pages.listing import Asked, listed
from dispatch.plugins.pages.refusals import Faulty, constraints, told
from dispatch.plugins.pages.views import ActionDone, ChoiceView, RowList, RowView, words
from dispatch.plugins.pages.wire import field_of, put, received, sent_all, value_of, values_of
from dispatch.plugins.work import Person, Reading, Working

MOST_CHOICES = 20
"""Rows offered in a reference's box; more typing narrows them."""


async def list_rows(reading: Reading, plugin: Plugin, resource: Resource, asked: Asked) -> RowList:
    """One page of rows as JSON."""
    known = await known_for(reading, plugin, (), {})
    page = await listed(reading.session, plugin, resource, asked, known)
    shown = await shown_for(reading, plugin, resource, page.rows)
    items = tuple(view(row, resource, shown, reading.person) for row in page.rows)
    return RowList(items=items, next=page.next, total=page.total)


async def choices(reading: Reading, plugin: Plugin, resource: Resource, q: str) -> list[ChoiceView]:
    """Rows to refer to, by what was typed of their title."""
    asked = Asked(q=q, limit=MOST_CHOICES)
    known = await known_for(reading, plugin, (), {})
    page = await listed(reading.session, plugin, _by_title(resource), asked, known)
    shown = await shown_for(reading, plugin, resource, page.rows)
    return [ChoiceView(id=row.id, title=title_of(row, resource, shown)) for row in page.rows]


async def get(session: AsyncSession, resource: Resource, id_: str, *, lock: bool = False) -> Any:
    """The row, locked on request until the end of the transaction. Raises NotFound."""
    model: Any = resource.row
    query = select(model).where(model.id == id_)
    row = (await session.execute(query.with_for_update() if lock else query)).scalar_one_or_none()
    if row is None:
        raise NotFound(f"There is no such {resource.one.en}.", id=id_)
    return row


async def get_view(reading: Reading, plugin: Plugin, resource: Resource, id_: str) -> RowView:
    return await view_of(reading, plugin, resource, await get(reading.session, resource, id_))


async def view_of(reading: Reading, plugin: Plugin, resource: Resource, row: Any) -> RowView:
    """One row as JSON."""
    return view(row, resource, await shown_for(reading, plugin, resource, [row]), reading.person)


def view(row: Any, resource: Resource, shown: Shown, person: Person | None) -> RowView:
    values = values_of(row, resource)
    texts = {one.name: shown.text(one, values[one.name]) for one in resource.fields}
    offered = () if row.archived_at is not None else resource.actions
    return RowView(
        id=row.id,
        version=row.version,
        title=title_of(row, resource, shown),
        values=sent_all(values),
        shown={name: text for name, text in texts.items() if text is not None},
        actions=tuple(one.name for one in offered if may(person, one.permission) and one.offered(row)),
        archived_at=row.archived_at,
        updated_at=row.updated_at,
    )


def may(person: Person | None, permission: str | None) -> bool:
    return person is not None and permission is not None and permission in person.permissions


async def create(work: Working, plugin: Plugin, resource: Resource, given: Mapping[str, Any]) -> RowView:
    """A new row. Raises Faulty."""
    values = await _checked(work, plugin, resource, given, {})
    row = fresh(resource, new_id(work.now), work.now)
    await write(work, resource, row, values, new=True)
    audit.note(work, plugin, resource, row.id, "create", None, images.image_of(row))
    return await view_of(work, plugin, resource, row)


async def edit(
    work: Working, plugin: Plugin, resource: Resource, id_: str, version: int, given: Mapping[str, Any]
) -> RowView:
    """Set the values given; the others stay. Raises Conflict for an old version, Faulty, NotFound."""
    row = await _editable(work.session, resource, id_, version)
    before = images.image_of(row)
    values = await _checked(work, plugin, resource, given, values_of(row, resource))
    await write(work, resource, row, values, new=False)
    audit.note(work, plugin, resource, row.id, "edit", before, images.image_of(row))
    return await view_of(work, plugin, resource, row)


async def archive(work: Working, plugin: Plugin, resource: Resource, id_: str, at: datetime | None) -> RowView:
    """Take the row out of the lists, or (`at` None) back into them; nothing happens when it is so already."""
    row = await get(work.session, resource, id_, lock=True)
    if (row.archived_at is None) == (at is None):
        return await view_of(work, plugin, resource, row)
    before = images.image_of(row)
    row.archived_at = at
    await _flush(work, resource, row, new=False)
    act = "restore" if at is None else "archive"
    audit.note(work, plugin, resource, row.id, act, before, images.image_of(row))
    return await view_of(work, plugin, resource, row)


async def act(
    work: Working, plugin: Plugin, resource: Resource, action: Action, id_: str, given: Mapping[str, Any]
) -> ActionDone:
    """Run an action on the locked row. Raises Conflict when it makes no sense any more, Faulty."""
    known = await known_for(work, plugin, action.fields, given)
    checked = check(action.fields, received(action.fields, given), known)
    if checked.faults:
        raise Faulty(checked.faults)
    row = await get(work.session, resource, id_, lock=True)
    if row.archived_at is not None or not action.offered(row):
        raise Conflict(f"'{action.label.en}' makes no sense for this {resource.one.en} any more.", id=id_)
    before = images.image_of(row)
    with told(), constraints(resource.fields, resource.one):
        message = await action.run(work, row, checked.values)
        await work.session.flush()
    await _note_action(work, plugin, resource, action, row, before)
    return ActionDone(message=words(message), row=await view_of(work, plugin, resource, row))


async def _note_action(
    work: Working, plugin: Plugin, resource: Resource, action: Action, row: Any, before: images.Image
) -> None:
    """An action that changed the row makes it a new version, whether its author thought of it or not."""
    if images.image_of(row) != before and row.version == before["version"]:
        row.version += 1
        row.updated_at = work.now
        await work.session.flush()
    after = images.image_of(row)
    audit.note(work, plugin, resource, row.id, f"action:{action.name}", before, after)


def fresh(resource: Resource, id_: str, now: datetime) -> Any:
    """A new row whose typed fields are empty."""
    row: Any = resource.row()
    row.id, row.version, row.created_at, row.updated_at, row.archived_at = id_, 1, now, now, None
    for one in resource.fields:
        if one.typed:
            put(row, one, None)
    return row


async def write(work: Working, resource: Resource, row: Any, values: Values, *, new: bool) -> None:
    """Put checked values into the row and store it. Raises Faulty."""
    for one in resource.fields:
        if one.name in values:
            put(row, one, values[one.name])
    await _flush(work, resource, row, new=new)


async def _flush(work: Working, resource: Resource, row: Any, *, new: bool) -> None:
    if not new:
        row.version += 1
        row.updated_at = work.now
    with told(), constraints(resource.fields, resource.one):
        if resource.saving is not None:
            await resource.saving(work, row, new)
        work.session.add(row)
        await work.session.flush()
        if inspect(row).expired_attributes:
            await work.session.refresh(row)


async def _editable(session: AsyncSession, resource: Resource, id_: str, version: int) -> Any:
    row = await get(session, resource, id_, lock=True)
    if row.version != version:
        raise Conflict("Somebody changed this meanwhile; look at it again.", version=row.version)
    if row.archived_at is not None:
        raise Conflict("This is archived; restore it first.", version=row.version)
    return row


async def _checked(
    work: Working, plugin: Plugin, resource: Resource, given: Mapping[str, Any], have: Mapping[str, Any]
) -> dict[str, Any]:
    """The values of the fields that were given (all typed ones of a new row). Raises Faulty."""
    fields = [one for one in resource.fields if not have or one.name in given]
    checked = check(fields, received(fields, given), await known_for(work, plugin, fields, given))
    faults = list(checked.faults)
    if resource.check is not None and not faults:
        with told():
            faults += resource.check({**have, **checked.values})
    if faults:
        raise Faulty(faults)
    return checked.values


def _by_title(resource: Resource) -> Resource:
    """The resource as its box of choices lists it."""
    one = field_of(resource, resource.title)
    order = resource.order if one.kind in (Kind.POINT, Kind.PHOTO, Kind.LONG_TEXT) else resource.title
    return replace(resource, search=(resource.title,), order=order)


def changed(row: Any, resource: Resource, values: Mapping[str, Any]) -> bool:
    """Whether any of the values differs from the row's."""
    return any(value_of(row, one) != values[one.name] for one in resource.fields if one.name in values)
