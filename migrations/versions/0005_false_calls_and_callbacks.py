"""False calls, callbacks and number rules"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_STATES = (
    "arrived",
    "in_ivr",
    "queued",
    "ringing",
    "answered",
    "held",
    "wrap_up",
    "closed",
    "abandoned",
    "ivr_dropped",
)


def _columns() -> tuple[sa.Column[object], ...]:
    time = sa.DateTime(timezone=True)
    state = sa.Enum(*_STATES, name="callstate", native_enum=False, length=40)
    return (
        sa.Column("trunk", sa.String(length=128), nullable=True),
        sa.Column("digits", sa.String(length=32), nullable=False, server_default=""),
        sa.Column("number_rule", sa.String(length=16), nullable=True),
        sa.Column("silent_asked_at", time, nullable=True),
        sa.Column("silent_listened_at", time, nullable=True),
        sa.Column("silent_callback_at", time, nullable=True),
        sa.Column("disposed_at", time, nullable=True),
        sa.Column("disposed_by", sa.String(length=36), nullable=True),
        sa.Column("closed_from", state, nullable=True),
        sa.Column("callback_by", sa.String(length=36), nullable=True),
        sa.Column("callback_claimed_at", time, nullable=True),
        sa.Column("callback_attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("callback_attempted_at", time, nullable=True),
        sa.Column("callback_result", sa.String(length=16), nullable=True),
        sa.Column("answered_in_call_id", sa.String(length=36), nullable=True),
    )


def upgrade() -> None:
    for column in _columns():
        op.add_column("calls", column)
    op.create_table(
        "number_rules",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("made_by", sa.String(length=36), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=36), nullable=True),
        sa.Column("end_reason", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_rules")),
    )
    active = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_number_rules_active",
        "number_rules",
        ["number"],
        unique=True,
        sqlite_where=active,
        postgresql_where=active,
    )
    op.create_index("ix_number_rules_number", "number_rules", ["number", "made_at"])
    op.create_table(
        "number_rule_states",
        sa.Column("pbx", sa.String(length=64), nullable=False),
        sa.Column("rule_id", sa.String(length=36), nullable=False),
        sa.Column("in_force_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("pbx", "rule_id", name=op.f("pk_number_rule_states")),
    )


def downgrade() -> None:
    op.drop_table("number_rule_states")
    op.drop_table("number_rules")
    for column in reversed(_columns()):
        op.drop_column("calls", column.name)
