"""Rows over HTTP: made, listed, edited, archived, acted on, with everything that can be wrong."""

from typing import Any

import pytest

from dispatch.plugins.pages import images
from tests.centre_world import answered
from tests.plugins.pages.world import Market, faults

WHOLE: dict[str, Any] = {
    "number": "A-1",
    "name": "  Ikan\u0000  Segar ",
    "note": "baris satu\r\nbaris dua",
    "size": "12,5",
    "rent": "Rp 150.000",
    "workers": 3,
    "since": "24/11/2026",
    "opens": "07.30",
    "inspected": "24/11/2026 08:00",
    "roofed": True,
    "goods": "Ikan",
    "place": "-1.3089, 116.7347",
    "village": "Petung",
    "site": "https://contoh.go.id/a",
    "photo": "0192-abc",
}


async def test_a_row_is_stored_as_it_was_meant_and_shown_as_json(market: Market) -> None:
    owner = await market.owner("Bu Siti", phone="0812 3456 7890")
    assert owner["values"] == {"name": "Bu Siti", "phone": "+6281234567890"}
    made = await market.stall(**{**WHOLE, "owner": owner["id"]})
    assert made["values"] == {
        "number": "A-1",
        "name": "Ikan Segar",
        "note": "baris satu\nbaris dua",
        "size": "12.5",
        "rent": 150000,
        "workers": 3,
        "since": "2026-11-24",
        "opens": "07:30",
        "inspected": "2026-11-24T00:00:00Z",
        "roofed": True,
        "goods": "fish",
        "place": {"lat": -1.3089, "lon": 116.7347},
        "village": "64.09.01.1003",
        "owner": owner["id"],
        "site": "https://contoh.go.id/a",
        "photo": "0192-abc",
        "state": "open",
    }
    assert made["shown"] == {"village": "Petung", "owner": "Bu Siti"}
    assert (made["version"], made["title"], made["actions"], made["archived_at"]) == (1, "Ikan Segar", ["close"], None)
    assert answered(await market.admin.get(f"/rows/stalls/{made['id']}"), 200) == made
    assert (await market.stalls())["items"] == [made]


async def test_what_was_sent_back_unchanged_stays_the_same(market: Market) -> None:
    made = await market.stall(**{**WHOLE, "size": "1.1250"})
    assert made["values"]["size"] == "1.1250"
    edited = answered(
        await market.admin.put(
            f"/rows/stalls/{made['id']}", json={"values": made["values"]}, headers={"If-Match": "1"}
        ),
        200,
    )
    assert edited["values"] == made["values"]


async def test_a_decimal_on_the_wire_has_no_thousands(market: Market) -> None:
    assert (await market.stall("A-1", size="2.750"))["values"]["size"] == "2.75"


async def test_faults_name_the_field_in_both_languages(market: Market) -> None:
    body = {"values": {"number": "", "name": "x" * 101, "size": "1,250", "workers": "51", "owner": "nobody", "x": 1}}
    refused = await market.admin.post("/rows/stalls", json=body)
    assert faults(refused) == [(name, None) for name in ("x", "number", "name", "size", "workers", "owner")]
    problem = refused.json()
    assert problem["type"] == "urn:siaga:invalid"
    assert problem["faults"][3]["message"] == {
        "id": "Luas: '1,250' dapat berarti 1250 atau 1,250: tulis 1250 atau 1,2500.",
        "en": "Size: '1,250' may mean 1250 or 1.250: write 1250 or 1.2500.",
    }


async def test_rules_over_several_fields_see_the_values_that_stay(market: Market) -> None:
    assert faults(await market.admin.post("/rows/stalls", json={"values": {**WHOLE, "roofed": False}})) == [
        ("roofed", None)
    ]
    made = await market.stall("A-1", roofed=True)
    sent: dict[str, Any] = {"json": {"values": {"goods": "fish"}}, "headers": {"If-Match": "1"}}
    assert answered(await market.admin.put(f"/rows/stalls/{made['id']}", **sent), 200)["values"]["roofed"] is True
    other = await market.stall("A-2")
    assert faults(await market.admin.put(f"/rows/stalls/{other['id']}", **sent)) == [("roofed", None)]


async def test_a_plugins_refusal_is_a_fault_and_leaves_nothing(market: Market) -> None:
    refused = await market.admin.post("/rows/stalls", json={"values": {"number": "A-1", "name": "Terlarang"}})
    assert faults(refused) == [("name", None)]
    assert refused.json()["faults"][0]["message"]["id"] == "Nama ini dilarang."
    assert await market.numbers() == []


async def test_a_value_that_another_row_has_is_a_fault_of_its_field(market: Market) -> None:
    await market.owner("phone")
    again = await market.admin.post("/rows/owners", json={"values": {"name": "phone"}})
    assert faults(again) == [("name", None)]
    assert again.json()["faults"][0]["message"]["en"] == "Name: another row has it already."
    await market.stall("A-1", village="Petung")
    assert faults(await market.admin.post("/rows/stalls", json={"values": {**WHOLE}})) == [("number", None)]


async def test_an_old_version_is_a_conflict(market: Market) -> None:
    made = await market.stall("A-1")
    address = f"/rows/stalls/{made['id']}"
    one = await market.admin.put(address, json={"values": {"rent": 5}}, headers={"If-Match": "1"})
    assert answered(one, 200)["version"] == 2
    late = await market.admin.put(address, json={"values": {"rent": 6}}, headers={"If-Match": "1"})
    assert answered(late, 409)["version"] == 2
    assert (await market.admin.put(address, json={"values": {"rent": 6}})).status_code == 422


async def test_archived_rows_are_left_out_until_they_are_restored(market: Market) -> None:
    made = await market.stall("A-1")
    address = f"/rows/stalls/{made['id']}"
    for _ in range(2):
        gone = answered(await market.admin.delete(address), 200)
        assert (gone["version"], gone["actions"]) == (2, [])
    assert (await market.numbers(), await market.numbers(archived=True)) == ([], ["A-1"])
    edit = await market.admin.put(address, json={"values": {"rent": 6}}, headers={"If-Match": "2"})
    assert edit.status_code == 409
    assert answered(await market.admin.post(f"{address}/restore"), 200)["archived_at"] is None
    assert await market.numbers() == ["A-1"]


async def test_an_action_runs_once_and_only_where_it_is_offered(market: Market) -> None:
    made = await market.stall("A-1")
    address = f"/rows/stalls/{made['id']}/actions/close"
    assert faults(await market.admin.post(address, json={"values": {}})) == [("why", None)]
    assert faults(await market.admin.post(address, json={"values": {"why": "tidak boleh"}})) == [("why", None)]
    sent: dict[str, Any] = {"json": {"values": {"why": "sepi"}}, "headers": {"Idempotency-Key": "k1"}}
    done = answered(await market.admin.post(address, **sent), 200)
    assert done["message"] == {"id": "Kios ditutup.", "en": "The stall is closed."}
    assert (done["row"]["values"]["state"], done["row"]["version"], done["row"]["actions"]) == ("closed", 2, [])
    assert answered(await market.admin.post(address, **sent), 200) == done
    assert (await market.admin.post(address, json={"values": {"why": "lagi"}})).status_code == 409


async def test_a_command_sent_twice_makes_one_row(market: Market) -> None:
    body, key = {"values": {"number": "A-1", "name": "Kios"}}, {"Idempotency-Key": "k1"}
    first = answered(await market.admin.post("/rows/stalls", json=body, headers=key), 201)
    assert answered(await market.admin.post("/rows/stalls", json=body, headers=key), 201) == first
    assert await market.numbers() == ["A-1"]


async def test_the_history_says_who_changed_what(market: Market) -> None:
    made = await market.stall("A-1", place=[-1.3, 116.7], size="2")
    address = f"/rows/stalls/{made['id']}"
    edit = {"values": {"size": "2,5", "place": None}}
    answered(await market.admin.put(address, json=edit, headers={"If-Match": "1"}), 200)
    await market.admin.post(f"{address}/actions/close", json={"values": {"why": "sepi"}})
    await market.admin.delete(address)
    history = answered(await market.rina.get(f"{address}/history"), 200)["items"]
    assert [one["what"] for one in history] == ["archive", "action:close", "edit", "create"]
    assert {one["actor_name"] for one in history} == {"Admin Siaga"}
    assert [(one["field"], one["before"], one["after"]) for one in history[2]["changes"]] == [
        ("size", "2", "2.5"),
        ("place", {"lat": -1.3, "lon": 116.7}, None),
    ]
    assert [(one["field"], one["after"]) for one in history[1]["changes"]] == [("state", "closed")]
    assert history[3]["changes"][0]["label"] == {"id": "Nomor", "en": "Number"}
    assert [one["label"] for one in history] == [None, {"id": "Tutup", "en": "Close"}, None, None]


async def test_the_history_names_references_and_villages(market: Market) -> None:
    owner = answered(await market.admin.post("/rows/owners", json={"values": {"name": "Bu Siti"}}), 201)
    made = await market.stall("A-1", owner=owner["id"])
    (item,) = answered(await market.rina.get(f"/rows/stalls/{made['id']}/history"), 200)["items"]
    shown = {one["field"]: (one["before_shown"], one["after_shown"]) for one in item["changes"]}
    assert shown["owner"] == (None, "Bu Siti")
    assert shown["number"] == (None, None)


BOTH = {"name": "Budi", "phone": "+62811", "state": "new"}


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        (None, BOTH, {"name", "phone"}),
        (BOTH, {**BOTH, "phone": "+62812"}, {"phone"}),
        (BOTH, {**BOTH, "name": "–", "phone": None}, {"name", "phone"}),
        (BOTH, {**BOTH, "state": "old"}, set()),
    ],
)
def test_personal_values_leave_no_trace_but_that_they_changed(
    before: dict[str, Any] | None, after: dict[str, Any], changed: set[str]
) -> None:
    old, new = images.veiled(before, after, ("name", "phone"))
    assert "Budi" not in f"{old}{new}"
    assert "+6281" not in f"{old}{new}"
    assert {name for name in ("name", "phone") if (old or {}).get(name) != (new or {}).get(name)} == changed
    assert (new or {})["state"] == after["state"]


async def test_permissions_are_asked_for_on_every_route(market: Market) -> None:
    made = await market.stall("A-1")
    assert (await market.nobody.get("/rows/stalls")).status_code == 401
    seen = answered(await market.rina.get("/rows/stalls"), 200)["items"][0]
    assert seen["actions"] == []
    answered(await market.rina.get("/rows/stalls/choices"), 200)
    answered(await market.rina.get("/rows/owners/choices"), 200)
    assert (await market.rina.get("/rows/owners")).status_code == 403
    for send in (
        market.rina.post("/rows/stalls", json={"values": {}}),
        market.rina.put(f"/rows/stalls/{made['id']}", json={"values": {}}, headers={"If-Match": "1"}),
        market.rina.delete(f"/rows/stalls/{made['id']}"),
        market.rina.post(f"/rows/stalls/{made['id']}/restore"),
        market.rina.post(f"/rows/stalls/{made['id']}/actions/close", json={"values": {"why": "x"}}),
    ):
        assert (await send).status_code == 403
    assert (await market.admin.get("/rows/stalls/none")).status_code == 404
    assert (await market.admin.get("/rows/nothing")).status_code == 404


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("segar", ["A-1"]),
        ("SEGAR ikan", ["A-1"]),
        ("100%", ["A-2"]),
        ("_", []),
        ("siti", ["A-1"]),
        ("petung", ["A-1"]),
        ("beras", ["A-2"]),
        ("7500", ["A-2"]),
        ("kios", ["A-2", "A-3"]),
        ("kios zzz", []),
    ],
)
async def test_search_finds_words_as_people_see_them(market: Market, q: str, found: list[str]) -> None:
    owner = await market.owner("Bu Siti")
    await market.stall("A-1", "Ikan Segar", village="Petung", owner=owner["id"])
    await market.stall("A-2", "Kios 100%", goods="rice", rent=75000)
    await market.stall("A-3", "Kios")
    assert await market.numbers(q=q) == found


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("goods", "rice", ["A-2"]),
        ("rent", "100..200", ["A-1", "A-2"]),
        ("rent", "..150", ["A-1"]),
        ("rent", "200", ["A-2"]),
        ("since", "2026-01-02..", ["A-2"]),
        ("inspected", "2026-11-24", ["A-1"]),
        ("inspected", "24/11/2026..25/11/2026", ["A-1", "A-2"]),
        ("roofed", "ya", ["A-1"]),
        ("name", "dua", ["A-2"]),
        ("village", "Petung", ["A-3"]),
        ("rent", "", ["A-1", "A-2", "A-3"]),
    ],
)
async def test_filters_take_values_and_ranges(market: Market, name: str, text: str, found: list[str]) -> None:
    await market.stall("A-1", "satu", rent=100, since="2026-01-01", inspected="2026-11-24 23:59", roofed=True)
    await market.stall("A-2", "dua", goods="rice", rent=200, since="2026-02-01", inspected="2026-11-25 00:00")
    await market.stall("A-3", "tiga", village="Petung")
    assert await market.numbers(**{f"f.{name}": text}) == found


async def test_filters_and_orders_that_make_no_sense_are_refused(market: Market) -> None:
    for params in ({"f.size": "1"}, {"f.rent": "banyak"}, {"sort": "place"}, {"sort": "x"}, {"cursor": "!!"}):
        refused = await market.admin.get("/rows/stalls", params=params)
        assert faults(refused)[0][0] == next(iter(params)).removeprefix("f.")


@pytest.mark.parametrize("sort", ["name", "-name", "rent", "-rent", "size", "-since", "owner", "created_at", None])
async def test_pages_go_through_all_rows_once(market: Market, sort: str | None) -> None:
    owner = await market.owner("zeta")
    for at in range(7):
        values = {"rent": at // 2, "size": f"{at},5", "since": "2026-01-02", "owner": owner["id"]} if at % 3 else {}
        await market.stall(f"A-{at}", "abcABCa"[at], **values)
    params: dict[str, Any] = {"limit": 2} | ({"sort": sort} if sort else {})
    whole = await market.numbers(**params | {"limit": 50})
    assert sorted(whole) == [f"A-{at}" for at in range(7)]
    seen: list[str] = []
    while True:
        page = await market.stalls(**params)
        assert page["total"] == 7
        seen += [row["values"]["number"] for row in page["items"]]
        if page["next"] is None:
            break
        params["cursor"] = page["next"]
    assert seen == whole


async def test_choices_are_titles_without_archived_rows(market: Market) -> None:
    for name in ("Bu Siti", "Pak Ali", "bu ani"):
        await market.owner(name)
    gone = await market.owner("Bu Lama")
    await market.admin.delete(f"/rows/owners/{gone['id']}")
    found = answered(await market.admin.get("/rows/owners/choices", params={"q": "bu"}), 200)
    assert [one["title"] for one in found] == ["bu ani", "Bu Siti"]
