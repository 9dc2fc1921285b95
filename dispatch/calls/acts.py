"""What may be asked of the PBX, by whom and when: pure. The adapter holds numbers to the same `Reach` again."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from dispatch.calls import rules
from dispatch.errors import Conflict, Forbidden, Invalid
from dispatch.views import AgentView, CallView
from dispatch.words import CallState, Role
from telephony.facts import CallAct, DeskAct
from telephony.reach import NotAllowed, Reach


class PauseReason(StrEnum):
    """Why a desk takes no calls. The first six are a person's, the others the centre's own rules give."""

    BREAK = "break"
    MEAL = "meal"
    PRAYER = "prayer"
    BRIEFING = "briefing"
    PAPERWORK = "paperwork"
    TECHNICAL = "technical"
    WRAP_UP = "wrap_up"
    MISSED_RING = "missed_ring"
    SUPERVISOR = "supervisor"


OF_PEOPLE = (
    PauseReason.BREAK,
    PauseReason.MEAL,
    PauseReason.PRAYER,
    PauseReason.BRIEFING,
    PauseReason.PAPERWORK,
    PauseReason.TECHNICAL,
)

SUPERVISION: tuple[CallAct, ...] = ("listen", "whisper", "barge", "stop_listening", "take_over")

FREE = ("idle", "unknown")
"""Devices that can be rung."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and from which desk."""

    extension: str | None
    roles: Collection[Role]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the PBX is to be asked: which desk's leg, and whom."""

    agent: str | None
    to: str | None = None


def check_call_act(
    call: CallView, act: CallAct, to: str | None, asker: Asker, reach: Reach, own_desk: AgentView | None
) -> Wanted:
    """What to ask for. `own_desk`: the asker's desk as the PBX describes it.

    Raises Conflict when the call or the desk is not so that it could be done, Forbidden, Invalid for a number that is
    not allowed.
    """
    if act in SUPERVISION:
        return _supervision(call, act, asker, reach, own_desk)
    if act == "call_back":
        return _call_back(call, asker, reach, own_desk)
    desk = _own_call(call, asker)
    _check_state(call, act)
    if act in ("transfer", "conference"):
        return Wanted(desk, _party(call, to, desk, reach))
    if act == "leave" and not call.parties:
        raise Conflict("Nobody else is in the call: the caller would be cut off.", reason="alone")
    return Wanted(desk)


def _check_state(call: CallView, act: CallAct) -> None:
    if act == "hold" and call.state is CallState.HELD:
        raise Conflict("The call is on hold already.", reason="held")
    if act == "unhold" and call.state is not CallState.HELD:
        raise Conflict("The call is not on hold.", reason="not_held")
    if act == "transfer" and call.parties:
        raise Conflict("The call is in a conference: leave it instead.", reason="conference")


def _own_call(call: CallView, asker: Asker) -> str:
    """The asker's desk. Raises Conflict unless the call is talked there."""
    desk = _seat(asker)
    if call.state not in rules.TALKING or call.agent != desk:
        raise Conflict("The call is not at your desk.", reason="not_here", state=call.state.value)
    return desk


def _seat(asker: Asker) -> str:
    if asker.extension is None:
        raise Conflict("Sit down at a desk first.", reason="no_seat")
    return asker.extension


def _party(call: CallView, to: str | None, desk: str, reach: Reach) -> str:
    if to is None:
        raise Invalid("Say whom.", field="to")
    if to == desk or to in call.parties:
        raise Conflict("They are in the call already.", reason="there")
    try:
        return reach.party(to)
    except NotAllowed as refused:
        raise Invalid(f"This number may not be called: {refused}.", field="to") from refused


def _supervision(call: CallView, act: CallAct, asker: Asker, reach: Reach, own_desk: AgentView | None) -> Wanted:
    if Role.SUPERVISOR not in asker.roles:
        raise Forbidden("Only supervisors do this.", roles=[Role.SUPERVISOR.value])
    desk = _seat(asker)
    if call.state not in rules.TALKING or call.agent is None:
        raise Conflict("Nobody talks with the caller now.", reason="not_talking", state=call.state.value)
    if call.agent == desk:
        raise Conflict("The call is at your own desk.", reason="own")
    if act == "stop_listening" and desk not in call.monitored_by:
        raise Conflict("Your desk does not hear this call.", reason="not_listening")
    if desk not in call.monitored_by:
        _check_free(own_desk)
    elif act != "stop_listening":
        raise Conflict("Your desk hears this call already: stop listening first.", reason="listening")
    try:
        return Wanted(call.agent, reach.desk(desk))
    except NotAllowed as refused:
        raise Invalid(f"Your desk may not be called: {refused}.", field="extension") from refused


def _call_back(call: CallView, asker: Asker, reach: Reach, own_desk: AgentView | None) -> Wanted:
    """To the number of a known call, never to one that somebody types."""
    desk = _seat(asker)
    if call.ended_at is None:
        raise Conflict("The caller is still there.", reason="not_ended", state=call.state.value)
    if call.ani is None:
        raise Conflict("The call came without a number.", reason="no_number")
    _check_free(own_desk)
    try:
        return Wanted(desk, reach.citizen(call.ani))
    except NotAllowed as refused:
        raise Conflict(f"This number may not be called: {refused}.", reason="not_allowed") from refused


def _check_free(desk: AgentView | None) -> None:
    """A desk that the PBX has not described (a supervisor's, in no queue) is asked and may refuse by itself."""
    if desk is not None and desk.device not in FREE:
        raise Conflict("Your own phone is not free.", reason="busy", device=desk.device)


def check_desk_act(
    desk: str, act: DeskAct, reason: str | None, asker: Asker, known: AgentView | None
) -> tuple[DeskAct, str | None]:
    """What to ask of the PBX, and the pause's reason. 'ready' of a desk in no queue is its sign-in.

    Raises Forbidden when it is another's desk and the asker is no supervisor, Conflict, Invalid.
    """
    own = desk == asker.extension
    if not own and Role.SUPERVISOR not in asker.roles:
        raise Forbidden("This is another's desk.", roles=[Role.SUPERVISOR.value])
    member = known is not None and bool(known.queues)
    if act in ("ready", "sign_in"):
        return ("ready", None) if member else ("sign_in", None)
    if not member:
        raise Conflict("The desk is signed in to no queue.", reason="signed_out")
    if act == "sign_out":
        return "sign_out", None
    if not own and reason is None:
        return "pause", PauseReason.SUPERVISOR.value
    if reason not in OF_PEOPLE:
        raise Invalid("Give one of the reasons.", field="reason", reasons=[one.value for one in OF_PEOPLE])
    return "pause", str(reason)


def pauses_after_missed_ring(desk: AgentView | None, others: Collection[AgentView]) -> bool:
    """Whether a desk that let a call ring is to be paused: never the last one of a queue that could answer."""
    if desk is None or desk.paused or not desk.queues:
        return False
    return all(
        any(_could_answer(other, queue) for other in others if other.agent != desk.agent) for queue in desk.queues
    )


def _could_answer(desk: AgentView, queue: str) -> bool:
    return queue in desk.queues and not desk.paused and desk.device != "unavailable"


def wraps_up(call: CallView, desk: AgentView | None) -> bool:
    """Whether a desk is to take no calls for a while after this one: somebody sits there, and it is not paused."""
    talked = call.answered_at is not None and call.agent is not None
    return talked and desk is not None and desk.user_id is not None and bool(desk.queues) and not desk.paused
