"""Public pages of Go PPU: search, service, apply, complain, track, survey, offices, in both languages."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, HTTPException, Query, Response
from sqlalchemy import select

from dispatch.plugins import (
    Checked,
    Fault,
    Field,
    InFiles,
    InPage,
    PageRequest,
    Reading,
    Refused,
    Text,
    Working,
    file_answer,
)
from quickwins.go_ppu import reports, rules, words, work
from quickwins.go_ppu.forms import APPLY, COMPLAIN, KEYS, OPEN, REPLY, SURVEY
from quickwins.go_ppu.model import KINDS, Answer, Application, Case, Complaint, Document, Move, Office, Private, Service

public = APIRouter()

MOST_SERVICES = 2000
"""Of the catalogue; a regency has some hundreds."""
MOST_DOCUMENTS = 20
"""Of one case."""


LEAST_PHONE = 8
"""Signs; service numbers are shorter."""
SHORT_PHONE = Text("Isi nomor telepon Anda sendiri.", "Give a phone number of your own.")
UNKNOWN = Text(
    "Nomor lacak dan 4 angka terakhir telepon tidak cocok. Data kasus lama dihapus setelah waktunya.",
    "Tracking number and last 4 digits of the phone do not match. Data of old cases are erased in time.",
)


def told(row: Any, name: str, page: PageRequest) -> tuple[str, bool]:
    """The text in the visitor's language, and whether it is in Indonesian only though English was asked for."""
    english = getattr(row, f"{name}_en")
    text = english if page.lang == "en" and english else getattr(row, f"{name}_id")
    return text or "", page.lang == "en" and not english and bool(text)


def _name(row: Office | Service, page: PageRequest) -> str:
    return told(row, "name", page)[0]


async def _services(reading: Reading) -> Sequence[Service]:
    found = select(Service).where(Service.published.is_(True), Service.archived_at.is_(None))
    return (await reading.session.scalars(found.order_by(Service.name_id).limit(MOST_SERVICES))).all()


async def _service(reading: Reading, slug: str) -> tuple[Service, Office | None]:
    """Raises HTTPException 404 for what is not there or not public."""
    found = select(Service).where(Service.slug == slug, Service.published.is_(True), Service.archived_at.is_(None))
    row = (await reading.session.scalars(found)).one_or_none()
    if row is None:
        raise HTTPException(404)
    return row, await reading.session.get(Office, row.office_id)


@public.get("/")
async def home(page: InPage, q: Annotated[str, Query(max_length=100)] = "") -> Response:
    """Search first: the services that fit best, or all by office."""
    async with page.reading() as reading:
        services = await _services(reading)
        offices = {one.id: _name(one, page) for one in await reports.offices(reading)}
    ranked = [(_relevance(one, q), one) for one in services] if q.strip() else [(1, one) for one in services]
    hits = sorted((hit for hit in ranked if hit[0]), key=lambda hit: (-hit[0], hit[1].name_id))
    return await page.render(
        "home.html",
        title=page.text(Text("Layanan publik Penajam Paser Utara", "Public services of Penajam Paser Utara")),
        description=page.text(Text("Syarat, biaya, dan waktu setiap layanan", "What each service needs, costs, takes")),
        q=q,
        hits=[
            (one, _name(one, page), told(one, "summary", page)[0], offices.get(one.office_id, "")) for _, one in hits
        ],
        urgent=rules.sounds_urgent(q),
    )


def _relevance(one: Service, q: str) -> int:
    titles = f"{one.name_id} {one.name_en or ''}"
    parts = " ".join(getattr(one, f"{part}_{lang}") or "" for part in rules.PARTS for lang in ("id", "en"))
    return rules.relevance(q, titles, one.keywords or "", f"{one.summary_id or ''} {one.summary_en or ''} {parts}")


@public.get("/layanan/{slug}")
async def service(page: InPage, slug: str) -> Response:
    async with page.reading() as reading:
        row, office = await _service(reading, slug)
        free = await work.holidays(reading)
    name, summary = _name(row, page), told(row, "summary", page)[0]
    return await page.render(
        "service.html",
        title=name,
        description=summary,
        structured=_structured(page, row, office, name, summary),
        row=row,
        name=name,
        summary=summary,
        office=office,
        office_name=_name(office, page) if office else "",
        hours=rules.hours_words(office.hours) if office else (),
        is_open=rules.is_open(office.hours, page.now, free) if office else None,
        parts=[(page.text(label), *told(row, part, page)) for part, label in words.PARTS.items()],
    )


def _structured(page: PageRequest, row: Service, office: Office | None, name: str, summary: str) -> dict[str, Any]:
    url = page.absolute(page.path(f"layanan/{row.slug}"))
    area = {"@type": "AdministrativeArea", "name": "Penajam Paser Utara"}
    found: dict[str, Any] = {"@type": "GovernmentService", "name": name, "description": summary, "url": url}
    found |= {"areaServed": area, "availableChannel": {"@type": "ServiceChannel", "serviceUrl": url}}
    if office:
        provider = {"@type": "GovernmentOffice", "name": _name(office, page), "areaServed": area}
        if office.address:
            provider["address"] = office.address
        if office.phone:
            provider["telephone"] = office.phone
        found |= {"serviceOperator": provider, "provider": provider}
    steps = ((page.plugin.title.in_(page.lang), page.path()), (name, page.path(f"layanan/{row.slug}")))
    crumbs = [
        {"@type": "ListItem", "position": at, "name": label, "item": page.absolute(path)}
        for at, (label, path) in enumerate(steps, 1)
    ]
    return {"@graph": [found, {"@type": "BreadcrumbList", "itemListElement": crumbs}]}


@public.get("/ajukan/{slug}")
async def apply(page: InPage, slug: str) -> Response:
    return await _apply_page(page, slug, Checked({}))


async def _apply_page(page: PageRequest, slug: str, checked: Checked) -> Response:
    async with page.reading() as reading:
        row, _office = await _service(reading, slug)
    if not row.online:
        raise HTTPException(404)
    text = told(row, "requirements", page)
    title = page.text(Text("Ajukan: ", "Apply: ")) + _name(row, page)
    more = {"slug": slug, "requirements": text, "keep_days": page.settings.keep_days}
    return await _form_page(page, "apply.html", title, APPLY, checked, **more)


async def _form_page(
    page: PageRequest, template: str, title: str, fields: Sequence[Field], checked: Checked, **more: Any
) -> Response:
    status = 422 if checked.faults else 200
    return await page.render(template, title=title, status=status, fields=fields, faults=checked.faults, **more)


async def _taken(page: PageRequest, fields: Sequence[Field]) -> Checked:
    """A form with somebody's phone, which must be long enough to open the tracking page with."""
    checked = await page.form(fields)
    if not checked.faults and len(checked.values["phone"]) < LEAST_PHONE:
        return Checked({}, (Fault("phone", SHORT_PHONE),))
    return checked


@public.post("/ajukan/{slug}")
async def applied(page: InPage, files: InFiles, slug: str) -> Response:
    checked = await _taken(page, APPLY)
    if checked.faults:
        return await _apply_page(page, slug, checked)
    async with page.working() as working:
        row, _office = await _service(working, slug)
        if not row.online:
            raise HTTPException(404)
        case = Application(service_id=row.id)
        number = await work.begin(working, case, checked.values)
        await _attach(page, working, case)
    return page.redirect(f"terkirim/{number}")


async def _attach(page: PageRequest, working: Working, case: Case) -> None:
    found = select(Document.id).where(Document.case_id == case.id)
    have = len((await working.session.scalars(found)).all())
    for at, data in enumerate(page.uploads.values(), have + 1):
        if at > MOST_DOCUMENTS:
            raise Refused(Text("Berkasnya sudah terlalu banyak.", "There are too many documents already."))
        await work.attach(working, page.files, case, page.text(Text(f"Berkas {at}", f"Document {at}")), data)


@public.get("/adu")
async def complain(page: InPage, layanan: Annotated[str, Query(max_length=100)] = "") -> Response:
    return await _complain_page(page, Checked({}), layanan)


async def _complain_page(page: PageRequest, checked: Checked, slug: str = "") -> Response:
    async with page.reading() as reading:
        services, villages = await _services(reading), await reading.villages()
    about = {"service_id": next((one.id for one in services if one.slug == slug), "")}
    return await _form_page(
        page,
        "complain.html",
        page.text(Text("Sampaikan pengaduan", "Make a complaint")),
        COMPLAIN,
        checked,
        values=page.typed or about,
        villages=villages,
        rows={"services": [(one.id, _name(one, page)) for one in services]},
        settings=page.settings,
    )


@public.post("/adu")
async def complained(page: InPage) -> Response:
    checked = await _taken(page, COMPLAIN)
    if checked.faults:
        return await _complain_page(page, checked)
    values = checked.values
    lat, lon = values["point"] or (None, None)
    async with page.working() as working:
        about = await working.session.get(Service, values["service_id"]) if values["service_id"] else None
        case = Complaint(service_id=about.id if about else None, office_id=about.office_id if about else None)
        case.village_code, case.point_lat, case.point_lon = values["village_code"], lat, lon
        case.urgent = rules.sounds_urgent(values["message"])
        number = await work.begin(working, case, values)
        await _attach(page, working, case)
    return page.redirect(f"terkirim/{number}{'?darurat=1' if case.urgent else ''}")


@public.get("/terkirim/{number}")
async def sent(page: InPage, number: str, darurat: bool = False) -> Response:
    """Shows the number; what was sent opens with the phone's digits alone."""
    known = rules.read_number(number)
    if known is None:
        raise HTTPException(404)
    title = page.text(Text("Sudah kami terima", "We have received it"))
    return _unkept(await page.render("sent.html", title=title, number=known, urgent=darurat))


def _unkept(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@public.get("/lacak")
async def track(page: InPage, nomor: Annotated[str, Query(max_length=20)] = "") -> Response:
    return await _track_page(page, Checked({}), {"number": nomor})


async def _track_page(page: PageRequest, checked: Checked, values: Mapping[str, str]) -> Response:
    title = page.text(Text("Lacak permohonan atau pengaduan", "Track an application or complaint"))
    return _unkept(await _form_page(page, "track.html", title, KEYS, checked, values=values))


async def _found(reading: Reading, values: Mapping[str, Any], *, lock: bool = False) -> Application | Complaint | None:
    """The case of a tracking number, for whoever knows the last digits of its phone."""
    number = rules.read_number(values["number"])
    for kind in KINDS:
        query = select(kind).where(kind.number == number, kind.archived_at.is_(None))
        case = (await reading.session.scalars(query.with_for_update() if lock else query)).one_or_none()
        if case is not None:
            phone = select(Private.phone).where(Private.case_id == case.id)
            holds = rules.holds(await reading.session.scalar(phone) or "", values["digits"])
            return case if holds else None
    return None


@public.post("/lacak")
async def tracked(page: InPage) -> Response:
    checked = await page.form(KEYS)
    if checked.faults:
        return await _track_page(page, checked, page.typed)
    return await _case_page(page, checked.values)


async def _case_page(page: PageRequest, keys: Mapping[str, Any], faults: Sequence[Fault] = ()) -> Response:
    async with page.reading() as reading:
        case = await _found(reading, keys)
        if case is None:
            return await _track_page(page, Checked({}, (Fault("", UNKNOWN),)), page.typed)
        shown = await _shown(page, reading, case)
    application = isinstance(case, Application)
    response = await page.render(
        "case.html",
        title=page.text(Text("Permohonan", "Application") if application else Text("Pengaduan", "Complaint")),
        status=422 if faults else 200,
        case=case,
        states=words.names(words.APPLICATION_STATES if application else words.COMPLAINT_STATES),
        by=words.BY,
        may_reply=(case.state, "reply") in work.MOVES[type(case)],
        incident=case.incident if isinstance(case, Complaint) else None,
        fields=REPLY[2:],
        faults=faults,
        keys={"number": case.number, "digits": keys["digits"]},
        **shown,
    )
    return _unkept(response)


async def _shown(page: PageRequest, reading: Reading, case: Application | Complaint) -> dict[str, Any]:
    """What belongs to the case: its steps and documents, whose it is, and how its clock stands."""
    moves = select(Move).where(Move.case_id == case.id).order_by(Move.step)
    documents = select(Document).where(Document.case_id == case.id).order_by(Document.created_at, Document.name)
    about = await reading.session.get(Service, case.service_id) if case.service_id else None
    owner = getattr(case, "office_id", None) or (about.office_id if about else None)
    office = await reading.session.get(Office, owner) if owner else None
    clock = rules.clock_words(case.due_on, work.today(reading), await work.holidays(reading))
    return {
        "moves": (await reading.session.scalars(moves)).all(),
        "documents": (await reading.session.scalars(documents)).all(),
        "service": _name(about, page) if about else "",
        "office": office,
        "office_name": _name(office, page) if office else "",
        "clock_text": page.text(clock),
        "clock": rules.clock(case.due_on, work.today(reading)),
        "survey": page.path(f"survei?layanan={about.slug}") if about and case.state in rules.FINAL else "",
    }


@public.post("/lacak/balas")
async def replied(page: InPage) -> Response:
    """What the citizen adds to an incomplete application or an answered complaint."""
    checked = await page.form(REPLY)
    if not checked.faults:
        async with page.working() as working:
            case = await _found(working, checked.values, lock=True)
            if case is not None:
                await work.reply(working, case, checked.values["message"])
                await _attach(page, working, case)
        page.typed = {name: page.typed[name] for name in ("number", "digits")}
    return await _case_page(page, page.typed, checked.faults)


@public.post("/lacak/berkas")
async def download(page: InPage, files: InFiles) -> Response:
    """A document, for whoever holds its case's number and the phone."""
    checked = await page.form(OPEN)
    if checked.faults:
        return await _track_page(page, checked, page.typed)
    async with page.reading() as reading:
        case = await _found(reading, checked.values)
        row = await reading.session.get(Document, checked.values["document"])
        if case is None or row is None or row.case_id != case.id:
            raise HTTPException(404)
        return file_answer(await files.open(reading, row.file_id), f"{row.number}-{row.name}")


@public.get("/survei")
async def survey(page: InPage, layanan: Annotated[str, Query(max_length=100)] = "") -> Response:
    return await _survey_page(page, Checked({}), layanan)


async def _survey_page(page: PageRequest, checked: Checked, slug: str = "") -> Response:
    async with page.reading() as reading:
        services = await _services(reading)
    title = page.text(Text("Survei kepuasan masyarakat", "Satisfaction survey"))
    rows = {"services": [(one.id, _name(one, page)) for one in services]}
    about = {"service_id": next((one.id for one in services if one.slug == slug), "")}
    return await _form_page(page, "survey.html", title, SURVEY, checked, values=page.typed or about, rows=rows)


@public.post("/survei")
async def surveyed(page: InPage) -> Response:
    checked = await page.form(SURVEY)
    if checked.faults:
        return await _survey_page(page, checked)
    values = {name: int(value) if name[0] == "u" else value for name, value in checked.values.items()}
    async with page.working() as working:
        working.session.add(
            Answer(id=str(uuid4()), created_at=working.now, updated_at=working.now, day=work.today(working), **values)
        )
    return page.redirect("survei/terima-kasih")


@public.get("/survei/terima-kasih")
async def thanks(page: InPage) -> Response:
    return await page.render("thanks.html", title=page.text(Text("Terima kasih", "Thank you")))


@public.get("/kantor")
async def offices(page: InPage) -> Response:
    async with page.reading() as reading:
        found, free = await reports.offices(reading), await work.holidays(reading)
        villages = {one.code: f"{one.name}, {one.district}" for one in await reading.villages()}
    shown = [
        (
            one,
            _name(one, page),
            ", ".join(filter(None, [one.address, villages.get(one.village_code or "")])),
            rules.is_open(one.hours, page.now, free),
            rules.hours_words(one.hours),
        )
        for one in found
    ]
    title = page.text(Text("Kantor dan jam buka", "Offices and opening hours"))
    return await page.render("offices.html", title=title, shown=shown)
