"""What a caller's words about a place mean: pure text rules for Indonesian, coordinates, plus codes and Km posts.

The forms are those heard and printed in the regency: 'KM 13 Lawe-Lawe di depan bengkel', 'Simpang Ali RT 023 Desa
Babulu Darat', 'Jl. Penajam - Kuaro KM 16, Giri Mukti', 'QJV9+PVQ, Sotek', '-1.31, 116.72'.
"""

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_TEXT = 300
"""Characters that are looked at; a spoken place is shorter."""

INDONESIA = (-11.1, 6.2, 94.9, 141.1)
"""South, north, west, east in degrees: the bounding box of the country."""

KM_TO_M = 1000.0
METRES_PER_DEGREE = 111_195.0
"""Mean earth radius 6,371,008.8 m (IUGG) times pi / 180."""

_PHRASES = {
    "rumah sakit": "rs",
    "pemadam kebakaran": "damkar",
    "kantor polisi": "polsek",
    "sekolah dasar": "sd",
    "sd negeri": "sd",
    "smp negeri": "smp",
    "sekolah menengah pertama": "smp",
    "sma negeri": "sma",
    "rumah jabatan": "rujab",
    "pom bensin": "spbu",
}
_WORDS = {
    "rsud": "rs", "rsu": "rs", "sdn": "sd", "smpn": "smp", "pkm": "puskesmas", "mesjid": "masjid", "posko": "pos",
    "propinsi": "provinsi", "gn": "gunung", "sei": "sungai", "perum": "perumahan", "pertigaan": "simpang",
    "perempatan": "simpang", "smun": "sma", "sman": "sma", "smu": "sma", "smkn": "smk", "pulo": "pulau",
    "i": "1", "ii": "2", "iii": "3", "iv": "4",
}  # fmt: skip
_RELATIONS = {
    "dekat": "dekat", "deket": "dekat", "dkt": "dekat", "depan": "depan", "dpn": "depan", "belakang": "belakang",
    "blkg": "belakang", "samping": "samping", "sebelah": "samping", "seberang": "seberang", "sebrang": "seberang",
    "sekitar": "sekitar", "sebelum": "sebelum", "setelah": "setelah", "sesudah": "setelah", "lewat": "setelah",
    "arah": "arah", "menuju": "arah", "antara": "antara",
}  # fmt: skip
_LEVELS = {
    "desa": "village", "ds": "village", "kelurahan": "village", "kel": "village", "kampung": "village",
    "lurah": "village", "kecamatan": "kecamatan", "kec": "kecamatan", "camat": "kecamatan",
    "kabupaten": "kabupaten", "kab": "kabupaten",
}  # fmt: skip
_FILLERS = frozenset(
    "di ke dari dan yang ada pas itu ini sini situ daerah wilayah kawasan jalan jl jln dusun dsn poros raya pak bu "
    "tolong mas mbak ya nya lokasi tempat".split()
)

_GLUED = re.compile(r"([a-z]{2,})(\d+)")

_UNITS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
_UNIT = "|".join(_UNITS)
_NUMBER = re.compile(rf"\b(?:({_UNIT}) puluh(?: ({_UNIT}))?|({_UNIT}) belas|(sepuluh)|(sebelas)|({_UNIT}))\b")
"""A number up to 99 in words."""

_AXES = re.compile(r"\b(?:latitude|lat|lintang|longitude|long|lng|lon|bujur)\b\s*[:=]?", re.IGNORECASE)
_SEXAGESIMAL = (
    r"(\d{1,3})\s*[°ºd]\s*(\d{1,2})\s*['′’m]\s*(\d{1,2}(?:[.,]\d+)?)?\s*(?:[\"″”s]|'')?\s*(ls|lu|bt|bb|[nsew])"
)
_DEGREES = re.compile(rf"{_SEXAGESIMAL}[\s,;/]*{_SEXAGESIMAL}(?!\w)", re.IGNORECASE)
"""Degrees, minutes and maybe seconds, each with its hemisphere."""

_DECIMAL = r"([+-]?\d{1,3}[.,]\d{1,8})\s*°?\s*(ls|lu|bt|bb|[nsew])?"
_COORDINATES = re.compile(rf"(?<![\d.,]){_DECIMAL}\s*[,;/\s]\s*{_DECIMAL}(?![\d.,]*\d)", re.IGNORECASE)
_PLUS_DIGITS = "23456789cfghjmpqrvwx"
_PLUS_CODE = re.compile(
    rf"(?<!\w)((?:[{_PLUS_DIGITS}]{{4}}){{1,2}}\s?\+\s?[{_PLUS_DIGITS}]{{2,3}})(?!\w)", re.IGNORECASE
)
_PLUS_WORDS = re.compile(r"\b(?:kode|code|plus|google)\b")
_KM = re.compile(r"\b(?:km|kilometer|kilo)\s*[.:]?\s*(\d{1,3})(?:[.,](\d))?(?!\d)")
_RT = re.compile(r"\brt\s*[.:]?\s*(\d{1,3})(?:\s*/\s*(?:rw)?\s*[.:]?\s*(\d{1,3}))?")
_RW = re.compile(r"\brw\s*[.:]?\s*(\d{1,3})")
_DETAIL = re.compile(r"\b(?:no|nomor|gang|gg|blok|lorong|jalur)\b\s*\.?\s*\w+")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A caller's words, taken apart."""

    words: tuple[str, ...]
    """Normalised words that may name a place, in order."""
    point: tuple[float, float] | None = None
    """Latitude and longitude, when coordinates were given."""
    plus_code: str | None = None
    km: float | None = None
    rt: int | None = None
    rw: int | None = None
    relation: str | None = None
    """dekat, depan, belakang, samping, seberang, sekitar, sebelum, setelah, arah or antara."""
    detail: bool = False
    """A house number, gang, block or lane was said, which no gazetteer knows."""
    level: str | None = None
    """village, kecamatan or kabupaten, when the caller said which."""


def parse_spoken(text: str) -> Spoken:
    """Take a spoken or typed place apart; anything may be missing."""
    point = parse_coordinates(text)
    if point is not None:
        return Spoken(words=(), point=point)
    rest = _plain(text[:LONGEST_TEXT])
    plus = _PLUS_CODE.search(rest)
    if plus is not None:
        rest = _PLUS_WORDS.sub(" ", rest.replace(plus[0], " "))
    km = _KM.search(rest)
    rt = _RT.search(rest)
    rw = _RW.search(rest)
    detail = _DETAIL.search(rest) is not None
    for pattern in (_KM, _RT, _RW, _DETAIL):
        rest = pattern.sub(" ", rest)
    words = _split(rest)
    return Spoken(
        words=_names(words),
        plus_code=re.sub(r"\s", "", plus[0]).upper() if plus is not None else None,
        km=float(f"{km[1]}.{km[2] or 0}") if km is not None else None,
        rt=int(rt[1]) if rt is not None else None,
        rw=int(rw[1]) if rw is not None else int(rt[2]) if rt is not None and rt[2] else None,
        relation=next((_RELATIONS[word] for word in words if word in _RELATIONS), None),
        detail=detail,
        level=next((_LEVELS[word] for word in words if word in _LEVELS), None),
    )


def normalise(name: str) -> tuple[str, ...]:
    """The words of a place's name as they are compared: no case, accents, levels, fillers; 'api-api' is one word."""
    return _names(_split(_plain(name)))


def parse_coordinates(text: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees from '-1.31, 116.72', '-1,31; 116,72', '116.72 -1.31', '1.31 LS 116.72 BT'
    or '1°18\'36"S 116°43\'12"E'.

    The order is taken from the hemisphere letters, else from the size: a number beyond 90 is a longitude.
    """
    text = _AXES.sub(" ", text[:LONGEST_TEXT])
    degrees = _DEGREES.search(text)
    if degrees is not None:
        text = f"{_minutes(*degrees.groups()[:4])}, {_minutes(*degrees.groups()[4:])}"
    match = _COORDINATES.search(text)
    if match is None:
        return None
    first, first_side = _signed(match[1], match[2])
    second, second_side = _signed(match[3], match[4])
    longitude_first = first_side == "lon" or second_side == "lat" or (first_side is None and abs(first) > 90)
    lat, lon = (second, first) if longitude_first else (first, second)
    return (lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None


def decode_plus_code(code: str, near: tuple[float, float]) -> tuple[float, float] | None:
    """The centre of a plus code (Open Location Code); a short one is completed with the place nearest to `near`.

    A code of 10 digits spans 1/8000 of a degree, about 14 m; an eleventh divides that into 4 columns and 5 rows.
    Source: the specification of Open Location Code, its sections Encoding and Short codes.
    """
    digits = code.lower().replace("+", "")
    short = code.index("+") == 4
    if short:
        digits = _plus_prefix(near) + digits
    lat, lon = -90.0, -180.0
    size = 20.0
    for at in range(0, 10, 2):
        lat += _PLUS_DIGITS.index(digits[at]) * size
        lon += _PLUS_DIGITS.index(digits[at + 1]) * size
        size /= 20
    high = wide = size * 20
    if len(digits) > 10:
        row, column = divmod(_PLUS_DIGITS.index(digits[10]), 4)
        high, wide = high / 5, wide / 4
        lat, lon = lat + row * high, lon + column * wide
    lat, lon = lat + high / 2, lon + wide / 2
    if short:
        lat, lon = lat + round(near[0] - lat), lon + round(near[1] - lon)
    return (lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None


def interpolate(posts: Sequence[tuple[float, float, float]], km: float) -> tuple[float, float] | None:
    """Where a Km lies between the two known posts (km, lat, lon) around it on one road; None beyond them.

    A straight line: with posts 7 km apart on this road it may miss the road by some hundred metres.
    """
    before = max((post for post in posts if post[0] <= km), default=None)
    after = min((post for post in posts if post[0] >= km), default=None)
    if before is None or after is None:
        return None
    span = after[0] - before[0]
    share = (km - before[0]) / span if span else 0.0
    return before[1] + share * (after[1] - before[1]), before[2] + share * (after[2] - before[2])


def distance_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Metres between two points, equirectangular: off by less than 0.1% over the regency's 100 km at the equator."""
    north = (b[0] - a[0]) * METRES_PER_DEGREE
    east = (b[1] - a[1]) * METRES_PER_DEGREE * math.cos(math.radians((a[0] + b[0]) / 2))
    return math.hypot(north, east)


def in_indonesia(lat: float, lon: float) -> bool:
    south, north, west, east = INDONESIA
    return south <= lat <= north and west <= lon <= east


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return _NUMBER.sub(_in_digits, plain)


def _in_digits(number: re.Match[str]) -> str:
    tens, after, teen, ten, eleven, unit = number.groups()
    if tens is not None:
        return str(10 * _UNITS.index(tens) + (_UNITS.index(after) if after else 0))
    if teen is not None:
        return str(10 + _UNITS.index(teen))
    return "10" if ten else "11" if eleven else str(_UNITS.index(unit))


def _split(plain: str) -> list[str]:
    spaced = f" {' '.join(part for word in re.findall(r'[a-z0-9]+', plain) for part in _parts(word))} "
    for phrase, word in _PHRASES.items():
        spaced = spaced.replace(f" {phrase} ", f" {word} ")
    return spaced.split()


def _parts(word: str) -> list[str]:
    """'smpn1' is two words; 'alun2' is one that is said twice."""
    glued = _GLUED.fullmatch(word)
    if glued is None or (glued[2] == "2" and glued[1] not in _WORDS):
        return [word]
    return [glued[1], glued[2]]


def _names(words: list[str]) -> tuple[str, ...]:
    """Only words that may name something; a doubled word becomes one, so that 'api' alone is not Api-api."""
    names: list[str] = []
    for position, word in enumerate(words):
        previous = words[position - 1] if position else ""
        if word in _FILLERS or word in _RELATIONS or (word in _LEVELS and word != "kampung" and previous != "kantor"):
            continue
        name = _WORDS.get(word, word)
        if name.isdigit():
            name = name.lstrip("0") or "0"
        if previous == word and names and names[-1] == name and not name.isdigit():
            names[-1] = name + name
        else:
            names.append(name)
    return tuple(names)


def _minutes(degrees: str, minutes: str, seconds: str | None, side: str) -> str:
    value = int(degrees) + int(minutes) / 60 + float((seconds or "0").replace(",", ".")) / 3600
    return f"{value:.6f} {side}"


def _signed(number: str, letters: str | None) -> tuple[float, str | None]:
    value = float(number.replace(",", "."))
    match (letters or "").lower():
        case "ls" | "s":
            return -abs(value), "lat"
        case "lu" | "n":
            return abs(value), "lat"
        case "bt" | "e":
            return abs(value), "lon"
        case "bb" | "w":
            return -abs(value), "lon"
    return value, None


def _plus_prefix(near: tuple[float, float]) -> str:
    """The first four digits of the plus code at a point: a cell of one degree."""
    lat, lon = min(near[0], 89.999) + 90, (near[1] + 180) % 360
    return (
        _PLUS_DIGITS[int(lat // 20)]
        + _PLUS_DIGITS[int(lon // 20)]
        + _PLUS_DIGITS[int(lat % 20)]
        + _PLUS_DIGITS[int(lon % 20)]
    )
