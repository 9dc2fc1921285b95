"""Commands to the PBX with their outcomes, and what the PBX tells of conferences, supervision and pauses"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _json() -> sa.JSON:
    return sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    time = sa.DateTime(timezone=True)
    op.create_table(
        "pbx_commands",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("pbx", sa.String(length=64), nullable=False),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("call_id", sa.String(length=36), nullable=True),
        sa.Column("agent", sa.String(length=512), nullable=True),
        sa.Column("user_id", sa.String(length=36), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("words", sa.String(length=512), nullable=False),
        sa.Column("command", _json(), nullable=False),
        sa.Column("requested_at", time, nullable=False),
        sa.Column("expires_at", time, nullable=False),
        sa.Column("handed_out_at", time, nullable=True),
        sa.Column("done_at", time, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pbx_commands")),
    )
    op.create_index("ix_pbx_commands_pbx_state", "pbx_commands", ["pbx", "state"])
    op.add_column("calls", sa.Column("muted", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("calls", sa.Column("parties", _json(), nullable=False, server_default="[]"))
    op.add_column("calls", sa.Column("monitored_by", _json(), nullable=False, server_default="[]"))
    op.add_column("agents", sa.Column("paused_at", time, nullable=True))


def downgrade() -> None:
    op.drop_column("agents", "paused_at")
    for column in ("monitored_by", "parties", "muted"):
        op.drop_column("calls", column)
    op.drop_index("ix_pbx_commands_pbx_state", "pbx_commands")
    op.drop_table("pbx_commands")
