"""Channels and queue members as Asterisk 22 shows them on the AMI: names, fields and their order as recorded there."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

Fields = list[tuple[str, str]]

NOBODY = ("<unknown>", "<unknown>")
_STATES = {0: "Down", 4: "Ring", 5: "Ringing", 6: "Up"}

NOT_INUSE, INUSE, RINGING = 1, 2, 6
"""AST_DEVICE_* numbers of a queue member's Status."""


def render(fields: Iterable[tuple[str, str]]) -> bytes:
    """One message. Control characters, which Asterisk's own writer replaces as well, become blanks."""
    return "".join(f"{key}: {_clean(value)}\r\n" for key, value in fields).encode() + b"\r\n"


def _clean(value: str) -> str:
    return value if value.isprintable() else "".join(char if char.isprintable() else " " for char in value)


@dataclass(eq=False, slots=True)
class Channel:
    name: str
    uniqueid: str
    linkedid: str
    number: str
    caller_name: str
    context: str
    exten: str
    born_s: float
    """Loop time."""
    state: int = 0
    connected: tuple[str, str] = NOBODY
    priority: int = 1
    application: str = ""
    data: str = ""
    bridge: str = ""

    def fields(self, prefix: str = "") -> Fields:
        """The channel snapshot that most events carry; `prefix` is 'Dest' for a second channel."""
        values = {
            "Channel": self.name,
            "ChannelState": str(self.state),
            "ChannelStateDesc": _STATES[self.state],
            "CallerIDNum": self.number,
            "CallerIDName": self.caller_name,
            "ConnectedLineNum": self.connected[0],
            "ConnectedLineName": self.connected[1],
            "Language": "en",
            "AccountCode": "",
            "Context": self.context,
            "Exten": self.exten,
            "Priority": str(self.priority),
            "Uniqueid": self.uniqueid,
            "Linkedid": self.linkedid,
        }
        return [(prefix + key, value) for key, value in values.items()]

    def listed(self, now_s: float) -> Fields:
        """As in CoreShowChannel."""
        age_s = int(now_s - self.born_s)
        duration = f"{age_s // 3600:02}:{age_s // 60 % 60:02}:{age_s % 60:02}"
        more = [("Application", self.application), ("ApplicationData", self.data), ("Duration", duration)]
        return [*self.fields(), *more, ("BridgeId", self.bridge)]

    def status(self, now_s: float) -> Fields:
        """As in the event Status."""
        return [
            ("Privilege", "Call"),
            *self.fields(),
            ("Type", "PJSIP"),
            ("DNID", self.exten if self.context == "from-trunk" else ""),
            ("EffectiveConnectedLineNum", self.connected[0]),
            ("EffectiveConnectedLineName", self.connected[1]),
            ("TimeToHangup", "0"),
            ("BridgeID", self.bridge),
            ("Application", self.application),
            ("Data", self.data),
            ("Nativeformats", "(alaw)"),
            ("Readformat", "alaw"),
            ("Readtrans", ""),
            ("Writeformat", "alaw"),
            ("Writetrans", ""),
            ("Callgroup", "0"),
            ("Pickupgroup", "0"),
            ("Seconds", str(int(now_s - self.born_s))),
        ]


@dataclass(eq=False, slots=True)
class Desk:
    """A queue member with its phone."""

    number: str
    member_name: str
    login_time: int
    membership: str = "static"
    status: int = NOT_INUSE
    paused: bool = False
    paused_reason: str = ""
    last_pause: int = 0
    calls_taken: int = 0
    last_call: int = 0
    auto_answer: bool = False

    @property
    def interface(self) -> str:
        return f"PJSIP/{self.number}"

    @property
    def is_free(self) -> bool:
        return self.status == NOT_INUSE and not self.paused

    def fields(self, queue: str) -> Fields:
        """As in QueueMemberStatus, …Pause, …Added, …Removed."""
        names = [("MemberName", self.member_name), ("Interface", self.interface)]
        return [("Queue", queue), *names, *self._common(), ("Ringinuse", "0"), ("Wrapuptime", "0")]

    def listed(self, queue: str) -> Fields:
        """As in QueueMember of a QueueStatus."""
        names = [("Name", self.member_name), ("Location", self.interface)]
        return [("Queue", queue), *names, *self._common(), ("Wrapuptime", "0")]

    def _common(self) -> Fields:
        return [
            ("StateInterface", self.interface),
            ("Membership", self.membership),
            ("Penalty", "0"),
            ("CallsTaken", str(self.calls_taken)),
            ("LastCall", str(self.last_call)),
            ("LastPause", str(self.last_pause)),
            ("LoginTime", str(self.login_time)),
            ("InCall", str(int(self.status == INUSE))),
            ("Status", str(self.status)),
            ("Paused", str(int(self.paused))),
            ("PausedReason", self.paused_reason),
        ]


@dataclass(eq=False, slots=True)
class SimulatedCall:
    """One caller, from the ringing trunk to the hang-up. `_s` fields that end a wait are simulated seconds."""

    channel: Channel
    lines: tuple[str, ...]
    patience_s: float
    line_every_s: tuple[float, float]
    withheld: bool = False
    queued_at_s: float = 0.0
    """Loop time, as the next."""
    answered_at_s: float = 0.0
    desk: Desk | None = None
    leg: Channel | None = None
    picked_up: bool = False
    hung_up_by: str | None = None
    """'caller' or 'agent' once somebody hung up."""
    moving: tuple[str, str] | None = None
    """Where the caller goes from the desk that talks: ('transfer', number) or ('leave', '')."""
    told: int = 0
    """How many of the lines were said."""
    room: str = ""
    parties: list[Channel] = field(default_factory=list)
    """Others in the conference."""
    monitors: list[Channel] = field(default_factory=list)
    """Supervisors' phones that hear the desk."""
    held: bool = False
    outcome: str = "waiting"
    """waiting, talking; at last answered, abandoned, dropped (before the queue) or vanished (a restart)."""
    original_position: int = 0
    menu: bool = False
    presses: str = "1"
    signal: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def linkedid(self) -> str:
        return self.channel.linkedid

    def hang_up(self, by: str = "caller") -> None:
        self.hung_up_by = self.hung_up_by or by
        self.signal.set()

    def pick_up(self) -> None:
        """The ringing desk answers."""
        self.picked_up = True
        self.signal.set()


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the PBX's queue_log: the truth that an adapter is held against."""

    at: int
    call: str
    queue: str
    agent: str
    event: str
    data: tuple[str, ...] = field(default=())
