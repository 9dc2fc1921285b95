"""The office's pages: what is edited, counted, reported and answered, and who may."""

from decimal import Decimal

from dispatch.plugins import Action, Choice, Field, Kind, Report, Resource, Sheet, Text
from quickwins.puspita import reports, work
from quickwins.puspita.model import Assessment, Destination, Enquiry, Event, Guide, Lodging, Photo, SafetyNote
from quickwins.puspita.words import CATEGORIES, ENQUIRY_STATES, HAZARDS, LODGING_KINDS, SIGNALS, STATES


def _text(name: str, id: str, en: str, longest: int = 200, *, required: bool = False, in_list: bool = False) -> Field:
    kind = Kind.LONG_TEXT if longest > 200 else Kind.TEXT
    return Field(name=name, label=Text(id, en), kind=kind, required=required, longest=longest, in_list=in_list)


def _field(
    name: str,
    id: str,
    en: str,
    kind: Kind,
    *,
    required: bool = False,
    in_list: bool = False,
    choices: tuple[Choice, ...] = (),
    default: str | None = None,
    hint: Text | None = None,
    resource: str | None = None,
    typed: bool = True,
) -> Field:
    return Field(
        name=name,
        label=Text(id, en),
        kind=kind,
        required=required,
        in_list=in_list,
        choices=choices,
        default=default,
        hint=hint,
        resource=resource,
        typed=typed,
    )


def _destination(required: bool = True) -> Field:
    return _field(
        "destination_id",
        "Destinasi",
        "Destination",
        Kind.REFERENCE,
        required=required,
        in_list=True,
        resource="destinations",
    )


def _rupiah(name: str, id: str, en: str) -> Field:
    hint = Text("0: gratis; kosong: belum diketahui", "0: free; empty: not known")
    return Field(name=name, label=Text(id, en), kind=Kind.MONEY, least=Decimal(0), hint=hint, in_list=False)


NAME = (
    _text("name_id", "Nama", "Name", required=True, in_list=True),
    _text("name_en", "Nama (Inggris)", "Name (English)"),
)
STATE = (
    _field("state", "Keadaan", "State", Kind.CHOICE, in_list=True, choices=STATES, typed=False),
    Field(name="review_note", label=Text("Catatan redaksi", "Editor's note"), typed=False, in_list=False),
)
PLACE = (
    _field("village_code", "Desa/kelurahan", "Village", Kind.VILLAGE, in_list=True),
    _text("address", "Alamat", "Address"),
    _field("point", "Titik di peta", "Point on the map", Kind.POINT),
)
TEXTS = (
    _text("description_id", "Deskripsi (Indonesia)", "Description (Indonesian)", 5000),
    _text("description_en", "Deskripsi (Inggris)", "Description (English)", 5000),
    _field("photo", "Foto", "Photo", Kind.PHOTO),
)
CONTACT = (_field("phone", "Telepon", "Phone", Kind.PHONE), _field("website", "Situs", "Website", Kind.LINK))
WORKFLOW: tuple[Action, ...] = (
    work.move("submit", Text("Ajukan", "Submit"), "edit", Text("Diajukan untuk ditinjau.", "Submitted for review.")),
    work.move("publish", Text("Terbitkan", "Publish"), "publish", Text("Sudah terbit.", "It is public now.")),
    work.move(
        "send_back", Text("Kembalikan", "Send back"), "publish", Text("Dikembalikan.", "Sent back."), reason=True
    ),
    work.move("withdraw", Text("Tarik", "Withdraw"), "publish", Text("Ditarik.", "Withdrawn."), reason=True),
)
SEARCH = ("name_id", "name_en", "description_id")

DESTINATIONS = Resource(
    name="destinations",
    label=Text("Destinasi", "Destinations"),
    one=Text("Destinasi", "Destination"),
    row=Destination,
    title="name_id",
    view_permission="view",
    edit_permission="edit",
    search=SEARCH,
    order="name_id",
    filters=("state", "category", "village_code"),
    key=("name_id",),
    importable=True,
    actions=WORKFLOW,
    check=work.check_hours,
    saving=work.save_page,
    fields=(
        *NAME,
        _field("category", "Jenis", "Category", Kind.CHOICE, required=True, in_list=True, choices=CATEGORIES),
        *STATE,
        *PLACE,
        Field(
            name="accuracy_m",
            label=Text("Akurasi titik", "Accuracy of the point"),
            kind=Kind.INTEGER,
            required=True,
            least=Decimal(1),
            most=Decimal(50_000),
            unit=Text("m", "m"),
            default="200",
            in_list=False,
            hint=Text("Titik desa saja: isi beberapa ribu", "Only the village's point: some thousands"),
        ),
        Field(
            name="other_names",
            label=Text("Nama lain", "Other names"),
            longest=300,
            in_list=False,
            hint=Text("Yang disebut penelepon 112; pisahkan dengan ';'", "What callers of 112 say; separated by ';'"),
        ),
        Field(
            name="hours",
            label=Text("Jam buka (WITA)", "Opening hours (WITA)"),
            in_list=False,
            example=work.HOURS,
            hint=Text(f"Contoh: {work.HOURS}; Tu off. Selalu: 24/7", f"Such as {work.HOURS}; Tu off. Always: 24/7"),
        ),
        _rupiah("ticket", "Tiket dewasa", "Ticket, adult"),
        _field(
            "signal",
            "Sinyal ponsel",
            "Mobile signal",
            Kind.CHOICE,
            required=True,
            in_list=True,
            choices=SIGNALS,
            default="unknown",
        ),
        *TEXTS,
        *CONTACT,
        _text("source", "Sumber keterangan", "Source of the facts", 500),
    ),
)
SAFETY = Resource(
    name="safety_notes",
    label=Text("Catatan keselamatan", "Safety notes"),
    one=Text("Catatan", "Note"),
    row=SafetyNote,
    title="text_id",
    view_permission="view",
    edit_permission="edit",
    search=("text_id", "spot"),
    saving=work.save_part,
    filters=("destination_id", "hazard"),
    fields=(
        _destination(),
        _field("hazard", "Bahaya", "Hazard", Kind.CHOICE, required=True, in_list=True, choices=HAZARDS),
        _text("text_id", "Catatan (Indonesia)", "Note (Indonesian)", 500, required=True, in_list=True),
        _text("text_en", "Catatan (Inggris)", "Note (English)", 500),
        Field(
            name="spot",
            label=Text("Nama titik", "Name of the spot"),
            longest=100,
            hint=Text("Dengan titik di peta, 112 menemukan nama ini", "With a point on the map, 112 finds this name"),
        ),
        _field("point", "Titik di peta", "Point on the map", Kind.POINT),
        _field("no_signal", "Tidak ada sinyal di sini", "No signal here", Kind.BOOLEAN, required=True, default="false"),
    ),
)
EVENTS = Resource(
    name="events",
    label=Text("Acara", "Events"),
    one=Text("Acara", "Event"),
    row=Event,
    title="name_id",
    view_permission="view",
    edit_permission="edit",
    search=SEARCH,
    order="-starts_at",
    filters=("state", "village_code"),
    key=("name_id", "starts_at"),
    importable=True,
    actions=WORKFLOW,
    check=work.check_event,
    saving=work.save_page,
    fields=(
        *NAME,
        _field("starts_at", "Mulai", "Begins", Kind.MOMENT, required=True, in_list=True),
        _field("ends_at", "Selesai", "Ends", Kind.MOMENT, required=True),
        *STATE,
        _destination(required=False),
        *PLACE,
        _text("organiser", "Penyelenggara", "Organiser"),
        _rupiah("ticket", "Tiket", "Ticket"),
        *TEXTS,
        *CONTACT,
    ),
)
LODGINGS = Resource(
    name="lodgings",
    label=Text("Penginapan", "Lodging"),
    one=Text("Penginapan", "Lodging"),
    row=Lodging,
    title="name_id",
    view_permission="view",
    edit_permission="edit",
    search=SEARCH,
    order="name_id",
    filters=("state", "kind", "village_code"),
    key=("name_id",),
    importable=True,
    actions=WORKFLOW,
    saving=work.save_page,
    fields=(
        *NAME,
        _field("kind", "Jenis", "Kind", Kind.CHOICE, required=True, in_list=True, choices=LODGING_KINDS),
        *STATE,
        *PLACE,
        Field(name="rooms", label=Text("Jumlah kamar", "Rooms"), kind=Kind.INTEGER, least=Decimal(1)),
        _rupiah("price_from", "Tarif mulai, per malam", "From, a night"),
        *TEXTS,
        *CONTACT,
    ),
)
GUIDES = Resource(
    name="guides",
    label=Text("Pemandu", "Guides"),
    one=Text("Pemandu", "Guide"),
    row=Guide,
    title="name_id",
    view_permission="view",
    edit_permission="edit",
    search=("name_id", "languages"),
    order="name_id",
    filters=("state",),
    key=("name_id",),
    importable=True,
    actions=WORKFLOW,
    saving=work.save_page,
    fields=(
        NAME[0],
        _text("languages", "Bahasa", "Languages", in_list=True),
        _text("licence", "Nomor lisensi", "Licence", 60),
        *STATE,
        PLACE[0],
        *TEXTS,
        *CONTACT,
    ),
)
PHOTOS = Resource(
    name="photos",
    label=Text("Foto", "Photos"),
    one=Text("Foto", "Photo"),
    row=Photo,
    title="caption_id",
    view_permission="view",
    edit_permission="edit",
    saving=work.save_part,
    filters=("destination_id",),
    fields=(
        _destination(),
        _field("photo", "Foto", "Photo", Kind.PHOTO, required=True),
        _text("caption_id", "Keterangan (Indonesia)", "Caption (Indonesian)", required=True, in_list=True),
        _text("caption_en", "Keterangan (Inggris)", "Caption (English)"),
        _text("credit", "Pemotret dan izin", "Photographer and permission", required=True, in_list=True),
    ),
)
ASSESSMENTS = Resource(
    name="assessments",
    label=Text("Penilaian desa wisata", "Village assessments"),
    row=Assessment,
    one=Text("Penilaian", "Assessment"),
    title="name",
    view_permission="view",
    edit_permission="edit",
    order="-assessed_on",
    search=("name",),
    filters=("village_code",),
    key=("village_code", "assessed_on"),
    importable=True,
    fields=(
        _field("village_code", "Desa/kelurahan", "Village", Kind.VILLAGE, required=True, in_list=True),
        _text("name", "Nama desa wisata", "Tourism village", required=True, in_list=True),
        _field("assessed_on", "Dinilai pada", "Assessed on", Kind.DATE, required=True, in_list=True),
        *(
            Field(
                name=name,
                label=label,
                kind=Kind.INTEGER,
                required=True,
                least=Decimal(0),
                most=Decimal(4),
                in_list=False,
                hint=Text("0 belum ada … 4 sangat baik", "0 nothing yet … 4 very good"),
            )
            for name, label in reports.INDICATOR_NAMES.items()
        ),
    ),
)
ENQUIRIES = Resource(
    name="enquiries",
    label=Text("Pertanyaan", "Enquiries"),
    one=Text("Pertanyaan", "Enquiry"),
    row=Enquiry,
    title="name",
    view_permission="enquiries",
    search=("name", "message"),
    filters=("state", "destination_id"),
    personal=("name", "contact", "message", "answer"),
    empty=Text("Belum ada pertanyaan dari halaman publik.", "No enquiry from the public pages yet."),
    fields=(
        _field("state", "Keadaan", "State", Kind.CHOICE, in_list=True, choices=ENQUIRY_STATES, typed=False),
        _field("created_at", "Diterima", "Received", Kind.MOMENT, in_list=True, typed=False),
        _text("name", "Nama", "Name", in_list=True),
        _text("contact", "Kontak", "Contact"),
        _destination(required=False),
        _text("message", "Pertanyaan", "Message", 2000, in_list=True),
        _text("answer", "Jawaban", "Answer", 2000),
        _text("answered_by", "Dijawab oleh", "Answered by"),
        _field("answered_at", "Dijawab pada", "Answered at", Kind.MOMENT, typed=False),
    ),
    actions=(
        Action(
            name="answer",
            label=Text("Catat jawaban", "Note the answer"),
            permission="enquiries",
            run=work.answer,
            fields=(_text("answer", "Jawaban yang diberikan", "Answer that was given", 2000, required=True),),
        ),
        Action(
            name="hand_to_112",
            label=Text("Serahkan ke 112", "Hand to 112"),
            permission="enquiries",
            run=work.hand_to_112,
            offered=lambda row: row.state == "new",
            confirm=Text("Buka insiden di 112 dari pertanyaan ini?", "Open an incident in 112 from this enquiry?"),
        ),
    ),
)
COUNTING = Sheet(
    name="counts",
    label=Text("Hitung pengunjung", "Count visitors"),
    permission="count",
    rows=work.count_rows,
    save=work.save_counts,
    jump=Decimal("0.8"),
    head=(
        _field(
            "period",
            "Untuk",
            "For",
            Kind.CHOICE,
            required=True,
            default="month",
            choices=(Choice("month", Text("sebulan", "a month")), Choice("day", Text("sehari", "a day"))),
        ),
        _field(
            "day",
            "Tanggal",
            "Date",
            Kind.DATE,
            required=True,
            hint=Text("Untuk sebulan: hari mana pun di bulan itu", "For a month: any day of it"),
        ),
    ),
)
VISITS = Report(
    name="visits",
    label=Text("Kunjungan", "Visitors"),
    permission="view",
    build=reports.visits,
    filters=(
        _field("destination", "Destinasi", "Destination", Kind.REFERENCE, resource="destinations"),
        _field("until", "Sampai bulan", "Up to the month of", Kind.DATE),
    ),
)
VILLAGES = Report(
    name="villages", label=Text("Desa wisata", "Tourism villages"), permission="view", build=reports.villages
)

PAGES = (DESTINATIONS, EVENTS, LODGINGS, GUIDES, SAFETY, PHOTOS, COUNTING, VISITS, ASSESSMENTS, VILLAGES, ENQUIRIES)
