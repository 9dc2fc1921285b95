"""What a command of the core means to a PBX: the AMI actions, or why there are none. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol, cast

from telephony import actions
from telephony.actions import Action
from telephony.facts import PbxCommand
from telephony.reach import NotAllowed, Reach

ROOM_DIGITS = 18
"""Of a room's name; the last ones of a Linkedid (epoch and count) name one call among all."""


class NotPossible(Exception):
    """Nothing is asked of the PBX; the text says why."""


@dataclass(frozen=True, slots=True)
class Dialplan:
    """Names in the PBX's configuration that commands rely on."""

    desk_interface: str = "PJSIP/{desk}"
    desks_context: str = "from-agents"
    """Where a desk's own dialling begins, and callers go who are handed on."""
    callback_context: str = "callback"
    conference_context: str = "siaga-conference"
    helper_context: str = "siaga-conference-helper"
    caller_id: str = "112 <112>"
    """What a desk's phone shows when we have the PBX call it."""
    reach: Reach = field(default_factory=Reach)

    def interface(self, desk: str) -> str:
        """Raises NotAllowed."""
        return self.desk_interface.format(desk=self.reach.desk(desk))


class Channels(Protocol):
    """What the fold knows of the living calls."""

    def caller_channel(self, linkedid: str) -> str | None: ...
    def ringing_channel(self, linkedid: str, agent: str) -> str | None: ...
    def desk_channel(self, linkedid: str, agent: str) -> str | None: ...
    def monitor_channel(self, linkedid: str, agent: str) -> str | None: ...
    def room(self, linkedid: str) -> str | None: ...


def plan(command: PbxCommand, calls: Channels, dialplan: Dialplan) -> tuple[Action, ...]:
    """The actions in their order. Raises NotPossible, also for what is not allowed."""
    try:
        return _PLANS[command.act](command, calls, dialplan)
    except NotAllowed as refused:
        raise NotPossible(f"not allowed: {refused}") from refused


def _answer(command: PbxCommand, calls: Channels, dialplan: Dialplan) -> tuple[Action, ...]:
    channel = calls.ringing_channel(command.linkedid, command.agent or "")
    if channel is None:
        raise NotPossible("it does not ring there any more")
    return (actions.notify(channel, "talk"),)


def _hangup(command: PbxCommand, calls: Channels, dialplan: Dialplan) -> tuple[Action, ...]:
    return (actions.hangup(_caller(command, calls)),)


def _leave(command: PbxCommand, calls: Channels, dialplan: Dialplan) -> tuple[Action, ...]:
    if calls.room(command.linkedid) is None:
        raise NotPossible("the call is in no conference: without the desk the caller would be cut off")
    return (actions.hangup(_desk(command, calls)),)


def _hold(command: PbxCommand, calls: Channels, dialplan: Dialplan) -> tuple[Action, ...]:
    return (actions.notify(_desk(command, calls), "hold" if command.act == "hold" else "talk"),)


def _mute(command: PbxCommand, calls: Channels, dialplan: Dialplan) -> tuple[Action, ...]:
    return (actions.mute(_desk(command, calls), muted=command.act == "mute"),)


def _transfer(command: PbxCommand, calls: Channels, dialplan: Dialplan) -> tuple[Action, ...]:
    to = dialplan.reach.party(command.to or "")
    if calls.room(command.linkedid) is not None:
        raise NotPossible("the call is in a conference: leave it instead")
    return (actions.blind_transfer(_desk(command, calls), dialplan.desks_context, to),)


def _take_over(command: PbxCommand, calls: Channels, dialplan: Dialplan) -> tuple[Action, ...]:
    dialplan.reach.desk(command.to or "")
    return _transfer(command, calls, dialplan)


def _conference(command: PbxCommand, calls: Channels, dialplan: Dialplan) -> tuple[Action, ...]:
    """The first time the call's own channels go to the room, so that nobody waits there alone."""
    to = dialplan.reach.party(command.to or "")
    citizen, desk = _caller(command, calls), _desk(command, calls)
    room = calls.room(command.linkedid)
    here = room or "".join(digit for digit in command.linkedid if digit in "0123456789")[-ROOM_DIGITS:]
    if len(here) < 2:
        raise NotPossible("the call's name gives no room")
    move = actions.meet(citizen, desk, here, dialplan.conference_context, dialplan.helper_context)
    channel = f"Local/{to}@{dialplan.desks_context}"
    bring = actions.originate(
        f"{actions.PARTY}{command.id}",
        channel,
        *actions.to_exten(dialplan.helper_context, here),
        caller_id=dialplan.caller_id,
    )
    return (bring,) if room else (move, bring)


def _monitor(command: PbxCommand, calls: Channels, dialplan: Dialplan) -> tuple[Action, ...]:
    how = cast(Literal["listen", "whisper", "barge"], command.act)
    ear = dialplan.interface(command.to or "")
    spied = actions.to_chanspy(_desk(command, calls), how)
    return (actions.originate(f"{actions.MONITOR}{command.id}", ear, *spied, caller_id=dialplan.caller_id),)


def _stop_listening(command: PbxCommand, calls: Channels, dialplan: Dialplan) -> tuple[Action, ...]:
    channel = calls.monitor_channel(command.linkedid, command.to or "")
    if channel is None:
        raise NotPossible("that desk does not hear the call")
    return (actions.hangup(channel),)


def _call_back(command: PbxCommand, calls: Channels, dialplan: Dialplan) -> tuple[Action, ...]:
    number = dialplan.reach.citizen(command.to or "")
    there = actions.to_exten(dialplan.callback_context, number)
    desk = dialplan.interface(command.agent or "")
    return (actions.originate(command.id, desk, *there, caller_id=dialplan.caller_id),)


def _sign_in(command: PbxCommand, calls: Channels, dialplan: Dialplan) -> tuple[Action, ...]:
    interface, name = dialplan.interface(command.agent or ""), command.name or command.agent or ""
    return tuple(actions.queue_add(queue, interface, name) for queue in _queues(command))


def _sign_out(command: PbxCommand, calls: Channels, dialplan: Dialplan) -> tuple[Action, ...]:
    interface = dialplan.interface(command.agent or "")
    return tuple(actions.queue_remove(queue, interface) for queue in _queues(command))


def _pause(command: PbxCommand, calls: Channels, dialplan: Dialplan) -> tuple[Action, ...]:
    interface, paused = dialplan.interface(command.agent or ""), command.act == "pause"
    return (actions.queue_pause(interface, paused=paused, reason=(command.reason or "") if paused else ""),)


def _queues(command: PbxCommand) -> tuple[str, ...]:
    if not command.queues:
        raise NotPossible("no queue was named")
    return command.queues


def _caller(command: PbxCommand, calls: Channels) -> str:
    channel = calls.caller_channel(command.linkedid)
    if channel is None:
        raise NotPossible("the call is over")
    return channel


def _desk(command: PbxCommand, calls: Channels) -> str:
    channel = calls.desk_channel(command.linkedid, command.agent or "")
    if channel is None:
        raise NotPossible("the call is not at that desk")
    return channel


_PLANS: dict[str, Callable[[PbxCommand, Channels, Dialplan], tuple[Action, ...]]] = {
    "answer": _answer,
    "hangup": _hangup,
    "hold": _hold,
    "unhold": _hold,
    "mute": _mute,
    "unmute": _mute,
    "transfer": _transfer,
    "conference": _conference,
    "leave": _leave,
    "listen": _monitor,
    "whisper": _monitor,
    "barge": _monitor,
    "stop_listening": _stop_listening,
    "take_over": _take_over,
    "call_back": _call_back,
    "sign_in": _sign_in,
    "sign_out": _sign_out,
    "pause": _pause,
    "ready": _pause,
}
