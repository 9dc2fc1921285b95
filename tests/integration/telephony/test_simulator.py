"""The simulator against the real thing: recorded events, the gazetteer's villages, the figures of real centres."""

import asyncio
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from telephony.simulator import Day, PbxSimulator
from telephony.simulator.places import LANDMARKS, ROADS, VILLAGES, WATERS
from telephony.simulator.stories import STORIES
from telephony.wire import AmiParser
from tests.integration.telephony.world import now

RECORDINGS = Path(__file__).parents[2] / "data" / "ami"
OWN = frozenset({"SiagaTranscript"})


def shapes(raw: bytes) -> dict[str, set[tuple[str, ...]]]:
    """The sequences of keys by event, without what a dialplan adds."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for block in raw.split(b"\r\n\r\n"):
        lines = block.decode("utf-8", "replace").strip().split("\r\n")
        keys = tuple(line.partition(":")[0] for line in lines)
        if keys[0] == "Event":
            found.setdefault(lines[0].partition(": ")[2], set()).add(keys)
    return found


async def read_all(port: int, actions: list[str]) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for action in ["Action: Login\r\nUsername: siaga\r\nSecret: siaga-test\r\nActionID: 0", *actions]:
        writer.write(action.encode() + b"\r\n\r\n")
    return reader, writer


async def test_events_have_the_fields_of_a_real_asterisk_in_their_order() -> None:
    recorded: dict[str, set[tuple[str, ...]]] = {}
    for file in RECORDINGS.glob("*.ami"):
        for event, keys in shapes(file.read_bytes()).items():
            recorded.setdefault(event, set()).update(keys)
    async with PbxSimulator(clock=now, desks=["101", "102"], auto_answer=["102"], ring_s=6, speed=50) as pbx:
        reader, writer = await read_all(pbx.port, [])
        calls = [await pbx.call(ani="081254001001", name="Budi", lines=["Halo"], patience_s=5000)]
        calls.append(await pbx.call(ani="085347002002", patience_s=1))
        async with asyncio.timeout(4):
            while calls[0].outcome != "talking" or not calls[1].ended.is_set():  # noqa: ASYNC110  no event tells of both
                await asyncio.sleep(0.01)
        for name in ("CoreShowChannels", "QueueStatus", "Status", "BridgeList"):
            writer.write(f"Action: {name}\r\nActionID: {name}\r\n\r\n".encode())
        pbx.set_paused("101", True, "istirahat")
        await asyncio.sleep(0.2)
        calls[0].hang_up()
        await asyncio.gather(*(call.ended.wait() for call in calls))
        await asyncio.sleep(0.02)
        pbx.drop_connections()
        said = await reader.read()
        writer.close()
    simulated = shapes(said)
    assert {"AgentCalled", "AgentConnect", "AgentComplete", "Hangup", "QueueCallerJoin", "Status"} <= set(simulated)
    for event, keys in simulated.items():
        if event == "UserEvent":
            continue
        assert keys <= recorded[event], f"{event}: {keys - recorded[event]}"


async def test_actions_are_answered_in_the_words_of_asterisk() -> None:
    async with PbxSimulator(clock=now) as pbx:
        asked = [
            "Action: Ping",
            "Action: Hangup\r\nChannel: PJSIP/none",
            "Action: QueueAdd\r\nQueue: nope",
            "Action: X",
        ]
        reader, writer = await read_all(pbx.port, [*asked, "Action: Logoff"])
        messages = AmiParser().feed(await reader.read())
        writer.close()
    said = [message.get("Message") or message.get("Ping") for message in messages if message.response]
    assert said == [
        "Authentication accepted",
        "Pong",
        "No such channel",
        "Unable to add interface to queue: No such queue",
        "Invalid/unknown command: X. Use Action: ListCommands to show available commands.",
        "Thanks for all the fish.",
    ]


async def test_desk_that_is_paused_is_not_rung() -> None:
    async with PbxSimulator(clock=now, desks=["101", "102"], auto_answer=["101", "102"], speed=50) as pbx:
        pbx.set_paused("101", True)
        calls = [await pbx.call(ani="0812", patience_s=60) for _ in range(3)]
        await asyncio.gather(*(call.ended.wait() for call in calls))
    agents = {line.agent for line in pbx.queue_log if line.event == "CONNECT"}
    assert agents == {"Call-taker 102"}


def test_same_seed_is_the_same_day() -> None:
    assert list(islice(Day(seed=5).calls(), 200)) == list(islice(Day(seed=5).calls(), 200))
    assert list(islice(Day(seed=5).calls(), 200)) != list(islice(Day(seed=6).calls(), 200))


def test_day_has_calls_of_every_kind_in_believable_shares() -> None:
    calls = list(islice(Day(rate_per_hour=60).calls(), 4000))
    kinds = Counter(call.kind for call in calls)
    first = len(calls) - kinds["repeated"]
    false = sum(kinds[kind] for kind in ("prank", "ghost", "information", "accidental"))
    assert 0.40 < false / first < 0.50
    assert kinds["repeated"] > 100
    assert kinds["abandoned"] > 100
    assert all(not call.lines for call in calls if call.kind == "ghost")
    assert first / (calls[-1].at_s / 3600) == pytest.approx(60, rel=0.1)
    assert [call.at_s for call in calls] == sorted(call.at_s for call in calls)


def test_callers_of_one_incident_report_the_same_thing_at_the_same_place() -> None:
    incidents: dict[int, set[tuple[object, object]]] = {}
    for call in islice(Day().calls(), 2000):
        if call.incident is not None:
            incidents.setdefault(call.incident, set()).add((call.type, call.spot))
    assert all(len(told) == 1 for told in incidents.values())


def test_real_callers_say_where_it_is() -> None:
    for call in islice(Day().calls(), 2000):
        if call.spot is not None:
            assert any(call.spot.said in line for line in call.lines), call


def test_stories_cover_every_type_with_several_tellings() -> None:
    types = {story.type for story in STORIES}
    assert types >= {
        *("kebakaran-bangunan", "kecelakaan-lalu-lintas", "darurat-medis", "kriminalitas", "banjir", "longsor"),
        *("hewan-buas", "orang-tenggelam", "kecelakaan-laut", "pohon-tumbang", "listrik", "kdrt", "orang-hilang"),
        "gangguan-ketertiban",
    }
    assert all(len(story.tellings) >= 2 for story in STORIES)


def test_places_lie_in_the_54_villages() -> None:
    villages = [village for names in VILLAGES.values() for village in names]
    assert len(villages) == len(set(villages)) == 54
    assert {spot.village for spot in (*LANDMARKS, *ROADS, *WATERS)} <= set(villages)
