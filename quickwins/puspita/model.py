"""Tables of Puspita."""

from datetime import date, datetime

from sqlalchemy import BigInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dispatch.plugins import PLUGIN_COLUMN_TYPES, PluginRow, plugin_metadata


class Base(DeclarativeBase):
    metadata = plugin_metadata("puspita")
    type_annotation_map = PLUGIN_COLUMN_TYPES


class Editorial(PluginRow):
    """What goes from draft to a public page of its own. English texts may be missing; Indonesian is shown then."""

    slug: Mapped[str] = mapped_column(String(100), unique=True)
    state: Mapped[str] = mapped_column(String(20), default="draft", index=True)
    published_at: Mapped[datetime | None]
    review_note: Mapped[str | None] = mapped_column(String(500))
    """Why it was sent back or withdrawn."""
    demo: Mapped[bool] = mapped_column(default=False)
    """Made up for the demonstration; the public page says so."""
    name_id: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str | None] = mapped_column(String(200))
    description_id: Mapped[str | None] = mapped_column(Text)
    description_en: Mapped[str | None] = mapped_column(Text)
    photo: Mapped[str | None] = mapped_column(String(36))
    address: Mapped[str | None] = mapped_column(String(200))
    village_code: Mapped[str | None] = mapped_column(String(13))
    point_lat: Mapped[float | None]
    point_lon: Mapped[float | None]
    phone: Mapped[str | None] = mapped_column(String(30))
    website: Mapped[str | None] = mapped_column(String(300))

    @property
    def point(self) -> tuple[float, float] | None:
        if self.point_lat is None or self.point_lon is None:
            return None
        return self.point_lat, self.point_lon


class Destination(Editorial, Base):
    __tablename__ = "puspita_destinations"

    category: Mapped[str] = mapped_column(String(20))
    accuracy_m: Mapped[int] = mapped_column(default=200)
    other_names: Mapped[str | None] = mapped_column(String(300))
    """Separated by ';': what callers say."""
    hours: Mapped[str | None] = mapped_column(String(200))
    ticket: Mapped[int | None] = mapped_column(BigInteger)
    """Rupiah for an adult; 0: free; None: not known."""
    signal: Mapped[str] = mapped_column(String(20), default="unknown")
    source: Mapped[str | None] = mapped_column(String(500))


class SafetyNote(PluginRow, Base):
    """A danger at a destination, perhaps at a spot that has a name of its own."""

    __tablename__ = "puspita_safety_notes"

    destination_id: Mapped[str] = mapped_column(String(36), index=True)
    hazard: Mapped[str] = mapped_column(String(20))
    text_id: Mapped[str] = mapped_column(String(500))
    text_en: Mapped[str | None] = mapped_column(String(500))
    spot: Mapped[str | None] = mapped_column(String(100))
    point_lat: Mapped[float | None]
    point_lon: Mapped[float | None]
    no_signal: Mapped[bool] = mapped_column(default=False)


class Event(Editorial, Base):
    __tablename__ = "puspita_events"

    destination_id: Mapped[str | None] = mapped_column(String(36))
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    organiser: Mapped[str | None] = mapped_column(String(200))
    ticket: Mapped[int | None] = mapped_column(BigInteger)


class Lodging(Editorial, Base):
    __tablename__ = "puspita_lodgings"

    kind: Mapped[str] = mapped_column(String(20))
    rooms: Mapped[int | None]
    price_from: Mapped[int | None] = mapped_column(BigInteger)
    """Rupiah for a night."""


class Guide(Editorial, Base):
    __tablename__ = "puspita_guides"

    languages: Mapped[str | None] = mapped_column(String(200))
    licence: Mapped[str | None] = mapped_column(String(60))


class Photo(PluginRow, Base):
    __tablename__ = "puspita_photos"

    destination_id: Mapped[str] = mapped_column(String(36), index=True)
    photo: Mapped[str] = mapped_column(String(36))
    caption_id: Mapped[str] = mapped_column(String(200))
    caption_en: Mapped[str | None] = mapped_column(String(200))
    credit: Mapped[str] = mapped_column(String(200))


class VisitorCount(PluginRow, Base):
    __tablename__ = "puspita_visitor_counts"
    __table_args__ = (UniqueConstraint("destination_id", "period", "day"),)

    destination_id: Mapped[str] = mapped_column(String(36))
    period: Mapped[str] = mapped_column(String(10))
    day: Mapped[date] = mapped_column(index=True)
    domestic: Mapped[int | None]
    foreign: Mapped[int | None]
    demo: Mapped[bool] = mapped_column(default=False)


class Assessment(PluginRow, Base):
    """A tourism village as it was scored on one day."""

    __tablename__ = "puspita_assessments"
    __table_args__ = (UniqueConstraint("village_code", "assessed_on"),)

    village_code: Mapped[str] = mapped_column(String(13))
    name: Mapped[str] = mapped_column(String(200))
    assessed_on: Mapped[date]
    attraction: Mapped[int]
    homestay: Mapped[int]
    souvenir: Mapped[int]
    digital: Mapped[int]
    toilets: Mapped[int]
    hygiene: Mapped[int]
    institution: Mapped[int]
    demo: Mapped[bool] = mapped_column(default=False)


class Enquiry(PluginRow, Base):
    __tablename__ = "puspita_enquiries"

    state: Mapped[str] = mapped_column(String(20), default="new", index=True)
    name: Mapped[str] = mapped_column(String(100))
    contact: Mapped[str] = mapped_column(String(200))
    destination_id: Mapped[str | None] = mapped_column(String(36))
    message: Mapped[str] = mapped_column(Text)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[str | None] = mapped_column(String(200))
    answered_at: Mapped[datetime | None]
    demo: Mapped[bool] = mapped_column(default=False)
