"""Public pages: what it is, units and the nearest, prices, tonnes, alms, and a member's passbook by its code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query, Response
from sqlalchemy import func, select

from dispatch.plugins import Field, InPage, Kind, PageRequest, Reading, Text, Village
from quickwins.serbu_gass import ledger, reports, rules, words
from quickwins.serbu_gass.model import (
    AccountRow,
    AlmsRequest,
    Entry,
    LineRow,
    Member,
    Pickup,
    Recipient,
    Unit,
    WasteKind,
)
from quickwins.serbu_gass.rules import Account, AccountKind, EntryKind

public = APIRouter()

Code = Annotated[str, Path(pattern=r"^[0-9a-hjkmnp-tv-z]{16}$")]
MOST_PICKUPS = 20
PASSBOOK_ENTRIES = 200
ASK = (
    Field(name="name", label=Text("Nama", "Name"), required=True, longest=100),
    Field(name="phone", label=Text("Telepon / WhatsApp", "Phone / WhatsApp"), kind=Kind.PHONE, required=True),
    Field(name="village_code", label=Text("Desa/kelurahan", "Village"), kind=Kind.VILLAGE, required=True),
    Field(name="address", label=Text("Alamat jemput", "Where to fetch it"), required=True, longest=300),
    Field(
        name="what",
        label=Text("Sampah apa, kira-kira berapa", "What waste, about how much"),
        required=True,
        longest=300,
        hint=Text("Misalnya: 2 karung botol, 1 dus kertas", "For example: 2 sacks of bottles, 1 box of paper"),
    ),
)


@dataclass(frozen=True, slots=True)
class Moved:
    """One line of a passbook."""

    entry: Entry
    amount: int
    """Change of the balance, in rupiah."""
    balance: int
    details: Sequence[tuple[str, Decimal, int | None, int]]
    """Kind, kg, price a kg, rupiah."""


@dataclass(frozen=True, slots=True)
class Near:
    unit: Unit
    village: Village | None
    km: float | None

    @property
    def point(self) -> tuple[float, float] | None:
        """Where it stands; None where nobody said."""
        lat, lon = self.unit.point_lat, self.unit.point_lon
        return None if lat is None or lon is None else (lat, lon)


@public.get("/")
async def home(page: InPage) -> Response:
    """What it is, and what came of it."""
    today = rules.local_date(page.now)
    async with page.reading() as reading:
        ever = await reports.total_of(reading, date.min, today)
        year = await reports.total_of(reading, date(today.year, 1, 1), today)
        units = await reports.units_of(reading, "unit")
        chart = await reports.months_chart(reading, today, page.lang)
        all_villages = len(await reading.villages())
        members = await reading.session.scalar(select(func.count(Member.id)).where(Member.archived_at.is_(None)))
        coming = select(Pickup, Unit.name).join(Unit, Unit.id == Pickup.unit_id).order_by(Pickup.day, Pickup.hour)
        soon = coming.where(Pickup.day >= today, Pickup.state == "planned", Pickup.archived_at.is_(None))
        pickups = (await reading.session.execute(soon.limit(MOST_PICKUPS))).all()
    summary = Text(
        "Bank sampah di setiap desa Penajam Paser Utara: timbang, tabung, dan sedekahkan sampah terpilah.",
        "Waste banks in every village of Penajam Paser Utara: weigh, save, and give sorted waste as alms.",
    )
    return await page.render(
        "home.html",
        title=page.text(Text("Bank sampah dan sedekah sampah", "Waste banks and alms of waste")),
        description=page.text(summary),
        structured={"@type": "GovernmentService", "name": "Serbu Gass", "description": page.text(summary)}
        | {"serviceType": "Waste bank", "areaServed": "Penajam Paser Utara", "url": page.absolute(page.path())},
        ever=ever,
        year=year,
        units=units,
        villages=len({unit.village_code for unit in units}),
        all_villages=all_villages,
        members=members,
        chart_data=chart,
        pickups=pickups,
        goal=rules.GOAL_UNITS,
    )


@public.get("/unit")
async def units(page: InPage, desa: Annotated[str, Query(max_length=16)] = "") -> Response:
    """All units, nearest first where a village was chosen."""
    async with page.reading() as reading:
        known = await reading.villages()
        near = nearest(await reports.units_of(reading), {v.code: v for v in known}, desa)
    return await page.render(
        "units.html",
        title=page.text(Text("Unit bank sampah", "Waste bank units")),
        description=page.text(Text("Alamat, hari menimbang, dan peta", "Addresses, weighing days and a map")),
        structured={"@type": "ItemList", "itemListElement": [_centre(page, n, one) for n, one in enumerate(near, 1)]},
        near=near,
        villages=known,
        chosen=desa,
    )


def nearest(units: Sequence[Unit], villages: Mapping[str, Village], code: str) -> list[Near]:
    """Units with their distance from the chosen village's centroid, nearest first; by name where none is chosen."""
    origin = villages[code].point if code in villages else None
    found = [Near(unit, villages.get(unit.village_code), None) for unit in units]
    if origin is None:
        return found
    placed = [Near(n.unit, n.village, rules.kilometres(origin, n.point) if n.point else None) for n in found]
    return sorted(placed, key=lambda n: (n.unit.village_code != code, n.km is None, n.km or 0.0))


def _centre(page: PageRequest, position: int, near: Near) -> dict[str, Any]:
    unit, point = near.unit, near.point
    centre: dict[str, Any] = {"@type": "RecyclingCenter", "name": unit.name}
    centre["url"] = page.absolute(page.path("unit")) + f"#u-{unit.id}"
    if unit.phone:
        centre["telephone"] = unit.phone
    if point:
        centre["geo"] = {"@type": "GeoCoordinates", "latitude": point[0], "longitude": point[1]}
    locality = near.village.name if near.village else "Penajam Paser Utara"
    centre["address"] = {"@type": "PostalAddress", "addressLocality": locality, "addressCountry": "ID"}
    if unit.address:
        centre["address"]["streetAddress"] = unit.address
    return {"@type": "ListItem", "position": position, "item": centre}


@public.get("/harga")
async def prices(page: InPage) -> Response:
    """Today's prices by family, each with since when it holds."""
    today = rules.local_date(page.now)
    async with page.reading() as reading:
        current = await ledger.prices_on(reading.session, today)
        asked = select(WasteKind).where(WasteKind.archived_at.is_(None)).order_by(WasteKind.name)
        kinds = [kind for kind in await reading.session.scalars(asked) if kind.id in current]
    families = [(c.label.in_(page.lang), [k for k in kinds if k.family == c.value]) for c in words.FAMILIES]
    return await page.render(
        "prices.html",
        title=page.text(Text("Harga sampah hari ini", "Today's prices of waste")),
        description=page.text(Text("Harga per kilogram yang dibayar ke nasabah", "Paid to members, a kilogram")),
        families=[(name, those) for name, those in families if those],
        prices=current,
        today=today,
    )


@public.get("/sedekah")
async def alms(page: InPage) -> Response:
    return await _alms(page)


@public.post("/sedekah")
async def ask(page: InPage) -> Response:
    """Take a request to fetch alms."""
    checked = await page.form(ASK)
    if checked.faults:
        return await _alms(page, checked.faults)
    async with page.working() as w:
        row = {"id": ledger.unguessable(), "version": 1, "created_at": w.now, "updated_at": w.now}
        w.session.add(AlmsRequest(**row, **checked.values, state="asked"))
    return page.redirect("sedekah?terkirim=1")


async def _alms(page: PageRequest, faults: Sequence[Any] = ()) -> Response:
    kinds = [kind.value for kind in (EntryKind.ALMS, EntryKind.ALMS_BALANCE, EntryKind.GIFT)]
    async with page.reading() as reading:
        asked = select(Entry.kind, func.sum(Entry.amount), func.sum(Entry.kg)).where(Entry.kind.in_(kinds))
        rows = await reading.session.execute(asked.where(~Entry.is_reversed).group_by(Entry.kind))
        sums = {kind: (int(amount), kg) for kind, amount, kg in rows}
        named = select(Recipient).where(Recipient.kind != "family", Recipient.archived_at.is_(None))
        recipients = (await reading.session.scalars(named.order_by(Recipient.name))).all()
        villages = await reading.villages()
    given = sums.get("alms", (0, rules.NOTHING))
    return await page.render(
        "alms.html",
        title=page.text(Text("Gerakan sedekah sampah", "Alms of waste")),
        description=page.text(Text("Berikan sampah terpilah sebagai sedekah", "Give sorted waste as alms")),
        status=422 if faults else 200,
        kg=given[1],
        worth=given[0] + sums.get("alms_balance", (0, rules.NOTHING))[0],
        passed_on=sums.get("gift", (0, rules.NOTHING))[0],
        recipients=recipients,
        recipient_kinds={one.value: one.label for one in words.RECIPIENT_KINDS},
        villages=villages,
        fields=ASK,
        faults=faults,
        sent=page.request.query_params.get("terkirim") == "1",
    )


@public.get("/buku/{code}")
async def passbook(page: InPage, code: Code) -> Response:
    """One member's passbook for whoever has its address; it says nothing that leads to another's."""
    async with page.reading() as reading:
        asked = select(Member, Unit).join(Unit, Unit.id == Member.unit_id)
        found = (await reading.session.execute(asked.where(Member.code == code, Member.archived_at.is_(None)))).first()
        if found is None:
            raise HTTPException(404)
        member, unit = found
        moved = await movements(reading, member, page)
    response = await page.render(
        "passbook.html",
        title=page.text(Text("Buku tabungan", "Passbook")),
        member=member,
        unit=unit,
        moved=moved[:PASSBOOK_ENTRIES],
        more=len(moved) > PASSBOOK_ENTRIES,
        balance=moved[0].balance if moved else 0,
        kg=sum((kg for one in moved if one.entry.kind == "weigh" for _, kg, _, _ in one.details), rules.NOTHING),
        kinds={kind.value: text.in_(page.lang) for kind, text in words.ENTRIES.items()},
    )
    return _private(response)


async def movements(reading: Reading, member: Member, page: PageRequest) -> list[Moved]:
    """All that changed the member's balance, newest first, with the balance after each."""
    account = Account(AccountKind.MEMBER, member.unit_id, member.id).id
    asked = select(Entry, LineRow.amount).join(LineRow, LineRow.entry_id == Entry.id)
    booked = asked.where(LineRow.account_id == account).order_by(Entry.created_at, Entry.id)
    rows = (await reading.session.execute(booked)).all()
    details = await details_of(reading, account, page)
    balance, moved = 0, []
    for entry, amount in rows:
        balance -= amount
        moved.append(Moved(entry, -amount, balance, details.get(entry.id, [])))
    return moved[::-1]


async def details_of(reading: Reading, account: str, page: PageRequest) -> dict[str, list[Any]]:
    """Kind, kg, price and rupiah of each weighed line in the entries that touch the account."""
    mine = select(LineRow.entry_id).where(LineRow.account_id == account)
    asked = select(LineRow, WasteKind).join(AccountRow, AccountRow.id == LineRow.account_id)
    weighed = asked.join(WasteKind, WasteKind.id == AccountRow.of).where(AccountRow.kind == AccountKind.STOCK.value)
    found: dict[str, list[Any]] = {}
    for line, kind in await reading.session.execute(weighed.where(LineRow.entry_id.in_(mine)).order_by(LineRow.number)):
        worth = rules.worth(line.kg, line.price or 0)
        found.setdefault(line.entry_id, []).append((words.kind_name(kind, page.lang), line.kg, line.price, worth))
    return found


@public.get("/bukti/{code}")
async def receipt(page: InPage, code: Code) -> Response:
    """One entry's receipt, to show and to print."""
    async with page.reading() as reading:
        entry = await reading.session.scalar(select(Entry).where(Entry.code == code))
        if entry is None:
            raise HTTPException(404)
        unit = await reading.session.get_one(Unit, entry.unit_id)
        member = await reading.session.get(Member, entry.member_id) if entry.member_id else None
        recipient = await reading.session.get(Recipient, entry.recipient_id) if entry.recipient_id else None
        lines = select(LineRow, WasteKind).join(AccountRow, AccountRow.id == LineRow.account_id)
        own = lines.join(WasteKind, WasteKind.id == AccountRow.of).where(LineRow.entry_id == entry.id)
        stock = own.where(AccountRow.kind == AccountKind.STOCK.value, AccountRow.unit_id == entry.unit_id)
        weighed = (await reading.session.execute(stock.order_by(LineRow.number))).all()
    response = await page.render(
        "receipt.html",
        title=page.text(words.ENTRIES[EntryKind(entry.kind)]),
        entry=entry,
        unit=unit,
        member=member,
        recipient=recipient,
        weighed=[
            (words.kind_name(k, page.lang), abs(x.kg), x.price, rules.worth(abs(x.kg), x.price or 0))
            for x, k in weighed
        ],
    )
    return _private(response)


def _private(response: Response) -> Response:
    """Kept by no cache, listed by no search engine, its address told to no other site."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
