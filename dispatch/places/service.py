"""The gazetteer's table: its first contents, loading it, and the places that others lend to it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.db import Transaction
from dispatch.places.entries import OWN_KINDS, VILLAGE_KINDS
from dispatch.places.gazetteer import Gazetteer as Gazetteer
from dispatch.places.model import PlaceRow, PlaceUseRow
from dispatch.places.seed import first_places
from dispatch.upsert import insert_for


async def seed(tx: Transaction) -> None:
    """Fill an empty gazetteer with the regency's villages, landmarks, Km posts and islands."""
    if await tx.session.scalar(select(func.count()).select_from(PlaceRow)):
        return
    tx.session.add_all(first_places())
    await tx.session.flush()


async def facts(session: AsyncSession) -> tuple[Sequence[PlaceRow], dict[str, float]]:
    """All places in use, and how often each was chosen."""
    query = select(PlaceRow).where(PlaceRow.inactive_since.is_(None)).order_by(PlaceRow.id)
    counted = await session.execute(select(PlaceUseRow.place_id, PlaceUseRow.uses))
    return (await session.scalars(query)).all(), {row.place_id: float(row.uses) for row in counted}


def build(rows: Sequence[PlaceRow], uses: Mapping[str, float]) -> Gazetteer:
    return Gazetteer(rows, uses)


async def load_gazetteer(session: AsyncSession) -> Gazetteer:
    """Read all places and index them: some 200 rows, a few milliseconds."""
    return build(*await facts(session))


async def chosen(tx: Transaction, place_id: str) -> None:
    """Count that a place was chosen for a report. A counter for the search's order, no state: it has no event."""
    await tx.session.execute(
        insert_for(tx.session, PlaceUseRow)
        .values(place_id=place_id, uses=1, last_used_at=tx.now)
        .on_conflict_do_update(index_elements=["place_id"], set_={"uses": PlaceUseRow.uses + 1, "last_used_at": tx.now})
    )


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place that somebody else looks after and lends to the gazetteer. `key` names it for good."""

    key: str
    name: str
    kind: str
    point: tuple[float, float]
    village_code: str | None
    variants: tuple[str, ...]
    accuracy_m: int


async def replace_places(tx: Transaction, source: str, places: Sequence[NamedPlace]) -> bool:
    """Make the places of this source these; the caller reloads the gazetteer. False: they were these already.

    Raises ValueError for a place that passes itself off as a village or a Km post.
    """
    have = {row.id: row for row in await tx.session.scalars(select(PlaceRow).where(PlaceRow.source == source))}
    villages = await tx.session.execute(select(PlaceRow).where(PlaceRow.kind.in_(VILLAGE_KINDS)))
    within = {row.village_code: row for row in villages.scalars()}
    wanted = {row.id: row for row in (_row(source, place, within) for place in places)}
    changed = False
    for gone in have.keys() - wanted.keys():
        await tx.session.delete(have[gone])
        changed = True
    for identity, row in wanted.items():
        if identity not in have or _facts(have[identity]) != _facts(row):
            await tx.session.merge(row)
            changed = True
    await tx.session.flush()
    return changed


def _row(source: str, place: NamedPlace, villages: Mapping[str | None, PlaceRow]) -> PlaceRow:
    if place.kind in OWN_KINDS:
        raise ValueError(f"{place.name}: a place of kind {place.kind} is the gazetteer's own")
    village = villages.get(place.village_code) if place.village_code is not None else None
    return PlaceRow(
        id=f"p-{hashlib.sha256(place.key.encode()).hexdigest()[:32]}",
        name=place.name[:200],
        kind=place.kind[:40],
        village_code=village.village_code if village is not None else None,
        village=village.village if village is not None else None,
        kecamatan=village.kecamatan if village is not None else None,
        lat=place.point[0],
        lon=place.point[1],
        accuracy_m=place.accuracy_m,
        variants=list(place.variants),
        source=source,
    )


def _facts(row: PlaceRow) -> tuple[object, ...]:
    return row.name, row.kind, row.village_code, row.lat, row.lon, row.accuracy_m, tuple(row.variants)
