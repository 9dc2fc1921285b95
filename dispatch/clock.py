"""The one clock. Everything else takes `now`, so that a simulation owns time."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the present in UTC, aware."""


def system_clock() -> datetime:
    return datetime.now(UTC)
