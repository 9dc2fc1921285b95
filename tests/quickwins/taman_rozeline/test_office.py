"""The wifi's office: accounting comes in, days are counted and closed, access points fall, faults are mended."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, MetaData, delete, inspect, select, update
from sqlalchemy.ext.asyncio import create_async_engine

from dispatch.plugins.checking import faults_of
from dispatch.plugins.migrating import drop, tables_of, upgrade
from quickwins.taman_rozeline import PLUGIN, rules, work
from quickwins.taman_rozeline.model import Base, DayCount, DeviceDay, Salt, SessionRow
from quickwins.taman_rozeline.public import MOST_FILE_BYTES
from tests.centre_world import answered
from tests.quickwins.taman_rozeline.test_accounting import packet
from tests.quickwins.taman_rozeline.world import ROWS, Office, act, make, row_of

API = "/api/plugins/taman_rozeline"
MACS = ("AA-BB-CC-11-22-33", "DE:AD:BE:EF:00:01", "DE:AD:BE:EF:00:02")


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
    assert await tables_of(database_url, "taman_rozeline") == []
    await upgrade(database_url, PLUGIN)
    assert set(declared) <= set(await tables_of(database_url, "taman_rozeline"))


def _columns(connection: Any) -> dict[str, set[str]]:
    look = inspect(connection)
    names = [name for name in look.get_table_names() if name.startswith("taman_rozeline_") and "alembic" not in name]
    return {name: {column["name"] for column in look.get_columns(name)} for name in names}


def session(number: int, mac: str, start: datetime, *, stop: datetime | None = None, **more: Any) -> str:
    """A Start, and a Stop where it ended; the session's id carries the device's address, as some equipment does."""
    common = {"Acct_Session_Id": f'"{mac}-{number}"', "Calling_Station_Id": f'"{mac}"', **more}
    text = packet("Start", start, **common)
    if stop is None:
        return text
    lasted = int((stop - start).total_seconds())
    return text + packet("Stop", stop, Acct_Session_Time=lasted, Acct_Output_Octets=1000, **common)


async def send(client: httpx.AsyncClient, text: str) -> dict[str, Any]:
    taken: dict[str, Any] = answered(await client.post(f"{API}/accounting", content=text.encode()), 200)
    return taken


async def empty(office: Office) -> None:
    """Leave the demonstration's own sessions out."""
    async with office.workshop.working() as working:
        for kind in (SessionRow, DeviceDay, DayCount, Salt):
            await working.session.execute(delete(kind))


async def day_count(office: Office, at: datetime) -> DayCount:
    async with office.workshop.reading() as reading:
        return await reading.session.get_one(DayCount, rules.day_of(at))


def noon_before(now: datetime, days: int) -> datetime:
    start, _end = rules.bounds(rules.day_of(now) - timedelta(days=days))
    return start + timedelta(hours=12)


async def test_running_sessions_count_beside_ended_ones_and_sending_again_changes_nothing(office: Office) -> None:
    await empty(office)
    clerk = await office.person("rina", "import", "view")
    now = office.workshop.now
    ago = now - timedelta(minutes=20)
    text = (
        session(1, MACS[0], ago)
        + session(2, MACS[1], ago, stop=now - timedelta(minutes=5))
        + session(3, MACS[1], ago + timedelta(minutes=1))
    )
    taken = await send(clerk, text)
    assert (taken["new"], taken["changed"], taken["running"], taken["faults"]) == (3, 0, 2, [])
    counted = await day_count(office, now)
    assert (counted.devices, counted.peak, counted.sessions) == (2, 3, 3)
    again = await send(clerk, text)
    assert (again["new"], again["changed"]) == (0, 0)
    stopped = await send(clerk, session(1, MACS[0], ago, stop=now - timedelta(minutes=1)))
    assert (stopped["changed"], stopped["running"]) == (1, 0)
    async with office.workshop.reading() as reading:
        rows = (await reading.session.scalars(select(SessionRow))).all()
        assert {row.stopped_at is None for row in rows} == {True, False}
    report = answered(await clerk.get(f"{API}/reports/use", params={"lang": "en"}), 200)["blocks"]
    assert ["Connected now", "1"] in report[0]["items"]


async def test_sessions_are_of_the_access_point_that_accounting_names(office: Office) -> None:
    await empty(office)
    clerk = await office.person("rina", "import", "view", "edit")
    point = await make(clerk, "access_points", name="Menara uji", nas="Menara-AP9", method="none", accuracy_m=1500)
    ago = office.workshop.now - timedelta(minutes=10)
    await send(clerk, session(1, MACS[0], ago, NAS_Identifier='"menara-ap9"'))
    async with office.workshop.reading() as reading:
        row = (await reading.session.scalars(select(SessionRow))).one()
    assert row.access_point_id == point["id"]


async def test_no_address_of_a_device_is_stored_or_logged(
    office: Office, database_url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    clerk = await office.person("rina", "import", "view", "tickets", "edit")
    now = office.workshop.now
    text = "".join(session(n, mac, now - timedelta(minutes=30)) for n, mac in enumerate(MACS))
    await send(clerk, text + packet("Start", now, Calling_Station_Id=f'"{MACS[0]}"', Acct_Input_Octets="x"))
    page = {"file": ("detail", text.encode(), "text/plain")}
    uploaded = await clerk.post(f"{API}/accounting", files=page)
    assert uploaded.status_code == 200
    refused = await clerk.post(f"{API}/accounting", content=f"Calling-Station-Id,{MACS[0]}\n{MACS[0]},x\n".encode())
    assert refused.status_code == 422
    row = await make(clerk, "tickets", cause="other", description=f"HP {MACS[0]} tidak tersambung")
    assert row["values"]["description"] == "HP […] tidak tersambung"
    values = {"name": MACS[0], "method": "none", "accuracy_m": 5}
    assert (await clerk.post(f"{ROWS}/access_points", json={"values": values})).status_code == 422
    await work.count_days(office.workshop)
    engine = create_async_engine(database_url)
    async with engine.connect() as connection:
        stored = await connection.run_sync(_everything)
    await engine.dispose()
    assert "taman_rozeline_sessions" in stored
    stored += [*_files(tmp_path), uploaded.text, refused.text, *capfd.readouterr()]
    found = [spelling for spelling in _spellings() for value in stored if spelling in value.lower()]
    assert found == []


def _spellings() -> Iterator[str]:
    for mac in MACS:
        pairs = mac.lower().replace(":", "-").split("-")
        plain = "".join(pairs)
        yield from (":".join(pairs), "-".join(pairs), plain, f"{plain[:4]}.{plain[4:8]}.{plain[8:]}")


def _everything(connection: Connection) -> list[str]:
    """Every value in every table, as text."""
    known = MetaData()
    known.reflect(connection)
    rows = [row for table in known.sorted_tables for row in connection.execute(table.select())]
    values = [value for row in rows for value in row]
    return [*known.tables, *(one.decode("latin-1") if isinstance(one, bytes) else str(one) for one in values)]


def _files(folder: Path) -> list[str]:
    return [file.read_bytes().decode("latin-1") for file in folder.rglob("*") if file.is_file()]


async def test_a_device_cannot_be_followed_from_day_to_day(office: Office) -> None:
    await empty(office)
    clerk = await office.person("rina", "import")
    now = office.workshop.now
    days = [noon_before(now, back) for back in (3, 2)]
    text = "".join(session(n, MACS[0], at, stop=at + timedelta(hours=1)) for n, at in enumerate(days))
    await send(clerk, text)
    async with office.workshop.reading() as reading:
        rows = (await reading.session.scalars(select(DeviceDay))).all()
    assert len({row.day for row in rows}) == 2
    assert len({row.device for row in rows}) == 2


async def test_a_day_that_is_counted_loses_its_salt_and_its_count_stays(office: Office) -> None:
    await empty(office)
    clerk = await office.person("rina", "import")
    at = noon_before(office.workshop.now, 3)
    await send(clerk, session(1, MACS[0], at, stop=at + timedelta(hours=2)))
    await work.count_days(office.workshop)
    assert (await day_count(office, at)).closed_at is None  # records came in a moment ago
    async with office.workshop.working() as working:
        long_ago = working.now - timedelta(hours=25)
        await working.session.execute(update(Salt).values(used_at=long_ago))
    await work.count_days(office.workshop)
    closed = await day_count(office, at)
    assert closed.closed_at is not None
    async with office.workshop.reading() as reading:
        salts = set(await reading.session.scalars(select(Salt.name)))
    assert salts == {"sessions"}
    late = await send(clerk, session(2, MACS[1], at, stop=at + timedelta(hours=1)))
    assert late["uncounted"] == 1
    counted = await day_count(office, at)
    assert (counted.devices, counted.sessions, counted.peak) == (1, 2, 2)


async def test_sessions_and_devices_are_erased_after_their_days(office: Office) -> None:
    await empty(office)
    clerk = await office.person("rina", "import")
    now = office.workshop.now
    young, old = noon_before(now, 28), noon_before(now, 31)
    taken = await send(clerk, session(1, MACS[0], young, stop=young + timedelta(hours=1)) + session(2, MACS[1], old))
    assert (taken["new"], taken["too_old"]) == (1, 1)
    async with office.workshop.working() as working:
        shift = timedelta(days=5)
        row = (await working.session.scalars(select(SessionRow))).one()
        row.started_at, row.seen_at = row.started_at - shift, row.seen_at - shift
        device = (await working.session.scalars(select(DeviceDay))).one()
        device.day -= shift
    await work.count_days(office.workshop)
    async with office.workshop.reading() as reading:
        assert (await reading.session.scalars(select(SessionRow))).all() == []
        assert (await reading.session.scalars(select(DeviceDay))).all() == []
    assert (await day_count(office, young)).devices >= 0


async def test_a_file_without_a_session_is_refused_in_plain_words(office: Office) -> None:
    clerk = await office.person("rina", "import")
    for content, words in (
        (b"", "tidak berisi catatan"),
        (b"PK\x03\x04\x00\x00", "bukan berkas teks"),
        (b"ap;start\nrozeline-1;besok\n", "Baris 2: Waktu (start) tidak terbaca"),
    ):
        refused = await clerk.post(f"{API}/accounting", content=content)
        assert refused.status_code == 422, refused.text
        assert words in refused.json()["faults"][0]["message"]["id"]
    page = await clerk.post(f"{API}/accounting", files={"file": ("a.csv", b"ap;start\nx;y\n", "text/csv")})
    assert page.status_code == 422
    assert "Baris 2" in page.text
    assert (await clerk.post(f"{API}/accounting", content=b"x" * (MOST_FILE_BYTES + 1))).status_code == 413
    nobody = await office.browser()
    assert (await nobody.post(f"{API}/accounting", content=b"x")).status_code == 401
    assert (await nobody.get("/taman-rozeline/impor")).status_code == 401
    other = await office.person("haris", "view")
    assert (await other.post(f"{API}/accounting", content=b"x")).status_code == 403
    stranger = {"Origin": "http://elsewhere.example"}
    assert (await clerk.post(f"{API}/accounting", content=b"x", headers=stranger)).status_code == 403


async def _poll(office: Office, point_id: str, *answers: bool | None) -> None:
    for answered_so in answers:
        async with office.workshop.working() as working:
            await work.note_answers(working, {point_id: answered_so})


async def test_three_misses_open_one_ticket_and_an_answer_ends_it(office: Office) -> None:
    staff = await office.person("rina", "view", "edit", "tickets")
    point = await make(staff, "access_points", name="Menara uji", method="none", accuracy_m=1500)

    async def tickets() -> list[dict[str, Any]]:
        listed = answered(await staff.get(f"{ROWS}/tickets", params={"f.access_point_id": point["id"]}), 200)
        found: list[dict[str, Any]] = listed["items"]
        return found

    await _poll(office, point["id"], True, False, False)
    assert await tickets() == []
    await _poll(office, point["id"], False, False)
    (ticket,) = await tickets()
    assert (ticket["values"]["state"], ticket["values"]["source"]) == ("open", "poller")
    down = (await row_of(staff, "access_points", "Menara uji"))["values"]
    assert down["state"] == "down"
    await _poll(office, point["id"], True)
    (ticket,) = await tickets()
    assert ticket["values"]["state"] == "resolved"
    assert ticket["values"]["resolved_at"] is not None


async def test_the_job_asks_what_is_there(office: Office) -> None:
    staff = await office.person("rina", "view", "edit")
    values = {"method": "tcp", "host": "127.0.0.1", "port": 1, "accuracy_m": 1500}
    await make(staff, "access_points", name="Menara uji", **values)
    for _ in range(rules.MISSES):
        await work.poll_points(office.workshop)
    polled = (await row_of(staff, "access_points", "Menara uji"))["values"]
    assert polled["state"] == "down"
    assert polled["checked_at"] is not None


@pytest.mark.parametrize(("name", "value"), [("host", None), ("host", "-f"), ("host", "a b")])
async def test_a_poll_needs_a_sound_address(office: Office, name: str, value: str | None) -> None:
    staff = await office.person("rina", "view", "edit")
    values = {"name": "A", "method": "ping", "accuracy_m": 1, name: value}
    refused = await staff.post(f"{ROWS}/access_points", json={"values": values})
    assert [fault["field"] for fault in refused.json()["faults"]] == ["host"]


async def test_a_ticket_goes_from_report_to_repair_and_a_theft_to_112(office: Office) -> None:
    staff = await office.person("rina", "view", "tickets")
    row = await make(staff, "tickets", cause="theft", description="Kabel sedang dipotong orang")
    assert set(row["actions"]) == {"take", "resolve", "hand_to_112"}
    handed = answered(await act(staff, "tickets", row, "hand_to_112"), 200)
    number = handed["message"]["id"].removeprefix("Diserahkan ke 112: ")
    incidents = answered(await (await office.person("siti")).get("/api/incidents"), 200)
    assert number in str(incidents)
    assert "Kabel sedang dipotong" in str(incidents)
    taken = answered(await act(staff, "tickets", row, "take"), 200)["row"]
    assert taken["values"]["taken_by"]
    assert "hand_to_112" not in taken["actions"]
    done = answered(await act(staff, "tickets", row, "resolve", cause="theft", solution="Diganti"), 200)["row"]
    assert (done["values"]["state"], done["actions"]) == ("resolved", ["close", "reopen"])
    assert (await act(staff, "tickets", row, "take")).status_code == 409
    again = answered(await act(staff, "tickets", row, "reopen"), 200)["row"]
    assert (again["values"]["state"], again["values"]["resolved_at"]) == ("open", None)
    blocks = answered(await staff.get(f"{API}/reports/repairs", params={"lang": "en"}), 200)["blocks"]
    theft = next(line for line in blocks[0]["rows"] if line[0].startswith("Theft"))
    assert int(theft[2]) >= 1


async def test_published_terms_stay_and_the_next_version_replaces_them(office: Office) -> None:
    editor = await office.person("rina", "view", "edit")
    publisher = await office.person("haris", "view", "edit", "publish")
    visitor = await office.browser()
    row = await make(editor, "terms", text_id="Ketentuan baru", text_en="New terms")
    number = row["values"]["number"]
    assert "Ketentuan baru" not in (await visitor.get("/taman-rozeline/ketentuan")).text
    assert (await visitor.get(f"/taman-rozeline/ketentuan/{number}")).status_code == 404
    assert (await act(editor, "terms", row, "publish")).status_code == 403
    answered(await act(publisher, "terms", row, "publish"), 200)
    page = await visitor.get("/taman-rozeline/ketentuan")
    assert "Ketentuan baru" in page.text
    assert 'href="tel:112"' in page.text
    assert "<form" not in page.text
    assert "New terms" in (await visitor.get("/taman-rozeline/ketentuan?lang=en")).text
    older = await visitor.get(f"/taman-rozeline/ketentuan/{number - 1}")
    assert older.status_code == 200
    assert "112" in older.text
    now = answered(await editor.get(f"{ROWS}/terms/{row['id']}"), 200)
    changed = await editor.put(
        f"{ROWS}/terms/{row['id']}", json={"values": {"text_id": "Lain"}}, headers={"If-Match": str(now["version"])}
    )
    assert changed.status_code == 422


async def test_a_visitor_reports_a_fault_without_saying_who(office: Office) -> None:
    visitor = await office.browser()
    staff = await office.person("rina", "view")
    point = await row_of(staff, "access_points", "Panggung")
    sent = {"cause": "power", "access_point_id": point["id"], "description": f"Mati, HP saya {MACS[0]}"}
    done = await visitor.post("/taman-rozeline/lapor", data=sent, headers={"Origin": "http://centre"})
    assert done.status_code == 303, done.text
    row = await row_of(staff, "tickets", "HP saya")
    assert row["values"]["description"] == "Mati, HP saya […]"
    assert (row["values"]["source"], row["shown"]["access_point_id"]) == ("public", "Panggung")
    wrong = await visitor.post("/taman-rozeline/lapor", data={"cause": ""}, headers={"Origin": "http://centre"})
    assert wrong.status_code == 422


async def test_hours_are_typed_by_day_and_imported_with_faults_in_words(office: Office) -> None:
    editor = await office.person("rina", "view", "edit")
    head = "Hari;Buka (WITA);Tutup (WITA)\n"
    for line, faults in (("Senin;07:00;07:00", ["closes"]), ("Hari raya;07:00;08:00", ["weekday"])):
        checked = await editor.post(f"{ROWS}/opening_hours/imports", params={"filename": "a.csv"}, content=head + line)
        assert [fault["field"] for fault in answered(checked, 201)["faults"]] == faults
    good = await editor.post(
        f"{ROWS}/opening_hours/imports", params={"filename": "a.csv"}, content=head + "Senin;22.30;01.00"
    )
    assert answered(good, 201)["new"] == 1


async def test_everybody_sees_the_map_the_figures_and_the_open_data(office: Office) -> None:
    visitor = await office.browser()
    layer = answered(await visitor.get(f"{API}/layers/access_points", params={"lang": "en"}), 200)
    down = next(one for one in layer["features"] if one["properties"]["title"] == "Parkir timur")
    assert down["properties"]["tone"] == "bad"
    assert "± 1500 m" in down["properties"]["text"]
    home = await visitor.get("/taman-rozeline/")
    assert home.status_code == 200
    assert "Letak pasti taman belum diketahui" in home.text
    data = await visitor.get(f"{API}/exports/days.csv")
    assert len(data.text.strip().splitlines()) > 30
    tiles = answered(await (await office.person("haris")).get("/api/plugins/tiles", params={"lang": "en"}), 200)[
        "tiles"
    ]
    assert {one["name"] for one in tiles} == {"wifi", "tickets"}
    assert next(one for one in tiles if one["name"] == "wifi")["value"] == "6/8"


async def test_every_report_is_drawn_in_both_languages(office: Office) -> None:
    clerk = await office.person("rina", "view", "import")
    for name in ("use", "one_day", "repairs", "accounting"):
        for lang in ("id", "en"):
            blocks = answered(await clerk.get(f"{API}/reports/{name}", params={"lang": lang}), 200)["blocks"]
            assert blocks
    by_hour = answered(await clerk.get(f"{API}/reports/one_day"), 200)["blocks"][0]["series"][0]["values"]
    assert max(int(one) for one in by_hour if one is not None) > 5
    old = answered(await clerk.get(f"{API}/reports/one_day", params={"f.day": "2020-01-01"}), 200)["blocks"]
    assert old[0]["kind"] == "note"
