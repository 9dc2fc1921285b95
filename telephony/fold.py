"""AMI messages to facts about calls and agents: pure and deterministic; recorded streams are its tests."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Self

from pydantic import TypeAdapter

from telephony.facts import Fact
from telephony.fold_agents import AgentFold
from telephony.fold_calls import CallTable
from telephony.fold_events import CallEvents
from telephony.fold_meetings import MeetingFold
from telephony.fold_parts import part_of
from telephony.fold_resync import Resync, ResyncFold
from telephony.fold_state import FoldConfig, PbxState
from telephony.wire import AmiMessage

__all__ = ["Fold", "FoldConfig"]

_STATE = TypeAdapter(PbxState)


class Fold:
    """What one PBX has said so far. `apply` changes it in place and returns the new facts; no clock, no I/O.

    Whoever keeps it across a restart stores `snapshot()` in the same transaction as the facts: a state older than
    the facts would tell some of them again. A resync is not part of the snapshot; a restarted adapter begins one.
    """

    def __init__(self, config: FoldConfig | None = None, state: PbxState | None = None) -> None:
        config = config or FoldConfig()
        self._state = state or PbxState()
        self._config = config
        self._table = CallTable(config, self._state)
        self._events = CallEvents(config, self._table)
        self._agents = AgentFold(config, self._state)
        self._resync_fold = ResyncFold(config, self._table, self._events, self._agents)
        self._resync: Resync | None = None
        meetings = MeetingFold(config, self._table)
        self._on_other = {
            "ConfbridgeJoin": meetings.on_join,
            "ConfbridgeLeave": meetings.on_leave,
            "ChanSpyStart": meetings.on_monitor,
            "ChanSpyStop": meetings.on_monitor_end,
            "HangupRequest": meetings.on_hangup_request,
            "SoftHangupRequest": meetings.on_hangup_request,
            "QueueMember": self._agents.on_member,
            "QueueMemberAdded": self._agents.on_member,
            "QueueMemberPause": self._agents.on_member,
            "QueueMemberPenalty": self._agents.on_member,
            "QueueMemberStatus": self._agents.on_member,
            "QueueMemberRemoved": self._agents.on_removed,
            "DeviceStateChange": self._agents.on_device,
        }

    @classmethod
    def restore(cls, snapshot: Mapping[str, Any], config: FoldConfig | None = None) -> Self:
        """Go on from `snapshot()`. Raises ValueError when it is not one."""
        return cls(config, _STATE.validate_python(dict(snapshot)))

    def snapshot(self) -> dict[str, Any]:
        """The whole state as JSON-able values: about 500 bytes a living call, 30 an ended one."""
        snapshot: dict[str, Any] = _STATE.dump_python(self._state, mode="json")
        return snapshot

    def part(self, linkedids: Iterable[str], agents: Iterable[str]) -> dict[str, Any]:
        """What `snapshot()` says of these calls and agents; `fold_parts.merge` brings an older snapshot up to date."""
        return part_of(self._state, linkedids, agents)

    def apply(self, message: AmiMessage, now: datetime) -> list[Fact]:
        """Facts that `message` adds; `now` (UTC) stands in where the PBX gave no time. Never raises.

        Apply every message of a connection, answers of listings and their ends too.
        """
        if not message.event:
            return []
        if self._resync is not None:
            self._resync.note(message, self._agents)
        on_other = self._on_other.get(message.event)
        if on_other is not None:
            return on_other(message, now)
        facts = self._events.apply(message, now, resyncing=self._resync is not None)
        if self._resync is not None:
            self._resync.born.update(fact.linkedid for fact in facts if fact.type == "call_arrived")
        return facts

    def begin_resync(self) -> None:
        """Call on each new connection before its first message is applied; again if it broke before the end."""
        self._resync = Resync()

    def end_resync(self, now: datetime) -> list[Fact]:
        """Call once the answers of CoreShowChannels, QueueStatus and Status have been applied in whole.

        Without a complete CoreShowChannels no call is declared dead, without QueueStatus no member gone.
        """
        resync, self._resync = self._resync, None
        return [] if resync is None else self._resync_fold.finish(resync, now)

    def caller_channel(self, linkedid: str) -> str | None:
        """The citizen's channel of a living call, e.g. to hang it up."""
        call = self._state.calls.get(linkedid)
        return call.channel if call else None

    def ringing_channel(self, linkedid: str, agent: str) -> str | None:
        """The channel by which a call rings at a desk, e.g. to have the phone pick up."""
        call = self._state.calls.get(linkedid)
        legs = call.legs.values() if call else ()
        return next((leg.channel for leg in legs if leg.agent == agent and leg.phase == "ringing"), None)

    def desk_channel(self, linkedid: str, agent: str) -> str | None:
        """The channel by which a desk last answered a call, e.g. to transfer from it."""
        call = self._state.calls.get(linkedid)
        legs = list(call.legs.values()) if call else []
        return next((leg.channel for leg in reversed(legs) if leg.agent == agent and leg.phase == "answered"), None)

    def monitor_channel(self, linkedid: str, agent: str) -> str | None:
        """The channel by which a supervisor's desk hears a call."""
        call = self._state.calls.get(linkedid)
        channels = list(call.monitors.values()) if call else []
        return next((channel for channel in channels if self._config.desk(channel) == agent), None)

    def room(self, linkedid: str) -> str | None:
        """The conference in which a call is, if any."""
        call = self._state.calls.get(linkedid)
        return call.room or None if call else None

    def live_calls(self) -> tuple[str, ...]:
        """Linkedids of the calls that have not ended, oldest first."""
        return tuple(self._state.calls)
