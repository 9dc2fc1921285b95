"""Waste banks at work, through the pages and over HTTP: a weighing day, payouts, deliveries, reports, public pages."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import select, update

from dispatch.plugins import Workshop
from quickwins.serbu_gass import rules, work
from quickwins.serbu_gass.model import Entry, Unit
from tests.centre_world import answered
from tests.harness import eventually
from tests.quickwins.serbu_gass.world import ADDRESS, API, ROWS, Office, act, make, rows_of

NENANG = "64.09.01.1010"


async def bank(clerk: httpx.AsyncClient) -> dict[str, str]:
    """A new unit with a member, and a kind of 1,999 rupiah a kilogram to members and 2,500 to the central bank."""
    unit = await make(clerk, "units", name="Bank Sampah Uji", kind="unit", village_code=NENANG)
    member = await make(clerk, "members", name="Siti Uji", kind="household", unit_id=unit["id"])
    kind = await make(clerk, "kinds", name="Uji", name_en="Test", family="other")
    prices = {"valid_from": "2026-01-01", "member_price": 1999, "central_price": 2500}
    await make(clerk, "prices", kind_id=kind["id"], **prices)
    return {"unit_id": unit["id"], "member_id": member["id"], "kind": kind["id"]}


async def sheet(client: httpx.AsyncClient, name: str, head: Mapping[str, Any], **entries: str) -> httpx.Response:
    return await client.post(f"{API}/sheets/{name}", json={"head": head, "entries": entries, "confirmed": []})


def day(office: Office, ago: int = 0) -> str:
    return (rules.local_date(office.workshop.now) - timedelta(days=ago)).isoformat()


def path_in(answer: httpx.Response) -> str:
    """The address that the message names."""
    found = re.search(r"/serbu-gass/\S+", answered(answer, 200)["message"]["id"])
    assert found is not None
    return found[0]


async def test_a_weighing_is_booked_at_the_days_price_and_stands_in_the_passbook(office: Office) -> None:
    clerk, visitor = await office.person("admin"), await office.browser()
    ids = await bank(clerk)
    head = {"unit_id": ids["unit_id"], "member_id": ids["member_id"], "day": day(office, 1)}
    asked = {f"f.{name}": value for name, value in head.items()}
    rows = answered(await clerk.get(f"{API}/sheets/weigh", params=asked), 200)["rows"]
    line = next(row for row in rows if row["key"] == ids["kind"])
    assert line["hint"] == "Rp1.999/kg"
    receipt = path_in(await sheet(clerk, "weigh", head, **{ids["kind"]: "2.75"}))
    paper = await visitor.get(receipt)
    assert paper.status_code == 200
    assert "5.497" in paper.text  # 5497.25
    assert "2,750" in paper.text
    book = await visitor.get(path_in(await act(clerk, "members", ids["member_id"], "passbook")))
    assert "Siti Uji" in book.text
    assert "5.497" in book.text
    assert book.headers["cache-control"] == "no-store"
    assert "noindex" in book.headers["x-robots-tag"]


async def test_a_tenfold_weight_asks_for_confirmation(office: Office) -> None:
    clerk = await office.person("admin")
    ids = await bank(clerk)
    head = {"unit_id": ids["unit_id"], "member_id": ids["member_id"], "day": day(office)}
    answered(await sheet(clerk, "weigh", head, **{ids["kind"]: "2.5"}), 200)
    jumped = await sheet(clerk, "weigh", head, **{ids["kind"]: "25"})
    assert jumped.status_code == 409
    assert jumped.json()["jumps"] == [ids["kind"]]


async def test_what_is_wrong_on_a_sheet_is_said_at_its_box(office: Office) -> None:
    clerk = await office.person("admin")
    ids = await bank(clerk)
    head = {"unit_id": ids["unit_id"], "member_id": ids["member_id"], "day": day(office)}
    early = await sheet(clerk, "weigh", {**head, "day": "2025-12-31"}, **{ids["kind"]: "1"})
    assert early.status_code == 422, early.text
    later = (rules.local_date(office.workshop.now) + timedelta(days=1)).isoformat()
    ahead = await sheet(clerk, "weigh", {**head, "day": later}, **{ids["kind"]: "1"})
    assert [fault["field"] for fault in ahead.json()["faults"]] == ["day"]
    other = next(row for row in await rows_of(clerk, "units") if row["id"] != ids["unit_id"])
    wrong = await sheet(clerk, "weigh", {**head, "unit_id": other["id"]}, **{ids["kind"]: "1"})
    assert [fault["field"] for fault in wrong.json()["faults"]] == ["member_id"]
    for weight in ("0", "1250"):
        refused = await sheet(clerk, "weigh", head, **{ids["kind"]: weight})
        assert [fault["field"] for fault in refused.json()["faults"]] == [ids["kind"]]


async def test_a_member_withdraws_no_more_than_there_is_and_an_entry_is_reversed_once(office: Office) -> None:
    clerk = await office.person("admin")
    ids = await bank(clerk)
    head = {"unit_id": ids["unit_id"], "member_id": ids["member_id"], "day": day(office)}
    answered(await sheet(clerk, "weigh", head, **{ids["kind"]: "10"}), 200)
    assert (await act(clerk, "members", ids["member_id"], "withdraw", amount=5000)).status_code == 422  # no cash
    answered(await act(clerk, "units", ids["unit_id"], "put_in", amount=100_000), 200)
    refused = await act(clerk, "members", ids["member_id"], "withdraw", amount=19_991)
    assert refused.json()["faults"][0]["message"]["id"] == "Saldo nasabah hanya Rp19.990."
    assert (await act(clerk, "members", ids["member_id"], "withdraw", amount=-1)).status_code == 422
    answered(await act(clerk, "members", ids["member_id"], "withdraw", amount=19_990), 200)
    entry = next(e for e in await rows_of(clerk, "entries", **{"f.member_id": ids["member_id"], "f.kind": "withdraw"}))
    done = answered(await act(clerk, "entries", entry["id"], "reverse", reason="Salah orang"), 200)
    assert done["row"]["values"]["is_reversed"] is True
    assert done["row"]["actions"] == []
    assert (await act(clerk, "entries", entry["id"], "reverse", reason="Lagi")).status_code == 409
    report = answered(await clerk.get(f"{API}/reports/books", params={"f.unit_id": ids["unit_id"]}), 200)
    assert report["blocks"][0]["tone"] == "good"
    assert ["Saldo nasabah", "Rp0", "Rp19.990"] in report["blocks"][1]["rows"]


async def test_a_unit_sells_and_delivers_what_it_has(office: Office) -> None:
    clerk = await office.person("admin")
    ids = await bank(clerk)
    head = {"unit_id": ids["unit_id"], "member_id": ids["member_id"], "day": day(office)}
    answered(await sheet(clerk, "weigh", head, **{ids["kind"]: "10"}), 200)
    unit_day = {"unit_id": ids["unit_id"], "day": day(office)}
    asked = {f"f.{name}": value for name, value in unit_day.items()}
    (line,) = answered(await clerk.get(f"{API}/sheets/deliver", params=asked), 200)["rows"]
    assert "10 kg" in line["hint"]
    answered(await sheet(clerk, "deliver", unit_day, **{ids["kind"]: "4"}), 200)
    too_much = await sheet(clerk, "deliver", unit_day, **{ids["kind"]: "6.001"})
    assert too_much.json()["faults"][0]["message"]["id"] == "Stok hanya 6 kg."
    answered(await act(clerk, "units", ids["unit_id"], "settle", amount=10_000), 200)
    (collector,) = await rows_of(clerk, "collectors")
    sold = {**unit_day, "collector_id": collector["id"], "kind_id": ids["kind"], "kg": "6", "price": 2100}
    answered(await clerk.post(f"{API}/forms/sell", json={"values": {**sold, "cash": False}}), 200)
    owed = {"unit_id": ids["unit_id"], "amount": 12_601}
    assert (await act(clerk, "collectors", collector["id"], "collect", **owed)).status_code == 422
    answered(await act(clerk, "collectors", collector["id"], "collect", **{**owed, "amount": 12_600}), 200)
    report = answered(await clerk.get(f"{API}/reports/books", params={"f.unit_id": ids["unit_id"]}), 200)
    names = {row[0]: row[1:] for row in report["blocks"][1]["rows"]}
    assert names["Kas"] == ["Rp22.600", "Rp0"]
    assert names["Selisih jual"] == ["Rp0", "Rp2.610"]
    assert report["blocks"][2]["rows"] == []


async def test_alms_are_weighed_passed_on_and_receipted(office: Office) -> None:
    clerk, visitor = await office.person("admin"), await office.browser()
    ids = await bank(clerk)
    head = {"unit_id": ids["unit_id"], "day": day(office)}
    paper = await visitor.get(path_in(await sheet(clerk, "alms", head, **{ids["kind"]: "3"})))
    assert "Hamba Allah" in paper.text
    answered(await act(clerk, "units", ids["unit_id"], "put_in", amount=10_000), 200)
    recipient = (await rows_of(clerk, "recipients"))[0]
    gift = {"unit_id": ids["unit_id"], "amount": 5_998}
    assert (await act(clerk, "recipients", recipient["id"], "give", **gift)).status_code == 422
    answered(await act(clerk, "recipients", recipient["id"], "give", **{**gift, "amount": 5_997}), 200)
    page = (await visitor.get("/serbu-gass/sedekah")).text
    assert "Panti Asuhan Contoh Kasih" in page
    assert "Keluarga Contoh" not in page


async def test_rights_are_kept_apart(office: Office) -> None:
    weigher, visitor = await office.person("rina", "weigh"), await office.browser()
    assert (await weigher.get(f"{API}/sheets/weigh")).status_code == 200
    assert (await weigher.get(f"{ROWS}/entries")).status_code == 403
    assert (await act(weigher, "members", "x", "withdraw", amount=1)).status_code == 403
    assert (await visitor.get(f"{ROWS}/members")).status_code == 401
    assert (await visitor.get(f"{API}/exports/journal.csv")).status_code == 401
    assert (await visitor.get(f"{API}/exports/collected.csv")).status_code == 200
    clerk = await office.person("admin")
    entry = (await rows_of(clerk, "entries"))[0]
    edited = await clerk.put(f"{ROWS}/entries/{entry['id']}", json={"values": {}}, headers={"If-Match": "1"})
    assert edited.status_code == 405


async def test_a_leaked_passbook_gets_a_new_address(office: Office) -> None:
    clerk, visitor = await office.person("admin"), await office.browser()
    ids = await bank(clerk)
    old = path_in(await act(clerk, "members", ids["member_id"], "passbook"))
    new = path_in(await act(clerk, "members", ids["member_id"], "new_code"))
    assert (await visitor.get(old)).status_code == 404
    assert (await visitor.get(new)).status_code == 200
    assert (await visitor.get("/serbu-gass/buku/" + "0" * 16)).status_code == 404


async def test_a_member_with_an_account_stays_with_the_unit(office: Office) -> None:
    clerk = await office.person("admin")
    ids = await bank(clerk)
    other = next(row for row in await rows_of(clerk, "units") if row["id"] != ids["unit_id"])
    head = {"unit_id": ids["unit_id"], "member_id": ids["member_id"], "day": day(office)}
    answered(await sheet(clerk, "weigh", head, **{ids["kind"]: "1"}), 200)
    row = answered(await clerk.get(f"{ROWS}/members/{ids['member_id']}"), 200)
    headers = {"If-Match": str(row["version"])}
    body = {"values": {"unit_id": other["id"]}}
    moved = await clerk.put(f"{ROWS}/members/{row['id']}", json=body, headers=headers)
    assert [fault["field"] for fault in moved.json()["faults"]] == ["unit_id"]
    second = {"name": "Induk kedua", "kind": "central", "village_code": NENANG}
    assert (await clerk.post(f"{ROWS}/units", json={"values": second})).status_code == 422


async def test_reports_name_villages_that_lack_units_and_offices_that_bring_nothing(office: Office) -> None:
    clerk = await office.person("admin")
    blocks = answered(await clerk.get(f"{API}/reports/villages", params={"lang": "en"}), 200)["blocks"]
    assert blocks[0]["items"][1] == ["Villages with 2 units", "3 / 54"]
    assert "Riko (0)" in blocks[1]["text"]
    assert "Penajam (" not in blocks[1]["text"]
    table = blocks[3]["rows"]
    assert len(table) == 54
    offices = answered(await clerk.get(f"{API}/reports/offices"), 200)["blocks"]
    states = [row[0] for row in offices[1]["rows"]]
    assert states == sorted(states, reverse=True)
    assert offices[0]["items"][0][1] == f"{states.count('✓ sudah')} / 6"


async def test_a_quiet_unit_is_told_of_once_until_it_weighs_again(office: Office) -> None:
    clerk = await office.person("admin")
    ids = await bank(clerk)
    await _age(office.workshop, ids["unit_id"])

    async def quiet_since() -> Any:
        return answered(await clerk.get(f"{ROWS}/units/{ids['unit_id']}"), 200)["values"]["quiet_since"]

    await work.find_quiet(office.workshop)
    assert await quiet_since() == day(office)
    quiet = answered(await clerk.get(f"{API}/reports/quiet"), 200)["blocks"][0]["rows"]
    assert "Bank Sampah Uji" in [row[0] for row in quiet]
    head = {"unit_id": ids["unit_id"], "member_id": ids["member_id"], "day": day(office)}
    answered(await sheet(clerk, "weigh", head, **{ids["kind"]: "1"}), 200)
    assert await quiet_since() is None
    tiles = answered(await clerk.get(f"{ADDRESS}/api/plugins/tiles"), 200)["tiles"]
    assert {tile["name"] for tile in tiles if tile["plugin"] == "serbu_gass"} == {"month", "quiet"}


async def _age(workshop: Workshop, unit_id: str) -> None:
    async with workshop.working() as w:
        long_ago = rules.local_date(w.now) - timedelta(days=31)
        await w.session.execute(update(Unit).where(Unit.id == unit_id).values(founded=long_ago))


async def test_the_public_asks_for_alms_to_be_fetched(office: Office) -> None:
    clerk, visitor = await office.person("admin"), await office.browser()
    sent = {"name": "Budi", "phone": "0812 3456 7890", "village_code": NENANG, "address": "RT 3", "what": "1 karung"}
    origin = {"Origin": ADDRESS}
    wrong = await visitor.post("/serbu-gass/sedekah", data={**sent, "phone": "12"}, headers=origin)
    assert wrong.status_code == 422
    assert "1 karung" in wrong.text
    assert (await visitor.post("/serbu-gass/sedekah", data=sent, headers=origin)).status_code == 303
    asked = await rows_of(clerk, "requests", q="Budi")
    assert [row["values"]["phone"] for row in asked] == ["+6281234567890"]


async def test_public_pages_answer_in_both_languages_with_structured_data(office: Office) -> None:
    visitor = await office.browser()
    for path in ("", "unit", "harga", "sedekah"):
        texts = [(await visitor.get(f"/serbu-gass/{path}?lang={lang}")).text for lang in ("id", "en")]
        assert '<html lang="id"' in texts[0]
        assert '<html lang="en"' in texts[1]
        assert texts[0] != texts[1]
    units = (await visitor.get("/serbu-gass/unit?desa=64.09.03.2001&lang=id")).text
    assert '"@type":"RecyclingCenter"' in units
    assert units.index("Babulu Darat</h2>") < units.index("Sepaku</h2>")
    layer = answered(await visitor.get(f"{API}/layers/units"), 200)
    assert len(layer["features"]) == 16


async def test_112_finds_a_waste_bank_by_its_name(office: Office) -> None:
    operator = await office.person("rina")

    async def found() -> bool:
        places = answered(await operator.get("/api/places", params={"q": "bank sampah melati penajam"}), 200)
        return any(place["kind"] == "waste_bank" for place in places)

    assert await eventually(found)


async def test_the_demonstrations_books_balance(office: Office) -> None:
    clerk = await office.person("admin")
    report = answered(await clerk.get(f"{API}/reports/books"), 200)
    assert report["blocks"][0]["tone"] == "good"
    async with office.workshop.reading() as reading:
        assert len((await reading.session.scalars(select(Entry.id))).all()) > 100
