"""The table of living calls: how one begins, which one a message is about, how one ends."""

from datetime import datetime

from telephony import fold_read as read
from telephony.facts import CallAbandoned, CallArrived, CallEnded, Fact, IvrDropped
from telephony.fold_state import MAX_ENDED, MAX_LEGS, MAX_LIVE_CALLS, Call, FoldConfig, Leg, PbxState
from telephony.wire import AmiMessage

UNKNOWN = "unknown"
"""Cause of an end that nobody saw."""


class CallTable:
    """Call = Linkedid, leg = Uniqueid. A call's first fact is CallArrived, its last CallEnded, each once."""

    def __init__(self, config: FoldConfig, state: PbxState) -> None:
        self._config = config
        self.calls = state.calls
        self.ended = state.ended
        self._by_leg = {leg: call.linkedid for call in state.calls.values() for leg in (call.uniqueid, *call.legs)}
        """Linkedid by Uniqueid: where calls are joined, the PBX gives their channels another Linkedid."""

    def find(self, message: AmiMessage, uniqueid: str = "Uniqueid", linkedid: str = "Linkedid") -> Call | None:
        """The living call of the channel that these fields of `message` name."""
        leg = read.text(message, uniqueid)
        return self.calls.get(self._by_leg.get(leg) or read.text(message, linkedid) or leg)

    def first_seen(self, message: AmiMessage, at: datetime, resynced: bool = False) -> list[Fact]:
        """Begin a call when `message` is of a citizen's channel that is not known yet.

        Every event of such a channel counts, its hang-up too: what came before may have been lost. A citizen's
        channel leads the call and comes from the trunk, or it stands in a queue of the centre.
        """
        uniqueid = read.text(message, "Uniqueid")
        linkedid = read.text(message, "Linkedid") or uniqueid
        if not uniqueid or linkedid in self.ended:
            return []
        channel = read.text(message, "Channel")
        leads = uniqueid == linkedid and self._config.is_trunk(channel, message.get("Context"))
        if not leads and not self._in_queue(message):
            return []
        call = Call(linkedid, uniqueid, channel)
        if message.event == "Newchannel" and message.get("ChannelStateDesc") == "Down":
            return self.begin_outbound(call, uniqueid, None, at, resynced)
        return self._begin_inbound(call, message, at, resynced)

    def _in_queue(self, message: AmiMessage) -> bool:
        if not message.event.startswith(("QueueCallerJoin", "QueueCallerAbandon", "Agent")):
            return False
        return self._config.is_ours(read.text(message, "Queue"))

    def _begin_inbound(self, call: Call, message: AmiMessage, at: datetime, resynced: bool) -> list[Fact]:
        ani, withheld = read.number(message.get("CallerIDNum"))
        fact = CallArrived(
            at=at,
            linkedid=call.linkedid,
            uniqueid=call.uniqueid,
            channel=call.channel,
            ani=ani,
            ani_withheld=withheld,
            caller_name=read.name(message.get("CallerIDName")),
            dialled=read.text(message, "DNID") or read.text(message, "Exten") or None,
            resynced=resynced,
        )
        if self._config.caller_published and message.event == "Newchannel":
            call.unsaid = fact
            return self._add(call, at)
        return [*self._add(call, at), fact]

    def begin_outbound(
        self, call: Call, origin: str, dialled: str | None, at: datetime, resynced: bool = False
    ) -> list[Fact]:
        """Begin a call that the centre makes; `origin` is the Uniqueid of the channel that dials."""
        call.origin = origin
        fact = CallArrived(
            at=at,
            linkedid=call.linkedid,
            uniqueid=call.uniqueid,
            channel=call.channel,
            ani=dialled,
            caller_name=None,
            dialled=dialled,
            direction="outbound",
            resynced=resynced,
        )
        return [*self._add(call, at), fact]

    def _add(self, call: Call, at: datetime) -> list[Fact]:
        facts: list[Fact] = []
        if len(self.calls) >= MAX_LIVE_CALLS:
            facts += self.end(next(iter(self.calls.values())), at, UNKNOWN, None)
        self.calls[call.linkedid] = call
        self._by_leg[call.uniqueid] = call.linkedid
        return facts

    def say_arrived(self, call: Call, presentation: str = "") -> list[Fact]:
        """The CallArrived that waited, now that the caller's presentation is known or will not come first."""
        fact, call.unsaid = call.unsaid, None
        if fact is None:
            return []
        if presentation.startswith("prohib"):
            fact = fact.model_copy(update={"ani_withheld": True})
        return [fact]

    def add_leg(self, call: Call, uniqueid: str, leg: Leg) -> None:
        if uniqueid not in call.legs and len(call.legs) >= MAX_LEGS:
            oldest = next(iter(call.legs))
            del call.legs[oldest]
            self._by_leg.pop(oldest, None)
        call.legs[uniqueid] = leg
        self._by_leg[uniqueid] = call.linkedid

    def redial(self, call: Call, uniqueid: str, channel: str) -> None:
        """The centre tries another way to the same citizen: that leg is the citizen's now."""
        self._by_leg.pop(call.uniqueid, None)
        call.uniqueid, call.channel, call.end = uniqueid, channel, None
        self._by_leg[uniqueid] = call.linkedid

    def hang_up(self, call: Call, at: datetime, cause: str, code: int | None) -> list[Fact]:
        """The end as seen. One who is gone from the menu dropped it; one whom nobody answered abandoned the call.

        QueueCallerAbandon alone is no proof: the PBX sends it too when a queue's time is up and the caller goes on
        to the next.
        """
        facts = self.say_arrived(call)
        if call.in_ivr:
            facts.append(IvrDropped(at=at, linkedid=call.linkedid))
        elif call.queued_at is not None and not call.answered:
            gave_up_at, waited_s = call.gave_up or (at, max(0.0, (at - call.queued_at).total_seconds()))
            facts.append(CallAbandoned(at=gave_up_at, linkedid=call.linkedid, waited_s=waited_s))
        return facts + self.end(call, at, cause, code)

    def end(self, call: Call, at: datetime, cause: str, code: int | None) -> list[Fact]:
        """The end alone: of a call that the PBX forgot nobody knows how it ended."""
        facts = self.say_arrived(call)
        del self.calls[call.linkedid]
        for leg in (call.uniqueid, *call.legs):
            self._by_leg.pop(leg, None)
        self.ended[call.linkedid] = None
        if len(self.ended) > MAX_ENDED:
            del self.ended[next(iter(self.ended))]
        return [*facts, CallEnded(at=at, linkedid=call.linkedid, cause=cause, cause_code=code)]
