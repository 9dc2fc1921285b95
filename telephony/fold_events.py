"""What each event adds to a call.

Facts are told by what an event says, not by where it stands in the stream: the PBX sends neighbours in varying order
and some of them twice, and the dialplan's answer of a channel is not a call-taker's.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Literal

from telephony import fold_read as read
from telephony.actions import PARTY
from telephony.facts import (
    MAX_TEXT,
    CallAnswered,
    CallDigit,
    CallHeld,
    CallNumberRuleMet,
    CallQueued,
    CallRinging,
    CallTranscribed,
    CallTransferred,
    Fact,
    IvrEntered,
    RingMissed,
)
from telephony.fold_calls import CallTable
from telephony.fold_state import Call, FoldConfig, Leg
from telephony.wire import AmiMessage

_DIALLABLE = re.compile(r"\+?[\d*#]+", re.ASCII)
_MILLISECOND_S = 0.001

_SPEAKERS: dict[str, Literal["caller", "call_taker"]] = {"caller": "caller", "call_taker": "call_taker"}
_RULES: dict[str, Literal["divert", "confirmed", "block"]] = {
    "divert": "divert",
    "confirmed": "confirmed",
    "block": "block",
}
_DIGITS = frozenset("0123456789ABCD*#")
_How = Literal["blind", "attended"]
_Handler = Callable[[Call, AmiMessage, datetime], list[Fact]]


def _is_newer(call: Call, kind: str, message: AmiMessage) -> bool:
    """Whether a message of `kind` is later than the last one, and not that one or an older one again.

    A PBX that gives no times is believed: our clock does not tell a repetition from the next event.
    """
    stamp = read.stamp(message)
    if stamp is None:
        return True
    if kind in call.latest and stamp <= call.latest[kind]:
        return False
    call.latest[kind] = stamp
    return True


class CallEvents:
    def __init__(self, config: FoldConfig, table: CallTable) -> None:
        self._config = config
        self._table = table
        self._handlers: dict[str, _Handler] = {
            "Newchannel": _nothing,
            "Newstate": _nothing,
            "QueueCallerJoin": self._on_join,
            "QueueCallerLeave": self._on_leave,
            "QueueCallerAbandon": self._on_abandon,
            "AgentCalled": self._on_called,
            "AgentRingNoAnswer": self._on_missed,
            "AgentConnect": self._on_connect,
            "Hold": self._on_hold,
            "Unhold": self._on_unhold,
            "BlindTransfer": self._on_blind_transfer,
            "AttendedTransfer": self._on_attended_transfer,
            "UserEvent": self._on_user_event,
            "DTMFEnd": self._on_digit,
            "DialEnd": self._on_dial_end,
            "Hangup": self._on_hangup,
        }

    def apply(self, message: AmiMessage, now: datetime, resyncing: bool) -> list[Fact]:
        event = message.event
        if event == "DialBegin":
            return self._on_dial_begin(message, read.at(message, now))
        handler = self._handlers.get(event)
        if handler is None:
            return []
        at = read.at(message, now)
        call = self._about(message)
        facts: list[Fact] = []
        if call is None:
            facts = self._table.first_seen(message, at, resyncing and event != "Newchannel")
            call = self._table.find(message)
        if call is None:
            return facts
        if call.unsaid is not None and event != "Newchannel":
            facts += self._table.say_arrived(call, read.text(message, "Presentation"))
        return facts + handler(call, message, at)

    def _about(self, message: AmiMessage) -> Call | None:
        """The call of a message; a transfer names its channels by the parts that they play."""
        find = self._table.find
        if message.event.endswith("Transfer"):
            for part in ("Transferee", "Transferer", "OrigTransferer"):
                if call := find(message, f"{part}Uniqueid", f"{part}Linkedid"):
                    return call
            return None
        return find(message)

    def _on_join(self, call: Call, message: AmiMessage, at: datetime) -> list[Fact]:
        queue = read.text(message, "Queue")
        if not self._config.is_ours(queue):
            return []
        if not _is_newer(call, "queue", message) or call.queue == queue:
            return []
        return self.enter_queue(call, queue, read.whole(message, "Position"), at)

    def enter_queue(self, call: Call, queue: str, position: int | None, at: datetime) -> list[Fact]:
        if call.queue == queue:
            return []
        call.queue, call.gave_up, call.in_ivr, call.was_queued = queue, None, False, True
        call.queued_at = call.queued_at or at
        return [CallQueued(at=at, linkedid=call.linkedid, queue=queue, position=position)]

    def _on_leave(self, call: Call, message: AmiMessage, at: datetime) -> list[Fact]:
        """Comes for the answered, the abandoned and those whose time is up: it tells nothing by itself."""
        if call.queue == read.text(message, "Queue"):
            call.queue = None
        return []

    def _on_abandon(self, call: Call, message: AmiMessage, at: datetime) -> list[Fact]:
        """Said when the caller hangs up, and when the queue's time is up: CallTable.hang_up decides."""
        queue = read.text(message, "Queue")
        if self._config.is_ours(queue):
            call.gave_up = (at, read.seconds(message, "HoldTime"))
            call.queued_at = call.queued_at or at
        return []

    def _agent_of(self, message: AmiMessage) -> str:
        interface = message.get("Interface") or message.get("DestChannel")
        return self._config.desk(interface) or read.printable(interface)

    def _on_called(self, call: Call, message: AmiMessage, at: datetime) -> list[Fact]:
        agent = self._agent_of(message)
        uniqueid = read.text(message, "DestUniqueid") or agent
        queue = read.text(message, "Queue")
        if not agent or not self._config.is_ours(queue):
            return []
        facts = [] if call.was_queued else self.enter_queue(call, queue, None, at)
        return facts + self.ring(call, uniqueid, Leg(agent, read.text(message, "DestChannel"), "ringing"), at)

    def ring(self, call: Call, uniqueid: str, leg: Leg, at: datetime) -> list[Fact]:
        if uniqueid in call.legs or (call.answered and call.queue is None):
            return []
        self._table.add_leg(call, uniqueid, leg)
        fact = CallRinging(at=at, linkedid=call.linkedid, agent=leg.agent, agent_channel=leg.channel or None)
        return [fact]

    def _on_missed(self, call: Call, message: AmiMessage, at: datetime) -> list[Fact]:
        agent = self._agent_of(message)
        uniqueid = read.text(message, "DestUniqueid") or agent
        known = call.legs.get(uniqueid)
        if not agent or (known is not None and known.phase != "ringing"):
            return []
        self._table.add_leg(call, uniqueid, Leg(agent, read.text(message, "DestChannel"), "missed"))
        rang_s = read.seconds(message, "RingTime", _MILLISECOND_S)
        return [RingMissed(at=at, linkedid=call.linkedid, agent=agent, rang_s=rang_s)]

    def _on_connect(self, call: Call, message: AmiMessage, at: datetime) -> list[Fact]:
        agent = self._agent_of(message)
        uniqueid = read.text(message, "DestUniqueid") or agent
        if not agent or not self._config.is_ours(read.text(message, "Queue")):
            return []
        leg = Leg(agent, read.text(message, "DestChannel"), "answered")
        return self.answer(call, uniqueid, leg, at, read.seconds(message, "HoldTime"))

    def answer(self, call: Call, uniqueid: str, leg: Leg, at: datetime, waited_s: float | None) -> list[Fact]:
        """A desk and the citizen are connected: once for each of the desk's legs."""
        known = call.legs.get(uniqueid)
        if known is not None and known.phase == "answered":
            return []
        self._table.add_leg(call, uniqueid, leg)
        call.answered, call.was_queued, call.queue, call.in_ivr = True, True, None, False
        channel = leg.channel or None
        fact = CallAnswered(at=at, linkedid=call.linkedid, agent=leg.agent, agent_channel=channel, waited_s=waited_s)
        return [fact]

    def _on_hold(self, call: Call, message: AmiMessage, at: datetime) -> list[Fact]:
        if not _is_newer(call, "hold", message) or call.held or not call.answered:
            return []
        call.held = True
        return [CallHeld(at=at, linkedid=call.linkedid, held=True)]

    def _on_unhold(self, call: Call, message: AmiMessage, at: datetime) -> list[Fact]:
        """Comes without a Hold too, on a blind transfer."""
        if not _is_newer(call, "hold", message) or not call.held:
            return []
        call.held = False
        return [CallHeld(at=at, linkedid=call.linkedid, held=False)]

    def _on_blind_transfer(self, call: Call, message: AmiMessage, at: datetime) -> list[Fact]:
        return self._transfer(call, message, at, "blind", read.text(message, "Extension"))

    def _on_attended_transfer(self, call: Call, message: AmiMessage, at: datetime) -> list[Fact]:
        """Whom the desk consulted stands in its second channel's connected line."""
        parties = ("SecondTransfererConnectedLineNum", "TransferTargetCallerIDNum", "SecondTransfererExten")
        to = next((party for key in parties if (party := read.name(message.get(key)))), "")
        return self._transfer(call, message, at, "attended", to)

    def _transfer(self, call: Call, message: AmiMessage, at: datetime, how: _How, to: str) -> list[Fact]:
        """The one to whom the caller goes talks with them: whoever held the line does so no longer."""
        if message.get("Result", "Success") != "Success" or not _is_newer(call, "transfer", message):
            return []
        facts = self._on_unhold(call, message, at)
        call.handed_to = to
        return [*facts, CallTransferred(at=at, linkedid=call.linkedid, to=to or "unknown", how=how)]

    def _on_user_event(self, call: Call, message: AmiMessage, at: datetime) -> list[Fact]:
        named = message.get("UserEvent")
        if named == "IvrEntered":
            return self._on_ivr_entered(call, at)
        if named == "SiagaTranscript":
            return self._on_transcript(call, message, at)
        if named == "SiagaNumberRule":
            return self._on_number_rule(call, message, at)
        return []

    def _on_number_rule(self, call: Call, message: AmiMessage, at: datetime) -> list[Fact]:
        how = _RULES.get(message.get("How"))
        if how is None or not _is_newer(call, f"number rule {how}", message):
            return []
        return [CallNumberRuleMet(at=at, linkedid=call.linkedid, how=how)]

    def _on_digit(self, call: Call, message: AmiMessage, at: datetime) -> list[Fact]:
        """A key of the caller's phone; what a desk presses, or the PBX sends on to it, is none of the caller's."""
        received = message.get("Direction", "Received") == "Received"
        ours = read.text(message, "Uniqueid") == call.uniqueid
        if message.get("Digit") not in _DIGITS or not received or not ours or not _is_newer(call, "digit", message):
            return []
        said = {"at": at, "linkedid": call.linkedid, "digit": message.get("Digit")}
        return [CallDigit.model_validate(said)]

    def _on_ivr_entered(self, call: Call, at: datetime) -> list[Fact]:
        if call.in_ivr or call.was_queued:
            return []
        call.in_ivr = True
        return [IvrEntered(at=at, linkedid=call.linkedid)]

    def _on_transcript(self, call: Call, message: AmiMessage, at: datetime) -> list[Fact]:
        """Text by an unknown speaker, or none at all, says nothing."""
        speaker, said = _SPEAKERS.get(message.get("Speaker")), read.text(message, "Text")
        if speaker is None or not said or not _is_newer(call, f"said by {speaker}", message):
            return []
        return [CallTranscribed(at=at, linkedid=call.linkedid, speaker=speaker, text=said)]

    def _on_dial_begin(self, message: AmiMessage, at: datetime) -> list[Fact]:
        """A desk that dials into the public network begins a call of the centre, or tries again in one."""
        origin, leg = read.text(message, "Uniqueid"), read.text(message, "DestUniqueid")
        channel = read.text(message, "DestChannel")
        outward = self._config.is_trunk(channel, message.get("DestContext"))
        if not outward or not origin or not leg:
            return []
        call = self._table.find(message)
        if call is not None:
            if call.origin == origin and not call.answered and call.uniqueid != leg:
                self._table.redial(call, leg, channel)
            return []
        linkedid = read.text(message, "Linkedid") or origin
        if linkedid in self._table.ended or linkedid.startswith(PARTY):
            return []
        call = Call(linkedid, leg, channel, origin_channel=read.text(message, "Channel"))
        return self._table.begin_outbound(call, origin, _dialled(message), at)

    def _on_dial_end(self, call: Call, message: AmiMessage, at: datetime) -> list[Fact]:
        """Of a call that the centre makes: the citizen answered. Sent twice at times."""
        if call.answered and call.handed_to and message.get("DialStatus") == "ANSWER":
            return self._on_taken_over(call, message, at)
        answered = message.get("DialStatus") == "ANSWER" and read.text(message, "DestUniqueid") == call.uniqueid
        agent = self._config.desk(call.origin_channel)
        if not answered or call.origin is None or agent is None:
            return []
        return self.answer(call, call.origin, Leg(agent, call.origin_channel, "answered"), at, None)

    def _on_taken_over(self, call: Call, message: AmiMessage, at: datetime) -> list[Fact]:
        """The desk of the centre to which the caller was handed has answered."""
        channel, uniqueid = read.text(message, "DestChannel"), read.text(message, "DestUniqueid")
        agent = self._config.desk(channel)
        if agent is None or agent != call.handed_to or not uniqueid or not self._config.is_own_desk(agent):
            return []
        return self.answer(call, uniqueid, Leg(agent, channel, "answered"), at, None)

    def _on_hangup(self, call: Call, message: AmiMessage, at: datetime) -> list[Fact]:
        leg = read.text(message, "Uniqueid")
        words = read.text(message, "Cause-txt")
        end = (f"hangup: {words}"[:MAX_TEXT] if words else "hangup", read.whole(message, "Cause"))
        if call.origin is None or call.origin == call.uniqueid:
            return self._table.hang_up(call, at, *end) if leg == call.uniqueid else []
        if leg == call.origin:
            return self._on_origin_gone(call, at, end)
        if leg != call.uniqueid:
            return []
        if call.answered or call.origin_gone:
            return self._table.hang_up(call, at, *end)
        call.end = end
        return []

    def _on_origin_gone(self, call: Call, at: datetime, end: tuple[str, int | None]) -> list[Fact]:
        """The desk that called out is gone: the citizen may talk on with whom they were handed to."""
        call.origin_gone = True
        if call.answered:
            return []
        return self._table.hang_up(call, at, *(call.end or end))


def _nothing(call: Call, message: AmiMessage, at: datetime) -> list[Fact]:
    """These events only show that their channel is there."""
    return []


def _dialled(message: AmiMessage) -> str | None:
    """The number that a desk dialled: the dialplan's extension, else what it gave to Dial (NUMBER@trunk)."""
    for candidate in (read.text(message, "Exten"), read.text(message, "DialString").partition("@")[0]):
        if _DIALLABLE.fullmatch(candidate):
            return candidate
    return None
