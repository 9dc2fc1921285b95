"""What the books of the waste banks hold to, without I/O: rounding, cost, the lines of each kind of entry.

A line is a debit (amount > 0) or a credit (amount < 0) of one account, in whole rupiah, with the kilograms that came
(kg > 0) or went (kg < 0) where the account is a stock. Weight times price is rounded once a line, half to even, and
booked as rounded: every total is a sum of lines, so nothing is lost later. A stock is held at what was paid for it and
leaves at its average cost; the last gram takes all that is left. What a sale brings beyond that is margin.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from math import asin, cos, radians, sin, sqrt

WITA = timezone(timedelta(hours=8), "WITA")
GRAM = Decimal("0.001")
NOTHING = Decimal(0)
HEAVIEST_KG = Decimal(100_000)
"""Of one line: a hundred lorries; more is a slip of the finger."""
GOAL_UNITS = 100
GOAL_PER_VILLAGE = 2


class EntryKind(StrEnum):
    WEIGH = "weigh"
    ALMS = "alms"
    ALMS_BALANCE = "alms_balance"
    WITHDRAW = "withdraw"
    SALE = "sale"
    PAYMENT = "payment"
    DELIVERY = "delivery"
    SETTLEMENT = "settlement"
    GIFT = "gift"
    CAPITAL = "capital"
    REVERSAL = "reversal"


class AccountKind(StrEnum):
    CASH = "cash"
    STOCK = "stock"
    RECEIVABLE = "receivable"
    """What a collector owes the unit."""
    CLAIM = "claim"
    """What the central bank owes the unit, as the unit's books say."""
    MEMBER = "member"
    FUND = "fund"
    """Alms that were given and not yet passed on."""
    DEBT = "debt"
    """What the central bank owes its units, as its own books say."""
    MARGIN = "margin"
    CAPITAL = "capital"


OWNED = frozenset({AccountKind.CASH, AccountKind.STOCK, AccountKind.RECEIVABLE, AccountKind.CLAIM})
"""Balance at the debit, never below zero."""
OWED = frozenset({AccountKind.MEMBER, AccountKind.FUND, AccountKind.DEBT})
"""Balance at the credit, never below zero. Margin and capital may be on either side."""


@dataclass(frozen=True, slots=True, order=True)
class Account:
    """An account of one unit's books. `of`: the member's, kind's or collector's id where there is one for each."""

    kind: AccountKind
    unit_id: str
    of: str = ""

    @property
    def id(self) -> str:
        return f"{self.kind}:{self.unit_id}:{self.of}"


@dataclass(frozen=True, slots=True)
class Line:
    account: Account
    amount: int
    kg: Decimal = NOTHING
    price: int | None = None
    """Rupiah a kilogram, where the amount comes of one."""


@dataclass(frozen=True, slots=True)
class Balance:
    amount: int = 0
    kg: Decimal = NOTHING


@dataclass(frozen=True, slots=True)
class Weighed:
    kind_id: str
    kg: Decimal
    price: int


Balances = Mapping[Account, Balance]


class Unbalanced(ValueError):
    """The lines of an entry do not sum to zero: a fault of the program, never of a person."""


class Short(Exception):
    """An account would fall below zero; `has` is what is there (rupiah or kg)."""

    def __init__(self, account: Account, has: int | Decimal) -> None:
        super().__init__(f"{account.id} has {has}")
        self.account = account
        self.has = has


def local_date(now: datetime) -> date:
    return now.astimezone(WITA).date()


def worth(kg: Decimal, price: int) -> int:
    """Rupiah for `kg` at `price` a kilogram, half to even."""
    return int((kg * price).quantize(Decimal(1), ROUND_HALF_EVEN))


def is_weight(kg: Decimal) -> bool:
    """Whether it can be a line's weight: above zero, whole grams, bounded."""
    return NOTHING < kg <= HEAVIEST_KG and kg == kg.quantize(GRAM)


def cost(kg: Decimal, stock: Balance) -> int:
    """What `kg` of a stock cost on average, where there are as many; all of it costs all."""
    if kg == stock.kg:
        return stock.amount
    return int((stock.amount * kg / stock.kg).quantize(Decimal(1), ROUND_HALF_EVEN))


def stock_of(unit_id: str, kind_id: str) -> Account:
    return Account(AccountKind.STOCK, unit_id, kind_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An entry to be written: `lines` makes them of the balances that its `accounts` have once they are held."""

    kind: EntryKind
    day: date
    unit_id: str
    accounts: frozenset[Account]
    lines: Callable[[Balances], list[Line]]
    amount: int
    kg: Decimal = NOTHING
    member_id: str | None = None
    collector_id: str | None = None
    recipient_id: str | None = None
    giver: str | None = None
    note: str | None = None
    reverses: str | None = None


def weigh(unit_id: str, day: date, weights: Sequence[Weighed], member_id: str) -> Draft:
    """A member's waste comes in; its worth is owed to the member."""
    return _taken_in(EntryKind.WEIGH, Account(AccountKind.MEMBER, unit_id, member_id), day, weights, member_id)


def alms(unit_id: str, day: date, weights: Sequence[Weighed], member_id: str | None, giver: str | None) -> Draft:
    """Waste comes in as alms; its worth belongs to the fund."""
    draft = _taken_in(EntryKind.ALMS, Account(AccountKind.FUND, unit_id), day, weights, member_id)
    return replace(draft, giver=giver)


def alms_of_balance(unit_id: str, day: date, member_id: str, amount: int) -> Draft:
    """A member gives of the balance."""
    member, fund = Account(AccountKind.MEMBER, unit_id, member_id), Account(AccountKind.FUND, unit_id)
    return replace(_moved(EntryKind.ALMS_BALANCE, day, member, fund, amount), member_id=member_id)


def withdraw(unit_id: str, day: date, member_id: str, amount: int) -> Draft:
    """A member is paid in cash."""
    member, cash = Account(AccountKind.MEMBER, unit_id, member_id), Account(AccountKind.CASH, unit_id)
    return replace(_moved(EntryKind.WITHDRAW, day, member, cash, amount), member_id=member_id)


def sell(unit_id: str, day: date, collector_id: str, weights: Sequence[Weighed], *, cash: bool) -> Draft:
    """A collector takes waste, for cash or on credit."""
    owing = Account(AccountKind.CASH, unit_id) if cash else Account(AccountKind.RECEIVABLE, unit_id, collector_id)
    return Draft(
        kind=EntryKind.SALE,
        day=day,
        unit_id=unit_id,
        accounts=_of_sale(unit_id, owing, weights),
        lines=lambda balances: _sold(unit_id, owing, weights, balances),
        amount=_proceeds(weights),
        kg=sum((w.kg for w in weights), NOTHING),
        collector_id=collector_id,
    )


def collect(unit_id: str, day: date, collector_id: str, amount: int) -> Draft:
    """A collector pays what is owed."""
    cash, owing = Account(AccountKind.CASH, unit_id), Account(AccountKind.RECEIVABLE, unit_id, collector_id)
    return replace(_moved(EntryKind.PAYMENT, day, cash, owing, amount), collector_id=collector_id)


def deliver(unit_id: str, central_id: str, day: date, weights: Sequence[Weighed]) -> Draft:
    """A unit sells to the central bank, which owes it the worth; the books of both balance."""
    claim, debt = Account(AccountKind.CLAIM, unit_id), Account(AccountKind.DEBT, central_id)
    taken = frozenset(stock_of(central_id, w.kind_id) for w in weights)
    return Draft(
        kind=EntryKind.DELIVERY,
        day=day,
        unit_id=unit_id,
        accounts=_of_sale(unit_id, claim, weights) | taken | {debt},
        lines=lambda balances: _sold(unit_id, claim, weights, balances) + _received(central_id, debt, weights),
        amount=_proceeds(weights),
        kg=sum((w.kg for w in weights), NOTHING),
    )


def settle(unit_id: str, central_id: str, day: date, amount: int) -> Draft:
    """The central bank pays a unit for what it delivered."""
    cash, claim = Account(AccountKind.CASH, unit_id), Account(AccountKind.CLAIM, unit_id)
    debt, paid = Account(AccountKind.DEBT, central_id), Account(AccountKind.CASH, central_id)
    draft = _moved(EntryKind.SETTLEMENT, day, cash, claim, amount)
    lines = [Line(cash, amount), Line(claim, -amount), Line(debt, amount), Line(paid, -amount)]
    return replace(draft, accounts=draft.accounts | {debt, paid}, lines=lambda _balances: lines)


def give(unit_id: str, day: date, recipient_id: str, amount: int) -> Draft:
    """Alms are passed on in cash."""
    fund, cash = Account(AccountKind.FUND, unit_id), Account(AccountKind.CASH, unit_id)
    return replace(_moved(EntryKind.GIFT, day, fund, cash, amount), recipient_id=recipient_id)


def put_in(unit_id: str, day: date, amount: int) -> Draft:
    """Money to work with comes into the cash box."""
    return _moved(
        EntryKind.CAPITAL, day, Account(AccountKind.CASH, unit_id), Account(AccountKind.CAPITAL, unit_id), amount
    )


def reverse(entry_id: str, before: Draft, lines: Sequence[Line], day: date, reason: str) -> Draft:
    """Takes an entry back: each line negated, but a stock that goes out does so at today's average cost and the
    difference is margin, since the very grams that came may be sold already."""
    margins = {Account(AccountKind.MARGIN, line.account.unit_id) for line in lines if line.kg > 0}
    return replace(
        before,
        kind=EntryKind.REVERSAL,
        day=day,
        accounts=frozenset({line.account for line in lines} | margins),
        lines=lambda balances: _reversed(lines, balances),
        amount=-before.amount,
        kg=-before.kg,
        note=reason,
        reverses=entry_id,
    )


def _taken_in(kind: EntryKind, to: Account, day: date, weights: Sequence[Weighed], member_id: str | None) -> Draft:
    return Draft(
        kind=kind,
        day=day,
        unit_id=to.unit_id,
        accounts=frozenset({to, *(stock_of(to.unit_id, w.kind_id) for w in weights)}),
        lines=lambda _balances: _received(to.unit_id, to, weights),
        amount=_proceeds(weights),
        kg=sum((w.kg for w in weights), NOTHING),
        member_id=member_id,
    )


def _moved(kind: EntryKind, day: date, debit: Account, credit: Account, amount: int) -> Draft:
    lines = [Line(debit, amount), Line(credit, -amount)]
    return Draft(
        kind=kind,
        day=day,
        unit_id=debit.unit_id,
        accounts=frozenset({debit, credit}),
        lines=lambda _balances: lines,
        amount=amount,
    )


def _proceeds(weights: Sequence[Weighed]) -> int:
    return sum(worth(w.kg, w.price) for w in weights)


def _received(unit_id: str, to: Account, weights: Sequence[Weighed]) -> list[Line]:
    _each_once(weights)
    lines = [Line(stock_of(unit_id, w.kind_id), worth(w.kg, w.price), w.kg, w.price) for w in weights]
    return [*lines, Line(to, -total(lines))]


def _of_sale(unit_id: str, owing: Account, weights: Sequence[Weighed]) -> frozenset[Account]:
    stocks = (stock_of(unit_id, w.kind_id) for w in weights)
    return frozenset({owing, Account(AccountKind.MARGIN, unit_id), *stocks})


def _sold(unit_id: str, owing: Account, weights: Sequence[Weighed], balances: Balances) -> list[Line]:
    _each_once(weights)
    out = [_issue(stock_of(unit_id, w.kind_id), w.kg, balances, w.price) for w in weights]
    proceeds = _proceeds(weights)
    return [*out, Line(owing, proceeds), Line(Account(AccountKind.MARGIN, unit_id), -proceeds - total(out))]


def _reversed(lines: Sequence[Line], balances: Balances) -> list[Line]:
    back: list[Line] = []
    margins: dict[str, int] = {}
    for line in lines:
        if line.kg <= 0:
            back.append(Line(line.account, -line.amount, -line.kg, line.price))
            continue
        issued = _issue(line.account, line.kg, balances, line.price)
        back.append(issued)
        unit_id = line.account.unit_id
        margins[unit_id] = margins.get(unit_id, 0) - line.amount - issued.amount
    return back + [Line(Account(AccountKind.MARGIN, unit), amount) for unit, amount in margins.items() if amount]


def total(lines: Iterable[Line]) -> int:
    return sum(line.amount for line in lines)


def checked(lines: Sequence[Line], balances: Balances) -> dict[Account, Balance]:
    """The balances after these lines. Raises Unbalanced where a unit's lines do not sum to zero or a line carries a
    weight outside a stock, Short where an account would fall below zero."""
    units: dict[str, int] = {}
    after = dict(balances)
    for line in lines:
        account = line.account
        units[account.unit_id] = units.get(account.unit_id, 0) + line.amount
        if line.kg and (account.kind is not AccountKind.STOCK or line.kg != line.kg.quantize(GRAM)):
            raise Unbalanced(f"{line.kg} kg on {account.id}")
        before = after.get(account, Balance())
        after[account] = Balance(before.amount + line.amount, before.kg + line.kg)
    if not lines or any(units.values()):
        raise Unbalanced(f"{units}")
    for line in lines:
        _not_below(line.account, balances.get(line.account, Balance()), after[line.account])
    return after


def _not_below(account: Account, before: Balance, after: Balance) -> None:
    if after.kg < 0:
        raise Short(account, before.kg)
    if account.kind in OWNED and after.amount < 0:
        raise Short(account, before.amount)
    if account.kind in OWED and after.amount > 0:
        raise Short(account, -before.amount)


def _each_once(weights: Sequence[Weighed]) -> None:
    if len({w.kind_id for w in weights}) < len(weights):
        raise ValueError("a kind of waste stands twice in one entry, so its average cost would be taken twice")


def _issue(account: Account, kg: Decimal, balances: Balances, price: int | None) -> Line:
    stock = balances.get(account, Balance())
    if kg > stock.kg:
        raise Short(account, stock.kg)
    return Line(account, -cost(kg, stock), -kg, price)


def kilometres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """As the crow flies (haversine, mean radius 6371 km)."""
    lat_a, lon_a, lat_b, lon_b = map(radians, (*a, *b))
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * 6371.0 * asin(sqrt(half))


def months_back(today: date, count: int) -> list[date]:
    """First days of the last `count` months, oldest first, this month the last."""
    number = today.year * 12 + today.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(number - count + 1, number + 1)]


def is_quiet(last: date | None, founded: date | None, today: date, days: int) -> bool:
    """Whether nothing was weighed for `days`; a new unit gets as long to begin."""
    since = max((d for d in (last, founded) if d is not None), default=None)
    return since is None or (today - since).days > days
