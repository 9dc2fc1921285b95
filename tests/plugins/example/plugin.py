"""The plugin's value, and routes that do good, wrong and slow things."""

import asyncio
import uuid
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel, Field
from sqlalchemy import func, select, text

from dispatch.base import Base as CoreBase
from dispatch.plugins import (
    Emergency,
    Feature,
    Heard,
    InWork,
    InWorkshop,
    Job,
    Landmark,
    Lang,
    Layer,
    Listener,
    Permission,
    Person,
    Plugin,
    Reading,
    Refused,
    Resource,
    Text,
    Tile,
    TileValue,
    Working,
    Workshop,
    requires,
)
from dispatch.plugins import Field as Box
from tests.plugins.example.model import Thing

router = APIRouter()
public = APIRouter()

IN_OFFICE = Text("Di kantor", "At the office")


class OfficeSettings(BaseModel):
    """Of the office."""

    keep_days: Annotated[int, Field(ge=1, le=365)] = 30


def thing(work: Reading, what: str) -> Thing:
    return Thing(id=str(uuid.uuid4()), what=what, place="", heard=0, created_at=work.now, updated_at=work.now)


async def count(reading: Reading) -> int:
    return (await reading.session.execute(select(func.count()).select_from(Thing))).scalar_one()


@router.post("/found", status_code=201)
async def found(work: Annotated[Working, InWork("edit")], what: str) -> dict[str, str]:
    if what == "nothing":
        raise Refused(Text("Itu bukan apa-apa.", "That is nothing."), field="what")
    row = thing(work, what)
    work.session.add(row)
    work.emit("found", {"what": what})
    return {"id": row.id}


@router.get("/count")
async def counted(shop: InWorkshop, person: Annotated[Person, Depends(requires("view"))]) -> dict[str, Any]:
    async with shop.reading() as reading:
        return {"count": await count(reading), "by": person.name, "keep_days": shop.settings.keep_days}


@router.post("/emergency")
async def emergency(work: Annotated[Working, InWork("edit")]) -> dict[str, str]:
    work.session.add(thing(work, "smoke"))
    return {"number": await work.report_emergency(Emergency(narrative="Ada asap", place="Kantor barang hilang"))}


@router.get("/raises")
async def raises() -> None:
    raise RuntimeError("the drawer is stuck")


@router.get("/refuses")
async def refuses() -> None:
    raise HTTPException(404, "no such drawer")


@router.get("/sleeps")
async def sleeps(seconds: float) -> dict[str, str]:
    await asyncio.sleep(seconds)
    return {"slept": "well"}


@router.get("/holds")
async def holds(shop: InWorkshop, seconds: float) -> dict[str, str]:
    async with shop.working() as work:
        work.session.add(thing(work, "held"))
        await work.session.flush()
        await asyncio.sleep(seconds)
    return {"held": "well"}


@router.get("/peeks")
async def peeks(shop: InWorkshop, how: str) -> None:
    users = CoreBase.metadata.tables["users"]
    async with shop.reading() as reading:
        if how == "core":
            await reading.session.execute(select(users.c.username))
        elif how == "join":
            await reading.session.execute(select(Thing).where(Thing.what.in_(select(users.c.username))))
        elif how == "text":
            await reading.session.execute(text("SELECT username FROM users"))
        elif how == "driver":
            await (await reading.session.connection()).exec_driver_sql("SELECT username FROM users")
        else:
            reading.session.add(thing(reading, "written in a read"))
            await reading.session.flush()


@public.get("/")
async def front(shop: InWorkshop) -> dict[str, int]:
    async with shop.reading() as reading:
        return {"things": await count(reading)}


@public.get("/breaks")
async def breaks() -> None:
    raise RuntimeError("the door is stuck")


async def value(reading: Reading, lang: Lang) -> TileValue:
    return TileValue(str(await count(reading)), unit="barang" if lang == "id" else "things")


async def stuck(_reading: Reading, _lang: Lang) -> TileValue:
    raise RuntimeError("no figure")


async def features(_reading: Reading, _lang: Lang) -> Sequence[Feature]:
    return (Feature(id="1", point=(-1.27, 116.75), title="Kantor"),)


async def landmarks(reading: Reading) -> Sequence[Landmark]:
    rows = await reading.session.scalars(select(Thing).where(Thing.place != ""))
    office = Landmark(id="office", name="Kantor Barang Hilang Lawe-Lawe", kind="office", point=(-1.27, 116.75))
    return [office, *(Landmark(id=row.id, name=row.place, kind="office", point=(-1.28, 116.76)) for row in rows)]


async def tidy(shop: Workshop) -> None:
    async with shop.working() as work:
        work.session.add(thing(work, "tidied"))


async def hear(shop: Workshop, heard: Heard) -> None:
    async with shop.working() as work:
        work.session.add(thing(work, f"heard {heard.type}"))


async def demo(work: Working, random: Random) -> None:
    work.session.add(thing(work, random.choice(["payung", "helm"])))


def example(**changes: Any) -> Plugin:
    """The plugin, with some of it otherwise."""
    declared: dict[str, Any] = {
        "name": "lost_things",
        "version": "1.0",
        "title": Text("Barang hilang", "Lost property"),
        "summary": Text("Barang yang ditemukan.", "Things that were found."),
        "package": "tests.plugins.example",
        "permissions": (
            Permission("view", Text("Melihat", "View")),
            Permission("edit", Text("Mengubah", "Edit")),
        ),
        "pages": (
            Resource(
                name="things",
                label=Text("Barang", "Things"),
                one=Text("Barang", "Thing"),
                row=Thing,
                fields=(
                    Box(name="what", label=Text("Apa", "What"), required=True),
                    Box(name="place", label=Text("Di mana", "Where")),
                ),
                title="what",
                view_permission="view",
                edit_permission="edit",
                search=("what",),
            ),
        ),
        "migrations": Path(__file__).parent / "migrations",
        "settings": OfficeSettings,
        "router": router,
        "public": public,
        "emits": ("found",),
        "tiles": (Tile(name="count", label=IN_OFFICE, value=value),),
        "layers": (Layer(name="office", label=IN_OFFICE, features=features, public=True),),
        "jobs": (Job(name="tidy", every_s=3600, run=tidy),),
        "listeners": (Listener(types=("incident.opened",), handle=hear),),
        "landmarks": landmarks,
        "demo": demo,
    }
    return Plugin(**{**declared, **changes})
