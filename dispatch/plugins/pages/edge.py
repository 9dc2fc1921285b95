"""What the pages need of the host: who asks, and a read or a transaction of the plugin's own."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from fastapi import Response
from pydantic import BaseModel

from dispatch.plugins.work import Person, Reading, Working

IMPORT_LIMIT_S = 60.0
"""A file of 20,000 rows is stored as a whole; other transactions of a plugin keep the host's own, shorter limit."""

PageAct = Callable[[Working], Awaitable[BaseModel | None]]


class PageRead(Protocol):
    """Of one request that changes nothing."""

    @property
    def person(self) -> Person | None: ...

    def reading(self) -> AbstractAsyncContextManager[Reading]:
        """A read-only view of one moment, bounded in time."""


class PageCommand(Protocol):
    """Of one request that changes something: origin checked, its Idempotency-Key read."""

    @property
    def person(self) -> Person: ...

    def reading(self) -> AbstractAsyncContextManager[Reading]: ...

    async def run(self, act: PageAct, status: int = 200, *, limit_s: float | None = None) -> Response:
        """Do `act` in one transaction and answer with what it returns (204 for None); once for each key.

        `limit_s` instead of the host's own bound. SiagaError and Refused pass through to the caller unchanged.
        """


class PageHost(Protocol):
    """Makes the dependencies of one plugin's routes. A person needs one of the permissions named (administrators
    have all); both raise NotSignedIn and Forbidden."""

    def reads(self, *permissions: str) -> Callable[..., Awaitable[PageRead]]:
        """No permission named: open to everybody, also without an account."""

    def commands(self, *permissions: str) -> Callable[..., Awaitable[PageCommand]]: ...
