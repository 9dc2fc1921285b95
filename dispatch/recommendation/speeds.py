"""Speeds by class of road and time of day, read from data/speeds.yaml. Pure but for that one reading."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated, NewType
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, ConfigDict, Field

ZONE = ZoneInfo("Asia/Makassar")
"""The regency's; hours of the table are its local hours."""

FERRY = "ferry"
DATA = Path(__file__).parent / "data"

Speed = Annotated[float, Field(gt=0, le=130)]
Slot = NewType("Slot", int)
"""Which parts of the day apply: bit n is part n of the table. Times of one slot are the same, so they can be kept."""


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Part(_Table):
    from_: Annotated[float, Field(alias="from", ge=0, lt=24)]
    to: Annotated[float, Field(gt=0, le=36)]
    factor: Annotated[float, Field(gt=0, le=2)]
    classes: tuple[str, ...]


class _Ferry(_Table):
    speed_kmh: Speed
    wait_s: Annotated[float, Field(ge=0, le=21_600)]


class _Speeds(_Table):
    classes: dict[str, Speed]
    unpaved: Annotated[float, Field(gt=0, le=1)]
    day: tuple[_Part, ...]
    ferry: _Ferry
    kinds: dict[str, Annotated[float, Field(gt=0, le=5)]]


@dataclass(frozen=True, slots=True)
class Speeds:
    """The table; `classes` are in a fixed order, so that a graph can name one by its number."""

    classes: tuple[str, ...]
    kmh: tuple[float, ...]
    unpaved: float
    ferry_kmh: float
    ferry_wait_s: float
    kinds: Mapping[str, float]
    parts: tuple[_Part, ...]

    def slot(self, now: datetime) -> Slot:
        """The parts of the day that `now` lies in."""
        local = now.astimezone(ZONE)
        hour = local.hour + local.minute / 60
        within = [part.from_ <= hour < part.to or part.from_ <= hour + 24 < part.to for part in self.parts]
        return Slot(sum(1 << number for number, inside in enumerate(within) if inside))

    def factors(self, slot: Slot) -> list[float]:
        """What each class's speed is multiplied by."""
        factors = dict.fromkeys(self.classes, 1.0)
        for number, part in enumerate(self.parts):
            if slot >> number & 1:
                for name in part.classes:
                    factors[name] *= part.factor
        return [factors[name] for name in self.classes]


@cache
def shipped() -> Speeds:
    """The table that comes with the program."""
    table = _Speeds.model_validate(yaml.safe_load((DATA / "speeds.yaml").read_text(encoding="utf-8")))
    return Speeds(
        classes=(*table.classes, FERRY),
        kmh=(*table.classes.values(), table.ferry.speed_kmh),
        unpaved=table.unpaved,
        ferry_kmh=table.ferry.speed_kmh,
        ferry_wait_s=table.ferry.wait_s,
        kinds=table.kinds,
        parts=table.day,
    )
