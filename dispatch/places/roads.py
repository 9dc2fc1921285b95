"""Km posts: which road a Km may mean, and where it lies. A Km alone is ambiguous; it is good to about a kilometre."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dispatch.places.rules import interpolate, normalise

DATA = Path(__file__).parent / "data"
"""Facts about the regency, each row with its source."""

KM_ACCURACY_M = 1000
"""From the pier Km 16 lies 15.6 km away as the crow flies: posts are loose by about this much."""


@dataclass(frozen=True, slots=True)
class Road:
    """A road on which people count kilometres."""

    code: str
    name: str
    from_id: str
    from_en: str
    """Where its count begins, Indonesian and English."""
    last_km: float
    words: frozenset[str]
    """Normalised words that name this road and no other."""
    kecamatan: frozenset[str]
    villages: frozenset[str]
    """The villages, and whole kecamatan, along it."""
    posts: tuple[tuple[float, float, float], ...] = ()
    """(km, lat, lon) of the posts whose place is known."""

    def at(self, km: float) -> tuple[float, float] | None:
        """Where a Km lies, between known posts; None beyond them."""
        return interpolate(self.posts, km)

    def passes(self, village: str | None, kecamatan: str | None) -> bool:
        return village in self.villages or kecamatan in self.kecamatan


def read_roads(posts: Iterable[tuple[str, float, float, float]]) -> tuple[Road, ...]:
    """The regency's roads with the known posts (road, km, lat, lon) on them."""
    known = list(posts)
    return tuple(
        Road(
            code=row["road"],
            name=row["name"],
            from_id=row["from_id"],
            from_en=row["from_en"],
            last_km=float(row["last_km"]),
            words=frozenset(normalise(row["words"].replace("|", " "))),
            kecamatan=frozenset(row["kecamatan"].split("|")) - {""},
            villages=frozenset(row["villages"].split("|")) - {""},
            posts=tuple(sorted((km, lat, lon) for road, km, lat, lon in known if road == row["road"])),
        )
        for row in read_csv("roads.csv")
    )


def meant(
    roads: Sequence[Road], km: float, words: Sequence[str], village: str | None, kecamatan: str | None
) -> tuple[Road, ...]:
    """The roads that a Km may be counted on, the likelier first; several when nothing said tells them apart."""
    possible = [road for road in roads if km <= road.last_km]
    there = [road for road in possible if road.passes(village, kecamatan)]
    named = [road for road in there or possible if road.words & set(words)]
    return tuple(named or there or possible)


def read_csv(file: str) -> list[dict[str, str]]:
    with (DATA / file).open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))
