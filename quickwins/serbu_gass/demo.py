"""Content for the demonstration: made-up banks, members and weighings in villages that exist."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from dispatch.plugins import Village, Working
from quickwins.serbu_gass import ledger, rules
from quickwins.serbu_gass.model import (
    AlmsRequest,
    Base,
    Collector,
    Member,
    Pickup,
    Price,
    Recipient,
    Unit,
    WasteKind,
)
from quickwins.serbu_gass.rules import Account, AccountKind, Draft, Weighed

PLACES = ("Penajam", "Nenang", "Petung", "Sotek", "Giri Mukti", "Waru", "Sesulu", "Babulu Darat", "Labangka")
TWICE = ("Penajam", "Petung", "Waru", "Sepaku")
FARTHER = ("Sepaku", "Bukit Raya", "Semoi Dua")
FLOWERS = (
    *("Melati", "Kenanga", "Anggrek", "Mawar", "Cempaka", "Teratai", "Dahlia", "Flamboyan"),
    *("Bougenvil", "Seruni", "Kamboja", "Tanjung", "Alamanda", "Asoka", "Lavender"),
)
FIRST = "Siti Nur Rahmat Budi Dewi Agus Sri Hasan Rina Yusuf Wahyu Fitri Eko Lina Andi Ratna Joko Maya".split()
LAST = "Aminah Hidayat Santoso Lestari Saputra Wulandari Rahman Susanti Pratama Handayani".split()
OFFICES = (
    "Dinas Lingkungan Hidup",
    "Dinas Pendidikan dan Olahraga",
    "Dinas Kesehatan",
    "Kecamatan Penajam",
    "Badan Penanggulangan Bencana Daerah",
    "Dinas Perhubungan",
)
KINDS = (
    ("Botol PET bersih", "Clean PET bottles", "plastic", 3500, 4200, "Lepas tutup dan label, gepengkan."),
    ("Gelas plastik", "Plastic cups", "plastic", 4000, 4900, "Bilas dan keringkan."),
    ("Plastik campur", "Mixed plastic", "plastic", 700, 1000, None),
    ("Kardus", "Cardboard", "paper", 1500, 1900, "Ikat, jangan basah."),
    ("Kertas HVS", "Office paper", "paper", 1800, 2300, None),
    ("Kaleng aluminium", "Aluminium cans", "metal", 11000, 13000, "Gepengkan."),
    ("Besi", "Iron", "metal", 3500, 4200, None),
    ("Botol kaca", "Glass bottles", "glass", 400, 600, None),
    ("Minyak jelantah", "Used cooking oil", "oil", 5000, 6000, "Saring, masukkan botol tertutup."),
)
RECIPIENTS = (
    ("Panti Asuhan Contoh Kasih", "orphanage", "Perlengkapan sekolah"),
    ("Masjid Contoh Al-Amanah", "worship", "Kegiatan anak yatim"),
    ("Keluarga Contoh RT 07", "family", "Perbaikan atap rumah"),
)
DAYS = 330
QUIET_FROM = 45
"""Days ago, since when the last two units weigh no more."""


@dataclass(slots=True)
class Maker:
    """Makes rows with ids from `random`, so that the same demonstration can be made again."""

    w: Working
    random: Random

    def mint(self) -> str:
        return f"{self.random.getrandbits(128):032x}"

    async def add(self, row: Base) -> Any:
        made: Any = row
        made.id, made.version = self.mint(), 1
        made.created_at = made.updated_at = self.w.now
        self.w.session.add(row)
        await self.w.session.flush()
        return made

    async def post(self, draft: Draft) -> None:
        """As if written on its day, in the morning."""
        at = datetime.combine(draft.day, time(1, self.random.randrange(60)), tzinfo=UTC)
        await ledger.post(self.w, draft, self.mint, at=min(at, self.w.now))

    def person(self) -> str:
        return f"{self.random.choice(FIRST)} {self.random.choice(LAST)}"

    def phone(self) -> str:
        """Of a row of numbers that looks made up."""
        return f"+62812000{self.random.randrange(10_000, 99_999)}"


async def demo(w: Working, random: Random) -> None:
    """Fill the empty tables: some 15 units, 36 members, and their books over eleven months."""
    maker = Maker(w, random)
    villages = {village.name: village for village in await w.villages()}
    kinds = await _kinds(maker)
    units = await _units(maker, villages)
    central = await _unit(maker, villages["Nenang"], "Bank Sampah Induk Penajam Paser Utara", "central")
    members = [m for unit in units for m in await _members(maker, unit)]
    collector = await maker.add(Collector(name="UD Contoh Berkah", phone=maker.phone(), place="Petung"))
    recipients = [await maker.add(Recipient(name=n, kind=k, need=need)) for n, k, need in RECIPIENTS]
    today = rules.local_date(w.now)
    for unit in (*units, central):
        await maker.post(rules.put_in(unit.id, today - timedelta(days=DAYS), 3_000_000))
    await _weighings(maker, units, members, kinds)
    for unit in units[:8]:
        await _after(maker, unit, central, collector, recipients, kinds)
    for member in members[::3]:
        await _withdrawal(maker, member)
    for days, unit in enumerate(units[:6], 2):
        hour = time(8, 30 * (days % 2))
        await maker.add(Pickup(unit_id=unit.id, day=today + timedelta(days=days), hour=hour, vehicle="Pikap DLH"))
    await maker.add(
        AlmsRequest(
            name=maker.person(),
            phone=maker.phone(),
            village_code=villages["Petung"].code,
            address="Jalan Contoh, RT 04",
            what="3 karung botol plastik",
        )
    )


async def _kinds(maker: Maker) -> list[tuple[WasteKind, int, int]]:
    """Nine kinds; the price of each was lower until half a year ago."""
    made = []
    today = rules.local_date(maker.w.now)
    for name, name_en, family, member, central, advice in KINDS:
        kind = await maker.add(WasteKind(name=name, name_en=name_en, family=family, advice=advice))
        for back, lower in ((DAYS + 30, 9), (150, 10)):
            start, prices = today - timedelta(days=back), (member * lower // 10, central * lower // 10)
            await maker.add(Price(kind_id=kind.id, valid_from=start, member_price=prices[0], central_price=prices[1]))
        made.append((kind, member, central))
    return made


async def _units(maker: Maker, villages: dict[str, Village]) -> list[Unit]:
    places = [villages[name] for name in (*PLACES, *FARTHER, *TWICE[:3]) if name in villages]
    return [
        await _unit(maker, place, f"Bank Sampah {flower} {place.name}", "unit")
        for place, flower in zip(places, FLOWERS, strict=False)
    ]


async def _unit(maker: Maker, village: Village, name: str, kind: str) -> Unit:
    lat, lon = village.point or (None, None)
    shift = maker.random.uniform(-0.006, 0.006), maker.random.uniform(-0.006, 0.006)
    day = maker.random.choice(("Sabtu", "Minggu", "Jumat"))
    unit: Unit = await maker.add(
        Unit(
            name=name,
            kind=kind,
            village_code=village.code,
            address=f"RT {maker.random.randrange(1, 20):02d}, {village.name}",
            point_lat=None if lat is None else round(lat + shift[0], 5),
            point_lon=None if lon is None else round(lon + shift[1], 5),
            chair=maker.person(),
            phone=maker.phone(),
            opening=f"{day} 08.00–11.00",
            founded=rules.local_date(maker.w.now) - timedelta(days=DAYS + maker.random.randrange(30)),
        )
    )
    return unit


async def _members(maker: Maker, unit: Unit) -> list[Member]:
    """Two households a unit; the offices save with the units of Penajam and Nenang."""
    names = [(maker.person(), "household"), (maker.person(), "household")]
    if unit.name.endswith(" Penajam") and "Melati" in unit.name:
        names += [(office, "office") for office in OFFICES]
    return [
        await maker.add(
            Member(
                name=name,
                kind=kind,
                unit_id=unit.id,
                village_code=unit.village_code,
                phone=maker.phone() if kind == "household" else None,
                code=ledger.code_of(maker.mint()),
            )
        )
        for name, kind in names
    ]


async def _weighings(
    maker: Maker, units: list[Unit], members: list[Member], kinds: list[tuple[WasteKind, int, int]]
) -> None:
    """A hundred, oldest first; every ninth is alms. The last two units stop before today."""
    today = rules.local_date(maker.w.now)
    quiet = {unit.id for unit in units[-2:]}
    active = [member for member in members if member.unit_id not in quiet]
    for ago in sorted((maker.random.randrange(DAYS) for _ in range(100)), reverse=True):
        member = maker.random.choice(members if ago > QUIET_FROM else active)
        await _weighing(maker, member, today - timedelta(days=ago), kinds, as_alms=maker.random.randrange(9) == 0)
    for number, member in enumerate(active):
        if (member.kind == "office" and number % 3) or (member.kind != "office" and number % 2 == 0):
            day = today.replace(day=1) + timedelta(days=maker.random.randrange(today.day))
            await _weighing(maker, member, day, kinds, as_alms=False)


async def _weighing(
    maker: Maker, member: Member, day: date, kinds: list[tuple[WasteKind, int, int]], *, as_alms: bool
) -> None:
    prices = await ledger.prices_on(maker.w.session, day)
    brought = maker.random.sample(kinds, maker.random.randint(1, 3))
    weights = [
        Weighed(kind.id, Decimal(maker.random.randrange(400, 18_000, 50)).scaleb(-3), prices[kind.id].member_price)
        for kind, _member, _central in brought
    ]
    if as_alms:
        await maker.post(rules.alms(member.unit_id, day, weights, member.id, member.name))
    else:
        await maker.post(rules.weigh(member.unit_id, day, weights, member.id))


async def _after(
    maker: Maker,
    unit: Unit,
    central: Unit,
    collector: Collector,
    recipients: list[Recipient],
    kinds: list[tuple[WasteKind, int, int]],
) -> None:
    """What a unit did with its stock, its alms and its members' savings in the last days."""
    today = rules.local_date(maker.w.now)
    stocks = {kind.id: rules.stock_of(unit.id, kind.id).id for kind, _member, _central in kinds}
    held = await ledger.balances(maker.w.session, stocks.values())
    there = [(kind.id, price, held[stocks[kind.id]].kg) for kind, _m, price in kinds if stocks[kind.id] in held]
    half = [Weighed(key, (kg / 2).quantize(rules.GRAM), price) for key, price, kg in there if kg]
    if half:
        await maker.post(rules.deliver(unit.id, central.id, today - timedelta(days=6), half[:3]))
        await maker.post(rules.settle(unit.id, central.id, today - timedelta(days=4), 10_000))
        last = Weighed(half[-1].kind_id, Decimal(1) if half[-1].kg > 1 else half[-1].kg, half[-1].price + 300)
        await maker.post(rules.sell(unit.id, today - timedelta(days=3), collector.id, [last], cash=True))
    fund = Account(AccountKind.FUND, unit.id).id
    given = -(await ledger.balances(maker.w.session, [fund])).get(fund, rules.Balance()).amount
    if given > 1000:
        recipient = maker.random.choice(recipients)
        await maker.post(rules.give(unit.id, today - timedelta(days=2), recipient.id, given // 2))


async def _withdrawal(maker: Maker, member: Member) -> None:
    """Half of what a member has, in thousands."""
    account = Account(AccountKind.MEMBER, member.unit_id, member.id).id
    has = -(await ledger.balances(maker.w.session, [account])).get(account, rules.Balance()).amount
    if amount := has // 2000 * 1000:
        day = rules.local_date(maker.w.now) - timedelta(days=1)
        await maker.post(rules.withdraw(member.unit_id, day, member.id, amount))
