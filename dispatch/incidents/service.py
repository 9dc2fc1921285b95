"""Incidents: opened from a report, amended, moved by acts and by their assignments, merged, ended."""

from datetime import datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.actor import CENTRE, Actor
from dispatch.assignments import queries as assignments
from dispatch.calls import service as calls
from dispatch.db import Transaction
from dispatch.errors import Conflict, Forbidden, Invalid
from dispatch.events import (
    IncidentAmended,
    IncidentCancelled,
    IncidentClosed,
    IncidentNoted,
    IncidentOpened,
    IncidentProgressed,
    IncidentReopened,
    IncidentTriaged,
)
from dispatch.ids import new_id
from dispatch.incidents import alarms, escalation, placing, progress, queries, rules
from dispatch.incidents.model import IncidentCountRow, IncidentRow
from dispatch.incidents.rules import IncidentAct
from dispatch.places.service import Gazetteer
from dispatch.protocols.rules import Answer, Triage, evaluate, fitting
from dispatch.protocols.service import ProtocolBook
from dispatch.settings import ByPriority, Settings
from dispatch.timers import Handler, TimerRow, schedule
from dispatch.upsert import insert_for
from dispatch.views import Changed, IncidentView, Place
from dispatch.words import (
    ACTIVE_ASSIGNMENT_STATES,
    ENDED_INCIDENT_STATES,
    AlarmKind,
    IncidentDisposition,
    IncidentState,
    Priority,
    Role,
)

YEAR_ZONE = ZoneInfo("Asia/Makassar")
"""Incident numbers begin anew with the centre's own year."""

LONGEST_NUMBER = 64
"""The column's width; a real number has 15 digits at most (E.164)."""

Narrative = Annotated[str, Field(max_length=10_000)]
PartyName = Annotated[str, Field(max_length=200)]
PhoneNumber = Annotated[str, Field(max_length=LONGEST_NUMBER)]
Answers = Annotated[dict[str, Answer], Field(max_length=100)]
Reason = Annotated[str, Field(max_length=300)]


class Report(BaseModel):
    """What a call-taker knows when the incident is opened."""

    model_config = ConfigDict(extra="forbid")

    call_id: str | None = None
    type: str
    answers: Answers = {}
    narrative: Narrative = ""
    place: Place
    reporting_party: PartyName | None = None
    reporting_number: PhoneNumber | None = None
    """None: the call's own, where there is one."""
    priority: Priority | None = None
    """Set by hand, over the triage's own."""
    confirm_outside: bool = False
    """The call-taker was asked and says that the place does lie outside the regency."""


class Amendment(BaseModel):
    """What changes; a field that is not sent stays as it is."""

    model_config = ConfigDict(extra="forbid")

    type: str | None = None
    answers: Answers | None = None
    narrative: Narrative | None = None
    place: Place | None = None
    """An incident always has a place: sending null is refused."""
    priority: Priority | None = None
    """Null gives the triage's own back."""
    reporting_party: PartyName | None = None
    reporting_number: PhoneNumber | None = None
    confirm_outside: bool = False


class Deed(BaseModel):
    """An act on an incident and what must be said with it."""

    model_config = ConfigDict(extra="forbid")

    act: IncidentAct
    disposition: IncidentDisposition | None = None
    reason: Reason | None = None
    note: Annotated[str, Field(max_length=2000)] | None = None


async def open_incident(
    tx: Transaction, book: ProtocolBook, gazetteer: Gazetteer, report: Report, *, undispatched_after_s: ByPriority
) -> IncidentView:
    """Open an incident; its opener owns it, and an alarm's timer runs until a unit is offered.

    Raises Invalid (answers, place outside), NotFound (type, call), Conflict (the call reports another incident).
    """
    if tx.actor.user_id is None:
        raise Forbidden("An incident needs an owner: only a person opens one.")
    protocol = book.get(report.type)
    triage = evaluate(protocol, report.answers)
    triaged = triage.done or report.priority is not None
    row = IncidentRow(
        id=new_id(tx.now),
        number=await _next_number(tx),
        type=protocol.code,
        category=protocol.category,
        priority=report.priority or triage.priority,
        state=IncidentState.TRIAGED if triaged else IncidentState.OPEN,
        protocol_version=protocol.version,
        answers=dict(report.answers),
        narrative=report.narrative,
        reporting_party=report.reporting_party,
        reporting_number=report.reporting_number,
        alarm_level=1,
        owner_id=tx.actor.user_id,
        opened_at=tx.now,
        triaged_at=tx.now if triaged else None,
        version=1,
    )
    _take_triage(row, triage)
    placing.put(row, placing.checked(gazetteer, report.place, confirm_outside=report.confirm_outside))
    tx.session.add(row)
    await tx.session.flush()
    if report.call_id is not None:
        call = await calls.link(tx, report.call_id, row.id)
        row.reporting_number = row.reporting_number or (call.ani or "")[:LONGEST_NUMBER] or None
    await progress.watch(tx, row.id, undispatched_after_s.of(row.priority))
    await escalation.look_again(tx, row.id)
    opened = await progress.view_of(tx, row)
    tx.record(IncidentOpened(incident_id=row.id, call_id=report.call_id), Changed(incidents=(opened,)))
    if triaged:
        event = IncidentTriaged(
            incident_id=row.id, priority=row.priority, determinant=row.determinant, previous_priority=None
        )
        tx.record(event, Changed(incidents=(opened,)))
    return opened


async def _next_number(tx: Transaction) -> str:
    """The year and a count without gaps; the counter's row stays locked until the commit."""
    year = tx.now.astimezone(YEAR_ZONE).year
    insert = insert_for(tx.session, IncidentCountRow).values(year=year, last=0)
    await tx.session.execute(insert.on_conflict_do_nothing())
    row = await tx.session.get_one(IncidentCountRow, year, with_for_update=True, populate_existing=True)
    row.last += 1
    return f"{year}-{row.last:06d}"


def _take_triage(row: IncidentRow, triage: Triage) -> None:
    row.determinant = triage.determinant
    row.plan = rules.plan_at(triage.plan, row.alarm_level)


async def amend(
    tx: Transaction,
    book: ProtocolBook,
    gazetteer: Gazetteer,
    incident_id: str,
    expected_version: int,
    amendment: Amendment,
) -> IncidentView:
    """Change what is known of an incident; new answers, type or priority are a new triage.

    Raises NotFound, Invalid, Conflict (ended, or changed by somebody else since `expected_version`).
    """
    row = await progress.locked(tx, incident_id)
    if row.version != expected_version:
        raise Conflict("Somebody changed this meanwhile; look at it again.", version=row.version)
    if row.state in ENDED_INCIDENT_STATES:
        raise Conflict(f"The incident is {row.state.value}: reopen it first.", state=row.state.value)
    sent = amendment.model_fields_set
    fields = tuple(sorted(sent & {"narrative", "place", "reporting_party", "reporting_number"}))
    previous = row.priority
    retriaged = bool(sent & {"type", "answers", "priority"})
    if not retriaged and not fields:
        raise Invalid("Nothing was sent that could be changed.", field="body")
    if retriaged:
        _retriage(tx, book, row, amendment)
    _take_facts(gazetteer, row, amendment)
    row.version += 1
    if retriaged:
        await progress.hurry(tx, row)
    after = await progress.view_of(tx, row)
    topics = await assignments.topics_of(tx.session, incident_id)
    if retriaged:
        triaged = IncidentTriaged(
            incident_id=row.id, priority=row.priority, determinant=row.determinant, previous_priority=previous
        )
        tx.record(triaged, Changed(incidents=(after,)), topics=topics)
    if fields:
        tx.record(IncidentAmended(incident_id=row.id, fields=fields), Changed(incidents=(after,)), topics=topics)
    return after


def _take_facts(gazetteer: Gazetteer, row: IncidentRow, amendment: Amendment) -> None:
    sent = amendment.model_fields_set
    if "place" in sent:
        if amendment.place is None:
            raise Invalid("An incident needs a place.", field="place")
        placing.put(row, placing.checked(gazetteer, amendment.place, confirm_outside=amendment.confirm_outside))
    if "narrative" in sent:
        row.narrative = amendment.narrative or ""
    if "reporting_party" in sent:
        row.reporting_party = amendment.reporting_party
    if "reporting_number" in sent:
        row.reporting_number = amendment.reporting_number


def _retriage(tx: Transaction, book: ProtocolBook, row: IncidentRow, amendment: Amendment) -> None:
    protocol = book.get(amendment.type or row.type)
    kept = amendment.answers is None and protocol.code == row.type
    before = evaluate(protocol, fitting(protocol, row.answers)) if protocol.code == row.type else None
    triage = before if kept and before is not None else evaluate(protocol, amendment.answers or {})
    if "priority" in amendment.model_fields_set:
        row.priority = amendment.priority or triage.priority
    elif before is not None:
        row.priority = rules.priority_after(row.priority, before.priority, triage.priority)
    else:
        row.priority = triage.priority
    if not kept:  # else the incident keeps its answers, and the edition that asked for them
        row.answers, row.protocol_version = dict(amendment.answers or {}), protocol.version
    row.type, row.category = protocol.code, protocol.category
    if row.protocol_version == protocol.version:
        _take_triage(row, triage)
    target = rules.move(row.state, IncidentAct.TRIAGE, 0)
    if triage.done or amendment.priority is not None:
        row.state = target
        row.triaged_at = row.triaged_at or tx.now


async def note(tx: Transaction, incident_id: str, text: str) -> None:
    """Add a line to the incident's timeline. Raises NotFound, Invalid, Forbidden (a crew that is not on it)."""
    await require_part(tx.session, tx.actor, incident_id)
    words = text.strip()
    if not words:
        raise Invalid("An empty note says nothing.", field="text")
    await queries.get(tx.session, incident_id)
    topics = await assignments.topics_of(tx.session, incident_id)
    tx.record(IncidentNoted(incident_id=incident_id, text=words), topics=topics)


async def require_part(session: AsyncSession, actor: Actor, incident_id: str) -> None:
    """Raises Forbidden unless the actor works at the centre or its unit was offered the incident."""
    if actor.user_id is None or actor.roles - {Role.RESPONDER, Role.OFFICER}:
        return
    if actor.unit_id is None or not await assignments.was_offered(session, incident_id, actor.unit_id):
        raise Forbidden("Your unit is not on this incident.", incident_id=incident_id)


async def act(tx: Transaction, incident_id: str, deed: Deed, *, undispatched_after_s: ByPriority) -> IncidentView:
    """Report or decide something about an incident.

    Raises NotFound, Forbidden, Invalid (a reason or disposition is missing), Conflict (why it may not be).
    """
    if deed.act in (IncidentAct.TRIAGE, IncidentAct.MERGE):
        raise Invalid("This act has a route of its own.", field="act")
    crew = tx.actor.user_id is not None and not tx.actor.roles & CENTRE
    if crew and deed.act is not IncidentAct.UNDER_CONTROL:
        raise Forbidden("Only the centre decides this.", act=deed.act.value)
    await require_part(tx.session, tx.actor, incident_id)
    row = await progress.locked(tx, incident_id)
    states = await assignments.states_on(tx.session, incident_id)
    active = sum(state in ACTIVE_ASSIGNMENT_STATES for state in states)
    previous, row.state = row.state, rules.move(row.state, deed.act, active)
    _stamp(row, deed, tx.now)
    await escalation.look_again(tx, row.id)
    if deed.act is IncidentAct.REOPEN:
        row.state = rules.derive(row.state, states, triaged=row.triaged_at is not None)
        if row.state in rules.UNDISPATCHED:
            await progress.watch(tx, row.id, undispatched_after_s.of(row.priority))
    else:
        await progress.unwatch(tx, row.id)
    row.version += 1
    after = await progress.view_of(tx, row)
    topics = await assignments.topics_of(tx.session, incident_id)
    # Screens let go of the assignments when the incident ended.
    back = await assignments.of_incidents(tx.session, (row.id,)) if deed.act is IncidentAct.REOPEN else ()
    tx.record(_event(row, deed, previous), Changed(incidents=(after,), assignments=back), topics=topics)
    if deed.note and deed.act is not IncidentAct.CLOSE:
        tx.record(IncidentNoted(incident_id=row.id, text=deed.note), topics=topics)
    return after


def _stamp(row: IncidentRow, deed: Deed, now: datetime) -> None:
    match deed.act:
        case IncidentAct.UNDER_CONTROL:
            row.under_control_at = now
        case IncidentAct.RESOLVE:
            row.resolved_at = now
        case IncidentAct.CLOSE:
            if deed.disposition is None:
                raise Invalid("Say how the incident ended.", field="disposition")
            row.disposition, row.closed_at = deed.disposition, now
        case IncidentAct.CANCEL:
            _said(deed)
            row.disposition, row.closed_at = IncidentDisposition.CANCELLED, now
        case _:
            _said(deed)
            row.disposition = row.closed_at = row.resolved_at = row.under_control_at = None


def _said(deed: Deed) -> str:
    reason = (deed.reason or "").strip()
    if not reason:
        raise Invalid("Say why.", field="reason")
    return reason


def _event(
    row: IncidentRow, deed: Deed, previous: IncidentState
) -> IncidentClosed | IncidentCancelled | IncidentReopened | IncidentProgressed:
    match deed.act:
        case IncidentAct.CLOSE:
            assert row.disposition is not None
            return IncidentClosed(incident_id=row.id, disposition=row.disposition, note=deed.note or "")
        case IncidentAct.CANCEL:
            return IncidentCancelled(incident_id=row.id, reason=_said(deed))
        case IncidentAct.REOPEN:
            return IncidentReopened(incident_id=row.id, reason=_said(deed))
        case _:
            return IncidentProgressed(incident_id=row.id, previous=previous, state=row.state, derived=False)


def timers(settings: Settings) -> dict[str, Handler]:
    """The alarm of an incident to which nobody is sent: level 1, 2, then 3 at each further interval."""

    async def undispatched(tx: Transaction, timer: TimerRow) -> None:
        # No lock: whoever holds the incident may be waiting to cancel this very timer.
        incident = await queries.get(tx.session, timer.key)
        if incident.state not in rules.UNDISPATCHED:
            return
        payload: dict[str, Any] = timer.payload
        after_s = settings.undispatched_after_s.of(incident.priority)
        since = datetime.fromisoformat(payload.get("since", incident.opened_at.isoformat()))
        steps = int((tx.now - since).total_seconds() // after_s)
        if steps > payload["raised"]:
            level = rules.alarm_level(steps - 1)
            detail = f"{incident.number}: no unit after {round((tx.now - incident.opened_at).total_seconds())} s"
            await alarms.raise_alarm(tx, AlarmKind.INCIDENT_UNDISPATCHED, level, incident_id=incident.id, detail=detail)
        raised = max(steps, payload["raised"])
        due_at = since + timedelta(seconds=after_s * (raised + 1))
        await schedule(tx, progress.UNDISPATCHED, incident.id, due_at, {**payload, "raised": raised})

    return {progress.UNDISPATCHED: undispatched, **escalation.handlers(settings)}
