"""AMI messages to facts about calls and agents: pure and deterministic; recorded streams are its tests."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from telephony.facts import Fact
from telephony.wire import AmiMessage


@dataclass(frozen=True, slots=True)
class FoldConfig:
    """What in a PBX's dialplan makes a channel a citizen's and an interface a desk."""

    trunk_contexts: frozenset[str] = frozenset({"from-trunk"})
    """Contexts in which calls from the public network begin."""
    trunk_pattern: str = r"PJSIP/trunk-"
    """Start of a trunk channel's name: after a transfer its context no longer tells what it is."""
    desk_pattern: str = r"(?:PJSIP|SIP|Local)/(\d+)"
    """Start of a desk's interface or channel name; group 1 is the extension."""
    queues: frozenset[str] = frozenset()
    """Queues of the centre; empty: every queue of the PBX."""
    caller_published: bool = False
    """The dialplan's first step is UserEvent(SiagaCaller,Presentation: ${CALLERID(num-pres)}).

    CallArrived then waits for it, or for the call's next event, so that it can say whether the number is withheld.
    """


class Fold:
    """What one PBX has said so far. `apply` changes it in place and returns the new facts; no clock, no I/O.

    The caller stores `snapshot()` in the same transaction as the facts: a state older than the facts would say
    some of them again.
    """

    def __init__(self, config: FoldConfig | None = None) -> None:
        self._config = config or FoldConfig()

    @classmethod
    def restore(cls, snapshot: Mapping[str, Any], config: FoldConfig | None = None) -> Self:
        """Go on from `snapshot()`. Raises ValueError when it is not one."""
        raise NotImplementedError

    def snapshot(self) -> dict[str, Any]:
        """The whole state as JSON-able values."""
        raise NotImplementedError

    def apply(self, message: AmiMessage, now: datetime) -> list[Fact]:
        """Facts that `message` adds; `now` (UTC) stands in where the PBX gave no time. Never raises."""
        raise NotImplementedError

    def begin_resync(self) -> None:
        """Call on each new connection before its first message is applied; again if it broke before the end."""
        raise NotImplementedError

    def end_resync(self, now: datetime) -> list[Fact]:
        """Call once the answers of CoreShowChannels, QueueStatus and Status have been applied in whole."""
        raise NotImplementedError

    def caller_channel(self, linkedid: str) -> str | None:
        """The citizen's channel of a living call, e.g. to hang it up."""
        raise NotImplementedError

    def live_calls(self) -> tuple[str, ...]:
        """Linkedids of calls that have not ended."""
        raise NotImplementedError
