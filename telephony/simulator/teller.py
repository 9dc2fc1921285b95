"""What Asterisk says on the AMI at each turn of a queue call, in the order and with the fields as recorded."""

import uuid
from collections.abc import Callable
from datetime import datetime

from telephony.simulator.model import (
    INUSE,
    NOBODY,
    NOT_INUSE,
    RINGING,
    Channel,
    Desk,
    Fields,
    LogLine,
    SimulatedCall,
)

SYSTEM = "siaga-sim"
MAX_LOG_LINES = 100_000
"""The queue log forgets its oldest half beyond this: some days of a demo."""

_DEVICE_STATES = {NOT_INUSE: "NOT_INUSE", INUSE: "INUSE", RINGING: "RINGING"}


class Teller:
    def __init__(
        self, clock: Callable[[], datetime], broadcast: Callable[[Fields], None], queue: str, speed: float
    ) -> None:
        self._clock = clock
        self._broadcast = broadcast
        self._queue = queue
        self._speed = speed
        self.queue_log: list[LogLine] = []

    @property
    def epoch(self) -> int:
        return int(self._clock().timestamp())

    def emit(self, event: str, privilege: str, fields: Fields) -> None:
        stamp = f"{self._clock().timestamp():.6f}"
        head = [("Event", event), ("Privilege", f"{privilege},all"), ("Timestamp", stamp), ("SystemName", SYSTEM)]
        self._broadcast([*head, *fields])

    def log(self, call: str, agent: str, event: str, *data: str) -> None:
        if len(self.queue_log) >= MAX_LOG_LINES:
            del self.queue_log[: MAX_LOG_LINES // 2]
        self.queue_log.append(LogLine(self.epoch, call, self._queue, agent, event, data))

    def device(self, device: str, state: str) -> None:
        self.emit("DeviceStateChange", "call", [("Device", device), ("State", state)])

    def member(self, event: str, desk: Desk) -> None:
        self.emit(event, "agent", desk.fields(self._queue))

    def set_status(self, desk: Desk, status: int) -> None:
        desk.status = status
        self.member("QueueMemberStatus", desk)
        self.device(desk.interface, _DEVICE_STATES[status])

    def arrive(self, channel: Channel, presentation: str) -> None:
        """The dialplan's first step says whether the caller asked not to be shown: no other event does."""
        channel.state = 4
        self.emit("Newchannel", "call", channel.fields())
        published = [("UserEvent", "SiagaCaller"), ("Presentation", presentation)]
        self.emit("UserEvent", "user", [*channel.fields(), *published])
        channel.state, channel.priority = 6, 2
        self.emit("Newstate", "call", channel.fields())
        self.device("PJSIP/trunk", "INUSE")

    def join(self, call: SimulatedCall, count: int) -> None:
        channel = call.channel
        channel.priority, channel.application, channel.data = 4, "Queue", f"{self._queue},tTr,,,60"
        self.emit("MixMonitorStart", "call", channel.fields())
        self.device(f"Queue:{self._queue}", "RINGING")
        call.original_position = count
        place = [("Queue", self._queue), ("Position", str(count)), ("Count", str(count))]
        self.emit("QueueCallerJoin", "agent", [*channel.fields(), *place])
        self.log(call.linkedid, "NONE", "ENTERQUEUE", "", channel.number, str(count))

    def ring(self, call: SimulatedCall, desk: Desk, leg: Channel) -> None:
        caller = call.channel
        self.emit("Newchannel", "call", leg.fields())
        leg.state, leg.exten, leg.connected = 5, caller.exten, (caller.number, caller.caller_name)
        leg.application, leg.data = "AppQueue", "(Outgoing Line)"
        self.emit("Newstate", "call", leg.fields())
        self.emit("NewConnectedLine", "call", leg.fields())
        self.emit("AgentCalled", "agent", [*_both(caller, leg), *self._desk(desk)])
        self.emit("DialBegin", "call", [*_both(caller, leg), ("DialString", desk.interface)])
        self.set_status(desk, RINGING)
        caller.connected = (desk.number, desk.member_name)
        self.emit("NewConnectedLine", "call", caller.fields())
        self.emit("DialState", "call", [*_both(caller, leg), ("DialStatus", "RINGING")])

    def miss(self, call: SimulatedCall, desk: Desk, leg: Channel, rang_s: float) -> None:
        rang_ms = str(round(rang_s * 1000))
        both = _both(call.channel, leg)
        self.emit("AgentRingNoAnswer", "agent", [*both, *self._desk(desk), ("RingTime", rang_ms)])
        self.emit("DialEnd", "call", [*both, ("DialStatus", "NOANSWER")])
        self._cancel(call.channel, leg, desk)
        call.channel.connected = NOBODY
        self.log(call.linkedid, desk.member_name, "RINGNOANSWER", rang_ms)

    def connect(self, call: SimulatedCall, desk: Desk, leg: Channel, rang_s: float, place: tuple[int, int]) -> None:
        caller = call.channel
        hold_s = self._since_s(call.queued_at_s, call.answered_at_s)
        leg.state = 6
        self.emit("Newstate", "call", leg.fields())
        self.emit("DialEnd", "call", [*_both(caller, leg), ("DialStatus", "ANSWER")])
        self._leave_queue(call, place)
        times = [("HoldTime", hold_s), ("RingTime", str(int(rang_s)))]
        self.emit("AgentConnect", "agent", [*_both(caller, leg), *self._desk(desk), *times])
        caller.bridge = leg.bridge = str(uuid.UUID(int=hash((leg.name, self.epoch)) % (1 << 128), version=4))
        self.emit("BridgeCreate", "call", self.bridge(leg.bridge, 0))
        self.emit("BridgeEnter", "call", [*self.bridge(leg.bridge, 1), *leg.fields()])
        self.set_status(desk, INUSE)
        self.emit("BridgeEnter", "call", [*self.bridge(leg.bridge, 2), *caller.fields()])
        self.log(call.linkedid, desk.member_name, "CONNECT", hold_s, leg.uniqueid, str(int(rang_s)))

    def transcript(self, call: SimulatedCall, speaker: str, text: str) -> None:
        """As a speech-to-text service publishes it with the action UserEvent."""
        said = [("Linkedid", call.linkedid), ("Speaker", speaker), ("Text", text)]
        self.emit("UserEvent", "user", [("UserEvent", "SiagaTranscript"), *said])

    def user_event(self, call: SimulatedCall, name: str, *fields: tuple[str, str]) -> None:
        """As the dialplan's UserEvent in the caller's channel."""
        self.emit("UserEvent", "user", [*call.channel.fields(), ("UserEvent", name), *fields])

    def number_rule(self, call: SimulatedCall, how: str) -> None:
        self.user_event(call, "SiagaNumberRule", ("How", how))

    def digit(self, call: SimulatedCall, digit: str) -> None:
        pressed = [*call.channel.fields(), ("Digit", digit)]
        self.emit("DTMFBegin", "dtmf", [*pressed, ("Direction", "Received")])
        self.emit("DTMFEnd", "dtmf", [*pressed, ("DurationMs", "120"), ("Direction", "Received")])

    def complete(self, call: SimulatedCall, desk: Desk, leg: Channel, now_s: float) -> None:
        caller, by = call.channel, call.hung_up_by or "caller"
        hold_s, talk_s = self._since_s(call.queued_at_s, call.answered_at_s), self._since_s(call.answered_at_s, now_s)
        self.emit("HangupRequest", "call", (caller if by == "caller" else leg).fields())
        times = [("HoldTime", hold_s), ("TalkTime", talk_s), ("Reason", by)]
        self.emit("AgentComplete", "agent", [*_both(caller, leg), *self._desk(desk), *times])
        bridge, caller.bridge, leg.bridge = leg.bridge, "", ""
        self.emit("BridgeLeave", "call", [*self.bridge(bridge, 1), *caller.fields()])
        self.emit("BridgeLeave", "call", [*self.bridge(bridge, 0), *leg.fields()])
        self.emit("BridgeDestroy", "call", self.bridge(bridge, 0))
        self.emit("SoftHangupRequest", "call", [*caller.fields(), ("Cause", "16")])
        self.hang_up(leg, 16)
        desk.calls_taken, desk.last_call = desk.calls_taken + 1, self.epoch
        self.set_status(desk, NOT_INUSE)
        event = "COMPLETECALLER" if by == "caller" else "COMPLETEAGENT"
        self.log(call.linkedid, desk.member_name, event, hold_s, talk_s, str(call.original_position))

    def moved(self, call: SimulatedCall, desk: Desk, leg: Channel, to: str, now_s: float) -> None:
        """The desk hands the caller on: blindly to the number `to`, or, if '', to those in the conference."""
        caller, reason = call.channel, "transfer" if to else "agent"
        hold_s, talk_s = self._since_s(call.queued_at_s, call.answered_at_s), self._since_s(call.answered_at_s, now_s)
        if to:
            caller.context, caller.exten = "from-agents", to
            parts = [*leg.fields("Transferer"), *caller.fields("Transferee")]
            where = [("Context", "from-agents"), ("Extension", to)]
            self.emit("BlindTransfer", "call", [("Result", "Success"), *parts, ("IsExternal", "Yes"), *where])
        times = [("HoldTime", hold_s), ("TalkTime", talk_s), ("Reason", reason)]
        self.emit("AgentComplete", "agent", [*_both(caller, leg), *self._desk(desk), *times])
        self.hang_up(leg, 16)
        desk.calls_taken, desk.last_call = desk.calls_taken + 1, self.epoch
        self.set_status(desk, NOT_INUSE)
        position = str(call.original_position)
        if to:
            self.log(call.linkedid, desk.member_name, "BLINDTRANSFER", to, "from-agents", hold_s, talk_s, position)
        else:
            self.log(call.linkedid, desk.member_name, "COMPLETEAGENT", hold_s, talk_s, position)

    def dial_end(self, caller: Channel, leg: Channel, status: str) -> None:
        leg.state = 6 if status == "ANSWER" else leg.state
        self.emit("DialEnd", "call", [*_both(caller, leg), ("DialStatus", status)])
        if status != "ANSWER":
            self.hang_up(leg, 17)

    def abandon(self, call: SimulatedCall, place: tuple[int, int], now_s: float) -> None:
        caller, waited_s = call.channel, self._since_s(call.queued_at_s, now_s)
        self.emit("HangupRequest", "call", caller.fields())
        positions = [("Position", str(place[0])), ("OriginalPosition", str(call.original_position))]
        where = [*caller.fields(), ("Queue", self._queue)]
        self.emit("QueueCallerAbandon", "agent", [*where, *positions, ("HoldTime", waited_s)])
        self._leave_queue(call, place)
        self.emit("SoftHangupRequest", "call", [*caller.fields(), ("Cause", "16")])
        if call.desk is not None and call.leg is not None:
            self._cancel(caller, call.leg, call.desk)
        data = (str(place[0]), str(call.original_position), waited_s)
        self.log(call.linkedid, "NONE", "ABANDON", *data)

    def leave(self, channel: Channel) -> None:
        """The caller's channel goes: always the last of a call."""
        self.hang_up(channel, 16)
        self.device("PJSIP/trunk", "NOT_INUSE")

    def bridge(self, bridge: str, count: int) -> Fields:
        return [
            ("BridgeUniqueid", bridge),
            ("BridgeType", "basic"),
            ("BridgeTechnology", "simple_bridge"),
            ("BridgeCreator", "<unknown>"),
            ("BridgeName", "<unknown>"),
            ("BridgeNumChannels", str(count)),
            ("BridgeVideoSourceMode", "none"),
        ]

    def _leave_queue(self, call: SimulatedCall, place: tuple[int, int]) -> None:
        position, left = place
        self.device(f"Queue:{self._queue}", "RINGING" if left else "NOT_INUSE")
        where = [("Queue", self._queue), ("Position", str(position)), ("Count", str(left))]
        self.emit("QueueCallerLeave", "agent", [*call.channel.fields(), *where])

    def _cancel(self, caller: Channel, leg: Channel, desk: Desk) -> None:
        self.emit("DialEnd", "call", [*_both(caller, leg), ("DialStatus", "CANCEL")])
        self.hang_up(leg, 0)
        self.set_status(desk, NOT_INUSE)

    def hang_up(self, channel: Channel, cause: int) -> None:
        text = "Normal Clearing" if cause == 16 else "Unknown"
        self.emit("Hangup", "call", [*channel.fields(), ("Cause", str(cause)), ("Cause-txt", text)])

    def _desk(self, desk: Desk) -> Fields:
        return [("Queue", self._queue), ("Interface", desk.interface), ("MemberName", desk.member_name)]

    def _since_s(self, start_s: float, end_s: float) -> str:
        """Whole simulated seconds between two loop times, as Asterisk writes them."""
        return str(int((end_s - start_s) * self._speed))


def _both(caller: Channel, leg: Channel) -> Fields:
    return [*caller.fields(), *leg.fields("Dest")]
