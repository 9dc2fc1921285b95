"""The table of road closures."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.base import Base, Json


class RoadClosureRow(Base):
    """Roads near `points` (a point, or a line through several) that no vehicle passes until `until`, or `ended_at`."""

    __tablename__ = "road_closures"
    __table_args__ = (Index("ix_road_closures_ended_at", "ended_at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    points: Mapped[list[Any]] = mapped_column(Json)
    """Pairs of latitude and longitude."""
    radius_m: Mapped[int]
    reason: Mapped[str] = mapped_column(String(300))
    closed_by: Mapped[str] = mapped_column(String(36))
    closed_at: Mapped[datetime]
    until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
