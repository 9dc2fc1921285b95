"""False, silent and lost calls, and a flood, on the simulated PBX: keys, words on the screen, and what is kept."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from dispatch.clock import system_clock
from telephony.simulator.model import SimulatedCall
from telephony.simulator.pbx import PbxSimulator
from tests.e2e.browser import Screen, Screens, text
from tests.e2e.flow import is_live, sign_in
from tests.harness import CentreProcess, eventually

pytestmark = pytest.mark.browser

SECRET = "siaga-test"
DESK = "101"
NUMBER, SHOWN = "081234567890", "0812-3456-7890"
OTHER, OTHER_SHOWN = "081311112222", "0813-1111-2222"
LONG_S = 600.0
LAPTOP = ViewportSize(width=1366, height=768)


@dataclass
class Place:
    pbx: PbxSimulator
    centre: CentreProcess
    console: Screen
    wall: Screen

    async def rings(self, ani: str | None, **more: object) -> SimulatedCall:
        """A call that rings at the desk."""
        call = await self.pbx.call(ani=ani, patience_s=LONG_S, **more)  # type: ignore[arg-type]

        async def ringing() -> bool:
            return call.leg is not None

        await eventually(ringing)
        return call

    async def answered(self, ani: str | None, **more: object) -> SimulatedCall:
        call = await self.rings(ani, **more)
        await expect(self.page.get_by_role("button", name=text("console:own.answer"))).to_be_enabled()
        await self.page.keyboard.press("F2")
        await expect(self.page.get_by_text(text("common:callState.answered")).first).to_be_visible()
        return call

    async def hung_up(self, call: SimulatedCall) -> None:
        call.hang_up()
        await call.ended.wait()
        await expect(self.page.get_by_text(text("common:callState.wrap_up")).first).to_be_visible()

    @property
    def page(self) -> Page:
        return self.console.page


@asynccontextmanager
async def place(browser: Browser, folder: Path, **settings: str | int | float) -> AsyncIterator[Place]:
    async with AsyncExitStack() as stack:
        pbx = await stack.enter_async_context(
            PbxSimulator(clock=system_clock, secret=SECRET, desks=(DESK,), ring_s=LONG_S, speed=4)
        )
        given: dict[str, str | int | float] = {"ami_port": pbx.port, "ami_secret": SECRET, **settings}
        centre = await stack.enter_async_context(
            CentreProcess(folder / "centre", ami_host="127.0.0.1", wrap_up_s=0, **given)
        )
        screens = await stack.enter_async_context(Screens(browser, centre.url))
        console = await screens.open("care-console", LAPTOP)
        wall = await screens.open("care-supervisor", color_scheme="light")
        console.expect(409, "/dispose")
        for status in (404, 405, 409):
            console.expect(status, "/acts")
        await sign_in(console, "call_taker", "Rina Wulandari")
        await sign_in(wall, "supervisor", "Haris Fadillah")
        await is_live(console.page)
        await is_live(wall.page)
        await expect(console.page.get_by_role("button", name=text("console:seat.at", extension=DESK))).to_be_visible()
        yield Place(pbx, centre, console, wall)


async def divert(at: Place) -> None:
    """The supervisor diverts a number, and sees that the PBX holds the rule."""
    page = at.wall.page
    await page.get_by_role("button", name=text("calls:care.open"), exact=True).click()
    await page.get_by_text(text("calls:care.rules"), exact=True).click()
    await page.get_by_label(text("calls:rules.number"), exact=True).fill(NUMBER)
    await page.get_by_label(text("calls:rules.reason")).fill("empat puluh panggilan iseng hari ini")
    await page.get_by_role("button", name=text("calls:rules.make")).click()
    await expect(page.get_by_text("berlaku di main")).to_be_visible()
    await at.wall.shoot("1-rule")
    await page.keyboard.press("Escape")


async def lead_the_silent(at: Place) -> None:
    """The diverted caller says nothing, presses a key when asked, and cannot be thrown away by one key."""
    page = at.page
    call = await at.answered(NUMBER)
    await expect(page.get_by_text(text("common:numberRule.confirmed")).first).to_be_visible()
    await page.keyboard.press("Alt+B")
    await expect(page.get_by_text(text("calls:silent.say.listen"))).to_be_visible()
    await expect(page.get_by_role("button", name=text("common:callDisposition.prank"))).to_be_in_viewport()
    await at.console.shoot("2-silent-asked")
    at.pbx.press(call, "5")
    await expect(page.get_by_text(text("calls:silent.pressed"))).to_be_visible()
    await page.wait_for_timeout(1_500)
    await page.keyboard.press("Alt+B")
    await expect(page.get_by_role("button", name=text("calls:silent.do.callback"), exact=False)).to_be_visible()
    await page.keyboard.press("Alt+B")
    await expect(page.get_by_role("button", name=text("common:callDisposition.silent"))).to_be_visible()
    await page.keyboard.press("Alt+B")
    await expect(page.get_by_text(text("calls:silent.whyTitle"))).to_be_visible()
    await at.console.shoot("3-silent-why")
    await page.keyboard.press("Escape")
    await expect(page.get_by_text(text("calls:silent.whyTitle"))).to_be_hidden()
    await at.hung_up(call)


async def close_and_undo(at: Place) -> None:
    """One key closes, one key takes it back."""
    page = at.page
    await page.keyboard.press("Alt+I")
    await expect(page.get_by_text(text("calls:undo.act")).first).to_be_visible()
    await page.keyboard.press("Alt+Backspace")
    await expect(page.get_by_text(text("common:callState.wrap_up")).first).to_be_visible()
    await page.keyboard.press("Alt+I")
    await expect(page.get_by_text(text("common:callState.wrap_up"))).to_be_hidden()


async def call_back(at: Place) -> None:
    """A lost call is on the list; one key logs the attempt; it ends when the number calls again and is answered."""
    page = at.page
    lost = await at.rings(OTHER)
    lost.hang_up()
    await lost.ended.wait()
    await page.get_by_text(text("console:queue.lost", n=1)).click()
    await expect(page.get_by_text(text("calls:callback.inQueue"))).to_be_visible()
    await page.keyboard.press("F3")
    await expect(page.get_by_text(text("calls:callback.tried", count=1))).to_be_visible()
    await at.console.shoot("4-called-back")
    again = await at.answered(OTHER)
    await expect(page.get_by_text(text("calls:callback.again"))).to_be_visible()
    await expect(page.get_by_text(text("calls:history.calls", count=1)).first).to_be_visible()
    await at.console.shoot("5-called-again")
    await at.hung_up(again)
    for _ in range(2):  # the call itself, and the one by which the PBX called back
        await page.keyboard.press("Alt+S")
        await page.wait_for_timeout(1_000)
    await expect(page.get_by_text(text("common:callState.wrap_up"))).to_be_hidden()
    await page.get_by_text(text("console:queue.waiting", n=0)).click()


async def flood(at: Place) -> None:
    """More callers than seats: the banner, the big incident, and 'already reported' with what is new."""
    page = at.page
    async with at.centre.signed_in("siti") as api:
        body = {
            "type": "kebakaran-bangunan",
            "answers": {},
            "place": {"text": "Pasar Petung"},
            "reporting_number": None,
        }
        incident = (await api.post("/incidents", json={**body, "confirm_outside": True})).json()
        for ani in ("081300000001", "081300000002"):
            call = await at.answered(ani)
            await page.keyboard.press("Alt+0")
            await expect(page.get_by_text(text("calls:again.title"))).to_be_visible()
            await page.keyboard.type("asap sampai ke jalan raya")
            await at.console.shoot("6-already-reported")
            await page.keyboard.press("Enter")
            await expect(page.get_by_text(text("calls:again.done"))).to_be_visible()
            call.hang_up()
            await call.ended.wait()
        waiting = [await at.pbx.call(ani=ani, patience_s=LONG_S) for ani in ("081300000001", "081300000003", None)]
        await expect(page.get_by_text("Banjir panggilan").first).to_be_visible()
        await expect(page.get_by_text(text("calls:flood.group", calls=2, waiting=1))).to_be_visible()
        await at.console.shoot("7-flood")
        await expect(at.wall.page.get_by_text("Banjir panggilan").first).to_be_visible()
        for call in waiting:
            call.hang_up()
        timeline = (await api.get(f"/incidents/{incident['id']}/timeline")).json()
        notes = [item["data"]["text"] for item in timeline if item["type"] == "incident.noted"]
        assert len(notes) == 2
        assert all("asap sampai ke jalan raya" in note for note in notes)


async def funnel(at: Place) -> None:
    page = at.wall.page
    await page.get_by_role("button", name=text("calls:care.open"), exact=True).click()
    await page.get_by_text(text("calls:care.funnel"), exact=True).click()
    await expect(page.get_by_role("columnheader", name=text("calls:funnel.lostMenu"))).to_be_visible()
    await at.wall.shoot("8-funnel")
    await page.get_by_text(text("calls:care.load"), exact=True).click()
    await expect(page.get_by_role("columnheader", name=text("calls:load.trunks"))).to_be_visible()
    await at.wall.shoot("9-load")


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_false_silent_and_lost_calls_and_a_flood(browser: Browser, tmp_path: Path) -> None:
    quick = {"silent_listen_s": 1, "flood_over_seats": 2, "big_incident_calls": 2}
    async with place(browser, tmp_path, **quick) as at:
        await divert(at)
        await lead_the_silent(at)
        await close_and_undo(at)
        await call_back(at)
        await flood(at)
        await funnel(at)
