"""The field's words as types. Every name here is used unchanged in code, API, database and English screens."""

from enum import StrEnum


class Role(StrEnum):
    CALL_TAKER = "call_taker"
    DISPATCHER = "dispatcher"
    RESPONDER = "responder"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    OFFICER = "officer"
    """Of another service of the regency: has nothing but the plugins' permissions that were granted."""


class Category(StrEnum):
    """Permenkominfo 10/2016: the categories of the ministry's monthly report."""

    FIRE = "kebakaran"
    RIOT = "kerusuhan"
    ACCIDENT = "kecelakaan"
    DISASTER = "bencana_alam"
    HEALTH = "kesehatan"
    ORDER = "kamtibmas"
    OTHER = "lain_lain"


class Priority(StrEnum):
    """P1: life in danger now … P5: information only."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"
    P5 = "P5"


class CallState(StrEnum):
    ARRIVED = "arrived"
    IN_IVR = "in_ivr"
    QUEUED = "queued"
    RINGING = "ringing"
    ANSWERED = "answered"
    HELD = "held"
    WRAP_UP = "wrap_up"
    CLOSED = "closed"
    ABANDONED = "abandoned"
    IVR_DROPPED = "ivr_dropped"


class CallDisposition(StrEnum):
    HANDLED = "handled"
    PRANK = "prank"
    GHOST = "ghost"
    SILENT = "silent"
    ACCIDENTAL = "accidental"
    TEST = "test"
    INFORMATION = "information"
    REFERRED = "referred"
    DROPPED = "dropped"


class IncidentState(StrEnum):
    OPEN = "open"
    TRIAGED = "triaged"
    DISPATCHED = "dispatched"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    UNDER_CONTROL = "under_control"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    MERGED = "merged"


class IncidentDisposition(StrEnum):
    """After APCO ANS 1.111.2 / NENA EIDO where they fit."""

    HANDLED = "handled"
    UNFOUNDED = "unfounded"
    GONE_ON_ARRIVAL = "gone_on_arrival"
    DUPLICATE = "duplicate"
    REFERRED = "referred"
    CANCELLED = "cancelled"
    NO_PATIENT_FOUND = "no_patient_found"


class AssignmentState(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    TRANSPORTING = "transporting"
    AT_FACILITY = "at_facility"
    CLEARED = "cleared"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    DIVERTED = "diverted"


class UnitState(StrEnum):
    """Derived from shift and active assignment, never stored."""

    OFF_DUTY = "off_duty"
    AVAILABLE = "available"
    COMMITTED = "committed"
    OUT_OF_SERVICE = "out_of_service"


class Capability(StrEnum):
    FIRE_SUPPRESSION = "fire_suppression"
    RESCUE = "rescue"
    WATER_RESCUE = "water_rescue"
    AMBULANCE = "ambulance"
    ADVANCED_LIFE_SUPPORT = "advanced_life_support"
    POLICE = "police"
    TRAFFIC_CONTROL = "traffic_control"
    DISASTER_RESPONSE = "disaster_response"
    PUBLIC_ORDER = "public_order"
    ANIMAL_HANDLING = "animal_handling"
    TREE_CLEARING = "tree_clearing"
    POWER_LINE = "power_line"
    SOCIAL_SERVICE = "social_service"


class AlarmKind(StrEnum):
    OFFER_DECLINED = "offer_declined"
    OFFER_EXPIRED = "offer_expired"
    NO_UNIT_LEFT = "no_unit_left"
    INCIDENT_UNDISPATCHED = "incident_undispatched"
    CALL_UNANSWERED = "call_unanswered"
    PLAN_SHORT = "plan_short"
    INCIDENT_UNTRIAGED = "incident_untriaged"
    UNIT_NOT_EN_ROUTE = "unit_not_en_route"
    NO_REPORT = "no_report"


ACTIVE_ASSIGNMENT_STATES = (
    AssignmentState.OFFERED,
    AssignmentState.ACCEPTED,
    AssignmentState.EN_ROUTE,
    AssignmentState.ON_SCENE,
    AssignmentState.TRANSPORTING,
    AssignmentState.AT_FACILITY,
)
"""A unit holds at most one assignment in these states (partial unique index in tables)."""

ENDED_INCIDENT_STATES = (IncidentState.CLOSED, IncidentState.CANCELLED, IncidentState.MERGED)
ENDED_CALL_STATES = (CallState.CLOSED,)
"""An abandoned or dropped call stays on the screen until somebody closes it (called back, or disposed)."""
