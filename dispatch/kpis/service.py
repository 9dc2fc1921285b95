"""The day's figures."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.calls import service as calls
from dispatch.incidents import queries as incidents
from dispatch.kpis import funnel as funnels
from dispatch.kpis import rules
from dispatch.kpis.funnel import Counts, Funnel
from dispatch.kpis.rules import CallTimes, IncidentTimes, Today


async def today(session: AsyncSession, now: datetime) -> Today:
    """Calls that arrived and incidents that were opened since the local midnight."""
    since = rules.day_start(now)
    offered = [
        CallTimes(call.queued_at or call.arrived_at, call.answered_at, call.ended_at, call.disposition)
        for call in await calls.arrived_since(session, since)
        if call.direction == "inbound" and (call.queued_at or call.ringing_at or call.answered_at)
    ]
    opened = [
        IncidentTimes(one.opened_at, one.dispatched_at, one.on_scene_at)
        for one in await incidents.times_since(session, since)
    ]
    return rules.fold(since, offered, opened, len(await incidents.open_ids(session)))


async def funnel(session: AsyncSession, now: datetime, days: int) -> Funnel:
    """What became of the calls of the last `days` local days, today first."""
    spans = funnels.days_back(now, days)
    counted = [Counts(*await calls.funnel_counts(session, start, end)) for _, start, end in spans]
    shown = [funnels.day(when, counts) for (when, _, _), counts in zip(spans, counted, strict=True)]
    return Funnel(days=tuple(shown), total=funnels.total(spans[-1][0], counted))
