"""The office's work: catalogue, cases, clocks, the hand-over to 112, and forgetting."""

from datetime import date, timedelta
from typing import Any

import httpx
from sqlalchemy import func, inspect, select, update
from sqlalchemy.ext.asyncio import create_async_engine

from dispatch import log
from dispatch.plugins.checking import faults_of
from dispatch.plugins.migrating import drop, tables_of, upgrade
from quickwins.go_ppu import PLUGIN, rules
from quickwins.go_ppu.model import Application, Base, Case, Complaint, Document, Holiday, Move, Private
from quickwins.go_ppu.reports import tile_complaints
from quickwins.go_ppu.work import forget, keep_clocks
from tests.centre_world import answered
from tests.quickwins.go_ppu.world import PDF, ROWS, Office, act, look, make, row_of, send

API = "/api/plugins/go_ppu"
BROKEN_LAMP = "Lampu jalan mati di depan sekolah"


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
    assert await tables_of(database_url, "go_ppu") == []
    await upgrade(database_url, PLUGIN)
    assert set(declared) <= set(await tables_of(database_url, "go_ppu"))


def _columns(connection: Any) -> dict[str, set[str]]:
    look_at = inspect(connection)
    names = [name for name in look_at.get_table_names() if name.startswith("go_ppu_") and "alembic" not in name]
    return {name: {column["name"] for column in look_at.get_columns(name)} for name in names}


async def complain(office: Office, message: str = BROKEN_LAMP, **typed: str) -> str:
    return await send(await office.browser(), "adu", None, message=message, **typed)


async def later(office: Office, kind: type[Case], number: str, days: int) -> None:
    """As if the case had come into its state `days` earlier."""
    async with office.workshop.working() as working:
        case = (await working.session.scalars(select(kind).where(kind.number == number))).one()
        assert case.due_from is not None
        case.due_from -= timedelta(days=days)
        if case.closed_at is not None:
            case.closed_at -= timedelta(days=days)


async def told(office: Office, name: str, case_id: str) -> int:
    """How often the plugin's event `name` about a case is in the log."""
    async with office.app.state.centre.db.reading() as session:
        stored = await log.read(session, 0, 500, types=("plugin.emitted",))
    return sum(f'"name":"{name}"' in one.payload and case_id in one.payload for one in stored)


async def test_a_public_service_states_all_six_parts(office: Office) -> None:
    editor = await office.person("rina", "view", "edit")
    owner = await row_of(editor, "offices", "Sosial")
    told = {f"{part}_id": "Ada." for part in rules.PARTS}
    values = {"name_id": "Layanan Uji", "office_id": owner["id"], "review_on": "2027-01-01", "online": True}
    refused = await editor.post(f"{ROWS}/services", json={"values": {**values, "published": True, "cost_id": "Gratis"}})
    assert {one["field"] for one in refused.json()["faults"]} == {f"{one}_id" for one in rules.PARTS} - {"cost_id"}
    visitor = await office.browser()
    await make(editor, "services", **values, published=False)
    assert (await visitor.get("/go-ppu/layanan/layanan-uji")).status_code == 404
    await make(editor, "services", **values, **told, published=True)
    assert (await visitor.get("/go-ppu/layanan/layanan-uji-2")).status_code == 200


async def test_an_application_goes_its_way_and_the_citizen_sees_each_step(office: Office) -> None:
    citizen, clerk = await office.browser(), await office.person("rina", "applications")
    number = await send(citizen, "ajukan/kartu-keluarga", message="Tambah anak")
    row = await row_of(clerk, "applications", number)
    assert (row["values"]["state"], row["values"]["clock"]) == ("submitted", "on_time")
    assert row["actions"] == ["check"]  # 'contact' needs a permission of its own
    answered(await act(clerk, "applications", row, "check"), 200)
    assert (await act(clerk, "applications", row, "ask")).status_code == 422  # without a reason
    answered(await act(clerk, "applications", row, "ask", reason="Foto buram"), 200)
    waiting = await row_of(clerk, "applications", number)
    assert (waiting["values"]["state"], waiting["values"]["due_on"]) == ("incomplete", None)
    page = (await look(citizen, number)).text
    assert "Foto buram" in page
    assert "Lengkapi permohonan" in page
    typed = {"number": number, "digits": "7890", "message": "Ini yang jelas"}
    again = await citizen.post("/go-ppu/lacak/balas", data=typed, headers={"Origin": "http://centre"})
    assert again.status_code == 200
    back = await row_of(clerk, "applications", number)
    assert (back["values"]["state"], back["values"]["reply"]) == ("submitted", "Ini yang jelas")
    assert back["values"]["due_on"] is not None
    for name in ("check", "accept", "finish"):
        answered(await act(clerk, "applications", row, name, reason=f"Catatan {name}"), 200)
    assert (await act(clerk, "applications", row, "check")).status_code == 409
    page = (await look(citizen, number, lang="en")).text
    for words in ("Submitted", "In check", "Incomplete", "Accepted", "Done", "Catatan finish", "Rate this service"):
        assert words in page


async def test_lists_show_nobody_and_looking_is_noted(office: Office) -> None:
    clerk = await office.person("rina", "complaints")
    trusted = await office.person("haris", "complaints", "personal")
    row = await row_of(clerk, "complaints", await complain(office))
    listed = (await clerk.get(f"{ROWS}/complaints")).text + (await clerk.get(f"{ROWS}/complaints/export.csv")).text
    assert "Budi" not in listed
    assert "81234567890" not in listed
    assert row["values"]["holder"] == "B. S. ••90"
    assert (await act(clerk, "complaints", row, "contact")).status_code == 403
    shown = answered(await act(trusted, "complaints", row, "contact"), 200)
    assert shown["message"]["id"] == "Budi Santoso, +6281234567890"
    history = (await trusted.get(f"{ROWS}/complaints/{row['id']}/history")).text
    assert "action:contact" in history
    assert "Budi" not in history
    assert (await (await office.person("rina", "view")).get(f"{ROWS}/answers")).status_code == 200
    assert (await (await office.browser()).get(f"{ROWS}/complaints")).status_code == 401


async def test_an_emergency_is_handed_to_112_in_one_click(office: Office) -> None:
    clerk, citizen = await office.person("rina", "complaints"), await office.browser()
    words = "Ada kebakaran di belakang pasar!"
    number = await complain(
        office, words, place="Belakang Pasar Petung", village_code="64.09.01.1003", point="-1.35, 116.66"
    )
    row = await row_of(clerk, "complaints", number)
    assert row["values"]["urgent"] is True
    assert row["actions"][0] == "hand"
    done = answered(await act(clerk, "complaints", row, "hand"), 200)
    incident = done["row"]["values"]["incident"]
    listed = answered(await (await office.person("siti")).get("/api/incidents"), 200)["items"]
    opened = next(one for one in listed if one["number"] == incident)
    assert opened["narrative"] == words
    assert "Belakang Pasar Petung, Petung, Penajam" in str(opened)
    assert await told(office, "handed_to_112", row["id"]) == 1
    assert (await act(clerk, "complaints", row, "hand")).status_code == 409
    page = (await look(citizen, number, lang="en")).text
    assert f"Handed to 112 as incident {incident}" in page
    assert "tel:112" in page
    answered(await act(clerk, "complaints", row, "close", reason="Ditangani 112"), 200)


async def test_a_complaint_is_forwarded_answered_and_replied_to(office: Office) -> None:
    clerk, citizen = await office.person("rina", "complaints", "view"), await office.browser()
    number = await complain(office)
    row = await row_of(clerk, "complaints", number)
    assert (await act(clerk, "complaints", row, "forward")).status_code == 422  # to whom?
    owner = await row_of(clerk, "offices", "Pekerjaan Umum")
    answered(await act(clerk, "complaints", row, "forward", office_id=owner["id"]), 200)
    answered(await act(clerk, "complaints", row, "answer", reason="Sudah diperbaiki"), 200)
    page = (await look(citizen, number)).text
    assert "Sudah diperbaiki" in page
    assert "Dinas Pekerjaan Umum" in page
    typed = {"number": number, "digits": "7890", "message": "Masih mati"}
    answer = await citizen.post("/go-ppu/lacak/balas", data=typed, headers={"Origin": "http://centre"})
    assert answer.status_code == 200
    again = (await row_of(clerk, "complaints", number))["values"]
    assert (again["state"], again["reply"], again["clock"]) == ("forwarded", "Masih mati", "on_time")
    twice = await citizen.post("/go-ppu/lacak/balas", data=typed, headers={"Origin": "http://centre"})
    assert twice.status_code == 409


async def test_clocks_run_in_working_days_and_holidays_stop_them(office: Office) -> None:
    editor = await office.person("admin")
    number = await complain(office)
    before = date.fromisoformat((await row_of(editor, "complaints", number))["values"]["due_on"])
    async with office.workshop.reading() as reading:
        today = reading.now.astimezone(rules.WITA).date()
        free = frozenset(await reading.session.scalars(select(Holiday.day)))
    assert before == rules.add_working_days(today, 3, free)
    await make(editor, "holidays", day=before.isoformat(), name="Cuti bersama")
    await keep_clocks(office.workshop)
    after = date.fromisoformat((await row_of(editor, "complaints", number))["values"]["due_on"])
    assert after == rules.add_working_days(today, 3, free | {before}) > before


async def test_what_runs_out_is_told_once_and_counted_on_the_tile(office: Office) -> None:
    admin = await office.person("admin")
    number = await complain(office)
    tiles = answered(await admin.get("/api/plugins/tiles"), 200)["tiles"]
    late = int(next(one for one in tiles if one["name"] == "complaints")["value"])
    await later(office, Complaint, number, 20)
    for _ in range(2):
        await keep_clocks(office.workshop)
    row = await row_of(admin, "complaints", number)
    assert row["values"]["clock"] == "overdue"
    assert row["values"]["escalated_at"] is not None
    assert await told(office, "overdue", row["id"]) == 1
    async with office.workshop.reading() as reading:
        assert (await tile_complaints(reading, "id")).value == str(late + 1)
    report = answered(await admin.get(f"{API}/reports/clocks", params={"lang": "en"}), 200)
    line = next(one for block in report["blocks"] for one in block.get("rows", ()) if one[0] == number)
    assert "Overdue by" in line[-1]


async def test_without_a_reply_a_complaint_is_closed_by_the_clock(office: Office) -> None:
    clerk = await office.person("admin")
    number = await complain(office)
    row, owner = await row_of(clerk, "complaints", number), await row_of(clerk, "offices", "Lingkungan")
    answered(await act(clerk, "complaints", row, "forward", office_id=owner["id"]), 200)
    answered(await act(clerk, "complaints", row, "answer", reason="Selesai"), 200)
    await later(office, Complaint, number, 10)  # fewer than ten working days
    await keep_clocks(office.workshop)
    assert (await row_of(clerk, "complaints", number))["values"]["state"] == "answered"
    await later(office, Complaint, number, 15)
    await keep_clocks(office.workshop)
    assert (await row_of(clerk, "complaints", number))["values"]["state"] == "closed"
    assert "tidak ada tanggapan dari pelapor" in (await look(await office.browser(), number)).text


async def test_what_citizens_told_is_erased_once_its_time_is_over(office: Office) -> None:
    clerk, citizen = await office.person("admin"), await office.browser()
    number = await send(citizen, "ajukan/kartu-keluarga", {"file1": PDF}, message="Rahasia keluarga")
    row = await row_of(clerk, "applications", number)
    answered(await act(clerk, "applications", row, "check"), 200)
    answered(await act(clerk, "applications", row, "reject", reason="Budi tidak berhak"), 200)
    await later(office, Application, number, 364)
    await forget(office.workshop)
    assert (await row_of(clerk, "applications", number))["values"]["message"] == "Rahasia keluarga"
    document = await row_of(clerk, "documents", number)
    await later(office, Application, number, 2)
    await forget(office.workshop)
    gone = (await row_of(clerk, "applications", number))["values"]
    assert (gone["message"], gone["holder"], gone["reason"]) == (None, "–", None)
    assert (await clerk.get(document["values"]["address"])).status_code == 404
    async with office.workshop.reading() as reading:
        session = reading.session
        assert await session.scalar(select(func.count()).where(Private.case_id == row["id"])) == 0
        assert await session.scalar(select(func.count()).where(Document.case_id == row["id"])) == 0
        kept = await session.scalars(select(Move.reason).where(Move.case_id == row["id"]))
        assert set(kept) == {None}
    assert "tidak cocok" in (await look(citizen, number)).text
    assert (await act(clerk, "applications", row, "contact")).status_code == 409


async def test_documents_are_for_the_office_and_the_holder_alone(office: Office) -> None:
    citizen, stranger = await office.browser(), await office.browser()
    number = await send(citizen, "ajukan/kartu-keluarga", {"file1": PDF, "file2": PDF})
    clerk = await office.person("rina", "documents")
    row = await row_of(clerk, "documents", number)
    mine = await clerk.get(row["values"]["address"])
    assert (mine.status_code, mine.content) == (200, PDF)
    assert mine.headers["cache-control"] == "private, no-store"
    assert (await stranger.get(row["values"]["address"])).status_code == 401
    assert (await (await office.person("haris", "applications")).get(row["values"]["address"])).status_code == 403

    async def fetch(number: str, digits: str, document: str) -> httpx.Response:
        typed = {"number": number, "digits": digits, "document": document}
        return await citizen.post("/go-ppu/lacak/berkas", data=typed, headers={"Origin": "http://centre"})

    assert (await fetch(number, "7890", row["id"])).content == PDF
    assert (await fetch(number, "7891", row["id"])).status_code == 404
    async with office.workshop.working() as working:
        other = select(Document.id).where(Document.id != row["id"], Document.number == number)
        second = await working.session.scalar(other)
        await working.session.execute(update(Document).where(Document.id == second).values(case_id="other"))
    assert (await fetch(number, "7890", str(second))).status_code == 404
    async with office.workshop.reading() as reading:
        file_id = await reading.session.scalar(select(Document.file_id).where(Document.id == row["id"]))
    assert (await stranger.get(f"/files/{file_id}")).status_code == 404


async def test_reviews_and_satisfaction_are_reported(office: Office) -> None:
    clerk = await office.person("rina", "view")
    reviews = answered(await clerk.get(f"{API}/reports/reviews", params={"lang": "en"}), 200)["blocks"][0]["rows"]
    assert any("Overdue" in one[2] for one in reviews)
    assert any("Requirements" in one[3] for one in reviews)
    service = await row_of(clerk, "services", "Akta kematian")
    asked = {"f.service_id": service["id"], "lang": "en"}
    blocks = answered(await clerk.get(f"{API}/reports/satisfaction", params=asked), 200)["blocks"]
    assert "not representative" in str(blocks)
    assert dict(blocks[0]["items"])["Answers"] == "6"
    assert len(next(one for one in blocks if one["kind"] == "chart")["labels"]) == 9
    none = {**asked, "f.until": "2020-01-01"}
    assert "no answers" in str(answered(await clerk.get(f"{API}/reports/satisfaction", params=none), 200))
    open_data = await (await office.browser()).get(f"{API}/exports/satisfaction.csv")
    assert "Akta kematian" in open_data.text
    catalogue = (await (await office.browser()).get(f"{API}/exports/services.csv")).text
    assert "Kartu keluarga" in catalogue
    assert "Pengambilan obat" not in catalogue  # not public
