"""Tables of agencies, stations, units and their last positions."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.base import Base


class AgencyRow(Base):
    __tablename__ = "agencies"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    short_number: Mapped[str | None] = mapped_column(String(16))


class StationRow(Base):
    __tablename__ = "stations"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    agency: Mapped[str] = mapped_column(ForeignKey("agencies.code"))
    lat: Mapped[float]
    lon: Mapped[float]


class UnitRow(Base):
    """A unit's state (off duty, available, committed, out of service) is derived, so it has no column."""

    __tablename__ = "units"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    callsign: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    agency: Mapped[str] = mapped_column(ForeignKey("agencies.code"))
    station_id: Mapped[str] = mapped_column(ForeignKey("stations.id"))
    capabilities: Mapped[list[str]] = mapped_column(default=list)
    crew: Mapped[list[str]] = mapped_column(default=list)
    on_duty_since: Mapped[datetime | None]
    out_of_service_reason: Mapped[str | None] = mapped_column(String(300))
    version: Mapped[int] = mapped_column(default=1)


class PositionRow(Base):
    """The newest position of a unit; the track is not kept here."""

    __tablename__ = "unit_positions"

    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"), primary_key=True)
    lat: Mapped[float]
    lon: Mapped[float]
    at: Mapped[datetime]
    accuracy_m: Mapped[float | None]
    speed_kmh: Mapped[float | None]
    heading: Mapped[float | None]
