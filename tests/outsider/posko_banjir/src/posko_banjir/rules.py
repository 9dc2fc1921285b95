"""What is decided, without a database."""

from decimal import Decimal
from typing import Literal

Stage = Literal["plain", "warn", "bad"]


def stage(level_cm: Decimal, alert_cm: int, danger_cm: int) -> Stage:
    """How grave a water level is: below the alert mark nothing, at it a warning, at the danger mark bad."""
    if level_cm >= danger_cm:
        return "bad"
    return "warn" if level_cm >= alert_cm else "plain"


def places_left(capacity: int, people: int) -> int:
    """Beds that are free; none when more people came than it was made for."""
    return max(0, capacity - people)
