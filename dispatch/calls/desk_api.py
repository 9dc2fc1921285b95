"""Routes of false, silent and lost calls: undo, the silent-call procedure, calling back, floods, rules for numbers."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from dispatch.actor import Actor
from dispatch.api import CENTRE_ROLES, OPS_ROLES, Command, InCentre, commands, reads
from dispatch.calls import callbacks, closing, flood, linking, numbers
from dispatch.calls.flood import Load
from dispatch.calls.numbers import NumberRuleView
from dispatch.calls.silence import Step
from dispatch.views import CallView, View
from dispatch.words import Role

router = APIRouter(tags=["calls"])

OfOps = Annotated[Actor, Depends(reads(*OPS_ROLES))]
Decides = Annotated[Command, Depends(commands(*CENTRE_ROLES))]
Oversees = Annotated[Actor, Depends(reads(Role.SUPERVISOR, Role.ADMIN))]
Supervises = Annotated[Command, Depends(commands(Role.SUPERVISOR))]


class SilentStep(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"step": "ask"}]})

    step: Step


class RuleEnd(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "keluarga sudah ditegur"}]})

    reason: Annotated[str, Field(max_length=300)]


class NumberRules(View):
    items: tuple[NumberRuleView, ...]
    divert_most_h: float
    block_most_h: float


@router.post("/calls/{call_id}/undo", response_model=CallView)
async def undo(centre: InCentre, command: Decides, call_id: str) -> Response:
    """Take back what the call was said to be; its closer for a while, a supervisor always."""
    policy = closing.policy_of(centre.settings)
    return await command.run(lambda tx: closing.undo(tx, call_id, policy))


@router.post("/calls/{call_id}/silent-steps", response_model=CallView)
async def silent_step(centre: InCentre, command: Decides, call_id: str, body: SilentStep) -> Response:
    """A step of the silent-call procedure was done."""
    policy = closing.policy_of(centre.settings)
    return await command.run(lambda tx: closing.silent_step(tx, call_id, body.step, policy))


@router.post("/calls/{call_id}/already-reported", response_model=CallView)
async def already_reported(command: Decides, call_id: str, body: linking.Again) -> Response:
    """The call is about a known incident: link it, keep what is new, and close it as handled."""
    return await command.run(lambda tx: linking.already_reported(tx, call_id, body))


@router.put("/calls/{call_id}/callback", response_model=CallView)
async def claim(centre: InCentre, command: Decides, call_id: str) -> Response:
    """I call this number back: nobody else does meanwhile."""
    policy = closing.policy_of(centre.settings)
    return await command.run(lambda tx: callbacks.claim(tx, call_id, policy))


@router.delete("/calls/{call_id}/callback", response_model=CallView)
async def release(command: Decides, call_id: str) -> Response:
    """I leave this call back to others."""
    return await command.run(lambda tx: callbacks.release(tx, call_id))


@router.post("/calls/{call_id}/callback/attempts", response_model=CallView)
async def attempt(centre: InCentre, command: Decides, call_id: str) -> Response:
    """I call back now."""
    policy = closing.policy_of(centre.settings)
    return await command.run(lambda tx: callbacks.attempt(tx, call_id, policy))


@router.get("/flood")
async def load(centre: InCentre, _actor: OfOps) -> Load:
    """Who waits, how many seats there are, where the calls come from, and which are likely one event."""
    async with centre.db.reading() as session:
        return await flood.load(session, centre.settings, centre.db.clock())


@router.get("/number-rules")
async def number_rules(centre: InCentre, _actor: Oversees) -> NumberRules:
    """Numbers that are diverted or blocked, and that were."""
    async with centre.db.reading() as session:
        items = await numbers.listing(session)
    settings = centre.settings
    return NumberRules(items=items, divert_most_h=settings.divert_most_h, block_most_h=settings.block_most_h)


@router.post("/number-rules", status_code=201, response_model=NumberRuleView)
async def make_number_rule(centre: InCentre, command: Supervises, body: numbers.NewRule) -> Response:
    """Divert or, last, block a number; it ends by itself."""
    limits = numbers.limits_of(centre.settings)
    return await command.run(lambda tx: numbers.make(tx, body, limits), 201)


@router.post("/number-rules/{rule_id}/end", response_model=NumberRuleView)
async def end_number_rule(command: Supervises, rule_id: str, body: RuleEnd) -> Response:
    """Take a rule back before its time."""
    return await command.run(lambda tx: numbers.end(tx, rule_id, body.reason))
