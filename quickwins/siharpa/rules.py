"""Arithmetic of prices: changes, the basket's index, rises worth telling. Pure; money is whole rupiah."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor
from zoneinfo import ZoneInfo

WITA = ZoneInfo("Asia/Makassar")
HIGHEST_RUPIAH = 100_000_000
"""Of one unit of anything sold in a market; more is a slip of the finger."""
JUMP = Decimal("0.25")
"""Share of the last price."""
WEEK = timedelta(days=7)
DAY = timedelta(days=1)

Prices = Mapping[tuple[str, str], int]
"""(commodity, market) → rupiah."""
History = Mapping[date, int]
"""Of one commodity in one market: day → rupiah."""


def local_date(now: datetime) -> date:
    return now.astimezone(WITA).date()


def days_between(first: date, last: date) -> list[date]:
    """Both ends included; empty when they are the wrong way round."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def slug(name: str) -> str:
    """A name as part of an address."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


@dataclass(frozen=True, slots=True)
class Change:
    """From one price to another."""

    rupiah: int
    percent: Decimal
    """With one decimal."""

    @property
    def way(self) -> str:
        return "up" if self.rupiah > 0 else "down" if self.rupiah < 0 else "same"


def change(now: int | None, before: int | None) -> Change | None:
    """None where one of the prices is not known; `before` is above zero."""
    if now is None or before is None:
        return None
    return Change(now - before, rounded(Fraction(100 * (now - before), before), "0.1"))


def jumps(now: int, before: int | None) -> bool:
    """Whether a price lies so far from the last one that somebody must say that it is right."""
    return before is not None and abs(now - before) > JUMP * before


def rounded(value: Fraction, places: str) -> Decimal:
    """To the places of `places`, half away from zero."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(places), ROUND_HALF_UP)


def mean(prices: Iterable[int]) -> int | None:
    """In whole rupiah, half to even; None of nothing."""
    known = list(prices)
    return round(Fraction(sum(known), len(known))) if known else None


def known_at(history: History, day: date, carry_days: int) -> int | None:
    """The latest price that is at most `carry_days` old on `day`."""
    for ago in range(carry_days + 1):
        price = history.get(day - timedelta(days=ago))
        if price is not None:
            return price
    return None


@dataclass(frozen=True, slots=True)
class Basket:
    """The basket on one day against its base day."""

    index: Decimal
    """100.00 on the base day; two decimals."""
    coverage: Decimal
    """Percent of the weights whose commodities have a price on both days in one market at least."""
    contributions: Mapping[str, Decimal]
    """Commodity → points; they add up to `index` − 100 exactly."""


def basket(weights: Mapping[str, Decimal], base: Prices, now: Prices) -> Basket | None:
    """Laspeyres: the mean of the commodities' relatives by weight, those without a relative left out.

    A commodity's relative is its sum of prices over the sum on the base day, of the markets that have both (Dutot),
    so that a market which is silent for a day moves nothing. None when nothing can be compared.
    """
    relatives = {one: relative for one in weights if (relative := _relative(one, base, now)) is not None}
    total = sum((Fraction(weights[one]) for one in relatives), Fraction())
    if total <= 0:
        return None
    exact = {one: Fraction(weights[one]) / total * (relative - 1) * 100 for one, relative in relatives.items()}
    whole = round(sum(exact.values(), Fraction()) * 100)
    parts = _hundredths(exact, whole)
    covered = total / sum((Fraction(weight) for weight in weights.values()), Fraction()) * 100
    return Basket(
        index=100 + Decimal(whole).scaleb(-2),
        coverage=rounded(covered, "0.1"),
        contributions={one: Decimal(part).scaleb(-2) for one, part in parts.items()},
    )


def _relative(commodity: str, base: Prices, now: Prices) -> Fraction | None:
    both = [key for key in base if key[0] == commodity and key in now]
    return Fraction(sum(now[key] for key in both), sum(base[key] for key in both)) if both else None


def _hundredths(exact: Mapping[str, Fraction], whole: int) -> dict[str, int]:
    """Each rounded to hundredths so that all add up to `whole` (largest remainder)."""
    parts = {one: floor(value * 100) for one, value in exact.items()}
    nearest = sorted(exact, key=lambda one: (parts[one] - exact[one] * 100, one))
    for one in nearest[: whole - sum(parts.values())]:
        parts[one] += 1
    return parts


@dataclass(frozen=True, slots=True)
class Rise:
    """From the lowest price of some days to the latest."""

    from_day: date
    from_price: int
    day: date
    price: int

    @property
    def percent(self) -> Decimal:
        exact = Decimal(100 * (self.price - self.from_price)) / self.from_price
        return exact.quantize(Decimal("0.1"), ROUND_HALF_EVEN)


def rise(history: History, percent: Decimal, days: int, today: date) -> Rise | None:
    """The rise by at least `percent` within `days` up to the latest price, which is no older than that either."""
    latest = max((day for day in history if today - timedelta(days=days) <= day <= today), default=None)
    if latest is None:
        return None
    before = [day for day in history if latest - timedelta(days=days) <= day < latest]
    if not before:
        return None
    lowest = min(before, key=lambda day: (history[day], -day.toordinal()))
    found = Rise(lowest, history[lowest], latest, history[latest])
    enough = 100 * (found.price - found.from_price) >= percent * found.from_price
    return found if found.price > found.from_price and enough else None


def is_news(found: Rise, told: Sequence[tuple[date, int]], days: int) -> bool:
    """Whether nothing as high was told within `days`. `told`: (day, rupiah) of the alerts that there are."""
    since = found.day - timedelta(days=days)
    return not any(day > since and price >= found.price for day, price in told)
