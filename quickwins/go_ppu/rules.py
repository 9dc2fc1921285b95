"""Rules of public service: tracking numbers, working days, states, satisfaction, search, opening hours. Pure."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from rapidfuzz.distance import OSA

from dispatch.plugins import Text

WITA = ZoneInfo("Asia/Makassar")
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""31 signs that are not mistaken for each other. 31 is prime, so the check below finds each wrong or swapped sign."""
LENGTH = 12
"""Of a tracking number: 11 drawn signs (54 bits, not to be guessed) and one that checks them."""
PARTS = ("requirements", "procedure", "time", "cost", "product", "complaints")
"""Of a service standard as the public reads it (PermenPAN-RB 15/2014, service delivery)."""
ERASED = "–"
"""Stands where the name was."""

APPLICATION_MOVES: Mapping[tuple[str, str], str] = {
    ("submitted", "check"): "in_check",
    ("in_check", "ask"): "incomplete",
    ("incomplete", "reply"): "submitted",
    ("in_check", "accept"): "accepted",
    ("in_check", "reject"): "rejected",
    ("incomplete", "reject"): "rejected",
    ("accepted", "finish"): "done",
}
COMPLAINT_MOVES: Mapping[tuple[str, str], str] = {
    ("received", "forward"): "forwarded",
    ("received", "reject"): "rejected",
    ("received", "hand"): "handed",
    ("forwarded", "forward"): "forwarded",
    ("forwarded", "answer"): "answered",
    ("forwarded", "hand"): "handed",
    ("answered", "reply"): "forwarded",
    ("answered", "close"): "closed",
    ("answered", "hand"): "handed",
    ("handed", "forward"): "forwarded",
    ("handed", "close"): "closed",
}
FINAL = frozenset({"rejected", "done", "closed"})

LIMITS = ((Decimal("88.31"), "A"), (Decimal("76.61"), "B"), (Decimal("65.00"), "C"), (Decimal("25.00"), "D"))
"""Least index of each category (PermenPAN-RB 14/2017, annex, table of values)."""
ELEMENTS = 9
LEAST_SAMPLE = 30
"""Answers below which an index says little; shown as such."""

URGENT = frozenset(
    "kebakaran terbakar api asap ambulans ambulan pingsan kecelakaan tabrakan hanyut tenggelam banjir longsor "
    "darurat tolong sekarat perampokan begal ular buaya ledakan meledak fire accident drowning flood ambulance".split()
)
"""Words on which pages say first that 112 helps at once."""


def new_number(pick: Callable[[int], int]) -> str:
    """A tracking number; `pick(n)` draws 0..n-1 (secrets.randbelow, so that nobody guesses one)."""
    signs = [pick(len(ALPHABET)) for _ in range(LENGTH - 1)]
    check = -_weighed(signs) * pow(LENGTH, -1, len(ALPHABET)) % len(ALPHABET)
    text = "".join(ALPHABET[sign] for sign in [*signs, check])
    return "-".join(text[start : start + 4] for start in range(0, LENGTH, 4))


def read_number(typed: str) -> str | None:
    """The number as it is stored, however it was typed; None when it is mistyped."""
    text = re.sub(r"[\s.–-]", "", typed).upper()
    if len(text) != LENGTH or set(text) - set(ALPHABET) or _weighed(map(ALPHABET.index, text)) % len(ALPHABET):
        return None
    return "-".join(text[start : start + 4] for start in range(0, LENGTH, 4))


def _weighed(signs: Iterable[int]) -> int:
    return sum(weight * sign for weight, sign in enumerate(signs, 1))


def is_working_day(day: date, holidays: Collection[date]) -> bool:
    return day.weekday() < 5 and day not in holidays


def add_working_days(start: date, days: int, holidays: Collection[date]) -> date:
    """The last day of a time of `days` working days; the day itself does not count."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day, holidays)
    return day


def working_days(start: date, end: date, holidays: Collection[date]) -> int:
    """Working days after `start` up to and including `end`; negative when `end` is before."""
    first, last, sign = (start, end, 1) if start <= end else (end, start, -1)
    span = (first + timedelta(days=step) for step in range(1, (last - first).days + 1))
    return sign * sum(is_working_day(day, holidays) for day in span)


def clock(due_on: date | None, today: date) -> str:
    """none | on_time | today | overdue"""
    if due_on is None:
        return "none"
    return "overdue" if today > due_on else "today" if today == due_on else "on_time"


def clock_words(due_on: date | None, today: date, holidays: Collection[date]) -> Text:
    """How the clock stands, in people's words."""
    match clock(due_on, today):
        case "overdue":
            assert due_on is not None
            late = max(1, working_days(due_on, today, holidays))
            return Text(f"Terlambat {late} hari kerja", f"Overdue by {late} working day{'s' * (late > 1)}")
        case "today":
            return Text("Jatuh tempo hari ini", "Due today")
        case "on_time":
            assert due_on is not None
            left = working_days(today, due_on, holidays)
            return Text(f"Sisa {left} hari kerja", f"{left} working day{'s' * (left != 1)} left")
        case _:
            return Text("Tidak ada tenggat", "No deadline")


def masked(name: str, phone: str) -> str:
    """Enough to tell two people apart in a list, not to know them."""
    return f"{' '.join(f'{part[0]}.' for part in name.split()[:3])} ••{phone[-2:]}".strip()


def holds(phone: str, digits: str) -> bool:
    """Whether somebody who types these last four digits knows the phone number."""
    return len(digits) == 4 and digits.isdecimal() and phone.endswith(digits)


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Index of public satisfaction (SKM)."""

    answers: int
    means: tuple[Decimal, ...]
    """Of the nine elements, 1..4."""
    index: Decimal
    """25..100."""
    category: str


def satisfaction(answers: Sequence[Sequence[int]]) -> Satisfaction | None:
    """Each element weighs 1/9, the index is 25 times the weighted mean; None without answers."""
    if not answers:
        return None
    sums = [sum(one[at] for one in answers) for at in range(ELEMENTS)]
    index = _rounded(Decimal(sum(sums) * 25) / (ELEMENTS * len(answers)))
    means = tuple(_rounded(Decimal(one) / len(answers)) for one in sums)
    return Satisfaction(len(answers), means, index, next(name for least, name in LIMITS if index >= least))


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def words_of(text: str) -> list[str]:
    """Words without case, accents and signs."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.findall(r"[a-z0-9]+", plain)


def relevance(query: str, title: str, keywords: str, body: str) -> int:
    """How well a service fits; 0 not at all. Words in the title count most, then keywords, then the text.

    One wrong letter is borne in words of four letters or more, two in those of eight or more; a word that is found
    nowhere takes half of the worth, since people write whole sentences.
    """
    places = [(12, words_of(title)), (10, words_of(keywords)), (3, words_of(body))]
    asked = [word for word in words_of(query) if len(word) > 1]
    found = [max(_worth(word, words, worth) for worth, words in places) for word in asked]
    missing = sum(one == 0 for one in found)
    return 0 if missing == len(found) else max(1, sum(found) >> missing)


def _worth(asked: str, words: Sequence[str], worth: int) -> int:
    if asked in words:
        return worth * 4
    if any(word.startswith(asked) and len(asked) > 2 for word in words):
        return worth * 3
    slips = 0 if len(asked) < 4 else 1 if len(asked) < 8 else 2
    near = any(OSA.distance(asked, word, score_cutoff=slips) <= slips for word in words) if slips else False
    return worth * 2 if near else 0


def sounds_urgent(text: str) -> bool:
    """Whether somebody may need 112 rather than an office."""
    return not URGENT.isdisjoint(words_of(text))


def slugify(name: str) -> str:
    """At most 80 of a-z, 0-9 and '-'."""
    return "-".join(words_of(name))[:80].strip("-") or "layanan"


def free_slug(wanted: str, taken: Collection[str]) -> str:
    number = 2
    slug = wanted
    while slug in taken:
        slug, number = f"{wanted}-{number}", number + 1
    return slug


@dataclass(frozen=True, slots=True)
class Hours:
    """When a counter is open from Monday to Friday, in WITA."""

    opens: time | None
    closes: time | None
    friday_closes: time | None
    always: bool = False


def is_open(hours: Hours, now: datetime, holidays: Collection[date]) -> bool | None:
    """Whether it is open at `now`; None: its hours are not known."""
    if hours.always:
        return True
    if hours.opens is None or hours.closes is None:
        return None
    local = now.astimezone(WITA)
    closes = hours.friday_closes or hours.closes if local.weekday() == 4 else hours.closes
    return is_working_day(local.date(), holidays) and hours.opens <= local.time() < closes


def hours_words(hours: Hours) -> tuple[tuple[Text, str], ...]:
    """Days and times, to be read."""
    if hours.always:
        return ((Text("Setiap hari", "Every day"), "00.00–24.00"),)
    if hours.opens is None or hours.closes is None:
        return ()
    week = f"{hours.opens:%H.%M}–{hours.closes:%H.%M}"
    friday = f"{hours.opens:%H.%M}–{hours.friday_closes or hours.closes:%H.%M}"
    return ((Text("Senin–Kamis", "Monday–Thursday"), week), (Text("Jumat", "Friday"), friday))
