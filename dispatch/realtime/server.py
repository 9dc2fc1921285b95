"""The HTTP and WebSocket server: uvicorn, with a WebSocket protocol that lends its transport to the fan.

Compression stays off, since it would make a frame differ from socket to socket (and uvicorn's default costs 2.5 times
the CPU); so one finished frame is right for all. Every write, uvicorn's own pongs and closes too, is one or more whole
frames in one call from the event loop, so frames never interleave.
"""

from typing import cast

import uvicorn
from fastapi import WebSocket
from uvicorn.config import HTTPProtocolType
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState

from dispatch.realtime.fan import Outlet
from dispatch.realtime.wire import MAX_CLIENT_MESSAGE

EXTENSION = "siaga.outlet"
"""Where the ASGI scope holds the connection's outlet."""

CUT_GRACE_S = 2.0
"""How long a close frame may take to leave before the connection is torn down with all that it holds in memory."""

HTTP_HEAD_BYTES = 32 * 1024
"""Longest request line and headers; browsers stay under 16 KiB."""

GRACEFUL_SHUTDOWN_S = 5
"""Requests in progress get this long to finish when the process is told to stop."""

BACKLOG = 2048
"""Connections that may wait to be accepted: every screen of a province coming back at once after a restart."""


class FanProtocol(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket protocol as an Outlet."""

    async def run_asgi(self) -> None:
        extensions = cast(dict[str, object], self.scope["extensions"])
        extensions[EXTENSION] = self
        await super().run_asgi()

    def is_open(self) -> bool:
        return not (self.close_sent or self.disconnected or self.transport.is_closing())

    def hang_up(self, code: int, reason: str) -> None:
        if not self.is_open():
            return
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        try:
            self.conn.send_close(code, reason)
        except InvalidState:
            self.transport.abort()
            return
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        self.close_timer = self.loop.call_later(CUT_GRACE_S, self.transport.abort)

    async def drained(self) -> None:
        await self.writable.wait()

    def shutdown(self) -> None:
        super().shutdown()
        # a reader that has stalled would keep its buffer, and so the process, for ever
        self.loop.call_later(CUT_GRACE_S, self.transport.abort)


def outlet_of(socket: WebSocket) -> Outlet:
    """The outlet of an accepted socket. Raises RuntimeError when the server was not set up by `uvicorn_config`."""
    outlet = socket.scope["extensions"].get(EXTENSION)
    if not isinstance(outlet, FanProtocol):
        raise RuntimeError("serve with uvicorn_config(): sockets need its protocol")
    return outlet


def uvicorn_config(
    app: object,
    host: str,
    port: int,
    *,
    http: HTTPProtocolType = "h11",
    log_level: str = "warning",
    trusted_proxies: str | None = None,
) -> uvicorn.Config:
    """How the centre is served. `trusted_proxies`: addresses whose X-Forwarded-* are believed; None: nobody's."""
    return uvicorn.Config(
        app,  # type: ignore[arg-type]  # uvicorn's ASGI types are narrower than FastAPI's
        host=host,
        port=port,
        loop="uvloop",
        http=http,
        ws=FanProtocol,
        ws_max_size=MAX_CLIENT_MESSAGE,
        ws_ping_interval=None,
        ws_per_message_deflate=False,
        lifespan="on",
        log_config=None,
        log_level=log_level,
        access_log=False,
        proxy_headers=trusted_proxies is not None,
        forwarded_allow_ips=trusted_proxies,
        server_header=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=GRACEFUL_SHUTDOWN_S,
        h11_max_incomplete_event_size=HTTP_HEAD_BYTES,
    )


def serve(config: uvicorn.Config) -> None:
    """Serve until SIGINT or SIGTERM; sockets are told to come back (1012), requests may finish."""
    uvicorn.Server(config).run()
