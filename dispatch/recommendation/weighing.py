"""What speaks for and against a unit, each part in seconds, so that the parts add up and can be shown. Pure.

The travel time is a fact or an estimate; the other parts are judgements, chosen so that they decide between units that
are near each other and never send a unit that is far. No part is negative.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Literal

from dispatch.recommendation.coverage import Loss
from dispatch.recommendation.travel import Travel
from dispatch.views import UnitPosition, UnitView, View, Words
from dispatch.words import Capability, Priority

FRESH_S = 600
"""A position older than this no longer says where a unit is: it is then reckoned from its station."""

STALE_S = 120
"""From this age on a moving unit may be two kilometres from where it is shown."""

STALE_SHARE = 0.4
"""Of a stale position's age: what it may cost on the average."""

NO_POSITION_S = 60
"""A unit without a position is taken to be at its station; mostly it is."""

CREW_OF: Mapping[str, int] = {
    "fire_engine": 3,
    "rescue_truck": 3,
    "water_tender": 2,
    "ambulance": 2,
    "police_car": 2,
    "truck": 2,
    "boat": 3,
}
"""Fewest for a full crew, by kind: three or four serve a fire post's shift here (insightkaltim 2025), two an ambulance.
A kind not named needs one."""

MISSING_CREW_S = 120
"""For each person missing."""

LONG_SHIFT_H = 12.0
PER_HOUR_OVER_S = 45
MOST_FOR_SHIFT_S = 300
"""Beyond twelve hours a crew is tired; each further hour counts, up to five minutes."""

COVERAGE_WEIGHT: Mapping[Priority, float] = {
    Priority.P1: 0.1,
    Priority.P2: 0.25,
    Priority.P3: 0.5,
    Priority.P4: 1.0,
    Priority.P5: 1.0,
}
"""How much the next call counts beside this one: little where life is in danger now."""

Trust = Literal["fresh", "stale", "station"]


class ScorePart(View):
    """One reason in seconds."""

    kind: Literal["travel", "position", "crew", "shift", "coverage"]
    seconds: int
    why: Words


def age_s(position: UnitPosition | None, now: datetime) -> int | None:
    return None if position is None else max(0, round((now - position.at).total_seconds()))


def trust_of(position: UnitPosition | None, now: datetime) -> Trust:
    """`position` is the one that the unit is reckoned from; None: its station."""
    age = age_s(position, now)
    if age is None:
        return "station"
    return "stale" if age > STALE_S else "fresh"


def parts(
    unit: UnitView,
    position: UnitPosition | None,
    way: Travel,
    loss: Loss | None,
    priority: Priority,
    names: Mapping[Capability, Words],
    now: datetime,
) -> Iterator[ScorePart]:
    """Everything that counts of a unit that has a way."""
    minutes = max(1, round(way.seconds / 60))
    yield ScorePart(
        kind="travel", seconds=way.seconds, why=Words(id=f"Perjalanan {minutes} menit", en=f"Travel {minutes} min")
    )
    yield from _of_position(position, now)
    yield from _of_crew(unit)
    yield from _of_shift(unit, now)
    if loss is not None:
        yield from _of_coverage(loss, priority, names)


def _of_position(position: UnitPosition | None, now: datetime) -> Iterator[ScorePart]:
    age = age_s(position, now)
    if age is None:
        why = Words(id="Posisi tidak diketahui, dianggap di pos", en="Position unknown, taken to be at its station")
        yield ScorePart(kind="position", seconds=NO_POSITION_S, why=why)
    elif age > STALE_S:
        why = Words(id=f"Posisi sudah {age // 60} menit", en=f"Position is {age // 60} min old")
        yield ScorePart(kind="position", seconds=round(age * STALE_SHARE), why=why)


def _of_crew(unit: UnitView) -> Iterator[ScorePart]:
    """Where no crew is entered nothing is known of it."""
    needed = CREW_OF.get(unit.kind, 1)
    missing = needed - len(unit.crew)
    if unit.crew and missing > 0:
        why = Words(
            id=f"Awak {len(unit.crew)} orang, lengkapnya {needed}", en=f"Crew of {len(unit.crew)}, full is {needed}"
        )
        yield ScorePart(kind="crew", seconds=missing * MISSING_CREW_S, why=why)


def _of_shift(unit: UnitView, now: datetime) -> Iterator[ScorePart]:
    if unit.on_duty_since is None:
        return
    hours = (now - unit.on_duty_since).total_seconds() / 3600
    if hours > LONG_SHIFT_H:
        seconds = min(MOST_FOR_SHIFT_S, max(1, round((hours - LONG_SHIFT_H) * PER_HOUR_OVER_S)))
        why = Words(id=f"Sudah dinas {hours:.0f} jam", en=f"On duty for {hours:.0f} h")
        yield ScorePart(kind="shift", seconds=seconds, why=why)


def _of_coverage(loss: Loss, priority: Priority, names: Mapping[Capability, Words]) -> Iterator[ScorePart]:
    seconds = round(loss.mean_s * COVERAGE_WEIGHT[priority])
    if seconds < 1:
        return
    name = names[loss.capability]
    before, after = max(1, round(loss.before_s / 60)), max(1, round(loss.after_s / 60))
    why = Words(
        id=f"Panggilan {name.id} berikutnya menunggu lebih lama: {loss.village} {before} → {after} menit",
        en=f"The next call for {name.en} waits longer: {loss.village} {before} → {after} min",
    )
    yield ScorePart(kind="coverage", seconds=seconds, why=why)
