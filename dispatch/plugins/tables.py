"""Tables of plugins: a metadata of its own for each, names that carry the plugin's, no foreign keys to the core.

class Base(DeclarativeBase):
    metadata = plugin_metadata("puspita")
    type_annotation_map = PLUGIN_COLUMN_TYPES

class Destination(PluginRow, Base):
    __tablename__ = "puspita_destinations"
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Dialect, MetaData, String
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from dispatch.base import COLUMN_TYPES, NAMING

DECIMAL_PLACES = 6
"""Kept of a Decimal; its largest is some 9 million million."""


class ExactDecimal(TypeDecorator[Decimal]):
    """A Decimal without loss on both databases: an integer of millionths, so that SQL sums and sorts it exactly.

    Raises ValueError for more than six decimals.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        scaled = value.scaleb(DECIMAL_PLACES)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{value} has more than {DECIMAL_PLACES} decimals")
        return int(scaled)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(int(value)).scaleb(-DECIMAL_PLACES)


PLUGIN_COLUMN_TYPES: dict[Any, Any] = {**COLUMN_TYPES, Decimal: ExactDecimal()}
"""What a plugin's annotations become; money is `Mapped[int]` with BigInteger, in whole rupiah."""


def plugin_metadata(name: str) -> MetaData:
    """Metadata for the tables of plugin `name`."""
    return MetaData(naming_convention=NAMING, info={"plugin": name})


class PluginRow:
    """What every row of a resource has; mixed into the plugin's own classes."""

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]
    """Set instead of deleting, so that it can be undone; lists leave such rows out."""
