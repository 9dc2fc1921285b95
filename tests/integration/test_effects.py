"""Effects follow the log after the commit: at least once, one worker each, none held up by another."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress

import pytest

from dispatch import effects, log
from dispatch.db import Database
from dispatch.effects import Effect, EffectRunner
from dispatch.events import IncidentNoted, Recorded, UserSignedIn
from dispatch.log import Stored
from dispatch.wake import Wake
from tests.conftest import ManualClock

NOTED = ("incident.noted",)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effects, "FIRST_PAUSE_S", 0.001)
    monkeypatch.setattr(effects, "LOOK_AGAIN_S", 0.001)


@pytest.fixture
def wake(db: Database) -> Wake:
    wake = Wake()
    db.on_commit(lambda events: wake.advance(events[-1].seq))
    return wake


class Keeper:
    """Keeps the words of the notes it is given; `full` is set at the last one expected."""

    def __init__(self, expected: int = 0) -> None:
        self.words: list[str] = []
        self.full = asyncio.Event()
        self._expected = expected

    async def handle(self, stored: Stored) -> None:
        data = Recorded.model_validate_json(stored.payload).data
        assert isinstance(data, IncidentNoted)
        self.words.append(data.text)
        if len(self.words) >= self._expected:
            self.full.set()


async def note(db: Database, *words: str) -> None:
    async with db.transaction() as tx:
        for text in words:
            tx.record(IncidentNoted(incident_id="i-1", text=text))


async def cursor(db: Database, name: str) -> int | None:
    async with db.reading() as session:
        return await log.cursor(session, name)


async def all_steps(runner: EffectRunner, effect: Effect) -> None:
    while await runner.step(effect):
        pass


@asynccontextmanager
async def running(work: Awaitable[None]) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as group:
        task = group.create_task(_plain(work))
        yield
        task.cancel()


async def _plain(work: Awaitable[None]) -> None:
    with suppress(asyncio.CancelledError):
        await work


async def test_a_new_effect_starts_at_the_end_of_the_log(db: Database, wake: Wake) -> None:
    await note(db, "lama")
    keeper = Keeper()
    effect = Effect("keep", NOTED, keeper.handle)
    runner = EffectRunner(db, wake, [effect])
    await all_steps(runner, effect)
    await note(db, "baru", "lagi")
    await all_steps(runner, effect)
    assert keeper.words == ["baru", "lagi"]


async def test_only_its_own_types_reach_an_effect(db: Database, wake: Wake) -> None:
    keeper = Keeper()
    effect = Effect("keep", NOTED, keeper.handle)
    runner = EffectRunner(db, wake, [effect])
    await all_steps(runner, effect)
    async with db.transaction() as tx:
        tx.record(UserSignedIn(user_id="u-1"), topics=("audit",))
    await note(db, "ya")
    await all_steps(runner, effect)
    assert keeper.words == ["ya"]


async def test_what_was_not_handled_before_a_crash_is_handled_after_it(
    db: Database, wake: Wake, clock: ManualClock
) -> None:
    at_work = asyncio.Event()

    async def never_ends(_stored: Stored) -> None:
        at_work.set()
        await asyncio.Event().wait()

    keeper = Keeper()
    dying, heir = Effect("keep", NOTED, never_ends), Effect("keep", NOTED, keeper.handle)
    runner = EffectRunner(db, wake, [dying])
    await runner.step(dying)
    await note(db, "penting")
    async with asyncio.TaskGroup() as group:
        process = group.create_task(runner.step(dying))
        await at_work.wait()
        process.cancel()
    successor = EffectRunner(db, wake, [heir])
    assert not await successor.step(heir), "the dead worker's lease still runs"
    clock.advance(effects.LEASE.total_seconds())
    await all_steps(successor, heir)
    assert keeper.words == ["penting"]


async def test_a_failing_handler_is_tried_again(db: Database, wake: Wake) -> None:
    keeper, failures = Keeper(), 2

    async def flaky(stored: Stored) -> None:
        nonlocal failures
        if failures:
            failures -= 1
            raise OSError("push service away")
        await keeper.handle(stored)

    effect = Effect("flaky", NOTED, flaky)
    runner = EffectRunner(db, wake, [effect])
    await runner.step(effect)
    await note(db, "satu", "dua")
    await all_steps(runner, effect)
    assert keeper.words == ["satu", "dua"]


async def test_an_event_that_always_fails_is_passed_over_in_the_end(db: Database, wake: Wake) -> None:
    keeper, tries = Keeper(), 0

    async def poisoned(stored: Stored) -> None:
        nonlocal tries
        if "racun" in stored.payload:
            tries += 1
            raise ValueError(stored.seq)
        await keeper.handle(stored)

    effect = Effect("poisoned", NOTED, poisoned)
    runner = EffectRunner(db, wake, [effect])
    await runner.step(effect)
    await note(db, "racun", "obat")
    await all_steps(runner, effect)
    assert (keeper.words, tries) == (["obat"], effects.TRIES)
    assert await cursor(db, "poisoned") == 2


async def test_a_handler_that_hangs_is_cut_at_its_deadline(
    db: Database, wake: Wake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effects, "HANDLE_S", 0.01)
    monkeypatch.setattr(effects, "TRIES", 2)

    async def hang(_stored: Stored) -> None:
        await asyncio.Event().wait()

    effect = Effect("hang", NOTED, hang)
    runner = EffectRunner(db, wake, [effect])
    await runner.step(effect)
    await note(db, "satu")
    assert await runner.step(effect)
    assert await cursor(db, "hang") == 1


async def test_a_broken_effect_holds_up_no_other(db: Database, wake: Wake) -> None:
    keeper, stuck = Keeper(2), asyncio.Event()

    async def hang(_stored: Stored) -> None:
        stuck.set()
        await asyncio.Event().wait()

    effects_ = [Effect("hang", NOTED, hang), Effect("keep", NOTED, keeper.handle)]
    runner = EffectRunner(db, wake, effects_)
    for effect in effects_:
        await runner.step(effect)
    async with running(runner.run()):
        await note(db, "satu")
        await note(db, "dua")
        async with asyncio.timeout(30):
            await keeper.full.wait()
            await stuck.wait()
    assert keeper.words == ["satu", "dua"]
    assert await cursor(db, "hang") == 0


async def test_among_two_workers_one_does_the_effect(db: Database, wake: Wake) -> None:
    keeper = Keeper(20)
    effect = Effect("keep", NOTED, keeper.handle)
    workers = [EffectRunner(db, wake, [effect]) for _ in range(2)]
    await workers[0].step(effect)
    words = [f"catatan {number}" for number in range(20)]
    async with running(workers[0].run()), running(workers[1].run()):
        for word in words:
            await note(db, word)
        async with asyncio.timeout(30):
            await keeper.full.wait()
    assert keeper.words == words


async def test_events_whose_order_does_not_matter_are_handled_side_by_side(db: Database, wake: Wake) -> None:
    together = asyncio.Barrier(3)

    async def meet(_stored: Stored) -> None:
        await together.wait()

    effect = Effect("meet", NOTED, meet, at_once=3)
    runner = EffectRunner(db, wake, [effect])
    await runner.step(effect)
    await note(db, "satu", "dua", "tiga")
    async with asyncio.timeout(10):
        assert await runner.step(effect)
    assert await cursor(db, "meet") == 3


async def test_a_lease_is_kept_up_while_a_handler_works(
    db: Database, wake: Wake, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effects, "RENEW_S", 0.001)
    keeper, at_work, finish = Keeper(), asyncio.Event(), asyncio.Event()

    async def slow(stored: Stored) -> None:
        at_work.set()
        await finish.wait()
        await keeper.handle(stored)

    effect = Effect("slow", NOTED, slow)
    first, second = (EffectRunner(db, wake, [effect]) for _ in range(2))
    await first.step(effect)
    await note(db, "satu")
    async with asyncio.TaskGroup() as group:
        group.create_task(first.step(effect))
        await at_work.wait()
        for _ in range(4):
            clock.advance(effects.LEASE.total_seconds() / 2)
            await asyncio.sleep(0.2)
            assert not await second.step(effect)
        finish.set()
    assert keeper.words == ["satu"]
