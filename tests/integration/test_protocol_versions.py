"""Protocols as the centre edits them: drafts, publishing, taking back, signatures; a faulty text never counts."""

import asyncio
from typing import Any

import httpx
import pytest

from dispatch.db import Database
from dispatch.errors import Invalid
from dispatch.incidents import api as incidents_api
from dispatch.protocols import api as protocols_api
from dispatch.protocols import editor_api, versions
from dispatch.protocols.service import DATA, load_book
from dispatch.settings import Settings
from dispatch.wake import Wake
from tests.centre_world import PETUNG, answered
from tests.demo_centre import app_of, demo_centre, signed_in
from tests.harness import eventually

FLOOD = "banjir"
SHIPPED = (DATA / "banjir.yaml").read_text()
EDITED = SHIPPED.replace("Setinggi apa airnya?", "Seberapa tinggi airnya?")
FAULTY = SHIPPED.replace("priority: P1", "priority: P9", 1)
LOWERING = SHIPPED.replace(
    "rules:\n",
    "rules:\n  - code: BJ-0\n    when: {swept: yes}\n    text: {id: a, en: b}\n    priority: P5\n    plan: {}\n",
)


class Office:
    """Haris edits; admin signs; rina takes calls."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.events: list[str] = []
        db.on_commit(lambda stored: self.events.extend(event.type for event in stored))

    async def open(self) -> None:
        self.centre, _ = await demo_centre(self.db, Settings(demo=True), protocols=load_book())
        self.app = app_of(self.centre, protocols_api, editor_api, incidents_api)

    async def ask(
        self, method: str, path: str, body: object = None, *, who: str = "haris", **headers: str
    ) -> httpx.Response:
        async with await signed_in(self.app, who) as client:
            return await client.request(method, path, json=body, headers=headers)

    async def draft(self, text: str, revision: int = 0, code: str = FLOOD) -> Any:
        return answered(await self.ask("PUT", f"/protocols/{code}/draft", {"yaml": text, "revision": revision}), 200)

    async def publish(self, revision: int = 1, code: str = FLOOD) -> httpx.Response:
        return await self.ask("POST", f"/protocols/{code}/publish", {"revision": revision})

    async def published(self, text: str) -> Any:
        await self.draft(text)
        return answered(await self.publish(), 200)

    async def question(self) -> str:
        types = (await self.ask("GET", "/protocols", who="rina")).json()["types"]
        flood = next(one for one in types if one["code"] == FLOOD)
        return str(next(one["text"]["id"] for one in flood["questions"] if one["id"] == "depth"))


@pytest.fixture
async def office(db: Database) -> Office:
    opened = Office(db)
    await opened.open()
    return opened


async def test_a_draft_counts_once_it_is_published_and_can_be_taken_back(office: Office) -> None:
    before = await office.question()
    saved = await office.draft(EDITED)
    assert (saved["number"], saved["state"], saved["revision"]) == (1, "draft", 1)
    assert await office.question() == before
    published = answered(await office.publish(), 200)
    assert (published["state"], published["published_by_name"] is not None) == ("published", True)
    assert await office.question() == "Seberapa tinggi airnya?"
    assert "protocol.published" in office.events
    second = await office.published(EDITED.replace("Seberapa", "Berapa"))
    assert second["number"] == 2
    assert await office.question() == "Berapa tinggi airnya?"
    answered_back = await office.ask("POST", f"/protocols/{FLOOD}/roll-back", {"number": 1})
    assert answered_back.status_code == 204
    assert await office.question() == "Seberapa tinggi airnya?"
    assert (await office.ask("POST", f"/protocols/{FLOOD}/roll-back", {"number": None})).status_code == 204
    assert await office.question() == before
    editor = (await office.ask("GET", f"/protocols/{FLOOD}/editor")).json()
    assert [(one["number"], one["state"]) for one in editor["versions"]] == [(2, "retired"), (1, "retired")]
    source = await office.ask("GET", f"/protocols/{FLOOD}/versions/1")
    assert source.json()["text"] == EDITED
    again = await office.ask("POST", f"/protocols/{FLOOD}/roll-back", {"number": None})
    assert again.status_code == 409


@pytest.mark.parametrize(("text", "key"), [(FAULTY, "rules[1].priority"), (LOWERING, "questions[2].severity")])
async def test_a_faulty_draft_is_kept_but_never_published(office: Office, text: str, key: str) -> None:
    before = await office.question()
    await office.draft(text)
    refused = answered(await office.publish(), 422)
    assert (refused["field"], refused["faults"][0]["key"]) == ("yaml", key)
    assert text.splitlines()[refused["faults"][0]["line"] - 1].strip()
    assert await office.question() == before
    assert "protocol.published" not in office.events
    assert (await office.ask("GET", f"/protocols/{FLOOD}/editor")).json()["draft_text"] == text


async def test_two_editors_notice_each_other(office: Office) -> None:
    await office.draft(EDITED)
    lost = await office.ask("PUT", f"/protocols/{FLOOD}/draft", {"yaml": SHIPPED, "revision": 0})
    assert (lost.status_code, lost.json()["revision"]) == (409, 1)
    assert (await office.publish(revision=7)).status_code == 409
    assert (await office.ask("POST", f"/protocols/{FLOOD}/draft/discard", {"revision": 1})).status_code == 204
    assert (await office.publish()).status_code == 404


async def test_the_preview_shows_faults_questions_and_what_answers_lead_to(office: Office) -> None:
    path = f"/protocols/{FLOOD}/preview"
    sound = answered(await office.ask("POST", path, {"yaml": EDITED, "answers": {"swept": True}}), 200)
    assert (sound["faults"], sound["triage"]["priority"], sound["triage"]["determinant"]) == ([], "P1", "BJ-1")
    assert sound["protocol"]["questions"][2]["text"]["id"] == "Seberapa tinggi airnya?"
    unfit = answered(await office.ask("POST", path, {"yaml": EDITED, "answers": {"gone": True}}), 200)
    assert (unfit["triage"], "gone" in unfit["refused"]) == (None, True)
    faulty = answered(await office.ask("POST", path, {"yaml": FAULTY}), 200)
    assert faulty["protocol"] is None
    assert [fault["key"] for fault in faulty["faults"]] == ["rules[1].priority"]


async def test_a_new_type_can_be_published_and_has_no_file_to_go_back_to(office: Office) -> None:
    text = SHIPPED.replace("code: banjir", "code: tsunami", 1)
    await office.draft(text, code="tsunami")
    listed = (await office.ask("GET", "/protocols/editor")).json()["items"]
    assert next(one for one in listed if one["code"] == "tsunami")["name"] is None
    answered(await office.publish(code="tsunami"), 200)
    assert "tsunami" in office.centre.protocols.types
    refused = await office.ask("POST", "/protocols/tsunami/roll-back", {"number": None})
    assert refused.status_code == 404
    assert "tsunami" in office.centre.protocols.types


async def test_an_incident_keeps_the_edition_and_the_answers_that_it_was_taken_with(office: Office) -> None:
    body = {"type": FLOOD, "answers": {"depth": "ankle", "trapped": False}, "place": PETUNG}
    opened = answered(await office.ask("POST", "/incidents", body, who="rina"), 201)
    shipped = office.centre.protocols.get(FLOOD).version
    assert opened["protocol_version"] == shipped
    await office.published(SHIPPED.replace("value: ankle", "value: foot").replace("ankle", "foot"))
    path = f"/incidents/{opened['id']}"
    match = {"If-Match": str(opened["version"])}
    raised = answered(await office.ask("PATCH", path, {"priority": "P1"}, who="rina", **match), 200)
    assert (raised["priority"], raised["answers"], raised["protocol_version"]) == ("P1", body["answers"], shipped)
    assert raised["determinant"] == opened["determinant"]
    match = {"If-Match": str(raised["version"])}
    asked_anew = answered(await office.ask("PATCH", path, {"answers": {"depth": "foot"}}, who="rina", **match), 200)
    assert asked_anew["protocol_version"] == office.centre.protocols.get(FLOOD).version != shipped


async def test_the_directors_signature_belongs_to_one_edition(office: Office) -> None:
    version = office.centre.protocols.get(FLOOD).version
    body = {"version": version, "name": "dr. Ayu", "title": "Direktur medis, SIP 12/2026"}
    path = f"/protocols/{FLOOD}/signoffs"
    assert (await office.ask("POST", path, body)).status_code == 403
    assert (await office.ask("POST", path, {**body, "name": " "}, who="admin")).status_code == 422
    assert (await office.ask("POST", path, {**body, "version": "0" * 12}, who="admin")).status_code == 409
    assert (await office.ask("POST", path, body, who="admin")).status_code == 204
    assert (await office.ask("POST", path, body, who="admin")).status_code == 409

    async def signed() -> Any:
        types = (await office.ask("GET", "/protocols", who="rina")).json()["types"]
        return next(one for one in types if one["code"] == FLOOD)["signed_off"]

    assert (await signed())["name"] == "dr. Ayu"
    await office.published(EDITED)
    assert await signed() is None
    await office.ask("POST", f"/protocols/{FLOOD}/roll-back", {"number": None})
    assert (await signed())["title"] == "Direktur medis, SIP 12/2026"


async def test_call_takers_do_not_edit(office: Office) -> None:
    for method, path in [("GET", "editor"), ("PUT", "draft"), ("POST", "publish"), ("POST", "preview")]:
        assert (await office.ask(method, f"/protocols/{FLOOD}/{path}", {}, who="rina")).status_code == 403


async def test_another_worker_learns_of_a_publish_within_two_seconds(office: Office) -> None:
    elsewhere = load_book()
    following = asyncio.create_task(versions.follow(office.db, Wake(), elsewhere))  # no wake-up ever reaches it

    async def current() -> bool:
        return elsewhere.version == office.centre.protocols.version

    try:
        await asyncio.sleep(0.3)
        await office.published(EDITED)
        async with asyncio.timeout(2):
            await eventually(current)
    finally:
        following.cancel()


async def test_a_published_text_that_a_later_program_finds_faulty_yields_to_the_shipped_file(office: Office) -> None:
    book = load_book()
    assert [fault.key for fault in book.overlay({FLOOD: FAULTY.encode()})] == ["rules[1].priority"]
    assert book.version == load_book().version


async def test_faults_are_found_in_a_thread(office: Office) -> None:
    assert await versions.faults_of(FLOOD, SHIPPED) == []
    with pytest.raises(Invalid, match=r"banjir\.yaml, line"):
        await editor_api._faultless(FLOOD, FAULTY)
