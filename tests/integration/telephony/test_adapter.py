"""Simulated PBX → the real adapter → a core in memory: every call told once, whatever breaks in between."""

import asyncio
import sqlite3
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest

from telephony.client import Patience
from telephony.facts import CallAnswered, CallArrived, CallEnded, CallTranscribed, Envelope
from telephony.fold import FoldConfig
from telephony.simulator import Day, PbxSimulator
from telephony.spool import Spool
from tests.integration.telephony.world import MemoryCore, adapter, assert_whole, command, config_for, now

FAST = 20.0


async def test_an_answered_call_is_told_from_arrival_to_end(tmp_path: Path) -> None:
    core = MemoryCore()
    async with PbxSimulator(clock=now, auto_answer=["101"], desks=["101"], speed=FAST) as pbx:
        async with adapter(config_for(pbx, tmp_path), core):
            await core.until(lambda: core.connected)
            call = await pbx.call(
                ani="081254001001", name="Budi", lines=["Tolong, kebakaran!", "Di Petung."], patience_s=8
            )
            await core.until(lambda: "call_ended" in core.types(call.linkedid))
    told = core.facts[call.linkedid]
    assert core.types(call.linkedid) == [
        *("call_arrived", "call_queued", "call_ringing", "call_answered"),
        *("call_transcribed", "call_transcribed", "call_ended"),
    ]
    arrived = told[0]
    assert isinstance(arrived, CallArrived)
    assert (arrived.ani, arrived.caller_name, arrived.dialled) == ("081254001001", "Budi", "112")
    said = [fact.text for fact in told if isinstance(fact, CallTranscribed)]
    assert said == ["Tolong, kebakaran!", "Di Petung."]


async def test_facts_agree_with_the_queue_log_over_a_busy_shift(tmp_path: Path) -> None:
    core, dice = MemoryCore(), Random(1)
    async with PbxSimulator(clock=now, auto_answer=["101", "102", "103"], desks=["101", "102", "103"], speed=40) as pbx:
        async with adapter(config_for(pbx, tmp_path), core):
            await core.until(lambda: core.connected)
            calls = []
            for turn in range(25):
                patience_s = dice.choice([1.0, 3.0, 8.0])
                calls.append(await pbx.call(ani=f"0812540010{turn:02}", lines=["Halo"], patience_s=patience_s))
                await asyncio.sleep(dice.uniform(0, 0.05))
            await core.until(lambda: all("call_ended" in core.types(call.linkedid) for call in calls))
    logged = {event: {line.call for line in pbx.queue_log if line.event == event} for event in ("CONNECT", "ABANDON")}
    assert len(logged["CONNECT"]) > 3
    assert len(logged["ABANDON"]) > 3
    for call in calls:
        assert_whole(core, call.linkedid)
        types = core.types(call.linkedid)
        assert ("call_answered" in types) == (call.linkedid in logged["CONNECT"])
        assert ("call_abandoned" in types) == (call.linkedid in logged["ABANDON"])
    missed = sum(1 for line in pbx.queue_log if line.event == "RINGNOANSWER")
    assert missed == sum(core.types(call.linkedid).count("ring_missed") for call in calls)


async def test_a_ring_that_nobody_takes_goes_to_the_next_desk(tmp_path: Path) -> None:
    core = MemoryCore()
    async with PbxSimulator(clock=now, desks=["101", "102"], auto_answer=["102"], ring_s=6, speed=FAST) as pbx:
        async with adapter(config_for(pbx, tmp_path), core):
            await core.until(lambda: core.connected)
            call = await pbx.call(ani="0542765003", patience_s=30)
            await core.until(lambda: "call_answered" in core.types(call.linkedid))
    answered = [fact for fact in core.facts[call.linkedid] if isinstance(fact, CallAnswered)]
    assert [fact.agent for fact in answered] == ["102"]
    assert "ring_missed" in core.types(call.linkedid)


async def test_connection_cut_at_any_byte_loses_and_doubles_no_call(tmp_path: Path) -> None:
    core, dice = MemoryCore(), Random(7)
    async with PbxSimulator(clock=now, auto_answer=["101", "102", "103"], desks=["101", "102", "103"], speed=20) as pbx:
        async with adapter(config_for(pbx, tmp_path), core):
            calls = []
            for turn in range(30):
                pbx.server.cut_after(dice.randint(1, 12_000))
                calls.append(await pbx.call(ani=f"0812540020{turn:02}", lines=["Halo"], patience_s=dice.uniform(2, 12)))
                await asyncio.sleep(dice.uniform(0.02, 0.08))
            await asyncio.gather(*(call.ended.wait() for call in calls))
            # A call that came and went while nobody listened left no trace to be told.
            await core.until(lambda: core.connected and all("call_ended" in core.types(one) for one in core.calls))
    assert pbx.server.logins > 10
    assert len(core.calls) >= 20
    for linkedid in core.calls:
        assert_whole(core, linkedid)


async def test_call_that_lives_through_a_reconnect_goes_on_and_is_not_told_anew(tmp_path: Path) -> None:
    core = MemoryCore()
    async with PbxSimulator(clock=now, desks=["101"], auto_answer=["101"], speed=FAST) as pbx:
        async with adapter(config_for(pbx, tmp_path), core):
            await core.until(lambda: core.connected)
            call = await pbx.call(ani="081254001001", patience_s=20)
            await core.until(lambda: "call_answered" in core.types(call.linkedid))
            pbx.drop_connections()
            await core.until(lambda: pbx.server.logins == 2 and core.connected)
            await core.until(lambda: "call_ended" in core.types(call.linkedid))
    assert core.types(call.linkedid) == [
        *("call_arrived", "call_queued", "call_ringing", "call_answered", "call_ended")
    ]


async def test_calls_that_died_in_a_pbx_restart_end_with_cause_unknown(tmp_path: Path) -> None:
    core = MemoryCore()
    async with PbxSimulator(clock=now, desks=["101"], auto_answer=["101"], speed=FAST) as pbx:
        async with adapter(config_for(pbx, tmp_path), core):
            await core.until(lambda: core.connected)
            talking = await pbx.call(ani="081254001001", patience_s=200)
            await core.until(lambda: "call_answered" in core.types(talking.linkedid))
            waiting = await pbx.call(ani="081254001002", patience_s=200)
            await core.until(lambda: "call_queued" in core.types(waiting.linkedid))
            pbx.restart()
            await core.until(lambda: all("call_ended" in core.types(c.linkedid) for c in (talking, waiting)))
    for call in (talking, waiting):
        ended = core.facts[call.linkedid][-1]
        assert isinstance(ended, CallEnded)
        assert ended.cause == "unknown"
        assert "call_abandoned" not in core.types(call.linkedid)


async def test_frozen_pbx_is_noticed_and_what_it_says_on_waking_is_not_lost(tmp_path: Path) -> None:
    core = MemoryCore()
    async with PbxSimulator(clock=now, desks=["101"], auto_answer=["101"], speed=FAST) as pbx:
        async with adapter(config_for(pbx, tmp_path), core):
            await core.until(lambda: core.connected)
            pbx.freeze()
            await core.until(lambda: not core.connected)
            call = await pbx.call(ani="081254001001", patience_s=60)
            await asyncio.sleep(0.1)
            pbx.thaw()
            await core.until(lambda: core.connected and "call_arrived" in core.types(call.linkedid))
    assert any("Ping" in health.detail for health in core.healths)


def test_a_frozen_pbx_is_noticed_within_five_seconds() -> None:
    patience = Patience()
    assert patience.ping_every_s + patience.pong_s < 5


async def test_health_is_reported_at_each_change_and_between_changes(tmp_path: Path) -> None:
    core = MemoryCore()
    async with PbxSimulator(clock=now) as pbx:
        async with adapter(config_for(pbx, tmp_path, health_every_s=0.1), core):
            await core.until(lambda: core.connected)
            quiet = len(core.healths)
            await core.until(lambda: len(core.healths) >= quiet + 4)
            pbx.drop_connections()
            await core.until(lambda: any("closed" in one.detail or "lost" in one.detail for one in core.healths))
            await core.until(lambda: core.connected)
    changes = [one for before, one in pairwise(core.healths) if one.connected != before.connected]
    assert [one.connected for one in changes] == [True, False, True]
    assert changes[0].since < changes[1].since < changes[2].since


async def test_wrong_secret_is_said_loudly_and_tried_seldom(tmp_path: Path) -> None:
    core = MemoryCore()
    async with PbxSimulator(clock=now) as pbx:
        async with adapter(config_for(pbx, tmp_path, secret="wrong"), core):
            await core.until(lambda: any("login refused" in health.detail for health in core.healths))
            await asyncio.sleep(0.8)
    attempts = [action for action in pbx.server.received if action["Action"] == "Login"]
    assert 2 <= len(attempts) <= 5
    assert not any(health.connected for health in core.healths)


async def test_core_away_for_a_while_gets_everything_once_and_in_order(tmp_path: Path) -> None:
    core = MemoryCore()
    async with PbxSimulator(clock=now, desks=["101"], auto_answer=["101"], speed=FAST) as pbx:
        async with adapter(config_for(pbx, tmp_path), core):
            await core.until(lambda: core.connected)
            core.away = True
            calls = [await pbx.call(ani=f"08125400100{turn}", lines=["Halo"], patience_s=6) for turn in range(3)]
            await asyncio.gather(*(call.ended.wait() for call in calls))
            await core.until(lambda: core.healths[-1].spooled >= 9)
            assert core.calls == []
            core.away = False
            await core.until(lambda: all("call_ended" in core.types(call.linkedid) for call in calls))
            await core.until(lambda: core.healths[-1].spooled == 0)
    for call in calls:
        assert_whole(core, call.linkedid)


async def test_answer_of_the_core_that_got_lost_doubles_nothing(tmp_path: Path) -> None:
    core = MemoryCore()
    core.loses_answers = 5
    async with PbxSimulator(clock=now, desks=["101"], auto_answer=["101"], speed=FAST) as pbx:
        async with adapter(config_for(pbx, tmp_path), core):
            call = await pbx.call(ani="081254001001", patience_s=6)
            await core.until(lambda: "call_ended" in core.types(call.linkedid))
    assert core.seen_again > 0
    assert_whole(core, call.linkedid)


async def test_full_disk_is_said_and_nothing_is_lost_once_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    core, stored, room = MemoryCore(), Spool.append, False

    async def append(self: Spool, *values: Any) -> list[Envelope]:
        if not room:
            raise sqlite3.OperationalError("database or disk is full")
        return await stored(self, *values)

    monkeypatch.setattr(Spool, "append", append)
    async with PbxSimulator(clock=now, desks=["101"], auto_answer=["101"], speed=FAST) as pbx:
        async with adapter(config_for(pbx, tmp_path), core):
            call = await pbx.call(ani="081254001001", patience_s=6)
            await call.ended.wait()
            await core.until(lambda: core.healths[-1].detail == "the spool cannot be written: database or disk is full")
            assert core.calls == []
            room = True
            await core.until(lambda: "call_ended" in core.types(call.linkedid))
            await core.until(lambda: core.healths[-1].detail == "")
    assert_whole(core, call.linkedid)


async def test_call_on_hold_is_told(tmp_path: Path) -> None:
    core = MemoryCore()
    async with PbxSimulator(clock=now, desks=["101"], auto_answer=["101"], speed=FAST) as pbx:
        async with adapter(config_for(pbx, tmp_path), core):
            await core.until(lambda: core.connected)
            call = await pbx.call(ani="081254001001", patience_s=60)
            await core.until(lambda: "call_answered" in core.types(call.linkedid))
            pbx.hold(call, True)
            pbx.hold(call, False)
            await core.until(lambda: core.types(call.linkedid).count("call_held") == 2)


async def test_withheld_number_is_seen_and_marked(tmp_path: Path) -> None:
    core = MemoryCore()
    async with PbxSimulator(clock=now, desks=["101"], speed=FAST) as pbx:
        config = config_for(pbx, tmp_path, fold=FoldConfig(caller_published=True))
        async with adapter(config, core):
            await core.until(lambda: core.connected)
            call = await pbx.call(ani="081254001001", withheld=True)
            await core.until(lambda: bool(core.types(call.linkedid)))
    arrived = core.facts[call.linkedid][0]
    assert isinstance(arrived, CallArrived)
    assert (arrived.ani, arrived.ani_withheld) == ("081254001001", True)


async def test_a_whole_day_is_told_as_the_queue_log_has_it(tmp_path: Path) -> None:
    core = MemoryCore()
    async with PbxSimulator(clock=now, auto_answer=["101", "102", "103", "104"], speed=100) as pbx:
        async with adapter(config_for(pbx, tmp_path), core):
            await core.until(lambda: core.connected)
            async with asyncio.TaskGroup() as tasks:
                playing = tasks.create_task(Day(seed=3, rate_per_hour=400).play(pbx))
                await asyncio.sleep(2.5)
                playing.cancel()
            for call in pbx.calls.values():
                call.hang_up()
            entered = {line.call for line in pbx.queue_log if line.event == "ENTERQUEUE"}
            await core.until(lambda: all("call_ended" in core.types(one) for one in entered))
    assert len(entered) > 10
    assert any("call_transcribed" in core.types(linkedid) for linkedid in entered)
    for linkedid in entered:
        assert_whole(core, linkedid)
        answered = any(line.event == "CONNECT" and line.call == linkedid for line in pbx.queue_log)
        assert ("call_answered" in core.types(linkedid)) == answered


async def test_adapter_that_fell_behind_drops_the_link_and_resyncs(tmp_path: Path) -> None:
    core = MemoryCore()
    async with PbxSimulator(clock=now, desks=["101"], speed=FAST) as pbx:
        async with adapter(config_for(pbx, tmp_path, inbox_bound=50), core):
            await core.until(lambda: core.connected)
            for turn in range(200):
                pbx.teller.emit("UserEvent", "user", [("UserEvent", "Noise"), ("N", str(turn))])
            await core.until(lambda: any("fell behind" in health.detail for health in core.healths))
            await core.until(lambda: pbx.server.logins == 2 and core.connected)
            call = await pbx.call(ani="081254001001", patience_s=6)
            await core.until(lambda: "call_ended" in core.types(call.linkedid))
    assert_whole(core, call.linkedid)


async def test_answer_command_has_the_ringing_desk_pick_up(tmp_path: Path) -> None:
    core = MemoryCore()
    async with PbxSimulator(clock=now, desks=["101"]) as pbx:
        async with adapter(config_for(pbx, tmp_path), core):
            await core.until(lambda: core.connected)
            call = await pbx.call(ani="081254001001")
            await core.until(lambda: "call_ringing" in core.types(call.linkedid))
            core.command(command("answer", call.linkedid, agent="101"))
            await core.until(lambda: "call_answered" in core.types(call.linkedid))
            core.command(command("hangup", call.linkedid, id="c2"))
            await core.until(lambda: "call_ended" in core.types(call.linkedid))
    assert call.outcome == "answered"


async def test_command_is_carried_out_once_though_the_core_repeats_it(tmp_path: Path) -> None:
    core = MemoryCore()
    async with PbxSimulator(clock=now, desks=["101"]) as pbx:
        async with adapter(config_for(pbx, tmp_path), core):
            await core.until(lambda: core.connected)
            call = await pbx.call(ani="081254001001")
            await core.until(lambda: "call_ringing" in core.types(call.linkedid))
            for _ in range(3):
                core.command(command("hangup", call.linkedid))
            await core.until(lambda: "call_ended" in core.types(call.linkedid))
            await asyncio.sleep(0.3)
    assert len([action for action in pbx.server.received if action["Action"] == "Hangup"]) == 1


async def test_command_that_finds_the_pbx_away_expires_and_is_never_sent(tmp_path: Path) -> None:
    core = MemoryCore()
    async with PbxSimulator(clock=now, desks=["101"]) as pbx:
        async with adapter(config_for(pbx, tmp_path), core):
            await core.until(lambda: core.connected)
            call = await pbx.call(ani="081254001001")
            await core.until(lambda: "call_ringing" in core.types(call.linkedid))
            pbx.freeze()
            await core.until(lambda: not core.connected)
            core.command(command("hangup", call.linkedid, in_s=0.3))
            await asyncio.sleep(0.5)
            pbx.thaw()
            await core.until(lambda: core.connected)
            await asyncio.sleep(0.2)
            assert not call.ended.is_set()
    assert not [action for action in pbx.server.received if action["Action"] == "Hangup"]
