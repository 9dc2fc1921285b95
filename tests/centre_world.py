"""A centre with the demo's people and fleet, reached over HTTP in the test's own process; the test owns the clock."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx

from dispatch.assignments import api as assignments_api
from dispatch.assignments import service as assignments
from dispatch.calls import api as calls_api
from dispatch.calls import desk_api as calls_desk_api
from dispatch.centre import Centre
from dispatch.db import Database
from dispatch.events import Recorded
from dispatch.incidents import api as incidents_api
from dispatch.incidents import service as incidents
from dispatch.kpis import api as kpis_api
from dispatch.log import Stored
from dispatch.realtime.hub import Hub
from dispatch.recommendation import api as recommendation_api
from dispatch.settings import Settings
from dispatch.timers import TimerRunner
from dispatch.units import api as units_api
from dispatch.views import UnitPosition, UnitView
from tests.demo_centre import app_of, demo_centre, signed_in

HOUSE_FIRE = "kebakaran-bangunan"
PETUNG = {"text": "Petung, dekat pasar", "point": {"lat": -1.3395, "lon": 116.6385}, "source": "map"}
JAKARTA = {"text": "Monas", "point": {"lat": -6.1754, "lon": 106.8272}, "source": "map"}
SMALL_FIRE: dict[str, str | int | bool | None] = {
    "people_inside": False,
    "what_burns": "small",
    "still_burning": True,
    "injured": 0,
}


class Map(Hub):
    """A hub that also keeps which positions it was given, as a screen would show them."""

    shown: list[UnitPosition]

    def positions(self, items: Sequence[UnitPosition]) -> None:
        self.shown = [*getattr(self, "shown", []), *items]
        super().positions(items)


class World:
    """The centre, its fleet by callsign, its events since the opening, and a client for each person."""

    def __init__(self, centre: Centre, hub: Map, units: tuple[UnitView, ...], stack: AsyncExitStack) -> None:
        self.centre = centre
        self.db = centre.db
        self.hub = hub
        self.units = {unit.callsign: unit for unit in units}
        self.events: list[Recorded] = []
        self._stack = stack
        self._clients: dict[str, httpx.AsyncClient] = {}
        self._app = app_of(
            centre, calls_api, calls_desk_api, recommendation_api, incidents_api, assignments_api, units_api, kpis_api
        )
        handlers = {**incidents.timers(centre.settings), **assignments.timers(centre.settings)}
        self.timers = TimerRunner(centre.db, handlers)
        centre.db.on_commit(self._keep)

    def _keep(self, events: Sequence[Stored]) -> None:
        self.events += [Recorded.model_validate_json(stored.payload) for stored in events]

    def types(self) -> list[str]:
        """Types of all events since the last look, in order."""
        types = [event.type for event in self.events]
        self.events.clear()
        return types

    async def person(self, username: str) -> httpx.AsyncClient:
        """A signed-in client of a demo account: rina (call-taker), siti (dispatcher), haris (supervisor), admin."""
        if username not in self._clients:
            client = await signed_in(self._app, username)
            self.events = [event for event in self.events if not event.type.startswith("user.")]
            self._clients[username] = await self._stack.enter_async_context(client)
        return self._clients[username]

    async def crew(self, callsign: str) -> httpx.AsyncClient:
        """The phone of a unit's crew."""
        return await self.person(f"kru-{sorted(self.units).index(callsign) + 1}")

    async def open_incident(self, **changes: Any) -> dict[str, Any]:
        """A small fire at Petung, reported to Rina."""
        body = {"type": HOUSE_FIRE, "answers": SMALL_FIRE, "place": PETUNG, **changes}
        opened: dict[str, Any] = answered(await (await self.person("rina")).post("/incidents", json=body), 201)
        return opened

    async def offer(self, incident: dict[str, Any], callsign: str, **body: Any) -> httpx.Response:
        siti = await self.person("siti")
        body = {"unit_id": self.units[callsign].id, **body}
        return await siti.post(f"/incidents/{incident['id']}/assignments", json=body)

    async def offered(self, incident: dict[str, Any], callsign: str, **body: Any) -> dict[str, Any]:
        assignment: dict[str, Any] = answered(await self.offer(incident, callsign, **body), 201)
        return assignment

    async def reports(self, callsign: str, assignment: dict[str, Any], *acts: str) -> dict[str, Any]:
        """The crew reports these acts one after another."""
        phone = await self.crew(callsign)
        for act in acts:
            body = {"act": act, "reason": "ban bocor" if act == "decline" else None}
            assignment = answered(await phone.post(f"/assignments/{assignment['id']}/acts", json=body), 200)
        return assignment

    async def incident(self, incident: dict[str, Any]) -> dict[str, Any]:
        detail: dict[str, Any] = answered(await (await self.person("siti")).get(f"/incidents/{incident['id']}"), 200)
        return detail

    async def fire_timers(self) -> None:
        while await self.timers.fire_one():
            pass


def answered(response: httpx.Response, status: int) -> Any:
    """The body of a response that must have this status."""
    assert response.status_code == status, response.text
    return response.json()


@asynccontextmanager
async def open_world(db: Database, **settings: Any) -> AsyncIterator[World]:
    centre, units = await demo_centre(db, Settings(demo=True, **settings), hub=Map)
    assert isinstance(centre.hub, Map)
    async with AsyncExitStack() as stack:
        yield World(centre, centre.hub, units, stack)
