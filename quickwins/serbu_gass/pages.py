"""The pages of the waste banks as the admin face draws them."""

from decimal import Decimal
from typing import Any

from dispatch.plugins import Action, Choice, Field, Form, Kind, Page, Report, Resource, Sheet, Text
from quickwins.serbu_gass import model, reports, rules, words, work

KG = Text("kg", "kg")


def _text(name: str, indonesian: str, english: str, **more: Any) -> Field:
    return Field(name=name, label=Text(indonesian, english), **more)


def _choice(name: str, indonesian: str, english: str, choices: tuple[Choice, ...], **more: Any) -> Field:
    return _text(name, indonesian, english, kind=Kind.CHOICE, choices=choices, **more)


def _of(name: str, resource: str, indonesian: str, english: str, **more: Any) -> Field:
    return _text(name, indonesian, english, kind=Kind.REFERENCE, resource=resource, **more)


def _rupiah(name: str, indonesian: str, english: str, least: int = 1, **more: Any) -> Field:
    most = Decimal(10_000_000_000)
    return _text(name, indonesian, english, kind=Kind.MONEY, least=Decimal(least), most=most, required=True, **more)


def _price(name: str, indonesian: str, english: str) -> Field:
    most = Decimal(10_000_000)
    unit = Text("per kg", "per kg")
    return _text(
        name,
        indonesian,
        english,
        kind=Kind.MONEY,
        least=Decimal(0),
        most=most,
        required=True,
        unit=unit,
        example="2000",
    )


def _act(name: str, indonesian: str, english: str, permission: str, run: Any, **more: Any) -> Action:
    return Action(name=name, label=Text(indonesian, english), permission=permission, run=run, **more)


def _report(name: str, indonesian: str, english: str, build: Any, filters: tuple[Field, ...] = ()) -> Report:
    return Report(name=name, label=Text(indonesian, english), permission="view", build=build, filters=filters)


UNIT = _of("unit_id", "units", "Unit", "Unit", required=True)
DAY = _text("day", "Tanggal", "Date", kind=Kind.DATE, required=True, default="today")
NAME = _text("name", "Nama", "Name", required=True, example="Bank Sampah Melati")
PHONE = _text("phone", "Telepon", "Phone", kind=Kind.PHONE)
VILLAGE = _text("village_code", "Desa/kelurahan", "Village", kind=Kind.VILLAGE)
MY_VILLAGE = _text("village_code", "Desa/kelurahan", "Village", kind=Kind.VILLAGE, required=True, example="Nenang")
AMOUNT = _rupiah("amount", "Jumlah", "Amount")
SPAN = (_text("first", "Dari", "From", kind=Kind.DATE), _text("last", "Sampai", "To", kind=Kind.DATE))

UNITS = Resource(
    name="units",
    label=Text("Unit bank sampah", "Waste banks"),
    one=Text("Unit", "Unit"),
    row=model.Unit,
    title="name",
    view_permission="view",
    edit_permission="edit",
    search=("name", "chair", "village_code"),
    filters=("village_code", "kind"),
    order="name",
    key=("name",),
    importable=True,
    saving=work.saving_unit,
    fields=(
        NAME,
        _choice("kind", "Jenis", "Kind", words.UNIT_KINDS, required=True, default="unit"),
        MY_VILLAGE,
        _text("address", "Alamat", "Address", longest=300, in_list=False),
        _text("point", "Titik", "Point", kind=Kind.POINT, in_list=False, example="-1.3089, 116.7347"),
        _text("chair", "Ketua", "Chair"),
        PHONE,
        _text("opening", "Hari menimbang", "Weighing days", example="Sabtu 08.00–11.00"),
        _text("founded", "Berdiri", "Founded", kind=Kind.DATE, in_list=False),
        _text("quiet_since", "Tidak aktif sejak", "Quiet since", kind=Kind.DATE, typed=False),
    ),
    actions=(
        _act("put_in", "Tambah kas", "Put cash in", "pay", work.put_in, fields=(AMOUNT,)),
        _act(
            "settle",
            "Terima pelunasan bank induk",
            "Take the central bank's payment",
            "pay",
            work.settle,
            fields=(AMOUNT,),
            offered=lambda unit: unit.kind == "unit",
        ),
    ),
)
MEMBERS = Resource(
    name="members",
    label=Text("Nasabah", "Members"),
    one=Text("Nasabah", "Member"),
    row=model.Member,
    title="name",
    view_permission="view",
    edit_permission="edit",
    search=("name", "phone"),
    filters=("unit_id", "kind"),
    order="name",
    key=("name", "unit_id"),
    importable=True,
    saving=work.saving_member,
    fields=(
        _text("name", "Nama", "Name", required=True, example="Siti Aminah"),
        _choice("kind", "Jenis", "Kind", words.MEMBER_KINDS, required=True, default="household"),
        UNIT,
        VILLAGE,
        PHONE,
    ),
    actions=(
        _act("withdraw", "Tarik saldo", "Withdraw", "pay", work.withdraw, fields=(AMOUNT,)),
        _act("give", "Sedekahkan saldo", "Give from the balance", "pay", work.give_balance, fields=(AMOUNT,)),
        _act("passbook", "Buku tabungan", "Passbook", "view", work.show_passbook),
        _act(
            "new_code",
            "Ganti alamat buku",
            "New passbook address",
            "edit",
            work.new_code,
            confirm=Text("Alamat lama tidak berlaku lagi.", "The old address stops working."),
        ),
    ),
)
KINDS = Resource(
    name="kinds",
    label=Text("Jenis sampah", "Kinds of waste"),
    one=Text("Jenis", "Kind"),
    row=model.WasteKind,
    title="name",
    view_permission="view",
    edit_permission="prices",
    search=("name", "name_en"),
    filters=("family",),
    order="name",
    key=("name",),
    importable=True,
    fields=(
        _text("name", "Nama", "Name", required=True, longest=100, example="Botol PET bersih"),
        _text("name_en", "Nama Inggris", "English name", required=True, longest=100, example="Clean PET bottles"),
        _choice("family", "Kelompok", "Family", words.FAMILIES, required=True),
        _text("advice", "Cara menyiapkan", "How to prepare it", longest=300, in_list=False),
    ),
)
PRICES = Resource(
    name="prices",
    label=Text("Daftar harga", "Price list"),
    one=Text("Harga", "Price"),
    row=model.Price,
    title="kind_id",
    view_permission="view",
    edit_permission="prices",
    filters=("kind_id", "valid_from"),
    order="-valid_from",
    key=("kind_id", "valid_from"),
    importable=True,
    fields=(
        _of("kind_id", "kinds", "Jenis", "Kind", required=True),
        _text("valid_from", "Berlaku mulai", "Valid from", kind=Kind.DATE, required=True, default="today"),
        _price("member_price", "Harga nasabah", "Price to members"),
        _price("central_price", "Harga bank induk", "Central bank's price"),
    ),
)
COLLECTORS = Resource(
    name="collectors",
    label=Text("Pengepul", "Collectors"),
    one=Text("Pengepul", "Collector"),
    row=model.Collector,
    title="name",
    view_permission="view",
    edit_permission="edit",
    search=("name",),
    order="name",
    fields=(_text("name", "Nama", "Name", required=True), PHONE, _text("place", "Tempat", "Place")),
    actions=(
        _act(
            "collect",
            "Terima pembayaran",
            "Take a payment",
            "pay",
            work.collect,
            fields=(
                UNIT,
                AMOUNT,
            ),
        ),
    ),
)
RECIPIENTS = Resource(
    name="recipients",
    label=Text("Penerima sedekah", "Recipients of alms"),
    one=Text("Penerima", "Recipient"),
    row=model.Recipient,
    title="name",
    view_permission="view",
    edit_permission="edit",
    search=("name",),
    filters=("kind", "village_code"),
    order="name",
    fields=(
        _text("name", "Nama", "Name", required=True),
        _choice("kind", "Jenis", "Kind", words.RECIPIENT_KINDS, required=True),
        VILLAGE,
        _text("need", "Kebutuhan", "Need", longest=300),
    ),
    actions=(
        _act(
            "give",
            "Salurkan sedekah",
            "Pass alms on",
            "pay",
            work.give,
            fields=(
                UNIT,
                AMOUNT,
            ),
        ),
    ),
)
REQUESTS = Resource(
    name="requests",
    label=Text("Permintaan jemput sedekah", "Requests to fetch alms"),
    one=Text("Permintaan", "Request"),
    row=model.AlmsRequest,
    title="name",
    view_permission="edit",
    edit_permission="edit",
    search=("name", "phone", "address"),
    filters=("state", "village_code"),
    fields=(
        _text("name", "Nama", "Name", required=True),
        _text("phone", "Telepon", "Phone", kind=Kind.PHONE, required=True),
        MY_VILLAGE,
        _text("address", "Alamat", "Address", required=True, longest=300),
        _text("what", "Sampah apa", "What waste", required=True, longest=300),
        _choice("state", "Keadaan", "State", words.REQUEST_STATES, required=True, default="asked"),
    ),
)
PICKUPS = Resource(
    name="pickups",
    label=Text("Jadwal penjemputan", "Pick-up schedule"),
    one=Text("Penjemputan", "Pick-up"),
    row=model.Pickup,
    title="unit_id",
    view_permission="view",
    edit_permission="edit",
    filters=("unit_id", "day", "state"),
    order="-day",
    fields=(
        UNIT,
        _text("day", "Tanggal", "Date", kind=Kind.DATE, required=True),
        _text("hour", "Jam", "Time", kind=Kind.TIME),
        _text("vehicle", "Kendaraan", "Vehicle", longest=100),
        _choice("state", "Keadaan", "State", words.PICKUP_STATES, required=True, default="planned"),
        _text("note", "Catatan", "Note", longest=300, in_list=False),
    ),
)
ENTRIES = Resource(
    name="entries",
    label=Text("Buku transaksi", "Journal"),
    one=Text("Transaksi", "Entry"),
    row=model.Entry,
    title="kind",
    view_permission="view",
    search=("member_id", "giver", "note"),
    filters=("unit_id", "member_id", "kind", "day"),
    fields=(
        DAY,
        _choice("kind", "Jenis", "Kind", words.ENTRY_KINDS, typed=False),
        _of("unit_id", "units", "Unit", "Unit", typed=False),
        _of("member_id", "members", "Nasabah", "Member", typed=False),
        _of("collector_id", "collectors", "Pengepul", "Collector", typed=False, in_list=False),
        _of("recipient_id", "recipients", "Penerima", "Recipient", typed=False, in_list=False),
        _text("giver", "Pemberi sedekah", "Giver of alms", typed=False, in_list=False),
        _text("kg", "Berat", "Weight", kind=Kind.DECIMAL, unit=KG, typed=False),
        _text("amount", "Nilai", "Amount", kind=Kind.MONEY, typed=False),
        _text("note", "Catatan", "Note", typed=False, in_list=False),
        _text("is_reversed", "Dibatalkan", "Reversed", kind=Kind.BOOLEAN, typed=False),
        _text("by", "Dicatat oleh", "Entered by", typed=False, in_list=False),
        _text("code", "Kode bukti", "Receipt code", typed=False, in_list=False),
    ),
    actions=(
        _act(
            "reverse",
            "Batalkan",
            "Reverse",
            "pay",
            work.reverse,
            fields=(_text("reason", "Alasan", "Reason", required=True, longest=300),),
            offered=lambda entry: entry.kind != rules.EntryKind.REVERSAL and not entry.is_reversed,
            confirm=Text(
                "Catatan lama tetap ada; dibuat catatan lawannya.", "The old entry stays; its opposite is made."
            ),
        ),
    ),
)
WEIGH = Sheet(
    name="weigh",
    label=Text("Menimbang", "Weighing"),
    permission="weigh",
    head=(UNIT, _of("member_id", "members", "Nasabah", "Member", required=True), DAY),
    rows=work.weigh_rows,
    save=work.weigh,
    jump=Decimal(4),
    places=3,
)
ALMS_SHEET = Sheet(
    name="alms",
    label=Text("Menimbang sedekah", "Weighing alms"),
    permission="weigh",
    head=(
        UNIT,
        DAY,
        _of("member_id", "members", "Nasabah", "Member"),
        _text("giver", "Nama pemberi", "Giver's name", hint=Text("Kosong: hamba Allah", "Empty: unnamed")),
    ),
    rows=work.weigh_rows,
    save=work.weigh_alms,
    places=3,
)
DELIVER = Sheet(
    name="deliver",
    label=Text("Setor ke bank induk", "Deliver to the central bank"),
    permission="pay",
    head=(UNIT, DAY),
    rows=work.deliver_rows,
    save=work.deliver,
    places=3,
    all_rows_offline=False,
)
SELL = Form(
    name="sell",
    label=Text("Jual ke pengepul", "Sell to a collector"),
    permission="pay",
    fields=(
        UNIT,
        _of("collector_id", "collectors", "Pengepul", "Collector", required=True),
        DAY,
        _of("kind_id", "kinds", "Jenis", "Kind", required=True),
        _text(
            "kg",
            "Berat",
            "Weight",
            kind=Kind.DECIMAL,
            required=True,
            unit=KG,
            least=rules.GRAM,
            most=rules.HEAVIEST_KG,
        ),
        _price("price", "Harga", "Price"),
        _text(
            "cash", "Dibayar tunai", "Paid in cash", kind=Kind.BOOLEAN, hint=Text("Kosong: utang", "Empty: on credit")
        ),
    ),
    submit=work.sell,
)
REPORTS = (
    _report("villages", "Desa dan tonase", "Villages and tonnes", reports.villages, SPAN),
    _report(
        "books", "Neraca dan stok", "Balances and stock", reports.books, (_of("unit_id", "units", "Unit", "Unit"),)
    ),
    _report(
        "offices",
        "Setoran kantor",
        "Offices' deposits",
        reports.offices,
        (_text("month", "Bulan", "Month", kind=Kind.DATE),),
    ),
    _report("alms_report", "Sedekah sampah", "Alms of waste", reports.alms, SPAN),
    _report("quiet", "Unit tidak aktif", "Quiet units", reports.quiet),
)
PAGES: tuple[Page, ...] = (
    WEIGH,
    ALMS_SHEET,
    DELIVER,
    SELL,
    ENTRIES,
    MEMBERS,
    UNITS,
    PRICES,
    KINDS,
    PICKUPS,
    REQUESTS,
    COLLECTORS,
    RECIPIENTS,
    *REPORTS,
)
