"""A centre with the demo's people and fleet, reached over HTTP in the test's own process; the test owns the clock."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
from fastapi import FastAPI

from dispatch.api import SESSION_COOKIE, install_error_handlers
from dispatch.assignments import api as assignments_api
from dispatch.assignments import service as assignments
from dispatch.calls.ingest import Ingest
from dispatch.centre import Centre
from dispatch.db import Database
from dispatch.events import Recorded
from dispatch.incidents import api as incidents_api
from dispatch.incidents import service as incidents
from dispatch.kpis import api as kpis_api
from dispatch.log import Stored
from dispatch.people.service import seed_demo, sign_in_demo
from dispatch.places import service as places
from dispatch.protocols.service import load_book
from dispatch.realtime.hub import Hub
from dispatch.recommendation import api as recommendation_api
from dispatch.settings import Settings
from dispatch.timers import TimerRunner
from dispatch.units import api as units_api
from dispatch.units.seed import seed_demo_fleet
from dispatch.views import UnitPosition, UnitView
from dispatch.wake import Wake

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
        self._app = FastAPI()
        self._app.state.centre = centre
        install_error_handlers(self._app)
        for module in (recommendation_api, incidents_api, assignments_api, units_api, kpis_api):
            self._app.include_router(module.router, prefix="/api")
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
            async with self.db.transaction() as tx:
                token = (await sign_in_demo(tx, self.centre.settings, username)).token
            self.events = [event for event in self.events if not event.type.startswith("user.")]
            client = httpx.AsyncClient(
                transport=httpx.ASGITransport(self._app, raise_app_exceptions=False),
                base_url="http://centre/api",
                cookies={SESSION_COOKIE: token},
            )
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
    chosen = Settings(demo=True, **settings)
    async with db.transaction() as tx:
        await places.seed(tx)
        units = await seed_demo_fleet(tx)
        await seed_demo(tx, [(unit.id, unit.callsign) for unit in units])
    async with db.reading() as session:
        gazetteer = await places.load_gazetteer(session)
    wake = Wake()
    hub = Map(db, wake, db.clock)
    centre = Centre(
        settings=chosen,
        db=db,
        wake=wake,
        protocols=load_book(),
        gazetteer=gazetteer,
        hub=hub,
        ingest=Ingest(db, wake, chosen, hub.health.report),
    )
    async with AsyncExitStack() as stack:
        yield World(centre, hub, units, stack)
