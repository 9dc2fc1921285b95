"""Tiles and map layers of plugins: each bounded in time, kept for a while, and never an error for all."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from dispatch.errors import SiagaError, Unavailable
from dispatch.plugins.contract import Feature, Layer, Tile, TileValue
from dispatch.plugins.faults import in_words
from dispatch.plugins.fields import Lang
from dispatch.plugins.workroom import Workroom, bounded

_log = structlog.get_logger(__name__)

VALUE_S = 2.0
"""Of one tile or layer."""

KEPT = timedelta(seconds=15)
"""How old a value may be: many supervisors' screens ask for the same."""

MOST_FEATURES = 5000
"""Points of one layer; a browser's map draws these without a pause."""

Report = Callable[[BaseException], None]


@dataclass(frozen=True, slots=True)
class Kept:
    """A value and when it was read; None: there was no value to be had."""

    value: Any
    at: datetime


class Figures:
    """Values of this worker, read anew when they are older than KEPT."""

    def __init__(self, report: Callable[[str], Report]) -> None:
        self._report = report
        self._kept: dict[tuple[str, ...], Kept] = {}
        self._reading: dict[tuple[str, ...], asyncio.Lock] = {}

    async def tile(self, room: Workroom, tile: Tile, lang: Lang) -> tuple[TileValue | None, datetime]:
        """The tile's value with its time; None where the plugin gave none."""

        async def read() -> TileValue:
            async with room.bench().reading() as reading:
                return await tile.value(reading, lang)

        kept = await self._get(room, ("tile", room.plugin.name, tile.name, lang), read)
        return kept.value, kept.at

    async def layer(self, room: Workroom, layer: Layer, lang: Lang) -> dict[str, Any]:
        """The layer as GeoJSON. Raises Unavailable where the plugin gave none."""

        async def read() -> dict[str, Any]:
            async with room.bench().reading() as reading:
                features = await layer.features(reading, lang)
            return {"type": "FeatureCollection", "features": [geojson(one) for one in features[:MOST_FEATURES]]}

        kept = await self._get(room, ("layer", room.plugin.name, layer.name, lang), read)
        if kept.value is None:
            raise Unavailable("This layer cannot be read at present.", part=room.plugin.name)
        value: dict[str, Any] = kept.value
        return value

    async def _get(self, room: Workroom, key: tuple[str, ...], read: Callable[[], Awaitable[Any]]) -> Kept:
        async with self._reading.setdefault(key, asyncio.Lock()):
            kept = self._kept.get(key)
            now = room.centre.db.clock()
            if kept is None or now - kept.at >= KEPT:
                kept = self._kept[key] = Kept(await self._read(room, key, read), now)
            return kept

    async def _read(self, room: Workroom, key: tuple[str, ...], read: Callable[[], Awaitable[Any]]) -> Any:
        try:
            async with bounded(VALUE_S, "Reading it"):
                return await read()
        except SiagaError as error:
            _log.warning("plugin_figure_waits", figure=key, reason=error.detail)
        except Exception as error:  # noqa: BLE001  # whatever a plugin raises stays inside it
            _log.error("plugin_figure_failed", figure=key, reason=in_words(error), exc_info=error)
            self._report(room.plugin.name)(error)
        return None

    def forget(self, plugin: str) -> None:
        """Let go of what a plugin said that was switched off."""
        for key in [key for key in self._kept if key[1] == plugin]:
            del self._kept[key]


def geojson(one: Feature) -> dict[str, Any]:
    """A point (RFC 7946: longitude first)."""
    return {
        "type": "Feature",
        "id": one.id,
        "geometry": {"type": "Point", "coordinates": [one.point[1], one.point[0]]},
        "properties": {"title": one.title, "text": one.text, "link": one.link, "tone": one.tone},
    }
