"""What was typed, or stood in a file's cells, becomes values that may be stored, or faults in plain words. Pure."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import urlsplit

import phonenumbers

from dispatch.places.rules import in_indonesia, parse_coordinates
from dispatch.plugins.fields import Checked, Fault, Field, Kind, Text
from dispatch.plugins.pages.days import read_date, read_moment, read_time
from dispatch.plugins.pages.numbers import read_decimal, read_whole, write_decimal
from dispatch.plugins.pages.wrong import Wrong

N = TypeVar("N", int, Decimal)

LARGEST_MONEY = 2**53 - 1
"""Rupiah; what a browser's numbers hold exactly."""

SHOWN_LENGTH = 60
"""Characters of what was typed that a fault repeats."""

REGION = "ID"

_YES = frozenset({"ya", "y", "yes", "true", "benar", "1", "x", "v", "✓", "√"})
_NO = frozenset({"tidak", "tdk", "t", "no", "n", "false", "salah", "0", "-"})
_SERVICE_NUMBER = re.compile(r"[1-9]\d{2,5}", re.ASCII)
_PHOTO_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_LEVEL = re.compile(r"^(desa|kelurahan|kel\.?|ds\.?)\s+", re.IGNORECASE)


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """One spelling of a title for comparisons: no case, no accents, no punctuation, single blanks."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = (letter if letter.isalnum() else " " for letter in decomposed if not unicodedata.combining(letter))
    return " ".join("".join(letters).split())


@dataclass(frozen=True, slots=True)
class Titles:
    """Rows that a REFERENCE may name: id → title."""

    by_id: Mapping[str, str]
    by_title: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Folded title → ids; empty where only ids are taken."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the world has: villages, and rows of the plugin by resource name."""

    villages: Mapping[str, str] = field(default_factory=dict)
    """Official code → name."""
    rows: Mapping[str, Titles] = field(default_factory=dict)
    districts: Mapping[str, str] = field(default_factory=dict)
    """Official code → district, to tell villages of one name apart."""
    village_codes: Mapping[str, Sequence[str]] = field(init=False)
    """Digits of a code, folded name, and name with district → official codes; made once for many lines."""

    def __post_init__(self) -> None:
        codes: dict[str, list[str]] = {}
        for code, village in self.villages.items():
            for name in (code.replace(".", ""), folded(village), folded(f"{village} {self.districts.get(code, '')}")):
                if code not in codes.setdefault(name, []):
                    codes[name].append(code)
        object.__setattr__(self, "village_codes", codes)


def check(fields: Sequence[Field], given: Mapping[str, Any], known: Known, *, row: int | None = None) -> Checked:
    """Every typed field of `fields`; what `given` lacks is empty, and a name that no field has is a fault."""
    values: dict[str, Any] = {}
    names = {one.name for one in fields}
    faults = [_unknown(name, row) for name in given if name not in names]
    for one in fields:
        if not one.typed:
            continue
        try:
            values[one.name] = read(one, given.get(one.name), known)
        except Wrong as wrong:
            faults.append(fault(one, wrong, row))
    return Checked(values, tuple(faults))


def read(one: Field, raw: Any, known: Known) -> Any:
    """The value of one field, None when empty. Raises Wrong."""
    if is_empty(raw):
        if one.required:
            raise Wrong("harus diisi", "must be filled in")
        return None
    value = _READERS[one.kind](one, raw, known)
    if value is None and one.required:
        raise Wrong("harus diisi", "must be filled in")
    return value


def fault(one: Field, wrong: Wrong, row: int | None = None) -> Fault:
    """The reader's words with the field's name in front."""
    label, message = one.label, wrong.message
    return Fault(one.name, Text(f"{label.id}: {message.id}.", f"{label.en}: {message.en}."), row)


def is_empty(raw: Any) -> bool:
    return raw is None or (isinstance(raw, str) and not raw.strip())


def clean(text: str, *, lines: bool = False) -> str:
    """Without control characters and marks that turn text around; composed; `lines` keeps line breaks."""
    if text.isascii() and text.isprintable():
        return text.strip() if lines else " ".join(text.split())
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(_clean_letter(letter, lines) for letter in composed)
    if lines:
        return "\n".join(line.rstrip() for line in kept.split("\n")).strip()
    return " ".join(kept.split())


def _clean_letter(letter: str, lines: bool) -> str:
    if letter == "\n" and lines:
        return letter
    if letter in "\n\t\u2028\u2029":
        return " "
    category = unicodedata.category(letter)
    # ZERO WIDTH JOINER holds emoji together, all other format characters only hide or turn text
    return "" if category in ("Cc", "Cs", "Co") or (category == "Cf" and letter != "\u200d") else letter


def shown(raw: object) -> str:
    """What was typed, short enough for a message."""
    text = clean(str(raw))
    return text if len(text) <= SHOWN_LENGTH else f"{text[:SHOWN_LENGTH]}…"


def _unknown(name: str, row: int | None) -> Fault:
    return Fault(name, Text(f"Isian '{shown(name)}' tidak dikenal.", f"There is no field '{shown(name)}'."), row)


def _plain(raw: Any) -> str:
    """A cell's number as the text that a person sees in it."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    if isinstance(raw, int | float | Decimal) and not isinstance(raw, bool):
        return str(raw)
    raise Wrong("harus teks", "must be text")


def _text(one: Field, raw: Any, _known: Known) -> str | None:
    text = clean(_plain(raw), lines=one.kind is Kind.LONG_TEXT)
    if len(text) > one.longest:
        raise Wrong(
            f"terlalu panjang ({len(text)} huruf, paling banyak {one.longest})",
            f"too long ({len(text)} characters, at most {one.longest})",
        )
    return text or None


def _integer(one: Field, raw: Any, _known: Known) -> int:
    return _within(one, read_whole(raw))


def _decimal(one: Field, raw: Any, _known: Known) -> Decimal:
    return _within(one, read_decimal(raw))


def _money(one: Field, raw: Any, _known: Known) -> int:
    return _within(one, read_whole(raw, LARGEST_MONEY))


def _within(one: Field, number: N) -> N:
    if one.least is not None and number < one.least:
        least = write_decimal(one.least)
        raise Wrong(f"paling sedikit {least}", f"at least {least}")
    if one.most is not None and number > one.most:
        most = write_decimal(one.most)
        raise Wrong(f"paling banyak {most}", f"at most {most}")
    return number


def _boolean(_one: Field, raw: Any, _known: Known) -> bool:
    if isinstance(raw, bool):
        return raw
    word = _plain(raw).strip().casefold()
    if word in _YES or word in _NO:
        return word in _YES
    raise Wrong(f"'{shown(raw)}' bukan ya atau tidak", f"'{shown(raw)}' is neither yes nor no")


def _choice(one: Field, raw: Any, _known: Known) -> str:
    text = _plain(raw).strip()
    for choice in one.choices:
        if text == choice.value:
            return choice.value
    word = folded(text)
    for choice in one.choices:
        if word in (folded(choice.value), folded(choice.label.id), folded(choice.label.en)):
            return choice.value
    raise Wrong(
        f"'{shown(text)}' bukan salah satu dari: {', '.join(choice.label.id for choice in one.choices)}",
        f"'{shown(text)}' is none of: {', '.join(choice.label.en for choice in one.choices)}",
    )


def _point(_one: Field, raw: Any, _known: Known) -> tuple[float, float]:
    point = parse_coordinates(raw) if isinstance(raw, str) else _pair(raw)
    if point is None:
        raise Wrong(
            f"'{shown(raw)}' bukan titik; tulis lintang, bujur, misalnya -1.3089, 116.7347",
            f"'{shown(raw)}' is no point; write latitude, longitude, for example -1.3089, 116.7347",
        )
    if not in_indonesia(*point):
        raise Wrong(f"titik '{shown(raw)}' di luar Indonesia", f"the point '{shown(raw)}' lies outside Indonesia")
    return point


def _pair(raw: Any) -> tuple[float, float] | None:
    """{lat, lon} or [lat, lon]."""
    parts = [raw.get("lat"), raw.get("lon")] if isinstance(raw, Mapping) else raw
    if not isinstance(parts, list | tuple) or len(parts) != 2:
        return None
    if not all(isinstance(part, int | float) and not isinstance(part, bool) for part in parts):
        return None
    return float(parts[0]), float(parts[1])


def _village(_one: Field, raw: Any, known: Known) -> str:
    text = _plain(raw).strip()
    found = known.village_codes.get(text.replace(".", "")) or known.village_codes.get(folded(_LEVEL.sub("", text)), ())
    if not found:
        raise Wrong(f"desa/kelurahan '{shown(text)}' tidak dikenal", f"there is no village '{shown(text)}'")
    if len(found) > 1:
        codes = ", ".join(found)
        raise Wrong(
            f"ada beberapa '{shown(text)}'; tulis kodenya: {codes}", f"several are called so; write one: {codes}"
        )
    return found[0]


def _reference(one: Field, raw: Any, known: Known) -> str:
    text = _plain(raw).strip()
    titles = known.rows.get(one.resource or "", Titles({}))
    if text in titles.by_id:
        return text
    found = titles.by_title.get(folded(text), ())
    if not found:
        raise Wrong(f"'{shown(text)}' tidak ditemukan", f"'{shown(text)}' was not found")
    if len(found) > 1:
        raise Wrong(f"ada beberapa '{shown(text)}'", f"there are several '{shown(text)}'")
    return found[0]


def _link(one: Field, raw: Any, known: Known) -> str:
    text = _text(one, raw, known) or ""
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        host = ""
    if not host or "." not in host or " " in text or parts.scheme.lower() != "https" or parts.username is not None:
        raise Wrong(
            f"'{shown(text)}' bukan alamat https, misalnya https://contoh.go.id",
            f"'{shown(text)}' is no https address, for example https://contoh.go.id",
        )
    return text


def _phone(_one: Field, raw: Any, _known: Known) -> str:
    text = clean(_plain(raw))
    if _SERVICE_NUMBER.fullmatch(text):
        return text
    spellings = (f"+{text}", text) if text.startswith("62") else (text,)
    for spelling in spellings:
        try:
            number = phonenumbers.parse(spelling, REGION)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number) and not number.extension:
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    raise Wrong(
        f"'{shown(text)}' bukan nomor telepon, misalnya 0812-3456-7890",
        f"'{shown(text)}' is no telephone number, for example 0812-3456-7890",
    )


def _photo(_one: Field, raw: Any, _known: Known) -> str:
    if not isinstance(raw, str) or not _PHOTO_ID.fullmatch(raw):
        raise Wrong("bukan foto yang diunggah", "is no uploaded picture")
    return raw


_READERS: Mapping[Kind, Callable[[Field, Any, Known], Any]] = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.MONEY: _money,
    Kind.DATE: lambda _one, raw, _known: read_date(raw),
    Kind.TIME: lambda _one, raw, _known: read_time(raw),
    Kind.MOMENT: lambda _one, raw, _known: read_moment(raw),
    Kind.BOOLEAN: _boolean,
    Kind.CHOICE: _choice,
    Kind.POINT: _point,
    Kind.VILLAGE: _village,
    Kind.REFERENCE: _reference,
    Kind.LINK: _link,
    Kind.PHONE: _phone,
    Kind.PHOTO: _photo,
}
