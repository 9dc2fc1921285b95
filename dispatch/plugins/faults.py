"""When a plugin has failed too often: pure."""

from collections import deque
from datetime import datetime, timedelta

MOST_FAULTS = 5
WITHIN = timedelta(seconds=60)
"""A visitor who meets a broken page tries it two or three times; five faults a minute are no accident."""


class Faults:
    """The plugin's latest faults in this process."""

    def __init__(self) -> None:
        self._at: deque[datetime] = deque(maxlen=MOST_FAULTS)
        self.total = 0
        self.last = ""

    def note(self, now: datetime, what: str) -> bool:
        """One more fault, in words. True: it is time to switch the plugin off."""
        self._at.append(now)
        self.total += 1
        self.last = what
        return len(self._at) == MOST_FAULTS and now - self._at[0] <= WITHIN


def in_words(error: BaseException) -> str:
    """An error as administrators see it."""
    while isinstance(error, BaseExceptionGroup) and error.exceptions:
        error = error.exceptions[0]
    said = " ".join(str(error).split())[:300]
    return f"{type(error).__name__}: {said}" if said else type(error).__name__
