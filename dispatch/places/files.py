"""Files of places, CSV and GeoJSON, read into drafts; every fault is named with its row. Pure."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from dispatch.places.rules import in_indonesia, normalise

MOST_ROWS = 20_000
MOST_CHARACTERS = 8_000_000
MOST_VARIANTS = 30
COLUMNS = ("id", "name", "kind", "village_code", "lat", "lon", "accuracy_m", "variants", "active")
KIND = re.compile(r"[a-z][a-z_]{1,39}")
DEFAULT_ACCURACY_M = 250

Format = Literal["csv", "geojson"]


@dataclass(frozen=True, slots=True)
class Draft:
    """A place as a file or a form has it."""

    row: int
    """Of the file, the first after the heading is 1; 0 from a form."""
    id: str | None
    name: str
    kind: str
    village_code: str | None
    lat: float | None
    lon: float | None
    accuracy_m: int | None
    variants: tuple[str, ...] = ()
    active: bool = True


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a row, in both languages; row 0 is the file as a whole."""

    row: int
    field: str
    id: str
    en: str


@dataclass(slots=True)
class Read:
    drafts: list[Draft] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_file(format: Format, text: str) -> Read:
    """All rows of the file, or why they cannot be taken."""
    read = Read()
    if len(text) > MOST_CHARACTERS:
        read.faults.append(
            Fault(0, "file", "Berkas lebih dari 8 juta karakter.", "The file is over 8 million characters.")
        )
        return read
    rows = _csv_rows(text, read) if format == "csv" else _geojson_rows(text, read)
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            most = f"{MOST_ROWS}"
            read.faults.append(Fault(0, "file", f"Lebih dari {most} baris.", f"More than {most} rows."))
            break
        draft, faults = checked(number, row)
        read.faults += faults
        if draft is not None:
            read.drafts.append(draft)
    read.faults += list(_twice(read.drafts))
    return read


def _csv_rows(text: str, read: Read) -> Iterator[Mapping[str, Any]]:
    table = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    try:
        unknown = [name for name in table.fieldnames or [] if name not in COLUMNS]
        if unknown or not {"name", "kind"} <= set(table.fieldnames or ()):
            known = ", ".join(COLUMNS)
            read.faults.append(
                Fault(0, (unknown or ["name"])[0], f"Kolom yang dikenal: {known}.", f"The known columns are: {known}.")
            )
            return
        yield from table
    except csv.Error as error:
        read.faults.append(Fault(0, "file", f"CSV rusak: {error}.", f"The CSV is damaged: {error}."))


def _geojson_rows(text: str, read: Read) -> Iterator[Mapping[str, Any]]:
    try:
        features = json.loads(text)["features"]
        assert isinstance(features, list)
    except (ValueError, KeyError, TypeError, AssertionError, RecursionError):
        read.faults.append(
            Fault(0, "file", "Bukan FeatureCollection GeoJSON.", "This is no GeoJSON FeatureCollection.")
        )
        return
    for feature in features:
        shape = feature.get("geometry") if isinstance(feature, dict) else None
        facts = feature.get("properties") if isinstance(feature, dict) else None
        row = {name: value for name, value in facts.items() if name in COLUMNS} if isinstance(facts, dict) else {}
        if isinstance(shape, dict) and shape.get("type") == "Point":
            at = shape.get("coordinates")
            lon, lat = (at[0], at[1]) if isinstance(at, list) and len(at) >= 2 else (None, None)
            yield {**row, "lat": lat, "lon": lon}
        else:
            yield {**row, "lat": "no point", "lon": None}


def checked(number: int, row: Mapping[str, Any]) -> tuple[Draft | None, list[Fault]]:
    """A row as a draft, or its faults."""
    faults: list[Fault] = []
    name, kind = _text(row.get("name")), _text(row.get("kind"))
    if not name or len(name) > 200 or not normalise(name):
        faults.append(
            Fault(number, "name", "Nama kosong atau tidak bisa dicari.", "The name is empty or cannot be found.")
        )
    if not KIND.fullmatch(kind):
        faults.append(
            Fault(number, "kind", "Jenis: huruf kecil, mis. school.", "The kind: small letters, such as school.")
        )
    lat, lon = _number(row.get("lat")), _number(row.get("lon"))
    if (lat is None) != (lon is None) or "bad" in (lat, lon) or not _placed(lat, lon):
        faults.append(Fault(number, "lat", "Titik bukan di Indonesia, atau bukan angka.", "No point within Indonesia."))
    accuracy = _number(row.get("accuracy_m"))
    if accuracy is not None and (isinstance(accuracy, str) or not 1 <= accuracy <= 100_000):
        faults.append(Fault(number, "accuracy_m", "Ketelitian 1 sampai 100000 m.", "The accuracy is 1 to 100000 m."))
    variants = _list(row.get("variants"))
    if len(variants) > MOST_VARIANTS or any(len(one) > 200 for one in variants):
        faults.append(Fault(number, "variants", "Terlalu banyak varian.", "Too many variants."))
    if faults:
        return None, faults
    known = not isinstance(lat, str) and lat is not None
    metres = int(accuracy) if isinstance(accuracy, float) else DEFAULT_ACCURACY_M if known else None
    return Draft(
        row=number,
        id=_text(row.get("id")) or None,
        name=name,
        kind=kind,
        village_code=_text(row.get("village_code")) or None,
        lat=lat if isinstance(lat, float) else None,
        lon=lon if isinstance(lon, float) else None,
        accuracy_m=metres,
        variants=variants,
        active=_text(row.get("active")).lower() not in ("0", "false", "no", "tidak"),
    ), []


def _placed(lat: object, lon: object) -> bool:
    return not (isinstance(lat, float) and isinstance(lon, float)) or in_indonesia(lat, lon)


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _number(value: object) -> float | Literal["bad"] | None:
    text = _text(value)
    if text == "":
        return None
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return "bad"


def _list(value: object) -> tuple[str, ...]:
    parts: Sequence[object] = value if isinstance(value, list) else _text(value).split("|")
    return tuple(dict.fromkeys(text for part in parts if (text := _text(part))))


def _twice(drafts: Sequence[Draft]) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for draft in drafts:
        key = draft.id or f"{draft.name.casefold()}|{draft.village_code}"
        if key in seen:
            first = seen[key]
            yield Fault(draft.row, "name", f"Sama dengan baris {first}.", f"The same as row {first}.")
        seen.setdefault(key, draft.row)
