"""A centre that only answers questions (protocols, places), reached over HTTP in the test's own process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from dispatch.api import SESSION_COOKIE, install_error_handlers
from dispatch.calls.ingest import Ingest
from dispatch.centre import Centre
from dispatch.db import Database
from dispatch.people.service import seed_demo, sign_in_demo
from dispatch.places import api as places_api
from dispatch.places import service as places
from dispatch.protocols import api as protocols_api
from dispatch.protocols.service import load_book
from dispatch.realtime.hub import Hub
from dispatch.settings import Settings
from dispatch.units.seed import seed_demo_fleet
from dispatch.wake import Wake

shipped_protocols = cache(load_book)
"""Read once for all tests that only ask."""


class Desk:
    """A client for each person: rina (call-taker), haris (supervisor), kru-1 (responder); None: nobody signed in."""

    def __init__(self, centre: Centre, app: FastAPI) -> None:
        self.centre = centre
        self._app = app

    async def get(self, path: str, /, *, who: str | None = "rina", **params: Any) -> httpx.Response:
        async with await self._client(who) as client:
            return await client.get(path, params=params)

    async def post(self, path: str, body: object, who: str | None = "rina") -> httpx.Response:
        async with await self._client(who) as client:
            return await client.post(path, json=body)

    async def _client(self, who: str | None) -> httpx.AsyncClient:
        cookies = {}
        if who is not None:
            async with self.centre.db.transaction() as tx:
                cookies[SESSION_COOKIE] = (await sign_in_demo(tx, self.centre.settings, who)).token
        transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://centre/api", cookies=cookies)


@asynccontextmanager
async def open_desk(db: Database, protocols: Path | None = None) -> AsyncIterator[Desk]:
    settings = Settings(demo=True)
    async with db.transaction() as tx:
        await places.seed(tx)
        units = await seed_demo_fleet(tx)
        await seed_demo(tx, [(unit.id, unit.callsign) for unit in units])
    async with db.reading() as session:
        gazetteer = await places.load_gazetteer(session)
    wake = Wake()
    hub = Hub(db, wake, db.clock)
    centre = Centre(
        settings=settings,
        db=db,
        wake=wake,
        protocols=load_book(protocols) if protocols else shipped_protocols(),
        gazetteer=gazetteer,
        hub=hub,
        ingest=Ingest(db, wake, settings, hub.health.report),
    )
    app = FastAPI()
    app.state.centre = centre
    install_error_handlers(app)
    app.include_router(protocols_api.router, prefix="/api")
    app.include_router(places_api.router, prefix="/api")
    yield Desk(centre, app)
