"""Reads of assignments that units and incidents need for their own views."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.assignments.model import AssignmentRow
from dispatch.events import OPS, unit_topic
from dispatch.views import AssignmentView
from dispatch.words import ACTIVE_ASSIGNMENT_STATES, AssignmentState


@dataclass(frozen=True, slots=True)
class Active:
    """What holds a unit."""

    id: str
    incident_id: str
    offered_by: str | None


def view(row: AssignmentRow) -> AssignmentView:
    return AssignmentView(
        id=row.id,
        incident_id=row.incident_id,
        unit_id=row.unit_id,
        state=row.state,
        offered_by=row.offered_by,
        offered_at=row.offered_at,
        offer_expires_at=row.offer_expires_at,
        accepted_at=row.accepted_at,
        en_route_at=row.en_route_at,
        on_scene_at=row.on_scene_at,
        transporting_at=row.transporting_at,
        at_facility_at=row.at_facility_at,
        ended_at=row.ended_at,
        override_reason=row.override_reason,
        end_reason=row.end_reason,
        travel_s=row.travel_s,
        version=row.version,
    )


async def active(session: AsyncSession, unit_ids: Collection[str] | None = None) -> dict[str, Active]:
    """The active assignment of each of these units (None: of all) that has one, by unit id."""
    query = select(AssignmentRow.unit_id, AssignmentRow.id, AssignmentRow.incident_id, AssignmentRow.offered_by)
    query = query.where(AssignmentRow.state.in_(ACTIVE_ASSIGNMENT_STATES))
    if unit_ids is not None:
        query = query.where(AssignmentRow.unit_id.in_(unit_ids))
    return {row.unit_id: Active(row.id, row.incident_id, row.offered_by) for row in await session.execute(query)}


async def of_unit(session: AsyncSession, unit_id: str) -> AssignmentView | None:
    """The unit's active assignment."""
    query = select(AssignmentRow).where(
        AssignmentRow.unit_id == unit_id, AssignmentRow.state.in_(ACTIVE_ASSIGNMENT_STATES)
    )
    row = (await session.scalars(query)).one_or_none()
    return None if row is None else view(row)


async def of_incidents(session: AsyncSession, incident_ids: Collection[str]) -> tuple[AssignmentView, ...]:
    """All assignments of these incidents in any state, oldest first."""
    query = select(AssignmentRow).where(AssignmentRow.incident_id.in_(incident_ids)).order_by(AssignmentRow.id)
    return tuple(view(row) for row in await session.scalars(query))


async def states_on(session: AsyncSession, incident_id: str) -> list[AssignmentState]:
    return list(await session.scalars(select(AssignmentRow.state).where(AssignmentRow.incident_id == incident_id)))


@dataclass(frozen=True, slots=True)
class Times:
    """What the units of an incident reached first, and when the last of them was done. None: nobody yet."""

    en_route_at: datetime | None
    on_scene_at: datetime | None
    ended_at: datetime | None


async def times_on(session: AsyncSession, incident_id: str) -> Times:
    row = AssignmentRow
    query = select(func.min(row.en_route_at), func.min(row.on_scene_at), func.max(row.ended_at))
    return Times(*(await session.execute(query.where(row.incident_id == incident_id))).one())


async def topics_of(session: AsyncSession, incident_id: str) -> tuple[str, ...]:
    """The centre, and the crew of every unit that has or had an assignment on the incident."""
    query = select(AssignmentRow.unit_id).where(AssignmentRow.incident_id == incident_id).distinct()
    return (OPS, *sorted(unit_topic(unit_id) for unit_id in await session.scalars(query)))


async def was_offered(session: AsyncSession, incident_id: str, unit_id: str) -> bool:
    """Has this unit ever been offered the incident?"""
    query = select(func.count()).where(AssignmentRow.incident_id == incident_id, AssignmentRow.unit_id == unit_id)
    return bool((await session.execute(query)).scalar_one())
