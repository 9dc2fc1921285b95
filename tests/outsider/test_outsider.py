"""A stranger's module is installed, used and removed without touching Siaga 112; a broken one breaks itself alone."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.centre_world import HOUSE_FIRE, PETUNG, SMALL_FIRE, answered
from tests.harness import CentreProcess, eventually
from tests.outsider.site import HERE, Site, build, run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

API = "/plugins/posko_banjir"
POSTS = "Nama;Daya tampung;Pengungsi\nLawe-Lawe;80;12\nPetung;150;20\n"
TABLES = {"posko_banjir_posts", "posko_banjir_levels", "posko_banjir_alerts", "posko_banjir_alembic_version"}
PATIENCE_S = 5.0
"""A step of dispatch that waited for a module would take that module's limit, 5 s and more."""

Wheels = Mapping[str, Path]


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Wheels:
    return build(tmp_path_factory.mktemp("wheels"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, wheels: Wheels) -> Site:
    """Siaga 112 alone."""
    made = Site(tmp_path_factory.mktemp("site") / "venv")
    made.install(wheels["siaga112"])
    assert made.where("dispatch").is_relative_to(made.folder)
    return made


class People:
    """A client for each person of a running centre, addressed at /api."""

    def __init__(self, centre: CentreProcess, stack: AsyncExitStack) -> None:
        self.centre = centre
        self._stack = stack
        self._clients: dict[str, httpx.AsyncClient] = {}

    async def __call__(self, username: str) -> httpx.AsyncClient:
        if username not in self._clients:
            self._clients[username] = await self._stack.enter_async_context(self.centre.signed_in(username))
        return self._clients[username]


@asynccontextmanager
async def running(centre: CentreProcess) -> AsyncIterator[People]:
    async with centre, AsyncExitStack() as stack:
        yield People(centre, stack)


def tables(centre: CentreProcess) -> set[str]:
    with sqlite3.connect(centre.folder / "data" / "siaga.db") as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    connection.close()
    return {name for (name,) in rows}


async def dispatch_one(people: People, kind: str = HOUSE_FIRE) -> str:
    """Open an incident, offer it, accept it, work it, close it; gives its number. Each step within PATIENCE_S."""
    rina, siti, crew = [await people(name) for name in ("rina", "siti", "kru-1")]
    incident = await step(rina, "/incidents", 201, type=kind, answers=SMALL_FIRE, place=PETUNG)
    unit = answered(await crew.get("/units/mine"), 200)["unit"]
    if unit["state"] == "off_duty":
        await step(crew, f"/units/{unit['id']}/acts", act="go_on_duty")
    offers = f"/incidents/{incident['id']}/assignments"
    assignment = await step(siti, offers, 201, unit_id=unit["id"], override_reason="uji")
    for act in ("accept", "depart", "arrive", "clear"):
        await step(crew, f"/assignments/{assignment['id']}/acts", act=act)
    closed = await step(siti, f"/incidents/{incident['id']}/acts", act="close", disposition="handled")
    assert closed["state"] == "closed"
    return str(incident["number"])


async def step(client: httpx.AsyncClient, path: str, status: int = 200, **body: Any) -> Any:
    async with asyncio.timeout(PATIENCE_S):
        return answered(await client.post(path, json=body), status)


async def names(people: People) -> list[str]:
    """Of the modules that are on."""
    return [one["name"] for one in (await (await people("admin")).get("/plugins")).json()["plugins"]]


async def modules(people: People) -> dict[str, dict[str, Any]]:
    """As an administrator sees them."""
    return {one["name"]: one for one in (await (await people("admin")).get("/admin/plugins")).json()}


def test_its_own_tests_pass_where_it_is_installed(site: Site, wheels: Wheels, tmp_path: Path) -> None:
    with site.having(wheels["posko_banjir"], "siaga-plugin-posko-banjir"):
        options = ("-q", "-p", "no:cacheprovider", "--rootdir", tmp_path)
        tests = HERE / "posko_banjir" / "tests"
        assert "8 passed" in run(site.python, "-P", "-m", "pytest", *options, tests, cwd=tmp_path)


async def test_a_strangers_module_is_whole_and_leaves_without_a_trace_in_dispatch(
    site: Site, wheels: Wheels, tmp_path: Path
) -> None:
    centre = site.centre(tmp_path)
    with site.having(wheels["posko_banjir"], "siaga-plugin-posko-banjir"):
        async with running(centre) as people:
            await is_on_every_screen(people)
            await takes_a_file(people)
            await hears_of_a_flood(people)
    assert tables(centre) >= TABLES
    assert await centre.command("migrate") == (0, "")
    async with running(centre) as people:
        assert "posko_banjir" not in await names(people)
        page = await (await people("admin")).get(f"{centre.url}/posko-banjir/")
        assert page.status_code == 404
        await dispatch_one(people)
    assert tables(centre) >= TABLES


async def is_on_every_screen(people: People) -> None:
    haris = await people("haris")
    assert "posko_banjir" in await names(people)
    layers = (await haris.get("/plugins/layers")).json()
    assert ("posko_banjir", "posts") in [(one["plugin"], one["name"]) for one in layers]
    points = (await haris.get(f"{API}/layers/posts")).json()["features"]
    assert "Petung" in [one["properties"]["title"] for one in points]
    tiles = (await haris.get("/plugins/tiles")).json()["tiles"]
    assert [(one["name"], one["value"] is None) for one in tiles if one["plugin"] == "posko_banjir"] == [
        ("beds", False),
        ("water", False),
    ]
    async with httpx.AsyncClient() as anybody:
        page = await anybody.get(f"{people.centre.url}/posko-banjir/?lang=en")
    assert (page.status_code, "Flood posts" in page.text, "Petung" in page.text) == (200, True, True)
    await eventually(lambda: is_found(people, "Posko banjir Sepaku"))


async def is_found(people: People, name: str) -> bool:
    """By the call-taker's search box."""
    return name in [one["name"] for one in (await (await people("rina")).get("/places", params={"q": name})).json()]


async def takes_a_file(people: People) -> None:
    wulan = await people("wulan")
    imports = f"{API}/rows/posts/imports"
    preview = answered(await wulan.post(imports, params={"filename": "posko.csv"}, content=POSTS.encode()), 201)
    assert (preview["new"], preview["changed"], preview["faults"]) == (1, 1, [])
    answered(await wulan.post(f"{imports}/{preview['id']}/apply"), 200)
    rows = (await wulan.get(f"{API}/rows/posts", params={"q": "lawe"})).json()["items"]
    assert [row["values"]["capacity"] for row in rows] == [80]


async def hears_of_a_flood(people: People) -> None:
    rina, wulan = await people("rina"), await people("wulan")
    flood = answered(await rina.post("/incidents", json={"type": "banjir", "answers": {}, "place": PETUNG}), 201)

    async def heard() -> bool:
        return bool((await wulan.get(f"{API}/alerts")).json() == [flood["number"]])

    await eventually(heard)


async def test_modules_that_do_everything_wrong_switch_themselves_off_and_dispatch_goes_on(
    site: Site, wheels: Wheels, tmp_path: Path
) -> None:
    centre = site.centre(tmp_path)
    with site.having(wheels["posko_rusak"], "siaga-plugin-posko-rusak"):
        async with running(centre) as people:
            assert "rusak_macet" in await names(people)
            async with asyncio.TaskGroup() as group:
                visits = group.create_task(everybody_meets_them(people))
                numbers = [await dispatch_one(people)]
                while not visits.done():
                    numbers.append(await dispatch_one(people))
            assert len(set(numbers)) == len(numbers) >= 3
            await all_are_off(people)
            await dispatch_one(people)
        code, said = await centre.command("verify-log")
    assert code == 0, said


async def everybody_meets_them(people: People) -> None:
    """Routes that raise, end the process, wait and hold threads, and the figures, all while dispatch works."""
    admin, haris = await people("admin"), await people("haris")
    async with asyncio.TaskGroup() as group:
        for path in ("rute/", "keluar/", "macet/waits", "macet/holds-a-thread"):
            for _ in range(6):
                group.create_task(admin.get(f"/plugins/rusak_{path}"))
        group.create_task(haris.get("/plugins/tiles"))
        group.create_task(haris.get("/plugins/rusak_kotak/layers/points"))


WHY = {
    "rusak_rute": "ZeroDivisionError",
    "rusak_keluar": "SystemExit",
    "rusak_kotak": "Error: ",
    "rusak_dengar": "LookupError",
    "rusak_tugas": "OSError: the gauge does not answer",
    "rusak_macet": "",
    "rusak_impor": "ModuleNotFoundError",
}


async def all_are_off(people: People) -> None:
    async def off() -> bool:
        return all(one["state"] == "failed" for name, one in (await modules(people)).items() if name in WHY)

    await eventually(off, timeout_s=30, every_s=0.5)
    found = await modules(people)
    for name, why in WHY.items():
        assert found[name]["message"], name
        assert why in found[name]["message"]
    assert set(WHY).isdisjoint(await names(people))
