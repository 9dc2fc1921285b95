"""The list of callers who gave up: claimed by one person at a time, every attempt logged, closed only with a result."""

from dispatch.calls import callback_rules, service
from dispatch.calls.callback_rules import Policy
from dispatch.db import Database, Transaction
from dispatch.effects import Effect
from dispatch.errors import Forbidden
from dispatch.events import (
    CallAnswered,
    CallbackAttempted,
    CallbackClaimed,
    CallbackReleased,
    CallCalledAgain,
    Recorded,
)
from dispatch.log import Stored
from dispatch.views import CallView, Changed


def _me(tx: Transaction) -> str:
    if tx.actor.user_id is None:
        raise Forbidden("Only a person calls back.")
    return tx.actor.user_id


async def claim(tx: Transaction, call_id: str, policy: Policy) -> CallView:
    """Take it upon the actor to call back. Raises NotFound, Conflict(holder) when somebody else has."""
    user_id = _me(tx)
    call = await service.get(tx.session, call_id, lock=True)
    after = callback_rules.claimed(call, user_id, tx.now, policy)
    await service.save(tx.session, [after])
    tx.record(CallbackClaimed(call_id=call.id, user_id=user_id), Changed(calls=(after,)))
    return after


async def release(tx: Transaction, call_id: str) -> CallView:
    """Leave the call back to others. Raises NotFound, Conflict."""
    after = callback_rules.released(await service.get(tx.session, call_id, lock=True), _me(tx))
    await service.save(tx.session, [after])
    tx.record(CallbackReleased(call_id=after.id), Changed(calls=(after,)))
    return after


async def attempt(tx: Transaction, call_id: str, policy: Policy) -> CallView:
    """The actor calls back now: one more attempt, logged. Raises NotFound, Conflict (held by another, no number)."""
    call = await service.get(tx.session, call_id, lock=True)
    after = callback_rules.attempted(call, _me(tx), tx.now, policy)
    await service.save(tx.session, [after])
    event = CallbackAttempted(call_id=call.id, attempt=after.callback_attempts)
    tx.record(event, Changed(calls=(after,)))
    return after


async def settle(tx: Transaction, answered: CallView) -> None:
    """Close the lost calls of a number that called again and was answered; none where there is no number."""
    if answered.ani is None or answered.direction != "inbound":
        return
    for call in await service.lost_of(tx.session, answered.ani, answered.arrived_at, lock=True):
        after = callback_rules.called_again(call, answered.id, tx.now)
        await service.save(tx.session, [after])
        event = CallCalledAgain(call_id=call.id, answered_in_call_id=answered.id)
        tx.record(event, Changed(calls=(after,)))


GATHER_S = 1.0
"""A list of lost calls that is a second behind harms nobody; the calls themselves need the database more."""


def effect(db: Database) -> Effect:
    """Follows answered calls; done twice it finds nothing left to close."""

    async def handle(stored: Stored) -> None:
        recorded = Recorded.model_validate_json(stored.payload)
        if not isinstance(recorded.data, CallAnswered):
            return
        for call in recorded.changed.calls:
            async with db.reading() as session:
                lost = call.ani is not None and await service.lost_of(session, call.ani, call.arrived_at)
            if lost:
                async with db.transaction() as tx:
                    await settle(tx, call)

    return Effect("callbacks", ("call.answered",), handle, gather_s=GATHER_S)
