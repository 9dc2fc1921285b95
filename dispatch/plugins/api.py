"""What is on, tiles and layers of all plugins, and their administration."""

import asyncio
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from dispatch.actor import Actor
from dispatch.api import EVERYBODY, OPS_ROLES, Command, InCentre, commands, reads
from dispatch.db import Transaction
from dispatch.errors import Conflict, NotFound
from dispatch.plugins import state
from dispatch.plugins.contract import Plugin, Tile
from dispatch.plugins.edge import permissions_of
from dispatch.plugins.fields import Lang, Text
from dispatch.plugins.host import PluginHost, Running
from dispatch.plugins.landmarks import remove_landmarks
from dispatch.plugins.model import PluginJobRow, PluginState
from dispatch.plugins.pages.describe import PluginShapes, describe
from dispatch.plugins.pages.views import words
from dispatch.plugins.registry import Found
from dispatch.plugins.state import Decided
from dispatch.plugins.work import NoSettings
from dispatch.views import View, Words
from dispatch.words import Role

router = APIRouter(tags=["plugins"])

Administers = Annotated[Command, Depends(commands(Role.ADMIN))]


class TileView(View):
    plugin: str
    name: str
    label: Words
    value: str | None
    """None: the module gave no value."""
    unit: str
    tone: str
    hint: str
    at: datetime


class Tiles(View):
    tiles: list[TileView]


class LayerView(View):
    plugin: str
    name: str
    label: Words


class JobView(View):
    name: str
    due_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    fault: str | None
    """Of the last run; null: it went well."""


class PermissionView(View):
    name: str
    """`<plugin>.<permission>`, as it is granted."""
    label: Words


class PluginView(View):
    name: str
    version: str | None
    """Null: it could not be loaded."""
    title: Words
    summary: Words
    state: PluginState
    message: str
    since: datetime | None
    faults: int
    """In the worker that answers, since it was switched on."""
    has_settings: bool
    settings_schema: dict[str, Any]
    settings: dict[str, Any]
    permissions: list[PermissionView]
    jobs: list[JobView]


class SettingsBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    values: dict[str, Any]


def plugin_host(request: Request) -> PluginHost:
    """The host of the running centre."""
    host: PluginHost = request.app.state.plugin_host
    return host


InHost = Annotated[PluginHost, Depends(plugin_host)]


@router.get("/plugins")
async def plugins(host: InHost, actor: Annotated[Actor, Depends(reads(*EVERYBODY))]) -> PluginShapes:
    """The modules that are on, with the pages that the person may see."""
    return PluginShapes(plugins=tuple(describe(plugin, permissions_of(plugin, actor)) for plugin in host.enabled()))


@router.get("/plugins/tiles")
async def tiles(
    host: InHost, _actor: Annotated[Actor, Depends(reads(*OPS_ROLES))], lang: Annotated[Lang, Query()] = "id"
) -> Tiles:
    """The modules' figures; one that gives none says so by itself and keeps nobody waiting."""
    wanted = [(plugin, tile) for plugin in host.enabled() for tile in plugin.tiles]
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_tile(host, plugin, tile, lang)) for plugin, tile in wanted]
    return Tiles(tiles=[view for task in tasks if (view := task.result()) is not None])


async def _tile(host: PluginHost, plugin: Plugin, tile: Tile, lang: Lang) -> TileView | None:
    if not host.is_on(plugin.name):
        return None
    value, at = await host.figures.tile(host.room(plugin.name), tile, lang)
    return TileView(
        plugin=plugin.name,
        name=tile.name,
        label=words(tile.label),
        value=None if value is None else value.value,
        unit="" if value is None else value.unit,
        tone="plain" if value is None else value.tone,
        hint=("Tidak ada nilai" if lang == "id" else "No value") if value is None else value.hint,
        at=at,
    )


@router.get("/plugins/layers")
async def layers(host: InHost, _actor: Annotated[Actor, Depends(reads(*OPS_ROLES))]) -> list[LayerView]:
    """The modules' map layers; the points are at /api/plugins/{plugin}/layers/{name}."""
    return [
        LayerView(plugin=plugin.name, name=layer.name, label=words(layer.label))
        for plugin in host.enabled()
        for layer in plugin.layers
    ]


@router.get("/admin/plugins")
async def administered(
    host: InHost, centre: InCentre, _actor: Annotated[Actor, Depends(reads(Role.ADMIN))]
) -> list[PluginView]:
    """Every installed module, on, off or failed, with its settings and how its jobs went."""
    async with centre.db.reading() as session:
        decided = await state.read_all(session)
        jobs = (await session.scalars(select(PluginJobRow).order_by(PluginJobRow.plugin, PluginJobRow.job))).all()
    return [
        _view(found, decided.get(name), host.running(name) if host.is_on(name) else None, jobs)
        for name, found in sorted(host.found.items())
    ]


def _view(found: Found, decided: Decided | None, running: Running | None, jobs: Any) -> PluginView:
    plugin = found.plugin
    declared = {job.name for job in plugin.jobs} if plugin is not None else set()
    return PluginView(
        name=found.name,
        version=plugin.version if plugin is not None else None,
        title=words(plugin.title) if plugin is not None else Words(id=found.name, en=found.name),
        summary=words(plugin.summary) if plugin is not None else Words(id="", en=""),
        state=PluginState.FAILED if found.fault is not None else decided.state if decided else PluginState.OFF,
        message=found.fault or (decided.message if decided else ""),
        since=decided.changed_at if decided is not None else None,
        faults=running.faults.total if running is not None else 0,
        has_settings=plugin is not None and plugin.settings is not NoSettings,
        settings_schema=_schema(plugin) if plugin is not None else {},
        settings=_settings(plugin, decided),
        permissions=[
            PermissionView(name=f"{found.name}.{one.name}", label=words(one.label))
            for one in (plugin.permissions if plugin is not None else ())
        ],
        jobs=[_job(row) for row in jobs if row.plugin == found.name and row.job in declared],
    )


def _schema(plugin: Plugin) -> dict[str, Any]:
    """The settings' JSON Schema; a field whose annotation carries a Text has it as `label`."""
    schema = plugin.settings.model_json_schema()
    for name, field in plugin.settings.model_fields.items():
        label = next((one for one in field.metadata if isinstance(one, Text)), None)
        if label is not None:
            schema["properties"][name]["label"] = {"id": label.id, "en": label.en}
    return schema


def _settings(plugin: Plugin | None, decided: Decided | None) -> dict[str, Any]:
    if plugin is None:
        return {}
    kept = dict(decided.settings) if decided is not None else {}
    return {**plugin.settings().model_dump(mode="json"), **kept}


def _job(row: PluginJobRow) -> JobView:
    return JobView(
        name=row.job, due_at=row.due_at, started_at=row.started_at, finished_at=row.finished_at, fault=row.fault
    )


def _known(host: PluginHost, name: str) -> Found:
    if name not in host.found:
        raise NotFound("There is no such module.", plugin=name)
    return host.found[name]


@router.post("/admin/plugins/{name}/on", status_code=204)
async def switch_on(host: InHost, command: Administers, name: str) -> Response:
    """Switch a module on: its tables are brought to its version; all workers follow within two seconds."""
    found = _known(host, name)
    if found.fault is not None:
        raise Conflict(f"This module cannot run: {found.fault}", plugin=name)

    async def on(tx: Transaction) -> None:
        await state.put(tx, name, PluginState.ON)

    answer = await command.run(on)
    await host.follow()
    return answer


@router.post("/admin/plugins/{name}/off", status_code=204)
async def switch_off(host: InHost, command: Administers, name: str) -> Response:
    """Switch a module off; its data stays."""
    _known(host, name)

    async def off(tx: Transaction) -> None:
        await state.put(tx, name, PluginState.OFF)
        if await remove_landmarks(tx, name):
            await state.touch_places(tx, name)

    answer = await command.run(off)
    await host.follow()
    return answer


@router.put("/admin/plugins/{name}/settings", status_code=204)
async def set_settings(host: InHost, command: Administers, name: str, body: SettingsBody) -> Response:
    """Change a module's settings; it starts anew with them."""
    plugin = _known(host, name).plugin
    if plugin is None:
        raise Conflict("This module could not be loaded, so its settings are not known.", plugin=name)

    async def put(tx: Transaction) -> None:
        await state.put_settings(tx, plugin, body.values)

    answer = await command.run(put)
    await host.follow()
    return answer
