"""A centre with the example plugin's pages, reached over HTTP in the test's own process."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import create_async_engine

from dispatch.api import SESSION_COOKIE, install_error_handlers
from dispatch.db import Database
from dispatch.people.model import UserGrantRow
from dispatch.people.service import sign_in_demo
from dispatch.plugins.edge import Pages
from dispatch.plugins.pages import routes_for
from dispatch.plugins.work import NoSettings
from dispatch.plugins.workroom import Workroom
from tests.centre_world import World, answered, open_world
from tests.plugins.pages.example import PLUGIN, Base


class Market:
    """Clients of the plugin's address: `admin` has all permissions, `rina` may view."""

    def __init__(self, admin: httpx.AsyncClient, rina: httpx.AsyncClient, nobody: httpx.AsyncClient, db: Database):
        self.admin = admin
        self.rina = rina
        self.nobody = nobody
        self.db = db

    async def owner(self, name: str, **values: Any) -> dict[str, Any]:
        made: dict[str, Any] = answered(
            await self.admin.post("/rows/owners", json={"values": {"name": name, **values}}), 201
        )
        return made

    async def stall(self, number: str, name: str = "Kios", **values: Any) -> dict[str, Any]:
        body = {"values": {"number": number, "name": name, **values}}
        made: dict[str, Any] = answered(await self.admin.post("/rows/stalls", json=body), 201)
        return made

    async def stalls(self, **params: Any) -> dict[str, Any]:
        found: dict[str, Any] = answered(await self.admin.get("/rows/stalls", params=params), 200)
        return found

    async def numbers(self, **params: Any) -> list[str]:
        """Of the stalls that a list shows, in its order."""
        return [row["values"]["number"] for row in (await self.stalls(**params))["items"]]


def faults(response: httpx.Response) -> list[tuple[str, int | None]]:
    """Field and line of each fault of a refused request."""
    assert response.status_code == 422, response.text
    return [(one["field"], one["row"]) for one in response.json()["faults"]]


async def make_tables(url: str) -> None:
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await engine.dispose()


class OneRoom:
    """What routes ask the host for, with one plugin that is always on."""

    def __init__(self, world: World) -> None:
        self._room = Workroom(PLUGIN, world.centre, NoSettings())

    def room(self, _name: str) -> Workroom:
        return self._room


def market_app(world: World) -> FastAPI:
    app = FastAPI()
    app.state.centre = world.centre
    app.state.plugin_host = OneRoom(world)
    setattr(app, "plugin", PLUGIN)  # noqa: B010  # as the host's own application class has it
    install_error_handlers(app)
    app.include_router(routes_for(PLUGIN, Pages()), prefix="/api/plugins/pasar")
    return app


async def sign_in(world: World, username: str, grants: Sequence[str] = ()) -> str:
    """The session's token of a demo account with these grants."""
    async with world.db.transaction() as tx:
        signed = await sign_in_demo(tx, world.centre.settings, username)
        tx.session.add_all(UserGrantRow(user_id=signed.user.id, permission=grant) for grant in grants)
    return signed.token


@asynccontextmanager
async def open_market(db: Database) -> AsyncIterator[Market]:
    await make_tables(db.url.render_as_string(hide_password=False))
    async with open_world(db) as world:
        transport = httpx.ASGITransport(market_app(world), raise_app_exceptions=False)

        def client(**cookies: str) -> httpx.AsyncClient:
            return httpx.AsyncClient(
                transport=transport, base_url="http://centre/api/plugins/pasar", cookies=cookies, timeout=30
            )

        admin = client(**{SESSION_COOKIE: await sign_in(world, "admin")})
        rina = client(**{SESSION_COOKIE: await sign_in(world, "rina", ["pasar.view"])})
        async with admin, rina, client() as nobody:
            yield Market(admin, rina, nobody, db)
