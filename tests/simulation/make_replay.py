"""Cases for the browser's store: a snapshot, the events that follow, and the snapshot that they must lead to.

Two short days are played over the centre's own services; each is seen by the centre and by one crew. Write the files
with `python -m tests.simulation.make_replay`; tests/integration/test_replay_cases.py holds them to what is played now,
web/lib/store/replay.test.ts folds them with the real reducer.
"""

import asyncio
import json
import re
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from dispatch.actor import Actor
from dispatch.calls import callbacks, commands, linking
from dispatch.calls import service as calls
from dispatch.db import Database
from dispatch.events import OPS, unit_topic
from dispatch.log import Stored
from dispatch.migrate import upgrade
from dispatch.people import service as people
from dispatch.realtime import snapshot
from dispatch.words import CallDisposition, Role
from telephony import facts
from telephony.facts import CallAct, CommandOutcome, Envelope
from telephony.reach import Reach
from tests.call_facts import Caller
from tests.centre_world import World, answered, open_world
from tests.conftest import ManualClock

FOLDER = Path(__file__).resolve().parents[1] / "data" / "replay"
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
CREW = "Damkar Petung 1"
OTHER_CREW = "Damkar Petung 2"
ELSEWHERE = {"text": "Waru", "point": {"lat": -1.4045, "lon": 116.62}, "source": "map"}

Case = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Play:
    """What a day's acts need at hand."""

    world: World
    clock: ManualClock

    async def post(self, username: str, path: str, body: dict[str, Any], status: int = 200) -> Any:
        """Somebody's command, two seconds after what came before."""
        self.clock.advance(2)
        response = await (await self.world.person(username)).post(path, json=body)
        assert response.status_code == status, response.text
        return response.json() if response.content else None

    async def decide(self, incident: Case, act: str, **more: Any) -> None:
        await self.post("siti", f"/incidents/{incident['id']}/acts", {"act": act, **more})

    async def offer(self, incident: Case, callsign: str) -> Case:
        self.clock.advance(2)
        return await self.world.offered(incident, callsign, override_reason="dekat")

    async def reports(self, callsign: str, assignment: Case, *acts: str) -> None:
        for act in acts:
            self.clock.advance(30)
            await self.world.reports(callsign, assignment, act)

    async def says(self, *told: Envelope) -> None:
        for envelope in told:
            self.clock.advance(1)
            await self.world.centre.ingest.take([envelope])

    async def opens(self, **report: Any) -> Case:
        self.clock.advance(2)
        return await self.world.open_incident(**report)

    async def wait(self, seconds: float) -> None:
        """What falls due fires one after another: ids of one instant have no order."""
        self.clock.advance(seconds)
        while await self.world.timers.fire_one():
            self.clock.advance(1)

    async def call_id(self, linkedid: str | None = None) -> str:
        """Of the newest call, or of the one that the PBX names so."""
        async with self.world.db.reading() as session:
            live = await calls.snapshot(session)
        return max(call.id for call in live if linkedid in (None, call.linkedid))

    async def sits(self, username: str, extension: str | None) -> None:
        async with self.world.db.transaction() as tx:
            accounts = {user.username: user for user in await people.demo_accounts(tx.session)}
        user = accounts[username]
        async with self.world.db.transaction(Actor(user.id, user.display_name, frozenset(user.roles))) as tx:
            await calls.take_seat(tx, extension)


async def a_call_is_worked_to_its_end(play: Play) -> None:
    """Menu, queue, a missed ring, talk, incident, one crew through every status, close."""
    desk = facts.AgentChanged(
        at=play.clock.now, agent="101", name="Meja 1", queues=("psap-112",), paused=False, device="ringing"
    )
    await play.says(Envelope(pbx="main", key="agent:101", n=1, fact=desk))
    caller = Caller(at=play.clock.now)
    await play.says(caller.arrives(name="Kartini"), caller.enters_ivr(), caller.queues())
    await play.says(caller.rings(), caller.misses(), caller.rings(), caller.is_answered(), caller.says("ada api"))
    await play.says(caller.is_held(), caller.is_held(False))
    call_id = await play.call_id()
    incident = await play.opens(call_id=call_id)
    await play.post("rina", f"/incidents/{incident['id']}/notes", {"text": "dua rumah"}, 204)
    first = await play.offer(incident, CREW)
    second = await play.offer(incident, OTHER_CREW)
    transfer = facts.CallTransferred(
        at=caller.at + timedelta(seconds=1), linkedid=caller.linkedid, to="119", how="blind"
    )
    await play.says(caller.tell(transfer), caller.ends())
    async with play.world.db.transaction() as tx:
        await calls.dispose(tx, call_id, CallDisposition.HANDLED, "")
    await play.reports(CREW, first, "accept", "depart", "arrive", "transport", "reach_facility")
    await play.decide(incident, "under_control")
    await play.reports(OTHER_CREW, second, "accept", "depart", "arrive", "clear")
    await play.reports(CREW, first, "clear")
    await play.decide(incident, "close", disposition="handled", note="padam")


async def everything_goes_otherwise(play: Play) -> None:
    """Lost calls, refused and expired offers, alarms, corrections, merging, cancelling, reopening, seats, shifts."""
    lost, left = Caller("1795500000.2", at=play.clock.now), Caller("1795500000.3", at=play.clock.now)
    await play.says(lost.arrives(), lost.queues(), lost.rings(), lost.abandons(), left.arrives(), left.enters_ivr())
    await play.says(left.tell(facts.IvrDropped(at=left.at + timedelta(seconds=1), linkedid=left.linkedid)))
    incident, twin = await play.opens(), await play.opens()
    async with play.world.db.transaction() as tx:
        await linking.report(tx, await play.call_id(), twin["id"])
    await play.post("siti", f"/incidents/{twin['id']}/merge", {"into_id": incident["id"]})
    declined = await play.offer(incident, CREW)
    await play.reports(CREW, declined, "decline")
    await play.wait(95)
    await amend(play, incident)
    elsewhere = await play.opens(place=ELSEWHERE)
    withdrawn = await play.offer(elsewhere, CREW)
    await play.post("siti", f"/assignments/{withdrawn['id']}/acts", {"act": "withdraw", "reason": "tidak perlu"})
    taken = await play.offer(elsewhere, CREW)
    await play.reports(CREW, taken, "accept", "depart")
    await play.post("siti", f"/assignments/{taken['id']}/acts", {"act": "cancel", "reason": "unit lebih dekat"})
    await play.decide(elsewhere, "cancel", reason="laporan palsu")
    await play.decide(elsewhere, "reopen", reason="api menyala lagi")
    await play.sits("siti", "105")
    await play.sits("siti", None)
    unit = play.world.units["KM SAR Penajam 1"].id
    for act in ("go_out_of_service", "return_to_service", "go_off_duty", "go_on_duty"):
        await play.post("siti", f"/units/{unit}/acts", {"act": act, "reason": "pompa"})
    async with play.world.db.reading() as session:
        alarm = (await snapshot.take(session, frozenset({OPS}), play.clock)).alarms[0]
    await play.post("siti", f"/alarms/{alarm.id}/snooze", {"minutes": 5, "reason": "menunggu kabar kru"})
    await play.post("haris", f"/alarms/{alarm.id}/acknowledge", {})
    await nobody_speaks_and_nobody_answers(play)


async def nobody_speaks_and_nobody_answers(play: Play) -> None:
    """A silent caller, a number rule, one who calls back, one who calls again, a closing that is undone."""
    silent = Caller("1795500000.4", ani="081234560004", at=play.clock.now)
    await play.says(silent.queues(), silent.arrives(), silent.meets_rule("confirmed"), silent.is_answered())
    path = f"/calls/{await play.call_id(silent.linkedid)}"
    for step in ("ask", "listen", "callback"):
        play.clock.advance(10)
        await play.post("rina", f"{path}/silent-steps", {"step": step})
    await play.says(silent.presses("1"), silent.ends())
    reason = {"disposition": "silent", "note": "anak kecil bermain telepon"}
    await play.post("rina", f"{path}/dispose", reason)
    await play.post("rina", f"{path}/undo", {})
    lost, again = (Caller(f"1795500000.{n}", ani="081234560005", at=play.clock.now) for n in (5, 6))
    await play.says(lost.arrives(), lost.queues(), lost.abandons(), lost.ends())
    path = f"/calls/{await play.call_id(lost.linkedid)}"
    siti = await play.world.person("siti")
    answered(await siti.put(f"{path}/callback"), 200)
    answered(await siti.delete(f"{path}/callback"), 200)
    await play.post("rina", f"{path}/callback/attempts", {})
    await play.says(*again.until_answered())
    async with play.world.db.transaction() as tx:
        await callbacks.settle(tx, await calls.get(tx.session, await play.call_id(again.linkedid)))
    await others_help(play)


async def others_help(play: Play) -> None:
    """An agency joins a call, a supervisor listens, and the PBX mutes the desk."""
    caller = Caller("1795500000.7", ani="081234560007", at=play.clock.now)
    await play.says(*caller.until_answered("101"), caller.is_joined("113"), caller.is_monitored("103"))
    rina = Actor("rina", "Rina", frozenset({Role.CALL_TAKER}), extension="101")
    call_id = await play.call_id(caller.linkedid)
    acts: tuple[CallAct, ...] = ("mute", "unmute", "mute")
    for act in acts:
        async with play.world.db.transaction(rina) as tx:
            asked = await commands.request(tx, call_id, act, reach=Reach())
        async with play.world.db.transaction() as tx:
            await commands.conclude(tx, CommandOutcome(id=asked.command_id, outcome="accepted", words="Success"))
    await play.says(caller.is_joined("113", joined=False), caller.ends())


async def roads_close_and_an_incident_grows(play: Play) -> None:
    """A second alarm, a road that is closed and reopened, a crew that is called off for what is more urgent."""
    lesser, urgent = await play.opens(priority="P4"), await play.opens(priority="P1")
    siti = await play.world.person("siti")
    level = {"level": 2, "reason": "merambat"}
    play.clock.advance(2)
    answered(await siti.put(f"/incidents/{urgent['id']}/alarm-level", json=level), 200)
    flood = {"points": [{"lat": -1.36, "lon": 116.62}], "radius_m": 100, "reason": "Banjir"}
    closure = await play.post("siti", "/road-closures", flood, 201)
    await play.post("siti", f"/road-closures/{closure['id']}/reopen", {}, 204)
    held = await play.offer(lesser, CREW)
    await play.reports(CREW, held, "accept")
    body = {"unit_id": play.world.units[CREW].id, "reason": "orang terjebak"}
    await play.post("siti", f"/incidents/{urgent['id']}/diversions", body, 201)


async def two_reports_of_one_event(play: Play) -> None:
    """A call linked by mistake and unlinked, a merge taken back, two incidents told apart."""
    caller = Caller("1795500000.8", ani="081234560008", at=play.clock.now)
    await play.says(*caller.until_answered())
    first, second = await play.opens(), await play.opens()
    siti, call_id = await play.world.person("siti"), await play.call_id()
    async with play.world.db.transaction() as tx:
        await linking.report(tx, call_id, second["id"])
    await play.post("siti", f"/incidents/{second['id']}/merge", {"into_id": first["id"]})
    await play.post("siti", f"/incidents/{second['id']}/unmerge", {})
    for answer in (
        await siti.delete(f"/calls/{call_id}/link"),
        await siti.put(f"/incidents/{first['id']}/separations/{second['id']}"),
        await siti.delete(f"/incidents/{first['id']}/separations/{second['id']}"),
    ):
        assert answer.is_success, answer.text
    sent = await play.offer(second, CREW)
    await play.reports(CREW, sent, "accept", "depart", "arrive", "clear")


async def amend(play: Play, incident: Case) -> None:
    """Another priority and another story."""
    siti = await play.world.person("siti")
    now = (await play.world.incident(incident))["incident"]
    edit = {"priority": "P1", "narrative": "gudang, bukan rumah"}
    answered(
        await siti.patch(f"/incidents/{incident['id']}", json=edit, headers={"If-Match": str(now["version"])}), 200
    )


DAYS: dict[str, Callable[[Play], Awaitable[None]]] = {
    "call-to-close": a_call_is_worked_to_its_end,
    "everything-otherwise": everything_goes_otherwise,
    "twins": two_reports_of_one_event,
    "roads-and-levels": roads_close_and_an_incident_grows,
}


async def played(act: Callable[[Play], Awaitable[None]], folder: Path) -> dict[str, Case]:
    """A day as the centre and as the crew of CREW see it; ids are counted, so that the same day gives the same text."""
    file = folder / f"{act.__name__}.db"
    await asyncio.to_thread(lambda: asyncio.run(upgrade(f"sqlite+aiosqlite:///{file}")))
    clock = ManualClock()
    db = Database(f"sqlite+aiosqlite:///{file}", clock=clock)
    stored: list[Stored] = []
    try:
        async with open_world(db) as world:
            for username in ("rina", "siti", "haris"):
                await world.person(username)
            for callsign in (CREW, OTHER_CREW):
                await world.crew(callsign)
            views = {"ops": OPS, "crew": unit_topic(world.units[CREW].id)}
            before = {view: await held(db, topic) for view, topic in views.items()}
            db.on_commit(stored.extend)
            await act(Play(world, clock))
            after = {view: await held(db, topic) for view, topic in views.items()}
    finally:
        await db.close()
    return {
        view: counted({"topic": topic, "snapshot": before[view], "events": told(stored, topic), "final": after[view]})
        for view, topic in views.items()
    }


async def held(db: Database, topic: str) -> Case:
    async with db.reading() as session:
        return (await snapshot.take(session, frozenset({topic}), db.clock)).model_dump(mode="json")


def told(stored: Sequence[Stored], topic: str) -> list[Case]:
    """The events of a topic as they are sent."""
    return [{"t": "event", "seq": one.seq, "event": json.loads(one.payload)} for one in stored if topic in one.topics]


def counted(case: Case) -> Case:
    """The case with its ids in the order of their first appearance."""
    known: dict[str, str] = {}

    def count(found: re.Match[str]) -> str:
        return known.setdefault(found[0], f"00000000-0000-7000-8000-{len(known) + 1:012d}")

    return dict(json.loads(_ID.sub(count, json.dumps(case))))


def text(case: Case) -> str:
    """One event a line, so that a change shows where it is."""

    def line(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    events = ",\n".join(line(event) for event in case["events"])
    return (
        f'{{"topic":{line(case["topic"])},\n"snapshot":{line(case["snapshot"])},\n'
        f'"events":[\n{events}\n],\n"final":{line(case["final"])}}}\n'
    )


async def cases(folder: Path) -> dict[str, str]:
    """Text of every case by its file's name; `folder` is for the databases."""
    made: dict[str, str] = {}
    for name, act in DAYS.items():
        for view, case in (await played(act, folder)).items():
            made[f"{name}.{view}.json"] = text(case)
    return made


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, content in asyncio.run(cases(Path(folder))).items():
            (FOLDER / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
