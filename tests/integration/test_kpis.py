"""The day's figures over HTTP, from both databases."""

from tests.call_facts import Caller
from tests.centre_world import World, answered
from tests.conftest import ManualClock


async def test_a_day_without_anything_has_nulls_and_not_zeros_for_times(world: World) -> None:
    today = answered(await (await world.person("haris")).get("/kpis/today"), 200)
    assert today == {
        "since": "2026-11-24T00:00:00+08:00",
        "calls_offered": 0,
        "calls_answered": 0,
        "calls_abandoned": 0,
        "answer_p50_s": None,
        "answer_p90_s": None,
        "false_calls": 0,
        "incidents_opened": 0,
        "incidents_open": 0,
        "dispatch_p50_s": None,
        "response_p50_s": None,
    }


async def test_the_figures_follow_the_work(world: World, clock: ManualClock) -> None:
    incident = await world.open_incident()
    clock.advance(40)
    assignment = await world.offered(incident, "Damkar Petung 1")
    clock.advance(20)
    await world.reports("Damkar Petung 1", assignment, "accept", "depart")
    clock.advance(300)
    await world.reports("Damkar Petung 1", assignment, "arrive")
    today = answered(await (await world.person("haris")).get("/kpis/today"), 200)
    assert (today["incidents_opened"], today["incidents_open"]) == (1, 1)
    assert (today["dispatch_p50_s"], today["response_p50_s"]) == (40, 360)


async def test_yesterdays_incident_is_not_counted_among_todays(world: World, clock: ManualClock) -> None:
    await world.open_incident()
    clock.advance(24 * 3600)
    today = answered(await (await world.person("haris")).get("/kpis/today"), 200)
    assert (today["incidents_opened"], today["incidents_open"]) == (0, 1)


async def test_answered_abandoned_and_false_calls_are_counted(world: World) -> None:
    quick, gone = Caller("1.1"), Caller("1.2", ani="081300000000")
    await world.centre.ingest.ingest(
        [*quick.until_ended(), gone.arrives(), gone.queues(), gone.abandons(), gone.ends()]
    )
    today = answered(await (await world.person("haris")).get("/kpis/today"), 200)
    assert (today["calls_offered"], today["calls_answered"], today["calls_abandoned"]) == (2, 1, 1)
    assert today["answer_p50_s"] == today["answer_p90_s"] == 2
    assert today["false_calls"] == 0
