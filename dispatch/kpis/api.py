"""The routes of the day's figures and of the funnel."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from dispatch.actor import Actor
from dispatch.api import OPS_ROLES, InCentre, reads
from dispatch.kpis import service
from dispatch.kpis.funnel import MOST_DAYS, Funnel
from dispatch.kpis.rules import Today

router = APIRouter(tags=["kpis"])


@router.get("/kpis/today")
async def today(centre: InCentre, _actor: Annotated[Actor, Depends(reads(*OPS_ROLES))]) -> Today:
    """The day so far, from the local midnight; a time that nothing reached yet is null."""
    async with centre.db.reading() as session:
        return await service.today(session, centre.db.clock())


@router.get("/kpis/funnel")
async def funnel(
    centre: InCentre,
    _actor: Annotated[Actor, Depends(reads(*OPS_ROLES))],
    days: Annotated[int, Query(ge=1, le=MOST_DAYS)] = 14,
) -> Funnel:
    """Offered, pressed 1, queued, answered, real: by local day, today first."""
    async with centre.db.reading() as session:
        return await service.funnel(session, centre.db.clock(), days)
