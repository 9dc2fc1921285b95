"""A call's whole way on three screens, whatever PBX it comes from: from the ring to the closed incident."""

import re
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import httpx
from playwright.async_api import Locator, Page, expect

from tests.e2e.browser import WALL, Screen, Screens, text
from tests.harness import CentreProcess, eventually

ANI = "081254001001"
SHOWN_ANI = "+62 812-5400-1001"
DESK = "101"
TYPE = "Kegawatdaruratan medis / ambulans"
VILLAGE = "Petung"
PETUNG = (-1.3392, 116.6382)
OFFER_S = 600
"""Nobody's patience is tested here."""

STORY = "Bapak sesak napas, bibirnya biru, di rumah dekat masjid"

STEPS = (
    "call.arrived",
    "call.queued",
    "call.ringing",
    "call.answered",
    "incident.opened",
    "assignment.offered",
    "call.ended",
    "call.disposed",
    "assignment.accepted",
    "assignment.departed",
    "assignment.arrived",
    "assignment.transporting",
    "assignment.reached_facility",
    "assignment.cleared",
    "incident.closed",
)
"""What the timeline must hold, in this order; other things may stand between."""


class Pbx(Protocol):
    """The PBX of a test, with its callers."""

    @property
    def settings(self) -> Mapping[str, str | int]:
        """Of the centre that is to listen to it."""

    async def ring_and_give_up(self, ani: str) -> None:
        """Somebody dials 112, hears desk 101 ringing and hangs up."""

    def calling(self, ani: str) -> AbstractAsyncContextManager[None]:
        """Somebody dials 112 and stays on the line until the centre hangs up."""


@dataclass(frozen=True)
class Crew:
    username: str
    callsign: str
    unit_id: str


async def sign_in(screen: Screen, role: str, name: str) -> None:
    """One click on the demo's door."""
    page = screen.page
    await page.goto("/")
    play = page.get_by_role("button", name=text(f"signin:part.{role}"))
    card = page.locator("div").filter(has=play).last
    if await choose_among(card, play):
        await card.get_by_label(text("signin:who")).select_option(label=name)
    await play.click()
    await expect(page.get_by_role("button", name=text("common:menu"))).to_contain_text(name)


async def choose_among(card: Locator, play: Locator) -> bool:
    """Whether the part has more than one account."""
    await expect(play).to_be_visible()
    return await card.get_by_label(text("signin:who")).count() > 0


async def is_live(page: Page) -> None:
    await expect(page.get_by_text(text("common:connection.live"), exact=True)).to_be_visible()


async def a_call_becomes_a_closed_incident(centre: CentreProcess, screens: Screens, pbx: Pbx) -> str:
    """Play everything; gives the incident's id."""
    console = await screens.open("console")
    wall = await screens.open("supervisor", WALL)
    async with centre.signed_in("siti") as api:
        await sign_in(console, "call_taker", "Rina Wulandari")
        await sign_in(wall, "supervisor", "Haris Fadillah")
        await is_live(console.page)
        await is_live(wall.page)
        await expect(console.page.get_by_role("button", name=text("console:seat.at", extension=DESK))).to_be_visible()
        await pbx.ring_and_give_up(ANI)
        async with pbx.calling(ANI):
            await answer(console)
            incident = await report(console, api)
            crews = await proposed(api, incident)
            phone = await screens.phone("phone", *PETUNG)
            await sign_in(phone, "responder", f"Kru {crews[0].callsign}")
            await is_live(phone.page)
            await dispatch(console, wall, incident, crews)
            await end_call(console)
        for other in crews[1:]:
            await works_unseen(centre, other)
        await work(phone, wall, incident, crews[0].callsign)
        await close(console, wall, incident)
    return str(incident["id"])


async def answer(console: Screen) -> None:
    """It rings, F2 picks the desk's phone up, and the screen pops: number and history."""
    page = console.page
    await expect(page.get_by_text(SHOWN_ANI).first).to_be_visible()
    await expect(page.get_by_role("button", name=text("console:own.answer"))).to_be_enabled()
    await console.shoot("1-ringing")
    await page.keyboard.press("F2")
    await expect(page.get_by_text(text("common:callState.answered")).first).to_be_visible()
    await expect(page.get_by_text(text("calls:history.calls", count=1)).first).to_be_visible()
    await console.shoot("2-answered")


async def report(console: Screen, api: httpx.AsyncClient) -> dict[str, Any]:
    """Type, place, story and questions without the mouse; F9 opens the incident."""
    page = console.page
    await page.keyboard.press("F8")
    await page.keyboard.type("sesak napas")
    await expect(page.get_by_role("option", name=TYPE)).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("Enter")
    for key, said in (("y", "Ya"), ("2", "Sesak"), ("1", "Nyeri dada")):
        await expect(page.get_by_role("radio", name=re.compile(f"^{said}"))).to_be_visible()
        await page.keyboard.press(key)
    await page.get_by_label(text("console:intake.answer")).fill("62")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text(text("console:intake.allAsked"))).to_be_visible()
    await page.keyboard.press("Alt+p")
    await page.keyboard.type(VILLAGE.lower())
    await expect(page.get_by_role("option", name=re.compile(f"^{VILLAGE}")).first).to_be_visible()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Alt+n")
    await page.keyboard.type(STORY)
    await console.shoot("3-report")
    await page.keyboard.press("F9")
    await expect(page.get_by_role("button", name=text("console:act.close"))).to_be_visible()

    async def opened() -> Any:
        return (await api.get("/incidents?state=open")).json()["items"]

    (incident,) = await eventually(opened)
    assert incident["priority"] == "P1"
    assert (incident["place"]["village"], incident["narrative"]) == (VILLAGE, STORY)
    return dict(incident)


async def proposed(api: httpx.AsyncClient, incident: dict[str, Any]) -> list[Crew]:
    """The crews that the centre proposes, the nearest first."""
    advice = (await api.get(f"/incidents/{incident['id']}/recommendation")).json()
    callsigns = {unit["id"]: unit["callsign"] for unit in (await api.get("/units")).json()}
    accounts = {one["display_name"]: one["username"] for one in (await api.get("/demo")).json()["accounts"]}
    crews = []
    for candidate in advice["candidates"]:
        if candidate["proposed"]:
            callsign = callsigns[candidate["unit_id"]]
            crews.append(Crew(accounts[f"Kru {callsign}"], callsign, candidate["unit_id"]))
    assert crews, advice
    assert all(crew.callsign.startswith("Ambulans") for crew in crews)
    return crews


async def dispatch(console: Screen, wall: Screen, incident: dict[str, Any], crews: list[Crew]) -> None:
    """F10 offers the incident to all that are proposed; the supervisor sees it at once."""
    page = console.page
    button = page.get_by_role("button", name=text("console:send.proposed_other", count=len(crews)))
    await expect(button).to_be_enabled()
    await console.shoot("4-recommendation")
    await page.keyboard.press("F10")
    for crew in crews:
        row = assignment_row(page, crew.callsign)
        await expect(row).to_contain_text(text("common:assignmentState.offered"))
    await wall.page.get_by_role("button", name=incident["number"]).click()
    await follows(wall, crews[0].callsign, "offered")
    await wall.shoot("1-offered")


async def follows(wall: Screen, callsign: str, state: str) -> None:
    """The supervisor sees the unit in this state."""
    row = wall.page.locator("div").filter(has=wall.page.get_by_text(callsign, exact=True)).last
    await expect(row).to_contain_text(text(f"common:assignmentState.{state}"))


def assignment_row(page: Page, callsign: str) -> Locator:
    return page.locator("div").filter(has=page.get_by_role("button", name=f"Catat status {callsign}")).last


async def works_unseen(centre: CentreProcess, crew: Crew) -> None:
    """Another crew of the same incident goes through its work."""
    async with centre.signed_in(crew.username) as http:
        mine = (await http.get("/units/mine")).json()["assignment"]
        for act in ("accept", "depart", "arrive", "clear"):
            response = await http.post(f"/assignments/{mine['id']}/acts", json={"act": act})
            assert response.is_success, response.text


async def work(phone: Screen, wall: Screen, incident: dict[str, Any], callsign: str) -> None:
    """Full-screen offer, then the one big button from status to status; the supervisor follows each."""
    page = phone.page
    offer = page.get_by_role("alertdialog", name=text("responder:offer.title"))
    await expect(offer).to_contain_text(incident["number"])
    await expect(offer).to_contain_text(STORY)
    box = await offer.bounding_box()
    assert box is not None
    assert box["width"] >= 390, box
    await phone.shoot("1-offer")
    await offer.get_by_role("button", name=text("responder:offer.accept")).click()
    for act, state in (
        ("depart", "en_route"),
        ("arrive", "on_scene"),
        ("transport", "transporting"),
        ("reach_facility", "at_facility"),
    ):
        await page.get_by_role("button", name=text(f"responder:act.{act}")).click()
        await follows(wall, callsign, state)
        await phone.shoot(f"2-{state}")
    await wall.shoot("2-at_facility")
    await page.get_by_role("button", name=text("responder:act.clear"), exact=True).click()
    await expect(page.get_by_text(text("responder:waitingForOffer"))).to_be_visible()
    await phone.shoot("3-free")


async def end_call(console: Screen) -> None:
    """F4 hangs up, Alt+S says how the call ended."""
    page = console.page
    await page.keyboard.press("F4")
    await expect(page.get_by_text(text("common:callState.wrap_up")).first).to_be_visible()
    await page.keyboard.press("Alt+s")
    await expect(page.get_by_text(text("console:own.idle", extension=DESK))).to_be_visible()


async def close(console: Screen, wall: Screen, incident: dict[str, Any]) -> None:
    page = console.page
    await page.get_by_role("button", name=text("console:act.close"), exact=True).click()
    dialog = page.get_by_role("dialog", name=text("console:close.title"))
    await console.shoot("5-closing")
    await dialog.get_by_role("button", name=text("common:incidentDisposition.handled")).click()
    await expect(dialog).to_be_hidden()
    await console.shoot("6-closed")
    await expect(wall.page.get_by_text(text("common:incidentState.closed"), exact=True)).to_be_visible()
    await wall.shoot("3-closed")
    await wall.page.get_by_role("button", name=text("common:close"), exact=True).click()
    await expect(wall.page.get_by_text(text("supervisor:noIncidents"))).to_be_visible()


async def the_record_is_whole(centre: CentreProcess, incident_id: str) -> None:
    """The log's chain holds, and the timeline has each step with its time, in order."""
    code, said = await centre.command("verify-log")
    assert (code, "the chain holds" in said) == (0, True), said
    async with centre.signed_in("haris") as api:
        timeline = (await api.get(f"/incidents/{incident_id}/timeline")).json()
        detail = (await api.get(f"/incidents/{incident_id}")).json()
    types = [item["type"] for item in timeline]
    rest = iter(types)
    missing = [step for step in STEPS if step not in rest]
    assert missing == [], types
    times = [item["at"] for item in timeline]
    assert all(times)
    assert times == sorted(times)
    assert detail["incident"]["state"] == "closed"
    assert all(one["ended_at"] for one in detail["assignments"])
    assert [call["state"] for call in detail["calls"]] == ["closed"]
