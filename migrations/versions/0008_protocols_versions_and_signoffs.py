"""Versions of protocols, and the medical director's signatures"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    time = sa.DateTime(timezone=True)
    op.create_table(
        "protocol_versions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("yaml", sa.Text(), nullable=False),
        sa.Column("version", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", time, nullable=False),
        sa.Column("published_by", sa.String(length=36), nullable=True),
        sa.Column("published_by_name", sa.String(length=200), nullable=True),
        sa.Column("published_at", time, nullable=True),
        sa.Column("retired_at", time, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protocol_versions")),
    )
    op.create_index("uq_protocol_versions_number", "protocol_versions", ["code", "number"], unique=True)
    for state in ("draft", "published"):
        where = sa.text(f"state = '{state}'")
        op.create_index(
            f"uq_protocol_versions_{state}",
            "protocol_versions",
            ["code"],
            unique=True,
            postgresql_where=where,
            sqlite_where=where,
        )
    op.create_table(
        "protocol_signoffs",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", time, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protocol_signoffs")),
    )
    op.create_index("uq_protocol_signoffs_version", "protocol_signoffs", ["code", "version"], unique=True)


def downgrade() -> None:
    op.drop_table("protocol_signoffs")
    op.drop_table("protocol_versions")
