"""Routes of calls, and those by which a telephony adapter in a process of its own hands its facts over."""

import hmac
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from dispatch.actor import Actor
from dispatch.api import CENTRE_ROLES, OPS_ROLES, Command, InCentre, centre_of, commands, reads
from dispatch.calls import closing, history, linking, service
from dispatch.calls import commands as pbx
from dispatch.calls.history import CallDetail
from dispatch.errors import Forbidden, NotSignedIn
from dispatch.views import CallView, View
from dispatch.words import CallDisposition
from telephony.facts import Envelope, NumberRule, NumberRulesInForce, PbxCommand, PbxHealth

router = APIRouter(tags=["calls"])

MOST_ENVELOPES = 2000
"""Facts in one request: some 2 MB."""

LONGEST_POLL_S = 25.0
"""Of a request for commands; proxies commonly cut at 30."""

OfOps = Annotated[Actor, Depends(reads(*OPS_ROLES))]
Decides = Annotated[Command, Depends(commands(*CENTRE_ROLES))]


class CallPage(View):
    items: list[CallView]
    next: str | None


class Disposal(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"disposition": "prank", "note": "anak-anak bermain"}]}
    )

    disposition: CallDisposition | None = None
    """May be left out for a call that reports an incident: it was handled."""
    note: Annotated[str, Field(max_length=2000)] = ""


class Link(BaseModel):
    model_config = ConfigDict(extra="forbid")

    incident_id: Annotated[str, Field(max_length=36)]


class TakenIn(View):
    committed: int
    seen: int


@router.get("/calls")
async def calls(
    centre: InCentre,
    _actor: OfOps,
    cursor: Annotated[str | None, Query(max_length=36)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> CallPage:
    """All calls, newest first, closed ones too."""
    async with centre.db.reading() as session:
        items, following = await service.page(session, cursor, limit)
    return CallPage(items=items, next=following)


@router.get("/calls/{call_id}")
async def call(centre: InCentre, _actor: OfOps, call_id: str) -> CallDetail:
    """A call, and what its number told the centre before."""
    async with centre.db.reading() as session:
        return await history.detail(session, call_id, centre.settings, centre.db.clock())


@router.post("/calls/{call_id}/answer", status_code=202, response_model=pbx.Requested)
async def answer(centre: InCentre, command: Decides, call_id: str) -> Response:
    """Ask the PBX to have my desk's phone pick up."""
    return await command.run(lambda tx: pbx.request(tx, call_id, "answer", reach=centre.settings.reach), 202)


@router.post("/calls/{call_id}/hangup", status_code=202, response_model=pbx.Requested)
async def hangup(centre: InCentre, command: Decides, call_id: str) -> Response:
    """Ask the PBX to end the call."""
    return await command.run(lambda tx: pbx.request(tx, call_id, "hangup", reach=centre.settings.reach), 202)


@router.post("/calls/{call_id}/dispose", response_model=CallView)
async def dispose(centre: InCentre, command: Decides, call_id: str, body: Disposal) -> Response:
    """Say what the call was; closes it now, or at its end."""
    policy = closing.policy_of(centre.settings)
    return await command.run(lambda tx: service.dispose(tx, call_id, body.disposition, body.note, policy))


@router.post("/calls/{call_id}/link", response_model=CallView)
async def link(command: Decides, call_id: str, body: Link) -> Response:
    """The call reports an incident that is open already."""
    return await command.run(lambda tx: linking.report(tx, call_id, body.incident_id))


async def adapter(request: Request, authorization: Annotated[str, Header()] = "") -> None:
    """A telephony adapter with the shared token. Raises Forbidden when the centre has none, NotSignedIn."""
    token = centre_of(request).settings.ingest_token
    if token is None:
        raise Forbidden("Telephony facts are not taken here: SIAGA_INGEST_TOKEN is not set.")
    expected = f"Bearer {token.get_secret_value()}"
    if not hmac.compare_digest(authorization.encode(), expected.encode()):
        raise NotSignedIn("The token is wrong.")


FromAdapter = Depends(adapter)


@router.post("/telephony/facts", dependencies=[FromAdapter], tags=["telephony"])
async def take_facts(
    centre: InCentre, envelopes: Annotated[list[Envelope], Field(max_length=MOST_ENVELOPES)]
) -> TakenIn:
    """Commit facts; those that were committed before are seen and ignored."""
    taken = await centre.ingest.take(envelopes)
    return TakenIn(committed=taken.committed, seen=taken.seen)


@router.post("/telephony/health", status_code=204, dependencies=[FromAdapter], tags=["telephony"])
async def hear_health(centre: InCentre, health: PbxHealth) -> None:
    """How a PBX's connection is now."""
    await centre.ingest.health(health)


@router.get("/telephony/commands", dependencies=[FromAdapter], tags=["telephony"])
async def hand_out(
    centre: InCentre,
    pbx: Annotated[str, Query(min_length=1, max_length=64)],
    wait_s: Annotated[float, Query(ge=0, le=LONGEST_POLL_S)] = 5.0,
) -> list[PbxCommand]:
    """What this PBX is to do now, each command once; waits for the first."""
    return await centre.ingest.commands(pbx, wait_s)


@router.get("/telephony/number-rules", dependencies=[FromAdapter], tags=["telephony"])
async def number_rules(centre: InCentre, pbx: Annotated[str, Query(min_length=1, max_length=64)]) -> list[NumberRule]:
    """All that this PBX is to hold of single numbers now."""
    return await centre.ingest.number_rules(pbx)


@router.post("/telephony/number-rules", status_code=204, dependencies=[FromAdapter], tags=["telephony"])
async def hear_number_rules(centre: InCentre, state: NumberRulesInForce) -> None:
    """Which rules a PBX has confirmed that it holds."""
    await centre.ingest.number_rules_in_force(state)
