"""Snapshot + events = a fresh snapshot: a client that applies the events by the documented rules never drifts.

A random day runs over the centre's own interface; every few steps what a screen would hold is compared with a fresh
snapshot, for the centre's people and for a crew.
"""

import json
import random
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from dispatch.calls import linking
from dispatch.calls import service as calls
from dispatch.db import Database
from dispatch.errors import SiagaError
from dispatch.events import OPS, unit_topic
from dispatch.log import Stored
from dispatch.realtime import snapshot
from dispatch.views import Snapshot
from dispatch.words import (
    ENDED_CALL_STATES,
    ENDED_INCIDENT_STATES,
    CallDisposition,
    IncidentDisposition,
)
from telephony.facts import AgentChanged, Envelope
from tests.call_facts import Caller
from tests.centre_world import World, open_world
from tests.conftest import ManualClock

STEPS = 120
LOOK_EVERY = 6
CREWS = 3
CREW_ACTS = ("accept", "decline", "depart", "arrive", "transport", "reach_facility", "clear", "withdraw")
NEXT = {"offered": "accept", "accepted": "depart", "en_route": "arrive", "on_scene": "clear"}
KINDS = ("calls", "incidents", "assignments", "units", "agents", "alarms")

Held = dict[str, dict[str, dict[str, Any]]]


class Screen:
    """The store of a face: a snapshot, then events; written from docs/realtime.md alone."""

    def __init__(self, start: Snapshot, unit_id: str | None = None) -> None:
        """`unit_id`: the face of that unit's crew; None: one of the centre."""
        self.topic = OPS if unit_id is None else unit_topic(unit_id)
        self.unit_id = unit_id
        self.seq = start.seq
        self.held: Held = {kind: {} for kind in KINDS}
        self._upsert(start.model_dump(mode="json"))

    def apply(self, events: Sequence[Stored]) -> None:
        for event in events:
            if event.seq > self.seq and self.topic in event.topics:
                self._upsert(json.loads(event.payload)["changed"])
                self._drop()
            self.seq = max(self.seq, event.seq)

    def _upsert(self, changed: dict[str, Any]) -> None:
        for kind in KINDS:
            for item in changed.get(kind, ()):
                key = item["id"] if "id" in item else f"{item['pbx']}/{item['agent']}"
                self.held[kind][key] = item

    def _drop(self) -> None:
        self._keep("calls", lambda call: call["state"] not in ENDED_CALL_STATES)
        self._keep("incidents", lambda incident: incident["state"] not in ENDED_INCIDENT_STATES)
        self._keep("assignments", lambda one: one["incident_id"] in self.held["incidents"])
        self._keep("alarms", lambda alarm: alarm["acknowledged_at"] is None)
        if self.unit_id is not None:
            self._keep("units", lambda unit: unit["id"] == self.unit_id)
            self._keep("assignments", lambda one: one["unit_id"] == self.unit_id)
            mine = {one["incident_id"] for one in self.held["assignments"].values()}
            self._keep("incidents", lambda incident: incident["id"] in mine)
            self.held["alarms"].clear()

    def _keep(self, kind: str, wanted: Callable[[dict[str, Any]], bool]) -> None:
        self.held[kind] = {key: item for key, item in self.held[kind].items() if wanted(item)}


async def fresh(db: Database, topic: str) -> Snapshot:
    async with db.reading() as session:
        return await snapshot.take(session, frozenset({topic}), db.clock)


class Day:
    """Things that people and telephones do, at random; what is illegal is refused and changes nothing."""

    def __init__(self, world: World, clock: ManualClock, seed: int) -> None:
        self.world = world
        self.clock = clock
        self.chance = random.Random(seed)
        self.incidents: list[str] = []
        self.assignments: dict[str, str] = {}
        self.callers: list[Caller] = []
        self.desk_facts = 0
        self.refused = 0

    async def step(self) -> None:
        self.clock.advance(self.chance.uniform(0.1, 20))
        acts: list[Callable[[], Awaitable[None]]] = [
            self.call, self.call, self.talk, self.talk, self.open, self.offer, self.offer, self.offer, self.crew_acts,
            self.crew_acts, self.crew_acts, self.decide, self.merge, self.amend, self.unit_acts, self.dispose,
            self.link, self.acknowledge, self.timers, self.desk,
        ]  # fmt: skip
        await self.chance.choice(acts)()

    async def _post(self, username: str, path: str, body: dict[str, Any]) -> dict[str, Any] | None:
        response = await (await self.world.person(username)).post(path, json=body)
        assert response.status_code < 500, response.text
        if response.status_code >= 400:
            self.refused += 1
            return None
        return dict(response.json()) if response.content else None

    async def call(self) -> None:
        number = len(self.callers) + 1
        self.callers.append(Caller(f"{1795500000 + number}.{number}", at=self.clock.now))
        caller = self.callers[-1]
        await self.world.centre.ingest.take([caller.arrives(), caller.queues()])

    async def talk(self) -> None:
        if not self.callers:
            return
        caller = self.chance.choice(self.callers)
        said: list[Callable[[], Envelope]] = [
            caller.rings, caller.is_answered, caller.is_held, lambda: caller.says("ada api"), caller.abandons,
        ]  # fmt: skip
        await self.world.centre.ingest.take([self.chance.choice(said)()])
        if self.chance.random() < 0.3:
            await self.world.centre.ingest.take([caller.ends()])
            self.callers.remove(caller)

    async def desk(self) -> None:
        device = self.chance.choice(["idle", "ringing", "in_use"])
        fact = AgentChanged(
            at=self.clock.now, agent="101", name="Meja 1", queues=("psap-112",), paused=False, device=device
        )
        self.desk_facts += 1
        await self.world.centre.ingest.take([Envelope(pbx="main", key="agent:101", n=self.desk_facts, fact=fact)])

    async def open(self) -> None:
        opened = await self.world.open_incident()
        self.incidents.append(opened["id"])

    async def offer(self) -> None:
        if not self.incidents:
            return
        unit = self.chance.choice(list(self.world.units.values())[: CREWS + 2])
        body = {"unit_id": unit.id, "override_reason": "dekat"}
        given = await self._post("siti", f"/incidents/{self.chance.choice(self.incidents)}/assignments", body)
        if given is not None:
            self.assignments[given["id"]] = given["state"]

    async def crew_acts(self) -> None:
        if not self.assignments:
            return
        assignment_id = self.chance.choice(list(self.assignments))
        act = NEXT.get(self.assignments[assignment_id], "accept")
        if self.chance.random() < 0.3:
            act = self.chance.choice([*CREW_ACTS, "cancel"])
        after = await self._post("siti", f"/assignments/{assignment_id}/acts", {"act": act, "reason": "ban bocor"})
        if after is not None and after["ended_at"] is None:
            self.assignments[assignment_id] = after["state"]
        elif after is not None:
            del self.assignments[assignment_id]

    async def decide(self) -> None:
        if not self.incidents:
            return
        body = {
            "act": self.chance.choice(["under_control", "resolve", "close", "cancel", "reopen"]),
            "disposition": self.chance.choice(list(IncidentDisposition)).value,
            "reason": "salah alamat",
            "note": "",
        }
        await self._post("siti", f"/incidents/{self.chance.choice(self.incidents)}/acts", body)

    async def merge(self) -> None:
        if len(self.incidents) > 2 and self.chance.random() < 0.4:
            one, other = self.chance.sample(self.incidents, 2)
            await self._post("siti", f"/incidents/{one}/merge", {"into_id": other})

    async def amend(self) -> None:
        if not self.incidents:
            return
        siti, incident_id = await self.world.person("siti"), self.chance.choice(self.incidents)
        found = (await siti.get(f"/incidents/{incident_id}")).json()["incident"]
        change = self.chance.choice([{"narrative": f"kabar {self.clock.now}"}, {"priority": "P1"}, {"priority": "P4"}])
        headers = {"If-Match": str(found["version"])}
        response = await siti.patch(f"/incidents/{incident_id}", json=change, headers=headers)
        assert response.status_code < 500, response.text

    async def unit_acts(self) -> None:
        unit = self.chance.choice(list(self.world.units.values()))
        act = self.chance.choice(["go_on_duty", "go_off_duty", "go_out_of_service", "return_to_service"])
        await self._post("siti", f"/units/{unit.id}/acts", {"act": act, "reason": "servis"})

    async def _a_call(self) -> str | None:
        async with self.world.db.reading() as session:
            live = await calls.snapshot(session)
        return self.chance.choice(live).id if live else None

    async def dispose(self) -> None:
        call_id = await self._a_call()
        if call_id is None:
            return
        try:
            async with self.world.db.transaction() as tx:
                await calls.dispose(tx, call_id, self.chance.choice(list(CallDisposition)), "")
        except SiagaError:
            self.refused += 1

    async def link(self) -> None:
        call_id = await self._a_call()
        if call_id is None or not self.incidents:
            return
        try:
            async with self.world.db.transaction() as tx:
                await linking.report(tx, call_id, self.chance.choice(self.incidents))
        except SiagaError:
            self.refused += 1

    async def acknowledge(self) -> None:
        alarms = (await fresh(self.world.db, OPS)).alarms
        if alarms:
            await self._post("haris", f"/alarms/{self.chance.choice(alarms).id}/acknowledge", {})

    async def timers(self) -> None:
        self.clock.advance(95)
        await self.world.fire_timers()


@pytest.mark.parametrize("seed", [112, 119])
async def test_a_random_day_leaves_every_screen_as_a_fresh_snapshot(
    db: Database, clock: ManualClock, seed: int
) -> None:
    async with open_world(db) as world:
        stored: list[Stored] = []
        db.on_commit(stored.extend)
        day = Day(world, clock, seed)
        screens = [
            Screen(await fresh(db, OPS)),
            *[Screen(await fresh(db, unit_topic(unit.id)), unit.id) for unit in list(world.units.values())[:CREWS]],
        ]
        for number in range(STEPS):
            await day.step()
            if number % LOOK_EVERY == 0:
                for screen in screens:
                    screen.apply(stored)
                    expected = Screen(await fresh(db, screen.topic), screen.unit_id)
                    assert screen.held == expected.held, f"step {number}, {screen.topic}"
                stored.clear()
        assert screens[0].seq > STEPS / 2, f"little happened: {day.refused} acts were refused"
