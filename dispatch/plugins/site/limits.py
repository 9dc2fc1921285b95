"""How often one address may send a public form: a bucket that refills, kept in memory and bounded. Pure."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime

BURST = 8
"""Forms that one address may send at once: a family behind one router, a school's one address."""
REFILL_S = 45.0
"""Seconds until one more is allowed."""
MOST_ADDRESSES = 20_000
"""Kept at once; beyond that those seen longest ago are forgotten (about 4 MB)."""


@dataclass(slots=True)
class RateLimit:
    """Per worker process: with several workers an address has as many buckets."""

    burst: int = BURST
    refill_s: float = REFILL_S
    most: int = MOST_ADDRESSES
    _seen: OrderedDict[str, tuple[float, datetime]] = field(default_factory=OrderedDict)

    def wait_s(self, address: str, now: datetime) -> float:
        """Take one from the bucket of `address`. Returns 0 when there was one, else the seconds until there is."""
        level, since = self._seen.pop(address, (float(self.burst), now))
        level = min(float(self.burst), level + max(0.0, (now - since).total_seconds()) / self.refill_s)
        allowed = level >= 1
        self._seen[address] = (level - 1 if allowed else level, now)
        while len(self._seen) > self.most:
            self._seen.popitem(last=False)
        return 0.0 if allowed else (1 - level) * self.refill_s
