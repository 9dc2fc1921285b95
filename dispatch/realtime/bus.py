"""Between workers: 'the log has grown up to N', positions, and the health of each PBX.

A message that gets lost costs latency, never an event: workers read rows from the log and look at its head by
themselves at least twice a second.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from dispatch.realtime.wire import HealthPart
from dispatch.views import UnitPosition
from dispatch.wake import Wake

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
