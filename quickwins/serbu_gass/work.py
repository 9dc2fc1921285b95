"""What people do at the waste banks: sheets, forms, actions on rows, and the job that finds quiet units."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import func, inspect, select, update

from dispatch.plugins import Reading, Refused, SheetRow, Text, Values, Working, Workshop
from quickwins.serbu_gass import ledger, reports, rules
from quickwins.serbu_gass.ledger import code_of, kilograms, rupiah, unguessable
from quickwins.serbu_gass.model import AccountRow, Collector, Entry, LineRow, Member, Recipient, Unit, WasteKind
from quickwins.serbu_gass.rules import AccountKind, Draft


async def kinds_of(reading: Reading) -> Sequence[WasteKind]:
    asked = select(WasteKind).where(WasteKind.archived_at.is_(None)).order_by(WasteKind.family, WasteKind.name)
    return (await reading.session.scalars(asked)).all()


async def weigh_rows(reading: Reading, head: Values) -> Sequence[SheetRow]:
    """Each kind with the day's price; `last` is what this member last brought of it."""
    prices = await ledger.prices_on(reading.session, head.get("day") or rules.local_date(reading.now))
    last = await _last_brought(reading, head.get("member_id"))
    return [
        SheetRow(
            key=kind.id, label=kind.name, unit="kg", last=last.get(kind.id), hint=f"{rupiah(price.member_price)}/kg"
        )
        for kind in await kinds_of(reading)
        if (price := prices.get(kind.id))
    ]


async def _last_brought(reading: Reading, member_id: str | None) -> dict[str, Decimal]:
    if member_id is None:
        return {}
    asked = select(AccountRow.of, LineRow.kg).join(LineRow, LineRow.account_id == AccountRow.id)
    mine = asked.join(Entry, Entry.id == LineRow.entry_id).where(Entry.member_id == member_id, ~Entry.is_reversed)
    taken = mine.where(Entry.kind.in_(reports.TAKEN_IN), AccountRow.kind == AccountKind.STOCK.value)
    rows = await reading.session.execute(taken.order_by(Entry.day, Entry.created_at))
    return {kind_id: kg for kind_id, kg in rows}


async def weigh(w: Working, head: Values, boxes: Mapping[str, Decimal]) -> Text:
    """Book what a member brought. Raises Refused."""
    member = await w.session.get_one(Member, head["member_id"])
    if member.unit_id != head["unit_id"]:
        raise Refused(Text("Nasabah ini dari unit lain.", "This member belongs to another unit."), "member_id")
    if member.archived_at is not None:
        raise Refused(Text("Nasabah ini sudah diarsipkan.", "This member is archived."), "member_id")
    weights = await _weights(w, head["day"], boxes)
    return await _took_in(w, rules.weigh(member.unit_id, head["day"], weights, member.id))


async def weigh_alms(w: Working, head: Values, boxes: Mapping[str, Decimal]) -> Text:
    """Book what was given as alms. Raises Refused."""
    weights = await _weights(w, head["day"], boxes)
    draft = rules.alms(head["unit_id"], head["day"], weights, head.get("member_id"), head.get("giver"))
    return await _took_in(w, draft)


async def _weights(w: Working, day: date, boxes: Mapping[str, Decimal]) -> list[rules.Weighed]:
    """A scale's '1.250' typed as it stands there would be a ton: more than the settings' most is asked back."""
    most = w.settings.most_kg
    for kind_id, kg in boxes.items():
        if kg > most:
            said = Text(
                f"Lebih dari {most} kg? Gram ditulis di belakang koma: 1,250.", f"More than {most} kg? Write 1.250 kg."
            )
            raise Refused(said, kind_id)
    prices = await ledger.prices_on(w.session, day)
    return ledger.weights(boxes, {kind_id: price.member_price for kind_id, price in prices.items()})


async def _took_in(w: Working, draft: Draft) -> Text:
    entry = await ledger.post(w, draft)
    awake = update(Unit).where(Unit.id == draft.unit_id, Unit.quiet_since.is_not(None))
    await w.session.execute(awake.values(quiet_since=None))
    return booked(entry)


def booked(entry: Entry) -> Text:
    """What was booked, and where its receipt is."""
    paper = f"/serbu-gass/bukti/{entry.code}"
    kg_id, kg_en = (f"{kilograms(entry.kg, lang)} kg, " if entry.kg else "" for lang in ("id", "en"))
    money = rupiah(entry.amount)
    return Text(f"Tercatat: {kg_id}{money}. Bukti: {paper}", f"Booked: {kg_en}{money}. Receipt: {paper}")


async def deliver_rows(reading: Reading, head: Values) -> Sequence[SheetRow]:
    """Each kind that the unit has, with the central bank's price."""
    prices = await ledger.prices_on(reading.session, head.get("day") or rules.local_date(reading.now))
    unit_id = head.get("unit_id")
    stocks = {k.id: rules.stock_of(unit_id, k.id).id for k in await kinds_of(reading)} if unit_id else {}
    held = await ledger.balances(reading.session, stocks.values())
    return [
        SheetRow(
            key=kind.id,
            label=kind.name,
            unit="kg",
            hint=f"stok/stock {kilograms(held[stocks[kind.id]].kg)} kg · {rupiah(prices[kind.id].central_price)}/kg",
        )
        for kind in await kinds_of(reading)
        if kind.id in prices and stocks.get(kind.id) in held and held[stocks[kind.id]].kg
    ]


async def deliver(w: Working, head: Values, boxes: Mapping[str, Decimal]) -> Text:
    """Book what a unit sells to the central bank. Raises Refused."""
    central = await central_bank(w)
    if central.id == head["unit_id"]:
        raise Refused(Text("Pilih unit, bukan bank induk.", "Choose a unit, not the central bank."), "unit_id")
    prices = await ledger.prices_on(w.session, head["day"])
    weights = ledger.weights(boxes, {kind_id: price.central_price for kind_id, price in prices.items()})
    return booked(await ledger.post(w, rules.deliver(head["unit_id"], central.id, head["day"], weights)))


async def central_bank(w: Working) -> Unit:
    """Raises Refused where none is registered."""
    asked = select(Unit).where(Unit.kind == "central", Unit.archived_at.is_(None)).order_by(Unit.created_at)
    central = await w.session.scalar(asked.limit(1))
    if central is None:
        raise Refused(Text("Daftarkan dulu Bank Sampah Induk.", "Register the central waste bank first."))
    return central


async def sell(w: Working, typed: Values) -> Text:
    """Book what a collector takes. Raises Refused."""
    weights = ledger.weights({typed["kind_id"]: typed["kg"]}, {typed["kind_id"]: typed["price"]})
    unit_id, collector_id = typed["unit_id"], typed["collector_id"]
    draft = rules.sell(unit_id, typed["day"], collector_id, weights, cash=bool(typed["cash"]))
    return booked(await ledger.post(w, draft))


async def withdraw(w: Working, member: Member, typed: Values) -> Text:
    draft = rules.withdraw(member.unit_id, rules.local_date(w.now), member.id, typed["amount"])
    return booked(await ledger.post(w, draft))


async def give_balance(w: Working, member: Member, typed: Values) -> Text:
    draft = rules.alms_of_balance(member.unit_id, rules.local_date(w.now), member.id, typed["amount"])
    return booked(await ledger.post(w, draft))


async def new_code(_w: Working, member: Member, _typed: Values) -> Text:
    """Make the passbook's old address worthless."""
    member.code = code_of(unguessable())
    return Text(f"Alamat baru: {passbook_path(member)}", f"New address: {passbook_path(member)}")


async def show_passbook(_w: Working, member: Member, _typed: Values) -> Text:
    return Text(f"Buku tabungan: {passbook_path(member)}", f"Passbook: {passbook_path(member)}")


def passbook_path(member: Member) -> str:
    return f"/serbu-gass/buku/{member.code}"


async def put_in(w: Working, unit: Unit, typed: Values) -> Text:
    return booked(await ledger.post(w, rules.put_in(unit.id, rules.local_date(w.now), typed["amount"])))


async def settle(w: Working, unit: Unit, typed: Values) -> Text:
    central = await central_bank(w)
    return booked(await ledger.post(w, rules.settle(unit.id, central.id, rules.local_date(w.now), typed["amount"])))


async def collect(w: Working, collector: Collector, typed: Values) -> Text:
    today = rules.local_date(w.now)
    return booked(await ledger.post(w, rules.collect(typed["unit_id"], today, collector.id, typed["amount"])))


async def give(w: Working, recipient: Recipient, typed: Values) -> Text:
    today = rules.local_date(w.now)
    return booked(await ledger.post(w, rules.give(typed["unit_id"], today, recipient.id, typed["amount"])))


async def reverse(w: Working, entry: Entry, typed: Values) -> Text:
    back = await ledger.reverse(w, entry, rules.local_date(w.now), typed["reason"])
    await w.session.refresh(entry, ["is_reversed"])
    return Text(f"Dibatalkan dengan {back.number}.", f"Reversed by {back.number}.")


async def saving_member(w: Working, member: Member, new: bool) -> None:
    """A new member gets a passbook; one with an account stays with the unit that keeps it. Raises Refused."""
    if new:
        member.code = code_of(unguessable())
    elif inspect(member).attrs.unit_id.history.has_changes():
        own = select(AccountRow.id).where(AccountRow.kind == AccountKind.MEMBER.value, AccountRow.of == member.id)
        if await w.session.scalar(own.limit(1)) is not None:
            message = Text(
                "Nasabah sudah punya rekening di unitnya.", "The member has an account at that unit already."
            )
            raise Refused(message, "unit_id")


async def saving_unit(w: Working, unit: Unit, _new: bool) -> None:
    """There is one central bank. Raises Refused."""
    if unit.kind != "central":
        return
    others = select(func.count()).where(Unit.kind == "central", Unit.archived_at.is_(None), Unit.id != unit.id)
    with w.session.no_autoflush:
        if await w.session.scalar(others):
            raise Refused(Text("Bank Sampah Induk sudah ada.", "There is a central waste bank already."), "kind")


async def find_quiet(workshop: Workshop) -> None:
    """Note which units have gone quiet and tell of each once, until it weighs again."""
    async with workshop.working() as w:
        for unit, last in await reports.quiet_units(w):
            if unit.quiet_since is None:
                unit.quiet_since = rules.local_date(w.now)
                since = last.isoformat() if last else None
                w.emit("unit_quiet", {"unit": unit.name, "village": unit.village_code, "last_weighing": since})
