"""The books: holds accounts, writes entries, reads balances. Nothing here updates or deletes a line.

Held accounts are locked in the order of their ids (PostgreSQL; SQLite has one writer), so two payouts of one member
wait for each other and never deadlock.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.plugins import PluginRow, Refused, Text, Working
from quickwins.serbu_gass import rules
from quickwins.serbu_gass.model import AccountRow, Collector, Entry, LineRow, Member, Price, Recipient, Unit
from quickwins.serbu_gass.rules import Account, AccountKind, Balance, Draft, EntryKind, Line, Short, Weighed

Mint = Callable[[], str]
"""Gives a new id or code: 32 hexadecimal digits that nobody can guess."""


LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's: without i, l, o and u."""


def unguessable() -> str:
    return secrets.token_hex(16)


def code_of(minted: str) -> str:
    """The first 80 bits of what was minted, as 16 letters and digits that can be read from paper and typed."""
    number = int(minted[:20], 16)
    return "".join(LETTERS[number >> shift & 31] for shift in range(75, -1, -5))


async def hold(session: AsyncSession, accounts: Iterable[Account]) -> dict[Account, Balance]:
    """Lock the accounts until the transaction ends, opening those that are missing, and read their balances."""
    wanted = {account.id: account for account in sorted(accounts, key=lambda account: account.id)}
    dialect = session.get_bind().dialect.name
    opening = (postgresql if dialect == "postgresql" else sqlite).insert(AccountRow).on_conflict_do_nothing()
    rows = [{"id": a.id, "kind": a.kind.value, "unit_id": a.unit_id, "of": a.of} for a in wanted.values()]
    await session.execute(opening.values(rows))
    locking = select(AccountRow.id).where(AccountRow.id.in_(wanted)).order_by(AccountRow.id).with_for_update()
    await session.execute(locking)
    found = await balances(session, wanted)
    return {account: found.get(key, Balance()) for key, account in wanted.items()}


async def _keep(session: AsyncSession, draft: Draft) -> None:
    """Lock the rows that the entry refers to before its accounts: an action on a member has locked the member first, so
    the other order would end in a deadlock."""
    ids: tuple[tuple[type[PluginRow], set[str | None]], ...] = (
        (Unit, {account.unit_id for account in draft.accounts}),
        (Member, {draft.member_id}),
        (Collector, {draft.collector_id}),
        (Recipient, {draft.recipient_id}),
    )
    for row, wanted in ids:
        if found := [one for one in wanted if one is not None]:
            locking = select(row.id).where(row.id.in_(found)).order_by(row.id)
            await session.execute(locking.with_for_update(read=True, key_share=True))


async def balances(session: AsyncSession, ids: Iterable[str]) -> dict[str, Balance]:
    """What the lines of each account sum to; an account without a line is left out."""
    asked = select(LineRow.account_id, func.sum(LineRow.amount), func.sum(LineRow.kg))
    rows = await session.execute(asked.where(LineRow.account_id.in_(list(ids))).group_by(LineRow.account_id))
    return {key: Balance(int(amount), kg) for key, amount, kg in rows}


async def post(w: Working, draft: Draft, mint: Mint = unguessable, *, at: datetime | None = None) -> Entry:
    """Write an entry, as if at `at`. Raises Refused where its day is to come or an account would fall below zero."""
    if draft.day > rules.local_date(w.now):
        raise Refused(Text("Tanggalnya belum tiba.", "That day is still to come."), "day")
    await _keep(w.session, draft)
    held = await hold(w.session, draft.accounts)
    try:
        lines = draft.lines(held)
        rules.checked(lines, held)
    except Short as short:
        raise Refused(too_little(short)) from short
    entry = _entry(w, draft, mint, at or w.now)
    w.session.add(entry)
    await w.session.flush()
    rows = [
        {
            "entry_id": entry.id,
            "number": n,
            "account_id": x.account.id,
            "amount": x.amount,
            "kg": x.kg,
            "price": x.price,
        }
        for n, x in enumerate(lines, 1)
    ]
    await w.session.execute(insert(LineRow), rows)
    return entry


async def reverse(w: Working, entry: Entry, day: date, reason: str) -> Entry:
    """Take an entry back by one that negates it. Raises Refused where it was, is one, or its effects are spent."""
    if entry.kind == EntryKind.REVERSAL:
        raise Refused(Text("Pembatalan tidak dapat dibatalkan; catat ulang.", "A reversal stays; enter it anew."))
    await w.session.execute(select(Entry.id).where(Entry.id == entry.id).with_for_update())
    if await w.session.scalar(select(Entry.id).where(Entry.reverses == entry.id)) is not None:
        raise Refused(Text("Transaksi ini sudah dibatalkan.", "This entry was reversed already."))
    before = Draft(
        kind=EntryKind(entry.kind),
        day=entry.day,
        unit_id=entry.unit_id,
        accounts=frozenset(),
        lines=lambda _balances: [],
        amount=entry.amount,
        kg=entry.kg,
        member_id=entry.member_id,
        collector_id=entry.collector_id,
        recipient_id=entry.recipient_id,
        giver=entry.giver,
    )
    return await post(w, rules.reverse(entry.id, before, await lines_of(w.session, entry.id), day, reason))


async def lines_of(session: AsyncSession, entry_id: str) -> list[Line]:
    """An entry's lines in their order."""
    asked = select(LineRow, AccountRow).join(AccountRow, AccountRow.id == LineRow.account_id)
    rows = await session.execute(asked.where(LineRow.entry_id == entry_id).order_by(LineRow.number))
    return [
        Line(Account(AccountKind(account.kind), account.unit_id, account.of), line.amount, line.kg, line.price)
        for line, account in rows
    ]


async def prices_on(session: AsyncSession, day: date) -> dict[str, Price]:
    """Each kind's price that holds on `day`, by the kind's id."""
    asked = select(Price).where(Price.valid_from <= day, Price.archived_at.is_(None)).order_by(Price.valid_from)
    return {price.kind_id: price for price in await session.scalars(asked)}


def weights(kilograms: Mapping[str, Decimal], prices: Mapping[str, int]) -> list[Weighed]:
    """What was typed, with each kind's price. Raises Refused (field: the kind) without one or for no weight."""
    result = []
    for kind_id, kg in kilograms.items():
        if not rules.is_weight(kg):
            message = Text("Berat harus di atas 0 kg, paling banyak 3 desimal.", "Above 0 kg, at most 3 decimals.")
            raise Refused(message, kind_id)
        if kind_id not in prices:
            raise Refused(Text("Belum ada harga pada tanggal ini.", "There is no price for that day yet."), kind_id)
        result.append(Weighed(kind_id, kg, prices[kind_id]))
    if not result:
        raise Refused(Text("Belum ada berat yang diisi.", "No weight was filled in."))
    return result


def rupiah(amount: int) -> str:
    return f"Rp{amount:,}".replace(",", ".")


def kilograms(kg: Decimal, lang: str = "id") -> str:
    """At most three decimals, in the language's marks."""
    plain = f"{kg.quantize(rules.GRAM):,f}".rstrip("0").rstrip(".")
    return plain if lang == "en" else plain.translate(str.maketrans(",.", ".,"))


def too_little(short: Short) -> Text:
    """In words, what an account lacks."""
    what = {
        AccountKind.CASH: Text("Kas unit", "The unit's cash"),
        AccountKind.STOCK: Text("Stok", "The stock"),
        AccountKind.RECEIVABLE: Text("Utang pengepul", "What the collector owes"),
        AccountKind.CLAIM: Text("Tagihan ke bank induk", "What the central bank owes the unit"),
        AccountKind.MEMBER: Text("Saldo nasabah", "The member's balance"),
        AccountKind.FUND: Text("Dana sedekah", "The alms fund"),
        AccountKind.DEBT: Text("Utang bank induk", "The central bank's debt"),
    }[short.account.kind]
    if isinstance(short.has, Decimal):
        return Text(
            f"{what.id} hanya {kilograms(short.has)} kg.", f"{what.en} is only {kilograms(short.has, 'en')} kg."
        )
    return Text(f"{what.id} hanya {rupiah(short.has)}.", f"{what.en} is only {rupiah(short.has)}.")


def _entry(w: Working, draft: Draft, mint: Mint, at: datetime) -> Entry:
    return Entry(
        id=mint(),
        version=1,
        created_at=at,
        updated_at=at,
        kind=draft.kind.value,
        day=draft.day,
        unit_id=draft.unit_id,
        member_id=draft.member_id,
        collector_id=draft.collector_id,
        recipient_id=draft.recipient_id,
        giver=draft.giver,
        amount=draft.amount,
        kg=draft.kg,
        note=draft.note,
        code=code_of(mint()),
        reverses=draft.reverses,
        by=w.person.name if w.person else None,
    )
