"""A retried command has one effect: its first answer is kept with its key, in the transaction of the change."""

from datetime import datetime

from sqlalchemy import Index, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.base import Base
from dispatch.db import Transaction
from dispatch.errors import Conflict

LONGEST_KEY = 100


class CommandRow(Base):
    __tablename__ = "commands"
    __table_args__ = (Index("ix_commands_created_at", "created_at"),)

    user_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    key: Mapped[str] = mapped_column(String(LONGEST_KEY), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    """Of the request, so that a key used again for something else is refused."""
    status: Mapped[int]
    answer: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


async def earlier_answer(tx: Transaction, key: str, fingerprint: str) -> CommandRow | None:
    """The kept answer of this user's key. Raises Conflict when the key served another request."""
    query = select(CommandRow).where(CommandRow.user_id == tx.actor.user_id, CommandRow.key == key)
    row = (await tx.session.execute(query)).scalar_one_or_none()
    if row is not None and row.fingerprint != fingerprint:
        raise Conflict("This idempotency key was used for another request.", field="Idempotency-Key")
    return row


async def keep_answer(tx: Transaction, key: str, fingerprint: str, status: int, answer: str) -> None:
    """Keep the answer; a concurrent twin of the same key fails on the primary key and is answered from here."""
    tx.session.add(
        CommandRow(
            user_id=tx.actor.user_id or "",
            key=key,
            fingerprint=fingerprint,
            status=status,
            answer=answer,
            created_at=tx.now,
        )
    )
    await tx.session.flush()
