"""What somebody should have done by now: who waits for what, since when, and how loudly it is told. Pure.

Each wait is told in steps: after its time to the call-taker (1), after twice to the dispatcher (2), after three times
to the supervisor (3), and there again at each further interval until it is over.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.views import AssignmentView, IncidentView
from dispatch.words import AlarmKind, AssignmentState, IncidentState, Priority

KINDS = (AlarmKind.INCIDENT_UNTRIAGED, AlarmKind.UNIT_NOT_EN_ROUTE, AlarmKind.NO_REPORT)

HIGHEST = 3
"""The supervisor's level."""

Limit = Callable[[Priority], float]
"""Seconds allowed, by priority."""


@dataclass(frozen=True, slots=True)
class Wait:
    kind: AlarmKind
    since: datetime
    after_s: float
    assignment_id: str | None = None
    unit_id: str | None = None

    @property
    def key(self) -> str:
        """Of this wait alone: when it begins anew, it is told anew."""
        return f"{self.kind}/{self.assignment_id or ''}/{self.since.isoformat()}"

    def due(self, told: int) -> datetime:
        """When it is told next, once it was told so often."""
        return self.since + timedelta(seconds=self.after_s * (told + 1))


@dataclass(frozen=True, slots=True)
class Telling:
    wait: Wait
    level: int


@dataclass(frozen=True, slots=True)
class Round:
    """What is to be told now, how often each wait was told then, and when to look again (None: not)."""

    tell: tuple[Telling, ...]
    told: dict[str, int]
    next_at: datetime | None


def waits(
    incident: IncidentView, assignments: Iterable[AssignmentView], limits: Mapping[AlarmKind, Limit]
) -> Iterator[Wait]:
    """Questions not asked to the end; crews that accepted and do not leave; crews of whom nothing is heard."""

    def after_s(kind: AlarmKind) -> float:
        return limits[kind](incident.priority)

    if incident.state is IncidentState.OPEN and incident.triaged_at is None:
        kind = AlarmKind.INCIDENT_UNTRIAGED
        yield Wait(kind, incident.opened_at, after_s(kind))
    for one in assignments:
        since = one.accepted_at
        kind = AlarmKind.UNIT_NOT_EN_ROUTE
        if one.state in _AT_WORK:
            since, kind = _last_word(one), AlarmKind.NO_REPORT
        elif one.state is not AssignmentState.ACCEPTED:
            continue
        if since is not None:
            yield Wait(kind, since, after_s(kind), one.id, one.unit_id)


def look(waiting: Iterable[Wait], told: Mapping[str, int], now: datetime) -> Round:
    """Of each wait the highest step that is due; steps that passed meanwhile are not told one by one."""
    tell: list[Telling] = []
    counts: dict[str, int] = {}
    dues: list[datetime] = []
    for wait in waiting:
        count = told.get(wait.key, 0)
        passed = max(count, int((now - wait.since).total_seconds() // wait.after_s))
        if passed > count:
            tell.append(Telling(wait, min(passed, HIGHEST)))
        if passed:
            counts[wait.key] = passed
        dues.append(wait.due(passed))
    return Round(tuple(tell), counts, min(dues, default=None))


_AT_WORK = frozenset(
    {
        AssignmentState.EN_ROUTE,
        AssignmentState.ON_SCENE,
        AssignmentState.TRANSPORTING,
        AssignmentState.AT_FACILITY,
    }
)


def _last_word(one: AssignmentView) -> datetime | None:
    stamps = (one.accepted_at, one.en_route_at, one.on_scene_at, one.transporting_at, one.at_facility_at)
    return max((stamp for stamp in stamps if stamp is not None), default=None)
