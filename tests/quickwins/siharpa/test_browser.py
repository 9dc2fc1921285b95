"""Market prices as people see them: a visitor's phone and paper, an officer in the market, the supervisor's desk."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.e2e.browser import PHONE, Screen, Screens
from tests.harness import CentreProcess

pytestmark = pytest.mark.browser

DESK = ViewportSize(width=1366, height=768)
PAGES = (
    ("", "board"),
    ("komoditas/cabai-rawit", "commodity"),
    ("perbandingan", "comparison"),
    ("indeks", "index"),
    ("pasar", "markets"),
    ("data", "data"),
)


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[CentreProcess]:
    async with CentreProcess(tmp_path) as process:
        yield process


async def enter(screen: Screen, username: str, where: str) -> Page:
    """Sign a demo account in and open a page of Siharpa."""
    answer = await screen.page.request.post("/api/demo/session", data={"username": username})
    assert answer.ok, await answer.text()
    await screen.page.goto(f"/admin/#/siharpa/{where}")
    return screen.page


async def no_wider_than_the_screen(page: Page) -> None:
    wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px wider than its screen"


async def test_a_visitor_reads_prices_on_a_phone_a_desk_and_paper(browser: Browser, centre: CentreProcess) -> None:
    async with Screens(browser, centre.url) as screens:
        phone = await screens.open("siharpa-visitor", PHONE, color_scheme="dark")
        for path, name in PAGES:
            await phone.page.goto(f"/siharpa/{path}")
            await no_wider_than_the_screen(phone.page)
            await phone.shoot(name)
        await phone.page.goto("/siharpa/")
        await phone.page.get_by_role("link", name="Pasar Petung").click()
        await expect(phone.page.get_by_role("heading", level=2)).to_contain_text("Pasar Petung")
        await phone.page.get_by_role("link", name="Cabai rawit").click()
        await expect(phone.page.get_by_role("heading", level=1)).to_have_text("Cabai rawit")
        await phone.page.get_by_role("link", name="EN", exact=True).click()
        await expect(phone.page.get_by_role("heading", level=1)).to_have_text("Bird's eye chilli")
        desk = await screens.open("siharpa-visitor-wide", DESK, color_scheme="light")
        for path, name in PAGES:
            await desk.page.goto(f"/siharpa/{path}?lang=en")
            await no_wider_than_the_screen(desk.page)
            await desk.shoot(name)
        await desk.page.emulate_media(media="print")
        await desk.page.goto("/siharpa/?lang=id")
        await expect(desk.page.get_by_role("navigation", name="Siharpa")).to_be_hidden()
        await expect(desk.page.get_by_role("table")).to_be_visible()
        await desk.shoot("paper")


async def test_a_price_goes_from_the_market_to_the_public(browser: Browser, centre: CentreProcess) -> None:
    async with Screens(browser, centre.url) as screens:
        phone = await screens.open("siharpa-officer", PHONE, color_scheme="light")
        page = await enter(phone, "wulan", "entry")
        box = page.get_by_label(re.compile("^Pasar")).first
        await box.fill("Pasar Petung")
        await page.get_by_role("option", name="Pasar Petung").first.click()
        rice = page.get_by_label(re.compile("Beras premium")).first
        await expect(page.get_by_text(re.compile(r"terakhir 1\d\.\d00")).first).to_be_visible()
        await no_wider_than_the_screen(page)
        await phone.shoot("sheet")
        await rice.fill("29900")
        confirm = page.get_by_label(re.compile("nilai ini benar"))
        await expect(confirm).to_be_visible()
        await phone.shoot("jump")
        await page.get_by_role("button", name=re.compile("Simpan dan kirim")).click()
        await confirm.check()
        await page.get_by_role("button", name=re.compile("Simpan dan kirim")).click()
        await expect(page.get_by_text("1 harga diajukan.")).to_be_visible()
        visitor = await screens.open("siharpa-reader", PHONE, color_scheme="light")
        await visitor.page.goto("/siharpa/?pasar=pasar-petung")
        await expect(visitor.page.get_by_text("29.900")).to_have_count(0)
        desk = await screens.open("siharpa-supervisor", DESK, color_scheme="light")
        office = await enter(desk, "admin", "check")
        await expect(office.get_by_text("Rp29.900")).to_be_visible()
        await desk.shoot("check")
        await office.goto("/admin/#/siharpa/validate")
        await desk.shoot("validate")
        await office.get_by_role("button", name=re.compile("Kirim|Simpan|Validasi")).last.click()
        await expect(office.get_by_text("20 harga divalidasi. 1 melonjak: lihat satu per satu.")).to_be_visible()
        waiting = await office.request.get("/api/plugins/siharpa/rows/prices", params={"f.state": "submitted"})
        (row,) = (await waiting.json())["items"]
        await office.goto(f"/admin/#/siharpa/prices/{row['id']}")
        await office.get_by_role("button", name="Validasi", exact=True).click()
        await desk.shoot("price")
        dialog = office.get_by_role("dialog").get_by_role("button", name="Validasi", exact=True)
        if await dialog.count():
            await dialog.click()
        await expect(office.get_by_text("Harga ini berlaku dan tampil untuk publik.")).to_be_visible()
        await visitor.page.reload()
        await expect(visitor.page.get_by_text("29.900")).to_be_visible()
        await visitor.shoot("validated")


async def test_the_office_reads_its_reports_and_lists(browser: Browser, centre: CentreProcess) -> None:
    async with Screens(browser, centre.url) as screens:
        desk = await screens.open("siharpa-office", DESK, color_scheme="dark")
        page = await enter(desk, "admin", "over_time")
        for name, seen in (
            ("over_time", "Tertinggi"),
            ("compare", "termurah"),
            ("basket", "Cakupan bobot"),
            ("prices", "Diajukan"),
            ("alerts", "Cabai rawit"),
            ("corrections", "Riwayat koreksi"),
            ("rules", "Naik paling sedikit"),
            ("commodities", "Beras medium"),
            ("markets", "Pasar Induk Waru"),
            ("stock", "Pasar"),
        ):
            await page.goto(f"/admin/#/siharpa/{name}")
            await expect(page.get_by_text(seen).locator("visible=true").first).to_be_visible()
            await desk.shoot(name)
        screen = await screens.open("siharpa-tiles", DESK, color_scheme="dark")
        answer = await screen.page.request.post("/api/demo/session", data={"username": "haris"})
        assert answer.ok
        await screen.page.goto("/supervisor/")
        await expect(screen.page.get_by_text("Kenaikan harga").first).to_be_visible()
        await screen.shoot("supervisor")
