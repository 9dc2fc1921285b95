"""Calls and desks as rows: views, pages, dispositions, links to incidents, seats.

A call's row and its view have the same columns, so the view is what rules work on and what is written back; Core
statements, since calls are the hot path (the ORM costs twice as much there).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, and_, case, func, not_, or_, select, true
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.calls import callback_rules, reputation, rules, silence
from dispatch.calls.model import AgentRow, CallRow
from dispatch.calls.reputation import Past
from dispatch.db import Transaction
from dispatch.errors import Conflict, NotFound
from dispatch.events import AgentSeated, CallDisposed, CallLinked, CallUnlinked
from dispatch.people import service as people
from dispatch.upsert import Where, upsert
from dispatch.views import AgentView, CallView, Changed, TranscriptLine, UserView
from dispatch.words import ENDED_CALL_STATES, CallDisposition, CallState

CALLS = cast(Table, CallRow.__table__)
AGENTS = cast(Table, AgentRow.__table__)

EARLIER_CALLS = 20
"""Of the same number, newest first, that the screen pop shows."""

DEFAULT_POLICY = callback_rules.Policy()

MOST_PAST = 500
"""Earlier calls of a number that count for its reputation; older ones have faded."""

MOST_LIVE = 2000
"""Calls in a snapshot: ten times a catastrophe's queue; beyond it the oldest are left to the list of all calls."""


def view(row: RowMapping) -> CallView:
    """A call from its row; the database holds nothing that was not checked on its way in."""
    lines = tuple(TranscriptLine.model_validate(line) for line in row["transcript"])
    others = {"parties": tuple(row["parties"]), "monitored_by": tuple(row["monitored_by"])}
    return CallView.model_construct(**{**row, **others, "transcript": lines})


def values(call: CallView) -> dict[str, Any]:
    """The row of a call."""
    row = dict(call)
    row["parties"], row["monitored_by"] = list(call.parties), list(call.monitored_by)
    row["transcript"] = [line.model_dump(mode="json") for line in call.transcript]
    return row


async def save(where: Where, calls: Sequence[CallView]) -> None:
    """Write calls whole, new and changed ones alike, in one statement."""
    await upsert(where, CallRow, [values(call) for call in calls])


async def get(session: AsyncSession, call_id: str, *, lock: bool = False) -> CallView:
    """Raises NotFound."""
    query = select(CALLS).where(CALLS.c.id == call_id)
    row = (await session.execute(query.with_for_update() if lock else query)).mappings().one_or_none()
    if row is None:
        raise NotFound("There is no such call.", call_id=call_id)
    return view(row)


async def snapshot(session: AsyncSession) -> tuple[CallView, ...]:
    """Calls that are not closed, oldest first."""
    live = CALLS.c.state.not_in(ENDED_CALL_STATES)
    rows = (await session.execute(select(CALLS).where(live).order_by(CALLS.c.id.desc()).limit(MOST_LIVE))).mappings()
    return tuple(view(row) for row in rows)[::-1]


async def page(session: AsyncSession, cursor: str | None, limit: int) -> tuple[list[CallView], str | None]:
    """All calls, newest first, and the cursor of the next page; ids sort by birth, so they are the cursor."""
    query = select(CALLS).order_by(CALLS.c.id.desc()).limit(limit + 1)
    if cursor is not None:
        query = query.where(CALLS.c.id < cursor)
    found = [view(row) for row in (await session.execute(query)).mappings()]
    return found[:limit], found[limit - 1].id if len(found) > limit else None


async def earlier(session: AsyncSession, call: CallView) -> tuple[list[CallView], int]:
    """Earlier calls of the same number, newest first, and how many there are; none where there is no number."""
    if call.ani is None:
        return [], 0
    same = (CALLS.c.ani == call.ani) & (CALLS.c.arrived_at <= call.arrived_at) & (CALLS.c.id != call.id)
    rows = await session.execute(
        select(CALLS).where(same).order_by(CALLS.c.arrived_at.desc(), CALLS.c.id.desc()).limit(EARLIER_CALLS)
    )
    found = [view(row) for row in rows.mappings()]
    if len(found) < EARLIER_CALLS:
        return found, len(found)
    return found, (await session.execute(select(func.count()).where(same))).scalar_one()


async def past(session: AsyncSession, number: str, *, but: str | None = None) -> list[Past]:
    """What the number's inbound calls were, newest first, the call `but` excepted."""
    query = select(CALLS.c.arrived_at, CALLS.c.disposition, CALLS.c.incident_id)
    query = query.where(CALLS.c.ani == number, CALLS.c.direction == "inbound", CALLS.c.id.is_distinct_from(but))
    rows = await session.execute(query.order_by(CALLS.c.arrived_at.desc()).limit(MOST_PAST))
    return [Past(row.arrived_at, row.disposition, row.incident_id is not None) for row in rows]


async def lost_of(session: AsyncSession, number: str, until: datetime, *, lock: bool = False) -> list[CallView]:
    """Calls of this number on the list to call back that arrived before `until`, oldest first."""
    given_up = CALLS.c.state.in_(rules.GIVEN_UP) & (CALLS.c.ani == number) & (CALLS.c.arrived_at <= until)
    query = select(CALLS).where(given_up).order_by(CALLS.c.id)
    rows = await session.execute(query.with_for_update() if lock else query)
    return [view(row) for row in rows.mappings()]


@dataclass(frozen=True, slots=True)
class Times:
    """What the day's figures need of a call."""

    direction: str
    arrived_at: datetime
    queued_at: datetime | None
    ringing_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    disposition: CallDisposition | None


async def arrived_since(session: AsyncSession, since: datetime) -> list[Times]:
    """The times of every call that arrived since."""
    query = select(*(CALLS.c[field.name] for field in fields(Times))).where(CALLS.c.arrived_at >= since)
    return [Times(*row) for row in await session.execute(query)]


async def funnel_counts(session: AsyncSession, since: datetime, until: datetime) -> tuple[int, ...]:
    """Inbound calls of the span: offered, past the menu, queued, answered, real, blocked, undecided.

    A call that reached a queue or a desk went past the menu; so did one that pressed 1 and met no queue.
    """
    c = CALLS.c
    answered = c.answered_at.is_not(None)
    queued = or_(c.queued_at.is_not(None), c.ringing_at.is_not(None), answered)
    lost_in_menu = or_(c.state == CallState.IVR_DROPPED, c.closed_from.is_not_distinct_from(CallState.IVR_DROPPED))
    blocked = and_(c.number_rule.is_not_distinct_from("block"), not_(queued))
    pressed = or_(queued, c.digits.like("1%"), not_(or_(lost_in_menu, blocked, c.state == CallState.IN_IVR)))
    real = or_(c.incident_id.is_not(None), c.disposition.in_(reputation.REAL))
    undecided = and_(c.disposition.is_(None), c.incident_id.is_(None))
    parts = (true(), pressed, queued, answered, and_(answered, real), blocked, and_(answered, undecided))
    query = select(*(func.coalesce(func.sum(case((part, 1), else_=0)), 0) for part in parts))
    query = query.where(c.arrived_at >= since, c.arrived_at < until, c.direction == "inbound")
    return tuple(int(count) for count in (await session.execute(query)).one())


async def of_incident(session: AsyncSession, incident_id: str) -> tuple[CallView, ...]:
    """The calls that report an incident, in the order of their arrival."""
    query = select(CALLS).where(CALLS.c.incident_id == incident_id).order_by(CALLS.c.arrived_at, CALLS.c.id)
    return tuple(view(row) for row in (await session.execute(query)).mappings())


async def ids_of_incidents(session: AsyncSession, incident_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The ids of the calls that report each of these incidents, in the order of their arrival."""
    wanted = sorted(set(incident_ids))
    found: dict[str, tuple[str, ...]] = dict.fromkeys(wanted, ())
    query = (
        select(CALLS.c.incident_id, CALLS.c.id)
        .where(CALLS.c.incident_id.in_(wanted))
        .order_by(CALLS.c.arrived_at, CALLS.c.id)
    )
    for row in await session.execute(query):
        found[row.incident_id] += (row.id,)
    return found


async def dispose(
    tx: Transaction,
    call_id: str,
    disposition: CallDisposition | None,
    note: str,
    policy: callback_rules.Policy = DEFAULT_POLICY,
) -> CallView:
    """Say what the call was; closes it unless somebody still talks.

    Raises NotFound, Invalid, Conflict: it waits or is closed, a silent caller was not led through the procedure, or one
    who gave up was not called back.
    """
    before = await get(tx.session, call_id, lock=True)
    result = callback_rules.result_of(before, disposition, note, tx.actor.user_id, tx.now, policy)
    silence.check_close(before, disposition, note)
    by = {"disposed_at": tx.now, "disposed_by": tx.actor.user_id, "callback_result": result}
    call = rules.disposed(before, disposition, note).model_copy(update=by)
    await save(tx.session, [call])
    assert call.disposition is not None
    event = CallDisposed(call_id=call.id, incident_id=call.incident_id, disposition=call.disposition, note=note)
    tx.record(event, Changed(calls=(call,)))
    return call


async def link(tx: Transaction, call_id: str, incident_id: str, *, moved_from: str | None = None) -> CallView:
    """The call reports this incident. Raises NotFound, Conflict when it reports one other than `moved_from`.

    The caller has locked the incidents concerned and records their views afterwards, in the same transaction.
    """
    call = await get(tx.session, call_id, lock=True)
    if call.incident_id == incident_id:
        return call
    if call.incident_id not in (None, moved_from):
        raise Conflict("This call reports another incident already.", incident_id=call.incident_id)
    call = call.model_copy(update={"incident_id": incident_id, "version": call.version + 1})
    await save(tx.session, [call])
    tx.record(CallLinked(call_id=call_id, incident_id=incident_id), Changed(calls=(call,)))
    return call


async def unlink(tx: Transaction, call_id: str, incident_id: str) -> CallView:
    """The call does not report this incident after all. Raises NotFound, Conflict when it does not.

    The caller has locked the incident and records its view afterwards, in the same transaction.
    """
    call = await get(tx.session, call_id, lock=True)
    if call.incident_id != incident_id:
        raise Conflict("This call reports another incident, or none.", incident_id=call.incident_id)
    call = call.model_copy(update={"incident_id": None, "version": call.version + 1})
    await save(tx.session, [call])
    tx.record(CallUnlinked(call_id=call_id, incident_id=incident_id), Changed(calls=(call,)))
    return call


def agent_view(row: RowMapping, sitting: people.Person | None) -> AgentView:
    return AgentView.model_construct(
        **{**row, "queues": tuple(row["queues"])},
        user_id=sitting.id if sitting else None,
        user_name=sitting.display_name if sitting else None,
    )


async def agents(session: AsyncSession, extensions: Iterable[str] | None = None) -> tuple[AgentView, ...]:
    """Desks as the PBX last described them, with who sits there; all of them, or those of these extensions."""
    query = select(AGENTS).order_by(AGENTS.c.pbx, AGENTS.c.agent)
    if extensions is not None:
        query = query.where(AGENTS.c.agent.in_(sorted(set(extensions))))
    rows = (await session.execute(query)).mappings().all()
    sitting = await people.at_desks(session, [row["agent"] for row in rows])
    return tuple(agent_view(row, sitting.get(row["agent"])) for row in rows)


async def desk_rings(session: AsyncSession, pbx: str, extension: str | None) -> bool:
    """Whether the PBX says that this desk's phone rings now."""
    query = select(AGENTS.c.device).where(AGENTS.c.pbx == pbx, AGENTS.c.agent == extension)
    return (await session.execute(query)).scalar_one_or_none() == "ringing"


async def desk(session: AsyncSession, pbx: str, extension: str | None) -> AgentView | None:
    """A desk as the PBX last described it, with who sits there; None where it never did."""
    found = await agents(session, [extension] if extension else [])
    return next((one for one in found if one.pbx == pbx), None)


async def take_seat(tx: Transaction, extension: str | None) -> UserView:
    """Seat the actor at a desk, or at none; whoever sat there is moved off. Raises Invalid, Conflict."""
    user_id = tx.actor.user_id
    if user_id is None:
        raise NotFound("The system sits at no desk.")
    moves = await people.move_to_desk(tx, user_id, extension)
    touched = {desk for move in moves for desk in (move.before, move.after) if desk is not None}
    desks = await agents(tx.session, touched)
    for move in moves:
        here = tuple(desk for desk in desks if desk.agent in (move.before, move.after))
        tx.record(AgentSeated(user_id=move.user_id, extension=move.after), Changed(agents=here))
    return await people.user_of(tx.session, user_id)
