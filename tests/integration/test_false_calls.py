"""False, silent and lost calls over HTTP: reputation, undo, the silent-call procedure, calling back, floods, rules."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from dispatch import log
from dispatch.actor import Actor
from dispatch.calls import callbacks, ingest
from dispatch.db import Database
from dispatch.places import notes
from dispatch.timers import TimerRunner
from dispatch.views import Point
from telephony.facts import NumberRulesInForce
from tests.call_facts import Caller, desk
from tests.centre_world import PETUNG, answered
from tests.conftest import ManualClock
from tests.front_world import Front, open_front
from tests.integration.test_calls import open_incident

NUMBER = "+6281234567890"
LINKEDID = "1795500000.1"


@pytest.fixture
async def front(db: Database) -> AsyncIterator[Front]:
    async with open_front(db, big_incident_calls=2, flood_over_seats=2, session_hours=168) as opened:
        yield opened


async def after(front: Front, *envelopes: Any) -> None:
    await front.centre.ingest.ingest(list(envelopes))


async def find(client: httpx.AsyncClient, linkedid: str = LINKEDID) -> dict[str, Any]:
    calls: list[dict[str, Any]] = answered(await client.get("/calls?limit=200"), 200)["items"]
    return next(call for call in calls if call["linkedid"] == linkedid)


async def dispose(client: httpx.AsyncClient, linkedid: str, body: dict[str, str]) -> dict[str, Any]:
    call = await find(client, linkedid)
    disposed: dict[str, Any] = answered(await client.post(f"/calls/{call['id']}/dispose", json=body), 200)
    return disposed


async def answered_call(front: Front, client: httpx.AsyncClient, linkedid: str = "1.1", **more: Any) -> dict[str, Any]:
    await after(front, *Caller(linkedid, **more).until_answered())
    return await find(client, linkedid)


async def lost_call(front: Front, client: httpx.AsyncClient, linkedid: str = "1.1", **more: Any) -> dict[str, Any]:
    caller = Caller(linkedid, **more)
    await after(front, caller.arrives(), caller.queues(), caller.abandons(), caller.ends())
    return await find(client, linkedid)


async def test_an_arrival_that_comes_late_says_who_it_is_and_arrives_once(front: Front) -> None:
    caller = Caller()
    await after(front, caller.queues(), caller.arrives())
    assert front.types() == ["call.arrived", "call.queued", "call.identified"]
    call = await find(await front.person("rina"))
    assert (call["ani"], call["trunk"]) == (NUMBER, "trunk")


async def test_the_screen_pop_says_how_earlier_calls_ended_and_when(front: Front, clock: ManualClock) -> None:
    rina = await front.person("rina")
    for number in range(3):
        await after(front, *Caller(f"1.{number}", at=clock.now).until_ended())
        prank = {"disposition": "prank", "note": "anak-anak tertawa"}
        answered(await rina.post(f"/calls/{(await find(rina, f'1.{number}'))['id']}/dispose", json=prank), 200)
        clock.advance(86_400)
    call = await answered_call(front, rina, "2.1", at=clock.now)
    detail = answered(await rina.get(f"/calls/{call['id']}"), 200)
    said = detail["reputation"]
    assert said["tone"] == "often_false"
    assert said["lines"][0]["en"].startswith("3 prank, last 23 hours ago") or "1 day ago" in said["lines"][0]["en"]
    assert "Listen first" in said["lines"][-1]["en"]
    assert [note["text"] for note in detail["notes"]] == ["anak-anak tertawa"] * 3


async def test_a_real_call_outweighs_pranks_and_its_place_is_remembered(front: Front, clock: ManualClock) -> None:
    rina = await front.person("rina")
    fire = await open_incident(rina, reporting_number=NUMBER, narrative="gudang cat, awas meledak")
    neighbour = await open_incident(rina, reporting_number="+6281100001111")
    point = Point.model_validate(PETUNG["point"])
    said = {"kind": "hazard", "text": "anjing galak", "point": point, "expires_at": clock.now + timedelta(days=30)}
    me = Actor(user_id=fire["owner_id"], name="Rina")
    async with front.db.transaction(me) as tx:
        await notes.write(tx, notes.NewNote.model_validate(said))
    call = await answered_call(front, rina, "0.1")
    answered(await rina.post(f"/calls/{call['id']}/link", json={"incident_id": fire["id"]}), 200)
    for number in range(4):
        await after(front, *Caller(f"1.{number}", at=clock.now).until_ended())
        answered(
            await rina.post(f"/calls/{(await find(rina, f'1.{number}'))['id']}/dispose", json={"disposition": "prank"}),
            200,
        )
        clock.advance(60)
    call = await answered_call(front, rina, "2.1", at=clock.now)
    detail = answered(await rina.get(f"/calls/{call['id']}"), 200)
    assert detail["reputation"]["tone"] == "real_before"
    assert {one["id"] for one in detail["at_place"]} == {fire["id"], neighbour["id"]}
    assert [note["text"] for note in detail["premises"]] == ["anjing galak"]
    assert "gudang cat, awas meledak" in [note["text"] for note in detail["notes"]]


async def test_callers_without_a_number_have_no_reputation_in_common(front: Front, clock: ManualClock) -> None:
    rina = await front.person("rina")
    for number in range(3):
        await after(front, *Caller(f"1.{number}", ani=None).until_ended())
        answered(
            await rina.post(f"/calls/{(await find(rina, f'1.{number}'))['id']}/dispose", json={"disposition": "prank"}),
            200,
        )
        clock.advance(1)
    call = await answered_call(front, rina, "2.1", ani=None, at=clock.now)
    detail = answered(await rina.get(f"/calls/{call['id']}"), 200)
    assert (detail["reputation"], detail["notes"], detail["at_place"]) == (None, [], [])


async def test_closing_is_undone_by_its_closer_for_a_while_and_by_a_supervisor_always(
    front: Front, clock: ManualClock
) -> None:
    rina, siti, haris = [await front.person(name) for name in ("rina", "siti", "haris")]
    await after(front, *Caller().until_ended())
    call = await find(rina)
    path = f"/calls/{call['id']}"
    answered(await rina.post(f"{path}/dispose", json={"disposition": "prank"}), 200)
    assert (await siti.post(f"{path}/undo")).status_code == 403
    front.types()
    back = answered(await rina.post(f"{path}/undo"), 200)
    assert (back["state"], back["disposition"], back["closed_from"]) == ("wrap_up", None, None)
    assert front.types() == ["call.disposal_undone"]
    assert (await rina.post(f"{path}/undo")).status_code == 409
    answered(await rina.post(f"{path}/dispose", json={"disposition": "ghost"}), 200)
    clock.advance(901)
    late = await rina.post(f"{path}/undo")
    assert (late.status_code, late.json()["reason"]) == (409, "too_late")
    assert answered(await haris.post(f"{path}/undo"), 200)["state"] == "wrap_up"


async def test_a_silent_caller_is_asked_listened_to_and_offered_a_call_back(front: Front, clock: ManualClock) -> None:
    rina = await front.person("rina")
    path = f"/calls/{(await answered_call(front, rina))['id']}"

    async def step(name: str) -> httpx.Response:
        return await rina.post(f"{path}/silent-steps", json={"step": name})

    refused = await rina.post(f"{path}/dispose", json={"disposition": "silent"})
    assert refused.json()["missing"] == ["ask", "listen", "callback"]
    assert (await step("listen")).json()["reason"] == "out_of_order"
    answered(await step("ask"), 200)
    clock.advance(3)
    assert (await step("listen")).json() | {"detail": ""} == (await step("listen")).json() | {"detail": ""}
    assert (await step("listen")).json()["left_s"] == 5
    clock.advance(5)
    answered(await step("listen"), 200)
    assert (await rina.post(f"{path}/dispose", json={"disposition": "silent"})).json()["missing"] == ["callback"]
    answered(await step("callback"), 200)
    closed = answered(await rina.post(f"{path}/dispose", json={"disposition": "silent"}), 200)
    assert closed["disposition"] == "silent"


async def test_a_silent_caller_who_pressed_a_key_is_not_thrown_away(front: Front, clock: ManualClock) -> None:
    rina, caller = await front.person("rina"), Caller()
    await after(front, *caller.until_answered())
    path = f"/calls/{(await find(rina))['id']}"
    for name in ("ask", "listen", "callback"):
        answered(await rina.post(f"{path}/silent-steps", json={"step": name}), 200)
        clock.advance(10)
    front.types()
    await after(front, caller.presses("5"), caller.presses("#"))
    assert front.types() == ["call.digit_pressed", "call.digit_pressed"]
    refused = await rina.post(f"{path}/dispose", json={"disposition": "silent"})
    assert (refused.status_code, refused.json()["reason"], refused.json()["digits"]) == (409, "silent_digits", "5#")
    reason = {"disposition": "silent", "note": "anak kecil bermain telepon"}
    answered(await rina.post(f"{path}/dispose", json=reason), 200)


async def test_never_two_people_call_the_same_number_back(front: Front, clock: ManualClock) -> None:
    rina, siti = await front.person("rina"), await front.person("siti")
    path = f"/calls/{(await lost_call(front, rina))['id']}"
    claimed = answered(await rina.put(f"{path}/callback"), 200)
    for refused in (
        await siti.put(f"{path}/callback"),
        await siti.post(f"{path}/callback/attempts"),
        await siti.post(f"{path}/dispose", json={"disposition": "prank", "note": "tidak perlu"}),
    ):
        assert (refused.status_code, refused.json()["holder"]) == (409, claimed["callback_by"])
    assert (await siti.delete(f"{path}/callback")).status_code == 409
    answered(await rina.delete(f"{path}/callback"), 200)
    answered(await siti.put(f"{path}/callback"), 200)
    clock.advance(601)
    answered(await rina.post(f"{path}/callback/attempts"), 200)


async def test_a_call_back_is_given_up_only_after_the_attempts_or_with_a_reason(front: Front) -> None:
    rina = await front.person("rina")
    path = f"/calls/{(await lost_call(front, rina))['id']}"
    front.types()
    for left in (2, 1):
        answered(await rina.post(f"{path}/callback/attempts"), 200)
        refused = await rina.post(f"{path}/dispose", json={"disposition": "dropped"})
        assert (refused.json()["reason"], refused.json()["left"]) == ("try_again", left)
    answered(await rina.post(f"{path}/callback/attempts"), 200)
    closed = answered(await rina.post(f"{path}/dispose", json={"disposition": "dropped"}), 200)
    assert (closed["callback_result"], closed["callback_attempts"]) == ("not_reached", 3)
    assert front.types() == ["callback.attempted"] * 3 + ["call.disposed"]
    assert (await rina.post(f"{path}/callback/attempts")).json()["reason"] == "not_lost"


async def test_who_called_without_a_number_cannot_be_called_back(front: Front) -> None:
    rina = await front.person("rina")
    path = f"/calls/{(await lost_call(front, rina, ani=None))['id']}"
    assert (await rina.post(f"{path}/callback/attempts")).json()["reason"] == "no_number"
    closed = answered(await rina.post(f"{path}/dispose", json={"disposition": "dropped"}), 200)
    assert closed["callback_result"] == "no_number"


async def test_lost_calls_end_when_the_number_calls_again_and_is_answered(front: Front, clock: ManualClock) -> None:
    rina = await front.person("rina")
    first = await lost_call(front, rina, "1.1")
    menu = Caller("1.2")
    await after(front, menu.arrives(), menu.enters_ivr(), menu.drops_menu(), menu.ends())
    second = await find(rina, "1.2")
    assert second["state"] == "ivr_dropped"
    other = await lost_call(front, rina, "1.3", ani="081100002222")
    hidden = await lost_call(front, rina, "1.4", ani=None)
    clock.advance(120)
    answered_later = await answered_call(front, rina, "2.1", at=clock.now)
    handle = callbacks.effect(front.db).handle
    front.types()
    async with front.db.reading() as session:
        stored = [one for one in await log.read(session, 0, 100) if one.type == "call.answered"]
    for _ in range(2):
        await handle(stored[-1])
    assert front.types() == ["call.called_again"] * 2
    states = {call["id"]: call for call in answered(await rina.get("/calls"), 200)["items"]}
    for lost in (first, second):
        closed = states[lost["id"]]
        assert (closed["state"], closed["callback_result"]) == ("closed", "called_again")
        assert closed["answered_in_call_id"] == answered_later["id"]
    assert {states[one["id"]]["state"] for one in (other, hidden)} == {"abandoned"}


async def test_one_key_says_that_it_was_reported_already_and_keeps_what_is_new(front: Front) -> None:
    rina = await front.person("rina")
    incident = await open_incident(rina)
    call = await answered_call(front, rina)
    front.types()
    body = {"incident_id": incident["id"], "facts": "ada anak di lantai dua", "place": PETUNG}
    handled = answered(await rina.post(f"/calls/{call['id']}/already-reported", json=body), 200)
    assert (handled["incident_id"], handled["disposition"]) == (incident["id"], "handled")
    assert front.types() == ["call.linked", "incident.amended", "incident.noted", "call.disposed"]
    timeline = answered(await rina.get(f"/incidents/{incident['id']}/timeline"), 200)
    said = next(item for item in timeline if item["type"] == "incident.noted")["data"]["text"]
    assert said.startswith(f"Dilaporkan lagi oleh {NUMBER}; tempat: Petung, dekat pasar (-1.33950, 116.63850)")
    assert said.endswith("fakta baru: ada anak di lantai dua")


async def test_a_flood_is_told_with_its_rates_and_who_calls_about_what(front: Front, clock: ManualClock) -> None:
    rina = await front.person("rina")
    await after(front, desk("101", device="in_use"), desk("102", device="unavailable"))
    incident = await open_incident(rina, reporting_number="+6281100002222")
    for number in range(2):
        call = await answered_call(front, rina, f"1.{number}", ani=f"08123456700{number}")
        body = {"incident_id": incident["id"]}
        answered(await rina.post(f"/calls/{call['id']}/already-reported", json=body), 200)
    for linkedid, ani in (("2.1", "081234567000"), ("2.2", None), ("2.3", "081299998888")):
        caller = Caller(linkedid, ani=ani)
        await after(front, caller.arrives(), caller.queues())
    load = answered(await rina.get("/flood"), 200)
    assert (load["waiting"], load["seats"], load["flooding"]) == (3, 1, True)
    assert load["trunks"] == [{"name": "trunk", "last_minute": 5, "in_window": 5}]
    assert load["numbers"] == [{"name": "+6281234567000", "last_minute": 2, "in_window": 2}]
    (group,) = load["groups"]
    assert (group["number"], group["calls_linked"], group["why"]) == (incident["number"], 2, ["reported_before"])


def rule(kind: str = "divert", hours: float = 2, **more: Any) -> dict[str, Any]:
    return {
        "number": "081234567890",
        "kind": kind,
        "reason": "empat puluh panggilan iseng hari ini",
        "hours": hours,
    } | more


async def test_a_number_is_diverted_first_and_blocked_last(front: Front, clock: ManualClock) -> None:
    rina, haris = await front.person("rina"), await front.person("haris")
    assert (await rina.post("/number-rules", json=rule())).status_code == 403
    assert (await rina.get("/number-rules")).status_code == 403
    first = await haris.post("/number-rules", json=rule("block"))
    assert (first.status_code, first.json()["reason"]) == (409, "divert_first")
    front.types()
    made = answered(await haris.post("/number-rules", json=rule()), 201)
    assert (made["number"], made["in_force"]) == (NUMBER, [])
    assert (await haris.post("/number-rules", json=rule())).status_code == 409
    blocked = answered(await haris.post("/number-rules", json=rule("block")), 201)
    assert front.types() == ["number_rule.made", "number_rule.ended", "number_rule.made"]
    (held,) = await front.centre.ingest.number_rules("main")
    assert (held.id, held.kind, held.keys) == (blocked["id"], "block", (NUMBER, NUMBER[1:], "081234567890"))
    await front.centre.ingest.number_rules_in_force(NumberRulesInForce(pbx="main", rule_ids=(blocked["id"],)))
    await front.centre.ingest.number_rules_in_force(NumberRulesInForce(pbx="main", rule_ids=(blocked["id"],)))
    assert front.types() == ["number_rule.in_force"]
    items = answered(await haris.get("/number-rules"), 200)["items"]
    assert [(item["kind"], [one["pbx"] for one in item["in_force"]]) for item in items] == [
        ("block", ["main"]),
        ("divert", []),
    ]
    ended = answered(await haris.post(f"/number-rules/{blocked['id']}/end", json={"reason": "keluarga ditegur"}), 200)
    assert ended["ended_at"] is not None
    assert await front.centre.ingest.number_rules("main") == []
    assert (await haris.post(f"/number-rules/{blocked['id']}/end", json={"reason": "lagi"})).status_code == 409


async def test_a_rule_ends_by_itself_also_while_nobody_looks(front: Front, clock: ManualClock) -> None:
    haris = await front.person("haris")
    answered(await haris.post("/number-rules", json=rule(hours=1)), 201)
    timers = TimerRunner(front.db, ingest.timers())
    clock.advance(timedelta(hours=1).total_seconds() - 1)
    assert not await timers.fire_one()
    clock.advance(1)
    front.types()
    assert await front.centre.ingest.number_rules("main") == []
    assert await timers.fire_one()
    assert front.types() == ["number_rule.ended"]
    (item,) = answered(await haris.get("/number-rules"), 200)["items"]
    assert (item["ended_at"] is None, item["ended_by"]) == (False, None)
    answered(await haris.post("/number-rules", json=rule(hours=1)), 201)


async def test_a_number_from_which_something_real_came_is_never_blocked(front: Front) -> None:
    rina, haris = await front.person("rina"), await front.person("haris")
    await after(front, *Caller().until_ended())
    await dispose(rina, LINKEDID, {"disposition": "handled"})
    answered(await haris.post("/number-rules", json=rule()), 201)
    refused = await haris.post("/number-rules", json=rule("block"))
    assert (refused.status_code, refused.json()["reason"]) == (409, "real_before")


async def test_a_blocked_caller_is_logged_and_counted_but_on_nobodys_list(front: Front) -> None:
    rina, caller = await front.person("rina"), Caller()
    await after(front, caller.arrives(), caller.meets_rule("block"), caller.ends())
    call = await find(rina)
    assert (call["state"], call["number_rule"], call["disposition"]) == ("closed", "block", None)
    today = answered(await rina.get("/kpis/funnel?days=1"), 200)["days"][0]
    assert (today["offered"], today["blocked"], today["pressed_one"]) == (1, 1, 0)


async def test_the_funnel_shows_what_the_menu_loses_by_day(front: Front, clock: ManualClock) -> None:
    rina = await front.person("rina")
    for number in range(3):
        menu = Caller(f"1.{number}", at=clock.now)
        await after(front, menu.arrives(), menu.enters_ivr(), menu.drops_menu(), menu.ends())
    presses = Caller("2.1", at=clock.now)
    await after(
        front, presses.arrives(), presses.enters_ivr(), presses.presses("1"), presses.drops_menu(), presses.ends()
    )
    await lost_call(front, rina, "3.1", at=clock.now)
    for number, disposition in enumerate(("handled", "prank", None)):
        await after(front, *Caller(f"4.{number}", at=clock.now).until_ended())
        if disposition:
            body = {"disposition": disposition}
            await dispose(rina, f"4.{number}", body)
    clock.advance(86_400)
    await after(front, *Caller("5.1", at=clock.now).until_ended())
    funnel = answered(await rina.get("/kpis/funnel?days=2"), 200)
    today, yesterday = funnel["days"]
    assert (today["day"], yesterday["day"]) == ("2026-11-25", "2026-11-24")
    counts = [yesterday[name] for name in ("offered", "pressed_one", "queued", "answered", "real", "undecided")]
    assert counts == [8, 5, 4, 3, 1, 1]
    assert (yesterday["lost_in_menu"], yesterday["lost_in_queue"], yesterday["real_share"]) == (0.375, 0.25, 0.5)
    assert (today["offered"], funnel["total"]["offered"]) == (1, 9)
    assert (await rina.get("/kpis/funnel?days=0")).status_code == 422
