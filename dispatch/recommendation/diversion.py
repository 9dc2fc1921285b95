"""Calling a unit off a less urgent incident: when it is worth asking, and what it costs there. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dispatch.recommendation.travel import How, Travel
from dispatch.views import UnitView, View, Words
from dispatch.words import AssignmentState, Capability, Priority

LEAST_SAVED_S = 180
"""A unit is not taken from others for less: it must turn round, and they are told to wait anew."""

ON_SCENE_LEVELS = 2
"""A unit that is at work already is called off only for what is so many priorities more urgent."""

MOST = 5


@dataclass(frozen=True, slots=True)
class Holder:
    """The incident that a unit is on."""

    incident_id: str
    number: str
    priority: Priority
    assignment_id: str
    state: AssignmentState
    others: int
    """Units that stay on it."""
    replacement: tuple[str, int] | None
    """Callsign and travel time of the free unit that would be there next."""


class Divert(View):
    """A unit that could be called off what it does. Never proposed: a person decides, and says why."""

    unit_id: str
    incident_id: str
    incident_number: str
    incident_priority: Priority
    assignment_id: str
    travel_s: int
    distance_m: int
    how: How
    covers: tuple[Capability, ...]
    saves_s: int | None
    """Against the best free unit; None: no free unit can do it."""
    consequence: Words
    """What it means for the incident that loses it."""


def may_divert(state: AssignmentState, holder: Priority, ours: Priority) -> bool:
    """Is the incident so much more urgent (P1 before P2) that the unit's work may be broken off?"""
    levels = int(holder.value[1:]) - int(ours.value[1:])
    if state in (AssignmentState.ACCEPTED, AssignmentState.EN_ROUTE):
        return levels >= 1
    return state is AssignmentState.ON_SCENE and levels >= ON_SCENE_LEVELS


def diverts(
    held: Sequence[tuple[UnitView, Holder]],
    soonest: Mapping[Capability, float],
    travel: Mapping[str, Travel],
    priority: Priority,
) -> tuple[Divert, ...]:
    """Those worth asking for, the one that saves most first. `soonest`: the best free unit's score by need."""
    found = []
    for unit, holder in held:
        way = travel.get(unit.id)
        covers = tuple(capability for capability in soonest if capability in unit.capabilities)
        if way is None or not covers or not may_divert(holder.state, holder.priority, priority):
            continue
        saves = max(soonest[capability] for capability in covers) - way.seconds
        if saves >= LEAST_SAVED_S:
            found.append(_divert(unit, holder, way, covers, None if saves == float("inf") else round(saves)))
    found.sort(key=lambda one: (one.saves_s is not None, -(one.saves_s or 0), one.travel_s, one.unit_id))
    return tuple(found[:MOST])


def _divert(unit: UnitView, holder: Holder, way: Travel, covers: tuple[Capability, ...], saves_s: int | None) -> Divert:
    return Divert(
        unit_id=unit.id,
        incident_id=holder.incident_id,
        incident_number=holder.number,
        incident_priority=holder.priority,
        assignment_id=holder.assignment_id,
        travel_s=way.seconds,
        distance_m=way.distance_m,
        how=way.how,
        covers=covers,
        saves_s=saves_s,
        consequence=_consequence(holder),
    )


def _consequence(holder: Holder) -> Words:
    number, urgency = holder.number, holder.priority.value
    left = (
        Words(id=f"tersisa {holder.others} unit", en=f"{holder.others} units stay")
        if holder.others
        else Words(id="tanpa unit", en="no unit stays")
    )
    if holder.replacement is None:
        after = Words(id="tidak ada pengganti yang bebas", en="no free unit could replace it")
    else:
        callsign, seconds = holder.replacement
        minutes = max(1, round(seconds / 60))
        after = Words(
            id=f"pengganti {callsign} sekitar {minutes} menit", en=f"{callsign} could be there in {minutes} min"
        )
    return Words(
        id=f"Kejadian {number} ({urgency}): {left.id}, {after.id}",
        en=f"Incident {number} ({urgency}): {left.en}, {after.en}",
    )
