"""The office's pages: catalogue, offices, holidays, applications, complaints, documents, answers, reports."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from dispatch.plugins import Action, Field, Kind, Report, Resource, Text
from quickwins.go_ppu import reports, rules, work
from quickwins.go_ppu.model import Answer, Application, Complaint, Document, Holiday, Office, Service
from quickwins.go_ppu.words import APPLICATION_STATES, CLOCKS, COMPLAINT_STATES, ELEMENTS, PARTS


def field(name: str, id: str, en: str, kind: Kind = Kind.TEXT, **more: Any) -> Field:
    return Field(name=name, label=Text(id, en), kind=kind, **{"in_list": False, **more})


def _told(name: str, label: Text, longest: int, **more: Any) -> tuple[Field, Field]:
    """A text in both languages."""
    english = Text(f"{label.id} (Inggris)", f"{label.en} (English)")
    kind = Kind.LONG_TEXT if longest > 200 else Kind.TEXT
    return (
        Field(name=f"{name}_id", label=label, kind=kind, longest=longest, **{"in_list": False, **more}),
        Field(name=f"{name}_en", label=english, kind=kind, longest=longest, in_list=False),
    )


NAME = _told("name", Text("Nama", "Name"), 200, required=True, in_list=True)
VILLAGE = field("village_code", "Desa/kelurahan", "Village", Kind.VILLAGE)
OFFICE = field("office_id", "Kantor pemilik", "Owning office", Kind.REFERENCE, resource="offices", in_list=True)
SERVICE = field("service_id", "Layanan", "Service", Kind.REFERENCE, resource="services", in_list=True)

SERVICES = Resource(
    name="services",
    label=Text("Katalog layanan", "Services"),
    one=Text("Layanan", "Service"),
    row=Service,
    title="name_id",
    view_permission="view",
    edit_permission="edit",
    search=("name_id", "name_en", "keywords", "summary_id"),
    filters=("office_id", "published", "online", "review_on"),
    order="name_id",
    key=("name_id",),
    importable=True,
    check=work.check_service,
    saving=work.save_service,
    fields=(
        *NAME,
        replace(OFFICE, required=True),
        *_told("summary", Text("Ringkasan", "Summary"), 500),
        field(
            "keywords",
            "Kata lain",
            "Other words",
            longest=300,
            hint=Text("Yang diketik warga saat mencari: ktp hilang, bikin kk", "What people type when they search"),
        ),
        *(one for name, label in PARTS.items() for one in _told(name, label, 4000)),
        field(
            "days",
            "Standar waktu",
            "Standard time",
            Kind.INTEGER,
            least=Decimal(0),
            most=Decimal(365),
            unit=Text("hari kerja", "working days"),
            in_list=True,
        ),
        field("online", "Dapat diajukan di sini", "Can be applied for here", Kind.BOOLEAN, default="false"),
        field("published", "Terbit", "Public", Kind.BOOLEAN, default="false", in_list=True),
        field("review_on", "Tinjau ulang pada", "Review on", Kind.DATE, required=True, in_list=True),
    ),
)
OFFICES = Resource(
    name="offices",
    label=Text("Kantor", "Offices"),
    one=Text("Kantor", "Office"),
    row=Office,
    title="name_id",
    view_permission="view",
    edit_permission="edit",
    search=("name_id", "name_en", "address"),
    filters=("village_code",),
    order="name_id",
    key=("name_id",),
    importable=True,
    fields=(
        *NAME,
        field("address", "Alamat", "Address", in_list=True),
        VILLAGE,
        field("point", "Titik di peta", "Point on the map", Kind.POINT),
        field("phone", "Telepon", "Phone", Kind.PHONE, in_list=True),
        field("opens", "Buka (WITA)", "Opens (WITA)", Kind.TIME, in_list=True),
        field("closes", "Tutup Senin–Kamis", "Closes Monday–Thursday", Kind.TIME, in_list=True),
        field("friday_closes", "Tutup Jumat", "Closes on Friday", Kind.TIME, in_list=True),
        field("always", "Buka 24 jam", "Open around the clock", Kind.BOOLEAN, default="false"),
    ),
)
HOLIDAYS = Resource(
    name="holidays",
    label=Text("Hari libur", "Holidays"),
    one=Text("Hari libur", "Holiday"),
    row=Holiday,
    title="name",
    view_permission="view",
    edit_permission="edit",
    search=("name",),
    filters=("day",),
    order="day",
    key=("day",),
    importable=True,
    empty=Text(
        "Belum ada hari libur: tenggat menghitung Senin–Jumat saja.", "No holiday yet: clocks count Monday to Friday."
    ),
    fields=(
        field("day", "Tanggal", "Date", Kind.DATE, required=True, in_list=True),
        field("name", "Nama", "Name", required=True, in_list=True),
    ),
)


def _case(states: Any, *more: Field) -> tuple[Field, ...]:
    shown: dict[str, Any] = {"typed": False, "in_list": True}
    hidden: dict[str, Any] = {"typed": False, "in_list": False, "longest": 5000}
    return (
        field("number", "Nomor lacak", "Tracking number", **shown),
        field("state", "Keadaan", "State", Kind.CHOICE, choices=states, **shown),
        field("clock", "Tenggat", "Clock", Kind.CHOICE, choices=CLOCKS, **shown),
        field("due_on", "Jatuh tempo", "Due on", Kind.DATE, **shown),
        *more,
        field("holder", "Warga (disamarkan)", "Citizen (masked)", **shown),
        field("created_at", "Masuk", "Came in", Kind.MOMENT, **shown),
        field("message", "Yang disampaikan", "What was told", Kind.LONG_TEXT, **hidden),
        field("reply", "Tanggapan terakhir warga", "Last reply of the citizen", Kind.LONG_TEXT, **hidden),
        field("reason", "Penjelasan kantor", "Office's explanation", Kind.LONG_TEXT, **hidden),
        field("escalated_at", "Dieskalasi", "Escalated", Kind.MOMENT, typed=False),
        field("closed_at", "Ditutup", "Closed", Kind.MOMENT, typed=False),
    )


CONTACT = Action(
    name="contact",
    label=Text("Lihat nama dan telepon", "Show name and phone"),
    permission="personal",
    run=work.show_contact,
    offered=lambda case: case.holder != rules.ERASED,
    confirm=Text("Nama dan telepon ditampilkan; ini tercatat.", "Name and phone are shown; this is noted."),
)
APPLICATIONS = Resource(
    name="applications",
    label=Text("Permohonan", "Applications"),
    one=Text("Permohonan", "Application"),
    row=Application,
    title="number",
    view_permission="applications",
    search=("number", "service_id", "message"),
    order="due_on",
    filters=("state", "clock", "service_id"),
    empty=Text("Belum ada permohonan dari halaman publik.", "No application from the public pages yet."),
    fields=_case(APPLICATION_STATES, SERVICE),
    actions=(
        work.step(Application, "check", Text("Periksa", "Check"), Text("Sedang diperiksa.", "It is in check.")),
        work.step(
            Application,
            "ask",
            Text("Minta dilengkapi", "Ask to complete"),
            Text("Warga diminta melengkapi.", "The citizen is asked to complete it."),
            explained=True,
        ),
        work.step(Application, "accept", Text("Terima", "Accept"), Text("Diterima.", "Accepted.")),
        work.step(Application, "reject", Text("Tolak", "Reject"), Text("Ditolak.", "Rejected."), explained=True),
        work.step(Application, "finish", Text("Selesai", "Done"), Text("Selesai.", "Done.")),
        CONTACT,
    ),
)
COMPLAINTS = Resource(
    name="complaints",
    label=Text("Pengaduan", "Complaints"),
    one=Text("Pengaduan", "Complaint"),
    row=Complaint,
    title="number",
    view_permission="complaints",
    search=("number", "message", "place"),
    order="due_on",
    filters=("state", "clock", "office_id", "urgent", "village_code"),
    empty=Text("Belum ada pengaduan dari halaman publik.", "No complaint from the public pages yet."),
    fields=_case(
        COMPLAINT_STATES,
        field("urgent", "Mungkin darurat", "Perhaps an emergency", Kind.BOOLEAN, typed=False, in_list=True),
        replace(OFFICE, typed=False),
        field("service_id", "Layanan", "Service", Kind.REFERENCE, resource="services", typed=False),
        field("village_code", "Desa/kelurahan", "Village", Kind.VILLAGE, typed=False),
        field("place", "Tempat", "Place", typed=False),
        field("point", "Titik di peta", "Point on the map", Kind.POINT, typed=False),
        field("incident", "Insiden 112", "Incident at 112", typed=False),
    ),
    actions=(
        Action(
            name="hand",
            label=Text("Darurat: serahkan ke 112", "Emergency: hand to 112"),
            permission="complaints",
            run=work.hand_to_112,
            offered=lambda case: (case.state, "hand") in rules.COMPLAINT_MOVES,
        ),
        work.step(Complaint, "forward", Text("Teruskan", "Forward"), Text("Diteruskan.", "Forwarded.")),
        work.step(
            Complaint,
            "answer",
            Text("Tindak lanjuti", "Follow up"),
            Text("Jawaban dikirim ke halaman lacak.", "The answer stands on the tracking page."),
            explained=True,
        ),
        work.step(Complaint, "reject", Text("Tolak", "Reject"), Text("Ditolak.", "Rejected."), explained=True),
        work.step(Complaint, "close", Text("Tutup", "Close"), Text("Ditutup.", "Closed.")),
        CONTACT,
    ),
)
DOCUMENTS = Resource(
    name="documents",
    label=Text("Berkas", "Documents"),
    one=Text("Berkas", "Document"),
    row=Document,
    title="name",
    view_permission="documents",
    search=("number", "name"),
    filters=("number",),
    empty=Text("Belum ada berkas dari warga.", "No document from citizens yet."),
    fields=(
        field("name", "Berkas", "Document", typed=False, in_list=True),
        field("number", "Nomor lacak", "Tracking number", typed=False, in_list=True),
        field("address", "Alamat untuk membuka", "Address to open", Kind.LINK, typed=False, in_list=True),
        field("created_at", "Masuk", "Came in", Kind.MOMENT, typed=False, in_list=True),
    ),
)
ANSWERS = Resource(
    name="answers",
    label=Text("Jawaban survei", "Survey answers"),
    one=Text("Jawaban", "Answer"),
    row=Answer,
    title="day",
    view_permission="view",
    filters=("service_id", "day"),
    order="-day",
    empty=Text("Belum ada jawaban survei.", "No survey answer yet."),
    fields=(
        field("day", "Tanggal", "Date", Kind.DATE, typed=False, in_list=True),
        replace(SERVICE, typed=False),
        *(
            Field(name=f"u{number}", label=label, kind=Kind.INTEGER, typed=False)
            for number, label in enumerate(ELEMENTS, 1)
        ),
        field("suggestion", "Saran", "Suggestion", Kind.LONG_TEXT, typed=False, longest=1000),
    ),
)
_SINCE = field("since", "Sejak", "Since", Kind.DATE)
_UNTIL = field("until", "Sampai", "Until", Kind.DATE)
REPORTS = (
    Report(name="clocks", label=Text("Tenggat", "Clocks"), permission="view", build=reports.clocks),
    Report(
        name="satisfaction",
        label=Text("Kepuasan masyarakat (SKM)", "Satisfaction (SKM)"),
        permission="view",
        build=reports.satisfaction,
        filters=(SERVICE, _SINCE, _UNTIL),
    ),
    Report(name="reviews", label=Text("Tinjauan katalog", "Reviews"), permission="view", build=reports.reviews),
)

PAGES = (COMPLAINTS, APPLICATIONS, DOCUMENTS, SERVICES, OFFICES, HOLIDAYS, *REPORTS, ANSWERS)
