"""What each unit's leaving would uncover: how much longer the next call would wait, village by village. Pure.

Times between units and villages are estimates by straight line, even where a road graph is loaded: they compare one
choice with another, and one Dijkstra a village and call would cost a second.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dispatch.recommendation.graph import Floats, metres_between
from dispatch.recommendation.travel import DETOUR, DETOUR_WATER, OTHER_SPEED_KMH, SPEED_KMH
from dispatch.views import Point
from dispatch.words import Capability

UNCOVERED_S = 3600.0
"""Where nobody is left, help comes from a neighbour: about an hour."""


@dataclass(frozen=True, slots=True)
class Village:
    """A part of the regency, and its share of all calls."""

    name: str
    point: Point
    share: float


@dataclass(frozen=True, slots=True)
class Cover:
    """A free unit as it covers the regency."""

    unit_id: str
    kind: str
    capabilities: tuple[Capability, ...]
    point: Point


@dataclass(frozen=True, slots=True)
class Loss:
    """What is lost while a unit is away, of the capability that loses most."""

    mean_s: float
    """How much longer the next call waits, weighted by where calls come from."""
    capability: Capability
    village: str
    """The one that adds most to it."""
    before_s: float
    after_s: float


def losses(units: Sequence[Cover], villages: Sequence[Village]) -> dict[str, Loss]:
    """Of each unit whose leaving is felt; a unit beside an equal one has none."""
    found: dict[str, Loss] = {}
    if not units or not villages:
        return found
    lat = np.array([village.point.lat for village in villages])
    lon = np.array([village.point.lon for village in villages])
    share = np.array([village.share for village in villages])
    for capability in sorted({capability for unit in units for capability in unit.capabilities}):
        able = [unit for unit in units if capability in unit.capabilities]
        for number, loss in _of(able, lat, lon, share).items():
            unit_id, (mean_s, village, before_s, after_s) = able[number].unit_id, loss
            if unit_id not in found or mean_s > found[unit_id].mean_s:
                found[unit_id] = Loss(mean_s, capability, villages[village].name, before_s, after_s)
    return found


def _of(
    able: Sequence[Cover], lat: Floats, lon: Floats, share: Floats
) -> Mapping[int, tuple[float, int, float, float]]:
    """By the unit's number: the mean loss, the village that adds most, and its times before and after."""
    seconds = _seconds(able, lat, lon)
    rows = np.arange(len(lat))
    best = seconds.argmin(axis=1)
    first = seconds[rows, best]
    if len(able) > 1:
        second = np.partition(seconds, 1, axis=1)[:, 1]
    else:
        second = np.full(len(lat), UNCOVERED_S)
    longer = (second - first) * share
    mean = np.bincount(best, weights=longer, minlength=len(able))
    found: dict[int, tuple[float, int, float, float]] = {}
    for number in np.flatnonzero(mean > 0.5).tolist():
        own = np.where(best == number, longer, -1.0)
        village = int(own.argmax())
        found[number] = (float(mean[number]), village, float(first[village]), float(second[village]))
    return found


def _seconds(able: Sequence[Cover], lat: Floats, lon: Floats) -> Floats:
    """Villages by units, no time above UNCOVERED_S."""
    start_lat = np.array([unit.point.lat for unit in able])
    start_lon = np.array([unit.point.lon for unit in able])
    detour = np.array([DETOUR_WATER if unit.kind == "boat" else DETOUR for unit in able])
    speed_ms = np.array([SPEED_KMH.get(unit.kind, OTHER_SPEED_KMH) / 3.6 for unit in able])
    metres = metres_between(start_lat[None, :], start_lon[None, :], lat[:, None], lon[:, None])
    seconds: Floats = np.minimum(metres * detour / speed_ms, UNCOVERED_S)
    return seconds
