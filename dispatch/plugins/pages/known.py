"""What a checker must know of the world: villages, and titles of the rows that references name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.errors import NotFound
from dispatch.plugins.contract import Plugin, Resource
from dispatch.plugins.fields import Field, Kind
from dispatch.plugins.pages.checking import Known, Titles, folded
from dispatch.plugins.pages.days import WITA
from dispatch.plugins.pages.wire import field_of, sent, value_of
from dispatch.plugins.work import Reading

CHUNK = 500
"""Values in one IN (…): far below what both databases bind."""

MOST_TITLES = 50_000
"""Rows of a referenced resource whose titles an import compares; a regency has no more of anything."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Texts for codes: village code → name; resource → id → title."""

    villages: Mapping[str, str]
    titles: Mapping[str, Mapping[str, str]]

    def text(self, one: Field, value: str | None) -> str | None:
        """What people read for a value that is a code; None for all others."""
        if value is None:
            return None
        if one.kind is Kind.VILLAGE:
            return self.villages.get(value, value)
        if one.kind is Kind.REFERENCE:
            return self.titles.get(one.resource or "", {}).get(value, "")
        return None


def resource_of(plugin: Plugin, name: str) -> Resource:
    """Raises NotFound."""
    for page in plugin.pages:
        if isinstance(page, Resource) and page.name == name:
            return page
    raise NotFound(f"There is no list '{name}'.", resource=name)


async def villages_of(reading: Reading) -> Known:
    """The villages alone: for fields without references."""
    villages = await reading.villages()
    return Known({one.code: one.name for one in villages}, {}, {one.code: one.district for one in villages})


async def known_for(reading: Reading, plugin: Plugin, fields: Sequence[Field], given: Mapping[str, Any]) -> Known:
    """Villages, and of the referenced rows those whose ids were given."""
    world = await villages_of(reading)
    wanted: dict[str, set[str]] = {}
    for one in fields:
        value = given.get(one.name)
        if one.kind is Kind.REFERENCE and isinstance(value, str):
            wanted.setdefault(one.resource or "", set()).add(value.strip())
    rows = {name: Titles(await titles(reading.session, plugin, name, ids)) for name, ids in wanted.items()}
    return Known(world.villages, rows, world.districts)


async def known_for_import(reading: Reading, plugin: Plugin, fields: Sequence[Field]) -> Known:
    """Villages, and all rows that references may name, by title too."""
    world = await villages_of(reading)
    rows = {}
    for name in {one.resource or "" for one in fields if one.kind is Kind.REFERENCE}:
        rows[name] = await _all_titles(reading.session, plugin, name)
    return Known(world.villages, rows, world.districts)


async def shown_for(reading: Reading, plugin: Plugin, resource: Resource, rows: Sequence[Any]) -> Shown:
    """Texts for all codes in these rows: one query for each resource that they refer to."""
    named = [one.name for one in resource.fields if one.kind is Kind.REFERENCE]
    return await shown_among(reading, plugin, resource, [{name: getattr(row, name) for name in named} for row in rows])


async def shown_among(
    reading: Reading, plugin: Plugin, resource: Resource, valued: Sequence[Mapping[str, Any]]
) -> Shown:
    """The same for values by field name, such as a row's images."""
    wanted: dict[str, set[str]] = {}
    for one in resource.fields:
        if one.kind is Kind.REFERENCE:
            ids = {value for values in valued if isinstance(value := values.get(one.name), str)}
            wanted.setdefault(one.resource or "", set()).update(ids)
    world = await villages_of(reading)
    found = {name: await titles(reading.session, plugin, name, ids) for name, ids in wanted.items()}
    return Shown(world.villages, found)


async def titles(session: AsyncSession, plugin: Plugin, name: str, ids: Iterable[str]) -> dict[str, str]:
    """Titles of the rows with these ids, archived ones too: id → title."""
    target = resource_of(plugin, name)
    model: Any = target.row
    found: dict[str, str] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), CHUNK):
        query = select(model).where(model.id.in_(wanted[start : start + CHUNK]))
        found |= {row.id: title_of(row, target) for row in (await session.execute(query)).scalars()}
    return found


def title_of(row: Any, resource: Resource, shown: Shown | None = None) -> str:
    """The row's name for people."""
    one = field_of(resource, resource.title)
    value = value_of(row, one)
    text = shown.text(one, value) if shown else None
    if text is None and one.kind is Kind.CHOICE:
        text = next((choice.label.id for choice in one.choices if choice.value == value), None)
    if text is None and one.kind is Kind.MOMENT and value is not None:
        text = f"{value.astimezone(WITA):%Y-%m-%d %H:%M}"
    return text if text is not None else "" if value is None else str(sent(value))


async def _all_titles(session: AsyncSession, plugin: Plugin, name: str) -> Titles:
    target = resource_of(plugin, name)
    model: Any = target.row
    query = select(model).where(model.archived_at.is_(None)).order_by(model.id).limit(MOST_TITLES)
    by_id = {row.id: title_of(row, target) for row in (await session.execute(query)).scalars()}
    by_title: dict[str, list[str]] = {}
    for id_, title in by_id.items():
        by_title.setdefault(folded(title), []).append(id_)
    return Titles(by_id, by_title)
