"""The spool on a real disk: nothing told that is not stored, nothing numbered twice."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from telephony import spool as spool_module
from telephony.facts import AgentChanged, CallArrived, CallEnded, Fact
from telephony.spool import Spool, SpoolUnusable

AT = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


def arrived(linkedid: str) -> Fact:
    return CallArrived(
        at=AT, linkedid=linkedid, uniqueid=linkedid, channel="PJSIP/trunk-1", ani=None, caller_name=None, dialled="112"
    )


def ended(linkedid: str) -> Fact:
    return CallEnded(at=AT, linkedid=linkedid, cause="hangup")


async def test_facts_are_numbered_within_their_call_or_desk(tmp_path: Path) -> None:
    desk = AgentChanged(at=AT, agent="101", name=None, queues=(), paused=False)
    async with Spool(tmp_path / "s.db", "main") as spool:
        envelopes = await spool.append([arrived("a"), arrived("b"), ended("a"), desk], {}, {})
    assert [(one.key, one.n) for one in envelopes] == [("a", 1), ("b", 1), ("a", 2), ("agent:101", 1)]


async def test_numbers_state_and_waiting_facts_outlive_a_restart(tmp_path: Path) -> None:
    desk = AgentChanged(at=AT, agent="101", name=None, queues=(), paused=False)
    async with Spool(tmp_path / "s.db", "main") as spool:
        await spool.append([arrived("a")], {"part": 1}, {"whole": 1})
        await spool.append([arrived("b"), desk], {"part": 2})
        await spool.append([ended("b")], {"part": 3})
        spool.acknowledge((await spool.pending(10))[1].row)
    async with Spool(tmp_path / "s.db", "main") as spool:
        assert spool.kept.whole == {"whole": 1}
        assert spool.kept.parts == [{"part": 2}, {"part": 3}]
        assert spool.kept.counters == {"a": 1, "agent:101": 1}
        assert spool.waiting == 2
        assert [one.envelope.key for one in await spool.pending(10)] == ["agent:101", "b"]
        again = await spool.append([ended("a"), desk], {}, {})
    assert [one.n for one in again] == [2, 2]


async def test_acknowledged_facts_leave_the_disk_and_their_rows_are_not_used_again(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    async with Spool(path, "main") as spool:
        for call in "abc":
            await spool.append([arrived(call), ended(call)], {}, {"calls": call})
        last = (await spool.pending(10))[-1].row
        spool.acknowledge(last)
        await spool.trim()
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT last, done FROM batches").fetchall() == [(6, 6)]
    async with Spool(path, "main") as spool:
        assert spool.kept.whole == {"calls": "c"}
        assert await spool.pending(10) == []
        await spool.append([arrived("d")], {}, {})
        assert (await spool.pending(10))[0].row > last


async def test_what_the_core_acknowledged_is_known_after_a_kill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def killed_before(_: Spool) -> None:
        """A killed adapter has no last moment in which to tidy up."""

    monkeypatch.setattr(Spool, "trim", killed_before)
    async with Spool(tmp_path / "s.db", "main") as spool:
        await spool.append([arrived("a"), ended("a")], {}, {})
        spool.acknowledge(2)
        await spool.append([arrived("b")], {})
    async with Spool(tmp_path / "s.db", "main") as spool:
        assert [one.envelope.key for one in await spool.pending(10)] == ["b"]


async def test_whole_state_is_wanted_again_after_so_many_facts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool_module, "WHOLE_EVERY", 4)
    async with Spool(tmp_path / "s.db", "main") as spool:
        wanted = []
        for turn in range(6):
            wanted.append(spool.wants_whole)
            await spool.append([arrived(str(turn)), ended(str(turn))], {}, {} if spool.wants_whole else None)
    assert wanted == [True, False, False, True, False, False]


async def test_more_than_memory_holds_is_read_back_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool_module, "MAX_TAIL", 10)
    async with Spool(tmp_path / "s.db", "main") as spool:
        for turn in range(7):
            await spool.append([arrived(f"{turn}-{one}") for one in range(5)], {}, {})
        told: list[str] = []
        while batch := await spool.pending(4):
            told += [one.envelope.key for one in batch]
            spool.acknowledge(batch[-1].row)
            if len(told) == 14:
                await spool.append([arrived("late")], {}, {})
        assert spool.waiting == 0
    assert told == [*(f"{turn}-{one}" for turn in range(7) for one in range(5)), "late"]


async def test_what_could_not_be_stored_leaves_no_trace(tmp_path: Path) -> None:
    async with Spool(tmp_path / "s.db", "main") as spool:
        await spool.append([arrived("a")], {}, {"calls": 1})
        await spool._run(lambda: spool._db.execute("PRAGMA max_page_count = 1"))
        with pytest.raises(sqlite3.Error):
            await spool.append([arrived(f"call-{one}") for one in range(200)], {})
        await spool._run(lambda: spool._db.execute("PRAGMA max_page_count = 1000000"))
        (retried,) = await spool.append([ended("a")], {})
        assert retried.n == 2
        assert [one.envelope.key for one in await spool.pending(10)] == ["a", "a"]


async def test_spool_of_another_pbx_is_refused(tmp_path: Path) -> None:
    async with Spool(tmp_path / "s.db", "main"):
        pass
    with pytest.raises(SpoolUnusable, match="belongs to PBX 'main'"):
        async with Spool(tmp_path / "s.db", "branch"):
            pass


async def test_spool_in_use_is_refused(tmp_path: Path) -> None:
    async with Spool(tmp_path / "s.db", "main"):
        with pytest.raises(SpoolUnusable, match="locked"):
            async with Spool(tmp_path / "s.db", "main"):
                pass


async def test_file_that_is_no_spool_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    path.write_bytes(b"not a database, but long enough to look like one" * 100)
    with pytest.raises(SpoolUnusable, match=r"s\.db"):
        async with Spool(path, "main"):
            pass
