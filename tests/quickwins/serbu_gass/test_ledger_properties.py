"""Whatever is done in whatever order, the books balance to the rupiah and the stocks to the gram.

The real ledger runs on a real database; beside it stand sums of its own, in grams and exact fractions.
"""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import StaticPool

from dispatch.plugins import Refused
from quickwins.serbu_gass import ledger, rules
from quickwins.serbu_gass.model import AccountRow, Entry, LineRow
from quickwins.serbu_gass.rules import OWED, OWNED, AccountKind, Draft, Weighed
from tests.quickwins.serbu_gass.world import DAY, KINDS, furnish, migrate, working

T = TypeVar("T")
units = st.sampled_from(["u1", "u2"])
letters = st.sampled_from("ab")
kinds = st.lists(st.sampled_from(KINDS), min_size=1, unique=True)
grams = st.one_of(st.sampled_from([500, 1_000, 1_500]), st.integers(1, 200_000))
"""Often the same few, so that stocks run empty and half rupiahs come up."""
prices = st.one_of(st.sampled_from([0, 1, 3, 1_999]), st.integers(0, 20_000))
banks = st.sampled_from(["u1", "u2", "central"])
shares = st.one_of(st.just(100), st.integers(1, 110))
rupiah = st.one_of(st.integers(1, 300), st.integers(1, 1_000_000))


class Bank(RuleBasedStateMachine):
    @initialize()
    def open(self) -> None:
        self.runner = asyncio.Runner()
        self.engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
        self.stock: Counter[tuple[str, str]] = Counter()
        self.owed: Counter[str] = Counter()
        self.price = dict.fromkeys(KINDS, 1_999)
        self.done: list[tuple[str, Counter[tuple[str, str]], Counter[str]]] = []
        self.run(self.furnish())

    async def furnish(self) -> None:
        await migrate(self.engine)
        async with working(self.engine) as w:
            await furnish(w.session)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def teardown(self) -> None:
        if hasattr(self, "runner"):
            self.run(self.engine.dispose())
            self.runner.close()

    async def post(self, draft: Draft) -> str | None:
        try:
            async with working(self.engine) as w:
                return (await ledger.post(w, draft)).id
        except Refused:
            return None

    def book(self, draft: Draft, stock: dict[tuple[str, str], int], owed: dict[str, int]) -> None:
        """Post it; where our own sums say that it can be done, it must be, and the other way round only money that
        these sums do not follow (cash, fund, debts) may refuse."""
        entry_id = self.run(self.post(draft))
        if entry_id is None:
            followed = draft.kind in (rules.EntryKind.WEIGH, rules.EntryKind.ALMS, rules.EntryKind.DELIVERY)
            short = any(self.stock[key] + change < 0 for key, change in stock.items())
            assert short or not followed
            return
        self.stock.update(stock)
        self.owed.update(owed)
        self.done.append((entry_id, Counter(stock), Counter(owed)))

    def weights(self, chosen: list[str], weight: int) -> tuple[list[Weighed], dict[str, int]]:
        each = {kind: weight + 500 * n for n, kind in enumerate(chosen)}
        return [Weighed(k, Decimal(g).scaleb(-3), self.price[k]) for k, g in each.items()], each

    def worth(self, each: dict[str, int]) -> int:
        return sum(round(Fraction(weight * self.price[kind], 1000)) for kind, weight in each.items())

    @rule(unit=units, letter=letters, chosen=kinds, weight=grams, price=prices, as_alms=st.booleans())
    def weigh(self, unit: str, letter: str, chosen: list[str], weight: int, price: int, as_alms: bool) -> None:
        self.price[chosen[0]] = price
        each = {kind: weight + 500 * n for n, kind in enumerate(chosen)}
        stock, member = {(unit, kind): g for kind, g in each.items()}, unit + letter
        if as_alms:
            self.book(rules.alms(unit, DAY, self.weighed(each), member, None), stock, {})
        else:
            worth = sum(round(Fraction(g * self.price[kind], 1000)) for kind, g in each.items())
            self.book(rules.weigh(unit, DAY, self.weighed(each), member), stock, {member: worth})

    def weighed(self, each: dict[str, int]) -> list[Weighed]:
        return [Weighed(kind, Decimal(g).scaleb(-3), self.price[kind]) for kind, g in each.items()]

    @rule(unit=units, letter=letters, amount=rupiah, from_balance=st.booleans())
    def pay_out(self, unit: str, letter: str, amount: int, from_balance: bool) -> None:
        pay = rules.alms_of_balance if from_balance else rules.withdraw
        self.book(pay(unit, DAY, unit + letter, amount), {}, {unit + letter: -amount})

    @rule(unit=banks, chosen=kinds, share=shares, cash=st.booleans())
    def sell(self, unit: str, chosen: list[str], share: int, cash: bool) -> None:
        each = self.share_of(unit, chosen, share)
        if each:
            draft = rules.sell(unit, DAY, "c", self.weighed(each), cash=cash)
            self.book(draft, {(unit, kind): -g for kind, g in each.items()}, {})

    @rule(unit=units, chosen=kinds, share=shares)
    def deliver(self, unit: str, chosen: list[str], share: int) -> None:
        each = self.share_of(unit, chosen, share)
        if each:
            moved = {(unit, kind): -g for kind, g in each.items()} | {("central", kind): g for kind, g in each.items()}
            self.book(rules.deliver(unit, "central", DAY, self.weighed(each)), moved, {})

    def share_of(self, unit: str, chosen: list[str], share: int) -> dict[str, int]:
        """Grams of each kind, at most a tenth more than there is."""
        each = {kind: self.stock[unit, kind] * share // 100 for kind in chosen}
        return {kind: g for kind, g in each.items() if g}

    @rule(unit=units, amount=rupiah, what=st.sampled_from(["settle", "collect", "give", "put_in", "central"]))
    def move_money(self, unit: str, amount: int, what: str) -> None:
        draft = {
            "settle": rules.settle(unit, "central", DAY, amount),
            "collect": rules.collect(unit, DAY, "c", amount),
            "give": rules.give(unit, DAY, "r", amount),
            "put_in": rules.put_in(unit, DAY, amount),
            "central": rules.put_in("central", DAY, amount),
        }[what]
        self.book(draft, {}, {})

    @rule(unit=banks, kind=st.sampled_from(KINDS))
    def take_back_the_last_part(self, unit: str, kind: str) -> None:
        """Sells all but as much as some entry brought, and takes that entry back to the last gram."""
        brought = [n for n, (_id, stock, _owed) in enumerate(self.done) if stock[unit, kind] > 0]
        if not brought:
            return
        left = self.stock[unit, kind] - self.done[brought[0]][1][unit, kind]
        if left > 0:
            sold = [Weighed(kind, Decimal(left).scaleb(-3), self.price[kind])]
            self.book(rules.sell(unit, DAY, "c", sold, cash=True), {(unit, kind): -left}, {})
        self.take_back(brought[0])

    @rule(kind=st.sampled_from(KINDS), price=prices)
    def change_price(self, kind: str, price: int) -> None:
        self.price[kind] = price

    @precondition(lambda self: self.done)
    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        self.take_back(data.draw(st.integers(0, len(self.done) - 1)))

    def take_back(self, number: int) -> None:
        entry_id, stock, owed = self.done[number]
        if self.run(self.reverse_entry(entry_id)):
            del self.done[number]
            self.stock.subtract(stock)
            self.owed.subtract(owed)

    async def reverse_entry(self, entry_id: str) -> bool:
        try:
            async with working(self.engine) as w:
                entry = await w.session.get_one(Entry, entry_id)
                await ledger.reverse(w, entry, DAY, "uji")
        except Refused:
            return False
        return True

    @invariant()
    def balanced(self) -> None:
        if hasattr(self, "runner"):
            self.run(self.look())

    async def look(self) -> None:
        async with working(self.engine) as w:
            lines = select(LineRow.entry_id, AccountRow.unit_id, func.sum(LineRow.amount)).join(AccountRow)
            for _entry, _unit, amount in await w.session.execute(lines.group_by(LineRow.entry_id, AccountRow.unit_id)):
                assert amount == 0
            accounts = list(await w.session.scalars(select(AccountRow)))
            held = await ledger.balances(w.session, [row.id for row in accounts])
        totals: Counter[str] = Counter()
        for row in accounts:
            balance = held.get(row.id, rules.Balance())
            kind = AccountKind(row.kind)
            totals[row.kind] += balance.amount
            assert kind not in OWNED or balance.amount >= 0
            assert kind not in OWED or balance.amount <= 0
            if kind is AccountKind.STOCK:
                assert balance.kg * 1000 == self.stock[row.unit_id, row.of] >= 0
                assert balance.kg or not balance.amount, "an empty stock is worth something"
            elif kind is AccountKind.MEMBER:
                assert -balance.amount == self.owed[row.of]
        assert totals.total() == 0
        assert totals["claim"] == -totals["debt"]


TestBank = Bank.TestCase
TestBank.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
