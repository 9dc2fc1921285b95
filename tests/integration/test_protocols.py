"""Protocols over HTTP: the question trees, and triage as the call-taker answers."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from dispatch.db import Database
from dispatch.protocols.service import DATA
from tests.desk import Desk, open_desk


@pytest.fixture
async def desk(db: Database) -> AsyncIterator[Desk]:
    async with open_desk(db) as opened:
        yield opened


async def test_all_types_come_with_their_questions(desk: Desk) -> None:
    response = await desk.get("/protocols")
    assert response.status_code == 200
    body = response.json()
    types = {item["code"]: item for item in body["types"]}
    assert len(types) == 26
    fire = types["kebakaran-bangunan"]
    assert fire["name"] == {"id": "Kebakaran rumah/bangunan", "en": "Building fire"}
    assert (fire["category"], fire["icon"]) == ("kebakaran", "flame")
    questions = {question["id"]: question for question in fire["questions"]}
    assert questions["people_inside"]["kind"] == "yes_no"
    assert questions["people_inside"]["show_if"] is None
    assert questions["people_count"]["show_if"] == [
        [{"question": "people_inside", "any_of": [True], "at_least": None, "at_most": None}]
    ]
    assert {choice["value"] for choice in questions["what_burns"]["choices"]} >= {"house", "special"}
    assert response.headers["ETag"] == f'"{body["version"]}"'


async def test_a_crew_may_read_protocols_but_not_triage(desk: Desk) -> None:
    assert (await desk.get("/protocols", who="kru-1")).status_code == 200
    refused = await desk.post("/triage", {"type": "banjir", "answers": {}}, who="kru-1")
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:siaga:forbidden")


async def test_nobody_reads_without_signing_in(desk: Desk) -> None:
    assert (await desk.get("/protocols", who=None)).status_code == 401
    assert (await desk.post("/triage", {"type": "banjir"}, who=None)).status_code == 401


async def test_triage_follows_the_answers_to_the_end(desk: Desk) -> None:
    answers: dict[str, object] = {}
    body = {"type": "kebakaran-bangunan", "answers": answers}
    first = (await desk.post("/triage", body)).json()
    assert (first["next_question"], first["priority"], first["done"]) == ("people_inside", "P1", False)
    answers |= {"people_inside": True, "people_count": 2, "what_burns": "house", "still_burning": True}
    later = (await desk.post("/triage", body)).json()
    assert (later["next_question"], later["determinant"]) == ("spreading", "KB-1")
    assert {"capability": "rescue", "count": 1} in later["plan"]
    assert later["red_flags"][0]["id"].startswith("Orang di dalam")
    answers |= {"spreading": None, "injured": 0}
    last = (await desk.post("/triage", body)).json()
    assert (last["next_question"], last["done"]) == (None, True)
    assert all(set(words) == {"id", "en"} for words in last["instructions"])


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"colour": "red"}, "answers.colour"),
        ({"people_inside": "no"}, "answers.people_inside"),
        ({"injured": 1.5}, "answers.injured"),
        ({"injured": [1]}, "answers.injured"),
        ({"what_burns": {"a": 1}}, "answers.what_burns"),
    ],
)
async def test_a_wrong_answer_is_named(desk: Desk, answers: dict[str, object], field: str) -> None:
    response = await desk.post("/triage", {"type": "kebakaran-bangunan", "answers": answers})
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert (response.json()["type"], response.json()["field"]) == ("urn:siaga:invalid", field)


async def test_an_unknown_type_is_not_found(desk: Desk) -> None:
    response = await desk.post("/triage", {"type": "ufo", "answers": {}})
    assert (response.status_code, response.json()["type"]) == (404, "urn:siaga:not-found")
    assert response.json()["incident_type"] == "ufo"


async def test_too_many_answers_are_refused(desk: Desk) -> None:
    answers = dict.fromkeys((f"q{n}" for n in range(51)), True)
    assert (await desk.post("/triage", {"type": "banjir", "answers": answers})).status_code == 422


async def test_a_faulty_file_leaves_the_old_protocols_in_service(db: Database, tmp_path: Path) -> None:
    folder = tmp_path / "protocols"
    shutil.copytree(DATA, folder)
    flood = folder / "banjir.yaml"
    async with open_desk(db, folder) as desk:
        before = (await desk.get("/protocols")).json()["version"]
        good = flood.read_text()
        flood.write_text(good.replace("priority: P1", "priority: P9", 1))
        (fault,) = desk.centre.protocols.reload()
        assert fault.file == "banjir.yaml"
        assert good.splitlines()[fault.line - 1].strip() == "priority: P1"
        assert (await desk.get("/protocols")).json()["version"] == before
        flood.write_text(good.replace("priority: P1", "priority: P2", 1))
        assert desk.centre.protocols.reload() == ()
        assert (await desk.get("/protocols")).json()["version"] != before
