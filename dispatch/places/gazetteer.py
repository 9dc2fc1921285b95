"""The gazetteer in memory: named places searched as a call-taker types, and the village at a point."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dispatch.places.entries import VILLAGE_KINDS, Entry, areas_of, entries_of, known_posts, names_of, placed_on_roads
from dispatch.places.found import (
    ABROAD,
    FULL_NAME,
    Found,
    Located,
    Words,
    at_sea,
    place_of,
    text_of,
    why_found,
    why_km,
)
from dispatch.places.index import Matches, NameIndex
from dispatch.places.model import PlaceRow
from dispatch.places.roads import KM_ACCURACY_M, Road, meant, read_roads
from dispatch.places.rules import (
    LONGEST_TEXT,
    METRES_PER_DEGREE,
    Spoken,
    decode_plus_code,
    distance_m,
    in_indonesia,
    normalise,
    parse_spoken,
)
from dispatch.places.sea import Waters
from dispatch.views import Place, Point

LEAST_SCORE = 0.3
"""Below this a result shares only an accident with the query (measured on the spoken test set)."""

INSIDE_RATIO = 1.5
"""A point is taken to be inside the regency when it lies within 1.5 times the radius of some village's area, taken as
a circle. Against the official outline this holds for 96% of 1,850 points inside and for 5% of those outside."""

LANDMARK_NEAR_M = 250.0

PLUS_CODE_ACCURACY_M = 15
NAME_SCORE = 0.92
"""A name that fits wholly; what the kind and the caller's "desa" or "kecamatan" add makes it 1 at most."""

NEAR_SCALE_M = 10_000.0
NEAR_BONUS = 0.04
KECAMATAN_BONUS = 0.06
"""For what lies in the kecamatan that the call is about: names that fit alike differ by up to 0.05."""

USE_BONUS = 0.06
USE_HALF = 20.0
"""A place that was chosen so often has half of the bonus."""

KM_SCORE = 0.95
KM_AMBIGUOUS_SCORE = 0.62
"""Scores of a Km whose road is known, and of one that could be counted from several places."""

_KIND_BONUS = {"desa": 0.02, "kelurahan": 0.02, "kabupaten": -0.05, "island": -0.02, "km_post": -0.02}
_LEVEL_BONUS = 0.06
_LEVELS = ("village", "kecamatan", "kabupaten")

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class About:
    """What is known of the call besides its words; it breaks ties."""

    near: Point | None = None
    """Where the caller seems to be."""
    kecamatan: str | None = None


NOTHING = About()


class Gazetteer:
    """All places of the regency; immutable, so that a reload swaps it whole."""

    def __init__(self, rows: Sequence[PlaceRow] = (), uses: Mapping[str, float] | None = None) -> None:
        """`uses`: how often each place was chosen, by its id."""
        self._areas = areas_of(rows)
        entries = entries_of(rows)
        self._roads = read_roads(known_posts(entries))
        self.entries = placed_on_roads(entries, self._roads)
        self.by_id = {entry.id: entry for entry in self.entries}
        self._index = NameIndex([name for at, entry in enumerate(self.entries) for name in names_of(at, entry)])
        regency = next((entry.point for entry in self.entries if entry.kind == "kabupaten" and entry.point), None)
        self._middle = regency or (0.0, 0.0)
        self._waters = Waters(self.entries)
        self._ranking = _Ranking(self.entries, uses or {})
        self._landmarks = sorted(
            (entry for entry in self.entries if entry.point and (entry.accuracy_m or math.inf) <= LANDMARK_NEAR_M),
            key=lambda entry: entry.point or (0.0, 0.0),
        )
        self._landmark_points = _points(self._landmarks)

    def search(self, q: str, about: About = NOTHING, limit: int = 8) -> list[Found]:
        """Places that the words may mean, the likeliest first."""
        spoken = parse_spoken(q)
        if spoken.point is not None:
            return [self._at_point(spoken.point)]
        matches = self._index.search(spoken.words, spoken.km)
        ranked = {found.id: (rank, found) for rank, found in self._best(q, spoken, matches, about, limit)}
        village = self._village_said(matches)
        others: list[Found] = []
        if spoken.plus_code is not None:
            others += self._plus_code(q, spoken.plus_code, village)
        if spoken.km is not None:
            others += self._km_results(q, spoken, spoken.km, village)
        for found in others:
            rank = found.score + self._bonus(found, about)
            if found.id not in ranked or ranked[found.id][1].score < found.score:
                ranked[found.id] = rank, found
        ordered = sorted(ranked.values(), key=lambda pair: (-pair[0], pair[1].name))
        return [found for _rank, found in ordered[:limit]]

    def _best(
        self, q: str, spoken: Spoken, matches: Matches, about: About, limit: int
    ) -> Iterator[tuple[float, Found]]:
        """The names that fit best with their ranks; only these become results, however many share a word."""
        scores = self._ranking.scores(matches, spoken.level)
        sure = np.flatnonzero(scores >= LEAST_SCORE)
        ranks = scores[sure] + self._ranking.bonus(matches.entries[sure], about)
        most = np.argpartition(-ranks, limit)[:limit] if len(ranks) > limit else np.arange(len(ranks))
        for at in most:
            hit = matches.hit(int(sure[at]))
            entry = self.entries[hit.entry]
            place = place_of(text_of(q, spoken, hit, entry), entry)
            why = why_found(spoken, hit, entry)
            score = round(float(scores[sure[at]]), 3)
            yield (
                float(ranks[at]),
                Found(id=entry.id, name=entry.name, kind=entry.kind, place=place, score=score, why=why),
            )

    def _bonus(self, found: Found, about: About) -> float:
        point = found.place.point
        bonus = KECAMATAN_BONUS if about.kecamatan is not None and found.place.kecamatan == about.kecamatan else 0.0
        if about.near is None or point is None:
            return bonus
        away_m = distance_m((about.near.lat, about.near.lon), (point.lat, point.lon))
        return bonus + NEAR_BONUS * math.exp(-away_m / NEAR_SCALE_M)

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
            return at_sea(point, off, inside=inside)
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
        """The nearest of those in the strip of latitude around the point, in which they lie side by side."""
        reach = LANDMARK_NEAR_M / METRES_PER_DEGREE
        start, end = np.searchsorted(self._landmark_points[:, 0], (point[0] - reach, point[0] + reach))
        away_m = _away_m(self._landmark_points[start:end], point)
        nearest = int(np.argmin(away_m)) if len(away_m) else -1
        return self._landmarks[int(start) + nearest] if nearest >= 0 and away_m[nearest] <= LANDMARK_NEAR_M else None

    def _village_said(self, matches: Matches) -> Entry | None:
        """The village or kecamatan whose whole name was said; the one that explains more of the words wins."""
        said = [
            (hit.explained, self.entries[hit.entry].kind in VILLAGE_KINDS, hit.entry)
            for hit in (matches.hit(int(at)) for at in self._ranking.villages(matches))
            if hit.covered >= FULL_NAME * 0.75
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
        post = self.by_id.get(identity)
        name = f"KM {number} {road.name}"
        point = road.at(km)
        lies_in = village if village is not None and village.kind in VILLAGE_KINDS else post
        if point is not None:
            place = self.locate(*point).place
            accuracy_m: int | None = KM_ACCURACY_M
        else:
            place = place_of(name, lies_in) if lies_in is not None else Place(text=name)
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
            why=why_km(road, ambiguous=ambiguous),
        )


class _Ranking:
    """What each entry's kind, place and use add to how well its name fits, as arrays over all entries."""

    def __init__(self, entries: Sequence[Entry], uses: Mapping[str, float]) -> None:
        self._kinds = np.array([_KIND_BONUS.get(entry.kind, 0.0) for entry in entries], np.float32)
        levels = ["village" if entry.kind in VILLAGE_KINDS else entry.kind for entry in entries]
        self._levels = {
            level: np.array([one == level for one in levels], np.bool_)
            for level in ("village", "kecamatan", "kabupaten")
        }
        self._areas = self._levels["village"] | self._levels["kecamatan"]
        self._points = _points(entries)
        counted = np.array([uses.get(entry.id, 0.0) for entry in entries], np.float32)
        self._uses = USE_BONUS * counted / (counted + USE_HALF)
        kecamatan = [entry.kecamatan for entry in entries]
        self._kecamatan = {
            name: np.array([one == name for one in kecamatan], np.bool_) for name in {*kecamatan} - {None}
        }

    def scores(self, matches: Matches, level: str | None) -> Floats:
        scores = NAME_SCORE * matches.scores + self._kinds[matches.entries]
        if level in self._levels:
            scores += np.float32(_LEVEL_BONUS) * self._levels[level][matches.entries]
        return scores

    def bonus(self, entries: NDArray[np.int32], about: About) -> Floats:
        bonus = self._uses[entries]
        if about.kecamatan in self._kecamatan:
            bonus = bonus + np.float32(KECAMATAN_BONUS) * self._kecamatan[about.kecamatan][entries]
        if about.near is not None:
            away_m = _away_m(self._points[entries], (about.near.lat, about.near.lon))
            bonus = bonus + np.where(np.isnan(away_m), 0.0, NEAR_BONUS * np.exp(-away_m / NEAR_SCALE_M))
        return bonus.astype(np.float32)

    def villages(self, matches: Matches) -> NDArray[np.int64]:
        """Which of the matches are villages and kecamatan."""
        return np.flatnonzero(self._areas[matches.entries])


def _points(entries: Sequence[Entry]) -> NDArray[np.float64]:
    unknown = (math.nan, math.nan)
    return np.array([entry.point or unknown for entry in entries], np.float64).reshape(len(entries), 2)


def _away_m(points: NDArray[np.float64], point: tuple[float, float]) -> NDArray[np.float64]:
    """Metres of each from the point, as rules.distance_m; NaN where a point is unknown."""
    north = (points[:, 0] - point[0]) * METRES_PER_DEGREE
    east = (points[:, 1] - point[1]) * METRES_PER_DEGREE * np.cos(np.radians((points[:, 0] + point[0]) / 2))
    return np.hypot(north, east)
