"""Tables of the waste banks. Entries and lines are written once: triggers of the database refuse what changes them."""

from datetime import date, time
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, aliased, column_property, mapped_column

from dispatch.plugins import PLUGIN_COLUMN_TYPES, PluginRow, plugin_metadata
from quickwins.serbu_gass.rules import NOTHING

Id = String(36)


class Base(DeclarativeBase):
    metadata = plugin_metadata("serbu_gass")
    type_annotation_map = PLUGIN_COLUMN_TYPES


class Unit(PluginRow, Base):
    """A waste bank; `kind` is 'unit' or 'central' (Bank Sampah Induk)."""

    __tablename__ = "serbu_gass_units"

    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20), default="unit")
    village_code: Mapped[str] = mapped_column(String(16), index=True)
    address: Mapped[str | None] = mapped_column(String(300))
    point_lat: Mapped[float | None]
    point_lon: Mapped[float | None]
    chair: Mapped[str | None] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(32))
    opening: Mapped[str | None] = mapped_column(String(200))
    founded: Mapped[date | None]
    quiet_since: Mapped[date | None]
    """Day on which it was told that nothing is weighed here any more; empty while it is active."""


class WasteKind(PluginRow, Base):
    __tablename__ = "serbu_gass_kinds"

    name: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100))
    family: Mapped[str] = mapped_column(String(20))
    advice: Mapped[str | None] = mapped_column(String(300))


class Price(PluginRow, Base):
    """Rupiah a kilogram from a day on, until the kind's next price."""

    __tablename__ = "serbu_gass_prices"
    __table_args__ = (
        Index(
            "uq_serbu_gass_prices_kind_id_valid_from",
            "kind_id",
            "valid_from",
            unique=True,
            sqlite_where=text("archived_at IS NULL"),
            postgresql_where=text("archived_at IS NULL"),
        ),
        CheckConstraint("member_price >= 0 AND central_price >= 0", name="prices_not_negative"),
    )

    kind_id: Mapped[str] = mapped_column(ForeignKey("serbu_gass_kinds.id"))
    valid_from: Mapped[date]
    member_price: Mapped[int] = mapped_column(BigInteger)
    central_price: Mapped[int] = mapped_column(BigInteger)


class Member(PluginRow, Base):
    """Who brings waste: a household, an office, a school. `code` opens the passbook page."""

    __tablename__ = "serbu_gass_members"

    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20), default="household")
    unit_id: Mapped[str] = mapped_column(ForeignKey("serbu_gass_units.id"), index=True)
    village_code: Mapped[str | None] = mapped_column(String(16))
    phone: Mapped[str | None] = mapped_column(String(32))
    code: Mapped[str] = mapped_column(String(64), unique=True)


class Collector(PluginRow, Base):
    """Who buys waste from a bank (pengepul)."""

    __tablename__ = "serbu_gass_collectors"

    name: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(32))
    place: Mapped[str | None] = mapped_column(String(200))


class Recipient(PluginRow, Base):
    """Who is given the alms. The public pages name only those who are institutions."""

    __tablename__ = "serbu_gass_recipients"

    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    village_code: Mapped[str | None] = mapped_column(String(16))
    need: Mapped[str | None] = mapped_column(String(300))


class Pickup(PluginRow, Base):
    __tablename__ = "serbu_gass_pickups"

    unit_id: Mapped[str] = mapped_column(ForeignKey("serbu_gass_units.id"))
    day: Mapped[date] = mapped_column(index=True)
    hour: Mapped[time | None]
    vehicle: Mapped[str | None] = mapped_column(String(100))
    state: Mapped[str] = mapped_column(String(20), default="planned")
    note: Mapped[str | None] = mapped_column(String(300))


class AlmsRequest(PluginRow, Base):
    """Somebody asks that waste be fetched as alms; written on the public page."""

    __tablename__ = "serbu_gass_requests"

    name: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(32))
    village_code: Mapped[str] = mapped_column(String(16))
    address: Mapped[str] = mapped_column(String(300))
    what: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(20), default="asked")


class AccountRow(Base):
    """One account; locked while an entry that touches it is written. Its id is rules.Account.id."""

    __tablename__ = "serbu_gass_accounts"

    id: Mapped[str] = mapped_column(String(100), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[str] = mapped_column(ForeignKey("serbu_gass_units.id"), index=True)
    of: Mapped[str] = mapped_column(String(36), index=True)


class Entry(PluginRow, Base):
    """One thing that happened, in the books of the banks it concerns. `amount` and `kg` are what its lines say."""

    __tablename__ = "serbu_gass_entries"
    __table_args__ = (UniqueConstraint("reverses"),)

    kind: Mapped[str] = mapped_column(String(20))
    day: Mapped[date] = mapped_column(index=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("serbu_gass_units.id"), index=True)
    member_id: Mapped[str | None] = mapped_column(ForeignKey("serbu_gass_members.id"), index=True)
    collector_id: Mapped[str | None] = mapped_column(ForeignKey("serbu_gass_collectors.id"))
    recipient_id: Mapped[str | None] = mapped_column(ForeignKey("serbu_gass_recipients.id"))
    giver: Mapped[str | None] = mapped_column(String(200))
    """Of alms: the name on the receipt; empty: a servant of God (hamba Allah)."""
    amount: Mapped[int] = mapped_column(BigInteger)
    kg: Mapped[Decimal] = mapped_column(default=NOTHING)
    note: Mapped[str | None] = mapped_column(String(300))
    code: Mapped[str] = mapped_column(String(64), unique=True)
    """Opens the receipt's page."""
    reverses: Mapped[str | None] = mapped_column(ForeignKey("serbu_gass_entries.id"))
    by: Mapped[str | None] = mapped_column(String(200))
    if TYPE_CHECKING:  # mapped below, since its query needs this very class
        is_reversed: Mapped[bool]

    @property
    def number(self) -> str:
        """As printed on receipts."""
        return f"SG-{self.day:%y%m%d}-{self.id[:6].upper()}"


class LineRow(Base):
    __tablename__ = "serbu_gass_lines"

    entry_id: Mapped[str] = mapped_column(ForeignKey("serbu_gass_entries.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_id: Mapped[str] = mapped_column(ForeignKey("serbu_gass_accounts.id"), index=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    kg: Mapped[Decimal] = mapped_column(default=NOTHING)
    price: Mapped[int | None] = mapped_column(BigInteger)


_reversal = aliased(Entry, name="reversal")
_is_reversed = select(_reversal.id).where(_reversal.reverses == Entry.id).correlate(Entry.__table__).exists()
Entry.is_reversed = column_property(_is_reversed)
