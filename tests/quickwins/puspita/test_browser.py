"""Puspita as its people see it: a visitor's phone, the office's desk, and a page on its way between them."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.e2e.browser import PHONE, Screen, Screens
from tests.harness import CentreProcess, eventually

pytestmark = pytest.mark.browser

OFFICE = ViewportSize(width=1366, height=768)


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[CentreProcess]:
    async with CentreProcess(tmp_path) as process:
        yield process


async def enter(screen: Screen, username: str, where: str) -> Page:
    """Sign a demo account in and open a page of the office."""
    answer = await screen.page.request.post("/api/demo/session", data={"username": username})
    assert answer.ok, await answer.text()
    await screen.page.goto(f"/admin/#/puspita/{where}")
    return screen.page


async def no_wider_than_the_screen(page: Page) -> None:
    wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px wider than its screen"


async def test_a_visitor_looks_around_and_asks(browser: Browser, centre: CentreProcess) -> None:
    async with Screens(browser, centre.url) as screens:
        screen = await screens.open("puspita-visitor", PHONE, color_scheme="dark")
        page = screen.page
        await page.goto("/puspita/")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Wisata Penajam Paser Utara")
        await no_wider_than_the_screen(page)
        await screen.shoot("home")
        await page.get_by_role("searchbox").fill("tapak raja")
        await page.get_by_role("searchbox").press("Enter")
        await page.get_by_role("link", name="Gua Tapak Raja", exact=True).click()
        help_box = page.get_by_role("region", name=re.compile("Bila terjadi sesuatu"))
        await expect(help_box).to_contain_text("“Gua Tapak Raja”")
        await no_wider_than_the_screen(page)
        await screen.shoot("destination")
        await page.get_by_role("link", name="EN", exact=True).click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Tapak Raja Cave")
        await page.get_by_role("link", name="Ask about this place").click()
        await page.get_by_label("Name").fill("Ani")
        await page.get_by_label("Phone or e-mail").fill("ani@example.id")
        await page.get_by_label("Question").fill("Is there parking?")
        await screen.shoot("ask")
        await page.get_by_role("button", name="Send the question").click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("Your question was sent")
        await page.goto("/puspita/acara")
        await no_wider_than_the_screen(page)
        await screen.shoot("events")
        office = await screens.open("puspita-clerk", OFFICE)
        desk = await enter(office, "admin", "enquiries")
        await expect(desk.get_by_text("Is there parking?")).to_be_visible()
        await office.shoot("enquiries")


async def test_visitors_are_counted_on_a_phone(browser: Browser, centre: CentreProcess) -> None:
    async with Screens(browser, centre.url) as screens:
        phone = await screens.open("puspita-counter", PHONE, color_scheme="dark")
        page = await enter(phone, "admin", "counts")
        await page.get_by_label("Tanggal").fill("2026-11-01")
        boxes = page.get_by_role("textbox", name=re.compile("Air Terjun Tembinus"))
        await expect(boxes).to_have_count(2)
        await boxes.last.fill("12")
        await phone.shoot("sheet")
        await page.get_by_role("button", name="Simpan dan kirim").click()

        async def stored() -> list[str]:
            answer = await page.request.get("/api/plugins/puspita/sheets/counts?f.period=month&f.day=2026-11-01")
            return [row["value"] for row in (await answer.json())["rows"] if row["value"] is not None]

        assert await eventually(stored) == ["12"]


async def test_a_page_goes_from_draft_to_the_public(browser: Browser, centre: CentreProcess) -> None:
    async with Screens(browser, centre.url) as screens:
        office = await screens.open("puspita-office", OFFICE, color_scheme="light")
        page = await enter(office, "admin", "destinations")
        await expect(page.get_by_role("heading", name=re.compile("Destinasi"))).to_be_visible()
        await page.get_by_text("Pantai Istana Amal").first.click()
        await office.shoot("destinations")
        for act in ("Ajukan", "Terbitkan"):
            await page.get_by_role("button", name=act, exact=True).click()
            await page.get_by_role("dialog").get_by_role("button", name=act, exact=True).click()
            await expect(page.get_by_role("dialog")).to_be_hidden()
        await expect(page.get_by_role("button", name="Tarik", exact=True)).to_be_visible()
        visitor = await screens.open("puspita-public", PHONE, color_scheme="light")
        await visitor.page.goto("/puspita/wisata/pantai-istana-amal")
        await expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Pantai Istana Amal")
        await visitor.shoot("published")
        await page.goto("/admin/#/puspita/visits")
        await expect(page.get_by_role("heading", name=re.compile("Kunjungan"))).to_be_visible()
        await expect(page.get_by_text("Gua Tapak Raja").first).to_be_visible()
        await expect(page.locator("canvas").first).to_be_visible()
        await office.shoot("visits")
        await page.goto("/admin/#/puspita/villages")
        await expect(page.get_by_text("Desa Wisata Wono Sari").first).to_be_visible()
        await office.shoot("villages")
