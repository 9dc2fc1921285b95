"""Rules for single numbers as rows: made and ended by a supervisor, ended by themselves, confirmed by each PBX."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Literal, cast

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch import timers
from dispatch.calls import number_rules, service
from dispatch.calls.model import NumberRuleRow, NumberRuleStateRow
from dispatch.calls.number_rules import Earlier, Kind, Limits
from dispatch.db import Transaction
from dispatch.errors import Conflict, Forbidden, Invalid, NotFound
from dispatch.events import AUDIT, NumberRuleEnded, NumberRuleMade, NumberRulesInForce
from dispatch.ids import new_id
from dispatch.settings import Settings
from dispatch.timers import TimerRow
from dispatch.views import View
from telephony import facts

ENDS = "number_rule.ends"
"""Kind of the timer that ends a rule; its key is the rule's id."""

MOST_SHOWN = 200
"""Rules in the supervisor's list: the active ones and the latest that ended."""


class NewRule(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"number": "081234567890", "kind": "divert", "reason": "40 panggilan iseng hari ini", "hours": 24}
            ]
        },
    )

    number: Annotated[str, Field(max_length=32)]
    kind: Kind
    reason: Annotated[str, Field(max_length=300)]
    hours: Annotated[float, Field(gt=0, le=10_000)]


class InForce(View):
    pbx: str
    at: datetime


class NumberRuleView(View):
    id: str
    number: str
    kind: Literal["divert", "block"]
    reason: str
    made_by: str
    made_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    ended_by: str | None
    """None while it lasts, and when it ended by itself."""
    end_reason: str | None
    in_force: tuple[InForce, ...]
    """The PBXs that confirmed it; empty: not in force anywhere yet."""


def limits_of(settings: Settings) -> Limits:
    return Limits(timedelta(hours=settings.divert_most_h), timedelta(hours=settings.block_most_h))


async def make(tx: Transaction, new: NewRule, limits: Limits) -> NumberRuleView:
    """Divert or block a number from now on; one of the other kind that is active ends thereby.

    Raises Invalid (number, reason, time), Conflict (there is such a rule already, or a block is not the last resort).
    """
    if tx.actor.user_id is None:
        raise Forbidden("A number rule needs somebody who answers for it.")
    number, lasts = number_rules.checked_number(new.number), timedelta(hours=new.hours)
    number_rules.check(new.kind, new.reason, lasts, limits)
    rows = await _of_number(tx.session, number)
    if new.kind == "block":
        earlier = [Earlier(row.kind, row.made_at) for row in rows]
        number_rules.check_block(await service.past(tx.session, number), earlier, tx.now)
    for row in rows:
        if row.ended_at is None and row.kind == new.kind:
            raise Conflict("There is such a rule for this number already.", rule_id=row.id)
        if row.ended_at is None:
            await _end(tx, row, new.reason, expired=False)
    row = NumberRuleRow(
        id=new_id(tx.now),
        number=number,
        kind=new.kind,
        reason=new.reason.strip(),
        made_by=tx.actor.user_id,
        made_at=tx.now,
        ends_at=tx.now + lasts,
    )
    tx.session.add(row)
    await tx.session.flush()
    await timers.schedule(tx, ENDS, row.id, row.ends_at)
    event = NumberRuleMade(rule_id=row.id, number=number, kind=new.kind, reason=row.reason, ends_at=row.ends_at)
    tx.record(event, topics=(AUDIT,))
    return _view(row, ())


async def end(tx: Transaction, rule_id: str, reason: str) -> NumberRuleView:
    """Take a rule back before its time. Raises NotFound, Invalid (no reason), Conflict (it ended already)."""
    row = await tx.session.get(NumberRuleRow, rule_id, with_for_update=True)
    if row is None:
        raise NotFound("There is no such rule.", rule_id=rule_id)
    if row.ended_at is not None:
        raise Conflict("The rule has ended already.", ended_at=row.ended_at.isoformat())
    if not reason.strip():
        raise Invalid("Say why.", field="reason")
    await timers.cancel(tx, ENDS, row.id)
    await _end(tx, row, reason.strip(), expired=False)
    return _view(row, ())


async def expire(tx: Transaction, timer: TimerRow) -> None:
    """The rule's time is over."""
    row = await tx.session.get(NumberRuleRow, timer.key, with_for_update=True)
    if row is not None and row.ended_at is None:
        await _end(tx, row, "", expired=True)


async def _end(tx: Transaction, row: NumberRuleRow, reason: str, *, expired: bool) -> None:
    row.ended_at, row.ended_by, row.end_reason = tx.now, tx.actor.user_id, reason or None
    await tx.session.flush()
    kind = cast(Kind, row.kind)
    event = NumberRuleEnded(rule_id=row.id, number=row.number, kind=kind, reason=reason, expired=expired)
    tx.record(event, topics=(AUDIT,))


async def _of_number(session: AsyncSession, number: str) -> Sequence[NumberRuleRow]:
    query = select(NumberRuleRow).where(NumberRuleRow.number == number).order_by(NumberRuleRow.made_at.desc())
    return (await session.scalars(query.limit(MOST_SHOWN).with_for_update())).all()


async def listing(session: AsyncSession) -> tuple[NumberRuleView, ...]:
    """The active rules and the latest that ended, the newest first."""
    active_first = NumberRuleRow.ended_at.is_not(None), NumberRuleRow.made_at.desc()
    rows = (await session.scalars(select(NumberRuleRow).order_by(*active_first).limit(MOST_SHOWN))).all()
    held: dict[str, list[InForce]] = {row.id: [] for row in rows}
    states = select(NumberRuleStateRow).where(NumberRuleStateRow.rule_id.in_(list(held)))
    for state in await session.scalars(states.order_by(NumberRuleStateRow.pbx)):
        held[state.rule_id].append(InForce(pbx=state.pbx, at=state.in_force_at))
    return tuple(_view(row, tuple(held[row.id])) for row in rows)


def _view(row: NumberRuleRow, in_force: tuple[InForce, ...]) -> NumberRuleView:
    return NumberRuleView(
        id=row.id,
        number=row.number,
        kind=cast(Kind, row.kind),
        reason=row.reason,
        made_by=row.made_by,
        made_at=row.made_at,
        ends_at=row.ends_at,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        end_reason=row.end_reason,
        in_force=in_force,
    )


async def for_pbx(session: AsyncSession, now: datetime) -> list[facts.NumberRule]:
    """Every rule that is to be in force now."""
    query = select(NumberRuleRow).where(NumberRuleRow.ended_at.is_(None), NumberRuleRow.ends_at > now)
    return [
        facts.NumberRule(
            id=row.id, keys=number_rules.spellings(row.number), kind=cast(Kind, row.kind), ends_at=row.ends_at
        )
        for row in await session.scalars(query.order_by(NumberRuleRow.id))
    ]


async def confirm(tx: Transaction, state: facts.NumberRulesInForce) -> None:
    """Keep what a PBX now says that it holds; an event only where that is news."""
    held = select(NumberRuleStateRow.rule_id).where(NumberRuleStateRow.pbx == state.pbx).with_for_update()
    before, after = set(await tx.session.scalars(held)), set(state.rule_ids)
    if before == after:
        return
    gone = NumberRuleStateRow.pbx == state.pbx, NumberRuleStateRow.rule_id.in_(before - after)
    await tx.session.execute(delete(NumberRuleStateRow).where(*gone))
    for rule_id in sorted(after - before):
        tx.session.add(NumberRuleStateRow(pbx=state.pbx, rule_id=rule_id, in_force_at=tx.now))
    await tx.session.flush()
    tx.record(NumberRulesInForce(pbx=state.pbx, rule_ids=tuple(sorted(after))), topics=(AUDIT,))
