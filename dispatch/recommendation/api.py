"""Routes of the recommendation, and of roads that are closed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from dispatch.actor import Actor
from dispatch.api import CENTRE_ROLES, OPS_ROLES, Command, InCentre, commands, reads
from dispatch.incidents import queries as incidents
from dispatch.recommendation import closures, service
from dispatch.recommendation.closures import ClosureView, NewClosure
from dispatch.recommendation.joint import Joint
from dispatch.recommendation.rank import Recommendation
from dispatch.words import Role

router = APIRouter(tags=["recommendation"])

Centre = Annotated[Actor, Depends(reads(*CENTRE_ROLES))]
Closes = Annotated[Command, Depends(commands(Role.DISPATCHER, Role.SUPERVISOR))]


@router.get("/incidents/{incident_id}/recommendation")
async def recommendation(centre: InCentre, _actor: Centre, incident_id: str) -> Recommendation:
    """Which units to send, in what order and why; of every other unit why not."""
    await service.prepare(centre.db, centre.geography, incident_id)
    async with centre.db.reading() as session:
        incident = await incidents.get(session, incident_id)
        return await service.recommend(session, incident, centre.db.clock(), centre.geography)


@router.get("/recommendation/joint")
async def joint(centre: InCentre, _actor: Centre) -> Joint:
    """One proposal for all open incidents that need units, solved together."""
    await service.prepare(centre.db, centre.geography)
    async with centre.db.reading() as session:
        return await service.joint(session, centre.db.clock(), centre.geography)


@router.get("/road-closures")
async def road_closures(centre: InCentre, _actor: Annotated[Actor, Depends(reads(*OPS_ROLES))]) -> list[ClosureView]:
    """Roads that are closed now, oldest first."""
    async with centre.db.reading() as session:
        return await closures.views(session, centre.db.clock())


@router.post("/road-closures", status_code=201, response_model=ClosureView)
async def close_road(command: Closes, body: NewClosure) -> Response:
    """Close the roads near a point or a line; every recommendation from now on goes round."""
    return await command.run(lambda tx: closures.close_road(tx, body), 201)


@router.post("/road-closures/{closure_id}/reopen", status_code=204)
async def reopen(command: Closes, closure_id: str) -> Response:
    """The road is passable again."""
    return await command.run(lambda tx: closures.reopen(tx, closure_id))
