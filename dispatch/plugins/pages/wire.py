"""A row's values between its columns, the checker's values and JSON. Pure but for reading loaded attributes."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any

from dispatch.plugins.contract import Resource
from dispatch.plugins.fields import Field, Kind
from dispatch.plugins.pages.numbers import write_decimal

_TEXTS = (Kind.TEXT, Kind.LONG_TEXT, Kind.PHONE, Kind.LINK, Kind.PHOTO)

_PLAIN = re.compile(r"-?\d{1,20}(\.\d{1,20})?", re.ASCII)


def value_of(row: Any, one: Field) -> Any:
    """The field's value as the checker gives it; an empty text is None."""
    if one.kind is Kind.POINT:
        lat, lon = getattr(row, f"{one.name}_lat"), getattr(row, f"{one.name}_lon")
        return None if lat is None or lon is None else (lat, lon)
    value = getattr(row, one.name)
    return None if value == "" else value


def values_of(row: Any, resource: Resource) -> dict[str, Any]:
    """Of all its fields."""
    return {one.name: value_of(row, one) for one in resource.fields}


def put(row: Any, one: Field, value: Any) -> None:
    """Set the field's columns. What is empty becomes the column's default, '' or False where it cannot be null."""
    if one.kind is Kind.POINT:
        lat, lon = value or (None, None)
        setattr(row, f"{one.name}_lat", lat)
        setattr(row, f"{one.name}_lon", lon)
        return
    setattr(row, one.name, _blank(row, one) if value is None else value)


def _blank(row: Any, one: Field) -> Any:
    column = type(row).__mapper__.columns[one.name]
    if column.nullable:
        return None
    if column.default is not None and column.default.is_scalar:
        return column.default.arg
    if one.kind is Kind.BOOLEAN:
        return False
    return "" if one.kind in _TEXTS else None


def sent(value: Any) -> Any:
    """A value as JSON says it."""
    if isinstance(value, Decimal):
        return write_decimal(value)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M") if value.second == 0 else value.isoformat()
    if isinstance(value, tuple):
        lat, lon = value
        return {"lat": lat, "lon": lon}
    return value.value if isinstance(value, Enum) else value


def received(fields: Sequence[Field], given: Mapping[str, Any]) -> dict[str, Any]:
    """A request's values: there a decimal's text has a dot and no thousands, so '2.750' is not ambiguous."""
    decimals = {one.name for one in fields if one.kind is Kind.DECIMAL}
    return {
        name: Decimal(raw) if name in decimals and isinstance(raw, str) and _PLAIN.fullmatch(raw) else raw
        for name, raw in given.items()
    }


def sent_all(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: sent(value) for name, value in values.items()}


def field_of(resource: Resource, name: str) -> Field:
    """Raises KeyError: the plugin's check finds such a name before it runs."""
    for one in resource.fields:
        if one.name == name:
            return one
    raise KeyError(name)
