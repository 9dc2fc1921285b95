"""Dates and times as Indonesians and spreadsheets write them: the day first, WITA where no zone is given. Pure."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dispatch.plugins.pages.wrong import Wrong

WITA = ZoneInfo("Asia/Makassar")

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""A year outside is a slip of the hand."""

EXCEL_EPOCH = date(1899, 12, 30)
"""Day 0 of a spreadsheet's serial dates (ECMA-376, the 1900 system, right from March 1900 on)."""

_FIRST_SERIAL, _LAST_SERIAL = 61, (date(LAST_YEAR, 12, 31) - EXCEL_EPOCH).days

_MONTHS = {
    "jan": 1, "feb": 2, "peb": 2, "mar": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6, "jul": 7, "agu": 8, "ags": 8,
    "aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "des": 12, "dec": 12,
}  # fmt: skip
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})", re.ASCII)
_NAMED = re.compile(r"(\d{1,2})[ \-]([a-z]{3,9})\.?[ \-](\d{4})", re.ASCII | re.IGNORECASE)
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\s*wita)?", re.ASCII | re.IGNORECASE)
_MOMENT = re.compile(
    r"(\S.*\d{4}|\d{4}-\d{1,2}-\d{1,2})[ ,T]+(\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s*wita)?)", re.IGNORECASE
)
_ZONED = re.compile(r"\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:?\d\d)", re.ASCII)


def read_date(raw: object) -> date:
    """'2026-11-24', '24/11/2026', '24 November 2026', a spreadsheet's date or serial number. Raises Wrong."""
    if isinstance(raw, datetime):
        return _in_years(raw.date())
    if isinstance(raw, date):
        return _in_years(raw)
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return _from_serial(raw)
    if not isinstance(raw, str):
        raise _no_date(raw)
    return _from_text(raw.strip())


def read_time(raw: object) -> time:
    """'07:30', '07.30 WITA', a spreadsheet's time or share of a day. Raises Wrong."""
    if isinstance(raw, datetime):
        return raw.time().replace(microsecond=0)
    if isinstance(raw, time):
        return raw.replace(microsecond=0, tzinfo=None)
    if isinstance(raw, float) and 0 <= raw < 1:
        minutes, second = divmod(min(round(raw * 86400), 86399), 60)
        return time(*divmod(minutes, 60), second)
    match = _TIME.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if match is None:
        raise _no_time(raw)
    try:
        hour, minute, second = (int(part or 0) for part in match.groups())
        return time(hour, minute, second)
    except ValueError:
        raise _no_time(raw) from None


def read_moment(raw: object) -> datetime:
    """ISO 8601 with a zone, or a date and a time in WITA. In UTC. Raises Wrong."""
    if isinstance(raw, datetime):
        return _in_utc(raw)
    text = raw.strip() if isinstance(raw, str) else ""
    if _ZONED.fullmatch(text):
        try:
            return _in_utc(datetime.fromisoformat(text))
        except ValueError:
            raise _no_moment(raw) from None
    match = _MOMENT.fullmatch(text)
    if match is None:
        raise _no_moment(raw)
    return _in_utc(datetime.combine(_from_text(match[1]), read_time(match[2])))


def _in_utc(moment: datetime) -> datetime:
    _in_years(moment.date())
    return (moment if moment.tzinfo else moment.replace(tzinfo=WITA)).astimezone(UTC)


def _from_serial(serial: int | float) -> date:
    if not _FIRST_SERIAL <= serial <= _LAST_SERIAL:
        raise _no_date(serial)
    return EXCEL_EPOCH + timedelta(days=int(serial))


def _from_text(text: str) -> date:
    if match := _ISO.fullmatch(text):
        year, month, day = match.groups()
    elif match := _DAY_FIRST.fullmatch(text):
        day, month, year = match.groups()
    elif match := _NAMED.fullmatch(text):
        day, name, year = match.groups()
        month = str(_MONTHS.get(name[:3].lower(), 0))
    else:
        raise _no_date(text)
    try:
        return _in_years(date(int(year), int(month), int(day)))
    except ValueError:
        raise Wrong(
            f"tanggal '{text}' tidak ada; tulis hari/bulan/tahun, misalnya 24/11/2026",
            f"there is no date '{text}'; write day/month/year, for example 24/11/2026",
        ) from None


def _in_years(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Wrong(f"tahun {day.year} tidak mungkin", f"the year {day.year} is not possible")
    return day


def _no_date(raw: object) -> Wrong:
    return Wrong(
        f"'{raw}' bukan tanggal; tulis misalnya 24/11/2026 atau 2026-11-24",
        f"'{raw}' is not a date; write for example 24/11/2026 or 2026-11-24",
    )


def _no_time(raw: object) -> Wrong:
    return Wrong(f"'{raw}' bukan jam; tulis misalnya 07:30", f"'{raw}' is not a time; write for example 07:30")


def _no_moment(raw: object) -> Wrong:
    return Wrong(
        f"'{raw}' bukan tanggal dan jam; tulis misalnya 24/11/2026 07:30",
        f"'{raw}' is not a date and time; write for example 24/11/2026 07:30",
    )
