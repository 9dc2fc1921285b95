"""Where a plugin's functions work: reads and transactions on the centre's database, bounded in time and number.

The bounds are there for dispatch: whatever a plugin does, calls and offers get their connections and, on the embedded
database, its one writer.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.actor import SYSTEM, Actor
from dispatch.centre import Centre
from dispatch.db import Database, Transaction
from dispatch.errors import Forbidden, Unavailable
from dispatch.events import PLUGINS, PluginEmitted
from dispatch.incidents import service as incidents
from dispatch.places.entries import VILLAGE_KINDS
from dispatch.plugins.contract import Plugin
from dispatch.plugins.guard import Guard
from dispatch.plugins.work import Emergency, Person, Village
from dispatch.views import Place, Point

AT_ONCE = 2
"""Reads and transactions of one plugin at the same time: five plugins then hold at most a third of the pools."""

BUDGET_WAIT_S = 3.0
"""Longest wait for one of them, before the request is told to come again."""

READ_S = 5.0
WORK_S = 5.0
WORK_SQLITE_S = 2.0
"""Of a transaction on the embedded database: it holds the one writer, for which calls and offers wait meanwhile."""

LONG_SQLITE_S = 5.0
"""Longest that a page may ask for there (an import): calls that arrive meanwhile are kept in the adapter's spool."""

EMERGENCY_TYPE = "lain-lain"
"""What is handed over is triaged by a call-taker: until then it is of the general type."""

MOST_EVENT_FIELDS = 40


class OverTime(Exception):
    """A plugin's function took longer than it may."""


class Exited(Exception):
    """A plugin's function tried to end the process."""


class Reader:
    """A Reading: a read-only view of one moment."""

    def __init__(self, room: "Workroom", session: AsyncSession, now: datetime, person: Person | None) -> None:
        self._room = room
        self.session = session
        self.now = now
        self.person = person

    @property
    def settings(self) -> Any:
        return self._room.settings

    async def villages(self) -> Sequence[Village]:
        """All villages of the centre, by district and name."""
        entries = (entry for entry in self._room.centre.gazetteer.entries if entry.kind in VILLAGE_KINDS)
        villages = [
            Village(
                code=entry.village_code or entry.id, name=entry.name, district=entry.kecamatan or "", point=entry.point
            )
            for entry in entries
        ]
        return sorted(villages, key=lambda village: (village.district, village.name))


class Worker(Reader):
    """A Working: a transaction."""

    def __init__(self, room: "Workroom", tx: Transaction, guard: Guard, person: Person | None) -> None:
        super().__init__(room, tx.session, tx.now, person)
        self.transaction = tx
        """For the centre's own pages; a plugin's functions do not know it."""
        self.guard = guard

    def emit(self, event: str, data: Mapping[str, Any]) -> None:
        """Record one of the plugin's declared events. Raises ValueError for any other, or data that is no JSON."""
        plugin = self._room.plugin
        if event not in plugin.emits:
            raise ValueError(f"{plugin.name} does not declare that it emits '{event}'")
        if len(data) > MOST_EVENT_FIELDS:
            raise ValueError(f"an event has at most {MOST_EVENT_FIELDS} values")
        self.transaction.record(PluginEmitted(plugin=plugin.name, name=event, data=dict(data)), topics=(PLUGINS,))

    async def report_emergency(self, emergency: Emergency) -> str:
        """Open an incident within this transaction and return its number. Raises Forbidden without a person."""
        if self.person is None:
            raise Forbidden("Only a person hands something over to 112.")
        point = emergency.point
        report = incidents.Report(
            type=EMERGENCY_TYPE,
            narrative=emergency.narrative,
            place=Place(
                text=emergency.place[:300],
                point=Point(lat=point[0], lon=point[1]) if point is not None else None,
                source="device" if point is not None else "caller",
            ),
            reporting_party=emergency.reporting_party,
            reporting_number=emergency.reporting_number,
            confirm_outside=True,
        )
        centre = self._room.centre
        await self.session.flush()
        with self.guard.lifted():
            opened = await incidents.open_incident(
                self.transaction,
                centre.protocols,
                centre.gazetteer,
                report,
                undispatched_after_s=centre.settings.undispatched_after_s,
            )
            await self.session.flush()
        return opened.number


class Bench:
    """A Workshop: opens reads and transactions for one asker, or for nobody (a job, a listener, the public)."""

    def __init__(self, room: "Workroom", person: Person | None = None, actor: Actor = SYSTEM) -> None:
        self._room = room
        self.person = person
        self.actor = actor

    @property
    def db(self) -> Database:
        return self._room.centre.db

    @property
    def now(self) -> datetime:
        return self.db.clock()

    @property
    def settings(self) -> Any:
        return self._room.settings

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Reader]:
        """Raises Unavailable (too many at once, no database), OverTime."""
        room = self._room
        async with room.budget(), self.db.reading() as session:
            connection = await session.connection()
            guard = Guard(room.plugin.name, connection, writes=False)
            async with bounded(READ_S, "A read"):
                yield Reader(room, session, self.now, self.person)
            guard.end()

    @asynccontextmanager
    async def working(self, limit_s: float | None = None, *, starting: bool = False) -> AsyncIterator[Worker]:
        """Commits when its block ends without an error. Raises Unavailable, OverTime.

        `starting`: no call is taken yet, so nobody waits for the writer and `limit_s` is given as it is asked for.
        """
        room = self._room
        bound_s = limit_s if starting and limit_s is not None else room.work_limit_s(limit_s)
        async with room.budget():
            async with self.db.transaction(self.actor) as tx:
                connection = await tx.session.connection()
                guard = Guard(room.plugin.name, connection, writes=True)
                async with bounded(bound_s, "A transaction"):
                    yield Worker(room, tx, guard, self.person)
                    await tx.session.flush()
                guard.end()
            if guard.wrote:
                room.rows_changed.set()


class Workroom:
    """One running plugin's share of the centre."""

    def __init__(self, plugin: Plugin, centre: Centre, settings: BaseModel) -> None:
        self.plugin = plugin
        self.centre = centre
        self.settings = settings
        self.rows_changed = asyncio.Event()
        """Set after each commit that changed the plugin's rows."""
        self._slots = asyncio.Semaphore(AT_ONCE)

    def bench(self, person: Person | None = None, actor: Actor = SYSTEM) -> Bench:
        return Bench(self, person, actor)

    def work_limit_s(self, asked_s: float | None) -> float:
        """How long a transaction may last: what was asked for, as far as dispatch can bear it."""
        if self.centre.db.is_sqlite:
            return WORK_SQLITE_S if asked_s is None else min(asked_s, LONG_SQLITE_S)
        return WORK_S if asked_s is None else asked_s

    @asynccontextmanager
    async def budget(self) -> AsyncIterator[None]:
        """One of the plugin's slots at the database. Raises Unavailable."""
        try:
            async with asyncio.timeout(BUDGET_WAIT_S):
                await self._slots.acquire()
        except TimeoutError:
            raise Unavailable("This module is busy; try again in a moment.", part=self.plugin.name) from None
        try:
            yield
        finally:
            self._slots.release()


@asynccontextmanager
async def bounded(limit_s: float, what: str) -> AsyncIterator[None]:
    """Raises OverTime when the block takes longer, Exited where it would end the process (`sys.exit`)."""
    try:
        async with asyncio.timeout(limit_s) as limit:
            yield
    except TimeoutError as error:
        if limit.expired():
            raise OverTime(f"{what} took longer than {limit_s:g} s.") from error
        raise
    except SystemExit as error:
        raise Exited(f"{what} raised SystemExit: {error}") from error
