"""A simulated person's way into the centre: the public REST API and the one WebSocket, over loopback."""

import uuid
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Any, Self

import httpx
import orjson
from websockets.asyncio.client import connect

Entity = dict[str, Any]

TIMEOUT_S = 10.0
"""A simulated person waits no longer for an answer."""


class Refused(Exception):
    """The centre answered with a problem; a simulated person shrugs and looks again."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(f"{status}: {detail}")
        self.status = status


class Person:
    """One demo account, signed in."""

    def __init__(self, base_url: str, username: str) -> None:
        self.username = username
        self.user: Entity = {}
        self._http = httpx.AsyncClient(base_url=f"{base_url}/api", timeout=TIMEOUT_S)
        self._ws_url = f"{base_url.replace('http', 'ws', 1)}/api/ws"

    async def __aenter__(self) -> Self:
        self.user = await self.post("/demo/session", {"username": self.username})
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def get(self, path: str, **query: str | float) -> Any:
        return self._read(await self._http.get(path, params=query))

    async def post(self, path: str, body: object = None) -> Any:
        response = await self._http.post(path, json=body or {}, headers={"Idempotency-Key": uuid.uuid4().hex})
        return self._read(response)

    def _read(self, response: httpx.Response) -> Any:
        if response.status_code >= 400:
            problem = orjson.loads(response.content or b"{}")
            raise Refused(response.status_code, str(problem.get("detail", response.reason_phrase)))
        return orjson.loads(response.content) if response.content else None

    async def follow(self, topics: list[str]) -> AsyncIterator[Entity]:
        """Messages of the WebSocket until it ends."""
        cookies = "; ".join(f"{name}={value}" for name, value in self._http.cookies.items())
        async with connect(self._ws_url, additional_headers={"Cookie": cookies}, max_size=None) as socket:
            await socket.send(orjson.dumps({"t": "subscribe", "topics": topics, "since": None}).decode())
            async for frame in socket:
                message: Entity = orjson.loads(frame)
                yield message
                if message["t"] == "beat":
                    await socket.send('{"t":"beat"}')
