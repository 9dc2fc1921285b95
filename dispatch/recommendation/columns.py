"""The fleet as columns, so that ten thousand units are sifted by a few array operations. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from dispatch.recommendation.diversion import Holder
from dispatch.recommendation.matching import UNKNOWN_S
from dispatch.recommendation.travel import Travel
from dispatch.views import Need, Point, UnitView, Words
from dispatch.words import Capability, UnitState

_BITS: Mapping[Capability, int] = {capability: 1 << number for number, capability in enumerate(Capability)}


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit, and what else the ranking must know of it."""

    unit: UnitView
    station: Point
    holder_number: str | None = None
    """Number of the incident that holds it."""
    here: bool = False
    """It is on this very incident."""
    holder: Holder | None = None
    """The incident that holds it, where it could be called off it."""


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """What the sifting needs of each unit, in the order of the units."""

    callsigns: Sequence[str]
    can: NDArray[np.int64]
    """A bit for each capability."""
    open: NDArray[np.bool_]
    """Available, not on this incident, and with a way there."""
    seconds: NDArray[np.float64]
    here: tuple[int, ...]
    held: tuple[int, ...]
    """By an incident that they could be called off."""

    @classmethod
    def of(cls, units: Sequence[Standing], travel: Mapping[str, Travel], no_way: Mapping[str, Words]) -> Self:
        """The columns; they stay true as long as units and times do."""
        ways = [travel.get(one.unit.id) for one in units]
        available = UnitState.AVAILABLE
        return cls(
            callsigns=[one.unit.callsign for one in units],
            can=np.array([_mask(one.unit.capabilities) for one in units], dtype=np.int64),
            open=np.array(
                [one.unit.state is available and not one.here and one.unit.id not in no_way for one in units],
                dtype=np.bool_,
            ),
            seconds=np.array([UNKNOWN_S if way is None else way.seconds for way in ways], dtype=np.float64),
            here=tuple(number for number, one in enumerate(units) if one.here),
            held=tuple(number for number, one in enumerate(units) if one.holder is not None and not one.here),
        )

    def free(self, wanted: Iterable[Capability]) -> NDArray[np.intp]:
        """Numbers of the units that can go and can do something of it."""
        return np.flatnonzero(self.open & ((self.can & _mask(wanted)) != 0))

    def nearest(self, plan: Sequence[Need], free: NDArray[np.intp], count: int) -> list[int]:
        """Of the free units those worth weighing: the `count` soonest, and for each need more than it asks for."""
        if len(free) <= count:
            return list(map(int, free))
        chosen = set(self._soonest(free, count))
        for need in plan:
            able = free[(self.can[free] & _BITS[need.capability]) != 0]
            chosen.update(self._soonest(able, 2 * need.count + 4))
        return sorted(chosen)

    def _soonest(self, numbers: NDArray[np.intp], count: int) -> list[int]:
        """Equals by callsign."""
        if len(numbers) > count:
            last = np.partition(self.seconds[numbers], count - 1)[count - 1]
            numbers = numbers[self.seconds[numbers] <= last]
        found = [(float(self.seconds[number]), self.callsigns[number], int(number)) for number in numbers]
        return [number for _, _, number in sorted(found)[:count]]

    def left(self, wanted: Iterable[Capability], free: NDArray[np.intp], most: int) -> tuple[int, list[int]]:
        """How many are not free, and the numbers of those to tell: of many such as could do it."""
        kept = np.ones(len(self.can), dtype=np.bool_)
        kept[free] = False
        numbers = np.flatnonzero(kept)
        if len(numbers) <= most:
            return len(numbers), list(map(int, numbers))
        able = numbers[(self.can[numbers] & _mask(wanted)) != 0]
        return len(numbers), list(map(int, able[:most]))


def _mask(capabilities: Iterable[Capability]) -> int:
    mask = 0
    for capability in capabilities:
        mask |= _BITS[capability]
    return mask
