"""Tables; every change of them needs a revision in `migrations`."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dispatch.plugins import PLUGIN_COLUMN_TYPES, PluginRow, plugin_metadata


class Base(DeclarativeBase):
    metadata = plugin_metadata("posko_banjir")
    type_annotation_map = PLUGIN_COLUMN_TYPES


class Post(PluginRow, Base):
    """A place where people find shelter."""

    __tablename__ = "posko_banjir_posts"

    name: Mapped[str] = mapped_column(String(100), unique=True)
    village: Mapped[str | None] = mapped_column(String(16))
    place_lat: Mapped[float | None]
    place_lon: Mapped[float | None]
    capacity: Mapped[int]
    people: Mapped[int]
    phone: Mapped[str | None] = mapped_column(String(20))


class Level(PluginRow, Base):
    """Height of the water at a post's gauge, once a day."""

    __tablename__ = "posko_banjir_levels"
    __table_args__ = (UniqueConstraint("post_id", "day"),)

    post_id: Mapped[str] = mapped_column(ForeignKey("posko_banjir_posts.id"))
    day: Mapped[date]
    level_cm: Mapped[Decimal]


class Alert(PluginRow, Base):
    """A flood that 112 was told of; kept so that hearing of it twice is hearing it once."""

    __tablename__ = "posko_banjir_alerts"

    incident_id: Mapped[str] = mapped_column(String(36), unique=True)
    number: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
