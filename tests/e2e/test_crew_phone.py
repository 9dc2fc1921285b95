"""The crew's phone on a bad line: what was answered stays answered, and what was pressed is not pressed again."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Locator, WebSocketRoute, expect

from tests.e2e.browser import Screen, Screens, text
from tests.e2e.flow import PETUNG, is_live, sign_in
from tests.harness import CentreProcess

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

CALLSIGN = "Ambulans Petung 1"
LATE_S = 4.0
"""By so much the live connection lags behind the answers to commands."""

PLACE = {"text": "Petung", "point": {"lat": PETUNG[0], "lon": PETUNG[1]}}


async def late_socket(screen: Screen) -> None:
    """Let every frame from the centre come late."""

    async def forward(socket: WebSocketRoute, message: str | bytes) -> None:
        await asyncio.sleep(LATE_S)
        socket.send(message)

    def connect(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        server.on_message(lambda message: forward(socket, message))

    await screen.page.route_web_socket("**/api/ws", connect)


async def offer(api: httpx.AsyncClient, unit_id: str) -> dict[str, Any]:
    body = {"call_id": None, "type": "darurat-medis", "answers": {}, "narrative": "Pingsan", "place": PLACE}
    incident = (await api.post("/incidents", json=body)).json()
    response = await api.post(f"/incidents/{incident['id']}/assignments", json={"unit_id": unit_id})
    assert response.status_code == 201, response.text
    return dict(response.json())


async def test_screen_never_steps_back_while_the_event_is_on_its_way(browser: Browser, tmp_path: Path) -> None:
    async with (
        CentreProcess(tmp_path / "centre", offer_timeout_s=600) as centre,
        centre.signed_in("siti") as api,
        Screens(browser, centre.url) as screens,
    ):
        units = {unit["callsign"]: unit["id"] for unit in (await api.get("/units")).json()}
        phone = await screens.phone("late-phone", *PETUNG)
        await late_socket(phone)
        await sign_in(phone, "responder", f"Kru {CALLSIGN}")
        await is_live(phone.page)
        assignment = await offer(api, units[CALLSIGN])
        page = phone.page
        dialog = page.get_by_role("alertdialog", name=text("responder:offer.title"))
        await dialog.get_by_role("button", name=text("responder:offer.accept")).click()
        depart = page.get_by_role("button", name=text("responder:act.depart"))
        await expect(depart).to_be_visible()
        await holds(depart, dialog)
        await api.post(f"/assignments/{assignment['id']}/acts", json={"act": "cancel", "reason": "uji"})
        await expect(page.get_by_text(text("responder:ended.cancelled"))).to_be_visible()


async def holds(shown: Locator, gone: Locator) -> None:
    """`shown` stays, and `gone` does not come back, until every late frame has come."""
    end = asyncio.get_running_loop().time() + 2 * LATE_S
    while asyncio.get_running_loop().time() < end:
        assert await shown.is_visible()
        assert not await gone.is_visible()
        await asyncio.sleep(0.05)
