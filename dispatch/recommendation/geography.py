"""What the centre knows of its land: how long ways take, where calls come from, who is next door."""

import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Self

from dispatch.places.entries import VILLAGE_KINDS
from dispatch.places.service import Gazetteer
from dispatch.recommendation.aid import Neighbour, neighbours
from dispatch.recommendation.coverage import Village
from dispatch.recommendation.routing import Routing
from dispatch.settings import Settings
from dispatch.views import Point

DATA = Path(__file__).parent / "data"

LEARN_EVERY = timedelta(hours=1)
LEARN_FROM = timedelta(days=365)
"""Own incidents of a year: all seasons once."""


@dataclass(frozen=True, slots=True)
class Home:
    """A village as the gazetteer knows it."""

    code: str
    name: str
    kecamatan: str
    point: Point


@cache
def past_events() -> Mapping[str, int]:
    """Events by kecamatan as published; the file names its source."""
    with (DATA / "demand.csv").open(encoding="utf-8", newline="") as file:
        return {row["kecamatan"]: int(row["events"]) for row in csv.DictReader(file)}


class Demand:
    """Where calls come from: the published figures by kecamatan, spread over its villages, and own incidents since.

    The published events count as so many incidents: once the centre has had a few hundred of its own, these decide.
    """

    def __init__(self, homes: tuple[Home, ...] = (), events: Mapping[str, int] | None = None) -> None:
        self._homes = homes
        self._events = past_events() if events is None else events
        self._learned_at: datetime | None = None
        self.villages = self._with({})

    @classmethod
    def of(cls, gazetteer: Gazetteer) -> Self:
        return cls(
            tuple(
                Home(entry.village_code or entry.id, entry.name, entry.kecamatan or "", Point(lat=lat, lon=lon))
                for entry in gazetteer.entries
                if entry.kind in VILLAGE_KINDS and entry.point is not None
                for lat, lon in [entry.point]
            )
        )

    def wants(self, now: datetime) -> bool:
        """Is it time to look at the own incidents again?"""
        return bool(self._homes) and (self._learned_at is None or now - self._learned_at >= LEARN_EVERY)

    def learn(self, incidents: Mapping[str, int], now: datetime) -> None:
        """Take the own incidents of the last year, by village code."""
        self._learned_at = now
        self.villages = self._with(incidents)

    def _with(self, incidents: Mapping[str, int]) -> tuple[Village, ...]:
        size = Counter(home.kecamatan for home in self._homes)
        weights = [
            self._events.get(home.kecamatan, 0) / size[home.kecamatan] + incidents.get(home.code, 0)
            for home in self._homes
        ]
        total = sum(weights)
        if total <= 0:
            return ()
        return tuple(
            Village(home.name, home.point, weight / total)
            for home, weight in zip(self._homes, weights, strict=True)
            if weight > 0
        )


@dataclass(frozen=True, slots=True)
class Geography:
    """By itself: the straight line, no demand, no neighbours."""

    routing: Routing = field(default_factory=Routing)
    demand: Demand = field(default_factory=Demand)
    neighbours: tuple[Neighbour, ...] = ()

    @classmethod
    def of(cls, settings: Settings, gazetteer: Gazetteer) -> Self:
        return cls(Routing.of(settings), Demand.of(gazetteer), neighbours())
