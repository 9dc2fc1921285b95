"""The agencies of the regency, and a fleet for demonstrations."""

from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from sqlalchemy import select

from dispatch.db import Transaction
from dispatch.ids import new_id
from dispatch.units import service
from dispatch.units.model import AgencyRow, PositionRow, StationRow, UnitRow
from dispatch.views import UnitView
from dispatch.words import Capability

DATA = Path(__file__).parent / "data"


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Agency(_Entry):
    code: str
    name: str
    short_number: str | None
    basis: str


class _Station(_Entry):
    key: str
    name: str
    agency: str
    village: str
    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]


class _Unit(_Entry):
    callsign: str
    kind: str
    station: str
    capabilities: tuple[Capability, ...]
    crew: tuple[str, ...]
    on_duty: bool = True
    out_of_service_reason: str | None = None


class _Fleet(_Entry):
    stations: tuple[_Station, ...]
    units: tuple[_Unit, ...]


async def seed_agencies(tx: Transaction) -> None:
    """Add the agencies that are missing; those that exist are left as they are."""
    have = set(await tx.session.scalars(select(AgencyRow.code)))
    content = yaml.safe_load((DATA / "agencies.yaml").read_text(encoding="utf-8"))
    for one in TypeAdapter(list[_Agency]).validate_python(content):
        if one.code not in have:
            tx.session.add(AgencyRow(code=one.code, name=one.name, short_number=one.short_number))
    await tx.session.flush()


async def seed_demo_fleet(tx: Transaction) -> tuple[UnitView, ...]:
    """Fill a centre that has no units with the demo's; their shifts begin now, at their stations.

    Returns all units, by callsign.
    """
    await seed_agencies(tx)
    if (await tx.session.scalars(select(UnitRow.id).limit(1))).first() is None:
        content = yaml.safe_load((DATA / "demo-fleet.yaml").read_text(encoding="utf-8"))
        await _add(tx, _Fleet.model_validate(content))
    return await service.snapshot(tx.session)


async def _add(tx: Transaction, fleet: _Fleet) -> None:
    stations = {
        one.key: StationRow(id=new_id(tx.now), name=one.name, agency=one.agency, lat=one.lat, lon=one.lon)
        for one in fleet.stations
    }
    tx.session.add_all(stations.values())
    await tx.session.flush()
    for one in fleet.units:
        station = stations[one.station]
        unit = UnitRow(
            id=new_id(tx.now),
            callsign=one.callsign,
            kind=one.kind,
            agency=station.agency,
            station_id=station.id,
            capabilities=[capability.value for capability in one.capabilities],
            crew=list(one.crew),
            on_duty_since=tx.now if one.on_duty else None,
            out_of_service_reason=one.out_of_service_reason,
            version=1,
        )
        tx.session.add(unit)
        await tx.session.flush()
        tx.session.add(PositionRow(unit_id=unit.id, lat=station.lat, lon=station.lon, at=tx.now))
    await tx.session.flush()
