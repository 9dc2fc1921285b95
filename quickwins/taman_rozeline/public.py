"""Public pages: whether the wifi works, its terms, reporting a fault; and the one door for accounting files."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from pydantic import BaseModel
from sqlalchemy import select
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from dispatch.plugins import (
    Checked,
    Field,
    InPage,
    InWorkshop,
    Kind,
    PageRequest,
    Person,
    Reading,
    Refused,
    Text,
    requires,
)
from quickwins.taman_rozeline import reports, rules, words, work
from quickwins.taman_rozeline.model import AccessPoint, OpeningHours, Terms, Ticket
from quickwins.taman_rozeline.pages import CAUSE

public = APIRouter()
router = APIRouter()

MOST_FILE_BYTES = 5_000_000
"""A day of a busy park is some 2 MB, and 4.4 MB (6,000 sessions) took 6 s of the 10 that a request has."""
NO_NAMES = Text("Jangan tulis nama, nomor telepon, atau sandi.", "Do not write names, phone numbers or passwords.")
REPORT = (
    CAUSE,
    Field(
        name="access_point_id",
        label=Text("Titik terdekat", "Nearest access point"),
        kind=Kind.REFERENCE,
        resource="access_points",
    ),
    Field(
        name="description",
        label=Text("Apa yang Anda lihat", "What you see"),
        kind=Kind.LONG_TEXT,
        required=True,
        longest=500,
        hint=NO_NAMES,
    ),
)


class TakenView(BaseModel):
    """What came of an accounting file."""

    records: int
    new: int
    changed: int
    running: int
    too_old: int
    uncounted: int
    other: int
    faulty: int
    faults: list[dict[str, Any]]


async def _hours(reading: Reading) -> list[OpeningHours]:
    asked = select(OpeningHours).where(OpeningHours.archived_at.is_(None))
    return list(await reading.session.scalars(asked.order_by(OpeningHours.weekday, OpeningHours.opens)))


@public.get("/")
async def home(page: InPage) -> Response:
    """Whether it works now, how much it is used, and when the park is open."""
    today = rules.day_of(page.now)
    span = [today - timedelta(days=back) for back in range(30, 0, -1)]
    async with page.reading() as reading:
        points, hours = await reports.access_points(reading), await _hours(reading)
        known = await reports.days(reading, span[0], today)
        connected = await reports.running(reading)
    opening = rules.is_open([(int(one.weekday), one.opens, one.closes) for one in hours], page.now)
    devices = page.text(Text("Perangkat", "Devices"))
    down, up = page.text(Text("Unduh", "Down")), page.text(Text("Unggah", "Up"))
    traffic = page.text(Text("Lalu lintas, 30 hari", "Traffic, 30 days"))
    return await page.render(
        "home.html",
        title=page.text(Text("Internet Taman Rozeline", "Rozeline Park internet")),
        description=page.text(Text("Wifi gratis di Taman Rozeline, Penajam", "Free wifi in Rozeline Park, Penajam")),
        points=points,
        hours=hours,
        weekdays=words.names(words.WEEKDAYS),
        states=words.names(words.STATES),
        signs=words.SIGNS,
        is_open=opening,
        connected=connected,
        today=known.get(today),
        charts=(
            reports.chart(known, span, page.text(Text("Perangkat per hari", "Devices a day")), (devices, "devices")),
            reports.chart(known, span, traffic, (down, "down"), (up, "up"), unit="MB"),
        ),
        accuracy=max((one.accuracy_m for one in points if one.point), default=0),
        privacy=page.text(reports.NO_ADDRESS).format(page.settings.keep_days),
    )


@public.get("/lapor")
async def report(page: InPage) -> Response:
    return await _report_page(page, Checked({}))


@public.post("/lapor")
async def reported(page: InPage) -> Response:
    """Anybody may report a fault; nothing is kept of who did."""
    checked = await page.form(REPORT)
    if checked.faults:
        return await _report_page(page, checked)
    async with page.working() as working:
        values = {**checked.values, "description": rules.without_addresses(checked.values["description"])}
        working.session.add(Ticket(**work.stamps(working.now), **values, state="open", source="public"))
    return page.redirect("lapor/terkirim")


@public.get("/lapor/terkirim")
async def thanks(page: InPage) -> Response:
    return await page.render("thanks.html", title=page.text(Text("Laporan terkirim", "Your report was sent")))


async def _report_page(page: PageRequest, checked: Checked) -> Response:
    async with page.reading() as reading:
        points: list[AccessPoint] = list(await reports.access_points(reading))
    return await page.render(
        "report.html",
        title=page.text(Text("Lapor gangguan wifi", "Report a wifi fault")),
        status=422 if checked.faults else 200,
        fields=REPORT,
        faults=checked.faults,
        rows={"access_points": [(one.id, one.name) for one in points]},
    )


@public.get("/ketentuan")
async def terms(page: InPage) -> Response:
    """The terms in force; it takes nothing from anybody."""
    return await _terms_page(page, None)


@public.get("/ketentuan/{number}")
async def older_terms(page: InPage, number: int) -> Response:
    return await _terms_page(page, number)


async def _terms_page(page: PageRequest, number: int | None) -> Response:
    async with page.reading() as reading:
        asked = select(Terms).where(Terms.state == "published", Terms.archived_at.is_(None))
        every = (await reading.session.scalars(asked.order_by(Terms.number.desc()))).all()
    shown = next((one for one in every if number in (None, one.number)), None)
    if shown is None and number is not None:
        raise HTTPException(404)
    return await page.render(
        "terms.html",
        title=page.text(Text("Ketentuan pemakaian wifi", "Terms of use of the wifi")),
        shown=shown,
        every=every,
        privacy=page.text(reports.NO_ADDRESS).format(page.settings.keep_days),
    )


@public.get("/impor")
async def import_page(page: InPage, _who: Annotated[Person, Depends(requires("import"))]) -> Response:
    return await _import_page(page)


async def _import_page(page: PageRequest, **values: Any) -> Response:
    shown = {"taken": None, "refused": None, **values}
    title = page.text(Text("Impor akuntansi", "Accounting import"))
    return await page.render("import.html", title=title, status=422 if shown["refused"] else 200, **shown)


@router.post("/accounting", response_model=TakenView)
async def take_in(
    request: Request, page: InPage, workshop: InWorkshop, _who: Annotated[Person, Depends(requires("import"))]
) -> Any:
    """Take a file in, as the body or from the page's form. It stays in memory: devices' addresses reach no disk."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return _view(await work.take_in(workshop, _text(b"".join([part async for part in _bounded(request)]))))
    try:
        return await _import_page(page, taken=await work.take_in(workshop, _text(await _uploaded(request))))
    except Refused as refused:
        return await _import_page(page, refused=refused.message)


class _InMemory(MultiPartParser):
    spool_max_size = MOST_FILE_BYTES + 1


async def _uploaded(request: Request) -> bytes:
    try:
        form = await _InMemory(request.headers, _bounded(request), max_files=1, max_fields=4).parse()
    except MultiPartException:
        raise HTTPException(400) from None
    async with _closing(form.get("file")) as content:
        return content


class _closing:
    """The content of an uploaded file, whose memory is given back at once."""

    def __init__(self, file: object) -> None:
        self._file = file if isinstance(file, UploadFile) else None

    async def __aenter__(self) -> bytes:
        return await self._file.read() if self._file else b""

    async def __aexit__(self, *_error: object) -> None:
        if self._file:
            await self._file.close()


async def _bounded(request: Request) -> AsyncGenerator[bytes, None]:
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_FILE_BYTES:
            raise HTTPException(413)
        yield part


def _text(content: bytes) -> str:
    """Equipment writes UTF-8, old controllers Latin-1; a picture or a workbook is neither. Raises Refused."""
    if b"\x00" in content:
        raise Refused(Text("Ini bukan berkas teks: simpan sebagai CSV.", "This is no text file: save it as CSV."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _view(taken: work.Taken) -> TakenView:
    faults = [
        {"row": one.row, "field": one.field, "message": {"id": one.message.id, "en": one.message.en}}
        for one in taken.faults
    ]
    counts = {name: getattr(taken, name) for name in TakenView.model_fields if name != "faults"}
    return TakenView(**counts, faults=faults)
