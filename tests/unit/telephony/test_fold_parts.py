"""A fold restored from an old snapshot and the parts after it is the fold that was lost."""

import json
from typing import Any

import pytest

from telephony.fold import Fold
from telephony.fold_parts import merge
from telephony.fold_state import MAX_ENDED
from telephony.wire import AmiParser
from tests.unit.telephony.streams import BENCH, NOW, Recording, recordings


def replay(recording: Recording, until: int) -> tuple[Fold, dict[str, Any]]:
    """The fold after so many messages, and what a restart would rebuild from the first snapshot and its parts."""
    fold = Fold(BENCH)
    kept = fold.snapshot()
    touched: set[str] = set()
    for message in AmiParser().feed(recording.raw)[:until]:
        touched.add(message.get("Linkedid"))
        facts = fold.apply(message, NOW)
        if not facts:
            continue
        calls = {fact.linkedid for fact in facts if fact.type != "agent_changed"}
        agents = {fact.agent for fact in facts if fact.type == "agent_changed"}
        merge(kept, json.loads(json.dumps(fold.part(touched | calls, agents))))
        touched = set()
    merge(kept, fold.part(touched, ()))
    return fold, kept


@pytest.mark.parametrize("recording", recordings(), ids=lambda recording: recording.name)
def test_parts_rebuild_the_calls_at_any_point(recording: Recording) -> None:
    count = len(AmiParser().feed(recording.raw))
    for until in sorted({count * step // 8 for step in range(1, 9)}):
        fold, kept = replay(recording, until)
        now = fold.snapshot()
        assert kept["calls"] == now["calls"]
        assert kept["ended"] == now["ended"]
        assert Fold.restore(kept, BENCH).live_calls() == fold.live_calls()


@pytest.mark.parametrize("recording", recordings(), ids=lambda recording: recording.name)
def test_parts_rebuild_what_was_said_of_each_agent(recording: Recording) -> None:
    fold, kept = replay(recording, 10**6)
    said = {number: agent["said"] for number, agent in fold.snapshot()["agents"].items() if agent["said"]}
    assert {number: agent["said"] for number, agent in kept["agents"].items()} == said


def test_stranger_is_no_part_and_ended_calls_stay_bounded() -> None:
    fold = Fold(BENCH)
    assert fold.part(["stranger"], ["999"]) == {"calls": {}, "agents": {}}
    kept = fold.snapshot()
    merge(kept, {"calls": {f"call-{one}": None for one in range(MAX_ENDED + 5)}, "agents": {}})
    assert len(kept["ended"]) == MAX_ENDED
    assert next(iter(kept["ended"])) == "call-5"
