"""Facts of a believable call, as an adapter would hand them over; for the tests of calls."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Literal

from telephony import facts
from telephony.facts import Envelope

NOON = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


class Caller:
    """One call at a PBX: each method gives the envelope of the next fact."""

    def __init__(
        self,
        linkedid: str = "1795500000.1",
        *,
        ani: str | None = "081234567890",
        pbx: str = "main",
        at: datetime = NOON,
    ) -> None:
        self.linkedid = linkedid
        self.pbx = pbx
        self.ani = ani
        self.at = at
        self._n: Iterator[int] = count(1)

    def tell(self, fact: facts.CallFact) -> Envelope:
        return Envelope(pbx=self.pbx, key=self.linkedid, n=next(self._n), fact=fact)

    def _next(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at

    def arrives(self, *, withheld: bool = False, name: str | None = None, resynced: bool = False) -> Envelope:
        return self.tell(
            facts.CallArrived(
                at=self._next(),
                linkedid=self.linkedid,
                uniqueid=self.linkedid,
                channel="PJSIP/trunk-00000001",
                ani=self.ani,
                ani_withheld=withheld,
                caller_name=name,
                dialled="112",
                resynced=resynced,
            )
        )

    def enters_ivr(self) -> Envelope:
        return self.tell(facts.IvrEntered(at=self._next(), linkedid=self.linkedid))

    def queues(self, queue: str = "psap-112") -> Envelope:
        return self.tell(facts.CallQueued(at=self._next(), linkedid=self.linkedid, queue=queue))

    def rings(self, agent: str = "101") -> Envelope:
        return self.tell(facts.CallRinging(at=self._next(), linkedid=self.linkedid, agent=agent))

    def misses(self, agent: str = "101") -> Envelope:
        return self.tell(facts.RingMissed(at=self._next(), linkedid=self.linkedid, agent=agent))

    def is_answered(self, agent: str = "101") -> Envelope:
        return self.tell(facts.CallAnswered(at=self._next(), linkedid=self.linkedid, agent=agent))

    def is_held(self, held: bool = True) -> Envelope:
        return self.tell(facts.CallHeld(at=self._next(), linkedid=self.linkedid, held=held))

    def is_joined(self, party: str = "113", joined: bool = True) -> Envelope:
        return self.tell(facts.CallJoined(at=self._next(), linkedid=self.linkedid, party=party, joined=joined))

    def is_monitored(self, agent: str = "103", monitoring: bool = True) -> Envelope:
        fact = facts.CallMonitored(at=self._next(), linkedid=self.linkedid, agent=agent, monitoring=monitoring)
        return self.tell(fact)

    def is_transferred(self, to: str = "113") -> Envelope:
        return self.tell(facts.CallTransferred(at=self._next(), linkedid=self.linkedid, to=to, how="blind"))

    def says(self, text: str) -> Envelope:
        return self.tell(facts.CallTranscribed(at=self._next(), linkedid=self.linkedid, speaker="caller", text=text))

    def drops_menu(self) -> Envelope:
        return self.tell(facts.IvrDropped(at=self._next(), linkedid=self.linkedid))

    def presses(self, digit: str) -> Envelope:
        said = {"at": self._next(), "linkedid": self.linkedid, "digit": digit}
        return self.tell(facts.CallDigit.model_validate(said))

    def meets_rule(self, how: Literal["divert", "confirmed", "block"]) -> Envelope:
        return self.tell(facts.CallNumberRuleMet(at=self._next(), linkedid=self.linkedid, how=how))

    def abandons(self) -> Envelope:
        return self.tell(facts.CallAbandoned(at=self._next(), linkedid=self.linkedid))

    def ends(self, cause: str = "hangup: Normal Clearing") -> Envelope:
        return self.tell(facts.CallEnded(at=self._next(), linkedid=self.linkedid, cause=cause, cause_code=16))

    def until_answered(self, agent: str = "101") -> list[Envelope]:
        return [self.arrives(), self.queues(), self.rings(agent), self.is_answered(agent)]

    def until_ended(self, agent: str = "101") -> list[Envelope]:
        return [*self.until_answered(agent), self.ends()]


def desk(
    agent: str = "101",
    *,
    n: int = 1,
    device: str = "idle",
    paused: bool = False,
    at: datetime = NOON,
    reason: str | None = None,
) -> Envelope:
    """The state of a desk as the PBX tells it."""
    said = {"at": at, "agent": agent, "name": f"Call-taker {agent}", "queues": ["psap-112"]}
    fact = facts.AgentChanged.model_validate({**said, "paused": paused, "device": device, "pause_reason": reason})
    return Envelope(pbx="main", key=f"agent:{agent}", n=n, fact=fact)
