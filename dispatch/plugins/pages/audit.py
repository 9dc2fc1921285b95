"""Who changed which row, how: written with each change, read as the row's history."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.ids import new_id
from dispatch.plugins.contract import Plugin, Resource
from dispatch.plugins.fields import Field, Kind
from dispatch.plugins.pages import images
from dispatch.plugins.pages.model import PluginAuditRow
from dispatch.plugins.pages.views import Change, History, HistoryItem, words
from dispatch.plugins.pages.wire import sent
from dispatch.plugins.work import Working

MOST_CHANGES = 200
"""Of one row's history that are shown, the newest."""


def line(
    work: Working,
    plugin: Plugin,
    resource: Resource,
    row_id: str,
    act: str,
    before: images.Image | None,
    after: images.Image | None,
) -> dict[str, Any]:
    """One line of the audit by column, so that many are inserted at once."""
    person = work.person
    return {
        "id": new_id(work.now),
        "at": work.now,
        "user_id": person.id if person else None,
        "user_name": person.name if person else "",
        "plugin": plugin.name,
        "resource": resource.name,
        "row_id": row_id,
        "version": after["version"] if after else (before or {}).get("version", 0) + 1,
        "act": act,
        "before": before,
        "after": after,
    }


def note(
    work: Working,
    plugin: Plugin,
    resource: Resource,
    row_id: str,
    act: str,
    before: images.Image | None,
    after: images.Image | None,
) -> None:
    """Write the change of one row with the transaction."""
    work.session.add(PluginAuditRow(**line(work, plugin, resource, row_id, act, before, after)))


async def history(session: AsyncSession, plugin: Plugin, resource: Resource, row_id: str) -> History:
    """The row's changes, newest first."""
    mine = (
        PluginAuditRow.plugin == plugin.name,
        PluginAuditRow.resource == resource.name,
        PluginAuditRow.row_id == row_id,
    )
    newest = (PluginAuditRow.version.desc(), PluginAuditRow.id.desc())
    query = select(PluginAuditRow).where(*mine).order_by(*newest).limit(MOST_CHANGES)
    return History(items=tuple(_item(resource, row) for row in (await session.execute(query)).scalars()))


def _item(resource: Resource, row: PluginAuditRow) -> HistoryItem:
    before, after = row.before or {}, row.after or {}
    changes = tuple(
        Change(field=one.name, label=words(one.label), before=_sent(before, one), after=_sent(after, one))
        for one in resource.fields
        if _sent(before, one) != _sent(after, one)
    )
    return HistoryItem(id=row.id, at=row.at, actor_name=row.user_name, what=row.act, changes=changes)


def _sent(image: Mapping[str, Any], one: Field) -> Any:
    """The field's value in an image, as JSON says it to a screen."""
    if one.kind is Kind.POINT:
        lat, lon = image.get(f"{one.name}_lat"), image.get(f"{one.name}_lon")
        return None if lat is None or lon is None else sent((lat, lon))
    value = sent(images.read(image.get(one.name)))
    return None if value == "" else value
