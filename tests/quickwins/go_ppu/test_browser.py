"""Go PPU as its people see it: a citizen's phone and the office's desk, over one complaint and one application."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, FilePayload, Page, ViewportSize, expect

from tests.e2e.browser import PHONE, Screen, Screens
from tests.harness import CentreProcess
from tests.quickwins.go_ppu.world import PDF

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
    await screen.page.goto(f"/admin/#/go_ppu/{where}")
    return screen.page


async def no_wider_than_the_screen(page: Page) -> None:
    wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px wider than its screen"


async def track(page: Page, number: str) -> None:
    await page.goto(f"/go-ppu/lacak?nomor={number}")
    await page.get_by_label("4 angka terakhir telepon").fill("7890")
    await page.get_by_role("button", name="Lihat").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text(number)
    await no_wider_than_the_screen(page)


async def do(desk: Page, name: str, reason: str | None = None) -> None:
    """One act of the office on the row that is open."""
    await desk.get_by_role("button", name=name, exact=True).click()
    dialog = desk.get_by_role("dialog")
    if reason is not None:
        await dialog.get_by_label("Penjelasan untuk warga").fill(reason)
    await dialog.get_by_role("button", name=name, exact=True).click()
    await expect(dialog).to_be_hidden()


async def fill_who(page: Page) -> None:
    await page.get_by_label("Nama").fill("Budi Santoso")
    await page.get_by_label("Nomor telepon").fill("0812-3456-7890")
    await page.get_by_role("checkbox").check()


async def test_an_urgent_complaint_reaches_112_and_its_citizen_is_told(browser: Browser, centre: CentreProcess) -> None:
    async with Screens(browser, centre.url) as screens:
        phone = await screens.open("go-ppu-citizen", PHONE, color_scheme="dark")
        page = phone.page
        await page.goto("/go-ppu/adu")
        await page.get_by_label("Apa yang terjadi?").fill("Ada kebakaran kecil di belakang pasar")
        await page.get_by_label("Di mana?").fill("Belakang Pasar Petung")
        await fill_who(page)
        await no_wider_than_the_screen(page)
        await phone.shoot("complain")
        await page.get_by_role("button", name="Kirim pengaduan").click()
        await expect(page.get_by_role("region", name="112")).to_contain_text("darurat")
        number = await page.locator(".gp-number").inner_text()
        await phone.shoot("sent")
        office = await screens.open("go-ppu-office", OFFICE, color_scheme="light")
        desk = await enter(office, "admin", "complaints")
        await desk.get_by_text(number).first.click()
        await office.shoot("complaint")
        await do(desk, "Darurat: serahkan ke 112")
        await expect(desk.get_by_text(re.compile("Diserahkan ke 112: ")).first).to_be_visible()
        await office.shoot("handed")
        await track(page, number)
        await expect(page.get_by_role("region", name="112")).to_contain_text("Diserahkan ke 112 sebagai insiden")
        await phone.shoot("handed")


async def test_a_citizen_finds_a_service_applies_and_completes(browser: Browser, centre: CentreProcess) -> None:
    async with Screens(browser, centre.url) as screens:
        phone = await screens.open("go-ppu-phone", PHONE, color_scheme="light")
        page = phone.page
        await page.goto("/go-ppu/")
        await no_wider_than_the_screen(page)
        await phone.shoot("home")
        await page.get_by_role("searchbox").fill("bikin kk")
        await page.get_by_role("searchbox").press("Enter")
        await page.get_by_role("link", name="Kartu keluarga", exact=True).click()
        await no_wider_than_the_screen(page)
        await phone.shoot("service")
        await page.get_by_role("link", name="Ajukan sekarang").click()
        await fill_who(page)
        await page.get_by_label("Berkas 1").set_input_files(
            files=[FilePayload(name="kk.pdf", mimeType="application/pdf", buffer=PDF)]
        )
        await page.get_by_role("button", name="Kirim permohonan").click()
        number = await page.locator(".gp-number").inner_text()
        office = await screens.open("go-ppu-desk", OFFICE, color_scheme="dark")
        desk = await enter(office, "admin", "applications")
        await desk.get_by_text(number).first.click()
        await do(desk, "Periksa")
        await do(desk, "Minta dilengkapi", "Foto kartu keluarga tidak terbaca")
        await office.shoot("asked")
        await track(page, number)
        await expect(page.get_by_text("Foto kartu keluarga tidak terbaca")).to_be_visible()
        await phone.shoot("incomplete")
        await page.get_by_label("Tanggapan").fill("Ini foto yang jelas")
        await page.get_by_role("button", name="Kirim", exact=True).click()
        await expect(page.get_by_text("Ini foto yang jelas")).to_be_visible()
        await desk.goto("/admin/#/go_ppu/documents")
        await desk.get_by_text("Berkas 1").first.click()
        address = await desk.get_by_role("link", name="/api/plugins/go_ppu/documents/").get_attribute("href")
        assert address is not None
        assert await (await desk.request.get(address)).body() == PDF
        await office.shoot("document")
        for where, words in (
            ("clocks", "Terlambat"),
            ("satisfaction", "Indeks kepuasan"),
            ("services", "Kartu keluarga"),
        ):
            await desk.goto(f"/admin/#/go_ppu/{where}")
            await expect(desk.get_by_text(re.compile(words)).first).to_be_visible()
            await office.shoot(where)


async def test_public_pages_fit_their_screens(browser: Browser, centre: CentreProcess) -> None:
    async with Screens(browser, centre.url) as screens:
        for name, size, scheme in (("wide", OFFICE, "dark"), ("narrow", PHONE, "light")):
            screen = await screens.open(f"go-ppu-{name}", size, color_scheme=scheme)
            for path in ("", "layanan/akta-kelahiran?lang=en", "survei", "kantor", "adu", "lacak"):
                await screen.page.goto(f"/go-ppu/{path}")
                await expect(screen.page.get_by_role("heading", level=1)).to_be_visible()
                await no_wider_than_the_screen(screen.page)
                if path == "kantor":
                    await expect(screen.page.locator(".map.drawn")).to_be_visible()
                await screen.shoot(re.split(r"[/?]", path)[0] or "home")
