"""What Puspita does in a transaction or reads for a page: editorial work, counting sheet, reports, landmarks."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from dispatch.plugins import (
    Action,
    Emergency,
    Fault,
    Field,
    Kind,
    Reading,
    Refused,
    SheetRow,
    Text,
    Values,
    Working,
    Workshop,
)
from quickwins.puspita import rules
from quickwins.puspita.model import Destination, Editorial, Enquiry, VisitorCount

REASON = Field(name="reason", label=Text("Alasan", "Reason"), kind=Kind.LONG_TEXT, required=True, longest=500)
PUBLIC_ALREADY = Text(
    "Halaman ini sudah terbit; hanya orang dengan hak 'menerbitkan' yang boleh mengubahnya.",
    "This page is public; only a person who may publish can change it.",
)


def may(reading: Reading, permission: str) -> bool:
    return reading.person is None or permission in reading.person.permissions


async def save_page(working: Working, row: Editorial, new: bool) -> None:
    """A new page begins as a draft with a free address; a public one is changed by publishers alone."""
    if not new:
        if row.state == "published" and not may(working, "publish"):
            raise Refused(PUBLIC_ALREADY)
        return
    row.state, wanted, kind = "draft", rules.slugify(row.name_id), type(row)
    with working.session.no_autoflush:
        taken = await working.session.scalars(select(kind.slug).where(kind.slug.startswith(wanted, autoescape=True)))
    row.slug = rules.free_slug(wanted, taken)


async def save_part(working: Working, row: Any, new: bool) -> None:
    """Photos and safety notes show at once on the page they belong to, so they follow its rule."""
    with working.session.no_autoflush:
        page = await working.session.get(Destination, row.destination_id)
    if page is not None and page.state == "published" and not may(working, "publish"):
        raise Refused(PUBLIC_ALREADY)


def check_hours(values: Values) -> Sequence[Fault]:
    try:
        rules.parse_hours(values.get("hours") or "24/7")
    except ValueError as error:
        text = Text(f"Tidak dapat dibaca: {error}. Contoh: {HOURS}", f"Cannot be read: {error}. Example: {HOURS}")
        return [Fault("hours", text)]
    return []


HOURS = "Mo-Fr 08:00-16:00; Sa,Su 07:00-18:00"


def check_event(values: Values) -> Sequence[Fault]:
    starts, ends = values.get("starts_at"), values.get("ends_at")
    if starts and ends and ends < starts:
        return [Fault("ends_at", Text("Selesai sebelum mulai.", "Ends before it begins."))]
    return []


def _lacking(row: Editorial) -> Text | None:
    if not row.description_id:
        return Text("Isi deskripsi (Indonesia) dahulu.", "Write the description (Indonesian) first.")
    if isinstance(row, Destination) and row.point is None:
        return Text(
            "Tandai tempatnya di peta dahulu: 112 mencari di sana. Bila tidak pasti: tandai desanya, isi akurasinya.",
            "Mark its place on the map first: 112 looks there. If unsure, mark the village and set the accuracy.",
        )
    return None


def move(act: str, label: Text, permission: str, done: Text, reason: bool = False) -> Action:
    """One editorial act as an action of a page's list."""

    async def run(working: Working, row: Editorial, values: Values) -> Text:
        state = rules.MOVES.get((row.state, act))
        lacking = _lacking(row) if act in ("submit", "publish") else None
        if state is None or lacking:
            raise Refused(lacking or Text("Keadaan halaman sudah berubah.", "The page's state has changed."))
        row.state, row.review_note = state, values.get("reason")
        if act in ("publish", "withdraw"):
            row.published_at = working.now if act == "publish" else row.published_at
            working.emit("published" if act == "publish" else "withdrawn", {"page": row.slug})
        return done

    def offered(row: Editorial) -> bool:
        return (row.state, act) in rules.MOVES

    fields = (REASON,) if reason else ()
    return Action(name=act, label=label, permission=permission, run=run, offered=offered, fields=fields)


async def answer(working: Working, row: Enquiry, values: Values) -> Text:
    """Note what was answered; the answer itself went by phone or e-mail."""
    row.state, row.answer, row.answered_at = "answered", values["answer"], working.now
    row.answered_by = working.person.name if working.person else None
    return Text("Jawaban dicatat.", "The answer is noted.")


async def hand_to_112(working: Working, row: Enquiry, _values: Values) -> Text:
    """Some write to the tourism office what they should have called 112 for."""
    page = await working.session.get(Destination, row.destination_id) if row.destination_id else None
    place, point = (page.name_id, page.point) if page else ("", None)
    emergency = Emergency(
        narrative=row.message, place=place, point=point, reporting_party=row.name, reporting_number=row.contact
    )
    number = await working.report_emergency(emergency)
    row.state, row.answer, row.answered_at = "answered", f"112: {number}", working.now
    row.answered_by = working.person.name if working.person else None
    return Text(f"Diserahkan ke 112: {number}", f"Handed to 112: {number}")


async def forget_enquiries(workshop: Workshop) -> None:
    """Erase who asked once the time set for it is over (UU PDP 27/2022: no longer than needed)."""
    async with workshop.working() as working:
        limit = working.now - timedelta(days=working.settings.enquiry_days)
        old = select(Enquiry).where(Enquiry.created_at < limit, Enquiry.name != "–")
        for row in await working.session.scalars(old):
            row.name = row.contact = row.message = "–"
            row.answer = None


async def published(reading: Reading) -> Sequence[Destination]:
    rows = select(Destination).where(Destination.state == "published", Destination.archived_at.is_(None))
    return (await reading.session.scalars(rows.order_by(Destination.name_id))).all()


def _day(period: str, day: date) -> date:
    return day.replace(day=1) if period == "month" else day


async def count_rows(reading: Reading, head: Values) -> Sequence[SheetRow]:
    """Two boxes a destination; beside them last month's figure, or that of the same weekday a week before."""
    period, chosen = head.get("period") or "month", head.get("day")
    stored: dict[tuple[str, date], VisitorCount] = {}
    day = before = None
    if chosen:
        day = _day(period, chosen)
        before = _day(period, day - timedelta(days=1)) if period == "month" else day - timedelta(days=7)
        found = select(VisitorCount).where(VisitorCount.period == period, VisitorCount.day.in_([day, before]))
        stored = {(row.destination_id, row.day): row for row in await reading.session.scalars(found)}

    def value(page: Destination, at: date | None, name: str) -> Decimal | None:
        row = stored.get((page.id, at)) if at else None
        number = getattr(row, name) if row else None
        return None if number is None else Decimal(number)

    return [
        SheetRow(
            key=f"{page.id}:{name}",
            label=page.name_id,
            hint=hint,
            unit="orang",
            last=value(page, before, name),
            value=value(page, day, name),
        )
        for page in await published(reading)
        for name, hint in (("domestic", "nusantara / domestic"), ("foreign", "mancanegara / foreign"))
    ]


async def save_counts(working: Working, head: Values, entries: Mapping[str, Decimal]) -> Text:
    """Store the boxes that were filled. Raises Refused for a day to come, a fraction or a negative number."""
    period, day = head["period"], _day(head["period"], head["day"])
    if day > working.now.astimezone(rules.WITA).date():
        raise Refused(Text("Tanggal itu belum tiba.", "That day is still to come."), "day")
    known = {page.id for page in await published(working)}
    found = select(VisitorCount).where(VisitorCount.period == period, VisitorCount.day == day)
    rows = {row.destination_id: row for row in await working.session.scalars(found)}
    for key, number in entries.items():
        page_id, _, name = key.partition(":")
        if number < 0 or number != int(number) or page_id not in known or name not in ("domestic", "foreign"):
            raise Refused(Text("Isi bilangan bulat, 0 atau lebih.", "Type a whole number, 0 or more."), key)
        if page_id not in rows:
            rows[page_id] = VisitorCount(
                id=str(uuid.uuid4()),
                destination_id=page_id,
                period=period,
                day=day,
                demo=False,
                created_at=working.now,
                updated_at=working.now,
            )
            working.session.add(rows[page_id])
        setattr(rows[page_id], name, int(number))
        rows[page_id].updated_at, rows[page_id].demo = working.now, False
    return Text(f"{len(entries)} angka disimpan.", f"{len(entries)} figures stored.")
