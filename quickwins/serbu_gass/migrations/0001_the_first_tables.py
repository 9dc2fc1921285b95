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
    "serbu_gass_lines",
    "serbu_gass_entries",
    "serbu_gass_prices",
    "serbu_gass_pickups",
    "serbu_gass_members",
    "serbu_gass_accounts",
    "serbu_gass_units",
    "serbu_gass_requests",
    "serbu_gass_recipients",
    "serbu_gass_kinds",
    "serbu_gass_collectors",
)
"""In the order in which they can be dropped."""

SEALED = "day, kind, unit_id, member_id, collector_id, recipient_id, giver, amount, kg, note, code, reverses, by"
"""Columns of an entry that no update may touch."""
REFUSE_SQLITE = """
CREATE TRIGGER serbu_gass_{table}_no_{verb} BEFORE {verb} {of} ON serbu_gass_{table}
BEGIN SELECT RAISE(ABORT, 'the books are append-only; reverse the entry instead'); END
"""
REFUSE_POSTGRES = """
CREATE FUNCTION serbu_gass_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the books are append-only; reverse the entry instead'; END $$
"""
REFUSE_POSTGRES_TRIGGER = """
CREATE TRIGGER serbu_gass_{table}_no_{verb} BEFORE {verb} {of} ON serbu_gass_{table}
FOR EACH STATEMENT EXECUTE FUNCTION serbu_gass_refuse_change()
"""
GUARDS = (
    ("lines", "UPDATE", ""),
    ("lines", "DELETE", ""),
    ("entries", "UPDATE", f"OF {SEALED}"),
    ("entries", "DELETE", ""),
)


def row_columns() -> tuple[sa.Column[Any], ...]:
    """Those that every row of a resource has."""
    moment = sa.DateTime(timezone=True)
    return (
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("updated_at", moment, nullable=False),
        sa.Column("archived_at", moment, nullable=True),
    )


def guard_the_books() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        op.execute(REFUSE_POSTGRES)
        for table in ("lines", "entries"):
            op.execute(REFUSE_POSTGRES_TRIGGER.format(table=table, verb="TRUNCATE", of=""))
    for table, verb, of in GUARDS:
        op.execute((REFUSE_SQLITE if sqlite else REFUSE_POSTGRES_TRIGGER).format(table=table, verb=verb, of=of))


def _collectors() -> None:
    op.create_table(
        "serbu_gass_collectors",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=True),
        *row_columns(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_serbu_gass_collectors")),
    )


def _kinds() -> None:
    op.create_table(
        "serbu_gass_kinds",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("family", sa.String(length=20), nullable=False),
        sa.Column("advice", sa.String(length=300), nullable=True),
        *row_columns(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_serbu_gass_kinds")),
    )


def _recipients() -> None:
    op.create_table(
        "serbu_gass_recipients",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("village_code", sa.String(length=16), nullable=True),
        sa.Column("need", sa.String(length=300), nullable=True),
        *row_columns(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_serbu_gass_recipients")),
    )


def _requests() -> None:
    op.create_table(
        "serbu_gass_requests",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=False),
        sa.Column("village_code", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("what", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        *row_columns(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_serbu_gass_requests")),
    )


def _units() -> None:
    op.create_table(
        "serbu_gass_units",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("village_code", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=True),
        sa.Column("point_lat", sa.Double(), nullable=True),
        sa.Column("point_lon", sa.Double(), nullable=True),
        sa.Column("chair", sa.String(length=200), nullable=True),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column("opening", sa.String(length=200), nullable=True),
        sa.Column("founded", sa.Date(), nullable=True),
        sa.Column("quiet_since", sa.Date(), nullable=True),
        *row_columns(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_serbu_gass_units")),
    )
    op.create_index(op.f("ix_serbu_gass_units_village_code"), "serbu_gass_units", ["village_code"], unique=False)


def _accounts() -> None:
    op.create_table(
        "serbu_gass_accounts",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("of", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["serbu_gass_units.id"], name=op.f("fk_serbu_gass_accounts_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_serbu_gass_accounts")),
    )
    op.create_index(op.f("ix_serbu_gass_accounts_of"), "serbu_gass_accounts", ["of"], unique=False)
    op.create_index(op.f("ix_serbu_gass_accounts_unit_id"), "serbu_gass_accounts", ["unit_id"], unique=False)


def _members() -> None:
    op.create_table(
        "serbu_gass_members",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("village_code", sa.String(length=16), nullable=True),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column("code", sa.String(length=64), nullable=False),
        *row_columns(),
        sa.ForeignKeyConstraint(["unit_id"], ["serbu_gass_units.id"], name=op.f("fk_serbu_gass_members_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_serbu_gass_members")),
        sa.UniqueConstraint("code", name=op.f("uq_serbu_gass_members_code")),
    )
    op.create_index(op.f("ix_serbu_gass_members_unit_id"), "serbu_gass_members", ["unit_id"], unique=False)


def _pickups() -> None:
    op.create_table(
        "serbu_gass_pickups",
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hour", sa.Time(), nullable=True),
        sa.Column("vehicle", sa.String(length=100), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        *row_columns(),
        sa.ForeignKeyConstraint(["unit_id"], ["serbu_gass_units.id"], name=op.f("fk_serbu_gass_pickups_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_serbu_gass_pickups")),
    )
    op.create_index(op.f("ix_serbu_gass_pickups_day"), "serbu_gass_pickups", ["day"], unique=False)


def _prices() -> None:
    op.create_table(
        "serbu_gass_prices",
        sa.Column("kind_id", sa.String(length=36), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("member_price", sa.BigInteger(), nullable=False),
        sa.Column("central_price", sa.BigInteger(), nullable=False),
        *row_columns(),
        sa.CheckConstraint(
            "member_price >= 0 AND central_price >= 0", name=op.f("ck_serbu_gass_prices_prices_not_negative")
        ),
        sa.ForeignKeyConstraint(["kind_id"], ["serbu_gass_kinds.id"], name=op.f("fk_serbu_gass_prices_kind_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_serbu_gass_prices")),
    )
    op.create_index(
        "uq_serbu_gass_prices_kind_id_valid_from",
        "serbu_gass_prices",
        ["kind_id", "valid_from"],
        unique=True,
        sqlite_where=sa.text("archived_at IS NULL"),
        postgresql_where=sa.text("archived_at IS NULL"),
    )


def _entries() -> None:
    op.create_table(
        "serbu_gass_entries",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("member_id", sa.String(length=36), nullable=True),
        sa.Column("collector_id", sa.String(length=36), nullable=True),
        sa.Column("recipient_id", sa.String(length=36), nullable=True),
        sa.Column("giver", sa.String(length=200), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("kg", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("reverses", sa.String(length=36), nullable=True),
        sa.Column("by", sa.String(length=200), nullable=True),
        *row_columns(),
        sa.ForeignKeyConstraint(
            ["collector_id"], ["serbu_gass_collectors.id"], name=op.f("fk_serbu_gass_entries_collector_id")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["serbu_gass_members.id"], name=op.f("fk_serbu_gass_entries_member_id")),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["serbu_gass_recipients.id"], name=op.f("fk_serbu_gass_entries_recipient_id")
        ),
        sa.ForeignKeyConstraint(["reverses"], ["serbu_gass_entries.id"], name=op.f("fk_serbu_gass_entries_reverses")),
        sa.ForeignKeyConstraint(["unit_id"], ["serbu_gass_units.id"], name=op.f("fk_serbu_gass_entries_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_serbu_gass_entries")),
        sa.UniqueConstraint("code", name=op.f("uq_serbu_gass_entries_code")),
        sa.UniqueConstraint("reverses", name=op.f("uq_serbu_gass_entries_reverses")),
    )
    op.create_index(op.f("ix_serbu_gass_entries_day"), "serbu_gass_entries", ["day"], unique=False)
    op.create_index(op.f("ix_serbu_gass_entries_member_id"), "serbu_gass_entries", ["member_id"], unique=False)
    op.create_index(op.f("ix_serbu_gass_entries_unit_id"), "serbu_gass_entries", ["unit_id"], unique=False)


def _lines() -> None:
    op.create_table(
        "serbu_gass_lines",
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.String(length=100), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("kg", sa.BigInteger(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["serbu_gass_accounts.id"], name=op.f("fk_serbu_gass_lines_account_id")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["serbu_gass_entries.id"], name=op.f("fk_serbu_gass_lines_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", "number", name=op.f("pk_serbu_gass_lines")),
    )
    op.create_index(op.f("ix_serbu_gass_lines_account_id"), "serbu_gass_lines", ["account_id"], unique=False)


def upgrade() -> None:
    _collectors()
    _kinds()
    _recipients()
    _requests()
    _units()
    _accounts()
    _members()
    _pickups()
    _prices()
    _entries()
    _lines()
    guard_the_books()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION serbu_gass_refuse_change()")
