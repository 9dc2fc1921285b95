"""The catalogue of durable events: past tense, frozen, only ever added to. TypeScript types are generated from it.

An event is stored and sent once encoded as `{"type", "at", "actor", "data", "changed"}`; `seq` and `hash` are the
log's. Ephemeral messages (positions, health, beats) are not events; they live in dispatch.realtime.wire.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from dispatch.views import Changed
from dispatch.words import AlarmKind, CallDisposition, IncidentDisposition, IncidentState, Priority
from telephony.facts import CallAct, DeskAct


class Event(BaseModel):
    """Base of all events: which entities it is about, so that a timeline finds it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    call_id: str | None = None
    incident_id: str | None = None
    unit_id: str | None = None
    assignment_id: str | None = None


class CallArrived(Event):
    type: Literal["call.arrived"] = "call.arrived"


class CallEnteredIvr(Event):
    type: Literal["call.entered_ivr"] = "call.entered_ivr"


class CallLeftIvr(Event):
    """The caller dropped in the menu, before the queue."""

    type: Literal["call.left_ivr"] = "call.left_ivr"


class CallQueued(Event):
    type: Literal["call.queued"] = "call.queued"
    queue: str


class CallRinging(Event):
    type: Literal["call.ringing"] = "call.ringing"
    agent: str


class CallRingMissed(Event):
    type: Literal["call.ring_missed"] = "call.ring_missed"
    agent: str


class CallAnswered(Event):
    """The screen pops at `user_id`, the call-taker who sits at desk `agent`."""

    type: Literal["call.answered"] = "call.answered"
    agent: str
    user_id: str | None


class CallHeld(Event):
    type: Literal["call.held"] = "call.held"
    held: bool


class CallTransferred(Event):
    type: Literal["call.transferred"] = "call.transferred"
    to: str
    how: str


class CallTranscribed(Event):
    type: Literal["call.transcribed"] = "call.transcribed"
    speaker: str
    text: str


class CallAbandoned(Event):
    type: Literal["call.abandoned"] = "call.abandoned"


class CallEnded(Event):
    type: Literal["call.ended"] = "call.ended"
    cause: str


class CallDisposed(Event):
    type: Literal["call.disposed"] = "call.disposed"
    disposition: CallDisposition
    note: str


class CallLinked(Event):
    """The call reports this incident."""

    type: Literal["call.linked"] = "call.linked"


class CallUnlinked(Event):
    """The call does not report the incident after all."""

    type: Literal["call.unlinked"] = "call.unlinked"


class CallIdentified(Event):
    """What the arrival tells (number, name, line) came after other facts of the call."""

    type: Literal["call.identified"] = "call.identified"


class CallDigitPressed(Event):
    type: Literal["call.digit_pressed"] = "call.digit_pressed"
    digit: str


class CallNumberRuleMet(Event):
    """The PBX treated the call by the rule for its number."""

    type: Literal["call.number_rule_met"] = "call.number_rule_met"
    how: Literal["divert", "confirmed", "block"]


class CallSilentStepTaken(Event):
    type: Literal["call.silent_step_taken"] = "call.silent_step_taken"
    step: Literal["ask", "listen", "callback"]


class CallDisposalUndone(Event):
    type: Literal["call.disposal_undone"] = "call.disposal_undone"
    disposition: CallDisposition
    """What it had been said to be."""


class CallbackClaimed(Event):
    """Somebody takes it upon them to call back."""

    type: Literal["callback.claimed"] = "callback.claimed"
    user_id: str


class CallbackReleased(Event):
    type: Literal["callback.released"] = "callback.released"


class CallbackAttempted(Event):
    type: Literal["callback.attempted"] = "callback.attempted"
    attempt: int


class CallCalledAgain(Event):
    """The lost call needs no call back: the same number called again and was answered."""

    type: Literal["call.called_again"] = "call.called_again"
    answered_in_call_id: str


class NumberRuleMade(Event):
    """From now until `ends_at` the PBX diverts or blocks the number."""

    type: Literal["number_rule.made"] = "number_rule.made"
    rule_id: str
    number: str
    kind: Literal["divert", "block"]
    reason: str
    ends_at: datetime


class NumberRuleEnded(Event):
    """By a supervisor, or by itself (`expired`)."""

    type: Literal["number_rule.ended"] = "number_rule.ended"
    rule_id: str
    number: str
    kind: Literal["divert", "block"]
    reason: str
    expired: bool


class NumberRulesInForce(Event):
    """Which rules a PBX has now confirmed that it holds."""

    type: Literal["number_rule.in_force"] = "number_rule.in_force"
    pbx: str
    rule_ids: tuple[str, ...]


class CallJoined(Event):
    """Somebody else came into the call, or left it."""

    type: Literal["call.joined"] = "call.joined"
    party: str
    joined: bool


class CallMonitored(Event):
    """A supervisor's desk began to hear the call, or ceased to."""

    type: Literal["call.monitored"] = "call.monitored"
    agent: str
    monitoring: bool


class CallCommandRequested(Event):
    """Somebody asked the PBX to do something with a call; what it did comes back as call facts."""

    type: Literal["call.command_requested"] = "call.command_requested"
    command_id: str
    act: CallAct
    pbx: str
    linkedid: str
    agent: str | None
    expires_at: datetime
    to: str | None = None


class DeskCommandRequested(Event):
    """Somebody, or a rule of the centre, asked the PBX to sign a desk in or out, or to pause it."""

    type: Literal["desk.command_requested"] = "desk.command_requested"
    command_id: str
    act: DeskAct
    pbx: str
    agent: str
    queues: tuple[str, ...]
    reason: str | None
    expires_at: datetime


class CommandDone(Event):
    """What the PBX answered; whether it came so, only facts tell."""

    command_id: str
    pbx: str
    outcome: Literal["accepted", "refused", "dropped", "unknown"]
    ok: bool
    words: str
    """The PBX's own, or the adapter's where nothing was asked of it."""
    agent: str | None
    user_id: str | None
    """Who had asked; None: a rule of the centre."""


class CallCommandDone(CommandDone):
    type: Literal["call.command_done"] = "call.command_done"
    act: CallAct
    to: str | None


class DeskCommandDone(CommandDone):
    type: Literal["desk.command_done"] = "desk.command_done"
    act: DeskAct
    reason: str | None


class AgentChanged(Event):
    type: Literal["agent.changed"] = "agent.changed"
    pbx: str
    agent: str


class AgentSeated(Event):
    """A user sat down at a desk, or left it (extension None)."""

    type: Literal["agent.seated"] = "agent.seated"
    user_id: str
    extension: str | None


class IncidentOpened(Event):
    type: Literal["incident.opened"] = "incident.opened"


class IncidentTriaged(Event):
    type: Literal["incident.triaged"] = "incident.triaged"
    priority: Priority
    determinant: str | None
    previous_priority: Priority | None


class IncidentAmended(Event):
    """Place, narrative or reporting party changed; `fields` names which."""

    type: Literal["incident.amended"] = "incident.amended"
    fields: tuple[str, ...]


class IncidentNoted(Event):
    type: Literal["incident.noted"] = "incident.noted"
    text: str


class IncidentProgressed(Event):
    """The state moved; `derived` when it follows from assignments, else somebody reported it."""

    type: Literal["incident.progressed"] = "incident.progressed"
    previous: IncidentState
    state: IncidentState
    derived: bool


class IncidentClosed(Event):
    type: Literal["incident.closed"] = "incident.closed"
    disposition: IncidentDisposition
    note: str


class IncidentCancelled(Event):
    type: Literal["incident.cancelled"] = "incident.cancelled"
    reason: str


class IncidentMerged(Event):
    type: Literal["incident.merged"] = "incident.merged"
    into_id: str


class IncidentUnmerged(Event):
    """A merge was taken back: the incident is open again, with the calls that it had brought along."""

    type: Literal["incident.unmerged"] = "incident.unmerged"
    from_id: str


class IncidentsToldApart(Event):
    """A call, or another incident (`subject_id`), is not about this one; `apart` False: that was taken back."""

    type: Literal["incident.told_apart"] = "incident.told_apart"
    subject_id: str
    apart: bool


class IncidentReopened(Event):
    type: Literal["incident.reopened"] = "incident.reopened"
    reason: str


class IncidentAlarmLevelSet(Event):
    """A second alarm, a third: the response plan is multiplied by the level; 1 is the plan as triaged."""

    type: Literal["incident.alarm_level_set"] = "incident.alarm_level_set"
    level: int
    previous: int
    reason: str


class RoadClosed(Event):
    """No unit is reckoned to pass there until `until` (None: until it is reopened)."""

    type: Literal["road.closed"] = "road.closed"
    closure_id: str
    reason: str
    until: datetime | None


class RoadReopened(Event):
    type: Literal["road.reopened"] = "road.reopened"
    closure_id: str


class GazetteerChanged(Event):
    """Places were added, edited or imported, or that was undone. The change keeps each place before and after."""

    type: Literal["gazetteer.changed"] = "gazetteer.changed"
    change_id: str
    kind: str
    """add | edit | import"""
    places: int
    undone: bool


class PremiseNoteWritten(Event):
    """A hazard, gate code or the like; the text stays out of the log, since it may be a secret and expires."""

    type: Literal["premise_note.written"] = "premise_note.written"
    note_id: str
    kind: str
    expires_at: datetime


class PremiseNoteEnded(Event):
    type: Literal["premise_note.ended"] = "premise_note.ended"
    note_id: str


class AssignmentOffered(Event):
    type: Literal["assignment.offered"] = "assignment.offered"
    override_reason: str | None
    rank: int | None
    """Place of the unit in the recommendation, 1 the best; None when not recommended."""
    replaces_id: str | None
    """The declined or expired assignment that this offer follows."""
    basis: Literal["single", "joint", "divert"] = "single"
    """Offered for its own incident, out of the joint proposal, or called off a less urgent incident."""


class AssignmentStep(Event):
    """Base of what a crew or the centre did with an assignment; the event's own time is when it happened."""

    received_at: datetime | None = None
    """When the centre heard of it, where that was later: the crew's phone had no network."""


class AssignmentAccepted(AssignmentStep):
    type: Literal["assignment.accepted"] = "assignment.accepted"


class AssignmentDeclined(AssignmentStep):
    type: Literal["assignment.declined"] = "assignment.declined"
    reason: str


class AssignmentExpired(Event):
    type: Literal["assignment.expired"] = "assignment.expired"


class AssignmentWithdrawn(AssignmentStep):
    type: Literal["assignment.withdrawn"] = "assignment.withdrawn"
    reason: str


class AssignmentDeparted(AssignmentStep):
    type: Literal["assignment.departed"] = "assignment.departed"


class AssignmentArrived(AssignmentStep):
    type: Literal["assignment.arrived"] = "assignment.arrived"


class AssignmentTransporting(AssignmentStep):
    type: Literal["assignment.transporting"] = "assignment.transporting"


class AssignmentReachedFacility(AssignmentStep):
    type: Literal["assignment.reached_facility"] = "assignment.reached_facility"


class AssignmentCleared(AssignmentStep):
    type: Literal["assignment.cleared"] = "assignment.cleared"


class AssignmentCancelled(AssignmentStep):
    type: Literal["assignment.cancelled"] = "assignment.cancelled"
    reason: str


class AssignmentDiverted(AssignmentStep):
    type: Literal["assignment.diverted"] = "assignment.diverted"
    reason: str


class UnitWentOnDuty(Event):
    type: Literal["unit.went_on_duty"] = "unit.went_on_duty"


class UnitWentOffDuty(Event):
    type: Literal["unit.went_off_duty"] = "unit.went_off_duty"


class UnitWentOutOfService(Event):
    type: Literal["unit.went_out_of_service"] = "unit.went_out_of_service"
    reason: str


class UnitReturnedToService(Event):
    type: Literal["unit.returned_to_service"] = "unit.returned_to_service"


class AlarmRaised(Event):
    type: Literal["alarm.raised"] = "alarm.raised"
    alarm_id: str
    kind: AlarmKind
    level: int


class AlarmAcknowledged(Event):
    type: Literal["alarm.acknowledged"] = "alarm.acknowledged"
    alarm_id: str


class AlarmSnoozed(Event):
    """Somebody puts the alarm off, and says why."""

    type: Literal["alarm.snoozed"] = "alarm.snoozed"
    alarm_id: str
    until: datetime
    reason: str


class ProtocolPublished(Event):
    """From now on this text of a protocol counts; `number` None: the file that comes with the program."""

    type: Literal["protocol.published"] = "protocol.published"
    code: str
    number: int | None
    version: str
    rolled_back: bool


class ProtocolSignedOff(Event):
    """The medical director approved this edition."""

    type: Literal["protocol.signed_off"] = "protocol.signed_off"
    code: str
    version: str
    name: str
    title: str


class UserSignedIn(Event):
    type: Literal["user.signed_in"] = "user.signed_in"
    user_id: str


class UserSignedOut(Event):
    type: Literal["user.signed_out"] = "user.signed_out"
    user_id: str


class UserLockedOut(Event):
    """Too many wrong passwords; until when no sign-in is possible."""

    type: Literal["user.locked_out"] = "user.locked_out"
    user_id: str
    until: datetime


class PluginEmitted(Event):
    """Something happened in a plugin, as it declared in `emits`."""

    type: Literal["plugin.emitted"] = "plugin.emitted"
    plugin: str
    name: str
    data: dict[str, JsonValue]
    """What the plugin says of it."""


AnyEvent = Annotated[
    CallArrived
    | CallEnteredIvr
    | CallLeftIvr
    | CallQueued
    | CallRinging
    | CallRingMissed
    | CallAnswered
    | CallHeld
    | CallTransferred
    | CallTranscribed
    | CallAbandoned
    | CallEnded
    | CallDisposed
    | CallLinked
    | CallUnlinked
    | CallIdentified
    | CallDigitPressed
    | CallNumberRuleMet
    | CallSilentStepTaken
    | CallDisposalUndone
    | CallbackClaimed
    | CallbackReleased
    | CallbackAttempted
    | CallCalledAgain
    | NumberRuleMade
    | NumberRuleEnded
    | NumberRulesInForce
    | CallJoined
    | CallMonitored
    | CallCommandRequested
    | CallCommandDone
    | DeskCommandRequested
    | DeskCommandDone
    | AgentChanged
    | AgentSeated
    | IncidentOpened
    | IncidentTriaged
    | IncidentAmended
    | IncidentNoted
    | IncidentProgressed
    | IncidentClosed
    | IncidentCancelled
    | IncidentMerged
    | IncidentUnmerged
    | IncidentsToldApart
    | IncidentReopened
    | IncidentAlarmLevelSet
    | RoadClosed
    | RoadReopened
    | GazetteerChanged
    | PremiseNoteWritten
    | PremiseNoteEnded
    | AssignmentOffered
    | AssignmentAccepted
    | AssignmentDeclined
    | AssignmentExpired
    | AssignmentWithdrawn
    | AssignmentDeparted
    | AssignmentArrived
    | AssignmentTransporting
    | AssignmentReachedFacility
    | AssignmentCleared
    | AssignmentCancelled
    | AssignmentDiverted
    | UnitWentOnDuty
    | UnitWentOffDuty
    | UnitWentOutOfService
    | UnitReturnedToService
    | AlarmRaised
    | AlarmAcknowledged
    | AlarmSnoozed
    | ProtocolPublished
    | ProtocolSignedOff
    | UserSignedIn
    | UserSignedOut
    | UserLockedOut
    | PluginEmitted,
    Field(discriminator="type"),
]


class Recorded(BaseModel):
    """An event as stored and as sent: the payload's shape."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: str
    at: datetime
    actor: str | None
    """User id; None when the system or the PBX did it."""
    data: AnyEvent
    changed: Changed


OPS = "ops"
"""Topic of the centre's own people: call-taker, dispatcher, supervisor, admin."""

AUDIT = "audit"
"""Topic of sign-ins and settings: supervisor, admin."""

PLUGINS = "plugins"
"""Topic of what plugins emit: supervisor, admin."""


def unit_topic(unit_id: str) -> str:
    """Topic of one unit's crew: its own assignments and the incidents they are on."""
    return f"unit:{unit_id}"
