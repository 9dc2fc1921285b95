"""Waste banks as people see them: a visitor's phone, the office's desk, and a weighing day on a phone."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.e2e.browser import PHONE, Screen, Screens
from tests.harness import CentreProcess

pytestmark = pytest.mark.browser

DESK = ViewportSize(width=1366, height=768)


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[CentreProcess]:
    async with CentreProcess(tmp_path) as process:
        yield process


async def enter(screen: Screen, where: str) -> Page:
    """Sign the administrator of the demonstration in and open a page of Serbu Gass."""
    answer = await screen.page.request.post("/api/demo/session", data={"username": "admin"})
    assert answer.ok, await answer.text()
    await screen.page.goto(f"/admin/#/serbu_gass/{where}")
    return screen.page


async def no_wider_than_the_screen(page: Page) -> None:
    wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px wider than its screen"


async def test_a_visitor_finds_a_unit_a_price_and_how_to_give(browser: Browser, centre: CentreProcess) -> None:
    async with Screens(browser, centre.url) as screens:
        screen = await screens.open("serbu-visitor", PHONE, color_scheme="dark")
        page = screen.page
        for path, name in (("", "home"), ("unit", "units"), ("harga", "prices"), ("sedekah", "alms")):
            await page.goto(f"/serbu-gass/{path}")
            await no_wider_than_the_screen(page)
            await screen.shoot(name)
        await page.goto("/serbu-gass/unit")
        await page.get_by_label("Terdekat dari desa/kelurahan").select_option(label="Babulu Laut · Babulu")
        await page.get_by_role("button", name="Cari").click()
        await expect(page.locator("#units h2").first).to_contain_text("Babulu Darat")
        await page.goto("/serbu-gass/sedekah")
        await page.get_by_label("Nama").fill("Budi")
        await page.get_by_label("Telepon / WhatsApp").fill("0812 3456 7890")
        await page.get_by_label("Desa/kelurahan").select_option(label="Petung · Penajam")
        await page.get_by_label("Alamat jemput").fill("RT 04")
        await page.get_by_label("Sampah apa").fill("2 karung botol")
        await page.get_by_role("button", name="Kirim permintaan").click()
        await expect(page.get_by_role("status")).to_contain_text("Terima kasih")
        wide = await screens.open("serbu-visitor-wide", DESK, color_scheme="light")
        for path, name in (("?lang=en", "home"), ("unit", "units"), ("harga", "prices")):
            await wide.page.goto(f"/serbu-gass/{path}")
            await wide.shoot(name)


async def test_a_member_is_weighed_and_sees_it_in_the_passbook(browser: Browser, centre: CentreProcess) -> None:
    async with Screens(browser, centre.url) as screens:
        phone = await screens.open("serbu-weighing", PHONE, color_scheme="light")
        page = await enter(phone, "weigh")
        rows = await page.request.get("/api/plugins/serbu_gass/rows/members", params={"limit": "1"})
        member = (await rows.json())["items"][0]
        for label, text in (("Unit", member["shown"]["unit_id"]), ("Nasabah", member["title"])):
            box = page.get_by_label(re.compile(f"^{label}")).first
            await box.fill(text)
            await page.get_by_role("option", name=text).first.click()
        day = page.get_by_label(re.compile("^Tanggal")).first
        today = await page.evaluate("new Date(Date.now() + 8 * 3600000).toISOString().slice(0, 10)")
        if not await day.input_value():
            await day.fill(today)
        box = page.get_by_label(re.compile("Besi")).first
        await box.fill("2,75")
        await phone.shoot("sheet")
        await page.get_by_role("button", name=re.compile("Kirim|Simpan")).first.click()
        confirm = page.get_by_role("button", name=re.compile("Ya|Benar|Yakin"))
        if await confirm.count():
            await confirm.first.click()
        await expect(page.get_by_text(re.compile("Tercatat: 2,75 kg"))).to_be_visible()
        entries = await page.request.get("/api/plugins/serbu_gass/rows/entries", params={"sort": "-created_at"})
        entry = (await entries.json())["items"][0]
        assert entry["values"]["kg"] == "2.75"
        visitor = await screens.open("serbu-member", PHONE, color_scheme="dark")
        await visitor.page.goto(f"/serbu-gass/bukti/{entry['values']['code']}")
        await expect(visitor.page.get_by_text(member["title"])).to_be_visible()
        await no_wider_than_the_screen(visitor.page)
        await visitor.shoot("receipt")
        done = await page.request.post(
            f"/api/plugins/serbu_gass/rows/members/{member['id']}/actions/passbook",
            data={"values": {}},
            headers={"Origin": centre.url},
        )
        address = (await done.json())["message"]["id"].split(": ")[1]
        await visitor.page.goto(address)
        await expect(visitor.page.get_by_text("Besi 2,750 kg")).to_be_visible()
        await no_wider_than_the_screen(visitor.page)
        await visitor.shoot("passbook")


async def test_the_office_reads_its_reports_and_lists(browser: Browser, centre: CentreProcess) -> None:
    async with Screens(browser, centre.url) as screens:
        desk = await screens.open("serbu-office", DESK, color_scheme="light")
        page = await enter(desk, "villages")
        await expect(page.get_by_text("3 / 54")).to_be_visible()
        await desk.shoot("villages")
        for name, seen in (
            ("books", "Neraca seimbang."),
            ("offices", "Kantor yang menyetor"),
            ("alms_report", "Sisa dana hari ini"),
            ("quiet", "Terakhir menimbang"),
            ("entries", "Setoran"),
            ("members", "Dinas Kesehatan"),
            ("prices", "Minyak jelantah"),
            ("units", "Bank Sampah Melati Penajam"),
            ("sell", "Dibayar tunai"),
        ):
            await page.goto(f"/admin/#/serbu_gass/{name}")
            await expect(page.get_by_text(seen).first).to_be_visible()
            await desk.shoot(name)
