"""The core's commands to a PBX: carried out once or not at all, never again later, the outcome always logged."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import structlog

from telephony import actions
from telephony.actions import Action
from telephony.ami import AmiError, AmiLink
from telephony.facts import PbxCommand

log = structlog.get_logger(__name__)

MAX_REMEMBERED = 1_000
"""Ids of commands already taken: hours of clicking, so that a core that repeats itself has no second effect."""

RELINK_CHECK_S = 0.1
"""How often a command that finds the PBX away looks again, until it expires."""

ACTION_S = 3.0
"""For the PBX's answer; a person waits at the other end."""


class _Calls(Protocol):
    def caller_channel(self, linkedid: str) -> str | None: ...
    def ringing_channel(self, linkedid: str, agent: str) -> str | None: ...


class Commands:
    """Carries out commands over whatever link stands when they come."""

    def __init__(self, link: Callable[[], AmiLink | None], calls: _Calls, clock: Callable[[], datetime]) -> None:
        self._link = link
        self._calls = calls
        self._clock = clock
        self._taken: dict[str, None] = {}

    async def execute(self, command: PbxCommand) -> str:
        """Returns the outcome in words: 'done', or why not. Never raises for what a PBX or a core can do."""
        if command.id in self._taken:
            return self._said(command, "dropped: taken before")
        self._taken[command.id] = None
        if len(self._taken) > MAX_REMEMBERED:
            del self._taken[next(iter(self._taken))]
        try:
            return self._said(command, await self._attempt(command))
        except (AmiError, ValueError) as error:
            return self._said(command, f"failed: {error}")

    async def _attempt(self, command: PbxCommand) -> str:
        while (link := self._link()) is None:
            if self._clock() >= command.expires_at:
                return "dropped: the PBX was away until it expired"
            await asyncio.sleep(RELINK_CHECK_S)
        if self._clock() >= command.expires_at:
            return "dropped: expired"
        action = self._action(command)
        if action is None:
            return (
                "dropped: the call is over" if command.act == "hangup" else "dropped: it does not ring there any more"
            )
        await link.ask(action, ACTION_S, command.id)
        return "done"

    def _action(self, command: PbxCommand) -> Action | None:
        if command.act == "hangup":
            channel = self._calls.caller_channel(command.linkedid)
            return None if channel is None else actions.hangup(channel)
        channel = self._calls.ringing_channel(command.linkedid, command.agent or "")
        return None if channel is None else actions.talk(channel)

    def _said(self, command: PbxCommand, outcome: str) -> str:
        level = log.info if outcome == "done" else log.warning
        level("pbx_command", id=command.id, act=command.act, linkedid=command.linkedid, outcome=outcome)
        return outcome
