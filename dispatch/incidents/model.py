"""Tables of incidents, of their yearly numbers, and of alarms."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.base import Base
from dispatch.words import AlarmKind, Category, IncidentDisposition, IncidentState, Priority


class IncidentRow(Base):
    __tablename__ = "incidents"
    __table_args__ = (
        Index("ix_incidents_state", "state"),
        Index("ix_incidents_opened_at", "opened_at"),
        Index("ix_incidents_reporting_number", "reporting_number", "opened_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    number: Mapped[str] = mapped_column(String(16), unique=True)
    type: Mapped[str] = mapped_column(String(64))
    category: Mapped[Category]
    priority: Mapped[Priority]
    determinant: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[IncidentState]
    protocol_version: Mapped[str | None] = mapped_column(String(64))
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    narrative: Mapped[str] = mapped_column(Text, default="")
    place_text: Mapped[str] = mapped_column(String(300))
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    accuracy_m: Mapped[int | None]
    village_code: Mapped[str | None] = mapped_column(String(16))
    village: Mapped[str | None] = mapped_column(String(100))
    kecamatan: Mapped[str | None] = mapped_column(String(100))
    place_source: Mapped[str] = mapped_column(String(16), default="caller")
    reporting_party: Mapped[str | None] = mapped_column(String(200))
    reporting_number: Mapped[str | None] = mapped_column(String(64))
    plan: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    alarm_level: Mapped[int] = mapped_column(default=1, server_default="1")
    owner_id: Mapped[str] = mapped_column(String(36))
    opened_at: Mapped[datetime]
    triaged_at: Mapped[datetime | None]
    dispatched_at: Mapped[datetime | None]
    en_route_at: Mapped[datetime | None]
    on_scene_at: Mapped[datetime | None]
    under_control_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    disposition: Mapped[IncidentDisposition | None]
    merged_into_id: Mapped[str | None] = mapped_column(String(36))
    version: Mapped[int] = mapped_column(default=1)


class IncidentMergeRow(Base):
    """Which calls an incident brought along when it was merged, so that they can go back with it."""

    __tablename__ = "incident_merges"

    incident_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    call_ids: Mapped[list[str]] = mapped_column(default=list)


class SeparationRow(Base):
    """A call, or another incident, that somebody said is not about this incident."""

    __tablename__ = "incident_separations"
    __table_args__ = (Index("ix_incident_separations_subject_id", "subject_id"),)

    incident_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    subject_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    by: Mapped[str | None] = mapped_column(String(36))
    at: Mapped[datetime]


class IncidentCountRow(Base):
    """The last incident number of a year; its row lock makes numbers unique and without gaps."""

    __tablename__ = "incident_counts"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class AlarmRow(Base):
    __tablename__ = "alarms"
    __table_args__ = (Index("ix_alarms_acknowledged_at", "acknowledged_at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[AlarmKind]
    level: Mapped[int]
    incident_id: Mapped[str | None] = mapped_column(String(36))
    assignment_id: Mapped[str | None] = mapped_column(String(36))
    unit_id: Mapped[str | None] = mapped_column(String(36))
    call_id: Mapped[str | None] = mapped_column(String(36))
    detail: Mapped[str] = mapped_column(String(300), default="")
    raised_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None] = mapped_column(String(36))
    snoozed_until: Mapped[datetime | None]
    snoozed_by: Mapped[str | None] = mapped_column(String(36))
    snooze_reason: Mapped[str | None] = mapped_column(String(300))
