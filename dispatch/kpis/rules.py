"""The day's figures, folded from what calls and incidents say of their times. Pure. What is not known is None."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from dispatch.views import View
from dispatch.words import CallDisposition

WITA = ZoneInfo("Asia/Makassar")

FALSE_CALLS = frozenset({CallDisposition.PRANK, CallDisposition.GHOST, CallDisposition.ACCIDENTAL})
"""Silence is not among them: a caller who cannot speak may be in danger."""


@dataclass(frozen=True, slots=True)
class CallTimes:
    """An inbound call that reached the queue or a desk."""

    offered_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    disposition: CallDisposition | None


@dataclass(frozen=True, slots=True)
class IncidentTimes:
    opened_at: datetime
    dispatched_at: datetime | None
    on_scene_at: datetime | None


class Today(View):
    """Counts and times in seconds since `since`, the local midnight. A time that nothing reached yet is None."""

    since: datetime
    calls_offered: int
    calls_answered: int
    calls_abandoned: int
    answer_p50_s: float | None
    answer_p90_s: float | None
    false_calls: int
    incidents_opened: int
    incidents_open: int
    dispatch_p50_s: float | None
    """From the opening to the first offer."""
    response_p50_s: float | None
    """From the opening to the first unit on the scene."""


def day_start(now: datetime) -> datetime:
    """The last midnight in the centre's own zone (WITA has no summer time)."""
    return now.astimezone(WITA).replace(hour=0, minute=0, second=0, microsecond=0)


def percentile(values: Iterable[float], share: float) -> float | None:
    """The smallest value that `share` (0 to 1) of all do not exceed (nearest rank); None of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def fold(since: datetime, calls: Sequence[CallTimes], incidents: Sequence[IncidentTimes], still_open: int) -> Today:
    waits = [_apart_s(call.offered_at, call.answered_at) for call in calls if call.answered_at is not None]
    return Today(
        since=since,
        calls_offered=len(calls),
        calls_answered=len(waits),
        calls_abandoned=sum(call.answered_at is None and call.ended_at is not None for call in calls),
        answer_p50_s=percentile(waits, 0.5),
        answer_p90_s=percentile(waits, 0.9),
        false_calls=sum(call.disposition in FALSE_CALLS for call in calls),
        incidents_opened=len(incidents),
        incidents_open=still_open,
        dispatch_p50_s=_median_s((one.opened_at, one.dispatched_at) for one in incidents),
        response_p50_s=_median_s((one.opened_at, one.on_scene_at) for one in incidents),
    )


def _median_s(spans: Iterable[tuple[datetime, datetime | None]]) -> float | None:
    return percentile((_apart_s(begin, end) for begin, end in spans if end is not None), 0.5)


def _apart_s(begin: datetime, end: datetime) -> float:
    """Not below zero: the PBX's clock and ours may differ."""
    return max(0.0, (end - begin).total_seconds())
