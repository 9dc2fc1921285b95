"""kill -9 at random moments of a call's way to a closed incident: nothing lost, nothing doubled, timers still fire."""

import asyncio
import random
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

from dispatch.clock import system_clock
from dispatch.db import Database
from dispatch.log import Stored, read, verify
from telephony.simulator.pbx import PbxSimulator
from tests.harness import CentreProcess, eventually

MOMENTS = 10
LONGEST_FLOW_S = 3.0
"""The flow below takes about this long undisturbed; the kill falls anywhere within."""

OFFER_TIMEOUT_S = 2


class Patient:
    """A client that repeats a command with the same key until it is answered, as our faces do."""

    def __init__(self, centre: CentreProcess, http: httpx.AsyncClient) -> None:
        self._centre = centre
        self._http = http

    async def get(self, path: str) -> Any:
        async def once() -> Any:
            try:
                response = await self._http.get(path)
            except httpx.TransportError:
                return None
            return response.json() if response.is_success else None

        return await eventually(once, 30)

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        key = uuid.uuid4().hex

        async def once() -> httpx.Response | None:
            try:
                response = await self._http.post(path, json=body, headers={"Idempotency-Key": key})
            except httpx.TransportError:
                return None
            return None if response.status_code >= 500 else response

        response: httpx.Response = await eventually(once, 30)
        assert response.is_success, f"{path} {body}: {response.text}"
        return response.json() if response.content else None


async def one_flow(pbx: PbxSimulator, takes: Patient, crew: Patient, ani: str, units: tuple[str, str]) -> str:
    """From the ring to the closed incident; a second unit is offered the job and never answers. Gives the call's id."""
    simulated = await pbx.call(ani=ani, lines=["Ada kebakaran rumah di Petung"], patience_s=60)

    async def answered() -> Any:
        calls = (await takes.get("/calls?limit=200"))["items"]
        mine = [call for call in calls if call["linkedid"] == simulated.linkedid]
        return next((call for call in mine if call["state"] == "answered"), None)

    call = await eventually(answered, 40)
    incident = await takes.post(
        "/incidents",
        {
            "call_id": call["id"],
            "type": "kebakaran-bangunan",
            "answers": {},
            "narrative": "Api besar",
            "place": {"text": "Petung", "point": {"lat": -1.3564, "lon": 116.6644}},
        },
    )
    path = f"/incidents/{incident['id']}/assignments"
    sent = await takes.post(path, {"unit_id": units[0], "override_reason": "uji"})
    await takes.post(path, {"unit_id": units[1], "override_reason": "uji"})
    for act in ("accept", "depart", "arrive", "clear"):
        await crew.post(f"/assignments/{sent['id']}/acts", {"act": act})
    await takes.post(f"/calls/{call['id']}/dispose", {"disposition": "handled", "note": ""})
    simulated.hang_up()

    async def expired_and_free() -> bool:
        detail = await takes.get(f"/incidents/{incident['id']}")
        return all(item["ended_at"] for item in detail["assignments"])

    await eventually(expired_and_free, 30)
    await takes.post(f"/incidents/{incident['id']}/acts", {"act": "close", "disposition": "handled", "note": ""})
    return str(call["id"])


async def history(url: str) -> list[Stored]:
    db = Database(url, clock=system_clock)
    async with db.reading() as session:
        assert (await verify(session)).fault is None
        stored = await read(session, 0, 100_000)
    await db.close()
    return stored


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_nothing_is_lost_or_doubled_by_kill_nine_at_random_moments(database_url: str, tmp_path: Path) -> None:
    seed = random.randrange(10**6)
    dice = random.Random(seed)
    async with PbxSimulator(clock=system_clock, auto_answer=("101", "102", "103", "104"), speed=8.0) as pbx:
        centre = CentreProcess(
            tmp_path / "centre",
            database_url=database_url,
            ami_host="127.0.0.1",
            ami_port=pbx.port,
            ami_secret="siaga-test",
            offer_timeout_s=OFFER_TIMEOUT_S,
            offer_next="false",
        )
        await centre.start()
        dispatcher, responder = await centre.signed_in("siti"), await centre.signed_in("kru-1")
        takes, crew = Patient(centre, dispatcher), Patient(centre, responder)
        own = (await crew.get("/units/mine"))["unit"]["id"]
        other = next(
            unit["id"] for unit in await takes.get("/units") if unit["state"] == "available" and unit["id"] != own
        )
        calls = []
        for moment in range(MOMENTS):
            async with asyncio.TaskGroup() as group:
                flow = group.create_task(one_flow(pbx, takes, crew, f"0812{seed:06d}{moment:02d}", (own, other)))
                await asyncio.sleep(dice.uniform(0, LONGEST_FLOW_S))
                await centre.kill()
                await centre.start()
            calls.append(flow.result())
        await dispatcher.aclose()
        await responder.aclose()
        await centre.stop()
    check(await history(database_url), calls, seed)


def check(events: list[Stored], calls: list[str], seed: int) -> None:
    assert [event.seq for event in events] == list(range(1, len(events) + 1)), f"seed {seed}"
    count = Counter(event.type for event in events)
    for kind in (
        "call.arrived",
        "call.answered",
        "call.ended",
        "incident.opened",
        "incident.closed",
        "assignment.accepted",
        "assignment.arrived",
        "assignment.cleared",
        "assignment.expired",
    ):
        assert count[kind] == MOMENTS, f"seed {seed}: {count[kind]} of {kind}, expected {MOMENTS}"
    assert count["assignment.offered"] == 2 * MOMENTS, f"seed {seed}"
    assert len(set(calls)) == MOMENTS, f"seed {seed}"
