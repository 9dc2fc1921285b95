"""A call as the PBX's facts and the call-takers' acts shape it: pure.

Facts are the truth and cannot be refused: one that does not fit (missed while the adapter was away, doubled, late)
leaves the state alone and is still recorded. Commands are refused with Conflict.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, cast

import phonenumbers

from dispatch import events
from dispatch.errors import Conflict, Invalid
from dispatch.views import CallView, TranscriptLine
from dispatch.words import CallDisposition, CallState
from telephony import facts

REGION = "ID"
"""Where a number without a country code belongs."""

TRANSCRIPT_LINES = 20
"""What a view carries of the talk; the log has every line."""

MOST_DIGITS = 32
"""Of the keys that a caller pressed; the log has every one."""

LONGEST_TRUNK = 128
"""The column's width."""

UNKNOWN_CAUSE = "unknown"
"""The PBX forgot the call (restart): nobody knows whether the caller gave up."""

NO_NUMBER = frozenset({"", "anonymous", "unknown", "unavailable", "restricted", "private", "withheld", "<unknown>"})
"""What networks and dialplans write where there is no number."""


class Act(StrEnum):
    ENTER_IVR = "enter_ivr"
    DROP_IVR = "drop_ivr"
    QUEUE = "queue"
    RING = "ring"
    MISS = "miss"
    ANSWER = "answer"
    HOLD = "hold"
    UNHOLD = "unhold"
    TRANSFER = "transfer"
    ABANDON = "abandon"
    END = "end"
    LOSE = "lose"
    """It ended and nothing says that a caller gave up: the PBX restarted, or the centre itself was calling."""
    DISPOSE = "dispose"


S = CallState

BEFORE_QUEUE = (S.ARRIVED, S.IN_IVR)
WAITING = (S.ARRIVED, S.QUEUED, S.RINGING)
"""Somebody should answer. In the menu the caller is still choosing."""
TALKING = (S.ANSWERED, S.HELD)
GIVEN_UP = (S.ABANDONED, S.IVR_DROPPED)
"""On the call-back list until disposed; a fact that shows the caller still there brings the call back."""
NOT_TALKING = (S.ARRIVED, S.IN_IVR, S.QUEUED, S.RINGING, *GIVEN_UP)

MOVES: dict[tuple[CallState, Act], CallState] = {
    **{(state, Act.ENTER_IVR): S.IN_IVR for state in NOT_TALKING},
    **{(state, Act.DROP_IVR): S.IVR_DROPPED for state in BEFORE_QUEUE},
    **{(state, Act.DROP_IVR): S.ABANDONED for state in (S.QUEUED, S.RINGING)},
    **{(state, Act.QUEUE): S.QUEUED for state in (*NOT_TALKING, *TALKING)},
    **{(state, Act.RING): S.RINGING for state in NOT_TALKING},
    (S.RINGING, Act.MISS): S.QUEUED,
    **{(state, Act.ANSWER): S.ANSWERED for state in (*NOT_TALKING, *TALKING)},
    **{(state, Act.HOLD): S.HELD for state in (*NOT_TALKING, *TALKING)},
    **{(state, Act.UNHOLD): S.ANSWERED for state in (*NOT_TALKING, *TALKING)},
    **{(state, Act.ABANDON): S.ABANDONED for state in (*BEFORE_QUEUE, S.QUEUED, S.RINGING)},
    **{(state, Act.END): S.ABANDONED for state in WAITING},
    (S.IN_IVR, Act.END): S.IVR_DROPPED,
    **{(state, Act.END): S.WRAP_UP for state in TALKING},
    **{(state, Act.LOSE): S.WRAP_UP for state in (*WAITING, S.IN_IVR, *TALKING)},
}
"""Where a fact moves a call; any other pair leaves the state as it is. Nothing leaves wrap-up and closed.

A transfer moves nothing (legs change, the caller stays); back into a queue makes the caller wait again.
"""

DISPOSALS: dict[CallState, CallState] = {
    S.ANSWERED: S.ANSWERED,
    S.HELD: S.HELD,
    S.WRAP_UP: S.CLOSED,
    S.ABANDONED: S.CLOSED,
    S.IVR_DROPPED: S.CLOSED,
}
"""Where a disposition moves a call: while talking it is kept and closes the call at its end."""


def after_fact(state: CallState, act: Act) -> CallState:
    """The state after what the PBX says happened; defined for every pair."""
    return MOVES.get((state, act), state)


def after_disposal(state: CallState) -> CallState:
    """Raises Conflict when the call still waits or is closed."""
    after = DISPOSALS.get(state)
    if after is None:
        why = "is closed already" if state is S.CLOSED else "still waits for an answer"
        raise Conflict(f"The call {why}.", state=state.value)
    return after


def clean(text: str) -> str:
    """Text from outside without control characters, line breaks and broken Unicode, each shown as a blank."""
    if text.isprintable():
        return text
    whole = text.encode("utf-8", "replace").decode()
    return "".join(letter if letter.isprintable() else " " for letter in whole).strip()


def clean_key(text: str) -> str:
    """An identifier from outside: as `clean`, but what is replaced stays visible, so that two never become one."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in text)[: facts.MAX_TEXT]


def utc(at: datetime) -> datetime:
    """A fact's time; one without a zone is UTC by the contract."""
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def normal_number(given: str | None) -> str | None:
    """E.164 where the number is a valid one, else as the network gave it; None when there is none."""
    text = clean(given or "")
    if text.casefold() in NO_NUMBER:
        return None
    bare = text.removeprefix("tel:").removeprefix("sip:").partition("@")[0]
    for spelling in _spellings(bare):
        try:
            number = phonenumbers.parse(spelling, REGION)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number) and not number.extension:
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return text


def _spellings(bare: str) -> tuple[str, ...]:
    """How trunks write one number: as it is dialled here, else abroad with 00, or our own country without a plus."""
    if bare.startswith("00"):
        return (f"+{bare[2:]}",)
    return (bare, f"+{bare}") if bare.startswith("62") else (bare,)


def born(call_id: str, pbx: str, fact: facts.CallFact) -> CallView:
    """The call at its first fact, whichever that is: one whose arrival was missed is known from then on."""
    arrival = fact if isinstance(fact, facts.CallArrived) else None
    return CallView(
        id=call_id,
        pbx=clean_key(pbx),
        linkedid=clean_key(fact.linkedid),
        direction=arrival.direction if arrival else "inbound",
        state=S.ARRIVED,
        ani=normal_number(arrival.ani) if arrival else None,
        ani_withheld=arrival.ani_withheld if arrival else False,
        caller_name=_text(arrival.caller_name) if arrival else None,
        dialled=_text(arrival.dialled) if arrival else None,
        trunk=trunk_of(arrival.channel) if arrival else None,
        queue=None,
        agent=None,
        call_taker_id=None,
        arrived_at=utc(fact.at),
        queued_at=None,
        ringing_at=None,
        answered_at=None,
        ended_at=None,
        end_cause=None,
        transferred_to=None,
        transcript=(),
        disposition=None,
        note="",
        incident_id=None,
        version=0,
    )


def taken_in(call: CallView, fact: facts.CallFact, user_id: str | None = None) -> CallView:
    """The call after a fact. `user_id` is who sits at the desk that answered."""
    act = _act(call, fact)
    changes = dict(_details(call, fact, user_id))
    if act is not None and call.ended_at is None:
        state = after_fact(call.state, act)
        if (state is S.WRAP_UP and call.disposition is not None) or (state in GIVEN_UP and call.number_rule == "block"):
            # Nobody calls back whom a supervisor's rule had the PBX turn away; the log and the figures keep the call.
            changes["closed_from"], state = state, S.CLOSED
        changes["state"] = state
        if state is S.QUEUED:
            changes["agent"] = None
    return call.model_copy(update={**changes, "version": call.version + 1})


def _act(call: CallView, fact: facts.CallFact) -> Act | None:
    if isinstance(fact, facts.CallHeld):
        return Act.HOLD if fact.held else Act.UNHOLD
    if isinstance(fact, facts.CallEnded):
        surely = fact.cause != UNKNOWN_CAUSE and call.direction == "inbound"
        return Act.END if surely else Act.LOSE
    if isinstance(fact, facts.RingMissed) and clean_key(fact.agent) != call.agent:
        return None  # another desk still rings
    return ACTS.get(type(fact))


ACTS: Mapping[type[facts.CallFact], Act] = {
    facts.IvrEntered: Act.ENTER_IVR,
    facts.IvrDropped: Act.DROP_IVR,
    facts.CallQueued: Act.QUEUE,
    facts.CallRinging: Act.RING,
    facts.RingMissed: Act.MISS,
    facts.CallAnswered: Act.ANSWER,
    facts.CallTransferred: Act.TRANSFER,
    facts.CallAbandoned: Act.ABANDON,
}
"""What a fact does to the state; held and ended depend on their content, arrival and transcript do nothing."""


def _details(call: CallView, fact: facts.CallFact, user_id: str | None) -> Mapping[str, Any]:
    """What a fact tells besides the state. Times are those of the first such fact, so that a KPI stays true."""
    at = utc(fact.at)
    match fact:
        case facts.CallArrived():
            return _arrival(call, fact)
        case facts.CallQueued():
            return {"queue": clean(fact.queue), "queued_at": call.queued_at or at}
        case facts.CallRinging():
            desk = {} if call.state in TALKING else {"agent": clean_key(fact.agent)}
            return {"ringing_at": call.ringing_at or at, **desk}
        case facts.CallAnswered():
            who = user_id if user_id is not None else call.call_taker_id
            muted = call.muted and call.agent == clean_key(fact.agent)
            at_desk = {"agent": clean_key(fact.agent), "call_taker_id": who, "muted": muted}
            return {**at_desk, "answered_at": call.answered_at or at}
        case facts.CallTransferred():
            return {"transferred_to": clean(fact.to), "muted": False}
        case facts.CallJoined():
            return {"parties": _with(call.parties, clean_key(fact.party), there=fact.joined)}
        case facts.CallMonitored():
            return {"monitored_by": _with(call.monitored_by, clean_key(fact.agent), there=fact.monitoring)}
        case facts.CallTranscribed() | facts.CallDigit() | facts.CallNumberRuleMet():
            return _heard(call, fact)
        case facts.CallEnded():
            nobody = {"muted": False, "parties": (), "monitored_by": ()}
            return {"ended_at": call.ended_at or at, "end_cause": call.end_cause or clean(fact.cause), **nobody}
        case _:
            return {}


def _with(others: tuple[str, ...], one: str, *, there: bool) -> tuple[str, ...]:
    """`others` with or without `one`, each once."""
    rest = tuple(other for other in others if other != one)
    return (*rest, one) if there else rest


def _heard(
    call: CallView, fact: facts.CallTranscribed | facts.CallDigit | facts.CallNumberRuleMet
) -> Mapping[str, Any]:
    """What came over the line, by voice or by key."""
    if isinstance(fact, facts.CallTranscribed):
        line = TranscriptLine(at=utc(fact.at), speaker=fact.speaker, text=clean(fact.text))
        return {"transcript": (*call.transcript, line)[-TRANSCRIPT_LINES:]}
    if isinstance(fact, facts.CallDigit):
        return {"digits": (call.digits + fact.digit)[-MOST_DIGITS:]}
    return {"number_rule": fact.how}


def _arrival(call: CallView, fact: facts.CallArrived) -> Mapping[str, Any]:
    """A late or repeated arrival (resync) fills what is unknown and never unsays what is known."""
    return {
        "direction": fact.direction,
        "ani": call.ani or normal_number(fact.ani),
        "ani_withheld": call.ani_withheld or fact.ani_withheld,
        "caller_name": call.caller_name or _text(fact.caller_name),
        "dialled": call.dialled or _text(fact.dialled),
        "trunk": call.trunk or trunk_of(fact.channel),
        "arrived_at": min(call.arrived_at, utc(fact.at)),
    }


def trunk_of(channel: str) -> str | None:
    """The line in a channel's name: 'PJSIP/trunk-telkom-0000002a' is 'trunk-telkom'."""
    name = clean(channel).partition("/")[2]
    line, dash, _count = name.rpartition("-")
    return (line if dash else name)[:LONGEST_TRUNK] or None


def _text(given: str | None) -> str | None:
    return clean(given or "") or None


TOLD: Mapping[type[facts.CallFact], type[events.Event]] = {
    facts.CallArrived: events.CallArrived,
    facts.IvrEntered: events.CallEnteredIvr,
    facts.IvrDropped: events.CallLeftIvr,
    facts.CallQueued: events.CallQueued,
    facts.CallRinging: events.CallRinging,
    facts.RingMissed: events.CallRingMissed,
    facts.CallAnswered: events.CallAnswered,
    facts.CallHeld: events.CallHeld,
    facts.CallTransferred: events.CallTransferred,
    facts.CallJoined: events.CallJoined,
    facts.CallMonitored: events.CallMonitored,
    facts.CallTranscribed: events.CallTranscribed,
    facts.CallDigit: events.CallDigitPressed,
    facts.CallNumberRuleMet: events.CallNumberRuleMet,
    facts.CallAbandoned: events.CallAbandoned,
    facts.CallEnded: events.CallEnded,
}
"""The event that says what a fact said; its fields bear the fact's names."""


def event_of(
    call: CallView, fact: facts.CallFact, user_id: str | None = None, *, known: bool = False
) -> events.AnyEvent:
    """What the log keeps of a fact, also of one that did not move the call. `user_id` as for `taken_in`.

    `known`: the call was there before the fact, so that a late arrival only says who it is.
    """
    kind = events.CallIdentified if known and isinstance(fact, facts.CallArrived) else TOLD[type(fact)]
    said: dict[str, Any] = {"call_id": call.id, "incident_id": call.incident_id}
    for name, value in fact:
        if name != "type" and name in kind.model_fields:
            said[name] = clean(value) if isinstance(value, str) else value
    if kind is events.CallAnswered:
        said["user_id"] = user_id
    return cast(events.AnyEvent, kind(**said))


def waits(call: CallView) -> bool:
    """Somebody calls in and nobody has answered yet."""
    turned_away = call.number_rule == "block"
    return call.state in WAITING and call.direction == "inbound" and call.ended_at is None and not turned_away


def disposed(call: CallView, disposition: CallDisposition | None, note: str) -> CallView:
    """The call with its disposition; without one, a call that reports an incident was handled.

    Raises Conflict when the call waits or is closed, Invalid when neither disposition nor incident is there.
    """
    state = after_disposal(call.state)
    if disposition is None:
        if call.incident_id is None:
            raise Invalid("A call without an incident needs a disposition.", field="disposition")
        disposition = CallDisposition.HANDLED
    changes: dict[str, Any] = {"state": state, "disposition": disposition, "note": note}
    if state is S.CLOSED:
        changes["closed_from"] = call.state
    return call.model_copy(update={**changes, "version": call.version + 1})


def undone(call: CallView) -> CallView:
    """The call as before somebody said what it was. Raises Conflict when nobody did."""
    if call.disposition is None:
        raise Conflict("Nobody has said yet what the call was.", state=call.state.value)
    state = (call.closed_from or S.WRAP_UP) if call.state is S.CLOSED else call.state
    back = {"disposition": None, "note": "", "disposed_at": None, "disposed_by": None, "closed_from": None}
    return call.model_copy(
        update={**back, "state": state, "callback_result": None, "answered_in_call_id": None}
        | {"version": call.version + 1}
    )


def check_answer(call: CallView, extension: str | None, *, desk_rings: bool) -> str:
    """The desk whose phone is to pick up. Raises Conflict when there is none or it does not ring.

    `desk_rings`: the PBX says that the desk's phone rings now; a queue may ring many desks for one call.
    """
    if extension is None:
        raise Conflict("Sit down at a desk first.", reason="no_seat")
    rings_here = call.state is S.RINGING and (call.agent == extension or desk_rings)
    if not rings_here:
        raise Conflict("The call does not ring at your desk.", reason="not_ringing", state=call.state.value)
    return extension


def check_hangup(call: CallView) -> None:
    """Raises Conflict when the caller is gone."""
    if call.ended_at is not None or call.state in (S.WRAP_UP, S.CLOSED):
        raise Conflict("The call is over already.", reason="ended", state=call.state.value)
