"""Two reports of one event: merged, taken apart again, or told apart for good; and a call linked by mistake."""

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.assignments import queries as assignments
from dispatch.calls import service as calls
from dispatch.db import Transaction
from dispatch.errors import Conflict, Invalid, NotFound
from dispatch.events import IncidentAmended, IncidentMerged, IncidentsToldApart, IncidentUnmerged
from dispatch.incidents import progress, queries, rules
from dispatch.incidents.model import IncidentMergeRow, IncidentRow, SeparationRow
from dispatch.incidents.rules import IncidentAct
from dispatch.settings import ByPriority
from dispatch.views import CallView, Changed, IncidentView
from dispatch.words import ACTIVE_ASSIGNMENT_STATES, ENDED_INCIDENT_STATES, IncidentDisposition, IncidentState


async def merge(tx: Transaction, incident_id: str, into_id: str) -> IncidentView:
    """Say that two incidents are one event: the calls of the first follow into the second, the first ends.

    Raises NotFound, Invalid (into itself), Conflict (units were sent to the first, or the second has ended).
    """
    if incident_id == into_id:
        raise Invalid("An incident cannot be merged into itself.", field="into_id")
    row, into = await _both(tx, incident_id, into_id)
    if into.state not in rules.DISPATCHABLE:
        raise Conflict(f"Incident {into.number} is {into.state.value}: reopen it first.", state=into.state.value)
    states = await assignments.states_on(tx.session, incident_id)
    row.state = rules.move(row.state, IncidentAct.MERGE, sum(state in ACTIVE_ASSIGNMENT_STATES for state in states))
    row.merged_into_id, row.disposition, row.closed_at = into_id, IncidentDisposition.DUPLICATE, tx.now
    row.version += 1
    await progress.unwatch(tx, row.id)
    moved = [call.id for call in await calls.of_incident(tx.session, incident_id)]
    for call_id in moved:
        await calls.link(tx, call_id, into_id, moved_from=incident_id)
    await tx.session.merge(IncidentMergeRow(incident_id=incident_id, call_ids=moved))
    return await _told(tx, row, into, IncidentMerged(incident_id=row.id, into_id=into_id))


async def unmerge(tx: Transaction, incident_id: str, *, undispatched_after_s: ByPriority) -> IncidentView:
    """Take a merge back: the incident is open again, and the calls that it brought along are its own again.

    Raises NotFound, Conflict (it is not merged).
    """
    into_id = (await queries.get(tx.session, incident_id)).merged_into_id
    if into_id is None:
        raise Conflict("The incident is not merged.")
    row, into = await _both(tx, incident_id, into_id)
    if row.state is not IncidentState.MERGED:
        raise Conflict("The incident is not merged.", state=row.state.value)
    row.state = IncidentState.TRIAGED if row.triaged_at is not None else IncidentState.OPEN
    row.merged_into_id = row.disposition = row.closed_at = None
    row.version += 1
    brought = await tx.session.get(IncidentMergeRow, incident_id)
    for call in await calls.of_incident(tx.session, into_id):
        if brought is not None and call.id in brought.call_ids:
            await calls.link(tx, call.id, incident_id, moved_from=into_id)
    await progress.watch(tx, row.id, undispatched_after_s.of(row.priority))
    return await _told(tx, row, into, IncidentUnmerged(incident_id=row.id, from_id=into_id))


async def _both(tx: Transaction, incident_id: str, other_id: str) -> tuple[IncidentRow, IncidentRow]:
    """The two rows, locked in the order of their ids so that two who merge at once do not wait for each other."""
    locked = {one: await progress.locked(tx, one) for one in sorted((incident_id, other_id))}
    return locked[incident_id], locked[other_id]


async def _told(
    tx: Transaction, row: IncidentRow, other: IncidentRow, event: IncidentMerged | IncidentUnmerged
) -> IncidentView:
    after, target = await progress.view_of(tx, row), await progress.view_of(tx, other)
    topics = {*await assignments.topics_of(tx.session, row.id), *await assignments.topics_of(tx.session, other.id)}
    tx.record(event, Changed(incidents=(after, target)), topics=sorted(topics))
    return after


async def unlink(tx: Transaction, call_id: str) -> CallView:
    """The call reports no incident after all. Raises NotFound, Conflict (it reports none)."""
    incident_id = (await calls.get(tx.session, call_id)).incident_id
    if incident_id is None:
        raise Conflict("This call reports no incident.")
    await progress.locked(tx, incident_id)
    call = await calls.unlink(tx, call_id, incident_id)
    after = await queries.get(tx.session, incident_id)
    topics = await assignments.topics_of(tx.session, incident_id)
    event = IncidentAmended(incident_id=incident_id, call_id=call_id, fields=("call_ids",))
    # Screens hold no incident that has ended.
    ended = after.state in ENDED_INCIDENT_STATES
    tx.record(event, Changed(incidents=() if ended else (after,)), topics=topics)
    return call


async def tell_apart(tx: Transaction, incident_id: str, subject_id: str) -> None:
    """A call or another incident is not about this incident: it is not proposed for it any more.

    Raises NotFound (no such incident, or neither call nor incident), Invalid (itself).
    """
    if incident_id == subject_id:
        raise Invalid("An incident cannot be told apart from itself.", field="subject_id")
    await queries.get(tx.session, incident_id)
    if await tx.session.get(IncidentRow, subject_id) is None:
        await calls.get(tx.session, subject_id)
    key = {"incident_id": incident_id, "subject_id": subject_id}
    if await tx.session.get(SeparationRow, key) is None:
        tx.session.add(SeparationRow(**key, by=tx.actor.user_id, at=tx.now))
        await tx.session.flush()
        tx.record(IncidentsToldApart(incident_id=incident_id, subject_id=subject_id, apart=True))


async def not_apart(tx: Transaction, incident_id: str, subject_id: str) -> None:
    """Take that back. Raises NotFound."""
    row = await tx.session.get(SeparationRow, {"incident_id": incident_id, "subject_id": subject_id})
    if row is None:
        raise NotFound("The two were not told apart.", incident_id=incident_id, subject_id=subject_id)
    await tx.session.execute(
        delete(SeparationRow).where(SeparationRow.incident_id == incident_id, SeparationRow.subject_id == subject_id)
    )
    tx.record(IncidentsToldApart(incident_id=incident_id, subject_id=subject_id, apart=False))


async def told_apart(session: AsyncSession, subject_id: str) -> frozenset[str]:
    """Incidents that this call or incident is known not to be about."""
    query = select(SeparationRow.incident_id, SeparationRow.subject_id)
    query = query.where(or_(SeparationRow.subject_id == subject_id, SeparationRow.incident_id == subject_id))
    return frozenset(one for pair in await session.execute(query) for one in pair) - {subject_id}
