"""The office's work: from draft to public page, enquiries, counts, reports, and what 112 gets of it."""

from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import inspect, select, update
from sqlalchemy.ext.asyncio import create_async_engine

from dispatch.plugins.checking import faults_of
from dispatch.plugins.migrating import drop, tables_of, upgrade
from dispatch.plugins.pages.model import PluginAuditRow
from quickwins.puspita import PLUGIN
from quickwins.puspita.model import Base, Enquiry
from quickwins.puspita.work import forget_enquiries
from tests.centre_world import answered
from tests.harness import eventually
from tests.quickwins.puspita.world import NEW, ROWS, Office, act, make, row_of

POINT = {"lat": -1.43, "lon": 116.61}
API = "/api/plugins/puspita"


def test_the_declaration_is_sound() -> None:
    assert faults_of(PLUGIN) == []


async def test_migrations_make_the_tables_of_the_model_and_remove_them(database_url: str) -> None:
    await upgrade(database_url, PLUGIN)
    engine = create_async_engine(database_url)
    async with engine.connect() as connection:
        made = await connection.run_sync(_columns)
    await engine.dispose()
    declared = {table.name: {column.name for column in table.columns} for table in Base.metadata.sorted_tables}
    assert made == declared
    await drop(database_url, PLUGIN)
    assert await tables_of(database_url, "puspita") == []
    await upgrade(database_url, PLUGIN)
    assert set(declared) <= set(await tables_of(database_url, "puspita"))


def _columns(connection: Any) -> dict[str, set[str]]:
    look = inspect(connection)
    names = [name for name in look.get_table_names() if name.startswith("puspita_") and "alembic" not in name]
    return {name: {column["name"] for column in look.get_columns(name)} for name in names}


async def test_a_page_becomes_public_by_review_and_goes_by_withdrawal(office: Office) -> None:
    editor = await office.person("rina", "view", "edit")
    publisher = await office.person("haris", "view", "edit", "publish")
    visitor = await office.browser()
    address = "/puspita/wisata/pantai-uji-coba"
    row = await make(editor, "destinations", name_id="Pantai Uji Coba", point=POINT, **NEW)
    assert row["values"]["state"] == "draft"
    assert (await act(editor, "destinations", row, "submit")).status_code == 422  # no description yet
    row = answered(
        await editor.put(
            f"{ROWS}/destinations/{row['id']}",
            json={"values": {"description_id": "Pasir."}},
            headers={"If-Match": str(row["version"])},
        ),
        200,
    )
    answered(await act(editor, "destinations", row, "submit"), 200)
    assert (await act(editor, "destinations", row, "publish")).status_code == 403
    assert (await visitor.get(address)).status_code == 404
    answered(await act(publisher, "destinations", row, "publish"), 200)
    assert (await visitor.get(address)).status_code == 200
    assert (await act(publisher, "destinations", row, "publish")).status_code == 409
    answered(await act(publisher, "destinations", row, "withdraw", reason="Longsor"), 200)
    assert (await visitor.get(address)).status_code == 404
    withdrawn = await row_of(publisher, "destinations", "Uji Coba")
    assert withdrawn["values"]["review_note"] == "Longsor"
    assert withdrawn["actions"] == ["submit"]


async def test_only_publishers_change_what_is_public(office: Office) -> None:
    editor = await office.person("rina", "view", "edit")
    publisher = await office.person("haris", "view", "edit", "publish")
    row = await row_of(editor, "destinations", "Tapak Raja")

    async def edit(client: httpx.AsyncClient) -> httpx.Response:
        headers = {"If-Match": str(row["version"])}
        return await client.put(f"{ROWS}/destinations/{row['id']}", json={"values": {"ticket": 1}}, headers=headers)

    refused = await edit(editor)
    assert refused.status_code == 422
    assert "publish" in refused.json()["faults"][0]["message"]["en"]
    note = {"values": {"destination_id": row["id"], "hazard": "fall", "text_id": "Licin", "no_signal": False}}
    assert (await editor.post(f"{ROWS}/safety_notes", json=note)).status_code == 422
    assert (await editor.delete(f"{ROWS}/destinations/{row['id']}")).status_code == 422
    answered(await edit(publisher), 200)


async def test_names_that_are_taken_get_an_address_of_their_own(office: Office) -> None:
    editor = await office.person("rina", "view", "edit")
    for _ in range(2):
        await make(editor, "destinations", name_id="Pantai Kembar", **NEW)
    listed = answered(await editor.get(f"{API}/rows/destinations", params={"q": "Kembar"}), 200)
    assert listed["total"] == 2


async def test_hours_that_cannot_be_read_are_a_fault_at_their_box(office: Office) -> None:
    editor = await office.person("rina", "view", "edit")
    body = {"values": {"name_id": "A", "hours": "tiap hari", **NEW}}
    refused = await editor.post(f"{ROWS}/destinations", json=body)
    assert [fault["field"] for fault in refused.json()["faults"]] == ["hours"]


async def test_an_event_does_not_end_before_it_begins(office: Office) -> None:
    editor = await office.person("rina", "view", "edit")
    times = {"starts_at": "2026-12-02T00:00:00Z", "ends_at": "2026-12-01T00:00:00Z"}
    refused = await editor.post(f"{ROWS}/events", json={"values": {"name_id": "A", **times}})
    assert [fault["field"] for fault in refused.json()["faults"]] == ["ends_at"]


async def test_112_finds_what_is_public_and_forgets_what_is_withdrawn(office: Office) -> None:
    publisher = await office.person("admin")
    operator = await office.person("rina")

    async def found(words: str, name: str) -> bool:
        places = answered(await operator.get("/api/places", params={"q": words}), 200)
        return any(place["name"] == name and place["kind"] == "attraction" for place in places)

    assert await eventually(lambda: found("di pantai sipakario", "Pantai Nipah-Nipah"))
    assert await eventually(lambda: found("mulut gua tapak raja", "Mulut gua, Gua Tapak Raja"))
    assert not await found("pantai istana amal", "Pantai Istana Amal")  # a draft
    row = await row_of(publisher, "destinations", "Tapak Raja")
    answered(await act(publisher, "destinations", row, "withdraw", reason="Uji"), 200)

    async def gone() -> bool:
        return not await found("gua tapak raja", "Gua Tapak Raja")

    assert await eventually(gone, timeout_s=25)


async def test_an_enquiry_is_answered_or_handed_to_112(office: Office) -> None:
    clerk = await office.person("rina", "enquiries")
    visitor = await office.browser()
    sent = {"name": "Budi", "contact": "081234567890", "message": "Ada orang hanyut!", "about": "pantai-corong"}
    answer = await visitor.post("/puspita/tanya", data=sent, headers={"Origin": "http://centre"})
    assert answer.status_code == 303, answer.text
    row = await row_of(clerk, "enquiries", "hanyut")
    assert row["values"]["state"] == "new"
    assert row["shown"]["destination_id"] == "Pantai Corong"
    done = answered(await act(clerk, "enquiries", row, "hand_to_112"), 200)
    number = done["message"]["id"].removeprefix("Diserahkan ke 112: ")
    incidents = answered(await (await office.person("siti")).get("/api/incidents"), 200)
    assert number in str(incidents)
    other = await row_of(clerk, "enquiries", "libur")
    answered(await act(clerk, "enquiries", other, "answer", answer="Buka."), 200)
    noted = (await row_of(clerk, "enquiries", "libur"))["values"]
    assert (noted["state"], noted["answer"]) == ("answered", "Buka.")
    assert noted["answered_by"]
    assert (await clerk.get(f"{ROWS}/destinations")).status_code == 403
    assert (await visitor.get(f"{ROWS}/enquiries")).status_code == 401


async def test_who_asked_is_forgotten_once_the_time_is_over(office: Office) -> None:
    clerk = await office.person("rina", "enquiries")
    aged = await row_of(clerk, "enquiries", "libur")
    answered(await act(clerk, "enquiries", aged, "answer", answer="Buka, kecuali hari besar."), 200)
    history = answered(await clerk.get(f"{ROWS}/enquiries/{aged['id']}/history"), 200)["items"][0]
    changes = {one["field"]: (one["before"], one["after"], one["hidden"]) for one in history["changes"]}
    assert history["label"] == {"id": "Catat jawaban", "en": "Note the answer"}
    assert changes["answer"] == (None, None, True)
    assert changes["state"] == ("new", "answered", False)
    assert "message" not in changes
    async with office.workshop.working() as working:
        long_ago = working.now - timedelta(days=working.settings.enquiry_days + 1)
        await working.session.execute(update(Enquiry).where(Enquiry.id == aged["id"]).values(created_at=long_ago))
    await forget_enquiries(office.workshop)
    kept = await row_of(clerk, "enquiries", "low water")
    assert kept["values"]["name"] == "Example visitor 2"
    gone = answered(await clerk.get(f"{ROWS}/enquiries/{aged['id']}"), 200)["values"]
    assert (gone["name"], gone["contact"], gone["message"], gone["answer"]) == ("–", "–", "–", None)
    async with office.workshop.reading() as reading:
        kept_images = str((await reading.session.execute(select(PluginAuditRow.before, PluginAuditRow.after))).all())
    assert "answered" in kept_images
    for words in (aged["values"]["name"], aged["values"]["contact"], aged["values"]["message"], "hari besar"):
        assert words not in kept_images


async def test_visitors_are_counted_on_a_sheet_and_shown_in_the_report(office: Office) -> None:
    counter = await office.person("rina", "count", "view")
    head = {"period": "month", "day": "2026-10-15"}
    asked = {f"f.{name}": value for name, value in head.items()}
    rows = answered(await counter.get(f"{API}/sheets/counts", params=asked), 200)["rows"]
    line = next(one for one in rows if one["key"].endswith(":domestic") and one["last"] is not None)
    body = {"head": head, "entries": {line["key"]: "123456"}, "confirmed": []}
    jumped = await counter.post(f"{API}/sheets/counts", json=body)
    assert jumped.status_code == 409
    assert jumped.json()["jumps"] == [line["key"]]
    answered(await counter.post(f"{API}/sheets/counts", json={**body, "confirmed": [line["key"]]}), 200)
    report = answered(await counter.get(f"{API}/reports/visits", params={"f.until": "2026-11-30"}), 200)
    chart = next(block for block in report["blocks"] if block["kind"] == "chart")
    october = chart["labels"].index("Okt 2026")
    assert int(chart["series"][0]["values"][october]) >= 123456
    future = {"head": {"period": "day", "day": "2126-01-01"}, "entries": {line["key"]: "1"}, "confirmed": [line["key"]]}
    assert (await counter.post(f"{API}/sheets/counts", json=future)).status_code == 422


async def test_tourism_villages_are_ranked_with_their_stage(office: Office) -> None:
    viewer = await office.person("rina", "view")
    report = answered(await viewer.get(f"{API}/reports/villages"), 200)
    table = next(block for block in report["blocks"] if block["kind"] == "table")
    scores = [int(row[2]) for row in table["rows"]]
    assert len(scores) == 8
    assert scores == sorted(scores, reverse=True)
    facts = next(block for block in report["blocks"] if block["kind"] == "facts")
    assert sum(int(value) for _, value in facts["items"]) == 8


async def test_imported_destinations_begin_as_drafts_with_an_address(office: Office) -> None:
    editor = await office.person("rina", "view", "edit")
    template = await editor.get(f"{ROWS}/destinations/template.csv")
    assert template.status_code == 200
    head = "Nama;Jenis;Akurasi titik;Sinyal ponsel;Jam buka (WITA)"
    good = f"{head}\nPantai Impor Satu;Pantai;500;Ada;Mo-Su 08:00-17:00\nPantai Impor Dua;beach;500;none;\n"
    bad = f"{head}\nPantai Impor;Pantai;500;Ada;kapan saja\n"

    async def check(text: str) -> dict[str, Any]:
        address = f"{ROWS}/destinations/imports"
        checked: dict[str, Any] = answered(
            await editor.post(address, params={"filename": "a.csv"}, content=text.encode()), 201
        )
        return checked

    assert [fault["field"] for fault in (await check(bad))["faults"]] == ["hours"]
    checked = await check(good)
    assert (checked["new"], checked["faults"]) == (2, [])
    answered(await editor.post(f"{ROWS}/destinations/imports/{checked['id']}/apply"), 200)
    listed = answered(await editor.get(f"{ROWS}/destinations", params={"q": "Impor"}), 200)["items"]
    assert [row["values"]["state"] for row in listed] == ["draft", "draft"]
    assert listed[0]["actions"] == ["submit"]


async def test_open_data_has_what_is_public_alone(office: Office) -> None:
    visitor = await office.browser()
    file = await visitor.get(f"{API}/exports/destinations.csv")
    assert file.status_code == 200
    assert "Gua Tapak Raja" in file.text
    assert "Istana Amal" not in file.text
