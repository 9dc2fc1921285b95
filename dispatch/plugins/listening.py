"""A plugin's listeners: each follows the log with a cursor of its own and never holds another."""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime

import structlog

from dispatch.effects import IDLE_S, Effect, EffectRunner
from dispatch.errors import SiagaError
from dispatch.log import Stored
from dispatch.plugins.contract import Listener
from dispatch.plugins.work import Heard
from dispatch.plugins.workroom import Workroom, bounded

_log = structlog.get_logger(__name__)

HEAR_S = 5.0
"""Deadline of one handling."""

LOOK_AGAIN_S = 0.25
"""Shortest pause between two looks at a log that grows hundreds of times a second."""

Report = Callable[[BaseException], None]


async def listen(room: Workroom, report: Report) -> None:
    """Hand the plugin's listeners what they asked for, until cancelled."""
    runner = EffectRunner(room.centre.db, room.centre.wake, [])
    async with asyncio.TaskGroup() as group:
        for listener in room.plugin.listeners:
            effect = effect_of(room, listener, report)
            group.create_task(_follow(room, runner, effect), name=effect.name)


def effect_of(room: Workroom, listener: Listener, report: Report) -> Effect:
    """The listener as an effect: its cursor is kept by its function's name."""

    async def handle(stored: Stored) -> None:
        try:
            async with bounded(HEAR_S, "A listener"):
                await listener.handle(room.bench(), heard_of(stored))
        except SiagaError:
            raise  # a busy database is not its fault: the effect tries again
        except Exception as error:
            report(error)
            raise

    name = f"plugin:{room.plugin.name}:{getattr(listener.handle, '__qualname__', 'listener')}"
    return Effect(name[:100], listener.types, handle)


def heard_of(stored: Stored) -> Heard:
    """A stored event as a listener gets it."""
    payload = json.loads(stored.payload)
    return Heard(
        seq=stored.seq,
        type=stored.type,
        at=datetime.fromisoformat(payload["at"]),
        data={name: value for name, value in payload["data"].items() if name != "type"},
        changed=payload["changed"],
    )


async def _follow(room: Workroom, runner: EffectRunner, effect: Effect) -> None:
    wake = room.centre.wake
    while True:
        upto = wake.upto
        try:
            busy = await runner.step(effect)
        except SiagaError as error:
            _log.warning("plugin_listener_waits", effect=effect.name, reason=error.detail)
            busy = False
        if not busy:
            await wake.wait(upto, IDLE_S)
            await asyncio.sleep(LOOK_AGAIN_S)
