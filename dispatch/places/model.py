"""Tables of the gazetteer, of what became of it, and of notes on premises."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.base import Base


class PlaceRow(Base):
    """A named place. `variants` are other spellings that people use."""

    __tablename__ = "places"
    __table_args__ = (Index("ix_places_kind", "kind"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(40))
    """kabupaten | kecamatan | kelurahan | desa | km_post | island | a landmark's kind (hospital, school, port …)"""
    village_code: Mapped[str | None] = mapped_column(String(16))
    village: Mapped[str | None] = mapped_column(String(100))
    kecamatan: Mapped[str | None] = mapped_column(String(100))
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    accuracy_m: Mapped[int | None]
    variants: Mapped[list[str]] = mapped_column(default=list)
    source: Mapped[str] = mapped_column(String(300))
    inactive_since: Mapped[datetime | None]
    """Not found any more, and kept: what was chosen before keeps its name."""


class PlaceUseRow(Base):
    """How often a place was chosen for an incident; it breaks ties in the search."""

    __tablename__ = "place_uses"

    place_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    uses: Mapped[int]
    last_used_at: Mapped[datetime]


class PlaceChangeRow(Base):
    """One change of the gazetteer, by hand or by a file, with every row before and after: so it can be undone."""

    __tablename__ = "place_changes"
    __table_args__ = (Index("ix_place_changes_at", "at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    """add | edit | import"""
    title: Mapped[str] = mapped_column(String(200))
    rows: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """`{"id", "before", "after"}` each; `before` is null for a new place."""
    by: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(String(36))


class PremiseNoteRow(Base):
    """What a crew must know of a place before it comes there; it expires."""

    __tablename__ = "premise_notes"
    __table_args__ = (Index("ix_premise_notes_lat_lon", "lat", "lon"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    """hazard | access | medical | contact"""
    text: Mapped[str] = mapped_column(String(500))
    place_id: Mapped[str | None] = mapped_column(String(64))
    lat: Mapped[float]
    lon: Mapped[float]
    radius_m: Mapped[int]
    written_by: Mapped[str] = mapped_column(String(36))
    written_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(36))
