"""The gazetteer's table."""

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
