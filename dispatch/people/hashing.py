"""Password hashing in a small pool of threads: argon2id takes 64 MiB and tens of milliseconds each."""

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from dispatch.errors import Unavailable

HASHERS = 2
"""Threads that hash: argon2id takes 64 MiB each, and the cores are wanted by the calls."""

MOST_WAITING = 32
"""Sign-ins that may wait for a hasher: about 2 s of work; more are told to try again."""

NO_PASSWORD = "!"
"""Stored where no password ever fits (demo accounts)."""

Result = TypeVar("Result")


class Hashing:
    """argon2id (RFC 9106, second recommended option) in a bounded pool of threads."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._pool = ThreadPoolExecutor(HASHERS, thread_name_prefix="argon2")
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """The encoded hash. Raises Unavailable when too many wait."""
        return await self._in_pool(lambda: self._hasher.hash(password))

    async def fits(self, stored: str | None, password: str) -> bool:
        """Whether the password is right; takes the same time where there is no hash to compare with."""
        return await self._in_pool(lambda: self._fits(stored, password))

    def _fits(self, stored: str | None, password: str) -> bool:
        known = stored is not None and stored != NO_PASSWORD
        decoy = _decoy(self._hasher)
        try:
            self._hasher.verify(stored if stored is not None and known else decoy, password)
        except (VerificationError, InvalidHashError):
            return False
        return known

    async def _in_pool(self, work: Callable[[], Result]) -> Result:
        if self._waiting >= MOST_WAITING:
            raise Unavailable("Too many people sign in at once; try again in a moment.", part="sign-in")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._waiting -= 1


@cache
def _decoy(hasher: PasswordHasher) -> str:
    return hasher.hash(secrets.token_urlsafe(16))


hashing = Hashing()
