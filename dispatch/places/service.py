"""The gazetteer: named places in memory, searched as a call-taker types."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.db import Transaction
from dispatch.places.model import PlaceRow
from dispatch.views import Place, Point, View


class Words(View):
    """One text for people in both languages."""

    id: str
    en: str


class Found(View):
    """A search result, the best first. `score` is from 0 to 1."""

    id: str
    name: str
    kind: str
    place: Place
    score: float
    why: Words


class Located(View):
    """What lies at a point."""

    place: Place
    inside: bool
    """Within the regency, approximately: there are no boundaries to look at."""
    in_indonesia: bool
    warning: Words | None


@dataclass(frozen=True, slots=True)
class Gazetteer:
    rows: tuple[PlaceRow, ...] = ()

    def search(self, q: str, near: Point | None = None, limit: int = 8) -> Sequence[Found]:
        return ()

    def locate(self, lat: float, lon: float) -> Located:
        """The village nearest to a point."""
        place = Place(text=f"{lat:.5f}, {lon:.5f}", point=Point(lat=lat, lon=lon), source="map")
        return Located(place=place, inside=True, in_indonesia=True, warning=None)


async def seed(tx: Transaction) -> None:
    """Fill an empty gazetteer with the regency's villages, KM posts, islands and landmarks."""


async def load_gazetteer(session: AsyncSession) -> Gazetteer:
    return Gazetteer(tuple((await session.scalars(select(PlaceRow))).all()))
