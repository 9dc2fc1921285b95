"""What is decided about each plugin, in the database, so that all workers and a restart honour it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ValidationError
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.db import Transaction
from dispatch.errors import Invalid
from dispatch.plugins.contract import Plugin
from dispatch.plugins.model import PluginState, PluginStateRow
from dispatch.upsert import insert_new


@dataclass(frozen=True, slots=True)
class Decided:
    """A plugin's row as it was read. `changed_at` grows with every change of state or settings."""

    name: str
    state: PluginState
    message: str
    settings: Mapping[str, Any]
    changed_at: datetime
    places_at: datetime | None


async def read_all(session: AsyncSession) -> dict[str, Decided]:
    """By the plugin's name; one that nobody ever switched is missing."""
    rows = await session.scalars(select(PluginStateRow))
    return {
        row.name: Decided(row.name, row.state, row.message, row.settings, row.changed_at, row.places_at) for row in rows
    }


async def put(tx: Transaction, name: str, state: PluginState, message: str = "") -> None:
    """Decide a plugin's state; its settings stay."""
    await _be_there(tx, name)
    await tx.session.execute(
        update(PluginStateRow)
        .where(PluginStateRow.name == name)
        .values(state=state, message=message[:2000], changed_at=tx.now, changed_by=tx.actor.user_id)
    )


async def put_settings(tx: Transaction, plugin: Plugin, given: Mapping[str, Any]) -> BaseModel:
    """Keep what an administrator typed. Raises Invalid that names the field."""
    checked = checked_settings(plugin, given)
    await _be_there(tx, plugin.name)
    await tx.session.execute(
        update(PluginStateRow)
        .where(PluginStateRow.name == plugin.name)
        .values(settings=checked.model_dump(mode="json"), changed_at=tx.now, changed_by=tx.actor.user_id)
    )
    return checked


async def touch_places(tx: Transaction, name: str) -> None:
    """Tell all workers that the plugin's landmarks changed."""
    await _be_there(tx, name)
    await tx.session.execute(update(PluginStateRow).where(PluginStateRow.name == name).values(places_at=tx.now))


async def _be_there(tx: Transaction, name: str) -> None:
    row = {
        "name": name,
        "state": PluginState.OFF,
        "message": "",
        "settings": {},
        "changed_at": tx.now,
        "changed_by": None,
        "places_at": None,
    }
    await insert_new(tx.session, PluginStateRow, [row])


def checked_settings(plugin: Plugin, given: Mapping[str, Any]) -> BaseModel:
    """Raises Invalid, whose `field` names what is wrong."""
    unknown = sorted(set(given) - set(plugin.settings.model_fields))
    if unknown:
        raise Invalid(f"{unknown[0]}: the module has no such setting.", field=unknown[0])
    try:
        return plugin.settings.model_validate(dict(given))
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in fault["loc"]) or "settings"
        raise Invalid(f"{field}: {fault['msg']}", field=field) from None
