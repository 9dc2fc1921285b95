"""What the fold makes of hold, transfers, the menu and transcripts."""

import pytest

from telephony.facts import MAX_TEXT
from telephony.fold import Fold
from telephony.wire import AmiMessage
from tests.unit.telephony.streams import NOW, Pbx, caller, token


def test_hold_and_unhold_alternate() -> None:
    pbx = Pbx()
    desk = {"Uniqueid": "d1", "Linkedid": "c1", "Channel": "PJSIP/101-1"}
    pbx.call()
    pbx.says("Hold", **desk)
    pbx.queues()
    pbx.answers()
    for event in ("Unhold", "Hold", "Hold", "Unhold", "Unhold", "Hold"):
        pbx.says(event, **desk)
    assert pbx.tokens()[3:] == ["held", "unheld", "held"]


def test_hold_and_unhold_of_a_pbx_without_times_alternate_too() -> None:
    """Many events are read at the same time of ours."""
    fold = Fold()
    desk = {"Queue": "psap-112", "Interface": "PJSIP/101", "DestUniqueid": "d1"}
    events = [{"Event": "AgentConnect", **caller("c1"), **desk}]
    events += [{"Event": event, "Uniqueid": "d1"} for event in ("Hold", "Unhold", "Unhold", "Hold")]
    facts = [fact for event in events for fact in fold.apply(AmiMessage(event), NOW)]
    assert [token(fact) for fact in facts] == ["arrived", "answered 101", "held", "unheld", "held"]


def test_hold_and_unhold_played_again_say_nothing() -> None:
    pbx = Pbx()
    pbx.call()
    pbx.answers()
    messages = [
        AmiMessage({"Event": event, "Timestamp": f"{NOW.timestamp() + 9 + n:.6f}", "Uniqueid": "d1", "Linkedid": "c1"})
        for n, event in enumerate(("Hold", "Unhold", "Hold"))
    ]
    told = [[fact.type for fact in pbx.fold.apply(message, NOW)] for message in (*messages[:2], messages[0])]
    assert told == [["call_held"], ["call_held"], []]
    pbx.fold.apply(messages[2], NOW)
    assert pbx.fold.apply(messages[1], NOW) == []


def test_blind_transfer_ends_the_hold_and_says_to_whom() -> None:
    pbx = Pbx()
    pbx.call()
    pbx.answers()
    pbx.says("Hold", Uniqueid="d1", Linkedid="c1")
    moved = {"TransfererUniqueid": "d1", "TransfererLinkedid": "c1", "Extension": "119"}
    pbx.says("BlindTransfer", **moved, Result="Fail")
    pbx.says("BlindTransfer", **moved, Result="Success")
    stamp = f"{pbx.clock.timestamp():.6f}"
    again = AmiMessage({"Event": "BlindTransfer", "Timestamp": stamp, **moved, "Result": "Success"})
    assert pbx.fold.apply(again, NOW) == []
    assert pbx.tokens()[2:] == ["held", "unheld", "transferred 119 blind"]


@pytest.mark.parametrize(
    ("fields", "to"),
    [
        ({"SecondTransfererConnectedLineNum": "113"}, "113"),
        ({"SecondTransfererConnectedLineNum": "<unknown>", "TransferTargetCallerIDNum": "110"}, "110"),
        ({"SecondTransfererExten": "119"}, "119"),
        ({}, "unknown"),
    ],
)
def test_attended_transfer_says_whom_the_desk_consulted(fields: dict[str, str], to: str) -> None:
    pbx = Pbx()
    pbx.call()
    pbx.answers()
    pbx.says("AttendedTransfer", OrigTransfererUniqueid="d1", Result="Success", **fields)
    assert pbx.tokens()[2:] == [f"transferred {to} attended"]


def test_menu_then_queue_is_no_dropped_menu() -> None:
    pbx = Pbx()
    pbx.call(exten="1121")
    for _ in range(2):
        pbx.says("UserEvent", **caller("c1"), UserEvent="IvrEntered")
    pbx.says("UserEvent", **caller("c1"), UserEvent="IvrResult", Digit="1")
    pbx.queues()
    pbx.says("UserEvent", **caller("c1"), UserEvent="IvrEntered")
    pbx.answers()
    pbx.hangs_up()
    assert pbx.tokens() == ["arrived", "ivr", "queued psap-112", "answered 101", "ended"]


def test_caller_who_ends_in_the_menu_dropped_it() -> None:
    pbx = Pbx()
    pbx.call(exten="1121")
    pbx.says("UserEvent", **caller("c1"), UserEvent="IvrEntered")
    pbx.says("UserEvent", **caller("c1"), UserEvent="IvrResult", Digit="")
    pbx.hangs_up()
    assert pbx.tokens() == ["arrived", "ivr", "ivr_dropped", "ended"]


def test_transcript_line_is_told_by_either_id_of_the_call() -> None:
    pbx = Pbx()
    pbx.call()
    pbx.answers(leg="d1")
    pbx.says("UserEvent", UserEvent="SiagaTranscript", Linkedid="c1", Speaker="caller", Text="Rumah\nterbakar!")
    pbx.says("UserEvent", UserEvent="SiagaTranscript", Uniqueid="d1", Speaker="call_taker", Text="Di mana?")
    pbx.says("UserEvent", UserEvent="SiagaTranscript", Uniqueid="c1", Speaker="caller", Text="x" * 2000)
    lines = [(fact.speaker, fact.text) for fact in pbx.facts if fact.type == "call_transcribed"]
    assert lines == [("caller", "Rumah terbakar!"), ("call_taker", "Di mana?"), ("caller", "x" * MAX_TEXT)]


@pytest.mark.parametrize(
    "fields",
    [
        {"Linkedid": "c1", "Speaker": "dog", "Text": "wuff"},
        {"Linkedid": "c1", "Speaker": "caller", "Text": " "},
        {"Linkedid": "c9", "Speaker": "caller", "Text": "halo"},
        {"Speaker": "caller", "Text": "halo"},
        {"Linkedid": "c1", "Speaker": "caller", "Text": "halo", "Timestamp": "1000000000.0"},
    ],
)
def test_transcript_of_nobody_or_nothing_is_ignored(fields: dict[str, str]) -> None:
    pbx = Pbx()
    pbx.call()
    pbx.says("UserEvent", UserEvent="SiagaTranscript", Linkedid="c1", Speaker="caller", Text="first")
    assert pbx.says("UserEvent", UserEvent="SiagaTranscript", **fields) == []
