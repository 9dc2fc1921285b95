"""What may happen to an assignment, from its offer to its end. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from dispatch.errors import Conflict, Invalid
from dispatch.words import ACTIVE_ASSIGNMENT_STATES, AssignmentState


class AssignmentAct(StrEnum):
    ACCEPT = "accept"
    DECLINE = "decline"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"
    DEPART = "depart"
    ARRIVE = "arrive"
    TRANSPORT = "transport"
    REACH_FACILITY = "reach_facility"
    CLEAR = "clear"
    CANCEL = "cancel"
    DIVERT = "divert"


_S = AssignmentState
_A = AssignmentAct

MOVES: dict[tuple[AssignmentState, AssignmentAct], AssignmentState] = {
    (_S.OFFERED, _A.ACCEPT): _S.ACCEPTED,
    (_S.OFFERED, _A.DECLINE): _S.DECLINED,
    (_S.OFFERED, _A.EXPIRE): _S.EXPIRED,
    (_S.OFFERED, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.ACCEPTED, _A.DEPART): _S.EN_ROUTE,
    (_S.ACCEPTED, _A.CANCEL): _S.CANCELLED,
    (_S.ACCEPTED, _A.DIVERT): _S.DIVERTED,
    (_S.EN_ROUTE, _A.ARRIVE): _S.ON_SCENE,
    (_S.EN_ROUTE, _A.CANCEL): _S.CANCELLED,
    (_S.EN_ROUTE, _A.DIVERT): _S.DIVERTED,
    (_S.ON_SCENE, _A.TRANSPORT): _S.TRANSPORTING,
    (_S.ON_SCENE, _A.CLEAR): _S.CLEARED,
    (_S.ON_SCENE, _A.CANCEL): _S.CANCELLED,
    (_S.ON_SCENE, _A.DIVERT): _S.DIVERTED,
    (_S.TRANSPORTING, _A.REACH_FACILITY): _S.AT_FACILITY,
    (_S.AT_FACILITY, _A.CLEAR): _S.CLEARED,
}
"""(state, act) → state. With a patient aboard (transporting, at_facility) a unit can no longer be called off."""

CREW_ACTS = frozenset(
    {_A.ACCEPT, _A.DECLINE, _A.DEPART, _A.ARRIVE, _A.TRANSPORT, _A.REACH_FACILITY, _A.CLEAR},
)
"""What a crew does on its own phone; the rest is the centre's."""

NEEDS_REASON = frozenset({_A.DECLINE, _A.WITHDRAW, _A.CANCEL, _A.DIVERT})
"""Acts that somebody will later ask about."""

LONGEST_KEPT = timedelta(hours=12)
"""A phone without network keeps what its crew reported; what is older than a shift is no longer about this job."""

_ENDS_IN = {act: target for (_, act), target in MOVES.items()}
_DONE = {
    _A.ACCEPT: "accepted",
    _A.DECLINE: "declined",
    _A.EXPIRE: "expired",
    _A.WITHDRAW: "withdrawn",
    _A.DEPART: "sent on its way",
    _A.ARRIVE: "reported on scene",
    _A.TRANSPORT: "reported transporting",
    _A.REACH_FACILITY: "reported at the facility",
    _A.CLEAR: "cleared",
    _A.CANCEL: "cancelled",
    _A.DIVERT: "diverted",
}


def move(state: AssignmentState, act: AssignmentAct) -> AssignmentState:
    """The state after `act`. Raises Conflict that says why not."""
    target = MOVES.get((state, act))
    if target is not None:
        return target
    said = state.value.replace("_", " ")
    if _ENDS_IN[act] is state:
        raise Conflict(f"The assignment is {said} already.", state=state.value)
    if state not in ACTIVE_ASSIGNMENT_STATES:
        raise Conflict(f"The assignment has ended ({said}): it cannot be {_DONE[act]} any more.", state=state.value)
    starts = " or ".join(start.value.replace("_", " ") for start, done in MOVES if done is act)
    raise Conflict(
        f"An assignment that is {said} cannot be {_DONE[act]}: it must be {starts} first.", state=state.value
    )


def happened_at(said: datetime | None, previous: datetime, now: datetime) -> datetime:
    """When a step was made: as the crew's phone says, but not before the step before it and not after `now`.

    A clock that is off must not cost a crew its report, so only the age is refused: raises Invalid (at) beyond
    LONGEST_KEPT.
    """
    if said is None:
        return now
    if now - said > LONGEST_KEPT:
        hours = round(LONGEST_KEPT.total_seconds() / 3600)
        raise Invalid(f"This was done more than {hours} hours ago: report what is true now.", field="at")
    return min(max(said, previous), now)
