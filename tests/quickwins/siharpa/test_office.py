"""The office's work on both databases: from the sheet to the public price, corrections, imports, alerts, reports."""

import io
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from openpyxl import Workbook
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from dispatch.plugins.checking import faults_of
from dispatch.plugins.migrating import drop, tables_of, upgrade
from quickwins.siharpa import PLUGIN, work
from quickwins.siharpa.model import Base
from tests.centre_world import answered
from tests.harness import eventually
from tests.quickwins.siharpa.world import ADDRESS, API, ROWS, Office, Stall, act, make, open_stall, rows_of


def test_the_declaration_is_sound() -> None:
    assert faults_of(PLUGIN) == []


async def test_migrations_make_the_tables_of_the_model_and_remove_them(database_url: str) -> None:
    await upgrade(database_url, PLUGIN)
    engine = create_async_engine(database_url)
    async with engine.connect() as connection:
        assert await connection.run_sync(_differences) == []
    await engine.dispose()
    await drop(database_url, PLUGIN)
    assert await tables_of(database_url, "siharpa") == []
    await upgrade(database_url, PLUGIN)
    declared = {table.name for table in Base.metadata.sorted_tables}
    assert declared <= set(await tables_of(database_url, "siharpa"))


def _differences(connection: Connection) -> list[Any]:
    """Between the migrated database and the model, of Siharpa's tables."""
    options = {"include_name": lambda name, kind, _parent: kind != "table" or name in Base.metadata.tables}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata))


async def test_a_price_is_public_once_it_is_validated(office: Office) -> None:
    stall, visitor = await open_stall(office), await office.browser()
    officer = await office.person("rina", "enter")
    answered(await stall.enter(office.day(1), 10_000), 200)
    answered(await stall.enter(office.day(), 11_000), 200)
    assert "Jagung uji" not in (await visitor.get("/siharpa/?pasar=pasar-uji")).text
    newest, _ = await stall.prices()
    assert (await act(officer, "prices", newest["id"], "validate")).status_code == 403
    assert "2 harga" in answered(await stall.validate(office.day(1), office.day()), 200)["message"]["id"]
    html = (await visitor.get("/siharpa/?pasar=pasar-uji")).text
    assert "11.000" in html
    assert "naik 10,0%" in html
    answered(await act(stall.clerk, "prices", newest["id"], "reject", reason="Salah timbang"), 200)
    html = (await visitor.get("/siharpa/?pasar=pasar-uji&lang=en")).text
    assert "11,000" not in html
    assert "prices are not validated yet" in html
    assert (await stall.validate(office.day(1), office.day())).status_code == 422  # nothing waits


async def test_the_sheet_shows_the_last_price_and_asks_before_a_jump(office: Office) -> None:
    stall = await open_stall(office)
    answered(await stall.enter(office.day(1), 10_000), 200)
    line = await stall.line(office.day())
    assert (line["last"], line["value"], line["unit"]) == ("10000", None, "Rp/kg")
    jumped = await stall.enter(office.day(), 12_501, confirmed=False)
    assert jumped.status_code == 409
    assert jumped.json()["jumps"] == [stall.good]
    answered(await stall.enter(office.day(), 12_500, confirmed=False), 200)  # a quarter is no jump yet
    answered(await stall.enter(office.day(), 12_501), 200)
    assert (await stall.line(office.day()))["value"] == "12501"


@pytest.mark.parametrize("price", ["0", "-5", "100000001", "1000.5"])
async def test_what_is_no_price_is_said_at_its_box(office: Office, price: str) -> None:
    stall = await open_stall(office)
    wrong = answered(await stall.enter(office.day(), price), 422)
    assert [fault["field"] for fault in wrong["faults"]] == [stall.good]
    assert await stall.prices() == []


async def test_a_price_of_tomorrow_is_refused(office: Office) -> None:
    stall = await open_stall(office)
    wrong = answered(await stall.enter(office.day(-1), 10_000), 422)
    assert [fault["field"] for fault in wrong["faults"]] == ["day"]
    values = {**stall.head(office.day(-1)), "commodity_id": stall.good, "price": 5}
    assert (await stall.clerk.post(f"{ROWS}/prices", json={"values": values})).status_code == 422


async def test_a_past_price_is_corrected_only_with_a_reason_and_the_old_one_is_kept(office: Office) -> None:
    stall = await open_stall(office)
    await stall.noted(office, {1: 10_000})
    refused = answered(await stall.enter(office.day(1), 9_000), 422)
    assert [fault["field"] for fault in refused["faults"]] == [stall.good]
    (row,) = await stall.prices()
    silent = answered(await stall.edit(row, price=9_000), 422)
    assert [fault["field"] for fault in silent["faults"]] == ["reason"]
    assert (await act(stall.clerk, "prices", row["id"], "correct", price=9_000)).status_code == 422
    answered(await act(stall.clerk, "prices", row["id"], "correct", price=9_000, reason="Salah ketik"), 200)
    (row,) = await stall.prices()
    assert (row["values"]["price"], row["values"]["state"]) == (9_000, "submitted")
    row = answered(await stall.edit(row, price=9_500, reason="Salah lagi"), 200)
    kept = await rows_of(stall.clerk, "corrections", **{"f.market_id": stall.market})
    found = {(one["values"]["old_price"], one["values"]["new_price"], one["values"]["reason"]) for one in kept}
    assert found == {(10_000, 9_000, "Salah ketik"), (9_000, 9_500, "Salah lagi")}
    assert (await stall.edit(row, price=9_600)).status_code == 422  # a reason serves once
    assert (await stall.clerk.post(f"{ROWS}/corrections", json={"values": {}})).status_code == 405


async def test_todays_price_typed_anew_is_kept_too_and_validated_anew(office: Office) -> None:
    stall = await open_stall(office)
    await stall.noted(office, {0: 10_000})
    answered(await stall.enter(office.day(), 10_500), 200)
    (row,) = await stall.prices()
    assert row["values"]["state"] == "submitted"
    (kept,) = await rows_of(stall.clerk, "corrections", **{"f.market_id": stall.market})
    assert (kept["values"]["old_price"], kept["values"]["reason"]) == (10_000, None)


async def test_a_rejected_price_is_entered_again_at_the_sheet(office: Office) -> None:
    stall = await open_stall(office)
    answered(await stall.enter(office.day(1), 10_000), 200)
    (row,) = await stall.prices()
    answered(await act(stall.clerk, "prices", row["id"], "reject", reason="Bukan mutu ini"), 200)
    answered(await stall.enter(office.day(1), 9_000), 200)
    (row,) = await stall.prices()
    assert (row["values"]["state"], row["values"]["rejection"]) == ("submitted", None)
    (kept,) = await rows_of(stall.clerk, "corrections", **{"f.market_id": stall.market})
    assert kept["values"]["reason"] == "Bukan mutu ini"


async def test_what_a_price_is_of_stays_and_a_validated_one_is_not_archived(office: Office) -> None:
    stall = await open_stall(office)
    await stall.noted(office, {0: 10_000})
    (row,) = await stall.prices()
    assert (await stall.edit(row, level="wholesale")).status_code == 422
    assert (await stall.clerk.delete(f"{ROWS}/prices/{row['id']}")).status_code == 422
    values = {**stall.head(office.day()), "commodity_id": stall.good, "price": 5}
    doubled = await stall.clerk.post(f"{ROWS}/prices", json={"values": values})
    assert doubled.status_code in (409, 422)
    assert len(await stall.prices()) == 1


async def test_stock_is_noted_beside_the_price(office: Office) -> None:
    stall = await open_stall(office)
    early = answered(await stall.enter(office.day(), "120.5", sheet="stock"), 422)
    assert [fault["field"] for fault in early["faults"]] == [stall.good]
    await stall.noted(office, {0: 10_000})
    answered(await stall.enter(office.day(), "120.5", sheet="stock"), 200)
    (row,) = await stall.prices()
    assert (row["values"]["stock"], row["values"]["state"]) == ("120.5", "validated")


def _file(*rows: tuple[Any, ...]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in (("Tanggal", "Komoditas", "Pasar", "Tingkat", "Harga", "Alasan koreksi"), *rows):
        sheet.append(row)
    book.save(out)
    return out.getvalue()


async def _upload(stall: Stall, content: bytes) -> dict[str, Any]:
    sent = await stall.clerk.post(f"{ROWS}/prices/imports", params={"filename": "riwayat.xlsx"}, content=content)
    preview: dict[str, Any] = answered(sent, 201)
    return preview


async def test_history_is_imported_by_its_key_and_taken_back(office: Office) -> None:
    stall = await open_stall(office)
    await stall.noted(office, {5: 10_000})
    named = ("Jagung uji", "Pasar Uji", "Pengecer")
    lines = [(office.day(ago), *named, 9_000 + ago, "Salinan buku") for ago in (9, 8, 7, 5)]
    content = _file(*lines).replace(b"Harga", b"Harga")
    preview = await _upload(stall, content)
    assert (preview["new"], preview["changed"], preview["faults"]) == (3, 1, [])
    assert len(await stall.prices()) == 1
    answered(await stall.clerk.post(f"{ROWS}/prices/imports/{preview['id']}/apply"), 200)
    rows = await stall.prices()
    assert [row["values"]["price"] for row in rows] == [9_005, 9_007, 9_008, 9_009]
    assert {row["values"]["state"] for row in rows} == {"submitted"}
    (kept,) = await rows_of(stall.clerk, "corrections", **{"f.market_id": stall.market})
    assert (kept["values"]["old_price"], kept["values"]["reason"]) == (10_000, "Salinan buku")
    answered(await stall.clerk.post(f"{ROWS}/prices/imports/{preview['id']}/undo"), 200)
    (row,) = await stall.prices()
    assert (row["values"]["price"], row["values"]["state"]) == (10_000, "validated")


async def test_an_import_that_changes_a_past_price_needs_reasons(office: Office) -> None:
    stall = await open_stall(office)
    await stall.noted(office, {5: 10_000})
    preview = await _upload(stall, _file((office.day(5), "Jagung uji", "Pasar Uji", "retail", 9_000, None)))
    refused = answered(await stall.clerk.post(f"{ROWS}/prices/imports/{preview['id']}/apply"), 422)
    assert [(fault["field"], fault["row"]) for fault in refused["faults"]] == [("reason", 2)]
    bad = await _upload(stall, _file((office.day(4), "Jagung lain", "Pasar Uji", "retail", 9_000, None)))
    assert [fault["field"] for fault in bad["faults"]] == ["commodity_id"]


async def test_a_rise_is_told_once_until_it_climbs_and_is_acknowledged(office: Office) -> None:
    stall = await open_stall(office)
    await make(stall.clerk, "rules", commodity_id=stall.good, level="retail", percent="10", days=7)
    await stall.noted(office, {3: 10_000, 2: 10_900})
    await eventually(lambda: rows_of(stall.clerk, "alerts"))  # the demonstration's, by the job's own first run

    async def mine() -> list[dict[str, Any]]:
        await work.raise_alerts(office.workshop)
        return await rows_of(stall.clerk, "alerts", **{"f.market_id": stall.market})

    assert await mine() == []
    await stall.noted(office, {1: 11_000})
    (alert,) = await mine()
    shown = {name: alert["values"][name] for name in ("percent", "from_price", "price", "state")}
    assert shown == {"percent": "10", "from_price": 10_000, "price": 11_000, "state": "open"}
    assert len(await mine()) == 1
    answered(await act(stall.clerk, "alerts", alert["id"], "acknowledge", note="Operasi pasar"), 200)
    assert (await act(stall.clerk, "alerts", alert["id"], "acknowledge", note="Lagi")).status_code == 409
    assert len(await mine()) == 1
    await stall.noted(office, {0: 11_500})
    assert sorted(one["values"]["price"] for one in await mine()) == [11_000, 11_500]
    tiles = answered(await stall.clerk.get(f"{ADDRESS}/api/plugins/tiles"), 200)["tiles"]
    found = {tile["name"]: tile for tile in tiles if tile["plugin"] == "siharpa"}
    assert found["alerts"]["tone"] == "warn"
    assert set(found) == {"alerts", "waiting"}


async def test_submitted_prices_raise_no_alert(office: Office) -> None:
    stall = await open_stall(office)
    await make(stall.clerk, "rules", commodity_id=stall.good, level="retail", percent="10", days=7)
    await eventually(lambda: rows_of(stall.clerk, "alerts"))
    await stall.noted(office, {1: 10_000})
    answered(await stall.enter(office.day(), 20_000), 200)
    await work.raise_alerts(office.workshop)
    assert await rows_of(stall.clerk, "alerts", **{"f.market_id": stall.market}) == []


async def test_reports_compare_markets_and_say_what_moves_the_index(office: Office) -> None:
    stall = await open_stall(office)
    asked = {"f.base": office.day(20).isoformat(), "f.last": office.day().isoformat(), "lang": "en"}
    facts, chart, table = answered(await stall.clerk.get(f"{API}/reports/basket", params=asked), 200)["blocks"]
    assert facts["items"][1] == ["Base day (= 100)", f"{office.day(20):%d-%m-%Y}"]
    assert len(chart["labels"]) == 21
    assert chart["series"][0]["values"][0] in (100, "100", "100.00")
    assert table["rows"][0][0] == "Bird's eye chilli"
    await stall.noted(office, {0: 10_000})
    blocks = answered(await stall.clerk.get(f"{API}/reports/over_time", params={"f.commodity_id": stall.good}), 200)
    assert [row[:2] for row in blocks["blocks"][1]["rows"]] == [["Pasar Uji", "Rp10.000"]]
    compared = answered(await stall.clerk.get(f"{API}/reports/compare"), 200)["blocks"][0]
    assert "Pasar Uji" in compared["columns"]
    assert any("termurah" in cell for row in compared["rows"] for cell in row)


async def test_a_jump_is_not_validated_together_with_the_rest(office: Office) -> None:
    stall = await open_stall(office)
    await stall.noted(office, {3: 10_000})
    for ago, price in ((2, 12_500), (1, 10_000), (0, 16_000)):
        answered(await stall.enter(office.day(ago), price), 200)
    done = answered(await stall.validate(office.day(2), office.day()), 200)
    assert done["message"]["en"] == "2 prices validated. 1 jump: look at each."
    newest, *_ = await stall.prices()
    assert newest["values"]["state"] == "submitted"
    answered(await act(stall.clerk, "prices", newest["id"], "validate"), 200)


async def test_the_largest_change_waits_on_top_of_what_is_to_be_checked(office: Office) -> None:
    stall = await open_stall(office)
    await stall.noted(office, {1: 10_000})
    answered(await stall.enter(office.day(), 20_000), 200)
    (table,) = answered(await stall.clerk.get(f"{API}/reports/check"), 200)["blocks"]
    assert table["rows"][0][1:3] == ["Pasar Uji", "Jagung uji"]
    assert table["rows"][0][6] == "▲ naik 100,0%"
    assert len(table["rows"]) == 21  # and one market of the demonstration


async def test_rights_are_kept_apart(office: Office) -> None:
    officer, visitor = await office.person("rina", "enter"), await office.browser()
    assert (await officer.get(f"{API}/sheets/entry")).status_code == 200
    assert (await officer.get(f"{ROWS}/prices")).status_code == 403
    assert (await officer.post(f"{API}/forms/validate", json={"values": {}})).status_code == 403
    assert (await officer.get(f"{API}/reports/check")).status_code == 403
    assert (await visitor.get(f"{ROWS}/prices")).status_code == 401


async def test_112_finds_a_market_and_knows_that_its_place_is_wide(office: Office) -> None:
    operator = await office.person("rina")

    async def found() -> Any:
        places = answered(await operator.get("/api/places", params={"q": "pasar induk waru"}), 200)
        return [place for place in places if place["kind"] == "market" and place["name"] == "Pasar Induk Waru"]

    (place,) = await eventually(found)
    assert place.get("accuracy_m", 4000) == 4000


async def test_the_demonstration_is_quick_to_read_and_half_validated(office: Office) -> None:
    admin = await office.person("admin")
    listed = answered(await admin.get(f"{ROWS}/prices", params={"f.state": "submitted"}), 200)
    assert listed["total"] == 20
    everything = answered(await admin.get(f"{ROWS}/prices"), 200)["total"]
    assert everything > 2000
