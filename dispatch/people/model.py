"""Tables of users, their sessions and their phones' push addresses."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.base import Base


class UserRow(Base):
    __tablename__ = "users"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    display_name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))
    roles: Mapped[list[str]] = mapped_column(default=list)
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("units.id"))
    extension: Mapped[str | None] = mapped_column(String(32), unique=True)
    """The desk at which the user sits now; one user a desk."""
    locale: Mapped[str] = mapped_column(String(8), default="id")
    demo: Mapped[bool] = mapped_column(default=False)
    disabled: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class SessionRow(Base):
    """A sign-in. Only the token's SHA-256 is kept, so that a copy of the table signs nobody in."""

    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_user_id", "user_id"), Index("ix_sessions_expires_at", "expires_at"))

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class UserGrantRow(Base):
    """A permission of a plugin that an administrator granted to a person; kept while the plugin is off."""

    __tablename__ = "user_grants"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    permission: Mapped[str] = mapped_column(String(80), primary_key=True)
    """`<plugin>.<permission>`."""


class SignInFailureRow(Base):
    """Wrong passwords in a row for one name, whether anybody has that name or not."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (Index("ix_sign_in_failures_last_at", "last_at"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of the name: what people type into the wrong field is not kept."""
    attempts: Mapped[int]
    locked_until: Mapped[datetime | None]
    last_at: Mapped[datetime]


class PushSubscriptionRow(Base):
    __tablename__ = "push_subscriptions"
    __table_args__ = (Index("ix_push_subscriptions_user_id", "user_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    endpoint: Mapped[str] = mapped_column(Text)
    p256dh: Mapped[str] = mapped_column(String(200))
    auth: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime]
