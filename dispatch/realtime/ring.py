"""What the hub keeps in memory for sockets that come and come back: the last events, the newest positions. Pure."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from dispatch.realtime.wire import REPLAY_MAX
from dispatch.views import UnitPosition

RING_EVENTS = REPLAY_MAX
"""More would never be replayed."""

RING_BYTES = 16 << 20
"""Memory of the ring whatever the events weigh; 2,000 usual ones need about 3 MB."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An event ready to be sent."""

    seq: int
    topics: tuple[str, ...]
    frame: bytes


class Ring:
    """The newest events without gap, bounded in number and bytes."""

    def __init__(self, last: int = 0, *, events: int = RING_EVENTS, size: int = RING_BYTES) -> None:
        self.last = last
        self._kept: deque[Kept] = deque()
        self._events = events
        self._size = size
        self._bytes = 0

    @property
    def first(self) -> int:
        """The oldest seq kept; last + 1 when the ring is empty."""
        return self.last - len(self._kept) + 1

    def push(self, event: Kept) -> None:
        """Keep the next event. Raises ValueError when it is not the one after the last."""
        if event.seq != self.last + 1:
            raise ValueError(f"event {event.seq} does not follow {self.last}")
        self._kept.append(event)
        self.last = event.seq
        self._bytes += len(event.frame)
        while len(self._kept) > self._events or self._bytes > self._size:
            self._bytes -= len(self._kept.popleft().frame)

    def covers(self, since: int) -> bool:
        """True when every event after `since` is here."""
        return self.first - 1 <= since <= self.last

    def after(self, since: int) -> Iterator[Kept]:
        """The events after `since`, in order; the caller has asked `covers`."""
        return islice(self._kept, since - self.first + 1, None)


class NewestPositions:
    """Of each unit the newest position, and which of them nobody has been told yet."""

    def __init__(self) -> None:
        self._newest: dict[str, UnitPosition] = {}
        self._untold: set[str] = set()

    def take(self, items: Iterable[UnitPosition]) -> None:
        """Take positions in any order; an older one than the known is dropped."""
        for item in items:
            known = self._newest.get(item.unit_id)
            if known is None or known.at < item.at:
                self._newest[item.unit_id] = item
                self._untold.add(item.unit_id)

    def seed(self, items: Iterable[UnitPosition]) -> None:
        """Take what was known before, so that newcomers get it; everybody else has it already."""
        self._newest = {item.unit_id: item for item in items} | self._newest

    def drain(self) -> Sequence[UnitPosition]:
        """The positions that changed since the last call, one a unit."""
        changed = [self._newest[unit_id] for unit_id in sorted(self._untold)]
        self._untold.clear()
        return changed

    def all(self) -> Sequence[UnitPosition]:
        """The newest of every unit, for a socket that has just come."""
        return list(self._newest.values())
