"""A core in memory that speaks the adapter's protocol, and ways to run adapters for as long as a test wants."""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from telephony.client import Patience
from telephony.facts import CommandOutcome, Envelope, Fact, PbxCommand, PbxHealth
from telephony.link import CoreAway
from telephony.run import AdapterConfig, run_adapter
from telephony.simulator import PbxSimulator

QUICK = Patience(
    connect_s=1.0,
    action_s=1.0,
    resync_s=1.0,
    boot_s=0.2,
    ping_every_s=0.1,
    pong_s=0.3,
    retry_first_s=0.01,
    retry_most_s=0.05,
    refused_s=0.3,
)


def now() -> datetime:
    return datetime.now(UTC)


class MemoryCore:
    """Commits in memory. Holds every hand-over to the contract: in order and without a gap within each key."""

    def __init__(self) -> None:
        self.away = False
        self.loses_answers = 0
        """So many times more it commits and then the answer does not arrive."""
        self.facts: dict[str, list[Fact]] = defaultdict(list)
        """Committed, by key."""
        self.seen_again = 0
        self.healths: list[PbxHealth] = []
        self.outcomes: list[CommandOutcome] = []
        self._commands: deque[PbxCommand] = deque()
        self._changed = asyncio.Event()

    async def ingest(self, envelopes: list[Envelope]) -> None:
        if self.away:
            raise CoreAway("away for this test")
        for envelope in envelopes:
            known = self.facts[envelope.key]
            if envelope.n <= len(known):
                assert known[envelope.n - 1] == envelope.fact, "one number, two facts"
                self.seen_again += 1
                continue
            assert envelope.n == len(known) + 1, f"a gap before {envelope}"
            known.append(envelope.fact)
        self._changed.set()
        if self.loses_answers:
            self.loses_answers -= 1
            raise CoreAway("the answer was lost")

    async def health(self, health: PbxHealth) -> None:
        self.healths.append(health)
        self._changed.set()

    async def commands(self, pbx: str) -> list[PbxCommand]:
        if self.away:
            raise CoreAway("away for this test")
        for _ in range(40):
            if self._commands:
                return [self._commands.popleft()]
            await asyncio.sleep(0.005)
        return []

    async def outcome(self, outcome: CommandOutcome) -> None:
        if self.away:
            raise CoreAway("away for this test")
        self.outcomes.append(outcome)
        self._changed.set()

    def command(self, command: PbxCommand) -> None:
        self._commands.append(command)

    def types(self, linkedid: str) -> list[str]:
        return [fact.type for fact in self.facts[linkedid]]

    @property
    def calls(self) -> list[str]:
        return [key for key in self.facts if not key.startswith("agent:")]

    @property
    def connected(self) -> bool:
        return bool(self.healths) and self.healths[-1].connected

    async def until(self, condition: Callable[[], bool], timeout_s: float = 4.0) -> None:
        async with asyncio.timeout(timeout_s):
            while not condition():
                self._changed.clear()
                try:
                    async with asyncio.timeout(0.02):
                        await self._changed.wait()
                except TimeoutError:
                    continue


def config_for(pbx: PbxSimulator, folder: Path, **changes: object) -> AdapterConfig:
    values: dict[str, object] = {
        "pbx": "main",
        "host": "127.0.0.1",
        "port": pbx.port,
        "username": "siaga",
        "secret": "siaga-test",
        "spool_path": folder / "spool.db",
        "patience": QUICK,
        "health_every_s": 0.2,
    }
    return AdapterConfig(**{**values, **changes})  # type: ignore[arg-type]


@asynccontextmanager
async def adapter(config: AdapterConfig, core: MemoryCore) -> AsyncIterator[asyncio.Task[None]]:
    """Runs while the block does; what makes it fall fails the test."""
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(run_adapter(config, core, clock=now))
        yield task
        task.cancel()


def command(act: str, linkedid: str, *, agent: str | None = None, in_s: float = 5.0, id: str = "c1") -> PbxCommand:
    expires_at = now() + timedelta(seconds=in_s)
    return PbxCommand.model_validate(
        {"id": id, "act": act, "linkedid": linkedid, "agent": agent, "expires_at": expires_at}
    )


def assert_whole(core: MemoryCore, linkedid: str) -> None:
    """A call that is over was told from its arrival to its end, each once."""
    types = core.types(linkedid)
    assert types[0] == "call_arrived", types
    assert types[-1] == "call_ended", types
    for once in ("call_arrived", "call_ended", "call_answered", "call_abandoned"):
        assert types.count(once) <= 1, types
    assert not {"call_answered", "call_abandoned"} <= set(types), types
