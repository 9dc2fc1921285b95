"""Units over HTTP: the fleet, shifts, positions, and what a crew sees of its own."""

from datetime import timedelta
from typing import Any

import pytest

from dispatch.units.seed import seed_demo_fleet
from dispatch.words import Capability
from tests.centre_world import World, answered
from tests.conftest import ManualClock


async def act(world: World, who: str, callsign: str, act: str, status: int = 200, **body: Any) -> dict[str, Any]:
    client = await (world.person(who) if who in ("siti", "admin") else world.crew(who))
    response = await client.post(f"/units/{world.units[callsign].id}/acts", json={"act": act, **body})
    result: dict[str, Any] = answered(response, status)
    return result


async def test_the_demo_fleet_covers_every_capability_and_is_filled_in_once(world: World) -> None:
    async with world.db.transaction() as tx:
        assert len(await seed_demo_fleet(tx)) == len(world.units) == 32
    able = {capability for unit in world.units.values() for capability in unit.capabilities}
    assert able == set(Capability)
    board = answered(await (await world.person("siti")).get("/units"), 200)
    assert [unit["callsign"] for unit in board] == sorted(world.units)


async def test_a_shift_begins_and_ends_and_everybody_is_told(world: World) -> None:
    assert (await act(world, "Polres 1", "Polres 1", "go_off_duty"))["state"] == "off_duty"
    assert (await act(world, "Polres 1", "Polres 1", "go_on_duty"))["state"] == "available"
    broken = await act(world, "siti", "Polres 1", "go_out_of_service", reason="mesin panas")
    assert (broken["state"], broken["out_of_service_reason"]) == ("out_of_service", "mesin panas")
    back = await act(world, "siti", "Polres 1", "return_to_service")
    assert (back["state"], back["version"]) == ("available", 5)
    assert world.types() == [
        "unit.went_off_duty",
        "unit.went_on_duty",
        "unit.went_out_of_service",
        "unit.returned_to_service",
    ]


async def test_an_illegal_act_a_missing_reason_and_another_crew_are_refused(world: World) -> None:
    assert "already" in (await act(world, "siti", "Polres 1", "go_on_duty", 409))["detail"]
    assert (await act(world, "siti", "Polres 1", "go_out_of_service", 422))["field"] == "reason"
    await act(world, "Damkar Waru 1", "Polres 1", "go_off_duty", 403)
    await act(world, "admin", "Polres 1", "go_off_duty", 403)
    siti = await world.person("siti")
    assert (await siti.post("/units/none/acts", json={"act": "go_on_duty"})).status_code == 404


async def test_a_unit_on_an_incident_cannot_end_its_shift(world: World) -> None:
    incident = await world.open_incident()
    await world.offered(incident, "Damkar Petung 1")
    refused = await act(world, "Damkar Petung 1", "Damkar Petung 1", "go_off_duty", 409)
    assert refused["detail"] == "The unit is on an incident: it cannot go off duty before it is clear."


async def test_a_crew_sees_its_unit_and_what_it_works_on(world: World) -> None:
    phone = await world.crew("Damkar Petung 1")
    idle = answered(await phone.get("/units/mine"), 200)
    assert (idle["unit"]["callsign"], idle["assignment"], idle["incident"]) == ("Damkar Petung 1", None, None)
    incident = await world.open_incident()
    assignment = await world.offered(incident, "Damkar Petung 1")
    busy = answered(await phone.get("/units/mine"), 200)
    assert (busy["assignment"]["id"], busy["incident"]["id"]) == (assignment["id"], incident["id"])
    assert (await (await world.person("siti")).get("/units/mine")).status_code == 403


def position(clock: ManualClock, age_s: float, **changes: Any) -> dict[str, Any]:
    at = (clock.now - timedelta(seconds=age_s)).isoformat()
    return {"lat": -1.30, "lon": 116.70, "at": at, "speed_kmh": 40, **changes}


async def test_the_newest_position_wins_whatever_the_order_of_arrival(world: World, clock: ManualClock) -> None:
    clock.advance(100)
    phone = await world.crew("Damkar Petung 1")
    sent = [position(clock, 20, lat=-1.31), position(clock, 5), position(clock, 10, lat=-1.32)]
    assert (await phone.post("/positions", json={"positions": sent})).status_code == 204
    late = [position(clock, 6, lat=-1.39)]
    assert (await phone.post("/positions", json={"positions": late})).status_code == 204
    assert (await phone.post("/positions", json={"positions": []})).status_code == 204
    unit = answered(await phone.get("/units/mine"), 200)["unit"]
    assert (unit["position"]["point"], unit["position"]["speed_kmh"]) == ({"lat": -1.30, "lon": 116.70}, 40)
    (shown,) = world.hub.shown
    assert (shown.unit_id, shown.point.lat) == (world.units["Damkar Petung 1"].id, -1.30)
    assert world.types() == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lat": 51.5, "lon": 0.1}, "positions.point"),
        ({"age_s": -61}, "positions.at"),
        ({"at": "2026-11-24T06:00:00"}, "positions.at"),
        ({"lat": 91}, "positions.0.lat"),
    ],
)
async def test_a_position_that_cannot_be_is_refused_and_the_last_one_stays(
    world: World, clock: ManualClock, changes: dict[str, Any], field: str
) -> None:
    phone = await world.crew("Damkar Petung 1")
    before = answered(await phone.get("/units/mine"), 200)
    more = dict(changes)
    body = {"positions": [position(clock, more.pop("age_s", 0), **more)]}
    assert answered(await phone.post("/positions", json=body), 422)["field"] == field
    assert answered(await phone.get("/units/mine"), 200) == before
