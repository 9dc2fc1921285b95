"""Fifty dispatchers fight for one unit: exactly one wins, the others are told who has it."""

import asyncio
from collections import Counter

import httpx

from dispatch.assignments import service as assignments
from dispatch.words import ACTIVE_ASSIGNMENT_STATES
from tests.centre_world import World

DISPATCHERS = 50


async def test_of_fifty_concurrent_dispatchers_one_gets_the_unit_and_the_rest_learn_who_has_it(world: World) -> None:
    incidents = [await world.open_incident() for _ in range(DISPATCHERS)]
    siti = await world.person("siti")
    body = {"unit_id": world.units["Damkar Petung 1"].id}
    world.types()

    async def fight(index: int) -> httpx.Response:
        return await siti.post(
            f"/incidents/{incidents[index]['id']}/assignments",
            json=body,
            headers={"Idempotency-Key": f"dispatcher-{index}"},
        )

    responses = await asyncio.gather(*(fight(index) for index in range(DISPATCHERS)))
    assert Counter(response.status_code for response in responses) == {201: 1, 409: DISPATCHERS - 1}
    (won,) = [response.json() for response in responses if response.status_code == 201]
    winner = next(incident for incident in incidents if incident["id"] == won["incident_id"])
    for response in responses:
        if response.status_code == 409:
            told = response.json()
            assert told["holder_incident_id"] == winner["id"]
            assert told["holder_incident_number"] == winner["number"]
            assert told["callsign"] == "Damkar Petung 1"
            assert told["offered_by_name"] == "Siti Rahmawati"
    async with world.db.reading() as session:
        kept = await assignments.snapshot(session)
    assert [one.id for one in kept if one.state in ACTIVE_ASSIGNMENT_STATES] == [won["id"]]
    assert Counter(world.types()) == {"assignment.offered": 1, "incident.progressed": 1}


async def test_a_double_click_has_one_effect_and_one_answer(world: World) -> None:
    incident = await world.open_incident()
    siti = await world.person("siti")
    body = {"unit_id": world.units["Damkar Petung 1"].id}
    path = f"/incidents/{incident['id']}/assignments"
    clicks = await asyncio.gather(*(siti.post(path, json=body, headers={"Idempotency-Key": "click"}) for _ in range(5)))
    assert {response.status_code for response in clicks} == {201}
    assert len({response.text for response in clicks}) == 1
    assert len((await world.incident(incident))["assignments"]) == 1


async def test_of_an_offer_and_the_end_of_the_shift_at_the_same_moment_exactly_one_wins(world: World) -> None:
    incident = await world.open_incident()
    siti, phone = await world.person("siti"), await world.crew("Damkar Petung 1")
    unit = f"/units/{world.units['Damkar Petung 1'].id}/acts"
    for _ in range(8):
        offer, shift = await asyncio.gather(
            world.offer(incident, "Damkar Petung 1"), phone.post(unit, json={"act": "go_off_duty"})
        )
        assert (offer.status_code, shift.status_code) in {(201, 409), (409, 200)}, offer.text + shift.text
        if shift.status_code == 200:
            assert "off duty" in offer.json()["detail"]
            assert (await phone.post(unit, json={"act": "go_on_duty"})).status_code == 200
        else:
            body = {"act": "withdraw", "reason": "uji"}
            path = f"/assignments/{offer.json()['id']}/acts"
            assert (await siti.post(path, json=body)).status_code == 200
