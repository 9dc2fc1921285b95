"""Reports, sheets, forms, exports and what the admin face is told of them."""

import io
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from dispatch.plugins.contract import Sheet, SheetRow
from dispatch.plugins.pages import describe
from dispatch.plugins.pages.sheets import jumps
from tests.centre_world import answered
from tests.plugins.pages.example import PLUGIN
from tests.plugins.pages.world import Market, faults

DAY = {"day": "2026-11-24"}


def test_a_person_is_shown_what_the_person_may_see_and_do() -> None:
    shape = describe(PLUGIN, frozenset({"view"}))
    assert [(page.kind, page.name) for page in shape.pages] == [("resource", "stalls"), ("report", "rents")]
    stalls = shape.model_dump()["pages"][0]
    assert (stalls["can_edit"], stalls["importable"], stalls["actions"], stalls["search"]) == (False, False, (), True)
    assert [one.name for one in shape.exports] == ["open"]
    assert shape.public_path is None
    whole = describe(PLUGIN, frozenset({"view", "edit", "close"})).model_dump(mode="json")
    assert [page["kind"] for page in whole["pages"]] == ["resource", "resource", "report", "sheet", "form"]
    assert whole["pages"][0]["actions"][0]["confirm"] == {"id": "Tutup kios ini?", "en": "Close this stall?"}
    assert whole["pages"][3]["jump"] == "0.25"
    size = next(one for one in whole["pages"][0]["fields"] if one["name"] == "size")
    assert (size["least"], size["most"], size["kind"], size["unit"]) == (
        "0.5",
        "500",
        "decimal",
        {"id": "m²", "en": "m²"},
    )


async def test_a_report_is_built_for_what_was_chosen(market: Market) -> None:
    await market.stall("A-1", "satu", rent=5)
    await market.stall("A-2", "dua", goods="rice")
    whole = answered(await market.rina.get("/reports/rents"), 200)["blocks"]
    assert [block["kind"] for block in whole] == ["chart", "chart", "facts", "table", "note"]
    assert whole[0] == {
        "kind": "chart",
        "style": "line",
        "labels": ["dua", "satu"],
        "series": [{"name": "Sewa", "values": [None, 5]}],
        "unit": "",
        "title": "",
    }
    assert (whole[1]["style"], whole[1]["series"][0]["values"]) == ("bar", ["1.5", None])
    rice = answered(await market.rina.get("/reports/rents", params={"f.goods": "rice", "lang": "en"}), 200)["blocks"]
    assert (rice[0]["labels"], rice[0]["series"][0]["name"], rice[2]["items"]) == (["dua"], "Rent", [["n", "1"]])
    assert faults(await market.rina.get("/reports/rents", params={"f.goods": "gold"})) == [("goods", None)]
    assert (await market.nobody.get("/reports/rents")).status_code == 401


async def test_a_sheet_is_stored_once_all_jumps_are_confirmed(market: Market) -> None:
    one, two, three = [await market.stall(f"A-{at}", size=size) for at, size in enumerate(("10", "10", None))]
    shown = answered(await market.admin.get("/sheets/sizes", params={"f.day": "2026-11-24"}), 200)["rows"]
    assert [(row["key"], row["last"], row["value"]) for row in shown] == [
        (one["id"], "10", None),
        (two["id"], "10", None),
        (three["id"], None, None),
    ]
    entries = {one["id"]: "12,5", two["id"]: "12,51", three["id"]: "1.000,5"}
    refused = await market.admin.post("/sheets/sizes", json={"head": DAY, "entries": entries})
    assert answered(refused, 409)["jumps"] == [two["id"]]
    assert [row["values"]["size"] for row in (await market.stalls())["items"]] == ["10", "10", None]
    sent: dict[str, Any] = {"json": {"head": DAY, "entries": entries, "confirmed": [two["id"]]}}
    sent["headers"] = {"Idempotency-Key": "k1"}
    for _ in range(2):
        assert answered(await market.admin.post("/sheets/sizes", **sent), 200)["message"]["en"] == "3 stored."
    rows = (await market.stalls())["items"]
    assert [(row["values"]["size"], row["version"]) for row in rows] == [("12.5", 2), ("12.51", 2), ("1000.5", 2)]


async def test_faults_of_a_sheet_name_its_line(market: Market) -> None:
    one = await market.stall("A-1", size="10")

    async def sent(head: dict[str, Any], entries: dict[str, Any]) -> list[tuple[str, int | None]]:
        return faults(await market.admin.post("/sheets/sizes", json={"head": head, "entries": entries}))

    assert await sent({}, {one["id"]: "10"}) == [("day", None)]
    assert await sent(DAY, {one["id"]: "1,250"}) == [(one["id"], None)]
    assert await sent(DAY, {one["id"]: "9,999"}) == [(one["id"], None)]
    assert await sent(DAY, {one["id"]: "9,9991"}) == [(one["id"], None)]
    assert await sent(DAY, {"gone": "10"}) == [("gone", None)]
    assert await sent(DAY, {one["id"]: " "}) == [("", None)]
    assert await sent({"day": "2026-01-01"}, {one["id"]: "10"}) == [("day", None)]
    confirmed = {"head": DAY, "entries": {one["id"]: 13}, "confirmed": [one["id"]]}
    assert faults(await market.admin.post("/sheets/sizes", json=confirmed)) == [(one["id"], None)]
    assert faults(await market.admin.get("/sheets/sizes", params={"f.day": "x"})) == [("day", None)]
    assert answered(await market.admin.get("/sheets/sizes"), 200)["rows"][0]["key"] == one["id"]
    assert (await market.rina.get("/sheets/sizes")).status_code == 403


def test_from_nothing_no_value_jumps() -> None:
    sheet = next(page for page in PLUGIN.pages if isinstance(page, Sheet))
    rows = [SheetRow(key="zero", label="", last=Decimal(0)), SheetRow(key="minus", label="", last=Decimal(-4))]
    assert jumps(sheet, rows, {"zero": Decimal(9), "minus": Decimal(-5)}) == []
    assert jumps(sheet, rows, {"zero": Decimal(9), "minus": Decimal(4)}) == ["minus"]


async def test_a_form_does_one_thing(market: Market) -> None:
    owner = await market.owner("Bu Siti")
    await market.owner("Pak Ali")

    async def sent(name: str, owner_id: str) -> Any:
        return await market.admin.post("/forms/rename", json={"values": {"owner": owner_id, "name": name}})

    assert answered(await sent("Bu Ani", owner["id"]), 200)["message"] == {"id": "Diganti.", "en": "Renamed."}
    assert faults(await sent("salah", owner["id"])) == [("name", None)]
    assert faults(await sent("Pak Ali", owner["id"])) == [("name", None)]
    assert faults(await sent("", "nobody")) == [("owner", None), ("name", None)]
    titles = [one["title"] for one in answered(await market.admin.get("/rows/owners/choices"), 200)]
    assert titles == ["Bu Ani", "Pak Ali"]


async def test_open_data_is_for_everybody_and_runs_nothing_in_a_spreadsheet(market: Market) -> None:
    content = (await market.nobody.get("/exports/open.csv")).content
    assert content.decode("utf-8-sig") == "formula;berat;tanggal;jumlah;kosong;ya\r\n'=1+1;1,1250;2026-11-24;0;;ya\r\n"
    comma = (await market.nobody.get("/exports/open.csv", params={"separator": "comma"})).content
    assert comma.decode("utf-8-sig").splitlines()[1] == "'=1+1,1.1250,2026-11-24,0,,ya"
    answer = await market.nobody.get("/exports/open.xlsx")
    assert answer.headers["content-disposition"] == 'attachment; filename="open.xlsx"'
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    assert [(cell.value, cell.data_type) for cell in sheet[2]][:2] == [("'=1+1", "s"), (1.125, "n")]
    assert (await market.nobody.get("/exports/inner.csv")).status_code == 401
    assert (await market.rina.get("/exports/inner.csv")).status_code == 403
    assert (await market.nobody.get("/exports/open.exe")).status_code == 422


async def test_rows_are_exported_as_the_list_shows_them(market: Market) -> None:
    owner = await market.owner("Bu Siti", phone="081234567890")
    values = {"size": "12,5", "since": "2026-11-24", "opens": "07:30", "inspected": "2026-11-24 08:00", "rent": -0}
    await market.stall("A-1", "-1+1", owner=owner["id"], village="Petung", place=[-1.3, 116.7], goods="rice", **values)
    await market.stall("B-1")
    content = (await market.rina.get("/rows/stalls/export.csv", params={"f.goods": "rice"})).content
    heading, line = content.decode("utf-8-sig").splitlines()
    assert heading.startswith("Nomor;Nama kios;Catatan;Luas (m²);Sewa")
    assert line == (
        "A-1;'-1+1;;12,5;0;;2026-11-24;07:30:00;2026-11-24 08:00;tidak;Beras;'-1.3, 116.7;Petung;Bu Siti;;;open"
    )
    owners = (await market.admin.get("/rows/owners/export.csv")).content.decode("utf-8-sig")
    assert owners.splitlines()[1] == "Bu Siti;0812-3456-7890"
    book = load_workbook(io.BytesIO((await market.rina.get("/rows/stalls/export.xlsx")).content))
    assert [[cell.value for cell in row][:2] for row in book.worksheets[0].iter_rows(min_row=2)] == [
        ["A-1", "'-1+1"],
        ["B-1", "Kios"],
    ]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_a_template_is_itself_a_file_that_changes_nothing(market: Market, form: str) -> None:
    await market.owner("unused")
    template = (await market.admin.get(f"/rows/stalls/template.{form}")).content
    if form == "xlsx":
        book = load_workbook(io.BytesIO(template))
        explained = [[cell.value for cell in row] for row in book["Kolom"].iter_rows()]
        assert explained[0] == ["Kolom", "Harus diisi", "Cara mengisi"]
        assert ["Luas (m²)", "tidak", "angka, misalnya 12,5; paling sedikit 0.5; paling banyak 500"] in explained
    preview = answered(await market.admin.post("/rows/stalls/imports", content=template), 201)
    assert (preview["new"], preview["faults"], preview["ignored"]) == (0, [], [])
