"""Tables of protocols that the centre edits: their versions, and the medical director's signatures."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.base import Base


class VersionState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"
    """Was in force once; may be brought back."""


_DRAFT = text("state = 'draft'")
_PUBLISHED = text("state = 'published'")


class ProtocolVersionRow(Base):
    """One text of a protocol. Of each protocol one draft and one published version at most."""

    __tablename__ = "protocol_versions"
    __table_args__ = (
        Index("uq_protocol_versions_number", "code", "number", unique=True),
        Index("uq_protocol_versions_draft", "code", unique=True, postgresql_where=_DRAFT, sqlite_where=_DRAFT),
        Index(
            "uq_protocol_versions_published", "code", unique=True, postgresql_where=_PUBLISHED, sqlite_where=_PUBLISHED
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    code: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]
    """For people: 1, 2, 3 of each protocol."""
    yaml: Mapped[str] = mapped_column(Text)
    version: Mapped[str] = mapped_column(String(12))
    """Hash of the text, as incidents keep it."""
    state: Mapped[str] = mapped_column(String(16))
    revision: Mapped[int] = mapped_column(default=1)
    """Grows with each saving of a draft, so that two editors notice each other."""
    by: Mapped[str | None] = mapped_column(String(36))
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    """When the text was saved last."""
    published_by: Mapped[str | None] = mapped_column(String(36))
    published_by_name: Mapped[str | None] = mapped_column(String(200))
    published_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]


class ProtocolSignoffRow(Base):
    """The medical director's signature under one version of a protocol; never changed, never removed."""

    __tablename__ = "protocol_signoffs"
    __table_args__ = (Index("uq_protocol_signoffs_version", "code", "version", unique=True),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    code: Mapped[str] = mapped_column(String(64))
    version: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(200))
    by: Mapped[str | None] = mapped_column(String(36))
    """Who recorded it."""
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
