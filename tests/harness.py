"""A whole centre in a process of its own, for tests that end it, reach it by browser, or measure it."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

START_S = 60.0
"""A machine under load may take this long to start a process that imports numpy and migrates a database."""


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class CentreProcess:
    """`siaga serve` with demo accounts and fleet, but without the city: the test plays all parts."""

    python: str | Path = sys.executable
    """Whose installed Siaga 112 it is."""

    def __init__(self, folder: Path, **settings: str | int | float) -> None:
        """`settings` as in dispatch.settings, lower case."""
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._settings: dict[str, str | int | float] = {"demo": "true", "log_level": "warning", **settings}
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    def environment(self) -> Mapping[str, str]:
        given = {"port": self.port, "data_dir": self.folder / "data", **self._settings}
        ours = {f"SIAGA_{name.upper()}": str(value) for name, value in given.items()}
        return {name: value for name, value in os.environ.items() if not name.startswith("SIAGA_")} | ours

    def _siaga(self, *arguments: str) -> tuple[str | Path, ...]:
        """The command `siaga`, also where its script is not on the path."""
        return (self.python, "-c", "from dispatch.cli import main; main()", *arguments)

    async def start(self) -> None:
        """Start and wait until it is ready. Raises AssertionError with its log when it does not come up."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._siaga("serve"), env=self.environment(), stdout=log, stderr=log
            )
        try:
            async with asyncio.timeout(START_S), httpx.AsyncClient() as http:
                while not await self._is_ready(http):
                    assert self._process.returncode is None, f"the centre ended while starting:\n{self.log}"
                    await asyncio.sleep(0.05)
        except TimeoutError:
            await self.kill()
            raise AssertionError(f"the centre did not come up in {START_S} s:\n{self.log}") from None

    async def _is_ready(self, http: httpx.AsyncClient) -> bool:
        try:
            return (await http.get(f"{self.url}/readyz")).status_code == 200
        except httpx.TransportError:
            return False

    async def kill(self) -> None:
        """End it as a power cut would."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        await self._end(signal.SIGTERM)

    async def _end(self, how: signal.Signals) -> None:
        if self._process is None or self._process.returncode is not None:
            return
        self._process.send_signal(how)
        await self._process.wait()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def command(self, *arguments: str) -> tuple[int, str]:
        """Run `siaga` with this centre's settings; gives its exit code and what it printed."""
        process = await asyncio.create_subprocess_exec(
            *self._siaga(*arguments),
            env=self.environment(),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        async with asyncio.timeout(START_S):
            output, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, output.decode()

    @asynccontextmanager
    async def signed_in(self, username: str) -> AsyncIterator[httpx.AsyncClient]:
        """A client with the session of a demo account."""
        async with httpx.AsyncClient(base_url=f"{self.url}/api", timeout=20) as http:
            response = await http.post("/demo/session", json={"username": username})
            assert response.status_code == 200, response.text
            yield http


async def eventually(check: Any, timeout_s: float = 10.0, every_s: float = 0.05) -> Any:
    """Await `check()` until it gives something true, and return that. Raises AssertionError after `timeout_s`."""
    end = asyncio.get_running_loop().time() + timeout_s
    while True:
        value = await check()
        if value:
            return value
        assert asyncio.get_running_loop().time() < end, f"nothing true within {timeout_s} s; last: {value!r}"
        await asyncio.sleep(every_s)
