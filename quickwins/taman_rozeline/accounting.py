"""Reads accounting: FreeRADIUS detail files and CSV (radacct, packets, controllers). Pure; no fault names a device.

RFC 2866 (records), RFC 2869 (Gigawords, Event-Timestamp). Times without a zone are WITA.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

from dispatch.plugins import Fault, Text
from quickwins.taman_rozeline.rules import WITA, Session, plain_address

MOST_RECORDS = 200_000
MOST_FAULTS = 50
MOST_BYTES = 2**60
"""Of one session; above it a counter is broken."""
ALIASES = {
    "clientmac": "callingstationid",
    "mac": "callingstationid",
    "macaddress": "callingstationid",
    "client": "callingstationid",
    "ap": "nasidentifier",
    "apname": "nasidentifier",
    "accesspoint": "nasidentifier",
    "titikakses": "nasidentifier",
    "sessionid": "acctsessionid",
    "starttime": "acctstarttime",
    "start": "acctstarttime",
    "mulai": "acctstarttime",
    "endtime": "acctstoptime",
    "end": "acctstoptime",
    "selesai": "acctstoptime",
    "lastseen": "acctupdatetime",
    "duration": "acctsessiontime",
    "durationseconds": "acctsessiontime",
    "upload": "acctinputoctets",
    "uploadbytes": "acctinputoctets",
    "download": "acctoutputoctets",
    "downloadbytes": "acctoutputoctets",
}
"""Headings of controllers' lists, in the words of RADIUS."""
STATUSES = {"1": "start", "2": "stop", "3": "interim", "interimupdate": "interim", "alive": "interim"}
OTHER_STATUSES = ("accountingon", "accountingoff", "7", "8", "failed", "15")
FORMATS = ("%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%a %b %d %H:%M:%S %Y", "%b %d %Y %H:%M:%S")
ZONES = {"WIB": 7, "WITA": 8, "WIT": 9, "UTC": 0, "GMT": 0}
UNITS = {"": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}
_ATTRIBUTE = re.compile(r"\s*([A-Za-z][\w.-]*) =\s*(.*?)\s*")
NOTHING = ("", "null", "\\n", "-", "0000-00-00 00:00:00")


@dataclass(frozen=True, slots=True)
class Record:
    """What one record says of one session; its device's address never leaves the memory."""

    nas: str = field(repr=False)
    session_id: str = field(repr=False)
    device: str = field(repr=False)
    places: tuple[str, ...] = field(repr=False)
    """Names by which the access point may be known."""
    session: Session


@dataclass(slots=True)
class Parsed:
    records: list[Record] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    faulty: int = 0
    other: int = 0
    """Records about no session: the equipment came up or went down."""


class Unreadable(Exception):
    """A record cannot be used; the reason names no value."""

    def __init__(self, attribute: str, message: Text) -> None:
        super().__init__(message.en)
        self.attribute, self.message = attribute, message


def parse(text: str, now: datetime) -> Parsed:
    """Everything in a file, faults by line; what can be read is read although other records have faults."""
    parsed = Parsed()
    lines = text.lstrip("\ufeff").splitlines()
    first = next((line for line in lines if line.strip()), "")
    rows = _csv(lines) if _separator(first) and " = " not in first else _detail(lines)
    for line, values in rows:
        if len(parsed.records) + parsed.faulty + parsed.other >= MOST_RECORDS:
            parsed.faults.insert(0, Fault("", _words(f"Lebih dari {MOST_RECORDS} catatan.", "Too many records."), line))
            parsed.faulty += 1
            break
        try:
            record = record_of(values, now)
        except Unreadable as wrong:
            parsed.faulty += 1
            if len(parsed.faults) < MOST_FAULTS:
                parsed.faults.append(Fault(wrong.attribute, wrong.message, line))
            continue
        if record is None:
            parsed.other += 1
        else:
            parsed.records.append(record)
    return parsed


def _words(id: str, en: str) -> Text:
    return Text(id, en)


def _separator(line: str) -> str | None:
    return max(";,\t", key=line.count) if any(mark in line for mark in ";,\t") else None


def _key(heading: str) -> str:
    plain = re.sub(r"\(.*?\)|[^a-z0-9]", "", heading.lower())
    return ALIASES.get(plain, plain)


def _csv(lines: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(io.StringIO("\n".join(lines)), delimiter=_separator(next(filter(str.strip, lines))) or ",")
    head: list[str] = []
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if not head:
            head = [_key(cell) for cell in cells]
            continue
        yield reader.line_num, dict(zip(head, (cell.strip() for cell in cells), strict=False))


def _detail(lines: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Records begin with a line that is no 'Name = value': the moment at which the server wrote it."""
    values: dict[str, str] = {}
    at = 1
    for number, line in enumerate(lines, 1):
        attribute = _ATTRIBUTE.fullmatch(line)
        if attribute:
            values[_key(attribute[1])] = attribute[2].strip('"')
        elif line.strip():
            if len(values) > 1:
                yield at, values
            at, values = number, {"written": line.strip()}
    if len(values) > 1 or "written" in values:
        yield at, values


def record_of(values: Mapping[str, str], now: datetime) -> Record | None:
    """None: it is about no session. Raises Unreadable."""
    status = re.sub(r"[^a-z0-9]", "", values.get("acctstatustype", "").lower())
    if status in OTHER_STATUSES:
        return None
    status = STATUSES.get(status, status)
    if status not in ("", "start", "stop", "interim"):
        raise Unreadable("Acct-Status-Type", _words("Jenis catatan tidak dikenal.", "Unknown kind of record."))
    session = _packet(values, status) if status else _row(values)
    if max(session.seen_at, session.started_at) > now + timedelta(hours=1):
        raise Unreadable("time", _words("Waktunya di masa depan: periksa jam alat.", "In the future: check the clock."))
    places = [values.get(name, "") for name in ("nasipaddress", "nasipv6address", "nasidentifier", "calledstationid")]
    known = [place for place in places[:3] if place.lower() not in NOTHING]
    if not known:
        raise Unreadable("NAS-Identifier", _words("Titik akses tidak disebut.", "No access point is named."))
    device = plain_address(values.get("callingstationid", ""))
    session_id = values.get("acctsessionid", "") or (f"{device}@{session.started_at.isoformat()}" if not status else "")
    if not session_id:
        raise Unreadable("Acct-Session-Id", _words("Acct-Session-Id tidak ada.", "Acct-Session-Id is missing."))
    return Record(known[0], session_id, device, tuple(place.lower() for place in places if place), session)


def _packet(values: Mapping[str, str], status: str) -> Session:
    """One accounting packet; the start is reckoned back from Acct-Session-Time."""
    at = _packet_time(values)
    begun = at - timedelta(seconds=_number(values, "acctsessiontime", "Acct-Session-Time"))
    return Session(begun, at, at if status == "stop" else None, status == "interim", *_traffic(values))


def _packet_time(values: Mapping[str, str]) -> datetime:
    """Event-Timestamp, or else when the server wrote it less how long the equipment had been trying."""
    happened = _moment(values.get("eventtimestamp", ""), "Event-Timestamp", quiet=True)
    if happened is not None:
        return happened
    written = _moment(values.get("timestamp", ""), "Timestamp") or _moment(values.get("written", ""), "Timestamp")
    if written is None:
        raise Unreadable("Event-Timestamp", _words("Waktunya tidak ada.", "It has no time."))
    return written - timedelta(seconds=_number(values, "acctdelaytime", "Acct-Delay-Time"))


def _row(values: Mapping[str, str]) -> Session:
    """A line about a whole session; without an end it is running."""
    start = _moment(values.get("acctstarttime", ""), "start")
    if start is None:
        raise Unreadable("start", _words("Waktu mulai tidak ada.", "The start is missing."))
    stop = _moment(values.get("acctstoptime", ""), "end")
    update = _moment(values.get("acctupdatetime", ""), "update")
    if stop is not None and stop < start:
        raise Unreadable("end", _words("Selesai sebelum mulai.", "It ends before it begins."))
    lasted = start + timedelta(seconds=_number(values, "acctsessiontime", "Acct-Session-Time"))
    seen = max(filter(None, (start, lasted, update, stop)))
    return Session(start, seen, stop, update is not None and update > start, *_traffic(values))


def _number(values: Mapping[str, str], name: str, shown: str) -> int:
    text = values.get(name, "").lower()
    if text in NOTHING:
        return 0
    if not text.isascii() or not text.isdigit() or len(text) > 10:
        raise Unreadable(shown, _words(f"{shown} bukan bilangan bulat.", f"{shown} is not a whole number."))
    return int(text)


def _traffic(values: Mapping[str, str]) -> tuple[int, int]:
    """Bytes up and down: what the access point took in (Input) is what the device sent."""
    found = []
    for way in ("Input", "Output"):
        octets = values.get(f"acct{way.lower()}octets", "").lower()
        match = re.fullmatch(r"(\d{1,19})((?:\.\d{1,6})?) ?([kmg]?i?b?)", octets if octets not in NOTHING else "0")
        unit = UNITS.get(match[3]) if match else None
        words = _number(values, f"acct{way.lower()}gigawords", f"Acct-{way}-Gigawords")
        if match is None or unit is None:
            shown = f"Acct-{way}-Octets"
            raise Unreadable(shown, _words(f"{shown} bukan jumlah byte.", f"{shown} is not a number of bytes."))
        total = (words << 32) + int(match[1]) * unit + (round(float(match[2]) * unit) if match[2] else 0)
        if total > MOST_BYTES:
            raise Unreadable(f"Acct-{way}-Octets", _words("Jumlah byte mustahil.", "An impossible number of bytes."))
        found.append(total)
    return found[0], found[1]


def _moment(text: str, shown: str, *, quiet: bool = False) -> datetime | None:
    """A time in one of the usual spellings; None for none, and when `quiet` for one that cannot be read."""
    text = text.strip()
    if text.lower() in NOTHING:
        return None
    try:
        at = _read_moment(text)
        if not 2000 <= at.astimezone(UTC).year < 2200:
            raise ValueError
    except (ValueError, OverflowError, OSError):
        if quiet:
            return None
        raise Unreadable(
            shown, _words(f"Waktu ({shown}) tidak terbaca.", f"The time ({shown}) is unreadable.")
        ) from None
    return at.astimezone(UTC)


def _read_moment(text: str) -> datetime:
    """Raises ValueError, OverflowError, OSError."""
    if re.fullmatch(r"\d{9,11}", text):
        return datetime.fromtimestamp(int(text), UTC)
    begin, _, last = text.rpartition(" ")
    zone = timezone(timedelta(hours=ZONES[last.upper()])) if last.upper() in ZONES else None
    plain = begin if zone else text
    for form in FORMATS:
        try:
            return datetime.strptime(plain, form).replace(tzinfo=zone or WITA)
        except ValueError:
            continue
    at = datetime.fromisoformat(plain)
    return at if at.tzinfo else at.replace(tzinfo=zone or WITA)
