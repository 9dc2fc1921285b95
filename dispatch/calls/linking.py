"""A further call about an incident that is open already."""

from dispatch.assignments import queries as assignments
from dispatch.calls import service
from dispatch.db import Transaction
from dispatch.errors import Conflict
from dispatch.events import IncidentAmended
from dispatch.incidents import progress
from dispatch.incidents import queries as incidents
from dispatch.views import CallView, Changed
from dispatch.words import ENDED_INCIDENT_STATES


async def report(tx: Transaction, call_id: str, incident_id: str) -> CallView:
    """The call reports this incident too; everybody on it learns of the call.

    Raises NotFound, Conflict when the incident has ended or the call reports another one.
    """
    incident = await progress.lock(tx, incident_id)
    if incident.state in ENDED_INCIDENT_STATES:
        raise Conflict(f"The incident is {incident.state.value}: reopen it first.", state=incident.state.value)
    call = await service.link(tx, call_id, incident_id)
    if call_id not in incident.call_ids:
        after = await incidents.get(tx.session, incident_id)
        topics = await assignments.topics_of(tx.session, incident_id)
        event = IncidentAmended(incident_id=incident_id, call_id=call_id, fields=("call_ids",))
        tx.record(event, Changed(incidents=(after,)), topics=topics)
    return call
