"""What the fold keeps: within bounds, through a snapshot, and to be asked for."""

import pytest

from telephony import fold_calls
from telephony.fold import Fold
from tests.unit.telephony.streams import Pbx, ended


def test_channels_by_which_to_act_on_a_call() -> None:
    pbx = Pbx()
    pbx.call()
    pbx.queues()
    pbx.desk("AgentCalled", "101", "d1")
    assert pbx.fold.caller_channel("c1") == "PJSIP/trunk-c1"
    assert pbx.fold.ringing_channel("c1", "101") == "PJSIP/101-d1"
    assert pbx.fold.ringing_channel("c1", "102") is None
    assert pbx.fold.ringing_channel("c9", "101") is None
    pbx.answers(leg="d1")
    assert pbx.fold.ringing_channel("c1", "101") is None
    pbx.hangs_up()
    assert pbx.fold.caller_channel("c1") is None


def test_oldest_call_is_given_up_when_too_many_live(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fold_calls, "MAX_LIVE_CALLS", 2)
    pbx = Pbx()
    for linkedid in ("c1", "c2", "c3"):
        pbx.call(linkedid)
    assert pbx.fold.live_calls() == ("c2", "c3")
    assert [(fact.linkedid, fact.cause) for fact in ended(pbx.facts)] == [("c1", "unknown")]


def test_oldest_leg_is_forgotten_when_a_call_rang_too_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fold_calls, "MAX_LEGS", 2)
    pbx = Pbx()
    pbx.call()
    for leg in ("d1", "d2", "d3"):
        pbx.desk("AgentCalled", "101", leg)
        pbx.desk("AgentRingNoAnswer", "101", leg)
    assert list(pbx.fold.snapshot()["calls"]["c1"]["legs"]) == ["d2", "d3"]


def test_ended_calls_are_remembered_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fold_calls, "MAX_ENDED", 2)
    pbx = Pbx()
    for linkedid in ("c1", "c2", "c3"):
        pbx.call(linkedid)
        pbx.hangs_up(linkedid)
    assert list(pbx.fold.snapshot()["ended"]) == ["c2", "c3"]


@pytest.mark.parametrize("snapshot", [{"calls": 1}, {"calls": {"c1": {}}}, {"agents": {"101": {"device": "?"}}}])
def test_broken_snapshot_is_refused(snapshot: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        Fold.restore(snapshot)
