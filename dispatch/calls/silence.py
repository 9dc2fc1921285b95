"""The silent-call procedure: nobody who cannot speak is thrown away. Pure.

A call on which nobody speaks is closed as silent only after the caller was asked to press a key, was listened to for
some seconds, and was offered a call back; or with a reason in the note. Keys that they pressed are an answer.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from dispatch.errors import Conflict
from dispatch.views import CallView
from dispatch.words import CallDisposition

SHORTEST_REASON = 5
"""Characters of a reason that says something."""


class Step(StrEnum):
    ASK = "ask"
    """Say: if you cannot speak, press any key."""
    LISTEN = "listen"
    """Listen for sounds and keys."""
    CALLBACK = "callback"
    """Offer to call back, or do so when the line is cut."""


_TIME_OF = {
    Step.ASK: "silent_asked_at",
    Step.LISTEN: "silent_listened_at",
    Step.CALLBACK: "silent_callback_at",
}


def missing(call: CallView) -> tuple[Step, ...]:
    """Steps not yet done, in their order. A call that nobody answered could be neither asked nor listened to."""
    open_steps = [step for step in Step if getattr(call, _TIME_OF[step]) is None]
    if call.answered_at is not None:
        return tuple(open_steps)
    return () if call.callback_attempts else (Step.CALLBACK,)


def taken(call: CallView, step: Step, now: datetime, listen_for: timedelta) -> CallView:
    """The call after a step, done again or for the first time.

    Raises Conflict when nobody was answered, an earlier step is not done, or it was listened to for too short a time.
    """
    if call.answered_at is None or call.disposition is not None:
        raise Conflict("Only a call that was answered and not yet judged can be led.", reason="not_answered")
    before = missing(call)
    if step in before and before[0] is not step:
        raise Conflict("The step before this one is not done yet.", reason="out_of_order", step=before[0].value)
    asked = call.silent_asked_at
    if step is Step.LISTEN and asked is not None and now - asked < listen_for:
        left_s = round((listen_for - (now - asked)).total_seconds())
        raise Conflict("Listen a little longer.", reason="too_short", left_s=left_s)
    done = getattr(call, _TIME_OF[step]) or now
    # What was pressed before the question, in a menu, is no answer to it.
    digits = "" if step is Step.ASK and asked is None else call.digits
    return call.model_copy(update={_TIME_OF[step]: done, "digits": digits, "version": call.version + 1})


def check_close(call: CallView, disposition: CallDisposition | None, note: str) -> None:
    """Raises Conflict when the call may not be closed as silent yet."""
    if disposition is not CallDisposition.SILENT or len(note.strip()) >= SHORTEST_REASON:
        return
    if call.silent_asked_at is not None and call.digits:
        raise Conflict(
            "The caller pressed a key after you asked: somebody is there. Open an incident, or say why not.",
            reason="silent_digits",
            digits=call.digits,
        )
    left = missing(call)
    if left:
        raise Conflict(
            "A silent call is closed after the procedure, or with a reason.",
            reason="silent_procedure",
            missing=[step.value for step in left],
        )
