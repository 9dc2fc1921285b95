"""The office's pages: access points, tickets, terms, opening hours, and what the wifi is used for."""

from decimal import Decimal

from dispatch.plugins import Action, Choice, Field, Kind, Report, Resource, Text
from quickwins.taman_rozeline import reports, work
from quickwins.taman_rozeline.model import AccessPoint, OpeningHours, Terms, Ticket
from quickwins.taman_rozeline.words import CAUSES, METHODS, SOURCES, STATES, TERMS_STATES, TICKET_STATES, WEEKDAYS


def _choice(
    name: str, id: str, en: str, choices: tuple[Choice, ...], *, typed: bool = True, default: str | None = None
) -> Field:
    return Field(
        name=name,
        label=Text(id, en),
        kind=Kind.CHOICE,
        choices=choices,
        required=typed,
        typed=typed,
        default=default,
    )


def _shown(name: str, id: str, en: str, kind: Kind = Kind.TEXT, *, in_list: bool = True) -> Field:
    return Field(name=name, label=Text(id, en), kind=kind, typed=False, in_list=in_list)


def _long(name: str, id: str, en: str, longest: int, hint: Text | None = None, *, in_list: bool = False) -> Field:
    return Field(
        name=name,
        label=Text(id, en),
        kind=Kind.LONG_TEXT,
        longest=longest,
        required=True,
        in_list=in_list,
        hint=hint,
    )


def _number(name: str, id: str, en: str, least: int, most: int, hint: Text, default: str | None = None) -> Field:
    return Field(
        name=name,
        label=Text(id, en),
        kind=Kind.INTEGER,
        least=Decimal(least),
        most=Decimal(most),
        default=default,
        required=default is not None,
        in_list=False,
        hint=hint,
    )


CAUSE = _choice("cause", "Penyebab", "Cause", CAUSES)
ACCESS_POINTS = Resource(
    name="access_points",
    label=Text("Titik akses", "Access points"),
    one=Text("Titik akses", "Access point"),
    row=AccessPoint,
    title="name",
    view_permission="view",
    edit_permission="edit",
    search=("name", "nas", "note"),
    filters=("state",),
    order="name",
    check=work.check_point,
    saving=work.save_point,
    fields=(
        Field(name="name", label=Text("Nama", "Name"), required=True, longest=100),
        _choice("state", "Keadaan", "State", STATES, typed=False),
        _shown("since", "Sejak", "Since", Kind.MOMENT),
        _shown("checked_at", "Terakhir diperiksa", "Last polled", Kind.MOMENT),
        _choice("method", "Cara memeriksa", "How it is polled", METHODS, default="none"),
        Field(
            name="host",
            label=Text("Alamat yang diperiksa", "Address to poll"),
            longest=100,
            in_list=False,
            hint=Text("Nama host atau alamat IP titik akses", "Host name or IP address of the access point"),
        ),
        _number("port", "Port", "Port", 1, 65_535, Text("Kosong: 443 untuk TCP, 161 SNMP", "Empty: 443 TCP, 161 SNMP")),
        Field(
            name="nas",
            label=Text("Nama di akuntansi", "Name in accounting"),
            longest=100,
            in_list=False,
            hint=Text("NAS-Identifier, IP atau nama di controller", "NAS-Identifier, IP or the controller's name"),
        ),
        Field(name="point", label=Text("Titik di peta", "Point on the map"), kind=Kind.POINT, in_list=False),
        _number(
            "accuracy_m",
            "Akurasi titik (m)",
            "Accuracy of the point (m)",
            1,
            50_000,
            Text("Bila letaknya belum pasti: isi lebar", "If the place is not sure: make it wide"),
            "1500",
        ),
        Field(name="note", label=Text("Catatan", "Note"), kind=Kind.LONG_TEXT, longest=500, in_list=False),
    ),
)
TICKETS = Resource(
    name="tickets",
    label=Text("Tiket gangguan", "Fault tickets"),
    one=Text("Tiket", "Ticket"),
    row=Ticket,
    title="description",
    view_permission="view",
    edit_permission="tickets",
    search=("description", "solution"),
    filters=("state", "cause", "access_point_id"),
    saving=work.save_ticket,
    empty=Text("Belum ada gangguan yang dilaporkan.", "No fault was reported yet."),
    fields=(
        _choice("state", "Keadaan", "State", TICKET_STATES, typed=False),
        _shown("created_at", "Dilaporkan", "Reported", Kind.MOMENT),
        CAUSE,
        _choice("source", "Dari", "From", SOURCES, typed=False),
        Field(
            name="access_point_id",
            label=Text("Titik akses", "Access point"),
            kind=Kind.REFERENCE,
            resource="access_points",
        ),
        _long("description", "Apa yang terjadi", "What happened", 500, in_list=True),
        _shown("taken_by", "Dikerjakan oleh", "Taken by", in_list=False),
        _shown("resolved_at", "Pulih", "Resolved", Kind.MOMENT),
        _shown("solution", "Perbaikan", "Repair", Kind.LONG_TEXT, in_list=False),
        _shown("handed", "Insiden 112", "112 incident", in_list=False),
    ),
    actions=(
        work.move("take", Text("Kerjakan", "Take"), Text("Tiket dikerjakan.", "The ticket is taken.")),
        work.move(
            "resolve", Text("Pulih", "Resolve"), Text("Dicatat pulih.", "Noted as resolved."), CAUSE, work.RESOLUTION
        ),
        work.move("close", Text("Tutup", "Close"), Text("Tiket ditutup.", "The ticket is closed.")),
        work.move("reopen", Text("Buka lagi", "Reopen"), Text("Tiket dibuka lagi.", "The ticket is open again.")),
        Action(
            name="hand_to_112",
            label=Text("Serahkan ke 112", "Hand to 112"),
            permission="tickets",
            run=work.hand_to_112,
            offered=lambda row: row.handed is None and row.state in ("open", "in_progress"),
            confirm=Text("Buka insiden di 112 dari tiket ini?", "Open an incident at 112 from this ticket?"),
        ),
    ),
)
TERMS = Resource(
    name="terms",
    label=Text("Ketentuan pemakaian", "Terms of use"),
    one=Text("Versi ketentuan", "Version of the terms"),
    row=Terms,
    title="number",
    view_permission="view",
    edit_permission="edit",
    order="-number",
    saving=work.save_terms,
    fields=(
        _shown("number", "Versi", "Version", Kind.INTEGER),
        _choice("state", "Keadaan", "State", TERMS_STATES, typed=False),
        _shown("published_at", "Terbit", "Published", Kind.MOMENT),
        _long("text_id", "Ketentuan (Indonesia)", "Terms (Indonesian)", 10_000, in_list=True),
        _long("text_en", "Ketentuan (Inggris)", "Terms (English)", 10_000),
    ),
    actions=(
        Action(
            name="publish",
            label=Text("Terbitkan", "Publish"),
            permission="publish",
            run=work.publish_terms,
            offered=lambda row: row.state == "draft",
            confirm=Text("Terbitkan? Versi terbit tidak dapat diubah lagi.", "Publish? It cannot be changed then."),
        ),
    ),
)
HOURS = Resource(
    name="opening_hours",
    label=Text("Jam buka", "Opening hours"),
    one=Text("Jam buka", "Opening hours"),
    row=OpeningHours,
    title="weekday",
    view_permission="view",
    edit_permission="edit",
    order="weekday",
    key=("weekday", "opens"),
    importable=True,
    check=work.check_hours,
    empty=Text("Belum ada jam buka.", "There are no opening hours yet."),
    fields=(
        _choice("weekday", "Hari", "Day", WEEKDAYS),
        Field(name="opens", label=Text("Buka (WITA)", "Opens (WITA)"), kind=Kind.TIME, required=True),
        Field(
            name="closes",
            label=Text("Tutup (WITA)", "Closes (WITA)"),
            kind=Kind.TIME,
            required=True,
            hint=Text("Lebih awal dari buka: hari berikutnya", "Before the opening time: the day after"),
        ),
    ),
)


def _day(name: str, id: str, en: str) -> Field:
    return Field(name=name, label=Text(id, en), kind=Kind.DATE)


USE = Report(
    name="use",
    label=Text("Pemakaian", "Use"),
    permission="view",
    build=reports.use,
    filters=(_day("first", "Dari", "From"), _day("last", "Sampai", "Up to")),
)
ONE_DAY = Report(
    name="one_day",
    label=Text("Tersambung per jam", "Connected by hour"),
    permission="view",
    build=reports.one_day,
    filters=(_day("day", "Hari", "Day"),),
)
REPAIRS = Report(name="repairs", label=Text("Gangguan", "Faults"), permission="view", build=reports.repairs)
ACCOUNTING = Report(
    name="accounting", label=Text("Impor akuntansi", "Accounting import"), permission="import", build=reports.accounting
)

PAGES = (ACCESS_POINTS, TICKETS, USE, ONE_DAY, REPAIRS, ACCOUNTING, HOURS, TERMS)
