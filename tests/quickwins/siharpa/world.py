"""A whole centre with Siharpa alone in the test's own process, and a browser for each of its people."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
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
from quickwins.siharpa import PLUGIN, rules
from tests.centre_world import answered

ADDRESS = "http://centre"
API = f"{ADDRESS}/api/plugins/siharpa"
ROWS = f"{API}/rows"
NENANG = "64.09.01.1010"


class Office:
    """`visitor` has no account; `person` signs somebody in with permissions of Siharpa."""

    def __init__(self, app: FastAPI, stack: AsyncExitStack) -> None:
        self.app = app
        self._stack = stack

    @property
    def workshop(self) -> Workshop:
        workshop: Workshop = self.app.state.plugin_host.workshop("siharpa")
        return workshop

    def day(self, ago: int = 0) -> date:
        return rules.local_date(self.workshop.now) - timedelta(days=ago)

    async def browser(self, token: str | None = None) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        cookies = {} if token is None else {SESSION_COOKIE: token}
        client = httpx.AsyncClient(transport=transport, base_url=ADDRESS, cookies=cookies, timeout=30)
        return await self._stack.enter_async_context(client)

    async def person(self, username: str, *permissions: str) -> httpx.AsyncClient:
        centre = self.app.state.centre
        async with centre.db.transaction() as tx:
            signed = await sign_in_demo(tx, centre.settings, username)
            tx.session.add_all(UserGrantRow(user_id=signed.user.id, permission=f"siharpa.{one}") for one in permissions)
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


async def act(client: httpx.AsyncClient, resource: str, row_id: str, name: str, **values: Any) -> httpx.Response:
    return await client.post(f"{ROWS}/{resource}/{row_id}/actions/{name}", json={"values": values})


async def rows_of(client: httpx.AsyncClient, resource: str, **params: Any) -> list[dict[str, Any]]:
    listed = answered(await client.get(f"{ROWS}/{resource}", params={"limit": 200, **params}), 200)
    items: list[dict[str, Any]] = listed["items"]
    return items


@dataclass
class Stall:
    """A market and a commodity of the test's own, and a clerk who may do all."""

    clerk: httpx.AsyncClient
    market: str
    good: str

    def head(self, day: date, level: str = "retail") -> dict[str, str]:
        return {"market_id": self.market, "level": level, "day": day.isoformat()}

    async def enter(
        self, day: date, price: int | str, *, confirmed: bool = True, sheet: str = "entry"
    ) -> httpx.Response:
        body = {"head": self.head(day), "entries": {self.good: str(price)}, "confirmed": [self.good] * confirmed}
        return await self.clerk.post(f"{API}/sheets/{sheet}", json=body)

    async def edit(self, row: dict[str, Any], **values: Any) -> httpx.Response:
        headers = {"If-Match": str(row["version"])}
        return await self.clerk.put(f"{ROWS}/prices/{row['id']}", json={"values": values}, headers=headers)

    async def line(self, day: date, sheet: str = "entry") -> dict[str, Any]:
        asked = {f"f.{name}": value for name, value in self.head(day).items()}
        rows = answered(await self.clerk.get(f"{API}/sheets/{sheet}", params=asked), 200)["rows"]
        found: dict[str, Any] = next(row for row in rows if row["key"] == self.good)
        return found

    async def prices(self) -> list[dict[str, Any]]:
        """Newest day first."""
        return await rows_of(self.clerk, "prices", **{"f.market_id": self.market})

    async def validate(self, first: date, last: date) -> httpx.Response:
        values = {"market_id": self.market, "first": first.isoformat(), "last": last.isoformat()}
        return await self.clerk.post(f"{API}/forms/validate", json={"values": values})

    async def noted(self, office: Office, prices: Mapping[int, int]) -> None:
        """Validated prices by how many days ago."""
        for ago, price in prices.items():
            answered(await self.enter(office.day(ago), price), 200)
        answered(await self.validate(office.day(max(prices)), office.day(min(prices))), 200)


async def open_stall(office: Office) -> Stall:
    clerk = await office.person("admin")
    market = await make(clerk, "markets", name="Pasar Uji", village_code=NENANG)
    good = await make(clerk, "commodities", name="Jagung uji", name_en="Test maize", family="other", unit="kg")
    return Stall(clerk, market["id"], good["id"])
