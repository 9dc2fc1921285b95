"""Numbers as Indonesians and spreadsheets write them. Pure.

'1.250,50' is Indonesian, '1250.5' English, 'Rp 12.000,-' a price. One separator with three digits behind it may mean
either ('1.250'), and a guess would be wrong by a thousand: that is refused with both readings named.
"""

import re
from decimal import Decimal

from dispatch.plugins.pages.wrong import Wrong

LONGEST_NUMBER = 40
"""Characters looked at; with the sign, 'Rp' and separators the largest number that can be stored is shorter."""

PLACES = 6
"""Decimals that can be stored (dispatch.plugins.tables)."""

LARGEST = Decimal(9 * 10**12)
LARGEST_INTEGER = 2**31 - 1
"""What a PostgreSQL integer holds."""

_MONEY = re.compile(r"^([+-]?)\s*(?:rp|idr)\.?\s*", re.IGNORECASE)
_CENTS = re.compile(r"[.,][-–]$")
_SHAPE = re.compile(r"([+-]?)(\d[\d.,]*)", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?P<mark>[.,])\d{3}(?:(?P=mark)\d{3})*", re.ASCII)


def read_decimal(raw: object) -> Decimal:
    """At most six decimals and nine million million. Raises Wrong."""
    return _bounded(_spelled(raw, whole=False))


def read_whole(raw: object, largest: int = LARGEST_INTEGER) -> int:
    """A whole number; '12.000' and '12,000' are twelve thousand here. Raises Wrong."""
    number = _spelled(raw, whole=True)
    if number != number.to_integral_value():
        raise Wrong(f"'{raw}' harus bilangan bulat", f"'{raw}' must be a whole number")
    if abs(number) > largest:
        raise Wrong(f"'{raw}' terlalu besar", f"'{raw}' is too large")
    return int(number)


def write_decimal(number: Decimal) -> str:
    """With a dot and without needless zeros; never three decimals, which could be read as thousands ('1.125')."""
    text = f"{number.normalize():f}"
    return text + "0" if len(text.partition(".")[2]) == 3 else text


def _spelled(raw: object, *, whole: bool) -> Decimal:
    if isinstance(raw, bool):
        raise Wrong("harus angka", "must be a number")
    if isinstance(raw, int | Decimal | float):
        return _finite(Decimal(str(raw)))
    if not isinstance(raw, str):
        raise Wrong("harus angka", "must be a number")
    return _from_text(raw.strip(), whole=whole)


def _finite(number: Decimal) -> Decimal:
    if not number.is_finite():
        raise Wrong("harus angka", "must be a number")
    return number


def _from_text(text: str, *, whole: bool) -> Decimal:
    if len(text) > LONGEST_NUMBER:
        raise Wrong("terlalu panjang untuk sebuah angka", "too long for a number")
    bare = _CENTS.sub("", _MONEY.sub(r"\1", text))
    match = _SHAPE.fullmatch("".join(bare.split()).replace("−", "-"))
    if match is None:
        raise Wrong(f"'{text}' bukan angka", f"'{text}' is not a number")
    sign, digits = match.groups()
    return Decimal(sign + _without_marks(digits, text, whole=whole))


def _without_marks(digits: str, text: str, *, whole: bool) -> str:
    """The digits with at most a dot in them."""
    marks = [letter for letter in digits if not letter.isdigit()]
    if not marks:
        return digits
    if len(set(marks)) == 2:
        return _both_marks(digits, marks, text)
    if len(marks) > 1:
        return _all_grouped(digits, text)
    before, _, after = digits.partition(marks[0])
    if len(after) != 3 or len(before) > 3 or before.startswith("0"):
        return f"{before}.{after or '0'}"
    if whole:
        return before + after
    raise Wrong(
        f"'{text}' dapat berarti {before}{after} atau {before},{after}: tulis {before}{after} atau {before},{after}0",
        f"'{text}' may mean {before}{after} or {before}.{after}: write {before}{after} or {before}.{after}0",
    )


def _both_marks(digits: str, marks: list[str], text: str) -> str:
    """Thousands and decimals: the last mark is the decimals', and stands once."""
    whole, _, decimals = digits.rpartition(marks[-1])
    if marks.count(marks[-1]) > 1:
        raise _unclear(text)
    return f"{_all_grouped(whole, text)}.{decimals or '0'}"


def _all_grouped(digits: str, text: str) -> str:
    if _GROUPED.fullmatch(digits) is None:
        raise _unclear(text)
    return re.sub("[.,]", "", digits)


def _unclear(text: str) -> Wrong:
    return Wrong(
        f"titik dan koma pada '{text}' tidak jelas; tulis misalnya 1250,5",
        f"the dots and commas in '{text}' are unclear; write for example 1250.5",
    )


def _bounded(number: Decimal) -> Decimal:
    if abs(number) > LARGEST:
        raise Wrong(f"'{number}' terlalu besar", f"'{number}' is too large")
    if number != round(number, PLACES):
        raise Wrong(f"paling banyak {PLACES} angka di belakang koma", f"at most {PLACES} decimals")
    return round(number, PLACES).normalize() + Decimal(0)
