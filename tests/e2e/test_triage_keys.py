"""Triage by keyboard alone: a simple fire in under twelve key actions; and the protocol editor looked at."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, ViewportSize, expect

from tests.e2e.browser import Screens, text
from tests.harness import CentreProcess

pytestmark = pytest.mark.browser

MOST_ACTIONS = 12
COUNT_BEATS = """
window.beats = []
const start = OscillatorNode.prototype.start
OscillatorNode.prototype.start = function (at) { window.beats.push(at); return start.call(this, at) }
"""
LAPTOP = ViewportSize(width=1366, height=768)
SMALL_FIRE = (
    ("F8", None),
    (None, "gosong"),
    ("Enter", None),
    ("t", None),
    ("5", None),
    ("y", None),
    (None, "0"),
    ("Enter", None),
    (None, "Petung"),
    ("Enter", None),
    ("F9", None),
)
"""Type, three answers by one key each, the number hurt, the place, open: a key, or a word typed in one go."""


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_a_simple_fire_is_triaged_and_opened_by_keyboard_alone(browser: Browser, tmp_path: Path) -> None:
    assert len(SMALL_FIRE) < MOST_ACTIONS
    async with CentreProcess(tmp_path / "centre") as centre, Screens(browser, centre.url) as screens:
        screen = await screens.open("triage", LAPTOP)
        page = screen.page
        await page.request.post("/api/demo/session", data={"username": "rina"}, headers={"Origin": centre.url})
        await page.goto("/console/")
        kind = page.get_by_label(text("console:intake.type"))
        await expect(kind).to_be_visible()
        await expect(page.get_by_role("listbox").first).to_be_visible()
        for key, word in SMALL_FIRE:
            if key == "F9":
                await expect(page.get_by_text("KB-6")).to_be_visible()
                await expect(page.get_by_role("listbox")).to_have_count(0)
                await screen.shoot("before-open")
            await page.wait_for_timeout(500)  # a person's pace: the next question has come
            await (page.keyboard.press(key) if key else page.keyboard.type(word or ""))
        await expect(page.get_by_text("2026-000001").or_(page.get_by_text("-000001")).first).to_be_visible()
        await screen.shoot("opened")


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_the_beat_for_compressions_is_shown_and_sounded(browser: Browser, tmp_path: Path) -> None:
    async with CentreProcess(tmp_path / "centre") as centre, Screens(browser, centre.url) as screens:
        screen = await screens.open("metronome", LAPTOP)
        page = screen.page
        await page.add_init_script(COUNT_BEATS)
        await page.request.post("/api/demo/session", data={"username": "rina"}, headers={"Origin": centre.url})
        await page.goto("/console/")
        await expect(page.get_by_role("listbox").first).to_be_visible()
        await page.keyboard.press("F8")
        await page.keyboard.type("henti jantung")
        await expect(page.get_by_role("option", selected=True)).to_contain_text("henti jantung")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text(text("console:intake.unsigned"))).to_be_visible()
        for key in ("t", "2"):
            await page.wait_for_timeout(500)
            await page.keyboard.press(key)
        await expect(page.get_by_text(text("console:intake.metronome", beats=110))).to_be_visible()
        await page.wait_for_timeout(4000)
        gaps = await page.evaluate("window.beats.slice(1).map((at, n) => at - window.beats[n])")
        assert len(gaps) >= 5
        assert all(abs(gap - 60 / 110) < 0.02 for gap in gaps), gaps
        await expect(page.get_by_text(text("console:intake.metronome", beats=110))).to_be_in_viewport()
        await screen.shoot("shown")


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_a_supervisor_edits_a_protocol_and_sees_faults_at_their_lines(browser: Browser, tmp_path: Path) -> None:
    async with CentreProcess(tmp_path / "centre") as centre, Screens(browser, centre.url) as screens:
        screen = await screens.open("protocols", LAPTOP)
        page = screen.page
        await page.request.post("/api/demo/session", data={"username": "haris"}, headers={"Origin": centre.url})
        await page.goto("/admin/#/-/protocols")
        await expect(page.get_by_text(text("admin:protocols.unsigned")).first).to_be_visible()
        await screen.shoot("list")
        await page.goto("/admin/#/-/protocols/henti-jantung")
        box = page.get_by_label(text("admin:protocols.text"))
        sound = await box.input_value()
        await box.fill(sound.replace("priority: P1", "priority: P9", 1))
        line = sound[: sound.index("priority: P1")].count("\n") + 1
        await expect(page.get_by_text(text("admin:protocols.line", line=line))).to_be_visible()
        await expect(page.get_by_role("button", name=text("admin:protocols.publish"))).to_be_disabled()
        await screen.shoot("faulty")
        await box.fill(sound.replace("Panggil dan tepuk", "Panggil, tepuk", 1))
        await page.get_by_role("button", name="Megap-megap").click()
        await expect(page.get_by_text("HJ-1")).to_be_visible()
        await page.get_by_role("button", name=text("admin:protocols.save")).click()
        publish = page.get_by_role("button", name=text("admin:protocols.publish"))
        await expect(publish).to_be_enabled()
        await publish.click()
        await expect(page.get_by_text(text("admin:protocols.published"))).to_be_visible()
        await screen.shoot("published")
        phone = await screens.open("protocols-phone", ViewportSize(width=390, height=844))
        await phone.page.request.post("/api/demo/session", data={"username": "haris"}, headers={"Origin": centre.url})
        await phone.page.goto("/admin/#/-/protocols/henti-jantung")
        await expect(phone.page.get_by_text("Panggil, tepuk").first).to_be_visible()
        await phone.shoot("editor")
