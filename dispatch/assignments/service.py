"""Assignments: a unit is offered an incident, its crew answers and reports; what nobody takes goes to the next.

Lock order: incident, assignment, unit. A due offer is not cancelled when it is answered: its timer fires and finds
nothing to do, so that answering and firing never wait for each other's row.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Self

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch import events
from dispatch import timers as timer_table
from dispatch.actor import CENTRE
from dispatch.assignments import queries, rules, unmet
from dispatch.assignments.model import AssignmentRow
from dispatch.assignments.rules import AssignmentAct
from dispatch.db import Transaction
from dispatch.errors import Conflict, Forbidden, Invalid, NotFound
from dispatch.events import AnyEvent, AssignmentOffered
from dispatch.ids import new_id
from dispatch.incidents import progress
from dispatch.incidents import queries as incidents
from dispatch.incidents import rules as incident_rules
from dispatch.people import service as people
from dispatch.recommendation import rank
from dispatch.recommendation import service as recommendation
from dispatch.recommendation.geography import Geography
from dispatch.recommendation.rank import Candidate
from dispatch.settings import ByPriority, Settings
from dispatch.timers import Handler, TimerRow
from dispatch.units import service as units
from dispatch.views import AssignmentView, Changed, IncidentView, UnitView
from dispatch.words import ACTIVE_ASSIGNMENT_STATES, AssignmentState, IncidentState, UnitState

OFFER_EXPIRY = "offer_expiry"
"""Kind of the timer that ends an offer which nobody answers; its key is the assignment's id."""

_ACTIVE_UNIT = ("uq_assignments_active_unit", "assignments.unit_id")
"""How PostgreSQL and SQLite name the index that lets a unit have one active assignment."""

LONGEST_REASON = 300
"""The column's width."""

Basis = Literal["single", "joint", "divert"]
"""What an offer follows from; see AssignmentOffered."""


@dataclass(frozen=True, slots=True)
class OfferPolicy:
    timeout_s: float
    """How long a crew has to accept."""
    offer_next: bool
    """After a decline or expiry offer the next best unit at once."""
    undispatched_after_s: ByPriority
    """How long an incident may stay without a unit until the alarm."""
    geography: Geography = field(default_factory=Geography)

    @classmethod
    def of(cls, settings: Settings, geography: Geography | None = None) -> Self:
        """Without `geography` travel times are by the straight line."""
        known = geography or Geography()
        return cls(settings.offer_timeout_s, settings.offer_next, settings.undispatched_after_s, known)


async def snapshot(session: AsyncSession) -> tuple[AssignmentView, ...]:
    """All assignments, in any state, of incidents that have not ended."""
    return await queries.of_incidents(session, await incidents.open_ids(session))


async def offer(
    tx: Transaction,
    incident_id: str,
    unit_id: str,
    policy: OfferPolicy,
    *,
    override_reason: str | None = None,
    basis: Basis = "single",
) -> AssignmentView:
    """Offer an incident to a unit. The partial unique index decides between dispatchers who want the same unit.

    `override_reason` must be given unless the unit is the best free one for a need that nobody covers yet (any
    capable one, while the incident has no point), or the caller found it in the joint proposal (`basis`). Raises
    NotFound, Invalid (override_reason), Conflict (unit off duty or out of service, incident over, or the unit is taken:
    details name unit, holder and who offered it).
    """
    incident = await progress.lock(tx, incident_id)
    if incident.state not in incident_rules.DISPATCHABLE:
        said = incident.state.value
        raise Conflict(f"Incident {incident.number} is {said}: reopen it before sending a unit.", state=said)
    found = await recommendation.recommend(tx.session, incident, tx.now, policy.geography)
    # Looked at after the ranking: a unit that was lost meanwhile is refused as lost, not as second best.
    unit = await units.view(tx.session, unit_id)
    _check_ready(unit)
    if unit.state is UnitState.COMMITTED:
        raise await _taken(tx, unit)
    candidate = next((one for one in found.candidates if one.unit_id == unit_id), None)
    reason = (override_reason or "").strip()[:LONGEST_REASON] or None
    if reason is None and basis != "joint" and not rank.fits(found, unit_id, known=incident.place.point is not None):
        raise Invalid(
            f"{unit.callsign} is not the best free unit for what is still needed: say why it is sent.",
            field="override_reason",
        )
    row = await _insert(tx, incident_id, unit_id, policy, candidate, reason)
    if row is None:
        raise await _taken(tx, unit)
    moved = await progress.advance(tx, incident_id, undispatched_after_s=policy.undispatched_after_s)
    await _record_offer(tx, row, moved.view, candidate, replaces_id=None, basis=basis)
    await progress.record_advance(tx, moved)
    await unmet.check_plan(tx, moved.view, policy.geography)
    return queries.view(row)


def _check_ready(unit: UnitView) -> None:
    """By the columns, as the derived state of a unit that was just offered something is committed."""
    if unit.on_duty_since is None:
        raise Conflict(f"{unit.callsign} is off duty.", unit_id=unit.id, callsign=unit.callsign)
    if unit.out_of_service_reason is not None:
        why = unit.out_of_service_reason
        raise Conflict(f"{unit.callsign} is out of service: {why}.", unit_id=unit.id, callsign=unit.callsign)


async def _insert(
    tx: Transaction,
    incident_id: str,
    unit_id: str,
    policy: OfferPolicy,
    candidate: Candidate | None,
    override_reason: str | None,
    *,
    by_system: bool = False,
) -> AssignmentRow | None:
    """Insert the offer with its timer; None when somebody else has the unit.

    Raises Conflict, the offer undone, when the unit's shift ended while we waited for its row.
    """
    expires_at = tx.now + timedelta(seconds=policy.timeout_s)
    row = AssignmentRow(
        id=new_id(tx.now),
        incident_id=incident_id,
        unit_id=unit_id,
        state=AssignmentState.OFFERED,
        offered_by=None if by_system else tx.actor.user_id,
        offered_at=tx.now,
        offer_expires_at=expires_at,
        override_reason=override_reason,
        travel_s=candidate.travel_s if candidate else None,
        version=1,
    )
    try:
        async with tx.session.begin_nested():
            tx.session.add(row)
            await tx.session.flush()
            _check_ready(await units.lock(tx, unit_id))
    except IntegrityError as error:
        if not any(name in str(error.orig) for name in _ACTIVE_UNIT):
            raise
        return None
    await timer_table.schedule(tx, OFFER_EXPIRY, row.id, expires_at)
    return row


async def _taken(tx: Transaction, unit: UnitView) -> Conflict:
    """Who has the unit, in words and as details."""
    held = (await queries.active(tx.session, [unit.id])).get(unit.id)
    if held is None:
        return Conflict(
            f"Somebody took {unit.callsign} at the same moment and let it go again: try once more.",
            unit_id=unit.id,
            callsign=unit.callsign,
        )
    number = (await incidents.numbers(tx.session, [held.incident_id]))[held.incident_id]
    by = (await people.user_of(tx.session, held.offered_by)).display_name if held.offered_by else None
    return Conflict(
        f"{unit.callsign} is taken: {by or 'the system'} offered it incident {number}.",
        unit_id=unit.id,
        callsign=unit.callsign,
        holder_incident_number=number,
        holder_incident_id=held.incident_id,
        offered_by_name=by,
    )


async def _record_offer(
    tx: Transaction,
    row: AssignmentRow,
    incident: IncidentView,
    candidate: Candidate | None,
    replaces_id: str | None,
    basis: Basis = "single",
) -> None:
    event = AssignmentOffered(
        incident_id=row.incident_id,
        unit_id=row.unit_id,
        assignment_id=row.id,
        override_reason=row.override_reason,
        rank=candidate.rank if candidate else None,
        replaces_id=replaces_id,
        basis=basis,
    )
    await _record(tx, event, row, incident)


async def _record(
    tx: Transaction, event: AnyEvent, row: AssignmentRow, incident: IncidentView, at: datetime | None = None
) -> None:
    """The incident's view goes along so that a crew which never saw the incident has it at once."""
    changed = Changed(
        assignments=(queries.view(row),), units=(await units.view(tx.session, row.unit_id),), incidents=(incident,)
    )
    tx.record(event, changed, topics=await queries.topics_of(tx.session, row.incident_id), at=at)


async def act(
    tx: Transaction,
    assignment_id: str,
    act: AssignmentAct,
    policy: OfferPolicy,
    *,
    reason: str | None = None,
    at: datetime | None = None,
) -> AssignmentView:
    """Answer an offer, report a status, or call a unit off. After a decline the next best unit is offered at once.

    `at` is when it happened (None: now), kept within what is possible. Raises NotFound, Forbidden (another crew's
    assignment, or a decision of the centre), Invalid (a reason is missing, `at` is too old), Conflict (an illegal
    move, said why).
    """
    row = await _locked(tx, assignment_id)
    tx.actor.require_unit(row.unit_id)
    of_centre = tx.actor.user_id is None or tx.actor.roles & CENTRE
    if act is AssignmentAct.EXPIRE or not (of_centre or act in rules.CREW_ACTS):
        raise Forbidden("Only the centre decides this.", act=act.value)
    said = (reason or "").strip()[:LONGEST_REASON]
    target = rules.move(row.state, act)
    if act in rules.NEEDS_REASON and not said:
        raise Invalid("Say why.", field="reason")
    happened_at = rules.happened_at(at, _last_step_at(row), tx.now)
    await _apply(tx, row, _Step(act, target, said, happened_at), policy)
    return queries.view(row)


async def _locked(tx: Transaction, assignment_id: str) -> AssignmentRow:
    """The assignment, held after its incident and before its unit."""
    of_it = select(AssignmentRow.incident_id).where(AssignmentRow.id == assignment_id)
    incident_id = (await tx.session.execute(of_it)).scalar_one_or_none()
    if incident_id is None:
        raise NotFound("There is no such assignment.", assignment_id=assignment_id)
    await progress.lock(tx, incident_id)
    query = select(AssignmentRow).where(AssignmentRow.id == assignment_id)
    query = query.with_for_update().execution_options(populate_existing=True)
    row = (await tx.session.scalars(query)).one()
    await units.lock(tx, row.unit_id)
    return row


@dataclass(frozen=True, slots=True)
class _Step:
    """What an assignment does next, and when that happened."""

    act: AssignmentAct
    target: AssignmentState
    reason: str
    at: datetime


async def _apply(tx: Transaction, row: AssignmentRow, step: _Step, policy: OfferPolicy) -> None:
    row.state = step.target
    _stamp(row, step)
    row.version += 1
    await tx.session.flush()
    unanswered = step.act in (AssignmentAct.DECLINE, AssignmentAct.EXPIRE)
    following = await _next(tx, row, policy) if unanswered and policy.offer_next else None
    moved = await progress.advance(tx, row.incident_id, undispatched_after_s=policy.undispatched_after_s, at=step.at)
    await _record(tx, _event(row, step, tx.now), row, moved.view, step.at)
    if following is not None and following.row is not None:
        await _record_offer(tx, following.row, moved.view, following.candidate, replaces_id=row.id)
    await progress.record_advance(tx, moved)
    if unanswered:
        nobody_left = following is not None and following.row is None
        await unmet.unanswered(tx, row, step.act, step.reason, nobody_left=nobody_left)


def _last_step_at(row: AssignmentRow) -> datetime:
    steps = (row.offered_at, row.accepted_at, row.en_route_at, row.on_scene_at, row.transporting_at, row.at_facility_at)
    return max(at for at in steps if at is not None)


def _stamp(row: AssignmentRow, step: _Step) -> None:
    if step.act in rules.NEEDS_REASON:
        row.end_reason = step.reason
    match step.target:
        case AssignmentState.ACCEPTED:
            row.accepted_at = step.at
        case AssignmentState.EN_ROUTE:
            row.en_route_at = step.at
        case AssignmentState.ON_SCENE:
            row.on_scene_at = step.at
        case AssignmentState.TRANSPORTING:
            row.transporting_at = step.at
        case AssignmentState.AT_FACILITY:
            row.at_facility_at = step.at
        case _:
            row.ended_at = step.at


_EVENTS: Mapping[AssignmentAct, Callable[..., AnyEvent]] = {
    AssignmentAct.ACCEPT: events.AssignmentAccepted,
    AssignmentAct.DECLINE: events.AssignmentDeclined,
    AssignmentAct.EXPIRE: events.AssignmentExpired,
    AssignmentAct.WITHDRAW: events.AssignmentWithdrawn,
    AssignmentAct.DEPART: events.AssignmentDeparted,
    AssignmentAct.ARRIVE: events.AssignmentArrived,
    AssignmentAct.TRANSPORT: events.AssignmentTransporting,
    AssignmentAct.REACH_FACILITY: events.AssignmentReachedFacility,
    AssignmentAct.CLEAR: events.AssignmentCleared,
    AssignmentAct.CANCEL: events.AssignmentCancelled,
    AssignmentAct.DIVERT: events.AssignmentDiverted,
}


def _event(row: AssignmentRow, step: _Step, now: datetime) -> AnyEvent:
    said: dict[str, str | datetime] = {}
    if step.act in rules.NEEDS_REASON:
        said["reason"] = step.reason
    if step.at < now:
        said["received_at"] = now
    return _EVENTS[step.act](incident_id=row.incident_id, unit_id=row.unit_id, assignment_id=row.id, **said)


@dataclass(frozen=True, slots=True)
class _Following:
    """The offer after one that nobody took; `row` None: a need is open and nobody is left."""

    row: AssignmentRow | None
    candidate: Candidate | None


async def _next(tx: Transaction, ended: AssignmentRow, policy: OfferPolicy) -> _Following | None:
    """Offer the next best unit for a need that the ended one would have covered; None when none of those is open.

    Units that refused or missed this incident, or were called off it, are not asked again. A unit that another
    dispatcher takes at this moment, or whose shift ends, is passed over.
    """
    incident = await progress.lock(tx, ended.incident_id)
    if incident.state not in incident_rules.DISPATCHABLE:
        return None
    tried = unmet.tried(await queries.of_incidents(tx.session, [ended.incident_id]))
    found = await recommendation.recommend(tx.session, incident, tx.now, policy.geography, without=tried)
    able = (await units.view(tx.session, ended.unit_id)).capabilities
    wanted = rank.uncovered(found).intersection(able)
    if not wanted:
        return None
    for candidate in found.candidates:
        if wanted.isdisjoint(candidate.covers):
            continue
        with suppress(Conflict):
            row = await _insert(tx, ended.incident_id, candidate.unit_id, policy, candidate, None, by_system=True)
            if row is None:
                continue
            return _Following(row, candidate)
    return _Following(None, None)


async def stand_down(tx: Transaction, incident_id: str, reason: str, policy: OfferPolicy) -> None:
    """Call off every unit that has not reached the scene, because the incident is about to be cancelled.

    An incident whose scene was reached is left alone: it cannot be cancelled, and the act itself says so.
    """
    incident = await progress.lock(tx, incident_id)
    if incident.state not in (IncidentState.DISPATCHED, IncidentState.EN_ROUTE):
        return
    for one in await queries.of_incidents(tx.session, [incident_id]):
        if one.state is AssignmentState.OFFERED:
            await act(tx, one.id, AssignmentAct.WITHDRAW, policy, reason=reason)
        elif one.state in ACTIVE_ASSIGNMENT_STATES:
            await act(tx, one.id, AssignmentAct.CANCEL, policy, reason=reason)


def timers(settings: Settings, geography: Geography | None = None) -> dict[str, Handler]:
    """The end of an offer that nobody answered."""
    policy = OfferPolicy.of(settings, geography)

    async def expire(tx: Transaction, timer: TimerRow) -> None:
        row = await _locked(tx, timer.key)
        if row.state is AssignmentState.OFFERED:
            await _apply(tx, row, _Step(AssignmentAct.EXPIRE, AssignmentState.EXPIRED, "", tx.now), policy)

    return {OFFER_EXPIRY: expire}
