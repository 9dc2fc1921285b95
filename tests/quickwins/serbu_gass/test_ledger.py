"""The books on both databases: migrations, payouts at the same time, reversals, and what the database refuses."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, func, inspect, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from dispatch.plugins import Refused
from dispatch.plugins.checking import faults_of
from dispatch.plugins.migrating import drop, tables_of, upgrade
from quickwins.serbu_gass import PLUGIN, ledger, rules
from quickwins.serbu_gass.model import Base, Entry, LineRow, Member, Price
from quickwins.serbu_gass.rules import Account, AccountKind, Balance, Draft, Weighed
from tests.quickwins.serbu_gass.world import DAY, NOW, furnish, working

MEMBER = Account(AccountKind.MEMBER, "u1", "u1a")


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """A furnished bank; SQLite waits for its one writer as the centre's connections do."""
    await upgrade(database_url, PLUGIN)
    sqlite = database_url.startswith("sqlite")
    made = create_async_engine(database_url, **({"pool_size": 1, "max_overflow": 0} if sqlite else {}))
    async with working(made) as w:
        await furnish(w.session)
    yield made
    await made.dispose()


async def post(engine: AsyncEngine, draft: Draft) -> str:
    async with working(engine) as w:
        return (await ledger.post(w, draft)).id


async def reverse(engine: AsyncEngine, entry_id: str) -> str:
    async with working(engine) as w:
        return (await ledger.reverse(w, await w.session.get_one(Entry, entry_id), DAY, "salah")).id


async def balance(engine: AsyncEngine, account: Account) -> Balance:
    async with working(engine) as w:
        return (await ledger.balances(w.session, [account.id])).get(account.id, Balance())


def weigh(kg: str = "10", price: int = 2000) -> Draft:
    return rules.weigh("u1", DAY, [Weighed("pet", Decimal(kg), price)], "u1a")


def test_a_code_keeps_eighty_bits_and_can_be_typed_from_paper() -> None:
    assert ledger.code_of("f" * 32) == "z" * 16
    assert ledger.code_of("0" * 19 + "1" + "f" * 12) == "0" * 15 + "1"
    assert len({ledger.code_of(ledger.unguessable()) for _ in range(1000)}) == 1000


def test_the_declaration_is_sound() -> None:
    assert faults_of(PLUGIN) == []


async def test_migrations_make_the_tables_of_the_model_and_remove_them(database_url: str) -> None:
    await upgrade(database_url, PLUGIN)
    engine = create_async_engine(database_url)
    async with engine.connect() as connection:
        made = await connection.run_sync(_columns)
    await engine.dispose()
    declared = {table.name: {column.name for column in table.columns} for table in Base.metadata.sorted_tables}
    assert made == declared
    await drop(database_url, PLUGIN)
    assert await tables_of(database_url, "serbu_gass") == []
    await upgrade(database_url, PLUGIN)
    assert set(declared) <= set(await tables_of(database_url, "serbu_gass"))


def _columns(connection: Any) -> dict[str, set[str]]:
    look = inspect(connection)
    names = [name for name in look.get_table_names() if name.startswith("serbu_gass_") and "alembic" not in name]
    return {name: {column["name"] for column in look.get_columns(name)} for name in names}


async def test_of_two_payouts_at_the_same_time_one_is_refused(engine: AsyncEngine) -> None:
    await post(engine, rules.put_in("u1", DAY, 1_000_000))
    for _ in range(5):
        before = -(await balance(engine, MEMBER)).amount
        await post(engine, weigh())
        amount = (before + 20_000) * 2 // 3
        payouts = (post(engine, rules.withdraw("u1", DAY, "u1a", amount)) for _ in range(4))
        done = await asyncio.gather(*payouts, return_exceptions=True)
        assert [isinstance(one, str) for one in done].count(True) == 1, done
        assert all(isinstance(one, str | Refused) for one in done), done
        assert -(await balance(engine, MEMBER)).amount == before + 20_000 - amount


async def test_a_weighing_waits_for_who_acts_on_the_member_and_neither_is_locked_out(engine: AsyncEngine) -> None:
    await post(engine, rules.put_in("u1", DAY, 50_000))
    await post(engine, weigh())

    async def pay() -> str:
        """As an action does: the member's row first, then the books."""
        async with working(engine) as w:
            await w.session.execute(select(Member.id).where(Member.id == "u1a").with_for_update())
            await asyncio.sleep(0.4)
            return (await ledger.post(w, rules.withdraw("u1", DAY, "u1a", 1_000))).id

    async def weigh_meanwhile() -> str:
        await asyncio.sleep(0.1)
        return await post(engine, weigh())

    await asyncio.gather(pay(), weigh_meanwhile())
    assert (await balance(engine, MEMBER)).amount == -39_000


async def test_the_first_weighings_at_the_same_time_open_one_account(engine: AsyncEngine) -> None:
    await asyncio.gather(*(post(engine, weigh("0.001", 500)) for _ in range(4)))
    assert (await balance(engine, rules.stock_of("u1", "pet"))).kg == Decimal("0.004")


async def test_a_refused_entry_leaves_nothing(engine: AsyncEngine) -> None:
    await post(engine, weigh())
    with pytest.raises(Refused) as refused:
        await post(engine, rules.withdraw("u1", DAY, "u1a", 20_001))
    assert refused.value.message.id == "Saldo nasabah hanya Rp20.000."
    with pytest.raises(Refused) as refused:
        await post(engine, rules.withdraw("u1", DAY, "u1a", 1))
    assert refused.value.message.en == "The unit's cash is only Rp0."
    with pytest.raises(Refused) as refused:
        await post(engine, rules.sell("u1", DAY, "c", [Weighed("pet", Decimal("10.001"), 1)], cash=True))
    assert refused.value.message.id == "Stok hanya 10 kg."
    async with working(engine) as w:
        assert await w.session.scalar(select(func.count()).select_from(Entry)) == 1


async def test_a_day_to_come_is_refused(engine: AsyncEngine) -> None:
    with pytest.raises(Refused):
        await post(engine, rules.put_in("u1", DAY + timedelta(days=1), 1))


async def test_an_entry_is_taken_back_once_and_both_stay(engine: AsyncEngine) -> None:
    entry_id = await post(engine, weigh())
    back_id = await reverse(engine, entry_id)
    assert await balance(engine, MEMBER) == Balance(0, Decimal(0))
    async with working(engine) as w:
        entry, back = await w.session.get_one(Entry, entry_id), await w.session.get_one(Entry, back_id)
        assert entry.is_reversed
        assert not back.is_reversed
        assert (back.reverses, back.amount, back.kg, back.note) == (entry_id, -20_000, Decimal(-10), "salah")
    for one in (entry_id, back_id):
        with pytest.raises(Refused):
            await reverse(engine, one)


async def test_what_was_paid_out_cannot_be_taken_back(engine: AsyncEngine) -> None:
    await post(engine, rules.put_in("u1", DAY, 50_000))
    entry_id = await post(engine, weigh())
    await post(engine, rules.withdraw("u1", DAY, "u1a", 1_000))
    with pytest.raises(Refused) as refused:
        await reverse(engine, entry_id)
    assert refused.value.message.id == "Saldo nasabah hanya Rp19.000."


async def test_a_delivery_is_paid_and_both_banks_agree(engine: AsyncEngine) -> None:
    await post(engine, weigh())
    await post(engine, rules.deliver("u1", "central", DAY, [Weighed("pet", Decimal("2.5"), 2500)]))
    await post(engine, rules.put_in("central", DAY, 10_000))
    await post(engine, rules.settle("u1", "central", DAY, 6_000))
    assert (await balance(engine, Account(AccountKind.CLAIM, "u1"))).amount == 250
    assert (await balance(engine, Account(AccountKind.DEBT, "central"))).amount == -250
    assert await balance(engine, rules.stock_of("central", "pet")) == Balance(6_250, Decimal("2.5"))
    with pytest.raises(Refused):
        await post(engine, rules.settle("u1", "central", DAY, 251))


@pytest.mark.parametrize(
    "change",
    [
        update(LineRow).values(amount=LineRow.amount + 1),
        delete(LineRow),
        update(Entry).values(amount=1),
        update(Entry).values(note="lain"),
        delete(Entry),
    ],
    ids=["line changed", "line deleted", "entry changed", "note changed", "entry deleted"],
)
async def test_the_database_itself_refuses_to_rewrite_the_books(engine: AsyncEngine, change: Any) -> None:
    await post(engine, weigh())
    with pytest.raises(DBAPIError, match="append-only"):
        async with engine.begin() as connection:
            await connection.execute(change)


async def test_a_kind_has_one_price_from_a_day_on(engine: AsyncEngine) -> None:
    price = {
        "kind_id": "pet",
        "member_price": 1,
        "central_price": 2,
        "version": 1,
        "created_at": NOW,
        "updated_at": NOW,
    }
    async with working(engine) as w:
        w.session.add(Price(id="later", valid_from=DAY, **price))
    async with working(engine) as w:
        assert (await ledger.prices_on(w.session, DAY - timedelta(days=1)))["pet"].member_price == 2000
        assert (await ledger.prices_on(w.session, DAY))["pet"].member_price == 1
    with pytest.raises(IntegrityError):
        async with working(engine) as w:
            w.session.add(Price(id="again", valid_from=DAY, **price))


@pytest.mark.postgres
async def test_nor_can_the_lines_be_emptied_at_once(postgres_url: str) -> None:
    await upgrade(postgres_url, PLUGIN)
    engine = create_async_engine(postgres_url)
    with pytest.raises(DBAPIError, match="append-only"):
        async with engine.begin() as connection:
            await connection.execute(text("TRUNCATE serbu_gass_lines"))
    await engine.dispose()
