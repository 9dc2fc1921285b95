"""Closed roads, alarm levels, the joint proposal and diversions, over HTTP."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dispatch.recommendation import build
from dispatch.recommendation.aid import neighbours
from dispatch.recommendation.geography import Demand, Geography
from dispatch.recommendation.routing import GRAPH_FILE, Roads, Routing
from tests.centre_world import PETUNG, World, answered
from tests.conftest import ManualClock
from tests.unit.test_roads import osm, way

FLOOD = {"points": [{"lat": -1.3645, "lon": 116.6265}], "radius_m": 200, "reason": "Banjir 80 cm"}
WARU = {"text": "Waru", "point": {"lat": -1.389, "lon": 116.6148}, "source": "map"}


def road(tmp_path: Path) -> Roads:
    """Petung to Waru straight on, and a long way round."""
    corners = {1: (-1.3395, 116.6385), 2: (-1.389, 116.6148), 3: (-1.30, 116.50)}
    nodes = {key: ((lat + 1.3) / 0.01, (lon - 116.6) / 0.01) for key, (lat, lon) in corners.items()}
    file = tmp_path / "roads.osm"
    file.write_text(osm(way(1, 1, 2, highway="primary") + way(2, 1, 3, 2, highway="primary"), nodes))
    build.build(file, tmp_path, ManualClock().now)
    return Roads(tmp_path / GRAPH_FILE)


@pytest.fixture
def mapped(world: World, tmp_path: Path) -> World:
    routing = Routing(road(tmp_path))
    world.centre.geography = Geography(routing, Demand.of(world.centre.gazetteer), neighbours())
    return world


async def advice(world: World, incident: dict[str, Any]) -> dict[str, Any]:
    siti = await world.person("siti")
    found: dict[str, Any] = answered(await siti.get(f"/incidents/{incident['id']}/recommendation"), 200)
    return found


def of_unit(world: World, found: dict[str, Any], callsign: str) -> dict[str, Any]:
    unit_id = world.units[callsign].id
    return next(one for one in found["candidates"] if one["unit_id"] == unit_id)


async def test_a_closed_road_is_gone_round_at_once_until_it_is_reopened_or_its_time_is_over(
    mapped: World, clock: ManualClock
) -> None:
    incident = await mapped.open_incident(place=PETUNG)
    before = await advice(mapped, incident)
    waru = of_unit(mapped, before, "Damkar Waru 1")
    assert (waru["how"], before["travel"]["source"]) == ("road", "road")
    siti = await mapped.person("siti")
    until = (clock.now + timedelta(hours=2)).isoformat()
    closure = answered(await siti.post("/road-closures", json={**FLOOD, "until": until}), 201)
    during = await advice(mapped, incident)
    assert of_unit(mapped, during, "Damkar Waru 1")["travel_s"] > 2 * waru["travel_s"]
    assert any("1 road closure" in note["en"] for note in during["travel"]["notes"])
    assert (await siti.post(f"/road-closures/{closure['id']}/reopen")).status_code == 204
    assert of_unit(mapped, await advice(mapped, incident), "Damkar Waru 1")["travel_s"] == waru["travel_s"]
    answered(await siti.post("/road-closures", json={**FLOOD, "until": until}), 201)
    clock.advance(2 * 3600)
    assert answered(await siti.get("/road-closures"), 200) == []
    assert {"road.closed", "road.reopened"} <= set(mapped.types())


@pytest.mark.parametrize(("change", "status"), [
    ({"reason": "  "}, 422),
    ({"radius_m": 9}, 422),
    ({"points": []}, 422),
    ({"points": [{"lat": 95, "lon": 116}]}, 422),
    ({"until": "2020-01-01T00:00:00Z"}, 422),
    ({"until": "2030-01-01T00:00:00Z"}, 422),
])  # fmt: skip
async def test_a_closure_that_cannot_be_is_refused(world: World, change: dict[str, Any], status: int) -> None:
    siti = await world.person("siti")
    answered(await siti.post("/road-closures", json={**FLOOD, **change}), status)


async def test_roads_are_closed_by_dispatchers_and_supervisors_and_reopened_once(world: World) -> None:
    rina, haris = await world.person("rina"), await world.person("haris")
    answered(await rina.post("/road-closures", json=FLOOD), 403)
    closure = answered(await haris.post("/road-closures", json=FLOOD), 201)
    (shown,) = answered(await rina.get("/road-closures"), 200)
    assert (shown["id"], shown["reason"]) == (closure["id"], "Banjir 80 cm")
    assert shown["closed_by_name"] == closure["closed_by_name"]
    assert (await haris.post(f"/road-closures/{closure['id']}/reopen")).status_code == 204
    answered(await haris.post(f"/road-closures/{closure['id']}/reopen"), 409)
    answered(await haris.post("/road-closures/x/reopen"), 404)


async def test_a_second_alarm_asks_for_the_plan_twice_and_is_taken_back(world: World) -> None:
    incident = await world.open_incident()
    siti = await world.person("siti")
    address = f"/incidents/{incident['id']}/alarm-level"
    raised = answered(await siti.put(address, json={"level": 2, "reason": "merambat"}), 200)
    assert raised["alarm_level"] == 2
    assert [line["count"] for line in raised["plan"]] == [2 * line["count"] for line in incident["plan"]]
    third = answered(await siti.put(address, json={"level": 3, "reason": "merambat lagi"}), 200)
    assert [line["count"] for line in third["plan"]] == [3 * line["count"] for line in incident["plan"]]
    back = answered(await siti.put(address, json={"level": 1, "reason": "terkendali"}), 200)
    assert back["plan"] == incident["plan"]
    answered(await siti.put(address, json={"level": 1, "reason": "lagi"}), 409)
    answered(await siti.put(address, json={"level": 2, "reason": " "}), 422)
    answered(await siti.put(address, json={"level": 9, "reason": "x"}), 422)
    assert "incident.alarm_level_set" in world.types()


async def test_a_new_triage_keeps_the_alarm_level(world: World) -> None:
    incident = await world.open_incident()
    siti = await world.person("siti")
    answered(await siti.put(f"/incidents/{incident['id']}/alarm-level", json={"level": 2, "reason": "besar"}), 200)
    current = (await world.incident(incident))["incident"]
    headers = {"If-Match": str(current["version"])}
    body = {"answers": incident["answers"]}
    after = answered(await siti.patch(f"/incidents/{incident['id']}", json=body, headers=headers), 200)
    assert after["plan"] == current["plan"]


async def test_what_cannot_be_met_names_who_could_lend_it(mapped: World) -> None:
    incident = await mapped.open_incident()
    siti = await mapped.person("siti")
    for level in (2, 3, 4):
        body = {"level": level, "reason": "besar"}
        answered(await siti.put(f"/incidents/{incident['id']}/alarm-level", json=body), 200)
    found = await advice(mapped, await mapped.open_incident(answers={}))
    assert found["short"] == []
    for name, unit in mapped.units.items():
        if "ambulance" in unit.capabilities:
            await (await mapped.crew(name)).post(f"/units/{unit.id}/acts", json={"act": "go_off_duty"})
    short = (await advice(mapped, await mapped.open_incident(answers={})))["short"]
    assert [one["capability"] for one in short] == ["ambulance"]
    assert {one["agency"] for one in short[0]["lenders"]} == {"balikpapan", "otorita-ikn", "paser"}


async def test_the_joint_proposal_is_offered_whole_and_what_changed_is_refused(world: World) -> None:
    first = await world.open_incident()
    second = await world.open_incident(place=WARU)
    siti = await world.person("siti")
    proposal = answered(await siti.get("/recommendation/joint"), 200)
    assert {one["incident_id"] for one in proposal["picks"]} == {first["id"], second["id"]}
    assert proposal["incidents"] == 2
    picks = [{"incident_id": one["incident_id"], "unit_id": one["unit_id"]} for one in proposal["picks"]]
    await world.offered(first, "Damkar Sotek 1", override_reason="dekat")
    outcome = answered(await siti.post("/recommendation/joint/offers", json={"picks": picks}), 200)
    assert {one["incident_id"] for one in outcome["offered"]} == {second["id"]}
    assert {one["incident_id"] for one in outcome["refused"]} == {first["id"]}
    assert all("no longer proposed" in one["why"] for one in outcome["refused"])
    offers = [event for event in world.events if event.type == "assignment.offered"]
    assert [getattr(event.data, "basis", None) for event in offers] == ["single", "joint"]
    again = answered(await siti.get("/recommendation/joint"), 200)
    assert again["picks"] == []


async def test_a_crew_is_called_off_for_what_is_more_urgent_both_or_neither(world: World, clock: ManualClock) -> None:
    lesser = await world.open_incident(priority="P4")
    urgent = await world.open_incident(priority="P1")
    unit = world.units["Damkar Petung 1"]
    siti = await world.person("siti")
    body = {"unit_id": unit.id, "reason": "orang terjebak"}
    address = f"/incidents/{urgent['id']}/diversions"
    answered(await siti.post(address, json=body), 409)
    assignment = await world.offered(lesser, "Damkar Petung 1", override_reason="dekat")
    answered(await siti.post(address, json=body), 409)
    await world.reports("Damkar Petung 1", assignment, "accept", "depart")
    answered(await siti.post(f"/incidents/{lesser['id']}/diversions", json=body), 409)
    found = await advice(world, urgent)
    assert all(one["consequence"]["en"].startswith(f"Incident {lesser['number']} (P4)") for one in found["diverts"])
    answered(await siti.post(address, json={**body, "reason": " "}), 422)
    world.types()
    offered = answered(await siti.post(address, json=body), 201)
    assert (offered["incident_id"], offered["unit_id"], offered["state"]) == (urgent["id"], unit.id, "offered")
    assert {"assignment.diverted", "assignment.offered"} <= set(world.types())
    states = {one["id"]: one["state"] for one in (await world.incident(lesser))["assignments"]}
    assert states == {assignment["id"]: "diverted"}
    assert (await world.incident(lesser))["incident"]["state"] in ("open", "triaged")


async def test_a_crew_decides_none_of_this(world: World) -> None:
    incident = await world.open_incident()
    phone = await world.crew("Damkar Petung 1")
    for method, path, body in (
        ("GET", "/recommendation/joint", None),
        ("GET", "/road-closures", None),
        ("POST", "/road-closures", FLOOD),
        ("PUT", f"/incidents/{incident['id']}/alarm-level", {"level": 2, "reason": "x"}),
        ("POST", "/recommendation/joint/offers", {"picks": [{"incident_id": "x", "unit_id": "y"}]}),
        ("POST", f"/incidents/{incident['id']}/diversions", {"unit_id": "x", "reason": "y"}),
    ):
        assert (await phone.request(method, path, json=body)).status_code == 403, path
