"""A plugin's landmarks in the gazetteer: found by the console's search as long as the plugin is on."""

import asyncio
from collections.abc import Callable, Sequence

import structlog

from dispatch.db import Transaction
from dispatch.errors import SiagaError
from dispatch.places.service import NamedPlace, replace_places
from dispatch.plugins import state
from dispatch.plugins.contract import Landmark
from dispatch.plugins.workroom import Workroom, bounded

_log = structlog.get_logger(__name__)

AFRESH_S = 10.0
"""Shortest pause between two readings: the gazetteer is indexed anew after each that changed something."""

READ_S = 4.0
MOST = 2000
"""Landmarks of one plugin; ten times the regency's own gazetteer."""

Report = Callable[[BaseException], None]


async def keep_landmarks(room: Workroom, report: Report) -> None:
    """Put the landmarks into the gazetteer now and after each change of the plugin's rows, until cancelled."""
    if room.plugin.landmarks is None:
        return
    while True:
        room.rows_changed.clear()
        try:
            await refresh(room)
        except SiagaError as error:
            _log.warning("plugin_landmarks_wait", plugin=room.plugin.name, reason=error.detail)
            room.rows_changed.set()
        except Exception as error:  # noqa: BLE001  # whatever a plugin raises stays inside it
            _log.error("plugin_landmarks_failed", plugin=room.plugin.name, exc_info=error)
            report(error)
        await asyncio.sleep(AFRESH_S)
        await room.rows_changed.wait()


async def refresh(room: Workroom) -> bool:
    """Read the landmarks and store them where they differ. Raises what the plugin's function raises."""
    assert room.plugin.landmarks is not None
    async with bounded(READ_S, "Reading the landmarks"), room.bench().reading() as reading:
        landmarks = await room.plugin.landmarks(reading)
    if len(landmarks) > MOST:
        raise ValueError(f"a plugin has at most {MOST} landmarks, these are {len(landmarks)}")
    async with room.centre.db.transaction() as tx:
        changed = await replace_places(tx, source_of(room.plugin.name), _named(room.plugin.name, landmarks))
        if changed:
            await state.touch_places(tx, room.plugin.name)
    return changed


async def remove_landmarks(tx: Transaction, name: str) -> bool:
    """Take the plugin's landmarks out of the gazetteer. False: there were none."""
    return await replace_places(tx, source_of(name), ())


def source_of(name: str) -> str:
    return f"plugin:{name}"


def _named(plugin: str, landmarks: Sequence[Landmark]) -> list[NamedPlace]:
    return [
        NamedPlace(
            key=f"{plugin}:{one.id}",
            name=one.name,
            kind=one.kind,
            point=one.point,
            village_code=one.village_code,
            variants=one.variants,
            accuracy_m=one.accuracy_m,
        )
        for one in landmarks
    ]
