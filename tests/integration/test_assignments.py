"""Offers and what crews report, over HTTP: who may, what follows, and what everybody is told."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from dispatch.assignments import service as assignments
from dispatch.db import Database
from dispatch.events import Recorded
from dispatch.incidents import alarms, queries
from dispatch.timers import TimerRunner
from dispatch.units import service as units
from dispatch.views import AlarmView
from dispatch.words import AlarmKind, Priority
from tests.centre_world import HOUSE_FIRE, SMALL_FIRE, World, answered
from tests.conftest import ManualClock


async def alarms_of(db: Database) -> list[AlarmView]:
    async with db.reading() as session:
        return list(await alarms.snapshot(session))


async def test_a_units_way_from_offer_to_clear_moves_the_incident_along(world: World, clock: ManualClock) -> None:
    incident = await world.open_incident()
    clock.advance(30)
    assignment = await world.offered(incident, "Damkar Petung 1")
    assert assignment["travel_s"] is not None
    states = [(await world.incident(incident))["incident"]["state"]]
    for act in ("accept", "depart", "arrive", "clear"):
        clock.advance(60)
        assignment = await world.reports("Damkar Petung 1", assignment, act)
        states.append((await world.incident(incident))["incident"]["state"])
    assert states == ["dispatched", "dispatched", "en_route", "on_scene", "resolved"]
    ended = (await world.incident(incident))["incident"]
    stamps = [ended[f"{name}_at"] for name in ("opened", "dispatched", "en_route", "on_scene", "resolved")]
    times = [datetime.fromisoformat(stamp) for stamp in stamps]
    assert [(later - times[0]).total_seconds() for later in times] == [0, 30, 150, 210, 270]
    assert assignment["ended_at"] == ended["resolved_at"]


async def test_an_offer_event_carries_all_that_changed_to_the_centre_and_to_the_crew(world: World) -> None:
    incident = await world.open_incident()
    world.types()
    assignment = await world.offered(incident, "Damkar Petung 1")
    offered, progressed = world.events
    assert (offered.type, progressed.type) == ("assignment.offered", "incident.progressed")
    (seen,), (unit,), (on,) = offered.changed.assignments, offered.changed.units, offered.changed.incidents
    assert (seen.id, unit.assignment_id, unit.state, on.state) == (
        assignment["id"],
        assignment["id"],
        "committed",
        "dispatched",
    )
    assert offered.changed.calls == ()


async def test_events_and_snapshot_agree_after_every_step(world: World, clock: ManualClock) -> None:
    incident = await world.open_incident(answers={})
    one = await world.offered(incident, "Damkar Petung 1")
    await world.reports("Damkar Petung 1", one, "decline")
    (follower,) = [one for one in (await world.incident(incident))["assignments"] if one["state"] == "offered"]
    callsign = next(name for name, unit in world.units.items() if unit.id == follower["unit_id"])
    await world.reports(callsign, follower, "accept", "depart", "arrive", "clear")
    await world.open_incident()
    clock.advance(200)
    await world.fire_timers()
    async with world.db.reading() as session:
        fresh: dict[str, Sequence[Any]] = {
            "incidents": await queries.snapshot(session),
            "assignments": await assignments.snapshot(session),
            "units": await units.snapshot(session),
            "alarms": await alarms.snapshot(session),
        }
    for kind, views in fresh.items():
        told = {view.id: view for event in world.events for view in getattr(event.changed, kind)}
        assert {view.id: view for view in views if view.id in told} == {
            key: view for key, view in told.items() if getattr(view, "acknowledged_at", None) is None
        }, kind


async def test_a_declined_offer_goes_to_the_next_best_unit_and_alarms_the_dispatcher(world: World) -> None:
    incident = await world.open_incident()
    assignment = await world.offered(incident, "Damkar Petung 1")
    world.types()
    declined = await world.reports("Damkar Petung 1", assignment, "decline")
    assert (declined["state"], declined["end_reason"]) == ("declined", "ban bocor")
    (follower,) = [one for one in (await world.incident(incident))["assignments"] if one["id"] != assignment["id"]]
    assert (follower["unit_id"], follower["state"], follower["offered_by"]) == (
        world.units["Damkar Petung 2"].id,
        "offered",
        None,
    )
    events = [event for event in world.events if event.type == "assignment.offered"]
    assert [event.data.model_dump()["replaces_id"] for event in events] == [assignment["id"]]
    assert world.types() == ["assignment.declined", "assignment.offered", "alarm.raised"]
    (alarm,) = await alarms_of(world.db)
    assert (alarm.kind, alarm.level, alarm.detail) == (AlarmKind.OFFER_DECLINED, 2, "Damkar Petung 1: ban bocor")


async def test_an_offer_that_nobody_answers_expires_and_goes_on(world: World, clock: ManualClock) -> None:
    incident = await world.open_incident()
    await world.offered(incident, "Damkar Petung 1")
    clock.advance(world.centre.settings.offer_timeout_s - 1)
    await world.fire_timers()
    assert (await world.incident(incident))["assignments"][0]["state"] == "offered"
    clock.advance(2)
    await world.fire_timers()
    first, second = (await world.incident(incident))["assignments"]
    assert (first["state"], second["state"]) == ("expired", "offered")
    assert [alarm.kind for alarm in await alarms_of(world.db)] == [AlarmKind.OFFER_EXPIRED]


async def test_when_nobody_is_left_the_supervisor_is_alarmed_and_the_incident_waits_again(
    world: World, clock: ManualClock
) -> None:
    incident = await world.open_incident(type="listrik", answers={})
    plan = {need["capability"] for need in incident["plan"]}
    assert "power_line" in plan
    assignment = await world.offered(incident, "PLN Yantek Petung 1")
    await world.reports("PLN Yantek Petung 1", assignment, "decline")
    kinds = {alarm.kind: alarm.level for alarm in await alarms_of(world.db)}
    assert kinds == {AlarmKind.OFFER_DECLINED: 2, AlarmKind.NO_UNIT_LEFT: 3}
    assert (await world.incident(incident))["incident"]["state"] in ("open", "triaged")
    clock.advance(world.centre.settings.undispatched_after_s.of(Priority.P3) + 1)
    await world.fire_timers()
    assert AlarmKind.INCIDENT_UNDISPATCHED in [alarm.kind for alarm in await alarms_of(world.db)]


TREE_ON_A_LINE = {"person_under": False, "line": True}


async def send_all_proposed(world: World, incident: dict[str, Any]) -> list[dict[str, Any]]:
    """Offer it to the proposed units one after another, as the dispatcher's key does; gives the assignments."""
    siti = await world.person("siti")
    callsigns = {unit.id: name for name, unit in world.units.items()}
    sent: list[dict[str, Any]] = []
    while True:
        found = answered(await siti.get(f"/incidents/{incident['id']}/recommendation"), 200)
        proposed = [one["unit_id"] for one in found["candidates"] if one["proposed"]]
        if not proposed:
            return sent
        sent.append(await world.offered(incident, callsigns[proposed[0]]))


async def short_alarms(db: Database) -> list[tuple[int, str]]:
    return [(one.level, one.detail) for one in await alarms_of(db) if one.kind is AlarmKind.PLAN_SHORT]


async def without_power_line(world: World) -> dict[str, Any]:
    """An incident that needs the power company, whose only crew has just broken down."""
    pln = world.units["PLN Yantek Petung 1"]
    siti = await world.person("siti")
    answered(await siti.post(f"/units/{pln.id}/acts", json={"act": "go_out_of_service", "reason": "mogok"}), 200)
    incident = await world.open_incident(type="pohon-tumbang", answers=TREE_ON_A_LINE)
    assert {need["capability"] for need in incident["plan"]} == {"tree_clearing", "power_line"}
    return incident


async def test_a_plan_that_stays_short_after_the_last_candidate_alarms_the_dispatcher_until_it_is_met(
    world: World,
) -> None:
    incident = await without_power_line(world)
    assert await short_alarms(world.db) == []
    await send_all_proposed(world, incident)
    assert await short_alarms(world.db) == [(2, f"{incident['number']}: the plan is short of power line 1")]
    pln = world.units["PLN Yantek Petung 1"]
    answered(await (await world.person("siti")).post(f"/units/{pln.id}/acts", json={"act": "return_to_service"}), 200)
    await world.offered(incident, "PLN Yantek Petung 1")
    assert await short_alarms(world.db) == []


async def test_a_plan_is_not_called_short_while_somebody_could_still_be_sent(world: World) -> None:
    incident = await world.open_incident(answers={})
    assert sum(need["count"] for need in incident["plan"]) > 1
    await world.offered(incident, "Damkar Petung 1")
    assert await short_alarms(world.db) == []
    await send_all_proposed(world, incident)
    assert await short_alarms(world.db) == []


async def test_a_short_plan_is_alarmed_once_and_no_more_when_the_incident_ends(world: World) -> None:
    incident = await without_power_line(world)
    await send_all_proposed(world, incident)
    world.types()
    await world.offered(incident, "Damkar Petung 1", override_reason="tambahan")
    assert "alarm.raised" not in world.types()
    siti = await world.person("siti")
    body = {"act": "cancel", "reason": "sudah padam"}
    answered(await siti.post(f"/incidents/{incident['id']}/acts", json=body), 200)
    assert await short_alarms(world.db) == []


async def test_a_plan_that_a_new_triage_makes_smaller_is_short_no_more(world: World) -> None:
    incident = await without_power_line(world)
    await send_all_proposed(world, incident)
    siti = await world.person("siti")
    body = {"type": HOUSE_FIRE, "answers": SMALL_FIRE}
    await world.offered(incident, "Damkar Petung 1", override_reason="ada api")
    version = (await world.incident(incident))["incident"]["version"]
    changed = await siti.patch(f"/incidents/{incident['id']}", json=body, headers={"If-Match": str(version)})
    assert answered(changed, 200)["plan"] == [{"capability": "fire_suppression", "count": 1}]
    assert await short_alarms(world.db) == []


async def test_an_answered_offer_does_not_expire(world: World, clock: ManualClock) -> None:
    incident = await world.open_incident()
    assignment = await world.offered(incident, "Damkar Petung 1")
    await world.reports("Damkar Petung 1", assignment, "accept")
    world.types()
    clock.advance(3600)
    await world.fire_timers()
    assert world.types() == ["alarm.raised"], "the crew is late, and the offer still holds"


async def test_a_unit_that_is_not_the_best_needs_a_reason_which_is_kept(world: World) -> None:
    incident = await world.open_incident()
    for callsign in ("Damkar Sepaku 1", "Polres 1"):
        refused = answered(await world.offer(incident, callsign), 422)
        assert refused["field"] == "override_reason"
    assignment = await world.offered(incident, "Damkar Sepaku 1", override_reason="sudah di dekat lokasi")
    assert assignment["override_reason"] == "sudah di dekat lokasi"


@pytest.mark.parametrize(
    ("callsign", "said"), [("BPBD TRC 2", "off duty"), ("Damkar Sepaku 2", "out of service: Pompa diperbaiki")]
)
async def test_a_unit_that_cannot_go_is_not_offered(world: World, callsign: str, said: str) -> None:
    incident = await world.open_incident()
    assert said in answered(await world.offer(incident, callsign, override_reason="x"), 409)["detail"]


async def test_nothing_is_offered_for_an_incident_that_is_over_or_unknown(world: World) -> None:
    incident = await world.open_incident()
    siti = await world.person("siti")
    body = {"act": "close", "disposition": "unfounded"}
    await siti.post(f"/incidents/{incident['id']}/acts", json=body)
    assert "reopen it" in answered(await world.offer(incident, "Damkar Petung 1"), 409)["detail"]
    assert (await world.offer({"id": "none"}, "Damkar Petung 1")).status_code == 404
    body = {"unit_id": "none"}
    incident = await world.open_incident()
    assert (await siti.post(f"/incidents/{incident['id']}/assignments", json=body)).status_code == 404


async def test_a_taken_unit_is_refused_with_the_name_of_its_holder(world: World) -> None:
    first, second = await world.open_incident(), await world.open_incident()
    await world.offered(first, "Damkar Petung 1")
    problem = answered(await world.offer(second, "Damkar Petung 1"), 409)
    assert problem["type"] == "urn:siaga:conflict"
    assert problem["detail"] == "Damkar Petung 1 is taken: Siti Rahmawati offered it incident 2026-000001."
    assert (problem["unit_id"], problem["callsign"], problem["holder_incident_number"]) == (
        world.units["Damkar Petung 1"].id,
        "Damkar Petung 1",
        "2026-000001",
    )
    assert (problem["holder_incident_id"], problem["offered_by_name"]) == (first["id"], "Siti Rahmawati")


async def test_crews_act_on_their_own_assignments_only_and_never_decide_for_the_centre(world: World) -> None:
    incident = await world.open_incident()
    assignment = await world.offered(incident, "Damkar Petung 1")
    path = f"/assignments/{assignment['id']}/acts"
    own, other = await world.crew("Damkar Petung 1"), await world.crew("Damkar Waru 1")
    assert (await other.post(path, json={"act": "accept"})).status_code == 403
    assert (await own.post(path, json={"act": "withdraw", "reason": "x"})).status_code == 403
    assert (await own.post(path, json={"act": "expire"})).status_code == 403
    admin = await world.person("admin")
    assert (await admin.post(path, json={"act": "accept"})).status_code == 403
    assert (await own.post("/assignments/none/acts", json={"act": "accept"})).status_code == 404
    assert answered(await own.post(path, json={"act": "decline"}), 422)["field"] == "reason"


async def test_a_second_accept_with_a_new_key_is_refused_and_a_retry_is_answered_as_before(world: World) -> None:
    incident = await world.open_incident()
    assignment = await world.offered(incident, "Damkar Petung 1")
    own = await world.crew("Damkar Petung 1")
    path = f"/assignments/{assignment['id']}/acts"
    first = await own.post(path, json={"act": "accept"}, headers={"Idempotency-Key": "a"})
    retry = await own.post(path, json={"act": "accept"}, headers={"Idempotency-Key": "a"})
    assert first.json() == retry.json()
    again = answered(await own.post(path, json={"act": "accept"}, headers={"Idempotency-Key": "b"}), 409)
    assert again["detail"] == "The assignment is accepted already."


async def test_a_withdrawn_offer_frees_the_unit_and_leaves_its_history(world: World) -> None:
    first, second = await world.open_incident(), await world.open_incident()
    assignment = await world.offered(first, "Damkar Petung 1")
    siti = await world.person("siti")
    body = {"act": "withdraw", "reason": "kejadian lain lebih gawat"}
    answered(await siti.post(f"/assignments/{assignment['id']}/acts", json=body), 200)
    await world.offered(second, "Damkar Petung 1")
    (kept,) = (await world.incident(first))["assignments"]
    assert (kept["state"], kept["end_reason"]) == ("withdrawn", "kejadian lain lebih gawat")


async def test_of_an_accept_and_the_expiry_at_the_same_moment_exactly_one_wins(
    world: World, clock: ManualClock
) -> None:
    won: list[str] = []
    for _ in range(6):
        incident = await world.open_incident(answers={})
        siti = await world.person("siti")
        advice = answered(await siti.get(f"/incidents/{incident['id']}/recommendation"), 200)
        unit_id = advice["candidates"][0]["unit_id"]
        callsign = next(name for name, unit in world.units.items() if unit.id == unit_id)
        assignment = await world.offered(incident, callsign)
        phone = await world.crew(callsign)
        clock.advance(world.centre.settings.offer_timeout_s)
        world.types()
        runner = TimerRunner(world.db, assignments.timers(world.centre.settings))
        response, _ = await asyncio.gather(
            phone.post(f"/assignments/{assignment['id']}/acts", json={"act": "accept"}), _fire(runner)
        )
        (outcome,) = [event for event in world.events if _ends_offer(event, assignment["id"])]
        assert response.status_code == (200 if outcome.type == "assignment.accepted" else 409)
        won.append(outcome.type)
    assert len(won) == 6


async def _fire(runner: TimerRunner) -> None:
    while await runner.fire_one():
        pass


def _ends_offer(event: Recorded, assignment_id: str) -> bool:
    ends = ("assignment.accepted", "assignment.expired")
    return event.type in ends and event.data.assignment_id == assignment_id


async def reported_late(world: World, assignment: dict[str, Any], act: str, at: datetime) -> dict[str, Any]:
    phone = await world.crew("Damkar Petung 1")
    body = {"act": act, "at": at.isoformat()}
    reported: dict[str, Any] = answered(await phone.post(f"/assignments/{assignment['id']}/acts", json=body), 200)
    return reported


async def test_what_a_crew_did_without_network_keeps_its_own_time_and_says_when_it_came_in(
    world: World, clock: ManualClock
) -> None:
    incident = await world.open_incident()
    assignment = await world.offered(incident, "Damkar Petung 1")
    await world.reports("Damkar Petung 1", assignment, "accept", "depart")
    arrived, cleared = clock.now + timedelta(minutes=9), clock.now + timedelta(minutes=40)
    clock.advance(3600)
    world.events.clear()
    assert datetime.fromisoformat((await reported_late(world, assignment, "arrive", arrived))["on_scene_at"]) == arrived
    assert datetime.fromisoformat((await reported_late(world, assignment, "clear", cleared))["ended_at"]) == cleared
    told = {event.type: event for event in world.events if event.type.startswith("assignment.")}
    assert {name: event.at for name, event in told.items()} == {
        "assignment.arrived": arrived,
        "assignment.cleared": cleared,
    }
    assert {event.data.model_dump()["received_at"] for event in told.values()} == {clock.now}
    moved = [event.at for event in world.events if event.type == "incident.progressed"]
    assert moved == [arrived, cleared]
    after = (await world.incident(incident))["incident"]
    stamps = [datetime.fromisoformat(after[name]) for name in ("on_scene_at", "resolved_at")]
    assert stamps == [arrived, cleared]


async def test_a_crew_that_was_first_at_the_scene_is_first_however_late_it_could_say_so(
    world: World, clock: ManualClock
) -> None:
    incident = await world.open_incident()
    first = await world.offered(incident, "Damkar Petung 1")
    second = await world.offered(incident, "Damkar Petung 2", override_reason="dekat")
    await world.reports("Damkar Petung 1", first, "accept", "depart")
    arrived = clock.now + timedelta(minutes=5)
    clock.advance(600)
    await world.reports("Damkar Petung 2", second, "accept", "depart", "arrive", "clear")
    before = (await world.incident(incident))["incident"]
    clock.advance(600)
    await reported_late(world, first, "arrive", arrived)
    after = (await world.incident(incident))["incident"]
    assert datetime.fromisoformat(after["on_scene_at"]) == arrived
    assert after["version"] > before["version"]
    cleared = await reported_late(world, first, "clear", clock.now - timedelta(seconds=900))
    resolved = await world.incident(incident)
    assert resolved["incident"]["state"] == "resolved"
    assert resolved["incident"]["resolved_at"] == max(one["ended_at"] for one in resolved["assignments"])
    assert cleared["ended_at"] < resolved["incident"]["resolved_at"]


async def test_a_step_is_never_told_before_the_step_that_it_followed(world: World, clock: ManualClock) -> None:
    incident = await world.open_incident()
    assignment = await world.offered(incident, "Damkar Petung 1")
    clock.advance(60)
    assignment = await world.reports("Damkar Petung 1", assignment, "accept")
    departed = await reported_late(world, assignment, "depart", clock.now - timedelta(minutes=30))
    assert departed["en_route_at"] == departed["accepted_at"]


async def test_what_is_older_than_a_shift_is_refused_by_name(world: World, clock: ManualClock) -> None:
    incident = await world.open_incident()
    assignment = await world.offered(incident, "Damkar Petung 1")
    phone = await world.crew("Damkar Petung 1")
    body = {"act": "accept", "at": (clock.now - timedelta(hours=12, seconds=1)).isoformat()}
    refused = answered(await phone.post(f"/assignments/{assignment['id']}/acts", json=body), 422)
    assert refused["field"] == "at"
    without_zone = {"act": "accept", "at": "2026-11-24T05:59:00"}
    answered(await phone.post(f"/assignments/{assignment['id']}/acts", json=without_zone), 422)
    assert (await world.incident(incident))["assignments"][0]["state"] == "offered"
