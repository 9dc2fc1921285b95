"""Public pages: what a visitor finds, in both languages, and what stays hidden."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.centre_world import answered
from tests.quickwins.puspita.world import NEW, Office, act, make, open_office, row_of


@pytest.fixture
async def office(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    """On the embedded database alone: the office's own tests run on both."""
    async with open_office(sqlite_url, tmp_path) as opened:
        yield opened


async def page(office: Office, path: str, **params: str) -> str:
    answer = await (await office.browser()).get(f"/puspita/{path}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.text


def structured(html: str) -> dict[str, Any]:
    """schema.org data of a page by type."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    return {one["@type"]: one for one in json.loads(found[1])["@graph"]}


async def test_drafts_and_archived_pages_are_not_to_be_seen(office: Office) -> None:
    visitor = await office.browser()
    hidden = ("wisata/pantai-istana-amal", "acara/kemah-pantai-pelajar", "penginapan/homestay-contoh-sungai-parit")
    for path in hidden:
        assert (await visitor.get(f"/puspita/{path}")).status_code == 404
    for path in ("", "penginapan", "pemandu", "kalender.ics"):
        html = await page(office, path)
        assert not re.search("Istana Amal|Kemah Pantai|Sungai Parit|Pemandu Contoh F", html)
    assert "Istana Amal" not in await page(office, "cari", q="istana amal")
    admin = await office.person("admin")
    row = await row_of(admin, "destinations", "Corong")
    answered(await admin.delete(f"/api/plugins/puspita/rows/destinations/{row['id']}"), 200)
    assert (await visitor.get("/puspita/wisata/pantai-corong")).status_code == 404


async def test_a_destination_says_how_to_call_for_help_there(office: Office) -> None:
    html = await page(office, "wisata/air-terjun-tembinus", lang="en")
    for words in ("tel:112", "“Air Terjun Tembinus”", "There is no signal here.", "“Pos Trunen, Air Terjun Tembinus”"):
        assert words in html
    assert "(± 12 km)" in html


async def test_what_is_not_translated_says_so_and_is_marked_as_indonesian(office: Office) -> None:
    translated = await page(office, "wisata/gua-tapak-raja", lang="en")
    assert "not translated yet" not in translated
    assert "A limestone cave" in translated
    fallen_back = await page(office, "wisata/pantai-corong", lang="en")
    assert "not translated yet" in fallen_back
    assert '<div class="pus-text" lang="id">' in fallen_back


async def test_pages_carry_structured_data(office: Office) -> None:
    cave = structured(await page(office, "wisata/gua-tapak-raja"))
    assert cave["TouristAttraction"]["openingHours"] == ["Mo-Su 08:00-17:00"]
    assert "geo" not in cave["TouristAttraction"]  # only its village is known
    assert cave["BreadcrumbList"]["itemListElement"][-1]["item"] == "http://centre/puspita/wisata/gua-tapak-raja"
    bridge = structured(await page(office, "wisata/jembatan-pulau-balang"))["TouristAttraction"]
    assert bridge["geo"]["latitude"] == -1.10994
    assert bridge["isAccessibleForFree"] is True
    walk = structured(await page(office, "acara/susur-gua-keluarga"))["Event"]
    assert walk["location"]["name"] == "Gua Tapak Raja"
    assert walk["startDate"].endswith("T08:00:00+08:00")
    assert structured(await page(office, "penginapan/hotel-contoh-nipah"))["Hotel"]["priceRange"] == "IDR 420000"


async def test_search_looks_through_all_kinds(office: Office) -> None:
    html = await page(office, "cari", q="nipah")
    names = re.findall(r'class="whole" href="/puspita/(\w+)/', html)
    assert {"wisata", "acara", "penginapan"} == set(names)
    assert html.index("Pantai Nipah-Nipah") < html.index("Panggung Senja")
    assert "Nothing matches" in await page(office, "cari", q="zzz", lang="en")


async def test_text_of_a_row_cannot_become_markup(office: Office) -> None:
    admin = await office.person("admin")
    evil = "</script><script>alert(1)</script>"
    values = {"name_id": f"Pantai {evil}", "description_id": evil, "point": {"lat": -1.3, "lon": 116.7}, **NEW}
    row = await make(admin, "destinations", **values)
    for name in ("submit", "publish"):
        answered(await act(admin, "destinations", row, name), 200)
    html = await page(office, "wisata/pantai-script-script-alert-1-script")
    assert "<script>alert" not in html
    assert structured(html)["TouristAttraction"]["name"] == f"Pantai {evil}"


async def test_the_calendar_is_for_a_month_and_to_take_away(office: Office) -> None:
    visitor = await office.browser()
    assert (await visitor.get("/puspita/acara", params={"bulan": "2026-13"})).status_code == 422
    assert "Tidak ada acara" in await page(office, "acara", bulan="2020-01")
    file = await visitor.get("/puspita/kalender.ics")
    assert file.headers["content-type"].startswith("text/calendar")
    assert file.text.count("BEGIN:VEVENT") == 11
    one = await visitor.get("/puspita/acara/susur-gua-keluarga/kalender.ics")
    assert "LOCATION:Gua Tapak Raja\\, Wono Sari\\, Sepaku" in one.text
    assert "URL:http://centre/puspita/acara/susur-gua-keluarga" in one.text


async def test_made_up_content_is_marked_and_real_places_name_their_source(office: Office) -> None:
    assert "Contoh, bukan nyata" in await page(office, "penginapan/hotel-contoh-nipah")
    real = await page(office, "wisata/titik-nol-nusantara")
    assert "Contoh, bukan nyata" not in real
    assert "data tempat 112 PPU P025" in real


async def test_a_question_without_a_name_is_shown_again_with_what_was_typed(office: Office) -> None:
    visitor = await office.browser()
    sent = {"name": "", "contact": "a@b.id", "message": "Jam berapa surut?", "about": "pulau-gusung"}
    answer = await visitor.post("/puspita/tanya", data=sent, headers={"Origin": "http://centre"})
    assert answer.status_code == 422
    assert "Jam berapa surut?" in answer.text
    assert 'name="about" value="pulau-gusung"' in answer.text
    other = await visitor.post("/puspita/tanya", data=sent, headers={"Origin": "http://evil.example"})
    assert other.status_code == 403
