"""Routes of offers and of what crews report."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from dispatch.api import CENTRE_ROLES, Command, InCentre, commands
from dispatch.assignments import proposals, service
from dispatch.assignments.proposals import MOST_PICKS, JointOutcome, Pick
from dispatch.assignments.rules import AssignmentAct
from dispatch.assignments.service import LONGEST_REASON, OfferPolicy
from dispatch.recommendation import service as recommendation
from dispatch.views import AssignmentView
from dispatch.words import Role

router = APIRouter(tags=["assignments"])

Decides = Annotated[Command, Depends(commands(*CENTRE_ROLES))]
Reports = Annotated[Command, Depends(commands(Role.RESPONDER, *CENTRE_ROLES))]
Reason = Annotated[str, Field(max_length=LONGEST_REASON)]


class OfferBody(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"unit_id": "0193…", "override_reason": None}]}
    )

    unit_id: str
    override_reason: Reason | None = None


class JointBody(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"picks": [{"incident_id": "0193…", "unit_id": "0193…"}]}]}
    )

    picks: Annotated[list[Pick], Field(min_length=1, max_length=MOST_PICKS)]


class DivertBody(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"unit_id": "0193…", "reason": "Henti jantung lebih dekat"}]}
    )

    unit_id: str
    reason: Annotated[str, Field(min_length=1, max_length=LONGEST_REASON)]


class ActBody(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"act": "accept", "at": "2026-11-24T06:00:00Z"}]}
    )

    act: AssignmentAct
    reason: Reason | None = None
    at: AwareDatetime | None = None
    """When it happened, where a phone had no network then; None: now."""


@router.post("/incidents/{incident_id}/assignments", status_code=201, response_model=AssignmentView)
async def offer(centre: InCentre, command: Decides, incident_id: str, body: OfferBody) -> Response:
    """Offer the incident to a unit. 409 names who has the unit when somebody was quicker."""
    policy = OfferPolicy.of(centre.settings, centre.geography)
    await recommendation.prepare(centre.db, centre.geography, incident_id)
    return await command.run(
        lambda tx: service.offer(tx, incident_id, body.unit_id, policy, override_reason=body.override_reason), 201
    )


@router.post("/recommendation/joint/offers", response_model=JointOutcome)
async def offer_joint(centre: InCentre, command: Decides, body: JointBody) -> Response:
    """Offer picks of the joint proposal, all or some; the answer says which could not be offered, and why."""
    policy = OfferPolicy.of(centre.settings, centre.geography)
    await recommendation.prepare(centre.db, centre.geography)
    return await command.run(lambda tx: proposals.offer_joint(tx, body.picks, policy))


@router.post("/incidents/{incident_id}/diversions", status_code=201, response_model=AssignmentView)
async def divert(centre: InCentre, command: Decides, incident_id: str, body: DivertBody) -> Response:
    """Call a unit off a less urgent incident and offer it this one."""
    policy = OfferPolicy.of(centre.settings, centre.geography)
    return await command.run(lambda tx: proposals.divert(tx, incident_id, body.unit_id, body.reason, policy), 201)


@router.post("/assignments/{assignment_id}/acts", response_model=AssignmentView)
async def act(centre: InCentre, command: Reports, assignment_id: str, body: ActBody) -> Response:
    """Answer an offer, report a status, or call a unit off."""
    policy = OfferPolicy.of(centre.settings, centre.geography)
    return await command.run(
        lambda tx: service.act(tx, assignment_id, body.act, policy, reason=body.reason, at=body.at)
    )
