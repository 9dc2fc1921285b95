"""Tables of Go PPU. What a citizen told lies in `Private` alone, so that it is erased whole and in no row's history."""

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, Text, UniqueConstraint, select
from sqlalchemy.orm import DeclarativeBase, Mapped, column_property, mapped_column

from dispatch.plugins import PLUGIN_COLUMN_TYPES, PluginRow, plugin_metadata
from quickwins.go_ppu.rules import Hours


class Base(DeclarativeBase):
    metadata = plugin_metadata("go_ppu")
    type_annotation_map = PLUGIN_COLUMN_TYPES


class Office(PluginRow, Base):
    __tablename__ = "go_ppu_offices"

    name_id: Mapped[str] = mapped_column(String(200), unique=True)
    name_en: Mapped[str | None] = mapped_column(String(200))
    address: Mapped[str | None] = mapped_column(String(200))
    village_code: Mapped[str | None] = mapped_column(String(13))
    point_lat: Mapped[float | None]
    point_lon: Mapped[float | None]
    phone: Mapped[str | None] = mapped_column(String(30))
    opens: Mapped[time | None]
    closes: Mapped[time | None]
    friday_closes: Mapped[time | None]
    always: Mapped[bool] = mapped_column(default=False)

    @property
    def point(self) -> tuple[float, float] | None:
        return None if self.point_lat is None or self.point_lon is None else (self.point_lat, self.point_lon)

    @property
    def hours(self) -> Hours:
        return Hours(self.opens, self.closes, self.friday_closes, self.always)


class Service(PluginRow, Base):
    """English texts may be missing; Indonesian is shown then."""

    __tablename__ = "go_ppu_services"

    slug: Mapped[str] = mapped_column(String(100), unique=True)
    name_id: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str | None] = mapped_column(String(200))
    summary_id: Mapped[str | None] = mapped_column(String(500))
    summary_en: Mapped[str | None] = mapped_column(String(500))
    keywords: Mapped[str | None] = mapped_column(String(300))
    office_id: Mapped[str] = mapped_column(String(36), index=True)
    requirements_id: Mapped[str | None] = mapped_column(Text)
    requirements_en: Mapped[str | None] = mapped_column(Text)
    procedure_id: Mapped[str | None] = mapped_column(Text)
    procedure_en: Mapped[str | None] = mapped_column(Text)
    time_id: Mapped[str | None] = mapped_column(Text)
    time_en: Mapped[str | None] = mapped_column(Text)
    cost_id: Mapped[str | None] = mapped_column(Text)
    cost_en: Mapped[str | None] = mapped_column(Text)
    product_id: Mapped[str | None] = mapped_column(Text)
    product_en: Mapped[str | None] = mapped_column(Text)
    complaints_id: Mapped[str | None] = mapped_column(Text)
    complaints_en: Mapped[str | None] = mapped_column(Text)
    days: Mapped[int | None]
    """Working days of the standard; the clock of its applications."""
    online: Mapped[bool] = mapped_column(default=False)
    published: Mapped[bool] = mapped_column(default=False)
    review_on: Mapped[date]


class Holiday(PluginRow, Base):
    __tablename__ = "go_ppu_holidays"

    day: Mapped[date] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(200))


class Private(PluginRow, Base):
    """What a citizen told with a case."""

    __tablename__ = "go_ppu_private"

    case_id: Mapped[str] = mapped_column(String(36), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    phone: Mapped[str] = mapped_column(String(30))
    message: Mapped[str] = mapped_column(Text)
    place: Mapped[str | None] = mapped_column(String(200))
    reply: Mapped[str | None] = mapped_column(Text)
    """The last one."""


class Case(PluginRow):
    """An application or a complaint on its way through the office."""

    number: Mapped[str] = mapped_column(String(14), unique=True)
    state: Mapped[str] = mapped_column(String(20), index=True)
    since: Mapped[datetime]
    """When it came into this state."""
    holder: Mapped[str] = mapped_column(String(60))
    """Masked; erased with the rest."""
    reason: Mapped[str | None] = mapped_column(String(1000))
    """What the office said last."""
    due_from: Mapped[date | None]
    due_days: Mapped[int | None]
    due_on: Mapped[date | None] = mapped_column(index=True)
    """None: the clock stands still."""
    clock: Mapped[str] = mapped_column(String(10), default="none")
    escalated_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    if TYPE_CHECKING:
        message: str | None
        place: str | None
        reply: str | None


class Application(Case, Base):
    __tablename__ = "go_ppu_applications"

    service_id: Mapped[str] = mapped_column(String(36), index=True)


class Complaint(Case, Base):
    __tablename__ = "go_ppu_complaints"

    service_id: Mapped[str | None] = mapped_column(String(36))
    office_id: Mapped[str | None] = mapped_column(String(36), index=True)
    village_code: Mapped[str | None] = mapped_column(String(13))
    point_lat: Mapped[float | None]
    point_lon: Mapped[float | None]
    urgent: Mapped[bool] = mapped_column(default=False)
    """Its words sound like an emergency."""
    incident: Mapped[str | None] = mapped_column(String(40))
    """Number of the incident that 112 opened for it."""

    @property
    def point(self) -> tuple[float, float] | None:
        return None if self.point_lat is None or self.point_lon is None else (self.point_lat, self.point_lon)


KINDS: tuple[Any, ...] = (Application, Complaint)

for _case in KINDS:
    for _name in ("message", "place", "reply"):
        _told = select(getattr(Private, _name)).where(Private.case_id == _case.id).correlate_except(Private)
        setattr(_case, _name, column_property(_told.scalar_subquery()))


class Move(PluginRow, Base):
    """One step of a case, for whoever holds its number."""

    __tablename__ = "go_ppu_moves"

    case_id: Mapped[str] = mapped_column(String(36), index=True)
    step: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(String(10))
    """office | citizen | clock"""
    reason: Mapped[str | None] = mapped_column(String(1000))

    __table_args__ = (UniqueConstraint("case_id", "step"),)


class Document(PluginRow, Base):
    __tablename__ = "go_ppu_documents"

    case_id: Mapped[str] = mapped_column(String(36), index=True)
    number: Mapped[str] = mapped_column(String(14))
    file_id: Mapped[str] = mapped_column(String(36))
    name: Mapped[str] = mapped_column(String(100))
    address: Mapped[str] = mapped_column(String(200))
    """Path where the office opens it."""


class Answer(PluginRow, Base):
    """One citizen's answers to the satisfaction survey, without a name."""

    __tablename__ = "go_ppu_answers"

    service_id: Mapped[str] = mapped_column(String(36), index=True)
    day: Mapped[date] = mapped_column(index=True)
    u1: Mapped[int]
    u2: Mapped[int]
    u3: Mapped[int]
    u4: Mapped[int]
    u5: Mapped[int]
    u6: Mapped[int]
    u7: Mapped[int]
    u8: Mapped[int]
    u9: Mapped[int]
    suggestion: Mapped[str | None] = mapped_column(String(1000))

    @property
    def marks(self) -> tuple[int, ...]:
        return self.u1, self.u2, self.u3, self.u4, self.u5, self.u6, self.u7, self.u8, self.u9
