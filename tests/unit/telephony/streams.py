"""Recorded streams and hand-made messages for the tests of wire and fold."""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from telephony.facts import AgentChanged, CallArrived, CallEnded, CallJoined, CallMonitored, Fact
from telephony.fold import Fold, FoldConfig
from telephony.wire import AmiMessage, AmiParser

RECORDINGS = Path(os.environ.get("AMI_RECORDINGS") or Path(__file__).parents[2] / "data" / "ami")
"""The committed ones, or fresh ones that tests/pbx/record.py has just made."""
NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
BENCH = FoldConfig(caller_published=True)
"""The test PBX's dialplan publishes the caller first (tests/pbx/etc/extensions.conf)."""


@dataclass(frozen=True)
class Recording:
    name: str
    raw: bytes
    after_restart: bytes | None
    truth: list[dict[str, Any]]
    ids: dict[str, list[list[str]]]
    cuts: list[int]


def recordings() -> list[Recording]:
    return [load(file.stem) for file in sorted(RECORDINGS.glob("*.json"))]


def load(name: str) -> Recording:
    document = json.loads((RECORDINGS / f"{name}.json").read_text(encoding="utf-8"))
    second = RECORDINGS / f"{name}.2.ami"
    return Recording(
        name=name,
        raw=(RECORDINGS / f"{name}.ami").read_bytes(),
        after_restart=second.read_bytes() if second.exists() else None,
        truth=document["truth"],
        ids=document["ids"],
        cuts=[offset for _, offset in document["chunks"]],
    )


def cut(raw: bytes, cuts: Iterable[int]) -> Iterator[bytes]:
    """`raw` in portions that end at `cuts`."""
    at = 0
    for end in [*sorted(set(cuts)), len(raw)]:
        yield raw[at:end]
        at = max(at, end)


def feed(fold: Fold, portions: Iterable[bytes]) -> list[Fact]:
    """Facts of one connection's bytes."""
    parser = AmiParser()
    return [fact for data in portions for message in parser.feed(data) for fact in fold.apply(message, NOW)]


def of_call(facts: Iterable[Fact], linkedid: str) -> list[Fact]:
    return [fact for fact in facts if not isinstance(fact, AgentChanged) and fact.linkedid == linkedid]


def token(fact: Fact) -> str:
    """A fact in the words of a truth file's `order`."""
    if isinstance(fact, CallJoined | CallMonitored):
        return _of_others(fact)
    match fact.type:
        case "ivr_entered":
            return "ivr"
        case "call_queued":
            return f"queued {fact.queue}"
        case "call_ringing" | "ring_missed" | "call_answered":
            return f"{fact.type.replace('call_', '').replace('ring_', '')} {fact.agent}"
        case "call_held":
            return "held" if fact.held else "unheld"
        case "call_transferred":
            return f"transferred {fact.to} {fact.how}"
        case "agent_changed":
            return "gone" if not fact.queues else f"paused {fact.pause_reason}" if fact.paused else "member"
        case _:
            return fact.type.removeprefix("call_")


def _of_others(fact: CallJoined | CallMonitored) -> str:
    if isinstance(fact, CallJoined):
        return f"{'joined' if fact.joined else 'left'} {fact.party}"
    return f"{'monitored' if fact.monitoring else 'unmonitored'} {fact.agent}"


def agrees(facts: list[Fact], order: list[str]) -> bool:
    """Keys that the caller pressed are no part of an order: one more or less moves no call."""
    tokens = [token(fact) for fact in facts if fact.type != "call_digit"]
    return len(tokens) == len(order) and all(map(fnmatchcase, tokens, order))


def arrived(facts: Iterable[Fact]) -> list[CallArrived]:
    return [fact for fact in facts if isinstance(fact, CallArrived)]


def ended(facts: Iterable[Fact]) -> list[CallEnded]:
    return [fact for fact in facts if isinstance(fact, CallEnded)]


class Pbx:
    """Writes events as the PBX does, a millisecond apart, and keeps the facts that a fold makes of them."""

    def __init__(self, fold: Fold | None = None, config: FoldConfig | None = None) -> None:
        self.fold = fold or Fold(config)
        self.facts: list[Fact] = []
        self.clock = NOW

    def says(self, event: str, **fields: str) -> list[Fact]:
        """Facts of one event; `Cause_txt` stands for Cause-txt."""
        self.clock += timedelta(milliseconds=1)
        stamped = {"Event": event, "Timestamp": f"{self.clock.timestamp():.6f}"}
        new = self.fold.apply(AmiMessage({**stamped, **{k.replace("_", "-"): v for k, v in fields.items()}}), NOW)
        self.facts += new
        return new

    def wait(self, seconds: float) -> None:
        self.clock += timedelta(seconds=seconds)

    def tokens(self) -> list[str]:
        return [token(fact) for fact in self.facts]

    def call(self, linkedid: str = "c1", ani: str = "0811", exten: str = "112", **more: str) -> list[Fact]:
        return self.says("Newchannel", **{**caller(linkedid, ani, exten), **more})

    def queues(self, linkedid: str = "c1", queue: str = "psap-112", position: str = "1") -> list[Fact]:
        return self.says("QueueCallerJoin", **caller(linkedid), Queue=queue, Position=position)

    def desk(self, event: str, agent: str, leg: str, linkedid: str = "c1", **more: str) -> list[Fact]:
        """AgentCalled, AgentRingNoAnswer, AgentConnect."""
        fields = {"Queue": "psap-112", "Interface": f"PJSIP/{agent}", **caller(linkedid), **more}
        return self.says(event, DestUniqueid=leg, DestChannel=f"PJSIP/{agent}-{leg}", DestLinkedid=linkedid, **fields)

    def answers(self, agent: str = "101", leg: str = "d1", linkedid: str = "c1") -> list[Fact]:
        return self.desk("AgentConnect", agent, leg, linkedid, HoldTime="3")

    def hangs_up(self, linkedid: str = "c1", uniqueid: str | None = None, **more: str) -> list[Fact]:
        fields = {**caller(linkedid), "Uniqueid": uniqueid or linkedid, "Cause": "16", "Cause_txt": "Normal Clearing"}
        return self.says("Hangup", **{**fields, **more})


def caller(linkedid: str, ani: str = "0811", exten: str = "112") -> dict[str, str]:
    """The fields of a citizen's channel."""
    return {
        "Channel": f"PJSIP/trunk-{linkedid}",
        "ChannelStateDesc": "Ring",
        "CallerIDNum": ani,
        "CallerIDName": "Budi",
        "Context": "from-trunk",
        "Exten": exten,
        "Uniqueid": linkedid,
        "Linkedid": linkedid,
    }
