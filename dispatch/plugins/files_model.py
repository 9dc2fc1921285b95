"""The table of uploaded files; their content lies in the data folder."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.base import Base


class PluginFileRow(Base):
    """One stored file of one plugin."""

    __tablename__ = "plugin_files"
    __table_args__ = (Index(None, "plugin", "created_at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    plugin: Mapped[str] = mapped_column(String(32))
    media_type: Mapped[str] = mapped_column(String(32))
    size: Mapped[int]
    """Bytes."""
    sha256: Mapped[str] = mapped_column(String(64))
    private: Mapped[bool]
    """True: never served at /files/, only by the plugin's own routes."""
    created_at: Mapped[datetime]
    created_by: Mapped[str | None] = mapped_column(String(36))
    """Who uploaded it; None: the public."""
