"""The living city: crews, call-takers and a dispatcher who stand aside wherever a human has taken their place."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from datetime import datetime

import httpx
import structlog
from websockets.exceptions import WebSocketException

from dispatch.demo.call_taker import CallTaker
from dispatch.demo.client import Entity, Person, Refused
from dispatch.demo.crew import Crew
from dispatch.demo.world import World

_log = structlog.get_logger(__name__)

WATCHER = "admin"
"""The account through which the city watches; it never counts as a human."""

DISPATCHER = "siti"
DISPATCHES_AFTER_S = (4.0, 9.0)
HUMAN_FIRST_S = 40.0
"""With a human dispatcher or call-taker about, the simulated dispatcher waits this long before helping."""

CLOSES_AFTER_S = 12.0
LOOKS_EVERY_S = 2.0
POSITION_EVERY_S = 60.0

Present = Callable[[], set[str]]
"""User ids of the people whose screens are connected now."""


class City:
    def __init__(
        self, base_url: str, present: Present, clock: Callable[[], datetime], seed: int, *, speed: float = 5.0
    ) -> None:
        self._base_url = base_url
        self._present = present
        self._clock = clock
        self._rng = random.Random(seed)
        self._speed = speed
        self._world = World()
        self._busy: set[str] = set()
        self._crews: dict[str, Crew] = {}
        self._crew_users: dict[str, str] = {}
        self._call_takers: dict[str, CallTaker] = {}
        self._protocols: list[Entity] = []
        self._watcher_id = ""

    async def run(self) -> None:
        """Live until cancelled; a lost connection is made anew."""
        async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
            watcher = await stack.enter_async_context(Person(self._base_url, WATCHER))
            dispatcher = await stack.enter_async_context(Person(self._base_url, DISPATCHER))
            self._watcher_id = watcher.user["id"]
            self._protocols = (await watcher.get("/protocols"))["types"]
            await self._sign_people_in(stack, watcher)
            group.create_task(self._dispatch(dispatcher, group))
            group.create_task(self._stand_by())
            while True:
                try:
                    async for message in watcher.follow(["ops"]):
                        for kind, entity in self._world.take(message):
                            self._notice(kind, entity, group)
                except (WebSocketException, OSError) as error:
                    _log.info("city_reconnects", reason=str(error))
                await asyncio.sleep(1)

    async def _sign_people_in(self, stack: AsyncExitStack, watcher: Person) -> None:
        accounts: list[Entity] = (await watcher.get("/demo"))["accounts"]
        units: dict[str, Entity] = {unit["id"]: unit for unit in await watcher.get("/units")}
        for account in accounts:
            if not {"responder", "call_taker"} & set(account["roles"]):
                continue
            person = await stack.enter_async_context(Person(self._base_url, account["username"]))
            unit_id = person.user["unit_id"]
            if unit_id in units:
                await self._start_crew(person, units[unit_id])
            elif person.user["extension"]:
                self._call_takers[person.user["id"]] = CallTaker(person, self._world, self._protocols, self._rng)

    async def _start_crew(self, person: Person, unit: Entity) -> None:
        position = unit["position"]
        if position is None:
            return
        home = (position["point"]["lat"], position["point"]["lon"])
        crew = Crew(person, unit, home, self._speed, self._clock, self._rng)
        self._crews[unit["id"]] = crew
        self._crew_users[unit["id"]] = person.user["id"]

    def _notice(self, kind: str, entity: Entity, group: asyncio.TaskGroup) -> None:
        if kind == "assignments" and entity["state"] == "offered":
            self._begin(entity["id"], self._send_crew(entity), group)
        elif kind == "calls" and entity["state"] == "answered":
            call_taker = self._call_taker_of(entity["call_taker_id"])
            if call_taker is not None:
                self._begin(entity["id"], call_taker.handle(entity["id"]), group)

    def _call_taker_of(self, user_id: str | None) -> CallTaker | None:
        """The simulated person to work the call: who answered, or anybody where the desk has nobody's name on it."""
        here = self._present()
        if user_id is None:
            return next((person for key, person in self._call_takers.items() if key not in here), None)
        return None if user_id in here else self._call_takers.get(user_id)

    def _begin(self, key: str, work: Coroutine[None, None, None], group: asyncio.TaskGroup) -> None:
        """Do `work` about `key` unless somebody is at it; what the centre refuses is over."""
        if key in self._busy:
            work.close()
            return
        self._busy.add(key)

        async def guarded() -> None:
            try:
                await work
            except (Refused, httpx.HTTPError) as error:
                _log.debug("city_gave_up", about=key, reason=str(error))
            finally:
                self._busy.discard(key)

        group.create_task(guarded())

    async def _send_crew(self, assignment: Entity) -> None:
        unit_id = assignment["unit_id"]
        crew = self._crews.get(unit_id)
        incident = self._world.incidents.get(assignment["incident_id"])
        if crew is None or incident is None or self._crew_users[unit_id] in self._present():
            return
        try:
            await crew.work(assignment, incident)
        finally:
            if not self._unit_is_wanted(unit_id):
                await crew.go_home()

    def _unit_is_wanted(self, unit_id: str) -> bool:
        unit = self._world.units.get(unit_id)
        return unit is not None and unit["assignment_id"] is not None

    async def _dispatch(self, dispatcher: Person, group: asyncio.TaskGroup) -> None:
        while True:
            await asyncio.sleep(LOOKS_EVERY_S)
            for incident in list(self._world.incidents.values()):
                if incident["state"] in ("open", "triaged"):
                    self._begin(f"dispatch:{incident['id']}", self._offer(dispatcher, incident["id"]), group)
                elif incident["state"] == "resolved":
                    self._begin(f"close:{incident['id']}", self._close(dispatcher, incident["id"]), group)
            for call in list(self._world.calls.values()):
                if call["state"] in ("abandoned", "ivr_dropped"):
                    self._begin(f"drop:{call['id']}", self._drop(dispatcher, call["id"]), group)

    def _humans_decide(self) -> bool:
        return bool(self._present() - set(self._crew_users.values()) - {self._watcher_id})

    async def _offer(self, dispatcher: Person, incident_id: str) -> None:
        wait_s = HUMAN_FIRST_S if self._humans_decide() else self._rng.uniform(*DISPATCHES_AFTER_S)
        await asyncio.sleep(wait_s)
        if any(item["incident_id"] == incident_id for item in self._world.assignments.values()):
            return
        advice = await dispatcher.get(f"/incidents/{incident_id}/recommendation")
        proposed = [candidate for candidate in advice["candidates"] if candidate["proposed"]]
        for candidate in proposed:
            await dispatcher.post(f"/incidents/{incident_id}/assignments", {"unit_id": candidate["unit_id"]})
        if not proposed:
            await asyncio.sleep(HUMAN_FIRST_S)

    async def _close(self, dispatcher: Person, incident_id: str) -> None:
        await asyncio.sleep(HUMAN_FIRST_S if self._humans_decide() else CLOSES_AFTER_S)
        incident = self._world.incidents.get(incident_id)
        if incident is not None and incident["state"] == "resolved":
            await dispatcher.post(
                f"/incidents/{incident_id}/acts", {"act": "close", "disposition": "handled", "note": ""}
            )

    async def _drop(self, dispatcher: Person, call_id: str) -> None:
        await asyncio.sleep(self._rng.uniform(90, 180))
        if call_id in self._world.calls:
            note = "dihubungi balik, tidak diangkat"
            await dispatcher.post(f"/calls/{call_id}/dispose", {"disposition": "dropped", "note": note})

    async def _stand_by(self) -> None:
        """Each crew at its station says now and then where it is."""
        while True:
            for unit_id, crew in self._crews.items():
                if not self._unit_is_wanted(unit_id) and self._crew_users[unit_id] not in self._present():
                    try:
                        await crew.report()
                    except (Refused, httpx.HTTPError) as error:
                        _log.debug("city_gave_up", about=unit_id, reason=str(error))
                await asyncio.sleep(POSITION_EVERY_S / max(1, len(self._crews)))
