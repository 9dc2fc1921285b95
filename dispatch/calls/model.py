"""Tables of calls, of the facts already taken in, and of the desks as the PBX describes them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.base import Base
from dispatch.words import CallDisposition, CallState

_ACTIVE = text("ended_at IS NULL")
_WHILE_ACTIVE: dict[str, Any] = {"sqlite_where": _ACTIVE, "postgresql_where": _ACTIVE}


class CallRow(Base):
    __tablename__ = "calls"
    __table_args__ = (
        UniqueConstraint("pbx", "linkedid"),
        Index("ix_calls_ani", "ani", "arrived_at"),
        Index("ix_calls_state", "state"),
        Index("ix_calls_arrived_at", "arrived_at"),
        Index("ix_calls_incident_id", "incident_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    pbx: Mapped[str] = mapped_column(String(64))
    linkedid: Mapped[str] = mapped_column(String(512))
    direction: Mapped[str] = mapped_column(String(16))
    state: Mapped[CallState]
    ani: Mapped[str | None] = mapped_column(String(512))
    ani_withheld: Mapped[bool] = mapped_column(default=False)
    caller_name: Mapped[str | None] = mapped_column(String(512))
    dialled: Mapped[str | None] = mapped_column(String(512))
    queue: Mapped[str | None] = mapped_column(String(512))
    agent: Mapped[str | None] = mapped_column(String(512))
    call_taker_id: Mapped[str | None] = mapped_column(String(36))
    arrived_at: Mapped[datetime]
    queued_at: Mapped[datetime | None]
    ringing_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_cause: Mapped[str | None] = mapped_column(String(512))
    transferred_to: Mapped[str | None] = mapped_column(String(512))
    transcript: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    disposition: Mapped[CallDisposition | None]
    note: Mapped[str] = mapped_column(Text, default="")
    incident_id: Mapped[str | None] = mapped_column(String(36))
    version: Mapped[int] = mapped_column(default=1)
    trunk: Mapped[str | None] = mapped_column(String(128))
    digits: Mapped[str] = mapped_column(String(32), default="")
    number_rule: Mapped[str | None] = mapped_column(String(16))
    silent_asked_at: Mapped[datetime | None]
    silent_listened_at: Mapped[datetime | None]
    silent_callback_at: Mapped[datetime | None]
    disposed_at: Mapped[datetime | None]
    disposed_by: Mapped[str | None] = mapped_column(String(36))
    closed_from: Mapped[CallState | None]
    callback_by: Mapped[str | None] = mapped_column(String(36))
    callback_claimed_at: Mapped[datetime | None]
    callback_attempts: Mapped[int] = mapped_column(default=0)
    callback_attempted_at: Mapped[datetime | None]
    callback_result: Mapped[str | None] = mapped_column(String(16))
    answered_in_call_id: Mapped[str | None] = mapped_column(String(36))
    muted: Mapped[bool] = mapped_column(default=False)
    parties: Mapped[list[str]] = mapped_column(default=list)
    monitored_by: Mapped[list[str]] = mapped_column(default=list)


class NumberRuleRow(Base):
    """A number that the PBX diverts or blocks, until it ends; never deleted."""

    __tablename__ = "number_rules"
    __table_args__ = (
        Index("uq_number_rules_active", "number", unique=True, **_WHILE_ACTIVE),
        Index("ix_number_rules_number", "number", "made_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    number: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(300))
    made_by: Mapped[str] = mapped_column(String(36))
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(36))
    end_reason: Mapped[str | None] = mapped_column(String(300))


class NumberRuleStateRow(Base):
    """A rule that a PBX has confirmed that it holds."""

    __tablename__ = "number_rule_states"

    pbx: Mapped[str] = mapped_column(String(64), primary_key=True)
    rule_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    in_force_at: Mapped[datetime]


class FactRow(Base):
    """The identity of each telephony fact that was committed: a second copy is seen and ignored."""

    __tablename__ = "call_facts"

    pbx: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(512), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class PbxCommandRow(Base):
    """What was asked of a PBX: handed to an adapter at most once, and what became of it."""

    __tablename__ = "pbx_commands"
    __table_args__ = (Index("ix_pbx_commands_pbx_state", "pbx", "state"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    pbx: Mapped[str] = mapped_column(String(64))
    act: Mapped[str] = mapped_column(String(32))
    call_id: Mapped[str | None] = mapped_column(String(36))
    agent: Mapped[str | None] = mapped_column(String(512))
    user_id: Mapped[str | None] = mapped_column(String(36))
    """Who asked; None: a rule of the centre."""
    state: Mapped[str] = mapped_column(String(16))
    """requested, handed_out, or the outcome: accepted, refused, dropped, unknown."""
    words: Mapped[str] = mapped_column(String(512), default="")
    command: Mapped[dict[str, Any]]
    """As it is handed out (PbxCommand)."""
    requested_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    handed_out_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class AgentRow(Base):
    """A desk (queue member) of a PBX, as the PBX last described it."""

    __tablename__ = "agents"

    pbx: Mapped[str] = mapped_column(String(64), primary_key=True)
    agent: Mapped[str] = mapped_column(String(512), primary_key=True)
    name: Mapped[str | None] = mapped_column(String(512))
    queues: Mapped[list[str]] = mapped_column(default=list)
    paused: Mapped[bool] = mapped_column(default=False)
    pause_reason: Mapped[str | None] = mapped_column(String(512))
    device: Mapped[str] = mapped_column(String(32), default="unknown")
    changed_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]
