"""Routes of units: their board, shifts and positions, and what a crew sees of its own unit."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from dispatch.actor import Actor
from dispatch.api import CENTRE_ROLES, OPS_ROLES, Command, InCentre, commands, reads
from dispatch.assignments import queries as assignments
from dispatch.errors import Forbidden
from dispatch.incidents import queries as incidents
from dispatch.units import service
from dispatch.units.rules import UnitAct
from dispatch.units.service import MOST_POSITIONS, ReportedPosition
from dispatch.views import AssignmentView, IncidentView, UnitView, View
from dispatch.words import Role

router = APIRouter(tags=["units"])


class Mine(View):
    """What a crew works on."""

    unit: UnitView
    assignment: AssignmentView | None
    incident: IncidentView | None


class ActBody(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"act": "go_on_duty"}]})

    act: UnitAct
    reason: Annotated[str, Field(max_length=300)] | None = None


class PositionsBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    positions: Annotated[list[ReportedPosition], Field(max_length=MOST_POSITIONS)]


@router.get("/units")
async def units(centre: InCentre, _actor: Annotated[Actor, Depends(reads(*OPS_ROLES))]) -> list[UnitView]:
    """All units, by callsign."""
    async with centre.db.reading() as session:
        return list(await service.snapshot(session))


@router.get("/units/mine")
async def mine(centre: InCentre, actor: Annotated[Actor, Depends(reads(Role.RESPONDER))]) -> Mine:
    """The own unit, and the offer or incident that it has."""
    if actor.unit_id is None:
        raise Forbidden("You belong to no unit's crew.")
    async with centre.db.reading() as session:
        unit = await service.view(session, actor.unit_id)
        assignment = await assignments.of_unit(session, actor.unit_id)
        incident = await incidents.get(session, assignment.incident_id) if assignment else None
    return Mine(unit=unit, assignment=assignment, incident=incident)


@router.post("/units/{unit_id}/acts", response_model=UnitView)
async def act(
    command: Annotated[Command, Depends(commands(Role.RESPONDER, *CENTRE_ROLES))], unit_id: str, body: ActBody
) -> Response:
    """Begin or end a shift, or say that the unit cannot be sent."""
    return await command.run(lambda tx: service.act(tx, unit_id, body.act, body.reason))


@router.post("/positions", status_code=204)
async def positions(
    centre: InCentre, command: Annotated[Command, Depends(commands(Role.RESPONDER))], body: PositionsBody
) -> Response:
    """Where the own unit is. The newest position wins, whatever the order of arrival."""
    async with centre.db.transaction(command.actor) as tx:  # newest wins: a repeat needs no idempotency key
        newest = await service.take_positions(tx, centre.gazetteer, body.positions)
    if newest is not None:
        centre.hub.positions([newest])
    return Response(status_code=204)
