"""For a plugin's own tests: whether it holds together, and a centre that runs it alone."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx

from dispatch.app import create_app
from dispatch.plugins.checking import faults_of
from dispatch.plugins.contract import Plugin
from dispatch.plugins.host import PluginHost
from dispatch.plugins.migrating import faults_of_migrations
from dispatch.plugins.registry import found
from dispatch.plugins.work import Workshop
from dispatch.settings import Settings


def check(plugin: Plugin) -> list[str]:
    """Every fault of the declaration and of the migrations, as `siaga plugin check` prints them."""
    faults = faults_of(plugin)
    if faults:
        return faults
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(faults_of_migrations(f"sqlite+aiosqlite:///{folder}/check.db", plugin))


class Trial:
    """A demo centre with one plugin: its tables are there, with the plugin's demo content in them."""

    def __init__(self, plugin: Plugin, host: PluginHost, transport: httpx.AsyncBaseTransport, stack: AsyncExitStack):
        self.plugin = plugin
        self._host = host
        self._transport = transport
        self._stack = stack

    @property
    def workshop(self) -> Workshop:
        """The plugin's reads and transactions, for nobody in particular."""
        return self._host.workshop(self.plugin.name)

    async def client(self, username: str | None = None) -> httpx.AsyncClient:
        """A browser of the public, or of a demo account: admin (may do all), wulan (an officer with all of the
        plugin's permissions), haris (supervisor), siti (dispatcher), rina (call-taker)."""
        client = httpx.AsyncClient(transport=self._transport, base_url="http://centre")
        await self._stack.enter_async_context(client)
        if username is not None:
            answer = await client.post("/api/demo/session", json={"username": username})
            answer.raise_for_status()
        return client


@asynccontextmanager
async def open_trial(plugin: Plugin, folder: Path) -> AsyncIterator[Trial]:
    """Run the plugin in a centre whose files lie in `folder`. Raises ValueError when it does not start."""
    app = create_app(Settings(demo=True, data_dir=folder), plugins=[found(plugin)])
    async with app.router.lifespan_context(app), AsyncExitStack() as stack:
        host: PluginHost = app.state.plugin_host
        if not host.is_on(plugin.name):
            raise ValueError(f"{plugin.name} did not start; run check() or read the log")
        yield Trial(plugin, host, httpx.ASGITransport(app, raise_app_exceptions=False), stack)
