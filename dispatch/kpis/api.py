"""The route of the day's figures."""

from typing import Annotated

from fastapi import APIRouter, Depends

from dispatch.actor import Actor
from dispatch.api import OPS_ROLES, InCentre, reads
from dispatch.kpis import service
from dispatch.kpis.rules import Today

router = APIRouter(tags=["kpis"])


@router.get("/kpis/today")
async def today(centre: InCentre, _actor: Annotated[Actor, Depends(reads(*OPS_ROLES))]) -> Today:
    """The day so far, from the local midnight; a time that nothing reached yet is null."""
    async with centre.db.reading() as session:
        return await service.today(session, centre.db.clock())
