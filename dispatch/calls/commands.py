"""What the centre asks of a PBX: a row each, handed to an adapter at most once, never when it is late.

A phone that picks up, or a call that is cut, ten seconds after somebody asked would be worse than nothing: a command
that has expired is not handed out. What became of each is an event, whatever happens: where the adapter says nothing,
a timer says so.
"""

import asyncio
from datetime import timedelta
from typing import cast

from pydantic import BaseModel
from sqlalchemy import CursorResult, select, update

from dispatch import timers
from dispatch.calls import acts, rules, service
from dispatch.calls.acts import Asker
from dispatch.calls.model import PbxCommandRow
from dispatch.db import Database, Transaction
from dispatch.events import (
    AUDIT,
    CallCommandDone,
    CallCommandRequested,
    DeskCommandDone,
    DeskCommandRequested,
)
from dispatch.ids import new_id
from dispatch.timers import Handler, TimerRow
from dispatch.views import AgentView, CallView, Changed
from dispatch.wake import Wake
from dispatch.watch import Watch
from telephony.facts import CallAct, CommandOutcome, DeskAct, PbxCommand
from telephony.reach import Reach

TELEPHONY = "telephony"
"""Topic that no face may see."""

VALID_FOR = timedelta(seconds=10)
"""Longest time between the press of a key and the PBX's act that still is what the call-taker meant."""

ANSWER_WITHIN = timedelta(seconds=40)
"""From handing out to the outcome: a phone that is called rings for 20 s, and the adapter may have to tell it twice."""

MOST_AT_ONCE = 100
"""Commands handed out in one answer; a centre has fewer desks than that."""

LOOK_AGAIN_S = 0.05
"""Shortest pause between two looks: the log may grow hundreds of times a second; a key press waits no longer."""

REQUESTED, HANDED_OUT, UNKNOWN = "requested", "handed_out", "unknown"
OPEN = (REQUESTED, HANDED_OUT)

NOT_TAKEN = "pbx.command_not_taken"
"""Kind of the timer that ends a command which no adapter took in time."""

NO_WORD = "pbx.command_no_word"
"""Kind of the timer that ends a command of which its adapter told nothing."""

_TYPES = ("call.command_requested", "desk.command_requested")


class Requested(BaseModel):
    """The answer to who asked; what became of it comes as `call.command_done` or `desk.command_done`."""

    command_id: str


async def request(tx: Transaction, call_id: str, act: CallAct, to: str | None = None, *, reach: Reach) -> Requested:
    """Ask the PBX to do something with a call. Raises NotFound, Conflict, Forbidden, Invalid."""
    call = await service.get(tx.session, call_id, lock=True)
    if act == "answer":
        rings = await service.desk_rings(tx.session, call.pbx, tx.actor.extension)
        wanted = acts.Wanted(rules.check_answer(call, tx.actor.extension, desk_rings=rings))
    elif act == "hangup":
        rules.check_hangup(call)
        wanted = acts.Wanted(None)
    else:
        own_desk = await service.desk(tx.session, call.pbx, tx.actor.extension)
        wanted = acts.check_call_act(call, act, to, _asker(tx), reach, own_desk)
    return await _ask_of_call(tx, call, act, wanted)


async def _ask_of_call(tx: Transaction, call: CallView, act: CallAct, wanted: acts.Wanted) -> Requested:
    command = PbxCommand(
        id=new_id(tx.now),
        act=act,
        linkedid=call.linkedid,
        agent=wanted.agent,
        to=wanted.to,
        expires_at=tx.now + VALID_FOR,
    )
    await _keep(tx, command, call.pbx, call.id)
    event = CallCommandRequested(
        call_id=call.id,
        incident_id=call.incident_id,
        command_id=command.id,
        act=act,
        pbx=call.pbx,
        linkedid=call.linkedid,
        agent=wanted.agent,
        to=wanted.to,
        expires_at=command.expires_at,
    )
    tx.record(event, topics=(TELEPHONY, AUDIT) if act in acts.SUPERVISION else (TELEPHONY,))
    return Requested(command_id=command.id)


class DeskPlace(BaseModel):
    """Which desk, at which PBX, and into which queues it signs in."""

    pbx: str
    desk: str
    queues: tuple[str, ...]


async def request_desk(tx: Transaction, place: DeskPlace, act: DeskAct, reason: str | None) -> Requested:
    """Ask the PBX to sign a desk in or out, or to pause it. Raises Conflict, Forbidden, Invalid."""
    known = await service.desk(tx.session, place.pbx, place.desk)
    asked, why = acts.check_desk_act(place.desk, act, reason, _asker(tx), known)
    return await ask_desk(tx, place, asked, why, known)


async def ask_desk(
    tx: Transaction, place: DeskPlace, act: DeskAct, reason: str | None, known: AgentView | None
) -> Requested:
    """As `request_desk`, for the centre's own rules: nothing is checked."""
    signs = act in ("sign_in", "sign_out")
    queues = (known.queues if known and act == "sign_out" else place.queues) if signs else ()
    command = PbxCommand(
        id=new_id(tx.now),
        act=act,
        agent=place.desk,
        queues=queues,
        name=(known.user_name if known else None) or tx.actor.name if act == "sign_in" else None,
        reason=reason,
        expires_at=tx.now + VALID_FOR,
    )
    await _keep(tx, command, place.pbx, None)
    event = DeskCommandRequested(
        command_id=command.id,
        act=act,
        pbx=place.pbx,
        agent=place.desk,
        queues=queues,
        reason=reason,
        expires_at=command.expires_at,
    )
    tx.record(event, topics=(TELEPHONY, AUDIT))
    return Requested(command_id=command.id)


async def _keep(tx: Transaction, command: PbxCommand, pbx: str, call_id: str | None) -> None:
    tx.session.add(
        PbxCommandRow(
            id=command.id,
            pbx=pbx,
            act=command.act,
            call_id=call_id,
            agent=command.agent,
            user_id=tx.actor.user_id,
            state=REQUESTED,
            words="",
            command=command.model_dump(mode="json"),
            requested_at=tx.now,
            expires_at=command.expires_at,
        )
    )
    await timers.schedule(tx, NOT_TAKEN, command.id, command.expires_at)


def _asker(tx: Transaction) -> Asker:
    return Asker(tx.actor.extension, tx.actor.roles)


class PbxCommands:
    """Hands commands out to the adapters and takes their outcomes in."""

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
        """A look that takes no lock."""
        row = PbxCommandRow
        query = select(row.id).where(row.pbx == pbx, row.state == REQUESTED, row.expires_at > self._db.clock())
        async with self._db.reading() as session:
            return (await session.execute(query.limit(1))).first() is not None

    async def _claim(self, pbx: str) -> list[PbxCommand]:
        """Mark what is handed out, in one statement: a second adapter of the same PBX waits here and finds nothing."""
        row = PbxCommandRow
        async with self._db.transaction() as tx:
            due = select(row.id).where(row.pbx == pbx, row.state == REQUESTED, row.expires_at > tx.now)
            taken = await tx.session.execute(
                update(row)
                .where(row.id.in_(due.order_by(row.id).limit(MOST_AT_ONCE)), row.state == REQUESTED)
                .values(state=HANDED_OUT, handed_out_at=tx.now)
                .returning(row.id, row.command)
                .execution_options(synchronize_session=False)
            )
            handed = sorted((found.id, found.command) for found in taken)
            for command_id, _ in handed:
                await timers.cancel(tx, NOT_TAKEN, command_id)
                await timers.schedule(tx, NO_WORD, command_id, tx.now + ANSWER_WITHIN)
        return [PbxCommand.model_validate(command) for _, command in handed]

    async def conclude(self, outcome: CommandOutcome) -> None:
        """Record what became of a command; what is known already is ignored. Raises Unavailable."""
        async with self._db.transaction() as tx:
            await conclude(tx, outcome)


async def conclude(tx: Transaction, outcome: CommandOutcome) -> None:
    """Record what became of a command, once; a later word replaces only 'unknown'."""
    row, words = PbxCommandRow, rules.clean(outcome.words)
    before = (*OPEN, UNKNOWN) if outcome.outcome != UNKNOWN else OPEN
    moved = await tx.session.execute(
        update(row)
        .where(row.id == outcome.id, row.state.in_(before))
        .values(state=outcome.outcome, words=words, done_at=tx.now)
        .execution_options(synchronize_session=False)
    )
    if not cast(CursorResult[object], moved).rowcount:
        return
    await timers.cancel(tx, NOT_TAKEN, outcome.id)
    await timers.cancel(tx, NO_WORD, outcome.id)
    done = (await tx.session.execute(select(row).where(row.id == outcome.id))).scalar_one()
    if done.call_id is None:
        _tell_of_desk(tx, done)
    else:
        await _tell_of_call(tx, done, done.call_id)


async def _tell_of_call(tx: Transaction, row: PbxCommandRow, call_id: str) -> None:
    call = await service.get(tx.session, call_id, lock=True)
    command = PbxCommand.model_validate(row.command)
    changed = Changed()
    if row.state == "accepted" and command.act in ("mute", "unmute") and call.agent == command.agent:
        call = call.model_copy(update={"muted": command.act == "mute", "version": call.version + 1})
        await service.save(tx.session, [call])
        changed = Changed(calls=(call,))
    event = CallCommandDone.model_validate(
        {**_done(row), "call_id": call.id, "incident_id": call.incident_id, "act": command.act, "to": command.to}
    )
    tx.record(event, changed)


def _tell_of_desk(tx: Transaction, row: PbxCommandRow) -> None:
    command = PbxCommand.model_validate(row.command)
    tx.record(DeskCommandDone.model_validate({**_done(row), "act": command.act, "reason": command.reason}))


def _done(row: PbxCommandRow) -> dict[str, object]:
    said = {"command_id": row.id, "pbx": row.pbx, "outcome": row.state, "words": row.words}
    return {**said, "ok": row.state == "accepted", "agent": row.agent, "user_id": row.user_id}


async def _not_taken(tx: Transaction, timer: TimerRow) -> None:
    outcome = CommandOutcome(id=timer.key, outcome="dropped", words="no adapter of the PBX took it in time")
    await conclude(tx, outcome)


async def _no_word(tx: Transaction, timer: TimerRow) -> None:
    await conclude(
        tx, CommandOutcome(id=timer.key, outcome="unknown", words="the adapter did not say what became of it")
    )


def command_timers() -> dict[str, Handler]:
    """The durable timers of commands."""
    return {NOT_TAKEN: _not_taken, NO_WORD: _no_word}
