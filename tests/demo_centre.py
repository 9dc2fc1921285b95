"""What the worlds of the tests share: a centre with the demo's people and fleet in the test's own process, by HTTP."""

from functools import cache
from types import ModuleType

import httpx
from fastapi import FastAPI

from dispatch.api import SESSION_COOKIE, install_error_handlers
from dispatch.calls.ingest import Ingest
from dispatch.centre import Centre
from dispatch.db import Database
from dispatch.people.service import seed_demo, sign_in_demo
from dispatch.places import service as places
from dispatch.protocols.service import ProtocolBook, load_book
from dispatch.realtime.hub import Hub
from dispatch.settings import Settings
from dispatch.units.seed import seed_demo_fleet
from dispatch.views import UnitView
from dispatch.wake import Wake

ADDRESS = "http://centre"

shipped_protocols = cache(load_book)
"""Read once for all tests that change none."""


async def demo_centre(
    db: Database,
    settings: Settings,
    *,
    hub: type[Hub] = Hub,
    protocols: ProtocolBook | None = None,
    fleet: bool = True,
) -> tuple[Centre, tuple[UnitView, ...]]:
    """The centre, filled as the demo is, and its units; without `fleet` only the centre's own people."""
    async with db.transaction() as tx:
        if fleet:
            await places.seed(tx)
        units = await seed_demo_fleet(tx) if fleet else ()
        await seed_demo(tx, [(unit.id, unit.callsign) for unit in units])
    async with db.reading() as session:
        gazetteer = await places.load_gazetteer(session)
    wake = Wake()
    screens = hub(db, wake, db.clock)
    centre = Centre(
        settings=settings,
        db=db,
        wake=wake,
        protocols=protocols or shipped_protocols(),
        gazetteer=gazetteer,
        hub=screens,
        ingest=Ingest(db, wake, settings, screens.health.report),
    )
    return centre, units


def app_of(centre: Centre, *apis: ModuleType) -> FastAPI:
    """The centre's edge, with the routes of these modules."""
    app = FastAPI()
    app.state.centre = centre
    install_error_handlers(app)
    for module in apis:
        app.include_router(module.router, prefix="/api")
    return app


def client_of(app: FastAPI, address: str = ADDRESS) -> httpx.AsyncClient:
    """A client in which nobody is signed in."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=f"{address}/api")


async def signed_in(app: FastAPI, username: str) -> httpx.AsyncClient:
    """The client of a demo account: rina (call-taker), siti (dispatcher), haris (supervisor), kru-1 (crew), admin."""
    centre: Centre = app.state.centre
    async with centre.db.transaction() as tx:
        token = (await sign_in_demo(tx, centre.settings, username)).token
    client = client_of(app)
    client.cookies.set(SESSION_COOKIE, token)
    return client
