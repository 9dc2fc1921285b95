"""A believable day at a 112 centre, the same for the same seed: who calls, when, about what, and how truly."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Literal

from telephony.simulator.pbx import PbxSimulator
from telephony.simulator.places import Spot
from telephony.simulator.stories import (
    ACCIDENTAL,
    INFORMATION,
    MOBILE_PREFIXES,
    NAMES,
    PRANKS,
    STORIES,
    Story,
)

Kind = Literal["real", "repeated", "abandoned", "prank", "ghost", "information", "accidental"]

KIND_WEIGHTS: dict[Kind, int] = {
    "real": 47,
    "abandoned": 8,
    "ghost": 20,
    "prank": 13,
    "accidental": 7,
    "information": 5,
}
"""45% false, the low end of what Indonesian centres report (40 to 99%): a screen of ghosts alone shows nothing."""

REPEATED_SHARE = 0.3
"""Of the real incidents, those that more than one caller reports."""

REPEATED_WITHIN_S = (20.0, 180.0)
WITHHELD_SHARE = 0.04
LANDLINE_SHARE = 0.06
NUMBERLESS_SHARE = 0.02
"""Calls without a SIM have no number at all."""
NAME_SHARE = 0.6
"""Of the calls, those for which the network delivers a name."""


@dataclass(frozen=True, slots=True)
class PlannedCall:
    at_s: float
    """Simulated seconds after the day's beginning."""
    kind: Kind
    ani: str | None
    name: str | None
    lines: tuple[str, ...]
    patience_s: float
    type: str | None = None
    """Code of the protocol that fits, for a call about an incident."""
    withheld: bool = False
    """The network gave a number that the caller asked not to show."""
    spot: Spot | None = None
    incident: int | None = None
    """Calls with the same number report the same incident."""


class Day:
    """`rate_per_hour` counts first calls; repeated ones come on top (about an eighth more)."""

    def __init__(self, seed: int = 112, rate_per_hour: float = 60.0) -> None:
        self._seed = seed
        self._rate_per_hour = rate_per_hour

    def calls(self) -> Iterator[PlannedCall]:
        """Without end, by time, always the same ones."""
        dice = Random(self._seed)
        later: list[tuple[float, int, PlannedCall]] = []
        at_s, count = 0.0, 0
        while True:
            at_s += dice.expovariate(self._rate_per_hour / 3600.0)
            while later and later[0][0] <= at_s:
                yield heapq.heappop(later)[2]
            count += 1
            kind = dice.choices(list(KIND_WEIGHTS), list(KIND_WEIGHTS.values()))[0]
            if kind not in ("real", "abandoned"):
                yield _false_call(dice, at_s, kind)
                continue
            story = dice.choices(STORIES, [story.weight for story in STORIES])[0]
            spot = story.where(dice)
            yield _about(dice, at_s, kind, count, story, spot)
            if kind == "real" and dice.random() < REPEATED_SHARE:
                for extra in range(dice.choice((1, 1, 2, 3))):
                    again_s = at_s + dice.uniform(*REPEATED_WITHIN_S)
                    repeated = _about(dice, again_s, "repeated", count, story, spot)
                    heapq.heappush(later, (again_s, count * 10 + extra, repeated))

    async def play(self, pbx: PbxSimulator) -> None:
        """Let it happen at `pbx`, in its simulated time, until cancelled."""
        past_s = 0.0
        for planned in self.calls():
            await pbx.sleep(planned.at_s - past_s)
            past_s = planned.at_s
            await pbx.call(
                ani=planned.ani,
                name=planned.name,
                withheld=planned.withheld,
                lines=planned.lines,
                patience_s=planned.patience_s,
            )


@dataclass(frozen=True, slots=True)
class _Caller:
    name: str
    ani: str | None
    withheld: bool
    shown: str | None
    """The name that the network delivers."""


def _caller(dice: Random) -> _Caller:
    name = dice.choice(NAMES)
    if dice.random() < NUMBERLESS_SHARE:
        return _Caller(name, None, False, None)
    ani = f"{dice.choice(MOBILE_PREFIXES)}{dice.randint(10**6, 10**8 - 1):08}"
    if dice.random() < LANDLINE_SHARE:
        ani = f"0542{dice.randint(7000000, 7999999)}"
    if dice.random() < WITHHELD_SHARE:
        return _Caller(name, ani, True, None)
    return _Caller(name, ani, False, name if dice.random() < NAME_SHARE else None)


def _about(dice: Random, at_s: float, kind: Kind, incident: int, story: Story, spot: Spot) -> PlannedCall:
    caller = _caller(dice)
    lines = tuple(line.format(place=spot.said, name=caller.name) for line in dice.choice(story.tellings))
    patience_s = dice.uniform(1.0, 4.0) if kind == "abandoned" else dice.uniform(45.0, 120.0)
    return PlannedCall(
        at_s, kind, caller.ani, caller.shown, lines, patience_s, story.type, caller.withheld, spot, incident
    )


def _false_call(dice: Random, at_s: float, kind: Kind) -> PlannedCall:
    caller = _caller(dice)
    tellings = {"prank": PRANKS, "information": INFORMATION, "accidental": ACCIDENTAL}.get(kind)
    lines = dice.choice(tellings) if tellings else ()
    patience_s = dice.uniform(6.0, 25.0)
    return PlannedCall(at_s, kind, caller.ani, caller.shown, lines, patience_s, withheld=caller.withheld)
