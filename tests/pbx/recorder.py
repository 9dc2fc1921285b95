"""A minimal AMI client that keeps every byte of the server and when it came. It knows nothing of calls."""

import asyncio
import contextlib
import time
from collections.abc import Iterator
from typing import Any, Self

from tests.pbx.environment import AMI_PORT, AMI_SECRET, AMI_USER

MASK = "********"
RETRY_S = 0.1


def blocks(raw: bytes) -> Iterator[dict[str, str]]:
    """The messages in `raw`, the first value of each key. Apart from telephony.wire, which it helps to judge."""
    for block in raw.decode("utf-8", "replace").split("\r\n\r\n"):
        fields: dict[str, str] = {}
        for line in block.split("\r\n"):
            key, sep, value = line.partition(": ")
            if sep:
                fields.setdefault(key, value)
        yield fields


class Recorder:
    """One connection, opened by `open`; seconds count from `started`, so that two recorders can share a clock."""

    def __init__(self, started: float | None = None) -> None:
        self.started = time.monotonic() if started is None else started
        self.raw = bytearray()
        self.client: list[dict[str, Any]] = []
        """What we sent: at which second, after how many server bytes; the secret is masked."""
        self.chunks: list[tuple[float, int]] = []
        """(second, offset) of every read, so that a replay can keep the time and the cuts."""
        self.ended = asyncio.Event()
        self.successor: Recorder | None = None
        """The next connection, when the scenario restarts the PBX."""
        self._grew = asyncio.Event()
        self._actions = 0

    async def open(self, limit_s: float = 20) -> Self:
        """Connect and log in; again while the server ends the connection before it is fully booted (a restart)."""
        async with asyncio.timeout(limit_s):
            opened = await self._try_open()
            while not opened:
                await asyncio.sleep(RETRY_S)
                opened = await self._try_open()
        return self

    async def _try_open(self) -> bool:
        for kept in (self.raw, self.chunks, self.client):
            kept.clear()
        self._actions = 0
        self.ended.clear()
        try:
            reader, self._writer = await asyncio.open_connection("127.0.0.1", AMI_PORT)
            self._pump_task = asyncio.create_task(self._pump(reader))
            await self.action(Action="Login", Username=AMI_USER, Secret=AMI_SECRET)
            await self.until(b"Event: FullyBooted")
        except (ConnectionError, EOFError):
            return False
        return True

    async def _pump(self, reader: asyncio.StreamReader) -> None:
        with contextlib.suppress(ConnectionError):
            while chunk := await reader.read(65536):
                self.chunks.append((self._second(), len(self.raw)))
                self.raw += chunk
                self._grew.set()
        self.chunks.append((self._second(), len(self.raw)))
        self.ended.set()
        self._grew.set()

    def _second(self) -> float:
        return round(time.monotonic() - self.started, 3)

    async def action(self, **fields: str | int) -> None:
        """Send one action and do not wait for its answer."""
        self._actions += 1
        lines = [f"{key}: {value}\r\n" for key, value in fields.items()]
        text = "".join([*lines, f"ActionID: rec-{self._actions}\r\n\r\n"])
        self._writer.write(text.encode())
        shown = text.replace(AMI_SECRET, MASK)
        self.client.append({"at_s": self._second(), "at_byte": len(self.raw), "text": shown})
        await self._writer.drain()

    async def until(self, needle: bytes, limit_s: float = 30, count: int = 1) -> None:
        """Wait until `needle` came `count` times. Raises TimeoutError, or EOFError when the server ends before."""
        async with asyncio.timeout(limit_s):
            while self.raw.count(needle) < count:
                if self.ended.is_set():
                    raise EOFError(f"the server ended the connection before {needle!r}")
                self._grew.clear()
                await self._grew.wait()

    def last(self, key: str, **where: str) -> str:
        """`key` of the newest message that has all of `where`. Raises LookupError when there is none."""
        for fields in reversed(list(blocks(bytes(self.raw)))):
            if key in fields and all(fields.get(name) == value for name, value in where.items()):
                return fields[key]
        raise LookupError(f"no {key} in a message with {where}")

    async def close(self) -> None:
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()
        await self._pump_task
