"""Keeps the gazetteer in memory as the database has it, whichever worker changed it."""

import asyncio
from datetime import datetime

import structlog
from sqlalchemy import func, select

from dispatch.centre import Centre
from dispatch.errors import Unavailable
from dispatch.places.model import PlaceChangeRow
from dispatch.places.service import build, facts

_log = structlog.get_logger(__name__)

LOOK_EVERY_S = 5.0
"""Another worker's change is found in the search after this at the latest."""

COUNT_EVERY = 120
"""Looks between two readings of how often places were chosen: ten minutes."""

Mark = tuple[datetime | None, datetime | None]


async def reload(centre: Centre) -> None:
    """Read and index all places anew; a large gazetteer takes seconds, so another thread does it."""
    async with centre.db.reading() as session:
        rows, uses = await facts(session)
    centre.gazetteer = await asyncio.to_thread(build, rows, uses)


async def follow(centre: Centre) -> None:
    """Look for changes now and then, until cancelled."""
    known, looks = await _mark(centre), 0
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        looks += 1
        try:
            mark = await _mark(centre)
            if mark != known or looks % COUNT_EVERY == 0:
                await reload(centre)
                known = mark
        except Unavailable as error:
            _log.warning("gazetteer_waits", reason=error.detail)


async def _mark(centre: Centre) -> Mark:
    async with centre.db.reading() as session:
        changed, undone = (
            await session.execute(select(func.max(PlaceChangeRow.at), func.max(PlaceChangeRow.undone_at)))
        ).one()
    return changed, undone
