"""Serbu Gass (Seratus Bank Unit Sampah dan Gerakan Sedekah Sampah) as one value."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel
from pydantic import Field as Limit

from dispatch.plugins import Export, Job, Layer, Permission, Plugin, Text, Tile
from quickwins.serbu_gass import pages, reports, work
from quickwins.serbu_gass.demo import demo
from quickwins.serbu_gass.public import public


class SerbuGassSettings(BaseModel):
    quiet_days: Annotated[
        int,
        Text("Hari tanpa timbangan sampai unit disebut tidak aktif", "Days without a weighing until a unit is quiet"),
        Limit(ge=7, le=365),
    ] = 30
    most_kg: Annotated[
        int,
        Text("Berat terbesar satu jenis sekali menimbang (kg)", "Most of one kind at one weighing (kg)"),
        Limit(ge=1),
    ] = 500


PLUGIN = Plugin(
    name="serbu_gass",
    version="1.0.0",
    title=Text("Serbu Gass", "Serbu Gass"),
    summary=Text(
        "Seratus bank sampah dan gerakan sedekah sampah: timbangan, tabungan, harga, unit terdekat",
        "A hundred waste banks and the alms of waste: weighing, savings, prices, the nearest unit",
    ),
    package="quickwins.serbu_gass",
    icon="recycle",
    pages=pages.PAGES,
    permissions=(
        Permission("view", Text("Melihat", "View")),
        Permission("edit", Text("Menyunting data unit dan nasabah", "Edit units and members")),
        Permission("weigh", Text("Menimbang", "Weigh")),
        Permission("pay", Text("Kas: membayar, menjual, membatalkan", "Cash: pay, sell, reverse")),
        Permission("prices", Text("Menetapkan harga", "Set prices")),
    ),
    migrations=Path(__file__).parent / "migrations",
    settings=SerbuGassSettings,
    public=public,
    demo=demo,
    emits=("unit_quiet",),
    landmarks=reports.landmarks,
    jobs=(Job(name="find_quiet", every_s=3600, run=work.find_quiet),),
    tiles=(
        Tile(name="month", label=Text("Sampah bulan ini", "Waste this month"), value=reports.tile_month),
        Tile(name="quiet", label=Text("Unit tidak aktif", "Quiet units"), value=reports.tile_quiet),
    ),
    layers=(Layer(name="units", label=Text("Bank sampah", "Waste banks"), features=reports.features, public=True),),
    exports=(
        Export(
            name="collected",
            label=Text("Sampah terkumpul", "Waste collected"),
            columns=("month", "village_code", "kg", "rupiah", "weighings"),
            rows=reports.open_collected,
        ),
        Export(
            name="prices",
            label=Text("Daftar harga", "Price list"),
            columns=("valid_from", "kind", "kind_en", "member_price", "central_price"),
            rows=reports.open_prices,
        ),
        Export(
            name="journal",
            label=Text("Jurnal", "Journal"),
            columns=("day", "number", "kind", "line", "account", "debit", "credit", "kg", "price", "by"),
            rows=reports.journal,
            permission="view",
        ),
    ),
)
