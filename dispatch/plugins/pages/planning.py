"""A file against a resource: which columns mean which fields, what is wrong, what is new, changed or the same. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dispatch.plugins.contract import Resource
from dispatch.plugins.fields import Fault, Field, Text
from dispatch.plugins.pages import images
from dispatch.plugins.pages.checking import Known, check, folded
from dispatch.plugins.pages.reading_files import Sheet
from dispatch.plugins.pages.templates import example_row, typed_fields
from dispatch.plugins.pages.wire import put, value_of

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One checked line of the file."""

    number: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CheckedFile:
    columns: tuple[Field | None, ...]
    """None: the column means no field and is left out."""
    lines: tuple[Line, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """What to write: JSON for each line that is new (id None) or changed."""

    steps: tuple[dict[str, Any], ...]
    new: int
    changed: int
    same: int
    faults: tuple[Fault, ...]


def check_file(resource: Resource, sheet: Sheet, known: Known) -> CheckedFile:
    """Every cell by its field. Takes seconds for many lines, so call it in a thread."""
    columns = columns_of(resource, sheet.heading)
    faults = list(_heading_faults(resource, sheet.heading, columns))
    fields = [one for one in columns if one is not None]
    lines: list[Line] = []
    if not faults:
        sample = _sample_of(resource)
        for number, cells in sheet.lines:
            given = {one.name: cell for one, cell in zip(columns, cells, strict=False) if one is not None}
            if sample and {name: str(cell or "") for name, cell in given.items()} == {n: sample[n] for n in given}:
                continue  # the template's own example, which people forget to remove
            checked = check(fields, given, known, row=number)
            faults += checked.faults
            if not checked.faults:
                lines.append(Line(number, checked.values))
        faults += doubled(resource, lines)
    return CheckedFile(columns, tuple(lines), tuple(faults))


def columns_of(resource: Resource, heading: Sequence[str]) -> tuple[Field | None, ...]:
    """The field that each heading names: by label in either language, with or without unit, or by name."""
    names: dict[str, Field] = {}
    for one in typed_fields(resource):
        units = one.unit or Text("", "")
        for label, unit in ((one.name, ""), (one.label.id, units.id), (one.label.en, units.en)):
            names.setdefault(folded(label), one)
            names.setdefault(folded(f"{label} ({unit})"), one)
    return tuple(names.get(folded(text)) for text in heading)


def key_of(resource: Resource, values: Mapping[str, Any]) -> Key | None:
    """What makes the row the same one, letters in any case; None where a part is empty."""
    parts = [values.get(name) for name in resource.key]
    if not parts or any(part is None for part in parts):
        return None
    return tuple(part.casefold() if isinstance(part, str) else part for part in parts)


def key_of_row(resource: Resource, row: Any) -> Key | None:
    fields = {one.name: one for one in resource.fields}
    return key_of(resource, {name: value_of(row, fields[name]) for name in resource.key})


def doubled(resource: Resource, lines: Iterable[Line]) -> list[Fault]:
    """Lines that mean a row which an earlier line means too."""
    first: dict[Key, int] = {}
    faults = []
    for line in lines:
        key = key_of(resource, line.values)
        if key is None:
            continue
        if key in first:
            text = Text(f"Baris ini sama dengan baris {first[key]}.", f"This line means the same as line {first[key]}.")
            faults.append(Fault(resource.key[0], text, line.number))
        first.setdefault(key, line.number)
    return faults


def plan(resource: Resource, checked: CheckedFile, rows: Mapping[Key, Any]) -> Planned:
    """Compare with the rows that are there (by key) and ask the plugin's rules. Takes seconds for many lines."""
    steps: list[dict[str, Any]] = []
    faults: list[Fault] = []
    counts = {"new": 0, "changed": 0, "same": 0}
    for line in checked.lines:
        key = key_of(resource, line.values)
        row = rows.get(key) if key is not None else None
        have = {one.name: value_of(row, one) for one in resource.fields} if row is not None else {}
        if resource.check is not None:
            faults += [replace(fault, row=line.number) for fault in resource.check({**have, **line.values})]
        kind = "new" if row is None else "changed" if _differs(resource, row, line.values) else "same"
        counts[kind] += 1
        if kind != "same":
            steps.append(_step(line, row))
    return Planned(tuple(steps), counts["new"], counts["changed"], counts["same"], tuple(faults))


def _differs(resource: Resource, row: Any, values: Mapping[str, Any]) -> bool:
    """As the row would be stored: an empty text is no change of ''."""
    blank = resource.row()
    fields = [one for one in resource.fields if one.name in values]
    for one in fields:
        put(blank, one, values[one.name])
    return any(value_of(blank, one) != value_of(row, one) for one in fields)


def _step(line: Line, row: Any) -> dict[str, Any]:
    return {
        "line": line.number,
        "id": None if row is None else row.id,
        "version": None if row is None else row.version,
        "values": {name: images.written(value) for name, value in line.values.items()},
    }


def _heading_faults(resource: Resource, heading: Sequence[str], columns: Sequence[Field | None]) -> Iterable[Fault]:
    present = [one.name for one in columns if one is not None]
    for one in typed_fields(resource):
        label = one.label
        if present.count(one.name) > 1:
            yield Fault(
                one.name,
                Text(f"Kolom {label.id} ada lebih dari sekali.", f"The column {label.en} is there more than once."),
                1,
            )
        if one.name not in present and (one.required or one.name in resource.key):
            yield Fault(one.name, Text(f"Kolom {label.id} tidak ada.", f"The column {label.en} is missing."), 1)
    if not present:
        shown = ", ".join(text for text in heading if text)[:100]
        yield Fault(
            "",
            Text(f"Tidak ada kolom yang dikenal di: {shown}.", f"No column is known of: {shown}."),
            1,
        )


def _sample_of(resource: Resource) -> dict[str, str]:
    """The template's example by field; empty where it is too bare to be told from a real row."""
    sample = example_row(resource)
    return sample if sum(1 for text in sample.values() if text) > 1 else {}
