"""Road closures: what a dispatcher marks on the map when a road is flooded, fallen or blocked; in force at once."""

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.db import Transaction
from dispatch.errors import Conflict, Forbidden, Invalid, NotFound
from dispatch.events import RoadClosed, RoadReopened
from dispatch.ids import new_id
from dispatch.people import service as people
from dispatch.recommendation.model import RoadClosureRow
from dispatch.recommendation.roads import Closure
from dispatch.views import Point, View

MOST_CLOSURES = 200
"""In force at once: a flood of the whole regency closes some dozens; each costs a look at every edge."""

LONGEST = timedelta(days=30)
"""Nobody knows longer ahead; a road that stays closed is the map's business."""


class NewClosure(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"points": [{"lat": -1.29, "lon": 116.7}], "radius_m": 150, "reason": "Banjir 80 cm", "until": None}
            ]
        },
    )

    points: Annotated[list[Point], Field(min_length=1, max_length=50)]
    """One, or a line along the road."""
    radius_m: Annotated[int, Field(ge=10, le=5000)] = 100
    reason: Annotated[str, Field(min_length=1, max_length=300)]
    until: AwareDatetime | None = None
    """None: until somebody reopens it."""


class ClosureView(View):
    id: str
    points: tuple[Point, ...]
    radius_m: int
    reason: str
    closed_by_name: str | None
    closed_at: datetime
    until: datetime | None


async def close_road(tx: Transaction, new: NewClosure) -> ClosureView:
    """Raises Invalid (no reason, or a time that cannot be), Conflict (too many), Forbidden (nobody signed in)."""
    if tx.actor.user_id is None:
        raise Forbidden("Only a person closes a road.")
    reason = new.reason.strip()
    if not reason:
        raise Invalid("Say why the road is closed.", field="reason")
    if new.until is not None and not tx.now < new.until <= tx.now + LONGEST:
        raise Invalid(f"A road is closed until a time within {LONGEST.days} days from now.", field="until")
    in_force = select(func.count()).where(*_in_force(tx.now))
    if (await tx.session.execute(in_force)).scalar_one() >= MOST_CLOSURES:
        raise Conflict(f"{MOST_CLOSURES} roads are closed already: reopen those that are passable.")
    row = RoadClosureRow(
        id=new_id(tx.now),
        points=[[point.lat, point.lon] for point in new.points],
        radius_m=new.radius_m,
        reason=reason,
        closed_by=tx.actor.user_id,
        closed_at=tx.now,
        until=new.until,
    )
    tx.session.add(row)
    await tx.session.flush()
    tx.record(RoadClosed(closure_id=row.id, reason=reason, until=new.until))
    return _view(row, tx.actor.name)


async def reopen(tx: Transaction, closure_id: str) -> None:
    """Raises NotFound, Conflict (open already)."""
    query = select(RoadClosureRow).where(RoadClosureRow.id == closure_id).with_for_update()
    row = (await tx.session.scalars(query)).one_or_none()
    if row is None:
        raise NotFound("There is no such closure.", closure_id=closure_id)
    if row.ended_at is not None or (row.until is not None and row.until <= tx.now):
        raise Conflict("The road is open already.", closure_id=closure_id)
    row.ended_at = tx.now
    tx.record(RoadReopened(closure_id=row.id))


def _in_force(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        RoadClosureRow.ended_at.is_(None),
        RoadClosureRow.until.is_(None) | (RoadClosureRow.until > now),
    )


async def _rows(session: AsyncSession, now: datetime) -> list[RoadClosureRow]:
    query = select(RoadClosureRow).where(*_in_force(now)).order_by(RoadClosureRow.id).limit(MOST_CLOSURES)
    return list(await session.scalars(query))


async def in_force(session: AsyncSession, now: datetime) -> tuple[Closure, ...]:
    """As the road graph takes them, oldest first."""
    return tuple(
        Closure(tuple((lat, lon) for lat, lon in row.points), float(row.radius_m)) for row in await _rows(session, now)
    )


async def views(session: AsyncSession, now: datetime) -> list[ClosureView]:
    names = {person.id: person.display_name for person in await people.people(session)}
    return [_view(row, names.get(row.closed_by)) for row in await _rows(session, now)]


def _view(row: RoadClosureRow, name: str | None) -> ClosureView:
    return ClosureView(
        id=row.id,
        points=tuple(Point(lat=lat, lon=lon) for lat, lon in row.points),
        radius_m=row.radius_m,
        reason=row.reason,
        closed_by_name=name,
        closed_at=row.closed_at,
        until=row.until,
    )
