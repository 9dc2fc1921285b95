"""The gazetteer's changes and uses, notes on premises, and incidents merged or told apart"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TIME = sa.DateTime(timezone=True)
KEY = sa.String(length=36)
PLACE = sa.String(length=64)


def upgrade() -> None:
    _places()
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    op.create_table(
        "incident_merges",
        sa.Column("incident_id", KEY, nullable=False),
        sa.Column("call_ids", json, nullable=False),
        sa.PrimaryKeyConstraint("incident_id", name=op.f("pk_incident_merges")),
    )
    op.create_table(
        "incident_separations",
        sa.Column("incident_id", KEY, nullable=False),
        sa.Column("subject_id", KEY, nullable=False),
        sa.Column("by", KEY, nullable=True),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("incident_id", "subject_id", name=op.f("pk_incident_separations")),
    )
    op.create_index("ix_incident_separations_subject_id", "incident_separations", ["subject_id"])
    op.create_table(
        "premise_notes",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("place_id", PLACE, nullable=True),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("radius_m", sa.Integer(), nullable=False),
        sa.Column("written_by", KEY, nullable=False),
        sa.Column("written_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("ended_by", KEY, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_premise_notes")),
    )
    op.create_index("ix_premise_notes_lat_lon", "premise_notes", ["lat", "lon"])


def _places() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    op.add_column("places", sa.Column("inactive_since", TIME, nullable=True))
    op.create_table(
        "place_uses",
        sa.Column("place_id", PLACE, nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("last_used_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("place_id", name=op.f("pk_place_uses")),
    )
    op.create_table(
        "place_changes",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("rows", json, nullable=False),
        sa.Column("by", KEY, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("undone_at", TIME, nullable=True),
        sa.Column("undone_by", KEY, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_changes")),
    )
    op.create_index("ix_place_changes_at", "place_changes", ["at"])


def downgrade() -> None:
    op.drop_index("ix_place_changes_at", "place_changes")
    op.drop_table("place_changes")
    op.drop_table("place_uses")
    op.drop_column("places", "inactive_since")
    op.drop_index("ix_premise_notes_lat_lon", "premise_notes")
    op.drop_table("premise_notes")
    op.drop_index("ix_incident_separations_subject_id", "incident_separations")
    op.drop_table("incident_separations")
    op.drop_table("incident_merges")
