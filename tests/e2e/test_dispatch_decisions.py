"""What a dispatcher decides beyond one unit for one incident: a closed road, a second alarm, all incidents together."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.browser import Screens, text
from tests.e2e.flow import is_live, sign_in
from tests.harness import CentreProcess, eventually
from tests.unit.test_roads import osm, way

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PETUNG = {"text": "Petung, dekat pasar", "point": {"lat": -1.3395, "lon": 116.6385}, "source": "map"}
WARU = {"text": "Waru, simpang tiga", "point": {"lat": -1.389, "lon": 116.6148}, "source": "map"}
DISPATCHER = "Siti Rahmawati"


async def build_roads(centre: CentreProcess) -> None:
    """Petung to Waru, straight on and a long way round."""
    corners = {1: (-1.3395, 116.6385), 2: (-1.389, 116.6148), 3: (-1.30, 116.50)}
    nodes = {key: ((lat + 1.3) / 0.01, (lon - 116.6) / 0.01) for key, (lat, lon) in corners.items()}
    file = centre.folder / "roads.osm"
    file.write_text(osm(way(1, 1, 2, highway="primary") + way(2, 1, 3, 2, highway="primary"), nodes))
    code, told = await centre.command("routing", "build", str(file))
    assert code == 0, told


async def open_incident(api: httpx.AsyncClient, place: dict[str, Any]) -> dict[str, Any]:
    body = {"type": "kebakaran-bangunan", "answers": {}, "place": place}
    response = await api.post("/incidents", json=body)
    assert response.status_code == 201, response.text
    return dict(response.json())


async def close_a_road_on_the_map(page: Page) -> None:
    await page.get_by_role("button", name=text("console:closures.open", count=0)).click()
    await page.get_by_role("button", name=text("console:closures.mark")).click()
    await expect(page.get_by_text(text("console:closures.pick"))).to_be_visible()
    await page.locator(".siaga-map-canvas").click(position={"x": 120, "y": 200})
    dialog = page.get_by_role("dialog", name=text("console:closures.close"))
    await dialog.get_by_role("button", name=text("console:closures.flood")).click()
    await dialog.get_by_role("button", name=text("console:closures.close")).click()
    await expect(page.get_by_role("button", name=text("console:closures.open", count=1))).to_be_visible()


async def reopen_it(page: Page) -> None:
    await page.get_by_role("button", name=text("console:closures.open", count=1)).click()
    await page.get_by_role("button", name=text("console:closures.reopen"), exact=True).click()
    await expect(page.get_by_text(text("console:closures.none"))).to_be_visible()
    await page.keyboard.press("Escape")


async def raise_the_alarm(page: Page) -> None:
    await page.get_by_text(str(PETUNG["text"])).first.click()
    await page.get_by_role("button", name=text("console:act.more")).click()
    await page.get_by_role("menuitem", name=text("console:act.alarmUp", level=2)).click()
    await page.get_by_role("button", name=text("console:send.alarmSpread")).click()
    await expect(page.get_by_text(text("console:send.alarm", level=2))).to_be_visible()
    await expect(page.get_by_text(text("console:send.source.road")).first).to_be_visible()


async def test_roads_are_closed_an_alarm_is_raised_and_all_incidents_get_units_at_once(
    browser: Browser, tmp_path: Path
) -> None:
    folder = tmp_path / "centre"
    folder.mkdir()
    centre = CentreProcess(folder, offer_timeout_s=600)
    await build_roads(centre)
    async with centre, centre.signed_in("rina") as api, Screens(browser, centre.url) as screens:
        opened = [await open_incident(api, place) for place in (PETUNG, WARU)]
        screen = await screens.open("dispatcher")
        await sign_in(screen, "dispatcher", DISPATCHER)
        page = screen.page
        await is_live(page)
        await close_a_road_on_the_map(page)
        await screen.shoot("road-closed")
        assert len((await api.get("/road-closures")).json()) == 1
        await reopen_it(page)
        await raise_the_alarm(page)
        await screen.shoot("second-alarm")
        await page.get_by_role("button", name=text("console:joint.open", count=2)).click()
        await screen.shoot("joint")
        accept = re.compile(re.escape(text("console:joint.all", count="")).replace(r"\(\)", r"\(\d+\)"))
        await page.get_by_role("button", name=accept).click()

        async def both_are_served() -> bool:
            details = [(await api.get(f"/incidents/{one['id']}")).json() for one in opened]
            return all(detail["assignments"] for detail in details)

        async def nothing_is_left_to_propose() -> bool:
            return not (await api.get("/recommendation/joint")).json()["picks"]

        await eventually(both_are_served, timeout_s=30)
        await eventually(nothing_is_left_to_propose, timeout_s=30)
        await screen.shoot("all-offered")
