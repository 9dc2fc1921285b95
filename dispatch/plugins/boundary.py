"""The error boundary around a plugin's routes: pure ASGI, so that nothing a route does gets past it.

Its own time, its own number of requests; waiting for the client's body or for the client to read is counted apart.
"""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = structlog.get_logger(__name__)

REQUEST_S = 10.0
"""A plugin's own time for one request."""

CLIENT_S = 60.0
"""What the client may take to send its body and to read the answer: 5 MB over a village's 1 Mbit/s take 40 s."""

CLOCK = "siaga.plugin_clock"
"""In the request's scope: lets the centre's own pages ask for more time, as storing an import does."""

AT_ONCE = 8
"""Requests inside one plugin; more are told to come again, so that a slow plugin cannot gather memory."""


OnFault = Callable[[BaseException], None]


class Boundary:
    """Wraps one plugin's application."""

    def __init__(
        self, app: ASGIApp, plugin: str, on_fault: OnFault, *, request_s: float = REQUEST_S, at_once: int = AT_ONCE
    ) -> None:
        self._app = app
        self._plugin = plugin
        self._on_fault = on_fault
        self._request_s = request_s
        self._at_once = at_once
        self._busy = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return  # plugins have no sockets: the server closes it
        if self._busy >= self._at_once:
            return await refuse(send, 503, "unavailable", "This module is busy; try again in a moment.")
        self._busy += 1
        try:
            await self._inside(scope, receive, send)
        finally:
            self._busy -= 1

    async def _inside(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = _Exchange(receive, send)
        try:
            async with asyncio.timeout(self._request_s) as limit:
                exchange.limit = limit
                scope[CLOCK] = exchange
                await self._app(scope, exchange.receive, exchange.send)
        except ClientDisconnect:
            return  # nobody is there to be answered
        except TimeoutError as error:
            if not exchange.client_was_slow:
                self._failed(scope, error)
            if not exchange.answered:
                await self._answer_late(exchange, send)
        except (Exception, SystemExit) as error:  # noqa: BLE001  # the boundary: whatever a plugin raises ends here
            self._failed(scope, error)
            if not exchange.answered:
                await refuse(send, 500, "module-failed", "This module failed; dispatch is not concerned.")

    async def _answer_late(self, exchange: "_Exchange", send: Send) -> None:
        if exchange.client_was_slow:
            await refuse(send, 408, "unavailable", "The request did not arrive in time; try again.")
        else:
            await refuse(send, 500, "module-failed", "This module took too long; dispatch is not concerned.")

    def _failed(self, scope: Scope, error: BaseException) -> None:
        _log.error("plugin_request_failed", plugin=self._plugin, path=scope["path"], exc_info=error)
        self._on_fault(error)


class _Exchange:
    """Stops the plugin's clock while the client is waited for."""

    limit: asyncio.Timeout

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._client_s = CLIENT_S
        self.answered = False
        self.client_was_slow = False

    def extend(self, seconds: float) -> None:
        """Give the request this much time from now on, where it has less."""
        until = asyncio.get_running_loop().time() + seconds
        if not self.limit.expired() and (self.limit.when() or until) < until:
            self.limit.reschedule(until)

    async def receive(self) -> Message:
        with self._clients_turn():
            return await self._receive()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.answered = True
        with self._clients_turn():
            await self._send(message)

    @contextmanager
    def _clients_turn(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        began = loop.time()
        left = (self.limit.when() or began) - began
        if self.limit.expired():
            yield
            return
        self.client_was_slow = True  # and stays so when the time ends within this turn
        self.limit.reschedule(began + max(self._client_s, 0.0))
        try:
            yield
        finally:
            if not self.limit.expired():
                self.client_was_slow = False
                self._client_s -= loop.time() - began
                self.limit.reschedule(loop.time() + left)


async def refuse(send: Send, status: int, kind: str, detail: str) -> None:
    """Answer with a problem (RFC 9457)."""
    problem = {"type": f"urn:siaga:{kind}", "title": detail, "status": status, "detail": detail}
    headers = [(b"content-type", b"application/problem+json"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(problem).encode()})
