"""Sockets against a served hub on both databases: snapshot then live, resume, rights, and what ends a connection."""

import asyncio
import json
import random
from collections.abc import AsyncIterator

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from dispatch import log
from dispatch.actor import Actor
from dispatch.db import Database
from dispatch.events import AUDIT, OPS, IncidentNoted
from dispatch.people.service import actor_of_session, sign_out
from dispatch.realtime import api, hub
from dispatch.realtime.wire import POSITIONS, SERVER_MESSAGES
from dispatch.views import Point, UnitPosition
from dispatch.words import Role
from tests.conftest import ManualClock
from tests.realtime_world import Line, Office


@pytest.fixture
async def office(db: Database) -> AsyncIterator[Office]:
    async with Office(db).open() as served:
        yield served


async def closed_with(line: Line) -> int:
    """Read until the server closes; the code."""
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            await line.next(beats=True)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


async def test_a_face_gets_welcome_health_snapshot_then_live_events(office: Office) -> None:
    token = await office.token("rina", Role.CALL_TAKER)
    await office.note("before")
    async with office.subscribed(token) as line:
        welcome, health, snapshot = [await line.next() for _ in range(3)]
        assert (welcome["t"], welcome["resumed"], welcome["user"]["username"]) == ("welcome", False, "rina")
        assert health["t"] == "health"
        assert snapshot["t"] == "snapshot"
        await office.note("after")
        event = await line.until("event")
    assert event["event"]["data"]["text"] == "after"
    assert event["seq"] == snapshot["seq"] + 1


async def test_every_message_of_the_server_fits_its_documented_schema(office: Office) -> None:
    token = await office.token("rina", Role.CALL_TAKER)
    async with office.subscribed(token, OPS, POSITIONS) as line:
        kinds = {(await line.next())["t"] for _ in range(3)}
        await line.until("beat")
        office.hub.positions([UnitPosition(unit_id="u", point=Point(lat=-1.3, lon=116.5), at=office.db.clock())])
        await office.note("x")
        while not {"welcome", "health", "snapshot", "event", "positions", "beat"} <= kinds:
            message = SERVER_MESSAGES.validate_json(json.dumps(await line.next(beats=True)))
            kinds.add(message.t)


async def test_beat_says_up_to_where_everything_visible_was_sent(office: Office) -> None:
    token = await office.token("rina", Role.CALL_TAKER)
    async with office.subscribed(token) as line:
        await line.until("snapshot")
        await office.note("for others", "unit:elsewhere")
        async with office.db.reading() as session:
            head = await log.head(session)
        await line.read_to(head)
        assert line.events == []


async def test_resume_gives_what_was_missed_once_and_in_order(office: Office) -> None:
    token = await office.token("rina", Role.CALL_TAKER)
    async with office.subscribed(token) as line:
        await line.until("snapshot")
        await office.note("seen")
        await line.until("event")
    for text in ("missed 1", "missed 2"):
        await office.note(text)
    async with office.subscribed(token, since=line.seen) as again:
        assert (await again.next())["resumed"] is True
        await office.note("live")
        await again.read_to(line.seen + 3)
    assert again.texts == ["missed 1", "missed 2", "live"]


async def test_resume_after_a_restart_reads_the_log(office: Office, db: Database) -> None:
    token = await office.token("rina", Role.CALL_TAKER)
    async with office.subscribed(token) as line:
        await line.until("snapshot")
    for number in range(hub.READ_BATCH + 10):
        await office.note(str(number))
    async with Office(db).open() as restarted, restarted.subscribed(token, since=line.seen) as again:
        assert (await again.next())["resumed"] is True
        await again.read_to(line.seen + hub.READ_BATCH + 10)
    assert again.texts == [str(number) for number in range(hub.READ_BATCH + 10)]


async def test_a_client_ahead_of_the_log_or_far_behind_is_given_a_snapshot(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await office.token("rina", Role.CALL_TAKER)
    async with office.subscribed(token, since=10_000_000) as line:
        assert (await line.next())["resumed"] is False
        assert await line.until("snapshot")


async def test_exactly_once_in_order_with_eight_writers_and_a_socket_cut_at_random(office: Office) -> None:
    token = await office.token("rina", Role.CALL_TAKER)
    chance = random.Random(112)
    got: list[str] = []
    seqs: list[int] = []
    async with office.db.reading() as session:
        since = await log.head(session)
    end = since + 8 * 25

    async def write(writer: int) -> None:
        for number in range(25):
            await office.note(f"{writer}/{number}")
            await asyncio.sleep(chance.random() / 100)

    async with asyncio.TaskGroup() as writers:
        for writer in range(8):
            writers.create_task(write(writer))
        while since < end:
            async with office.subscribed(token, since=since) as line:
                patience = chance.randrange(1, 40)
                while line.seen < end and patience:
                    patience -= 1
                    await line.next(beats=True)
                line.socket.transport.abort()
            since = max(since, line.seen)
            got += line.texts
            seqs += line.events
    assert seqs == list(range(end - 199, end + 1))
    assert sorted(got) == sorted(f"{writer}/{number}" for writer in range(8) for number in range(25))


async def test_a_crew_sees_its_own_topic_alone(office: Office) -> None:
    office_people = await office.token("kru", Role.RESPONDER)
    async with office.subscribed(office_people, "unit:u-1") as line:
        assert await closed_with(line) == 4403


@pytest.mark.parametrize(("role", "topic"), [(Role.RESPONDER, OPS), (Role.CALL_TAKER, AUDIT), (Role.ADMIN, "unit:u")])
async def test_a_topic_that_the_role_may_not_see_is_refused(office: Office, role: Role, topic: str) -> None:
    token = await office.token("somebody", role)
    async with office.subscribed(token, topic) as line:
        error = await line.next()
        assert (error["t"], error["field"]) == ("error", "topics")
        assert topic in error["detail"]
        assert await closed_with(line) == 4403


@pytest.mark.parametrize(
    ("junk", "field"),
    [
        ("hello", None),
        ("[" * 3000, None),
        (b"\x00\x01", None),
        ('{"t":"beat"}', "t"),
        ('{"t":"drop table"}', "t"),
        ('{"t":"subscribe","topics":["ops"],"since":"yesterday"}', "since"),
        ('{"t":"subscribe","topics":["ops"],"since":-1}', "since"),
        ('{"t":"subscribe","topics":[]}', "topics"),
        ('{"t":"subscribe","topics":["ops"],"cookie":1}', "cookie"),
    ],
)
async def test_junk_is_answered_by_an_error_that_names_the_field(
    office: Office, junk: str | bytes, field: str | None
) -> None:
    token = await office.token("rina", Role.CALL_TAKER)
    async with office.line(token) as line:
        await line.socket.send(junk)
        error = await line.next()
        assert (error["t"], error["field"]) == ("error", field)
        assert await closed_with(line) == 1008


async def test_a_second_subscribe_is_junk_and_the_others_go_on(office: Office) -> None:
    token = await office.token("rina", Role.CALL_TAKER)
    async with office.subscribed(token) as good, office.subscribed(token) as bad:
        await good.until("snapshot")
        await bad.until("snapshot")
        await bad.say({"t": "subscribe", "topics": ["ops"]})
        assert await closed_with(bad) == 1008
        await office.note("still here")
        assert (await good.until("event"))["event"]["data"]["text"] == "still here"


async def test_an_oversized_message_ends_the_connection(office: Office) -> None:
    token = await office.token("rina", Role.CALL_TAKER)
    async with office.line(token) as line:
        await line.socket.send("x" * 5000)
        assert await closed_with(line) == 1009


async def test_broken_utf8_ends_the_connection_and_the_process_lives(office: Office) -> None:
    token = await office.token("rina", Role.CALL_TAKER)
    async with office.line(token) as line:
        await line.socket.send(b"\xff\xfe", text=True)
        assert await closed_with(line) == 1007
    async with office.subscribed(token) as line:
        assert await line.until("snapshot")


async def test_nobody_without_a_session_gets_in(office: Office) -> None:
    async with office.subscribed("no-such-token") as line:
        assert await closed_with(line) == 4401


async def test_another_sites_page_is_refused_before_the_handshake(office: Office) -> None:
    token = await office.token("rina", Role.CALL_TAKER)
    with pytest.raises(InvalidStatus) as refused:
        async with office.line(token, headers={"Origin": "https://evil.example"}):
            pass
    assert refused.value.response.status_code == 403


async def test_signing_out_closes_the_socket_at_once(office: Office) -> None:
    token = await office.token("rina", Role.CALL_TAKER)
    other = await office.token("budi", Role.CALL_TAKER)
    async with office.subscribed(token) as line, office.subscribed(other) as stays:
        await line.until("snapshot")
        await stays.until("snapshot")
        async with office.db.reading() as session:
            actor = await actor_of_session(session, token, office.db.clock())
        assert isinstance(actor, Actor)
        async with office.db.transaction(actor) as tx:
            await sign_out(tx)
        assert await closed_with(line) == 4401
        await office.note("go on")
        await stays.until("event")


async def test_a_session_that_expires_closes_the_socket(
    office: Office, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "SESSION_CHECK_S", (0.05, 0.1))
    token = await office.token("rina", Role.CALL_TAKER)
    async with office.subscribed(token) as line:
        await line.until("snapshot")
        clock.advance(office.settings.session_hours * 3600 + 1)
        assert await closed_with(line) == 4401


async def test_a_socket_that_asks_for_nothing_is_closed(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "SUBSCRIBE_WITHIN_S", 0.1)
    async with office.line(await office.token("rina", Role.CALL_TAKER)) as line:
        assert await closed_with(line) == 1008


async def test_a_silent_client_is_cut_and_a_beating_one_is_not(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "SILENT_S", 1.5)
    token = await office.token("rina", Role.CALL_TAKER)
    async with office.subscribed(token) as silent, office.subscribed(token) as beating:

        async def beat() -> None:
            for _ in range(15):
                await beating.say({"t": "beat"})
                await asyncio.sleep(0.2)

        async with asyncio.TaskGroup() as group:
            group.create_task(beat())
            assert await closed_with(silent) == 4408
        await office.note("go on")
        await beating.until("event")


async def test_positions_reach_those_who_asked_newest_of_each_unit_only(office: Office) -> None:
    token = await office.token("rina", Role.CALL_TAKER)

    def at(unit_id: str, lat: float, second: int) -> UnitPosition:
        moment = office.db.clock().replace(second=second)
        return UnitPosition(unit_id=unit_id, point=Point(lat=lat, lon=116.5), at=moment)

    async with office.subscribed(token, OPS, POSITIONS) as line, office.subscribed(token, OPS) as without:
        await line.until("snapshot")
        await line.until("beat")
        office.hub.positions([at("u-1", -1.1, 1), at("u-1", -1.3, 3), at("u-1", -1.2, 2), at("u-2", -1.0, 1)])
        items = (await line.until("positions"))["items"]
        assert [(item["unit_id"], item["point"]["lat"]) for item in items] == [("u-1", -1.3), ("u-2", -1.0)]
        await office.note("end")
        await without.until("event")
    async with office.subscribed(token, OPS, POSITIONS) as late:
        assert len((await late.until("positions"))["items"]) == 2


async def test_a_silent_telephony_adapter_shows_on_every_screen(office: Office, clock: ManualClock) -> None:
    token = await office.token("rina", Role.CALL_TAKER)
    office.hub.health.report("pbx:main", True)
    async with office.subscribed(token) as line:
        await line.until("snapshot")
        clock.advance(6)
        while True:
            parts = {part["part"]: part for part in (await line.until("health"))["parts"]}
            if not parts["pbx:main"]["ok"]:
                break
    assert parts["pbx:main"]["detail"] == "no word from the telephony adapter"


async def test_an_event_of_several_topics_comes_once(office: Office) -> None:
    token = await office.token("haris", Role.SUPERVISOR)
    async with office.subscribed(token, OPS, AUDIT) as line:
        await line.until("snapshot")
        async with office.db.transaction() as tx:
            tx.record(IncidentNoted(incident_id="i", text="both"), topics=(OPS, AUDIT))
            tx.record(IncidentNoted(incident_id="i", text="end"), topics=(AUDIT,))
        await line.until("event")
        await line.until("event")
    assert line.texts == ["both", "end"]
