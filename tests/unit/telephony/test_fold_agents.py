"""What the fold makes of queue members: whole states, told when they change."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from telephony import fold_agents
from telephony.facts import AgentChanged
from telephony.fold import Fold, FoldConfig
from tests.unit.telephony.streams import NOW, Pbx


def member(pbx: Pbx, event: str = "QueueMemberStatus", agent: str = "101", **more: str) -> list[dict[str, Any]]:
    fields = {"Queue": "psap-112", "Interface": f"PJSIP/{agent}", "MemberName": f"Call-taker {agent}"}
    facts = pbx.says(event, **{**fields, "Status": "1", "Paused": "0", **more})
    return [fact.model_dump(exclude={"at", "type"}) for fact in facts]


def state(**more: Any) -> dict[str, Any]:
    idle = {"agent": "101", "name": "Call-taker 101", "queues": ("psap-112",), "paused": False}
    return {**idle, "pause_reason": None, "device": "idle", "paused_at": None, **more}


def test_member_is_told_whole_and_only_when_changed() -> None:
    pbx = Pbx()
    assert member(pbx, "QueueMemberAdded") == [state()]
    assert member(pbx) == []
    assert member(pbx, Status="6") == [state(device="ringing")]
    assert member(pbx, Status="2") == [state(device="in_use")]
    assert member(pbx, "QueueMemberPenalty", Status="2") == []
    assert isinstance(pbx.facts[-1], AgentChanged)
    assert pbx.facts[-1].at == NOW + timedelta(milliseconds=4)


@pytest.mark.parametrize(
    ("status", "device"),
    [
        *(("0", "unknown"), ("1", "idle"), ("2", "in_use"), ("3", "busy"), ("4", "unavailable"), ("5", "unavailable")),
        *(("6", "ringing"), ("7", "ringing"), ("8", "on_hold"), ("9", "unknown"), ("", "unknown"), ("x", "unknown")),
    ],
)
def test_status_number_names_the_device_state(status: str, device: str) -> None:
    (told,) = member(Pbx(), Status=status)
    assert told["device"] == device


def test_pause_has_its_reason_and_ends_with_it() -> None:
    pbx = Pbx()
    member(pbx)
    paused = member(pbx, "QueueMemberPause", Paused="1", PausedReason="istirahat")
    assert paused == [state(paused=True, pause_reason="istirahat")]
    assert member(pbx, "QueueMemberPause", PausedReason="istirahat") == [state()]
    assert member(pbx, "QueueMemberPause", Paused="1") == [state(paused=True)]


def test_pause_has_its_beginning_by_the_clock_of_the_pbx() -> None:
    pbx = Pbx()
    member(pbx, LastPause="1795560000")
    since = datetime.fromtimestamp(1795560000, UTC)
    assert member(pbx, Paused="1", LastPause="1795560000") == [state(paused=True, paused_at=since)]
    member(pbx, LastPause="1795560000")
    assert member(pbx, Paused="1", LastPause="0") == [state(paused=True)]


def test_desk_is_paused_when_no_queue_reaches_it() -> None:
    pbx = Pbx()
    member(pbx)
    member(pbx, Queue="psap-overflow")
    assert member(pbx, "QueueMemberPause", Paused="1", PausedReason="rapat") == []
    both = ("psap-112", "psap-overflow")
    told = member(pbx, "QueueMemberPause", Queue="psap-overflow", Paused="1")
    assert told == [state(queues=both, paused=True, pause_reason="rapat")]


def test_sign_out_leaves_no_queue() -> None:
    pbx = Pbx()
    member(pbx, Paused="1")
    member(pbx, Queue="psap-overflow", Paused="1")
    assert member(pbx, "QueueMemberRemoved") == [state(queues=("psap-overflow",), paused=True)]
    assert member(pbx, "QueueMemberRemoved", Queue="psap-overflow") == [state(queues=())]
    assert member(pbx, "QueueMemberRemoved", Queue="psap-overflow") == []
    assert member(pbx, "QueueMemberRemoved", agent="109") == []


def test_listing_names_a_member_by_other_keys() -> None:
    pbx = Pbx()
    more = {"Interface": "", "Location": "Local/101@auto-agents/n", "MemberName": "", "Name": "Rina"}
    assert member(pbx, "QueueMember", **more) == [state(name="Rina")]
    assert member(pbx, MemberName="") == []


def test_member_without_a_desk_number_is_known_by_its_interface() -> None:
    (told,) = member(Pbx(), Interface="Agent/rina")
    assert told["agent"] == "Agent/rina"


@pytest.mark.parametrize("fields", [{"Interface": ""}, {"Queue": ""}, {"Queue": "canteen"}])
def test_member_of_nothing_of_ours_is_ignored(fields: dict[str, str]) -> None:
    pbx = Pbx(config=FoldConfig(queues=frozenset({"psap-112"})))
    assert member(pbx, **fields) == []
    assert member(pbx, "QueueMemberRemoved", **fields) == []


@pytest.mark.parametrize(
    ("name", "device"),
    [
        ("INUSE", "in_use"),
        ("UNAVAILABLE", "unavailable"),
        ("ONHOLD", "on_hold"),
        ("RINGING", "ringing"),
        ("?", "unknown"),
    ],
)
def test_device_state_changes_a_known_desk(name: str, device: str) -> None:
    pbx = Pbx()
    member(pbx)
    (fact,) = pbx.says("DeviceStateChange", Device="PJSIP/101", State=name)
    assert isinstance(fact, AgentChanged)
    assert fact.device == device


def test_device_state_of_others_is_ignored() -> None:
    pbx = Pbx()
    member(pbx)
    for device in ("PJSIP/102", "Queue:psap-112_pause_PJSIP/101", ""):
        assert pbx.says("DeviceStateChange", Device=device, State="INUSE") == []


def test_members_beyond_the_bound_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fold_agents, "MAX_AGENTS", 1)
    pbx = Pbx()
    member(pbx)
    assert member(pbx, agent="102") == []
    assert member(pbx, Status="2") == [state(device="in_use")]


def test_restored_fold_does_not_tell_a_known_state_again() -> None:
    pbx = Pbx()
    member(pbx, Paused="1", PausedReason="istirahat")
    restored = Pbx(Fold.restore(pbx.fold.snapshot()))
    assert member(restored, Paused="1", PausedReason="istirahat") == []
    assert member(restored) == [state()]
