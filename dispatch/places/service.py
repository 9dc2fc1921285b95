"""The gazetteer: named places in memory, searched as a call-taker types, and the village at a point."""

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.db import Transaction
from dispatch.places.entries import VILLAGE_KINDS, Entry, areas_of, entries_of, known_posts, names_of, placed_on_roads
from dispatch.places.index import Hit, NameIndex
from dispatch.places.model import PlaceRow
from dispatch.places.roads import KM_ACCURACY_M, Road, meant, read_roads
from dispatch.places.rules import (
    KM_TO_M,
    LONGEST_TEXT,
    Spoken,
    decode_plus_code,
    distance_m,
    in_indonesia,
    normalise,
    parse_spoken,
)
from dispatch.places.sea import Waters
from dispatch.places.seed import AREA_CENTRE, first_places
from dispatch.views import Place, Point, View

LEAST_SCORE = 0.3
"""Below this a result shares only an accident with the query (measured on the spoken test set)."""

INSIDE_RATIO = 1.5
"""A point is taken to be inside the regency when it lies within 1.5 times the radius of some village's area, taken as
a circle. Against the official outline this holds for 96% of 1,850 points inside and for 5% of those outside."""

LANDMARK_NEAR_M = 250.0

OWN_KINDS = frozenset({*VILLAGE_KINDS, AREA_CENTRE, "kabupaten", "kecamatan", "km_post", "island"})
"""Kinds from which villages, roads and areas are computed; a place from elsewhere has another."""
PLUS_CODE_ACCURACY_M = 15
NAME_SCORE = 0.92
"""A name that fits wholly; what the kind and the caller's "desa" or "kecamatan" add makes it 1 at most."""

NEAR_SCALE_M = 10_000.0
NEAR_BONUS = 0.04
KM_SCORE = 0.95
KM_AMBIGUOUS_SCORE = 0.62
"""Scores of a Km whose road is known, and of one that could be counted from several places."""

_KIND_BONUS = {"desa": 0.02, "kelurahan": 0.02, "kabupaten": -0.05, "island": -0.02, "km_post": -0.02}
_LEVEL_BONUS = 0.06
_FULL_NAME = 0.99


class Words(View):
    """One text for people in both languages."""

    id: str
    en: str


ABROAD = Words(
    id="Titik di luar Indonesia: periksa lintang dan bujur.",
    en="The point is outside Indonesia: check latitude and longitude.",
)


class Found(View):
    """A search result. `score` is from 0 to 1; the best comes first."""

    id: str
    name: str
    kind: str
    place: Place
    score: float
    why: Words


class Located(View):
    """What lies at a point."""

    place: Place
    inside: bool
    """Within the regency, approximately (see INSIDE_RATIO): no official boundary is at hand."""
    in_indonesia: bool
    warning: Words | None


class Gazetteer:
    """All places of the regency; immutable, so that a reload swaps it whole."""

    def __init__(self, rows: Sequence[PlaceRow] = ()) -> None:
        self._areas = areas_of(rows)
        entries = entries_of(rows)
        self._roads = read_roads(known_posts(entries))
        self.entries = placed_on_roads(entries, self._roads)
        self._by_id = {entry.id: entry for entry in self.entries}
        self._index = NameIndex([name for at, entry in enumerate(self.entries) for name in names_of(at, entry)])
        regency = next((entry.point for entry in self.entries if entry.kind == "kabupaten" and entry.point), None)
        self._middle = regency or (0.0, 0.0)
        self._waters = Waters(self.entries)

    def search(self, q: str, near: Point | None = None, limit: int = 8) -> list[Found]:
        """Places that the words may mean, the likeliest first; `near` (where the caller seems to be) breaks ties."""
        spoken = parse_spoken(q)
        if spoken.point is not None:
            return [self._at_point(spoken.point)]
        hits = self._index.search(spoken.words, spoken.km)
        results = {found.id: found for found in self._best(q, spoken, hits.values(), near, limit)}
        village = self._village_said(hits)
        if spoken.plus_code is not None:
            results |= {result.id: result for result in self._plus_code(q, spoken.plus_code, village)}
        if spoken.km is not None:
            for result in self._km_results(q, spoken, spoken.km, village):
                if result.id not in results or results[result.id].score < result.score:
                    results[result.id] = result
        ranked = sorted(results.values(), key=lambda found: (-_rank(found.score, _at(found), near), found.name))
        return ranked[:limit]

    def _best(self, q: str, spoken: Spoken, hits: Iterable[Hit], near: Point | None, limit: int) -> Iterator[Found]:
        """The names that fit best; only these become results, however many share a word with the query."""
        scored = ((self._score(spoken, hit), hit) for hit in hits)
        sure = [(score, hit) for score, hit in scored if score >= LEAST_SCORE]
        for score, hit in nlargest(
            limit, sure, key=lambda pair: _rank(pair[0], self.entries[pair[1].entry].point, near)
        ):
            entry = self.entries[hit.entry]
            place = _place(_text(q, spoken, hit, entry), entry)
            why = _why(spoken, hit, entry)
            yield Found(id=entry.id, name=entry.name, kind=entry.kind, place=place, score=round(score, 3), why=why)

    def _score(self, spoken: Spoken, hit: Hit) -> float:
        kind = self.entries[hit.entry].kind
        said = spoken.level == ("village" if kind in VILLAGE_KINDS else kind)
        return NAME_SCORE * hit.score + _KIND_BONUS.get(kind, 0.0) + (_LEVEL_BONUS if said else 0.0)

    def locate(self, lat: float, lon: float) -> Located:
        """The village at a point, by nearness relative to its size: right in 73% of points (nearest middle: 63%)."""
        point = (lat, lon)
        village, ratio = min(
            ((area, distance_m(area.middle, point) / area.radius_m) for area in self._areas),
            key=lambda pair: pair[1],
            default=(None, math.inf),
        )
        inside = village is not None and ratio <= INSIDE_RATIO
        if (off := self._waters.village_off(point)) is not None:
            return _at_sea(point, off, inside=inside)
        text = f"{lat:.5f}, {lon:.5f}"
        place = Place(text=text, point=Point(lat=lat, lon=lon), source="map")
        if village is not None and inside:
            landmark = self._landmark_at(point)
            where = f"{village.village}, Kec. {village.kecamatan}"
            place = place.model_copy(
                update={
                    "text": f"dekat {landmark.name}, {where}" if landmark is not None else where,
                    "village_code": village.village_code,
                    "village": village.village,
                    "kecamatan": village.kecamatan,
                }
            )
        within = in_indonesia(lat, lon)
        warning = None if inside else self._warning(lat, lon) if within else ABROAD
        return Located(place=place, inside=inside, in_indonesia=within, warning=warning)

    def _warning(self, lat: float, lon: float) -> Words:
        if lat > 0 and self.locate(-lat, lon).inside:
            return Words(
                id="Titik di luar kabupaten: tanda minus pada lintang mungkin hilang.",
                en="The point is outside the regency: the latitude's minus sign may be missing.",
            )
        return Words(
            id="Titik ini tampaknya di luar Penajam Paser Utara (perkiraan). Pastikan dengan penelepon.",
            en="The point seems to be outside Penajam Paser Utara (approximately). Make sure with the caller.",
        )

    def _landmark_at(self, point: tuple[float, float]) -> Entry | None:
        near = (
            (distance_m(entry.point, point), entry)
            for entry in self.entries
            if entry.point is not None and entry.accuracy_m is not None and entry.accuracy_m <= LANDMARK_NEAR_M
        )
        distance, entry = min(near, key=lambda pair: pair[0], default=(math.inf, None))
        return entry if distance <= LANDMARK_NEAR_M else None

    def _village_said(self, hits: dict[int, Hit]) -> Entry | None:
        """The village or kecamatan whose whole name was said; the one that explains more of the words wins."""
        said = [
            (hit.explained, entry.kind in VILLAGE_KINDS, hit.entry)
            for hit in hits.values()
            if (entry := self.entries[hit.entry]).kind in (*VILLAGE_KINDS, "kecamatan")
            and hit.covered >= _FULL_NAME * 0.75
        ]
        return self.entries[max(said)[2]] if said else None

    def _at_point(self, point: tuple[float, float]) -> Found:
        located = self.locate(*point)
        name = f"{point[0]:.5f}, {point[1]:.5f}"
        says_more = located.place.text != name
        place = located.place.model_copy(update={"text": f"{name} ({located.place.text})"} if says_more else {})
        why = located.warning or Words(id="koordinat", en="coordinates")
        return Found(
            id=f"point:{point[0]:.5f},{point[1]:.5f}", name=name, kind="point", place=place, score=1.0, why=why
        )

    def _plus_code(self, q: str, code: str, village: Entry | None) -> list[Found]:
        near = village.point if village is not None and village.point is not None else self._middle
        point = decode_plus_code(code, near)
        if point is None:
            return []
        place = self.locate(*point).place.model_copy(
            update={"text": q.strip()[:LONGEST_TEXT], "accuracy_m": PLUS_CODE_ACCURACY_M, "source": "gazetteer"}
        )
        why = Words(id="kode plus", en="plus code")
        return [Found(id=f"plus-{code}", name=code, kind="plus_code", place=place, score=1.0, why=why)]

    def _km_results(self, q: str, spoken: Spoken, km: float, village: Entry | None) -> list[Found]:
        """One result for each road that the Km may be counted on."""
        roads = meant(
            self._roads, km, spoken.words, village.village if village else None, village.kecamatan if village else None
        )
        results = []
        for rank, road in enumerate(roads):
            around = (village.name, village.kecamatan or "") if village is not None else ()
            known = {*road.words, *normalise(" ".join((road.name, *around)))}
            share = self._index.share(spoken.words, known)
            base = KM_SCORE if len(roads) == 1 else KM_AMBIGUOUS_SCORE - 0.02 * rank
            results.append(self._km(q, road, km, village, base * (0.5 + 0.5 * share), ambiguous=len(roads) > 1))
        return results

    def _km(self, q: str, road: Road, km: float, village: Entry | None, score: float, *, ambiguous: bool) -> Found:
        number = f"{km:g}"
        identity = f"km-{road.code}-{number}"
        post = self._by_id.get(identity)
        name = f"KM {number} {road.name}"
        point = road.at(km)
        lies_in = village if village is not None and village.kind in VILLAGE_KINDS else post
        if point is not None:
            place = self.locate(*point).place
            accuracy_m: int | None = KM_ACCURACY_M
        else:
            place = _place(name, lies_in) if lies_in is not None else Place(text=name)
            accuracy_m = place.accuracy_m
        update: dict[str, object] = {
            "text": f"{name} ({q.strip()})"[:LONGEST_TEXT],
            "accuracy_m": accuracy_m,
            "source": "gazetteer",
        }
        if lies_in is not None and lies_in.village is not None:
            update |= {"village_code": lies_in.village_code, "village": lies_in.village}
            update["kecamatan"] = lies_in.kecamatan
        return Found(
            id=identity,
            name=name,
            kind="km_post",
            place=place.model_copy(update=update),
            score=round(score, 3),
            why=_why_km(road, ambiguous=ambiguous),
        )


def _place(text: str, entry: Entry) -> Place:
    return Place(
        text=text[:LONGEST_TEXT],
        point=Point(lat=entry.point[0], lon=entry.point[1]) if entry.point is not None else None,
        accuracy_m=entry.accuracy_m,
        village_code=entry.village_code,
        village=entry.village,
        kecamatan=entry.kecamatan,
        source="gazetteer",
    )


def _at_sea(point: tuple[float, float], village: Entry, *, inside: bool) -> Located:
    """A point in the water, by its nearest village; within the regency's waters that village stands for it."""
    km = f"{distance_m(village.point or point, point) / KM_TO_M:.1f}"
    km_id = km.replace(".", ",")
    place = Place(
        text=f"laut, {km_id} km dari {village.name}, Kec. {village.kecamatan}",
        point=Point(lat=point[0], lon=point[1]),
        village_code=village.village_code if inside else None,
        village=village.village if inside else None,
        kecamatan=village.kecamatan if inside else None,
        source="map",
    )
    warning = Words(
        id=f"Titik ini di laut, sekitar {km_id} km dari {village.name}.",
        en=f"The point is at sea, about {km} km from {village.name}.",
    )
    return Located(place=place, inside=inside, in_indonesia=True, warning=warning)


def _text(q: str, spoken: Spoken, hit: Hit, entry: Entry) -> str:
    """The name alone when the caller said no more than that; else the caller's words lead, as crews need them."""
    said_more = spoken.detail or spoken.relation is not None or hit.explained < 0.7
    said_more |= spoken.rt is not None or spoken.rw is not None
    return f"{q.strip()} ({entry.name})" if said_more and hit.covered > 0.5 else entry.name


def _why(spoken: Spoken, hit: Hit, entry: Entry) -> Words:
    exact = hit.covered >= _FULL_NAME
    reasons = [("nama cocok", "name matches") if exact else ("nama mirip", "similar name")]
    if spoken.relation is not None:
        reasons.append((f"kata penelepon: {spoken.relation}", f"the caller said: {spoken.relation}"))
    if spoken.rt is not None and entry.kind in VILLAGE_KINDS:
        reasons.append((f"RT {spoken.rt} tidak terpetakan, titik desa", f"RT {spoken.rt} is not mapped, village point"))
    if entry.point is None:
        reasons.append(("titik belum diketahui", "point not known"))
    elif not entry.own_point:
        reasons.append(("titik desa, bukan tempatnya", "village point, not the place itself"))
    return Words(id="; ".join(reason[0] for reason in reasons), en="; ".join(reason[1] for reason in reasons))


def _why_km(road: Road, *, ambiguous: bool) -> Words:
    if ambiguous:
        return Words(id=f"dari mana? Bila {road.from_id}", en=f"from where? If counted {road.from_en}")
    return Words(id=f"Km {road.from_id}, lebih kurang 1 km", en=f"Km counted {road.from_en}, give or take 1 km")


def _at(found: Found) -> tuple[float, float] | None:
    point = found.place.point
    return (point.lat, point.lon) if point is not None else None


def _rank(score: float, point: tuple[float, float] | None, near: Point | None) -> float:
    """The score with a small bonus for what lies near the caller, fading over NEAR_SCALE_M."""
    if near is None or point is None:
        return score
    return score + NEAR_BONUS * math.exp(-distance_m((near.lat, near.lon), point) / NEAR_SCALE_M)


async def seed(tx: Transaction) -> None:
    """Fill an empty gazetteer with the regency's villages, landmarks, Km posts and islands."""
    if await tx.session.scalar(select(func.count()).select_from(PlaceRow)):
        return
    tx.session.add_all(first_places())
    await tx.session.flush()


async def load_gazetteer(session: AsyncSession) -> Gazetteer:
    """Read all places and index them: some 200 rows, a few milliseconds."""
    return Gazetteer((await session.scalars(select(PlaceRow).order_by(PlaceRow.id))).all())


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place that somebody else looks after and lends to the gazetteer. `key` names it for good."""

    key: str
    name: str
    kind: str
    point: tuple[float, float]
    village_code: str | None
    variants: tuple[str, ...]
    accuracy_m: int


async def replace_places(tx: Transaction, source: str, places: Sequence[NamedPlace]) -> bool:
    """Make the places of this source these; the caller reloads the gazetteer. False: they were these already.

    Raises ValueError for a place that passes itself off as a village or a Km post.
    """
    have = {row.id: row for row in await tx.session.scalars(select(PlaceRow).where(PlaceRow.source == source))}
    villages = await tx.session.execute(select(PlaceRow).where(PlaceRow.kind.in_(VILLAGE_KINDS)))
    within = {row.village_code: row for row in villages.scalars()}
    wanted = {row.id: row for row in (_row(source, place, within) for place in places)}
    changed = False
    for gone in have.keys() - wanted.keys():
        await tx.session.delete(have[gone])
        changed = True
    for identity, row in wanted.items():
        if identity not in have or _facts(have[identity]) != _facts(row):
            await tx.session.merge(row)
            changed = True
    await tx.session.flush()
    return changed


def _row(source: str, place: NamedPlace, villages: Mapping[str | None, PlaceRow]) -> PlaceRow:
    if place.kind in OWN_KINDS:
        raise ValueError(f"{place.name}: a place of kind {place.kind} is the gazetteer's own")
    village = villages.get(place.village_code) if place.village_code is not None else None
    return PlaceRow(
        id=f"p-{hashlib.sha256(place.key.encode()).hexdigest()[:32]}",
        name=place.name[:200],
        kind=place.kind[:40],
        village_code=village.village_code if village is not None else None,
        village=village.village if village is not None else None,
        kecamatan=village.kecamatan if village is not None else None,
        lat=place.point[0],
        lon=place.point[1],
        accuracy_m=place.accuracy_m,
        variants=list(place.variants),
        source=source,
    )


def _facts(row: PlaceRow) -> tuple[object, ...]:
    return row.name, row.kind, row.village_code, row.lat, row.lon, row.accuracy_m, tuple(row.variants)
