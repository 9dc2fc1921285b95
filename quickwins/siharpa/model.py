"""Tables of the market prices. A price that was amended leaves what it was in `siharpa_corrections`."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dispatch.plugins import PLUGIN_COLUMN_TYPES, PluginRow, plugin_metadata

ALIVE = text("archived_at IS NULL")


class Base(DeclarativeBase):
    metadata = plugin_metadata("siharpa")
    type_annotation_map = PLUGIN_COLUMN_TYPES


def _one_alive(table: str, *columns: str) -> Index:
    name = f"uq_{table}_{'_'.join(columns)}"
    return Index(name, *columns, unique=True, sqlite_where=ALIVE, postgresql_where=ALIVE)


class Market(PluginRow, Base):
    __tablename__ = "siharpa_markets"
    __table_args__ = (_one_alive("siharpa_markets", "name"),)

    name: Mapped[str] = mapped_column(String(100))
    village_code: Mapped[str] = mapped_column(String(16))
    address: Mapped[str | None] = mapped_column(String(200))
    point_lat: Mapped[float | None]
    point_lon: Mapped[float | None]
    accuracy_m: Mapped[int] = mapped_column(default=200)
    """How far from the point the market may lie; some kilometres where the point is the village's."""
    opening: Mapped[str | None] = mapped_column(String(200))
    source: Mapped[str | None] = mapped_column(String(300))

    @property
    def point(self) -> tuple[float, float] | None:
        if self.point_lat is None or self.point_lon is None:
            return None
        return self.point_lat, self.point_lon


class Commodity(PluginRow, Base):
    """What is sold, by quality: 'Beras premium' and 'Beras medium' are two."""

    __tablename__ = "siharpa_commodities"
    __table_args__ = (
        _one_alive("siharpa_commodities", "name"),
        CheckConstraint("weight >= 0", name="weight_not_negative"),
    )

    name: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100))
    family: Mapped[str] = mapped_column(String(20))
    unit: Mapped[str] = mapped_column(String(20))
    quality: Mapped[str | None] = mapped_column(String(100))
    weight: Mapped[Decimal] = mapped_column(default=Decimal(0))
    """In the basket, of any scale: weights count by their share. 0: not in it."""


class Price(PluginRow, Base):
    """Rupiah for one unit on one day; public and counted once validated."""

    __tablename__ = "siharpa_prices"
    __table_args__ = (
        _one_alive("siharpa_prices", "market_id", "commodity_id", "level", "day"),
        Index("ix_siharpa_prices_level_day", "level", "day"),
        CheckConstraint("price > 0", name="price_positive"),
        CheckConstraint("stock >= 0", name="stock_not_negative"),
    )

    market_id: Mapped[str] = mapped_column(ForeignKey("siharpa_markets.id"))
    commodity_id: Mapped[str] = mapped_column(ForeignKey("siharpa_commodities.id"))
    level: Mapped[str] = mapped_column(String(10))
    day: Mapped[date]
    price: Mapped[int] = mapped_column(BigInteger)
    stock: Mapped[Decimal | None]
    """In the commodity's unit, with all sellers of the market."""
    state: Mapped[str] = mapped_column(String(20), default="submitted", index=True)
    reason: Mapped[str | None] = mapped_column(String(300))
    """Of the change that is being made; kept in the correction, empty here once it is."""
    rejection: Mapped[str | None] = mapped_column(String(300))
    entered_by: Mapped[str | None] = mapped_column(String(200))
    checked_by: Mapped[str | None] = mapped_column(String(200))
    checked_at: Mapped[datetime | None]


class Correction(PluginRow, Base):
    """What a price was before it was amended. It stands for itself, so that it outlives an import taken back."""

    __tablename__ = "siharpa_corrections"

    market_id: Mapped[str] = mapped_column(ForeignKey("siharpa_markets.id"))
    commodity_id: Mapped[str] = mapped_column(ForeignKey("siharpa_commodities.id"))
    level: Mapped[str] = mapped_column(String(10))
    day: Mapped[date] = mapped_column(index=True)
    old_price: Mapped[int] = mapped_column(BigInteger)
    new_price: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str | None] = mapped_column(String(300))
    """Empty for a price of the same day, typed anew."""
    by: Mapped[str | None] = mapped_column(String(200))


class AlertRule(PluginRow, Base):
    """Tell when a commodity rises by `percent` within `days`."""

    __tablename__ = "siharpa_rules"
    __table_args__ = (CheckConstraint("percent > 0 AND days > 0", name="rule_positive"),)

    commodity_id: Mapped[str] = mapped_column(ForeignKey("siharpa_commodities.id"))
    level: Mapped[str] = mapped_column(String(10), default="retail")
    percent: Mapped[Decimal]
    days: Mapped[int]


class Alert(PluginRow, Base):
    __tablename__ = "siharpa_alerts"
    __table_args__ = (UniqueConstraint("rule_id", "market_id", "day", "price"),)

    rule_id: Mapped[str] = mapped_column(ForeignKey("siharpa_rules.id"))
    commodity_id: Mapped[str] = mapped_column(ForeignKey("siharpa_commodities.id"))
    market_id: Mapped[str] = mapped_column(ForeignKey("siharpa_markets.id"))
    level: Mapped[str] = mapped_column(String(10))
    from_day: Mapped[date]
    from_price: Mapped[int] = mapped_column(BigInteger)
    day: Mapped[date]
    price: Mapped[int] = mapped_column(BigInteger)
    percent: Mapped[Decimal]
    state: Mapped[str] = mapped_column(String(20), default="open", index=True)
    note: Mapped[str | None] = mapped_column(String(300))
    acknowledged_by: Mapped[str | None] = mapped_column(String(200))
    acknowledged_at: Mapped[datetime | None]
