"""What the waste banks show: tonnes and rupiah by village, the books, offices' deposits, alms, units gone quiet."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select

from dispatch.plugins import (
    Block,
    ChartData,
    Facts,
    Feature,
    Landmark,
    Lang,
    Note,
    Reading,
    Series,
    Table,
    Text,
    TileValue,
    Values,
)
from quickwins.serbu_gass import rules, words
from quickwins.serbu_gass.ledger import balances, kilograms, rupiah
from quickwins.serbu_gass.model import AccountRow, Entry, LineRow, Member, Price, Recipient, Unit, WasteKind
from quickwins.serbu_gass.rules import NOTHING, AccountKind, Balance, EntryKind

TAKEN_IN = (EntryKind.WEIGH.value, EntryKind.ALMS.value)


@dataclass(slots=True)
class Sum:
    kg: Decimal = NOTHING
    amount: int = 0
    count: int = 0

    def add(self, kg: Decimal, amount: int, count: int) -> None:
        self.kg, self.amount, self.count = self.kg + kg, self.amount + amount, self.count + count


def taken_in(first: date, last: date, *by: Any) -> Select[Any]:
    """Kilograms, rupiah and number of weighings from `first` to `last`, those taken back left out, grouped."""
    sums = select(*by, func.sum(Entry.kg), func.sum(Entry.amount), func.count(Entry.id))
    within = sums.where(Entry.kind.in_(TAKEN_IN), Entry.day.between(first, last), ~Entry.is_reversed)
    return within.group_by(*by) if by else within


async def units_of(reading: Reading, kind: str | None = None) -> Sequence[Unit]:
    asked = select(Unit).where(Unit.archived_at.is_(None)).order_by(Unit.name)
    return (await reading.session.scalars(asked.where(Unit.kind == kind) if kind else asked)).all()


async def total_of(reading: Reading, first: date, last: date) -> Sum:
    kg, amount, count = (await reading.session.execute(taken_in(first, last))).one()
    return Sum(kg or NOTHING, int(amount or 0), count)


async def quiet_units(reading: Reading) -> list[tuple[Unit, date | None]]:
    """Units at which nothing was weighed for as many days as the settings say, with the last day."""
    asked = select(Entry.unit_id, func.max(Entry.day)).where(Entry.kind.in_(TAKEN_IN), ~Entry.is_reversed)
    last = {unit_id: day for unit_id, day in await reading.session.execute(asked.group_by(Entry.unit_id))}
    today, days = rules.local_date(reading.now), reading.settings.quiet_days
    units = await units_of(reading, "unit")
    return [(u, last.get(u.id)) for u in units if rules.is_quiet(last.get(u.id), u.founded, today, days)]


def _span(chosen: Values, today: date) -> tuple[date, date]:
    last = chosen.get("last") or today
    return chosen.get("first") or date(last.year, 1, 1), last


async def months_chart(reading: Reading, last: date, lang: Lang) -> ChartData:
    """Twelve months of kilograms up to `last`."""
    months = rules.months_back(last, 12)
    found = await reading.session.execute(taken_in(months[0], last, Entry.day))
    sums: dict[date, Decimal] = defaultdict(Decimal)
    for day, kg, _amount, _count in found:
        sums[day.replace(day=1)] += kg
    return ChartData(
        kind="bar",
        title=Text("Sampah terkumpul per bulan", "Waste collected a month").in_(lang),
        unit="kg",
        labels=tuple(f"{month:%m-%Y}" for month in months),
        series=(Series("kg", tuple(sums[month] for month in months)),),
    )


async def by_village(reading: Reading, first: date, last: date) -> dict[str, Sum]:
    """What the units of each village took in, by its code."""
    villages = {unit.id: unit.village_code for unit in await reading.session.scalars(select(Unit))}
    sums: dict[str, Sum] = defaultdict(Sum)
    for unit_id, kg, amount, count in await reading.session.execute(taken_in(first, last, Entry.unit_id)):
        sums[villages[unit_id]].add(kg, int(amount), count)
    return sums


async def villages(reading: Reading, chosen: Values, lang: Lang) -> Sequence[Block]:
    """Each village's units, tonnes and rupiah, and which have fewer units than the goal."""
    first, last = _span(chosen, rules.local_date(reading.now))
    sums = await by_village(reading, first, last)
    units: dict[str, int] = defaultdict(int)
    for unit in await units_of(reading, "unit"):
        units[unit.village_code] += 1
    known = await reading.villages()
    lacking = [v for v in known if units[v.code] < rules.GOAL_PER_VILLAGE]
    say = words.sayer(lang)
    rows = tuple(
        (v.district, v.name, str(units[v.code]), kilograms(sums[v.code].kg, lang), rupiah(sums[v.code].amount))
        for v in known
    )
    grams, money = sum((s.kg for s in sums.values()), NOTHING), sum(s.amount for s in sums.values())
    need = ", ".join(f"{v.name} ({units[v.code]})" for v in lacking)
    return [
        Facts(
            items=(
                (say("Unit", "Units"), f"{sum(units.values())} / {rules.GOAL_UNITS}"),
                (say("Desa dengan 2 unit", "Villages with 2 units"), f"{len(known) - len(lacking)} / {len(known)}"),
                (say("Terkumpul", "Collected"), f"{kilograms(grams / 1000, lang)} ton"),
                (say("Nilai", "Worth"), rupiah(money)),
            )
        ),
        Note(
            text=say("Masih kurang dari 2 unit: ", "Fewer than 2 units still: ") + need
            if lacking
            else say("Semua desa sudah punya 2 unit.", "Every village has 2 units."),
            tone="warn" if lacking else "good",
        ),
        await months_chart(reading, last, lang),
        Table(
            columns=(say("Kecamatan", "District"), say("Desa", "Village"), say("Unit", "Units"), "kg", "Rp"),
            rows=rows,
            numeric=(2, 3, 4),
            title=f"{first:%d-%m-%Y} – {last:%d-%m-%Y}",
        ),
    ]


async def accounts_of(reading: Reading, unit_id: str | None) -> list[tuple[AccountRow, Balance]]:
    asked = select(AccountRow).order_by(AccountRow.id)
    rows = (await reading.session.scalars(asked.where(AccountRow.unit_id == unit_id) if unit_id else asked)).all()
    held = await balances(reading.session, [row.id for row in rows])
    return [(row, held.get(row.id, Balance())) for row in rows]


async def books(reading: Reading, chosen: Values, lang: Lang) -> Sequence[Block]:
    """A trial balance of one unit or of all, and the stock of each kind."""
    sums: dict[str, int] = defaultdict(int)
    stocks: dict[str, Balance] = {}
    for row, balance in await accounts_of(reading, chosen.get("unit_id")):
        sums[row.kind] += balance.amount
        if row.kind == AccountKind.STOCK:
            before = stocks.get(row.of, Balance())
            stocks[row.of] = Balance(before.amount + balance.amount, before.kg + balance.kg)
    say = words.sayer(lang)
    lines = [(words.ACCOUNTS[kind].in_(lang), sums[kind.value]) for kind in AccountKind]
    debits = sum(amount for _name, amount in lines if amount > 0)
    both = (say("Jumlah", "Total"), rupiah(debits), rupiah(debits - sum(sums.values())))
    names = {kind.id: words.kind_name(kind, lang) for kind in await reading.session.scalars(select(WasteKind))}
    return [
        Note(text=say("Neraca seimbang.", "The books balance."), tone="good")
        if not sum(sums.values())
        else Note(text=say("Neraca TIDAK seimbang!", "The books do NOT balance!"), tone="bad"),
        Table(
            title=say("Neraca saldo", "Trial balance"),
            columns=(say("Akun", "Account"), say("Debet", "Debit"), say("Kredit", "Credit")),
            rows=(*((name, rupiah(max(a, 0)), rupiah(max(-a, 0))) for name, a in lines), both),
            numeric=(1, 2),
        ),
        Table(
            title=say("Stok", "Stock"),
            columns=(say("Jenis", "Kind"), "kg", say("Harga perolehan", "At cost")),
            rows=tuple(
                (names[kind_id], kilograms(balance.kg, lang), rupiah(balance.amount))
                for kind_id, balance in sorted(stocks.items(), key=lambda item: -item[1].kg)
                if balance.kg
            ),
            numeric=(1, 2),
            empty=say("Tidak ada stok.", "There is no stock."),
        ),
    ]


async def offices(reading: Reading, chosen: Values, lang: Lang) -> Sequence[Block]:
    """Which offices brought waste in the month, as the circular asks of them, those that did not first."""
    first = (chosen.get("month") or rules.local_date(reading.now)).replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    asked = select(Member).where(Member.kind == "office", Member.archived_at.is_(None)).order_by(Member.name)
    members = (await reading.session.scalars(asked)).all()
    found = await reading.session.execute(taken_in(first, last, Entry.member_id))
    sums = {member_id: Sum(kg, int(amount), count) for member_id, kg, amount, count in found}
    say = words.sayer(lang)
    done = sum(member.id in sums for member in members)
    states = say("✓ sudah", "✓ done"), say("✗ belum", "✗ not yet")
    rows = [
        (states[m.id not in sums], m.name, str(s.count), kilograms(s.kg, lang), rupiah(s.amount))
        for m in sorted(members, key=lambda m: m.id in sums)
        if (s := sums.get(m.id, Sum()))
    ]
    return [
        Facts(items=((say("Kantor yang menyetor", "Offices that brought waste"), f"{done} / {len(members)}"),)),
        Table(
            columns=(say("Keadaan", "State"), say("Kantor", "Office"), say("Setoran", "Deposits"), "kg", "Rp"),
            rows=tuple(rows),
            numeric=(2, 3, 4),
            title=f"{first:%m-%Y}",
            empty=say("Belum ada kantor yang terdaftar.", "No office is registered yet."),
        ),
    ]


async def alms(reading: Reading, chosen: Values, lang: Lang) -> Sequence[Block]:
    """What was given as alms, what was passed on and to whom, and what the fund still holds."""
    first, last = _span(chosen, rules.local_date(reading.now))
    asked = select(Entry.kind, func.sum(Entry.amount), func.count(Entry.id)).group_by(Entry.kind)
    within = asked.where(Entry.day.between(first, last), ~Entry.is_reversed)
    sums = {kind: (int(amount), count) for kind, amount, count in await reading.session.execute(within)}
    fund = [b for row, b in await accounts_of(reading, None) if row.kind == AccountKind.FUND]
    given = select(Entry.recipient_id, func.sum(Entry.amount), func.count(Entry.id)).group_by(Entry.recipient_id)
    gifts = given.where(Entry.kind == EntryKind.GIFT.value, Entry.day.between(first, last), ~Entry.is_reversed)
    names = {one.id: one.name for one in await reading.session.scalars(select(Recipient))}
    say = words.sayer(lang)
    kinds = (EntryKind.ALMS, EntryKind.ALMS_BALANCE, EntryKind.GIFT)
    parts = [(words.ENTRIES[kind].in_(lang), *sums.get(kind.value, (0, 0))) for kind in kinds]
    return [
        Facts(
            items=(
                *((name, f"{rupiah(amount)} ({count}×)") for name, amount, count in parts),
                (say("Sisa dana hari ini", "Left in the fund today"), rupiah(-sum(b.amount for b in fund))),
            )
        ),
        Table(
            columns=(say("Penerima", "Recipient"), say("Kali", "Times"), "Rp"),
            rows=tuple(
                (names.get(key or "", "–"), str(count), rupiah(int(amount)))
                for key, amount, count in await reading.session.execute(gifts)
            ),
            numeric=(1, 2),
            title=f"{first:%d-%m-%Y} – {last:%d-%m-%Y}",
            empty=say("Belum ada yang disalurkan.", "Nothing was passed on yet."),
        ),
    ]


async def quiet(reading: Reading, _chosen: Values, lang: Lang) -> Sequence[Block]:
    names = {village.code: village.name for village in await reading.villages()}
    say = words.sayer(lang)
    rows = tuple(
        (u.name, names.get(u.village_code, ""), u.chair or "–", u.phone or "–", f"{day:%d-%m-%Y}" if day else "–")
        for u, day in sorted(await quiet_units(reading), key=lambda pair: pair[1] or date.min)
    )
    heads = (Text("Unit", "Unit"), Text("Desa", "Village"), Text("Ketua", "Chair"), Text("Telepon", "Phone"))
    none = say("Semua unit aktif.", "All units are active.")
    columns = (*(head.in_(lang) for head in heads), say("Terakhir menimbang", "Last weighing"))
    return [Table(columns=columns, rows=rows, empty=none)]


async def tile_quiet(reading: Reading, lang: Lang) -> TileValue:
    number = len(await quiet_units(reading))
    days = reading.settings.quiet_days
    hint = Text(f"tanpa timbangan {days} hari", f"without a weighing for {days} days").in_(lang)
    return TileValue(str(number), tone="warn" if number else "good", hint=hint)


async def tile_month(reading: Reading, lang: Lang) -> TileValue:
    today = rules.local_date(reading.now)
    month = await total_of(reading, today.replace(day=1), today)
    return TileValue(kilograms(month.kg, lang), unit="kg", hint=rupiah(month.amount))


async def features(reading: Reading, lang: Lang) -> Sequence[Feature]:
    """Units on the map; a quiet one says so."""
    say = words.sayer(lang)
    return [
        Feature(
            id=unit.id,
            point=(unit.point_lat, unit.point_lon),
            title=unit.name,
            text=say("Sedang tidak menimbang", "Not weighing at present") if unit.quiet_since else unit.opening or "",
            link=f"/serbu-gass/unit#u-{unit.id}",
            tone="warn" if unit.quiet_since else "good",
        )
        for unit in await units_of(reading)
        if unit.point_lat is not None and unit.point_lon is not None
    ]


async def landmarks(reading: Reading) -> Sequence[Landmark]:
    """Units as places that callers name."""
    return [
        Landmark(
            id=unit.id,
            name=unit.name,
            kind="waste_bank",
            point=(unit.point_lat, unit.point_lon),
            village_code=unit.village_code,
        )
        for unit in await units_of(reading)
        if unit.point_lat is not None and unit.point_lon is not None
    ]


async def open_collected(reading: Reading) -> Sequence[Sequence[Any]]:
    """Open data: month, village, kilograms, rupiah; no person can be told from it."""
    codes: Mapping[str, str] = {unit.id: unit.village_code for unit in await reading.session.scalars(select(Unit))}
    sums: dict[tuple[str, str], Sum] = defaultdict(Sum)
    asked = taken_in(date.min, rules.local_date(reading.now), Entry.day, Entry.unit_id)
    for day, unit_id, kg, amount, count in await reading.session.execute(asked):
        sums[f"{day:%Y-%m}", codes[unit_id]].add(kg, int(amount), count)
    return [(*key, one.kg, one.amount, one.count) for key, one in sorted(sums.items())]


async def open_prices(reading: Reading) -> Sequence[Sequence[Any]]:
    asked = select(Price, WasteKind).join(WasteKind, WasteKind.id == Price.kind_id).where(Price.archived_at.is_(None))
    rows = await reading.session.execute(asked.order_by(Price.valid_from, WasteKind.name))
    return [(p.valid_from, k.name, k.name_en, p.member_price, p.central_price) for p, k in rows]


async def journal(reading: Reading) -> Sequence[Sequence[Any]]:
    """Every line of the books, for an auditor."""
    asked = select(Entry, LineRow).join(LineRow, LineRow.entry_id == Entry.id)
    rows = await reading.session.execute(asked.order_by(Entry.created_at, Entry.id, LineRow.number))
    return [
        (e.day, e.number, e.kind, x.number, x.account_id, max(x.amount, 0), max(-x.amount, 0), x.kg, x.price, e.by)
        for e, x in rows
    ]
