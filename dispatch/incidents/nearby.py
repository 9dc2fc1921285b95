"""What happened before around a place, and where numbers were last known."""

import math
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.incidents import queries
from dispatch.incidents.model import IncidentRow
from dispatch.incidents.rules import distance_m
from dispatch.views import IncidentView, Point
from dispatch.words import ENDED_INCIDENT_STATES, IncidentState

METRES_A_DEGREE = 111_320.0

REMEMBERED = timedelta(days=730)
"""Older incidents at a place are another household's."""

MOST_CANDIDATES = 500
"""Of a dense block of houses in two years; the newest are looked at."""


async def around(
    session: AsyncSession, point: Point, radius_m: float, now: datetime, limit: int
) -> tuple[IncidentView, ...]:
    """Incidents within `radius_m` of the point, newest first; merged ones left out."""
    north = radius_m / METRES_A_DEGREE
    east = north / max(0.1, math.cos(math.radians(point.lat)))
    query = select(IncidentRow).where(
        IncidentRow.lat.between(point.lat - north, point.lat + north),
        IncidentRow.lon.between(point.lon - east, point.lon + east),
        IncidentRow.opened_at >= now - REMEMBERED,
        IncidentRow.state != IncidentState.MERGED,
    )
    rows = (await session.scalars(query.order_by(IncidentRow.opened_at.desc()).limit(MOST_CANDIDATES))).all()
    near = [row for row in rows if distance_m(point, _point(row)) <= radius_m]
    return await queries.views(session, near[:limit])


async def last_points(session: AsyncSession, numbers: Collection[str]) -> dict[str, Point]:
    """Where each number's latest incident with a point was; nothing of those that reported none."""
    query = select(IncidentRow).where(
        IncidentRow.reporting_number.in_(list(numbers)), IncidentRow.lat.is_not(None), IncidentRow.lon.is_not(None)
    )
    found: dict[str, Point] = {}
    for row in await session.scalars(query.order_by(IncidentRow.opened_at)):
        found[row.reporting_number or ""] = _point(row)
    return found


async def many_calls(session: AsyncSession, least: int) -> Sequence[IncidentView]:
    """Open incidents that at least so many calls report."""
    rows = await session.scalars(select(IncidentRow).where(IncidentRow.state.not_in(ENDED_INCIDENT_STATES)))
    return [one for one in await queries.views(session, rows.all()) if len(one.call_ids) >= least]


def _point(row: IncidentRow) -> Point:
    return Point(lat=row.lat or 0.0, lon=row.lon or 0.0)
