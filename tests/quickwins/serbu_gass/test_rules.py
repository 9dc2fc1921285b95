"""Rounding, cost and the lines of each kind of entry, without a database."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quickwins.serbu_gass import rules
from quickwins.serbu_gass.rules import Account, AccountKind, Balance, Line, Short, Unbalanced, Weighed

DAY = date(2026, 11, 24)
CASH = Account(AccountKind.CASH, "u")
MEMBER = Account(AccountKind.MEMBER, "u", "m")
STOCK = rules.stock_of("u", "pet")
MARGIN = Account(AccountKind.MARGIN, "u")

grams = st.integers(1, 100_000_000)
prices = st.integers(0, 10_000_000)


def kg(number: int) -> Decimal:
    return Decimal(number).scaleb(-3)


@given(grams, prices)
def test_worth_is_rounded_half_to_even_and_is_off_by_half_a_rupiah_at_most(weight: int, price: int) -> None:
    exact = Fraction(weight * price, 1000)
    assert rules.worth(kg(weight), price) == round(exact)
    assert abs(rules.worth(kg(weight), price) - exact) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("weight", "price", "expected"), [("0.5", 1, 0), ("1.5", 1, 2), ("2.5", 1, 2), ("0.001", 1, 0)]
)
def test_half_a_rupiah_goes_to_the_even_side(weight: str, price: int, expected: int) -> None:
    assert rules.worth(Decimal(weight), price) == expected


@given(grams, st.integers(0, 10**12), st.data())
def test_a_stock_sold_in_parts_costs_in_all_what_was_paid_for_it(weight: int, value: int, data: st.DataObject) -> None:
    left = Balance(value, kg(weight))
    paid = 0
    while left.kg:
        part = kg(data.draw(st.integers(max(1, int(left.kg * 1000) // 3), int(left.kg * 1000))))
        cost = rules.cost(part, left)
        assert 0 <= cost <= left.amount
        paid += cost
        left = Balance(left.amount - cost, left.kg - part)
    assert (paid, left.amount) == (value, 0)


def test_a_total_is_the_sum_of_its_rounded_lines() -> None:
    weights = [Weighed("pet", Decimal("0.5"), 1), Weighed("can", Decimal("0.5"), 1), Weighed("iron", Decimal("1.5"), 1)]
    draft = rules.weigh("u", DAY, weights, "m")
    lines = draft.lines({})
    assert [line.amount for line in lines] == [0, 0, 2, -2]
    assert draft.amount == 2
    assert draft.kg == Decimal("2.5")


def test_what_a_sale_brings_beyond_the_average_cost_is_margin() -> None:
    held = {STOCK: Balance(30_000, Decimal(20))}
    draft = rules.sell("u", DAY, "c", [Weighed("pet", Decimal(5), 2000)], cash=True)
    assert draft.lines(held) == [
        Line(STOCK, -7_500, Decimal(-5), 2000),
        Line(CASH, 10_000),
        Line(MARGIN, -2_500),
    ]


def test_a_delivery_balances_the_books_of_both_banks() -> None:
    held = {STOCK: Balance(10_000, Decimal(10))}
    lines = rules.deliver("u", "central", DAY, [Weighed("pet", Decimal(4), 1500)]).lines(held)
    for unit in ("u", "central"):
        assert sum(line.amount for line in lines if line.account.unit_id == unit) == 0
    assert [line.kg for line in lines if line.kg] == [Decimal(-4), Decimal(4)]


def test_a_reversed_weighing_leaves_at_average_cost_and_the_rest_is_margin() -> None:
    weighing = rules.weigh("u", DAY, [Weighed("pet", Decimal(10), 2000)], "m")
    held = {STOCK: Balance(15_000, Decimal(10)), MEMBER: Balance(-30_000)}
    back = rules.reverse("e", weighing, weighing.lines({}), DAY, "salah timbang")
    lines = back.lines(held)
    assert lines == [Line(STOCK, -15_000, Decimal(-10), 2000), Line(MEMBER, 20_000), Line(MARGIN, -5_000)]
    assert rules.checked(lines, held)[STOCK] == Balance(0, Decimal(0))
    assert {line.account for line in lines} <= back.accounts
    assert (back.amount, back.kg, back.reverses) == (-20_000, Decimal(-10), "e")


@given(grams, prices, grams, prices, st.data())
def test_selling_and_taking_back_leaves_nothing_in_the_stock(
    first: int, price: int, second: int, later: int, data: st.DataObject
) -> None:
    """Two weighings at two prices, some sold, one taken back, the rest sold: no gram and no rupiah stays."""
    weighings = [rules.weigh("u", DAY, [Weighed("pet", kg(g), p)], "m") for g, p in ((first, price), (second, later))]
    held: dict[Account, Balance] = {}
    for draft in weighings:
        held = rules.checked(draft.lines(held), held)
    sold = data.draw(st.integers(0, second))
    if sold:
        held = rules.checked(_sold(sold).lines(held), held)
    back = rules.reverse("e", weighings[0], weighings[0].lines({}), DAY, "")
    held = rules.checked(back.lines(held), held)
    if second > sold:
        held = rules.checked(_sold(second - sold).lines(held), held)
    assert held[STOCK] == Balance(0, Decimal(0))
    assert held[MEMBER].amount == -rules.worth(kg(second), later)
    assert sum(balance.amount for balance in held.values()) == 0


def _sold(weight: int) -> rules.Draft:
    return rules.sell("u", DAY, "c", [Weighed("pet", kg(weight), 3)], cash=True)


def test_more_than_there_is_is_refused_with_what_there_is() -> None:
    held = {MEMBER: Balance(-900), CASH: Balance(5_000)}
    with pytest.raises(Short) as refused:
        rules.checked(rules.withdraw("u", DAY, "m", 901).lines(held), held)
    assert (refused.value.account, refused.value.has) == (MEMBER, 900)
    with pytest.raises(Short) as refused:
        rules.sell("u", DAY, "c", [Weighed("pet", Decimal("1.001"), 10)], cash=True).lines(
            {STOCK: Balance(9, Decimal(1))}
        )
    assert refused.value.has == Decimal(1)


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [Line(CASH, 5), Line(MEMBER, -4)],
        [Line(CASH, 5), Line(Account(AccountKind.CAPITAL, "another"), -5)],
        [Line(CASH, 5, Decimal(1)), Line(MEMBER, -5)],
        [Line(STOCK, 5, Decimal("0.0001")), Line(MEMBER, -5)],
    ],
    ids=["none", "one rupiah off", "across two books", "weight in the cash box", "below a gram"],
)
def test_lines_that_do_not_balance_never_pass(lines: list[Line]) -> None:
    with pytest.raises(Unbalanced):
        rules.checked(lines, {CASH: Balance(100), MEMBER: Balance(-100)})


def test_a_kind_twice_in_one_entry_is_refused() -> None:
    twice = [Weighed("pet", Decimal(1), 10), Weighed("pet", Decimal(2), 10)]
    with pytest.raises(ValueError, match="twice"):
        rules.weigh("u", DAY, twice, "m").lines({})


@pytest.mark.parametrize(
    ("weight", "good"),
    [("0", False), ("-1", False), ("0.001", True), ("0.0001", False), ("100000.001", False), ("12.50", True)],
)
def test_weights_are_whole_grams_above_zero(weight: str, good: bool) -> None:
    assert rules.is_weight(Decimal(weight)) is good


def test_a_day_begins_at_midnight_in_wita() -> None:
    assert rules.local_date(datetime(2026, 11, 23, 16, 0, tzinfo=UTC)) == date(2026, 11, 24)
    assert rules.local_date(datetime(2026, 11, 23, 15, 59, tzinfo=UTC)) == date(2026, 11, 23)


def test_months_go_back_over_the_new_year() -> None:
    assert rules.months_back(date(2026, 2, 24), 3) == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]


@pytest.mark.parametrize(
    ("last", "founded", "quiet"),
    [
        (date(2026, 10, 25), None, False),
        (date(2026, 10, 24), None, True),
        (None, date(2026, 11, 1), False),
        (None, date(2026, 1, 1), True),
        (None, None, True),
        (date(2026, 1, 1), date(2026, 11, 1), False),
    ],
)
def test_a_unit_is_quiet_after_thirty_days_without_a_weighing(
    last: date | None, founded: date | None, quiet: bool
) -> None:
    assert rules.is_quiet(last, founded, DAY, 30) is quiet


def test_a_degree_of_latitude_is_some_111_kilometres() -> None:
    assert rules.kilometres((-1.0, 116.5), (-2.0, 116.5)) == pytest.approx(111.2, abs=0.1)
