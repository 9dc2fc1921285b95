"""A further call about an incident that is open already."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from dispatch.assignments import queries as assignments
from dispatch.calls import service
from dispatch.db import Transaction
from dispatch.errors import Conflict
from dispatch.events import IncidentAmended, IncidentNoted
from dispatch.incidents import progress
from dispatch.incidents import queries as incidents
from dispatch.views import CallView, Changed, Place
from dispatch.words import ENDED_INCIDENT_STATES, CallDisposition


class Again(BaseModel):
    """What a further caller about a known incident adds."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"incident_id": "…", "facts": "asap sampai ke jalan raya"}]}
    )

    incident_id: Annotated[str, Field(max_length=36)]
    place: Place | None = None
    facts: Annotated[str, Field(max_length=2000)] = ""


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


async def already_reported(tx: Transaction, call_id: str, again: Again) -> CallView:
    """The caller tells of a known incident: number, place and new facts are kept there, and the call was handled.

    Raises NotFound, Conflict as `report`, and when the call waits or was judged already.
    """
    call = await report(tx, call_id, again.incident_id)
    said = _said(call, again)
    topics = await assignments.topics_of(tx.session, again.incident_id)
    tx.record(IncidentNoted(incident_id=again.incident_id, call_id=call_id, text=said), topics=topics)
    return await service.dispose(tx, call_id, CallDisposition.HANDLED, said)


def _said(call: CallView, again: Again) -> str:
    """A line for the incident's timeline, in the centre's own language."""
    parts = [f"Dilaporkan lagi oleh {call.ani or 'penelepon tanpa nomor'}"]
    if again.place is not None:
        point = again.place.point
        where = f" ({point.lat:.5f}, {point.lon:.5f})" if point is not None else ""
        parts.append(f"tempat: {again.place.text}{where}")
    facts = again.facts.strip()
    parts.append(f"fakta baru: {facts}" if facts else "tanpa fakta baru")
    return "; ".join(parts)
