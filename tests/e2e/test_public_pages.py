"""Public pages as visitors use them: with and without script, on a phone, dark and light."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.async_api import Browser, Page, ViewportSize, expect

from dispatch.app import create_app
from dispatch.plugins.registry import found
from dispatch.settings import Settings
from tests.e2e.browser import PHONE, Screens
from tests.harness import eventually, free_port
from tests.plugins.site.example import PLACES, PLUGIN

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(240)]

HOME, FORM = "/contoh-tamu/", "/contoh-tamu/lapor"
LAPTOP = ViewportSize(width=1366, height=768)
FIRST_PAGE_BYTES = 100_000
NEAR_THE_SECOND = {"latitude": PLACES[1][1], "longitude": PLACES[1][2]}


@asynccontextmanager
async def centre(folder: Path) -> AsyncIterator[str]:
    """A whole centre with the example plugin, over real HTTP; gives its address."""
    app = create_app(Settings(demo=True, data_dir=folder), plugins=[found(PLUGIN)])
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None))

    async def started() -> bool:
        return server.started

    async with asyncio.TaskGroup() as group:
        group.create_task(server.serve())
        await eventually(started)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True


async def overflows(page: Page) -> bool:
    return bool(await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


async def test_all_that_matters_works_without_script(browser: Browser, tmp_path: Path) -> None:
    async with centre(tmp_path) as address, Screens(browser, address) as screens:
        screen = await screens.open("public-plain", PHONE, java_script_enabled=False)
        page = screen.page
        screen.expect(422, FORM)
        await page.goto("/layanan")
        await page.get_by_role("link", name="Contoh Tamu").last.click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Contoh")
        await expect(page.locator("figure.chart svg.chart-picture")).to_be_visible()
        await page.get_by_text("Lihat angkanya").click()
        await expect(page.get_by_role("cell", name="12.500,5")).to_be_visible()
        await page.get_by_role("link", name="Lapor").click()
        await page.get_by_label("Nama").fill("Budi")
        await page.get_by_label("Telepon").fill("bukan nomor")
        await page.get_by_role("button", name="Kirim laporan").click()
        await expect(page.get_by_label("Nama")).to_have_value("Budi")
        await expect(page.get_by_role("alert")).to_contain_text("bukan nomor telepon")
        await page.locator("header a[hreflang=en]").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Lapor")
        await expect(page.get_by_label("Name")).to_be_visible()


async def test_script_sorts_shares_draws_and_remembers(browser: Browser, tmp_path: Path) -> None:
    async with centre(tmp_path) as address, Screens(browser, address) as screens:
        screen = await screens.open(
            "public-full",
            LAPTOP,
            color_scheme="dark",
            permissions=["geolocation", "clipboard-read", "clipboard-write"],
            geolocation=NEAR_THE_SECOND,
        )
        page = screen.page
        await page.goto(HOME)
        await page.get_by_role("button", name="Urutkan dari yang terdekat").click()
        first = page.locator("#places > li").first
        await expect(first).to_contain_text(PLACES[1][0])
        await expect(first).to_contain_text("0,0 km dari Anda")
        await expect(page.locator(".map canvas.maplibregl-canvas")).to_be_visible()
        box = await page.locator(".map canvas.maplibregl-canvas").bounding_box()
        assert box is not None
        assert box["width"] > 900
        await screen.shoot("dark")
        await page.get_by_role("button", name="Ganti terang atau gelap").click()
        await expect(page.locator("html")).to_have_attribute("data-theme", "light")
        await screen.shoot("light")
        answer = await page.request.get(HOME)
        assert '<html lang="id" data-theme="light">' in await answer.text()


async def test_a_tap_on_a_mark_says_what_it_is(browser: Browser, tmp_path: Path) -> None:
    async with centre(tmp_path) as address, Screens(browser, address) as screens:
        screen = await screens.open("public-map", LAPTOP)
        page = screen.page
        async with page.expect_response("**/layers/pantai*"):
            await page.goto(HOME)
        canvas = page.locator(".map canvas.maplibregl-canvas")
        await canvas.scroll_into_view_if_needed()
        box = await canvas.bounding_box()
        assert box is not None
        popup = page.locator(".maplibregl-popup-content")
        async with asyncio.timeout(30):
            while not await popup.count():
                # the two places decide the view: the first lies at its upper edge, right of the middle
                for step in range(0, 120, 10):
                    await page.mouse.click(box["x"] + box["width"] * 0.5 - 20 + step, box["y"] + 40)
        await expect(popup.get_by_role("link", name=PLACES[0][0])).to_have_attribute("href", HOME)
        await screen.shoot("popup")


async def test_the_first_page_is_light_and_fits_a_phone(browser: Browser, tmp_path: Path) -> None:
    async with centre(tmp_path) as address, Screens(browser, address) as screens:
        screen = await screens.open("public-phone", PHONE, is_mobile=True, has_touch=True)
        page = screen.page
        sizes: list[int] = []

        async def weigh(url: str) -> None:
            sizes.append(int((await page.request.get(url)).headers.get("content-length", "0")))

        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        await page.goto(FORM, wait_until="networkidle")
        for url in asked:
            await weigh(url)
        assert not any("map" in url.rpartition("/")[2] for url in asked)
        assert 20_000 < sum(sizes) < FIRST_PAGE_BYTES
        for path in (HOME, FORM, "/layanan"):
            await page.goto(path)
            assert not await overflows(page), path
        await screen.shoot("form")
