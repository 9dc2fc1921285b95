"""Public pages of Puspita: what is published, in both languages, with an address each and structured data."""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Annotated, Any, TypeVar
from uuid import uuid4

from fastapi import APIRouter, HTTPException, Query, Response
from sqlalchemy import select

from dispatch.plugins import Checked, Field, InPage, Kind, PageRequest, Reading, Text, Village
from quickwins.puspita import rules, words
from quickwins.puspita.model import Destination, Editorial, Enquiry, Event, Guide, Lodging, Photo, SafetyNote

public = APIRouter()

MOST_ROWS = 1000
"""Of one kind on a page; a regency has some dozens."""
SECTIONS: Mapping[type[Editorial], tuple[str, Text]] = {
    Destination: ("wisata", Text("Destinasi", "Destinations")),
    Event: ("acara", Text("Acara", "Events")),
    Lodging: ("penginapan", Text("Penginapan", "Lodging")),
}
ASK = (
    Field(name="name", label=Text("Nama", "Name"), required=True, longest=100),
    Field(name="contact", label=Text("Telepon atau surel", "Phone or e-mail"), required=True),
    Field(name="message", label=Text("Pertanyaan", "Question"), kind=Kind.LONG_TEXT, required=True, longest=2000),
    Field(name="about", label=Text("Tentang", "About"), longest=100),
)
Row = TypeVar("Row", bound=Editorial)


@dataclass(frozen=True, slots=True)
class Shown:
    """A row as a visitor reads it."""

    row: Any
    name: str
    description: str
    indonesian_only: bool
    """Somebody reads English, but a part of this is in Indonesian only."""
    place: str
    href: str
    is_open: bool | None = None
    """None: the hours are not known."""
    opening: str = ""
    at: str = ""
    """Of an event: the public destination where it is."""


def _shown(page: PageRequest, row: Editorial, villages: Mapping[str, Village]) -> Shown:
    name, _ = rules.localized(row.name_id, row.name_en, page.lang)
    text, foreign = rules.localized(row.description_id or "", row.description_en, page.lang)
    village = villages.get(row.village_code or "")
    parts = [row.address, *((village.name, village.district) if village else ())]
    section = SECTIONS.get(type(row), ("", None))[0]
    hours = row.hours if isinstance(row, Destination) else None
    state = rules.opening(rules.parse_hours(hours), page.now) if hours else None
    return Shown(
        row=row,
        name=name,
        description=text,
        indonesian_only=foreign,
        place=", ".join(part for part in parts if part),
        href=page.path(f"{section}/{row.slug}"),
        is_open=state.is_open if state else None,
        opening=rules.opening_words(state, page.now, page.lang) if state else "",
    )


async def _villages(reading: Reading) -> dict[str, Village]:
    return {one.code: one for one in await reading.villages()}


async def _rows(reading: Reading, kind: type[Row]) -> Sequence[Row]:
    found = select(kind).where(kind.state == "published", kind.archived_at.is_(None))
    return (await reading.session.scalars(found.order_by(kind.name_id).limit(MOST_ROWS))).all()


async def _one(reading: Reading, kind: type[Row], slug: str) -> Row:
    """Raises HTTPException 404 for what is not there or not public."""
    found = select(kind).where(kind.slug == slug, kind.state == "published", kind.archived_at.is_(None))
    row = (await reading.session.scalars(found)).one_or_none()
    if row is None:
        raise HTTPException(404)
    return row


async def _all(page: PageRequest, reading: Reading, kind: type[Editorial]) -> list[Shown]:
    villages = await _villages(reading)
    return [_shown(page, row, villages) for row in await _rows(reading, kind)]


async def _events(page: PageRequest, reading: Reading, first: datetime, last: datetime) -> list[Shown]:
    """Public events that touch the time from `first` to `last`, soonest first."""
    villages = await _villages(reading)
    found = select(Event).where(Event.state == "published", Event.archived_at.is_(None))
    within = found.where(Event.ends_at >= first, Event.starts_at < last).order_by(Event.starts_at).limit(MOST_ROWS)
    pages = {one.id: one for one in await _rows(reading, Destination)}
    return [_shown_at(page, row, villages, pages) for row in await reading.session.scalars(within)]


def _shown_at(
    page: PageRequest, row: Event, villages: Mapping[str, Village], pages: Mapping[str, Destination]
) -> Shown:
    at = pages.get(row.destination_id or "")
    name = rules.localized(at.name_id, at.name_en, page.lang)[0] if at else ""
    return replace(_shown(page, row, villages), at=name)


@public.get("/")
async def home(page: InPage, jenis: str = "") -> Response:
    """All destinations, perhaps of one category, and what is on soon."""
    async with page.reading() as reading:
        every = await _all(page, reading, Destination)
        soon = await _events(page, reading, page.now, page.now + timedelta(days=120))
    used = {one.row.category for one in every}
    return await page.render(
        "home.html",
        title=page.text(Text("Wisata Penajam Paser Utara", "Visit Penajam Paser Utara")),
        description=page.text(Text("Destinasi, acara, dan penginapan", "Destinations, events and places to stay")),
        shown=[one for one in every if not jenis or one.row.category == jenis],
        soon=soon[:4],
        chosen=jenis,
        categories=[one for one in words.CATEGORIES if one.value in used],
        kinds=words.names(words.CATEGORIES),
    )


@public.get("/wisata/{slug}")
async def destination(page: InPage, slug: str) -> Response:
    async with page.reading() as reading:
        row = await _one(reading, Destination, slug)
        shown = _shown(page, row, await _villages(reading))
        notes = (await reading.session.scalars(_of(SafetyNote, row.id))).all()
        photos = (await reading.session.scalars(_of(Photo, row.id))).all()
        soon = await _events(page, reading, page.now, page.now + timedelta(days=365))
        stays = [one for one in await _all(page, reading, Lodging) if one.row.village_code == row.village_code]
    week = rules.parse_hours(row.hours) if row.hours else None
    return await page.render(
        "destination.html",
        title=shown.name,
        description=shown.description[:160],
        image=row.photo,
        structured=_graph(page, Destination, shown, _attraction(row)),
        shown=shown,
        notes=notes,
        photos=photos,
        hours=rules.describe_hours(week, page.lang) if week else [],
        events=[one for one in soon if one.row.destination_id == row.id],
        stays=stays,
        hazards=words.names(words.HAZARDS),
        signals=words.names(words.SIGNALS),
        kinds=words.names(words.CATEGORIES),
    )


def _of(kind: type[SafetyNote] | type[Photo], page_id: str) -> Any:
    return select(kind).where(kind.destination_id == page_id, kind.archived_at.is_(None)).order_by(kind.created_at)


@public.get("/acara")
async def events(page: InPage, bulan: Annotated[str, Query(pattern=r"^(20\d\d-(0[1-9]|1[0-2]))?$")] = "") -> Response:
    """A month's events, as a calendar and as a list."""
    today = page.now.astimezone(rules.WITA).date()
    first = date.fromisoformat(f"{bulan}-01") if bulan else today.replace(day=1)
    start = datetime(first.year, first.month, 1, tzinfo=rules.WITA)
    after = (start + timedelta(days=32)).replace(day=1)
    async with page.reading() as reading:
        shown = await _events(page, reading, start, after)
    busy = {day for one in shown for day in _days(one.row, first, after.date())}
    return await page.render(
        "events.html",
        title=page.text(Text("Kalender acara", "Events calendar")),
        shown=shown,
        month=f"{rules.MONTHS[page.lang][first.month - 1]} {first.year}",
        before=(first - timedelta(days=1)).strftime("%Y-%m"),
        after=after.strftime("%Y-%m"),
        weeks=calendar.Calendar().monthdatescalendar(first.year, first.month),
        first=first,
        today=today,
        busy=busy,
        days=[name[:3] for name in rules.DAY_NAMES[page.lang]],
    )


def _days(event: Event, first: date, after: date) -> Iterable[date]:
    """Days of the month from `first` to before `after` on which it is on, in WITA."""
    start = max(event.starts_at.astimezone(rules.WITA).date(), first)
    end = min(event.ends_at.astimezone(rules.WITA).date(), after - timedelta(days=1))
    return (start + timedelta(days=step) for step in range((end - start).days + 1))


@public.get("/acara/{slug}")
async def event(page: InPage, slug: str) -> Response:
    async with page.reading() as reading:
        row = await _one(reading, Event, slug)
        pages = {one.id: one for one in await _rows(reading, Destination)}
        shown = _shown_at(page, row, await _villages(reading), pages)
    place = pages.get(row.destination_id or "")
    return await page.render(
        "event.html",
        title=shown.name,
        description=shown.description[:160],
        image=row.photo,
        structured=_graph(page, Event, shown, _event(row, shown)),
        shown=shown,
        at_href=page.path(f"wisata/{place.slug}") if place else "",
    )


@public.get("/kalender.ics")
async def all_events_ics(page: InPage) -> Response:
    """All public events from a year back, to subscribe to."""
    async with page.reading() as reading:
        shown = await _events(page, reading, page.now - timedelta(days=365), page.now + timedelta(days=3650))
    return _ics(page, shown)


@public.get("/acara/{slug}/kalender.ics")
async def event_ics(page: InPage, slug: str) -> Response:
    async with page.reading() as reading:
        row = await _one(reading, Event, slug)
        pages = {one.id: one for one in await _rows(reading, Destination)}
        shown = _shown_at(page, row, await _villages(reading), pages)
    return _ics(page, [shown])


def _ics(page: PageRequest, shown: Sequence[Shown]) -> Response:
    entries = [
        rules.CalendarEntry(
            uid=f"{one.row.id}@puspita",
            starts_at=one.row.starts_at,
            ends_at=one.row.ends_at,
            changed_at=one.row.updated_at,
            summary=one.name,
            description=one.description,
            location=", ".join(filter(None, [one.at, one.place])),
            url=page.absolute(one.href),
            point=one.row.point,
        )
        for one in shown
    ]
    text = rules.icalendar(entries, page.text(Text("Acara Penajam Paser Utara", "Events of Penajam Paser Utara")))
    return Response(text, media_type="text/calendar; charset=utf-8")


@public.get("/penginapan")
async def lodgings(page: InPage) -> Response:
    async with page.reading() as reading:
        shown = await _all(page, reading, Lodging)
    title = page.text(Text("Penginapan", "Places to stay"))
    return await page.render("lodgings.html", title=title, shown=shown, kinds=words.names(words.LODGING_KINDS))


@public.get("/penginapan/{slug}")
async def lodging(page: InPage, slug: str) -> Response:
    async with page.reading() as reading:
        row = await _one(reading, Lodging, slug)
        shown = _shown(page, row, await _villages(reading))
    return await page.render(
        "lodging.html",
        title=shown.name,
        description=shown.description[:160],
        image=row.photo,
        structured=_graph(page, Lodging, shown, _business(row)),
        shown=shown,
        kinds=words.names(words.LODGING_KINDS),
    )


@public.get("/pemandu")
async def guides(page: InPage) -> Response:
    async with page.reading() as reading:
        shown = await _all(page, reading, Guide)
    return await page.render("guides.html", title=page.text(Text("Pemandu wisata", "Tour guides")), shown=shown)


@public.get("/cari")
async def search(page: InPage, q: Annotated[str, Query(max_length=100)] = "") -> Response:
    """Destinations, events and lodging in which every word of `q` is found, best first."""
    hits: list[tuple[int, str, Shown]] = []
    async with page.reading() as reading:
        for kind, (_, label) in SECTIONS.items():
            for one in await _all(page, reading, kind):
                row = one.row
                names = " ".join(filter(None, [row.name_id, row.name_en, getattr(row, "other_names", None)]))
                texts = " ".join(filter(None, [row.description_id, row.description_en, one.place]))
                if score := rules.relevance(q, names, texts):
                    hits.append((score, page.text(label), one))
    hits.sort(key=lambda hit: (-hit[0], hit[2].name))
    title = page.text(Text("Cari", "Search"))
    return await page.render("search.html", title=title, q=q, hits=[(label, one) for _, label, one in hits])


@public.get("/tanya")
async def ask(page: InPage, tentang: Annotated[str, Query(max_length=100)] = "") -> Response:
    return await _ask_page(page, Checked({}), tentang)


@public.post("/tanya")
async def asked(page: InPage) -> Response:
    checked = await page.form(ASK)
    about = page.typed.get("about", "")
    if checked.faults:
        return await _ask_page(page, checked, about)
    async with page.working() as working:
        found = select(Destination.id).where(Destination.slug == about, Destination.state == "published")
        values = {name: checked.values[name] for name in ("name", "contact", "message")}
        row = Enquiry(id=str(uuid4()), state="new", destination_id=await working.session.scalar(found), **values)
        row.created_at = row.updated_at = working.now
        working.session.add(row)
    return page.redirect("tanya/terkirim")


@public.get("/tanya/terkirim")
async def thanks(page: InPage) -> Response:
    title = page.text(Text("Pertanyaan terkirim", "Your question was sent"))
    return await page.render("thanks.html", title=title, days=page.settings.enquiry_days)


async def _ask_page(page: PageRequest, checked: Checked, about: str) -> Response:
    return await page.render(
        "ask.html",
        title=page.text(Text("Tanya Puspita", "Ask Puspita")),
        status=422 if checked.faults else 200,
        fields=ASK[:-1],
        faults=checked.faults,
        about=about,
        settings=page.settings,
    )


def _graph(page: PageRequest, kind: type[Editorial], shown: Shown, thing: Mapping[str, Any]) -> dict[str, Any]:
    """schema.org data of one page: what it is about, and where it stands among the others."""
    row, (section, label) = shown.row, SECTIONS[kind]
    url = page.absolute(shown.href)
    about = {"name": shown.name, "description": shown.description, "url": url, **thing}
    if row.photo:
        about["image"] = page.absolute(f"/files/{row.photo}")
    if kind is not Event:
        about |= {"address": _address(shown), **_geo(row)}
    steps = [("Puspita", page.path())]
    if kind is not Destination:
        steps.append((page.text(label), page.path(section)))
    crumbs = [
        {"@type": "ListItem", "position": at, "name": name, "item": page.absolute(path)}
        for at, (name, path) in enumerate([*steps, (shown.name, shown.href)], 1)
    ]
    return {"@graph": [about, {"@type": "BreadcrumbList", "itemListElement": crumbs}]}


def _address(shown: Shown) -> dict[str, str]:
    place = {"addressRegion": "Kalimantan Timur", "addressCountry": "ID"}
    return {"@type": "PostalAddress", "streetAddress": shown.place, "addressLocality": "Penajam Paser Utara", **place}


def _geo(row: Editorial) -> dict[str, Any]:
    """Nothing for a point that stands for a whole village."""
    if row.point is None or getattr(row, "accuracy_m", 0) > 1000:
        return {}
    return {"geo": {"@type": "GeoCoordinates", "latitude": row.point[0], "longitude": row.point[1]}}


def _attraction(row: Destination) -> dict[str, Any]:
    found: dict[str, Any] = {"@type": "TouristAttraction"}
    if row.hours and row.hours != "24/7":
        found["openingHours"] = [part.strip() for part in row.hours.split(";") if not part.strip().endswith("off")]
    elif row.hours:
        found["openingHours"] = "Mo-Su 00:00-24:00"
    if row.ticket is not None:
        found["isAccessibleForFree"] = row.ticket == 0
    return found


def _event(row: Event, shown: Shown) -> dict[str, Any]:
    where = {"@type": "Place", "name": shown.at or shown.place, "address": _address(shown)}
    found: dict[str, Any] = {"@type": "Event", "location": where, "eventStatus": "https://schema.org/EventScheduled"}
    found["startDate"] = row.starts_at.astimezone(rules.WITA).isoformat()
    found["endDate"] = row.ends_at.astimezone(rules.WITA).isoformat()
    if row.organiser:
        found["organizer"] = {"@type": "Organization", "name": row.organiser}
    if row.ticket is not None:
        found["offers"] = {"@type": "Offer", "price": row.ticket, "priceCurrency": "IDR"}
    return found


def _business(row: Lodging) -> dict[str, Any]:
    kinds = {"hotel": "Hotel", "camping": "Campground", "homestay": "BedAndBreakfast"}
    found: dict[str, Any] = {"@type": kinds.get(row.kind, "LodgingBusiness")}
    if row.phone:
        found["telephone"] = row.phone
    if row.price_from is not None:
        found["priceRange"] = f"IDR {row.price_from}"
    return found
