"""The table of assignments. Its partial unique index, not code, keeps a unit from being sent twice."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.base import Base
from dispatch.words import ACTIVE_ASSIGNMENT_STATES, AssignmentState

_ACTIVE = text("state IN ({})".format(", ".join(f"'{state.value}'" for state in ACTIVE_ASSIGNMENT_STATES)))


class AssignmentRow(Base):
    __tablename__ = "assignments"
    __table_args__ = (
        Index("uq_assignments_active_unit", "unit_id", unique=True, postgresql_where=_ACTIVE, sqlite_where=_ACTIVE),
        Index("ix_assignments_incident_id", "incident_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    incident_id: Mapped[str] = mapped_column(ForeignKey("incidents.id"))
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"))
    state: Mapped[AssignmentState]
    offered_by: Mapped[str | None] = mapped_column(String(36))
    offered_at: Mapped[datetime]
    offer_expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    en_route_at: Mapped[datetime | None]
    on_scene_at: Mapped[datetime | None]
    transporting_at: Mapped[datetime | None]
    at_facility_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    override_reason: Mapped[str | None] = mapped_column(String(300))
    end_reason: Mapped[str | None] = mapped_column(String(300))
    travel_s: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
