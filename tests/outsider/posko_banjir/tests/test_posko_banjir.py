"""The module by itself and in a centre of its own."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path

import pytest
from posko_banjir import PLUGIN
from posko_banjir.rules import places_left, stage

from dispatch.plugins.testing import Trial, check, open_trial

API = "/api/plugins/posko_banjir"


def in_a_centre(folder: Path, act: Callable[[Trial], Awaitable[None]]) -> None:
    async def run() -> None:
        async with open_trial(PLUGIN, folder) as trial:
            await act(trial)

    asyncio.run(run())


def test_the_declaration_and_the_migrations_hold_together() -> None:
    assert check(PLUGIN) == []


@pytest.mark.parametrize(("level", "said"), [("99.9", "plain"), ("100", "warn"), ("200", "bad")])
def test_a_level_is_as_grave_as_the_marks_say(level: str, said: str) -> None:
    assert stage(Decimal(level), 100, 200) == said


def test_an_overfull_post_has_no_bed_and_not_less() -> None:
    assert (places_left(40, 12), places_left(40, 55)) == (28, 0)


def test_water_at_the_danger_mark_reaches_112(tmp_path: Path) -> None:
    async def act(trial: Trial) -> None:
        wulan = await trial.client("wulan")
        rows = (await wulan.get(f"{API}/sheets/daily", params={"f.day": "2026-11-01"})).json()["rows"]
        body = {"head": {"day": "2026-11-01"}, "entries": {rows[0]["key"]: "212.5"}, "confirmed": []}
        stored = await wulan.post(f"{API}/sheets/daily", json=body)
        assert "112" in stored.json()["message"]["en"]
        tiles = (await (await trial.client("haris")).get("/api/plugins/tiles", params={"lang": "en"})).json()["tiles"]
        assert [(one["value"], one["hint"]) for one in tiles if one["name"] == "water"] == [("212.5", "danger")]
        assert "212.5" in (await wulan.get(f"{API}/exports/levels.csv", params={"separator": "comma"})).text

    in_a_centre(tmp_path, act)


def test_a_visitor_sees_free_beds_and_reports_high_water(tmp_path: Path) -> None:
    async def act(trial: Trial) -> None:
        anybody = await trial.client()
        assert "Petung" in (await anybody.get("/posko-banjir/?lang=en")).text
        wrong = await anybody.post("/posko-banjir/", data={"place": "Pasar", "depth_cm": "dalam"})
        assert (wrong.status_code, "Pasar" in wrong.text) == (422, True)
        taken = await anybody.post("/posko-banjir/", data={"place": "Pasar", "depth_cm": "40"})
        assert (taken.status_code, taken.headers["location"]) == (303, "/posko-banjir/terima-kasih")
        assert "Thank you" in (await anybody.get("/posko-banjir/terima-kasih?lang=en")).text
        assert (await anybody.get(f"{API}/alerts")).status_code == 401

    in_a_centre(tmp_path, act)


def test_who_may_manage_says_that_a_post_is_full(tmp_path: Path) -> None:
    async def act(trial: Trial) -> None:
        wulan = await trial.client("wulan")
        assert (await wulan.get(f"{API}/me")).json() == {"permissions": ["manage", "read", "view"]}
        (petung,) = (await wulan.get(f"{API}/rows/posts", params={"q": "petung"})).json()["items"]
        assert (await wulan.post(f"{API}/full/{petung['id']}")).status_code == 204
        assert (await (await trial.client("rina")).post(f"{API}/full/{petung['id']}")).status_code == 403
        points = (await (await trial.client()).get(f"{API}/layers/posts", params={"lang": "en"})).json()["features"]
        assert {one["properties"]["title"]: one["properties"]["text"] for one in points}["Petung"] == "0 free beds"

    in_a_centre(tmp_path, act)
