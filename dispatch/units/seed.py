"""The agencies of the regency, and a fleet for demonstrations."""

from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from sqlalchemy import select

from dispatch.db import Transaction
from dispatch.errors import Conflict, Invalid
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


async def import_fleet(tx: Transaction, content: str) -> int:
    """Add the stations and units of a YAML file in the form of `data/demo-fleet.yaml`; gives how many units.

    All of it or nothing. Raises Invalid, naming the entry and its fault, and Conflict when a callsign is there already.
    """
    await seed_agencies(tx)
    fleet = _checked(content, set(await tx.session.scalars(select(AgencyRow.code))))
    wanted = [one.callsign for one in fleet.units]
    there = (await tx.session.scalars(select(UnitRow.callsign).where(UnitRow.callsign.in_(wanted)))).all()
    if there:
        raise Conflict(f"There is a unit {there[0]} already; nothing was imported.", callsign=there[0])
    await _add(tx, fleet)
    return len(fleet.units)


def _checked(content: str, agencies: set[str]) -> _Fleet:
    try:
        fleet = _Fleet.model_validate(yaml.safe_load(content))
    except yaml.YAMLError as error:
        raise Invalid(f"This is no YAML: {error}", field="file") from error
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(map(str, fault["loc"]))
        raise Invalid(f"{field}: {fault['msg']}", field=field) from error
    keys = {station.key for station in fleet.stations}
    for n, station in enumerate(fleet.stations):
        if station.agency not in agencies:
            raise Invalid(f"stations.{n}.agency: there is no agency {station.agency}.", field=f"stations.{n}.agency")
    for n, unit in enumerate(fleet.units):
        if unit.station not in keys:
            raise Invalid(f"units.{n}.station: there is no station {unit.station}.", field=f"units.{n}.station")
    return fleet


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
