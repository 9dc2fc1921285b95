"""Rules of tourism: editorial moves, opening hours, visitor counts, village scores, search, iCalendar. Pure."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from itertools import groupby

from dispatch.plugins import Lang

WITA = timezone(timedelta(hours=8), "WITA")
"""The regency's time; no summer time."""

MOVES: Mapping[tuple[str, str], str] = {
    ("draft", "submit"): "review",
    ("withdrawn", "submit"): "review",
    ("review", "publish"): "published",
    ("review", "send_back"): "draft",
    ("published", "withdraw"): "withdrawn",
}
"""Editorial work, (state, act) → state; what is not here is refused."""

DAY_CODES = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
DAY_NAMES: Mapping[Lang, tuple[str, ...]] = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS: Mapping[Lang, tuple[str, ...]] = {
    "id": ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
DAY_MINUTES = 24 * 60
HOURS_RULE = re.compile(r"(?:(?P<days>[A-Z][A-Za-z,-]*) )?(?P<times>off|[\d:,-]+)")
HOURS_SPAN = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")

Week = tuple[tuple[tuple[int, int], ...], ...]
"""Seven days from Monday, each with spans in minutes from its midnight; past 1440 reaches into the next day."""

INDICATORS = ("attraction", "homestay", "souvenir", "digital", "toilets", "hygiene", "institution")
"""The seven of the Anugerah Desa Wisata Indonesia (2021), each scored 0..4 here."""
BEST_SCORE = 4


def parse_hours(text: str) -> Week:
    """Opening hours in a subset of OpenStreetMap's `opening_hours`: 'Mo-Fr 08:00-16:00; Sa,Su 07:00-18:00; Tu off'.

    A later rule replaces an earlier one for its days. Raises ValueError for anything else.
    """
    if text.strip() == "24/7":
        return (((0, DAY_MINUTES),),) * 7
    week: list[tuple[tuple[int, int], ...]] = [()] * 7
    for rule in text.split(";"):
        found = HOURS_RULE.fullmatch(rule.strip())
        if found is None:
            raise ValueError(rule.strip())
        times = found["times"]
        spans = () if times == "off" else tuple(sorted(_span(part) for part in times.split(",")))
        for day in _days(found["days"] or "Mo-Su"):
            week[day] = spans
    return tuple(week)


def _span(text: str) -> tuple[int, int]:
    found = HOURS_SPAN.fullmatch(text)
    if found is None:
        raise ValueError(text)
    numbers = [int(part) for part in found.groups()]
    start, end = numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3]
    if start >= DAY_MINUTES or end > DAY_MINUTES or start == end:
        raise ValueError(text)
    return start, end if end > start else end + DAY_MINUTES


def _days(text: str) -> Iterable[int]:
    for part in text.split(","):
        first, _, last = part.partition("-")
        start, end = DAY_CODES.index(first), DAY_CODES.index(last or first)
        yield from ((start + step) % 7 for step in range((end - start) % 7 + 1))


@dataclass(frozen=True, slots=True)
class Opening:
    is_open: bool
    until: datetime | None
    """When that changes, in WITA; None: not within a week."""


def opening(week: Week, now: datetime) -> Opening:
    """Whether it is open at `now`, and until when (or when it opens next)."""
    local = now.astimezone(WITA)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    end: datetime | None = None
    for offset in range(-1, 9):
        day = midnight + timedelta(days=offset)
        for first, last in week[day.weekday()]:
            start, stop = day + timedelta(minutes=first), day + timedelta(minutes=last)
            if end is None and start > local:
                return Opening(False, start)
            if end is not None and start > end:
                return Opening(True, end)
            if stop > local:
                end = stop if end is None else max(end, stop)
    return Opening(end is not None, end if end and end <= local + timedelta(days=7) else None)


def opening_words(state: Opening, now: datetime, lang: Lang) -> str:
    """'Open now, until 16:00' or 'Closed, opens Saturday 08:00'; the weekday where it is not today's."""
    said = ("Buka sekarang, sampai", "Tutup, buka") if lang == "id" else ("Open now, until", "Closed, opens")
    words = said[0 if state.is_open else 1]
    if state.until is None:
        return words.split(",")[0]
    clock = state.until.strftime("%H.%M" if lang == "id" else "%H:%M")
    is_today = state.is_open or state.until.date() == now.astimezone(WITA).date()
    return f"{words} {clock}" if is_today else f"{words} {DAY_NAMES[lang][state.until.weekday()]} {clock}"


def describe_hours(week: Week, lang: Lang) -> list[tuple[str, str]]:
    """Lines for people: days with equal hours together, and their times."""
    names, lines = DAY_NAMES[lang], []
    for spans, group in groupby(range(7), key=lambda day: week[day]):
        days = list(group)
        label = names[days[0]] if len(days) == 1 else f"{names[days[0]]}–{names[days[-1]]}"
        lines.append(
            (label, ", ".join(_times(span, lang) for span in spans) or ("tutup" if lang == "id" else "closed"))
        )
    return lines


def _times(span: tuple[int, int], lang: Lang) -> str:
    if span == (0, DAY_MINUTES):
        return "24 jam" if lang == "id" else "all day"
    mark = "." if lang == "id" else ":"
    return "–".join(f"{at // 60 % 24 if at != DAY_MINUTES else 24:02}{mark}{at % 60:02}" for at in span)


def localized(indonesian: str, english: str | None, lang: Lang) -> tuple[str, bool]:
    """The text in `lang`, and whether it fell back to Indonesian because no English is there."""
    wanted = (english or "").strip() if lang == "en" else indonesian
    return (wanted, False) if wanted else (indonesian, lang == "en" and bool(indonesian))


def _plain(text: str) -> str:
    """Words in a-z and 0-9, with '-' between."""
    ascii_ = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_).strip("-")


def slugify(name: str) -> str:
    """The part of an address that names a page: a-z, 0-9 and '-', at most 80."""
    return _plain(name)[:80].strip("-") or "halaman"


def free_slug(wanted: str, taken: Iterable[str]) -> str:
    """`wanted`, or with the first number that is free."""
    used, slug, number = set(taken), wanted, 1
    while slug in used:
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def relevance(query: str, name: str, other: str) -> int:
    """How well a text answers a search: 0 when a word is missing; a word in the name counts most."""
    in_name, in_other = f"-{_plain(name)}", f"-{_plain(other)}"
    words = [word for word in _plain(query).split("-") if word]
    scores = [5 if f"-{word}" in in_name else 3 if word in in_name else 1 if word in in_other else 0 for word in words]
    return sum(scores) if all(scores) else 0


@dataclass(frozen=True, slots=True)
class Count:
    destination_id: str
    period: str
    """'day' or 'month'; a month is dated on its first day."""
    day: date
    domestic: int | None
    foreign: int | None


def by_month(counts: Iterable[Count]) -> dict[tuple[str, date], tuple[int | None, int | None]]:
    """Visitors (domestic, foreign) by destination and month; a month's own figure goes before the sum of its days."""
    found: dict[tuple[str, date], dict[str, list[Count]]] = {}
    for count in counts:
        found.setdefault((count.destination_id, count.day.replace(day=1)), {}).setdefault(count.period, []).append(
            count
        )
    return {key: _sums(kinds) for key, kinds in found.items()}


def _sums(kinds: Mapping[str, Sequence[Count]]) -> tuple[int | None, int | None]:
    def of(part: Callable[[Count], int | None]) -> int | None:
        for period in ("month", "day"):
            known = [value for count in kinds.get(period, ()) if (value := part(count)) is not None]
            if known:
                return sum(known)
        return None

    return of(lambda count: count.domestic), of(lambda count: count.foreign)


def total(values: Iterable[int | None]) -> int | None:
    """Sum of what is known; None when nothing is, never 0."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def months_back(last: date, number: int) -> list[date]:
    """First days of the `number` months that end with that of `last`, oldest first."""
    start = last.year * 12 + last.month - number
    return [date(index // 12, index % 12 + 1, 1) for index in range(start, start + number)]


def mean(values: Sequence[int]) -> Decimal | None:
    """Of two decimals; None of nothing."""
    return round(Decimal(sum(values)) / len(values), 2) if values else None


def village_score(scores: Sequence[int]) -> int:
    """Share of the best possible, 0..100."""
    best = len(scores) * BEST_SCORE
    return (sum(scores) * 200 + best) // (2 * best)


def village_stage(score: int, limits: Sequence[int]) -> int:
    """0 rintisan, 1 berkembang, 2 maju, 3 mandiri; `limits` are the scores at which 1, 2 and 3 begin."""
    return sum(score >= limit for limit in limits)


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    uid: str
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    summary: str
    description: str
    location: str
    url: str
    point: tuple[float, float] | None = None


def icalendar(entries: Iterable[CalendarEntry], name: str) -> str:
    """The events as a calendar file (RFC 5545)."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Siaga 112//Puspita//ID", f"X-WR-CALNAME:{_escaped(name)}"]
    for entry in entries:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{entry.uid}",
            f"DTSTAMP:{_utc(entry.changed_at)}",
            f"DTSTART:{_utc(entry.starts_at)}",
            f"DTEND:{_utc(entry.ends_at)}",
            f"SUMMARY:{_escaped(entry.summary)}",
            f"DESCRIPTION:{_escaped(entry.description)}",
            f"LOCATION:{_escaped(entry.location)}",
            f"URL:{entry.url}",
            *([f"GEO:{entry.point[0]:.5f};{entry.point[1]:.5f}"] if entry.point else []),
            "END:VEVENT",
        ]
    return "".join(fold(line) + "\r\n" for line in [*lines, "END:VCALENDAR"])


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return re.sub(r"\r\n|\r|\n", r"\\n", plain)


def fold(line: str) -> str:
    """At most 75 octets a line, never inside a character; the next begins with a space (RFC 5545, 3.1)."""
    folded, octets = "", 0
    for character in line:
        size = len(character.encode())
        if octets + size > 75:
            folded, octets = folded + "\r\n ", 1
        folded, octets = folded + character, octets + size
    return folded
