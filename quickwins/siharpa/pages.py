"""The pages of the market prices as the admin face draws them."""

from decimal import Decimal
from typing import Any

from dispatch.plugins import Action, Choice, Field, Form, Kind, Page, Report, Resource, Sheet, Text
from quickwins.siharpa import model, reports, rules, words, work


def _text(name: str, indonesian: str, english: str, **more: Any) -> Field:
    return Field(name=name, label=Text(indonesian, english), **more)


def _choice(name: str, indonesian: str, english: str, choices: tuple[Choice, ...], **more: Any) -> Field:
    return _text(name, indonesian, english, kind=Kind.CHOICE, choices=choices, **more)


def _of(name: str, resource: str, indonesian: str, english: str, **more: Any) -> Field:
    return _text(name, indonesian, english, kind=Kind.REFERENCE, resource=resource, **more)


def _day(name: str, indonesian: str, english: str, **more: Any) -> Field:
    return _text(name, indonesian, english, kind=Kind.DATE, **more)


def _rupiah(name: str, indonesian: str, english: str, **more: Any) -> Field:
    span: dict[str, Any] = {"least": Decimal(1), "most": Decimal(rules.HIGHEST_RUPIAH)}
    return _text(name, indonesian, english, kind=Kind.MONEY, **span, **more)


MARKET = _of("market_id", "markets", "Pasar", "Market", required=True)
COMMODITY = _of("commodity_id", "commodities", "Komoditas", "Commodity", required=True)
LEVEL = _choice("level", "Tingkat", "Level", words.LEVELS, required=True, default="retail", example="Pengecer")
DAY = _day("day", "Tanggal", "Day", required=True, default="today")
REASON = _text("reason", "Alasan", "Reason", required=True, longest=300)
ANY_MARKET = _of("market_id", "markets", "Pasar (kosong: semua)", "Market (empty: all)")
ANY_LEVEL = _choice("level", "Tingkat", "Level", words.LEVELS, default="retail")

PRICE_SHEET = Sheet(
    name="entry",
    label=Text("Isi harga hari ini", "Enter today's prices"),
    permission="enter",
    head=(MARKET, DAY, LEVEL),
    rows=work.price_rows,
    save=work.save_prices,
    jump=rules.JUMP,
)
STOCK_SHEET = Sheet(
    name="stock",
    label=Text("Isi stok", "Enter stocks"),
    permission="enter",
    head=(MARKET, DAY, LEVEL),
    rows=work.stock_rows,
    save=work.save_stocks,
    places=2,
)
VALIDATE = Form(
    name="validate",
    label=Text("Validasi sekaligus", "Validate together"),
    permission="validate",
    fields=(
        ANY_MARKET,
        _day("first", "Dari", "From", required=True, default="today"),
        _day("last", "Sampai", "To", required=True, default="today"),
    ),
    submit=work.validate_many,
    hint=Text(
        "Harga yang berubah lebih dari seperempat tidak ikut; lihat satu per satu di Daftar harga.",
        "Prices that changed by more than a quarter are left out; look at each in Prices.",
    ),
)
PRICES = Resource(
    name="prices",
    label=Text("Daftar harga", "Prices"),
    one=Text("Harga", "Price"),
    row=model.Price,
    title="commodity_id",
    view_permission="view",
    edit_permission="edit",
    filters=("market_id", "commodity_id", "level", "day", "state"),
    order="-day",
    key=("market_id", "commodity_id", "level", "day"),
    importable=True,
    saving=work.saving_price,
    fields=(
        _day("day", "Tanggal", "Day", required=True, default="today"),
        COMMODITY,
        MARKET,
        LEVEL,
        _rupiah("price", "Harga", "Price", required=True, example="14500"),
        _choice("state", "Keadaan", "State", words.STATES, typed=False),
        _text("stock", "Stok", "Stock", kind=Kind.DECIMAL, least=Decimal(0), in_list=False),
        _text(
            "reason",
            "Alasan koreksi",
            "Reason of the correction",
            longest=300,
            in_list=False,
            hint=Text("Wajib bila harga hari lalu diubah", "Needed when a past day's price is changed"),
        ),
        _text("rejection", "Alasan penolakan", "Why it was rejected", typed=False, in_list=False),
        _text("entered_by", "Petugas", "Officer", typed=False),
        _text("checked_by", "Pemeriksa", "Checked by", typed=False, in_list=False),
        _text("checked_at", "Diperiksa", "Checked at", kind=Kind.MOMENT, typed=False, in_list=False),
    ),
    actions=(
        Action(
            name="validate",
            label=Text("Validasi", "Validate"),
            permission="validate",
            run=work.validate,
            offered=lambda price: price.state == "submitted",
        ),
        Action(
            name="reject",
            label=Text("Tolak", "Reject"),
            permission="validate",
            run=work.reject,
            fields=(REASON,),
            offered=lambda price: price.state != "rejected",
        ),
        Action(
            name="correct",
            label=Text("Koreksi", "Correct"),
            permission="enter",
            run=work.correct,
            fields=(_rupiah("price", "Harga yang benar", "The right price", required=True), REASON),
        ),
    ),
    empty=Text("Belum ada harga. Isi lembar harga atau impor riwayat.", "No price yet. Fill in the sheet or import."),
)
CORRECTIONS = Resource(
    name="corrections",
    label=Text("Riwayat koreksi", "Corrections"),
    one=Text("Koreksi", "Correction"),
    row=model.Correction,
    title="commodity_id",
    view_permission="view",
    filters=("market_id", "commodity_id", "day"),
    fields=(
        DAY,
        COMMODITY,
        MARKET,
        LEVEL,
        _rupiah("old_price", "Semula", "Before"),
        _rupiah("new_price", "Menjadi", "After"),
        _text("reason", "Alasan", "Reason"),
        _text("by", "Oleh", "By"),
    ),
)
ALERTS = Resource(
    name="alerts",
    label=Text("Peringatan kenaikan", "Price alerts"),
    one=Text("Peringatan", "Alert"),
    row=model.Alert,
    title="commodity_id",
    view_permission="view",
    filters=("state", "commodity_id", "market_id"),
    fields=(
        _choice("state", "Keadaan", "State", words.ALERT_STATES),
        COMMODITY,
        MARKET,
        _text("percent", "Naik", "Rise", kind=Kind.DECIMAL, unit=Text("%", "%")),
        _day("from_day", "Dari tanggal", "From day"),
        _rupiah("from_price", "Harga semula", "Price then"),
        DAY,
        _rupiah("price", "Harga", "Price"),
        _text("note", "Tindak lanjut", "What was done", in_list=False),
        _text("acknowledged_by", "Oleh", "By", in_list=False),
        _text("acknowledged_at", "Pada", "At", kind=Kind.MOMENT, in_list=False),
    ),
    actions=(
        Action(
            name="acknowledge",
            label=Text("Tindak lanjuti", "Acknowledge"),
            permission="validate",
            run=work.acknowledge,
            fields=(_text("note", "Tindak lanjut", "What is done", required=True, longest=300),),
            offered=lambda alert: alert.state == "open",
        ),
    ),
    empty=Text("Tidak ada kenaikan melewati batas.", "No rise is beyond its limit."),
)
RULES = Resource(
    name="rules",
    label=Text("Batas peringatan", "Alert rules"),
    one=Text("Batas", "Rule"),
    row=model.AlertRule,
    title="commodity_id",
    view_permission="view",
    edit_permission="edit",
    filters=("commodity_id",),
    fields=(
        COMMODITY,
        LEVEL,
        _text(
            "percent",
            "Naik paling sedikit",
            "Rise of at least",
            kind=Kind.DECIMAL,
            required=True,
            least=Decimal("0.1"),
            most=Decimal(1000),
            unit=Text("%", "%"),
            example="10",
        ),
        _text(
            "days",
            "Dalam",
            "Within",
            kind=Kind.INTEGER,
            required=True,
            least=Decimal(1),
            most=Decimal(90),
            unit=Text("hari", "days"),
            example="7",
        ),
    ),
)
COMMODITIES = Resource(
    name="commodities",
    label=Text("Komoditas", "Commodities"),
    one=Text("Komoditas", "Commodity"),
    row=model.Commodity,
    title="name",
    view_permission="view",
    edit_permission="edit",
    search=("name", "name_en"),
    filters=("family",),
    order="name",
    key=("name",),
    importable=True,
    fields=(
        _text("name", "Nama", "Name", required=True, longest=100, example="Beras medium"),
        _text("name_en", "Nama Inggris", "English name", required=True, longest=100, example="Medium rice"),
        _choice("family", "Kelompok", "Family", words.FAMILIES, required=True, example="Bahan pokok"),
        _text("unit", "Satuan", "Unit", required=True, longest=20, example="kg"),
        _text("quality", "Mutu", "Quality", longest=100, example="Medium"),
        _text(
            "weight",
            "Bobot keranjang",
            "Weight in the basket",
            kind=Kind.DECIMAL,
            least=Decimal(0),
            most=Decimal(1000),
            hint=Text("0: tidak ikut dihitung dalam indeks", "0: does not count in the index"),
        ),
    ),
)
MARKETS = Resource(
    name="markets",
    label=Text("Pasar", "Markets"),
    one=Text("Pasar", "Market"),
    row=model.Market,
    title="name",
    view_permission="view",
    edit_permission="edit",
    search=("name", "address"),
    filters=("village_code",),
    order="name",
    key=("name",),
    importable=True,
    fields=(
        _text("name", "Nama", "Name", required=True, longest=100, example="Pasar Petung"),
        _text("village_code", "Desa/kelurahan", "Village", kind=Kind.VILLAGE, required=True, example="Petung"),
        _text("address", "Alamat", "Address", in_list=False),
        _text("point", "Titik", "Point", kind=Kind.POINT, in_list=False, example="-1.3564, 116.6644"),
        _text(
            "accuracy_m",
            "Ketelitian titik",
            "Accuracy of the point",
            kind=Kind.INTEGER,
            least=Decimal(1),
            most=Decimal(50_000),
            unit=Text("m", "m"),
            default="200",
            in_list=False,
        ),
        _text("opening", "Hari dan jam", "Days and hours", example="Setiap hari 05.00–12.00"),
        _text("source", "Sumber", "Source", longest=300, in_list=False),
    ),
)
REPORTS = (
    Report(
        name="check",
        label=Text("Periksa harga masuk", "Check submitted prices"),
        permission="validate",
        build=reports.to_check,
        filters=(ANY_MARKET,),
    ),
    Report(
        name="over_time",
        label=Text("Grafik harga", "Prices over time"),
        permission="view",
        build=reports.over_time,
        filters=(
            _of("commodity_id", "commodities", "Komoditas", "Commodity"),
            ANY_LEVEL,
            _day("first", "Dari", "From"),
            _day("last", "Sampai", "To"),
        ),
    ),
    Report(
        name="compare",
        label=Text("Perbandingan pasar", "Markets compared"),
        permission="view",
        build=reports.compare,
        filters=(_day("day", "Tanggal", "Day"), ANY_LEVEL),
    ),
    Report(
        name="basket",
        label=Text("Indeks keranjang", "Basket index"),
        permission="view",
        build=reports.basket,
        filters=(_day("base", "Hari dasar", "Base day"), _day("last", "Sampai", "To")),
    ),
)
CHECK, *REST = REPORTS
PAGES: tuple[Page, ...] = (
    PRICE_SHEET,
    STOCK_SHEET,
    CHECK,
    VALIDATE,
    PRICES,
    ALERTS,
    *REST,
    CORRECTIONS,
    RULES,
    COMMODITIES,
    MARKETS,
)
