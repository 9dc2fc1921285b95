"""Public pages and open data: what anybody finds, in both languages, and what stays hidden."""

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.centre_world import answered
from tests.quickwins.siharpa.world import API, Office, open_office, open_stall

OPEN = f"{API}/open/prices"


@pytest.fixture
async def office(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    """On the embedded database alone: the office's own tests run on both."""
    async with open_office(sqlite_url, tmp_path) as opened:
        yield opened


async def page(office: Office, path: str) -> str:
    answer = await (await office.browser()).get(f"/siharpa/{path}")
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_every_page_answers_in_both_languages(office: Office) -> None:
    for path in ("", "perbandingan", "indeks", "pasar", "data", "komoditas/cabai-rawit"):
        texts = [await page(office, f"{path}?lang={lang}") for lang in ("id", "en")]
        assert '<html lang="id"' in texts[0]
        assert '<html lang="en"' in texts[1]
        assert texts[0] != texts[1]


async def test_a_change_is_an_arrow_and_a_word(office: Office) -> None:
    stall = await open_stall(office)
    await stall.noted(office, {7: 12_500, 1: 10_000, 0: 10_000})
    html = await page(office, "?pasar=pasar-uji&lang=en")
    row = next(one for one in html.split("<tr>") if "Test maize" in one)
    assert "10,000" in row
    same, down = row.split("<td>")[1:]
    assert "=" in same
    assert "same" in same
    assert "▼" in down
    assert "down 20.0%" in down


async def test_a_day_without_a_price_is_no_change_of_nothing(office: Office) -> None:
    stall = await open_stall(office)
    await stall.noted(office, {0: 10_000})
    row = next(one for one in (await page(office, "?pasar=pasar-uji")).split("<tr>") if "Jagung uji" in one)
    assert row.count("tidak ada data") == 2
    assert "0,0%" not in row


async def test_what_does_not_exist_is_not_found(office: Office) -> None:
    visitor = await office.browser()
    for path in ("komoditas/emas", "?pasar=pasar-gelap"):
        assert (await visitor.get(f"/siharpa/{path}")).status_code == 404
    for path in ("?tingkat=x", "komoditas/cabai-rawit?hari=5000"):
        assert (await visitor.get(f"/siharpa/{path}")).status_code == 422


async def test_a_market_of_which_only_the_village_is_known_says_so(office: Office) -> None:
    html = await page(office, "pasar?lang=en")
    cards = {one.split("</a>")[0].split(">")[-1]: one for one in html.split('class="whole"')[1:]}
    assert "its village only (± 4 km)" in cards["Pasar Induk Waru"]
    assert "its village only" not in cards["Pasar Petung"]
    layer = answered(await (await office.browser()).get(f"{API}/layers/markets?lang=en"), 200)
    texts = {one["properties"]["title"]: one["properties"]["text"] for one in layer["features"]}
    assert "± 4 km" in texts["Pasar Induk Babulu"]


async def test_the_chart_has_a_gap_where_nothing_was_noted(office: Office) -> None:
    stall = await open_stall(office)
    await stall.noted(office, {4: 10_000, 3: 10_500, 1: 11_000, 0: 11_500})
    html = await page(office, "komoditas/jagung-uji?hari=7")
    assert html.count("<polyline") == 2


async def test_open_data_names_licence_and_source_and_has_validated_prices_alone(office: Office) -> None:
    stall, visitor = await open_stall(office), await office.browser()
    await stall.noted(office, {1: 10_000})
    answered(await stall.enter(office.day(), 11_000), 200)
    body = answered(await visitor.get(OPEN, params={"first": office.day(1).isoformat()}), 200)
    assert body["licence"] == "CC BY 4.0"
    assert body["source"].startswith("Dinas")
    mine = [one for one in body["items"] if one["market"] == "Pasar Uji"]
    assert [(one["day"], one["price_rupiah"], one["stock"]) for one in mine] == [
        (office.day(1).isoformat(), 10_000, None)
    ]
    file = await visitor.get(f"{API}/exports/prices.csv?separator=comma")
    lines = [line for line in file.text.splitlines() if "Pasar Uji" in line]
    assert lines == [f"{office.day(1)},Pasar Uji,Jagung uji,Test maize,kg,,retail,10000,"]


async def test_open_data_is_read_to_its_end_page_by_page(office: Office) -> None:
    visitor = await office.browser()
    seen: list[Any] = []
    params = {"level": "retail"}
    while True:
        body = answered(await visitor.get(OPEN, params=params), 200)
        seen += [(one["day"], one["market"], one["commodity"]) for one in body["items"]]
        if body["next"] is None:
            break
        assert len(body["items"]) == 1000
        params["after"] = body["next"]
    assert len(seen) == len(set(seen)) > 2000
    assert [one[0] for one in seen] == sorted(one[0] for one in seen)


async def test_a_question_too_large_or_wrong_is_refused(office: Office) -> None:
    visitor = await office.browser()
    far = (office.day() - timedelta(days=400)).isoformat()
    for params in ({"first": far}, {"first": office.day(-1).isoformat()}, {"after": "x"}, {"level": "x"}):
        assert (await visitor.get(OPEN, params=params)).status_code == 422


async def test_the_data_page_describes_a_dataset(office: Office) -> None:
    html = await page(office, "data")
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    dataset = json.loads(found[1])
    assert dataset["@type"] == "Dataset"
    assert dataset["license"].startswith("https://creativecommons.org/")
    visitor = await office.browser()
    for download in dataset["distribution"]:
        assert (await visitor.get(download["contentUrl"])).status_code == 200
