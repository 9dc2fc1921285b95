"""Modules that raise in a route, end the process, raise in tiles, a listener and a job, and never come back."""

import asyncio
import sys
import time
from typing import Any

from fastapi import APIRouter

from dispatch.plugins import (
    Heard,
    Job,
    Lang,
    Layer,
    Listener,
    Plugin,
    Reading,
    Text,
    Tile,
    TileValue,
    Workshop,
)

LONG_S = 3600.0
THREAD_S = 4.0
"""A thread cannot be stopped, so the process that is told to end waits for it."""


def rusak(name: str, **parts: Any) -> Plugin:
    """A module that declares its parts as any other does."""
    title = Text(f"Rusak: {name}", f"Broken: {name}")
    return Plugin(name=f"rusak_{name}", version="1.0.0", title=title, summary=title, package="posko_rusak", **parts)


raising, ending, sleeping = APIRouter(), APIRouter(), APIRouter()


@raising.get("/")
async def divide() -> float:
    return 1 / 0


@ending.get("/")
async def leave() -> None:
    sys.exit("a library that thinks it is a program")


async def leave_a_tile(read: Reading, lang: Lang) -> TileValue:
    sys.exit("no figure, no process")


async def leave_a_job(shop: Workshop) -> None:
    sys.exit("nothing left to do")


async def leave_a_listener(shop: Workshop, heard: Heard) -> None:
    sys.exit("heard enough")


@sleeping.get("/waits")
async def wait() -> None:
    await asyncio.sleep(LONG_S)


@sleeping.get("/holds-a-thread")
def hold() -> None:
    time.sleep(THREAD_S)


async def no_figure(read: Reading, lang: Lang) -> TileValue:
    raise KeyError("water")


async def late_figure(read: Reading, lang: Lang) -> TileValue:
    await asyncio.sleep(LONG_S)
    return TileValue("0")


async def no_point(read: Reading, lang: Lang) -> tuple[()]:
    raise ValueError("no coordinate")


async def not_heard(shop: Workshop, heard: Heard) -> None:
    raise LookupError(heard.type)


async def never_heard(shop: Workshop, heard: Heard) -> None:
    await asyncio.sleep(LONG_S)


async def not_done(shop: Workshop) -> None:
    raise OSError("the gauge does not answer")


async def never_done(shop: Workshop) -> None:
    await asyncio.sleep(LONG_S)


def figures(value: Any) -> tuple[Tile, ...]:
    """Enough of them that one look at the supervisor's screen is too many faults."""
    return tuple(Tile(name=f"t{number}", label=Text("Angka", "Figure"), value=value) for number in range(5))


ROUTE = rusak("rute", router=raising)
EXIT = rusak(
    "keluar",
    router=ending,
    tiles=figures(leave_a_tile)[:1],
    jobs=(Job(name="leave", every_s=1, run=leave_a_job),),
    listeners=(Listener(types=("incident.opened",), handle=leave_a_listener),),
)
TILES = rusak(
    "kotak",
    tiles=figures(no_figure),
    layers=(Layer(name="points", label=Text("Titik", "Points"), features=no_point),),
)
LISTENER = rusak("dengar", listeners=(Listener(types=("incident.opened",), handle=not_heard),))
JOB = rusak("tugas", jobs=(Job(name="measure", every_s=1, run=not_done),))
STUCK = rusak(
    "macet",
    router=sleeping,
    tiles=figures(late_figure)[:1],
    jobs=(Job(name="wait", every_s=1, run=never_done, limit_s=1),),
    listeners=(Listener(types=("incident.opened",), handle=never_heard),),
)
