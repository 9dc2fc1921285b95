"""The WebSocket protocol's pure half, and that docs/realtime.md says what the models say."""

import json
import re
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.uri import parse_uri

from dispatch.realtime import wire
from dispatch.realtime.ring import Kept, NewestPositions, Ring
from dispatch.views import Point, UnitPosition
from dispatch.words import Role

DOCS = Path(__file__).parents[2] / "docs/realtime.md"
BLOCK = re.compile(
    r"^### `(?P<name>\w+)`.*?\n```json\n(?P<example>.*?)```\n.*?```json schema\n(?P<schema>.*?)```", re.S | re.M
)
DEFINITIONS = re.compile(r"```json definitions\n(.*?)```", re.S)
CLIENT = {"Subscribe", "ClientBeat"}
SCHEMAS = wire.schemas()


def documented() -> Iterator[tuple[str, str, Any]]:
    for block in BLOCK.finditer(DOCS.read_text()):
        yield block["name"], block["example"], json.loads(block["schema"])


@pytest.mark.parametrize(("name", "example"), [(name, example) for name, example, _ in documented()])
def test_a_documented_example_is_a_message_of_its_kind(name: str, example: str) -> None:
    message = wire.parse_client(example) if name in CLIENT else wire.SERVER_MESSAGES.validate_json(example)
    assert type(message).__name__ == name


@pytest.mark.parametrize(("name", "schema"), [(name, schema) for name, _, schema in documented()])
def test_a_documented_schema_is_the_models_own(name: str, schema: Any) -> None:
    assert schema == SCHEMAS[name], f"docs/realtime.md, {name}: {json.dumps(SCHEMAS[name])}"


def test_every_message_is_documented() -> None:
    assert {name for name, _, _ in documented()} == messages()


def test_all_that_messages_hold_is_documented() -> None:
    found = DEFINITIONS.search(DOCS.read_text())
    assert found is not None
    for name, definition in json.loads(found[1]).items():
        assert definition == SCHEMAS.get(name), f"docs/realtime.md, {name}: {SCHEMAS.get(name)}"
    assert set(json.loads(found[1])) == set(SCHEMAS) - messages()


def messages() -> set[str]:
    return {name for name, schema in SCHEMAS.items() if "t" in schema.get("properties", {})}


def received(frames: bytes) -> list[Frame]:
    """What an independent WebSocket client makes of these bytes."""
    client = ClientProtocol(parse_uri("ws://127.0.0.1/"), state=State.OPEN, max_size=None)
    client.receive_data(frames)
    events = client.events_received()
    assert client.parser_exc is None
    return [event for event in events if isinstance(event, Frame)]


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65535, 65536, 70000])
def test_a_frame_of_any_length_is_read_by_another_implementation(size: int) -> None:
    text = b"x" * size
    (frame,) = received(wire.frame(text))
    assert (frame.opcode, frame.fin, bytes(frame.data)) == (Opcode.TEXT, True, text)


@given(st.lists(st.text(max_size=300).map(str.encode), max_size=8))
def test_joined_frames_are_read_as_the_messages_they_were(texts: list[bytes]) -> None:
    assert [bytes(frame.data) for frame in received(b"".join(map(wire.frame, texts)))] == texts


def test_an_event_is_sent_around_its_payload_as_stored() -> None:
    payload = '{"type":"x","data":{"text":"é \\" }"}}'
    (frame,) = received(wire.encode_event(7, payload))
    assert bytes(frame.data).decode() == '{"t":"event","seq":7,"event":' + payload + "}"


@given(
    st.one_of(
        st.text(max_size=400),
        st.binary(max_size=50),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=8),
            lambda inner: (
                st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["t", "topics", "since", "x"]), inner)
            ),
            max_leaves=12,
        ).map(json.dumps),
    )
)
def test_whatever_a_client_sends_is_a_message_or_junk(data: str | bytes) -> None:
    try:
        said: object = wire.parse_client(data)
    except wire.Junk as junk:
        said = junk
    assert isinstance(said, wire.Subscribe | wire.ClientBeat | wire.Junk)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ("", None),
        (b'{"t":"beat"}', None),
        ("{}", "t"),
        ("null", None),
        ('{"t":"subscribe"}', "topics"),
        ('{"t":"subscribe","topics":["ops",5]}', "topics.1"),
        ('{"t":"subscribe","topics":["ops"],"since":1.5}', "since"),
        ('{"t":"subscribe","topics":["ops"],"since":true}', "since"),
        ('{"t":"subscribe","topics":["ops"],"since":9223372036854775808}', "since"),
        (json.dumps({"t": "subscribe", "topics": ["x"] * 9}), "topics"),
        (json.dumps({"t": "subscribe", "topics": ["x" * 81]}), "topics.0"),
        (json.dumps({"t": "beat", "pad": "x" * 4096}), None),
    ],
)
def test_junk_names_its_field(data: str | bytes, field: str | None) -> None:
    with pytest.raises(wire.Junk) as junk:
        wire.parse_client(data)
    assert junk.value.field == field


@pytest.mark.parametrize(
    ("roles", "unit_id", "topics"),
    [
        ({Role.CALL_TAKER}, None, {"ops", "positions"}),
        ({Role.DISPATCHER}, None, {"ops", "positions"}),
        ({Role.SUPERVISOR}, None, {"ops", "positions", "audit", "plugins"}),
        ({Role.ADMIN}, None, {"ops", "positions", "audit", "plugins"}),
        ({Role.OFFICER}, None, set()),
        ({Role.RESPONDER}, "u-1", {"unit:u-1"}),
        ({Role.RESPONDER}, None, set()),
        ({Role.DISPATCHER}, "u-1", {"ops", "positions"}),
        ({Role.DISPATCHER, Role.RESPONDER}, "u-1", {"ops", "positions", "unit:u-1"}),
        (set(), "u-1", set()),
    ],
)
def test_roles_give_topics(roles: set[Role], unit_id: str | None, topics: set[str]) -> None:
    assert wire.rights(roles, unit_id) == topics


def test_the_first_topic_that_may_not_be_seen_is_named() -> None:
    assert wire.refused(["ops", "audit", "unit:x"], {Role.CALL_TAKER}, None) == "audit"
    assert wire.refused(["unit:u-1"], {Role.RESPONDER}, "u-2") == "unit:u-1"
    assert wire.refused(["ops"], {Role.CALL_TAKER}, None) is None


@pytest.mark.parametrize(
    ("since", "head", "way"),
    [
        (None, 100, wire.Resume.SNAPSHOT),
        (100, None, wire.Resume.RING),
        (90, None, wire.Resume.RING),
        (89, None, wire.Resume.SNAPSHOT),
        (89, 100, wire.Resume.LOG),
        (0, 100, wire.Resume.LOG),
        (101, None, wire.Resume.SNAPSHOT),
        (101, 103, wire.Resume.LOG),
        (104, 103, wire.Resume.SNAPSHOT),
        (0, wire.REPLAY_MAX, wire.Resume.LOG),
        (0, wire.REPLAY_MAX + 1, wire.Resume.SNAPSHOT),
    ],
)
def test_a_client_resumes_from_the_ring_the_log_or_a_snapshot(
    since: int | None, head: int | None, way: wire.Resume
) -> None:
    assert wire.resume(since, ring_first=91, ring_last=100, head=head) is way


def kept(seq: int, size: int = 10) -> Kept:
    return Kept(seq, ("ops",), b"x" * size)


@given(st.integers(0, 50), st.integers(0, 120), st.integers(1, 40), st.integers(10, 400))
def test_the_ring_holds_the_newest_without_gap_within_both_bounds(start: int, count: int, most: int, size: int) -> None:
    ring = Ring(start, events=most, size=size)
    for seq in range(start + 1, start + count + 1):
        ring.push(kept(seq))
    held = [event.seq for event in ring.after(ring.first - 1)]
    assert held == list(range(ring.first, ring.last + 1))
    assert len(held) == min(count, most, size // 10)
    for since in range(start - 1, start + count + 2):
        if ring.covers(since):
            assert [event.seq for event in ring.after(since)] == list(range(since + 1, ring.last + 1))
        else:
            assert since < ring.first - 1 or since > ring.last


def test_the_ring_refuses_a_gap() -> None:
    ring = Ring(5)
    with pytest.raises(ValueError, match="does not follow"):
        ring.push(kept(7))


def position(unit_id: str, second: float) -> UnitPosition:
    at = datetime(2026, 11, 24, tzinfo=UTC) + timedelta(seconds=second)
    return UnitPosition(unit_id=unit_id, point=Point(lat=0, lon=second), at=at)


def test_positions_are_told_once_the_newest_of_each_unit() -> None:
    newest = NewestPositions()
    newest.seed([position("old", 1), position("a", 1)])
    assert newest.drain() == []
    newest.take([position("b", 2), position("a", 5), position("a", 4)])
    assert newest.drain() == [position("a", 5), position("b", 2)]
    newest.take([position("a", 5), position("b", 1)])
    assert newest.drain() == []
    newest.seed([position("a", 1)])
    assert sorted(item.unit_id for item in newest.all()) == ["a", "b", "old"]
    assert position("a", 5) in newest.all()


def test_the_length_of_a_frame_is_in_network_order() -> None:
    assert wire.frame(b"x" * 300)[:4] == struct.pack("!BBH", 0x81, 126, 300)


def test_a_message_is_encoded_as_its_finished_frame() -> None:
    beat = wire.ServerBeat(seq=3, at=datetime(2026, 11, 24, tzinfo=UTC))
    (frame,) = received(wire.encode(beat))
    assert wire.SERVER_MESSAGES.validate_json(bytes(frame.data)) == beat
