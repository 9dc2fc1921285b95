"""What a centre loses on a call's way: offered, pressed 1, queued, answered, real; by day. Pure."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from dispatch.kpis.rules import WITA, day_start
from dispatch.views import View

MOST_DAYS = 62


class Counts(NamedTuple):
    """Inbound calls that came at least so far; each is part of the one before."""

    offered: int
    pressed: int
    queued: int
    answered: int
    real: int
    blocked: int
    """Of the offered, those that a number rule turned away."""
    undecided: int
    """Of the answered, those of which nobody has said yet what they were."""


class FunnelDay(View):
    """One day's calls in the centre's own zone."""

    day: date
    offered: int
    pressed_one: int
    """Went on from the menu, or met none."""
    queued: int
    answered: int
    real: int
    """Led to an incident, was handled or referred."""
    blocked: int
    undecided: int
    lost_in_menu: float | None
    """Share of the offered, 0 to 1; None of nothing."""
    lost_in_queue: float | None
    """Share of the queued that nobody answered."""
    real_share: float | None
    """Of those answered and judged."""


class Funnel(View):
    days: tuple[FunnelDay, ...]
    """The newest first: today so far."""
    total: FunnelDay


def days_back(now: datetime, count: int) -> list[tuple[date, datetime, datetime]]:
    """The last `count` local days, today first, each with its beginning and end."""
    today = day_start(now)
    starts = [(today - timedelta(days=back)) for back in range(count)]
    return [(start.astimezone(WITA).date(), start, start + timedelta(days=1)) for start in starts]


def day(when: date, counts: Counts) -> FunnelDay:
    judged = counts.answered - counts.undecided
    return FunnelDay(
        day=when,
        offered=counts.offered,
        pressed_one=counts.pressed,
        queued=counts.queued,
        answered=counts.answered,
        real=counts.real,
        blocked=counts.blocked,
        undecided=counts.undecided,
        lost_in_menu=share(counts.offered - counts.pressed - counts.blocked, counts.offered),
        lost_in_queue=share(counts.queued - counts.answered, counts.queued),
        real_share=share(counts.real, judged),
    )


def total(first: date, counted: list[Counts]) -> FunnelDay:
    """All days as one; `first` names the earliest."""
    return day(first, Counts(*(sum(column) for column in zip(*counted, strict=True))))


def share(part: int, whole: int) -> float | None:
    """0 to 1; None of nothing."""
    return None if whole <= 0 else round(min(1.0, max(0, part) / whole), 4)
