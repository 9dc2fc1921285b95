"""Tables of the pages: who changed which row of a plugin, and the files that were imported."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.base import Base, Json


class PluginAuditRow(Base):
    """One change of one row, with all its columns before and after."""

    __tablename__ = "plugin_audit"
    __table_args__ = (Index("ix_plugin_audit_row", "plugin", "resource", "row_id", "version"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    """UUIDv7, so that changes sort by time."""
    at: Mapped[datetime]
    user_id: Mapped[str | None] = mapped_column(String(36))
    user_name: Mapped[str] = mapped_column(String(200))
    """As it was then."""
    plugin: Mapped[str] = mapped_column(String(32))
    resource: Mapped[str] = mapped_column(String(64))
    row_id: Mapped[str] = mapped_column(String(36))
    version: Mapped[int]
    """Of the row, after it."""
    act: Mapped[str] = mapped_column(String(100))
    """create | edit | archive | restore | import | undo | action:<name>"""
    before: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """As dispatch.plugins.pages.images writes it; None: the row was made by this."""
    after: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """None: the row is gone."""


class PluginImportRow(Base):
    """A file that was checked, and what became of it."""

    __tablename__ = "plugin_imports"
    __table_args__ = (Index("ix_plugin_imports_resource", "plugin", "resource", "id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    plugin: Mapped[str] = mapped_column(String(32))
    resource: Mapped[str] = mapped_column(String(64))
    filename: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    user_id: Mapped[str | None] = mapped_column(String(36))
    user_name: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(20))
    """faulty | checked | applied | undone"""
    new: Mapped[int]
    changed: Mapped[int]
    same: Mapped[int]
    faults: Mapped[int]
    """How many; they are shown at the upload and not kept."""
    plan: Mapped[str] = mapped_column(Text)
    """JSON: what to write (line, row's id and version, values); emptied once it is applied."""
    images: Mapped[str] = mapped_column(Text)
    """JSON: id, version after and columns before of each row that was written."""
    applied_at: Mapped[datetime | None]
    applied_by: Mapped[str | None] = mapped_column(String(200))
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(String(200))
