"""What the centre asks of a PBX: recorded as an event, handed to the adapter at most once, never when it is late.

A phone that picks up, or a call that is cut, ten seconds after somebody asked would be worse than nothing; so the
cursor advances before a command is handed out, and one that has expired is dropped.
"""

import asyncio
from datetime import timedelta
from typing import Literal

from pydantic import BaseModel

from dispatch import log
from dispatch.calls import rules, service
from dispatch.db import Database, Transaction
from dispatch.events import CallCommandRequested, Recorded
from dispatch.ids import new_id
from dispatch.wake import Wake
from dispatch.watch import Watch
from telephony.facts import PbxCommand

TELEPHONY = "telephony"
"""Topic that no face may see."""

VALID_FOR = timedelta(seconds=10)
"""Longest time between the press of a key and the PBX's act that still is what the call-taker meant."""

MOST_AT_ONCE = 100
"""Commands handed out in one answer; a centre has fewer desks than that."""

LOOK_AGAIN_S = 0.05
"""Shortest pause between two looks: the log may grow hundreds of times a second; a key press waits no longer."""

_TYPES = ("call.command_requested",)


class Requested(BaseModel):
    """The answer to who asked: what the PBX did comes back as facts."""

    command_id: str


async def request(tx: Transaction, call_id: str, act: Literal["answer", "hangup"]) -> Requested:
    """Ask the PBX to answer the call at the actor's desk, or to end it. Raises NotFound, Conflict."""
    call = await service.get(tx.session, call_id, lock=True)
    agent: str | None = None
    if act == "answer":
        rings = await service.desk_rings(tx.session, call.pbx, tx.actor.extension)
        agent = rules.check_answer(call, tx.actor.extension, desk_rings=rings)
    else:
        rules.check_hangup(call)
    command_id = new_id(tx.now)
    event = CallCommandRequested(
        call_id=call.id,
        incident_id=call.incident_id,
        command_id=command_id,
        act=act,
        pbx=call.pbx,
        linkedid=call.linkedid,
        agent=agent,
        expires_at=tx.now + VALID_FOR,
    )
    tx.record(event, topics=(TELEPHONY,))
    return Requested(command_id=command_id)


class PbxCommands:
    """Hands commands out to the adapters."""

    def __init__(self, db: Database, wake: Wake) -> None:
        self._db = db
        self._watch = Watch(db, wake, _TYPES)

    async def hand_out(self, pbx: str, wait_s: float) -> list[PbxCommand]:
        """The PBX's commands that nobody was given yet; waits up to `wait_s` for the first. Raises Unavailable."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + wait_s
        while True:
            upto = self._watch.upto
            if await self._any_new(pbx):
                commands = await self._claim(pbx)
                if commands:
                    return commands
            left = deadline - loop.time()
            if left <= 0 or not await self._watch.wait(upto, left):
                return []
            await asyncio.sleep(LOOK_AGAIN_S)

    async def _any_new(self, pbx: str) -> bool:
        """A look that takes no lock. A PBX that never asked has a cursor to make."""
        async with self._db.reading() as session:
            after = await log.cursor(session, _cursor(pbx))
            return after is None or bool(await log.read(session, after, 1, types=_TYPES))

    async def _claim(self, pbx: str) -> list[PbxCommand]:
        """Move the cursor past what is handed out; a second adapter of the same PBX waits here and finds nothing."""
        async with self._db.transaction() as tx:
            after = await log.cursor(tx.session, _cursor(pbx), lock=True)
            if after is None:
                await log.advance_cursor(tx.session, _cursor(pbx), await log.head(tx.session))
                return []
            stored = await log.read(tx.session, after, MOST_AT_ONCE, types=_TYPES)
            if stored:
                await log.advance_cursor(tx.session, _cursor(pbx), stored[-1].seq)
        requested = [Recorded.model_validate_json(event.payload).data for event in stored]
        return [
            PbxCommand(
                id=command.command_id,
                act=command.act,
                linkedid=command.linkedid,
                agent=command.agent,
                expires_at=command.expires_at,
            )
            for command in requested
            if isinstance(command, CallCommandRequested) and command.pbx == pbx and command.expires_at > tx.now
        ]


def _cursor(pbx: str) -> str:
    return f"{TELEPHONY}:{pbx}"
