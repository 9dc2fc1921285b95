"""A server with the public pages of the example plugin over a real database, without the rest of the centre."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.api import install_error_handlers
from dispatch.db import Database
from dispatch.plugins import Emergency, NoSettings, Person, Plugin, Village
from dispatch.plugins.site.app import PublicApp
from dispatch.plugins.site.app import router as site_router
from dispatch.plugins.site.host import public_prefix
from dispatch.settings import Settings
from dispatch.web import SafeHeaders
from tests.plugins.site.example import PLUGIN

VILLAGES = (Village(code="64.09.01.1001", name="Nenang", district="Penajam", point=(-1.27, 116.72)),)


@dataclass
class Work:
    session: AsyncSession
    now: datetime
    settings: Any = field(default_factory=NoSettings)
    person: Person | None = None

    async def villages(self) -> Sequence[Village]:
        return VILLAGES

    def emit(self, event: str, data: Mapping[str, Any]) -> None:
        raise AssertionError(event)

    async def report_emergency(self, emergency: Emergency) -> str:
        raise AssertionError(emergency)


class World:
    """Also the host and the workshop, as the site sees them."""

    def __init__(self, db: Database, data_dir: Path, **settings: Any) -> None:
        self.db = db
        self.settings_: Settings = Settings(data_dir=data_dir, database_url="sqlite+aiosqlite://", **settings)
        self.on: list[Plugin] = [PLUGIN]
        self.app = FastAPI()
        self.app.state.centre = SimpleNamespace(db=db, settings=self.settings_)
        self.app.state.plugin_host = self
        install_error_handlers(self.app)
        self.app.include_router(site_router)
        self.app.mount(public_prefix(PLUGIN), PublicApp(PLUGIN, self.app))
        self.app.add_middleware(SafeHeaders)

    def enabled(self) -> Sequence[Plugin]:
        return self.on

    def workshop(self, name: str) -> "World":
        return self

    @property
    def now(self) -> datetime:
        return self.db.clock()

    @property
    def settings(self) -> NoSettings:
        return NoSettings()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Work]:
        async with self.db.reading() as session:
            yield Work(session, self.now)

    @asynccontextmanager
    async def working(self) -> AsyncIterator[Work]:
        async with self.db.transaction() as tx:
            yield Work(tx.session, tx.now)

    def client(self, address: str = "203.0.113.7", **headers: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=(address, 50000))
        return httpx.AsyncClient(transport=transport, base_url="http://siaga.test", headers=headers)
