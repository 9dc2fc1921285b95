"""The recommendation over HTTP."""

from datetime import timedelta
from typing import Any

from tests.centre_world import World, answered
from tests.conftest import ManualClock


async def advice(world: World, incident: dict[str, Any]) -> dict[str, Any]:
    siti = await world.person("siti")
    found: dict[str, Any] = answered(await siti.get(f"/incidents/{incident['id']}/recommendation"), 200)
    return found


def proposed(world: World, found: dict[str, Any]) -> list[str]:
    names = {unit.id: name for name, unit in world.units.items()}
    return [names[one["unit_id"]] for one in found["candidates"] if one["proposed"]]


async def test_the_nearest_units_cover_the_plan_and_every_other_unit_has_its_why_not(world: World) -> None:
    incident = await world.open_incident(answers={})
    found = await advice(world, incident)
    assert proposed(world, found) == ["Ambulans Petung 1", "Damkar Petung 1", "Damkar Petung 2", "Polsek Waru 1"]
    assert found["short"] == []
    assert {line["need"]["capability"]: line["covered"] for line in found["plan"]} == {
        "fire_suppression": 0,
        "ambulance": 0,
        "police": 0,
    }
    told = [one["unit_id"] for one in found["candidates"] + found["left_out"]]
    assert sorted(told) == sorted(unit.id for unit in world.units.values())


async def test_what_was_offered_covers_its_need(world: World) -> None:
    incident = await world.open_incident(answers={})
    await world.offered(incident, "Damkar Petung 1")
    other = await world.open_incident()
    found = await advice(world, incident)
    assert "Damkar Petung 1" not in proposed(world, found)
    assert found["plan"][0]["covered"] == 1
    elsewhere = await advice(world, other)
    why = {one["unit_id"]: one["why"]["en"] for one in elsewhere["left_out"]}
    assert why[world.units["Damkar Petung 1"].id] == f"Committed to incident {incident['number']}"


async def test_a_unit_is_reckoned_from_where_it_is(world: World, clock: ManualClock) -> None:
    clock.advance(60)
    phone = await world.crew("Damkar Sepaku 1")
    here = {"lat": -1.3396, "lon": 116.6386, "at": (clock.now - timedelta(seconds=5)).isoformat()}
    assert (await phone.post("/positions", json={"positions": [here]})).status_code == 204
    found = await advice(world, await world.open_incident())
    assert proposed(world, found) == ["Damkar Sepaku 1"]
    assert found["candidates"][0]["position_age_s"] == 5


async def test_without_a_point_there_is_no_distance_and_it_says_so(world: World) -> None:
    found = await advice(world, await world.open_incident(place={"text": "di jalan provinsi"}))
    first = found["candidates"][0]
    assert (first["travel_s"], first["how"]) == (None, None)
    assert "distance unknown" in first["reasons"][1]["en"]


async def test_crews_get_no_recommendation(world: World) -> None:
    incident = await world.open_incident()
    phone = await world.crew("Damkar Petung 1")
    assert (await phone.get(f"/incidents/{incident['id']}/recommendation")).status_code == 403
