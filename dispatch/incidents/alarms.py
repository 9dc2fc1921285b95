"""Alarms: what somebody must look at now, from its raising to its acknowledgement."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch import timers
from dispatch.db import Transaction
from dispatch.errors import Conflict, Invalid, NotFound
from dispatch.events import AlarmAcknowledged, AlarmRaised, AlarmSnoozed
from dispatch.ids import new_id
from dispatch.incidents.model import AlarmRow
from dispatch.timers import TimerRow
from dispatch.views import AlarmView, Changed
from dispatch.words import AlarmKind

HIGHEST_LEVEL = 3
"""The supervisor; there is nobody above in the centre."""

LONGEST_DETAIL = 300
"""The column's width."""

SNOOZE_OVER = "alarm_snooze_over"
"""Kind of the timer that ends a snooze; its key is the alarm's id."""


def view(row: AlarmRow) -> AlarmView:
    return AlarmView(
        id=row.id,
        kind=row.kind,
        level=row.level,
        incident_id=row.incident_id,
        assignment_id=row.assignment_id,
        unit_id=row.unit_id,
        call_id=row.call_id,
        detail=row.detail,
        raised_at=row.raised_at,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=row.acknowledged_by,
        snoozed_until=row.snoozed_until,
        snoozed_by=row.snoozed_by,
        snooze_reason=row.snooze_reason,
    )


async def snapshot(session: AsyncSession) -> tuple[AlarmView, ...]:
    """Alarms that nobody has acknowledged, oldest first."""
    rows = await session.scalars(select(AlarmRow).where(AlarmRow.acknowledged_at.is_(None)).order_by(AlarmRow.id))
    return tuple(view(row) for row in rows)


async def raise_alarm(
    tx: Transaction,
    kind: AlarmKind,
    level: int,
    *,
    incident_id: str | None = None,
    assignment_id: str | None = None,
    unit_id: str | None = None,
    call_id: str | None = None,
    detail: str = "",
) -> AlarmView:
    """Raise an alarm for `level` (1 call-taker, 2 dispatcher, 3 supervisor).

    An alarm of the same kind about the same things that nobody has acknowledged yet rises to `level` (and never
    falls) instead of getting a twin; it keeps the time at which it was first raised. One that is snoozed stays silent,
    but rises.
    """
    row = await _open_twin(tx, kind, incident_id, assignment_id, unit_id, call_id)
    if row is not None and row.snoozed_until is not None and row.snoozed_until > tx.now:
        row.level, row.detail = max(row.level, level), detail[:LONGEST_DETAIL]
        return view(row)
    if row is None:
        row = AlarmRow(
            id=new_id(tx.now),
            kind=kind,
            level=level,
            incident_id=incident_id,
            assignment_id=assignment_id,
            unit_id=unit_id,
            call_id=call_id,
            detail="",
            raised_at=tx.now,
        )
        tx.session.add(row)
    row.level = max(row.level, level)
    row.detail = detail[:LONGEST_DETAIL]
    await tx.session.flush()
    return _sounded(tx, row)


def _sounded(tx: Transaction, row: AlarmRow) -> AlarmView:
    event = AlarmRaised(
        alarm_id=row.id,
        kind=row.kind,
        level=row.level,
        incident_id=row.incident_id,
        assignment_id=row.assignment_id,
        unit_id=row.unit_id,
        call_id=row.call_id,
    )
    tx.record(event, Changed(alarms=(view(row),)))
    return view(row)


async def is_open(tx: Transaction, kind: AlarmKind, *, incident_id: str) -> bool:
    """Does an alarm of this kind about the incident itself wait for somebody?"""
    return await _open_twin(tx, kind, incident_id, None, None, None) is not None


async def acknowledge(tx: Transaction, alarm_id: str) -> AlarmView:
    """Say that somebody has seen to it. A second acknowledgement changes nothing. Raises NotFound."""
    row = await tx.session.get(AlarmRow, alarm_id, with_for_update=True)
    if row is None:
        raise NotFound("There is no such alarm.", alarm_id=alarm_id)
    return _acknowledge(tx, row)


async def snooze(tx: Transaction, alarm_id: str, minutes: int, reason: str, *, most_min: int) -> AlarmView:
    """Put an alarm off, with a reason; it sounds again when the time is over and nobody saw to it.

    Raises NotFound, Invalid (no reason, too long), Conflict (somebody saw to it already).
    """
    said = reason.strip()
    if not said:
        raise Invalid("Say why.", field="reason")
    if not 1 <= minutes <= most_min:
        raise Invalid(f"An alarm may be put off for 1 to {most_min} minutes.", field="minutes")
    until = tx.now + timedelta(minutes=minutes)
    await timers.schedule(tx, SNOOZE_OVER, alarm_id, until)  # as its handler: the timer before the alarm
    row = await tx.session.get(AlarmRow, alarm_id, with_for_update=True)
    if row is None:
        raise NotFound("There is no such alarm.", alarm_id=alarm_id)
    if row.acknowledged_at is not None:
        raise Conflict("Somebody has seen to this alarm already.", alarm_id=alarm_id)
    row.snoozed_until, row.snoozed_by, row.snooze_reason = until, tx.actor.user_id, said[:LONGEST_DETAIL]
    await tx.session.flush()
    event = AlarmSnoozed(
        alarm_id=row.id,
        until=until,
        reason=said[:LONGEST_DETAIL],
        incident_id=row.incident_id,
        assignment_id=row.assignment_id,
        unit_id=row.unit_id,
        call_id=row.call_id,
    )
    tx.record(event, Changed(alarms=(view(row),)))
    return view(row)


async def snooze_over(tx: Transaction, timer: TimerRow) -> None:
    """Sound the alarm again unless somebody saw to it meanwhile."""
    row = await tx.session.get(AlarmRow, timer.key, with_for_update=True)
    if row is None or row.acknowledged_at is not None or row.snoozed_until is None:
        return
    row.snoozed_until = row.snoozed_by = row.snooze_reason = None
    await tx.session.flush()
    _sounded(tx, row)


async def settle_where(
    tx: Transaction, incident_id: str, kinds: Sequence[AlarmKind], over: Callable[[AlarmRow], bool]
) -> None:
    """Acknowledge the incident's alarms of these kinds whose cause is `over`."""
    query = (
        select(AlarmRow)
        .where(AlarmRow.incident_id == incident_id, AlarmRow.kind.in_(kinds), AlarmRow.acknowledged_at.is_(None))
        .order_by(AlarmRow.id)
        .with_for_update()
    )
    for row in (await tx.session.scalars(query)).all():
        if over(row):
            _acknowledge(tx, row)


async def settle(
    tx: Transaction, kind: AlarmKind, *, incident_id: str | None = None, call_id: str | None = None
) -> None:
    """The cause of these alarms is gone (the call was answered, the incident has a unit): acknowledge them."""
    query = (
        select(AlarmRow)
        .where(AlarmRow.kind == kind, AlarmRow.acknowledged_at.is_(None))
        .where(AlarmRow.incident_id.is_not_distinct_from(incident_id), AlarmRow.call_id.is_not_distinct_from(call_id))
        .order_by(AlarmRow.id)
        .with_for_update()
    )
    for row in (await tx.session.scalars(query)).all():
        _acknowledge(tx, row)


def _acknowledge(tx: Transaction, row: AlarmRow) -> AlarmView:
    if row.acknowledged_at is None:
        row.acknowledged_at = tx.now
        row.acknowledged_by = tx.actor.user_id
        event = AlarmAcknowledged(
            alarm_id=row.id,
            incident_id=row.incident_id,
            assignment_id=row.assignment_id,
            unit_id=row.unit_id,
            call_id=row.call_id,
        )
        tx.record(event, Changed(alarms=(view(row),)))
    return view(row)


async def _open_twin(
    tx: Transaction,
    kind: AlarmKind,
    incident_id: str | None,
    assignment_id: str | None,
    unit_id: str | None,
    call_id: str | None,
) -> AlarmRow | None:
    query = (
        select(AlarmRow)
        .where(
            AlarmRow.kind == kind,
            AlarmRow.acknowledged_at.is_(None),
            AlarmRow.incident_id.is_not_distinct_from(incident_id),
            AlarmRow.assignment_id.is_not_distinct_from(assignment_id),
            AlarmRow.unit_id.is_not_distinct_from(unit_id),
            AlarmRow.call_id.is_not_distinct_from(call_id),
        )
        .order_by(AlarmRow.id)
        .limit(1)
        .with_for_update()
    )
    return (await tx.session.scalars(query)).first()
