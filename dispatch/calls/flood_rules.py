"""More calls than seats: when it is a flood, where calls come from, and which are likely one event. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from dispatch.calls.rules import waits
from dispatch.views import AgentView, CallView, Point, View

MOST_RATES = 10
"""Lines and numbers shown, the busiest first."""

LEAST_OF_A_NUMBER = 2
"""Calls of one number in the window that are worth showing."""


class Rate(View):
    name: str
    last_minute: int
    in_window: int


class Group(View):
    """Calls that wait and are likely about one open incident."""

    incident_id: str
    number: str
    calls_linked: int
    waiting: tuple[str, ...]
    """Ids of the calls."""
    why: tuple[Literal["reported_before", "lives_near"], ...]
    """One for each of `waiting`."""


@dataclass(frozen=True, slots=True)
class Big:
    """An open incident that many callers report."""

    incident_id: str
    number: str
    calls_linked: int
    point: Point | None
    numbers: frozenset[str]
    """Of those who reported it."""


def seats(agents: Iterable[AgentView]) -> int:
    """Desks that can take a call now or after their present one: a member of a queue, not paused, phone in reach."""
    return sum(bool(one.queues) and not one.paused and one.device not in ("unavailable", "unknown") for one in agents)


def waiting(calls: Iterable[CallView]) -> list[CallView]:
    """Who waits for an answer, the longest first."""
    return sorted((call for call in calls if waits(call)), key=lambda call: call.arrived_at)


def is_flood(waiting_now: int, seats_now: int, over: int) -> bool:
    """More wait than seats could take at once, by the threshold. Without any seat the threshold alone counts."""
    return waiting_now - seats_now >= over


def rates(arrivals: Sequence[tuple[str, datetime]], now: datetime, *, least: int = 1) -> tuple[Rate, ...]:
    """Calls by name within the window that `arrivals` cover, the busiest first."""
    whole = Counter(name for name, _ in arrivals)
    minute = Counter(name for name, at in arrivals if now - at <= timedelta(minutes=1))
    busiest = sorted(whole, key=lambda name: (-minute[name], -whole[name], name))
    found = [Rate(name=name, last_minute=minute[name], in_window=whole[name]) for name in busiest]
    return tuple(rate for rate in found if rate.in_window >= least)[:MOST_RATES]


def big(incidents: Iterable[Big], least_calls: int) -> list[Big]:
    """Those that at least so many calls report, the most reported first."""
    return sorted((one for one in incidents if one.calls_linked >= least_calls), key=lambda one: -one.calls_linked)


def grouped(
    calls: Sequence[CallView], incidents: Sequence[Big], near: Mapping[str, Collection[str]]
) -> tuple[Group, ...]:
    """Calls that wait by the big incident that they are likely about; `near`: numbers last known near an incident.

    A caller without a number belongs to no group.
    """
    groups: list[Group] = []
    left = [call for call in calls if call.ani is not None]
    for one in incidents:
        why: dict[str, Literal["reported_before", "lives_near"]] = {}
        for call in left:
            if call.ani in one.numbers:
                why[call.id] = "reported_before"
            elif call.ani in near.get(one.incident_id, ()):
                why[call.id] = "lives_near"
        left = [call for call in left if call.id not in why]
        groups.append(
            Group(
                incident_id=one.incident_id,
                number=one.number,
                calls_linked=one.calls_linked,
                waiting=tuple(why),
                why=tuple(why.values()),
            )
        )
    return tuple(groups)
