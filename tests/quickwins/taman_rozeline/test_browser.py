"""The park's wifi as people see it: a visitor's phone, the office's desk, and an accounting file on its way in."""

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, FilePayload, Page, ViewportSize, expect

from tests.e2e.browser import PHONE, Screen, Screens
from tests.harness import CentreProcess
from tests.quickwins.taman_rozeline.test_accounting import packet

pytestmark = pytest.mark.browser

DESK = ViewportSize(width=1366, height=768)


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[CentreProcess]:
    async with CentreProcess(tmp_path) as process:
        yield process


async def enter(screen: Screen, where: str) -> Page:
    """Sign the administrator of the demonstration in and open a page of the wifi's office."""
    answer = await screen.page.request.post("/api/demo/session", data={"username": "admin"})
    assert answer.ok, await answer.text()
    await screen.page.goto(f"/admin/#/taman_rozeline/{where}")
    return screen.page


async def no_wider_than_the_screen(page: Page) -> None:
    wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px wider than its screen"


async def test_a_visitor_looks_reads_the_terms_and_reports_a_fault(browser: Browser, centre: CentreProcess) -> None:
    async with Screens(browser, centre.url) as screens:
        screen = await screens.open("wifi-visitor", PHONE, color_scheme="dark")
        page = screen.page
        for path, name in (("", "home"), ("ketentuan", "terms"), ("lapor", "report")):
            await page.goto(f"/taman-rozeline/{path}")
            await no_wider_than_the_screen(page)
            await screen.shoot(name)
        await page.get_by_label("Penyebab").select_option(label="Listrik padam")
        await page.get_by_label("Titik terdekat").select_option(label="Panggung")
        await page.get_by_label("Apa yang Anda lihat").fill("Lampunya mati sejak sore")
        await page.get_by_role("button", name="Kirim laporan").click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("Laporan terkirim")
        await no_wider_than_the_screen(page)
        wide = await screens.open("wifi-visitor-wide", DESK, color_scheme="light")
        for path, name in (("?lang=en", "home"), ("ketentuan", "terms"), ("lapor", "report")):
            await wide.page.goto(f"/taman-rozeline/{path}")
            await wide.shoot(name)
        await wide.page.goto("/taman-rozeline/ketentuan")
        await expect(wide.page.get_by_role("heading", level=1)).to_have_text("Terms of use of the wifi")
        await expect(wide.page.get_by_role("main").get_by_role("link", name=re.compile("Call 112"))).to_be_visible()
        desk = await screens.open("wifi-staff", DESK, color_scheme="light")
        office = await enter(desk, "tickets")
        await office.get_by_text("Lampunya mati sejak sore").first.click()
        await office.get_by_role("button", name="Kerjakan", exact=True).click()
        await office.get_by_role("dialog").get_by_role("button", name="Kerjakan", exact=True).click()
        await expect(office.get_by_role("dialog")).to_be_hidden()
        panel = office.get_by_role("complementary", name="Lampunya mati sejak sore")
        await expect(panel.get_by_role("button", name="Pulih", exact=True)).to_be_visible()
        await desk.shoot("ticket")


async def test_an_accounting_file_is_taken_in_and_seen_in_the_report(browser: Browser, centre: CentreProcess) -> None:
    async with Screens(browser, centre.url) as screens:
        desk = await screens.open("wifi-import", DESK, color_scheme="dark")
        page = await enter(desk, "accounting")
        await expect(page.get_by_text("/taman-rozeline/impor")).to_be_visible()
        await desk.shoot("accounting")
        await page.goto("/taman-rozeline/impor")
        now = datetime.fromisoformat(await page.evaluate("new Date().toISOString()"))
        texts = [
            packet("Start", now - timedelta(minutes=number), Acct_Session_Id=f'"e2e-{number}"') for number in range(5)
        ]
        broken = packet("Start", now, Acct_Input_Octets="banyak")
        content = "".join([*texts, broken]).encode()
        await page.get_by_label(re.compile("^Berkas")).set_input_files(
            FilePayload(name="detail-20261124", mimeType="text/plain", buffer=content)
        )
        await page.get_by_role("button", name="Impor").click()
        await expect(page.get_by_role("status")).to_contain_text("5 sesi baru, 0 berubah, 5 sedang berjalan")
        await expect(page.get_by_text("Acct-Input-Octets bukan jumlah byte.")).to_be_visible()
        await desk.shoot("imported")
        phone = await screens.open("wifi-import-phone", PHONE, color_scheme="light")
        await enter(phone, "use")
        await expect(phone.page.get_by_text("Tersambung sekarang").first).to_be_visible()
        await expect(phone.page.locator("canvas").first).to_be_visible()
        await phone.shoot("use")
        await phone.page.goto("/taman-rozeline/impor")
        await no_wider_than_the_screen(phone.page)
        await phone.shoot("import")


async def test_the_office_reads_its_lists_and_reports(browser: Browser, centre: CentreProcess) -> None:
    async with Screens(browser, centre.url) as screens:
        desk = await screens.open("wifi-office", DESK, color_scheme="light")
        page = await enter(desk, "access_points")
        for name, seen in (
            ("access_points", "Gerbang utama"),
            ("use", "Perangkat per hari"),
            ("one_day", "Sesi dimulai"),
            ("repairs", "Waktu perbaikan"),
            ("opening_hours", "Senin"),
            ("terms", "Wifi ini gratis"),
        ):
            await page.goto(f"/admin/#/taman_rozeline/{name}")
            await expect(page.get_by_text(seen).first).to_be_visible()
            if name in ("use", "one_day"):
                await expect(page.locator("canvas").first).to_be_visible()
            await desk.shoot(name)
