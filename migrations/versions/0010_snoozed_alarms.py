"""Alarms that are put off for a while"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("alarms", sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("alarms", sa.Column("snoozed_by", sa.String(length=36), nullable=True))
    op.add_column("alarms", sa.Column("snooze_reason", sa.String(length=300), nullable=True))


def downgrade() -> None:
    for column in ("snooze_reason", "snoozed_by", "snoozed_until"):
        op.drop_column("alarms", column)
