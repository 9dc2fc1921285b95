"""What the fold makes of a call's events, in and out of order."""

from datetime import timedelta

import pytest

from telephony.facts import MAX_TEXT, CallAbandoned, CallAnswered, CallArrived, CallEnded, CallQueued, RingMissed
from telephony.fold import Fold, FoldConfig
from telephony.wire import AmiMessage
from tests.unit.telephony.streams import NOW, Pbx, arrived, caller

PUBLISHED = FoldConfig(caller_published=True)


def test_answered_call_is_told_from_arrival_to_hangup() -> None:
    pbx = Pbx()
    pbx.call(ani="081254001001")
    pbx.queues(position="2")
    pbx.desk("AgentCalled", "101", "d1")
    pbx.answers("101", "d1")
    pbx.hangs_up()
    assert pbx.facts == [
        CallArrived(
            at=pbx.facts[0].at,
            linkedid="c1",
            uniqueid="c1",
            channel="PJSIP/trunk-c1",
            ani="081254001001",
            caller_name="Budi",
            dialled="112",
        ),
        CallQueued(at=pbx.facts[1].at, linkedid="c1", queue="psap-112", position=2),
        pbx.facts[2],
        CallAnswered(at=pbx.facts[3].at, linkedid="c1", agent="101", agent_channel="PJSIP/101-d1", waited_s=3.0),
        CallEnded(at=pbx.facts[4].at, linkedid="c1", cause="hangup: Normal Clearing", cause_code=16),
    ]
    assert pbx.facts[0].at == NOW + timedelta(milliseconds=1)


def test_time_of_reading_stands_in_where_the_pbx_gives_none() -> None:
    for stamp in ({}, {"Timestamp": "soon"}, {"Timestamp": "1e9"}, {"Timestamp": "-5"}):
        (fact,) = Fold().apply(AmiMessage({"Event": "Newchannel", **caller("c1"), **stamp}), NOW)
        assert fact.at == NOW


@pytest.mark.parametrize(
    ("num", "ani", "withheld"),
    [
        ("0811", "0811", False),
        ("<unknown>", None, False),
        ("", None, False),
        ("Anonymous", None, True),
        ("restricted", None, True),
        ('"><b>0811</b>', '"><b>0811</b>', False),
        ("0811\x00\n7", "0811  7", False),
    ],
)
def test_caller_id_as_the_network_gave_it(num: str, ani: str | None, withheld: bool) -> None:
    (fact,) = arrived(Pbx().call(ani=num))
    assert (fact.ani, fact.ani_withheld) == (ani, withheld)


def test_caller_without_any_id_still_arrives() -> None:
    fields = {"Event": "Newchannel", "Context": "from-trunk", "Uniqueid": "c1"}
    (fact,) = arrived(Fold().apply(AmiMessage(fields), NOW))
    assert (fact.linkedid, fact.ani, fact.caller_name, fact.dialled, fact.channel) == ("c1", None, None, None, "")


def test_overlong_texts_are_cut() -> None:
    (fact,) = arrived(Pbx().call(ani="9" * 2000))
    assert fact.ani == "9" * MAX_TEXT


@pytest.mark.parametrize(
    ("presentation", "withheld"),
    [("prohib_passed_screen", True), ("prohib", True), ("allowed_not_screened", False), ("", False)],
)
def test_published_presentation_says_whether_an_asserted_number_is_withheld(presentation: str, withheld: bool) -> None:
    pbx = Pbx(config=PUBLISHED)
    assert pbx.call() == []
    (fact,) = arrived(pbx.says("UserEvent", **caller("c1"), UserEvent="SiagaCaller", Presentation=presentation))
    assert (fact.ani, fact.ani_withheld) == ("0811", withheld)
    assert fact.at == NOW + timedelta(milliseconds=1)


def test_arrival_that_waits_for_the_caller_comes_with_the_next_event_at_the_latest() -> None:
    pbx = Pbx(config=PUBLISHED)
    pbx.call()
    pbx.says("Newchannel", Uniqueid="d1", Linkedid="c1", Channel="PJSIP/101-1", Context="from-agents")
    assert pbx.facts == []
    pbx.says("Newstate", **caller("c1"))
    assert pbx.tokens() == ["arrived"]
    pbx.says("UserEvent", **caller("c1"), UserEvent="SiagaCaller", Presentation="prohib")
    assert pbx.tokens() == ["arrived"]


def test_arrival_that_waits_is_not_lost_by_the_hangup() -> None:
    pbx = Pbx(config=PUBLISHED)
    pbx.call()
    pbx.hangs_up()
    assert pbx.tokens() == ["arrived", "ended"]


def test_desk_to_desk_is_no_call() -> None:
    pbx = Pbx()
    desk = {"Channel": "PJSIP/101-1", "Context": "from-agents", "Uniqueid": "d1", "Linkedid": "d1"}
    pbx.says("Newchannel", **desk, Exten="102")
    pbx.says("Newchannel", Channel="PJSIP/102-2", Context="from-agents", Uniqueid="d2", Linkedid="d1")
    pbx.says("DialBegin", **desk, DestChannel="PJSIP/102-2", DestUniqueid="d2", DestContext="from-agents")
    pbx.says("DialEnd", **desk, DestChannel="PJSIP/102-2", DestUniqueid="d2", DialStatus="ANSWER")
    pbx.says("Hold", **desk)
    pbx.says("BlindTransfer", TransfereeUniqueid="d1", TransfererUniqueid="d2", Result="Success", Extension="103")
    pbx.says("Hangup", **desk)
    assert pbx.facts == []


def test_events_of_nothing_we_know_are_ignored() -> None:
    pbx = Pbx()
    for event in ("Newstate", "UserEvent", "QueueCallerLeave", "Hangup", "Reload", "AgentComplete"):
        pbx.says(event, Uniqueid="x", Linkedid="y", Channel="PJSIP/101-1")
    pbx.says("Hangup")
    assert pbx.fold.apply(AmiMessage({"Response": "Success"}), NOW) == []
    assert pbx.facts == []


def test_lost_arrival_is_made_good_by_the_next_event() -> None:
    for event in ("Newstate", "QueueCallerJoin", "AgentCalled", "AgentConnect", "QueueCallerAbandon", "Hangup"):
        pbx = Pbx()
        pbx.says(event, **caller("c1"), Queue="psap-112", Interface="PJSIP/101", DestUniqueid="d1")
        assert pbx.tokens()[0] == "arrived"
        pbx.hangs_up()
        assert pbx.tokens()[-1] == "ended"
        assert pbx.tokens().count("arrived") == 1


def test_own_line_that_dials_the_queue_is_a_call() -> None:
    pbx = Pbx()
    desk = {"Channel": "PJSIP/104-1", "Context": "from-agents", "Uniqueid": "d1", "Linkedid": "d1"}
    pbx.says("Newchannel", **desk)
    pbx.says("QueueCallerJoin", **desk, Queue="psap-112", Position="1")
    assert pbx.tokens() == ["arrived", "queued psap-112"]


def test_other_queues_of_the_pbx_are_not_ours() -> None:
    pbx = Pbx(config=FoldConfig(queues=frozenset({"psap-112"})))
    desk = {"Channel": "PJSIP/104-1", "Context": "from-agents", "Uniqueid": "d1", "Linkedid": "d1"}
    pbx.says("QueueCallerJoin", **desk, Queue="canteen")
    assert pbx.facts == []
    pbx.call()
    pbx.queues(queue="canteen")
    for event in ("AgentCalled", "AgentConnect", "QueueCallerAbandon"):
        pbx.desk(event, "101", "d1", Queue="canteen")
    pbx.hangs_up()
    assert pbx.tokens() == ["arrived", "ended"]


def test_caller_who_hangs_up_in_the_queue_abandoned_the_call() -> None:
    pbx = Pbx()
    pbx.call()
    pbx.queues()
    pbx.wait(4)
    pbx.says("QueueCallerAbandon", **caller("c1"), Queue="psap-112", HoldTime="4")
    gave_up = pbx.clock
    pbx.says("QueueCallerLeave", **caller("c1"), Queue="psap-112")
    pbx.hangs_up()
    assert pbx.tokens() == ["arrived", "queued psap-112", "abandoned", "ended"]
    assert pbx.facts[2] == CallAbandoned(at=gave_up, linkedid="c1", waited_s=4.0)


def test_hangup_before_the_word_that_the_caller_abandoned() -> None:
    pbx = Pbx()
    pbx.call()
    pbx.queues()
    pbx.wait(3.999)
    pbx.hangs_up()
    pbx.says("QueueCallerAbandon", **caller("c1"), Queue="psap-112", HoldTime="4")
    assert pbx.tokens() == ["arrived", "queued psap-112", "abandoned", "ended"]
    assert isinstance(pbx.facts[2], CallAbandoned)
    assert pbx.facts[2].waited_s == pytest.approx(4)


def test_time_up_in_one_queue_is_not_the_caller_giving_up() -> None:
    """The PBX says QueueCallerAbandon then too."""
    pbx = Pbx()
    pbx.call()
    pbx.queues()
    pbx.says("QueueCallerAbandon", **caller("c1"), Queue="psap-112", HoldTime="8")
    pbx.says("QueueCallerLeave", **caller("c1"), Queue="psap-112")
    pbx.queues(queue="psap-overflow")
    pbx.desk("AgentConnect", "103", "d3", Queue="psap-overflow")
    pbx.hangs_up()
    assert pbx.tokens() == ["arrived", "queued psap-112", "queued psap-overflow", "answered 103", "ended"]


def test_one_who_gives_up_in_the_second_queue_gave_up_then() -> None:
    pbx = Pbx()
    pbx.call()
    pbx.queues()
    pbx.says("QueueCallerAbandon", **caller("c1"), Queue="psap-112", HoldTime="8")
    pbx.queues(queue="psap-overflow")
    pbx.wait(20)
    pbx.hangs_up()
    abandoned = pbx.facts[-2]
    assert isinstance(abandoned, CallAbandoned)
    assert abandoned.at == pbx.clock
    assert abandoned.waited_s == pytest.approx(20, abs=0.1)


def test_unanswered_caller_whom_the_pbx_sends_away_counts_as_abandoned() -> None:
    pbx = Pbx()
    pbx.call()
    pbx.queues()
    pbx.says("QueueCallerLeave", **caller("c1"), Queue="psap-112")
    pbx.hangs_up()
    assert pbx.tokens()[-2:] == ["abandoned", "ended"]


def test_caller_who_never_reached_queue_or_menu_just_ends() -> None:
    pbx = Pbx()
    pbx.call()
    pbx.says("Hangup", **caller("c1"))
    assert pbx.facts[-1] == CallEnded(at=pbx.clock, linkedid="c1", cause="hangup", cause_code=None)
    assert pbx.tokens() == ["arrived", "ended"]


def test_call_may_ring_before_the_word_that_it_is_queued() -> None:
    pbx = Pbx()
    pbx.call()
    pbx.desk("AgentCalled", "101", "d1")
    pbx.queues()
    assert pbx.tokens() == ["arrived", "queued psap-112", "ringing 101"]


def test_missed_ring_goes_to_the_next_desk() -> None:
    pbx = Pbx()
    pbx.call()
    pbx.queues()
    pbx.desk("AgentCalled", "101", "d1")
    pbx.desk("AgentRingNoAnswer", "101", "d1", RingTime="6000")
    pbx.desk("AgentRingNoAnswer", "101", "d1", RingTime="6000")
    pbx.desk("AgentCalled", "101", "d2")
    pbx.desk("AgentRingNoAnswer", "102", "d3")
    assert pbx.tokens()[2:] == ["ringing 101", "missed 101", "ringing 101", "missed 102"]
    assert isinstance(pbx.facts[3], RingMissed)
    assert pbx.facts[3].rang_s == 6.0


def test_desk_without_leg_or_number_is_known_by_its_interface() -> None:
    pbx = Pbx()
    pbx.call()
    pbx.says("AgentConnect", **caller("c1"), Queue="psap-112", Interface="Agent/rina")
    pbx.says("AgentConnect", **caller("c1"), Queue="psap-112", Interface="Agent/rina")
    for event in ("AgentCalled", "AgentRingNoAnswer", "AgentConnect"):
        pbx.says(event, **caller("c1"), Queue="psap-112")
    assert pbx.tokens() == ["arrived", "answered Agent/rina"]


def test_ring_that_is_told_after_the_answer_says_nothing() -> None:
    pbx = Pbx()
    pbx.call()
    pbx.queues()
    pbx.answers("101", "d1")
    pbx.desk("AgentCalled", "101", "d1")
    pbx.desk("AgentCalled", "102", "d2")
    pbx.desk("AgentRingNoAnswer", "101", "d1")
    assert pbx.tokens() == ["arrived", "queued psap-112", "answered 101"]


def test_caller_sent_back_to_the_queue_is_answered_again_and_not_abandoned() -> None:
    pbx = Pbx()
    pbx.call()
    pbx.queues()
    pbx.answers("101", "d1")
    pbx.says("BlindTransfer", TransfereeUniqueid="c1", TransfereeLinkedid="c1", Result="Success", Extension="112")
    pbx.queues()
    pbx.desk("AgentCalled", "102", "d2")
    pbx.answers("102", "d2")
    pbx.says("QueueCallerLeave", **caller("c1"), Queue="psap-112")
    pbx.queues()
    pbx.hangs_up()
    assert pbx.tokens() == [
        *("arrived", "queued psap-112", "answered 101", "transferred 112 blind"),
        *("queued psap-112", "ringing 102", "answered 102", "queued psap-112", "ended"),
    ]


def test_late_word_of_leaving_another_queue_does_not_take_the_caller_out_of_this_one() -> None:
    pbx = Pbx()
    pbx.call()
    pbx.queues()
    pbx.answers("101", "d1")
    pbx.queues(queue="psap-overflow")
    pbx.says("QueueCallerLeave", **caller("c1"), Queue="psap-112")
    pbx.desk("AgentCalled", "103", "d3", Queue="psap-overflow")
    assert pbx.tokens()[-1] == "ringing 103"


def test_repeated_and_older_words_of_the_queue_say_nothing() -> None:
    pbx = Pbx()
    pbx.call()
    pbx.queues()
    joined = AmiMessage(
        {
            "Event": "QueueCallerJoin",
            "Timestamp": f"{pbx.clock.timestamp():.6f}",
            **caller("c1"),
            "Queue": "psap-112",
            "Position": "1",
        }
    )
    pbx.answers()
    assert pbx.fold.apply(joined, NOW) == []


def test_channels_of_joined_calls_are_found_by_their_own_id() -> None:
    """When calls are joined the PBX gives their channels the older call's Linkedid."""
    pbx = Pbx()
    pbx.call("c1")
    pbx.call("c2")
    pbx.answers("101", "d2", linkedid="c2")
    pbx.says("Hold", Uniqueid="d2", Linkedid="c1")
    pbx.says("Hangup", **{**caller("c2"), "Linkedid": "c1"})
    assert [fact.linkedid for fact in pbx.facts if fact.type in ("call_held", "call_ended")] == ["c2", "c2"]
    assert pbx.fold.live_calls() == ("c1",)


def test_desk_leg_that_outlives_its_call_can_belong_to_another() -> None:
    pbx = Pbx()
    pbx.call("c1")
    pbx.answers("101", "d1", linkedid="c1")
    pbx.hangs_up("c1")
    pbx.call("c2")
    pbx.answers("102", "d2", linkedid="c2")
    pbx.says("Hold", Uniqueid="d1", Linkedid="c2")
    assert pbx.tokens()[-1] == "held"


def test_only_the_callers_leg_ends_the_call() -> None:
    pbx = Pbx()
    pbx.call()
    pbx.answers(leg="d1")
    assert pbx.hangs_up(uniqueid="d1") == []
    assert pbx.tokens()[-1] == "answered 101"


def test_nothing_follows_the_end() -> None:
    pbx = Pbx()
    pbx.call()
    pbx.hangs_up()
    pbx.facts.clear()
    pbx.call()
    pbx.queues()
    pbx.answers()
    pbx.hangs_up()
    pbx.says("DialBegin", Uniqueid="d1", Linkedid="c1", DestUniqueid="t1", DestContext="from-trunk")
    assert pbx.facts == []
