"""/healthz: the process answers. /readyz: it can do its work, else 503 with the causes."""

from fastapi import APIRouter, Response
from pydantic import BaseModel

from dispatch.api import InCentre
from dispatch.realtime.wire import HealthPart

router = APIRouter(tags=["health"])


class Alive(BaseModel):
    alive: bool = True


class Ready(BaseModel):
    """`parts` are those known so far; only the database keeps a process from being ready."""

    ready: bool
    parts: list[HealthPart]


@router.get("/healthz")
async def healthz() -> Alive:
    """Answered as long as the event loop turns."""
    return Alive()


@router.get("/readyz")
async def readyz(centre: InCentre, response: Response) -> Ready:
    """Whether this worker can take calls, with the state of each part that it leans on."""
    ready = centre.hub.health.ok("database")
    response.status_code = 200 if ready else 503
    return Ready(ready=ready, parts=list(centre.hub.health.parts()))
