"""A plugin of the tests: stalls of a market, each in a village and of an owner, with every kind of field."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dispatch.plugins import (
    PLUGIN_COLUMN_TYPES,
    Action,
    ChartData,
    Choice,
    Export,
    Facts,
    Fault,
    Field,
    Form,
    Kind,
    Lang,
    Note,
    Permission,
    Plugin,
    PluginRow,
    Reading,
    Refused,
    Report,
    Resource,
    Series,
    Sheet,
    SheetRow,
    Table,
    Text,
    Values,
    Working,
    plugin_metadata,
)


class Base(DeclarativeBase):
    metadata = plugin_metadata("pasar")
    type_annotation_map = PLUGIN_COLUMN_TYPES


class Owner(PluginRow, Base):
    __tablename__ = "pasar_owners"

    name: Mapped[str] = mapped_column(String(200), unique=True)
    phone: Mapped[str | None] = mapped_column(String(32))


class Stall(PluginRow, Base):
    __tablename__ = "pasar_stalls"
    __table_args__ = (UniqueConstraint("number", "village"),)

    number: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(100))
    note: Mapped[str] = mapped_column(String(500))
    size: Mapped[Decimal | None]
    rent: Mapped[int | None] = mapped_column(BigInteger)
    workers: Mapped[int | None]
    since: Mapped[date | None]
    opens: Mapped[time | None]
    inspected: Mapped[datetime | None]
    roofed: Mapped[bool]
    goods: Mapped[str | None] = mapped_column(String(20))
    place_lat: Mapped[float | None]
    place_lon: Mapped[float | None]
    village: Mapped[str | None] = mapped_column(String(16))
    owner: Mapped[str | None] = mapped_column(ForeignKey("pasar_owners.id"))
    site: Mapped[str | None] = mapped_column(String(200))
    photo: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(20), default="open")


GOODS = (Choice("fish", Text("Ikan", "Fish")), Choice("rice", Text("Beras", "Rice")))

OWNER_FIELDS = (
    Field(name="name", label=Text("Nama", "Name"), required=True, example="Bu Siti"),
    Field(name="phone", label=Text("Telepon", "Telephone"), kind=Kind.PHONE),
)

STALL_FIELDS = (
    Field(name="number", label=Text("Nomor", "Number"), required=True, longest=20, example="A-12"),
    Field(name="name", label=Text("Nama kios", "Stall"), required=True, longest=100, example="Ikan Segar"),
    Field(name="note", label=Text("Catatan", "Note"), kind=Kind.LONG_TEXT, longest=500),
    Field(
        name="size",
        label=Text("Luas", "Size"),
        kind=Kind.DECIMAL,
        least=Decimal("0.5"),
        most=Decimal(500),
        unit=Text("m²", "m²"),
        example="12,5",
    ),
    Field(name="rent", label=Text("Sewa", "Rent"), kind=Kind.MONEY, least=Decimal(0), example="150.000"),
    Field(name="workers", label=Text("Pekerja", "Workers"), kind=Kind.INTEGER, least=Decimal(0), most=Decimal(50)),
    Field(name="since", label=Text("Sejak", "Since"), kind=Kind.DATE, example="24/11/2026"),
    Field(name="opens", label=Text("Buka", "Opens"), kind=Kind.TIME),
    Field(name="inspected", label=Text("Diperiksa", "Inspected"), kind=Kind.MOMENT),
    Field(name="roofed", label=Text("Beratap", "Roofed"), kind=Kind.BOOLEAN),
    Field(name="goods", label=Text("Barang", "Goods"), kind=Kind.CHOICE, choices=GOODS),
    Field(name="place", label=Text("Letak", "Place"), kind=Kind.POINT),
    Field(name="village", label=Text("Desa/Kelurahan", "Village"), kind=Kind.VILLAGE, example="Petung"),
    Field(name="owner", label=Text("Pemilik", "Owner"), kind=Kind.REFERENCE, resource="owners"),
    Field(name="site", label=Text("Situs", "Site"), kind=Kind.LINK),
    Field(name="photo", label=Text("Foto", "Photo"), kind=Kind.PHOTO, in_list=False),
    Field(name="state", label=Text("Keadaan", "State"), typed=False),
)


def check_stall(values: Values) -> Sequence[Fault]:
    if values.get("goods") == "fish" and not values.get("roofed"):
        return [Fault("roofed", Text("Kios ikan harus beratap.", "A fish stall needs a roof."))]
    return []


async def saving_stall(work: Working, row: Any, new: bool) -> None:
    if row.name == "Terlarang":
        raise Refused(Text("Nama ini dilarang.", "This name is forbidden."), "name")
    if new:
        row.state = "open"


async def close(_work: Working, row: Any, values: Values) -> Text:
    if values["why"] == "tidak boleh":
        raise Refused(Text("Alasan ditolak.", "This reason is refused."), "why")
    row.state = "closed"
    return Text("Kios ditutup.", "The stall is closed.")


async def rents(reading: Reading, chosen: Values, lang: Lang) -> Sequence[Any]:
    query = select(Stall.name, Stall.rent).where(Stall.archived_at.is_(None)).order_by(Stall.name)
    if chosen.get("goods"):
        query = query.where(Stall.goods == chosen["goods"])
    rows = (await reading.session.execute(query)).all()
    title = Text("Sewa", "Rent").in_(lang)
    return [
        ChartData(labels=tuple(row.name for row in rows), series=(Series(title, tuple(row.rent for row in rows)),)),
        ChartData(labels=("a", "b"), series=(Series("x", (Decimal("1.5"), None)),), kind="bar", unit="kg"),
        Facts(items=(("n", str(len(rows))),), title=title),
        Table(columns=("a", "b"), rows=(("1", "2"),), numeric=(1,)),
        Note(text="…", tone="warn"),
    ]


async def sheet_rows(reading: Reading, head: Values) -> Sequence[SheetRow]:
    if head.get("day") == date(2026, 1, 1):
        raise Refused(Text("Hari libur.", "A holiday."), "day")
    rows = (await reading.session.execute(select(Stall).order_by(Stall.number))).scalars()
    return [SheetRow(key=row.id, label=row.name, unit="m²", last=row.size) for row in rows]


async def sheet_save(work: Working, head: Values, entries: Mapping[str, Decimal]) -> Text:
    for key, size in entries.items():
        stall = await work.session.get(Stall, key)
        assert stall is not None
        if size == Decimal("13"):
            raise Refused(Text("Tiga belas ditolak.", "Thirteen is refused."), key)
        stall.size = size
        stall.version += 1
    return Text(f"{len(entries)} disimpan.", f"{len(entries)} stored.")


async def rename(work: Working, values: Values) -> Text:
    if values["name"] == "salah":
        raise Refused(Text("Nama salah.", "A wrong name."), "name")
    owner = await work.session.get(Owner, values["owner"])
    assert owner is not None
    owner.name = values["name"]
    return Text("Diganti.", "Renamed.")


async def open_data(reading: Reading) -> Sequence[Sequence[Any]]:
    count = (await reading.session.execute(select(func.count()).select_from(Stall))).scalar_one()
    return [("=1+1", Decimal("1.125"), date(2026, 11, 24), count, None, True)]


PLUGIN = Plugin(
    name="pasar",
    version="1.0",
    title=Text("Pasar", "Market"),
    summary=Text("Kios pasar.", "Stalls of the market."),
    package="tests.plugins.pages",
    migrations=Path(__file__).parent,
    permissions=(
        Permission("view", Text("Lihat", "View")),
        Permission("edit", Text("Ubah", "Edit")),
        Permission("close", Text("Tutup", "Close")),
    ),
    pages=(
        Resource(
            name="stalls",
            label=Text("Kios", "Stalls"),
            one=Text("kios", "stall"),
            row=Stall,
            fields=STALL_FIELDS,
            title="name",
            view_permission="view",
            edit_permission="edit",
            search=("name", "note", "village", "goods", "owner", "rent"),
            filters=("goods", "village", "rent", "since", "inspected", "owner", "roofed", "name"),
            order="number",
            key=("number", "village"),
            importable=True,
            check=check_stall,
            saving=saving_stall,
            actions=(
                Action(
                    name="close",
                    label=Text("Tutup", "Close"),
                    permission="close",
                    run=close,
                    fields=(Field(name="why", label=Text("Alasan", "Reason"), required=True),),
                    offered=lambda row: bool(row.state == "open"),
                    confirm=Text("Tutup kios ini?", "Close this stall?"),
                ),
            ),
        ),
        Resource(
            name="owners",
            label=Text("Pemilik", "Owners"),
            one=Text("pemilik", "owner"),
            row=Owner,
            fields=OWNER_FIELDS,
            title="name",
            view_permission="edit",
            edit_permission="edit",
            search=("name",),
            key=("name",),
            importable=True,
        ),
        Report(
            name="rents",
            label=Text("Sewa", "Rents"),
            permission="view",
            build=rents,
            filters=(Field(name="goods", label=Text("Barang", "Goods"), kind=Kind.CHOICE, choices=GOODS),),
        ),
        Sheet(
            name="sizes",
            label=Text("Ukur", "Measure"),
            permission="edit",
            head=(Field(name="day", label=Text("Hari", "Day"), kind=Kind.DATE, required=True),),
            rows=sheet_rows,
            save=sheet_save,
            jump=Decimal("0.25"),
            places=2,
        ),
        Form(
            name="rename",
            label=Text("Ganti nama", "Rename"),
            permission="edit",
            fields=(
                Field(
                    name="owner", label=Text("Pemilik", "Owner"), kind=Kind.REFERENCE, resource="owners", required=True
                ),
                Field(name="name", label=Text("Nama", "Name"), required=True),
            ),
            submit=rename,
        ),
    ),
    exports=(
        Export(
            name="open",
            label=Text("Data terbuka", "Open data"),
            columns=("formula", "berat", "tanggal", "jumlah", "kosong", "ya"),
            rows=open_data,
        ),
        Export(name="inner", label=Text("Dalam", "Inner"), columns=("a",), rows=open_data, permission="close"),
    ),
)
