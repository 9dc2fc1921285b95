"""Durable timers: one firing among many workers, none lost in a restart or by a failing handler."""

import asyncio
from datetime import timedelta

import pytest

from dispatch import timers
from dispatch.clock import system_clock
from dispatch.db import Database, Transaction
from dispatch.errors import Conflict
from dispatch.events import IncidentNoted
from dispatch.log import read
from dispatch.timers import RETRY_AFTER_S, Handler, TimerRow, TimerRunner
from tests.conftest import ManualClock


async def note(tx: Transaction, timer: TimerRow) -> None:
    tx.record(IncidentNoted(incident_id=timer.key, text="fired"))


async def set_timer(db: Database, key: str, due_in_s: float, kind: str = "t") -> None:
    async with db.transaction() as tx:
        await timers.schedule(tx, kind, key, tx.now + timedelta(seconds=due_in_s))


async def fired(db: Database) -> int:
    async with db.reading() as session:
        return len(await read(session, 0, 1000))


async def fire_all(db: Database, handlers: dict[str, Handler]) -> None:
    runner = TimerRunner(db, handlers)
    while await runner.fire_one():
        pass


async def test_a_timer_does_not_fire_before_it_is_due(db: Database, clock: ManualClock) -> None:
    await set_timer(db, "a", 10)
    clock.advance(9.9)
    await fire_all(db, {"t": note})
    assert await fired(db) == 0
    clock.advance(0.2)
    await fire_all(db, {"t": note})
    assert await fired(db) == 1


async def test_setting_a_timer_again_replaces_it(db: Database, clock: ManualClock) -> None:
    await set_timer(db, "a", 1)
    await set_timer(db, "a", 100)
    clock.advance(50)
    await fire_all(db, {"t": note})
    assert await fired(db) == 0


async def test_a_cancelled_timer_does_not_fire(db: Database, clock: ManualClock) -> None:
    await set_timer(db, "a", 1)
    async with db.transaction() as tx:
        await timers.cancel(tx, "t", "a")
    clock.advance(2)
    await fire_all(db, {"t": note})
    assert await fired(db) == 0


async def test_a_due_timer_fires_once_among_many_workers(database_url: str, db: Database, clock: ManualClock) -> None:
    for i in range(20):
        await set_timer(db, str(i), 1)
    clock.advance(2)
    workers = [Database(database_url, clock=clock) for _ in range(4)]
    async with asyncio.TaskGroup() as group:
        for worker in workers:
            group.create_task(fire_all(worker, {"t": note}))
    for worker in workers:
        await worker.close()
    assert await fired(db) == 20


@pytest.mark.parametrize("fault", [Conflict("not now"), ZeroDivisionError()])
async def test_a_failing_handler_leaves_nothing_and_is_tried_again(
    db: Database, clock: ManualClock, fault: Exception
) -> None:
    failing = True

    async def handler(tx: Transaction, timer: TimerRow) -> None:
        await note(tx, timer)
        if failing:
            raise fault

    await set_timer(db, "a", 1)
    clock.advance(2)
    await fire_all(db, {"t": handler})
    assert await fired(db) == 0
    failing = False
    clock.advance(RETRY_AFTER_S + 1)
    await fire_all(db, {"t": handler})
    assert await fired(db) == 1


async def test_a_timer_of_another_version_waits_for_who_knows_its_kind(db: Database, clock: ManualClock) -> None:
    await set_timer(db, "a", 1, kind="of-the-future")
    clock.advance(2)
    await fire_all(db, {"t": note})
    await fire_all(db, {"of-the-future": note})
    assert await fired(db) == 1


async def test_the_runner_sees_a_timer_that_was_set_while_it_slept(database_url: str) -> None:
    db = Database(database_url, clock=system_clock)
    done = asyncio.Event()

    async def handler(tx: Transaction, timer: TimerRow) -> None:
        await note(tx, timer)
        done.set()

    runner = TimerRunner(db, {"t": handler})
    async with asyncio.TaskGroup() as group:
        task = group.create_task(runner.run())
        await set_timer(db, "a", 0.05)
        async with asyncio.timeout(5):
            await done.wait()
        task.cancel()
    await db.close()
