"""What the fold knows of one PBX: calls, legs and agents, as plain values that a snapshot can hold."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from telephony.facts import AgentChanged, CallArrived
from telephony.reach import DESKS

MAX_LIVE_CALLS = 5_000
"""Ten times the callers of a province's worst hour; beyond it the oldest call is given up as 'unknown'."""

MAX_LEGS = 500
"""Desks rung for one call: an hour of ringing every seven seconds; beyond it the oldest leg is forgotten."""

MAX_ENDED = 256
"""Ended calls remembered, so that what still arrives of them is ignored: ten seconds of the worst burst, where the PBX
needs milliseconds. Each costs a snapshot half a microsecond."""

MAX_AGENTS = 2_000
"""Queue members known at once; further ones are ignored."""

Device = Literal["unknown", "idle", "in_use", "busy", "ringing", "on_hold", "unavailable"]


@dataclass(frozen=True, slots=True)
class FoldConfig:
    """What in a PBX's dialplan makes a channel a citizen's and an interface a desk."""

    trunk_contexts: frozenset[str] = frozenset({"from-trunk"})
    """Contexts in which calls from the public network begin."""
    trunk_pattern: str = r"PJSIP/trunk-"
    """Start of a trunk channel's name: after a transfer its context no longer tells what it is."""
    desk_pattern: str = r"(?:PJSIP|SIP|Local)/(\d+)"
    """Start of a desk's interface or channel name; group 1 is the extension."""
    queues: frozenset[str] = frozenset()
    """Queues of the centre; empty: every queue of the PBX."""
    caller_published: bool = False
    """The dialplan's first step is UserEvent(SiagaCaller,Presentation: ${CALLERID(num-pres)}).

    CallArrived then waits for it, or for the call's next event, so that it can say whether the number is withheld.
    """

    def is_trunk(self, channel: str, context: str) -> bool:
        """Whether a channel leads to the public network."""
        return context in self.trunk_contexts or re.match(self.trunk_pattern, channel) is not None

    def is_ours(self, queue: str) -> bool:
        """Whether a queue is the centre's."""
        return bool(queue) and (not self.queues or queue in self.queues)

    own_desks: str = DESKS
    """Numbers of the centre's own desks: a caller who is handed to one is answered there, elsewhere gone."""

    def is_own_desk(self, number: str) -> bool:
        """Whether a number is a desk of the centre rather than an agency's."""
        return re.fullmatch(self.own_desks, number, re.ASCII) is not None

    def desk(self, interface: str) -> str | None:
        """The desk's extension, or None when the interface or channel is no desk's."""
        found = re.match(self.desk_pattern, interface)
        return found[1] if found else None


@dataclass(slots=True)
class Leg:
    """A desk's channel within a call."""

    agent: str
    channel: str
    phase: Literal["ringing", "missed", "answered", "gone"]
    """gone: it left the others of a conference to talk on."""


@dataclass(slots=True)
class Call:
    """A living call. Its citizen's leg is the caller's channel, or the one by which the centre calls out."""

    linkedid: str
    uniqueid: str
    """Of the citizen's leg."""
    channel: str
    origin: str | None = None
    """Of a call that the centre makes: Uniqueid of the desk's channel that dials."""
    origin_channel: str = ""
    origin_gone: bool = False
    end: tuple[str, int | None] | None = None
    """Of a call that the centre makes: why the citizen's leg ended before it was answered."""
    unsaid: CallArrived | None = None
    """The first fact, while it waits for SiagaCaller."""
    legs: dict[str, Leg] = field(default_factory=dict)
    """Desk legs by Uniqueid, oldest first."""
    queue: str | None = None
    """The queue in which it waits now."""
    queued_at: datetime | None = None
    in_ivr: bool = False
    was_queued: bool = False
    """Or answered: past the menu for good."""
    answered: bool = False
    gave_up: tuple[datetime, float | None] | None = None
    """When the PBX last said QueueCallerAbandon, and the seconds waited: true only if the hang-up follows."""
    held: bool = False
    handed_to: str = ""
    """The number to which the caller was last transferred."""
    room: str = ""
    """The conference in which the call's channels are."""
    parties: dict[str, str] = field(default_factory=dict)
    """Numbers of the others in the conference by Uniqueid."""
    monitors: dict[str, str] = field(default_factory=dict)
    """Channels of the supervisors who hear the call, by Uniqueid."""
    latest: dict[str, datetime] = field(default_factory=dict)
    """Time on the PBX of the newest event by kind: a repetition is not newer."""


@dataclass(slots=True)
class Membership:
    paused: bool
    reason: str | None
    paused_at: datetime | None = None


@dataclass(slots=True)
class Agent:
    """A queue member, known by its desk's extension."""

    name: str | None = None
    queues: dict[str, Membership] = field(default_factory=dict)
    device: Device = "unknown"
    said: AgentChanged | None = None
    """The last fact, so that only a change makes another."""


@dataclass(slots=True)
class PbxState:
    """Everything that outlives a message."""

    calls: dict[str, Call] = field(default_factory=dict)
    """Living calls by Linkedid, oldest first."""
    ended: dict[str, None] = field(default_factory=dict)
    """Linkedids of the newest ended calls, oldest first: an ordered set."""
    agents: dict[str, Agent] = field(default_factory=dict)
