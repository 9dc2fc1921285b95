"""Rules for single numbers: diverted to an 'is it real?' question and a low-priority queue or, last, blocked. Pure.

Hard to make, easy to end: a supervisor's alone, with a reason and an end, and a block only after a diversion did not
help and while nothing real came from the number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import phonenumbers

from dispatch.calls.reputation import Past, is_real
from dispatch.calls.rules import normal_number
from dispatch.errors import Conflict, Invalid

Kind = Literal["divert", "block"]

SHORTEST_REASON = 10
"""Characters: a sentence that a later reader understands."""

SHORTEST = timedelta(minutes=15)

TRIED_WITHIN = timedelta(days=30)
"""A diversion that was tried longer ago says nothing of today."""

REAL_WITHIN = timedelta(days=90)
"""A number from which something real came within this time is never blocked."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A rule of the number that is or was."""

    kind: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Limits:
    divert_most: timedelta
    block_most: timedelta


def checked_number(given: str) -> str:
    """E.164. Raises Invalid: a rule needs a number that can be compared, so never one that was withheld."""
    number = normal_number(given)
    if number is None or not number.startswith("+") or not number[1:].isdecimal():
        raise Invalid("Give the number in full, as +62… or 08…: callers without a number have no rule.", field="number")
    return number


def check(kind: Kind, reason: str, lasts: timedelta, limits: Limits) -> None:
    """Raises Invalid when the reason or the time will not do."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise Invalid("Say why, in a sentence that a later reader understands.", field="reason")
    most = limits.divert_most if kind == "divert" else limits.block_most
    if not SHORTEST <= lasts <= most:
        hours = round(most.total_seconds() / 3600)
        raise Invalid(f"The rule ends by itself after 15 minutes to {hours} hours.", field="hours", most_h=hours)


def check_block(past: Sequence[Past], earlier: Sequence[Earlier], now: datetime) -> None:
    """Raises Conflict unless blocking is the last resort."""
    if any(is_real(one) and now - one.at <= REAL_WITHIN for one in past):
        raise Conflict("Something real came from this number: it cannot be blocked.", reason="real_before")
    if not any(rule.kind == "divert" and now - rule.made_at <= TRIED_WITHIN for rule in earlier):
        raise Conflict("Divert the number first; block it only when that did not help.", reason="divert_first")


def spellings(number: str) -> tuple[str, ...]:
    """A number as trunks may write it: +62812…, 62812…, 0812…, and for numbers abroad with 00."""
    bare = number.removeprefix("+")
    parsed = phonenumbers.parse(number, None)
    if parsed.country_code == 62:
        return (number, bare, f"0{phonenumbers.national_significant_number(parsed)}")
    return (number, bare, f"00{bare}")
