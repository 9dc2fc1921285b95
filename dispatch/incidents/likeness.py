"""How likely two reports are of one event, by kind, distance, time and words, with the reasons in words. Pure.

The same two reports give the same score whichever is asked about, and a greater distance never a higher one.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

from dispatch.incidents.rules import distance_m
from dispatch.views import Point, Words
from dispatch.words import Category

NEAR_M = 1_500.0
"""Callers of one event place it within this of each other: a KM post is good to about a kilometre."""

FAR_M = 5_000.0
"""Beyond this no words make two reports one event; between the two all other likeness fades."""

MOST_SLACK_M = 3_000.0
"""What the accuracies of two places together may take off their distance: a village's radius says nothing more."""

RECENT_S = 2 * 3600.0
"""Reports of one event come within this."""

LASTING_S = 12 * 3600.0
LASTING = frozenset({Category.DISASTER})
"""A flood is reported all day."""

LIKELY = 0.45
"""From this score on an incident is shown as a likely twin: same type and same village suffice, one alone does not."""

KIND, CATEGORY, PLACE_LEAST, PLACE_MORE, TIME, WORDS = 0.35, 0.15, 0.15, 0.2, 0.1, 0.2
"""What each part counts at most; a place counts its least at NEAR_M or by its village."""

METRES_A_DEGREE = 111_320.0

_STOP_WORDS = frozenset(
    "dan ada yang dari the and with near jalan desa kelurahan kecamatan kel kec dekat depan belakang samping "
    "orang warga tolong sudah lagi besar".split()
)
"""Said in every other report, so they tell nothing."""


@dataclass(frozen=True)
class Sketch:
    """What likeness is judged by."""

    type: str
    category: str
    point: Point | None
    village_code: str | None
    text: str
    opened_at: datetime
    accuracy_m: int | None = None

    @cached_property
    def words(self) -> frozenset[str]:
        return words_of(self.text)


@dataclass(frozen=True, slots=True)
class Likeness:
    score: float
    """From 0 to 1."""
    why: tuple[Words, ...]


Part = tuple[float, Words] | None


def likeness(one: Sketch, other: Sketch) -> Likeness:
    """How likely two reports are of one event, with reasons: kind 0.35, place 0.35, time 0.1, words 0.2 at most."""
    apart_m = _apart_m(one, other)
    fades = 1.0 if apart_m is None else _fades(apart_m)
    parts = (_same_kind(one, other), _same_place(one, other, apart_m), _same_time(one, other), _same_words(one, other))
    found = [part for part in parts if part is not None]
    return Likeness(round(fades * sum(part[0] for part in found), 3), tuple(part[1] for part in found))


def most_possible(one: Sketch, other: Sketch) -> float:
    """No likeness of the two is higher: reckoned without their words, so that most pairs are left at once."""
    parts = (_same_kind(one, other), _same_place(one, other, _apart_m(one, other)))
    return WORDS + TIME + sum(part[0] for part in parts if part is not None)


def likely_twins(report: Sketch, others: Iterable[tuple[str, Sketch]], limit: int) -> list[tuple[str, Likeness]]:
    """Incidents by id that the report is likely about, the likeliest first."""
    near = _near(report, others)
    possible = ((key, other) for key, other in near if most_possible(report, other) >= LIKELY)
    return ranked([(key, likeness(report, other)) for key, other in possible], limit)


def ranked(likenesses: Sequence[tuple[str, Likeness]], limit: int) -> list[tuple[str, Likeness]]:
    """Incidents by id that are likely twins, the likeliest first."""
    likely = [item for item in likenesses if item[1].score >= LIKELY]
    return sorted(likely, key=lambda item: (-item[1].score, item[0]))[:limit]


def box(point: Point) -> tuple[float, float, float, float]:
    """South, north, west, east: no report of this event lies outside of it."""
    north = (FAR_M + MOST_SLACK_M) / METRES_A_DEGREE
    east = north / max(0.1, math.cos(math.radians(point.lat)))
    return point.lat - north, point.lat + north, point.lon - east, point.lon + east


def _near(report: Sketch, others: Iterable[tuple[str, Sketch]]) -> list[tuple[str, Sketch]]:
    """Those that lie in the report's box, and those whose place is unknown."""
    if report.point is None:
        return list(others)
    south, north, west, east = box(report.point)
    return [
        (key, other)
        for key, other in others
        if (at := other.point) is None or (south <= at.lat <= north and west <= at.lon <= east)
    ]


def _apart_m(one: Sketch, other: Sketch) -> float | None:
    """Metres between the two beyond what their accuracies leave open; None where a point is unknown."""
    if one.point is None or other.point is None:
        return None
    slack_m = min(MOST_SLACK_M, float((one.accuracy_m or 0) + (other.accuracy_m or 0)))
    return max(0.0, distance_m(one.point, other.point) - slack_m)


def _fades(apart_m: float) -> float:
    return min(1.0, max(0.0, (FAR_M - apart_m) / (FAR_M - NEAR_M)))


def _same_kind(one: Sketch, other: Sketch) -> Part:
    if one.type == other.type:
        return KIND, Words(id="jenis kejadian sama", en="same type")
    if one.category == other.category:
        return CATEGORY, Words(id="kategori sama", en="same category")
    return None


def _same_place(one: Sketch, other: Sketch, apart_m: float | None) -> Part:
    if apart_m is not None and one.point is not None and other.point is not None:
        if apart_m > NEAR_M:
            return None
        metres = distance_m(one.point, other.point)
        return PLACE_LEAST + PLACE_MORE * (1 - apart_m / NEAR_M), _away(metres)
    if one.village_code is not None and one.village_code == other.village_code:
        return PLACE_LEAST, Words(id="desa/kelurahan sama", en="same village")
    return None


def _away(metres: float) -> Words:
    if metres < 1000:
        return Words(id=f"berjarak {metres:.0f} m", en=f"{metres:.0f} m away")
    km = f"{metres / 1000:.1f}"
    return Words(id=f"berjarak {km.replace('.', ',')} km", en=f"{km} km away")


def _same_time(one: Sketch, other: Sketch) -> Part:
    apart_s = abs((one.opened_at - other.opened_at).total_seconds())
    lasts_s = LASTING_S if {one.category, other.category} <= LASTING else RECENT_S
    if apart_s > lasts_s:
        return None
    minutes = round(apart_s / 60)
    return TIME * (1 - apart_s / lasts_s), Words(id=f"dilaporkan selisih {minutes} menit", en=f"{minutes} min apart")


def _same_words(one: Sketch, other: Sketch) -> Part:
    shared = one.words & other.words
    if not shared:
        return None
    listed = ", ".join(sorted(shared)[:4])
    score = WORDS * len(shared) / min(len(one.words), len(other.words))
    return score, Words(id=f"kata yang sama: {listed}", en=f"shared words: {listed}")


@lru_cache(maxsize=4096)
def words_of(text: str) -> frozenset[str]:
    """The words of a report that may tell it from others; remembered, as each is compared again and again."""
    letters = "".join(letter if letter.isalnum() else " " for letter in text.lower())
    return frozenset(word for word in letters.split() if len(word) > 2 and word not in _STOP_WORDS)
