"""Reading single values out of AMI messages: whatever comes in, what goes on is fit for a fact."""

import re
from datetime import UTC, datetime

from telephony.facts import MAX_TEXT
from telephony.wire import AmiMessage

_NO_NUMBER = frozenset({"", "unknown", "<unknown>", "s", "asterisk"})
"""What Asterisk and gateways write where the network gave no number."""
_WITHHELD = frozenset({"anonymous", "<anonymous>", "restricted", "private", "withheld", "unavailable"})
"""What they write where the caller asked not to be shown."""
_TIMESTAMP = re.compile(r"\d{1,11}(\.\d{1,9})?", re.ASCII)
_EPOCH = re.compile(r"\d{1,11}", re.ASCII)
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)


def text(message: AmiMessage, key: str) -> str:
    """The value of `key` fit for a fact's text: '' when missing, at most MAX_TEXT characters, all of them printable.

    A control character or a half surrogate, which no database takes, becomes a blank.
    """
    return printable(message.get(key))


def printable(value: str) -> str:
    value = value[:MAX_TEXT]
    if not value.isprintable():
        value = "".join(char if char.isprintable() else " " for char in value)
    return value.strip()


def stamp(message: AmiMessage) -> datetime | None:
    """The PBX's own time of `message` in UTC; None when it gave none (timestampevents = no) or no sensible one."""
    stamp = message.get("Timestamp")
    return datetime.fromtimestamp(float(stamp), UTC) if _TIMESTAMP.fullmatch(stamp) else None


def at(message: AmiMessage, now: datetime) -> datetime:
    """The PBX's own time of `message`, else `now`."""
    return stamp(message) or now


def whole(message: AmiMessage, key: str) -> int | None:
    value = message.get(key)
    return int(value) if _WHOLE.fullmatch(value) else None


def epoch(message: AmiMessage, key: str) -> datetime | None:
    """`key` as seconds since 1970, in UTC; None for 0, which is how the PBX writes 'never'."""
    value = message.get(key)
    whole_s = int(value) if _EPOCH.fullmatch(value) else 0
    return datetime.fromtimestamp(whole_s, UTC) if whole_s else None


def seconds(message: AmiMessage, key: str, unit_s: float = 1.0) -> float | None:
    """`key` as seconds when it counts in units of `unit_s`."""
    count = whole(message, key)
    return None if count is None else count * unit_s


def number(value: str) -> tuple[str | None, bool]:
    """A caller id as (number or None, withheld)."""
    number = printable(value)
    if number.lower() in _WITHHELD:
        return None, True
    return (None if number.lower() in _NO_NUMBER else number), False


def name(value: str) -> str | None:
    """A caller's name, or None where there is none to show."""
    found, _ = number(value)
    return found
