"""One AMI connection: bytes in, messages out in order, actions answered or timed out. See docs/decisions/0003."""

import asyncio
import secrets
from collections import deque
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import cast

import structlog

from telephony.actions import Action
from telephony.wire import AmiMessage, AmiParser

log = structlog.get_logger(__name__)

MAX_WAITING = 20_000
"""Items between socket and fold: 25 s of a burst at its peak of 800 events/s. Beyond it we have lost the thread."""

MAX_ANSWER_EVENTS = 20_000
"""Events of one list's answer: ten times the channels of a large centre."""

MAX_UNSENT_BYTES = 64 * 1024
"""What may wait to be sent; our actions are some 100 bytes each, so a peer that takes none has stalled."""


class AmiError(Exception):
    """An action had no good answer."""


class LinkLost(AmiError):
    """The connection ended before the answer."""


class NoAnswer(AmiError):
    """The PBX did not answer in time."""


class Refused(AmiError):
    """The PBX answered with an error; the text is its own."""


class Mark(Enum):
    """What the link itself says between the PBX's messages."""

    RESYNC_BEGINS = auto()
    RESYNC_ENDS = auto()


Item = AmiMessage | Mark


class Inbox:
    """The one bounded way from the socket to the one ordered consumer."""

    def __init__(self, bound: int = MAX_WAITING) -> None:
        self._items: deque[Item] = deque()
        self._bound = bound
        self._filled = asyncio.Event()
        self._emptied = asyncio.Event()
        self._emptied.set()

    def put(self, item: Item) -> bool:
        """False when full: the item is not taken."""
        if len(self._items) >= self._bound:
            return False
        self._items.append(item)
        self._filled.set()
        self._emptied.clear()
        return True

    async def take(self) -> list[Item]:
        """All that waits, at least one item."""
        await self._filled.wait()
        items = list(self._items)
        self._items.clear()
        self._filled.clear()
        self._emptied.set()
        return items

    async def emptied(self) -> None:
        """Wait until the consumer has taken everything."""
        await self._emptied.wait()


@dataclass(slots=True)
class _Pending:
    action: Action
    answered: asyncio.Future[list[AmiMessage]]
    to_inbox: bool
    """The events of the answer belong to the stream (a resync) rather than to whoever asked."""
    answer: list[AmiMessage] = field(default_factory=list)


class AmiLink(asyncio.Protocol):
    """One TCP connection from its first byte to its end. Its callbacks never raise into the event loop."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._parser = AmiParser()
        self._pending: dict[str, _Pending] = {}
        self._transport: asyncio.Transport | None = None
        self._prefix = f"siaga-{secrets.token_hex(4)}-"
        """Other clients' ActionIDs come by in events too: ours must be like no other."""
        self._sent = 0
        self.booted = asyncio.Event()
        """Set once the PBX said FullyBooted: before, its queues may still be empty."""
        self.lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        """Done when the connection is over; says why."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        dropped = self._parser.dropped
        for message in self._parser.feed(data):
            if self.lost.done():
                return
            self._on_message(message)
        if self._parser.dropped > dropped:
            log.warning("ami_message_too_long", dropped=self._parser.dropped)

    def connection_lost(self, exc: Exception | None) -> None:
        self.close(f"connection lost: {exc}" if exc else "the PBX closed the connection")

    def close(self, why: str) -> None:
        """End the connection at once: what was asked fails with LinkLost and is never sent on another."""
        if not self.lost.done():
            self.lost.set_result(why)
        pending, self._pending = self._pending, {}
        for one in pending.values():
            if not one.answered.done():
                one.answered.set_exception(LinkLost(why))
                one.answered.exception()  # marks it as seen: who asked may be gone
        if self._transport is not None:
            self._transport.abort()

    async def ask(self, action: Action, timeout_s: float, action_id: str | None = None) -> list[AmiMessage]:
        """Send `action` once and wait for its answer: the response first, then a list's events.

        From a login's good answer on all that the PBX says goes to the inbox, behind RESYNC_BEGINS.
        Raises Refused, NoAnswer, LinkLost, and ValueError when a field cannot be sent.
        """
        action_id, answered = self._send(action, to_inbox=False, action_id=action_id)
        return await self._answer(action_id, action, answered, timeout_s)

    async def resync(self, actions: tuple[Action, ...], timeout_s: float) -> None:
        """Have the PBX tell the present: its answers go to the inbox between the two marks. Raises as `ask`."""
        self._deliver(Mark.RESYNC_BEGINS)
        asked = [(action, *self._send(action, to_inbox=True)) for action in actions]
        for action, action_id, answered in asked:
            await self._answer(action_id, action, answered, timeout_s)
        self._deliver(Mark.RESYNC_ENDS)

    def _send(
        self, action: Action, *, to_inbox: bool, action_id: str | None = None
    ) -> tuple[str, asyncio.Future[list[AmiMessage]]]:
        self._sent += 1
        action_id = action_id or f"{self._prefix}{self._sent}"
        data = action.render(action_id)
        if self._transport is None or self.lost.done():
            raise LinkLost(self.lost.result() if self.lost.done() else "not connected")
        answered: asyncio.Future[list[AmiMessage]] = asyncio.get_running_loop().create_future()
        self._pending[action_id] = _Pending(action, answered, to_inbox)
        self._transport.write(data)
        if self._transport.get_write_buffer_size() > MAX_UNSENT_BYTES:
            self.close("the PBX stopped reading")
        return action_id, answered

    async def _answer(
        self, action_id: str, action: Action, answered: asyncio.Future[list[AmiMessage]], timeout_s: float
    ) -> list[AmiMessage]:
        try:
            async with asyncio.timeout(timeout_s):
                return await answered
        except TimeoutError:
            raise NoAnswer(f"no answer to {action.name} within {timeout_s:g} s") from None
        finally:
            self._pending.pop(action_id, None)

    def _on_message(self, message: AmiMessage) -> None:
        pending = self._pending.get(message.action_id)
        if message.response and not message.event:  # OriginateResponse, an event, has a Response too
            if pending is not None:
                self._on_response(pending, message)
            return
        if pending is not None and pending.action.ends_with is not None:
            self._on_listed(pending, message, pending.action.ends_with)
            return
        if message.event == "FullyBooted":
            self.booted.set()
        self._deliver(message)

    def _on_response(self, pending: _Pending, message: AmiMessage) -> None:
        if pending.answered.done():
            return
        if message.response == "Error":
            pending.answered.set_exception(Refused(f"{pending.action.name}: {message.get('Message')}"))
            return
        pending.answer.append(message)
        if pending.action.name == "Login":
            self._deliver(Mark.RESYNC_BEGINS)
        if pending.action.ends_with is None:
            pending.answered.set_result(pending.answer)

    def _on_listed(self, pending: _Pending, message: AmiMessage, last: str) -> None:
        if pending.to_inbox:
            self._deliver(message)
        else:
            pending.answer.append(message)
        if len(pending.answer) > MAX_ANSWER_EVENTS:
            self.close(f"the answer to {pending.action.name} has no end")
        elif message.event == last and not pending.answered.done():
            pending.answered.set_result(pending.answer)

    def _deliver(self, item: Item) -> None:
        """Hand on in order. A full inbox ends the connection: a resync repairs what a silent loss would not."""
        if not self.lost.done() and not self._inbox.put(item):
            self.close("fell behind the PBX")
