"""Rules of names, passwords and lock-out: pure."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from dispatch.errors import Invalid
from dispatch.words import Role

SHORTEST_PASSWORD = 10
"""Characters; NIST SP 800-63B-4 asks for 8 at least besides a second factor, the desks have none yet."""

LONGEST_PASSWORD = 200
"""Characters; bounds what an unknown client can have us hash."""

LONGEST_USERNAME = 64

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")
_PUBLIC_NAME = re.compile(r"([a-z0-9_-]+\.)+([a-z]{2,}|xn--[a-z0-9-]+)")
_PERMISSION = re.compile(r"[a-z][a-z0-9_]{1,31}\.[a-z][a-z0-9_-]{0,39}")
_EXTENSION = re.compile(r"[0-9A-Za-z_*#+-]{1,32}")

INNER_NAMES = (".local", ".internal", ".localhost", ".lan")
"""Endings of names that lead into our own network, where no push service is."""

FACES = (
    (Role.RESPONDER, "responder"),
    (Role.CALL_TAKER, "console"),
    (Role.DISPATCHER, "console"),
    (Role.SUPERVISOR, "supervisor"),
    (Role.ADMIN, "admin"),
    (Role.OFFICER, "admin"),
)
"""Which screen a role works at, the most specific first."""

DEMO_ORDER = (Role.CALL_TAKER, Role.DISPATCHER, Role.SUPERVISOR, Role.ADMIN, Role.OFFICER, Role.RESPONDER)
"""In which the demo offers its parts: along the way of a call, the many crews last."""

_NUMBER = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Failures:
    """Wrong passwords given in a row for one name, and until when it is locked."""

    attempts: int = 0
    locked_until: datetime | None = None


def normal_username(username: str) -> str:
    """One spelling of a name: compatibility forms and case folded (RFC 8265 'UsernameCaseMapped')."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


def check_username(username: str) -> str:
    """The normal form. Raises Invalid."""
    name = normal_username(username)
    if not _USERNAME.fullmatch(name):
        raise Invalid(
            "A user name has 2 to 64 letters a-z, digits, dots, hyphens or underscores.",
            field="username",
        )
    return name


def check_password(password: str, username: str) -> None:
    """Raises Invalid when it is too short, too long or holds the name."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Invalid(
            f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.",
            field="password",
        )
    if normal_username(username) in password.casefold():
        raise Invalid("A password must not contain the user name.", field="password")


def check_extension(extension: str | None) -> str | None:
    """A desk's extension as a PBX names it, or None for no desk. Raises Invalid."""
    if extension is not None and not _EXTENSION.fullmatch(extension):
        raise Invalid("A desk is 1 to 32 letters, digits or _ * # + -.", field="extension")
    return extension


def check_push_endpoint(endpoint: str) -> str:
    """A push service's address: https at a public name, since the centre itself will call it. Raises Invalid."""
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    host = (parts.hostname or "").rstrip(".")
    public = _PUBLIC_NAME.fullmatch(host) and not host.endswith(INNER_NAMES)
    if parts.scheme != "https" or not public or port not in (None, 443) or parts.username is not None:
        raise Invalid("This is not the address of a push service.", field="endpoint")
    return endpoint


def check_permission(permission: str) -> str:
    """A plugin's permission as it is granted, `<plugin>.<permission>`. Raises Invalid."""
    if not _PERMISSION.fullmatch(permission):
        raise Invalid(f"'{permission}' is not a permission: write <module>.<permission>.", field="grants")
    return permission


def locked(failures: Failures, now: datetime) -> bool:
    return failures.locked_until is not None and now < failures.locked_until


def after_failure(failures: Failures, now: datetime, *, limit: int, lock_minutes: float) -> Failures:
    """One more wrong password: at the `limit`-th in a row the name is locked; a lock that is over counts anew."""
    before = 0 if failures.locked_until is not None else failures.attempts
    if before + 1 < limit:
        return Failures(before + 1, None)
    return Failures(before + 1, now + timedelta(minutes=lock_minutes))


def face(roles: Iterable[Role]) -> str:
    """The screen at which somebody with these roles begins: responder, console, supervisor or admin."""
    held = set(roles)
    return next((name for role, name in FACES if role in held), "console")


def demo_order(roles: Iterable[Role], username: str) -> tuple[int, tuple[tuple[int, str], ...]]:
    """Sorts demo accounts by their part, then by name with numbers as people count: kru-2 before kru-10."""
    held = set(roles)
    part = next((at for at, role in enumerate(DEMO_ORDER) if role in held), len(DEMO_ORDER))
    pieces = _NUMBER.split(username)
    return part, tuple((int(piece), "") if at % 2 else (0, piece) for at, piece in enumerate(pieces))
