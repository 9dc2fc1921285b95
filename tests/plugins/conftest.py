"""A whole centre with the example plugin on each database, and people at its doors."""

import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from fastapi import FastAPI

from dispatch.app import create_app
from dispatch.centre import Centre
from dispatch.plugins.contract import Plugin
from dispatch.plugins.host import PluginHost
from dispatch.plugins.registry import Found, found
from dispatch.settings import Settings
from tests.plugins.example.plugin import example

NAME = "lost_things"
API = f"/api/plugins/{NAME}"
PUBLIC = "/lost-things"


@pytest.fixture(autouse=True)
def plain_log() -> Iterator[None]:
    """The default renderer draws every local variable of a trace, which takes seconds."""
    structlog.configure(processors=[structlog.processors.KeyValueRenderer()])
    yield
    structlog.reset_defaults()


class Served:
    """A running centre and a client for each person."""

    def __init__(self, app: FastAPI, stack: AsyncExitStack) -> None:
        self.app = app
        self.host: PluginHost = app.state.plugin_host
        self.centre: Centre = app.state.centre
        self._stack = stack
        self._clients: dict[str, httpx.AsyncClient] = {}

    async def person(self, username: str = "") -> httpx.AsyncClient:
        """Signed in with a demo account; nobody in particular without a name."""
        if username not in self._clients:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            client = httpx.AsyncClient(transport=transport, base_url="http://centre", timeout=30)
            self._clients[username] = await self._stack.enter_async_context(client)
            if username:
                answer = await client.post("/api/demo/session", json={"username": username})
                assert answer.is_success, answer.text
        return self._clients[username]

    async def state(self, name: str = NAME) -> dict[str, Any]:
        """The plugin as an administrator sees it."""
        listed = (await (await self.person("admin")).get("/api/admin/plugins")).json()
        view: dict[str, Any] = next(one for one in listed if one["name"] == name)
        return view

    async def switch(self, to: str, name: str = NAME) -> None:
        answer = await (await self.person("admin")).post(f"/api/admin/plugins/{name}/{to}")
        assert answer.status_code == 204, answer.text


@asynccontextmanager
async def serve(url: str, folder: Path, plugins: Sequence[Plugin | Found]) -> AsyncIterator[Served]:
    """A whole centre on the database at `url`."""
    given = [found(one) if isinstance(one, Plugin) else one for one in plugins]
    app = create_app(Settings(demo=True, database_url=url, data_dir=folder), plugins=given)
    async with app.router.lifespan_context(app), AsyncExitStack() as stack:
        yield Served(app, stack)


@pytest.fixture
async def served(database_url: str, tmp_path: Path) -> AsyncIterator[Served]:
    async with serve(database_url, tmp_path, [example(demo=None, jobs=(), listeners=())]) as running:
        yield running


@pytest.fixture
async def on_sqlite(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Served]:
    async with serve(sqlite_url, tmp_path, [example(demo=None, jobs=(), listeners=())]) as running:
        yield running


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    """A copy of the example's migrations that a test may spoil."""
    source = Path(__file__).parent / "example" / "migrations"
    return Path(shutil.copytree(source, tmp_path / "migrations", ignore=shutil.ignore_patterns("__pycache__")))
