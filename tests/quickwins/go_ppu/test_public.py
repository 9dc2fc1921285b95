"""Public pages: search, service standard, forms, tracking by those alone who hold a case."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from quickwins.go_ppu.model import Answer, Complaint
from tests.quickwins.go_ppu.world import PDF, SAME_SITE, WHO, Office, look, open_office, send


@pytest.fixture
async def office(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    """On the embedded database alone: the office's own tests run on both."""
    async with open_office(sqlite_url, tmp_path) as opened:
        yield opened


async def page(office: Office, path: str, **params: str) -> str:
    answer = await (await office.browser()).get(f"/go-ppu/{path}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_search_finds_what_people_mean(office: Office) -> None:
    async def first(q: str) -> str:
        found = re.search(r'class="whole" href="/go-ppu/layanan/([\w-]+)"', await page(office, "", q=q))
        return found[1] if found else ""

    assert await first("ktp hilang") == "ktp-hilang-atau-rusak"
    assert await first("cara bikin akte kelahiran") == "akta-kelahiran"
    assert await first("kartu kuning") == "kartu-pencari-kerja-ak-1"
    assert await first("death certificate") == "akta-kematian"
    assert await first("xyzxyz") == ""
    assert "Tidak ada layanan yang cocok" in await page(office, "", q="xyzxyz")
    assert "tel:112" in re.sub(r"<header.*?</header>", "", await page(office, "", q="kebakaran"), flags=re.DOTALL)


async def test_a_service_states_the_six_parts_and_who_owns_it(office: Office) -> None:
    html = await page(office, "layanan/akta-kelahiran", lang="en")
    for words in ("Requirements", "Procedure", "Time", "Cost", "What you get", "Complaints", "Free (UU 24/2013"):
        assert words in html
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    service, crumbs = json.loads(found[1])["@graph"]
    assert service["@type"] == "GovernmentService"
    assert service["name"] == "Birth certificate"
    assert service["provider"]["name"] == "Population and Civil Registration Office"
    assert crumbs["itemListElement"][1]["item"] == "http://centre/go-ppu/layanan/akta-kelahiran"
    visitor = await office.browser()
    assert (await visitor.get("/go-ppu/layanan/pengambilan-obat-rsud")).status_code == 404
    assert (await visitor.get("/go-ppu/ajukan/persetujuan-bangunan-gedung-pbg")).status_code == 404  # not online


async def test_only_who_has_number_and_phone_sees_a_case(office: Office) -> None:
    citizen = await office.browser()
    number = await send(citizen, "adu", message="Lampu mati <b>sekali</b>")
    shown = await look(citizen, number.lower().replace("-", " "))
    assert "Lampu mati &lt;b&gt;sekali&lt;/b&gt;" in shown.text
    assert shown.headers["cache-control"] == "private, no-store"
    assert "Budi" not in shown.text
    for wrong in ((number, "7891"), (number[:-1] + ("2" if number[-1] != "2" else "3"), "7890"), ("", "7890")):
        refused = await look(await office.browser(), *wrong)
        assert refused.status_code == 422
        assert "Lampu mati" not in refused.text
    assert "Lampu mati" not in await page(office, f"terkirim/{number}")
    assert (await citizen.get("/go-ppu/terkirim/ABCD")).status_code == 404


async def test_guessing_is_slowed_down(office: Office) -> None:
    guesser = await office.browser()
    answers = [await look(guesser, "2222-2222-2222", f"{digits:04}") for digits in range(12)]
    assert "Terlalu banyak kiriman" in answers[-1].text


async def test_a_form_with_faults_is_shown_again_with_what_was_typed(office: Office) -> None:
    citizen = await office.browser()
    for typed in ({"phone": "abc"}, {"phone": "112"}, {"consent": ""}):
        sent = {**WHO, "message": "Jalan berlubang", **typed}
        answer = await citizen.post("/go-ppu/adu", data=sent, headers=SAME_SITE)
        assert answer.status_code == 422
        assert "Jalan berlubang" in answer.text
    other = {"Origin": "http://evil.example"}
    assert (await citizen.post("/go-ppu/adu", data={**WHO, "message": "A"}, headers=other)).status_code == 403
    files = {"file1": ("a.exe", b"MZ...", "application/pdf")}
    answer = await citizen.post("/go-ppu/ajukan/kartu-keluarga", data=WHO, files=files, headers=SAME_SITE)
    assert answer.status_code == 422


async def test_an_urgent_complaint_is_told_to_call_112(office: Office) -> None:
    citizen = await office.browser()
    sent = {**WHO, "message": "Ada orang tenggelam"}
    answer = await citizen.post("/go-ppu/adu", data=sent, headers=SAME_SITE)
    assert "terdengar darurat" in (await citizen.get(answer.headers["location"])).text


async def test_a_complaint_about_a_service_goes_with_its_office_and_picture(office: Office) -> None:
    citizen = await office.browser()
    html = await page(office, "adu", layanan="kartu-keluarga")
    chosen = re.search(r'<option value="([\w-]+)" selected>Kartu keluarga', html)
    assert chosen is not None
    number = await send(citizen, "adu", {"file1": PDF}, message="Lama", service_id=chosen[1])
    shown = (await look(citizen, number)).text
    assert "Dinas Kependudukan dan Pencatatan Sipil" in shown
    assert "Berkas 1" in shown
    async with office.workshop.reading() as reading:
        owner = select(Complaint.office_id).where(Complaint.number == number)
        assert await reading.session.scalar(owner) is not None


async def test_the_survey_has_nine_elements_and_no_name(office: Office) -> None:
    citizen = await office.browser()
    html = await page(office, "survei", layanan="kartu-keluarga")
    chosen = re.search(r'<option value="([\w-]+)" selected>Kartu keluarga', html)
    assert chosen is not None
    marks = {f"u{number}": "4" for number in range(1, 10)}
    missing = {name: value for name, value in marks.items() if name != "u5"}
    counted = select(func.count()).select_from(Answer).where(Answer.service_id == chosen[1])

    async def answers() -> int:
        async with office.workshop.reading() as reading:
            return await reading.session.scalar(counted) or 0

    before = await answers()
    for typed, status in ((missing, 422), ({**marks, "u5": "5"}, 422), (marks, 303)):
        sent = {"service_id": chosen[1], **typed}
        assert (await citizen.post("/go-ppu/survei", data=sent, headers=SAME_SITE)).status_code == status
    assert await answers() == before + 1
    assert "Terima kasih" in await page(office, "survei/terima-kasih")


async def test_offices_say_when_they_are_open_and_where_known_where_they_are(office: Office) -> None:
    html = await page(office, "kantor", lang="en")
    assert "Every day" in html
    assert "07:30–16:00 WITA" in html
    assert 'data-lat="-1.31003"' in html
    assert "exact place is not marked" in html
    layer = await (await office.browser()).get("/api/plugins/go_ppu/layers/offices")
    assert len(layer.json()["features"]) == 2
