"""Calls over HTTP: lists, history, dispositions, links, commands to the PBX and the adapter's endpoints."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from dispatch import log
from dispatch.calls.service import EARLIER_CALLS
from dispatch.db import Database
from dispatch.realtime.snapshot import take
from dispatch.views import AgentView, CallView
from telephony.facts import Envelope
from tests.call_facts import Caller, desk
from tests.centre_world import HOUSE_FIRE, PETUNG, SMALL_FIRE, answered
from tests.conftest import ManualClock
from tests.front_world import Front, open_front

TOKEN = "rahasia-antara-pbx-dan-inti"
BEARER = {"authorization": f"Bearer {TOKEN}"}


@pytest.fixture
async def front(db: Database) -> AsyncIterator[Front]:
    async with open_front(db, ingest_token=TOKEN) as opened:
        yield opened


async def newest(client: httpx.AsyncClient) -> dict[str, Any]:
    call: dict[str, Any] = answered(await client.get("/calls?limit=1"), 200)["items"][0]
    return call


async def open_incident(client: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    body = {"type": HOUSE_FIRE, "answers": SMALL_FIRE, "place": PETUNG, "confirm_outside": True, **changes}
    incident: dict[str, Any] = answered(await client.post("/incidents", json=body), 201)
    return incident


async def test_all_calls_are_listed_newest_first_page_by_page(front: Front, clock: ManualClock) -> None:
    rina = await front.person("rina")
    for number in range(5):
        await front.centre.ingest.ingest(Caller(f"1.{number}").until_ended())
        clock.advance(1)
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = answered(
            await rina.get("/calls", params={"limit": 2, "cursor": cursor} if cursor else {"limit": 2}), 200
        )
        seen += [call["linkedid"] for call in page["items"]]
        cursor = page["next"]
    assert seen == [f"1.{number}" for number in (4, 3, 2, 1, 0)]


async def test_a_call_brings_what_its_number_told_before(front: Front, clock: ManualClock) -> None:
    rina = await front.person("rina")
    for number in range(EARLIER_CALLS + 3):
        await front.centre.ingest.ingest(Caller(f"1.{number}", at=clock.now).until_ended())
        clock.advance(60)
    await front.centre.ingest.ingest(Caller("other", ani="081100001111", at=clock.now).until_ended())
    await open_incident(rina, reporting_number="+6281234567890")
    clock.advance(60)
    await front.centre.ingest.ingest(Caller("now", at=clock.now).until_answered())
    detail = answered(await rina.get(f"/calls/{(await newest(rina))['id']}"), 200)
    assert detail["call"]["linkedid"] == "now"
    assert [call["linkedid"] for call in detail["earlier_calls"]] == [f"1.{n}" for n in range(22, 2, -1)]
    assert detail["earlier_total"] == EARLIER_CALLS + 3
    assert [incident["reporting_number"] for incident in detail["earlier_incidents"]] == ["+6281234567890"]


async def test_callers_without_a_number_have_no_history_in_common(front: Front, clock: ManualClock) -> None:
    rina = await front.person("rina")
    for linkedid in ("1.1", "1.2"):
        await front.centre.ingest.ingest(Caller(linkedid, ani="anonymous", at=clock.now).until_ended())
        clock.advance(1)
    detail = answered(await rina.get(f"/calls/{(await newest(rina))['id']}"), 200)
    assert detail["call"]["ani"] is None
    assert (detail["earlier_calls"], detail["earlier_total"], detail["earlier_incidents"]) == ([], 0, [])


async def test_a_call_that_nobody_knows_is_not_found(front: Front) -> None:
    rina = await front.person("rina")
    assert (await rina.get("/calls/nothing")).status_code == 404
    assert (await rina.post("/calls/nothing/dispose", json={"disposition": "prank"})).status_code == 404


async def test_calls_are_for_the_centre_alone(front: Front) -> None:
    await front.centre.ingest.ingest(Caller().until_ended())
    call = await newest(await front.person("haris"))
    assert (await (await front.browser()).get("/calls")).status_code == 401
    admin = await front.person("admin")
    assert (await admin.get("/calls")).status_code == 200
    assert (await admin.post(f"/calls/{call['id']}/dispose", json={"disposition": "prank"})).status_code == 403


async def test_a_call_disposed_during_the_talk_closes_at_its_end(front: Front) -> None:
    rina, caller = await front.person("rina"), Caller()
    await front.centre.ingest.ingest(caller.until_answered())
    call = await newest(rina)
    front.types()
    body = {"disposition": "information", "note": "tanya nomor PLN"}
    disposed = answered(await rina.post(f"/calls/{call['id']}/dispose", json=body), 200)
    assert (disposed["state"], disposed["disposition"], disposed["note"]) == (
        "answered",
        "information",
        "tanya nomor PLN",
    )
    await front.centre.ingest.ingest([caller.ends()])
    assert (await newest(rina))["state"] == "closed"
    assert front.types() == ["call.disposed", "call.ended"]


async def test_an_abandoned_call_waits_for_somebody_to_call_back_and_close_it(front: Front) -> None:
    rina, caller = await front.person("rina"), Caller()
    await front.centre.ingest.ingest([caller.arrives(), caller.queues(), caller.abandons(), caller.ends()])
    call = await newest(rina)
    assert call["state"] == "abandoned"
    assert [one["id"] for one in await live(front)] == [call["id"]]
    early = await rina.post(f"/calls/{call['id']}/dispose", json={"disposition": "dropped"})
    assert (early.status_code, early.json()["reason"]) == (409, "not_called_back")
    answered(await rina.post(f"/calls/{call['id']}/callback/attempts"), 200)
    answered(await rina.post(f"/calls/{call['id']}/dispose", json={"disposition": "handled"}), 200)
    assert await live(front) == []
    again = await rina.post(f"/calls/{call['id']}/dispose", json={"disposition": "dropped"})
    assert (again.status_code, again.json()["state"]) == (409, "closed")


async def live(front: Front) -> list[dict[str, Any]]:
    async with front.db.reading() as session:
        snapshot = await take(session, frozenset({"ops"}), front.db.clock)
    return [call.model_dump() for call in snapshot.calls]


async def test_a_call_with_an_incident_is_handled_when_the_call_taker_closes_it(front: Front) -> None:
    rina, caller = await front.person("rina"), Caller()
    await front.centre.ingest.ingest(caller.until_ended())
    call = await newest(rina)
    missing = await rina.post(f"/calls/{call['id']}/dispose", json={})
    assert (missing.status_code, missing.json()["field"]) == (422, "disposition")
    incident = await open_incident(rina, call_id=call["id"])
    assert incident["call_ids"] == [call["id"]]
    closed = answered(await rina.post(f"/calls/{call['id']}/dispose", json={}), 200)
    assert (closed["state"], closed["disposition"], closed["incident_id"]) == ("closed", "handled", incident["id"])


async def test_a_second_call_about_a_fire_is_linked_and_everybody_learns_of_it(front: Front) -> None:
    rina = await front.person("rina")
    incident = await open_incident(rina)
    await front.centre.ingest.ingest(Caller().until_answered())
    call = await newest(rina)
    front.types()
    linked = answered(await rina.post(f"/calls/{call['id']}/link", json={"incident_id": incident["id"]}), 200)
    assert linked["incident_id"] == incident["id"]
    assert [event.type for event in front.events] == ["call.linked", "incident.amended"]
    assert front.events[1].changed.incidents[0].call_ids == (call["id"],)
    front.types()
    answered(await rina.post(f"/calls/{call['id']}/link", json={"incident_id": incident["id"]}), 200)
    assert front.types() == []
    other = await open_incident(rina)
    refused = await rina.post(f"/calls/{call['id']}/link", json={"incident_id": other["id"]})
    assert (refused.status_code, refused.json()["incident_id"]) == (409, incident["id"])
    assert (await rina.post(f"/calls/{call['id']}/link", json={"incident_id": "none"})).status_code == 404


async def test_a_call_is_not_linked_to_an_incident_that_has_ended(front: Front) -> None:
    rina = await front.person("rina")
    incident = await open_incident(rina)
    act = {"act": "cancel", "reason": "alarm palsu"}
    answered(await rina.post(f"/incidents/{incident['id']}/acts", json=act), 200)
    await front.centre.ingest.ingest(Caller().until_answered())
    call = await newest(rina)
    refused = await rina.post(f"/calls/{call['id']}/link", json={"incident_id": incident["id"]})
    assert (refused.status_code, refused.json()["state"]) == (409, "cancelled")


async def test_what_events_say_of_calls_and_desks_is_what_a_snapshot_holds(front: Front) -> None:
    caller = Caller()
    rina = await front.person("rina")
    await front.centre.ingest.ingest([desk("101"), *caller.until_answered()])
    await rina.put("/me/seat", json={"extension": None})
    await rina.put("/me/seat", json={"extension": "101"})
    await front.centre.ingest.ingest(
        [caller.says("ada kebakaran"), caller.is_held(), desk("101", n=2, device="on_hold")]
    )
    calls: dict[str, CallView] = {}
    agents: dict[str, AgentView] = {}
    for event in front.events:
        calls |= {call.id: call for call in event.changed.calls}
        agents |= {agent.agent: agent for agent in event.changed.agents}
    async with front.db.reading() as session:
        snapshot = await take(session, frozenset({"ops"}), front.db.clock)
    assert snapshot.calls == tuple(calls.values())
    assert snapshot.agents == tuple(agents.values())


async def commands(front: Front, wait_s: float = 0) -> list[dict[str, Any]]:
    response = await (await front.browser()).get(
        "/telephony/commands", params={"pbx": "main", "wait_s": wait_s}, headers=BEARER
    )
    handed: list[dict[str, Any]] = answered(response, 200)
    return handed


async def ringing(front: Front, agent: str = "101") -> tuple[httpx.AsyncClient, dict[str, Any]]:
    """Rina's browser and a call that rings; the adapter has begun to ask for commands."""
    assert await commands(front) == []
    rina, caller = await front.person("rina"), Caller()
    await front.centre.ingest.ingest([caller.arrives(), caller.queues(), caller.rings(agent)])
    return rina, await newest(rina)


async def test_the_command_to_pick_up_is_handed_to_the_adapter_once(front: Front, clock: ManualClock) -> None:
    rina, call = await ringing(front)
    asked = answered(await rina.post(f"/calls/{call['id']}/answer"), 202)
    (command,) = await commands(front)
    assert command["id"] == asked["command_id"]
    assert (command["act"], command["linkedid"], command["agent"]) == ("answer", call["linkedid"], "101")
    assert await commands(front) == []


async def test_a_command_is_seen_by_no_face(front: Front) -> None:
    rina, call = await ringing(front)
    answered(await rina.post(f"/calls/{call['id']}/answer"), 202)
    async with front.db.reading() as session:
        stored = (await log.read(session, 0, 100))[-1]
    assert (stored.type, stored.topics) == ("call.command_requested", ("telephony",))


async def test_an_old_command_is_dropped(front: Front, clock: ManualClock) -> None:
    rina, call = await ringing(front)
    answered(await rina.post(f"/calls/{call['id']}/answer"), 202)
    clock.advance(10)
    answered(await rina.post(f"/calls/{call['id']}/hangup"), 202)
    assert [command["act"] for command in await commands(front)] == ["hangup"]


async def test_a_retried_press_of_the_key_is_one_command(front: Front) -> None:
    rina, call = await ringing(front)
    key = {"idempotency-key": "k-1"}
    first, again = [await rina.post(f"/calls/{call['id']}/answer", headers=key) for _ in range(2)]
    assert answered(first, 202) == answered(again, 202)
    assert len(await commands(front)) == 1


async def test_a_waiting_adapter_gets_the_command_at_once(front: Front) -> None:
    rina, call = await ringing(front)
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(commands(front, 20))
        await asyncio.sleep(0.1)
        answered(await rina.post(f"/calls/{call['id']}/hangup"), 202)
        async with asyncio.timeout(10):
            assert len(await waiting) == 1


async def test_two_adapters_of_one_pbx_never_get_the_same_command(front: Front) -> None:
    rina, call = await ringing(front)
    for _ in range(5):
        answered(await rina.post(f"/calls/{call['id']}/hangup"), 202)
    handed = await asyncio.gather(*(commands(front) for _ in range(4)))
    ids = [command["id"] for one in handed for command in one]
    assert len(ids) == len(set(ids)) == 5


async def test_another_pbx_gets_none_of_it(front: Front) -> None:
    rina, call = await ringing(front)
    browser = await front.browser()
    assert answered(await browser.get("/telephony/commands?pbx=waru&wait_s=0", headers=BEARER), 200) == []
    answered(await rina.post(f"/calls/{call['id']}/answer"), 202)
    assert answered(await browser.get("/telephony/commands?pbx=waru&wait_s=0", headers=BEARER), 200) == []
    assert len(await commands(front)) == 1


async def test_nobody_answers_a_call_that_rings_elsewhere_or_without_a_seat(front: Front) -> None:
    rina, call = await ringing(front, agent="102")
    refused = await rina.post(f"/calls/{call['id']}/answer")
    assert (refused.status_code, refused.json()["reason"]) == (409, "not_ringing")
    await front.centre.ingest.ingest([desk("101", device="ringing")])
    answered(await rina.post(f"/calls/{call['id']}/answer"), 202)
    siti = await front.person("siti")
    refused = await siti.post(f"/calls/{call['id']}/answer")
    assert (refused.status_code, refused.json()["reason"]) == (409, "no_seat")


async def test_a_call_that_is_over_cannot_be_hung_up(front: Front) -> None:
    rina = await front.person("rina")
    await front.centre.ingest.ingest(Caller().until_ended())
    refused = await rina.post(f"/calls/{(await newest(rina))['id']}/hangup")
    assert (refused.status_code, refused.json()["reason"]) == (409, "ended")


def posted(envelopes: list[Envelope]) -> list[dict[str, Any]]:
    return [envelope.model_dump(mode="json") for envelope in envelopes]


async def test_an_adapter_elsewhere_hands_its_facts_over_by_http(front: Front) -> None:
    adapter = await front.browser()
    told = posted(Caller().until_ended())
    assert answered(await adapter.post("/telephony/facts", json=told, headers=BEARER), 200) == {
        "committed": 5,
        "seen": 0,
    }
    assert answered(await adapter.post("/telephony/facts", json=told, headers=BEARER), 200) == {
        "committed": 0,
        "seen": 5,
    }
    health = {"pbx": "main", "connected": False, "since": "2026-11-24T06:00:00Z", "detail": "login refused"}
    assert (await adapter.post("/telephony/health", json=health, headers=BEARER)).status_code == 204
    (part,) = front.centre.hub.health.parts()
    assert (part.part, part.ok, part.detail) == ("pbx:main", False, "login refused")


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer salah", TOKEN, f"bearer {TOKEN}x"])
async def test_without_the_token_nothing_is_taken(front: Front, authorization: str) -> None:
    adapter = await front.browser()
    headers = {"authorization": authorization}
    for response in (
        await adapter.post("/telephony/facts", json=posted(Caller().until_ended()), headers=headers),
        await adapter.get("/telephony/commands?pbx=main&wait_s=0", headers=headers),
    ):
        assert response.status_code == 401
    assert front.types() == []


async def test_a_centre_without_a_token_takes_no_facts_from_outside(front: Front) -> None:
    front.centre.settings = front.centre.settings.model_copy(update={"ingest_token": None})
    refused = await (await front.browser()).post("/telephony/facts", json=[], headers={"authorization": "Bearer None"})
    assert refused.status_code == 403


async def test_facts_that_cannot_be_understood_name_what_is_wrong(front: Front) -> None:
    told = posted([Caller().arrives()])
    told[0]["fact"]["direction"] = "sideways"
    refused = await (await front.browser()).post("/telephony/facts", json=told, headers=BEARER)
    assert refused.status_code == 422
    assert "direction" in refused.json()["field"]
