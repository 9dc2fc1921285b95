"""What the fold makes of the listings after a reconnect."""

import pytest

from telephony import fold_resync
from telephony.facts import AgentChanged, Fact
from telephony.fold import Fold, FoldConfig
from tests.unit.telephony.streams import NOW, Pbx, arrived, caller, ended, token


def row(pbx: Pbx, uniqueid: str = "c1", linkedid: str = "c1", **more: str) -> None:
    """A channel of CoreShowChannels; a citizen's unless told otherwise."""
    fields = {**caller(linkedid), "Uniqueid": uniqueid, "ChannelStateDesc": "Up", "ActionID": "r1", **more}
    pbx.says("CoreShowChannel", **fields)


def desk_row(pbx: Pbx, leg: str = "d1", linkedid: str = "c1", **more: str) -> None:
    row(pbx, leg, linkedid, Channel=f"PJSIP/101-{leg}", Context="from-agents", CallerIDNum="101", **more)


def finish(pbx: Pbx, channels: str | None = None, queues: bool = True) -> list[str]:
    pbx.says("CoreShowChannelsComplete", **({} if channels is None else {"ListItems": channels}))
    if queues:
        pbx.says("QueueStatusComplete")
    return tell(pbx, pbx.fold.end_resync(NOW))


def tell(pbx: Pbx, facts: list[Fact]) -> list[str]:
    pbx.facts += facts
    return [token(fact) for fact in facts]


def reconnected(pbx: Pbx | None = None) -> Pbx:
    pbx = pbx or Pbx()
    pbx.fold.begin_resync()
    pbx.facts.clear()
    return pbx


def test_known_call_that_the_pbx_forgot_ends_for_an_unknown_cause() -> None:
    pbx = Pbx()
    pbx.call("c1")
    pbx.queues("c1")
    pbx.call("c2")
    reconnected(pbx)
    row(pbx, "c2", "c2")
    assert finish(pbx, "1") == ["ended"]
    assert [(fact.linkedid, fact.cause, fact.cause_code) for fact in ended(pbx.facts)] == [("c1", "unknown", None)]
    assert pbx.fold.live_calls() == ("c2",)


def test_arrival_that_waited_is_told_before_the_unknown_end() -> None:
    pbx = Pbx(config=FoldConfig(caller_published=True))
    pbx.call("c1")
    pbx.call("c2")
    reconnected(pbx)
    row(pbx, "c2", "c2")
    assert finish(pbx) == ["arrived", "ended", "arrived"]


@pytest.mark.parametrize("channels", ["3", None])
def test_incomplete_listing_declares_nobody_dead(channels: str | None) -> None:
    pbx = Pbx()
    pbx.call()
    reconnected(pbx)
    row(pbx, "c2", "c2")
    if channels is None:
        assert pbx.fold.end_resync(NOW)[0].type == "call_arrived"
    else:
        assert finish(pbx, channels) == ["arrived"]
    assert pbx.fold.live_calls() == ("c1", "c2")


def test_call_that_began_during_the_resync_lives_on() -> None:
    pbx = reconnected()
    pbx.call("c1")
    pbx.call("c2")
    pbx.hangs_up("c2")
    assert [fact.resynced for fact in arrived(pbx.facts)] == [False, False]
    assert finish(pbx, "0") == []
    assert pbx.fold.live_calls() == ("c1",)


def test_call_first_seen_in_the_listing_arrives_as_resynced() -> None:
    pbx = reconnected()
    row(pbx, CallerIDNum="0812", Exten="119", Context="agency")
    pbx.says("Status", **caller("c1"), DNID="112", BridgeID="")
    assert finish(pbx, "1") == ["arrived"]
    (fact,) = arrived(pbx.facts)
    assert (fact.ani, fact.dialled, fact.resynced) == ("0811", "112", True)
    assert pbx.hangs_up() != []


def test_event_of_an_unknown_call_during_the_resync_tells_it_as_resynced() -> None:
    pbx = reconnected()
    pbx.queues("c1")
    row(pbx, "c1")
    assert finish(pbx) == []
    assert [token(fact) for fact in pbx.facts] == ["arrived", "queued psap-112"]
    assert arrived(pbx.facts)[0].resynced


def test_unknown_call_that_hangs_up_during_the_resync_is_told_once() -> None:
    pbx = reconnected()
    pbx.hangs_up("c1")
    row(pbx, "c1")
    assert finish(pbx) == []
    assert [token(fact) for fact in pbx.facts] == ["arrived", "ended"]


def test_waiting_call_is_queued_since_it_began_to_wait() -> None:
    pbx = reconnected()
    row(pbx)
    pbx.says("QueueEntry", Queue="psap-112", Uniqueid="c1", Position="3", Wait="5")
    assert finish(pbx) == ["arrived", "queued psap-112"]
    assert (NOW - pbx.facts[-1].at).total_seconds() == 5


def test_waiting_of_an_unknown_length_or_elsewhere() -> None:
    pbx = Pbx(config=FoldConfig(queues=frozenset({"psap-112"})))
    reconnected(pbx)
    for linkedid, queue in (("c1", "psap-112"), ("c2", "canteen")):
        row(pbx, linkedid, linkedid)
        pbx.says("QueueEntry", Queue=queue, Uniqueid=linkedid)
    assert finish(pbx) == ["arrived", "arrived", "queued psap-112"]


def test_ringing_and_bridged_desks_are_told() -> None:
    pbx = reconnected()
    row(pbx, BridgeId="b1")
    desk_row(pbx, BridgeId="b1")
    row(pbx, "c2", "c2")
    desk_row(pbx, "d2", "c2", ChannelStateDesc="Ringing")
    row(pbx, "c3", "c3")
    desk_row(pbx, "d3", "c3", BridgeId="")
    assert finish(pbx, "6") == ["arrived", "arrived", "arrived", "answered 101", "ringing 101"]
    assert pbx.fold.ringing_channel("c2", "101") == "PJSIP/101-d2"


def test_of_two_desks_with_the_caller_one_answered() -> None:
    pbx = reconnected()
    row(pbx, BridgeId="b1")
    desk_row(pbx, "d1", BridgeId="b1")
    desk_row(pbx, "d2", BridgeId="b1")
    assert finish(pbx) == ["arrived", "answered 101"]


def test_desk_that_hung_up_during_the_resync_did_not_answer() -> None:
    pbx = reconnected()
    row(pbx, BridgeId="b1")
    desk_row(pbx, BridgeId="b1")
    pbx.hangs_up("c1", uniqueid="d1", Channel="PJSIP/101-d1", Context="from-agents")
    assert [token(fact) for fact in pbx.facts] == []
    assert finish(pbx) == ["arrived"]


def test_known_call_catches_up_with_what_happened_meanwhile() -> None:
    pbx = Pbx()
    pbx.call()
    pbx.queues()
    reconnected(pbx)
    row(pbx, BridgeID="b1")
    desk_row(pbx, BridgeID="b1")
    pbx.says("QueueEntry", Queue="psap-112", Uniqueid="c1")
    assert finish(pbx, "2") == ["answered 101"]
    pbx.fold.begin_resync()
    row(pbx, BridgeID="b1")
    desk_row(pbx, BridgeID="b1")
    assert finish(pbx, "2") == []


def test_answered_call_is_not_queued_by_a_stale_entry() -> None:
    pbx = Pbx()
    pbx.call()
    pbx.answers()
    reconnected(pbx)
    row(pbx)
    pbx.says("QueueEntry", Queue="psap-112", Uniqueid="c1", Position="1")
    assert finish(pbx) == []


def test_call_of_the_centre_is_found_in_the_listing() -> None:
    pbx = reconnected()
    desk_row(pbx, "d1", "d1", BridgeId="b1")
    row(pbx, "t1", "d1", BridgeId="b1")
    assert finish(pbx, "2") == ["arrived", "answered 101"]
    (fact,) = arrived(pbx.facts)
    assert (fact.direction, fact.ani, fact.resynced, fact.linkedid) == ("outbound", "0811", True, "d1")
    pbx.hangs_up("d1", uniqueid="t1")
    assert token(pbx.facts[-1]) == "ended"
    pbx.fold.begin_resync()
    desk_row(pbx, "d1", "d1")
    row(pbx, "t1", "d1")
    assert finish(pbx) == []


def test_desk_to_desk_in_the_listing_is_no_call() -> None:
    pbx = reconnected()
    desk_row(pbx, "d1", "d1", BridgeId="b1")
    desk_row(pbx, "d2", "d1", BridgeId="b1")
    row(pbx, "t9", "d9")
    row(pbx, "", "")
    assert finish(pbx) == []


def test_channels_beyond_the_bound_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fold_resync, "MAX_ROWS", 1)
    pbx = reconnected()
    row(pbx, "c1", "c1")
    row(pbx, "c2", "c2")
    assert finish(pbx) == ["arrived"]


def test_members_that_the_listing_misses_have_signed_out() -> None:
    pbx = Pbx()
    for agent in ("101", "102", "103"):
        pbx.says("QueueMemberAdded", Queue="psap-112", Interface=f"PJSIP/{agent}", Status="1", Paused="1")
    reconnected(pbx)
    pbx.says("QueueMember", Queue="psap-112", Location="PJSIP/101", Status="1", Paused="0")
    pbx.says("QueueMemberAdded", Queue="psap-112", Interface="PJSIP/103", Status="1", Paused="1")
    pbx.says("QueueMember")
    finish(pbx)
    told = [(fact.agent, fact.queues, fact.paused) for fact in pbx.facts if isinstance(fact, AgentChanged)]
    assert told == [("101", ("psap-112",), False), ("102", (), False)]


def test_without_a_whole_queue_listing_no_member_is_gone() -> None:
    pbx = Pbx()
    pbx.says("QueueMemberAdded", Queue="psap-112", Interface="PJSIP/101", Status="1")
    reconnected(pbx)
    assert finish(pbx, queues=False) == []


def test_listings_outside_a_resync_say_nothing_of_calls() -> None:
    pbx = Pbx()
    pbx.call()
    row(pbx, "c2", "c2")
    pbx.says("CoreShowChannelsComplete", ListItems="1")
    assert pbx.fold.end_resync(NOW) == []
    assert pbx.fold.live_calls() == ("c1",)


def test_broken_resync_is_begun_anew() -> None:
    pbx = reconnected()
    row(pbx, "c1")
    pbx.fold.begin_resync()
    assert finish(pbx, "0") == []


def test_restored_fold_finds_the_legs_of_its_calls() -> None:
    pbx = Pbx()
    pbx.call("c2")
    pbx.answers("101", "d2", linkedid="c2")
    restored = Pbx(Fold.restore(pbx.fold.snapshot()))
    restored.says("Hold", Uniqueid="d2", Linkedid="c1")
    restored.says("Hangup", Uniqueid="c2", Linkedid="c1", Cause="16")
    assert restored.tokens() == ["held", "ended"]
