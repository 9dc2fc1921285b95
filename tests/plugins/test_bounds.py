"""What a plugin may take of the centre: time, requests, connections, and its own tables alone."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from dispatch.errors import Unavailable
from dispatch.plugins.boundary import CLOCK, Boundary
from dispatch.plugins.faults import MOST_FAULTS, WITHIN, Faults, in_words
from dispatch.plugins.guard import OutOfBounds
from dispatch.plugins.workroom import AT_ONCE, WORK_SQLITE_S, OverTime
from tests.plugins.conftest import API, NAME, Served
from tests.plugins.example.model import Thing
from tests.plugins.example.plugin import thing
from tests.plugins.test_host import dispatch_one

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)

App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Visit:
    """One request to a boundary, without a server."""

    def __init__(self, app: App, **limits: Any) -> None:
        self.faults: list[BaseException] = []
        self.boundary = Boundary(app, "slow", self.faults.append, **limits)

    async def __call__(self, receive: Receive | None = None) -> int:
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        async def body() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        await self.boundary({"type": "http", "path": "/x"}, receive or body, send)
        status: int = sent[0]["status"]
        return status


async def answers(_scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def test_a_request_that_takes_too_long_is_ended_and_is_a_fault() -> None:
    async def sleeps(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(30)

    visit = Visit(sleeps, request_s=0.05)
    assert await visit() == 500
    assert [type(fault) for fault in visit.faults] == [TimeoutError]


async def test_a_client_that_sends_slowly_takes_none_of_the_plugins_time() -> None:
    async def slowly() -> Message:
        await asyncio.sleep(0.2)
        return {"type": "http.request", "body": b"", "more_body": False}

    visit = Visit(answers, request_s=0.1)
    assert await visit(slowly) == 200
    assert visit.faults == []


async def test_a_client_that_never_sends_is_let_go_without_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dispatch.plugins.boundary.CLIENT_S", 0.05)

    async def never() -> Message:
        await asyncio.sleep(30)
        raise AssertionError

    visit = Visit(answers, request_s=10)
    assert await visit(never) == 408
    assert visit.faults == []


async def test_more_requests_than_a_plugin_may_have_are_told_to_come_again() -> None:
    gate = asyncio.Event()

    async def waits(scope: Scope, receive: Receive, send: Send) -> None:
        await gate.wait()
        await answers(scope, receive, send)

    visit = Visit(waits, at_once=2)
    async with asyncio.TaskGroup() as group:
        inside = [group.create_task(visit()) for _ in range(2)]
        await asyncio.sleep(0)
        assert await visit() == 503
        gate.set()
    assert [task.result() for task in inside] == [200, 200]
    assert await visit() == 200


def test_only_faults_close_together_count() -> None:
    faults = Faults()
    apart = WITHIN / (MOST_FAULTS - 2)
    assert not any(faults.note(NOON + n * apart, "x") for n in range(20))
    close = [faults.note(NOON + timedelta(hours=1, seconds=n), "y") for n in range(MOST_FAULTS)]
    assert close == [False] * (MOST_FAULTS - 1) + [True]
    assert (faults.total, faults.last) == (20 + MOST_FAULTS, "y")


def test_an_error_is_told_in_one_line_of_words() -> None:
    inner = ValueError("two\nlines")
    assert in_words(ExceptionGroup("many", [inner])) == "ValueError: two lines"
    assert in_words(KeyError()) == "KeyError"
    assert len(in_words(ValueError("x" * 5000))) < 400


async def test_a_transaction_that_is_held_too_long_is_undone_and_dispatch_waits_no_longer(on_sqlite: Served) -> None:
    admin = await on_sqlite.person("admin")
    await dispatch_one(on_sqlite)
    began = time.monotonic()
    held, _ = await asyncio.gather(admin.get(f"{API}/holds?seconds=30"), dispatch_one(on_sqlite))
    assert held.status_code == 500
    assert time.monotonic() - began < WORK_SQLITE_S + 3
    assert (await admin.get(f"{API}/count")).json()["count"] == 0


async def test_a_slow_plugin_leaves_dispatch_its_connections(served: Served) -> None:
    admin = await served.person("admin")
    shop = served.host.workshop(NAME)
    async with asyncio.TaskGroup() as group:
        gate = asyncio.Event()

        async def hold() -> None:
            async with shop.reading():
                await gate.wait()

        holders = [group.create_task(hold()) for _ in range(AT_ONCE)]
        await asyncio.sleep(0.1)
        await dispatch_one(served)
        busy = await admin.get(f"{API}/count")
        assert busy.status_code == 503
        gate.set()
    assert all(holder.done() for holder in holders)
    assert (await served.state())["faults"] == 0


async def test_the_budget_says_that_the_module_is_busy(on_sqlite: Served) -> None:
    shop = on_sqlite.host.workshop(NAME)
    async with shop.reading(), shop.reading():
        with pytest.raises(Unavailable, match="busy"):
            async with shop.reading():
                pass


@pytest.mark.parametrize("how", ["core", "join", "text", "driver", "write"])
async def test_a_plugin_reads_nothing_but_its_own_tables(served: Served, how: str) -> None:
    assert (await (await served.person()).get(f"{API}/peeks?how={how}")).status_code == 500
    assert (await (await served.person("admin")).get(f"{API}/count")).json()["count"] == 0


async def test_a_read_changes_nothing_and_a_transaction_its_own_rows(on_sqlite: Served) -> None:
    shop = on_sqlite.host.workshop(NAME)
    with pytest.raises(OutOfBounds, match="reading"):
        async with shop.reading() as reading:
            reading.session.add(thing(reading, "hat"))
            await reading.session.flush()
    async with shop.working() as work:
        work.session.add(thing(work, "hat"))
    with pytest.raises(ZeroDivisionError):
        async with shop.working() as work:
            work.session.add(thing(work, "lost again"))
            await work.session.flush()
            raise ZeroDivisionError
    async with shop.reading() as reading:
        from sqlalchemy import select

        assert (await reading.session.scalars(select(Thing.what))).all() == ["hat"]


async def test_only_declared_events_are_emitted(on_sqlite: Served) -> None:
    with pytest.raises(ValueError, match="does not declare"):
        async with on_sqlite.host.workshop(NAME).working() as work:
            work.emit("lost", {})


async def test_overtime_is_told_apart_from_a_time_out_of_the_plugins_own(on_sqlite: Served) -> None:
    shop = on_sqlite.host.workshop(NAME)
    with pytest.raises(OverTime, match="2 s"):
        async with shop.working():
            await asyncio.sleep(5)
    with pytest.raises(Unavailable):
        async with shop.working():
            raise TimeoutError("its own")


async def test_villages_are_the_gazetteers(on_sqlite: Served) -> None:
    async with on_sqlite.host.workshop(NAME).reading() as reading:
        villages = await reading.villages()
    assert len(villages) == 54
    assert ("Penajam", "Petung") in {(village.district, village.name) for village in villages}


async def test_the_centres_own_pages_may_ask_for_more_time() -> None:
    async def imports(scope: Scope, receive: Receive, send: Send) -> None:
        scope[CLOCK].extend(5)
        await asyncio.sleep(0.2)
        await answers(scope, receive, send)

    visit = Visit(imports, request_s=0.05)
    assert await visit() == 200
