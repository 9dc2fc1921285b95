"""The first tables"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "go_ppu_0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "go_ppu_answers",
        sa.Column("service_id", sa.String(length=36), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("u1", sa.Integer(), nullable=False),
        sa.Column("u2", sa.Integer(), nullable=False),
        sa.Column("u3", sa.Integer(), nullable=False),
        sa.Column("u4", sa.Integer(), nullable=False),
        sa.Column("u5", sa.Integer(), nullable=False),
        sa.Column("u6", sa.Integer(), nullable=False),
        sa.Column("u7", sa.Integer(), nullable=False),
        sa.Column("u8", sa.Integer(), nullable=False),
        sa.Column("u9", sa.Integer(), nullable=False),
        sa.Column("suggestion", sa.String(length=1000), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_go_ppu_answers")),
    )
    op.create_index(op.f("ix_go_ppu_answers_day"), "go_ppu_answers", ["day"], unique=False)
    op.create_index(op.f("ix_go_ppu_answers_service_id"), "go_ppu_answers", ["service_id"], unique=False)
    op.create_table(
        "go_ppu_applications",
        sa.Column("service_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=14), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("holder", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=True),
        sa.Column("due_from", sa.Date(), nullable=True),
        sa.Column("due_days", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("clock", sa.String(length=10), nullable=False),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_go_ppu_applications")),
        sa.UniqueConstraint("number", name=op.f("uq_go_ppu_applications_number")),
    )
    op.create_index(op.f("ix_go_ppu_applications_due_on"), "go_ppu_applications", ["due_on"], unique=False)
    op.create_index(op.f("ix_go_ppu_applications_service_id"), "go_ppu_applications", ["service_id"], unique=False)
    op.create_index(op.f("ix_go_ppu_applications_state"), "go_ppu_applications", ["state"], unique=False)
    op.create_table(
        "go_ppu_complaints",
        sa.Column("service_id", sa.String(length=36), nullable=True),
        sa.Column("office_id", sa.String(length=36), nullable=True),
        sa.Column("village_code", sa.String(length=13), nullable=True),
        sa.Column("point_lat", sa.Double(), nullable=True),
        sa.Column("point_lon", sa.Double(), nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("incident", sa.String(length=40), nullable=True),
        sa.Column("number", sa.String(length=14), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("holder", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=True),
        sa.Column("due_from", sa.Date(), nullable=True),
        sa.Column("due_days", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("clock", sa.String(length=10), nullable=False),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_go_ppu_complaints")),
        sa.UniqueConstraint("number", name=op.f("uq_go_ppu_complaints_number")),
    )
    op.create_index(op.f("ix_go_ppu_complaints_due_on"), "go_ppu_complaints", ["due_on"], unique=False)
    op.create_index(op.f("ix_go_ppu_complaints_office_id"), "go_ppu_complaints", ["office_id"], unique=False)
    op.create_index(op.f("ix_go_ppu_complaints_state"), "go_ppu_complaints", ["state"], unique=False)
    op.create_table(
        "go_ppu_documents",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=14), nullable=False),
        sa.Column("file_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_go_ppu_documents")),
    )
    op.create_index(op.f("ix_go_ppu_documents_case_id"), "go_ppu_documents", ["case_id"], unique=False)
    op.create_table(
        "go_ppu_holidays",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_go_ppu_holidays")),
        sa.UniqueConstraint("day", name=op.f("uq_go_ppu_holidays_day")),
    )
    op.create_table(
        "go_ppu_moves",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_go_ppu_moves")),
        sa.UniqueConstraint("case_id", "step", name=op.f("uq_go_ppu_moves_case_id_step")),
    )
    op.create_index(op.f("ix_go_ppu_moves_case_id"), "go_ppu_moves", ["case_id"], unique=False)
    op.create_table(
        "go_ppu_offices",
        sa.Column("name_id", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("village_code", sa.String(length=13), nullable=True),
        sa.Column("point_lat", sa.Double(), nullable=True),
        sa.Column("point_lon", sa.Double(), nullable=True),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.Column("opens", sa.Time(), nullable=True),
        sa.Column("closes", sa.Time(), nullable=True),
        sa.Column("friday_closes", sa.Time(), nullable=True),
        sa.Column("always", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_go_ppu_offices")),
        sa.UniqueConstraint("name_id", name=op.f("uq_go_ppu_offices_name_id")),
    )
    op.create_table(
        "go_ppu_private",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_go_ppu_private")),
        sa.UniqueConstraint("case_id", name=op.f("uq_go_ppu_private_case_id")),
    )
    op.create_table(
        "go_ppu_services",
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("name_id", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=True),
        sa.Column("summary_id", sa.String(length=500), nullable=True),
        sa.Column("summary_en", sa.String(length=500), nullable=True),
        sa.Column("keywords", sa.String(length=300), nullable=True),
        sa.Column("office_id", sa.String(length=36), nullable=False),
        sa.Column("requirements_id", sa.Text(), nullable=True),
        sa.Column("requirements_en", sa.Text(), nullable=True),
        sa.Column("procedure_id", sa.Text(), nullable=True),
        sa.Column("procedure_en", sa.Text(), nullable=True),
        sa.Column("time_id", sa.Text(), nullable=True),
        sa.Column("time_en", sa.Text(), nullable=True),
        sa.Column("cost_id", sa.Text(), nullable=True),
        sa.Column("cost_en", sa.Text(), nullable=True),
        sa.Column("product_id", sa.Text(), nullable=True),
        sa.Column("product_en", sa.Text(), nullable=True),
        sa.Column("complaints_id", sa.Text(), nullable=True),
        sa.Column("complaints_en", sa.Text(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_go_ppu_services")),
        sa.UniqueConstraint("slug", name=op.f("uq_go_ppu_services_slug")),
    )
    op.create_index(op.f("ix_go_ppu_services_office_id"), "go_ppu_services", ["office_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_go_ppu_services_office_id"), table_name="go_ppu_services")
    op.drop_table("go_ppu_services")
    op.drop_table("go_ppu_private")
    op.drop_table("go_ppu_offices")
    op.drop_index(op.f("ix_go_ppu_moves_case_id"), table_name="go_ppu_moves")
    op.drop_table("go_ppu_moves")
    op.drop_table("go_ppu_holidays")
    op.drop_index(op.f("ix_go_ppu_documents_case_id"), table_name="go_ppu_documents")
    op.drop_table("go_ppu_documents")
    op.drop_index(op.f("ix_go_ppu_complaints_state"), table_name="go_ppu_complaints")
    op.drop_index(op.f("ix_go_ppu_complaints_office_id"), table_name="go_ppu_complaints")
    op.drop_index(op.f("ix_go_ppu_complaints_due_on"), table_name="go_ppu_complaints")
    op.drop_table("go_ppu_complaints")
    op.drop_index(op.f("ix_go_ppu_applications_state"), table_name="go_ppu_applications")
    op.drop_index(op.f("ix_go_ppu_applications_service_id"), table_name="go_ppu_applications")
    op.drop_index(op.f("ix_go_ppu_applications_due_on"), table_name="go_ppu_applications")
    op.drop_table("go_ppu_applications")
    op.drop_index(op.f("ix_go_ppu_answers_service_id"), table_name="go_ppu_answers")
    op.drop_index(op.f("ix_go_ppu_answers_day"), table_name="go_ppu_answers")
    op.drop_table("go_ppu_answers")
