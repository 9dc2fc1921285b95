"""Escalation: what nobody did in time is told in steps, survives a restart, ends by itself, and can be put off."""

from typing import Any

import pytest

from dispatch.incidents import alarms
from dispatch.incidents import service as incidents
from dispatch.settings import ByPriority, Settings, load_settings
from dispatch.timers import TimerRunner
from dispatch.views import AlarmView
from dispatch.words import AlarmKind, Priority
from tests.centre_world import World, answered
from tests.conftest import ManualClock

PETUNG_1 = "Damkar Petung 1"


async def open_alarms(world: World, kind: AlarmKind) -> list[AlarmView]:
    await world.fire_timers()
    async with world.db.reading() as session:
        return [alarm for alarm in await alarms.snapshot(session) if alarm.kind is kind]


async def levels_over(world: World, clock: ManualClock, kind: AlarmKind, after_s: float) -> list[int]:
    levels = []
    for _ in range(4):
        clock.advance(after_s)
        levels += [alarm.level for alarm in await open_alarms(world, kind)]
    return levels


async def test_questions_left_open_are_told_in_steps_until_they_are_asked(world: World, clock: ManualClock) -> None:
    incident = await world.open_incident(answers={})
    limit = world.centre.settings.untriaged_after_s.of(Priority.P1)
    assert await levels_over(world, clock, AlarmKind.INCIDENT_UNTRIAGED, limit) == [1, 2, 3, 3]
    rina = await world.person("rina")
    body = {"priority": "P2"}
    headers = {"If-Match": str(incident["version"])}
    answered(await rina.patch(f"/incidents/{incident['id']}", json=body, headers=headers), 200)
    assert await open_alarms(world, AlarmKind.INCIDENT_UNTRIAGED) == []


async def test_a_crew_that_accepted_and_does_not_leave_is_told_until_it_departs(
    world: World, clock: ManualClock
) -> None:
    incident = await world.open_incident()
    assignment = await world.offered(incident, PETUNG_1)
    await world.reports(PETUNG_1, assignment, "accept")
    limit = world.centre.settings.not_en_route_after_s.of(Priority.P3)
    clock.advance(limit - 1)
    assert await open_alarms(world, AlarmKind.UNIT_NOT_EN_ROUTE) == []
    clock.advance(1)
    (alarm,) = await open_alarms(world, AlarmKind.UNIT_NOT_EN_ROUTE)
    assert (alarm.level, alarm.assignment_id, alarm.unit_id) == (1, assignment["id"], world.units[PETUNG_1].id)
    await world.reports(PETUNG_1, assignment, "depart")
    assert await open_alarms(world, AlarmKind.UNIT_NOT_EN_ROUTE) == []


async def test_a_crew_of_whom_nothing_is_heard_is_told_and_a_report_ends_it(world: World, clock: ManualClock) -> None:
    incident = await world.open_incident()
    assignment = await world.offered(incident, PETUNG_1)
    await world.reports(PETUNG_1, assignment, "accept", "depart")
    limit = world.centre.settings.no_report_after_s.of(Priority.P3)
    assert await levels_over(world, clock, AlarmKind.NO_REPORT, limit) == [1, 2, 3, 3]
    await world.reports(PETUNG_1, assignment, "arrive")
    assert await open_alarms(world, AlarmKind.NO_REPORT) == []
    assert await levels_over(world, clock, AlarmKind.NO_REPORT, limit) == [1, 2, 3, 3]
    await world.reports(PETUNG_1, assignment, "clear")
    assert await open_alarms(world, AlarmKind.NO_REPORT) == []


async def test_the_more_urgent_are_told_sooner_and_a_raised_priority_counts_at_once(
    world: World, clock: ManualClock
) -> None:
    incident = await world.open_incident()
    limits = world.centre.settings.undispatched_after_s
    clock.advance(limits.of(Priority.P1) + 1)
    assert await open_alarms(world, AlarmKind.INCIDENT_UNDISPATCHED) == []
    rina = await world.person("rina")
    headers = {"If-Match": str(incident["version"])}
    answered(await rina.patch(f"/incidents/{incident['id']}", json={"priority": "P1"}, headers=headers), 200)
    assert [one.level for one in await open_alarms(world, AlarmKind.INCIDENT_UNDISPATCHED)] == [1]


async def test_escalation_goes_on_after_a_restart_without_doubling(world: World, clock: ManualClock) -> None:
    await world.open_incident(answers={})
    limit = world.centre.settings.untriaged_after_s.of(Priority.P1)
    clock.advance(limit)
    assert [one.level for one in await open_alarms(world, AlarmKind.INCIDENT_UNTRIAGED)] == [1]
    world.timers = TimerRunner(world.db, incidents.timers(world.centre.settings))
    assert [one.level for one in await open_alarms(world, AlarmKind.INCIDENT_UNTRIAGED)] == [1]
    clock.advance(limit * 2)
    world.types()
    assert [one.level for one in await open_alarms(world, AlarmKind.INCIDENT_UNTRIAGED)] == [3]
    assert world.types().count("alarm.raised") <= 2


async def snooze(world: World, alarm: AlarmView, status: int = 200, **body: Any) -> Any:
    siti = await world.person("siti")
    body = {"minutes": 5, "reason": "menunggu kabar", **body}
    return answered(await siti.post(f"/alarms/{alarm.id}/snooze", json=body), status)


async def test_a_snoozed_alarm_is_silent_rises_and_sounds_again(world: World, clock: ManualClock) -> None:
    incident = await world.open_incident(answers={})
    limit = world.centre.settings.untriaged_after_s.of(Priority.P1)
    clock.advance(limit)
    (alarm,) = await open_alarms(world, AlarmKind.INCIDENT_UNTRIAGED)
    snoozed = await snooze(world, alarm)
    assert (snoozed["snooze_reason"], snoozed["level"]) == ("menunggu kabar", 1)
    assert snoozed["snoozed_until"] is not None
    world.types()
    clock.advance(limit)
    (still,) = await open_alarms(world, AlarmKind.INCIDENT_UNTRIAGED)
    untriaged = [event for event in world.events if event.changed.alarms and event.changed.alarms[0].id == alarm.id]
    assert untriaged == []
    assert still.snoozed_until is not None
    clock.advance(300 - limit)
    (again,) = await open_alarms(world, AlarmKind.INCIDENT_UNTRIAGED)
    assert (again.snoozed_until, again.snooze_reason, again.level) == (None, None, 3)
    assert "alarm.raised" in world.types()
    assert again.incident_id == incident["id"]


@pytest.mark.parametrize(
    ("body", "field"), [({"reason": "  "}, "reason"), ({"minutes": 31}, "minutes"), ({"minutes": 0}, "minutes")]
)
async def test_a_snooze_needs_a_reason_and_has_a_bound(
    world: World, clock: ManualClock, body: dict[str, Any], field: str
) -> None:
    await world.open_incident(answers={})
    clock.advance(200)
    alarm = (await open_alarms(world, AlarmKind.INCIDENT_UNTRIAGED))[0]
    assert (await snooze(world, alarm, 422, **body))["field"] == field


async def test_an_alarm_that_somebody_saw_to_cannot_be_put_off(world: World, clock: ManualClock) -> None:
    await world.open_incident(answers={})
    clock.advance(200)
    alarm = (await open_alarms(world, AlarmKind.INCIDENT_UNTRIAGED))[0]
    siti = await world.person("siti")
    answered(await siti.post(f"/alarms/{alarm.id}/acknowledge"), 200)
    await snooze(world, alarm, 409)


def test_thresholds_are_one_number_or_one_for_each_priority(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIAGA_UNDISPATCHED_AFTER_S", "45")
    monkeypatch.setenv("SIAGA_NO_REPORT_AFTER_S", '{"P1": 60, "P2": 70, "P3": 80, "P4": 90, "P5": 100}')
    settings = load_settings()
    assert settings.undispatched_after_s.of(Priority.P4) == 45
    assert settings.no_report_after_s.of(Priority.P5) == 100
    limits = [Settings().undispatched_after_s.of(priority) for priority in Priority]
    assert limits == sorted(limits)
    assert ByPriority.model_validate(7).of(Priority.P1) == 7
