"""The fold's state piece by piece, so that storing a fact costs as much as its call, not as all calls."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import TypeAdapter

from telephony.fold_state import MAX_ENDED, Agent, Call, PbxState

_CALL = TypeAdapter(Call)
_AGENT = TypeAdapter(Agent)


def part_of(state: PbxState, linkedids: Iterable[str], agents: Iterable[str]) -> dict[str, Any]:
    """What `state` says of these calls and agents, as JSON-able values. A call that ended is None."""
    calls: dict[str, Any] = {}
    for linkedid in linkedids:
        if linkedid in state.calls:
            calls[linkedid] = _CALL.dump_python(state.calls[linkedid], mode="json")
        elif linkedid in state.ended:
            calls[linkedid] = None
    known = {one: _AGENT.dump_python(state.agents[one], mode="json") for one in agents if one in state.agents}
    return {"calls": calls, "agents": known}


def merge(snapshot: dict[str, Any], part: Mapping[str, Any]) -> None:
    """Bring `snapshot` (of the whole state) up to date with a later `part`. Raises KeyError when they are neither."""
    for linkedid, call in part["calls"].items():
        if call is None:
            snapshot["calls"].pop(linkedid, None)
            snapshot["ended"][linkedid] = None
        else:
            snapshot["calls"][linkedid] = call
    while len(snapshot["ended"]) > MAX_ENDED:
        del snapshot["ended"][next(iter(snapshot["ended"]))]
    snapshot["agents"].update(part["agents"])
