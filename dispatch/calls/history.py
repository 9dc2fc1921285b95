"""What the centre knows of a number at the screen pop: calls, incidents, notes, reputation, and what happened there."""

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.calls import service
from dispatch.calls.reputation import Reputation, reputation
from dispatch.incidents import nearby
from dispatch.incidents import queries as incidents
from dispatch.places import notes as premise_notes
from dispatch.places.notes import NoteView
from dispatch.settings import Settings
from dispatch.views import CallView, IncidentView, Point, View

SAME_PLACE_M = 100.0
"""Within this of where the number last reported something is 'at the place': a yard and the neighbours' houses."""

MOST_AT_PLACE = 5
MOST_NOTES = 10


class EarlierNote(View):
    at: datetime
    text: str
    source: Literal["call", "incident"]


class CallDetail(View):
    call: CallView
    earlier_calls: list[CallView]
    """Of the same number, newest first; none where the number is not known."""
    earlier_incidents: tuple[IncidentView, ...]
    earlier_total: int
    """How many calls the number made before, shown or not."""
    reputation: Reputation | None
    """Advice; None where there is no number, since callers without one have nothing in common."""
    notes: tuple[EarlierNote, ...]
    at_place: tuple[IncidentView, ...]
    """What happened where the number last reported from, whoever reported it: hazards to expect."""
    premises: tuple[NoteView, ...]
    """What is noted of that place."""


async def detail(session: AsyncSession, call_id: str, settings: Settings, now: datetime) -> CallDetail:
    """Raises NotFound."""
    call = await service.get(session, call_id)
    earlier, total = await service.earlier(session, call)
    reported = await incidents.of_number(session, call.ani) if call.ani is not None else ()
    return CallDetail(
        call=call,
        earlier_calls=earlier,
        earlier_incidents=reported,
        earlier_total=total,
        reputation=await _reputation(session, call, settings, now),
        notes=_notes(earlier, reported),
        at_place=await _at_place(session, reported, now),
        premises=await _premises(session, reported, now),
    )


async def _reputation(session: AsyncSession, call: CallView, settings: Settings, now: datetime) -> Reputation | None:
    if call.ani is None:
        return None
    past = await service.past(session, call.ani, but=call.id)
    return reputation(past, now, timedelta(days=settings.reputation_half_life_days))


def _notes(earlier: list[CallView], reported: tuple[IncidentView, ...]) -> tuple[EarlierNote, ...]:
    notes = [EarlierNote(at=one.arrived_at, text=one.note, source="call") for one in earlier if one.note]
    notes += [EarlierNote(at=one.opened_at, text=one.narrative, source="incident") for one in reported if one.narrative]
    return tuple(sorted(notes, key=lambda note: note.at, reverse=True)[:MOST_NOTES])


async def _at_place(
    session: AsyncSession, reported: tuple[IncidentView, ...], now: datetime
) -> tuple[IncidentView, ...]:
    point = _last_point(reported)
    if point is None:
        return ()
    return await nearby.around(session, point, SAME_PLACE_M, now, MOST_AT_PLACE)


async def _premises(session: AsyncSession, reported: tuple[IncidentView, ...], now: datetime) -> tuple[NoteView, ...]:
    point = _last_point(reported)
    return () if point is None else tuple(await premise_notes.near(session, point, now))


def _last_point(reported: tuple[IncidentView, ...]) -> Point | None:
    return next((one.place.point for one in reported if one.place.point is not None), None)
