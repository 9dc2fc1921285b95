"""The first tables"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "puspita_0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "puspita_assessments",
        sa.Column("village_code", sa.String(length=13), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("attraction", sa.Integer(), nullable=False),
        sa.Column("homestay", sa.Integer(), nullable=False),
        sa.Column("souvenir", sa.Integer(), nullable=False),
        sa.Column("digital", sa.Integer(), nullable=False),
        sa.Column("toilets", sa.Integer(), nullable=False),
        sa.Column("hygiene", sa.Integer(), nullable=False),
        sa.Column("institution", sa.Integer(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_puspita_assessments")),
        sa.UniqueConstraint(
            "village_code", "assessed_on", name=op.f("uq_puspita_assessments_village_code_assessed_on")
        ),
    )
    op.create_table(
        "puspita_destinations",
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("accuracy_m", sa.Integer(), nullable=False),
        sa.Column("other_names", sa.String(length=300), nullable=True),
        sa.Column("hours", sa.String(length=200), nullable=True),
        sa.Column("ticket", sa.BigInteger(), nullable=True),
        sa.Column("signal", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=True),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_note", sa.String(length=500), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("name_id", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=True),
        sa.Column("description_id", sa.Text(), nullable=True),
        sa.Column("description_en", sa.Text(), nullable=True),
        sa.Column("photo", sa.String(length=36), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("village_code", sa.String(length=13), nullable=True),
        sa.Column("point_lat", sa.Double(), nullable=True),
        sa.Column("point_lon", sa.Double(), nullable=True),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.Column("website", sa.String(length=300), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_puspita_destinations")),
        sa.UniqueConstraint("slug", name=op.f("uq_puspita_destinations_slug")),
    )
    op.create_index(op.f("ix_puspita_destinations_state"), "puspita_destinations", ["state"], unique=False)
    op.create_table(
        "puspita_enquiries",
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("destination_id", sa.String(length=36), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.String(length=200), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_puspita_enquiries")),
    )
    op.create_index(op.f("ix_puspita_enquiries_state"), "puspita_enquiries", ["state"], unique=False)
    op.create_table(
        "puspita_events",
        sa.Column("destination_id", sa.String(length=36), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organiser", sa.String(length=200), nullable=True),
        sa.Column("ticket", sa.BigInteger(), nullable=True),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_note", sa.String(length=500), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("name_id", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=True),
        sa.Column("description_id", sa.Text(), nullable=True),
        sa.Column("description_en", sa.Text(), nullable=True),
        sa.Column("photo", sa.String(length=36), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("village_code", sa.String(length=13), nullable=True),
        sa.Column("point_lat", sa.Double(), nullable=True),
        sa.Column("point_lon", sa.Double(), nullable=True),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.Column("website", sa.String(length=300), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_puspita_events")),
        sa.UniqueConstraint("slug", name=op.f("uq_puspita_events_slug")),
    )
    op.create_index(op.f("ix_puspita_events_starts_at"), "puspita_events", ["starts_at"], unique=False)
    op.create_index(op.f("ix_puspita_events_state"), "puspita_events", ["state"], unique=False)
    op.create_table(
        "puspita_guides",
        sa.Column("languages", sa.String(length=200), nullable=True),
        sa.Column("licence", sa.String(length=60), nullable=True),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_note", sa.String(length=500), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("name_id", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=True),
        sa.Column("description_id", sa.Text(), nullable=True),
        sa.Column("description_en", sa.Text(), nullable=True),
        sa.Column("photo", sa.String(length=36), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("village_code", sa.String(length=13), nullable=True),
        sa.Column("point_lat", sa.Double(), nullable=True),
        sa.Column("point_lon", sa.Double(), nullable=True),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.Column("website", sa.String(length=300), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_puspita_guides")),
        sa.UniqueConstraint("slug", name=op.f("uq_puspita_guides_slug")),
    )
    op.create_index(op.f("ix_puspita_guides_state"), "puspita_guides", ["state"], unique=False)
    op.create_table(
        "puspita_lodgings",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("rooms", sa.Integer(), nullable=True),
        sa.Column("price_from", sa.BigInteger(), nullable=True),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_note", sa.String(length=500), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("name_id", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=True),
        sa.Column("description_id", sa.Text(), nullable=True),
        sa.Column("description_en", sa.Text(), nullable=True),
        sa.Column("photo", sa.String(length=36), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("village_code", sa.String(length=13), nullable=True),
        sa.Column("point_lat", sa.Double(), nullable=True),
        sa.Column("point_lon", sa.Double(), nullable=True),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.Column("website", sa.String(length=300), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_puspita_lodgings")),
        sa.UniqueConstraint("slug", name=op.f("uq_puspita_lodgings_slug")),
    )
    op.create_index(op.f("ix_puspita_lodgings_state"), "puspita_lodgings", ["state"], unique=False)
    op.create_table(
        "puspita_photos",
        sa.Column("destination_id", sa.String(length=36), nullable=False),
        sa.Column("photo", sa.String(length=36), nullable=False),
        sa.Column("caption_id", sa.String(length=200), nullable=False),
        sa.Column("caption_en", sa.String(length=200), nullable=True),
        sa.Column("credit", sa.String(length=200), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_puspita_photos")),
    )
    op.create_index(op.f("ix_puspita_photos_destination_id"), "puspita_photos", ["destination_id"], unique=False)
    op.create_table(
        "puspita_safety_notes",
        sa.Column("destination_id", sa.String(length=36), nullable=False),
        sa.Column("hazard", sa.String(length=20), nullable=False),
        sa.Column("text_id", sa.String(length=500), nullable=False),
        sa.Column("text_en", sa.String(length=500), nullable=True),
        sa.Column("spot", sa.String(length=100), nullable=True),
        sa.Column("point_lat", sa.Double(), nullable=True),
        sa.Column("point_lon", sa.Double(), nullable=True),
        sa.Column("no_signal", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_puspita_safety_notes")),
    )
    op.create_index(
        op.f("ix_puspita_safety_notes_destination_id"), "puspita_safety_notes", ["destination_id"], unique=False
    )
    op.create_table(
        "puspita_visitor_counts",
        sa.Column("destination_id", sa.String(length=36), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("domestic", sa.Integer(), nullable=True),
        sa.Column("foreign", sa.Integer(), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_puspita_visitor_counts")),
        sa.UniqueConstraint(
            "destination_id", "period", "day", name=op.f("uq_puspita_visitor_counts_destination_id_period_day")
        ),
    )
    op.create_index(op.f("ix_puspita_visitor_counts_day"), "puspita_visitor_counts", ["day"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_puspita_visitor_counts_day"), table_name="puspita_visitor_counts")
    op.drop_table("puspita_visitor_counts")
    op.drop_index(op.f("ix_puspita_safety_notes_destination_id"), table_name="puspita_safety_notes")
    op.drop_table("puspita_safety_notes")
    op.drop_index(op.f("ix_puspita_photos_destination_id"), table_name="puspita_photos")
    op.drop_table("puspita_photos")
    op.drop_index(op.f("ix_puspita_lodgings_state"), table_name="puspita_lodgings")
    op.drop_table("puspita_lodgings")
    op.drop_index(op.f("ix_puspita_guides_state"), table_name="puspita_guides")
    op.drop_table("puspita_guides")
    op.drop_index(op.f("ix_puspita_events_state"), table_name="puspita_events")
    op.drop_index(op.f("ix_puspita_events_starts_at"), table_name="puspita_events")
    op.drop_table("puspita_events")
    op.drop_index(op.f("ix_puspita_enquiries_state"), table_name="puspita_enquiries")
    op.drop_table("puspita_enquiries")
    op.drop_index(op.f("ix_puspita_destinations_state"), table_name="puspita_destinations")
    op.drop_table("puspita_destinations")
    op.drop_table("puspita_assessments")
