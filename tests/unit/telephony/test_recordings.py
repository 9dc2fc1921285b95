"""The real PBX's recorded streams give exactly the calls that were played."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.facts import AgentChanged
from telephony.fold import Fold
from tests.pbx import verify
from tests.unit.telephony.streams import (
    BENCH,
    NOW,
    RECORDINGS,
    Recording,
    agrees,
    arrived,
    cut,
    ended,
    feed,
    load,
    of_call,
    recordings,
    token,
)

ALL = recordings()
SMALL = ("anonymous", "attended-transfer", "forwarded-between-queues", "ivr", "resync")


def fold_of(recording: Recording) -> Fold:
    fold = Fold(BENCH)
    feed(fold, [recording.raw])
    return fold


@pytest.mark.parametrize("recording", ALL, ids=lambda recording: recording.name)
def test_recording_agrees_with_the_pbx_queue_log(recording: Recording) -> None:
    assert verify.faults_of(RECORDINGS / f"{recording.name}.json") == []


@pytest.mark.parametrize("recording", ALL, ids=lambda recording: recording.name)
def test_recording_gives_the_played_calls_and_no_others(recording: Recording) -> None:
    fold = Fold(BENCH)
    facts = feed(fold, cut(recording.raw, recording.cuts))
    if recording.after_restart is not None:
        fold.begin_resync()
        facts += feed(fold, [recording.after_restart])
        facts += fold.end_resync(NOW)
    ids = {ani: iter(pairs) for ani, pairs in recording.ids.items()}
    calls = [played for played in recording.truth if "dialled" in played]
    for played in calls:
        _, linkedid = next(ids[played["ani"]])
        told = of_call(facts, linkedid)
        assert agrees(told, played["order"]), [token(fact) for fact in told]
        (first,) = arrived(told)
        assert first.ani == (None if played["ani"] == "anonymous" else played["ani"])
        assert (first.dialled, first.direction, first.resynced) == (played["dialled"], "inbound", False)
        assert first.ani_withheld == played.get("withheld", False)
        answering = [fact.agent for fact in told if fact.type == "call_answered"]
        takers = (played["agent"], played.get("taken_over_by"))
        assert answering == [desk for desk in takers if desk is not None]
        (last,) = ended(told)
        assert (last.cause == "unknown") == (played["ended_by"] == "pbx restart")
    called_back = [played for played in recording.truth if "called" in played]
    for played in called_back:
        told = of_call(facts, played["linkedid"])
        assert agrees(told, played["order"]), [token(fact) for fact in told]
        for first in arrived(told):
            assert (first.ani, first.direction) == (played["called"], "outbound")
    made = [played for played in called_back if played["order"]]
    assert len(arrived(facts)) == len(calls) + len(made)
    assert fold.live_calls() == ()


def test_the_key_pressed_in_the_menu_is_told() -> None:
    recording = load("ivr")
    facts = feed(Fold(BENCH), [recording.raw])
    assert {fact.digit for fact in facts if fact.type == "call_digit"} == {"1"}


def test_sign_in_pause_and_sign_out_are_told_once_each() -> None:
    recording = load("login-pause-logout")
    facts = [fact for fact in feed(Fold(), [recording.raw]) if isinstance(fact, AgentChanged)]
    (played,) = recording.truth
    assert agrees(list(facts), played["order"])
    assert {(fact.agent, fact.name) for fact in facts} == {("104", "Rina")}


@pytest.mark.parametrize("recording", ALL, ids=lambda recording: recording.name)
def test_a_stream_played_again_adds_no_fact_of_a_call(recording: Recording) -> None:
    fold = fold_of(recording)
    if recording.after_restart is not None:
        fold.begin_resync()
        feed(fold, [recording.after_restart])
        fold.end_resync(NOW)
    again = feed(fold, [recording.raw])
    assert [fact for fact in again if not isinstance(fact, AgentChanged)] == []


@pytest.mark.parametrize("name", SMALL)
@settings(max_examples=15, deadline=None)
@given(cuts=st.lists(st.integers(0, 90_000), max_size=40))
def test_facts_do_not_depend_on_how_the_network_cut_the_bytes(name: str, cuts: list[int]) -> None:
    recording = load(name)
    assert feed(Fold(BENCH), cut(recording.raw, cuts)) == feed(Fold(BENCH), [recording.raw])


@pytest.mark.parametrize("name", SMALL)
@settings(max_examples=15, deadline=None)
@given(at=st.integers(0, 90_000))
def test_restart_of_the_adapter_at_any_byte_changes_nothing(name: str, at: int) -> None:
    """The state goes through its snapshot; the bytes of an unfinished message are read again."""
    recording = load(name)
    at = recording.raw.rfind(b"\r\n\r\n", 0, at) + 4 if b"\r\n\r\n" in recording.raw[:at] else 0
    before = Fold(BENCH)
    facts = feed(before, [recording.raw[:at]])
    facts += feed(Fold.restore(before.snapshot(), BENCH), [recording.raw[at:]])
    assert facts == feed(Fold(BENCH), [recording.raw])


def around_listings(raw: bytes) -> tuple[bytes, bytes, bytes]:
    """The stream before, during and after the answers to the listing actions."""
    start = raw.rfind(b"\r\n\r\n", 0, raw.index(b"Message: Channels will follow")) + 4
    end = raw.index(b"\r\n\r\n", raw.index(b"Event: StatusComplete")) + 4
    return raw[:start], raw[start:end], raw[end:]


def test_listings_during_living_calls_tell_nothing_new() -> None:
    """A resync in the midst of calls that are all known."""
    before, listings, _ = around_listings(load("resync").raw)
    fold = Fold(BENCH)
    feed(fold, [before])
    fold.begin_resync()
    facts = feed(fold, [listings])
    facts += fold.end_resync(NOW)
    assert [fact for fact in facts if not isinstance(fact, AgentChanged)] == []


def test_adapter_that_comes_in_the_midst_of_calls_learns_them_from_the_listings() -> None:
    recording = load("resync")
    _, listings, after = around_listings(recording.raw)
    fold = Fold(BENCH)
    fold.begin_resync()
    facts = feed(fold, [listings])
    facts += fold.end_resync(NOW)
    facts += feed(fold, [after])
    expected = (
        ["arrived", "answered 101", "ended"],
        ["arrived", "queued psap-112", "ringing 102", "abandoned", "ended"],
        ["arrived", "queued psap-112", "abandoned", "ended"],
    )
    for played, order in zip(recording.truth, expected, strict=True):
        told = of_call(facts, recording.ids[played["ani"]][0][1])
        assert agrees(told, order), [token(fact) for fact in told]
        assert [(one.ani, one.dialled, one.resynced) for one in arrived(told)] == [(played["ani"], "112", True)]
