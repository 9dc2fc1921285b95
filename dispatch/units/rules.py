"""What a unit is doing, derived from its shift, its fitness and its active assignment; never stored. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from dispatch.errors import Conflict, Invalid
from dispatch.words import UnitState


class UnitAct(StrEnum):
    GO_ON_DUTY = "go_on_duty"
    GO_OFF_DUTY = "go_off_duty"
    GO_OUT_OF_SERVICE = "go_out_of_service"
    RETURN_TO_SERVICE = "return_to_service"


_S = UnitState
_A = UnitAct

MOVES: dict[tuple[UnitState, UnitAct], UnitState] = {
    (_S.OFF_DUTY, _A.GO_ON_DUTY): _S.AVAILABLE,
    (_S.AVAILABLE, _A.GO_OFF_DUTY): _S.OFF_DUTY,
    (_S.OUT_OF_SERVICE, _A.GO_OFF_DUTY): _S.OFF_DUTY,
    (_S.AVAILABLE, _A.GO_OUT_OF_SERVICE): _S.OUT_OF_SERVICE,
    (_S.OUT_OF_SERVICE, _A.RETURN_TO_SERVICE): _S.AVAILABLE,
}
"""(state, act) → state. A shift begins with a check of the vehicle, so going on duty ends an earlier fault."""

_ENDS_IN = {
    _A.GO_ON_DUTY: _S.AVAILABLE,
    _A.GO_OFF_DUTY: _S.OFF_DUTY,
    _A.GO_OUT_OF_SERVICE: _S.OUT_OF_SERVICE,
    _A.RETURN_TO_SERVICE: _S.AVAILABLE,
}
_DOING = {
    _A.GO_ON_DUTY: "go on duty",
    _A.GO_OFF_DUTY: "go off duty",
    _A.GO_OUT_OF_SERVICE: "go out of service",
    _A.RETURN_TO_SERVICE: "return to service",
}


def derive(on_duty_since: datetime | None, out_of_service_reason: str | None, *, assigned: bool) -> UnitState:
    """The unit's state. An active assignment outweighs all: a unit at work is committed whatever else was said."""
    if assigned:
        return UnitState.COMMITTED
    if on_duty_since is None:
        return UnitState.OFF_DUTY
    return UnitState.AVAILABLE if out_of_service_reason is None else UnitState.OUT_OF_SERVICE


def move(state: UnitState, act: UnitAct) -> UnitState:
    """The state after `act`. Raises Conflict that says why not."""
    target = MOVES.get((state, act))
    if target is not None:
        return target
    if _ENDS_IN[act] is state:
        raise Conflict(f"The unit is {state.value.replace('_', ' ')} already.", state=state.value)
    if state is UnitState.COMMITTED:
        raise Conflict(f"The unit is on an incident: it cannot {_DOING[act]} before it is clear.", state=state.value)
    raise Conflict(f"A unit that is {state.value.replace('_', ' ')} cannot {_DOING[act]}.", state=state.value)


AHEAD_S = 60
"""A phone's clock may be this much ahead; more is a wrong clock, and its positions would outrank all later ones."""


def check_position(at: datetime, now: datetime, *, in_indonesia: bool) -> None:
    """Raises Invalid for a position that cannot be true."""
    if at > now + timedelta(seconds=AHEAD_S):
        raise Invalid("The position's time lies in the future: check the phone's clock.", field="positions.at")
    if not in_indonesia:
        raise Invalid("The position lies outside Indonesia.", field="positions.point")
