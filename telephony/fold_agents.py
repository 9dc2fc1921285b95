"""The queue members' part of the fold: whole states, told only when they changed."""

from datetime import datetime

from telephony import fold_read as read
from telephony.facts import AgentChanged, Fact
from telephony.fold_state import MAX_AGENTS, Agent, Device, FoldConfig, Membership, PbxState
from telephony.wire import AmiMessage

_BY_STATUS: dict[str, Device] = {
    "0": "unknown",
    "1": "idle",
    "2": "in_use",
    "3": "busy",
    "4": "unavailable",
    "5": "unavailable",
    "6": "ringing",
    "7": "ringing",
    "8": "on_hold",
}
"""AST_DEVICE_* as in the Status field of queue members; 4 is an invalid device, 7 in use and ringing."""

_BY_STATE: dict[str, Device] = {
    "NOT_INUSE": "idle",
    "INUSE": "in_use",
    "BUSY": "busy",
    "INVALID": "unavailable",
    "UNAVAILABLE": "unavailable",
    "RINGING": "ringing",
    "RINGINUSE": "ringing",
    "ONHOLD": "on_hold",
}
"""Names of the same states in DeviceStateChange."""


class AgentFold:
    def __init__(self, config: FoldConfig, state: PbxState) -> None:
        self._config = config
        self._agents = state.agents

    def number_of(self, interface: str) -> str:
        """The desk's extension, or the interface itself where it names none."""
        return self._config.desk(interface) or read.printable(interface)

    def on_member(self, message: AmiMessage, now: datetime) -> list[Fact]:
        """QueueMember (a listing's) and QueueMemberAdded, …Status, …Pause, …Penalty: each tells the member's whole."""
        queue = read.text(message, "Queue")
        number = self.member(message)
        if number is None or not self._config.is_ours(queue):
            return []
        agent = self._agents.get(number)
        if agent is None:
            if len(self._agents) >= MAX_AGENTS:
                return []
            agent = self._agents[number] = Agent()
        agent.name = read.text(message, "MemberName") or read.text(message, "Name") or agent.name
        reason = read.text(message, "PausedReason") or None
        paused = message.get("Paused") == "1"
        agent.queues[queue] = Membership(paused, reason, read.epoch(message, "LastPause") if paused else None)
        agent.device = _BY_STATUS.get(message.get("Status"), "unknown")
        return self._tell(number, agent, read.at(message, now))

    def on_removed(self, message: AmiMessage, now: datetime) -> list[Fact]:
        number = self.member(message)
        if number is None:
            return []
        return self._leave(number, read.text(message, "Queue"), read.at(message, now))

    def on_device(self, message: AmiMessage, now: datetime) -> list[Fact]:
        number = self._config.desk(message.get("Device"))
        agent = self._agents.get(number) if number else None
        if number is None or agent is None:
            return []
        agent.device = _BY_STATE.get(message.get("State"), "unknown")
        return self._tell(number, agent, read.at(message, now))

    def member(self, message: AmiMessage) -> str | None:
        """Whom a member event is about; a listing calls the interface Location."""
        interface = message.get("Interface") or message.get("Location")
        return self.number_of(interface) or None

    def reconcile(self, listed: set[tuple[str, str]], now: datetime) -> list[Fact]:
        """End the memberships (agent, queue) that a whole listing does not name."""
        facts: list[Fact] = []
        for number, agent in self._agents.items():
            for queue in [queue for queue in agent.queues if (number, queue) not in listed]:
                facts += self._leave(number, queue, now)
        return facts

    def _leave(self, number: str, queue: str, at: datetime) -> list[Fact]:
        agent = self._agents.get(number)
        if agent is None or agent.queues.pop(queue, None) is None:
            return []
        return self._tell(number, agent, at)

    def _tell(self, number: str, agent: Agent, at: datetime) -> list[Fact]:
        memberships = agent.queues.values()
        paused = bool(memberships) and all(one.paused for one in memberships)
        fact = AgentChanged(
            at=at,
            agent=number,
            name=agent.name,
            queues=tuple(sorted(agent.queues)),
            paused=paused,
            pause_reason=next((one.reason for one in memberships if one.reason), None) if paused else None,
            device=agent.device,
            paused_at=max((one.paused_at for one in memberships if one.paused_at), default=None) if paused else None,
        )
        said = agent.said
        if said is not None and fact == said.model_copy(update={"at": at}):
            return []
        agent.said = fact
        return [fact]
