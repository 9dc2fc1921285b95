"""How an incident's state follows from its assignments, and the watch over one to which nobody was sent."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from dispatch import timers
from dispatch.assignments import queries as assignments
from dispatch.db import Transaction
from dispatch.errors import NotFound
from dispatch.events import IncidentProgressed
from dispatch.incidents import alarms, escalation, queries, rules
from dispatch.incidents.model import IncidentRow
from dispatch.settings import ByPriority
from dispatch.views import Changed, IncidentView
from dispatch.words import AlarmKind, IncidentState

UNDISPATCHED = "incident_undispatched"
"""Kind of the timer that watches an incident to which nobody was sent; its key is the incident's id."""


async def watch(tx: Transaction, incident_id: str, after_s: float, raised: int = 0) -> None:
    """Set the alarm's timer; `raised` alarms sounded before."""
    due_at = tx.now + timedelta(seconds=after_s)
    payload = {"raised": raised, "since": tx.now.isoformat()}
    await timers.schedule(tx, UNDISPATCHED, incident_id, due_at, payload)


async def hurry(tx: Transaction, row: IncidentRow) -> None:
    """The priority or the triage changed: the timers reckon anew when they are due."""
    await escalation.look_again(tx, row.id)
    if row.state in rules.UNDISPATCHED:
        await timers.hurry(tx, UNDISPATCHED, row.id)


async def unwatch(tx: Transaction, incident_id: str, *, needs_more: bool = False) -> None:
    """Somebody is on the way, or nobody is needed: no alarm any more, but that of a plan that `needs_more`."""
    await timers.cancel(tx, UNDISPATCHED, incident_id)
    settled = (AlarmKind.INCIDENT_UNDISPATCHED, AlarmKind.NO_UNIT_LEFT, AlarmKind.PLAN_SHORT)
    for kind in settled[:2] if needs_more else settled:
        await alarms.settle(tx, kind, incident_id=incident_id)


async def view_of(tx: Transaction, row: IncidentRow) -> IncidentView:
    """The view of a changed row."""
    await tx.session.flush()
    return (await queries.views(tx.session, [row]))[0]


async def locked(tx: Transaction, incident_id: str) -> IncidentRow:
    """The row, read afresh and held until the transaction's end. Raises NotFound."""
    query = select(IncidentRow).where(IncidentRow.id == incident_id)
    query = query.with_for_update().execution_options(populate_existing=True)
    row = (await tx.session.scalars(query)).one_or_none()
    if row is None:
        raise NotFound("There is no such incident.", incident_id=incident_id)
    return row


async def lock(tx: Transaction, incident_id: str) -> IncidentView:
    """The incident, held until the transaction's end so that its view is final. Raises NotFound."""
    return await view_of(tx, await locked(tx, incident_id))


@dataclass(frozen=True, slots=True)
class Advance:
    """Where an incident stands after a change of its assignments, and where it stood before."""

    view: IncidentView
    previous: IncidentState
    at: datetime
    """When it came to stand there."""


async def advance(
    tx: Transaction, incident_id: str, *, undispatched_after_s: ByPriority, at: datetime | None = None
) -> Advance:
    """Derive the incident's state from its assignments and stamp what was reached for the first time.

    `at` is when the change of the assignment happened (None: now); one that was reported late may have been first.
    The caller records its own event first, with this view, then `record_advance`. Raises NotFound.
    """
    row = await locked(tx, incident_id)
    await escalation.look_again(tx, row.id)
    previous, stamps = row.state, (row.en_route_at, row.on_scene_at)
    states = await assignments.states_on(tx.session, incident_id)
    row.state = rules.derive(previous, states, triaged=row.triaged_at is not None)
    times = await assignments.times_on(tx.session, incident_id)
    row.en_route_at, row.on_scene_at = times.en_route_at, times.on_scene_at
    if row.state is not previous or stamps != (row.en_route_at, row.on_scene_at):
        row.version += 1
    reached = at or tx.now
    if row.state is not previous:
        if row.state is IncidentState.RESOLVED:
            reached = row.resolved_at = times.ended_at or reached
        elif row.state is IncidentState.DISPATCHED:
            row.dispatched_at = row.dispatched_at or reached
        if row.state in rules.UNDISPATCHED:
            await watch(tx, row.id, undispatched_after_s.of(row.priority))
        else:
            await unwatch(tx, row.id, needs_more=row.state is not IncidentState.RESOLVED)
    return Advance(await view_of(tx, row), previous, reached)


async def record_advance(tx: Transaction, advance: Advance) -> None:
    """Record that the state moved, if it did."""
    after = advance.view
    if after.state is advance.previous:
        return
    event = IncidentProgressed(incident_id=after.id, previous=advance.previous, state=after.state, derived=True)
    topics = await assignments.topics_of(tx.session, after.id)
    tx.record(event, Changed(incidents=(after,)), topics=topics, at=advance.at)


async def progress(tx: Transaction, incident_id: str, *, undispatched_after_s: ByPriority) -> IncidentView:
    """Derive the incident's state from its assignments and record it if it moved. Raises NotFound."""
    moved = await advance(tx, incident_id, undispatched_after_s=undispatched_after_s)
    await record_advance(tx, moved)
    return moved.view
