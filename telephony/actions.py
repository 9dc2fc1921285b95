"""The few AMI actions that the centre uses, typed, and their bytes on the wire.

An action is written to one connection once. Nothing here or in `telephony.ami` ever sends one again after a
reconnect: an Originate sent twice dials a citizen twice.
"""

from dataclasses import dataclass, field

MAX_VALUE_CHARS = 1024
"""No value that the centre sends is longer; Asterisk itself cuts a manager's line at 1024 bytes."""


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


def talk(channel: str) -> Action:
    """Have the phone behind a ringing PJSIP channel pick up: NOTIFY 'Event: talk' within the call's dialog.

    Snom, Yealink, Grandstream and Polycom phones obey it. The PBX needs res_pjsip_notify.
    """
    return Action("PJSIPNotify", (("Channel", channel), ("Variable", "Event=talk")))


def queue_add(queue: str, interface: str, name: str) -> Action:
    return Action("QueueAdd", (("Queue", queue), ("Interface", interface), ("MemberName", name)))


def queue_remove(queue: str, interface: str) -> Action:
    return Action("QueueRemove", (("Queue", queue), ("Interface", interface)))


def queue_pause(queue: str, interface: str, *, paused: bool, reason: str = "") -> Action:
    fields = (("Queue", queue), ("Interface", interface), ("Paused", "true" if paused else "false"))
    return Action("QueuePause", (*fields, ("Reason", reason)) if reason else fields)


def originate(command_id: str, channel: str, context: str, exten: str) -> Action:
    """Call out. The command's id becomes the call's Uniqueid, so the PBX itself refuses the same one twice."""
    where = (("Channel", channel), ("Context", context), ("Exten", exten), ("Priority", "1"))
    return Action("Originate", (*where, ("ChannelId", command_id), ("Async", "true")))
