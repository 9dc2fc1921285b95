"""Public forms: nothing typed is lost, programs and other sites are kept out, nobody sends too often or too much."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from dispatch.plugins.files_model import PluginFileRow
from dispatch.plugins.site import forms
from dispatch.plugins.site.limits import BURST, REFILL_S, RateLimit
from tests.conftest import ManualClock
from tests.plugins.site.test_pages import Elements
from tests.plugins.site.test_pictures import JPEG_WITH_PLACE, PLACE
from tests.plugins.site.world import World

PATH = "/contoh-tamu/lapor"
GOOD = {"nama": "Budi"}


async def test_a_good_form_is_taken_and_the_browser_led_on(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.post(PATH, data=GOOD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/contoh-tamu/terima-kasih?berkas=")


async def test_with_faults_nothing_that_was_typed_is_lost(visitor: httpx.AsyncClient) -> None:
    typed = {
        "nama": "",
        "cerita": "baris <satu>\nbaris & dua",
        "telepon": "bukan nomor",
        "jenis": "b",
        "jumlah": "1.500",
        "desa": "64.09.01.1001",
        "titik": "-1.25, 116.7",
        "setuju": "true",
    }
    answer = await visitor.post(PATH, data=typed)
    assert answer.status_code == 422
    page = Elements(answer.text)
    for name in ("telepon", "jumlah", "titik"):
        assert page.named("input", name=name)[0]["value"] == typed[name]
    assert "baris &lt;satu&gt;\nbaris &amp; dua</textarea>" in answer.text
    assert {attrs["value"] for attrs in page.named("option") if "selected" in attrs} == {"b", "64.09.01.1001"}
    assert "checked" in page.named("input", name="setuju")[0]
    wrong = {attrs["name"] for attrs in page.named("input") if attrs.get("aria-invalid") == "true"}
    assert wrong == {"nama", "telepon"}
    described = page.named("input", name="telepon")[0]["aria-describedby"]
    assert described == "f-telepon-hint f-telepon-fault"
    assert page.named("p", id="f-telepon-fault")
    assert {attrs["href"] for attrs in page.named("a") if (attrs.get("href") or "").startswith("#f-")} == {
        "#f-nama",
        "#f-telepon",
    }


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
async def test_another_site_s_form_is_refused(visitor: httpx.AsyncClient, headers: dict[str, str]) -> None:
    assert (await visitor.post(PATH, data=GOOD, headers=headers)).status_code == 403
    ours = {"Origin": "http://siaga.test", "Sec-Fetch-Site": "same-origin"}
    assert (await visitor.post(PATH, data=GOOD, headers=ours)).status_code == 303


async def test_a_program_that_fills_the_hidden_box_is_refused(visitor: httpx.AsyncClient) -> None:
    box = Elements((await visitor.get(PATH)).text).named("input", name=forms.HONEYPOT)
    assert [one["tabindex"] for one in box] == ["-1"]
    answer = await visitor.post(PATH, data={**GOOD, forms.HONEYPOT: "http://spam.example"})
    assert (answer.status_code, "Kiriman ini tidak dapat diterima." in answer.text) == (422, True)


async def test_too_many_from_one_address_are_refused_until_time_has_passed(site: World, clock: ManualClock) -> None:
    async with site.client() as busy, site.client("203.0.113.8") as other:
        for _ in range(BURST):
            assert (await busy.post(PATH, data=GOOD)).status_code == 303
        refused = await busy.post(PATH, data={**GOOD, "cerita": "tetap ada"})
        assert (refused.status_code, "tetap ada" in refused.text) == (422, True)
        assert "1 menit lagi" in refused.text
        assert (await other.post(PATH, data=GOOD)).status_code == 303
        clock.advance(REFILL_S)
        assert (await busy.post(PATH, data=GOOD)).status_code == 303


async def test_a_forwarded_header_of_the_visitor_s_own_buys_nothing(site: World) -> None:
    async with site.client() as busy:
        for n in range(BURST):
            await busy.post(PATH, data=GOOD, headers={"X-Forwarded-For": f"198.51.100.{n}"})
        assert (await busy.post(PATH, data=GOOD, headers={"X-Forwarded-For": "198.51.100.99"})).status_code == 422


async def test_one_household_s_addresses_count_as_one(site: World) -> None:
    for n in range(BURST):
        async with site.client(f"2001:db8:1:2::{n + 1}") as visitor:
            assert (await visitor.post(PATH, data=GOOD)).status_code == 303
    async with site.client("2001:db8:1:2:ffff::1") as same, site.client("2001:db8:1:3::1") as next_door:
        assert (await same.post(PATH, data=GOOD)).status_code == 422
        assert (await next_door.post(PATH, data=GOOD)).status_code == 303


async def test_a_body_that_is_too_large_is_refused_also_when_it_does_not_say_so(visitor: httpx.AsyncClient) -> None:
    large = b"nama=" + b"x" * (forms.MOST_TEXT_BYTES + 5_100_000)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await visitor.post(PATH, content=large, headers=kind)).status_code == 413

    async def in_parts() -> AsyncIterator[bytes]:
        for start in range(0, len(large), 65536):
            yield large[start : start + 65536]

    assert (await visitor.post(PATH, content=in_parts(), headers=kind)).status_code == 413


async def test_unknown_boxes_and_null_characters_reach_no_plugin(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.post(PATH, data={"nama": "Bu\x00di", "is_admin": "true"})
    assert answer.status_code == 303


async def test_a_document_of_a_citizen_is_kept_without_its_place_and_not_shown(
    site: World, visitor: httpx.AsyncClient, tmp_path: Path
) -> None:
    answer = await visitor.post(PATH, data=GOOD, files={"foto": ("../../x.php", JPEG_WITH_PLACE, "text/html")})
    file_id = answer.headers["location"].partition("berkas=")[2]
    async with site.db.reading() as session:
        row = (await session.scalars(select(PluginFileRow))).one()
    assert (row.id, row.private, row.media_type, row.created_by) == (file_id, True, "image/jpeg", None)
    stored = [one for one in (tmp_path / "plugins").rglob("*") if one.is_file()]
    assert [one.name for one in stored] == [file_id]
    assert PLACE not in stored[0].read_bytes()
    assert (await visitor.get(f"/files/{file_id}")).status_code == 404


async def test_what_only_calls_itself_a_picture_is_refused(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.post(PATH, data=GOOD, files={"foto": ("x.jpg", b"<html>", "image/jpeg")})
    assert answer.status_code == 422
    assert Elements(answer.text).named("p", id="f-foto-fault")


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 200)), max_size=200))
def test_no_address_ever_gets_more_than_its_bucket(visits: list[tuple[int, float]]) -> None:
    limit = RateLimit(burst=3, refill_s=60.0, most=10)
    now = ManualClock().now
    begun = now
    taken = [0] * 4
    for address, pause_s in visits:
        now += timedelta(seconds=pause_s)
        taken[address] += limit.wait_s(str(address), now) == 0
        assert taken[address] <= 3 + (now - begun).total_seconds() / 60.0 + 1e-6


def test_the_memory_of_addresses_is_bounded() -> None:
    limit = RateLimit(most=100)
    now = ManualClock().now
    for n in range(1000):
        limit.wait_s(str(n), now)
    assert len(limit._seen) == 100
