"""Whatever comes, in whatever order: the fold's invariants, by generated streams."""

import json
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.facts import MAX_TEXT, AgentChanged, CallFact, Envelope, Fact
from telephony.fold import Fold, FoldConfig
from telephony.wire import AmiMessage
from tests.unit.telephony.streams import NOW

EVENTS = (
    *("Newchannel", "Newstate", "QueueCallerJoin", "QueueCallerLeave", "QueueCallerAbandon", "AgentCalled"),
    *("AgentRingNoAnswer", "AgentConnect", "Hold", "Unhold", "BlindTransfer", "AttendedTransfer", "UserEvent"),
    *("DialBegin", "DialEnd", "Hangup", "QueueMember", "QueueMemberAdded", "QueueMemberRemoved", "DeviceStateChange"),
    *("CoreShowChannel", "Status", "QueueEntry", "CoreShowChannelsComplete", "QueueStatusComplete"),
)
KEYS = (
    *("Uniqueid", "Linkedid", "DestUniqueid", "DestLinkedid", "Channel", "DestChannel", "Context", "DestContext"),
    *("CallerIDNum", "CallerIDName", "Exten", "Queue", "Position", "Interface", "Location", "MemberName", "Name"),
    *("Status", "Paused", "PausedReason", "HoldTime", "RingTime", "Cause", "Cause-txt", "Timestamp", "UserEvent"),
    *("Speaker", "Text", "Presentation", "Extension", "Result", "TransfereeUniqueid", "TransfererUniqueid", "Wait"),
    *("ChannelStateDesc", "DialStatus", "DialString", "BridgeId", "BridgeID", "Device", "State", "ListItems", "DNID"),
    *("OrigTransfererUniqueid", "SecondTransfererConnectedLineNum"),
)
ANY_TEXT = st.text(max_size=20) | st.text(min_size=1, max_size=1).map(lambda char: char * (MAX_TEXT + 9))
PLAUSIBLE = st.sampled_from(
    [
        *("c1", "c2", "d1", "t1", "from-trunk", "from-agents", "callback", "PJSIP/trunk-1", "PJSIP/101-1", "PJSIP/101"),
        *("psap-112", "1", "0", "6", "Up", "Down", "Ringing", "ANSWER", "Success", "IvrEntered", "SiagaTranscript"),
        *("SiagaCaller", "caller", "prohib", "0811", "99999999999.999999", "1795529538.218460", "b1", "", "<unknown>"),
    ]
)
MESSAGES = st.builds(
    lambda event, fields: AmiMessage({"Event": event, **fields}),
    st.sampled_from(EVENTS) | ANY_TEXT,
    st.dictionaries(st.sampled_from(KEYS) | ANY_TEXT, PLAUSIBLE | ANY_TEXT, max_size=14),
)


def told_of(facts: list[Fact]) -> dict[str, list[CallFact]]:
    calls: dict[str, list[CallFact]] = {}
    for fact in facts:
        if not isinstance(fact, AgentChanged):
            calls.setdefault(fact.linkedid, []).append(fact)
    return calls


def check(facts: list[Fact], live: tuple[str, ...]) -> None:
    """The invariants of every call's facts."""
    for linkedid, told in told_of(facts).items():
        kinds = [fact.type for fact in told]
        assert kinds[0] == "call_arrived"
        assert kinds.count("call_arrived") == 1
        assert kinds.count("call_ended") == (0 if linkedid in live else 1)
        assert linkedid in live or kinds[-1] == "call_ended"
        assert kinds.count("ivr_entered") <= 1
        once = ("call_abandoned", "ivr_dropped", "call_answered")
        assert sum(kind in kinds for kind in once) <= 1, kinds
        holds = [fact.held for fact in told if fact.type == "call_held"]
        assert holds == [n % 2 == 0 for n in range(len(holds))]
        answers = [(fact.agent, fact.agent_channel) for fact in told if fact.type == "call_answered"]
        assert len(set(answers)) == len(answers) or None in {channel for _, channel in answers}


@settings(max_examples=150, deadline=None)
@given(messages=st.lists(MESSAGES, max_size=25), published=st.booleans(), resync=st.booleans())
def test_no_message_raises_or_makes_an_invalid_fact(messages: list[AmiMessage], published: bool, resync: bool) -> None:
    fold = Fold(FoldConfig(caller_published=published))
    if resync:
        fold.begin_resync()
    facts = [fact for message in messages for fact in fold.apply(message, NOW)]
    facts += fold.end_resync(NOW)
    for n, fact in enumerate(facts):
        envelope = Envelope(pbx="psap", key="key", n=n, fact=fact)
        assert Envelope.model_validate_json(envelope.model_dump_json()) == envelope
    restored = Fold.restore(json.loads(json.dumps(fold.snapshot())), FoldConfig(caller_published=published))
    assert restored.snapshot() == fold.snapshot()


def story(call: int, shape: list[str]) -> list[dict[str, str]]:
    """A call as the PBX would tell it, event by event."""
    citizen = {"Uniqueid": f"c{call}", "Linkedid": f"c{call}", "Channel": f"PJSIP/trunk-{call}"}
    citizen |= {"Context": "from-trunk", "CallerIDNum": f"0811{call}", "Exten": "112"}
    events = [{"Event": "Newchannel", **citizen}]
    for n, step in enumerate(shape):
        agent = f"10{n % 4}"
        desk = {"DestUniqueid": f"d{call}.{n}", "DestChannel": f"PJSIP/{agent}-{call}.{n}"}
        queued = {**citizen, "Queue": "psap-112", "Interface": f"PJSIP/{agent}"}
        leg = {"Uniqueid": f"d{call}.{n - 1}", "Linkedid": f"c{call}"}
        events += {
            "menu": [{"Event": "UserEvent", "UserEvent": "IvrEntered", **citizen}],
            "queue": [{"Event": "QueueCallerJoin", "Position": "1", **queued}],
            "time up": [{"Event": "QueueCallerAbandon", **queued}, {"Event": "QueueCallerLeave", **queued}],
            "missed": [{"Event": "AgentCalled", **queued, **desk}, {"Event": "AgentRingNoAnswer", **queued, **desk}],
            "answered": [
                {"Event": "AgentCalled", **queued, **desk},
                {"Event": "QueueCallerLeave", **queued},
                {"Event": "AgentConnect", **queued, **desk},
            ],
            "hold": [{"Event": "Hold", **leg}, {"Event": "Unhold", **leg}],
            "blind": [{"Event": "BlindTransfer", "TransfereeUniqueid": f"c{call}", "Extension": "119"}],
        }[step]
    return [*events, {"Event": "Hangup", "Cause": "16", **citizen}]


SHAPES = st.lists(
    st.lists(st.sampled_from(["menu", "queue", "time up", "missed", "answered", "hold", "blind"]), max_size=6),
    min_size=1,
    max_size=4,
)


def stamped(events: list[dict[str, str]]) -> list[AmiMessage]:
    """Times on the PBX, a millisecond apart."""
    begin: datetime = NOW
    return [
        AmiMessage({**event, "Timestamp": f"{(begin + timedelta(milliseconds=n)).timestamp():.6f}"})
        for n, event in enumerate(events)
    ]


@st.composite
def interleaved(draw: st.DrawFn) -> list[AmiMessage]:
    """Several calls' stories, mixed as the PBX would, each in its own order."""
    stories = [story(n, shape) for n, shape in enumerate(draw(SHAPES))]
    turns = draw(st.permutations([n for n, events in enumerate(stories) for _ in events]))
    return stamped([stories[n].pop(0) for n in turns])


@settings(max_examples=60, deadline=None)
@given(messages=interleaved())
def test_every_call_that_came_is_told_once_and_ends_once(messages: list[AmiMessage]) -> None:
    fold = Fold()
    facts = [fact for message in messages for fact in fold.apply(message, NOW)]
    check(facts, ())
    came = {message.get("Linkedid") for message in messages if message.event == "Newchannel"}
    assert set(told_of(facts)) == came
    assert fold.live_calls() == ()


@settings(max_examples=60, deadline=None)
@given(messages=interleaved(), data=st.data())
def test_repeated_and_swapped_neighbours_break_no_invariant(messages: list[AmiMessage], data: st.DataObject) -> None:
    heard: list[AmiMessage] = []
    for message in messages:
        heard.insert(len(heard) - data.draw(st.integers(0, min(2, len(heard)))), message)
        if data.draw(st.booleans()):
            heard.append(message)
    fold = Fold()
    check([fact for message in heard for fact in fold.apply(message, NOW)], fold.live_calls())


@settings(max_examples=40, deadline=None)
@given(messages=interleaved(), lost=st.sets(st.integers(0, 60)))
def test_lost_events_break_no_invariant(messages: list[AmiMessage], lost: set[int]) -> None:
    fold = Fold()
    heard = [message for n, message in enumerate(messages) if n not in lost]
    check([fact for message in heard for fact in fold.apply(message, NOW)], fold.live_calls())


@settings(max_examples=40, deadline=None)
@given(messages=interleaved(), at=st.integers(0, 60))
def test_events_heard_again_in_whole_add_nothing(messages: list[AmiMessage], at: int) -> None:
    """Also in the midst of the calls."""
    fold = Fold()
    for message in messages[:at]:
        fold.apply(message, NOW)
    assert [fact for message in messages[:at] for fact in fold.apply(message, NOW)] == []


@settings(max_examples=40, deadline=None)
@given(messages=interleaved(), away=st.integers(0, 60), back=st.integers(0, 60))
def test_a_gap_and_a_resync_lose_no_call_and_double_none(messages: list[AmiMessage], away: int, back: int) -> None:
    """The adapter is away for a while; the PBX lists the channels that live when it is back."""
    away, back = min(away, back), max(away, back)
    before, gap, after = messages[:away], messages[away:back], messages[back:]
    fold = Fold()
    facts = [fact for message in before for fact in fold.apply(message, NOW)]
    fold.begin_resync()
    living = {message.get("Uniqueid"): message for message in before + gap if message.event == "Newchannel"}
    for message in before + gap:
        if message.event == "Hangup":
            living.pop(message.get("Uniqueid"), None)
    for message in living.values():
        row = {**message.fields, "Event": "CoreShowChannel", "ChannelStateDesc": "Up"}
        facts += fold.apply(AmiMessage(row), NOW)
    fold.apply(AmiMessage({"Event": "CoreShowChannelsComplete", "ListItems": str(len(living))}), NOW)
    facts += fold.end_resync(NOW)
    assert set(fold.live_calls()) == set(living)
    facts += [fact for message in after for fact in fold.apply(message, NOW)]
    check(facts, ())
    came_and_went = {m.get("Linkedid") for m in gap if m.event == "Newchannel"} - set(living)
    came = {message.get("Linkedid") for message in messages if message.event == "Newchannel"}
    assert set(told_of(facts)) == came - came_and_went
