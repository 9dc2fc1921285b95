"""Tables of the plugins' states and of their jobs' runs; a plugin's own tables are its own business."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.base import Base


class PluginState(StrEnum):
    ON = "on"
    OFF = "off"
    FAILED = "failed"
    """Switched off by the centre itself; `message` says why."""


class PluginStateRow(Base):
    """What an administrator, or the centre after faults, decided about a plugin; read by every worker."""

    __tablename__ = "plugins"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    state: Mapped[PluginState]
    message: Mapped[str] = mapped_column(Text, default="")
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    changed_at: Mapped[datetime]
    changed_by: Mapped[str | None] = mapped_column(String(36))
    """User id; None: the centre itself."""
    places_at: Mapped[datetime | None]
    """When its landmarks last changed: workers load the gazetteer anew."""


class PluginJobRow(Base):
    """When a job is due, which worker runs it now, and how its last run ended."""

    __tablename__ = "plugin_jobs"

    plugin: Mapped[str] = mapped_column(String(32), primary_key=True)
    job: Mapped[str] = mapped_column(String(64), primary_key=True)
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    """A worker runs it now; a run that outlives this belonged to a worker that died."""
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    fault: Mapped[str | None] = mapped_column(Text)
    """Of the last run; None: it went well."""
