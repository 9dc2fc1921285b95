"""Who else is in a call: the rooms of ConfBridge, and the supervisors who listen by ChanSpy."""

from datetime import datetime

from telephony import fold_read as read
from telephony.facts import CallJoined, CallMonitored, CallTransferred, Fact
from telephony.fold_calls import CallTable
from telephony.fold_state import Call, FoldConfig
from telephony.wire import AmiMessage

MAX_OTHERS = 50
"""Of a call at once, as many parties and as many supervisors; a room of the dialplan takes eight."""


class MeetingFold:
    def __init__(self, config: FoldConfig, table: CallTable) -> None:
        self._config = config
        self._table = table

    def on_join(self, message: AmiMessage, now: datetime) -> list[Fact]:
        """The call's own channels say which room is the call's; whoever else comes into that room is a party."""
        room = read.text(message, "Conference")
        call = self._table.find(message)
        if call is not None and self._is_own(call, message):
            call.room = room
            return []
        call = call or self._in_room(room)
        uniqueid, party = read.text(message, "Uniqueid"), self._number(message)
        if call is None or not party or uniqueid in call.parties or len(call.parties) >= MAX_OTHERS:
            return []
        call.parties[uniqueid] = party
        return [CallJoined(at=read.at(message, now), linkedid=call.linkedid, party=party, joined=True)]

    def on_leave(self, message: AmiMessage, now: datetime) -> list[Fact]:
        """A desk that leaves others in the room has handed the caller to them."""
        at, uniqueid = read.at(message, now), read.text(message, "Uniqueid")
        call = self._table.find(message)
        if call is not None and uniqueid in call.legs:
            return self._on_desk_left(call, uniqueid, at)
        call = call or self._in_room(read.text(message, "Conference"))
        party = call.parties.pop(uniqueid, None) if call else None
        if call is None or party is None:
            return []
        return [CallJoined(at=at, linkedid=call.linkedid, party=party, joined=False)]

    def _on_desk_left(self, call: Call, uniqueid: str, at: datetime) -> list[Fact]:
        staying = list(call.parties.values())
        if not staying or call.legs[uniqueid].phase != "answered":
            return []
        call.legs[uniqueid].phase = "gone"
        call.handed_to = staying[0]
        return [CallTransferred(at=at, linkedid=call.linkedid, to=staying[0], how="attended")]

    def on_monitor(self, message: AmiMessage, now: datetime) -> list[Fact]:
        call = self._table.find(message, "SpyeeUniqueid", "SpyeeLinkedid")
        uniqueid, channel = read.text(message, "SpyerUniqueid"), read.text(message, "SpyerChannel")
        if call is None or not channel or uniqueid in call.monitors or len(call.monitors) >= MAX_OTHERS:
            return []
        call.monitors[uniqueid] = channel
        return [self._monitored(call, channel, read.at(message, now), monitoring=True)]

    def on_monitor_end(self, message: AmiMessage, now: datetime) -> list[Fact]:
        return self._end_monitor(read.text(message, "SpyerUniqueid"), read.at(message, now))

    def on_hangup_request(self, message: AmiMessage, now: datetime) -> list[Fact]:
        """A supervisor's phone hangs up, or we have it do so; ChanSpyStop may wait for the call's next sound."""
        return self._end_monitor(read.text(message, "Uniqueid"), read.at(message, now))

    def _end_monitor(self, uniqueid: str, at: datetime) -> list[Fact]:
        call = next((call for call in self._table.calls.values() if uniqueid in call.monitors), None)
        if call is None:
            return []
        return [self._monitored(call, call.monitors.pop(uniqueid), at, monitoring=False)]

    def _monitored(self, call: Call, channel: str, at: datetime, *, monitoring: bool) -> CallMonitored:
        agent = self._config.desk(channel) or channel
        return CallMonitored(at=at, linkedid=call.linkedid, agent=agent, monitoring=monitoring)

    def _is_own(self, call: Call, message: AmiMessage) -> bool:
        uniqueid = read.text(message, "Uniqueid")
        return uniqueid == call.uniqueid or uniqueid in call.legs

    def _in_room(self, room: str) -> Call | None:
        return next((call for call in self._table.calls.values() if room and call.room == room), None)

    def _number(self, message: AmiMessage) -> str:
        """Of 'Local/113@from-agents-0001;1' the number that was called, else whom the channel shows."""
        channel = read.text(message, "Channel")
        return self._config.desk(channel) or read.name(message.get("CallerIDNum")) or channel
