"""Checks what a visitor typed with the rules of the plugin pages' own fields."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from dispatch.plugins.contract import Plugin, Resource
from dispatch.plugins.fields import Checked, Field, Kind
from dispatch.plugins.pages.checking import Known, Titles, check
from dispatch.plugins.work import Reading


async def check_typed(plugin: Plugin, fields: Sequence[Field], typed: Mapping[str, str], reading: Reading) -> Checked:
    """Values that may be stored, or faults; villages and referenced rows must be there and not archived."""
    return check(fields, typed, await _known(plugin, fields, typed, reading))


async def _known(plugin: Plugin, fields: Sequence[Field], typed: Mapping[str, str], reading: Reading) -> Known:
    villages = await reading.villages() if any(one.kind is Kind.VILLAGE for one in fields) else ()
    resources = {page.name: page for page in plugin.pages if isinstance(page, Resource)}
    rows: dict[str, dict[str, str]] = {}
    for one in fields:
        if one.kind is Kind.REFERENCE and one.resource is not None:
            titles = await _named(resources[one.resource], typed.get(one.name, ""), reading)
            rows.setdefault(one.resource, {}).update(titles)
    return Known(
        villages={one.code: one.name for one in villages},
        rows={name: Titles(titles) for name, titles in rows.items()},
    )


async def _named(resource: Resource, row_id: str, reading: Reading) -> dict[str, str]:
    row = resource.row
    query = select(row.id, getattr(row, resource.title)).where(row.id == row_id, row.archived_at.is_(None))
    return {found_id: str(title) for found_id, title in (await reading.session.execute(query)).all()}
