"""The recommendation's route."""

from typing import Annotated

from fastapi import APIRouter, Depends

from dispatch.actor import Actor
from dispatch.api import CENTRE_ROLES, InCentre, reads
from dispatch.incidents import queries as incidents
from dispatch.recommendation import service
from dispatch.recommendation.rank import Recommendation

router = APIRouter(tags=["recommendation"])

Centre = Annotated[Actor, Depends(reads(*CENTRE_ROLES))]


@router.get("/incidents/{incident_id}/recommendation")
async def recommendation(centre: InCentre, _actor: Centre, incident_id: str) -> Recommendation:
    """Which units to send, in what order and why; of every other unit why not."""
    async with centre.db.reading() as session:
        incident = await incidents.get(session, incident_id)
        return await service.recommend(session, incident, centre.db.clock())
