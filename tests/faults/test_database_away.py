"""The database goes away under a centre whose sockets are open: the screens say so, and it heals by itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from sqlalchemy import make_url
from websockets.exceptions import ConnectionClosed

from dispatch.db import Database
from dispatch.errors import Unavailable
from dispatch.words import Role
from tests.conftest import ManualClock
from tests.realtime_world import Line, Office, Wire

pytestmark = pytest.mark.postgres


@pytest.fixture
async def wire(postgres_url: str) -> AsyncIterator[Wire]:
    url = make_url(postgres_url)
    line = Wire(url.host or "127.0.0.1", url.port or 5432)
    await line.mend()
    yield line
    await line.cut()


@pytest.fixture
async def office(postgres_url: str, wire: Wire, clock: ManualClock) -> AsyncIterator[Office]:
    url = make_url(postgres_url).set(host="127.0.0.1", port=wire.port)
    db = Database(url.render_as_string(hide_password=False), clock=clock)
    async with Office(db).open() as served:
        yield served
    await db.close()


async def database_is(line: Line, ok: bool) -> None:
    while True:
        for part in (await line.until("health"))["parts"]:
            if part["part"] == "database" and part["ok"] is ok:
                return


async def test_open_screens_say_within_two_seconds_that_the_database_is_away_and_heal(
    office: Office, wire: Wire
) -> None:
    token = await office.token("rina", Role.CALL_TAKER)
    async with office.subscribed(token) as line:
        await line.until("beat")
        await wire.cut()
        async with asyncio.timeout(2):
            await database_is(line, False)
        await line.until("beat")
        with pytest.raises(Unavailable):
            await office.note("lost")
        await wire.mend()
        await database_is(line, True)
        await office.note("after")
        await line.until("event")
    assert line.texts == ["after"]


async def test_a_face_that_comes_back_while_the_database_is_away_is_told_to_try_later(
    office: Office, wire: Wire
) -> None:
    token = await office.token("rina", Role.CALL_TAKER)
    await wire.cut()
    async with office.subscribed(token) as line:
        with pytest.raises(ConnectionClosed) as closed:
            await line.until("welcome")
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1013
    await wire.mend()


async def test_a_snapshot_that_the_database_cannot_give_now_comes_when_it_is_back(office: Office, wire: Wire) -> None:
    token = await office.token("rina", Role.CALL_TAKER)
    async with office.line(token) as line:
        await asyncio.sleep(0.3)  # recognised; the subscription comes when the database has gone
        await wire.cut()
        await line.say({"t": "subscribe", "topics": ["ops"], "since": None})
        assert (await line.next())["resumed"] is False
        await database_is(line, False)
        await wire.mend()
        assert await line.until("snapshot")
        with suppress(Unavailable):  # the pool may still hold a connection that died
            await office.note("live")
        await office.note("live")
        await line.until("event")
