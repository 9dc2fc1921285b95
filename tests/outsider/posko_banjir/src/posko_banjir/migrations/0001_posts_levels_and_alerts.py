"""Posts, levels and alerts"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROW = (
    ("id", sa.String(36), False),
    ("version", sa.Integer(), False),
    ("created_at", sa.DateTime(timezone=True), False),
    ("updated_at", sa.DateTime(timezone=True), False),
    ("archived_at", sa.DateTime(timezone=True), True),
)


def row() -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=nullable) for name, kind, nullable in ROW]


def upgrade() -> None:
    op.create_table(
        "posko_banjir_posts",
        *row(),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("village", sa.String(16), nullable=True),
        sa.Column("place_lat", sa.Double(), nullable=True),
        sa.Column("place_lon", sa.Double(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("phone", sa.String(20), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_posko_banjir_posts"),
        sa.UniqueConstraint("name", name="uq_posko_banjir_posts_name"),
    )
    op.create_table(
        "posko_banjir_levels",
        *row(),
        sa.Column("post_id", sa.String(36), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("level_cm", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posko_banjir_posts.id"], name="fk_posko_banjir_levels_post_id"),
        sa.PrimaryKeyConstraint("id", name="pk_posko_banjir_levels"),
        sa.UniqueConstraint("post_id", "day", name="uq_posko_banjir_levels_post_id_day"),
    )
    op.create_table(
        "posko_banjir_alerts",
        *row(),
        sa.Column("incident_id", sa.String(36), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_posko_banjir_alerts"),
        sa.UniqueConstraint("incident_id", name="uq_posko_banjir_alerts_incident_id"),
    )


def downgrade() -> None:
    op.drop_table("posko_banjir_alerts")
    op.drop_table("posko_banjir_levels")
    op.drop_table("posko_banjir_posts")
