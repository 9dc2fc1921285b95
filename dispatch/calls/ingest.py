"""Takes in the telephony adapter's facts, exactly once and in order.

The hot path. Whatever waits goes into one transaction (group commit lifts 16 writers tenfold): the facts' identities,
the calls they change and the events are written together, in a handful of statements however many facts there are.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from dispatch import events
from dispatch.calls import rules, service
from dispatch.calls.commands import PbxCommands
from dispatch.calls.model import FactRow
from dispatch.db import Database, Transaction
from dispatch.errors import Invalid, Unavailable
from dispatch.ids import new_id
from dispatch.incidents import alarms
from dispatch.people import service as people
from dispatch.settings import Settings
from dispatch.timers import Handler, TimerRow
from dispatch.upsert import insert_new, insert_new_keys
from dispatch.views import AgentView, CallView, Changed
from dispatch.wake import Wake
from dispatch.words import AlarmKind
from telephony import facts
from telephony.facts import Envelope, PbxCommand, PbxHealth

MOST_AT_ONCE = 500
"""Facts in one transaction: some 20 ms of work, so that a backlog never holds the log's head long."""

TRIES = 3
"""Of a transaction that lost a race for a call's row with another worker; the second sees the winner's row."""

LARGEST_N = 2**31 - 1
"""Of an envelope: the column's range."""

COMMAND_WAIT_S = 5.0
"""Longest wait of one request for commands; the adapter asks again."""

UNANSWERED = "call.unanswered"
"""Kind of the timer that runs while a call waits."""

UNANSWERED_LEVEL = 2
"""Beyond the call-takers, who have not answered."""

Key = tuple[str, str]
"""(pbx, linkedid), or (pbx, desk)."""

Report = Callable[[str, bool, str], None]
"""Told a part's name, whether it works, and details for the screen."""


@dataclass(frozen=True, slots=True)
class Taken:
    """How many facts of a batch were new, and how many had been committed before."""

    committed: int
    seen: int


@dataclass(slots=True, eq=False)
class _Batch:
    envelopes: Sequence[Envelope]
    taken: Taken | None = None


class Ingest:
    """The core as the telephony adapter sees it."""

    def __init__(self, db: Database, wake: Wake, settings: Settings, report: Report) -> None:
        self._db = db
        self._settings = settings
        self._report = report
        self._commands = PbxCommands(db, wake)
        self._turn = asyncio.Lock()
        self._waiting: list[_Batch] = []

    async def ingest(self, envelopes: list[Envelope]) -> None:
        """Commit these facts; when it returns they may leave the spool. Raises Unavailable: keep them, try again."""
        await self.take(envelopes)

    async def health(self, health: PbxHealth) -> None:
        """Tell the screens how the PBX's connection is."""
        detail = rules.clean(health.detail)
        if health.spooled:
            detail = f"{detail}; {health.spooled} facts wait".removeprefix("; ")
        self._report(f"pbx:{rules.clean_key(health.pbx)}", health.connected, detail)

    async def commands(self, pbx: str, wait_s: float = COMMAND_WAIT_S) -> list[PbxCommand]:
        """What the PBX is to do now; waits up to `wait_s` for the first."""
        return await self._commands.hand_out(pbx, wait_s)

    async def take(self, envelopes: Sequence[Envelope]) -> Taken:
        """As `ingest`, and says how many were new. Raises Invalid, Unavailable."""
        if not envelopes:
            return Taken(0, 0)
        if any(not 0 <= envelope.n <= LARGEST_N for envelope in envelopes):
            raise Invalid(f"n counts from 1 to {LARGEST_N}.", field="n")
        mine = _Batch(envelopes)
        self._waiting.append(mine)
        try:
            async with self._turn:
                while mine.taken is None:
                    await self._commit(self._next_group())
        finally:
            if mine in self._waiting:
                self._waiting.remove(mine)
        return mine.taken

    def _next_group(self) -> list[_Batch]:
        """The oldest batches that wait, as many as fit into one transaction, at least one."""
        count, size = 0, 0
        for batch in self._waiting:
            size += len(batch.envelopes)
            if count and size > MOST_AT_ONCE:
                break
            count += 1
        return self._waiting[:count]

    async def _commit(self, group: list[_Batch]) -> None:
        """Batches stay in line until they are committed: whoever fails or is cancelled leaves the others theirs."""
        fresh = await self._with_retries([envelope for batch in group for envelope in batch.envelopes])
        offset = 0
        for batch in group:
            size = len(batch.envelopes)
            new = sum(index in fresh for index in range(offset, offset + size))
            batch.taken = Taken(new, size - new)
            self._waiting.remove(batch)
            offset += size

    async def _with_retries(self, envelopes: Sequence[Envelope]) -> set[int]:
        for _ in range(TRIES):
            try:
                return await self._in_one_transaction(envelopes)
            except IntegrityError as error:
                lost = error
        raise Unavailable("Another worker takes in the same calls; nothing was changed.", part="ingest") from lost

    async def _in_one_transaction(self, envelopes: Sequence[Envelope]) -> set[int]:
        """Commit what is new among the envelopes and say which, by their places."""
        async with self._db.transaction() as tx:
            connection = await tx.session.connection()
            fresh = await _keep_identities(connection, envelopes)
            if fresh:
                intake = await _Intake.begin(tx, connection, [envelopes[index] for index in sorted(fresh)])
                intake.apply_all()
                await intake.write(self._settings.unanswered_after_s)
        return fresh


async def _keep_identities(connection: AsyncConnection, envelopes: Sequence[Envelope]) -> set[int]:
    """Store the facts' identities; what is stored for the first time is new, also among concurrent workers."""
    by_identity: dict[tuple[str, str, int], int] = {}
    for index, envelope in enumerate(envelopes):
        by_identity.setdefault((rules.clean_key(envelope.pbx), rules.clean_key(envelope.key), envelope.n), index)
    rows = [{"pbx": pbx, "key": key, "n": n} for pbx, key, n in by_identity]
    return {by_identity[(pbx, key, n)] for pbx, key, n in await insert_new_keys(connection, FactRow, rows)}


@dataclass(slots=True)
class _Intake:
    """One batch of new facts on its way into the database."""

    tx: Transaction
    connection: AsyncConnection
    """The session's own, which spares its statements half of their cost."""
    envelopes: Sequence[Envelope]
    calls: dict[Key, CallView]
    people: dict[str, people.Person]
    agents: dict[Key, AgentView] = field(default_factory=dict)
    waited: set[Key] = field(default_factory=set)
    since: dict[Key, datetime] = field(default_factory=dict)
    """When a call that waits now began to."""

    @classmethod
    async def begin(cls, tx: Transaction, connection: AsyncConnection, envelopes: Sequence[Envelope]) -> "_Intake":
        """Read all that the facts touch: one statement for the calls, at most one for who sits where."""
        keys = {_key(envelope) for envelope in envelopes if not isinstance(envelope.fact, facts.AgentChanged)}
        desks = {
            rules.clean_key(envelope.fact.agent)
            for envelope in envelopes
            if isinstance(envelope.fact, facts.CallAnswered | facts.AgentChanged)
        }
        calls = await service.locked_by_linkedid(connection, keys)
        sitting = await people.at_desks(tx.session, desks)
        return cls(
            tx, connection, envelopes, calls, sitting, waited={key for key, call in calls.items() if rules.waits(call)}
        )

    def apply_all(self) -> None:
        for envelope in self.envelopes:
            if isinstance(envelope.fact, facts.AgentChanged):
                self._apply_agent(rules.clean_key(envelope.pbx), envelope.fact)
            else:
                self._apply_call(_key(envelope), envelope.fact)

    def _apply_call(self, key: Key, fact: facts.CallFact) -> None:
        call = self.calls.get(key)
        if call is None:
            call = rules.born(new_id(self.tx.now), key[0], fact)
            if not isinstance(fact, facts.CallArrived):
                self._record(events.CallArrived(call_id=call.id), call, fact)
        waited = key in self.waited or key in self.since
        user_id = self._who_answered(fact)
        call = self.calls[key] = rules.taken_in(call, fact, user_id)
        if not rules.waits(call):
            self.since.pop(key, None)
        elif not waited:
            self.since[key] = rules.utc(fact.at)
        self._record(rules.event_of(call, fact, user_id), call, fact)

    def _who_answered(self, fact: facts.CallFact) -> str | None:
        if not isinstance(fact, facts.CallAnswered):
            return None
        sitting = self.people.get(rules.clean_key(fact.agent))
        return sitting.id if sitting else None

    def _record(self, event: events.AnyEvent, call: CallView, fact: facts.CallFact) -> None:
        self.tx.record(event, Changed(calls=(call,)), at=rules.utc(fact.at))

    def _apply_agent(self, pbx: str, fact: facts.AgentChanged) -> None:
        desk = rules.clean_key(fact.agent)
        sitting = self.people.get(desk)
        agent = self.agents[(pbx, desk)] = AgentView(
            pbx=pbx,
            agent=desk,
            name=rules.clean(fact.name) if fact.name else None,
            queues=tuple(rules.clean(queue) for queue in fact.queues),
            paused=fact.paused,
            pause_reason=rules.clean(fact.pause_reason) if fact.pause_reason else None,
            device=fact.device,
            user_id=sitting.id if sitting else None,
            user_name=sitting.display_name if sitting else None,
            changed_at=rules.utc(fact.at),
        )
        event = events.AgentChanged(pbx=pbx, agent=desk)
        self.tx.record(event, Changed(agents=(agent,)), at=rules.utc(fact.at))

    async def write(self, unanswered_after_s: float) -> None:
        await service.save(self.connection, list(self.calls.values()))
        await service.save_agents(self.connection, list(self.agents.values()))
        await self._stop_clocks()
        await self._start_clocks(timedelta(seconds=unanswered_after_s))

    async def _stop_clocks(self) -> None:
        """Calls that wait no more lose their timer; where it has fired, its alarm is settled."""
        stopped = {self.calls[key].id for key in self.waited if not rules.waits(self.calls[key])}
        if not stopped:
            return
        statement = delete(TimerRow).where(TimerRow.kind == UNANSWERED, TimerRow.key.in_(stopped))
        still_set = {row.key for row in await self.tx.session.execute(statement.returning(TimerRow.key))}
        for call_id in sorted(stopped - still_set):
            await alarms.settle(self.tx, AlarmKind.CALL_UNANSWERED, call_id=call_id)

    async def _start_clocks(self, after: timedelta) -> None:
        """A PBX whose clock is ahead must not delay the alarm; one that is behind only hastens it."""
        rows = [
            {
                "id": new_id(self.tx.now),
                "kind": UNANSWERED,
                "key": self.calls[key].id,
                "due_at": min(since, self.tx.now) + after,
                "payload": {},
                "attempts": 0,
            }
            for key, since in self.since.items()
        ]
        await insert_new(self.connection, TimerRow, rows)


def _key(envelope: Envelope) -> Key:
    assert not isinstance(envelope.fact, facts.AgentChanged)
    return rules.clean_key(envelope.pbx), rules.clean_key(envelope.fact.linkedid)


async def _alarm_unanswered(tx: Transaction, timer: TimerRow) -> None:
    call = await service.get(tx.session, timer.key, lock=True)
    if rules.waits(call):
        await alarms.raise_alarm(tx, AlarmKind.CALL_UNANSWERED, UNANSWERED_LEVEL, call_id=call.id)


def timers() -> dict[str, Handler]:
    """The durable timers of calls."""
    return {UNANSWERED: _alarm_unanswered}
