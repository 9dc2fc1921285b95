"""Who changed which row, how: written with each change, read as the row's history."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from dispatch.ids import new_id
from dispatch.plugins.contract import Plugin, Resource
from dispatch.plugins.fields import Field, Kind
from dispatch.plugins.pages import images
from dispatch.plugins.pages.known import Shown, shown_among
from dispatch.plugins.pages.model import PluginAuditRow
from dispatch.plugins.pages.views import Change, History, HistoryItem, words
from dispatch.plugins.pages.wire import sent
from dispatch.plugins.work import Reading, Working

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
    version = after["version"] if after else (before or {}).get("version", 0) + 1
    before, after = images.veiled(before, after, columns_of(resource))
    return {
        "id": new_id(work.now),
        "at": work.now,
        "user_id": person.id if person else None,
        "user_name": person.name if person else "",
        "plugin": plugin.name,
        "resource": resource.name,
        "row_id": row_id,
        "version": version,
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


def columns_of(resource: Resource) -> tuple[str, ...]:
    """Columns of its personal fields; a point has two."""
    points = {one.name for one in resource.fields if one.kind is Kind.POINT}
    pairs = ((f"{name}_lat", f"{name}_lon") if name in points else (name,) for name in resource.personal)
    return tuple(name for pair in pairs for name in pair)


async def history(reading: Reading, plugin: Plugin, resource: Resource, row_id: str) -> History:
    """The row's changes, newest first."""
    mine = (
        PluginAuditRow.plugin == plugin.name,
        PluginAuditRow.resource == resource.name,
        PluginAuditRow.row_id == row_id,
    )
    newest = (PluginAuditRow.version.desc(), PluginAuditRow.id.desc())
    query = select(PluginAuditRow).where(*mine).order_by(*newest).limit(MOST_CHANGES)
    lines = (await reading.session.execute(query)).scalars().all()
    kept = [image for row in lines for image in (row.before, row.after) if image is not None]
    shown = await shown_among(reading, plugin, resource, kept)
    return History(items=tuple(_item(resource, row, shown) for row in lines))


def _item(resource: Resource, row: PluginAuditRow, shown: Shown) -> HistoryItem:
    before, after = row.before or {}, row.after or {}
    changes = (_change(one, before, after, shown) for one in resource.fields)
    labels = {f"action:{action.name}": words(action.label) for action in resource.actions}
    return HistoryItem(
        id=row.id,
        at=row.at,
        actor_name=row.user_name,
        what=row.act,
        label=labels.get(row.act),
        changes=tuple(change for change in changes if change is not None),
    )


def _change(one: Field, before: Mapping[str, Any], after: Mapping[str, Any], shown: Shown) -> Change | None:
    """What became of the field; None: nothing."""
    names = (f"{one.name}_lat", f"{one.name}_lon") if one.kind is Kind.POINT else (one.name,)
    if any(images.is_veiled(image.get(name)) for image in (before, after) for name in names):
        if all(before.get(name) == after.get(name) for name in names):
            return None
        return _changed(one, None, None, shown, hidden=True)
    old, new = _sent(before, one), _sent(after, one)
    return None if old == new else _changed(one, old, new, shown)


def _changed(one: Field, old: Any, new: Any, shown: Shown, *, hidden: bool = False) -> Change:
    return Change(
        field=one.name,
        label=words(one.label),
        before=old,
        after=new,
        before_shown=shown.text(one, old),
        after_shown=shown.text(one, new),
        hidden=hidden,
    )


def _sent(image: Mapping[str, Any], one: Field) -> Any:
    """The field's value in an image, as JSON says it to a screen."""
    if one.kind is Kind.POINT:
        lat, lon = image.get(f"{one.name}_lat"), image.get(f"{one.name}_lon")
        return None if lat is None or lon is None else sent((lat, lon))
    value = sent(images.read(image.get(one.name)))
    return None if value == "" else value
