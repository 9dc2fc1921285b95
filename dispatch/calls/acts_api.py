"""Routes by which call-takers and supervisors have the PBX do things, and by which it says what became of them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from dispatch.actor import Actor
from dispatch.api import CENTRE_ROLES, OPS_ROLES, Command, InCentre, commands, reads
from dispatch.calls import commands as pbx
from dispatch.calls import desk_rules
from dispatch.calls.acts import OF_PEOPLE, PauseReason
from dispatch.calls.api import FromAdapter
from dispatch.calls.commands import Requested
from dispatch.db import Transaction
from dispatch.settings import Contact
from dispatch.views import View
from telephony.facts import CallAct, CommandOutcome, DeskAct

router = APIRouter(tags=["calls"])

OfOps = Annotated[Actor, Depends(reads(*OPS_ROLES))]
Decides = Annotated[Command, Depends(commands(*CENTRE_ROLES))]
Number = Annotated[str, Field(pattern=r"^\+?[0-9]{2,20}$")]


class CallRequest(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"act": "transfer", "to": "119"}]})

    act: CallAct
    to: Number | None = None
    """Of transfer and conference: a number of the directory, or a desk."""


class DeskRequest(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"act": "pause", "reason": "break"}]})

    act: DeskAct
    reason: PauseReason | None = None


class DeskOptions(View):
    """What the buttons of a desk offer."""

    queues: tuple[str, ...]
    pause_reasons: tuple[str, ...]
    wrap_up_s: float
    """0: none."""
    directory: tuple[Contact, ...]


@router.get("/desk-options")
async def desk_options(centre: InCentre, _actor: OfOps) -> DeskOptions:
    """Queues, reasons of a pause, and whom calls may be handed to."""
    settings = centre.settings
    return DeskOptions(
        queues=settings.queues,
        pause_reasons=tuple(reason.value for reason in OF_PEOPLE),
        wrap_up_s=settings.wrap_up_s,
        directory=settings.directory,
    )


@router.post("/calls/{call_id}/acts", status_code=202, response_model=Requested)
async def act_on_call(centre: InCentre, command: Decides, call_id: str, body: CallRequest) -> Response:
    """Ask the PBX to do something with a call; what became of it comes as `call.command_done`."""
    reach = centre.settings.reach
    return await command.run(lambda tx: pbx.request(tx, call_id, body.act, body.to, reach=reach), 202)


@router.post("/desks/{desk}/acts", status_code=202, response_model=Requested)
async def act_on_desk(
    centre: InCentre, command: Decides, desk: Annotated[str, Path(pattern=r"^[0-9]{2,8}$")], body: DeskRequest
) -> Response:
    """Ask the PBX to sign a desk in or out, or to pause it: one's own, or as supervisor any."""
    settings = centre.settings

    async def act(tx: Transaction) -> Requested:
        place = await desk_rules.place_of(tx.session, desk, settings.pbx, settings.queues)
        return await pbx.request_desk(tx, place, body.act, body.reason)

    return await command.run(act, 202)


@router.post("/telephony/outcomes", status_code=204, dependencies=[FromAdapter], tags=["telephony"])
async def take_outcome(centre: InCentre, outcome: CommandOutcome) -> None:
    """What became of a command that was handed out."""
    await centre.ingest.outcome(outcome)
