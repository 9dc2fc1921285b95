"""The demo's centre behind its own address, with every route that people and adapters use; for tests of the edge."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache
from typing import Any

import httpx
from fastapi import FastAPI

from dispatch.api import install_error_handlers
from dispatch.assignments import api as assignments_api
from dispatch.calls import api as calls_api
from dispatch.calls.ingest import Ingest
from dispatch.centre import Centre
from dispatch.db import Database
from dispatch.events import Recorded
from dispatch.incidents import api as incidents_api
from dispatch.log import Stored
from dispatch.people import api as people_api
from dispatch.people.service import seed_demo
from dispatch.places import service as places
from dispatch.protocols.service import ProtocolBook, load_book
from dispatch.realtime.hub import Hub
from dispatch.settings import Settings
from dispatch.units.seed import seed_demo_fleet
from dispatch.wake import Wake
from tests.centre_world import answered

ADDRESS = "http://centre"


class Front:
    """Browsers of the centre's people, and the events since the opening."""

    def __init__(self, centre: Centre, stack: AsyncExitStack) -> None:
        self.centre = centre
        self.db = centre.db
        self.events: list[Recorded] = []
        self._stack = stack
        self._app = FastAPI()
        self._app.state.centre = centre
        install_error_handlers(self._app)
        for module in (people_api, calls_api, incidents_api, assignments_api):
            self._app.include_router(module.router, prefix="/api")
        centre.db.on_commit(self._keep)

    def _keep(self, events: Sequence[Stored]) -> None:
        self.events += [Recorded.model_validate_json(stored.payload) for stored in events]
        self.centre.wake.advance(events[-1].seq)

    def types(self) -> list[str]:
        """Types of all events since the last look, in order."""
        types = [event.type for event in self.events]
        self.events.clear()
        return types

    async def browser(self, address: str = ADDRESS) -> httpx.AsyncClient:
        """A browser in which nobody is signed in."""
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self._app, raise_app_exceptions=False), base_url=f"{address}/api"
        )
        return await self._stack.enter_async_context(client)

    async def person(self, username: str) -> httpx.AsyncClient:
        """The browser of a demo account."""
        client = await self.browser()
        answered(await client.post("/demo/session", json={"username": username}), 200)
        return client


@cache
def _book() -> ProtocolBook:
    """Read once: it takes a second, and no test here changes it."""
    return load_book()


@asynccontextmanager
async def open_front(db: Database, *, fleet: bool = False, **settings: Any) -> AsyncIterator[Front]:
    """The demo's centre; without `fleet` nobody but the centre's own people, which is enough for most tests."""
    chosen = Settings(demo=True, **settings)
    async with db.transaction() as tx:
        units = await seed_demo_fleet(tx) if fleet else ()
        await seed_demo(tx, [(unit.id, unit.callsign) for unit in units])
    wake = Wake()
    hub = Hub(db, wake, db.clock)
    ingest = Ingest(db, wake, chosen, hub.health.report)
    async with db.reading() as session:
        gazetteer = await places.load_gazetteer(session)
    centre = Centre(chosen, db, wake, _book(), gazetteer, hub, ingest)
    async with AsyncExitStack() as stack:
        yield Front(centre, stack)
