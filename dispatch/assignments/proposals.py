"""Offers that follow from more than one incident: the joint proposal, and a unit called off for a more urgent one."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from dispatch.assignments import queries, service
from dispatch.assignments.rules import AssignmentAct
from dispatch.assignments.service import LONGEST_REASON, OfferPolicy
from dispatch.db import Transaction
from dispatch.errors import Conflict, Invalid
from dispatch.incidents import progress
from dispatch.recommendation import service as recommendation
from dispatch.recommendation.diversion import may_divert
from dispatch.views import AssignmentView, IncidentView, View

MOST_PICKS = 100


class Pick(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    incident_id: Annotated[str, Field(max_length=36)]
    unit_id: Annotated[str, Field(max_length=36)]


class Refused(View):
    """A pick that could not be offered, and why."""

    incident_id: str
    unit_id: str
    why: str


class JointOutcome(View):
    offered: tuple[AssignmentView, ...]
    refused: tuple[Refused, ...]


async def offer_joint(tx: Transaction, picks: Sequence[Pick], policy: OfferPolicy) -> JointOutcome:
    """Offer these picks of the joint proposal as it is now; one that somebody took meanwhile stops no other.

    What is no longer proposed is refused, since its reason is gone. Raises NotFound.
    """
    for incident_id in sorted({pick.incident_id for pick in picks}):
        await progress.lock(tx, incident_id)
    proposed = await recommendation.joint(tx.session, tx.now, policy.geography)
    known = {(one.incident_id, one.unit_id) for one in proposed.picks}
    offered: list[AssignmentView] = []
    refused: list[Refused] = []
    for pick in sorted(picks, key=lambda one: (one.incident_id, one.unit_id)):
        told = len(tx.pending)
        try:
            if (pick.incident_id, pick.unit_id) not in known:
                raise Conflict("The situation has changed: this is no longer proposed.")
            async with tx.session.begin_nested():
                offered.append(await service.offer(tx, pick.incident_id, pick.unit_id, policy, basis="joint"))
        except Conflict as error:
            del tx.pending[told:]
            refused.append(Refused(incident_id=pick.incident_id, unit_id=pick.unit_id, why=error.detail))
    return JointOutcome(offered=tuple(offered), refused=tuple(refused))


async def divert(tx: Transaction, incident_id: str, unit_id: str, reason: str, policy: OfferPolicy) -> AssignmentView:
    """Call a unit off a less urgent incident and offer it this one, both or neither.

    Raises NotFound, Invalid (no reason), Conflict (the unit is free, or its work may not be broken off for this).
    """
    said = reason.strip()[:LONGEST_REASON]
    if not said:
        raise Invalid("Say why.", field="reason")
    held = (await queries.active(tx.session, [unit_id])).get(unit_id)
    if held is None or held.incident_id == incident_id:
        raise Conflict("The unit is on no other incident: offer it this one.", unit_id=unit_id)
    locked: dict[str, IncidentView] = {}
    for one in sorted((incident_id, held.incident_id)):
        locked[one] = await progress.lock(tx, one)
    assignment = await queries.of_unit(tx.session, unit_id)
    ours, theirs = locked[incident_id], locked[held.incident_id]
    if assignment is None or assignment.id != held.id:
        raise Conflict("The unit's assignment changed meanwhile: look again.", unit_id=unit_id)
    if not may_divert(assignment.state, theirs.priority, ours.priority):
        raise Conflict(
            f"A unit that is {assignment.state.value.replace('_', ' ')} on incident {theirs.number} "
            f"({theirs.priority.value}) is not called off for one of {ours.priority.value}.",
            unit_id=unit_id,
        )
    why = f"{said} (→ {ours.number})"[:LONGEST_REASON]
    await service.act(tx, held.id, AssignmentAct.DIVERT, policy, reason=why)
    return await service.offer(tx, incident_id, unit_id, policy, override_reason=said, basis="divert")
