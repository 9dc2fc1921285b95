"""A plugin is switched on and off, fails, is slow, and never takes dispatch with it; on both databases."""

import asyncio
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from dispatch.plugins import registry
from dispatch.plugins.faults import MOST_FAULTS
from tests.centre_world import HOUSE_FIRE, PETUNG, SMALL_FIRE, answered
from tests.harness import eventually
from tests.plugins.conftest import API, NAME, PUBLIC, Served, serve
from tests.plugins.example.plugin import example


async def dispatch_one(served: Served) -> None:
    """Open an incident, offer it, accept it: what must go on whatever a plugin does."""
    rina, siti, crew = [await served.person(name) for name in ("rina", "siti", "kru-1")]
    body = {"type": HOUSE_FIRE, "answers": SMALL_FIRE, "place": PETUNG}
    incident = answered(await rina.post("/api/incidents", json=body), 201)
    unit = answered(await crew.get("/api/units/mine"), 200)["unit"]
    if unit["state"] == "off_duty":
        answered(await crew.post(f"/api/units/{unit['id']}/acts", json={"act": "go_on_duty"}), 200)
    offer = await siti.post(
        f"/api/incidents/{incident['id']}/assignments", json={"unit_id": unit["id"], "override_reason": "uji"}
    )
    assignment = answered(offer, 201)
    for act in ("accept", "depart", "arrive", "clear"):
        answered(await crew.post(f"/api/assignments/{assignment['id']}/acts", json={"act": act}), 200)


async def test_a_plugin_works_while_it_is_on_and_keeps_its_data_while_it_is_off(served: Served) -> None:
    admin = await served.person("admin")
    assert (await admin.post(f"{API}/found?what=hat")).status_code == 201
    await served.switch("off")
    off = await admin.get(f"{API}/count")
    assert (off.status_code, off.json()["detail"]) == (404, "This module is switched off.")
    page = await admin.get(f"{PUBLIC}/")
    assert page.status_code == 404
    assert "dimatikan" in page.text
    assert (await admin.get("/api/plugins")).json() == {"plugins": []}
    await served.switch("on")
    assert (await admin.get(f"{API}/count")).json()["count"] == 1
    assert (await admin.get(f"{PUBLIC}/")).json() == {"things": 1}


async def test_a_restart_remembers_what_was_decided(database_url: str, tmp_path: Path) -> None:
    plugins = [example(jobs=(), listeners=())]
    async with serve(database_url, tmp_path, plugins) as first:
        assert await first.state() | {"state": "on"} == await first.state()
        await first.switch("off")
    async with serve(database_url, tmp_path, plugins) as second:
        assert (await second.state())["state"] == "off"
        assert not second.host.is_on(NAME)


async def test_another_worker_follows_within_two_seconds(postgres_url: str, tmp_path: Path) -> None:
    plugins = [example(jobs=(), listeners=())]
    async with serve(postgres_url, tmp_path, plugins) as one, serve(postgres_url, tmp_path, plugins) as other:
        await one.switch("off")

        async def is_off() -> bool:
            return not other.host.is_on(NAME)

        await eventually(is_off, timeout_s=2.0)


async def test_the_demo_content_is_made_once(database_url: str, tmp_path: Path) -> None:
    plugins = [example(jobs=(), listeners=())]
    for _start in range(2):
        async with serve(database_url, tmp_path, plugins) as served:
            assert (await (await served.person("admin")).get(f"{API}/count")).json()["count"] == 1


async def test_a_plugin_that_raises_is_switched_off_with_a_message_and_dispatch_goes_on(served: Served) -> None:
    admin = await served.person("admin")

    async def break_it() -> list[int]:
        return [(await admin.get(f"{API}/raises")).status_code for _ in range(MOST_FAULTS + 1)]

    statuses, _ = await asyncio.gather(break_it(), dispatch_one(served))
    assert statuses == [500] * MOST_FAULTS + [404]

    async def failed() -> bool:
        return bool((await served.state())["state"] == "failed")

    await eventually(failed)
    assert "RuntimeError: the drawer is stuck" in (await served.state())["message"]
    await dispatch_one(served)
    await served.switch("on")
    assert (await admin.get(f"{API}/count")).status_code == 200
    assert (await served.state())["message"] == ""


async def test_a_fault_says_that_dispatch_is_not_concerned(on_sqlite: Served) -> None:
    answer = await (await on_sqlite.person()).get(f"{API}/raises")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "This module failed; dispatch is not concerned."


async def test_a_public_page_that_raises_is_a_fault_too(on_sqlite: Served) -> None:
    nobody = await on_sqlite.person()
    statuses = [(await nobody.get(f"{PUBLIC}/breaks")).status_code for _ in range(MOST_FAULTS + 1)]
    assert statuses == [500] * MOST_FAULTS + [404]


async def test_refusals_and_wrong_requests_are_no_faults(on_sqlite: Served) -> None:
    admin = await on_sqlite.person("admin")
    for _ in range(2 * MOST_FAULTS):
        assert (await admin.post(f"{API}/found?what=nothing")).status_code == 422
        assert (await admin.get(f"{API}/refuses")).status_code == 404
        assert (await admin.get(f"{API}/sleeps?seconds=long")).status_code == 422
        assert (await (await on_sqlite.person("wulan")).get("/api/admin/plugins")).status_code == 403
    assert (await on_sqlite.state())["state"] == "on"
    assert (await on_sqlite.state())["faults"] == 0


async def test_a_refusal_names_the_field_in_both_languages(on_sqlite: Served) -> None:
    answer = await (await on_sqlite.person("admin")).post(f"{API}/found?what=nothing")
    assert answer.json()["faults"] == [
        {"field": "what", "message": {"id": "Itu bukan apa-apa.", "en": "That is nothing."}, "row": None}
    ]


def entry(value: str) -> EntryPoint:
    return EntryPoint(name="broken", value=value, group=registry.GROUP)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("tests.plugins.broken:PLUGIN", "RuntimeError: this package is broken"),
        ("tests.plugins.nowhere:PLUGIN", "ModuleNotFoundError"),
        ("tests.plugins.example.plugin:NAME", "AttributeError"),
        ("tests.plugins.example.plugin:router", "not a Plugin"),
        ("tests.plugins.broken_exit:PLUGIN", "SystemExit"),
    ],
)
async def test_a_plugin_that_cannot_be_loaded_says_why_and_the_others_run(
    sqlite_url: str, tmp_path: Path, value: str, said: str
) -> None:
    broken = registry.load(entry(value))
    async with serve(sqlite_url, tmp_path, [broken, example(jobs=(), listeners=())]) as served:
        view = await served.state("broken")
        assert view["state"] == "failed"
        assert said in view["message"]
        admin = await served.person("admin")
        assert (await admin.get("/api/plugins/broken/count")).status_code == 404
        assert (await admin.post("/api/admin/plugins/broken/on")).status_code == 409
        assert (await admin.get(f"{API}/count")).status_code == 200


async def test_a_migration_that_fails_switches_its_plugin_off(
    database_url: str, tmp_path: Path, migrations: Path
) -> None:
    (migrations / "0002_bad.py").write_text(
        'revision = "0002"\ndown_revision = "0001"\n\n\ndef upgrade() -> None:\n    raise ValueError("no such thing")\n'
    )
    async with serve(database_url, tmp_path, [example(migrations=migrations)]) as served:
        view = await served.state()
        assert view["state"] == "failed"
        assert "ValueError: no such thing" in view["message"]
        await dispatch_one(served)


async def test_settings_are_checked_kept_and_used(served: Served) -> None:
    admin = await served.person("admin")
    address = f"/api/admin/plugins/{NAME}/settings"
    for wrong in ({"keep_days": 0}, {"keep_days": "many"}, {"keep_weeks": 1}):
        answer = await admin.put(address, json={"values": wrong})
        assert (answer.status_code, answer.json()["field"]) == (422, next(iter(wrong)))
    assert (await admin.get(f"{API}/count")).json()["keep_days"] == 30
    assert (await admin.put(address, json={"values": {"keep_days": 7}})).status_code == 204
    assert (await admin.get(f"{API}/count")).json()["keep_days"] == 7
    await served.switch("off")
    await served.switch("on")
    assert (await served.state())["settings"] == {"keep_days": 7}
    assert (await admin.get(f"{API}/count")).json()["keep_days"] == 7


async def test_only_whoever_was_granted_it_may_do_it(served: Served) -> None:
    nobody, wulan, haris = [await served.person(name) for name in ("", "wulan", "haris")]
    assert (await nobody.get(f"{API}/count")).status_code == 401
    assert (await haris.get(f"{API}/count")).status_code == 403
    assert (await wulan.post(f"{API}/found?what=hat")).status_code == 201
    admin = await served.person("admin")
    people = (await admin.get("/api/admin/people")).json()
    account = next(one for one in people if one["username"] == "wulan")
    assert account["grants"] == [f"{NAME}.edit", f"{NAME}.view"]
    change = {"display_name": "Wulan", "roles": ["officer"], "grants": [f"{NAME}.view"], "disabled": False}
    assert (await admin.put(f"/api/admin/people/{account['id']}", json=change)).status_code == 200
    assert (await wulan.post(f"{API}/found?what=hat")).status_code == 403
    assert (await wulan.get(f"{API}/count")).json()["count"] == 1
    assert (await wulan.get("/api/incidents")).status_code == 403


async def test_another_sites_form_is_refused(on_sqlite: Served) -> None:
    admin = await on_sqlite.person("admin")
    answer = await admin.post(f"{API}/found?what=hat", headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403
    assert (await admin.get(f"{API}/count")).json()["count"] == 0


async def test_an_emergency_that_is_handed_over_becomes_an_incident(served: Served) -> None:
    wulan, siti = await served.person("wulan"), await served.person("siti")
    number = (await wulan.post(f"{API}/emergency")).json()["number"]
    listed = (await siti.get("/api/incidents")).json()
    incident = next(one for one in listed["items"] if one["number"] == number)
    assert (incident["type"], incident["state"], incident["narrative"]) == ("lain-lain", "open", "Ada asap")
    async with served.centre.db.reading() as session:
        from dispatch.timers import TimerRow

        timers = [timer.key for timer in (await session.execute(TimerRow.__table__.select())).all()]
    assert incident["id"] in timers


async def test_what_a_plugin_emits_is_in_the_log_under_its_topic(served: Served) -> None:
    from dispatch import log

    await (await served.person("admin")).post(f"{API}/found?what=hat")
    async with served.centre.db.reading() as session:
        (stored,) = await log.read(session, 0, 10, types=("plugin.emitted",))
        assert (await log.verify(session)).fault is None
    assert stored.topics == ("plugins",)
    assert '"plugin":"lost_things","name":"found","data":{"what":"hat"}' in stored.payload
