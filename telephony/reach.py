"""Whom the centre may have a PBX call: a list of what is allowed, never of what is not.

The core holds a request to it, and the adapter once more whatever the core says: a mistake or an intruder in one
must not dial through the other.
"""

import re
from dataclasses import dataclass

DESKS = r"(?!11\d$|12[39]$)[1-9]\d{2,4}"
"""Internal numbers of three to five digits that are no emergency service of Indonesia (110 to 119, 123, 129)."""

CALLBACKS = r"(?:\+62|0)(?!809)[1-9]\d{6,12}"
"""National numbers but 0809, which costs by the minute: somebody may leave such a number only to be called back."""

_DIALLABLE = re.compile(r"\+?\d{2,20}", re.ASCII)
"""What goes into a dialplan as an extension, whatever else allows it: no letter, no '&', no '$'."""


class NotAllowed(ValueError):
    """The number may not be called; the text says why."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Patterns match whole numbers (ASCII digits)."""

    desks: str = DESKS
    directory: frozenset[str] = frozenset()
    """Numbers of agencies, neighbouring centres and interpreters."""
    callbacks: str = CALLBACKS

    def is_desk(self, number: str) -> bool:
        return number not in self.directory and re.fullmatch(self.desks, number, re.ASCII) is not None

    def desk(self, number: str) -> str:
        """`number`, when it is a desk of the centre. Raises NotAllowed."""
        return self._checked(number, self.is_desk(number), "is no desk of the centre")

    def party(self, number: str) -> str:
        """`number`, when a caller may be handed to it or it may join a call. Raises NotAllowed."""
        known = number in self.directory or self.is_desk(number)
        return self._checked(number, known, "is neither in the directory nor a desk of the centre")

    def citizen(self, number: str) -> str:
        """`number`, when whoever called from it may be called back. Raises NotAllowed."""
        allowed = re.fullmatch(self.callbacks, number, re.ASCII) is not None
        return self._checked(number, allowed, "may not be called back")

    def _checked(self, number: str, allowed: bool, why: str) -> str:
        if not allowed or _DIALLABLE.fullmatch(number) is None:
            shown = "".join(letter if letter.isprintable() else "?" for letter in number[:32])
            raise NotAllowed(f"{shown or 'nothing'} {why}")
        return number
