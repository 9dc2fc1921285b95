"""Sign-in, sessions, desks and names over HTTP, on both databases."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Literal

import httpx
import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select

from dispatch.db import Database
from dispatch.errors import Conflict, Invalid, NotFound, Unavailable
from dispatch.people import hashing, service
from dispatch.people.model import SessionRow, SignInFailureRow, UserRow
from dispatch.people.service import NewUser
from dispatch.words import Role
from tests.call_facts import desk
from tests.centre_world import answered
from tests.conftest import ManualClock
from tests.front_world import Front, open_front

PASSWORD = "kuda-laut-biru"


@pytest.fixture
async def front(db: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Front]:
    monkeypatch.setattr(hashing.hashing, "_hasher", PasswordHasher(time_cost=1, memory_cost=64))
    async with open_front(db) as opened:
        yield opened


@pytest.fixture
async def city(db: Database) -> AsyncIterator[Front]:
    """With crews."""
    async with open_front(db, fleet=True) as opened:
        yield opened


async def ayu(front: Front) -> str:
    """A call-taker with a password."""
    hashed = await service.hash_password(PASSWORD, "ayu")
    async with front.db.transaction() as tx:
        return (await service.create_user(tx, NewUser("Ayu", "Ayu Lestari", (Role.CALL_TAKER,)), hashed)).id


async def sign_in(browser: httpx.AsyncClient, username: str = "ayu", password: str = PASSWORD) -> httpx.Response:
    return await browser.post("/session", json={"username": username, "password": password})


async def test_who_signs_in_is_known_until_signing_out(front: Front) -> None:
    user_id = await ayu(front)
    browser = await front.browser()
    assert (await browser.get("/session")).status_code == 401
    user = answered(await sign_in(browser, " AYU "), 200)
    assert (user["id"], user["roles"], user["demo"]) == (user_id, ["call_taker"], False)
    assert answered(await browser.get("/session"), 200) == user
    token = browser.cookies["siaga_session"]
    assert (await browser.delete("/session")).status_code == 204
    assert "siaga_session" not in browser.cookies
    browser.cookies.set("siaga_session", token)
    assert (await browser.get("/session")).status_code == 401
    assert front.types() == ["user.signed_in", "user.signed_out"]


async def test_sign_ins_are_events_of_the_audit_topic_alone(front: Front) -> None:
    topics: list[tuple[str, ...]] = []
    front.db.on_commit(lambda events: topics.extend(event.topics for event in events))
    await ayu(front)
    await sign_in(await front.browser())
    assert topics == [("audit",)]


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(front: Front) -> None:
    await ayu(front)
    plain = (await sign_in(await front.browser())).headers["set-cookie"].casefold()
    assert "httponly" in plain
    assert "samesite=lax" in plain
    assert "path=/" in plain
    assert "secure" not in plain
    secure = (await sign_in(await front.browser("https://centre"))).headers["set-cookie"].casefold()
    assert "; secure" in secure


async def test_only_a_hash_of_the_token_is_stored(front: Front) -> None:
    await ayu(front)
    browser = await front.browser()
    await sign_in(browser)
    async with front.db.reading() as session:
        stored = (await session.execute(select(SessionRow.id))).scalars().all()
        hashed = (await session.execute(select(UserRow.password_hash).where(UserRow.username == "ayu"))).scalar_one()
    assert browser.cookies["siaga_session"] not in stored
    assert hashed.startswith("$argon2id$")


async def test_a_session_ends_after_its_hours_and_is_swept(front: Front, clock: ManualClock) -> None:
    await ayu(front)
    browser = await front.browser()
    await sign_in(browser)
    clock.advance(12 * 3600 - 1)
    assert (await browser.get("/session")).status_code == 200
    clock.advance(1)
    assert (await browser.get("/session")).status_code == 401
    await sign_in(await front.browser())
    async with front.db.reading() as session:
        assert (await session.execute(select(func.count()).select_from(SessionRow))).scalar_one() == 1


async def test_a_wrong_password_and_an_unknown_name_are_answered_alike(front: Front) -> None:
    await ayu(front)
    browser = await front.browser()
    wrong = await sign_in(browser, "ayu", "salah-sekali")
    unknown = await sign_in(browser, "siapa", "salah-sekali")
    demo = await sign_in(browser, "rina", "!")
    assert wrong.status_code == unknown.status_code == demo.status_code == 401
    assert wrong.json() == unknown.json() == demo.json()
    assert wrong.headers.get("set-cookie") is None


@pytest.mark.parametrize("username", ["ayu", "siapa"])
async def test_a_name_is_locked_after_five_wrong_passwords_whether_it_exists_or_not(
    front: Front, clock: ManualClock, username: str
) -> None:
    await ayu(front)
    browser = await front.browser()
    for _ in range(5):
        assert (await sign_in(browser, username, "salah-sekali")).status_code == 401
    refused = await sign_in(browser, username)
    assert refused.status_code == 403
    assert refused.json()["until"] == (clock.now + timedelta(minutes=15)).isoformat()
    assert front.types() == (["user.locked_out"] if username == "ayu" else [])
    clock.advance(15 * 60)
    assert (await sign_in(browser, username)).status_code == (200 if username == "ayu" else 401)


async def test_a_right_password_forgets_the_wrong_ones(front: Front) -> None:
    await ayu(front)
    browser = await front.browser()
    for _ in range(3):
        for _ in range(4):
            assert (await sign_in(browser, "ayu", "salah-sekali")).status_code == 401
        assert (await sign_in(browser)).status_code == 200


async def test_guesses_sent_side_by_side_are_all_counted(front: Front) -> None:
    await ayu(front)
    browser = await front.browser()
    answers = await asyncio.gather(*(sign_in(browser, "ayu", f"tebakan-nomor-{n}") for n in range(12)))
    assert sorted(answer.status_code for answer in answers) == [401] * 5 + [403] * 7
    async with front.db.reading() as session:
        assert (await session.execute(select(SignInFailureRow.attempts))).scalar_one() == 5


async def test_an_unknown_name_costs_the_same_work(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    await ayu(front)
    verified: list[str] = []
    hasher = hashing.hashing._hasher

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
            verified.append(str(hash)[:9])
            return hasher.verify(hash, password)

    monkeypatch.setattr(hashing.hashing, "_hasher", Counting(time_cost=1, memory_cost=64))
    for username in ("ayu", "siapa", "rina"):
        await sign_in(await front.browser(), username, "salah-sekali")
    assert verified == ["$argon2id"] * 3


async def test_a_disabled_account_neither_signs_in_nor_keeps_its_session(front: Front) -> None:
    user_id = await ayu(front)
    browser = await front.browser()
    await sign_in(browser)
    async with front.db.transaction() as tx:
        (await tx.session.get_one(UserRow, user_id)).disabled = True
    assert (await browser.get("/session")).status_code == 401
    assert (await sign_in(browser)).status_code == 401


async def test_a_new_password_ends_all_sessions_and_lifts_the_lock(front: Front) -> None:
    await ayu(front)
    browser = await front.browser()
    await sign_in(browser)
    for _ in range(5):
        await sign_in(await front.browser(), "ayu", "salah-sekali")
    hashed = await service.hash_password("gurita-ungu-tua", "ayu")
    async with front.db.transaction() as tx:
        await service.set_password(tx, "ayu", hashed)
    assert (await browser.get("/session")).status_code == 401
    assert (await sign_in(browser)).status_code == 401
    assert (await sign_in(browser, "ayu", "gurita-ungu-tua")).status_code == 200
    async with front.db.transaction() as tx:
        with pytest.raises(NotFound):
            await service.set_password(tx, "siapa", hashed)


async def test_too_many_sign_ins_at_once_are_told_to_wait(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "MOST_WAITING", 1)
    done = await asyncio.gather(*(hashing.hashing.hash(PASSWORD) for _ in range(2)), return_exceptions=True)
    assert [type(one) for one in done] == [str, Unavailable]
    assert await hashing.hashing.hash(PASSWORD)


async def test_a_foreign_page_cannot_sign_anybody_in(front: Front) -> None:
    await ayu(front)
    browser = await front.browser()
    for path, body in (
        ("/session", {"username": "ayu", "password": PASSWORD}),
        ("/demo/session", {"username": "rina"}),
    ):
        refused = await browser.post(path, json=body, headers={"origin": "https://evil.example"})
        assert refused.status_code == 403
    assert (await sign_in(browser)).status_code == 200


async def test_a_name_is_given_once(front: Front) -> None:
    await ayu(front)
    with pytest.raises(Conflict, match="ayu"):
        await ayu(front)
    async with front.db.transaction() as tx:
        with pytest.raises(Invalid):
            await service.create_user(tx, NewUser("a b", "A B", ()), "!")


async def test_the_demo_lists_its_accounts_and_signs_in_by_one_click(front: Front) -> None:
    await ayu(front)
    browser = await front.browser()
    demo = answered(await browser.get("/demo"), 200)
    assert demo["enabled"]
    faces = {account["username"]: account["face"] for account in demo["accounts"]}
    assert "ayu" not in faces
    assert (faces["rina"], faces["siti"], faces["haris"]) == ("console", "console", "supervisor")
    rina = answered(await browser.post("/demo/session", json={"username": "rina"}), 200)
    assert (rina["extension"], rina["demo"]) == ("101", True)
    assert answered(await browser.get("/session"), 200) == rina


async def test_a_crew_belongs_to_a_unit_and_works_on_its_phone(city: Front) -> None:
    phone = await city.person("kru-1")
    crew = answered(await phone.get("/session"), 200)
    assert crew["unit_id"] is not None
    faces = {one["username"]: one["face"] for one in answered(await phone.get("/demo"), 200)["accounts"]}
    assert faces["kru-1"] == "responder"
    assert (await phone.put("/me/seat", json={"extension": "101"})).status_code == 403
    assert (await phone.get("/users")).status_code == 403


async def test_a_real_account_has_no_one_click_sign_in(front: Front) -> None:
    await ayu(front)
    for username in ("ayu", "siapa"):
        assert (await (await front.browser()).post("/demo/session", json={"username": username})).status_code == 404


async def test_outside_the_demo_there_are_no_demo_accounts_even_if_they_are_in_the_database(front: Front) -> None:
    front.centre.settings = front.centre.settings.model_copy(update={"demo": False})
    browser = await front.browser()
    assert answered(await browser.get("/demo"), 200) == {"enabled": False, "accounts": []}
    assert (await browser.post("/demo/session", json={"username": "rina"})).status_code == 404


async def test_seeding_the_demo_again_adds_nobody(front: Front) -> None:
    async with front.db.transaction() as tx:
        assert await service.seed_demo(tx, []) == []


async def test_who_sits_down_moves_the_earlier_one_off(front: Front) -> None:
    await front.centre.ingest.ingest([desk("101"), desk("105")])
    rina, siti = await front.person("rina"), await front.person("siti")
    front.types()
    assert answered(await siti.put("/me/seat", json={"extension": "101"}), 200)["extension"] == "101"
    assert answered(await rina.get("/session"), 200)["extension"] is None
    moved_off, seated = front.events
    assert (moved_off.type, moved_off.data.model_dump()["extension"]) == ("agent.seated", None)
    assert seated.data.model_dump()["extension"] == "101"
    (agent,) = seated.changed.agents
    assert (agent.agent, agent.user_name) == ("101", "Siti Rahmawati")
    front.types()
    answered(await siti.put("/me/seat", json={"extension": "105"}), 200)
    (moved,) = front.events
    assert [(agent.agent, agent.user_name) for agent in moved.changed.agents] == [
        ("101", None),
        ("105", "Siti Rahmawati"),
    ]
    assert answered(await siti.put("/me/seat", json={"extension": None}), 200)["extension"] is None


async def test_sitting_down_where_one_sits_changes_nothing(front: Front) -> None:
    rina = await front.person("rina")
    front.types()
    answered(await rina.put("/me/seat", json={"extension": "101"}), 200)
    assert front.types() == []


async def test_two_who_want_one_free_desk_end_with_one_of_them_there(front: Front) -> None:
    siti, haris = await front.person("siti"), await front.person("haris")
    answers = await asyncio.gather(
        siti.put("/me/seat", json={"extension": "109"}), haris.put("/me/seat", json={"extension": "109"})
    )
    assert {answer.status_code for answer in answers} <= {200, 409}
    async with front.db.reading() as session:
        seated = await service.seated(session)
    assert seated["109"].display_name in {"Siti Rahmawati", "Haris Fadillah"}


async def test_an_administrator_sits_at_no_desk(front: Front) -> None:
    assert (await (await front.person("admin")).put("/me/seat", json={"extension": "101"})).status_code == 403


async def test_a_desk_that_no_pbx_could_have_is_refused(front: Front) -> None:
    refused = await (await front.person("rina")).put("/me/seat", json={"extension": "101\r\nAction: Logoff"})
    assert (refused.status_code, refused.json()["field"]) == (422, "extension")


async def test_names_are_for_the_centre_alone(front: Front) -> None:
    names = answered(await (await front.person("siti")).get("/users"), 200)
    assert "Rina Wulandari" in {one["display_name"] for one in names}
    assert set(names[0]) == {"id", "display_name"}
    assert (await (await front.browser()).get("/users")).status_code == 401
