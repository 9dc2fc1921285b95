"""Incidents over HTTP: opened, amended, moved, merged, ended, each change with its event."""

from typing import Any

import pytest

from dispatch.calls import service as calls
from dispatch.incidents import alarms, queries
from dispatch.words import Priority
from tests.call_facts import Caller
from tests.centre_world import HOUSE_FIRE, JAKARTA, PETUNG, SMALL_FIRE, World, answered
from tests.conftest import ManualClock


async def acts(world: World, incident: dict[str, Any], act: str, status: int = 200, **body: Any) -> dict[str, Any]:
    siti = await world.person("siti")
    response = await siti.post(f"/incidents/{incident['id']}/acts", json={"act": act, **body})
    result: dict[str, Any] = answered(response, status)
    return result


async def test_an_incident_is_born_triaged_numbered_owned_and_placed(world: World) -> None:
    incident = await world.open_incident(narrative="api dari dapur")
    assert incident["number"] == "2026-000001"
    assert (incident["state"], incident["priority"], incident["determinant"]) == ("triaged", "P3", "KB-6")
    assert incident["plan"] == [{"capability": "fire_suppression", "count": 1}]
    assert incident["place"]["text"] == PETUNG["text"]
    assert incident["owner_id"]
    assert world.types() == ["incident.opened", "incident.triaged"]
    assert (await world.open_incident())["number"] == "2026-000002"


async def test_half_answered_questions_leave_the_incident_open_with_the_safe_priority(world: World) -> None:
    incident = await world.open_incident(answers={})
    assert (incident["state"], incident["priority"], incident["triaged_at"]) == ("open", "P1", None)
    assert world.types() == ["incident.opened"]


async def test_a_place_in_words_alone_is_enough(world: World) -> None:
    incident = await world.open_incident(place={"text": "simpang tiga Petung"})
    assert incident["place"]["point"] is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"place": {"text": " "}}, "place.text"),
        ({"place": {**PETUNG, "point": {"lat": 51.5, "lon": 0.1}}}, "place.point"),
        ({"place": JAKARTA}, "confirm_outside"),
        ({"answers": {"people_inside": "perhaps"}}, "answers.people_inside"),
        ({"place": {**PETUNG, "point": {"lat": 91, "lon": 0}}}, "place.point.lat"),
    ],
)
async def test_what_cannot_be_is_refused_by_field(world: World, changes: dict[str, Any], field: str) -> None:
    rina = await world.person("rina")
    body = {"type": HOUSE_FIRE, "answers": {}, "place": PETUNG, **changes}
    problem = answered(await rina.post("/incidents", json=body), 422)
    assert (problem["type"], problem["field"]) == ("urn:siaga:invalid", field)
    async with world.db.reading() as session:
        assert await queries.snapshot(session) == ()


async def test_a_place_outside_the_regency_is_taken_when_confirmed(world: World) -> None:
    incident = await world.open_incident(place=JAKARTA, confirm_outside=True)
    assert incident["place"]["point"] == JAKARTA["point"]


async def test_an_unknown_type_and_an_unknown_call_are_not_found(world: World) -> None:
    rina = await world.person("rina")
    body = {"type": "ufo", "place": PETUNG}
    assert (await rina.post("/incidents", json=body)).status_code == 404
    body = {"type": HOUSE_FIRE, "place": PETUNG, "call_id": "no-such-call"}
    assert (await rina.post("/incidents", json=body)).status_code == 404
    assert world.types() == []


async def test_new_answers_are_a_new_triage(world: World) -> None:
    incident = await world.open_incident()
    rina = await world.person("rina")
    world.types()
    amended = answered(
        await rina.patch(
            f"/incidents/{incident['id']}",
            json={"answers": {**SMALL_FIRE, "people_inside": True}, "narrative": "ada anak di dalam"},
            headers={"If-Match": str(incident["version"])},
        ),
        200,
    )
    assert (amended["priority"], amended["determinant"]) == ("P1", "KB-1")
    assert len(amended["plan"]) == 5
    assert world.types() == ["incident.triaged", "incident.amended"]


async def test_a_priority_set_by_hand_survives_an_answer_that_changes_nothing(world: World) -> None:
    incident = await world.open_incident(priority="P2")
    rina = await world.person("rina")
    amended = answered(
        await rina.patch(
            f"/incidents/{incident['id']}",
            json={"answers": {**SMALL_FIRE, "spreading": None}},
            headers={"If-Match": '"1"'},
        ),
        200,
    )
    assert amended["priority"] == "P2"
    reset = await rina.patch(f"/incidents/{incident['id']}", json={"priority": None}, headers={"If-Match": '"2"'})
    assert answered(reset, 200)["priority"] == "P3"
    nowhere = await rina.patch(f"/incidents/{incident['id']}", json={"place": None}, headers={"If-Match": '"3"'})
    assert answered(nowhere, 422)["field"] == "place"
    nothing = await rina.patch(f"/incidents/{incident['id']}", json={}, headers={"If-Match": '"3"'})
    assert answered(nothing, 422)["field"] == "body"


async def test_an_edit_of_an_old_version_or_of_an_ended_incident_is_refused(world: World) -> None:
    incident = await world.open_incident()
    rina = await world.person("rina")
    path = f"/incidents/{incident['id']}"
    problem = answered(await rina.patch(path, json={"narrative": "x"}, headers={"If-Match": "7"}), 409)
    assert problem["version"] == 1
    assert answered(await rina.patch(path, json={"narrative": "x"}), 422)["field"] == "If-Match"
    closed = await acts(world, incident, "close", disposition="unfounded")
    response = await rina.patch(path, json={"narrative": "x"}, headers={"If-Match": str(closed["version"])})
    assert answered(response, 409)["detail"] == "The incident is closed: reopen it first."


async def test_the_alarm_of_an_undispatched_incident_rises_until_a_unit_is_offered(
    world: World, clock: ManualClock
) -> None:
    incident = await world.open_incident()
    levels = []
    for _ in range(4):
        clock.advance(world.centre.settings.undispatched_after_s.of(Priority.P3) + 1)
        await world.fire_timers()
        async with world.db.reading() as session:
            (alarm,) = await alarms.snapshot(session)
        levels.append(alarm.level)
    assert levels == [1, 2, 3, 3]
    assert alarm.incident_id == incident["id"]
    assert alarm.detail == f"{incident['number']}: no unit after 724 s"
    await world.offered(incident, "Damkar Petung 1")
    async with world.db.reading() as session:
        assert await alarms.snapshot(session) == ()
    world.types()
    clock.advance(30)
    await world.fire_timers()
    assert world.types() == []


async def test_an_alarm_is_acknowledged_once_by_whom_it_says(world: World, clock: ManualClock) -> None:
    await world.open_incident()
    clock.advance(200)
    await world.fire_timers()
    world.types()
    haris = await world.person("haris")
    async with world.db.reading() as session:
        (alarm,) = await alarms.snapshot(session)
    first = answered(await haris.post(f"/alarms/{alarm.id}/acknowledge"), 200)
    again = answered(await haris.post(f"/alarms/{alarm.id}/acknowledge"), 200)
    assert first == again
    assert first["acknowledged_by"]
    assert world.types() == ["alarm.acknowledged"]
    assert (await haris.post("/alarms/none/acknowledge")).status_code == 404


async def test_an_incident_is_closed_with_a_disposition_and_reopened_with_a_reason(
    world: World, clock: ManualClock
) -> None:
    incident = await world.open_incident()
    assert (await acts(world, incident, "close", 422))["field"] == "disposition"
    closed = await acts(world, incident, "close", disposition="unfounded", note="alarm palsu")
    assert (closed["state"], closed["disposition"]) == ("closed", "unfounded")
    assert "already" in (await acts(world, incident, "close", 409, disposition="handled"))["detail"]
    assert (await acts(world, incident, "reopen", 422))["field"] == "reason"
    opened = await acts(world, incident, "reopen", reason="api menyala lagi", note="kata tetangga")
    assert (opened["state"], opened["closed_at"], opened["disposition"]) == ("triaged", None, None)
    clock.advance(200)
    await world.fire_timers()
    assert world.types()[-4:] == ["incident.closed", "incident.reopened", "incident.noted", "alarm.raised"]


async def test_a_false_report_is_cancelled_and_the_units_on_their_way_are_called_off(world: World) -> None:
    incident = await world.open_incident(answers={})
    one = await world.offered(incident, "Damkar Petung 1")
    await world.reports("Damkar Petung 1", one, "accept", "depart")
    await world.offered(incident, "Damkar Petung 2", override_reason="api besar")
    cancelled = await acts(world, incident, "cancel", reason="laporan palsu")
    assert (cancelled["state"], cancelled["disposition"]) == ("cancelled", "cancelled")
    detail = await world.incident(incident)
    assert {one["state"] for one in detail["assignments"]} == {"cancelled", "withdrawn"}
    assert {one["end_reason"] for one in detail["assignments"]} == {"laporan palsu"}


async def test_nobody_sets_by_hand_what_the_facts_deny(world: World) -> None:
    incident = await world.open_incident()
    assert "must be on the scene" in (await acts(world, incident, "under_control", 409))["detail"]
    assert (await acts(world, incident, "triage", 422))["field"] == "act"
    await world.offered(incident, "Damkar Petung 1")
    assert "still on their way" in (await acts(world, incident, "resolve", 409))["detail"]


async def test_a_crew_reports_under_control_and_nothing_else(world: World) -> None:
    incident = await world.open_incident()
    assignment = await world.offered(incident, "Damkar Petung 1")
    await world.reports("Damkar Petung 1", assignment, "accept", "depart", "arrive")
    path = f"/incidents/{incident['id']}/acts"
    phone, other = await world.crew("Damkar Petung 1"), await world.crew("Damkar Waru 1")
    assert (await phone.post(path, json={"act": "close", "disposition": "handled"})).status_code == 403
    assert (await other.post(path, json={"act": "under_control"})).status_code == 403
    assert answered(await phone.post(path, json={"act": "under_control"}), 200)["state"] == "under_control"


async def test_crews_read_and_note_only_incidents_that_they_were_offered(world: World) -> None:
    incident = await world.open_incident()
    path = f"/incidents/{incident['id']}"
    phone = await world.crew("Damkar Petung 1")
    assert (await phone.get(path)).status_code == 403
    assert (await phone.post(f"{path}/notes", json={"text": "x"})).status_code == 403
    await world.offered(incident, "Damkar Petung 1")
    assert (await phone.get(path)).status_code == 200
    assert (await phone.post(f"{path}/notes", json={"text": "jalan macet"})).status_code == 204
    assert (await phone.post(f"{path}/notes", json={"text": "  "})).status_code == 422
    assert (await phone.get("/incidents")).status_code == 403


async def test_merging_ends_the_first_and_never_one_with_units_on_it(world: World) -> None:
    first, second = await world.open_incident(), await world.open_incident()
    siti = await world.person("siti")
    merged = answered(await siti.post(f"/incidents/{first['id']}/merge", json={"into_id": second["id"]}), 200)
    assert (merged["state"], merged["merged_into_id"], merged["disposition"]) == (
        "merged",
        second["id"],
        "duplicate",
    )
    again = answered(await siti.post(f"/incidents/{first['id']}/merge", json={"into_id": second["id"]}), 409)
    assert "already" in again["detail"]
    assert (await siti.post(f"/incidents/{second['id']}/merge", json={"into_id": first["id"]})).status_code == 409
    self_merge = await siti.post(f"/incidents/{second['id']}/merge", json={"into_id": second["id"]})
    assert answered(self_merge, 422)["field"] == "into_id"
    third = await world.open_incident()
    await world.offered(third, "Damkar Petung 1")
    assert (await siti.post(f"/incidents/{third['id']}/merge", json={"into_id": second["id"]})).status_code == 409


async def test_a_likely_twin_is_found_before_a_second_incident_is_opened(world: World) -> None:
    incident = await world.open_incident(narrative="rumah terbakar dekat pasar")
    rina = await world.person("rina")
    near: dict[str, str | float] = {"type": HOUSE_FIRE, "lat": -1.3405, "lon": 116.639, "text": "kebakaran dekat pasar"}
    (found,) = answered(await rina.get("/incidents/similar", params=near), 200)
    assert found["incident"]["id"] == incident["id"]
    assert found["score"] > 0.6
    assert "jenis kejadian sama" in [words["id"] for words in found["why"]]
    far: dict[str, str | float] = {"type": "banjir", "lat": -0.9, "lon": 116.7}
    assert answered(await rina.get("/incidents/similar", params=far), 200) == []


async def test_a_merge_is_taken_back_with_the_calls_that_came_along(world: World) -> None:
    caller = Caller("1795500001.1", at=world.db.clock())
    await world.centre.ingest.take([caller.arrives(), caller.queues()])
    siti = await world.person("siti")
    call = answered(await siti.get("/calls"), 200)["items"][0]
    first, second = await world.open_incident(call_id=call["id"]), await world.open_incident()
    answered(await siti.post(f"/incidents/{first['id']}/merge", json={"into_id": second["id"]}), 200)
    assert (await world.incident(second))["incident"]["call_ids"] == [call["id"]]
    world.types()
    open_again = answered(await siti.post(f"/incidents/{first['id']}/unmerge"), 200)
    assert (open_again["state"], open_again["merged_into_id"], open_again["disposition"]) == (
        first["state"],
        None,
        None,
    )
    assert open_again["call_ids"] == [call["id"]]
    assert (await world.incident(second))["incident"]["call_ids"] == []
    assert world.types() == ["call.linked", "incident.unmerged"]
    assert (await siti.post(f"/incidents/{first['id']}/unmerge")).status_code == 409


async def test_what_was_told_apart_is_not_proposed_until_that_is_taken_back(world: World) -> None:
    one, other = await world.open_incident(), await world.open_incident()
    siti = await world.person("siti")
    twins = f"/incidents/{one['id']}/twins"
    assert [found["incident"]["id"] for found in answered(await siti.get(twins), 200)] == [other["id"]]
    pair = f"/incidents/{other['id']}/separations/{one['id']}"
    for _twice in range(2):
        assert (await siti.put(pair)).status_code == 204
    assert answered(await siti.get(twins), 200) == []
    assert answered(await siti.get(f"/incidents/{other['id']}/twins"), 200) == []
    assert (await siti.delete(pair)).status_code == 204
    assert len(answered(await siti.get(twins), 200)) == 1
    assert (await siti.delete(pair)).status_code == 404
    assert (await siti.put(f"/incidents/{one['id']}/separations/{one['id']}")).status_code == 422
    assert (await siti.put(f"/incidents/{one['id']}/separations/nobody")).status_code == 404
    assert world.types().count("incident.told_apart") == 2


async def test_a_call_linked_by_mistake_is_unlinked(world: World) -> None:
    caller = Caller("1795500002.2", at=world.db.clock())
    await world.centre.ingest.take([caller.arrives(), caller.queues()])
    siti = await world.person("siti")
    call = answered(await siti.get("/calls"), 200)["items"][0]
    incident = await world.open_incident()
    answered(await siti.post(f"/calls/{call['id']}/link", json={"incident_id": incident["id"]}), 200)
    assert answered(await siti.delete(f"/calls/{call['id']}/link"), 200)["incident_id"] is None
    assert (await world.incident(incident))["incident"]["call_ids"] == []
    assert (await siti.delete(f"/calls/{call['id']}/link")).status_code == 409


async def test_incidents_are_paged_newest_first_by_state(world: World) -> None:
    opened = [(await world.open_incident())["id"] for _ in range(3)]
    ended = await world.open_incident()
    await acts(world, ended, "close", disposition="handled")
    siti = await world.person("siti")
    first = answered(await siti.get("/incidents", params={"state": "open", "limit": 2}), 200)
    rest = answered(await siti.get("/incidents", params={"state": "open", "cursor": first["next"]}), 200)
    assert {one["id"] for one in first["items"] + rest["items"]} == set(opened)
    assert (len(first["items"]), rest["next"]) == (2, None)
    (only,) = answered(await siti.get("/incidents", params={"state": "ended"}), 200)["items"]
    assert only["id"] == ended["id"]


async def test_the_timeline_holds_each_step_with_its_time_and_who_did_it(world: World, clock: ManualClock) -> None:
    incident = await world.open_incident()
    clock.advance(20)
    assignment = await world.offered(incident, "Damkar Petung 1")
    clock.advance(10)
    await world.reports("Damkar Petung 1", assignment, "accept")
    siti = await world.person("siti")
    items = answered(await siti.get(f"/incidents/{incident['id']}/timeline"), 200)
    assert [(item["type"], item["actor_name"]) for item in items] == [
        ("incident.opened", "Rina Wulandari"),
        ("incident.triaged", "Rina Wulandari"),
        ("assignment.offered", "Siti Rahmawati"),
        ("incident.progressed", "Siti Rahmawati"),
        ("assignment.accepted", "Kru Damkar Petung 1"),
    ]
    assert items[2]["data"]["rank"] == 1
    assert items[4]["at"] > items[2]["at"] > items[0]["at"]


async def test_the_call_is_linked_with_the_opening_and_follows_a_merge(world: World) -> None:
    caller = Caller()
    await world.centre.ingest.ingest(caller.until_answered())
    async with world.db.reading() as session:
        ((call,), _) = await calls.page(session, None, 10)
    world.types()
    first = await world.open_incident(call_id=call.id)
    assert (first["call_ids"], first["reporting_number"]) == ([call.id], call.ani)
    assert world.types() == ["call.linked", "incident.opened", "incident.triaged"]
    second = await world.open_incident()
    siti = await world.person("siti")
    answered(await siti.post(f"/incidents/{first['id']}/merge", json={"into_id": second["id"]}), 200)
    detail = await world.incident(second)
    assert (detail["incident"]["call_ids"], detail["calls"][0]["incident_id"]) == ([call.id], second["id"])
    (merged,) = [event for event in world.events if event.type == "incident.merged"]
    assert [(one.id, one.call_ids) for one in merged.changed.incidents] == [
        (first["id"], ()),
        (second["id"], (call.id,)),
    ]
    assert not any(event.changed.calls for event in world.events if event.type.startswith("incident."))
    refused = await siti.post("/incidents", json={"type": HOUSE_FIRE, "place": PETUNG, "call_id": call.id})
    assert refused.status_code == 409


async def test_a_retried_opening_has_one_effect(world: World) -> None:
    rina = await world.person("rina")
    body = {"type": HOUSE_FIRE, "place": PETUNG}
    both = [await rina.post("/incidents", json=body, headers={"Idempotency-Key": "k-1"}) for _ in range(2)]
    assert both[0].json() == both[1].json()
    async with world.db.reading() as session:
        assert len(await queries.snapshot(session)) == 1
