"""The first tables"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = (
    "siharpa_alerts",
    "siharpa_rules",
    "siharpa_corrections",
    "siharpa_prices",
    "siharpa_commodities",
    "siharpa_markets",
)
"""In the order in which they can be dropped."""


def _text(name: str, length: int, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _rupiah(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _day(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Date(), nullable=False)


def _moment(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def _table(table: str, *parts: Any, refers: dict[str, str] | None = None) -> None:
    """With the columns that every row of a resource has; `refers`: column → table."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        table,
        *parts,
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("updated_at", moment, nullable=False),
        sa.Column("archived_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *(
            sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))
            for column, to in (refers or {}).items()
        ),
    )


def _one_alive(table: str, *columns: str) -> None:
    alive = sa.text("archived_at IS NULL")
    name = f"uq_{table}_{'_'.join(columns)}"
    op.create_index(name, table, list(columns), unique=True, sqlite_where=alive, postgresql_where=alive)


def _masters() -> None:
    _table(
        "siharpa_markets",
        _text("name", 100, nullable=False),
        _text("village_code", 16, nullable=False),
        _text("address", 200),
        sa.Column("point_lat", sa.Double(), nullable=True),
        sa.Column("point_lon", sa.Double(), nullable=True),
        sa.Column("accuracy_m", sa.Integer(), nullable=False),
        _text("opening", 200),
        _text("source", 300),
    )
    _one_alive("siharpa_markets", "name")
    _table(
        "siharpa_commodities",
        _text("name", 100, nullable=False),
        _text("name_en", 100, nullable=False),
        _text("family", 20, nullable=False),
        _text("unit", 20, nullable=False),
        _text("quality", 100),
        sa.Column("weight", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("weight >= 0", name=op.f("ck_siharpa_commodities_weight_not_negative")),
    )
    _one_alive("siharpa_commodities", "name")


def _prices(both: dict[str, str]) -> None:
    key = ("market_id", "commodity_id", "level", "day")
    _table(
        "siharpa_prices",
        _text("market_id", 36, nullable=False),
        _text("commodity_id", 36, nullable=False),
        _text("level", 10, nullable=False),
        _day("day"),
        _rupiah("price"),
        sa.Column("stock", sa.BigInteger(), nullable=True),
        _text("state", 20, nullable=False),
        _text("reason", 300),
        _text("rejection", 300),
        _text("entered_by", 200),
        _text("checked_by", 200),
        _moment("checked_at"),
        sa.CheckConstraint("price > 0", name=op.f("ck_siharpa_prices_price_positive")),
        sa.CheckConstraint("stock >= 0", name=op.f("ck_siharpa_prices_stock_not_negative")),
        refers=both,
    )
    _one_alive("siharpa_prices", *key)
    op.create_index("ix_siharpa_prices_level_day", "siharpa_prices", ["level", "day"])
    op.create_index(op.f("ix_siharpa_prices_state"), "siharpa_prices", ["state"])
    _table(
        "siharpa_corrections",
        _text("market_id", 36, nullable=False),
        _text("commodity_id", 36, nullable=False),
        _text("level", 10, nullable=False),
        _day("day"),
        _rupiah("old_price"),
        _rupiah("new_price"),
        _text("reason", 300),
        _text("by", 200),
        refers=both,
    )
    op.create_index(op.f("ix_siharpa_corrections_day"), "siharpa_corrections", ["day"])


def _alerts(both: dict[str, str]) -> None:
    _table(
        "siharpa_rules",
        _text("commodity_id", 36, nullable=False),
        _text("level", 10, nullable=False),
        sa.Column("percent", sa.BigInteger(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.CheckConstraint("percent > 0 AND days > 0", name=op.f("ck_siharpa_rules_rule_positive")),
        refers={"commodity_id": "siharpa_commodities"},
    )
    _table(
        "siharpa_alerts",
        _text("rule_id", 36, nullable=False),
        _text("commodity_id", 36, nullable=False),
        _text("market_id", 36, nullable=False),
        _text("level", 10, nullable=False),
        _day("from_day"),
        _rupiah("from_price"),
        _day("day"),
        _rupiah("price"),
        sa.Column("percent", sa.BigInteger(), nullable=False),
        _text("state", 20, nullable=False),
        _text("note", 300),
        _text("acknowledged_by", 200),
        _moment("acknowledged_at"),
        sa.UniqueConstraint(
            "rule_id", "market_id", "day", "price", name=op.f("uq_siharpa_alerts_rule_id_market_id_day_price")
        ),
        refers={**both, "rule_id": "siharpa_rules"},
    )
    op.create_index(op.f("ix_siharpa_alerts_state"), "siharpa_alerts", ["state"])


def upgrade() -> None:
    both = {"market_id": "siharpa_markets", "commodity_id": "siharpa_commodities"}
    _masters()
    _prices(both)
    _alerts(both)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
