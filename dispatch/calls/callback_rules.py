"""Calling back who gave up before an answer: who does it, how often, and how it may end. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Self

from dispatch.calls.rules import GIVEN_UP
from dispatch.calls.silence import SHORTEST_REASON
from dispatch.errors import Conflict, Forbidden
from dispatch.views import CallView
from dispatch.words import CallDisposition, CallState

Result = Literal["reached", "not_reached", "called_again", "no_number", "not_called"]


@dataclass(frozen=True, slots=True)
class Policy:
    """The centre's settings on calls."""

    attempts: int = 3
    """Before a caller may be given up as not reached."""
    claim_for: timedelta = timedelta(minutes=10)
    """How long a claim keeps others away."""
    undo_within: timedelta = timedelta(minutes=15)
    listen_for: timedelta = timedelta(seconds=8)

    @classmethod
    def of_seconds(cls, *, attempts: int, claim_s: float, undo_s: float, listen_s: float) -> Self:
        return cls(attempts, timedelta(seconds=claim_s), timedelta(seconds=undo_s), timedelta(seconds=listen_s))


def holder(call: CallView, now: datetime, policy: Policy) -> str | None:
    """Who is calling back now; a claim that was forgotten holds nobody off for ever."""
    if call.callback_by is None or call.callback_claimed_at is None:
        return None
    return call.callback_by if now - call.callback_claimed_at < policy.claim_for else None


def claimed(call: CallView, user_id: str, now: datetime, policy: Policy) -> CallView:
    """Raises Conflict when the call is not on the list or somebody else is calling back."""
    check_lost(call)
    other = holder(call, now, policy)
    if other not in (None, user_id):
        raise Conflict("Somebody else is calling back already.", reason="claimed", holder=other)
    return _changed(call, callback_by=user_id, callback_claimed_at=now)


def released(call: CallView, user_id: str) -> CallView:
    """Raises Conflict when it is not the user's to release."""
    check_lost(call)
    if call.callback_by != user_id:
        raise Conflict("You have not taken this call back upon you.", reason="not_yours", holder=call.callback_by)
    return _changed(call, callback_by=None, callback_claimed_at=None)


def attempted(call: CallView, user_id: str, now: datetime, policy: Policy) -> CallView:
    """One more attempt by a user, who thereby claims it. Raises Conflict, also where there is no number."""
    if call.ani is None:
        check_lost(call)
        raise Conflict("The network gave no number to call back.", reason="no_number")
    mine = claimed(call, user_id, now, policy)
    return mine.model_copy(
        update={"callback_attempts": call.callback_attempts + 1, "callback_attempted_at": now},
    )


def result_of(
    call: CallView, disposition: CallDisposition | None, note: str, user_id: str | None, now: datetime, policy: Policy
) -> Result | None:
    """How a call back ended when the call is now closed with this disposition; None for any other call.

    Raises Conflict while somebody else is calling back, before the first attempt, and before the last one when nobody
    was reached, unless a note gives the reason.
    """
    if call.state not in GIVEN_UP:
        return None
    other = holder(call, now, policy)
    if other not in (None, user_id):
        raise Conflict("Somebody else is calling back already.", reason="claimed", holder=other)
    if call.ani is None:
        return "no_number"
    explained = len(note.strip()) >= SHORTEST_REASON
    if call.callback_attempts == 0:
        if not explained:
            raise Conflict("Call back first, or say why not.", reason="not_called_back")
        return "not_called"
    if disposition is not CallDisposition.DROPPED:
        return "reached"
    left = policy.attempts - call.callback_attempts
    if left > 0 and not explained:
        raise Conflict("Try again before you give the caller up, or say why not.", reason="try_again", left=left)
    return "not_reached"


def called_again(call: CallView, answered_in: str, now: datetime) -> CallView:
    """Closed, since the same number called again and was answered. Raises Conflict when it is not on the list."""
    check_lost(call)
    return _changed(
        call,
        state=CallState.CLOSED,
        closed_from=call.state,
        disposition=CallDisposition.DROPPED,
        callback_result="called_again",
        answered_in_call_id=answered_in,
        disposed_at=now,
    )


def check_lost(call: CallView) -> None:
    """Raises Conflict when the call is not on the list of those to call back."""
    if call.state not in GIVEN_UP:
        raise Conflict("This call is not on the list to call back.", reason="not_lost", state=call.state.value)


def check_undo(call: CallView, user_id: str | None, *, supervises: bool, now: datetime, policy: Policy) -> None:
    """Whoever closed a call may take it back for a while, a supervisor always. Raises Forbidden, Conflict."""
    if supervises:
        return
    if call.disposed_by is None or call.disposed_by != user_id:
        raise Forbidden("Only who closed the call, or a supervisor, takes that back.")
    if call.disposed_at is None or now - call.disposed_at > policy.undo_within:
        raise Conflict("It is too late to undo this; ask a supervisor.", reason="too_late")


def _changed(call: CallView, **changes: object) -> CallView:
    return call.model_copy(update={**changes, "version": call.version + 1})
