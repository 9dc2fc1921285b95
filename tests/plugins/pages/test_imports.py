"""Files that people upload: checked whole, applied at once, taken back."""

import io
import zipfile
from datetime import date, datetime, time
from typing import Any

import pytest
from openpyxl import Workbook

from dispatch.plugins.pages.reading_files import LARGEST_FILE
from tests.centre_world import answered
from tests.plugins.pages.world import Market, faults

HEADING = "Nomor;Nama kios;Desa/Kelurahan;Luas (m²);Pemilik"


async def uploaded(market: Market, content: str | bytes, resource: str = "stalls") -> dict[str, Any]:
    sent = content.encode() if isinstance(content, str) else content
    preview: dict[str, Any] = answered(
        await market.admin.post(f"/rows/{resource}/imports", params={"filename": "a.csv"}, content=sent), 201
    )
    return preview


async def applied(market: Market, preview: dict[str, Any]) -> dict[str, Any]:
    done: dict[str, Any] = answered(await market.admin.post(f"/rows/stalls/imports/{preview['id']}/apply"), 200)
    return done


def counts(preview: dict[str, Any]) -> tuple[int, int, int]:
    return preview["new"], preview["changed"], preview["same"]


def xlsx(*rows: list[Any]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def test_a_file_is_shown_before_anything_is_stored(market: Market) -> None:
    owner = await market.owner("Bu Siti")
    await market.stall("A-1", "Kios", village="Petung", size="2")
    await market.stall("A-2", "Sama", village="Petung")
    file = f"{HEADING};Ket\nA-1;Kios baru;petung;2,5;BU SITI;x\nA-2;Sama;Petung;;\nA-3;Baru;Petung;250,50;\n"
    preview = await uploaded(market, file)
    assert counts(preview) == (1, 1, 1)
    assert (preview["faults"], preview["columns"], preview["ignored"]) == ([], HEADING.split(";"), ["Ket"])
    assert preview["sample"][0] == ["A-1", "Kios baru", "petung", "2,5", "BU SITI"]
    assert await market.numbers() == ["A-1", "A-2"]
    done = await applied(market, preview)
    assert (done["state"], done["new"], done["actor_name"], done["filename"]) == ("applied", 1, "Admin Siaga", "a.csv")
    rows = (await market.stalls())["items"]
    assert [(row["title"], row["version"], row["values"]["size"]) for row in rows] == [
        ("Kios baru", 2, "2.5"),
        ("Sama", 1, None),
        ("Baru", 1, "250.5"),
    ]
    assert rows[0]["values"]["owner"] == owner["id"]
    assert counts(await uploaded(market, file)) == (0, 0, 3)
    history = answered(await market.admin.get(f"/rows/stalls/{rows[0]['id']}/history"), 200)["items"]
    assert [one["what"] for one in history] == ["import", "create"]


async def test_what_was_imported_can_be_taken_back(market: Market) -> None:
    before = await market.stall("A-1", "Kios", village="Petung", size="2", place=[-1.3, 116.7], opens="07:30")
    preview = await uploaded(market, f"{HEADING}\nA-1;Lain;Petung;3;\nA-2;Baru;Petung;;\n")
    await applied(market, preview)
    address = f"/rows/stalls/imports/{preview['id']}"
    undone = answered(await market.admin.post(f"{address}/undo"), 200)
    assert undone["state"] == "undone"
    (row,) = (await market.stalls())["items"]
    assert (row["values"], row["version"]) == (before["values"], 3)
    assert (await market.admin.post(f"{address}/undo")).status_code == 409
    assert (await market.admin.post(f"{address}/apply")).status_code == 409
    assert [one["state"] for one in answered(await market.admin.get("/rows/stalls/imports"), 200)["items"]] == [
        "undone"
    ]
    assert counts(await uploaded(market, f"{HEADING}\nA-2;Baru;Petung;;\n")) == (1, 0, 0)


async def test_an_import_whose_rows_were_changed_since_stays(market: Market) -> None:
    preview = await uploaded(market, f"{HEADING}\nA-1;Satu;Petung;;\nA-2;Dua;Petung;;\n")
    await applied(market, preview)
    row = (await market.stalls())["items"][0]
    await market.admin.put(f"/rows/stalls/{row['id']}", json={"values": {"rent": 1}}, headers={"If-Match": "1"})
    refused = answered(await market.admin.post(f"/rows/stalls/imports/{preview['id']}/undo"), 409)
    assert [one["message"]["en"] for one in refused["faults"]] == ["'Satu' was changed since."]
    assert await market.numbers() == ["A-1", "A-2"]


async def test_new_rows_that_others_hang_on_cannot_be_taken_back(market: Market) -> None:
    preview = await uploaded(market, "Nama\nBu Siti\n", "owners")
    answered(await market.admin.post(f"/rows/owners/imports/{preview['id']}/apply"), 200)
    owner = answered(await market.admin.get("/rows/owners"), 200)["items"][0]
    await market.stall("A-1", owner=owner["id"])
    assert faults(await market.admin.post(f"/rows/owners/imports/{preview['id']}/undo")) == [("", None)]


async def test_a_row_that_changed_between_preview_and_apply_stops_the_import(market: Market) -> None:
    made = await market.stall("A-1", village="Petung")
    preview = await uploaded(market, f"{HEADING}\nA-0;Baru;Petung;;\nA-1;Lain;Petung;;\n")
    await market.admin.put(f"/rows/stalls/{made['id']}", json={"values": {"rent": 1}}, headers={"If-Match": "1"})
    refused = answered(await market.admin.post(f"/rows/stalls/imports/{preview['id']}/apply"), 409)
    assert refused["faults"][0]["row"] == 3
    assert await market.numbers() == ["A-1"]


async def test_every_fault_names_its_line_and_nothing_is_applied(market: Market) -> None:
    await market.owner("Bu Siti")
    await market.owner("bu siti!")
    lines = [
        "A-1;Satu;Petung;1.250;",
        ";Dua;Nirwana;;",
        "A-3;Tiga;Petung;;Pak Hilang",
        "A-4;Empat;Petung;;bu siti",
        "A-5;Lima;Petung;;",
        "a-5;Lima lagi;Petung;;",
    ]
    preview = await uploaded(market, "\n".join([HEADING, *lines]))
    assert [(one["field"], one["row"]) for one in preview["faults"]] == [
        ("size", 2),
        ("number", 3),
        ("village", 3),
        ("owner", 4),
        ("owner", 5),
        ("number", 7),
    ]
    assert preview["fault_count"] == 6
    assert (await market.admin.post(f"/rows/stalls/imports/{preview['id']}/apply")).status_code == 409
    assert await market.numbers() == []


async def test_rules_of_the_plugin_hold_for_files_too(market: Market) -> None:
    preview = await uploaded(market, "Nomor;Nama kios;Desa/Kelurahan;Barang\nA-1;Satu;Petung;Ikan\n")
    assert [(one["field"], one["row"]) for one in preview["faults"]] == [("roofed", 2)]
    preview = await uploaded(market, f"{HEADING}\nA-1;Satu;Petung;;\nA-2;Terlarang;Petung;;\n")
    assert faults(await market.admin.post(f"/rows/stalls/imports/{preview['id']}/apply")) == [("name", 3)]
    assert await market.numbers() == []


@pytest.mark.parametrize(
    ("heading", "found"),
    [
        ("Nomor;Nomor;Nama kios;Desa", [("number", 1), ("village", 1)]),
        ("A;B", [("number", 1), ("name", 1), ("village", 1), ("", 1)]),
    ],
)
async def test_headings_are_checked_first(market: Market, heading: str, found: list[tuple[str, int]]) -> None:
    preview = await uploaded(market, f"{heading}\n1;2;3;4\n")
    assert [(one["field"], one["row"]) for one in preview["faults"]] == found


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"PK\x03\x04broken",
        b"\xd0\xcf\x11\xe0old",
        b"a;b\x00c\n",
        b'"open;quote\n"x"y;',
        b"Nomor\n" + b"x" * 20_001,
        b"Nomor\n" + b"x\n" * 20_001,
    ],
)
async def test_what_is_no_table_is_refused(market: Market, content: bytes) -> None:
    assert faults(await market.admin.post("/rows/stalls/imports", content=content)) == [("file", None)]


async def test_what_is_too_large_is_refused_before_it_is_unpacked(market: Market) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(101 * 1024**2))
    assert faults(await market.admin.post("/rows/stalls/imports", content=out.getvalue())) == [("file", None)]
    large = await market.admin.post("/rows/stalls/imports", content=bytes(LARGEST_FILE + 1))
    assert answered(large, 422)["field"] == "body"


async def test_xlsx_cells_keep_their_types(market: Market) -> None:
    heading = ["Number", "stall", "Village", "Size", "Since", "Opens", "Inspected", "Roofed", "Rent", "Place"]
    inspected = datetime.fromisoformat("2026-11-24T08:00")  # a spreadsheet has no zones
    row = [12, "=1+1", "64.09.01.1003", 2.5, date(2026, 11, 24), time(7, 30), inspected, True, 5e5]
    preview = await uploaded(market, xlsx(heading, [*row, "-1.3, 116.7"], [None] * 10, [13, "Dua", "Petung"]))
    assert preview["faults"] == [{"field": "name", "message": preview["faults"][0]["message"], "row": 2}]
    row[1] = "'=1+1"
    preview = await uploaded(market, xlsx(heading, [*row, "-1.3, 116.7"], [None] * 10, [13, "Dua", "Petung"]))
    await applied(market, preview)
    values = (await market.stalls())["items"][0]["values"]
    for name in ("goods", "note", "owner", "photo", "site", "state"):
        del values[name]
    assert values == {
        "number": "12",
        "name": "=1+1",
        "size": "2.5",
        "since": "2026-11-24",
        "opens": "07:30",
        "inspected": "2026-11-24T00:00:00Z",
        "roofed": True,
        "rent": 500000,
        "workers": None,
        "village": "64.09.01.1003",
        "place": {"lat": -1.3, "lon": 116.7},
    }


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_an_export_can_be_imported_again_and_changes_nothing(market: Market, form: str) -> None:
    owner = await market.owner("Bu Siti", phone="081234567890")
    values: dict[str, Any] = {"size": "1,1250", "since": "2026-11-24", "opens": "07:30", "rent": 5, "workers": 3}
    values |= {"inspected": "2026-11-24 08:00", "roofed": True, "goods": "fish", "place": [-1.3, 116.7], "note": "a\nb"}
    await market.stall("A-1", "-1+1", village="Petung", owner=owner["id"], site="https://a.id", **values)
    for resource in ("stalls", "owners"):
        file = (await market.admin.get(f"/rows/{resource}/export.{form}")).content
        preview = await uploaded(market, file, resource)
        assert (preview["faults"], counts(preview)) == ([], (0, 0, 1))


@pytest.mark.parametrize(
    "content",
    [
        "Nama,Telepon\nIbu Ñoñi,0812 3456 7890\n".encode("cp1252"),
        "Nama\tTelepon\nIbu Ñoñi\t0812 3456 7890\n".encode("utf-8-sig"),
        '"Nama, lengkap";"Nama";Telepon\r\n;Ibu Ñoñi;0812 3456 7890\r\n'.encode(),
        "Nama;Telepon\nIbu Ñoñi;0812 3456 7890\n".encode("utf-16"),
    ],
)
async def test_csv_is_read_as_spreadsheets_write_it(market: Market, content: bytes) -> None:
    preview = await uploaded(market, content, "owners")
    assert (preview["faults"], preview["new"]) == ([], 1)
    answered(await market.admin.post(f"/rows/owners/imports/{preview['id']}/apply"), 200)
    (row,) = answered(await market.admin.get("/rows/owners"), 200)["items"]
    assert row["values"] == {"name": "Ibu Ñoñi", "phone": "+6281234567890"}


async def test_imports_are_for_those_who_edit(market: Market) -> None:
    for send in (
        market.rina.get("/rows/stalls/template.csv"),
        market.rina.get("/rows/stalls/imports"),
        market.rina.post("/rows/stalls/imports", content=b"x"),
        market.rina.post("/rows/stalls/imports/x/apply"),
        market.rina.post("/rows/stalls/imports/x/undo"),
    ):
        assert (await send).status_code == 403
    assert (await market.admin.post("/rows/stalls/imports/x/apply")).status_code == 404
    assert (await market.admin.post("/rows/stalls/imports", content=b"x")).status_code == 201


async def test_a_file_that_writes_more_than_one_transaction_may_is_a_fault(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dispatch.plugins.pages.imports.MOST_WRITTEN", {"sqlite": 1, "postgresql": 1})
    one = f"{HEADING}\nA-1;Satu;Petung;;\n"
    await applied(market, await uploaded(market, one))
    preview = await uploaded(market, f"{one}A-2;Dua;Petung;;\nA-3;Tiga;Petung;;\n")
    assert [(one["field"], one["row"]) for one in preview["faults"]] == [("", None)]
    assert counts(await uploaded(market, f"{one}A-2;Dua;Petung;;\n")) == (1, 0, 1)
