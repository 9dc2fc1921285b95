"""One PBX's adapter: AMI → fold → spool → core, and the core's commands the other way."""

import asyncio
import random
import sqlite3
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import structlog

from telephony.ami import Inbox, Item, Mark
from telephony.client import AmiClient, Patience, Target
from telephony.commands import Commands, tell
from telephony.facts import Fact, PbxCommand, PbxHealth
from telephony.fold import Fold
from telephony.fold_parts import merge
from telephony.fold_state import FoldConfig
from telephony.link import Core
from telephony.number_rules import Mirror, RulesCore
from telephony.plans import Dialplan
from telephony.spool import Spool

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]

HAND_OVER_AT_ONCE = 500
"""Facts in one hand-over: some 200 kB, one transaction of the core."""

INGEST_S = 30.0
"""After it a hand-over counts as failed and is made again."""

HEALTH_S = 5.0
"""A health report that takes longer is old: the next one replaces it."""

IDLE_S = 0.5
"""Quiet time after which acknowledged facts are deleted from the disk."""

RETRY_FIRST_S, RETRY_MOST_S = 0.1, 5.0
"""Pauses while the core or the disk is away: short enough that a healed part is used within seconds."""

EMPTY_HANDED_S = 0.05
"""Pause after 'no commands', in case a core answers so without waiting."""

MAX_TOUCHED = 10_000
"""Names of calls noted between two facts, above which those that are none of ours are forgotten."""

COMMANDS_AT_ONCE = 32
"""One for each desk of a large centre; more wait at the core until they expire there."""


@dataclass(frozen=True, slots=True)
class AdapterConfig:
    """Where a PBX is and how its dialplan is read."""

    pbx: str
    """Name of the PBX in every envelope; 1 to 64 characters, never changed later."""
    host: str
    port: int
    username: str
    secret: str = field(repr=False)
    spool_path: Path
    fold: FoldConfig = field(default_factory=FoldConfig)
    dialplan: Dialplan = field(default_factory=Dialplan)
    tls: ssl.SSLContext | None = None
    """None: the connection is plain, which is for loopback and a network of the PBX's own."""
    tls_name: str | None = None
    """The name that the PBX's certificate must bear; None: `host`."""
    patience: Patience = field(default_factory=Patience)
    health_every_s: float = 2.0
    inbox_bound: int = 20_000


async def run_adapter(config: AdapterConfig, core: Core, *, clock: Clock) -> None:
    """Run until cancelled. `clock` gives the present in UTC.

    Raises SpoolUnusable when the spool's file cannot be had: without it a crash would lose calls.
    """
    async with Spool(config.spool_path, config.pbx) as spool:
        await _Adapter(config, core, spool, clock).run()


class _Adapter:
    def __init__(self, config: AdapterConfig, core: Core, spool: Spool, clock: Clock) -> None:
        self._config = config
        self._core = core
        self._spool = spool
        self._clock = clock
        self._inbox = Inbox(config.inbox_bound)
        self._fold = _restored(config, spool)
        self._touched: set[str] = set()
        """Calls of which the PBX spoke since the last append, whether a fact came of it or not."""
        target = Target(config.host, config.port, config.username, config.secret, config.tls, config.tls_name)
        self._client = AmiClient(target, self._inbox, self._on_state, config.patience)
        self._commands = Commands(lambda: self._client.link, self._fold, clock, config.dialplan)
        self._fresh = asyncio.Event()
        self._changed = asyncio.Event()
        self._connected = False
        self._since = clock()
        self._detail = "starting"
        self._trouble = ""
        """What is wrong on our side of the PBX; the core reads it when it is back."""

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._client.run())
            tasks.create_task(self._take_in())
            tasks.create_task(self._hand_over())
            tasks.create_task(self._report())
            tasks.create_task(self._obey())
            if isinstance(self._core, RulesCore):
                tasks.create_task(Mirror(self._config.pbx, lambda: self._client.link, self._core).run())

    async def _take_in(self) -> None:
        while True:
            items = await self._inbox.take()
            now = self._clock()
            facts = [fact for item in items for fact in self._apply(item, now)]
            if facts:
                await self._store(facts)
            elif len(self._touched) > MAX_TOUCHED:
                self._touched.intersection_update(self._fold.live_calls())

    def _apply(self, item: Item, now: datetime) -> list[Fact]:
        if item is Mark.RESYNC_BEGINS:
            self._fold.begin_resync()
            return []
        if item is Mark.RESYNC_ENDS:
            return self._fold.end_resync(now)
        self._touched.add(item.get("Linkedid"))
        try:
            return self._fold.apply(item, now)
        except Exception:
            log.exception("message_not_folded", pbx=self._config.pbx, event_name=item.event)
            return []

    async def _store(self, facts: list[Fact]) -> None:
        """Nothing is told that is not on disk: a full disk stops the intake here until there is room."""
        touched, self._touched = (
            self._touched | {fact.linkedid for fact in facts if fact.type != "agent_changed"},
            set(),
        )
        part = self._fold.part(touched, {fact.agent for fact in facts if fact.type == "agent_changed"})
        failures = 0
        while True:
            whole = self._fold.snapshot() if self._spool.wants_whole else None
            try:
                await self._spool.append(facts, part, whole)
            except sqlite3.Error as error:
                failures += 1
                self._set_trouble(f"the spool cannot be written: {error}")
                log.error("spool_not_written", facts=len(facts), error=str(error))
                await asyncio.sleep(_pause_s(failures))
            else:
                self._set_trouble("")
                self._fresh.set()
                return

    async def _hand_over(self) -> None:
        """At least once, in order: the core ignores what it has seen."""
        failures = 0
        while True:
            self._fresh.clear()
            batch = await self._spool.pending(HAND_OVER_AT_ONCE)
            if not batch:
                await self._rest()
                continue
            try:
                async with asyncio.timeout(INGEST_S):
                    await self._core.ingest([one.envelope for one in batch])
            except Exception as error:  # noqa: BLE001  whatever ails the core, the facts must stay
                failures += 1
                log.warning("facts_not_taken", facts=len(batch), failures=failures, error=_words(error))
                await asyncio.sleep(_pause_s(failures))
            else:
                failures = 0
                self._spool.acknowledge(batch[-1].row)
                if self._spool.wants_trim:
                    await self._trim()

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(IDLE_S):
                await self._fresh.wait()
        except TimeoutError:
            await self._trim()
            await self._fresh.wait()

    async def _trim(self) -> None:
        try:
            await self._spool.trim()
        except sqlite3.Error as error:
            log.warning("spool_not_trimmed", error=str(error))

    async def _report(self) -> None:
        """At each change and at least every `health_every_s`: silence means that the adapter is gone."""
        while True:
            self._changed.clear()
            health = PbxHealth(
                pbx=self._config.pbx,
                connected=self._connected,
                since=self._since,
                detail=(self._trouble or self._detail)[:512],
                spooled=self._spool.waiting,
            )
            try:
                async with asyncio.timeout(HEALTH_S):
                    await self._core.health(health)
            except Exception as error:  # noqa: BLE001  the next report replaces this one
                log.debug("health_not_taken", error=_words(error))
            try:
                async with asyncio.timeout(self._config.health_every_s):
                    await self._changed.wait()
            except TimeoutError:
                continue

    async def _obey(self) -> None:
        slots = asyncio.Semaphore(COMMANDS_AT_ONCE)
        failures = 0
        async with asyncio.TaskGroup() as tasks:
            while True:
                try:
                    commands = await self._core.commands(self._config.pbx)
                except Exception as error:  # noqa: BLE001  a core that is away has no commands
                    failures += 1
                    log.debug("no_commands", error=_words(error))
                    await asyncio.sleep(_pause_s(failures))
                    continue
                failures = 0
                for command in commands:
                    await slots.acquire()
                    task = tasks.create_task(self._carry_out(command))
                    task.add_done_callback(lambda _: slots.release())
                if not commands:
                    await asyncio.sleep(EMPTY_HANDED_S)

    async def _carry_out(self, command: PbxCommand) -> None:
        outcome = await self._commands.execute(command)
        if outcome is not None:
            await tell(outcome, self._core.outcome)

    def _on_state(self, connected: bool, detail: str) -> None:
        if connected != self._connected:
            self._connected, self._since = connected, self._clock()
        if detail != self._detail and not connected:
            log.warning("pbx_away", pbx=self._config.pbx, detail=detail)
        self._detail = detail
        self._changed.set()

    def _set_trouble(self, trouble: str) -> None:
        if trouble != self._trouble:
            self._trouble = trouble
            self._changed.set()


def _restored(config: AdapterConfig, spool: Spool) -> Fold:
    state = spool.kept.whole
    if state is None:
        return Fold(config.fold)
    try:
        for part in spool.kept.parts:
            merge(state, part)
        return Fold.restore(state, config.fold)
    except (ValueError, KeyError) as error:
        # Living calls are told anew then: a call twice on a screen is better than an adapter that does not start.
        log.error("fold_state_unreadable", pbx=config.pbx, error=str(error))
        return Fold(config.fold)


def _pause_s(failures: int) -> float:
    most = min(RETRY_MOST_S, RETRY_FIRST_S * 2.0 ** min(failures - 1, 16))
    return most * random.uniform(0.5, 1.0)


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
