"""Which unit covers which line of a plan: an assignment problem, solved exactly. Pure.

Each unit covers one need at a time. Taking the quickest need by need can leave one open that another choice would
cover (the only ambulance taken as an engine); this never does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from dispatch.words import Capability

OPEN_COST = 1e9
"""Of a need that nobody covers, times the slot's weight: more than any sum of travel times."""

UNKNOWN_S = 1e5
"""Stands for a time that is not known: worse than any that is."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One unit's worth of a need."""

    incident_id: str
    capability: Capability
    weight: float
    """How much a second counts, and how much it counts that somebody comes."""


@dataclass(frozen=True, slots=True)
class Offerable:
    """A unit as the matching sees it."""

    unit_id: str
    capabilities: frozenset[Capability]
    cost_s: Mapping[str, float]
    """By incident; an incident that is missing cannot be reached."""


def match(slots: Sequence[Slot], units: Sequence[Offerable]) -> dict[int, int]:
    """Slot number → unit number, as many slots as possible and among those the least weighted time.

    Of equals the earlier slot and the earlier unit win, so order both: the answer is the same for the same input.
    """
    if not slots or not units:
        return {}
    cost = np.full((len(slots), len(units) + len(slots)), np.inf)
    for row, slot in enumerate(slots):
        for column, unit in enumerate(units):
            if slot.capability in unit.capabilities and slot.incident_id in unit.cost_s:
                cost[row, column] = slot.weight * (unit.cost_s[slot.incident_id] + column * 1e-4)
        # An earlier slot counts a little more, so that a shortfall falls on the plan's later lines.
        cost[row, len(units) + row] = OPEN_COST * slot.weight * (1 - row * 1e-4)
    rows, columns = linear_sum_assignment(cost)
    pairs = zip(rows.tolist(), columns.tolist(), strict=True)
    return {row: column for row, column in pairs if column < len(units)}
