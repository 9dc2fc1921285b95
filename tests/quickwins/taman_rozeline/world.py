"""A whole centre with the wifi of the park alone in the test's own process, and a browser for each of its people."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from dispatch.api import SESSION_COOKIE
from dispatch.app import create_app
from dispatch.people.model import UserGrantRow
from dispatch.people.service import sign_in_demo
from dispatch.plugins import Workshop
from dispatch.plugins.registry import found
from dispatch.settings import Settings
from quickwins.taman_rozeline import PLUGIN
from tests.centre_world import answered

ADDRESS = "http://centre"
ROWS = f"{ADDRESS}/api/plugins/taman_rozeline/rows"


class Office:
    """`visitor` has no account; `person` signs somebody in with permissions of it."""

    def __init__(self, app: FastAPI, stack: AsyncExitStack) -> None:
        self.app = app
        self._stack = stack

    @property
    def workshop(self) -> Workshop:
        workshop: Workshop = self.app.state.plugin_host.workshop("taman_rozeline")
        return workshop

    async def browser(self, token: str | None = None) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        cookies = {} if token is None else {SESSION_COOKIE: token}
        client = httpx.AsyncClient(transport=transport, base_url=ADDRESS, cookies=cookies, timeout=30)
        return await self._stack.enter_async_context(client)

    async def person(self, username: str, *permissions: str) -> httpx.AsyncClient:
        centre = self.app.state.centre
        async with centre.db.transaction() as tx:
            signed = await sign_in_demo(tx, centre.settings, username)
            tx.session.add_all(
                UserGrantRow(user_id=signed.user.id, permission=f"taman_rozeline.{one}") for one in permissions
            )
        return await self.browser(signed.token)


@asynccontextmanager
async def open_office(url: str, folder: Path) -> AsyncIterator[Office]:
    settings = Settings(data_dir=folder, database_url=url, demo=True, log_level="warning")
    app = create_app(settings, plugins=[found(PLUGIN)])
    async with app.router.lifespan_context(app), AsyncExitStack() as stack:
        yield Office(app, stack)


async def make(client: httpx.AsyncClient, resource: str, **values: Any) -> dict[str, Any]:
    made: dict[str, Any] = answered(await client.post(f"{ROWS}/{resource}", json={"values": values}), 201)
    return made


async def act(
    client: httpx.AsyncClient, resource: str, row: dict[str, Any], name: str, **values: Any
) -> httpx.Response:
    return await client.post(f"{ROWS}/{resource}/{row['id']}/actions/{name}", json={"values": values})


async def row_of(client: httpx.AsyncClient, resource: str, q: str, **params: Any) -> dict[str, Any]:
    """The first row that a search finds."""
    listed = answered(await client.get(f"{ROWS}/{resource}", params={"q": q, **params}), 200)
    first: dict[str, Any] = listed["items"][0]
    return first
