"""Keeps one PBX in reach for ever: log in, resync, ping, and after every loss try again, never silently."""

import asyncio
import random
import ssl
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from telephony import actions
from telephony.ami import AmiError, AmiLink, Inbox, LinkLost, Refused

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for what, in seconds. A frozen server is noticed after ping_every_s + pong_s at the latest."""

    connect_s: float = 3.0
    action_s: float = 3.0
    resync_s: float = 10.0
    """For the four lists together: a large PBX sends some hundred kilobytes."""
    boot_s: float = 2.0
    """For FullyBooted, which an account without the right 'system' never hears."""
    ping_every_s: float = 1.5
    pong_s: float = 2.5
    retry_first_s: float = 0.2
    retry_most_s: float = 5.0
    refused_s: float = 20.0
    """After a refused login: Asterisk counts such attempts, and a person has to act first."""


@dataclass(frozen=True, slots=True)
class Target:
    host: str
    port: int
    username: str
    secret: str
    tls: ssl.SSLContext | None = None
    tls_name: str | None = None
    """The name that the certificate must bear; None: `host`."""

    def __repr__(self) -> str:
        return f"Target({self.username}@{self.host}:{self.port})"


class AmiClient:
    """`run` for ever in one task. `link` is what commands may use now; `on_state(connected, detail)` hears changes."""

    def __init__(
        self, target: Target, inbox: Inbox, on_state: Callable[[bool, str], None], patience: Patience | None = None
    ) -> None:
        self._target = target
        self._inbox = inbox
        self._on_state = on_state
        self._patience = patience or Patience()
        self._failures = 0
        self.link: AmiLink | None = None
        """The connection while it is logged in and in step; None while commands would reach nobody."""

    async def run(self) -> None:
        while True:
            refused = False
            try:
                await self._connect()
            except* Refused as group:
                refused = True
                self._on_state(False, f"refused by the PBX: {_reason(group)}")
            except* (AmiError, OSError, TimeoutError) as group:
                self._on_state(False, _reason(group))
            await self._inbox.emptied()
            await asyncio.sleep(self._pause_s(refused))

    def _pause_s(self, refused: bool) -> float:
        """Doubling, with jitter: after a restart of the PBX its clients must not come all at once."""
        if refused:
            return self._patience.refused_s * random.uniform(0.75, 1.25)
        self._failures += 1
        most = min(self._patience.retry_most_s, self._patience.retry_first_s * 2.0 ** min(self._failures - 1, 16))
        return most * random.uniform(0.5, 1.0)

    async def _connect(self) -> None:
        target, patience = self._target, self._patience
        async with asyncio.timeout(patience.connect_s):
            _, link = await asyncio.get_running_loop().create_connection(
                lambda: AmiLink(self._inbox),
                target.host,
                target.port,
                ssl=target.tls,
                server_hostname=(target.tls_name or target.host) if target.tls else None,
            )
        try:
            await self._log_in(link)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._watch(link))
                tasks.create_task(self._keep_in_step(link))
                tasks.create_task(self._keep_alive(link))
        finally:
            self.link = None
            link.close("closed by us")

    async def _log_in(self, link: AmiLink) -> None:
        try:
            await link.ask(actions.login(self._target.username, self._target.secret), self._patience.action_s)
        except Refused as refused:
            raise Refused("login refused, check the AMI user and secret") from refused

    async def _watch(self, link: AmiLink) -> None:
        raise LinkLost(await asyncio.shield(link.lost))

    async def _keep_in_step(self, link: AmiLink) -> None:
        try:
            async with asyncio.timeout(self._patience.boot_s):
                await link.booted.wait()
        except TimeoutError:
            await self._resync(link)
            await link.booted.wait()
        await self._resync(link)

    async def _resync(self, link: AmiLink) -> None:
        self._on_state(False, "connected, reading the present state")
        await link.resync(actions.resync(), self._patience.resync_s)
        self._failures = 0
        self.link = link
        self._on_state(True, "")
        log.info("pbx_in_step", target=repr(self._target))

    async def _keep_alive(self, link: AmiLink) -> None:
        """Ping, and hold the PBX to its answer: TCP alone notices a frozen server after minutes."""
        while True:
            await asyncio.sleep(self._patience.ping_every_s)
            await link.ask(actions.ping(), self._patience.pong_s)


def _reason(group: BaseExceptionGroup[BaseException]) -> str:
    """The first of what went wrong, in words for the screen."""
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return str(error) or "no connection in time"
