"""Takes in the telephony adapter's facts, exactly once and in order.

The hot path. Whatever waits goes into one transaction (group commit lifts 16 writers tenfold): the facts' identities,
the calls they change and the events are written together, in a handful of statements however many facts there are.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch import events
from dispatch.calls import numbers, rules, service
from dispatch.calls.commands import PbxCommands, command_timers
from dispatch.calls.store import Changes, Identity, Key, Known, LostRace, Wanted, store_for
from dispatch.db import Database, Transaction
from dispatch.errors import Invalid, Unavailable
from dispatch.ids import new_id
from dispatch.incidents import alarms
from dispatch.log import Pending, encode
from dispatch.settings import Settings
from dispatch.timers import Handler, TimerRow, cancel, schedule
from dispatch.views import AgentView, Changed
from dispatch.wake import Wake
from dispatch.words import AlarmKind
from telephony import facts
from telephony.facts import CommandOutcome, Envelope, NumberRule, NumberRulesInForce, PbxCommand, PbxHealth

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

STILL_UNANSWERED = "call.still_unanswered"
"""Kind of the timer of the further steps: that of the first must be gone, since its absence says that it sounded."""

SETTLE = "call.settle"
"""Kind of the timer that takes back the alarm of a call which waits no more."""

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
        self._store = store_for(db)
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

    async def number_rules(self, pbx: str) -> list[NumberRule]:
        """What the PBX is to hold of single numbers now, all of it."""
        async with self._db.reading() as session:
            return await numbers.for_pbx(session, self._db.clock())

    async def number_rules_in_force(self, state: NumberRulesInForce) -> None:
        """Hear what a PBX has confirmed."""
        async with self._db.transaction() as tx:
            await numbers.confirm(tx, state)

    async def outcome(self, outcome: CommandOutcome) -> None:
        """Record what became of a command. Raises Unavailable: tell it again."""
        await self._commands.conclude(outcome)

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
        """Commit what is new among the envelopes and say which, by their places."""
        identities: dict[Identity, int] = {}
        for index, envelope in enumerate(envelopes):
            identities.setdefault((rules.clean_key(envelope.pbx), rules.clean_key(envelope.key), envelope.n), index)
        for _ in range(TRIES):
            try:
                fresh = await self._in_one_transaction(envelopes, identities)
            except LostRace as error:
                lost = error
            else:
                return {identities[identity] for identity in fresh}
        raise Unavailable("Another worker takes in the same calls; nothing was changed.", part="ingest") from lost

    async def _in_one_transaction(
        self, envelopes: Sequence[Envelope], identities: dict[Identity, int]
    ) -> frozenset[Identity]:
        after = timedelta(seconds=self._settings.unanswered_after_s)
        now = self._db.clock()

        def decide(known: Known) -> Changes:
            fresh = sorted(identities[identity] for identity in known.fresh)
            return _Intake(now, known, after).changes([envelopes[index] for index in fresh])

        return await self._store.commit(_wanted(envelopes, list(identities)), decide)


def _wanted(envelopes: Sequence[Envelope], identities: Sequence[Identity]) -> Wanted:
    return Wanted(
        identities=identities,
        calls={_key(envelope) for envelope in envelopes if not isinstance(envelope.fact, facts.AgentChanged)},
        desks={
            rules.clean_key(envelope.fact.agent)
            for envelope in envelopes
            if isinstance(envelope.fact, facts.CallAnswered | facts.AgentChanged)
        },
    )


class _Intake:
    """What one batch of new facts changes: decides alone, without reading or writing anything."""

    def __init__(self, now: datetime, known: Known, unanswered_after: timedelta) -> None:
        self._now = now
        self._calls = dict(known.calls)
        self._people = known.people
        self._after = unanswered_after
        self._agents: dict[Key, AgentView] = {}
        self._waited = {key for key, call in known.calls.items() if rules.waits(call)}
        self._since: dict[Key, datetime] = {}
        """When a call that waits now began to."""
        self._events: list[Pending] = []

    def changes(self, envelopes: Sequence[Envelope]) -> Changes:
        for envelope in envelopes:
            if isinstance(envelope.fact, facts.AgentChanged):
                self._apply_agent(rules.clean_key(envelope.pbx), envelope.fact)
            else:
                self._apply_call(_key(envelope), envelope.fact)
        return Changes(
            calls=list(self._calls.values()),
            agents=list(self._agents.values()),
            stop=[self._calls[key].id for key in self._waited if not rules.waits(self._calls[key])],
            stop_kind=UNANSWERED,
            settle=lambda call_id: self._timer(SETTLE, call_id, self._now),
            # A PBX whose clock is ahead must not delay the alarm; one that is behind only hastens it.
            timers=[
                self._timer(UNANSWERED, self._calls[key].id, min(since, self._now) + self._after)
                for key, since in self._since.items()
            ],
            events=self._events,
        )

    def _apply_call(self, key: Key, fact: facts.CallFact) -> None:
        call = self._calls.get(key)
        known = call is not None
        if call is None:
            call = rules.born(new_id(self._now), key[0], fact)
            if not isinstance(fact, facts.CallArrived):
                self._record(events.CallArrived(call_id=call.id), Changed(calls=(call,)), fact.at)
        waited = key in self._waited or key in self._since
        user_id = self._who_answered(fact)
        call = self._calls[key] = rules.taken_in(call, fact, user_id)
        if not rules.waits(call):
            self._since.pop(key, None)
        elif not waited:
            self._since[key] = rules.utc(fact.at)
        self._record(rules.event_of(call, fact, user_id, known=known), Changed(calls=(call,)), fact.at)

    def _who_answered(self, fact: facts.CallFact) -> str | None:
        if not isinstance(fact, facts.CallAnswered):
            return None
        sitting = self._people.get(rules.clean_key(fact.agent))
        return sitting.id if sitting else None

    def _apply_agent(self, pbx: str, fact: facts.AgentChanged) -> None:
        desk = rules.clean_key(fact.agent)
        sitting = self._people.get(desk)
        agent = self._agents[(pbx, desk)] = AgentView(
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
            paused_at=rules.utc(fact.paused_at) if fact.paused_at else None,
        )
        self._record(events.AgentChanged(pbx=pbx, agent=desk), Changed(agents=(agent,)), fact.at)

    def _record(self, event: events.AnyEvent, changed: Changed, at: datetime) -> None:
        self._events.append(encode(event, changed, at=rules.utc(at), actor=None, topics=(events.OPS,)))

    def _timer(self, kind: str, call_id: str, due_at: datetime) -> TimerRow:
        return TimerRow(id=new_id(self._now), kind=kind, key=call_id, due_at=due_at, payload={}, attempts=0)


def _key(envelope: Envelope) -> Key:
    assert not isinstance(envelope.fact, facts.AgentChanged)
    return rules.clean_key(envelope.pbx), rules.clean_key(envelope.fact.linkedid)


async def _alarm_unanswered(tx: Transaction, timer: TimerRow, after_s: float) -> None:
    """Tell the call-taker, at the next interval the dispatcher, then the supervisor."""
    # No lock: the intake, which holds the call, may be waiting to take this very timer away; it settles the alarm then.
    call = await service.get(tx.session, timer.key)
    if rules.waits(call):
        told = int(timer.payload.get("told", 0)) + 1
        await alarms.raise_alarm(tx, AlarmKind.CALL_UNANSWERED, min(told, alarms.HIGHEST_LEVEL), call_id=call.id)
        again = tx.now + timedelta(seconds=after_s)
        await schedule(tx, STILL_UNANSWERED, call.id, again, {"told": told})


async def _settle_unanswered(tx: Transaction, timer: TimerRow) -> None:
    """The call's alarm had been raised when the call was taken: its cause is gone."""
    await cancel(tx, STILL_UNANSWERED, timer.key)
    await alarms.settle(tx, AlarmKind.CALL_UNANSWERED, call_id=timer.key)


def timers(unanswered_after_s: float = 20.0) -> dict[str, Handler]:
    """The durable timers of calls; each further step of an unanswered call comes after `unanswered_after_s`."""

    async def unanswered(tx: Transaction, timer: TimerRow) -> None:
        await _alarm_unanswered(tx, timer, unanswered_after_s)

    of_calls: dict[str, Handler] = {UNANSWERED: unanswered, STILL_UNANSWERED: unanswered, SETTLE: _settle_unanswered}
    return {**of_calls, numbers.ENDS: numbers.expire, **command_timers()}
