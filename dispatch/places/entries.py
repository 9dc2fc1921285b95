"""Rows of the gazetteer as they are searched: every place with a point of its own or, failing that, its village's."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dispatch.places.index import Name
from dispatch.places.model import PlaceRow
from dispatch.places.roads import KM_ACCURACY_M, Road
from dispatch.places.rules import normalise, parse_spoken
from dispatch.places.seed import AREA_CENTRE

VILLAGE_KINDS = ("desa", "kelurahan")

OWN_KINDS = frozenset({*VILLAGE_KINDS, AREA_CENTRE, "kabupaten", "kecamatan", "km_post", "island"})
"""Kinds from which villages, roads and areas are computed; a place from elsewhere has another."""

_LEADING = frozenset({*VILLAGE_KINDS, "kecamatan"})

_KM_POST = re.compile(r"km-(?P<road>[a-z-]+)-(?P<km>\d+(?:\.\d)?)")
"""Id of a Km post's row: the road's code and the number."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A named place. `own_point` is False where the point is only its village's."""

    id: str
    name: str
    kind: str
    village_code: str | None
    village: str | None
    kecamatan: str | None
    point: tuple[float, float] | None
    accuracy_m: int | None
    own_point: bool
    variants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """A village as a circle of its area's size."""

    village_code: str | None
    village: str
    kecamatan: str | None
    middle: tuple[float, float]
    radius_m: float


def areas_of(rows: Sequence[PlaceRow]) -> tuple[Area, ...]:
    return tuple(
        Area(row.village_code, row.name, row.kecamatan, (row.lat, row.lon), float(row.accuracy_m))
        for row in rows
        if row.kind in (*VILLAGE_KINDS, AREA_CENTRE) and row.lat is not None and row.lon is not None and row.accuracy_m
    )


def entries_of(rows: Sequence[PlaceRow]) -> tuple[Entry, ...]:
    """All rows that people may find."""
    villages = {row.village_code: row for row in rows if row.kind in VILLAGE_KINDS}
    return tuple(_entry(row, villages.get(row.village_code)) for row in rows if row.kind != AREA_CENTRE)


def _entry(row: PlaceRow, village: PlaceRow | None) -> Entry:
    located = row if row.lat is not None or village is None else village
    return Entry(
        id=row.id,
        name=row.name,
        kind=row.kind,
        village_code=row.village_code,
        village=row.village,
        kecamatan=row.kecamatan,
        point=(located.lat, located.lon) if located.lat is not None and located.lon is not None else None,
        accuracy_m=located.accuracy_m,
        own_point=row.lat is not None,
        variants=tuple(row.variants),
    )


def names_of(number: int, entry: Entry) -> Iterator[Name]:
    """Every spelling of an entry's name, also as one word ('Girimukti') and with a 2 for a doubled one ('alun2')."""
    around = " ".join(part for part in (entry.village, entry.kecamatan) if part and part != entry.name)
    spellings = [parse_spoken(spelling) for spelling in (entry.name, *entry.variants)]
    km = next((spoken.km for spoken in spellings if spoken.km is not None), None)
    seen: set[tuple[str, ...]] = {()}
    for spoken in spellings:
        joined = ("".join(spoken.words),) if len(spoken.words) == 2 else ()
        for words in (spoken.words, joined, tuple(_with_2(word) for word in spoken.words)):
            if words not in seen:
                seen.add(words)
                yield Name(number, words, frozenset(normalise(around)), km, leading=entry.kind in _LEADING)


def _with_2(word: str) -> str:
    half = word[: len(word) // 2]
    return f"{half}2" if len(half) > 2 and half + half == word else word


def known_posts(entries: Sequence[Entry]) -> Iterator[tuple[str, float, float, float]]:
    """(road, km, lat, lon) of the Km posts whose own place is known."""
    for entry in entries:
        post = _KM_POST.fullmatch(entry.id) if entry.kind == "km_post" else None
        if post is not None and entry.point is not None and entry.own_point:
            yield post["road"], float(post["km"]), *entry.point


def placed_on_roads(entries: Sequence[Entry], roads: Sequence[Road]) -> tuple[Entry, ...]:
    """Km posts whose place nobody measured get it from their road, where it lies between known posts."""
    by_code = {road.code: road for road in roads}
    return tuple(_placed(entry, by_code) for entry in entries)


def _placed(entry: Entry, roads: Mapping[str, Road]) -> Entry:
    post = _KM_POST.fullmatch(entry.id) if entry.kind == "km_post" and not entry.own_point else None
    road = roads.get(post["road"]) if post is not None else None
    point = road.at(float(post["km"])) if post is not None and road is not None else None
    return replace(entry, point=point, accuracy_m=KM_ACCURACY_M, own_point=True) if point is not None else entry
