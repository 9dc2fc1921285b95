"""The demo's centre behind its own address, with every route that people and adapters use; for tests of the edge."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx

from dispatch.assignments import api as assignments_api
from dispatch.calls import acts_api
from dispatch.calls import api as calls_api
from dispatch.calls import desk_api as calls_desk_api
from dispatch.centre import Centre
from dispatch.db import Database
from dispatch.events import Recorded
from dispatch.incidents import api as incidents_api
from dispatch.kpis import api as kpis_api
from dispatch.log import Stored
from dispatch.people import api as people_api
from dispatch.settings import Settings
from tests.centre_world import answered
from tests.demo_centre import ADDRESS, app_of, client_of, demo_centre


class Front:
    """Browsers of the centre's people, and the events since the opening."""

    def __init__(self, centre: Centre, stack: AsyncExitStack) -> None:
        self.centre = centre
        self.db = centre.db
        self.events: list[Recorded] = []
        self._stack = stack
        self._app = app_of(
            centre, people_api, calls_api, calls_desk_api, acts_api, incidents_api, assignments_api, kpis_api
        )
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
        return await self._stack.enter_async_context(client_of(self._app, address))

    async def person(self, username: str) -> httpx.AsyncClient:
        """The browser of a demo account."""
        client = await self.browser()
        answered(await client.post("/demo/session", json={"username": username}), 200)
        return client


@asynccontextmanager
async def open_front(db: Database, *, fleet: bool = False, **settings: Any) -> AsyncIterator[Front]:
    """The demo's centre; without `fleet` nobody but the centre's own people, which is enough for most tests."""
    centre, _ = await demo_centre(db, Settings(demo=True, **settings), fleet=fleet)
    async with AsyncExitStack() as stack:
        yield Front(centre, stack)
