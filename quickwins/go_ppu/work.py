"""What Go PPU does in a transaction: cases on their way, their clocks, the hand-over to 112, and forgetting."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import delete, func, select, update

from dispatch.plugins import (
    Action,
    Emergency,
    Fault,
    Field,
    Files,
    Kind,
    Reading,
    Refused,
    Text,
    Values,
    Working,
    Workshop,
)
from quickwins.go_ppu import rules
from quickwins.go_ppu.model import (
    KINDS,
    Application,
    Case,
    Complaint,
    Document,
    Holiday,
    Move,
    Office,
    Private,
    Service,
)
from quickwins.go_ppu.words import PARTS

MOST_CASES = 500
"""Whose clocks one run of the job moves on, and which one run forgets; the rest follows with the next."""
MOVES: Mapping[type[Case], Mapping[tuple[str, str], str]] = {
    Application: rules.APPLICATION_MOVES,
    Complaint: rules.COMPLAINT_MOVES,
}
CHANGED = Text("Keadaannya sudah berubah; muat ulang.", "Its state has changed; load it again.")
NO_REPLY = Text("Ditutup: tidak ada tanggapan dari pelapor.", "Closed: the complainant did not reply.")
REASON = Field(name="reason", label=Text("Penjelasan untuk warga", "Explanation for the citizen"), longest=1000)
Row = TypeVar("Row", bound=Any)


def today(reading: Reading) -> date:
    return reading.now.astimezone(rules.WITA).date()


def stored(working: Working, row: Row) -> Row:
    row.id = str(uuid4())
    row.created_at = row.updated_at = working.now
    working.session.add(row)
    return row


async def holidays(reading: Reading) -> frozenset[date]:
    found = select(Holiday.day).where(Holiday.archived_at.is_(None))
    return frozenset(await reading.session.scalars(found))


async def _days(working: Working, case: Case) -> int | None:
    """Working days that the state it is in may last; None: no clock runs."""
    if isinstance(case, Application):
        service = await working.session.get(Service, case.service_id)
        return service.days if service and case.state in ("submitted", "in_check", "accepted") else None
    settings = working.settings
    times = {"received": settings.forward_days, "forwarded": settings.answer_days, "answered": settings.close_days}
    return times.get(case.state)


async def _enter(working: Working, case: Case, by: str, reason: str | None) -> None:
    """Note that `case` came into its state, and set its clock: an application's runs on from its submission."""
    case.since, case.escalated_at = working.now, None
    case.due_days = await _days(working, case)
    if not isinstance(case, Application) or case.state == "submitted" or case.due_from is None:
        case.due_from = today(working)
    _tick(case, today(working), await holidays(working))
    case.closed_at = working.now if case.state in rules.FINAL else None
    step = await working.session.scalar(select(func.count()).where(Move.case_id == case.id)) or 0
    stored(working, Move(case_id=case.id, step=step + 1, state=case.state, by=by, reason=reason))


def _tick(case: Case, day: date, free: frozenset[date]) -> None:
    if case.due_days is None or case.due_from is None:
        case.due_on = None
    else:
        case.due_on = rules.add_working_days(case.due_from, case.due_days, free)
    case.clock = rules.clock(case.due_on, day)


async def begin(working: Working, case: Case, told: Mapping[str, Any], number: str | None = None) -> str:
    """Take in a new case; returns its tracking number."""
    stored(working, case)
    case.number = number or rules.new_number(secrets.randbelow)
    case.state = "submitted" if isinstance(case, Application) else "received"
    case.holder = rules.masked(told["name"], told["phone"])
    private = Private(case_id=case.id, **{name: told.get(name) for name in ("name", "phone", "message", "place")})
    private.message = private.message or ""
    stored(working, private)
    await _enter(working, case, "citizen", None)
    return case.number


async def move(working: Working, case: Case, act: str, by: str = "office", reason: str | None = None) -> None:
    """Do `act` as the last thing of a transaction. Raises Refused where the case's state does not allow it."""
    state = MOVES[type(case)].get((case.state, act))
    if state is None:
        raise Refused(CHANGED)
    case.state, case.version, case.updated_at = state, case.version + 1, working.now
    if by == "office":
        case.reason = reason
    await _enter(working, case, by, reason)
    await working.session.flush()
    await working.session.refresh(case)


async def reply(working: Working, case: Case, text: str) -> None:
    """What the citizen adds: an incomplete application is submitted again, an answered complaint goes on."""
    await working.session.execute(update(Private).where(Private.case_id == case.id).values(reply=text))
    await move(working, case, "reply", "citizen", text)


async def attach(working: Working, files: Files, case: Case, name: str, data: bytes) -> None:
    """Keep a document for the office and the citizen alone. Raises Refused."""
    file_id = await files.store(working, data, private=True)
    document = stored(working, Document(case_id=case.id, number=case.number, file_id=file_id, name=name))
    document.address = f"/api/plugins/go_ppu/documents/{document.id}"


def step(kind: type[Case], act: str, label: Text, done: Text, *, explained: bool = False) -> Action:
    """One move as an action of its list; `explained`: the citizen is owed a reason."""
    moves = MOVES[kind]

    async def run(working: Working, case: Case, values: Values) -> Text:
        if isinstance(case, Complaint) and "office_id" in values:
            case.office_id = values["office_id"]
        await move(working, case, act, reason=values["reason"])
        return done

    reason = Field(name="reason", label=REASON.label, kind=Kind.LONG_TEXT, longest=1000, required=explained)
    owner = Field(
        name="office_id",
        label=Text("Kantor pemilik", "Owning office"),
        kind=Kind.REFERENCE,
        resource="offices",
        required=True,
    )
    return Action(
        name=act,
        label=label,
        permission="applications" if kind is Application else "complaints",
        run=run,
        offered=lambda case: (case.state, act) in moves,
        fields=(owner, reason) if act == "forward" else (reason,),
    )


async def private_of(reading: Reading, case: Case) -> Private:
    """Raises Refused when it was erased."""
    found = (await reading.session.scalars(select(Private).where(Private.case_id == case.id))).one_or_none()
    if found is None:
        raise Refused(Text("Data pribadinya sudah dihapus.", "Its personal data were erased."))
    return found


async def show_contact(working: Working, case: Case, _values: Values) -> Text:
    """Name and number, to whoever may see them; that they were looked at stays in the case's history."""
    private = await private_of(working, case)
    return Text(f"{private.name}, {private.phone}", f"{private.name}, {private.phone}")


async def hand_to_112(working: Working, case: Complaint, _values: Values) -> Text:
    """Open an incident for what should have been a call; the complaint keeps its number."""
    private = await private_of(working, case)
    villages = {one.code: f"{one.name}, {one.district}" for one in await working.villages()}
    place = ", ".join(filter(None, [private.place, villages.get(case.village_code or "")]))
    case.incident = await working.report_emergency(
        Emergency(
            narrative=private.message,
            place=place,
            point=case.point,
            reporting_party=private.name,
            reporting_number=private.phone,
        )
    )
    await move(working, case, "hand")
    working.emit("handed_to_112", {"complaint": case.id, "incident": case.incident})
    return Text(f"Diserahkan ke 112: {case.incident}", f"Handed to 112: {case.incident}")


def check_service(values: Values) -> Sequence[Fault]:
    """What is public states all six parts (PermenPAN-RB 15/2014)."""
    if not values.get("published"):
        return []
    text = "Isi dahulu: layanan yang terbit memuat keenam bagian standarnya."
    fault = Text(text, "Needed first: a public service states all six parts of its standard.")
    return [Fault(f"{part}_id", fault) for part in PARTS if not values.get(f"{part}_id")]


async def save_service(working: Working, row: Service, new: bool) -> None:
    if new:
        with working.session.no_autoflush:
            wanted = rules.slugify(row.name_id)
            found = await working.session.scalars(select(Service.slug).where(Service.slug.startswith(wanted)))
        row.slug = rules.free_slug(wanted, found.all())


async def keep_clocks(workshop: Workshop) -> None:
    """Move clocks on (holidays may have changed), tell once of each that runs out, close what nobody replied to."""
    async with workshop.working() as working:
        free, day = await holidays(working), today(working)
        offices = {key: name for key, name in await working.session.execute(select(Office.id, Office.name_id))}
        for kind in KINDS:
            open_ones = select(kind).where(kind.due_days.is_not(None), kind.archived_at.is_(None))
            first = open_ones.order_by(kind.escalated_at.is_not(None), kind.due_on).limit(MOST_CASES).with_for_update()
            for case in await working.session.scalars(first):
                _tick(case, day, free)
                if case.clock == "overdue":
                    await _run_out(working, case, offices)


async def _run_out(working: Working, case: Application | Complaint, offices: Mapping[str, str]) -> None:
    if case.state == "answered":
        await move(working, case, "close", "clock", NO_REPLY.id)
    elif case.escalated_at is None:
        case.escalated_at = working.now
        owner = offices.get(getattr(case, "office_id", None) or "")
        working.emit("overdue", {"case": case.id, "kind": case.__tablename__, "state": case.state, "office": owner})


async def forget(workshop: Workshop) -> None:
    """Erase what citizens told once a case is closed for long enough (UU PDP 27/2022: no longer than needed)."""
    async with workshop.working() as working:
        limit = working.now - timedelta(days=working.settings.keep_days)
        for kind in KINDS:
            old = select(kind).where(kind.closed_at < limit, kind.holder != rules.ERASED).limit(MOST_CASES)
            for case in await working.session.scalars(old.with_for_update()):
                await _erase(working, case)


async def _erase(working: Working, case: Case) -> None:
    session = working.session
    files = Files("go_ppu", Path())
    for document in await session.scalars(select(Document).where(Document.case_id == case.id)):
        await files.remove(working, document.file_id)
        await session.delete(document)
    await session.execute(delete(Private).where(Private.case_id == case.id))
    await session.execute(update(Move).where(Move.case_id == case.id).values(reason=None))
    case.holder, case.reason = rules.ERASED, None
    case.version, case.updated_at = case.version + 1, working.now
    if isinstance(case, Complaint):
        case.point_lat = case.point_lon = None
