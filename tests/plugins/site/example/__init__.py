"""A plugin that only tests have: one page, one form with every kind of box, one map, one chart, one private file."""

from collections.abc import Sequence
from decimal import Decimal

from fastapi import APIRouter, Response

from dispatch.plugins import (
    ChartData,
    Choice,
    Feature,
    Field,
    InPage,
    Kind,
    Lang,
    Layer,
    Plugin,
    Reading,
    Refused,
    Series,
    Text,
)

FIELDS = (
    Field(name="nama", label=Text("Nama", "Name"), required=True, longest=60),
    Field(name="cerita", label=Text("Cerita", "Story"), kind=Kind.LONG_TEXT, longest=500),
    Field(name="telepon", label=Text("Telepon", "Telephone"), kind=Kind.PHONE, hint=Text("Contoh 0812…", "Like 0812…")),
    Field(
        name="jenis",
        label=Text("Jenis", "Kind"),
        kind=Kind.CHOICE,
        choices=(Choice("a", Text("Satu", "One")), Choice("b", Text("Dua", "Two"))),
    ),
    Field(name="jumlah", label=Text("Jumlah", "Amount"), kind=Kind.MONEY, unit=Text("rupiah", "rupiah")),
    Field(name="desa", label=Text("Desa", "Village"), kind=Kind.VILLAGE),
    Field(name="titik", label=Text("Titik", "Point"), kind=Kind.POINT),
    Field(name="setuju", label=Text("Saya setuju", "I agree"), kind=Kind.BOOLEAN),
    Field(name="foto", label=Text("Foto", "Picture"), kind=Kind.PHOTO),
)
PLACES = (("Pantai Nipah-Nipah", -1.3021, 116.6891), ("Pantai Tanjung Jumlai", -1.3935, 116.6498))
HOSTILE = "</script><script>alert(1)</script> & <b>"

public = APIRouter()


@public.get("/")
async def index(page: InPage, q: str = "") -> Response:
    async with page.reading() as reading:
        at = reading.now
    prices = (Decimal("12500.5"), None, Decimal("13000"), Decimal("12900"))
    chart = ChartData(
        labels=("Jan", "Feb", "Mar", "Apr"),
        series=(Series("Beras", prices), Series("Gula <b>", (15000, 15500, 15250, 16000))),
        title="Harga",
        unit="Rp/kg",
    )
    structured = {"@type": "WebPage", "name": q or "Contoh"}
    return await page.render(
        "index.html",
        title=q or "Contoh",
        description=q,
        structured=structured,
        q=q,
        chart_data=chart,
        places=PLACES,
        at=at,
        price=1234567,
        share=Decimal("1234.5"),
    )


@public.get("/lapor")
async def form(page: InPage) -> Response:
    async with page.reading() as reading:
        villages = await reading.villages()
    return await page.render("lapor.html", title="Lapor", fields=FIELDS, faults=(), villages=villages)


@public.post("/lapor")
async def take(page: InPage) -> Response:
    checked = await page.form(FIELDS)
    if checked.faults:
        async with page.reading() as reading:
            villages = await reading.villages()
        return await page.render(
            "lapor.html", title="Lapor", status=422, fields=FIELDS, faults=checked.faults, villages=villages
        )
    async with page.working() as working:
        file_id = None
        if "foto" in page.uploads:
            file_id = await page.files.store(working, page.uploads["foto"], private=True)
    return page.redirect(f"terima-kasih?berkas={file_id or ''}")


@public.get("/terima-kasih")
async def thanks(page: InPage, berkas: str = "") -> Response:
    return await page.render("thanks.html", title="Terima kasih", berkas=berkas)


@public.get("/broken")
async def broken(page: InPage) -> Response:
    raise ZeroDivisionError(f"of {page.plugin.name}")


@public.get("/refused")
async def refused(page: InPage) -> Response:
    raise Refused(Text("Sudah tutup.", "It is closed."))


@public.get("/typo")
async def typo(page: InPage, angka: int) -> Response:
    return page.redirect(str(angka))


async def _beaches(_reading: Reading, _lang: Lang) -> Sequence[Feature]:
    return [Feature(id=name, point=(lat, lon), title=name, link="/contoh-tamu/") for name, lat, lon in PLACES]


PLUGIN = Plugin(
    name="contoh_tamu",
    version="1.0.0",
    title=Text("Contoh Tamu", "Guest Example"),
    summary=Text("Halaman contoh untuk semua orang.", "An example page for everybody."),
    package=__name__,
    public=public,
    layers=(Layer(name="pantai", label=Text("Pantai", "Beaches"), features=_beaches, public=True),),
)
