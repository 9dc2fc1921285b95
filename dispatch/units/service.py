"""Units: what the faces see of them, their shifts and fitness, and where they are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.assignments import queries as assignments
from dispatch.db import Transaction
from dispatch.errors import Forbidden, Invalid, NotFound
from dispatch.events import (
    OPS,
    UnitReturnedToService,
    UnitWentOffDuty,
    UnitWentOnDuty,
    UnitWentOutOfService,
    unit_topic,
)
from dispatch.places.service import Gazetteer
from dispatch.units import rules
from dispatch.units.model import PositionRow, StationRow, UnitRow
from dispatch.units.rules import UnitAct
from dispatch.upsert import insert_for
from dispatch.views import Changed, Point, UnitPosition, UnitView
from dispatch.words import Capability

MOST_POSITIONS = 200
"""In one request: what a phone collects in some minutes without network at one a second; older ones do not matter."""


class ReportedPosition(BaseModel):
    """A position as a crew's phone measured it."""

    model_config = ConfigDict(extra="forbid")

    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    at: datetime
    accuracy_m: Annotated[float, Field(ge=0, le=100_000)] | None = None
    speed_kmh: Annotated[float, Field(ge=0, le=1000)] | None = None
    heading: Annotated[float, Field(ge=0, le=360)] | None = None


@dataclass(frozen=True, slots=True)
class Stationed:
    """A unit and where its station is."""

    unit: UnitView
    station: Point


async def stationed(session: AsyncSession, unit_ids: Collection[str] | None = None) -> list[Stationed]:
    """These units (None: all) with their stations, by callsign."""
    query = (
        select(UnitRow, StationRow, PositionRow)
        .join(StationRow, StationRow.id == UnitRow.station_id)
        .outerjoin(PositionRow, PositionRow.unit_id == UnitRow.id)
        .order_by(UnitRow.callsign)
    )
    if unit_ids is not None:
        query = query.where(UnitRow.id.in_(unit_ids))
    held = await assignments.active(session, unit_ids)
    return [
        Stationed(_view(unit, station, position, held.get(unit.id)), Point(lat=station.lat, lon=station.lon))
        for unit, station, position in await session.execute(query)
    ]


def _view(
    unit: UnitRow, station: StationRow, position: PositionRow | None, held: assignments.Active | None
) -> UnitView:
    return UnitView(
        id=unit.id,
        callsign=unit.callsign,
        kind=unit.kind,
        agency=unit.agency,
        station_id=unit.station_id,
        station=station.name,
        capabilities=tuple(Capability(value) for value in unit.capabilities),
        crew=tuple(unit.crew),
        state=rules.derive(unit.on_duty_since, unit.out_of_service_reason, assigned=held is not None),
        assignment_id=held.id if held else None,
        incident_id=held.incident_id if held else None,
        on_duty_since=unit.on_duty_since,
        out_of_service_reason=unit.out_of_service_reason,
        position=_position(position) if position else None,
        version=unit.version,
    )


def _position(row: PositionRow) -> UnitPosition:
    return UnitPosition(
        unit_id=row.unit_id,
        point=Point(lat=row.lat, lon=row.lon),
        at=row.at,
        accuracy_m=row.accuracy_m,
        speed_kmh=row.speed_kmh,
        heading=row.heading,
    )


async def view(session: AsyncSession, unit_id: str) -> UnitView:
    """Raises NotFound."""
    found = await stationed(session, [unit_id])
    if not found:
        raise NotFound("There is no such unit.", unit_id=unit_id)
    return found[0].unit


async def snapshot(session: AsyncSession) -> tuple[UnitView, ...]:
    """All units, by callsign."""
    return tuple(one.unit for one in await stationed(session))


async def lock(tx: Transaction, unit_id: str) -> UnitView:
    """The unit, held until the transaction's end so that its view is final. Raises NotFound."""
    await _locked_row(tx, unit_id)
    return await view(tx.session, unit_id)


async def _locked_row(tx: Transaction, unit_id: str) -> UnitRow:
    # key_share: an insert that refers to the unit (its foreign key) need not wait, and its own lock no deadlock.
    query = select(UnitRow).where(UnitRow.id == unit_id).with_for_update(key_share=True)
    query = query.execution_options(populate_existing=True)
    row = (await tx.session.scalars(query)).one_or_none()
    if row is None:
        raise NotFound("There is no such unit.", unit_id=unit_id)
    return row


async def act(tx: Transaction, unit_id: str, act: UnitAct, reason: str | None = None) -> UnitView:
    """Begin or end a shift, or say that the unit cannot be sent.

    Raises NotFound, Forbidden (another crew's unit), Invalid (no reason given), Conflict (why not).
    """
    tx.actor.require_unit(unit_id)
    row = await _locked_row(tx, unit_id)
    rules.move((await view(tx.session, unit_id)).state, act)
    _apply(row, act, tx.now, (reason or "").strip())
    row.version += 1
    await tx.session.flush()
    after = await view(tx.session, unit_id)
    tx.record(_event(after, act), Changed(units=(after,)), topics=(OPS, unit_topic(unit_id)))
    return after


def _apply(row: UnitRow, act: UnitAct, now: datetime, reason: str) -> None:
    match act:
        case UnitAct.GO_ON_DUTY:
            row.on_duty_since = now
            row.out_of_service_reason = None
        case UnitAct.GO_OFF_DUTY:
            row.on_duty_since = None
        case UnitAct.GO_OUT_OF_SERVICE:
            if not reason:
                raise Invalid("Say why the unit goes out of service.", field="reason")
            row.out_of_service_reason = reason
        case UnitAct.RETURN_TO_SERVICE:
            row.out_of_service_reason = None


def _event(
    unit: UnitView, act: UnitAct
) -> UnitWentOnDuty | UnitWentOffDuty | UnitWentOutOfService | UnitReturnedToService:
    match act:
        case UnitAct.GO_ON_DUTY:
            return UnitWentOnDuty(unit_id=unit.id)
        case UnitAct.GO_OFF_DUTY:
            return UnitWentOffDuty(unit_id=unit.id)
        case UnitAct.GO_OUT_OF_SERVICE:
            return UnitWentOutOfService(unit_id=unit.id, reason=unit.out_of_service_reason or "")
        case UnitAct.RETURN_TO_SERVICE:
            return UnitReturnedToService(unit_id=unit.id)


async def take_positions(
    tx: Transaction, gazetteer: Gazetteer, positions: Sequence[ReportedPosition]
) -> UnitPosition | None:
    """Keep the newest of the positions for the actor's own unit, unless a newer one is known (then None).

    Raises Forbidden (the actor belongs to no unit), Invalid (a position that cannot be true; none is kept).
    """
    unit_id = tx.actor.unit_id
    if unit_id is None:
        raise Forbidden("You belong to no unit's crew.")
    for one in positions:
        if one.at.tzinfo is None:
            raise Invalid("A position's time needs its zone.", field="positions.at")
        located = gazetteer.locate(one.lat, one.lon)
        rules.check_position(one.at, tx.now, in_indonesia=located.in_indonesia)
    newest = max(positions, key=lambda one: one.at, default=None)
    if newest is None:
        return None
    values = newest.model_dump()
    insert = insert_for(tx.session, PositionRow).values(unit_id=unit_id, **values)
    newer = insert.excluded.at > PositionRow.at
    upsert = insert.on_conflict_do_update(index_elements=["unit_id"], set_=values, where=newer)
    kept = (await tx.session.execute(upsert.returning(PositionRow.unit_id))).one_or_none()
    if kept is None:
        return None
    point = Point(lat=newest.lat, lon=newest.lon)
    return UnitPosition(
        unit_id=unit_id,
        point=point,
        at=newest.at,
        accuracy_m=newest.accuracy_m,
        speed_kmh=newest.speed_kmh,
        heading=newest.heading,
    )


async def id_of_callsign(session: AsyncSession, callsign: str) -> str:
    """Raises NotFound."""
    found = await session.scalar(select(UnitRow.id).where(func.lower(UnitRow.callsign) == callsign.strip().lower()))
    if found is None:
        raise NotFound(f"There is no unit {callsign}.", callsign=callsign)
    return found
