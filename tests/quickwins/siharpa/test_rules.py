"""Arithmetic of prices: what must hold whatever the numbers are."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quickwins.siharpa import rules

DAY = date(2026, 11, 24)
PRICES = st.integers(1, rules.HIGHEST_RUPIAH)
WEIGHTS = st.dictionaries(st.sampled_from("abcdef"), st.decimals("0.1", 100, places=1), min_size=1)
MATRIX = st.dictionaries(st.tuples(st.sampled_from("abcdef"), st.sampled_from("xyz")), PRICES, min_size=1)
HISTORY = st.dictionaries(st.integers(0, 20).map(lambda ago: DAY - timedelta(days=ago)), PRICES)


def test_the_day_is_that_of_the_market_not_of_greenwich() -> None:
    assert rules.local_date(datetime(2026, 11, 23, 16, 30, tzinfo=UTC)) == DAY


@pytest.mark.parametrize(
    ("now", "before", "way", "percent"),
    [(11_000, 10_000, "up", "10.0"), (9_995, 10_000, "down", "-0.1"), (7, 7, "same", "0.0"), (2, 3, "down", "-33.3")],
)
def test_a_change_has_a_way_and_percent(now: int, before: int, way: str, percent: str) -> None:
    found = rules.change(now, before)
    assert found is not None
    assert (found.way, str(found.percent)) == (way, percent)


def test_a_jump_is_more_than_a_quarter_either_way() -> None:
    assert not any(rules.jumps(now, 10_000) for now in (7_500, 10_000, 12_500))
    assert rules.jumps(7_499, 10_000)
    assert rules.jumps(12_501, 10_000)
    assert not rules.jumps(1, None)


def test_what_is_not_known_is_no_change() -> None:
    assert rules.change(None, 5) is rules.change(5, None) is None


def test_an_index_by_hand() -> None:
    weights = {"rice": Decimal(3), "chilli": Decimal(1), "unseen": Decimal(1)}
    base = {("rice", "x"): 10_000, ("rice", "y"): 20_000, ("chilli", "x"): 50_000}
    now = {("rice", "x"): 11_000, ("chilli", "x"): 75_000, ("chilli", "y"): 1}
    found = rules.basket(weights, base, now)
    assert found is not None
    assert found.index == Decimal("120.00")  # 3/4 of +10% and 1/4 of +50%; market y has no pair
    assert found.contributions == {"rice": Decimal("7.50"), "chilli": Decimal("12.50")}
    assert found.coverage == Decimal("80.0")


def test_a_basket_of_nothing_comparable_has_no_index() -> None:
    assert rules.basket({"rice": Decimal(1)}, {("rice", "x"): 1}, {("rice", "y"): 1}) is None
    assert rules.basket({}, {("rice", "x"): 1}, {("rice", "x"): 1}) is None


@given(WEIGHTS, MATRIX, MATRIX)
def test_contributions_add_up_to_the_index(
    weights: dict[str, Decimal], base: dict[tuple[str, str], int], now: dict[tuple[str, str], int]
) -> None:
    found = rules.basket(weights, base, now)
    if found is None:
        assert not any(key in now and key[0] in weights for key in base)
        return
    assert sum(found.contributions.values()) == found.index - 100
    assert 0 < found.coverage <= 100
    for one, part in found.contributions.items():
        exact = _exact_part(one, weights, base, now, set(found.contributions))
        assert abs(Fraction(part) - exact) < Fraction(1, 100)


def _exact_part(
    one: str,
    weights: dict[str, Decimal],
    base: dict[tuple[str, str], int],
    now: dict[tuple[str, str], int],
    counted: set[str],
) -> Fraction:
    both = [key for key in base if key[0] == one and key in now]
    moved = Fraction(sum(now[key] for key in both), sum(base[key] for key in both)) - 1
    return 100 * moved * Fraction(weights[one]) / sum((Fraction(weights[key]) for key in counted), Fraction())


@given(WEIGHTS, MATRIX)
def test_on_its_base_day_the_index_is_100(weights: dict[str, Decimal], base: dict[tuple[str, str], int]) -> None:
    found = rules.basket(weights, base, base)
    assert found is None or found.index == 100


@given(WEIGHTS, MATRIX, MATRIX, st.integers(2, 1000))
def test_only_the_share_of_a_weight_counts(
    weights: dict[str, Decimal], base: dict[tuple[str, str], int], now: dict[tuple[str, str], int], scale: int
) -> None:
    larger = {one: weight * scale for one, weight in weights.items()}
    assert rules.basket(weights, base, now) == rules.basket(larger, base, now)


@given(WEIGHTS, MATRIX)
def test_when_all_prices_double_the_index_is_200(weights: dict[str, Decimal], base: dict[tuple[str, str], int]) -> None:
    found = rules.basket(weights, base, {key: 2 * price for key, price in base.items()})
    assert found is None or found.index == 200


def test_a_price_counts_some_days_and_no_longer() -> None:
    history = {DAY - timedelta(days=3): 5, DAY - timedelta(days=9): 4}
    assert rules.known_at(history, DAY, 3) == 5
    assert rules.known_at(history, DAY, 2) is None


def test_a_rise_is_from_the_lowest_price_within_its_days() -> None:
    history = {DAY - timedelta(days=ago): price for ago, price in ((8, 1), (5, 100), (3, 90), (1, 95), (0, 99))}
    found = rules.rise(history, Decimal(10), 7, DAY)
    assert found == rules.Rise(DAY - timedelta(days=3), 90, DAY, 99)
    assert found.percent == Decimal("10.0")
    assert rules.rise(history, Decimal("10.1"), 7, DAY) is None
    assert rules.rise(history, Decimal(10), 7, DAY + timedelta(days=8)) is None  # nothing was noted lately


@given(HISTORY, st.decimals("0.1", 500, places=1), st.integers(1, 20))
def test_a_rise_is_told_if_and_only_if_there_is_one(history: dict[date, int], percent: Decimal, days: int) -> None:
    found = rules.rise(history, percent, days, DAY)
    recent = [day for day in history if DAY - timedelta(days=days) <= day]
    last = max(recent, default=None)
    window = [day for day in history if last and last - timedelta(days=days) <= day < last]
    steep = [day for day in window if last and history[last] * 100 >= history[day] * (100 + percent)]
    assert (found is not None) == bool(steep)
    if found is not None:
        assert found.from_price == min(history[day] for day in window)
        assert found.day == last


def test_a_rise_is_news_once_and_again_when_it_climbs() -> None:
    found = rules.Rise(DAY - timedelta(days=3), 90, DAY, 100)
    assert rules.is_news(found, [], 7)
    assert not rules.is_news(found, [(DAY - timedelta(days=1), 100)], 7)
    assert rules.is_news(found, [(DAY - timedelta(days=1), 99)], 7)
    assert rules.is_news(found, [(DAY - timedelta(days=7), 200)], 7)


def test_a_name_becomes_part_of_an_address() -> None:
    assert rules.slug("Pasar Rabu Sukaraja (Sepaku)") == "pasar-rabu-sukaraja-sepaku"


def test_a_mean_is_in_whole_rupiah() -> None:
    assert (rules.mean([1, 2]), rules.mean([3, 4]), rules.mean([])) == (2, 4, None)
