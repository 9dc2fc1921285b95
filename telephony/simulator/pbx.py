"""The simulated centre's switch: calls, one queue, its desks, and what each of them does next."""

import asyncio
import random
import ssl
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Self

from telephony.simulator.acts import CallActs
from telephony.simulator.manager import Manager
from telephony.simulator.model import NOT_INUSE, Channel, Desk, LogLine, SimulatedCall
from telephony.simulator.server import AmiServer
from telephony.simulator.teller import SYSTEM, Teller

DIALPLAN_S = 0.5
"""From the dialplan's answer to the queue, as recorded: the recorder starts first."""

ANNOUNCEMENT_S = 4.0
"""Of a menu or of the question whether the call is real."""

RETRY_S = 1.0
"""From a missed ring to the next, as 'retry' in queues.conf."""

AUTO_ANSWER_S = (2.0, 6.0)


class PbxSimulator:
    """Use as `async with PbxSimulator(clock=...) as pbx`. Time is the event loop's; `speed` 10 makes 10 s pass in 1 s.

    A desk answers when PJSIPNotify says 'talk' to its ringing channel, or by itself while it is an auto_answer desk.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], datetime],
        host: str = "127.0.0.1",
        port: int = 0,
        username: str = "siaga",
        secret: str = "siaga-test",
        desks: Sequence[str] = ("101", "102", "103", "104"),
        auto_answer: Sequence[str] = (),
        queue: str = "psap-112",
        ring_s: float = 15.0,
        speed: float = 1.0,
        seed: int = 112,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._speed = speed
        self._ring_s = ring_s
        self._random = random.Random(seed)
        self._count = 0
        self._turn = 0
        self.queue = queue
        self.calls: dict[str, SimulatedCall] = {}
        """Living calls by linkedid."""
        self.waiting: list[SimulatedCall] = []
        """In the queue, oldest first."""
        self.database: dict[str, str] = {}
        """AstDB by '/family/key'; outlives a restart."""
        self.acts = CallActs(self)
        self.server = AmiServer(host, port, {username: secret}, Manager(self).answer, tls)
        self.teller = Teller(clock, self.server.broadcast, queue, speed)
        self.desks = {number: Desk(number, f"Call-taker {number}", self.teller.epoch) for number in desks}
        for number in auto_answer:
            self.desks[number].auto_answer = True
        self._running: dict[SimulatedCall, asyncio.Task[None]] = {}
        self._others: set[asyncio.Task[None]] = set()
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self.server)
        self._tasks = await self._stack.enter_async_context(asyncio.TaskGroup())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._silence()
        await self._stack.aclose()

    @property
    def port(self) -> int:
        return self.server.port

    @property
    def queue_log(self) -> list[LogLine]:
        """The truth, as in the PBX's own queue_log."""
        return self.teller.queue_log

    @property
    def now_s(self) -> float:
        """Loop time."""
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        """Simulated seconds."""
        await asyncio.sleep(seconds / self._speed)

    def spawn(self, work: Coroutine[None, None, None]) -> None:
        """Let something happen beside the calls."""
        self._others.add(task := self._tasks.create_task(work))
        task.add_done_callback(self._others.discard)

    @property
    def ring_s(self) -> float:
        """How long a phone rings, in simulated seconds."""
        return self._ring_s

    def later_s(self, seconds: float) -> float:
        """Loop time after so many simulated seconds."""
        return self.now_s + seconds / self._speed

    async def call(
        self,
        *,
        ani: str | None,
        name: str | None = None,
        withheld: bool = False,
        lines: Sequence[str] = (),
        patience_s: float = 60.0,
        line_every_s: tuple[float, float] = (2.5, 5.0),
        dialled: str = "112",
        menu: bool = False,
        presses: str = "1",
    ) -> SimulatedCall:
        """Somebody dials; returns at once.

        The caller waits `patience_s` for an answer, then tells `lines`, one after each `line_every_s`, and stays
        `patience_s` longer unless the desk hangs up first. No `ani`: the network gave no number; `withheld`: it gave
        one that the caller asked not to show. `menu`: a menu says 'press 1' first. `presses`: what the caller presses
        there, and where a number rule asks whether the call is real; nothing: they hang up.
        """
        channel = self.new_channel("trunk", ani or "anonymous", name or "<unknown>", "from-trunk", dialled, None)
        hidden = withheld or ani is None
        call = SimulatedCall(channel, tuple(lines), patience_s, line_every_s, hidden, menu=menu, presses=presses)
        self.calls[call.linkedid] = call
        self._running[call] = self._tasks.create_task(self._live(call))
        await asyncio.sleep(0)
        return call

    def drop_connections(self) -> None:
        """Cut every AMI connection; the calls go on."""
        self.server.drop_connections()

    def freeze(self) -> None:
        """Stop answering without a word, until `thaw`."""
        self.server.freeze()

    def thaw(self) -> None:
        self.server.thaw()

    def restart(self) -> None:
        """`core restart now`: connections end, calls die and nothing says so; static members come back unpaused."""
        self.server.drop_connections()
        self._silence()
        self.desks = {number: desk for number, desk in self.desks.items() if desk.membership == "static"}
        for desk in self.desks.values():
            desk.paused, desk.paused_reason, desk.status = False, "", NOT_INUSE
        self.teller.log("NONE", "NONE", "QUEUESTART")

    def _silence(self) -> None:
        for call, task in self._running.items():
            task.cancel()
            call.outcome = "vanished"
            call.ended.set()
        for task in self._others:
            task.cancel()
        self._running.clear()
        self.calls.clear()
        self.waiting.clear()

    def set_paused(self, number: str, paused: bool, reason: str = "") -> None:
        desk = self.desks[number]
        desk.paused, desk.paused_reason = paused, reason if paused else ""
        desk.last_pause = self.teller.epoch if paused else 0
        self.teller.member("QueueMemberPause", desk)
        self.teller.log("NONE", desk.member_name, "PAUSE" if paused else "UNPAUSE", reason)
        self.wake_waiting()

    def set_auto_answer(self, number: str, auto_answer: bool) -> None:
        """Whether a seat answers by itself: True while no human sits there."""
        self.desks[number].auto_answer = auto_answer

    def hold(self, call: SimulatedCall, held: bool) -> None:
        if call.leg is not None:
            call.held = held
            more = [("MusicClass", "default")] if held else []
            self.teller.emit("Hold" if held else "Unhold", "call", [*call.leg.fields(), *more])

    def wake_waiting(self) -> None:
        """A desk may have become free."""
        for call in self.waiting:
            call.signal.set()

    def channels(self) -> list[Channel]:
        """All living channels, callers' before desks'."""
        calls = list(self.calls.values())
        legs = [call.leg for call in calls if call.leg is not None]
        return (
            [call.channel for call in calls] + legs + [one for call in calls for one in (*call.parties, *call.monitors)]
        )

    def new_channel(self, peer: str, number: str, name: str, context: str, exten: str, linkedid: str | None) -> Channel:
        """`linkedid` None: it begins a call of its own."""
        uniqueid = f"{SYSTEM}-{self.teller.epoch}.{self._count}"
        channel = f"PJSIP/{peer}-{self._count:08x}"
        self._count += 1
        return Channel(channel, uniqueid, linkedid or uniqueid, number, name, context, exten, self.now_s)

    async def _live(self, call: SimulatedCall) -> None:
        self.teller.arrive(call.channel, "prohib_not_screened" if call.withheld else "allowed_not_screened")
        await self.pause(call, DIALPLAN_S)
        await self._ask_before_queue(call)
        if call.hung_up_by:
            call.outcome = "dropped"
        else:
            self.waiting.append(call)
            call.queued_at_s = self.now_s
            self.teller.join(call, len(self.waiting))
            if not await self._wait_for_answer(call):
                self.teller.abandon(call, self._take_from_queue(call), self.now_s)
                call.outcome = "abandoned"
        self.teller.leave(call.channel)
        self.calls.pop(call.linkedid, None)
        self._running.pop(call, None)
        call.ended.set()
        self.wake_waiting()

    async def _ask_before_queue(self, call: SimulatedCall) -> None:
        """The rule for the number, then the menu, as docs/number-rules.md has it in a real dialplan."""
        rule = self._rule_of(call)
        if rule == "block":
            self.teller.number_rule(call, "block")
            await self.pause(call, ANNOUNCEMENT_S)
            call.hang_up()
        elif rule == "divert":
            self.teller.number_rule(call, "divert")
            if await self._presses(call):
                self.teller.number_rule(call, "confirmed")
        if call.menu and not call.hung_up_by:
            self.teller.user_event(call, "IvrEntered")
            await self._presses(call)

    def _rule_of(self, call: SimulatedCall) -> str:
        kind, _, until = self.database.get(f"/siaga-number/{call.channel.number}", "").partition(":")
        return kind if until.isdecimal() and int(until) > self.teller.epoch else ""

    async def _presses(self, call: SimulatedCall) -> bool:
        """What the caller presses when asked; False when they hang up instead."""
        await self.pause(call, ANNOUNCEMENT_S)
        if not call.presses:
            call.hang_up()
        if call.hung_up_by:
            return False
        self.press(call, call.presses)
        return True

    def press(self, call: SimulatedCall, digits: str) -> None:
        """The caller presses keys of the phone."""
        for digit in digits:
            self.teller.digit(call, digit)

    async def pause(self, call: SimulatedCall, seconds: float) -> None:
        """Simulated seconds, or until somebody hangs up."""
        until_s = self.now_s + seconds / self._speed
        while not (call.hung_up_by or call.moving) and await self._signalled(call, until_s):
            pass

    async def _signalled(self, call: SimulatedCall, until_s: float) -> bool:
        """Wait until something happens to `call`; False when loop time `until_s` comes first."""
        call.signal.clear()
        try:
            async with asyncio.timeout_at(until_s):
                await call.signal.wait()
        except TimeoutError:
            return False
        return True

    async def _wait_for_answer(self, call: SimulatedCall) -> bool:
        """True after a talk; False when the caller gave up."""
        until_s = self.now_s + call.patience_s / self._speed
        while not call.hung_up_by:
            desk = self._next_desk(call)
            if desk is None:
                if not await self._signalled(call, until_s):
                    call.hang_up()
            elif await self._ring(call, desk, until_s):
                return True
            elif not call.hung_up_by:
                await self.pause(call, RETRY_S)
        return False

    def _next_desk(self, call: SimulatedCall) -> Desk | None:
        """Round robin with memory over the free desks; whoever waited longer chooses first (autofill)."""
        ahead = sum(1 for one in self.waiting[: self.waiting.index(call)] if one.leg is None)
        numbers = list(self.desks)
        if not numbers:
            return None
        turns = [numbers[(self._turn + step) % len(numbers)] for step in range(len(numbers))]
        free = [number for number in turns if self.desks[number].is_free]
        if ahead >= len(free):
            return None
        self._turn = (numbers.index(free[0]) + 1) % len(numbers)
        return self.desks[free[0]]

    async def _ring(self, call: SimulatedCall, desk: Desk, until_s: float) -> bool:
        """True when the desk answered, after the talk; False when nobody took it or the caller gave up."""
        leg = self.new_channel(desk.number, desk.number, desk.member_name, "from-agents", "s", call.linkedid)
        call.desk, call.leg, call.picked_up = desk, leg, False
        self.teller.ring(call, desk, leg)
        await self.rung(call, desk, until_s)
        rang_s = (self.now_s - leg.born_s) * self._speed
        if call.picked_up and not call.hung_up_by:
            call.answered_at_s = self.now_s
            self.teller.connect(call, desk, leg, rang_s, self._take_from_queue(call))
            await self.talk(call)
            await self.acts.finish(call)
            call.leg, call.outcome = None, "answered"
            return True
        if not call.hung_up_by:
            self.teller.miss(call, desk, leg, rang_s)
            call.desk = call.leg = None
            self.wake_waiting()
        return False

    async def rung(self, call: SimulatedCall, desk: Desk, until_s: float) -> None:
        """Until it is picked up, hung up, or has rung long enough."""
        stops_s = self.now_s + self._ring_s / self._speed
        auto_s = self.now_s + self._random.uniform(*AUTO_ANSWER_S) / self._speed
        while not (call.hung_up_by or call.picked_up):
            soonest_s = min(stops_s, until_s, auto_s if desk.auto_answer else stops_s)
            if await self._signalled(call, soonest_s):
                continue
            if soonest_s == until_s:
                call.hang_up()
            elif soonest_s == stops_s:
                return
            else:
                call.pick_up()

    def _take_from_queue(self, call: SimulatedCall) -> tuple[int, int]:
        """Its position and how many are left."""
        position = self.waiting.index(call) + 1
        self.waiting.remove(call)
        return position, len(self.waiting)

    async def talk(self, call: SimulatedCall) -> None:
        call.outcome = "talking"
        for line in call.lines[call.told :]:
            await self.pause(call, self._random.uniform(*call.line_every_s))
            if call.hung_up_by or call.moving:
                return
            call.told += 1
            self.teller.transcript(call, "caller", line)
        await self.pause(call, call.patience_s)
        if not call.moving:
            call.hang_up()
