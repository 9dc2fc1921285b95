"""The services' face at work: lists, forms, imports, sheets, two people at one row, modules and accounts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, FilePayload, Page, ViewportSize, expect

from tests.e2e.browser import DESK, PATIENCE_MS, PHONE, text
from tests.harness import CentreProcess

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

GUIDES = "/admin/#/puspita/guides"
COUNTS = "/admin/#/puspita/counts"


@asynccontextmanager
async def officer(browser: Browser, centre: CentreProcess, viewport: ViewportSize = DESK) -> AsyncIterator[Page]:
    """A page of the demo's administrator; no script may fail on it."""
    context = await browser.new_context(
        base_url=centre.url, viewport=viewport, locale="id-ID", timezone_id="Asia/Makassar"
    )
    context.set_default_timeout(PATIENCE_MS)
    answer = await context.request.post("/api/demo/session", data={"username": "admin"}, headers={"Origin": centre.url})
    assert answer.status == 200, await answer.text()
    faults: list[str] = []
    page = await context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    await context.close()
    assert faults == []


async def test_row_is_added_after_its_fault_is_shown_and_can_be_found(browser: Browser, tmp_path: Path) -> None:
    async with CentreProcess(tmp_path / "centre") as centre, officer(browser, centre) as page:
        await page.goto(GUIDES)
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.keyboard.press("n")
        panel = page.get_by_role("complementary")
        await expect(panel).to_be_visible()
        await page.keyboard.press("Control+Enter")
        await expect(panel.get_by_text(text("admin:flaw.required"))).to_be_visible()
        await panel.get_by_label("Nama", exact=False).first.fill("Pemandu Uji Coba")
        await page.reload()
        await expect(panel.get_by_text(text("admin:draft.restored"))).to_be_visible()
        await page.keyboard.press("Control+Enter")
        await expect(panel).to_be_hidden()
        await page.keyboard.press("/")
        await page.keyboard.type("uji coba")
        await expect(page.locator("tr[data-row]")).to_have_count(1)
        await expect(page.locator("tr[data-row]")).to_contain_text("Pemandu Uji Coba")
        assert "q=uji" in page.url


async def test_import_is_previewed_applied_and_undone(browser: Browser, tmp_path: Path) -> None:
    content = "Nama;Bahasa\nPemandu Impor Satu;Indonesia\nPemandu Impor Dua;Inggris\n"
    file = FilePayload(name="pemandu.csv", mimeType="text/csv", buffer=content.encode())
    async with CentreProcess(tmp_path / "centre") as centre, officer(browser, centre) as page:
        await page.goto(f"{GUIDES}/-import")
        await page.set_input_files("input[type=file]", files=[file])
        await page.get_by_role("button", name=text("admin:import.apply", count=2)).click()
        await expect(page.get_by_text("pemandu.csv")).to_be_visible()
        rows = await page.request.get("/api/plugins/puspita/rows/guides?q=Impor")
        assert (await rows.json())["total"] == 2
        await page.get_by_role("button", name=text("admin:import.undo")).first.click()
        await expect(page.get_by_text(text("admin:import.wasUndone"), exact=True)).to_be_visible()
        rows = await page.request.get("/api/plugins/puspita/rows/guides?q=Impor")
        assert (await rows.json())["total"] == 0


async def test_sheet_is_kept_without_network_and_sent_once_it_is_back(browser: Browser, tmp_path: Path) -> None:
    async with CentreProcess(tmp_path / "centre") as centre, officer(browser, centre, PHONE) as page:
        await page.goto(COUNTS)
        first = page.locator("[data-line] input[inputmode]").first
        await expect(first).to_be_visible()
        await page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        await page.context.set_offline(True)
        await page.reload()
        await page.locator("input[type=date]").fill("2026-10-05")
        await first.fill("123")
        await page.get_by_role("button", name=text("admin:sheet.finish")).click()
        await page.goto("/admin/#/-/waiting")
        await expect(page.get_by_text(text("admin:sheet.waits"), exact=True)).to_be_visible()
        await page.context.set_offline(False)
        await expect(page.get_by_text(text("admin:sheet.noneWaits"))).to_be_visible()
        sheet = await page.request.get("/api/plugins/puspita/sheets/counts?f.period=month&f.day=2026-10-05")
        assert (await sheet.json())["rows"][0]["value"] == "123"


async def test_second_of_two_editors_is_told_and_an_archived_row_comes_back(browser: Browser, tmp_path: Path) -> None:
    async with CentreProcess(tmp_path / "centre") as centre, officer(browser, centre) as page:
        row = (await (await page.request.get("/api/plugins/puspita/rows/guides")).json())["items"][0]
        other = await page.context.new_page()
        for one in (page, other):
            await one.goto(f"{GUIDES}/{row['id']}")
            await expect(one.get_by_label("Bahasa")).to_be_visible()
        await page.get_by_label("Bahasa").fill("Indonesia, Paser")
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_text(text("admin:saved", title=row["title"]))).to_be_visible()
        await other.get_by_label("Bahasa").fill("Inggris")
        await other.keyboard.press("Control+Enter")
        await other.get_by_role("button", name=text("admin:stale.reload")).click()
        await expect(other.get_by_label("Bahasa")).to_have_value("Indonesia, Paser")
        await page.get_by_role("button", name=text("admin:archive"), exact=True).click()
        await page.get_by_role("button", name=text("admin:undo"), exact=True).click()
        await expect(page.get_by_role("button", name=text("admin:archive"), exact=True)).to_be_visible()
        history = await page.request.get(f"/api/plugins/puspita/rows/guides/{row['id']}/history")
        acts = [item["what"] for item in (await history.json())["items"]]
        assert acts[:3] == ["restore", "archive", "edit"]


async def test_module_is_set_switched_off_and_on_again(browser: Browser, tmp_path: Path) -> None:
    async with CentreProcess(tmp_path / "centre") as centre, officer(browser, centre) as page:
        await page.goto("/admin/#/-/modules")
        card = page.get_by_role("region", name="Puspita")
        await card.get_by_role("button", name=text("admin:modules.settings")).click()
        await card.get_by_label("Hari sampai", exact=False).fill("90")
        await card.get_by_role("button", name=text("common:save")).click()
        await expect(page.get_by_text(text("admin:modules.settingsSaved"))).to_be_visible()
        for act, status in (("off", 404), ("on", 200)):
            await card.get_by_role("button", name=text(f"admin:modules.{act}"), exact=True).click()
            dialog = page.get_by_role("dialog")
            await dialog.get_by_role("button", name=text(f"admin:modules.{act}"), exact=True).click()
            await expect(dialog).to_be_hidden()
            await expect(card.get_by_text(text(f"admin:modules.state.{act}"), exact=True)).to_be_visible()
            assert (await page.request.get("/api/plugins/puspita/rows/guides")).status == status
        modules = await (await page.request.get("/api/admin/plugins")).json()
        settings = next(one["settings"] for one in modules if one["name"] == "puspita")
        assert (settings["enquiry_days"], settings["office_contact"]) == (90, "")
