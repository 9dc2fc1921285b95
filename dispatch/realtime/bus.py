"""Between workers: 'the log has grown up to N', positions, and the health of each PBX.

A message that gets lost costs latency, never an event: workers read rows from the log and look at its head by
themselves at least twice a second.
"""

import asyncio
import random
import secrets
from collections.abc import Callable, Sequence
from typing import Protocol

import structlog
from pydantic import BaseModel, ConfigDict, ValidationError
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from dispatch.realtime.wire import HealthPart
from dispatch.views import UnitPosition
from dispatch.wake import Wake

_log = structlog.get_logger(__name__)

PULSE_S = 0.5
"""A worker says something at least this often, so that silence means a fault."""

SILENCE_S = 1.2
"""Without even our own pulse for this long the bus is away; well inside the two seconds a screen may be wrong."""

RECONNECT_S = (0.2, 1.0)
"""Bounds of the random pause before the next attempt: quick, since it costs little, and never all workers at once."""

AWAY = "Redis does not answer; workers see each other's events a little later"

Positions = Callable[[Sequence[UnitPosition]], None]
Heard = Callable[[HealthPart], None]
Report = Callable[[bool, str], None]


class Bus(Protocol):
    def connect(self, positions: Positions, heard: Heard, report: Report) -> None:
        """Name the callbacks: positions and health from other workers, and how the bus itself is."""

    def committed(self, seq: int) -> None:
        """Tell the other workers that the log has grown up to `seq`. Never blocks."""

    def positions(self, items: Sequence[UnitPosition]) -> None:
        """Pass positions on. Never blocks; only the newest of each unit is kept."""

    def health(self, part: HealthPart) -> None:
        """Pass on how a PBX is. Never blocks."""

    async def run(self) -> None:
        """Work until cancelled."""


class LocalBus:
    """One process: the wake is all there is to tell."""

    def __init__(self, wake: Wake) -> None:
        self._wake = wake

    def connect(self, positions: Positions, heard: Heard, report: Report) -> None:
        """Nothing ever comes from elsewhere."""

    def committed(self, seq: int) -> None:
        self._wake.advance(seq)

    def positions(self, items: Sequence[UnitPosition]) -> None:
        """Nobody else listens."""

    def health(self, part: HealthPart) -> None:
        """Nobody else listens."""

    async def run(self) -> None:
        """There is nothing to keep up."""


class _Word(BaseModel):
    """What a worker says: all of it is the newest state, so that any later word makes up for a lost one."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    worker: str
    upto: int
    positions: tuple[UnitPosition, ...] = ()
    health: tuple[HealthPart, ...] = ()


class RedisBus:
    """Many workers, by Redis pub/sub. What waits to be said is at most one position a unit and one health a PBX."""

    def __init__(self, url: str, wake: Wake, *, channel: str = "siaga:bus") -> None:
        """`url` as redis://HOST:PORT; `channel` tells centres apart that share a Redis."""
        self._url = url
        self._wake = wake
        self._channel = channel
        self._worker = secrets.token_hex(8)
        self._positions: dict[str, UnitPosition] = {}
        self._health: dict[str, HealthPart] = {}
        self._something = asyncio.Event()
        self._up = False
        self._take_positions: Positions = lambda _: None
        self._take_health: Heard = lambda _: None
        self._report: Report = lambda _ok, _detail: None

    def connect(self, positions: Positions, heard: Heard, report: Report) -> None:
        self._take_positions, self._take_health, self._report = positions, heard, report

    def committed(self, seq: int) -> None:
        self._wake.advance(seq)
        self._something.set()

    def positions(self, items: Sequence[UnitPosition]) -> None:
        for item in items:
            known = self._positions.get(item.unit_id)
            if known is None or known.at < item.at:
                self._positions[item.unit_id] = item
        self._something.set()

    def health(self, part: HealthPart) -> None:
        self._health[part.part] = part
        self._something.set()

    async def run(self) -> None:
        """Keep the connection, with a pause after each fault, until cancelled."""
        while True:
            try:
                await self._session()
            except* (RedisError, OSError) as faults:
                if self._up:
                    _log.warning("bus_away", reason=str(faults.exceptions[0]))
            self._up = False
            self._report(False, AWAY)
            await asyncio.sleep(random.uniform(*RECONNECT_S))

    async def _session(self) -> None:
        client = Redis.from_url(
            self._url, socket_connect_timeout=SILENCE_S, socket_timeout=SILENCE_S, retry=Retry(NoBackoff(), 0)
        )
        async with client, client.pubsub(ignore_subscribe_messages=True) as pubsub:
            await pubsub.subscribe(self._channel)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._speak(client))
                group.create_task(self._listen(pubsub))

    async def _speak(self, client: Redis) -> None:
        while True:
            self._something.clear()
            positions, self._positions = self._positions, {}
            health, self._health = self._health, {}
            word = _Word(
                worker=self._worker,
                upto=self._wake.upto,
                positions=tuple(positions.values()),
                health=tuple(health.values()),
            )
            await client.publish(self._channel, word.model_dump_json())
            try:
                async with asyncio.timeout(PULSE_S):
                    await self._something.wait()
            except TimeoutError:
                continue

    async def _listen(self, pubsub: PubSub) -> None:
        while True:
            async with asyncio.timeout(SILENCE_S):
                message = await pubsub.get_message(timeout=SILENCE_S)
            if message is not None:
                self._hear(message["data"])

    def _hear(self, data: bytes) -> None:
        try:
            word = _Word.model_validate_json(data)
        except ValidationError as error:
            _log.warning("bus_word_unreadable", errors=error.error_count())
            return
        if not self._up:
            self._up = True
            self._report(True, "")
        if word.worker == self._worker:
            return
        self._wake.advance(word.upto)
        if word.positions:
            self._take_positions(word.positions)
        for part in word.health:
            self._take_health(part)
