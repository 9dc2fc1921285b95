"""Tables of the park's wifi. None holds an address of a device, nor anything from which one could be found again."""

from datetime import date, datetime, time

from sqlalchemy import BigInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dispatch.plugins import PLUGIN_COLUMN_TYPES, PluginRow, plugin_metadata


class Base(DeclarativeBase):
    metadata = plugin_metadata("taman_rozeline")
    type_annotation_map = PLUGIN_COLUMN_TYPES


class AccessPoint(PluginRow, Base):
    __tablename__ = "taman_rozeline_access_points"

    name: Mapped[str] = mapped_column(String(100), unique=True)
    nas: Mapped[str | None] = mapped_column(String(100))
    """As accounting names it: NAS-Identifier, its IP address or the controller's name for it."""
    method: Mapped[str] = mapped_column(String(10), default="none")
    host: Mapped[str | None] = mapped_column(String(100))
    port: Mapped[int | None]
    point_lat: Mapped[float | None]
    point_lon: Mapped[float | None]
    accuracy_m: Mapped[int] = mapped_column(default=1500)
    note: Mapped[str | None] = mapped_column(String(500))
    state: Mapped[str] = mapped_column(String(10), default="unknown")
    since: Mapped[datetime | None]
    misses: Mapped[int] = mapped_column(default=0)
    checked_at: Mapped[datetime | None]
    demo: Mapped[bool] = mapped_column(default=False)

    @property
    def point(self) -> tuple[float, float] | None:
        if self.point_lat is None or self.point_lon is None:
            return None
        return self.point_lat, self.point_lon


class SessionRow(Base):
    """One session, without its device. Erased after `keep_days`."""

    __tablename__ = "taman_rozeline_sessions"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """HMAC of the NAS and Acct-Session-Id: some equipment writes the device's address into the latter."""
    access_point_id: Mapped[str | None] = mapped_column(String(36))
    started_at: Mapped[datetime] = mapped_column(index=True)
    seen_at: Mapped[datetime] = mapped_column(index=True)
    stopped_at: Mapped[datetime | None]
    updates: Mapped[bool] = mapped_column(default=False)
    up: Mapped[int] = mapped_column(BigInteger, default=0)
    down: Mapped[int] = mapped_column(BigInteger, default=0)


class DeviceDay(Base):
    """A device was there on that day: HMAC with the day's salt, so it is another value on every other day."""

    __tablename__ = "taman_rozeline_device_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    device: Mapped[str] = mapped_column(String(64), primary_key=True)


class Salt(Base):
    """A day's salt, destroyed once the day is counted; 'sessions': the key of session ids."""

    __tablename__ = "taman_rozeline_salts"

    name: Mapped[str] = mapped_column(String(10), primary_key=True)
    salt: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime]


class DayCount(Base):
    """Figures of one day in WITA; they stay when sessions and devices are erased."""

    __tablename__ = "taman_rozeline_day_counts"

    day: Mapped[date] = mapped_column(primary_key=True)
    devices: Mapped[int] = mapped_column(default=0)
    sessions: Mapped[int] = mapped_column(default=0)
    peak: Mapped[int] = mapped_column(default=0)
    up: Mapped[int] = mapped_column(BigInteger, default=0)
    down: Mapped[int] = mapped_column(BigInteger, default=0)
    closed_at: Mapped[datetime | None]
    """Devices are counted and the salt is destroyed."""


class Ticket(PluginRow, Base):
    """A fault from report to repair."""

    __tablename__ = "taman_rozeline_tickets"

    state: Mapped[str] = mapped_column(String(20), default="open", index=True)
    cause: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(20), default="staff")
    access_point_id: Mapped[str | None] = mapped_column(String(36), index=True)
    description: Mapped[str] = mapped_column(String(500))
    taken_by: Mapped[str | None] = mapped_column(String(200))
    resolved_at: Mapped[datetime | None]
    solution: Mapped[str | None] = mapped_column(String(500))
    handed: Mapped[str | None] = mapped_column(String(40))
    """Number of the incident at 112."""
    demo: Mapped[bool] = mapped_column(default=False)


class Terms(PluginRow, Base):
    """Terms of use; what was published stays as it was."""

    __tablename__ = "taman_rozeline_terms"

    number: Mapped[int] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(String(20), default="draft")
    text_id: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime | None]
    demo: Mapped[bool] = mapped_column(default=False)


class OpeningHours(PluginRow, Base):
    __tablename__ = "taman_rozeline_opening_hours"
    __table_args__ = (UniqueConstraint("weekday", "opens"),)

    weekday: Mapped[str] = mapped_column(String(1))
    opens: Mapped[time]
    closes: Mapped[time]
    demo: Mapped[bool] = mapped_column(default=False)
