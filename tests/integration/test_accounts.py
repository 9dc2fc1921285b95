"""Administration of people: accounts, roles, grants, passwords; somebody always remains who may administer."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.centre_world import answered
from tests.plugins.conftest import Served, serve

PEOPLE = "/api/admin/people"
NEW = {
    "username": "Yusuf",
    "display_name": "Yusuf",
    "roles": ["officer"],
    "grants": ["lost_things.view"],
    "password": "a long enough one",
}


@pytest.fixture
async def served(database_url: str, tmp_path: Path) -> AsyncIterator[Served]:
    async with serve(database_url, tmp_path, []) as running:
        yield running


async def account(served: Served, username: str) -> dict[str, Any]:
    listed = answered(await (await served.person("admin")).get(PEOPLE), 200)
    found: dict[str, Any] = next(one for one in listed if one["username"] == username)
    return found


async def test_a_new_officer_signs_in_and_has_what_was_granted(served: Served) -> None:
    admin, somebody = await served.person("admin"), await served.person()
    made = answered(await admin.post(PEOPLE, json=NEW), 201)
    assert (made["username"], made["roles"], made["grants"]) == ("yusuf", ["officer"], ["lost_things.view"])
    assert "password" not in made
    signed = await somebody.post("/api/session", json={"username": "yusuf", "password": NEW["password"]})
    assert answered(signed, 200)["roles"] == ["officer"]
    assert (await somebody.get(PEOPLE)).status_code == 403
    assert answered(await admin.post(PEOPLE, json=NEW), 409)["type"] == "urn:siaga:conflict"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"grants": ["everything"]}, "grants"),
        ({"roles": []}, "roles"),
        ({"roles": ["king"]}, "roles"),
        ({"password": "short"}, "password"),
        ({"display_name": ""}, "display_name"),
    ],
)
async def test_what_makes_no_account_names_the_field(served: Served, change: dict[str, Any], field: str) -> None:
    answer = answered(await (await served.person("admin")).post(PEOPLE, json=NEW | change), 422)
    assert answer["field"].startswith(field)
    assert "yusuf" not in {one["username"] for one in (await (await served.person("admin")).get(PEOPLE)).json()}


async def test_a_disabled_account_is_signed_out_at_once_and_can_be_let_in_again(served: Served) -> None:
    admin, rina = await served.person("admin"), await served.person("rina")
    row = await account(served, "rina")
    body = {"display_name": "Rina", "roles": row["roles"], "grants": [], "disabled": True}
    assert answered(await admin.put(f"{PEOPLE}/{row['id']}", json=body), 200)["disabled"]
    assert (await rina.get("/api/session")).status_code == 401
    answered(await admin.put(f"{PEOPLE}/{row['id']}", json=body | {"disabled": False}), 200)
    answered(await rina.post("/api/demo/session", json={"username": "rina"}), 200)


async def test_somebody_always_remains_who_may_administer(served: Served) -> None:
    admin = await served.person("admin")
    row = await account(served, "admin")
    body = {"display_name": "Admin", "roles": ["supervisor"], "grants": [], "disabled": False}
    assert answered(await admin.put(f"{PEOPLE}/{row['id']}", json=body), 409)["field"] == "roles"
    away = body | {"roles": ["admin"], "disabled": True}
    assert answered(await admin.put(f"{PEOPLE}/{row['id']}", json=away), 409)["field"] == "disabled"
    assert (await account(served, "admin"))["roles"] == ["admin"]


async def test_a_forgotten_password_is_replaced_and_old_sessions_end(served: Served) -> None:
    admin, somebody = await served.person("admin"), await served.person()
    made = answered(await admin.post(PEOPLE, json=NEW), 201)
    answered(await somebody.post("/api/session", json={"username": "yusuf", "password": NEW["password"]}), 200)
    fresh = {"password": "another long enough one"}
    assert (await admin.post(f"{PEOPLE}/{made['id']}/password", json=fresh)).status_code == 204
    assert (await somebody.get("/api/session")).status_code == 401
    answered(await somebody.post("/api/session", json={"username": "yusuf", **fresh}), 200)
    assert (await admin.post(f"{PEOPLE}/nobody/password", json=fresh)).status_code == 404


async def test_a_responder_needs_a_unit(served: Served) -> None:
    row = await account(served, "wulan")
    body = {"display_name": "Wulan", "roles": ["responder"], "grants": [], "disabled": False}
    admin = await served.person("admin")
    assert answered(await admin.put(f"{PEOPLE}/{row['id']}", json=body), 422)["field"] == "roles"
