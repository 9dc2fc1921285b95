"""Several open incidents solved together: which unit to which, so that all are served soonest. Pure.

One after another takes the unit that the next incident needs more; together, a minute longer here can save twenty
there. A second of a more urgent incident counts more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dispatch.recommendation.matching import Offerable, Slot, match
from dispatch.recommendation.rank import TravelSource
from dispatch.recommendation.travel import How, Travel
from dispatch.recommendation.wording import CAPABILITY_NAMES, how_far
from dispatch.views import Need, UnitView, View, Words
from dispatch.words import Capability, Priority

MOST_INCIDENTS = 30
"""The most urgent ones: a proposal of more is nobody's to read."""

WEIGHT: Mapping[Priority, float] = {
    Priority.P1: 8.0,
    Priority.P2: 4.0,
    Priority.P3: 2.0,
    Priority.P4: 1.0,
    Priority.P5: 0.5,
}
"""How much a second counts. An assumption: each step twice as urgent as the next."""


@dataclass(frozen=True, slots=True)
class Ask:
    """An incident that needs units."""

    incident_id: str
    number: str
    priority: Priority
    plan: tuple[Need, ...]
    here: tuple[UnitView, ...]
    ways: Mapping[str, Travel]
    """Of every free unit that can come."""
    scores: Mapping[str, float]
    """Of the same, in seconds."""


class JointPick(View):
    incident_id: str
    incident_number: str
    unit_id: str
    capability: Capability
    travel_s: int
    distance_m: int
    how: How
    nearest_unit_id: str
    """The unit that would be there soonest of those that do not go there anyway, whoever else needs it."""
    why: Words


class JointShort(View):
    incident_id: str
    incident_number: str
    capability: Capability
    missing: int


class Joint(View):
    """One proposal for all incidents that need units."""

    picks: tuple[JointPick, ...] = ()
    short: tuple[JointShort, ...] = ()
    incidents: int = 0
    """So many need units and have a point."""
    mean_s: int | None = None
    """Mean travel time of the proposal, weighted by urgency; None: nobody is proposed."""
    in_turn_mean_s: int | None = None
    """The same if each incident, the oldest first, took the nearest unit that is left."""
    in_turn_open: int = 0
    """So many needs more would stay open then."""
    travel: TravelSource = TravelSource(source=None)


def solve(asks: Sequence[Ask], units: Sequence[UnitView], travel: TravelSource) -> Joint:
    """The best for all of them. `asks` come oldest first, `units` are the free ones; both in a fixed order."""
    urgent = sorted(asks, key=lambda ask: ask.priority.value)[:MOST_INCIDENTS]
    slots = [
        Slot(ask.incident_id, need.capability, WEIGHT[ask.priority])
        for ask in urgent
        for need in ask.plan
        for _ in range(need.count)
    ]
    here = [
        Offerable(unit.id, frozenset(unit.capabilities), {ask.incident_id: 0.0}) for ask in urgent for unit in ask.here
    ]
    free = [
        Offerable(
            unit.id,
            frozenset(unit.capabilities),
            {ask.incident_id: 1.0 + ask.scores[unit.id] for ask in urgent if unit.id in ask.scores},
        )
        for unit in units
    ]
    pairs = match(slots, [*here, *free])
    by_id = {ask.incident_id: ask for ask in urgent}
    chosen = [(slots[row], free[column - len(here)].unit_id) for row, column in pairs.items() if column >= len(here)]
    open_slots = [slot for row, slot in enumerate(slots) if row not in pairs]
    sent = {unit_id: slot.incident_id for slot, unit_id in chosen}
    picks = tuple(_pick(by_id[slot.incident_id], slot, unit_id, units, sent) for slot, unit_id in chosen)
    wanted = [slot for row, slot in enumerate(slots) if pairs.get(row, len(here)) >= len(here)]
    in_turn, left_open = _in_turn([ask for ask in asks if ask.incident_id in by_id], wanted, units)
    return Joint(
        picks=picks,
        short=_short(open_slots, by_id),
        incidents=len({slot.incident_id for slot in wanted}),
        mean_s=_mean([(by_id[one.incident_id].priority, float(one.travel_s)) for one in picks]),
        in_turn_mean_s=_mean(in_turn),
        in_turn_open=left_open - len(open_slots),
        travel=travel,
    )


def _pick(ask: Ask, slot: Slot, unit_id: str, units: Sequence[UnitView], sent: Mapping[str, str]) -> JointPick:
    """`sent` says which incident each proposed unit goes to."""
    able = [
        one
        for one in units
        if slot.capability in one.capabilities
        and one.id in ask.ways
        and (one.id == unit_id or sent.get(one.id) != ask.incident_id)
    ]
    nearest = min(able, key=lambda one: (ask.ways[one.id].seconds, one.id != unit_id, one.callsign))
    way = ask.ways[unit_id]
    name, far = CAPABILITY_NAMES[slot.capability], how_far(way)
    later = round((way.seconds - ask.ways[nearest.id].seconds) / 60)
    if nearest.id == unit_id:
        why = Words(id=f"Terdekat untuk {name.id}. {far.id}", en=f"Nearest for {name.en}. {far.en}")
    elif nearest.id in sent:
        why = Words(
            id=f"{nearest.callsign} {later} menit lebih dekat, tetapi lebih berguna di tempat lain. {far.id}",
            en=f"{nearest.callsign} is {later} min nearer, but of more use elsewhere. {far.en}",
        )
    else:
        why = Words(
            id=f"{nearest.callsign} {later} menit lebih dekat, tetapi posisi, awak atau cakupannya kurang. {far.id}",
            en=f"{nearest.callsign} is {later} min nearer, but worse by position, crew or coverage. {far.en}",
        )
    return JointPick(
        incident_id=ask.incident_id,
        incident_number=ask.number,
        unit_id=unit_id,
        capability=slot.capability,
        travel_s=way.seconds,
        distance_m=way.distance_m,
        how=way.how,
        nearest_unit_id=nearest.id,
        why=why,
    )


def _short(open_slots: Sequence[Slot], by_id: Mapping[str, Ask]) -> tuple[JointShort, ...]:
    missing: dict[tuple[str, Capability], int] = {}
    for slot in open_slots:
        key = (slot.incident_id, slot.capability)
        missing[key] = missing.get(key, 0) + 1
    return tuple(
        JointShort(
            incident_id=incident_id,
            incident_number=by_id[incident_id].number,
            capability=capability,
            missing=count,
        )
        for (incident_id, capability), count in missing.items()
    )


def _in_turn(
    asks: Sequence[Ask], wanted: Sequence[Slot], units: Sequence[UnitView]
) -> tuple[list[tuple[Priority, float]], int]:
    """What each incident would get if it took the nearest that is left, and how many needs would stay open."""
    taken: set[str] = set()
    times: list[tuple[Priority, float]] = []
    left_open = 0
    for ask in asks:
        for slot in (one for one in wanted if one.incident_id == ask.incident_id):
            able = [
                (ask.ways[one.id].seconds, one.callsign, one.id)
                for one in units
                if one.id not in taken and one.id in ask.ways and slot.capability in one.capabilities
            ]
            if not able:
                left_open += 1
                continue
            seconds, _, unit_id = min(able)
            taken.add(unit_id)
            times.append((ask.priority, float(seconds)))
    return times, left_open


def _mean(times: Sequence[tuple[Priority, float]]) -> int | None:
    weight = sum(WEIGHT[priority] for priority, _ in times)
    return round(sum(WEIGHT[priority] * seconds for priority, seconds in times) / weight) if weight else None
