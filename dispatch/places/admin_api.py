"""Routes of the gazetteer's administration: places by hand and by file, and what was changed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from dispatch.actor import Actor
from dispatch.api import Command, InCentre, commands, reads
from dispatch.places import changes
from dispatch.places.changes import ChangeView, PlacePage, Preview
from dispatch.places.files import MOST_CHARACTERS, MOST_VARIANTS, Format
from dispatch.places.following import reload
from dispatch.words import Role

router = APIRouter(prefix="/admin/places", tags=["places"])

Reads = Annotated[Actor, Depends(reads(Role.ADMIN, Role.SUPERVISOR))]
Edits = Annotated[Command, Depends(commands(Role.ADMIN, Role.SUPERVISOR))]


class PlaceBody(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"name": "Masjid Al-Ikhlas", "kind": "mosque", "village_code": "64.09.02.1003",
                          "lat": -1.389, "lon": 116.614, "variants": ["Mesjid Al Ikhlas Waru"]}]
        },
    )  # fmt: skip

    name: Annotated[str, Field(min_length=1, max_length=200)]
    kind: Annotated[str, Field(min_length=2, max_length=40)]
    village_code: Annotated[str, Field(max_length=16)] | None = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    accuracy_m: Annotated[int, Field(ge=1, le=100_000)] | None = None
    variants: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=MOST_VARIANTS)] = []
    active: bool = True


class FileBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    format: Format
    text: Annotated[str, Field(max_length=MOST_CHARACTERS)]
    title: Annotated[str, Field(max_length=200)] = ""


@router.get("")
async def places(
    centre: InCentre,
    _actor: Reads,
    q: Annotated[str, Query(max_length=100)] = "",
    kind: Annotated[str | None, Query(max_length=40)] = None,
    inactive: bool = False,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> PlacePage:
    """Places by name; `inactive`: those that were taken out of use."""
    async with centre.db.reading() as session:
        return await changes.page(session, q, kind, inactive, offset, limit)


@router.post("", status_code=201, response_model=ChangeView)
async def add(centre: InCentre, command: Edits, body: PlaceBody) -> Response:
    """Add a place; the search knows it at once."""
    response = await command.run(lambda tx: changes.put(tx, None, body.model_dump()), 201)
    await reload(centre)
    return response


@router.put("/{place_id}", response_model=ChangeView)
async def change(centre: InCentre, command: Edits, place_id: str, body: PlaceBody) -> Response:
    """Change a place, or take it out of use (`active` false): nothing is deleted."""
    response = await command.run(lambda tx: changes.put(tx, place_id, body.model_dump()))
    await reload(centre)
    return response


@router.post("/import/preview")
async def preview(
    centre: InCentre, _command: Annotated[Command, Depends(commands(Role.ADMIN, Role.SUPERVISOR))], body: FileBody
) -> Preview:
    """What a file would do, and all that is wrong with it; nothing is changed."""
    async with centre.db.reading() as session:
        return await changes.preview(session, body.format, body.text, centre.db.clock())


@router.post("/import", response_model=ChangeView)
async def take_file(centre: InCentre, command: Edits, body: FileBody) -> Response:
    """Do all that the file says in one transaction; with any fault, nothing."""
    response = await command.run(lambda tx: changes.take_file(tx, body.format, body.text, body.title))
    await reload(centre)
    return response


@router.get("/changes")
async def all_changes(centre: InCentre, _actor: Reads) -> list[ChangeView]:
    """The latest changes, newest first."""
    async with centre.db.reading() as session:
        return await changes.changes(session)


@router.post("/changes/{change_id}/undo", response_model=ChangeView)
async def undo(centre: InCentre, command: Edits, change_id: str) -> Response:
    """Take a change back as a whole; refused when one of its places was changed since."""
    response = await command.run(lambda tx: changes.undo(tx, change_id))
    await reload(centre)
    return response
