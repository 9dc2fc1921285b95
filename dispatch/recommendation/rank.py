"""Which units to send, in what order and why; and of every other unit why not. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from dispatch.recommendation import aid, weighing
from dispatch.recommendation.aid import Lender, Neighbour
from dispatch.recommendation.columns import Columns, Standing
from dispatch.recommendation.coverage import Loss
from dispatch.recommendation.diversion import Divert, diverts
from dispatch.recommendation.matching import UNKNOWN_S, Offerable, Slot, match
from dispatch.recommendation.travel import How, Origin, Travel
from dispatch.recommendation.weighing import FRESH_S, ScorePart, Trust
from dispatch.recommendation.wording import CAPABILITY_NAMES, how_far, whereabouts
from dispatch.views import Need, UnitPosition, UnitView, View, Words
from dispatch.words import Capability, Priority, UnitState

WEIGHED = 40
"""So many of the nearest that can do something of the plan are weighed, besides all that its needs ask for: in a fleet
of thousands nobody reads more, and a regency's fleet is smaller."""

MOST_LEFT_OUT = 100
"""Units left out are told one by one up to here; beyond, how many more there are."""

_NONE: Mapping[str, Words] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Grounds:
    """What the ranking weighs besides plan, units and times."""

    priority: Priority = Priority.P3
    no_way: Mapping[str, Words] = field(default_factory=dict)
    """Why a unit cannot come at all, by unit id."""
    losses: Mapping[str, Loss] = field(default_factory=dict)
    neighbours: tuple[Neighbour, ...] = ()
    source: How | None = None
    notes: tuple[Words, ...] = ()


class Covered(View):
    """A line of the plan, and how many units already on the incident cover it."""

    need: Need
    covered: int


class Short(View):
    capability: Capability
    missing: int
    """So many are missing even when all proposed units go."""
    lenders: tuple[Lender, ...] = ()
    """Who could lend it, the soonest first."""


class Candidate(View):
    unit_id: str
    rank: int
    """1 the best: first the proposed, then the rest, each by score."""
    travel_s: int | None
    distance_m: int | None
    how: How | None
    """None, as the two before: the incident has no point."""
    covers: tuple[Capability, ...]
    """What it can do of the plan."""
    proposed: bool
    """Sending all proposed units covers the plan as far as it can be."""
    reasons: tuple[Words, ...]
    position_age_s: int | None
    """None: reckoned from its station."""
    score_s: int | None = None
    """Sum of the parts, in seconds; the less the better. None: the incident has no point."""
    parts: tuple[ScorePart, ...] = ()
    trust: Trust = "station"
    """How far the unit's position can be believed."""


class LeftOut(View):
    unit_id: str
    why: Words


class TravelSource(View):
    """Where the travel times come from, and what must be known of it."""

    source: How | None
    """The best of them; None: the incident has no point."""
    notes: tuple[Words, ...] = ()


class Recommendation(View):
    plan: tuple[Covered, ...]
    short: tuple[Short, ...]
    candidates: tuple[Candidate, ...]
    left_out: tuple[LeftOut, ...]
    diverts: tuple[Divert, ...] = ()
    travel: TravelSource = TravelSource(source=None)
    not_shown: int = 0
    """Free and other units beyond those that are told one by one."""


@dataclass(frozen=True, slots=True)
class _Weighed:
    standing: Standing
    way: Travel | None
    parts: tuple[ScorePart, ...]
    score_s: float


def position_of(standing: Standing, now: datetime) -> UnitPosition | None:
    """The unit's own position while it is fresh."""
    position = standing.unit.position
    if position is None or (now - position.at).total_seconds() > FRESH_S:
        return None
    return position


def origins(units: Iterable[Standing], now: datetime) -> list[Origin]:
    """Where each unit starts from: its fresh position, else its station."""
    return [
        Origin(one.unit.id, one.unit.kind, position.point if (position := position_of(one, now)) else one.station)
        for one in units
    ]


def recommend(
    plan: Sequence[Need],
    units: Sequence[Standing],
    travel: Mapping[str, Travel],
    now: datetime,
    grounds: Grounds = Grounds(),
    columns: Columns | None = None,
) -> Recommendation:
    """Rank the free units that can do something of the plan; say of every other why not.

    Each unit covers one need at a time, units already on the incident first. `travel` is by unit id; it is empty while
    the incident has no point, and units then rank by callsign. `units` may be in any order; `columns` are theirs, where
    they are at hand.
    """
    wanted = tuple(need.capability for need in plan)
    columns = columns or Columns.of(units, travel, grounds.no_way)
    free = columns.free(wanted)
    weighed = [
        _weigh(units[number], travel.get(units[number].unit.id), grounds, now)
        for number in columns.nearest(plan, free, WEIGHED)
    ]
    weighed.sort(key=lambda one: (one.score_s, one.standing.unit.callsign))
    here = [units[number] for number in columns.here]
    covered, proposed, short = _match(plan, here, weighed)
    ranked = sorted(weighed, key=lambda one: one.standing.unit.id not in proposed)
    left, told = columns.left(wanted, free, MOST_LEFT_OUT)
    return Recommendation(
        plan=tuple(Covered(need=need, covered=covered.get(need.capability, 0)) for need in plan),
        short=tuple(
            Short(capability=key, missing=count, lenders=aid.lenders(key, grounds.neighbours, travel))
            for key, count in short.items()
        ),
        candidates=tuple(
            _candidate(one, rank, one.standing.unit.id in proposed, wanted, now)
            for rank, one in enumerate(ranked, start=1)
        ),
        left_out=tuple(
            LeftOut(unit_id=one.unit.id, why=why)
            for one in (units[number] for number in told)
            if (why := why_not(one, wanted, grounds.no_way)) is not None
        ),
        diverts=_diverts(plan, [units[number] for number in columns.held], weighed, short, travel, grounds),
        travel=TravelSource(source=grounds.source, notes=grounds.notes),
        not_shown=len(free) - len(weighed) + left - len(told),
    )


def score_s(standing: Standing, way: Travel, grounds: Grounds, now: datetime) -> float:
    """What speaks against sending this unit, in seconds; the less the better."""
    return _weigh(standing, way, grounds, now).score_s


def uncovered(found: Recommendation) -> frozenset[Capability]:
    """What of the plan the units already on the incident do not cover."""
    return frozenset(line.need.capability for line in found.plan if line.covered < line.need.count)


def fits(found: Recommendation, unit_id: str, *, known: bool) -> bool:
    """Is this unit the best free one for a need still uncovered (any capable one, while distances are not `known`)?"""
    candidate = next((one for one in found.candidates if one.unit_id == unit_id), None)
    if candidate is None:
        return False
    return candidate.proposed or (not known and not uncovered(found).isdisjoint(candidate.covers))


_HERE = Words(id="Sudah ditugaskan ke kejadian ini", en="Already on this incident")
_OFF_DUTY = Words(id="Tidak dinas", en="Off duty")
_UNABLE = Words(id="Tidak memiliki kemampuan yang diperlukan", en="Lacks every capability that the plan needs")


def why_not(standing: Standing, wanted: Sequence[Capability], no_way: Mapping[str, Words] = _NONE) -> Words | None:
    """Why this unit cannot be sent, None when it can."""
    unit = standing.unit
    if standing.here:
        return _HERE
    if unit.state is UnitState.COMMITTED:
        number = standing.holder_number or "?"
        return Words(id=f"Sedang bertugas di kejadian {number}", en=f"Committed to incident {number}")
    if unit.state is UnitState.OFF_DUTY:
        return _OFF_DUTY
    if unit.state is UnitState.OUT_OF_SERVICE:
        reason = unit.out_of_service_reason or "?"
        return Words(id=f"Tidak siap pakai: {reason}", en=f"Out of service: {reason}")
    return no_way.get(unit.id) if _covers(unit, wanted) else _UNABLE


def _covers(unit: UnitView, wanted: Iterable[Capability]) -> tuple[Capability, ...]:
    return tuple(capability for capability in wanted if capability in unit.capabilities)


def _weigh(standing: Standing, way: Travel | None, grounds: Grounds, now: datetime) -> _Weighed:
    if way is None:
        return _Weighed(standing, None, (), UNKNOWN_S)
    unit = standing.unit
    loss = grounds.losses.get(unit.id)
    position = position_of(standing, now)
    parts = tuple(weighing.parts(unit, position, way, loss, grounds.priority, CAPABILITY_NAMES, now))
    return _Weighed(standing, way, parts, float(sum(part.seconds for part in parts)))


def _match(
    plan: Sequence[Need], here: Sequence[Standing], weighed: Sequence[_Weighed]
) -> tuple[dict[Capability, int], set[str], dict[Capability, int]]:
    """How much the units on the incident cover, which free ones to propose, and what stays short."""
    slots = [Slot("", need.capability, 1.0) for need in plan for _ in range(need.count)]
    on_it = [Offerable(one.unit.id, frozenset(one.unit.capabilities), {"": 0.0}) for one in here]
    free = [
        Offerable(one.standing.unit.id, frozenset(one.standing.unit.capabilities), {"": 1.0 + one.score_s})
        for one in weighed
    ]
    pairs = match(slots, [*on_it, *free])
    covered: dict[Capability, int] = {}
    short: dict[Capability, int] = {}
    proposed: set[str] = set()
    for row, slot in enumerate(slots):
        column = pairs.get(row)
        if column is None:
            short[slot.capability] = short.get(slot.capability, 0) + 1
        elif column < len(on_it):
            covered[slot.capability] = covered.get(slot.capability, 0) + 1
        else:
            proposed.add(free[column - len(on_it)].unit_id)
    return covered, proposed, short


def _candidate(weighed: _Weighed, rank: int, proposed: bool, wanted: Sequence[Capability], now: datetime) -> Candidate:
    standing, way = weighed.standing, weighed.way
    position = position_of(standing, now)
    covers = _covers(standing.unit, wanted)
    return Candidate(
        unit_id=standing.unit.id,
        rank=rank,
        travel_s=way.seconds if way else None,
        distance_m=way.distance_m if way else None,
        how=way.how if way else None,
        covers=covers,
        proposed=proposed,
        reasons=tuple(_reasons(weighed, covers, position, now)),
        position_age_s=weighing.age_s(position, now),
        score_s=round(weighed.score_s) if way else None,
        parts=weighed.parts,
        trust=weighing.trust_of(position, now),
    )


def _reasons(
    weighed: _Weighed, covers: Sequence[Capability], position: UnitPosition | None, now: datetime
) -> Iterator[Words]:
    names = [CAPABILITY_NAMES[capability] for capability in covers]
    yield Words(
        id="Mampu: " + ", ".join(name.id for name in names), en="Covers: " + ", ".join(name.en for name in names)
    )
    yield how_far(weighed.way)
    yield whereabouts(weighed.standing.unit, weighed.standing.station, position, now)
    yield from (part.why for part in weighed.parts if part.kind in ("crew", "shift", "coverage"))


def _diverts(
    plan: Sequence[Need],
    committed: Sequence[Standing],
    weighed: Sequence[_Weighed],
    short: Mapping[Capability, int],
    travel: Mapping[str, Travel],
    grounds: Grounds,
) -> tuple[Divert, ...]:
    """Units that a less urgent incident holds, where one of them would be much sooner than any free one."""
    held = [(one.unit, one.holder) for one in committed if one.holder is not None]
    if not held:
        return ()
    soonest: dict[Capability, float] = {}
    for need in plan:
        times = (one.score_s for one in weighed if need.capability in one.standing.unit.capabilities)
        soonest[need.capability] = float("inf") if need.capability in short else min(times, default=float("inf"))
    return diverts(held, soonest, travel, grounds.priority)
