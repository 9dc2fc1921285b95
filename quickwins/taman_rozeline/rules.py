"""Pure rules of the park's wifi: merging and counting sessions, access points' health, addresses of devices."""

import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from statistics import median

WITA = timezone(timedelta(hours=8))
"""Asia/Makassar; no summer time since 1988."""
MISSES = 3
"""Polls in a row without an answer before an access point counts as down."""
MOVES = {
    ("open", "take"): "in_progress",
    ("open", "resolve"): "resolved",
    ("in_progress", "resolve"): "resolved",
    ("resolved", "close"): "closed",
    ("resolved", "reopen"): "open",
    ("closed", "reopen"): "open",
}
"""Of a ticket: (state, act) → state."""
_PAIR = "[0-9A-Fa-f]{2}"
_MAC = re.compile(rf"(?<![0-9A-Fa-f])(?:{_PAIR}[:\-. ]?){{5}}{_PAIR}(?![0-9A-Fa-f])")
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Session:
    """What is known of one session (RFC 2866); bytes up are those that the device sent."""

    started_at: datetime
    seen_at: datetime
    stopped_at: datetime | None = None
    updates: bool = False
    """Interim updates came, so silence means that it ended."""
    up: int = 0
    down: int = 0


def merge(one: Session, other: Session) -> Session:
    """Both records' knowledge: the same in any order and however often a record comes. Counters only grow."""
    stops = [at for at in (one.stopped_at, other.stopped_at) if at is not None]
    return Session(
        min(one.started_at, other.started_at),
        max(one.seen_at, other.seen_at),
        max(stops, default=None),
        one.updates or other.updates,
        max(one.up, other.up),
        max(one.down, other.down),
    )


def end_of(session: Session, now: datetime, silent: timedelta, longest: timedelta) -> datetime | None:
    """When it ended; None: it runs. One whose Stop got lost ended when it was last seen.

    It is lost after `silent` without an update, or, where a controller sends none, `longest` after the start.
    """
    if session.stopped_at is not None:
        return session.stopped_at
    limit = session.seen_at + silent if session.updates else session.started_at + longest
    return None if now < limit else session.seen_at


def spans(sessions: Iterable[Session], now: datetime, silent: timedelta, longest: timedelta) -> list[Span]:
    """From when to when each was there, up to `now`; at least a second, running ones too."""
    found = []
    for one in sessions:
        end = end_of(one, now, silent, longest) or now
        found.append((one.started_at, max(end, one.started_at + timedelta(seconds=1))))
    return found


def peak(found: Iterable[Span], first: datetime, last: datetime) -> int:
    """Most sessions at one moment from `first` to before `last`; one that ends as another begins is not beside it."""
    steps = []
    for start, end in found:
        if start < last and end > first:
            steps += [(max(start, first), 1), (end, -1)]
    most = here = 0
    for _at, step in sorted(steps):
        here += step
        most = max(most, here)
    return most


def day_of(at: datetime) -> date:
    return at.astimezone(WITA).date()


def bounds(day: date) -> Span:
    """The day's first moment and that of the next."""
    start = datetime.combine(day, time(), WITA).astimezone(UTC)
    return start, start + timedelta(days=1)


def days_of(span: Span) -> list[date]:
    """Days in WITA that it touches."""
    first, last = day_of(span[0]), day_of(max(span[0], span[1] - timedelta(microseconds=1)))
    return [first + timedelta(days=step) for step in range((last - first).days + 1)]


def by_day(total: int, span: Span) -> dict[date, int]:
    """`total` shared evenly over the span's time, whole numbers whose sum is `total`."""
    length = (span[1] - span[0]) // timedelta(microseconds=1)
    shares, given = {}, 0
    for day in days_of(span):
        elapsed = (min(span[1], bounds(day)[1]) - span[0]) // timedelta(microseconds=1)
        reached = total * elapsed // length if length > 0 else total
        shares[day], given = reached - given, reached
    return shares


@dataclass(frozen=True, slots=True)
class Health:
    """An access point as the polls have it; `since` belongs to the state."""

    state: str = "unknown"
    since: datetime | None = None
    misses: int = 0


def debounce(health: Health, answered: bool | None, now: datetime, misses: int = MISSES) -> Health:
    """After one more poll: one answer means up, `misses` misses in a row mean down, None (not asked) unknown."""
    missed = health.misses + 1 if answered is False else 0
    state = "unknown" if answered is None else "up" if answered else "down" if missed >= misses else health.state
    same = state == health.state and health.since is not None
    return Health(state, health.since if same else now, min(missed, misses))


def hashed(salt: str, *parts: str) -> str:
    """HMAC-SHA256 in hex; nobody can go back or compare without `salt` (hex)."""
    return hmac.new(bytes.fromhex(salt), "\x1f".join(parts).encode(), hashlib.sha256).hexdigest()


def plain_address(text: str) -> str:
    """A device's address in one spelling, whichever way the equipment writes it."""
    digits = re.sub(r"[^0-9a-f]", "", text.lower())
    return digits if len(digits) == 12 else text.strip().lower()


def without_addresses(text: str) -> str:
    """The text with whatever looks like a device's address taken out."""
    return _MAC.sub("[…]", text)


Hours = Sequence[tuple[int, time, time]]
"""Weekday (Monday 0), opens, closes; closing at or before opening means the day after."""


def is_open(hours: Hours, now: datetime) -> bool | None:
    """None: no hours are known."""
    here = now.astimezone(WITA)
    for weekday, opens, closes in hours:
        for back in (0, 1):
            day = here.date() - timedelta(days=back)
            start = datetime.combine(day, opens, WITA)
            end = datetime.combine(day + timedelta(days=1 if closes <= opens else 0), closes, WITA)
            if day.weekday() == weekday and start <= here < end:
                return True
    return False if hours else None


def repair_hours(spans: Iterable[Span]) -> tuple[float, float] | None:
    """Mean and median hours from report to repair; None where nothing was repaired."""
    taken = [(end - start).total_seconds() / 3600 for start, end in spans]
    return (sum(taken) / len(taken), median(taken)) if taken else None
