"""Wakes who follows events of few types, without a look at the log for every other event.

The types of what is committed in this process are known; of what other workers commit only that it happened, so then
the log must be looked at. A lost wake-up costs latency, never an event: who waits sets a bound.
"""

import asyncio
from collections.abc import Collection, Sequence

from dispatch.db import Database
from dispatch.log import Stored
from dispatch.wake import Wake


class Watch:
    """As `Wake`, of events that may be of `types`; as many may wait as like."""

    def __init__(self, db: Database, wake: Wake, types: Collection[str]) -> None:
        """`wake` is told of every commit, of this process (through `Database.on_commit`) and of others."""
        self._wake = wake
        self._types = frozenset(types)
        self._known = 0
        """All events up to here were told of by their types, or may be of ours and lie before `upto`."""
        self._ours = Wake()
        db.on_commit(self._committed)

    @property
    def upto(self) -> int:
        """No event after this one is known to be of ours; to be read before a look, and handed to `wait` after it."""
        return self._ours.upto

    async def wait(self, after: int, timeout_s: float) -> bool:
        """Return True once the log is worth a look again (`upto > after`), False when `timeout_s` passed first."""
        try:
            async with asyncio.timeout(timeout_s):
                while not self._look(after):
                    await self._wake.wait(self._wake.upto, timeout_s)
        except TimeoutError:
            return False
        return True

    def _look(self, after: int) -> bool:
        if self._wake.upto > self._known:
            self._known = self._wake.upto
            self._ours.advance(self._known)
        return self.upto > after

    def _committed(self, events: Sequence[Stored]) -> None:
        """Numbers are given in the order of commits: what is missing before these is in the log already."""
        last = events[-1].seq
        if events[0].seq > self._known + 1 or any(event.type in self._types for event in events):
            self._ours.advance(last)
        self._known = max(self._known, last)
