"""Fan-out: one message to many sockets, the hub's own code beside what others do, in one run.

    python bench/fanout.py [SOCKETS]      compare; ends by itself after about 20 s
    python bench/fanout.py --serve PORT   listen: text on ws /pub goes to every ws /sub, through the hub's fan

Read the ratios, not the absolute figures: servers are pinned to one core and the client to another where there are
two, and one-second windows alternate among the servers, so that a noisy machine disturbs all alike. Node's `ws`
takes part when NODE_PATH leads to it.
"""

import argparse
import asyncio
import base64
import os
import shutil
import signal
import socket
import statistics
import struct
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import uvicorn
import uvloop
from fastapi import FastAPI, WebSocket
from starlette.websockets import WebSocketDisconnect
from websockets.asyncio.server import ServerConnection, broadcast
from websockets.asyncio.server import serve as serve_websockets

sys.path.insert(0, str(Path(__file__).parent.parent))
from dispatch.realtime import wire
from dispatch.realtime.fan import Fan, Peer
from dispatch.realtime.server import outlet_of, uvicorn_config

TOPIC = "all"
TEXT = b'{"t":"event","seq":1,"event":' + b"x" * 600 + b"}"
"""About the size of a usual event."""

WINDOW = 4
"""Messages under way at once: a server is never idle, and never gets a heap at a time."""

ROUNDS = 4
ROUND_S = 1.0
LONGEST_MESSAGE = 1 << 20
NODE = """
const { WebSocketServer } = require('ws');
const all = new Set();
const port = +process.argv[1];
const server = new WebSocketServer({ host: '127.0.0.1', port, backlog: 4096, perMessageDeflate: false });
server.on('connection', (c, request) => {
  if (request.url === '/pub') c.on('message', text => { for (const s of all) s.send(text, { binary: false }); });
  else { all.add(c); c.on('close', () => all.delete(c)); c.on('error', () => {}); }
});
"""


def hub_app() -> FastAPI:
    """The project's own way: one finished frame, written to every transport."""
    app, fan = FastAPI(), Fan()

    @app.websocket("/sub")
    async def sub(ws: WebSocket) -> None:
        await ws.accept()
        peer = Peer(outlet_of(ws), [TOPIC], None, 0.0)
        fan.admit(peer)
        try:
            while True:
                await ws.receive_text()
        except WebSocketDisconnect:
            fan.leave(peer)

    @app.websocket("/pub")
    async def pub(ws: WebSocket) -> None:
        await ws.accept()
        try:
            while True:
                fan.send([TOPIC], wire.frame((await ws.receive_text()).encode()))
        except WebSocketDisconnect:
            return

    return app


def naive_app() -> FastAPI:
    """What most applications do: send_text to one after the other."""
    app = FastAPI()
    everybody: dict[WebSocket, None] = {}

    @app.websocket("/sub")
    async def sub(ws: WebSocket) -> None:
        await ws.accept()
        everybody[ws] = None
        try:
            while True:
                await ws.receive_text()
        except WebSocketDisconnect:
            everybody.pop(ws, None)

    @app.websocket("/pub")
    async def pub(ws: WebSocket) -> None:
        await ws.accept()
        try:
            while True:
                text = await ws.receive_text()
                for each in list(everybody):
                    await each.send_text(text)
        except WebSocketDisconnect:
            return

    return app


def serve_app(make: Callable[[], FastAPI]) -> Callable[[int], None]:
    def run(port: int) -> None:
        config = uvicorn_config(make(), "127.0.0.1", port)
        config.ws_max_size = LONGEST_MESSAGE
        uvicorn.Server(config).run()

    return run


def serve_broadcast(port: int) -> None:
    """The websockets library's own broadcast()."""
    everybody: set[ServerConnection] = set()

    async def handle(ws: ServerConnection) -> None:
        assert ws.request is not None
        if ws.request.path == "/pub":
            async for text in ws:
                broadcast(everybody, text)
            return
        everybody.add(ws)
        try:
            await ws.wait_closed()
        finally:
            everybody.discard(ws)

    async def main() -> None:
        async with serve_websockets(handle, "127.0.0.1", port, compression=None, ping_interval=None, backlog=4096):
            await asyncio.Event().wait()

    uvloop.run(main())


SERVERS: dict[str, Callable[[int], None]] = {
    "hub": serve_app(hub_app),
    "send_text loop": serve_app(naive_app),
    "websockets.broadcast": serve_broadcast,
}
ANCHOR = "websockets.broadcast"


class Subscriber(asyncio.Protocol):
    """A raw WebSocket client that counts bytes, so that the client costs little beside the server."""

    def __init__(self, path: str, got: Callable[[int], None], port: int) -> None:
        self._path = path
        self._got = got
        self._port = port
        self.open: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._transport: asyncio.Transport | None = None
        self._head = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        key = base64.b64encode(os.urandom(16)).decode()
        request = (
            f"GET {self._path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        self.send(request.encode())

    def send(self, data: bytes) -> None:
        assert self._transport is not None
        self._transport.write(data)

    def data_received(self, data: bytes) -> None:
        if self.open.done():
            self._got(len(data))
            return
        self._head += data
        head, end, rest = self._head.partition(b"\r\n\r\n")
        if end:
            if b" 101 " not in head.split(b"\r\n")[0]:
                self.open.set_exception(ConnectionError(head.decode()))
                return
            self.open.set_result(None)
            if rest:
                self._got(len(rest))


@dataclass
class Served:
    """A server in its own process, its sockets, and what each round gave."""

    name: str
    process: subprocess.Popen[bytes]
    port: int
    publisher: Subscriber | None = None
    received: int = 0
    grown: asyncio.Event = field(default_factory=asyncio.Event)
    per_s: list[float] = field(default_factory=list)
    cpu_us: list[float] = field(default_factory=list)

    def got(self, size: int) -> None:
        self.received += size
        self.grown.set()

    def cpu_s(self) -> float:
        parts = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def masked(text: bytes) -> bytes:
    """A client's text frame; the mask of zeros is as valid as any and costs no time here."""
    size = len(text)
    head = bytes((0x81, 0x80 | size)) if size < 126 else struct.pack("!BBH", 0x81, 0x80 | 126, size)
    return head + bytes(4) + text


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start(name: str) -> Served:
    port = free_port()
    if name == "node ws":
        command = ["node", "-e", NODE, str(port)]
    else:
        command = [sys.executable, __file__, "--serve", str(port), "--as", name]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    if len(os.sched_getaffinity(0)) > 1:
        os.sched_setaffinity(process.pid, {min(os.sched_getaffinity(0))})
    return Served(name, process, port)


async def connect(served: Served, path: str, got: Callable[[int], None]) -> Subscriber:
    loop = asyncio.get_running_loop()
    _, client = await loop.create_connection(lambda: Subscriber(path, got, served.port), "127.0.0.1", served.port)
    await client.open
    return client


async def until_up(served: Served) -> None:
    for _ in range(600):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", served.port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
    raise SystemExit(f"{served.name} did not start")


@asynccontextmanager
async def running(names: list[str], sockets: int) -> AsyncIterator[list[Served]]:
    everybody = [start(name) for name in names]
    try:
        for served in everybody:
            await until_up(served)
            for _ in range(sockets):
                await connect(served, "/sub", served.got)
            served.publisher = await connect(served, "/pub", lambda _size: None)
        yield everybody
    finally:
        for served in everybody:
            served.process.send_signal(signal.SIGKILL)
            served.process.wait()


async def one_round(served: Served, sockets: int, seconds: float) -> tuple[float, float]:
    """Publish with a window for `seconds`: deliveries a second, and the server's CPU microseconds a delivery."""
    assert served.publisher is not None
    share = sockets * len(wire.frame(TEXT))
    message = masked(TEXT)
    served.received = 0
    sent = 0
    cpu, begun = served.cpu_s(), time.perf_counter()
    while (running_for := time.perf_counter() - begun) < seconds or served.received < sent * share:
        if running_for < seconds and sent - served.received // share < WINDOW:
            served.publisher.send(message)
            sent += 1
            continue
        served.grown.clear()
        async with asyncio.timeout(20):
            await served.grown.wait()
    took, deliveries = time.perf_counter() - begun, sent * sockets
    return deliveries / took, (served.cpu_s() - cpu) / deliveries * 1e6


async def compare(names: list[str], sockets: int) -> None:
    """Run all servers side by side and print how they did."""
    cores = os.sched_getaffinity(0)
    async with running(names, sockets) as everybody:
        if len(cores) > 1:
            os.sched_setaffinity(0, {max(cores)})
        for served in everybody:
            await one_round(served, sockets, 0.3)
        for turn in range(ROUNDS):
            for served in everybody[turn % len(everybody) :] + everybody[: turn % len(everybody)]:
                per_s, cpu_us = await one_round(served, sockets, ROUND_S)
                served.per_s.append(per_s)
                served.cpu_us.append(cpu_us)
    anchor = next(served for served in everybody if served.name == ANCHOR)
    print(f"{sockets} sockets, {len(TEXT)} bytes, {ROUNDS} rounds; x is the median ratio to {ANCHOR} inside a round")
    for served in everybody:
        faster = statistics.median(a / b for a, b in zip(served.per_s, anchor.per_s, strict=True))
        dearer = statistics.median(a / b for a, b in zip(served.cpu_us, anchor.cpu_us, strict=True))
        print(
            f"{served.name:22s} {statistics.median(served.per_s):9.0f} deliveries/s  x{faster:5.2f}"
            f"   {statistics.median(served.cpu_us):6.2f} us of server CPU each  x{dearer:5.2f}"
        )


def has_node_ws() -> bool:
    if shutil.which("node") is None:
        return False
    return subprocess.run(["node", "-e", "require('ws')"], stderr=subprocess.DEVNULL, check=False).returncode == 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sockets", type=int, nargs="?", default=300)
    parser.add_argument("--serve", type=int, metavar="PORT")
    parser.add_argument("--as", dest="server", choices=sorted(SERVERS), default="hub")
    options = parser.parse_args()
    if options.serve is not None:
        SERVERS[options.server](options.serve)
        return
    names = [*SERVERS, "node ws"] if has_node_ws() else list(SERVERS)
    uvloop.run(compare(names, options.sockets))
    if "node ws" not in names:
        print("node ws: not installed under NODE_PATH, left out")


if __name__ == "__main__":
    main()
