"""What faces see of each entity: the one shape used by REST answers, snapshots and events alike.

A view is built from rows inside the transaction that changed them, so `snapshot + events = fresh snapshot` holds by
construction. Times are UTC; a time that has not come is None.
"""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from dispatch.words import (
    AlarmKind,
    AssignmentState,
    CallDisposition,
    CallState,
    Capability,
    Category,
    IncidentDisposition,
    IncidentState,
    Priority,
    Role,
    UnitState,
)


class View(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(View):
    """One text for people in both languages."""

    id: str
    en: str


class Point(View):
    """WGS 84, degrees."""

    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)


class Place(View):
    """Where something is, as precisely as known (ALI)."""

    text: str = Field(max_length=300)
    """In the caller's words, or the gazetteer's name."""
    point: Point | None = None
    accuracy_m: int | None = None
    """Radius in metres within which the truth is expected."""
    village_code: str | None = None
    village: str | None = None
    kecamatan: str | None = None
    source: str = "caller"
    """caller | gazetteer | map | device"""


class TranscriptLine(View):
    at: datetime
    speaker: str
    text: str


class CallView(View):
    id: str
    pbx: str
    linkedid: str
    direction: str
    state: CallState
    ani: str | None
    """E.164 where it could be parsed, else as the network gave it."""
    ani_withheld: bool
    caller_name: str | None
    dialled: str | None
    queue: str | None
    agent: str | None
    """Extension of the desk that rings or answered."""
    call_taker_id: str | None
    arrived_at: datetime
    queued_at: datetime | None
    ringing_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    end_cause: str | None
    transferred_to: str | None
    transcript: tuple[TranscriptLine, ...]
    """The last 20 lines at most."""
    disposition: CallDisposition | None
    note: str
    incident_id: str | None
    version: int
    trunk: str | None = None
    """The line by which the call came in, as the PBX names it."""
    digits: str = ""
    """Keys that the caller pressed, the last 32; of a silent caller those since the question."""
    number_rule: Literal["divert", "confirmed", "block"] | None = None
    """How the PBX treated the call by the centre's rule for its number; confirmed: the caller said that it is real."""
    silent_asked_at: datetime | None = None
    """When the caller was asked to press a key if they cannot speak."""
    silent_listened_at: datetime | None = None
    silent_callback_at: datetime | None = None
    """When a silent caller was offered a call back."""
    disposed_at: datetime | None = None
    disposed_by: str | None = None
    closed_from: CallState | None = None
    """What the call was before it was closed, so that closing can be undone."""
    callback_by: str | None = None
    """Who has taken it upon them to call back."""
    callback_claimed_at: datetime | None = None
    callback_attempts: int = 0
    callback_attempted_at: datetime | None = None
    callback_result: Literal["reached", "not_reached", "called_again", "no_number", "not_called"] | None = None
    answered_in_call_id: str | None = None
    """The later call of the same number that was answered."""
    muted: bool = False
    """The PBX accepted to let nobody hear the desk; it tells no more of it than that."""
    parties: tuple[str, ...] = ()
    """Who else is in the call, by number."""
    monitored_by: tuple[str, ...] = ()
    """Supervisors' desks that hear the call."""


class Need(View):
    """One line of a response plan."""

    capability: Capability
    count: int = Field(ge=1, le=99)


class IncidentView(View):
    id: str
    number: str
    """For people: year and a count, e.g. '2026-000123'."""
    type: str
    category: Category
    priority: Priority
    determinant: str | None
    state: IncidentState
    protocol_version: str | None
    answers: dict[str, str | int | bool | None]
    narrative: str
    place: Place
    reporting_party: str | None
    """Name as given by the caller."""
    reporting_number: str | None
    call_ids: tuple[str, ...]
    plan: tuple[Need, ...]
    owner_id: str
    opened_at: datetime
    triaged_at: datetime | None
    dispatched_at: datetime | None
    en_route_at: datetime | None
    on_scene_at: datetime | None
    under_control_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    disposition: IncidentDisposition | None
    merged_into_id: str | None
    version: int
    alarm_level: int = 1
    """2: a second alarm, and so on; `plan` is multiplied by it already."""


class AssignmentView(View):
    id: str
    incident_id: str
    unit_id: str
    state: AssignmentState
    offered_by: str | None
    """User id; None when the system offered it (after a decline or expiry)."""
    offered_at: datetime
    offer_expires_at: datetime
    accepted_at: datetime | None
    en_route_at: datetime | None
    on_scene_at: datetime | None
    transporting_at: datetime | None
    at_facility_at: datetime | None
    ended_at: datetime | None
    override_reason: str | None
    end_reason: str | None
    """Why it was declined, withdrawn, cancelled or diverted."""
    travel_s: int | None
    """Travel time as estimated at the offer."""
    version: int


class UnitPosition(View):
    unit_id: str
    point: Point
    at: datetime
    accuracy_m: float | None = None
    speed_kmh: float | None = None
    heading: float | None = None


class UnitView(View):
    id: str
    callsign: str
    kind: str
    agency: str
    station_id: str
    station: str
    capabilities: tuple[Capability, ...]
    crew: tuple[str, ...]
    state: UnitState
    assignment_id: str | None
    incident_id: str | None
    on_duty_since: datetime | None
    out_of_service_reason: str | None
    position: UnitPosition | None
    version: int


class AgentView(View):
    """A desk as the PBX describes it, and who sits there."""

    pbx: str
    agent: str
    name: str | None
    queues: tuple[str, ...]
    paused: bool
    pause_reason: str | None
    device: str
    user_id: str | None
    user_name: str | None
    changed_at: datetime
    paused_at: datetime | None = None
    """When the pause began, by the PBX's clock."""


class AlarmView(View):
    id: str
    kind: AlarmKind
    level: int = Field(ge=1, le=3)
    """1 the call-taker, 2 the dispatcher, 3 the supervisor."""
    incident_id: str | None
    assignment_id: str | None
    unit_id: str | None
    call_id: str | None
    detail: str
    raised_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    snoozed_until: datetime | None = None
    """Put off until then; afterwards it is raised again unless somebody saw to it."""
    snoozed_by: str | None = None
    snooze_reason: str | None = None


class Changed(View):
    """Every entity that an event changed, whole, as it is after the event."""

    calls: tuple[CallView, ...] = ()
    incidents: tuple[IncidentView, ...] = ()
    assignments: tuple[AssignmentView, ...] = ()
    units: tuple[UnitView, ...] = ()
    agents: tuple[AgentView, ...] = ()
    alarms: tuple[AlarmView, ...] = ()


class Snapshot(Changed):
    """All that a topic holds now.

    calls not closed; incidents not ended; assignments of those incidents, in any state; all units; all agents;
    alarms not acknowledged. A client that applies later events drops by the same rules.
    """

    seq: int
    at: datetime


class UserView(View):
    id: str
    username: str
    display_name: str
    roles: tuple[Role, ...]
    unit_id: str | None
    extension: str | None
    """The desk at which the user sits, if any."""
    locale: str
    demo: bool
