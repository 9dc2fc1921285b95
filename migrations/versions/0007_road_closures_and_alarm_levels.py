"""Roads that are closed, and the alarm level of an incident"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    time = sa.DateTime(timezone=True)
    op.create_table(
        "road_closures",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("points", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("radius_m", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("closed_by", sa.String(length=36), nullable=False),
        sa.Column("closed_at", time, nullable=False),
        sa.Column("until", time, nullable=True),
        sa.Column("ended_at", time, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_road_closures")),
    )
    op.create_index("ix_road_closures_ended_at", "road_closures", ["ended_at"])
    op.add_column("incidents", sa.Column("alarm_level", sa.Integer(), nullable=False, server_default="1"))


def downgrade() -> None:
    op.drop_column("incidents", "alarm_level")
    op.drop_index("ix_road_closures_ended_at", "road_closures")
    op.drop_table("road_closures")
