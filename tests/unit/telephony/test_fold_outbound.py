"""What the fold makes of calls that the centre makes."""

from tests.unit.telephony.streams import Pbx, arrived, caller, ended

DESK = {"Channel": "PJSIP/101-1", "Uniqueid": "d1", "Linkedid": "d1", "Context": "callback", "Exten": "0811"}


def calls_out(pbx: Pbx, leg: str = "t1", **more: str) -> None:
    dest = {"DestUniqueid": leg, "DestChannel": f"PJSIP/trunk-{leg}", "DestContext": "from-trunk"}
    pbx.says("DialBegin", **{**DESK, **dest, "DialString": "0811@trunk", **more})


def citizen(event: str, pbx: Pbx, leg: str = "t1", **more: str) -> None:
    pbx.says(event, **{**DESK, "DestUniqueid": leg, "DestChannel": f"PJSIP/trunk-{leg}", **more})


def test_callback_is_an_outbound_call_to_the_citizen() -> None:
    pbx = Pbx()
    calls_out(pbx)
    for _ in range(2):
        citizen("DialEnd", pbx, DialStatus="ANSWER")
    pbx.hangs_up("d1", uniqueid="t1")
    pbx.hangs_up("d1", uniqueid="d1")
    assert pbx.tokens() == ["arrived", "answered 101", "ended"]
    (fact,) = arrived(pbx.facts)
    assert (fact.direction, fact.ani, fact.dialled, fact.uniqueid) == ("outbound", "0811", "0811", "t1")


def test_citizen_who_does_not_pick_up_ends_the_callback_with_their_cause() -> None:
    pbx = Pbx()
    calls_out(pbx)
    citizen("DialEnd", pbx, DialStatus="BUSY")
    pbx.hangs_up("d1", uniqueid="t1", Cause="17", Cause_txt="User busy")
    assert pbx.tokens() == ["arrived"]
    pbx.hangs_up("d1", uniqueid="d1")
    assert ended(pbx.facts)[0].cause == "hangup: User busy"


def test_callback_that_the_desk_gives_up_ends() -> None:
    pbx = Pbx()
    calls_out(pbx)
    pbx.hangs_up("d1", uniqueid="d1")
    assert pbx.tokens() == ["arrived", "ended"]


def test_callback_handed_on_lasts_until_the_citizen_hangs_up() -> None:
    pbx = Pbx()
    calls_out(pbx)
    citizen("DialEnd", pbx, DialStatus="ANSWER")
    pbx.hangs_up("d1", uniqueid="d1")
    assert pbx.tokens() == ["arrived", "answered 101"]
    pbx.hangs_up("d1", uniqueid="x9")
    pbx.hangs_up("d1", uniqueid="t1")
    assert pbx.tokens()[-1] == "ended"


def test_second_trunk_tried_for_the_same_citizen_is_the_same_call() -> None:
    pbx = Pbx()
    calls_out(pbx, "t1")
    pbx.hangs_up("d1", uniqueid="t1", Cause="34", Cause_txt="No circuit")
    calls_out(pbx, "t2")
    calls_out(pbx, "t2")
    citizen("DialEnd", pbx, "t1", DialStatus="ANSWER")
    citizen("DialEnd", pbx, "t2", DialStatus="ANSWER")
    assert pbx.fold.caller_channel("d1") == "PJSIP/trunk-t2"
    calls_out(pbx, "t3")
    pbx.hangs_up("d1", uniqueid="t2")
    assert pbx.tokens() == ["arrived", "answered 101", "ended"]


def test_dialled_number_is_read_from_what_the_dialplan_dials() -> None:
    pbx = Pbx()
    calls_out(pbx, Exten="s", DialString="+62811@trunk")
    assert arrived(pbx.facts)[0].ani == "+62811"
    pbx = Pbx()
    calls_out(pbx, Exten="s", DialString="trunk")
    assert arrived(pbx.facts)[0].ani is None


def test_dial_without_its_channels_is_ignored() -> None:
    pbx = Pbx()
    calls_out(pbx, Uniqueid="")
    calls_out(pbx, DestUniqueid="")
    assert pbx.facts == []


def test_originate_straight_to_the_trunk_is_outbound_and_ends_with_its_only_leg() -> None:
    pbx = Pbx()
    pbx.call("t1", ani="<unknown>", exten="s", ChannelStateDesc="Down")
    pbx.says("DialEnd", DestUniqueid="t1", DestLinkedid="t1", DialStatus="ANSWER")
    pbx.hangs_up("t1")
    (fact,) = arrived(pbx.facts)
    assert (fact.direction, fact.ani) == ("outbound", None)
    assert pbx.tokens() == ["arrived", "ended"]


def test_inbound_call_that_is_dialled_on_through_the_trunk_stays_one_call() -> None:
    pbx = Pbx()
    pbx.call()
    pbx.answers()
    dest = {"DestUniqueid": "t9", "DestChannel": "PJSIP/trunk-9", "DestContext": "from-trunk"}
    pbx.says("DialBegin", **caller("c1"), **dest)
    pbx.says("DialEnd", **caller("c1"), **dest, DialStatus="ANSWER")
    pbx.hangs_up(uniqueid="t9")
    assert pbx.tokens() == ["arrived", "answered 101"]
