"""What the PBX's listings say after a reconnect, held against what we knew before.

Nothing says which calls ended while we were away: a known call that the listing of all channels misses has ended for
an unknown cause. Live events come between the listings' lines; whatever they say is newer than a listing.
"""

from datetime import datetime, timedelta

from telephony import fold_read as read
from telephony.facts import Fact
from telephony.fold_agents import AgentFold
from telephony.fold_calls import UNKNOWN, CallTable
from telephony.fold_events import CallEvents
from telephony.fold_state import MAX_LIVE_CALLS, Call, FoldConfig, Leg
from telephony.wire import AmiMessage

MAX_ROWS = 4 * MAX_LIVE_CALLS
"""Channels of a listing that are looked at: a call has two legs, rarely four."""


class Resync:
    """One resync, from the new connection's first message to the end of its listings."""

    def __init__(self) -> None:
        self.rows: dict[str, AmiMessage] = {}
        """Channels by Uniqueid, as CoreShowChannels and Status list them."""
        self.waiting: dict[str, AmiMessage] = {}
        """Queue entries by Uniqueid."""
        self.members: set[tuple[str, str]] = set()
        """(agent, queue) that were listed or joined since the start."""
        self.gone: set[str] = set()
        """Uniqueids that hung up since the start: a listing may still name them."""
        self.born: set[str] = set()
        """Linkedids of calls first seen since the start: a listing may not name them yet."""
        self.channels_listed = False
        self.queues_listed = False
        self._channels = 0

    def note(self, message: AmiMessage, agents: AgentFold) -> None:
        """Keep what `message` says of the time since the start."""
        event = message.event
        if event in ("CoreShowChannel", "Status"):
            self._note_channel(message)
        elif event == "CoreShowChannelsComplete":
            self.channels_listed = read.whole(message, "ListItems") in (None, self._channels)
        elif event == "QueueEntry":
            self.waiting[read.text(message, "Uniqueid")] = message
        elif event in ("QueueMember", "QueueMemberAdded"):
            self.members.add((agents.member(message) or "", read.text(message, "Queue")))
        elif event == "QueueStatusComplete":
            self.queues_listed = True
        elif event == "Hangup":
            self.gone.add(read.text(message, "Uniqueid"))

    def _note_channel(self, message: AmiMessage) -> None:
        self._channels += message.event == "CoreShowChannel"
        uniqueid = read.text(message, "Uniqueid")
        known = self.rows.get(uniqueid)
        if known is not None:
            self.rows[uniqueid] = AmiMessage({**known.fields, **message.fields})
        elif uniqueid and len(self.rows) < MAX_ROWS:
            self.rows[uniqueid] = message


class ResyncFold:
    """Turns a finished resync into facts."""

    def __init__(self, config: FoldConfig, table: CallTable, events: CallEvents, agents: AgentFold) -> None:
        self._config = config
        self._table = table
        self._events = events
        self._agents = agents

    def finish(self, resync: Resync, now: datetime) -> list[Fact]:
        rows = {uniqueid: row for uniqueid, row in resync.rows.items() if uniqueid not in resync.gone}
        facts = self._bury(resync, now) if resync.channels_listed else []
        for row in rows.values():
            if self._table.find(row) is None:
                facts += self._table.first_seen(row, now, resynced=True)
        for row in rows.values():
            facts += self._calling_out(row, rows, now)
        for call in list(self._table.calls.values()):
            if call.uniqueid in rows:
                facts += self._catch_up(call, rows, resync.waiting.get(call.uniqueid), now)
        if resync.queues_listed:
            facts += self._agents.reconcile(resync.members, now)
        return facts

    def _bury(self, resync: Resync, now: datetime) -> list[Fact]:
        facts: list[Fact] = []
        for call in list(self._table.calls.values()):
            if call.uniqueid not in resync.rows and call.linkedid not in resync.born:
                facts += self._table.end(call, now, UNKNOWN, None)
        return facts

    def _calling_out(self, row: AmiMessage, rows: dict[str, AmiMessage], now: datetime) -> list[Fact]:
        """A trunk leg in a call that a desk's channel leads is a call of the centre."""
        linkedid = read.text(row, "Linkedid")
        channel = read.text(row, "Channel")
        origin = rows.get(linkedid)
        is_known = self._table.find(row) is not None or linkedid in self._table.ended
        if is_known or origin is None or not self._config.is_trunk(channel, row.get("Context")):
            return []
        call = Call(linkedid, read.text(row, "Uniqueid"), channel, origin_channel=read.text(origin, "Channel"))
        dialled, _ = read.number(row.get("CallerIDNum"))
        return self._table.begin_outbound(call, linkedid, dialled, now, resynced=True)

    def _catch_up(self, call: Call, rows: dict[str, AmiMessage], entry: AmiMessage | None, now: datetime) -> list[Fact]:
        """Queued, ringing or answered, as far as the listings say so and no event has."""
        facts = self._table.say_arrived(call)
        if entry is not None and not call.answered and self._config.is_ours(read.text(entry, "Queue")):
            waited_s = read.seconds(entry, "Wait") or 0.0
            facts += self._events.enter_queue(
                call, read.text(entry, "Queue"), read.whole(entry, "Position"), now - timedelta(seconds=waited_s)
            )
        bridge = _bridge(rows[call.uniqueid])
        for uniqueid, row in rows.items():
            agent = self._config.desk(read.text(row, "Channel"))
            if agent is None or uniqueid == call.uniqueid or call.answered or self._table.find(row) is not call:
                continue
            channel = read.text(row, "Channel")
            if row.get("ChannelStateDesc") == "Ringing":
                facts += self._events.ring(call, uniqueid, Leg(agent, channel, "ringing"), now)
            elif bridge and bridge == _bridge(row):
                facts += self._events.answer(call, uniqueid, Leg(agent, channel, "answered"), now, None)
        return facts


def _bridge(row: AmiMessage) -> str:
    """CoreShowChannels and Status spell it differently."""
    return row.get("BridgeId") or row.get("BridgeID")
