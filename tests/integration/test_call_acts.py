"""What call-takers and supervisors ask of the PBX over HTTP, the outcome of each, and what the centre asks itself."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from dispatch import log
from dispatch.calls import desk_rules, ingest
from dispatch.calls.commands import ANSWER_WITHIN, VALID_FOR
from dispatch.db import Database
from dispatch.realtime.snapshot import take
from dispatch.timers import TimerRunner
from dispatch.views import AgentView, CallView
from telephony.facts import Envelope
from tests.call_facts import Caller, desk
from tests.centre_world import answered
from tests.conftest import ManualClock
from tests.front_world import Front, open_front

TOKEN = "rahasia-antara-pbx-dan-inti"
BEARER = {"authorization": f"Bearer {TOKEN}"}


@pytest.fixture
async def front(db: Database) -> AsyncIterator[Front]:
    async with open_front(db, ingest_token=TOKEN) as opened:
        yield opened


class Centre:
    """Rina at desk 101 and Haris, the supervisor, at 103; one call that Rina answered."""

    def __init__(self, front: Front, clock: ManualClock) -> None:
        self.front, self.clock, self.caller = front, clock, Caller(at=clock.now)
        self.effect = desk_rules.effect(front.centre)
        self.timers = TimerRunner(front.db, {**ingest.timers(), **desk_rules.desk_timers()})
        self._desks = dict.fromkeys(("101", "102", "103"), 0)

    async def open(self) -> "Centre":
        self.rina, self.haris = await self.front.person("rina"), await self.front.person("haris")
        self.adapter = await self.front.browser()
        for agent in self._desks:
            await self.tells(self.desk(agent))
        answered(await self.rina.put("/me/seat", json={"extension": "101"}), 200)
        answered(await self.haris.put("/me/seat", json={"extension": "103"}), 200)
        await self.tells(*self.caller.until_answered("101"))
        self.call_id = (await self.call()).id
        self.front.types()
        return self

    def desk(self, agent: str, **more: Any) -> Envelope:
        self._desks[agent] += 1
        return desk(agent, n=self._desks[agent], at=self.clock.now, **more)

    async def tells(self, *envelopes: Envelope) -> None:
        await self.front.centre.ingest.ingest(list(envelopes))

    async def call(self) -> CallView:
        async with self.front.db.reading() as session:
            return (await take(session, frozenset({"ops"}), self.clock)).calls[0]

    async def agent(self, number: str) -> AgentView:
        async with self.front.db.reading() as session:
            agents = (await take(session, frozenset({"ops"}), self.clock)).agents
        return next(one for one in agents if one.agent == number)

    async def asks(self, who: httpx.AsyncClient, act: str, to: str | None = None) -> httpx.Response:
        return await who.post(f"/calls/{self.call_id}/acts", json={"act": act, "to": to})

    async def asks_desk(
        self, who: httpx.AsyncClient, agent: str, act: str, reason: str | None = None
    ) -> httpx.Response:
        return await who.post(f"/desks/{agent}/acts", json={"act": act, "reason": reason})

    async def handed(self) -> list[dict[str, Any]]:
        path = "/telephony/commands?pbx=main&wait_s=0"
        commands: list[dict[str, Any]] = answered(await self.adapter.get(path, headers=BEARER), 200)
        return commands

    async def outcome(self, command_id: str, outcome: str = "accepted", words: str = "ok") -> None:
        body = {"id": command_id, "outcome": outcome, "words": words}
        response = await self.adapter.post("/telephony/outcomes", json=body, headers=BEARER)
        assert response.status_code == 204, response.text

    def done(self) -> list[dict[str, Any]]:
        """What screens were told of outcomes since the last look."""
        told = [event.data.model_dump() for event in self.front.events if event.type.endswith("command_done")]
        self.front.events.clear()
        return told

    async def rules(self) -> None:
        """Let the centre's own rules see all events so far."""
        async with self.front.db.reading() as session:
            stored = await log.read(session, 0, 1000, types=self.effect.types)
        for event in stored:
            await self.effect.handle(event)

    async def fire(self) -> None:
        while await self.timers.fire_one():
            pass


@pytest.fixture
async def centre(front: Front, clock: ManualClock) -> Centre:
    return await Centre(front, clock).open()


async def test_a_command_is_handed_out_once_and_its_outcome_is_told_once(centre: Centre) -> None:
    asked = answered(await centre.asks(centre.rina, "transfer", "113"), 202)
    (command,) = await centre.handed()
    assert (command["act"], command["to"], command["agent"]) == ("transfer", "113", "101")
    assert await centre.handed() == []
    for _ in range(2):
        await centre.outcome(asked["command_id"], "refused", "No such channel")
    (told,) = centre.done()
    assert (told["ok"], told["outcome"], told["words"]) == (False, "refused", "No such channel")
    assert told["user_id"] is not None


async def test_a_command_that_no_adapter_takes_is_told_as_not_done(centre: Centre) -> None:
    answered(await centre.asks(centre.rina, "hold"), 202)
    centre.clock.advance(VALID_FOR.total_seconds())
    await centre.fire()
    assert await centre.handed() == []
    (told,) = centre.done()
    assert (told["outcome"], told["ok"]) == ("dropped", False)


async def test_an_adapter_that_says_nothing_leaves_unknown_and_its_late_word_corrects_it(centre: Centre) -> None:
    asked = answered(await centre.asks(centre.rina, "hold"), 202)
    await centre.handed()
    centre.clock.advance(ANSWER_WITHIN.total_seconds())
    await centre.fire()
    assert [told["outcome"] for told in centre.done()] == ["unknown"]
    await centre.outcome(asked["command_id"], "accepted", "NOTIFY sent")
    assert [told["outcome"] for told in centre.done()] == ["accepted"]
    await centre.outcome(asked["command_id"], "unknown")
    assert centre.done() == []


async def test_a_call_is_muted_when_the_pbx_accepted_and_not_before(centre: Centre) -> None:
    asked = answered(await centre.asks(centre.rina, "mute"), 202)
    await centre.handed()
    assert not (await centre.call()).muted
    await centre.outcome(asked["command_id"])
    assert (await centre.call()).muted
    await centre.tells(centre.caller.ends())
    assert not (await centre.call()).muted


async def test_held_is_what_the_pbx_says_and_not_what_was_asked(centre: Centre) -> None:
    asked = answered(await centre.asks(centre.rina, "hold"), 202)
    await centre.outcome(asked["command_id"])
    assert (await centre.call()).state == "answered"
    await centre.tells(centre.caller.is_held())
    assert (await centre.call()).state == "held"
    assert (await centre.asks(centre.rina, "hold")).status_code == 409


async def test_who_else_is_in_the_call_is_shown_until_its_end(centre: Centre) -> None:
    await centre.tells(centre.caller.is_joined("113"), centre.caller.is_monitored("103"))
    call = await centre.call()
    assert (call.parties, call.monitored_by) == (("113",), ("103",))
    await centre.tells(centre.caller.is_joined("113", joined=False))
    assert (await centre.call()).parties == ()
    await centre.tells(centre.caller.ends())
    assert (await centre.call()).monitored_by == ()


@pytest.mark.parametrize(("to", "status"), [("113", 202), ("102", 202), ("110", 202), ("0809123456", 422), ("99", 422)])
async def test_a_caller_is_handed_to_the_directory_and_to_desks_alone(centre: Centre, to: str, status: int) -> None:
    assert (await centre.asks(centre.rina, "transfer", to)).status_code == status
    assert len(await centre.handed()) == (1 if status == 202 else 0)


@pytest.mark.parametrize("to", ["113\r\nAction: Reload", "${EXTEN}", "113&114", "PJSIP/104", ""])
async def test_what_is_no_number_is_not_even_considered(centre: Centre, to: str) -> None:
    assert (await centre.asks(centre.rina, "conference", to)).status_code == 422


async def test_only_the_desk_that_talks_acts_on_the_call(centre: Centre) -> None:
    assert (await centre.asks(centre.haris, "hold")).status_code == 409
    assert (await centre.asks(centre.rina, "leave")).status_code == 409
    await centre.tells(centre.caller.is_joined("113"))
    assert (await centre.asks(centre.rina, "leave")).status_code == 202
    assert (await centre.asks(centre.rina, "transfer", "119")).status_code == 409


@pytest.mark.parametrize("act", ["listen", "whisper", "barge", "take_over"])
async def test_a_supervisor_helps_from_an_own_desk_and_it_is_logged(centre: Centre, act: str) -> None:
    assert (await centre.asks(centre.rina, act)).status_code == 403
    answered(await centre.asks(centre.haris, act), 202)
    (command,) = await centre.handed()
    assert (command["act"], command["agent"], command["to"]) == (act, "101", "103")
    async with centre.front.db.reading() as session:
        stored = (await log.read(session, 0, 1000))[-1]
    assert (stored.type, set(stored.topics)) == ("call.command_requested", {"telephony", "audit"})


async def test_a_supervisor_whose_phone_is_busy_or_who_hears_already_does_not_listen(centre: Centre) -> None:
    await centre.tells(centre.desk("103", device="in_use"))
    assert (await centre.asks(centre.haris, "listen")).status_code == 409
    assert (await centre.asks(centre.haris, "stop_listening")).status_code == 409
    await centre.tells(centre.caller.is_monitored("103"))
    assert (await centre.asks(centre.haris, "whisper")).status_code == 409
    assert (await centre.asks(centre.haris, "stop_listening")).status_code == 202


async def test_a_known_caller_who_is_gone_is_called_back_under_the_number_of_the_call(centre: Centre) -> None:
    assert (await centre.asks(centre.rina, "call_back")).status_code == 409
    await centre.tells(centre.caller.ends())
    answered(await centre.asks(centre.rina, "call_back", "0809999999"), 202)
    (command,) = await centre.handed()
    assert (command["agent"], command["to"]) == ("101", "+6281234567890")


async def test_a_desk_pauses_with_a_reason_and_is_ready_again(centre: Centre) -> None:
    assert (await centre.asks_desk(centre.rina, "101", "pause")).status_code == 422
    assert (await centre.asks_desk(centre.rina, "101", "pause", "wrap_up")).status_code == 422
    answered(await centre.asks_desk(centre.rina, "101", "pause", "meal"), 202)
    (command,) = await centre.handed()
    assert (command["act"], command["agent"], command["reason"]) == ("pause", "101", "meal")
    await centre.outcome(command["id"], "accepted", "Interface paused successfully")
    (told,) = centre.done()
    assert (told["type"], told["ok"], told["reason"]) == ("desk.command_done", True, "meal")
    assert not (await centre.agent("101")).paused
    answered(await centre.asks_desk(centre.rina, "101", "ready"), 202)
    assert [one["act"] for one in await centre.handed()] == ["ready"]


async def test_ready_signs_in_a_desk_that_is_in_no_queue(centre: Centre) -> None:
    answered(await centre.rina.put("/me/seat", json={"extension": "105"}), 200)
    assert (await centre.asks_desk(centre.rina, "105", "pause", "meal")).status_code == 409
    answered(await centre.asks_desk(centre.rina, "105", "ready"), 202)
    (command,) = await centre.handed()
    assert (command["act"], command["queues"]) == ("sign_in", ["psap-112"])
    assert command["name"]


async def test_anothers_desk_is_for_supervisors(centre: Centre) -> None:
    assert (await centre.asks_desk(centre.rina, "102", "sign_out")).status_code == 403
    answered(await centre.asks_desk(centre.haris, "101", "pause"), 202)
    (command,) = await centre.handed()
    assert (command["agent"], command["reason"]) == ("101", "supervisor")


async def test_a_desk_that_misses_a_ring_is_paused_once(centre: Centre) -> None:
    other = Caller("1795500000.2", at=centre.clock.now)
    await centre.tells(other.arrives(), other.queues(), other.rings("102"), other.misses("102"))
    await centre.rules()
    (command,) = await centre.handed()
    assert (command["act"], command["agent"], command["reason"]) == ("pause", "102", "missed_ring")
    await centre.tells(centre.desk("102", paused=True))
    await centre.rules()
    assert await centre.handed() == []


async def test_the_last_desk_that_could_answer_is_not_paused(centre: Centre) -> None:
    await centre.tells(centre.desk("101", paused=True), centre.desk("103", device="unavailable"))
    other = Caller("1795500000.2", at=centre.clock.now)
    await centre.tells(other.arrives(), other.queues(), other.rings("102"), other.misses("102"))
    await centre.rules()
    assert await centre.handed() == []


async def test_a_desk_has_time_to_wrap_up_which_ends_by_itself(centre: Centre) -> None:
    await centre.tells(centre.caller.ends())
    await centre.rules()
    (command,) = await centre.handed()
    assert (command["act"], command["agent"], command["reason"]) == ("pause", "101", "wrap_up")
    await centre.tells(centre.desk("101", paused=True, reason="wrap_up"))
    centre.clock.advance(centre.front.centre.settings.wrap_up_s)
    await centre.fire()
    assert [(one["act"], one["agent"]) for one in await centre.handed()] == [("ready", "101")]


async def test_saying_what_the_call_was_ends_the_wrap_up(centre: Centre) -> None:
    await centre.tells(centre.caller.ends())
    await centre.rules()
    await centre.handed()
    await centre.tells(centre.desk("101", paused=True, reason="wrap_up"))
    answered(await centre.rina.post(f"/calls/{centre.call_id}/dispose", json={"disposition": "prank"}), 200)
    await centre.rules()
    assert "ready" in [one["act"] for one in await centre.handed()]


async def test_a_pause_of_ones_own_is_not_ended_by_the_centre(centre: Centre) -> None:
    await centre.tells(centre.caller.ends(), centre.desk("101", paused=True, reason="meal"))
    await centre.rules()
    centre.clock.advance(600)
    await centre.fire()
    assert await centre.handed() == []


async def test_the_desks_options_name_reasons_and_the_directory(centre: Centre) -> None:
    options = answered(await centre.rina.get("/desk-options"), 200)
    assert "prayer" in options["pause_reasons"]
    assert {"number": "113", "name": "Pemadam Kebakaran", "kind": "agency"} in options["directory"]


async def test_outcomes_are_taken_from_the_adapter_alone(centre: Centre) -> None:
    body = {"id": "x", "outcome": "accepted", "words": ""}
    assert (await centre.rina.post("/telephony/outcomes", json=body)).status_code == 401
    assert (await centre.adapter.post("/telephony/outcomes", json=body, headers=BEARER)).status_code == 204
