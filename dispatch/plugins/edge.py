"""Dependencies of a plugin's routes: who asks, and a Workshop or a Working for them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel

from dispatch.actor import Actor
from dispatch.api import Command, fingerprint_of, signed_in
from dispatch.db import Transaction
from dispatch.errors import Forbidden, NotSignedIn
from dispatch.idempotency import LONGEST_KEY
from dispatch.plugins.boundary import CLOCK
from dispatch.plugins.contract import Plugin
from dispatch.plugins.host import PluginHost
from dispatch.plugins.work import Person, Reading, Working, Workshop
from dispatch.plugins.workroom import Bench, Worker, Workroom
from dispatch.words import Role


def permissions_of(plugin: Plugin, actor: Actor) -> frozenset[str]:
    """The plugin's permissions that the actor has, without the plugin's name in front; administrators have all."""
    declared = {one.name for one in plugin.permissions}
    if Role.ADMIN in actor.roles:
        return frozenset(declared)
    return frozenset(name for name in declared if f"{plugin.name}.{name}" in actor.grants)


def person_of(plugin: Plugin, actor: Actor) -> Person:
    return Person(id=actor.user_id or "", name=actor.name, permissions=permissions_of(plugin, actor))


def room_of(request: Request) -> Workroom:
    """Of the plugin whose application this is. Raises NotFound when it was switched off meanwhile."""
    host: PluginHost = request.app.state.plugin_host
    plugin: Plugin = request.app.plugin
    return host.room(plugin.name)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: the plugin sees the person, the log gets the actor."""

    person: Person
    actor: Actor


async def asker(request: Request) -> Asker:
    """Raises NotSignedIn."""
    actor = await signed_in(request)
    return Asker(person_of(room_of(request).plugin, actor), actor)


async def asker_or_nobody(request: Request) -> Asker | None:
    try:
        return await asker(request)
    except NotSignedIn:
        return None


async def _workshop(request: Request) -> Workshop:
    return room_of(request).bench()


InWorkshop = Annotated[Workshop, Depends(_workshop)]
"""For a route of a plugin that needs no person."""


def _allowed(permissions: tuple[str, ...]) -> Callable[..., Awaitable[Asker]]:
    async def check(who: Annotated[Asker, Depends(asker)]) -> Asker:
        if not who.person.permissions & set(permissions):
            raise Forbidden("You were not granted this.", permissions=list(permissions))
        return who

    return check


def requires(permission: str) -> Callable[..., Awaitable[Person]]:
    """A dependency that gives the signed-in person, who must have the plugin's permission."""

    async def check(who: Annotated[Asker, Depends(_allowed((permission,)))]) -> Person:
        return who.person

    return check


def InWork(permission: str) -> Any:
    """`work: Annotated[Working, InWork("edit")]`: a transaction for a person with the permission.

    It commits when the route has returned and before the answer is sent, so an answer never lies.
    """

    async def opened(
        request: Request, who: Annotated[Asker, Depends(_allowed((permission,)))]
    ) -> AsyncIterator[Working]:
        async with room_of(request).bench(who.person, who.actor).working() as work:
            yield work

    return Depends(opened, scope="function")


def InReading(permission: str) -> Any:
    """`reading: Annotated[Reading, InReading("view")]`: a read for a person with the permission."""

    async def opened(
        request: Request, who: Annotated[Asker, Depends(_allowed((permission,)))]
    ) -> AsyncIterator[Reading]:
        async with room_of(request).bench(who.person, who.actor).reading() as reading:
            yield reading

    return Depends(opened, scope="function")


class _OneCommand(Command):
    """A command whose transaction is the plugin's."""

    def __init__(self, bench: Bench, key: str | None, fingerprint: str, limit_s: float | None) -> None:
        super().__init__(bench.db, bench.actor, key, fingerprint)
        self._bench = bench
        self._limit_s = limit_s
        self.work: Worker | None = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        async with self._bench.working(self._limit_s) as work:
            self.work = work
            with work.guard.lifted():
                yield work.transaction


class PageCommand:
    """One change asked for by one person at a page: one transaction, and one effect however often it is sent."""

    def __init__(self, request: Request, bench: Bench, person: Person, key: str | None, fingerprint: str) -> None:
        self.person = person
        self._request = request
        self._bench = bench
        self._key = key
        self._fingerprint = fingerprint

    def reading(self) -> AbstractAsyncContextManager[Reading]:
        return self._bench.reading()

    async def run(
        self,
        act: Callable[[Working], Awaitable[BaseModel | None]],
        status: int = 200,
        *,
        limit_s: float | None = None,
    ) -> Response:
        """Do `act` in one transaction of at most `limit_s` and answer with what it returns (204 for None)."""
        clock = self._request.scope.get(CLOCK)
        if limit_s is not None and clock is not None:
            clock.extend(limit_s)
        command = _OneCommand(self._bench, self._key, self._fingerprint, limit_s)

        async def in_bounds(_tx: Transaction) -> BaseModel | None:
            work = command.work
            assert work is not None
            with work.guard.enforced():
                answer = await act(work)
                await work.session.flush()
            return answer

        return await command.run(in_bounds, status)


class Pages:
    """What dispatch.plugins.pages.edge.PageHost asks for."""

    def reads(self, *permissions: str) -> Callable[..., Awaitable[Bench]]:
        """A dependency: the asker's reads. No permission named: open to everybody."""

        async def for_all(request: Request, who: Annotated[Asker | None, Depends(asker_or_nobody)]) -> Bench:
            return room_of(request).bench(who.person, who.actor) if who else room_of(request).bench()

        async def for_some(request: Request, who: Annotated[Asker, Depends(_allowed(permissions))]) -> Bench:
            return room_of(request).bench(who.person, who.actor)

        return for_some if permissions else for_all

    def commands(self, *permissions: str) -> Callable[..., Awaitable[PageCommand]]:
        """A dependency: one change by a person with one of the permissions."""

        async def command(
            request: Request,
            who: Annotated[Asker, Depends(_allowed(permissions))],
            idempotency_key: Annotated[str | None, Header(max_length=LONGEST_KEY)] = None,
        ) -> PageCommand:
            bench = room_of(request).bench(who.person, who.actor)
            return PageCommand(request, bench, who.person, idempotency_key, await fingerprint_of(request))

        return command
