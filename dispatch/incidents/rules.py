"""What may happen to an incident: its acts, the states that follow from its assignments. Pure.

Nobody sets by hand what the facts deny: `dispatched`, `en_route` and `on_scene` follow from the assignments alone.
"""

import math
from collections.abc import Collection, Iterable
from enum import StrEnum

from dispatch.errors import Conflict
from dispatch.views import Need, Point
from dispatch.words import ACTIVE_ASSIGNMENT_STATES, ENDED_INCIDENT_STATES, AssignmentState, IncidentState, Priority


class IncidentAct(StrEnum):
    """What a person reports or decides."""

    TRIAGE = "triage"
    UNDER_CONTROL = "under_control"
    RESOLVE = "resolve"
    CLOSE = "close"
    CANCEL = "cancel"
    REOPEN = "reopen"
    MERGE = "merge"


_S = IncidentState
_A = IncidentAct

MOVES: dict[tuple[IncidentState, IncidentAct], IncidentState] = {
    (_S.OPEN, _A.TRIAGE): _S.TRIAGED,
    (_S.TRIAGED, _A.TRIAGE): _S.TRIAGED,
    (_S.DISPATCHED, _A.TRIAGE): _S.DISPATCHED,
    (_S.EN_ROUTE, _A.TRIAGE): _S.EN_ROUTE,
    (_S.ON_SCENE, _A.TRIAGE): _S.ON_SCENE,
    (_S.UNDER_CONTROL, _A.TRIAGE): _S.UNDER_CONTROL,
    (_S.ON_SCENE, _A.UNDER_CONTROL): _S.UNDER_CONTROL,
    (_S.OPEN, _A.RESOLVE): _S.RESOLVED,
    (_S.TRIAGED, _A.RESOLVE): _S.RESOLVED,
    (_S.ON_SCENE, _A.RESOLVE): _S.RESOLVED,
    (_S.UNDER_CONTROL, _A.RESOLVE): _S.RESOLVED,
    (_S.OPEN, _A.CLOSE): _S.CLOSED,
    (_S.TRIAGED, _A.CLOSE): _S.CLOSED,
    (_S.RESOLVED, _A.CLOSE): _S.CLOSED,
    (_S.OPEN, _A.CANCEL): _S.CANCELLED,
    (_S.TRIAGED, _A.CANCEL): _S.CANCELLED,
    (_S.DISPATCHED, _A.CANCEL): _S.CANCELLED,
    (_S.EN_ROUTE, _A.CANCEL): _S.CANCELLED,
    (_S.RESOLVED, _A.REOPEN): _S.OPEN,
    (_S.CLOSED, _A.REOPEN): _S.OPEN,
    (_S.CANCELLED, _A.REOPEN): _S.OPEN,
    (_S.OPEN, _A.MERGE): _S.MERGED,
    (_S.TRIAGED, _A.MERGE): _S.MERGED,
}
"""(state, act) → state. A reopened incident becomes what its triage and its assignments make of it (`derive`)."""

_ENDING = frozenset({_A.CLOSE, _A.CANCEL, _A.MERGE})
_AT_WORK = frozenset({AssignmentState.ON_SCENE, AssignmentState.TRANSPORTING, AssignmentState.AT_FACILITY})
_REACHED = frozenset({_S.ON_SCENE, _S.UNDER_CONTROL})
_FINAL = frozenset({*ENDED_INCIDENT_STATES, _S.RESOLVED})

DISPATCHABLE = frozenset(_S) - _FINAL
"""States in which a unit may be offered."""

MOST_OF_A_KIND = 99
"""Of a line of a response plan."""

UNDISPATCHED = frozenset({_S.OPEN, _S.TRIAGED})
"""States in which nobody is on the way: the alarm's timer runs."""

_ACTS_DONE = {
    _A.TRIAGE: "triaged",
    _A.UNDER_CONTROL: "reported under control",
    _A.RESOLVE: "resolved",
    _A.CLOSE: "closed",
    _A.CANCEL: "cancelled",
    _A.REOPEN: "reopened",
    _A.MERGE: "merged",
}

_HINTS = {
    _A.TRIAGE: "Reopen it first.",
    _A.UNDER_CONTROL: "A unit must be on the scene.",
    _A.RESOLVE: "Units are still on their way: cancel them or let them arrive.",
    _A.CLOSE: "Resolve it first.",
    _A.CANCEL: "Somebody has been there: resolve and close it with a disposition.",
    _A.REOPEN: "Only what was resolved, closed or cancelled can be.",
    _A.MERGE: "Only an open incident to which no unit was sent can be: merge the other one into this.",
}


HIGHEST_ALARM = 4
"""A fourth alarm asks for four times the plan: more than the regency has of anything."""


def plan_at(plan: Iterable[Need], level: int, from_level: int = 1) -> list[dict[str, object]]:
    """The plan of alarm `level`, as it is stored; `plan` is that of `from_level`."""
    counts = [(need, min(MOST_OF_A_KIND, need.count // from_level * level)) for need in plan]
    return [need.model_copy(update={"count": count}).model_dump(mode="json") for need, count in counts]


def move(state: IncidentState, act: IncidentAct, active: int) -> IncidentState:
    """The state after `act` while `active` units are on the incident. Raises Conflict that says why not."""
    target = MOVES.get((state, act))
    if target is None:
        if _ends_in(act) is state:
            raise Conflict(f"The incident is {_said(state)} already.", state=state.value)
        raise Conflict(
            f"An incident that is {_said(state)} cannot be {_ACTS_DONE[act]}. {_HINTS[act]}", state=state.value
        )
    if act in _ENDING and active:
        raise Conflict(
            f"{active} unit{'s are' if active > 1 else ' is'} still on this incident: clear or cancel them first.",
            state=state.value,
            active=active,
        )
    return target


def _ends_in(act: IncidentAct) -> IncidentState | None:
    ends = {target for (_, done), target in MOVES.items() if done is act}
    return ends.pop() if len(ends) == 1 and act is not _A.REOPEN else None


def _said(state: IncidentState) -> str:
    return state.value.replace("_", " ")


def derive(state: IncidentState, assignments: Collection[AssignmentState], *, triaged: bool) -> IncidentState:
    """The state that the assignments make of the incident; what was ended or resolved stays so.

    With nobody left on it, an incident whose scene was worked by a crew that cleared is resolved; else it waits for
    a unit again. Once the scene was reached it does not fall back to `en_route` for later arrivals.
    """
    if state in _FINAL:
        return state
    active = {one for one in assignments if one in ACTIVE_ASSIGNMENT_STATES}
    worked = state in _REACHED and AssignmentState.CLEARED in assignments
    if not active:
        if worked:
            return _S.RESOLVED
        return _S.TRIAGED if triaged else _S.OPEN
    if active & _AT_WORK or worked:
        return state if state is _S.UNDER_CONTROL else _S.ON_SCENE
    if AssignmentState.EN_ROUTE in active:
        return _S.EN_ROUTE
    return _S.DISPATCHED


EARTH_M = 6_371_008.8
"""Mean radius (IUGG)."""


def distance_m(one: Point, other: Point) -> float:
    """Great-circle distance in metres by the haversine formula (sphere: within 0.6% of the ellipsoid)."""
    lat1, lat2 = math.radians(one.lat), math.radians(other.lat)
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin(math.radians(other.lon - one.lon) / 2) ** 2
    return 2 * EARTH_M * math.asin(math.sqrt(half))


def alarm_level(raised: int) -> int:
    """Level of the next alarm of an incident for which `raised` alarms sounded: 1, 2, then always 3."""
    return min(raised + 1, 3)


def priority_after(current: Priority, before: Priority, after: Priority) -> Priority:
    """The priority once new answers changed the triage's own from `before` to `after`.

    A priority that somebody set by hand (`current` differs from `before`) stands while the triage says nothing new;
    when it does, the more urgent of the two counts.
    """
    if current is before:
        return after
    return current if after is before else min(current, after)
