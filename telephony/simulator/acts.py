"""What a console has the simulated PBX do with a call, and what follows: transfers, conferences, supervision."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from telephony.simulator.model import INUSE, NOT_INUSE, RINGING, Channel, Desk, Fields, SimulatedCall
from telephony.simulator.server import Answer, error, success

if TYPE_CHECKING:
    from telephony.simulator.pbx import PbxSimulator

_Action = dict[str, str]

AGENCY_ANSWERS_S = 2.0
PHONE_ANSWERS_S = 1.0
"""A phone that the PBX calls for a console picks up by itself: nobody has a real one in a demo."""

CITIZEN_ANSWERS_S = 4.0
CALLBACK_TALK_S = 20.0

NO_CHANNEL = "No such channel"


class CallActs:
    def __init__(self, pbx: "PbxSimulator") -> None:
        self._pbx = pbx

    def answers(self) -> dict[str, Callable[[_Action], Answer]]:
        """What the PBX says, by action."""
        return {
            "Hangup": self._hangup,
            "PJSIPNotify": self._notify,
            "MuteAudio": self._mute,
            "BlindTransfer": self._transfer,
            "Redirect": self._redirect,
            "Originate": self._originate,
        }

    def _of_leg(self, name: str) -> SimulatedCall | None:
        calls = self._pbx.calls.values()
        return next((call for call in calls if call.leg is not None and call.leg.name == name), None)

    def _hangup(self, action: _Action) -> Answer:
        name = action.get("Channel", "")
        if (call := self._of_leg(name)) is not None:
            self._desk_hangs_up(call)
            return [success("Channel Hungup")]
        for call in self._pbx.calls.values():
            if call.channel.name == name:
                call.hang_up("caller")
                return [success("Channel Hungup")]
            for monitor in call.monitors:
                if monitor.name == name:
                    self._end_monitor(call, monitor)
                    return [success("Channel Hungup")]
        return [error(NO_CHANNEL)]

    def _desk_hangs_up(self, call: SimulatedCall) -> None:
        """Who leaves a conference with others in it leaves the caller with them."""
        if call.parties:
            call.moving = ("leave", "")
            call.signal.set()
        else:
            call.hang_up("agent")

    def _notify(self, action: _Action) -> Answer:
        """Within a dialog, so the channel is named: its phone picks up, holds, or takes the line back."""
        call = self._of_leg(action.get("Channel", ""))
        if call is None:
            return [error("Failed to send notify on channel")]
        told = action.get("Variable", "")
        if not call.picked_up:
            if told == "Event=talk":
                call.pick_up()
        elif told in ("Event=hold", "Event=talk") and call.held != (told == "Event=hold"):
            self._pbx.hold(call, told == "Event=hold")
        return [success("NOTIFY sent")]

    def _mute(self, action: _Action) -> Answer:
        known = any(one.name == action.get("Channel") for one in self._pbx.channels())
        return [success("")] if known else [error(NO_CHANNEL)]

    def _transfer(self, action: _Action) -> Answer:
        call = self._of_leg(action.get("Channel", ""))
        if call is None or not call.picked_up:
            return [error(NO_CHANNEL)]
        call.moving = ("transfer", action.get("Exten", ""))
        call.signal.set()
        return [success("Transfer succeeded")]

    def _redirect(self, action: _Action) -> Answer:
        call = self._of_leg(action.get("ExtraChannel", ""))
        if call is None or call.leg is None or call.channel.name != action.get("Channel"):
            return [error("Channel does not exist: " + action.get("Channel", ""))]
        teller = self._pbx.teller
        bridge, call.room = call.leg.bridge, action.get("Exten", "")
        for one in (call.channel, call.leg):
            teller.emit("BridgeLeave", "call", [*teller.bridge(bridge, 0), *one.fields()])
        for one, context in ((call.leg, "ExtraContext"), (call.channel, "Context")):
            one.context, one.exten, one.bridge = action.get(context, ""), call.room, f"room-{call.room}"
            self._confbridge("ConfbridgeJoin", call, one)
        return [success("Dual Redirect successful")]

    def _confbridge(self, event: str, call: SimulatedCall, channel: Channel) -> None:
        teller = self._pbx.teller
        where = [("Conference", call.room), *teller.bridge(channel.bridge, 2 + len(call.parties))]
        teller.emit(event, "call", [*where, *channel.fields(), ("Admin", "No")])

    def _originate(self, action: _Action) -> Answer:
        pbx, channel = self._pbx, action.get("Channel", "")
        if action.get("Application") == "ChanSpy":
            pbx.spawn(self._monitor(action))
        elif channel.startswith("Local/"):
            pbx.spawn(self._bring(action, channel.removeprefix("Local/").partition("@")[0]))
        else:
            pbx.spawn(self._call_back(action))
        return [success("Originate successfully queued")]

    def _originated(self, action: _Action, channel: Channel | None) -> None:
        """The PBX's last word on an Originate; its Reason is 4 for an answer, 8 for a phone that is away."""
        said = [("ActionID", action.get("ActionID", "")), ("Response", "Success" if channel else "Failure")]
        where = [
            ("Channel", channel.name if channel else action.get("Channel", "")),
            ("Reason", "4" if channel else "8"),
        ]
        uniqueid = [("Uniqueid", channel.uniqueid if channel else "<null>")]
        self._pbx.teller.emit("OriginateResponse", "call", [*said, *where, *uniqueid])

    def _born(self, action: _Action, peer: str, number: str, name: str) -> Channel:
        channel = self._pbx.new_channel(peer, number, name, "from-agents", "s", None)
        channel.uniqueid = channel.linkedid = action.get("ChannelId") or channel.uniqueid
        self._pbx.teller.emit("Newchannel", "call", channel.fields())
        return channel

    async def _bring(self, action: _Action, number: str) -> None:
        """Somebody is called and comes into the conference of EXTEN."""
        call = next((one for one in self._pbx.calls.values() if one.room == action.get("Exten")), None)
        channel = self._born(action, number, number, "")
        channel.name = f"{action['Channel']}-{channel.uniqueid[-8:]};1"
        await self._pbx.sleep(AGENCY_ANSWERS_S)
        if call is None or call.hung_up_by:
            self._originated(action, None)
            self._pbx.teller.hang_up(channel, 16)
            return
        channel.state, channel.bridge = 6, f"room-{call.room}"
        self._originated(action, channel)
        call.parties.append(channel)
        self._confbridge("ConfbridgeJoin", call, channel)

    async def _monitor(self, action: _Action) -> None:
        """A supervisor's phone picks up and hears a desk until one of them hangs up."""
        pbx = self._pbx
        number = action.get("Channel", "").removeprefix("PJSIP/")
        desk = pbx.desks.get(number)
        if desk is not None and desk.status != NOT_INUSE:
            return self._originated(action, None)
        channel = self._born(action, number, "112", "112")
        if desk is not None:
            pbx.teller.set_status(desk, RINGING)
        await pbx.sleep(PHONE_ANSWERS_S)
        call = self._of_leg(action.get("Data", "").partition(",")[0])
        channel.state = 6
        if desk is not None:
            pbx.teller.set_status(desk, INUSE)
        self._originated(action, channel)
        if call is None or call.leg is None:
            return self._phone_free(channel)
        call.monitors.append(channel)
        pbx.teller.emit("ChanSpyStart", "call", [*_named(channel, "Spyer"), *_named(call.leg, "Spyee")])
        return None

    def _end_monitor(self, call: SimulatedCall, monitor: Channel) -> None:
        call.monitors.remove(monitor)
        leg = call.leg or call.channel
        self._pbx.teller.emit("ChanSpyStop", "call", [*_named(monitor, "Spyer"), *_named(leg, "Spyee")])
        self._phone_free(monitor)

    def _phone_free(self, channel: Channel) -> None:
        self._pbx.teller.hang_up(channel, 16)
        desk = self._pbx.desks.get(channel.name.removeprefix("PJSIP/").partition("-")[0])
        if desk is not None:
            self._pbx.teller.set_status(desk, NOT_INUSE)
        self._pbx.wake_waiting()

    async def _call_back(self, action: _Action) -> None:
        """The desk's phone picks up, the citizen's rings and is answered, both talk, the citizen hangs up."""
        pbx, teller = self._pbx, self._pbx.teller
        number = action.get("Channel", "").removeprefix("PJSIP/")
        desk = pbx.desks.get(number)
        if desk is None or desk.status != NOT_INUSE:
            return self._originated(action, None)
        leg = self._born(action, number, number, desk.member_name)
        teller.set_status(desk, INUSE)
        await pbx.sleep(PHONE_ANSWERS_S)
        leg.state, leg.context, leg.exten = 6, action.get("Context", ""), action.get("Exten", "")
        self._originated(action, leg)
        citizen = pbx.new_channel("trunk", leg.exten, "", "from-trunk", "s", leg.linkedid)
        teller.emit("Newchannel", "call", citizen.fields())
        both = [*leg.fields(), *citizen.fields("Dest")]
        teller.emit("DialBegin", "call", [*both, ("DialString", f"{leg.exten}@trunk")])
        await pbx.sleep(CITIZEN_ANSWERS_S)
        citizen.state = 6
        teller.emit("DialEnd", "call", [*leg.fields(), *citizen.fields("Dest"), ("DialStatus", "ANSWER")])
        await pbx.sleep(CALLBACK_TALK_S)
        teller.hang_up(citizen, 16)
        return self._phone_free(leg)

    async def finish(self, call: SimulatedCall) -> None:
        """From the end of the talk with the first desk to the last that the caller hears."""
        while call.moving is not None and not call.hung_up_by and call.desk is not None and call.leg is not None:
            (how, to), call.moving = call.moving, None
            desk, leg = call.desk, call.leg
            for monitor in list(call.monitors):
                self._end_monitor(call, monitor)
            if how == "leave":
                self._confbridge("ConfbridgeLeave", call, leg)
            self._pbx.teller.moved(call, desk, leg, to, self._pbx.now_s)
            call.desk = call.leg = None
            self._pbx.wake_waiting()
            await (self._handed_to(call, to) if how == "transfer" else self._pbx.talk(call))
        self._end(call)

    async def _handed_to(self, call: SimulatedCall, to: str) -> None:
        desk = self._pbx.desks.get(to)
        if desk is not None:
            return await self._ring_desk(call, desk)
        leg = self._begin_leg(call, to, to)
        await self._pbx.pause(call, AGENCY_ANSWERS_S)
        if not call.hung_up_by:
            self._pbx.teller.dial_end(call.channel, leg, "ANSWER")
            call.parties.append(leg)
            await self._pbx.talk(call)
        return None

    def _begin_leg(self, call: SimulatedCall, number: str, name: str) -> Channel:
        leg = self._pbx.new_channel(number, number, name, "from-agents", "s", call.linkedid)
        teller = self._pbx.teller
        teller.emit("Newchannel", "call", leg.fields())
        teller.emit("DialBegin", "call", [*call.channel.fields(), *leg.fields("Dest"), ("DialString", number)])
        return leg

    async def _ring_desk(self, call: SimulatedCall, desk: Desk) -> None:
        """The dialplan's Dial: when the desk is busy or lets it ring, it hangs up on the caller."""
        leg = self._begin_leg(call, desk.number, desk.member_name)
        teller = self._pbx.teller
        if desk.status != NOT_INUSE:
            teller.dial_end(call.channel, leg, "BUSY")
            return call.hang_up()
        call.desk, call.leg, call.picked_up = desk, leg, False
        teller.set_status(desk, RINGING)
        await self._pbx.rung(call, desk, self._pbx.later_s(PHONE_ANSWERS_S if not desk.auto_answer else 10.0))
        if call.moving or not call.picked_up:
            call.pick_up()
        teller.dial_end(call.channel, leg, "ANSWER")
        teller.set_status(desk, INUSE)
        await self._pbx.talk(call)
        return None

    def _end(self, call: SimulatedCall) -> None:
        for monitor in list(call.monitors):
            self._end_monitor(call, monitor)
        for party in call.parties:
            if call.room and party.bridge:
                self._confbridge("ConfbridgeLeave", call, party)
            self._pbx.teller.hang_up(party, 16)
        call.parties.clear()
        if call.desk is not None and call.leg is not None:
            self._pbx.teller.complete(call, call.desk, call.leg, self._pbx.now_s)


def _named(channel: Channel, part: str) -> Fields:
    return channel.fields(part)
