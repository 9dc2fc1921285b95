"""A served hub for tests: real uvicorn on a free loopback port, real sockets, people with sessions."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import uvicorn
from fastapi import FastAPI
from websockets.asyncio.client import ClientConnection, connect

from dispatch.api import SESSION_COOKIE
from dispatch.db import Database
from dispatch.events import OPS, IncidentNoted
from dispatch.people.service import NewUser, create_user, sign_in_demo
from dispatch.realtime.api import router
from dispatch.realtime.bus import Bus
from dispatch.realtime.hub import Hub
from dispatch.realtime.server import uvicorn_config
from dispatch.settings import Settings
from dispatch.wake import Wake
from dispatch.words import Role

LONGEST_S = 10.0
"""How long a test waits for what must come."""


class Line:
    """A face's socket, and what came over it in order."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.seen = 0
        """The highest seq of an event, beat or snapshot: what a client resumes from."""
        self.events: list[int] = []
        self.texts: list[str] = []

    async def say(self, message: object) -> None:
        await self.socket.send(json.dumps(message))

    async def next(self, *, beats: bool = False) -> dict[str, Any]:
        """The next message; beats are passed over unless asked for."""
        while True:
            async with asyncio.timeout(LONGEST_S):
                message: dict[str, Any] = json.loads(await self.socket.recv())
            self._note(message)
            if beats or message["t"] != "beat":
                return message

    async def until(self, kind: str) -> dict[str, Any]:
        """The next message of this kind, passing over others."""
        while True:
            message = await self.next(beats=True)
            if message["t"] == kind:
                return message

    async def read_to(self, seq: int) -> None:
        """Read until everything up to `seq` has come."""
        while self.seen < seq:
            await self.next(beats=True)

    def _note(self, message: dict[str, Any]) -> None:
        if message["t"] == "event":
            self.events.append(message["seq"])
            self.texts.append(message["event"]["data"].get("text", ""))
        if "seq" in message:
            self.seen = max(self.seen, message["seq"])


class Wire:
    """A TCP line to a server that can be cut and mended."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    async def mend(self) -> None:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        assert self._server is not None
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        await self._server.wait_closed()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(*self._to)
        self._writers |= {writer, back}
        async with asyncio.TaskGroup() as group:
            group.create_task(self._pour(reader, back))
            group.create_task(self._pour(there, writer))

    async def _pour(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                writer.write(data)
        except OSError:
            pass  # the other end was cut
        finally:
            writer.close()


class Office:
    """A served centre with a hub of its own; several may share one database, as workers do."""

    def __init__(self, db: Database, bus: Bus | None = None, wake: Wake | None = None) -> None:
        self.db = db
        self.wake = wake or Wake()
        self.hub = Hub(db, self.wake, db.clock, bus)
        db.on_commit(self.hub.committed)
        self.settings = Settings(demo=True)
        self.port = 0

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Office"]:
        app = FastAPI()
        app.state.centre = SimpleNamespace(  # what a socket needs of the centre
            settings=self.settings, db=self.db, wake=self.wake, hub=self.hub
        )
        app.include_router(router, prefix="/api")
        server = uvicorn.Server(uvicorn_config(app, "127.0.0.1", 0))
        listening = socket.create_server(("127.0.0.1", 0))
        self.port = listening.getsockname()[1]
        async with asyncio.TaskGroup() as group:
            following = group.create_task(self.hub.run())
            serving = group.create_task(server.serve([listening]))
            try:
                yield self
            finally:
                server.should_exit = True
                await serving
                following.cancel()

    async def token(self, username: str, *roles: Role, unit_id: str | None = None) -> str:
        """A session of a new person with these roles."""
        async with self.db.transaction() as tx:
            new = NewUser(username, username.title(), roles, unit_id=unit_id, demo=True)
            await create_user(tx, new, "no-password")
            return (await sign_in_demo(tx, self.settings, username)).token

    @asynccontextmanager
    async def line(self, token: str, **options: Any) -> AsyncIterator[Line]:
        """An open socket that has not subscribed."""
        headers = {"Cookie": f"{SESSION_COOKIE}={token}", **options.pop("headers", {})}
        url = f"ws://127.0.0.1:{self.port}/api/ws"
        async with connect(
            url, additional_headers=headers, ping_interval=None, proxy=None, close_timeout=1, **options
        ) as connection:
            yield Line(connection)

    @asynccontextmanager
    async def subscribed(
        self, token: str, *topics: str, since: int | None = None, **options: Any
    ) -> AsyncIterator[Line]:
        async with self.line(token, **options) as line:
            await line.say({"t": "subscribe", "topics": topics or [OPS], "since": since})
            yield line

    async def note(self, text: str, *topics: str) -> None:
        """Record one event."""
        async with self.db.transaction() as tx:
            tx.record(IncidentNoted(incident_id="i-1", text=text), topics=topics or (OPS,))
