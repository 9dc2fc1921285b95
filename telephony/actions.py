"""The few AMI actions that the centre uses, typed, and their bytes on the wire.

An action is written to one connection once. Nothing here or in `telephony.ami` ever sends one again after a
reconnect: an Originate sent twice dials a citizen twice.
"""

import re
from dataclasses import dataclass, field
from typing import Literal

PARTY = "siaga-party-"
"""Begins the Uniqueid of a call that only brings somebody into another call: it is none of the centre's own."""

MONITOR = "siaga-monitor-"
"""Begins the Uniqueid of a supervisor's desk that listens."""

DIAL_S = 20
"""How long a phone rings that we have the PBX call."""

MAX_VALUE_CHARS = 1024
"""No value that the centre sends is longer; Asterisk itself cuts a manager's line at 1024 bytes."""


SECRET = ("Username", "Secret")
"""Never evaluated by a dialplan, so whatever an operator chose may stand there."""


_CHANNEL = re.compile(r"[A-Za-z]+/[\w.@;-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Action:
    """`fields` in the order in which they are sent; hidden from repr, for a login carries the secret."""

    name: str
    fields: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    ends_with: str | None = None
    """Name of the event that ends the answer when the answer is a list."""

    def render(self, action_id: str) -> bytes:
        """The bytes to send. Raises ValueError naming the field whose value could forge a line of its own."""
        lines = [("Action", self.name), ("ActionID", action_id), *self.fields]
        return ("\r\n".join(f"{key}: {_checked(key, value)}" for key, value in lines) + "\r\n\r\n").encode()


def _checked(key: str, value: str) -> str:
    if not value.isprintable():
        raise ValueError(f"{key} holds a control character")
    if len(value) > MAX_VALUE_CHARS:
        raise ValueError(f"{key} is longer than {MAX_VALUE_CHARS} characters")
    if key not in SECRET and ("${" in value or "$[" in value):
        raise ValueError(f"{key} holds a variable or an expression")
    return value


def login(username: str, secret: str) -> Action:
    return Action("Login", (("Username", username), ("Secret", secret), ("Events", "on")))


def ping() -> Action:
    return Action("Ping")


def core_show_channels() -> Action:
    return Action("CoreShowChannels", ends_with="CoreShowChannelsComplete")


def queue_status() -> Action:
    return Action("QueueStatus", ends_with="QueueStatusComplete")


def status() -> Action:
    return Action("Status", ends_with="StatusComplete")


def bridge_list() -> Action:
    return Action("BridgeList", ends_with="BridgeListComplete")


def resync() -> tuple[Action, ...]:
    """Everything that a PBX can tell of the present, in the order in which the fold wants it."""
    return (core_show_channels(), queue_status(), status(), bridge_list())


def hangup(channel: str) -> Action:
    """End a channel with 'normal clearing' (Q.850 cause 16)."""
    return Action("Hangup", (("Channel", channel), ("Cause", "16")))


def notify(channel: str, event: Literal["talk", "hold"]) -> Action:
    """NOTIFY within the call's dialog: 'talk' has the phone pick up, or take the line back; 'hold' has it hold.

    Snom, Yealink, Grandstream and Polycom phones obey it. The PBX needs res_pjsip_notify.
    """
    return Action("PJSIPNotify", (("Channel", channel), ("Variable", f"Event={event}")))


def mute(channel: str, *, muted: bool) -> Action:
    """Let nobody hear what this channel's phone says, or let them again. The PBX needs res_mutestream."""
    return Action("MuteAudio", (("Channel", channel), ("Direction", "in"), ("State", "on" if muted else "off")))


def blind_transfer(channel: str, context: str, exten: str) -> Action:
    """Move the *peer* of `channel`: name the desk's leg, since naming the caller's hangs up on the caller."""
    return Action("BlindTransfer", (("Channel", channel), ("Context", context), ("Exten", exten)))


def meet(citizen: str, desk: str, room: str, context: str, helper_context: str) -> Action:
    """Move both ends of a call into a conference at once."""
    where = (("Channel", citizen), ("Context", context), ("Exten", room), ("Priority", "1"))
    extra = (("ExtraContext", helper_context), ("ExtraExten", room), ("ExtraPriority", "1"))
    return Action("Redirect", (*where, ("ExtraChannel", desk), *extra))


def queue_add(queue: str, interface: str, name: str) -> Action:
    return Action("QueueAdd", (("Queue", queue), ("Interface", interface), ("MemberName", name)))


def queue_remove(queue: str, interface: str) -> Action:
    return Action("QueueRemove", (("Queue", queue), ("Interface", interface)))


def queue_pause(interface: str, *, paused: bool, reason: str = "") -> Action:
    """In all queues of which it is a member."""
    fields = (("Interface", interface), ("Paused", "true" if paused else "false"))
    return Action("QueuePause", (*fields, ("Reason", reason)) if reason else fields)


def originate(uniqueid: str, channel: str, *more: tuple[str, str], caller_id: str = "") -> Action:
    """Call `channel` and, once it answers, do `more`. The PBX itself refuses a `uniqueid` while the first one lives.

    Its answer is whole when OriginateResponse says whether the phone was answered.
    """
    shown = (("CallerID", caller_id),) if caller_id else ()
    once = (("ChannelId", uniqueid), ("Timeout", str(DIAL_S * 1000)), ("Async", "true"))
    return Action("Originate", (("Channel", channel), *more, *shown, *once), ends_with="OriginateResponse")


def to_exten(context: str, exten: str) -> tuple[tuple[str, str], ...]:
    """Of `originate`: go on in the dialplan."""
    return (("Context", context), ("Exten", exten), ("Priority", "1"))


def to_chanspy(channel: str, how: Literal["listen", "whisper", "barge"]) -> tuple[tuple[str, str], ...]:
    """Of `originate`: hear `channel`, quietly, until it ends. whisper: be heard by it; barge: by both sides.

    Raises ValueError when the name could carry further options or a second channel.
    """
    if _CHANNEL.fullmatch(channel) is None:
        raise ValueError("the channel's name holds what ChanSpy would read as more than a name")
    options = {"listen": "qES", "whisper": "qwES", "barge": "qBES"}[how]
    return (("Application", "ChanSpy"), ("Data", f"{channel},{options}"))
