"""The first tables"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "taman_rozeline_0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "taman_rozeline_access_points",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("nas", sa.String(length=100), nullable=True),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("host", sa.String(length=100), nullable=True),
        sa.Column("port", sa.Integer(), nullable=True),
        sa.Column("point_lat", sa.Double(), nullable=True),
        sa.Column("point_lon", sa.Double(), nullable=True),
        sa.Column("accuracy_m", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taman_rozeline_access_points")),
        sa.UniqueConstraint("name", name=op.f("uq_taman_rozeline_access_points_name")),
    )
    op.create_table(
        "taman_rozeline_day_counts",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("devices", sa.Integer(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("peak", sa.Integer(), nullable=False),
        sa.Column("up", sa.BigInteger(), nullable=False),
        sa.Column("down", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_taman_rozeline_day_counts")),
    )
    op.create_table(
        "taman_rozeline_device_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("day", "device", name=op.f("pk_taman_rozeline_device_days")),
    )
    op.create_table(
        "taman_rozeline_opening_hours",
        sa.Column("weekday", sa.String(length=1), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taman_rozeline_opening_hours")),
        sa.UniqueConstraint("weekday", "opens", name=op.f("uq_taman_rozeline_opening_hours_weekday_opens")),
    )
    op.create_table(
        "taman_rozeline_salts",
        sa.Column("name", sa.String(length=10), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_taman_rozeline_salts")),
    )
    op.create_table(
        "taman_rozeline_sessions",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("access_point_id", sa.String(length=36), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updates", sa.Boolean(), nullable=False),
        sa.Column("up", sa.BigInteger(), nullable=False),
        sa.Column("down", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_taman_rozeline_sessions")),
    )
    op.create_index(op.f("ix_taman_rozeline_sessions_seen_at"), "taman_rozeline_sessions", ["seen_at"], unique=False)
    op.create_index(
        op.f("ix_taman_rozeline_sessions_started_at"), "taman_rozeline_sessions", ["started_at"], unique=False
    )
    op.create_table(
        "taman_rozeline_terms",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("text_id", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taman_rozeline_terms")),
        sa.UniqueConstraint("number", name=op.f("uq_taman_rozeline_terms_number")),
    )
    op.create_table(
        "taman_rozeline_tickets",
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("access_point_id", sa.String(length=36), nullable=True),
        sa.Column("description", sa.String(length=500), nullable=False),
        sa.Column("taken_by", sa.String(length=200), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("solution", sa.String(length=500), nullable=True),
        sa.Column("handed", sa.String(length=40), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taman_rozeline_tickets")),
    )
    op.create_index(
        op.f("ix_taman_rozeline_tickets_access_point_id"), "taman_rozeline_tickets", ["access_point_id"], unique=False
    )
    op.create_index(op.f("ix_taman_rozeline_tickets_state"), "taman_rozeline_tickets", ["state"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_taman_rozeline_tickets_state"), table_name="taman_rozeline_tickets")
    op.drop_index(op.f("ix_taman_rozeline_tickets_access_point_id"), table_name="taman_rozeline_tickets")
    op.drop_table("taman_rozeline_tickets")
    op.drop_table("taman_rozeline_terms")
    op.drop_index(op.f("ix_taman_rozeline_sessions_started_at"), table_name="taman_rozeline_sessions")
    op.drop_index(op.f("ix_taman_rozeline_sessions_seen_at"), table_name="taman_rozeline_sessions")
    op.drop_table("taman_rozeline_sessions")
    op.drop_table("taman_rozeline_salts")
    op.drop_table("taman_rozeline_opening_hours")
    op.drop_table("taman_rozeline_device_days")
    op.drop_table("taman_rozeline_day_counts")
    op.drop_table("taman_rozeline_access_points")
