"""The set of spoken places, and whether a search result is the place that was meant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from dispatch.places.found import Found
from dispatch.places.gazetteer import Gazetteer
from dispatch.places.rules import distance_m

SPOKEN = Path(__file__).parents[1] / "tests" / "data" / "places" / "spoken.yaml"

Position = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Said:
    """`expected` are ids that would each do, `points` where they lie; neither: nothing known is meant."""

    words: str
    expected: frozenset[str]
    points: tuple[Position, ...]
    within_m: float
    form: str

    @property
    def known(self) -> bool:
        return bool(self.expected or self.points)

    def meant(self, found: Found) -> bool:
        """The place itself, or one that lies within the tolerance of it."""
        if found.id in self.expected:
            return True
        point = found.place.point
        return point is not None and any(
            distance_m(one, (point.lat, point.lon)) <= self.within_m for one in self.points
        )


def read_spoken(gazetteer: Gazetteer) -> tuple[Said, ...]:
    at = {entry.id: entry.point for entry in gazetteer.entries}
    return tuple(_said(row, at) for row in yaml.safe_load(SPOKEN.read_text(encoding="utf-8")))


def _said(row: Mapping[str, Any], at: Mapping[str, Position | None]) -> Said:
    expected: Sequence[str] = row.get("expected", ())
    known = (at.get(one) for one in expected)
    points = [(row["at"][0], row["at"][1])] if "at" in row else [point for point in known if point is not None]
    return Said(row["said"], frozenset(expected), tuple(points), float(row.get("within_m", 0)), row["form"])


@dataclass(frozen=True, slots=True)
class Hits:
    """What a gazetteer makes of the set."""

    known: int
    first: int
    among_five: int
    missed: tuple[str, ...]


def hits(gazetteer: Gazetteer) -> Hits:
    """How often the first result, and one of the first five, is what was meant; and each miss in a sentence."""
    first = among_five = 0
    missed = []
    known = [said for said in read_spoken(gazetteer) if said.known]
    for said in known:
        found = gazetteer.search(said.words)[:5]
        right = [said.meant(one) for one in found]
        first += right[:1] == [True]
        among_five += any(right)
        if right[:1] != [True]:
            got = ", ".join(f"{one.name} ({one.score})" for one in found[:3]) or "nothing"
            missed.append(f"{said.words}: wanted {', '.join(sorted(said.expected)) or said.points}, got {got}")
    return Hits(len(known), first, among_five, tuple(missed))
