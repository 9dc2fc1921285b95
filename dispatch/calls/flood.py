"""How full the centre is now: who waits, how many seats there are, where the calls come from."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.calls import flood_rules, service
from dispatch.calls.flood_rules import Big, Group, Rate
from dispatch.incidents import nearby
from dispatch.incidents.rules import distance_m
from dispatch.settings import Settings
from dispatch.views import CallView, IncidentView, View

NO_TRUNK = "?"
"""Name of the line in the rates where the PBX gave none."""


class Load(View):
    at: datetime
    waiting: int
    seats: int
    over: int
    """So many more waiting than seats is a flood (setting)."""
    flooding: bool
    window_s: float
    trunks: tuple[Rate, ...]
    numbers: tuple[Rate, ...]
    listen_s: float
    """How long a silent caller is listened to (setting)."""
    callback_attempts: int
    """Before a caller is given up as not reached (setting)."""
    groups: tuple[Group, ...]
    """Big open incidents, the most reported first, with the callers who are likely about them."""


async def load(session: AsyncSession, settings: Settings, now: datetime) -> Load:
    """The present, for banner, groups and rates."""
    waiting = flood_rules.waiting(await service.snapshot(session))
    seats = flood_rules.seats(await service.agents(session))
    since = now - timedelta(seconds=settings.flood_window_s)
    columns = service.CALLS.c
    arrived = select(columns.trunk, columns.ani, columns.arrived_at)
    arrived = arrived.where(columns.arrived_at >= since, columns.direction == "inbound")
    rows = (await session.execute(arrived)).all()
    return Load(
        at=now,
        waiting=len(waiting),
        seats=seats,
        over=settings.flood_over_seats,
        flooding=flood_rules.is_flood(len(waiting), seats, settings.flood_over_seats),
        window_s=settings.flood_window_s,
        listen_s=settings.silent_listen_s,
        callback_attempts=settings.callback_attempts,
        trunks=flood_rules.rates([(row.trunk or NO_TRUNK, row.arrived_at) for row in rows], now),
        numbers=flood_rules.rates(
            [(row.ani, row.arrived_at) for row in rows if row.ani], now, least=flood_rules.LEAST_OF_A_NUMBER
        ),
        groups=await _groups(session, settings, waiting),
    )


async def _groups(session: AsyncSession, settings: Settings, waiting: list[CallView]) -> tuple[Group, ...]:
    incidents = await nearby.many_calls(session, settings.big_incident_calls)
    if not incidents:
        return ()
    columns = service.CALLS.c
    query = select(columns.incident_id, columns.ani).where(columns.incident_id.in_([one.id for one in incidents]))
    reported = {one.id: {one.reporting_number} if one.reporting_number else set() for one in incidents}
    for row in await session.execute(query):
        if row.ani is not None:
            reported[row.incident_id].add(row.ani)
    points = await nearby.last_points(session, {call.ani for call in waiting if call.ani is not None})
    near = {
        one.id: frozenset(
            number
            for number, point in points.items()
            if one.place.point is not None and distance_m(one.place.point, point) <= settings.near_incident_m
        )
        for one in incidents
    }
    big = flood_rules.big([_big(one, reported[one.id]) for one in incidents], settings.big_incident_calls)
    return flood_rules.grouped(waiting, big, near)


def _big(incident: IncidentView, numbers: set[str]) -> Big:
    return Big(
        incident_id=incident.id,
        number=incident.number,
        calls_linked=len(incident.call_ids),
        point=incident.place.point,
        numbers=frozenset(numbers),
    )
