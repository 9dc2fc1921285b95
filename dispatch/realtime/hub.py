"""Follows the log and hands each event, once and in order, to every socket that may see it."""

from collections.abc import Sequence

from dispatch.clock import Clock
from dispatch.db import Database
from dispatch.log import Stored
from dispatch.realtime.bus import Bus, LocalBus
from dispatch.realtime.health import Health
from dispatch.views import UnitPosition
from dispatch.wake import Wake


class Hub:
    def __init__(self, db: Database, wake: Wake, clock: Clock, bus: Bus | None = None) -> None:
        self._db = db
        self._wake = wake
        self._clock = clock
        self._bus = bus or LocalBus(wake)
        self.health = Health(clock)

    def positions(self, items: Sequence[UnitPosition]) -> None:
        """Show these positions on every map; the newest of each unit wins. Never blocks."""

    def committed(self, events: Sequence[Stored]) -> None:
        """The fast path after a commit in this process; register it with `Database.on_commit`."""

    async def run(self) -> None:
        """Follow the log, beat, watch the database and the sockets, until cancelled."""
