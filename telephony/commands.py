"""The core's commands to a PBX: carried out once or not at all, never again later, the outcome always logged."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import structlog

from telephony import actions
from telephony.ami import AmiError, AmiLink
from telephony.facts import PbxCommand
from telephony.fold_state import FoldConfig

log = structlog.get_logger(__name__)

MAX_REMEMBERED = 1_000
"""Ids of commands already taken: hours of clicking, so that a core that repeats itself has no second effect."""

RELINK_CHECK_S = 0.1
"""How often a command that finds the PBX away looks again, until it expires."""

ACTION_S = 3.0
"""For the PBX's answer; a person waits at the other end."""


class _Calls(Protocol):
    def caller_channel(self, linkedid: str) -> str | None: ...


class Commands:
    """Carries out commands over whatever link stands when they come."""

    def __init__(
        self,
        link: Callable[[], AmiLink | None],
        calls: _Calls,
        config: FoldConfig,
        clock: Callable[[], datetime],
    ) -> None:
        self._link = link
        self._calls = calls
        self._config = config
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
        if command.act == "hangup":
            channel = self._calls.caller_channel(command.linkedid)
        else:
            channel = await self._ringing_channel(link, command)
        if channel is None:
            return (
                "dropped: the call does not ring there any more" if command.act == "answer" else "dropped: no such call"
            )
        if self._clock() >= command.expires_at:
            return "dropped: expired"
        action = actions.hangup(channel) if command.act == "hangup" else actions.talk(channel)
        await link.ask(action, ACTION_S, command.id)
        return "done"

    async def _ringing_channel(self, link: AmiLink, command: PbxCommand) -> str | None:
        """The desk's channel as the PBX sees it at this moment: what was known of a ring may be a second old."""
        for message in await link.ask(actions.core_show_channels(), ACTION_S):
            channel = message.get("Channel")
            rings = message.get("ChannelStateDesc") == "Ringing" and message.get("Linkedid") == command.linkedid
            if rings and self._config.desk(channel) == command.agent:
                return channel
        return None

    def _said(self, command: PbxCommand, outcome: str) -> str:
        level = log.info if outcome == "done" else log.warning
        level("pbx_command", id=command.id, act=command.act, linkedid=command.linkedid, outcome=outcome)
        return outcome
