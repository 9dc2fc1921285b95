"""Removes the content of files whose transaction never committed, or that were removed; each worker does its share."""

import asyncio

import structlog

from dispatch.errors import SiagaError
from dispatch.plugins.files import Files, sweep
from dispatch.plugins.workroom import Workroom

_log = structlog.get_logger(__name__)

SWEEP_EVERY_S = 6 * 3600.0


async def sweep_files(room: Workroom) -> None:
    """Sweep the plugin's folder now and then, until cancelled."""
    files = Files(room.plugin.name, room.centre.settings.data_dir)
    while True:
        await asyncio.sleep(SWEEP_EVERY_S)
        try:
            async with room.centre.db.reading() as session:
                removed = await sweep(session, files, room.centre.db.clock())
        except (SiagaError, OSError) as error:
            _log.warning("plugin_files_not_swept", plugin=files.plugin, reason=str(error))
        else:
            _log.info("plugin_files_swept", plugin=files.plugin, removed=removed)
