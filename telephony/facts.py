"""Facts about calls and agents: the whole contract between the telephony adapter and the core.

A fact says what the PBX said happened, in the past tense, never what should follow from it. Facts are frozen,
extra fields are refused, and a field is only ever added. `at` is the PBX's own clock in UTC where the PBX gave
one (timestampevents = yes), else the clock at reading.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

MAX_TEXT = 512
"""Longest free text of a fact in characters; the fold cuts what is longer."""

Text = Annotated[str, Field(max_length=MAX_TEXT)]


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    at: datetime


class _CallFact(_Fact):
    linkedid: Text
    """The PBX's name of the whole call; all its legs carry it."""


class CallArrived(_CallFact):
    """A caller's channel came in from the public network, or the centre began to call out."""

    type: Literal["call_arrived"] = "call_arrived"
    uniqueid: Text
    channel: Text
    ani: Text | None
    """The number as the network gave it; None when it gave none."""
    ani_withheld: bool = False
    """The caller asked not to be shown; an emergency centre still sees an asserted number."""
    caller_name: Text | None
    dialled: Text | None
    direction: Literal["inbound", "outbound"] = "inbound"
    resynced: bool = False
    """True when first seen in a resync after a reconnect: earlier facts of this call may be missing."""


class IvrEntered(_CallFact):
    """The caller hears the 'press 1' menu."""

    type: Literal["ivr_entered"] = "ivr_entered"


class IvrDropped(_CallFact):
    """The caller left the menu without reaching the queue."""

    type: Literal["ivr_dropped"] = "ivr_dropped"


class CallQueued(_CallFact):
    type: Literal["call_queued"] = "call_queued"
    queue: Text
    position: int | None = None


class CallRinging(_CallFact):
    """A desk's phone rings for this call."""

    type: Literal["call_ringing"] = "call_ringing"
    agent: Text
    """Desk extension, e.g. '101'."""
    agent_channel: Text | None = None


class RingMissed(_CallFact):
    """The desk that was rung did not answer."""

    type: Literal["ring_missed"] = "ring_missed"
    agent: Text
    rang_s: float | None = None


class CallAnswered(_CallFact):
    """A call-taker and the caller are connected (not: the dialplan answered the channel)."""

    type: Literal["call_answered"] = "call_answered"
    agent: Text
    agent_channel: Text | None = None
    waited_s: float | None = None


class CallHeld(_CallFact):
    type: Literal["call_held"] = "call_held"
    held: bool
    """True: put on hold; False: taken back."""


class CallTransferred(_CallFact):
    type: Literal["call_transferred"] = "call_transferred"
    to: Text
    how: Literal["blind", "attended"]


class CallJoined(_CallFact):
    """Somebody else came into the call (a conference), or left it."""

    type: Literal["call_joined"] = "call_joined"
    party: Text
    """Number of the agency, interpreter or desk."""
    joined: bool


class CallMonitored(_CallFact):
    """A supervisor's desk began to hear the call, or ceased to."""

    type: Literal["call_monitored"] = "call_monitored"
    agent: Text
    """The supervisor's desk."""
    monitoring: bool


class CallTranscribed(_CallFact):
    """A line of what was said, from a speech-to-text service that publishes UserEvent SiagaTranscript."""

    type: Literal["call_transcribed"] = "call_transcribed"
    speaker: Literal["caller", "call_taker"]
    text: Text


class CallDigit(_CallFact):
    """The caller pressed a key of the phone: in the menu, or because they cannot speak."""

    type: Literal["call_digit"] = "call_digit"
    digit: Literal["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#", "A", "B", "C", "D"]


class CallNumberRuleMet(_CallFact):
    """The PBX treated the call by the centre's rule for its number (UserEvent SiagaNumberRule)."""

    type: Literal["call_number_rule_met"] = "call_number_rule_met"
    how: Literal["divert", "confirmed", "block"]
    """divert: asked whether it is real; confirmed: said so, waits in the low-priority queue; block: told and cut."""


class CallAbandoned(_CallFact):
    """The caller gave up before a call-taker answered."""

    type: Literal["call_abandoned"] = "call_abandoned"
    waited_s: float | None = None


class CallEnded(_CallFact):
    """The caller's leg is gone. Always the last fact of a call."""

    type: Literal["call_ended"] = "call_ended"
    cause: Text
    """'hangup' with the Q.850 text, or 'unknown' when the PBX forgot the call (restart)."""
    cause_code: int | None = None


class AgentChanged(_Fact):
    """What the PBX now says of a queue member; the whole state each time, so that any later one repairs it."""

    type: Literal["agent_changed"] = "agent_changed"
    agent: Text
    name: Text | None
    queues: tuple[Text, ...]
    """Queues in which the desk is a member; empty after it signed out."""
    paused: bool
    pause_reason: Text | None = None
    device: Literal["unknown", "idle", "in_use", "busy", "ringing", "on_hold", "unavailable"] = "unknown"
    paused_at: datetime | None = None
    """When the pause began, by the PBX's clock in whole seconds; None when not paused or unknown."""


CallFact = (
    CallArrived
    | IvrEntered
    | IvrDropped
    | CallQueued
    | CallRinging
    | RingMissed
    | CallAnswered
    | CallHeld
    | CallTransferred
    | CallJoined
    | CallMonitored
    | CallTranscribed
    | CallDigit
    | CallNumberRuleMet
    | CallAbandoned
    | CallEnded
)
Fact = Annotated[CallFact | AgentChanged, Field(discriminator="type")]


class Envelope(BaseModel):
    """A fact with its identity. The core ignores an (pbx, key, n) that it has committed before."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pbx: Annotated[str, Field(min_length=1, max_length=64)]
    key: Text
    """linkedid for call facts, 'agent:EXTENSION' for agent facts."""
    n: int
    """Counts up from 1 within (pbx, key); the spool numbers it, so that it survives a restart."""
    fact: Fact


CallAct = Literal[
    "answer",
    "hangup",
    "hold",
    "unhold",
    "mute",
    "unmute",
    "transfer",
    "conference",
    "leave",
    "listen",
    "whisper",
    "barge",
    "stop_listening",
    "take_over",
    "call_back",
]
"""answer: have the desk's ringing phone pick up; hangup: end the caller's channel; hold, unhold: have the desk's phone
do so; mute: what the desk says; transfer: the caller goes to `to` and the desk leaves; conference: `to` joins; leave:
the desk leaves the others; listen, whisper, barge: desk `to` hears desk `agent`, and is heard by it or by both;
stop_listening: it hears no more; take_over: the caller goes from desk `agent` to desk `to`; call_back: desk `agent`
calls the citizen `to`."""

DeskAct = Literal["sign_in", "sign_out", "pause", "ready"]
"""Of desk `agent`: become a member of `queues`, or cease to be; take no calls (in all its queues), or take them."""


class PbxCommand(BaseModel):
    """What the core asks of a PBX, after commit. Never sent again once handed out; dropped after `expires_at`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    """Unique; becomes the ActionID."""
    act: CallAct | DeskAct
    linkedid: Text = ""
    """The call, of a CallAct but call_back."""
    agent: Text | None = None
    to: Text | None = None
    queues: tuple[Text, ...] = ()
    name: Text | None = None
    """Of whom signs in, for the PBX's own displays."""
    reason: Text | None = None
    """Of a pause."""
    expires_at: datetime


class CommandOutcome(BaseModel):
    """What became of a command: told once, and again only while the core has not said that it has it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(max_length=64)]
    outcome: Literal["accepted", "refused", "dropped", "unknown"]
    """accepted: the PBX said yes to all of it; refused: the PBX said no; dropped: nothing was asked of the PBX, for it
    was too late, not possible or not allowed; unknown: asked, and the answer did not come."""
    words: Text
    """The PBX's own, or ours where it said nothing."""


class NumberRule(BaseModel):
    """What a PBX is to know of one number; it stays in force there while the core or the adapter is away."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    keys: tuple[Annotated[str, Field(pattern=r"^\+?\d{3,20}$")], ...]
    """The number as trunks may write it."""
    kind: Literal["divert", "block"]
    ends_at: datetime
    """The PBX itself ignores the rule from then on."""


class NumberRulesInForce(BaseModel):
    """Which rules a PBX has confirmed that it holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pbx: Annotated[str, Field(min_length=1, max_length=64)]
    rule_ids: tuple[Annotated[str, Field(max_length=36)], ...]


class PbxHealth(BaseModel):
    """The adapter's own state, sent at each change and every few seconds, so that silence can be noticed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pbx: str
    connected: bool
    since: datetime
    detail: Text = ""
    """In words for the screen, e.g. 'login refused: check ami_secret'."""
    spooled: int = 0
    """Facts written to the spool and not yet committed by the core."""


ENVELOPES: TypeAdapter[list[Envelope]] = TypeAdapter(list[Envelope])
