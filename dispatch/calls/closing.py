"""Closing and its undoing, and the steps that lead a silent caller."""

from dispatch.calls import callback_rules, rules, service, silence
from dispatch.calls.callback_rules import Policy
from dispatch.calls.silence import Step
from dispatch.db import Transaction
from dispatch.events import CallDisposalUndone, CallSilentStepTaken
from dispatch.settings import Settings
from dispatch.views import CallView, Changed
from dispatch.words import Role


def policy_of(settings: Settings) -> Policy:
    """The centre's settings as the rules take them."""
    return Policy.of_seconds(
        attempts=settings.callback_attempts,
        claim_s=settings.callback_claim_s,
        undo_s=settings.undo_dispose_s,
        listen_s=settings.silent_listen_s,
    )


async def undo(tx: Transaction, call_id: str, policy: Policy) -> CallView:
    """Take back what the call was said to be: it is open again as before. Raises NotFound, Forbidden, Conflict."""
    call = await service.get(tx.session, call_id, lock=True)
    after = rules.undone(call)
    supervises = Role.SUPERVISOR in tx.actor.roles
    callback_rules.check_undo(call, tx.actor.user_id, supervises=supervises, now=tx.now, policy=policy)
    await service.save(tx.session, [after])
    assert call.disposition is not None
    event = CallDisposalUndone(call_id=call.id, incident_id=call.incident_id, disposition=call.disposition)
    tx.record(event, Changed(calls=(after,)))
    return after


async def silent_step(tx: Transaction, call_id: str, step: Step, policy: Policy) -> CallView:
    """A step of the silent-call procedure was done. Raises NotFound, Conflict."""
    call = await service.get(tx.session, call_id, lock=True)
    after = silence.taken(call, step, tx.now, policy.listen_for)
    await service.save(tx.session, [after])
    event = CallSilentStepTaken(call_id=call.id, incident_id=call.incident_id, step=step.value)
    tx.record(event, Changed(calls=(after,)))
    return after
