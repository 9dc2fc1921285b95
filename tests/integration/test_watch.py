"""A watch wakes for what may be of its types: known commits of this process, and whatever others committed."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from dispatch.db import Database
from dispatch.effects import Effect, EffectRunner
from dispatch.events import IncidentNoted, UserSignedIn
from dispatch.log import Stored
from dispatch.wake import Wake
from dispatch.watch import Watch
from tests.conftest import ManualClock

NOTED = ("incident.noted",)
AT_ONCE_S = 4.0
"""Bound of a wait that ends at once, on a busy machine too; below IDLE_S."""
NOT_S = 0.05
"""Long enough to see that nothing wakes."""
QUIET_S = 0.5
"""Long enough for several looks, were they made."""


@pytest.fixture
def wake(db: Database) -> Wake:
    wake = Wake()
    db.on_commit(lambda events: wake.advance(events[-1].seq))
    return wake


@pytest.fixture
def watch(db: Database, wake: Wake) -> Watch:
    return Watch(db, wake, NOTED)


@pytest.fixture
async def elsewhere(database_url: str, clock: ManualClock) -> AsyncIterator[Database]:
    """The same database as another worker has it."""
    other = Database(database_url, clock=clock)
    yield other
    await other.close()


async def note(db: Database) -> None:
    async with db.transaction() as tx:
        tx.record(IncidentNoted(incident_id="i-1", text="catatan"))


async def sign_in(db: Database) -> None:
    async with db.transaction() as tx:
        tx.record(UserSignedIn(user_id="u-1"), topics=("audit",))


async def test_an_event_of_its_types_wakes_and_others_do_not(db: Database, watch: Watch) -> None:
    upto = watch.upto
    await sign_in(db)
    assert not await watch.wait(upto, NOT_S)
    await note(db)
    assert await watch.wait(upto, AT_ONCE_S)
    upto = watch.upto
    await sign_in(db)
    assert not await watch.wait(upto, NOT_S)


async def test_an_event_that_comes_during_the_look_is_not_missed(db: Database, watch: Watch) -> None:
    upto = watch.upto
    await note(db)
    await sign_in(db)
    assert await watch.wait(upto, AT_ONCE_S)


async def test_what_another_worker_committed_wakes_whatever_it_is(
    db: Database, elsewhere: Database, wake: Wake, watch: Watch
) -> None:
    await sign_in(db)
    upto = watch.upto
    await sign_in(elsewhere)
    wake.advance(2)
    assert await watch.wait(upto, AT_ONCE_S)
    assert not await watch.wait(watch.upto, NOT_S), "the same word must not wake twice"


async def test_a_gap_before_a_commit_of_this_process_wakes_without_the_others_word(
    db: Database, elsewhere: Database, watch: Watch
) -> None:
    await sign_in(db)
    upto = watch.upto
    await note(elsewhere)
    await sign_in(db)
    assert await watch.wait(upto, AT_ONCE_S)


async def test_commits_that_report_in_the_other_order_are_all_known(db: Database, wake: Wake, watch: Watch) -> None:
    db.tell([Stored(2, "user.signed_in", ("audit",), "{}")])
    assert await watch.wait(0, AT_ONCE_S), "what came before it is not known yet"
    upto = watch.upto
    db.tell([Stored(1, *NOTED, ("ops",), "{}")])
    assert (watch.upto, wake.upto) == (upto, 2), "the look that the second commit caused has seen the first"


async def test_an_effect_does_not_look_at_the_log_for_events_that_are_none_of_its(db: Database, wake: Wake) -> None:
    class Counting(EffectRunner):
        looks = 0

        async def step(self, effect: Effect) -> bool:
            self.looks += 1
            return await super().step(effect)

    handled = asyncio.Event()

    async def handle(_stored: Stored) -> None:
        handled.set()

    effect = Effect("keep", NOTED, handle)
    runner = Counting(db, wake, [effect])
    await runner.step(effect)
    await sign_in(db)
    async with asyncio.TaskGroup() as group:
        following = group.create_task(runner.run())
        await asyncio.sleep(QUIET_S)
        looks = runner.looks
        for _ in range(5):
            await sign_in(db)
            await asyncio.sleep(QUIET_S / 5)
        assert runner.looks == looks
        await note(db)
        async with asyncio.timeout(AT_ONCE_S):
            await handled.wait()
        following.cancel()
