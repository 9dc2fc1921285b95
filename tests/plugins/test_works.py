"""What a plugin does without being asked: jobs, listeners, figures, landmarks."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from dispatch.plugins import Heard, Job, Listener, Text, Tile, Workshop
from dispatch.plugins.jobs import step
from dispatch.plugins.landmarks import refresh, source_of
from dispatch.plugins.model import PluginJobRow
from tests.harness import eventually
from tests.plugins.conftest import API, NAME, Served, serve
from tests.plugins.example.model import Thing
from tests.plugins.example.plugin import example, hear, stuck, thing
from tests.plugins.test_host import dispatch_one


async def things(served: Served) -> list[str]:
    async with served.host.workshop(NAME).reading() as reading:
        return list((await reading.session.scalars(select(Thing.what).order_by(Thing.created_at))).all())


async def test_a_job_runs_on_one_of_two_workers_when_it_is_due(postgres_url: str, tmp_path: Path) -> None:
    runs: list[str] = []

    async def count(shop: Workshop) -> None:
        runs.append("run")
        await asyncio.sleep(0.2)

    plugins = [example(demo=None, listeners=(), jobs=(Job(name="count", every_s=3600, run=count),))]
    async with serve(postgres_url, tmp_path, plugins) as one, serve(postgres_url, tmp_path, plugins) as other:

        async def finished() -> Any:
            (job,) = (await one.state())["jobs"]
            return job["finished_at"]

        await eventually(finished)
        await asyncio.gather(*(step(at.host.room(NAME), plugins[0].jobs[0], print) for at in (one, other)))
        assert runs == ["run"]


async def test_a_job_that_is_due_again_runs_again_and_tells_how_it_went(served: Served) -> None:
    async def fails(shop: Workshop) -> None:
        raise RuntimeError("no broom")

    room, job = served.host.room(NAME), Job(name="tidy", every_s=60, run=fails)
    faults: list[BaseException] = []
    assert await step(room, job, faults.append) == 60
    assert [str(fault) for fault in faults] == ["no broom"]
    async with served.centre.db.transaction() as tx:
        await tx.session.execute(update(PluginJobRow).values(due_at=tx.now - timedelta(seconds=1)))
    await step(room, job, faults.append)
    assert len(faults) == 2
    async with served.centre.db.reading() as session:
        row = (await session.scalars(select(PluginJobRow))).one()
    assert row.fault == "RuntimeError: no broom"
    assert row.claimed_until is None
    assert row.finished_at is not None
    assert row.due_at - row.finished_at == timedelta(seconds=60)


async def test_a_job_has_a_deadline(on_sqlite: Served) -> None:
    async def sleeps(shop: Workshop) -> None:
        await asyncio.sleep(30)

    faults: list[BaseException] = []
    await step(on_sqlite.host.room(NAME), Job(name="nap", every_s=60, run=sleeps, limit_s=0.05), faults.append)
    assert [str(fault) for fault in faults] == ["The job took longer than 0.05 s."]


async def test_a_job_of_a_dead_worker_is_taken_over(on_sqlite: Served) -> None:
    runs: list[int] = []

    async def count(shop: Workshop) -> None:
        runs.append(1)

    room, job = on_sqlite.host.room(NAME), Job(name="tidy", every_s=60, run=count)
    await step(room, job, print)
    for seconds, expected in ((30, 1), (-1, 2)):
        async with on_sqlite.centre.db.transaction() as tx:
            claimed = {"due_at": tx.now, "claimed_until": tx.now + timedelta(seconds=seconds)}
            await tx.session.execute(update(PluginJobRow).values(claimed))
        await step(room, job, print)
        assert len(runs) == expected


async def test_a_listener_hears_of_what_happens_after_it_was_switched_on(database_url: str, tmp_path: Path) -> None:
    async with serve(database_url, tmp_path, [example(demo=None, jobs=())]) as served:
        await asyncio.sleep(0.6)  # its cursor is set at the log's end first
        await dispatch_one(served)

        async def heard() -> bool:
            return await things(served) == ["heard incident.opened"]

        await eventually(heard)


async def test_a_listener_that_raises_keeps_no_other_and_switches_its_plugin_off(
    sqlite_url: str, tmp_path: Path
) -> None:
    async def breaks(shop: Workshop, heard: Heard) -> None:
        raise RuntimeError("deaf")

    listeners = (Listener(types=("incident.opened",), handle=breaks), Listener(types=("incident.opened",), handle=hear))
    async with serve(sqlite_url, tmp_path, [example(demo=None, jobs=(), listeners=listeners)]) as served:
        await asyncio.sleep(0.6)
        await dispatch_one(served)

        async def heard() -> bool:
            return "heard incident.opened" in await things(served)

        await eventually(heard, timeout_s=3)

        async def failed() -> bool:
            return bool((await served.state())["state"] == "failed")

        await eventually(failed, timeout_s=15)
        assert "deaf" in (await served.state())["message"]


async def test_a_tile_without_a_value_spoils_no_other(sqlite_url: str, tmp_path: Path) -> None:
    sad = Tile(name="sad", label=Text("Macet", "Stuck"), value=stuck)
    plugin = example(demo=None, jobs=(), listeners=())
    async with serve(
        sqlite_url, tmp_path, [example(demo=None, jobs=(), listeners=(), tiles=(*plugin.tiles, sad))]
    ) as at:
        haris = await at.person("haris")
        tiles = (await haris.get("/api/plugins/tiles?lang=en")).json()["tiles"]
        assert [(tile["name"], tile["value"], tile["hint"]) for tile in tiles] == [
            ("count", "0", ""),
            ("sad", None, "No value"),
        ]
        for _ in range(10):
            await haris.get("/api/plugins/tiles?lang=en")
        assert (await at.state())["faults"] == 1, "a value that failed is kept for a while too"
        assert (await (await at.person("kru-1")).get("/api/plugins/tiles")).status_code == 403


async def test_a_public_layer_is_for_everybody(on_sqlite: Served) -> None:
    layer = (await (await on_sqlite.person()).get(f"{API}/layers/office")).json()
    assert layer["features"][0]["geometry"] == {"type": "Point", "coordinates": [116.75, -1.27]}


async def test_landmarks_are_found_while_the_plugin_is_on(served: Served) -> None:
    rina = await served.person("rina")

    async def found() -> bool:
        places = (await rina.get("/api/places", params={"q": "Kantor Barang Hilang Lawe-Lawe"})).json()
        return bool(places) and places[0]["name"] == "Kantor Barang Hilang Lawe-Lawe"

    async def gone() -> bool:
        return not await found()

    await eventually(found)
    await served.switch("off")
    await eventually(gone)
    await served.switch("on")
    await eventually(found)


async def test_landmarks_follow_the_rows(on_sqlite: Served) -> None:
    room = on_sqlite.host.room(NAME)
    await refresh(room)
    assert not await refresh(room), "nothing changed"
    async with room.bench().working() as work:
        row = thing(work, "umbrella")
        row.place = "Dermaga Payung"
        work.session.add(row)
    assert room.rows_changed.is_set()
    assert await refresh(room)
    async with on_sqlite.centre.db.reading() as session:
        from dispatch.places.service import load_gazetteer

        names = {entry.name for entry in (await load_gazetteer(session)).entries}
    assert "Dermaga Payung" in names
    assert source_of(NAME) == "plugin:lost_things"
