"""A circuit breaker: who failed often in a row is left alone for a while. Pure; the caller gives the time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

FAILURES = 3
REST = timedelta(seconds=60)


@dataclass(slots=True)
class Breaker:
    failures: int = 0
    until: datetime | None = None

    def open(self, now: datetime) -> bool:
        """True while nobody should ask. After the rest one question is let through, and its answer decides."""
        return self.until is not None and now < self.until

    def succeeded(self) -> None:
        self.failures, self.until = 0, None

    def failed(self, now: datetime) -> None:
        self.failures += 1
        if self.failures >= FAILURES:
            self.until = now + REST
