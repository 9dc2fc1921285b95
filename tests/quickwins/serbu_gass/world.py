"""Waste banks in a database alone, and in a whole centre with a browser for each of its people."""

import importlib.util
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import httpx
from alembic.migration import MigrationContext
from alembic.operations import Operations
from fastapi import FastAPI
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

import quickwins.serbu_gass
from dispatch.api import SESSION_COOKIE
from dispatch.app import create_app
from dispatch.people.model import UserGrantRow
from dispatch.people.service import sign_in_demo
from dispatch.plugins import Person, Village, Working, Workshop
from dispatch.plugins.registry import found
from dispatch.settings import Settings
from quickwins.serbu_gass import PLUGIN
from quickwins.serbu_gass.model import Collector, Member, Price, Recipient, Unit, WasteKind
from tests.centre_world import answered

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
DAY = date(2026, 11, 24)
UNITS = ("u1", "u2", "central")
KINDS = ("pet", "iron")
ADDRESS = "http://centre"
API = f"{ADDRESS}/api/plugins/serbu_gass"
ROWS = f"{API}/rows"


@dataclass
class Work:
    """What the host gives a function that writes, bound to one session."""

    session: AsyncSession
    now: datetime = NOW
    settings: Any = None
    person: Person | None = None
    emitted: list[tuple[str, Any]] = field(default_factory=list)
    known: Sequence[Village] = ()

    def emit(self, event: str, data: Any) -> None:
        self.emitted.append((event, data))

    async def villages(self) -> Sequence[Village]:
        return self.known

    async def report_emergency(self, emergency: Any) -> str:
        raise AssertionError(f"no waste bank reports an emergency: {emergency}")


def migration() -> ModuleType:
    file = Path(quickwins.serbu_gass.__file__).parent / "migrations" / "0001_the_first_tables.py"
    spec = importlib.util.spec_from_file_location("serbu_gass_0001", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _migrate(connection: Connection, down: bool) -> None:
    with Operations.context(MigrationContext.configure(connection)):
        (migration().downgrade if down else migration().upgrade)()


async def migrate(engine: AsyncEngine, *, down: bool = False) -> None:
    async with engine.begin() as connection:
        await connection.run_sync(_migrate, down)


@asynccontextmanager
async def working(engine: AsyncEngine) -> AsyncIterator[Working]:
    async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
        yield cast(Working, Work(session))


async def furnish(session: AsyncSession) -> None:
    """Two units with two members each, a central bank, two kinds with a price, a collector and a recipient."""
    row: dict[str, Any] = {"version": 1, "created_at": NOW, "updated_at": NOW}
    for unit in UNITS:
        kind = "central" if unit == "central" else "unit"
        session.add(Unit(id=unit, name=f"Bank Sampah {unit}", kind=kind, village_code="64.09.01.1001", **row))
    await session.flush()
    for kind in KINDS:
        session.add(WasteKind(id=kind, name=kind, name_en=kind, family="other", **row))
    session.add(Collector(id="c", name="UD Berkah", **row))
    session.add(Recipient(id="r", name="Panti Asuhan", kind="orphanage", **row))
    await session.flush()
    for kind in KINDS:
        first = date(2026, 1, 1)
        session.add(Price(id=kind, kind_id=kind, valid_from=first, member_price=2000, central_price=2500, **row))
    for unit in ("u1", "u2"):
        for number in "ab":
            member = f"{unit}{number}"
            session.add(Member(id=member, name=member, unit_id=unit, code=f"code-{member}", **row))
    await session.flush()


class Office:
    """`visitor` has no account; `person` signs somebody in with permissions of Serbu Gass."""

    def __init__(self, app: FastAPI, stack: AsyncExitStack) -> None:
        self.app = app
        self._stack = stack

    @property
    def workshop(self) -> Workshop:
        workshop: Workshop = self.app.state.plugin_host.workshop("serbu_gass")
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
            grants = (UserGrantRow(user_id=signed.user.id, permission=f"serbu_gass.{one}") for one in permissions)
            tx.session.add_all(grants)
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
    listed = answered(await client.get(f"{ROWS}/{resource}", params=params), 200)
    items: list[dict[str, Any]] = listed["items"]
    return items
