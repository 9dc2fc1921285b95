"""AMI bytes to messages: any cuts, any garbage, within bounds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.wire import MAX_LINE_CHARS, MAX_MESSAGE_BYTES, NOISY_EVENTS, AmiMessage, AmiParser
from tests.unit.telephony.streams import cut, load

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
EVERYTHING: frozenset[str] = frozenset()


def parse(raw: bytes, skip: frozenset[str] = EVERYTHING) -> list[AmiMessage]:
    return AmiParser(skip).feed(raw)


def test_banner_is_kept_apart_from_the_messages() -> None:
    parser = AmiParser()
    messages = parser.feed(BANNER + b"Response: Success\r\nActionID: 7\r\nMessage: hello: there\r\n\r\n")
    assert parser.banner == "Asterisk Call Manager/11.0.0"
    assert [(m.response, m.action_id, m.event, m.get("Message")) for m in messages] == [
        ("Success", "7", "", "hello: there")
    ]


def test_a_stream_without_banner_is_read_all_the_same() -> None:
    parser = AmiParser()
    assert [m.event for m in parser.feed(b"Event: FullyBooted\r\n\r\n")] == ["FullyBooted"]
    assert parser.banner == ""


def test_endless_first_line_is_not_waited_for() -> None:
    parser = AmiParser()
    assert parser.feed(b"x" * (MAX_LINE_CHARS + 1)) == []
    assert parser.banner == ""
    assert [m.event for m in parser.feed(b"\r\n\r\nEvent: Hangup\r\n\r\n")] == ["Hangup"]


def test_message_waits_for_its_blank_line() -> None:
    parser = AmiParser()
    assert parser.feed(BANNER + b"Event: Hangup\r\nCause: 16\r") == []
    assert parser.feed(b"\n\r") == []
    assert parser.feed(b"\n") == [AmiMessage({"Event": "Hangup", "Cause": "16"})]


def test_character_cut_between_two_reads_is_whole() -> None:
    name = "José".encode()
    parser = AmiParser()
    assert parser.feed(BANNER + b"CallerIDName: " + name[:-1]) == []
    assert [m.get("CallerIDName") for m in parser.feed(name[-1:] + b"\r\n\r\n")] == ["José"]


def test_invalid_utf8_is_replaced_and_the_rest_stands() -> None:
    (message,) = parse(b"CallerIDName: Jos\xe9 \xff\r\nCause: 16\r\n\r\n")
    assert message.fields == {"CallerIDName": "Jos� �", "Cause": "16"}


def test_line_without_colon_is_ignored() -> None:
    (message,) = parse(b"Event: Hangup\r\nnonsense\r\nCause: 16\r\n\r\n")
    assert message.fields == {"Event": "Hangup", "Cause": "16"}


def test_block_without_any_field_is_no_message() -> None:
    assert parse(b"\r\n\r\nnonsense\r\n\r\nEvent: A\r\n\r\n") == [AmiMessage({"Event": "A"})]


def test_value_without_blank_after_the_colon_is_read() -> None:
    (message,) = parse(b"Event:Hangup\r\nCause-txt:\r\n\r\n")
    assert message.fields == {"Event": "Hangup", "Cause-txt": ""}


def test_missing_key_is_an_empty_text() -> None:
    message = AmiMessage({"Event": "Hangup"})
    assert (message.get("Cause"), message.get("Cause", "0"), message.all("Cause")) == ("", "0", ())


def test_first_of_repeated_keys_counts_and_all_are_kept() -> None:
    """A dialplan's UserEvent must not be able to overwrite the PBX's own fields."""
    (message,) = parse(b"Event: UserEvent\r\nUniqueid: 1.1\r\nUniqueid: forged\r\nEvent: Hangup\r\n\r\n")
    assert (message.event, message.get("Uniqueid")) == ("UserEvent", "1.1")
    assert message.all("Uniqueid") == ("1.1", "forged")
    assert message.all("Event") == ("UserEvent", "Hangup")


def test_output_of_a_command_keeps_every_line() -> None:
    (message,) = parse(b"Response: Success\r\nOutput: one\r\nOutput: \r\nOutput: key: value\r\n\r\n")
    assert message.all("Output") == ("one", "", "key: value")
    assert message.all("Response") == ("Success",)


def test_noisy_events_are_passed_over_by_name() -> None:
    parser = AmiParser()
    messages = parser.feed(
        BANNER
        + b"Event: VarSet\r\nVariable: a\r\n\r\n\r\n"  # the real server ends some with two blank lines
        + b"Event: RTCPSent\r\n\r\nPrivilege: call\r\nEvent: CEL\r\n\r\nEvent: Hangup\r\n\r\n"
    )
    assert [m.event for m in messages] == ["Hangup"]
    assert parser.skipped == 3
    assert "Hangup" not in NOISY_EVENTS


def test_long_line_is_cut_and_counted() -> None:
    parser = AmiParser()
    long = b"V: " + b"x" * MAX_LINE_CHARS
    (message,) = parser.feed(b"Event: A\r\n" + long + b"\r\nLast: 1\r\n\r\n")
    assert message.get("V") == "x" * (MAX_LINE_CHARS - 3)
    assert message.get("Last") == "1"
    assert parser.cut_lines == 1


def test_message_of_many_short_lines_is_not_cut() -> None:
    parser = AmiParser()
    lines = b"".join(b"K%d: v\r\n" % n for n in range(2000))
    (message,) = parser.feed(lines + b"\r\n")
    assert len(message.fields) == 2000
    assert parser.cut_lines == 0


@pytest.mark.parametrize("size", [MAX_MESSAGE_BYTES - 1, MAX_MESSAGE_BYTES, MAX_MESSAGE_BYTES + 1])
@pytest.mark.parametrize("portion", [1 << 30, 65536, 1000])
def test_large_message_is_dropped_whole_however_it_is_cut(size: int, portion: int) -> None:
    parser = AmiParser()
    raw = BANNER + b"Event: A\r\nV: " + b"x" * (size - 13) + b"\r\n\r\nEvent: B\r\n\r\n"
    events = [m.event for data in cut(raw, range(portion, len(raw), portion)) for m in parser.feed(data)]
    fits = size <= MAX_MESSAGE_BYTES
    assert events == (["A", "B"] if fits else ["B"])
    assert parser.dropped == (0 if fits else 1)


@pytest.mark.parametrize("size", [MAX_MESSAGE_BYTES, MAX_MESSAGE_BYTES + 500])
@pytest.mark.parametrize("into_blank", [0, 1, 2, 3, 4])
def test_large_message_cut_within_its_blank_line(size: int, into_blank: int) -> None:
    parser = AmiParser()
    raw = BANNER + b"V: " + b"x" * (size - 3) + b"\r\n\r\nEvent: B\r\n\r\n"
    portions = cut(raw, [len(BANNER) + size + into_blank])
    assert [m.event for data in portions for m in parser.feed(data)][-1] == "B"
    assert parser.dropped == (size > MAX_MESSAGE_BYTES)


def test_endless_message_takes_no_more_memory_than_the_bound() -> None:
    parser = AmiParser()
    parser.feed(BANNER)
    for _ in range(40):
        parser.feed(b"x" * 65536)
        assert parser.held <= MAX_MESSAGE_BYTES + 65536
    assert [m.event for m in parser.feed(b"\r\n\r\nEvent: B\r\n\r\n")] == ["B"]
    assert parser.dropped == 1


@settings(max_examples=30, deadline=None)
@given(cuts=st.lists(st.integers(0, 90_000), max_size=60))
def test_messages_do_not_depend_on_the_cuts(cuts: list[int]) -> None:
    raw = load("anonymous").raw
    parser = AmiParser(EVERYTHING)
    assert [m for data in cut(raw, cuts) for m in parser.feed(data)] == parse(raw)


def test_single_bytes_give_the_same_messages() -> None:
    raw = load("anonymous").raw
    parser = AmiParser(EVERYTHING)
    assert [m for byte in raw for m in parser.feed(bytes([byte]))] == parse(raw)


@settings(max_examples=300, deadline=None)
@given(
    raw=st.lists(st.sampled_from([b"\r\n", b"\r", b"\n", b": ", b":", b"Event", b"a", b"\xff", b"\xc3", b"\xa9"])).map(
        b"".join
    ),
    cuts=st.lists(st.integers(0, 60)),
)
def test_garbage_never_raises_and_does_not_depend_on_the_cuts(raw: bytes, cuts: list[int]) -> None:
    parser = AmiParser(EVERYTHING)
    whole = AmiParser(EVERYTHING)
    assert [m for data in cut(raw, cuts) for m in parser.feed(data)] == whole.feed(raw)
    assert parser.held == whole.held
