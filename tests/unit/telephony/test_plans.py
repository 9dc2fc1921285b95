"""Each command of the core as the AMI actions that it means, or why there are none."""

from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.actions import Action
from telephony.facts import CallAct, DeskAct, PbxCommand
from telephony.plans import Dialplan, NotPossible, plan
from telephony.reach import Reach

EXPIRES = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
CALL, CITIZEN, LEG = "psap-1795560093.3", "PJSIP/trunk-00000003", "PJSIP/101-00000004"
DIALPLAN = Dialplan(reach=Reach(directory=frozenset({"113"})))


class Talking:
    """One call at desk 101, heard by desk 103 where that is said."""

    def __init__(self, room: str | None = None, heard: bool = False) -> None:
        self._room, self._heard = room, heard

    def caller_channel(self, linkedid: str) -> str | None:
        return CITIZEN if linkedid == CALL else None

    def ringing_channel(self, linkedid: str, agent: str) -> str | None:
        return None

    def desk_channel(self, linkedid: str, agent: str) -> str | None:
        return LEG if (linkedid, agent) == (CALL, "101") else None

    def monitor_channel(self, linkedid: str, agent: str) -> str | None:
        return "PJSIP/103-00000008" if self._heard and agent == "103" else None

    def room(self, linkedid: str) -> str | None:
        return self._room


def planned(
    act: str, calls: Talking | None = None, dialplan: Dialplan = DIALPLAN, **fields: Any
) -> list[dict[str, str]]:
    command = PbxCommand.model_validate(
        {"id": "c1", "act": act, "linkedid": CALL, "agent": "101", "expires_at": EXPIRES, **fields}
    )
    return [shown(action) for action in plan(command, calls or Talking(), DIALPLAN)]


def shown(action: Action) -> dict[str, str]:
    return {"Action": action.name, **dict(action.fields)}


POSSIBLE: dict[str, dict[str, Any]] = {
    "call_back": {"to": "081254001001"},
    "listen": {"to": "103"},
    "whisper": {"to": "103"},
    "barge": {"to": "103"},
    "take_over": {"to": "103"},
    "stop_listening": {"to": "103", "calls": Talking(heard=True)},
    "leave": {"calls": Talking(room="42")},
}


@pytest.mark.parametrize("act", [*get_args(CallAct), *get_args(DeskAct)])
def test_every_act_has_a_plan(act: str) -> None:
    if act == "answer":
        with pytest.raises(NotPossible, match="does not ring"):
            planned(act)
        return
    assert planned(act, **{"to": "113", "queues": ("psap-112",), **POSSIBLE.get(act, {})})


def test_hold_is_asked_of_the_phone_within_the_call() -> None:
    assert planned("hold") == [{"Action": "PJSIPNotify", "Channel": LEG, "Variable": "Event=hold"}]
    assert planned("unhold") == [{"Action": "PJSIPNotify", "Channel": LEG, "Variable": "Event=talk"}]


def test_mute_stops_what_the_desk_says() -> None:
    assert planned("mute") == [{"Action": "MuteAudio", "Channel": LEG, "Direction": "in", "State": "on"}]
    assert planned("unmute") == [{"Action": "MuteAudio", "Channel": LEG, "Direction": "in", "State": "off"}]


def test_a_transfer_names_the_desks_leg_so_that_the_caller_is_moved() -> None:
    expected = {"Action": "BlindTransfer", "Channel": LEG, "Context": "from-agents", "Exten": "113"}
    assert planned("transfer", to="113") == [expected]


def test_a_conference_moves_both_ends_at_once_and_then_calls_the_third() -> None:
    move, bring = planned("conference", to="113")
    assert (move["Channel"], move["ExtraChannel"]) == (CITIZEN, LEG)
    assert (move["Context"], move["ExtraContext"]) == ("siaga-conference", "siaga-conference-helper")
    assert move["Exten"] == move["ExtraExten"] == bring["Exten"] == "17955600933"
    assert (bring["Action"], bring["Channel"], bring["Async"]) == ("Originate", "Local/113@from-agents", "true")
    assert bring["ChannelId"] == "siaga-party-c1"


def test_one_more_in_a_conference_moves_nobody() -> None:
    (bring,) = planned("conference", Talking(room="42"), to="113")
    assert (bring["Action"], bring["Exten"]) == ("Originate", "42")


def test_a_desk_leaves_a_conference_and_no_other_call() -> None:
    assert planned("leave", Talking(room="42")) == [{"Action": "Hangup", "Channel": LEG, "Cause": "16"}]
    with pytest.raises(NotPossible, match="cut off"):
        planned("leave")
    with pytest.raises(NotPossible, match="leave it instead"):
        planned("transfer", Talking(room="42"), to="113")


@pytest.mark.parametrize(("act", "options"), [("listen", "qES"), ("whisper", "qwES"), ("barge", "qBES")])
def test_a_supervisors_phone_is_called_to_hear_the_desk(act: str, options: str) -> None:
    (spy,) = planned(act, to="103")
    assert (spy["Channel"], spy["Application"], spy["Data"]) == ("PJSIP/103", "ChanSpy", f"{LEG},{options}")
    assert spy["ChannelId"] == "siaga-monitor-c1"


def test_a_supervisor_stops_listening_or_takes_over() -> None:
    (stop,) = planned("stop_listening", Talking(heard=True), to="103")
    assert (stop["Action"], stop["Channel"]) == ("Hangup", "PJSIP/103-00000008")
    (moved,) = planned("take_over", to="103")
    assert (moved["Action"], moved["Exten"]) == ("BlindTransfer", "103")
    with pytest.raises(NotPossible, match="not allowed"):
        planned("take_over", to="113")


def test_a_citizen_is_called_back_from_the_desk_under_the_commands_id() -> None:
    (call,) = planned("call_back", linkedid="", to="081254001001")
    assert (call["Channel"], call["Context"], call["Exten"]) == ("PJSIP/101", "callback", "081254001001")
    assert (call["ChannelId"], call["Async"]) == ("c1", "true")


def test_a_desk_signs_in_to_each_queue_and_pauses_in_all() -> None:
    added = planned("sign_in", queues=("psap-112", "psap-overflow"), name="Rina")
    assert [one["Queue"] for one in added] == ["psap-112", "psap-overflow"]
    assert {(one["Interface"], one["MemberName"]) for one in added} == {("PJSIP/101", "Rina")}
    (paused,) = planned("pause", reason="break")
    assert paused == {"Action": "QueuePause", "Interface": "PJSIP/101", "Paused": "true", "Reason": "break"}
    assert planned("ready") == [{"Action": "QueuePause", "Interface": "PJSIP/101", "Paused": "false"}]


@pytest.mark.parametrize("act", ["transfer", "conference", "call_back", "listen", "take_over"])
@pytest.mark.parametrize(
    "to", ["0809123456", "113,1", "113&PJSIP/104", "", "PJSIP/103", "${EVIL}", "1\r\nAction: Reload"]
)
def test_no_number_that_is_not_allowed_reaches_the_pbx(act: str, to: str) -> None:
    with pytest.raises(NotPossible, match="not allowed"):
        planned(act, to=to)


@pytest.mark.parametrize("value", ["a\r\nAction: Command", "a\nb", "a\x00", "${SHELL(id)}", "$[1+1]", "x" * 1025])
@pytest.mark.parametrize("act", ["sign_in", "pause"])
def test_what_people_write_carries_neither_lines_nor_variables(act: DeskAct, value: str) -> None:
    command = PbxCommand.model_construct(
        id="c1", act=act, linkedid="", agent="101", to=None, queues=("q",), name=value, reason=value, expires_at=EXPIRES
    )
    with pytest.raises(ValueError, match=r"control character|variable|longer"):
        for action in plan(command, Talking(), DIALPLAN):
            action.render("c1")


@given(st.text(max_size=60))
def test_a_name_is_sent_as_one_line_or_not_at_all(name: str) -> None:
    (action,) = plan(
        PbxCommand(id="c1", act="sign_in", agent="101", queues=("q",), name=name, expires_at=EXPIRES),
        Talking(),
        DIALPLAN,
    )
    try:
        sent = action.render("c1")
    except ValueError:
        return
    assert sent.count(b"\r\n") == 6
    assert b"${" not in sent


def test_a_channel_whose_name_is_more_than_a_name_is_not_spied_on() -> None:
    class Forged(Talking):
        def desk_channel(self, linkedid: str, agent: str) -> str | None:
            return "PJSIP/101-1,wB&PJSIP/102"

    with pytest.raises(ValueError, match="more than a name"):
        planned("listen", Forged(), to="103")
