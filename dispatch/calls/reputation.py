"""What a number's earlier calls say of it, in words, the older the fainter: advice, never a verdict. Pure.

A number is lent, sold and shared by families, so nothing here decides anything: it says how many calls there were, how
they ended and when, and it always ends with the advice to listen first. A real call outweighs pranks.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from dispatch.views import View, Words
from dispatch.words import CallDisposition

FALSE_WEIGHT = {
    CallDisposition.PRANK: 1.0,
    CallDisposition.GHOST: 0.5,
    CallDisposition.ACCIDENTAL: 0.25,
    CallDisposition.TEST: 0.1,
}
"""How much a call that ended so speaks for the next one being false. A silent or dropped call says nothing: the caller
may be in danger, and who asks for information or is referred had a reason to call."""

REAL_WEIGHT = 10.0
"""Of a call that led to help, in pranks of the same age."""

LEAST_FALSE = 2.0
"""Below two fresh pranks there is nothing worth saying but the count."""

FAINT = 0.05
"""A weight below this has faded: more than four half-lives for one prank."""

REAL = frozenset({CallDisposition.HANDLED, CallDisposition.REFERRED})

_WORDS = {
    CallDisposition.HANDLED: ("ditangani", "handled"),
    CallDisposition.PRANK: ("iseng", "prank"),
    CallDisposition.GHOST: ("hantu", "ghost"),
    CallDisposition.SILENT: ("diam", "silent"),
    CallDisposition.ACCIDENTAL: ("tidak sengaja", "accidental"),
    CallDisposition.TEST: ("uji coba", "test"),
    CallDisposition.INFORMATION: ("informasi", "information"),
    CallDisposition.REFERRED: ("dirujuk", "referred"),
    CallDisposition.DROPPED: ("terputus", "dropped"),
}

Tone = Literal["none", "mixed", "real_before", "often_false"]


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier call of the number. `disposition` is None while nobody has said what it was."""

    at: datetime
    disposition: CallDisposition | None
    reported_incident: bool


class Reputation(View):
    """Advice: `tone` is for the sign beside the words, `lines` are what is shown."""

    tone: Tone
    false_weight: float
    real_weight: float
    lines: tuple[Words, ...]


def is_real(past: Past) -> bool:
    """It led to help."""
    return past.reported_incident or past.disposition in REAL


def decayed(age: timedelta, half_life: timedelta) -> float:
    """What is left of a weight of 1: half after each half-life; a call from the future counts as fresh."""
    lives: float = max(age, timedelta(0)) / half_life
    return float(0.5**lives)


def weigh(past: Sequence[Past], now: datetime, half_life: timedelta) -> tuple[float, float]:
    """What speaks for a false call, and what for a real one, in fresh pranks."""
    false = real = 0.0
    for one in past:
        left = decayed(now - one.at, half_life)
        if is_real(one):
            real += REAL_WEIGHT * left
        elif one.disposition is not None:
            false += FALSE_WEIGHT.get(one.disposition, 0.0) * left
    return false, real


def tone_of(false: float, real: float) -> Tone:
    """One real call that has not faded is enough for 'real_before', however many pranks there were."""
    if real >= FAINT:
        return "real_before"
    if false >= LEAST_FALSE:
        return "often_false"
    return "mixed" if false >= FAINT else "none"


def reputation(past: Sequence[Past], now: datetime, half_life: timedelta) -> Reputation:
    """What to tell the call-taker of a number that made these calls before `now`."""
    false, real = weigh(past, now, half_life)
    tone = tone_of(false, real)
    lines = _counts(past, now)
    if advice := _ADVICE.get(tone):
        lines = (*lines, advice)
    return Reputation(tone=tone, false_weight=round(false, 2), real_weight=round(real, 2), lines=lines)


_ADVICE: dict[Tone, Words] = {
    "real_before": Words(
        id="Pernah melaporkan kejadian nyata: perlakukan sebagai panggilan darurat.",
        en="Has reported something real before: treat it as an emergency call.",
    ),
    "often_false": Words(
        id="Sering bukan darurat belakangan ini. Tetap dengarkan dulu: kali ini bisa nyata.",
        en="Often no emergency of late. Listen first all the same: this one may be real.",
    ),
}


def _counts(past: Sequence[Past], now: datetime) -> tuple[Words, ...]:
    """How many calls ended how, and when the last of each was; the latest way first."""
    by_end: Counter[CallDisposition | None] = Counter()
    last: dict[CallDisposition | None, datetime] = {}
    for one in past:
        end = CallDisposition.HANDLED if one.reported_incident and one.disposition is None else one.disposition
        by_end[end] += 1
        last[end] = max(one.at, last.get(end, one.at))
    ends = sorted(by_end, key=lambda end: last[end], reverse=True)
    return tuple(_count(end, by_end[end], now - last[end]) for end in ends)


def _count(end: CallDisposition | None, count: int, age: timedelta) -> Words:
    in_id, in_en = _WORDS[end] if end is not None else ("belum dinilai", "not judged yet")
    ago = ago_words(age)
    if count == 1:
        return Words(id=f"1 {in_id}, {ago.id}", en=f"1 {in_en}, {ago.en}")
    return Words(id=f"{count} {in_id}, terakhir {ago.id}", en=f"{count} {in_en}, last {ago.en}")


def ago_words(age: timedelta) -> Words:
    """An age in the largest unit that fits; less than a minute is 'just now'."""
    seconds = max(0, int(age.total_seconds()))
    for size_s, in_id, in_en in ((86_400, "hari", "day"), (3_600, "jam", "hour"), (60, "menit", "minute")):
        count = seconds // size_s
        if count:
            return Words(id=f"{count} {in_id} lalu", en=f"{count} {in_en}{'s' if count > 1 else ''} ago")
    return Words(id="baru saja", en="just now")
