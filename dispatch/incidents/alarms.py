"""Alarms: what somebody must look at now, from its raising to its acknowledgement."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.db import Transaction
from dispatch.errors import NotFound
from dispatch.events import AlarmAcknowledged, AlarmRaised
from dispatch.ids import new_id
from dispatch.incidents.model import AlarmRow
from dispatch.views import AlarmView, Changed
from dispatch.words import AlarmKind

HIGHEST_LEVEL = 3
"""The supervisor; there is nobody above in the centre."""

LONGEST_DETAIL = 300
"""The column's width."""


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
    falls) instead of getting a twin; it keeps the time at which it was first raised.
    """
    row = await _open_twin(tx, kind, incident_id, assignment_id, unit_id, call_id)
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
    raised = view(row)
    event = AlarmRaised(
        alarm_id=row.id,
        kind=kind,
        level=row.level,
        incident_id=incident_id,
        assignment_id=assignment_id,
        unit_id=unit_id,
        call_id=call_id,
    )
    tx.record(event, Changed(alarms=(raised,)))
    return raised


async def is_open(tx: Transaction, kind: AlarmKind, *, incident_id: str) -> bool:
    """Does an alarm of this kind about the incident itself wait for somebody?"""
    return await _open_twin(tx, kind, incident_id, None, None, None) is not None


async def acknowledge(tx: Transaction, alarm_id: str) -> AlarmView:
    """Say that somebody has seen to it. A second acknowledgement changes nothing. Raises NotFound."""
    row = await tx.session.get(AlarmRow, alarm_id, with_for_update=True)
    if row is None:
        raise NotFound("There is no such alarm.", alarm_id=alarm_id)
    return _acknowledge(tx, row)


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
