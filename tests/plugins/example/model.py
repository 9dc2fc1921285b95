"""Its one table."""

from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dispatch.plugins import PLUGIN_COLUMN_TYPES, PluginRow, plugin_metadata


class Base(DeclarativeBase):
    metadata = plugin_metadata("lost_things")
    type_annotation_map = PLUGIN_COLUMN_TYPES


class Thing(PluginRow, Base):
    __tablename__ = "lost_things_things"

    what: Mapped[str] = mapped_column(String(100))
    place: Mapped[str] = mapped_column(String(100), default="")
    heard: Mapped[int] = mapped_column(default=0)
