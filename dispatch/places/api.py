"""Places over HTTP: search while typing, what lies at a point, geocoders, notes on premises, all places for the map."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from dispatch.actor import Actor
from dispatch.api import EVERYBODY, OPS_ROLES, Command, InCentre, commands, reads
from dispatch.db import Transaction
from dispatch.errors import Invalid
from dispatch.places import notes, service
from dispatch.places.found import Found, Words
from dispatch.places.gazetteer import About
from dispatch.places.geocoders import Geocoded
from dispatch.places.notes import NewNote, NoteView
from dispatch.places.rules import LONGEST_TEXT
from dispatch.views import Place, Point, View
from dispatch.words import Role

router = APIRouter(tags=["places"])

MOST_RESULTS = 50

Latitude = Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False)]


Notes = Annotated[Command, Depends(commands(Role.DISPATCHER, Role.SUPERVISOR))]


class ChosenBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, Field(min_length=1, max_length=64)]


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


@router.post("/places/chosen", status_code=204)
async def chosen(
    centre: InCentre, command: Annotated[Command, Depends(commands(*OPS_ROLES))], body: ChosenBody
) -> Response:
    """Say that a search result was chosen: what is chosen often comes sooner. Unknown ids count nothing."""
    known = body.id in centre.gazetteer.by_id

    async def count(tx: Transaction) -> None:
        if known:
            await service.chosen(tx, body.id)

    return await command.run(count)


@router.get("/places/geocoded", response_model=Geocoded)
async def geocoded(
    _actor: Annotated[Actor, Depends(reads(*OPS_ROLES))],
    centre: InCentre,
    q: Annotated[str, Query(min_length=3, max_length=LONGEST_TEXT)],
) -> Geocoded:
    """What the geocoders say of the words; asked apart from the search, so that none of them holds it up."""
    return await centre.geocoders.search(q, centre.gazetteer, centre.db.clock())


@router.get("/places/geocoded/reverse", response_model=Geocoded)
async def geocoded_reverse(
    _actor: Annotated[Actor, Depends(reads(*OPS_ROLES))], centre: InCentre, lat: Latitude, lon: Longitude
) -> Geocoded:
    """The address that the geocoders give to a point."""
    return await centre.geocoders.reverse(Point(lat=lat, lon=lon), centre.gazetteer, centre.db.clock())


@router.get("/premise-notes")
async def premise_notes(
    _actor: Annotated[Actor, Depends(reads(*OPS_ROLES))],
    centre: InCentre,
    lat: Latitude,
    lon: Longitude,
    accuracy_m: Annotated[int | None, Query(ge=0, le=100_000)] = None,
) -> list[NoteView]:
    """Hazards, gate codes and the like that hold at the point."""
    async with centre.db.reading() as session:
        return await notes.near(session, Point(lat=lat, lon=lon), centre.db.clock(), accuracy_m)


@router.post("/premise-notes", status_code=201, response_model=NoteView)
async def write_note(command: Notes, body: NewNote) -> Response:
    """Write a note on a place; it expires."""
    return await command.run(lambda tx: notes.write(tx, body), 201)


@router.post("/premise-notes/{note_id}/end", status_code=204)
async def end_note(command: Notes, note_id: str) -> Response:
    """The note holds no longer."""
    return await command.run(lambda tx: notes.end(tx, note_id))


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
