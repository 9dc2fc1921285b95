"""Pages of the officers, routes of its own, and the public page with its form."""

from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from sqlalchemy import select

from dispatch.plugins import (
    Fault,
    Field,
    InPage,
    InReading,
    InWork,
    Kind,
    PageRequest,
    Person,
    Reading,
    Resource,
    Sheet,
    Text,
    Working,
    requires,
)
from posko_banjir.model import Alert, Post
from posko_banjir.reading import posts
from posko_banjir.rules import places_left
from posko_banjir.work import check_post, store, to_read

POSTS = Resource(
    name="posts",
    label=Text("Posko banjir", "Flood posts"),
    one=Text("Posko", "Post"),
    row=Post,
    fields=(
        Field(name="name", label=Text("Nama", "Name"), required=True, longest=100, example="Petung"),
        Field(name="village", label=Text("Desa", "Village"), kind=Kind.VILLAGE),
        Field(name="place", label=Text("Tempat", "Place"), kind=Kind.POINT, in_list=False, example="-1.3395, 116.6385"),
        Field(
            name="capacity",
            label=Text("Daya tampung", "Capacity"),
            kind=Kind.INTEGER,
            required=True,
            least=Decimal(0),
            most=Decimal(10_000),
            example="120",
        ),
        Field(
            name="people",
            label=Text("Pengungsi", "People"),
            kind=Kind.INTEGER,
            required=True,
            least=Decimal(0),
            default="0",
            example="35",
        ),
        Field(name="phone", label=Text("Telepon", "Phone"), kind=Kind.PHONE, example="0812-3456-7890"),
    ),
    title="name",
    view_permission="view",
    edit_permission="manage",
    search=("name",),
    filters=("village",),
    order="name",
    key=("name",),
    importable=True,
    saving=check_post,
)

DAILY = Sheet(
    name="daily",
    label=Text("Baca muka air", "Read the levels"),
    permission="read",
    head=(Field(name="day", label=Text("Hari", "Day"), kind=Kind.DATE, required=True, default="today"),),
    rows=to_read,
    save=store,
    places=1,
)

router = APIRouter()
public = APIRouter()


@router.get("/alerts")
async def alerts(read: Annotated[Reading, InReading("view")]) -> list[str]:
    """Numbers of the floods that 112 was told of."""
    return list(await read.session.scalars(select(Alert.number).order_by(Alert.at)))


@router.post("/full/{post_id}", status_code=204)
async def full(work: Annotated[Working, InWork("manage")], post_id: str) -> None:
    """A post has no bed left."""
    post = await work.session.get(Post, post_id)
    if post is not None:
        post.people = post.capacity


@router.get("/me")
async def me(person: Annotated[Person, Depends(requires("view"))]) -> dict[str, list[str]]:
    """What the person may do here."""
    return {"permissions": sorted(person.permissions)}


ASK = (
    Field(name="place", label=Text("Di mana", "Where"), required=True),
    Field(
        name="depth_cm",
        label=Text("Dalamnya", "Depth"),
        kind=Kind.INTEGER,
        unit=Text("cm", "cm"),
        required=True,
        least=Decimal(1),
    ),
    Field(name="note", label=Text("Keterangan", "Note"), kind=Kind.LONG_TEXT, longest=1000),
)


@public.get("/")
async def front(page: InPage) -> Response:
    """Where there is room, and a form to say where the water stands."""
    return await _front(page)


async def _front(page: PageRequest, faults: tuple[Fault, ...] = ()) -> Response:
    async with page.reading() as read:
        found = [(one, places_left(one.capacity, one.people)) for one in await posts(read)]
    title = page.text(Text("Posko banjir", "Flood posts"))
    status = 422 if faults else 200
    return await page.render("front.html", title=title, found=found, fields=ASK, faults=faults, status=status)


@public.post("/")
async def take(page: InPage) -> Response:
    """Take the report of a visitor into the log, for the supervisor."""
    sent = await page.form(ASK)
    if sent.faults:
        return await _front(page, sent.faults)
    async with page.working() as work:
        work.emit("water_reported", {"place": sent.values["place"], "depth_cm": sent.values["depth_cm"]})
    return page.redirect("terima-kasih")


@public.get("/terima-kasih")
async def thanks(page: InPage) -> Response:
    """What a visitor sees whose report was taken."""
    return await page.render("thanks.html", title=page.text(Text("Terima kasih", "Thank you")))
