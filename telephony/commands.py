"""The core's commands to a PBX: carried out once or not at all, never again later, the outcome always told."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Literal

import structlog

from telephony import actions
from telephony.actions import Action
from telephony.ami import AmiError, AmiLink, Refused
from telephony.facts import MAX_TEXT, CommandOutcome, PbxCommand
from telephony.plans import Channels, Dialplan, NotPossible, plan
from telephony.wire import AmiMessage

log = structlog.get_logger(__name__)

MAX_REMEMBERED = 1_000
"""Ids of commands already taken: hours of clicking, so that a core that repeats itself has no second effect."""

RELINK_CHECK_S = 0.1
"""How often a command that finds the PBX away looks again, until it expires."""

ACTION_S = 3.0
"""For the PBX's answer; a person waits at the other end."""

ORIGINATE_S = actions.DIAL_S + ACTION_S
"""For an Originate: its answer is whole only when the phone was answered or rang in vain."""

TELL_FIRST_S, TELL_MOST_S = 0.1, 2.0
TELL_TRIES = 30
"""Of telling an outcome: about a minute; by then the core itself has said that no answer came."""

_REASONS = {
    "0": "the number cannot be reached",
    "1": "nobody answered",
    "3": "nobody answered",
    "5": "busy",
    "8": "the line is congested or the phone is away",
}
"""Of OriginateResponse: AST_CONTROL_HANGUP 1, RINGING 3, BUSY 5, CONGESTION 8; 0 is a failure to call at all."""

Outcome = Literal["accepted", "refused", "dropped", "unknown"]


class Commands:
    """Carries out commands over whatever link stands when they come."""

    def __init__(
        self,
        link: Callable[[], AmiLink | None],
        calls: Channels,
        clock: Callable[[], datetime],
        dialplan: Dialplan | None = None,
    ) -> None:
        self._link = link
        self._calls = calls
        self._clock = clock
        self._dialplan = dialplan or Dialplan()
        self._taken: dict[str, None] = {}

    async def execute(self, command: PbxCommand) -> CommandOutcome | None:
        """Returns what became of it, or None when it was taken before: then the first one tells.

        Never raises for what a PBX or a core can do.
        """
        if command.id in self._taken:
            log.warning("pbx_command_again", id=command.id, act=command.act)
            return None
        self._taken[command.id] = None
        if len(self._taken) > MAX_REMEMBERED:
            del self._taken[next(iter(self._taken))]
        try:
            return self._said(command, "accepted", await self._attempt(command))
        except NotPossible as why:
            return self._said(command, "dropped", str(why))
        except Refused as refused:
            return self._said(command, "refused", str(refused))
        except AmiError as error:
            return self._said(command, "unknown", str(error))
        except ValueError as error:
            return self._said(command, "dropped", f"not allowed: {error}")

    async def _attempt(self, command: PbxCommand) -> str:
        """The PBX's words. Raises NotPossible, AmiError, ValueError."""
        while (link := self._link()) is None:
            if self._clock() >= command.expires_at:
                raise NotPossible("the PBX was away until it expired")
            await asyncio.sleep(RELINK_CHECK_S)
        if self._clock() >= command.expires_at:
            raise NotPossible("expired")
        said = []
        for count, action in enumerate(plan(command, self._calls, self._dialplan)):
            action_id = command.id if count == 0 else f"{command.id}-{count}"
            said.append(await _ask(link, action, action_id))
        return "; ".join(dict.fromkeys(words for words in said if words))

    def _said(self, command: PbxCommand, outcome: Outcome, words: str) -> CommandOutcome:
        level = log.info if outcome == "accepted" else log.warning
        level("pbx_command", id=command.id, act=command.act, linkedid=command.linkedid, outcome=outcome, words=words)
        return CommandOutcome(id=command.id, outcome=outcome, words=_printable(words))


async def tell(outcome: CommandOutcome, hand_over: Callable[[CommandOutcome], Awaitable[None]]) -> None:
    """Tell the core until it has it, for as long as the word is news. The core takes a second telling for the first."""
    pause_s = TELL_FIRST_S
    for _ in range(TELL_TRIES):
        try:
            await hand_over(outcome)
        except Exception as error:  # noqa: BLE001  whatever ails the core, it will be back
            log.debug("outcome_not_taken", id=outcome.id, error=str(error))
            await asyncio.sleep(pause_s)
            pause_s = min(TELL_MOST_S, pause_s * 2)
        else:
            return
    log.warning("outcome_given_up", id=outcome.id, outcome=outcome.outcome)


async def _ask(link: AmiLink, action: Action, action_id: str) -> str:
    """The PBX's words to one action. Raises AmiError, and Refused when a phone that was called did not answer."""
    answer = await link.ask(action, ORIGINATE_S if action.name == "Originate" else ACTION_S, action_id)
    if action.name == "Originate":
        _check_originated(answer)
    return answer[0].get("Message")


def _check_originated(answer: Sequence[AmiMessage]) -> None:
    last = answer[-1]
    if last.event == "OriginateResponse" and last.get("Response") != "Success":
        reason = last.get("Reason")
        raise Refused(f"Originate: {_REASONS.get(reason, f'reason {reason}')}")


def _printable(words: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in words[:MAX_TEXT])
