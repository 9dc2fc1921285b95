"""Facts become calls and events, exactly once and in order, on both databases."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from dispatch import log
from dispatch.calls import ingest as ingest_module
from dispatch.calls import service
from dispatch.calls.ingest import Ingest, Taken, timers
from dispatch.calls.model import FactRow
from dispatch.db import Database
from dispatch.errors import Invalid
from dispatch.events import CallAnswered, IncidentNoted, Recorded
from dispatch.incidents import alarms
from dispatch.people import service as people
from dispatch.people.hashing import NO_PASSWORD
from dispatch.people.service import NewUser
from dispatch.settings import Settings
from dispatch.timers import TimerRow, TimerRunner
from dispatch.views import CallView
from dispatch.wake import Wake
from dispatch.words import CallDisposition, CallState, Role
from telephony import facts
from telephony.facts import Envelope, PbxHealth
from tests.call_facts import NOON, Caller, desk
from tests.conftest import ManualClock

Heard = list[tuple[str, bool, str]]

LONG_ENOUGH_S = 0.3
"""For a transaction to reach the row that it has to wait for."""


@pytest.fixture
def heard() -> Heard:
    return []


@pytest.fixture
def ingest(db: Database, heard: Heard) -> Ingest:
    return Ingest(db, Wake(), Settings(), lambda part, ok, detail: heard.append((part, ok, detail)))


async def calls(db: Database) -> list[CallView]:
    async with db.reading() as session:
        return (await service.page(session, None, 1000))[0][::-1]


async def recorded(db: Database) -> list[Recorded]:
    async with db.reading() as session:
        return [Recorded.model_validate_json(event.payload) for event in await log.read(session, 0, 10_000)]


async def types(db: Database) -> list[str]:
    return [event.type for event in await recorded(db)]


async def timer_keys(db: Database) -> list[str]:
    async with db.reading() as session:
        return list((await session.execute(select(TimerRow.key))).scalars())


async def rina(db: Database, extension: str | None = "101") -> str:
    async with db.transaction() as tx:
        new = NewUser("rina", "Rina Wulandari", (Role.CALL_TAKER,), extension=extension)
        return (await people.create_user(tx, new, NO_PASSWORD)).id


async def test_a_call_walks_from_arrival_to_wrap_up_with_one_event_a_fact(db: Database, ingest: Ingest) -> None:
    caller = Caller()
    for envelope in caller.until_ended():
        await ingest.ingest([envelope])
    (call,) = await calls(db)
    assert (call.state, call.ani, call.queue, call.agent, call.version) == (
        CallState.WRAP_UP,
        "+6281234567890",
        "psap-112",
        "101",
        5,
    )
    events = await recorded(db)
    assert [event.type for event in events] == [
        "call.arrived",
        "call.queued",
        "call.ringing",
        "call.answered",
        "call.ended",
    ]
    assert [event.changed.calls[0].version for event in events] == [1, 2, 3, 4, 5]
    assert events[-1].changed.calls == (call,)
    assert [event.at for event in events] == [NOON + timedelta(seconds=n) for n in range(1, 6)]


async def test_one_batch_and_single_facts_come_to_the_same(db: Database, ingest: Ingest) -> None:
    single, together = Caller("1.1"), Caller("1.2")
    for envelope in single.until_ended():
        await ingest.ingest([envelope])
    await ingest.ingest(together.until_ended())
    one, other = await calls(db)
    same = {"id": "", "linkedid": ""}
    assert one.model_copy(update=same) == other.model_copy(update=same)


async def test_a_fact_that_comes_again_changes_nothing(db: Database, ingest: Ingest) -> None:
    told = Caller().until_answered()
    assert await ingest.take(told) == Taken(committed=4, seen=0)
    before = await recorded(db)
    assert await ingest.take(told) == Taken(committed=0, seen=4)
    assert await ingest.take([told[0], told[0], *told]) == Taken(committed=0, seen=6)
    assert await recorded(db) == before


async def test_a_fact_that_is_twice_in_one_batch_counts_once(db: Database, ingest: Ingest) -> None:
    arrived = Caller().arrives()
    assert await ingest.take([arrived, arrived]) == Taken(committed=1, seen=1)
    assert await types(db) == ["call.arrived"]


async def test_the_screen_pops_at_whoever_sits_at_the_desk_that_answered(db: Database, ingest: Ingest) -> None:
    user_id = await rina(db)
    await ingest.ingest(Caller().until_answered("101"))
    (call,) = await calls(db)
    assert call.call_taker_id == user_id
    answered = (await recorded(db))[-1].data
    assert isinstance(answered, CallAnswered)
    assert (answered.agent, answered.user_id) == ("101", user_id)


async def test_a_call_answered_at_an_empty_desk_has_no_call_taker(db: Database, ingest: Ingest) -> None:
    await rina(db, extension="102")
    await ingest.ingest(Caller().until_answered("101"))
    (call,) = await calls(db)
    assert (call.agent, call.call_taker_id) == ("101", None)


async def test_a_fact_of_a_call_that_nobody_announced_makes_the_call(db: Database, ingest: Ingest) -> None:
    caller = Caller()
    lost = caller.arrives()
    await ingest.ingest([caller.queues()])
    (call,) = await calls(db)
    assert (call.state, call.ani, call.linkedid) == (CallState.QUEUED, None, caller.linkedid)
    assert await types(db) == ["call.arrived", "call.queued"]
    await ingest.ingest([lost])
    (call,) = await calls(db)
    assert (call.state, call.ani) == (CallState.QUEUED, "+6281234567890")


async def test_a_late_fact_never_reopens_a_closed_call(db: Database, ingest: Ingest) -> None:
    caller = Caller()
    await ingest.ingest(caller.until_ended())
    (call,) = await calls(db)
    async with db.transaction() as tx:
        await service.dispose(tx, call.id, CallDisposition.PRANK, "")
    await ingest.ingest([caller.is_answered("102"), caller.queues(), caller.is_held()])
    (call,) = await calls(db)
    assert (call.state, call.disposition) == (CallState.CLOSED, CallDisposition.PRANK)
    assert (await types(db))[-3:] == ["call.answered", "call.queued", "call.held"]


async def test_the_same_linkedid_at_two_pbxs_is_two_calls(db: Database, ingest: Ingest) -> None:
    here, there = Caller(pbx="main"), Caller(pbx="waru")
    await ingest.ingest([here.arrives(), there.arrives(), here.queues()])
    await ingest.ingest([there.abandons()])
    assert {(call.pbx, call.state) for call in await calls(db)} == {
        ("main", CallState.QUEUED),
        ("waru", CallState.ABANDONED),
    }


async def test_a_hostile_caller_name_is_stored_as_one_line_of_text(db: Database, ingest: Ingest) -> None:
    caller = Caller(ani="\x00\r\nAction: Originate")
    await ingest.ingest([caller.arrives(name='Budi\x00"; DROP TABLE calls; --\r\n<img src=x onerror=alert(1)>')])
    (call,) = await calls(db)
    assert call.caller_name == 'Budi "; DROP TABLE calls; --  <img src=x onerror=alert(1)>'
    assert call.ani == "Action: Originate"


async def test_identifiers_with_control_characters_are_kept_apart(db: Database, ingest: Ingest) -> None:
    one, other = Caller("1\x00"), Caller("1\x01")
    assert await ingest.take([one.arrives(), other.arrives()]) == Taken(2, 0)
    assert await ingest.take([one.queues()]) == Taken(1, 0)
    assert {call.linkedid for call in await calls(db)} == {"1\\u0000", "1\\u0001"}


async def test_a_number_beyond_the_columns_range_is_refused_in_words(ingest: Ingest) -> None:
    envelope = Caller().arrives().model_copy(update={"n": 2**31})
    with pytest.raises(Invalid, match="counts from 1"):
        await ingest.ingest([envelope])


async def test_whatever_waits_is_committed_in_one_go(
    db: Database, ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits: list[int] = []
    db.on_commit(lambda stored: commits.append(len(stored)))
    callers = [Caller(f"1.{number}") for number in range(20)]
    taken = await asyncio.gather(*(ingest.take(caller.until_answered()) for caller in callers))
    assert taken == [Taken(4, 0)] * 20
    assert sum(commits) == 80
    assert len(commits) <= 3
    assert len(await calls(db)) == 20
    monkeypatch.setattr(ingest_module, "MOST_AT_ONCE", 4)
    commits.clear()
    await asyncio.gather(*(ingest.take([caller.ends(), caller.says("halo")]) for caller in callers))
    assert sum(commits) == 40
    assert max(commits) <= 4


async def test_order_within_a_call_is_kept_however_many_hand_over_at_once(db: Database, ingest: Ingest) -> None:
    callers = [Caller(f"1.{number}") for number in range(10)]

    async def one_by_one(caller: Caller) -> None:
        for envelope in caller.until_ended():
            await ingest.ingest([envelope])

    await asyncio.gather(*map(one_by_one, callers))
    assert {(call.state, call.version) for call in await calls(db)} == {(CallState.WRAP_UP, 5)}
    by_call: dict[str, list[str]] = {}
    for event in await recorded(db):
        by_call.setdefault(event.data.call_id or "", []).append(event.type)
    assert set(map(tuple, by_call.values())) == {
        ("call.arrived", "call.queued", "call.ringing", "call.answered", "call.ended")
    }


async def test_one_who_gives_up_waiting_takes_nobody_elses_facts_along(db: Database, ingest: Ingest) -> None:
    async with asyncio.TaskGroup() as group:
        impatient = group.create_task(ingest.take(Caller("1.1").until_answered()))
        patient = group.create_task(ingest.take(Caller("1.2").until_answered()))
        await asyncio.sleep(0)
        impatient.cancel()
    assert (await patient).committed + (await patient).seen == 4
    assert await ingest.take(Caller("1.1").until_answered()) in (Taken(4, 0), Taken(0, 4))
    assert {(call.linkedid, call.version) for call in await calls(db)} == {("1.1", 4), ("1.2", 4)}


async def test_two_workers_that_take_in_the_same_facts_commit_them_once(database_url: str, clock: ManualClock) -> None:
    databases = [Database(database_url, clock=clock) for _ in range(2)]
    workers = [Ingest(each, Wake(), Settings(), lambda *_: None) for each in databases]
    told = [Caller(f"1.{number}").until_ended() for number in range(8)]
    taken = await asyncio.gather(*(worker.take(envelopes) for envelopes in told for worker in workers))
    assert sum(each.committed for each in taken) == 40
    assert sum(each.seen for each in taken) == 40
    assert {call.version for call in await calls(databases[0])} == {5}
    assert len(await types(databases[0])) == 40
    for database in databases:
        await database.close()


async def test_a_fact_that_waits_for_the_logs_head_is_numbered_after_what_it_waited_for(
    db: Database, ingest: Ingest, database_url: str, clock: ManualClock
) -> None:
    other = Database(database_url, clock=clock)
    async with other.transaction() as tx:
        tx.record(IncidentNoted(incident_id="i-1", text="catatan"))
        await log.seal(tx.session, tx.pending)
        tx.pending.clear()
        waiting = asyncio.create_task(ingest.take([Caller().arrives()]))
        await asyncio.sleep(LONG_ENOUGH_S)
        assert not waiting.done()
    assert await waiting == Taken(1, 0)
    await other.close()
    assert await types(db) == ["incident.noted", "call.arrived"]
    async with db.reading() as session:
        assert (await log.verify(session)).fault is None


async def test_a_call_answered_while_its_alarm_is_raised_has_it_settled(
    db: Database, ingest: Ingest, database_url: str, clock: ManualClock
) -> None:
    caller = Caller(at=clock.now)
    await ingest.ingest([caller.arrives(), caller.queues()])
    other = Database(database_url, clock=clock)
    async with other.transaction() as tx:
        await tx.session.execute(delete(TimerRow))
        answering = asyncio.create_task(ingest.take([caller.rings(), caller.is_answered()]))
        await asyncio.sleep(LONG_ENOUGH_S)
        assert not answering.done()
    await answering
    await other.close()
    async with db.reading() as session:
        assert list((await session.execute(select(TimerRow.kind))).scalars()) == [ingest_module.SETTLE]


async def test_a_failed_commit_leaves_nothing_and_can_be_repeated(
    db: Database, ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    told = Caller().until_answered()
    with monkeypatch.context() as patched:
        patched.setattr(log, "numbered", broken)
        with pytest.raises(ZeroDivisionError):
            await ingest.ingest(told)
    assert await calls(db) == []
    assert await ingest.take(told) == Taken(4, 0)


async def test_a_desk_is_kept_as_the_pbx_last_described_it(db: Database, ingest: Ingest) -> None:
    user_id = await rina(db)
    await ingest.ingest([desk("101", n=1), desk("101", n=2, device="ringing"), desk("102", n=1, paused=True)])
    await ingest.ingest([desk("101", n=3, device="in_use", at=NOON + timedelta(seconds=9))])
    async with db.reading() as session:
        first, second = await service.agents(session)
    assert (first.agent, first.device, first.user_id, first.user_name) == ("101", "in_use", user_id, "Rina Wulandari")
    assert first.changed_at == NOON + timedelta(seconds=9)
    assert (second.agent, second.paused, second.user_id) == ("102", True, None)
    events = await recorded(db)
    assert [event.changed.agents[0].device for event in events] == ["idle", "ringing", "idle", "in_use"]
    assert events[-1].changed.agents == (first,)


async def test_a_call_that_waits_too_long_raises_an_alarm_that_the_answer_settles(
    db: Database, ingest: Ingest, clock: ManualClock
) -> None:
    caller = Caller(at=clock.now)
    await ingest.ingest([caller.arrives(), caller.queues()])
    runner = TimerRunner(db, timers())
    clock.advance(19)
    assert not await runner.fire_one()
    clock.advance(1)
    assert await runner.fire_one()
    async with db.reading() as session:
        (alarm,) = await alarms.snapshot(session)
    (call,) = await calls(db)
    assert (alarm.kind, alarm.call_id, alarm.level) == ("call_unanswered", call.id, 1)
    levels = []
    for _ in range(3):
        clock.advance(20)
        assert await runner.fire_one()
        async with db.reading() as session:
            levels += [alarm.level for alarm in await alarms.snapshot(session)]
    assert levels == [2, 3, 3]
    await ingest.ingest([caller.rings(), caller.is_answered()])
    assert await runner.fire_one()
    async with db.reading() as session:
        assert await alarms.snapshot(session) == ()


async def test_the_clock_of_a_call_stops_at_the_answer_and_runs_again_in_the_next_queue(
    db: Database, ingest: Ingest
) -> None:
    caller = Caller()
    await ingest.ingest([caller.arrives()])
    (call,) = await calls(db)
    assert await timer_keys(db) == [call.id]
    await ingest.ingest([caller.enters_ivr()])
    assert await timer_keys(db) == []
    await ingest.ingest([caller.queues(), caller.rings()])
    assert await timer_keys(db) == [call.id]
    await ingest.ingest([caller.is_answered()])
    assert await timer_keys(db) == []
    await ingest.ingest([caller.queues("psap-overflow")])
    assert await timer_keys(db) == [call.id]
    await ingest.ingest([caller.abandons(), caller.ends()])
    assert await timer_keys(db) == []


async def test_a_call_answered_within_the_batch_gets_no_clock(db: Database, ingest: Ingest) -> None:
    await ingest.ingest(Caller().until_answered())
    assert await timer_keys(db) == []


async def test_a_timer_that_fires_after_the_answer_raises_nothing(
    db: Database, ingest: Ingest, clock: ManualClock
) -> None:
    await ingest.ingest(Caller(at=clock.now).until_answered())
    (call,) = await calls(db)
    async with db.transaction() as tx:
        await ingest_module.timers()[ingest_module.UNANSWERED](
            tx, TimerRow(id="t", kind=ingest_module.UNANSWERED, key=call.id, due_at=clock.now, payload={})
        )
    async with db.reading() as session:
        assert await alarms.snapshot(session) == ()


async def test_a_pbx_clock_that_is_ahead_does_not_delay_the_alarm(
    db: Database, ingest: Ingest, clock: ManualClock
) -> None:
    caller = Caller(at=clock.now + timedelta(hours=1))
    await ingest.ingest([caller.arrives()])
    async with db.reading() as session:
        due = (await session.execute(select(TimerRow.due_at))).scalar_one()
    assert due == clock.now + timedelta(seconds=20)


async def test_the_pbxs_health_is_passed_on(ingest: Ingest, heard: Heard) -> None:
    await ingest.health(PbxHealth(pbx="main", connected=False, since=NOON, detail="login refused", spooled=3))
    await ingest.health(PbxHealth(pbx="main", connected=True, since=NOON, spooled=2))
    await ingest.health(PbxHealth(pbx="main", connected=True, since=NOON))
    assert heard == [
        ("pbx:main", False, "login refused; 3 facts wait"),
        ("pbx:main", True, "2 facts wait"),
        ("pbx:main", True, ""),
    ]


async def test_the_log_of_what_was_taken_in_verifies(db: Database, ingest: Ingest) -> None:
    await ingest.ingest([*Caller("1.1").until_ended(), desk()])
    async with db.reading() as session:
        assert (await log.verify(session)).fault is None
        assert (await session.execute(select(func.count()).select_from(FactRow))).scalar_one() == 6


_FACTS: st.SearchStrategy[facts.Fact] = st.one_of(
    *(st.from_type(kind) for kind in (*facts.CallFact.__args__, facts.AgentChanged))
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(_FACTS, min_size=1, max_size=5))
async def test_no_fact_whatever_its_content_can_stop_the_intake(ingest: Ingest, told: list[facts.Fact]) -> None:
    batch = [Envelope(pbx="main", key="fuzz", n=number, fact=fact) for number, fact in enumerate(told)]
    taken = await ingest.take(batch)
    assert taken.committed + taken.seen == len(batch)
