"""Siharpa (Sistem Informasi Harga Pasar) as one value."""

from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel
from pydantic import Field as Limit

from dispatch.plugins import Export, Job, Layer, Permission, Plugin, Text, Tile
from quickwins.siharpa import pages, reports, work
from quickwins.siharpa.api import router
from quickwins.siharpa.demo import demo
from quickwins.siharpa.public import public


class SiharpaSettings(BaseModel):
    source: Annotated[str, Text("Sumber data terbuka", "Source of the open data")] = (
        "Dinas KUKM Perindag Kabupaten Penajam Paser Utara"
    )
    licence: Annotated[str, Text("Lisensi data terbuka", "Licence of the open data")] = "CC BY 4.0"
    licence_link: Annotated[str, Text("Alamat lisensi", "Address of the licence")] = (
        "https://creativecommons.org/licenses/by/4.0/"
    )
    base_day: Annotated[
        date | None,
        Text("Hari dasar indeks (kosong: hari pertama)", "The index's base day (empty: the first day)"),
    ] = None
    carry_days: Annotated[
        int,
        Text(
            "Hari harga terakhir tetap dihitung dalam indeks", "Days for which the last price still counts in the index"
        ),
        Limit(ge=0, le=31),
    ] = 7


PLUGIN = Plugin(
    name="siharpa",
    version="1.0.0",
    title=Text("Siharpa", "Siharpa"),
    summary=Text(
        "Harga pasar setiap hari: papan harga, perbandingan pasar, indeks keranjang, data terbuka",
        "Market prices day by day: price board, markets compared, basket index, open data",
    ),
    package="quickwins.siharpa",
    icon="shopping-bag",
    pages=pages.PAGES,
    permissions=(
        Permission("view", Text("Melihat", "View")),
        Permission("enter", Text("Mengisi dan mengoreksi harga", "Enter and correct prices")),
        Permission("validate", Text("Memvalidasi harga, menindaklanjuti peringatan", "Validate prices, answer alerts")),
        Permission("edit", Text("Menyunting data pokok, mengimpor riwayat", "Edit master data, import history")),
    ),
    migrations=Path(__file__).parent / "migrations",
    settings=SiharpaSettings,
    router=router,
    public=public,
    demo=demo,
    emits=("price_rose",),
    landmarks=reports.landmarks,
    jobs=(Job(name="raise_alerts", every_s=900, run=work.raise_alerts),),
    tiles=(
        Tile(name="alerts", label=Text("Kenaikan harga", "Price rises"), value=reports.tile_alerts),
        Tile(name="waiting", label=Text("Harga masuk", "Submitted prices"), value=reports.tile_waiting),
    ),
    layers=(Layer(name="markets", label=Text("Pasar", "Markets"), features=reports.features, public=True),),
    exports=(
        Export(
            name="prices",
            label=Text("Harga pasar", "Market prices"),
            columns=reports.OPEN_COLUMNS,
            rows=reports.open_file,
        ),
    ),
)
