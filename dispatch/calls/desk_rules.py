"""What the centre itself asks for desks: time to wrap up after a call, and a pause after a missed ring.

Done after commit, by an effect that may see an event twice: what is asked follows from what the PBX says of the desk
now, so a second time asks nothing new.
"""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch import timers
from dispatch.calls import acts, commands, service
from dispatch.calls.acts import PauseReason
from dispatch.calls.commands import DeskPlace
from dispatch.centre import Centre
from dispatch.db import Transaction
from dispatch.effects import Effect
from dispatch.events import CallDisposed, CallEnded, CallRingMissed, CallTransferred, Recorded
from dispatch.log import Stored
from dispatch.timers import Handler, TimerRow
from dispatch.views import AgentView, CallView

TYPES = ("call.ended", "call.ring_missed", "call.transferred", "call.disposed")

WRAP_UP_OVER = "desk.wrap_up_over"
"""Kind of the timer that ends a desk's time to wrap up; its key is the desk's number."""

GATHER_S = 0.2
"""A queue rings the desk again at the earliest some seconds after its last call."""

TOO_OLD = timedelta(seconds=60)
"""An event that is handled later than this (the process was down) says nothing of the desk now."""


def effect(centre: Centre) -> Effect:
    """Asks for pauses after the events that call for them."""

    async def handle(stored: Stored) -> None:
        recorded = Recorded.model_validate_json(stored.payload)
        if centre.db.clock() - recorded.at > TOO_OLD:
            return
        async with centre.db.transaction() as tx:
            await _Rules(centre, tx).after(recorded)

    return Effect("desk-rules", TYPES, handle, gather_s=GATHER_S)


class _Rules:
    def __init__(self, centre: Centre, tx: Transaction) -> None:
        self._settings = centre.settings
        self._tx = tx

    async def after(self, recorded: Recorded) -> None:
        event = recorded.data
        if event.call_id is None:
            return
        call = await service.get(self._tx.session, event.call_id)
        match event:
            case CallRingMissed() if self._settings.pause_after_missed_ring:
                await self._missed(call, event.agent)
            case CallEnded():
                await self._wrap_up(call)
            case CallTransferred() if call.agent != event.to:
                await self._wrap_up(call)
            case CallDisposed():
                await self._wrapped_up(call)

    async def _missed(self, call: CallView, agent: str) -> None:
        desks = [desk for desk in await service.agents(self._tx.session) if desk.pbx == call.pbx]
        desk = next((desk for desk in desks if desk.agent == agent), None)
        if acts.pauses_after_missed_ring(desk, desks):
            await self._ask(call.pbx, agent, PauseReason.MISSED_RING, desk)

    async def _wrap_up(self, call: CallView) -> None:
        """A call that was judged while it was talked leaves nothing to wrap up."""
        desk = await service.desk(self._tx.session, call.pbx, call.agent)
        if not self._settings.wrap_up_s or call.disposition is not None or not acts.wraps_up(call, desk):
            return
        assert call.agent is not None
        over = self._tx.now + timedelta(seconds=self._settings.wrap_up_s)
        await timers.schedule(self._tx, WRAP_UP_OVER, call.agent[:64], over, {"pbx": call.pbx, "agent": call.agent})
        await self._ask(call.pbx, call.agent, PauseReason.WRAP_UP, desk)

    async def _wrapped_up(self, call: CallView) -> None:
        if call.agent is not None:
            await _ready(self._tx, call.pbx, call.agent)

    async def _ask(self, pbx: str, agent: str, why: PauseReason, desk: AgentView | None) -> None:
        place = DeskPlace(pbx=pbx, desk=agent, queues=self._settings.queues)
        await commands.ask_desk(self._tx, place, "pause", why.value, desk)


async def _ready(tx: Transaction, pbx: str, agent: str) -> None:
    """Let a desk take calls again that is paused for its wrap-up and for nothing else."""
    await timers.cancel(tx, WRAP_UP_OVER, agent[:64])
    desk = await service.desk(tx.session, pbx, agent)
    if desk is not None and desk.paused and desk.pause_reason == PauseReason.WRAP_UP.value:
        await commands.ask_desk(tx, DeskPlace(pbx=pbx, desk=agent, queues=()), "ready", None, desk)


async def _wrap_up_over(tx: Transaction, timer: TimerRow) -> None:
    await _ready(tx, timer.payload["pbx"], timer.payload["agent"])


def desk_timers() -> dict[str, Handler]:
    """The durable timers of desks."""
    return {WRAP_UP_OVER: _wrap_up_over}


async def place_of(session: AsyncSession, desk: str, pbx: str, queues: tuple[str, ...]) -> DeskPlace:
    """Where a desk is: at the PBX that described it, else at `pbx`."""
    known = await service.agents(session, [desk])
    return DeskPlace(pbx=known[0].pbx if known else pbx, desk=desk, queues=queues)
