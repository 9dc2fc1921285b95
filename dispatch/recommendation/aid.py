"""Mutual aid: which neighbour could lend what is missing, and how soon it could be there. Pure but for reading data."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from dispatch.recommendation.travel import How, Origin, Travel
from dispatch.views import Point, View, Words
from dispatch.words import Capability

DATA = Path(__file__).parent / "data"
KIND = "truck"
"""Neighbours' vehicles are reckoned as heavy ones."""


class Neighbour(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    name: Words
    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    muster_minutes: Annotated[int, Field(ge=0, le=240)]
    capabilities: tuple[Capability, ...]


class Lender(View):
    """A neighbour that usually has what is missing."""

    agency: str
    name: Words
    arrives_s: int | None
    """From the request: mustering and the way; None: the incident has no point, or no way is known."""
    how: How | None
    why: Words


@cache
def neighbours() -> tuple[Neighbour, ...]:
    """Those that come with the program."""
    content = yaml.safe_load((DATA / "mutual-aid.yaml").read_text(encoding="utf-8"))
    return tuple(TypeAdapter(list[Neighbour]).validate_python(content))


def origins(known: Sequence[Neighbour]) -> list[Origin]:
    """Where each starts from, for the same question that gives the units' times."""
    return [Origin(_id(one.code), KIND, Point(lat=one.lat, lon=one.lon)) for one in known]


def lenders(capability: Capability, known: Sequence[Neighbour], ways: Mapping[str, Travel]) -> tuple[Lender, ...]:
    """Who could lend this capability, the soonest first."""
    found = [_lender(one, ways.get(_id(one.code))) for one in known if capability in one.capabilities]
    found.sort(key=lambda one: (one.arrives_s is None, one.arrives_s or 0, one.agency))
    return tuple(found)


def _lender(one: Neighbour, way: Travel | None) -> Lender:
    if way is None:
        why = Words(id="Waktu tempuh tidak diketahui", en="Travel time unknown")
        return Lender(agency=one.code, name=one.name, arrives_s=None, how=None, why=why)
    arrives_s = one.muster_minutes * 60 + way.seconds
    minutes, driving = round(arrives_s / 60), max(1, round(way.seconds / 60))
    why = Words(
        id=f"Sekitar {minutes} menit sejak diminta (persiapan {one.muster_minutes}, jalan {driving})",
        en=f"About {minutes} min from the request (mustering {one.muster_minutes}, driving {driving})",
    )
    return Lender(agency=one.code, name=one.name, arrives_s=arrives_s, how=way.how, why=why)


def _id(code: str) -> str:
    """No unit's id has a colon."""
    return f"neighbour:{code}"
