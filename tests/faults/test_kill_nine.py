"""kill -9 at random moments of a call's way to a closed incident: nothing lost, nothing doubled, timers still fire."""

import asyncio
import json
import os
import random
import uuid
from collections import Counter, defaultdict, deque
from pathlib import Path
from typing import Any

import httpx
import pytest

from dispatch.clock import system_clock
from dispatch.db import Database
from dispatch.log import Stored, read, verify
from dispatch.timers import LONGEST_SLEEP_S
from telephony.simulator.pbx import PbxSimulator
from tests.harness import CentreProcess, eventually

MOMENTS = 10
LONGEST_FLOW_S = 3.0
"""The flow below takes about this long undisturbed; the kill falls anywhere within."""

OFFER_TIMEOUT_S = 2
"""Shorter than a restart, so that offers also run out while the centre is down."""

PATIENCE_S = 120.0
"""For one answer of a centre that is killed and started again on a busy machine."""

HOUSE_FIRE = {
    "type": "kebakaran-bangunan",
    "answers": {},
    "narrative": "Api besar",
    "place": {"text": "Petung", "point": {"lat": -1.3564, "lon": 116.6644}},
}
OVERRIDE = "uji"

FAULTS_SHOWN = 5
LOG_SHOWN = 4_000
"""Characters of the centre's log beside a failure."""


class Patient:
    """A client that repeats a command with the same key until it is answered, as our faces do."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self.faults: deque[str] = deque(maxlen=FAULTS_SHOWN)
        """The latest answers that were none."""

    async def get(self, path: str) -> Any:
        async def once() -> Any:
            try:
                response = await self._http.get(path)
            except httpx.TransportError:
                return None
            return response.json() if response.is_success else None

        return await eventually(once, PATIENCE_S)

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        response = await self.ask(path, body)
        assert response.is_success, f"{path} {body}: {response.text}"
        return response.json() if response.content else None

    async def ask(self, path: str, body: dict[str, Any]) -> httpx.Response:
        """The first answer that is not a fault of the server's."""
        key = uuid.uuid4().hex

        async def once() -> httpx.Response | None:
            try:
                response = await self._http.post(path, json=body, headers={"Idempotency-Key": key})
            except httpx.TransportError as error:
                self.faults.append(f"{path}: {error!r}")
                return None
            if response.status_code < 500:
                return response
            self.faults.append(f"{path}: {response.text}")
            return None

        response: httpx.Response = await eventually(once, PATIENCE_S)
        return response


async def accepted(takes: Patient, crew: Patient, path: str, unit: str) -> str:
    """Offer until the crew accepts: an offer runs out when the centre is down for long. Gives the assignment's id."""
    while True:
        sent = await takes.post(path, {"unit_id": unit, "override_reason": OVERRIDE})
        answer = await crew.ask(f"/assignments/{sent['id']}/acts", {"act": "accept"})
        if answer.is_success:
            return str(sent["id"])
        assert answer.json().get("state") == "expired", answer.text


async def one_flow(pbx: PbxSimulator, takes: Patient, crew: Patient, ani: str, units: tuple[str, str]) -> str:
    """From the ring to the closed incident; a second unit is offered the job and never answers. Gives the call's id."""
    simulated = await pbx.call(ani=ani, lines=["Ada kebakaran rumah di Petung"], patience_s=3000)

    async def answered() -> Any:
        calls = (await takes.get("/calls?limit=200"))["items"]
        mine = [call for call in calls if call["linkedid"] == simulated.linkedid]
        return next((call for call in mine if call["state"] == "answered"), None)

    call = await eventually(answered, PATIENCE_S)
    incident = await takes.post("/incidents", {**HOUSE_FIRE, "call_id": call["id"]})
    path = f"/incidents/{incident['id']}/assignments"
    own = await accepted(takes, crew, path, units[0])
    await takes.post(path, {"unit_id": units[1], "override_reason": OVERRIDE})
    for act in ("depart", "arrive", "clear"):
        await crew.post(f"/assignments/{own}/acts", {"act": act})
    await takes.post(f"/calls/{call['id']}/dispose", {"disposition": "handled", "note": ""})
    simulated.hang_up()

    async def all_ended() -> bool:
        detail = await takes.get(f"/incidents/{incident['id']}")
        ends = [item["ended_at"] for item in detail["assignments"]]
        return all(ends) and detail["calls"][0]["state"] == "closed"

    await eventually(all_ended, PATIENCE_S)
    await takes.post(f"/incidents/{incident['id']}/acts", {"act": "close", "disposition": "handled", "note": ""})
    return str(call["id"])


async def history(url: str) -> list[Stored]:
    db = Database(url, clock=system_clock)
    async with db.reading() as session:
        assert (await verify(session)).fault is None
        stored = await read(session, 0, 100_000)
    await db.close()
    return stored


def kill_nine_centre(folder: Path, database_url: str, pbx: PbxSimulator) -> CentreProcess:
    return CentreProcess(
        folder,
        database_url=database_url,
        ami_host="127.0.0.1",
        ami_port=pbx.port,
        ami_secret="siaga-test",
        offer_timeout_s=OFFER_TIMEOUT_S,
        offer_next="false",
    )


async def two_units(takes: Patient, crew: Patient) -> tuple[str, str]:
    """The crew's own, and another that is free."""
    own = (await crew.get("/units/mine"))["unit"]["id"]
    free = [unit["id"] for unit in await takes.get("/units") if unit["state"] == "available"]
    return own, next(unit for unit in free if unit != own)


async def ten_flows(pbx: PbxSimulator, centre: CentreProcess, seed: int) -> list[str]:
    """Play them one after the other, each with its kill; gives the calls' ids."""
    dice = random.Random(seed)
    calls = []
    async with centre.signed_in("siti") as dispatcher, centre.signed_in("kru-1") as responder:
        takes, crew = Patient(dispatcher), Patient(responder)
        units = await two_units(takes, crew)
        try:
            for moment in range(MOMENTS):
                async with asyncio.TaskGroup() as group:
                    flow = group.create_task(one_flow(pbx, takes, crew, f"0812{seed:06d}{moment:02d}", units))
                    await asyncio.sleep(dice.uniform(0, LONGEST_FLOW_S))
                    await centre.kill()
                    await centre.start()
                calls.append(flow.result())
        except BaseException as error:
            error.add_note("\n".join([*takes.faults, *crew.faults, centre.log[-LOG_SHOWN:]]))
            raise
    return calls


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_nothing_is_lost_or_doubled_by_kill_nine_at_random_moments(database_url: str, tmp_path: Path) -> None:
    seed = int(os.environ.get("KILL_NINE_SEED") or random.randrange(10**6))
    try:
        async with (
            PbxSimulator(clock=system_clock, auto_answer=("101", "102", "103", "104"), speed=8.0) as pbx,
            kill_nine_centre(tmp_path / "centre", database_url, pbx) as centre,
        ):
            calls = await ten_flows(pbx, centre, seed)
        check(await history(database_url), calls)
    except BaseException as error:
        error.add_note(f"To play the same moments again: KILL_NINE_SEED={seed}")
        raise


def check(events: list[Stored], calls: list[str]) -> None:
    """Every call, incident and assignment went its whole way, and each step of it once."""
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert len(set(calls)) == MOMENTS
    once = Counter(event.type for event in events)
    for kind in ("call.arrived", "call.answered", "call.ended", "call.disposed", "incident.opened", "incident.closed"):
        assert once[kind] == MOMENTS, f"{once[kind]} of {kind}"
    assert once["call.abandoned"] == 0
    ways: dict[str, list[str]] = defaultdict(list)
    for event in events:
        if event.type.startswith("assignment."):
            data = json.loads(event.payload)["data"]
            ways[data["assignment_id"]].append(event.type.removeprefix("assignment."))
    whole, silent = ["offered", "accepted", "departed", "arrived", "cleared"], ["offered", "expired"]
    assert [way for way in ways.values() if way not in (whole, silent)] == []
    assert list(ways.values()).count(whole) == MOMENTS
    assert list(ways.values()).count(silent) >= MOMENTS


@pytest.mark.slow
async def test_offer_that_ran_out_while_the_centre_was_down_expires_once_after_the_restart(
    database_url: str, tmp_path: Path
) -> None:
    async with (
        PbxSimulator(clock=system_clock) as pbx,
        kill_nine_centre(tmp_path / "centre", database_url, pbx) as centre,
        centre.signed_in("siti") as dispatcher,
        centre.signed_in("kru-1") as responder,
    ):
        takes = Patient(dispatcher)
        own, _ = await two_units(takes, Patient(responder))
        incident = await takes.post("/incidents", {**HOUSE_FIRE, "call_id": None})
        await takes.post(f"/incidents/{incident['id']}/assignments", {"unit_id": own, "override_reason": OVERRIDE})
        await centre.kill()
        await asyncio.sleep(OFFER_TIMEOUT_S)
        await centre.start()

        async def unit_is_free() -> bool:
            units = await takes.get("/units")
            return any(unit["id"] == own and unit["state"] == "available" for unit in units)

        await eventually(unit_is_free, PATIENCE_S)
        await centre.kill()
        await centre.start()
        await asyncio.sleep(LONGEST_SLEEP_S)
    types = Counter(event.type for event in await history(database_url))
    assert (types["assignment.offered"], types["assignment.expired"], types["alarm.raised"]) == (1, 1, 1)
