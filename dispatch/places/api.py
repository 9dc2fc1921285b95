"""The gazetteer over HTTP: search while typing, what lies at a point, all places for the map."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from dispatch.actor import Actor
from dispatch.api import EVERYBODY, OPS_ROLES, InCentre, reads
from dispatch.errors import Invalid
from dispatch.places.found import Found, Words
from dispatch.places.gazetteer import About
from dispatch.places.rules import LONGEST_TEXT
from dispatch.views import Place, Point, View

router = APIRouter(tags=["places"])

MOST_RESULTS = 50

Latitude = Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False)]


class LocatedView(View):
    place: Place
    inside: bool
    """Within the regency, approximately."""
    warning: Words | None


class PlaceOnMap(View):
    id: str
    name: str
    kind: str
    village: str | None
    kecamatan: str | None
    lat: float
    lon: float


@router.get("/places", response_model=list[Found])
async def search(
    _actor: Annotated[Actor, Depends(reads(*OPS_ROLES))],
    centre: InCentre,
    q: Annotated[str, Query(max_length=LONGEST_TEXT)],
    lat: Latitude | None = None,
    lon: Longitude | None = None,
    kecamatan: Annotated[str | None, Query(max_length=100)] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_RESULTS)] = 8,
) -> list[Found]:
    """Places that a caller's words may mean; `lat` and `lon` tell roughly where the caller is, `kecamatan` in which."""
    if (lat is None) != (lon is None):
        raise Invalid("Give both lat and lon, or neither.", field="lat" if lat is None else "lon")
    near = Point(lat=lat, lon=lon) if lat is not None and lon is not None else None
    return centre.gazetteer.search(q, About(near, kecamatan), limit)


@router.get("/places/reverse", response_model=LocatedView)
async def reverse(
    _actor: Annotated[Actor, Depends(reads(*OPS_ROLES))], centre: InCentre, lat: Latitude, lon: Longitude
) -> LocatedView:
    """The village at a point, and a warning where the point seems wrong."""
    located = centre.gazetteer.locate(lat, lon)
    return LocatedView(place=located.place, inside=located.inside, warning=located.warning)


@router.get("/places/all", response_model=list[PlaceOnMap])
async def all_places(_actor: Annotated[Actor, Depends(reads(*EVERYBODY))], centre: InCentre) -> list[PlaceOnMap]:
    """Every village and landmark whose own point is known."""
    return [
        PlaceOnMap(
            id=entry.id,
            name=entry.name,
            kind=entry.kind,
            village=entry.village,
            kecamatan=entry.kecamatan,
            lat=entry.point[0],
            lon=entry.point[1],
        )
        for entry in centre.gazetteer.entries
        if entry.point is not None and entry.own_point
    ]
