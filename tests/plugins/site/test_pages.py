"""Public pages: language, escaping, structured data, faults as pages."""

import json
import re
from html.parser import HTMLParser

import httpx
import pytest

from tests.plugins.site.example import HOSTILE, PLUGIN
from tests.plugins.site.world import World


class Elements(HTMLParser):
    """What a browser would see: elements with attributes, and the texts of scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self._in_script = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._in_script = tag == "script"
        if self._in_script:
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.scripts[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False

    def named(self, tag: str, **having: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.found if name == tag and having.items() <= attrs.items()]


async def test_what_a_visitor_sends_never_becomes_markup(visitor: httpx.AsyncClient) -> None:
    page = Elements((await visitor.get("/contoh-tamu/", params={"q": HOSTILE})).text)
    assert len(page.named("script")) == 2  # the site's own and the structured data
    assert "alert" not in page.scripts[0]
    assert page.named("meta", name="description")[0]["content"] == HOSTILE


@pytest.mark.parametrize("text", [HOSTILE, "<!--<script>", "a\u2028b", "\\u003c/script>", "&lt;/script&gt;"])
async def test_structured_data_says_the_text_itself_and_stays_in_its_element(
    visitor: httpx.AsyncClient, text: str
) -> None:
    answer = await visitor.get("/contoh-tamu/", params={"q": text})
    data = re.findall(r'<script type="application/ld\+json">(.*?)</script>', answer.text, re.S)
    assert len(data) == 1
    assert json.loads(data[0]) == {"@context": "https://schema.org", "@type": "WebPage", "name": text}
    assert not set(data[0]) & set("<>&\u2028")


@pytest.mark.parametrize(
    ("accept", "lang"),
    [
        ("", "id"),
        ("en-GB,en;q=0.9", "en"),
        ("id-ID,id;q=0.9,en;q=0.8", "id"),
        ("in,en;q=0.5", "id"),
        ("en;q=0.5,id;q=0.9", "id"),
        ("fr", "id"),
        ("en;q=nonsense", "id"),
    ],
)
async def test_the_browser_s_wish_decides_where_nothing_was_chosen(site: World, accept: str, lang: str) -> None:
    async with site.client(**{"Accept-Language": accept}) as visitor:
        answer = await visitor.get("/contoh-tamu/")
    assert answer.headers["content-language"] == lang
    assert ("Welcome" in answer.text) == (lang == "en")


async def test_a_chosen_language_is_kept_and_the_switch_keeps_the_page(visitor: httpx.AsyncClient) -> None:
    first = await visitor.get("/contoh-tamu/?q=ikan%20%26%20udang&lang=en")
    assert first.headers["content-language"] == "en"
    assert (await visitor.get("/contoh-tamu/lapor")).headers["content-language"] == "en"
    switch = Elements(first.text).named("a", hreflang="id")[0]["href"]
    assert switch == "/contoh-tamu/?q=ikan+%26+udang&lang=id"
    assert (await visitor.get(switch)).headers["content-language"] == "id"


async def test_search_engines_are_told_of_both_languages(site: World) -> None:
    site.app.state.centre.settings = site.settings_.model_copy(update={"public_url": "https://112.example.go.id/"})
    async with site.client() as visitor:
        page = Elements((await visitor.get("/contoh-tamu/?q=x&lang=en")).text)
    address = "https://112.example.go.id/contoh-tamu/"
    links = {attrs.get("hreflang"): attrs["href"] for attrs in page.named("link", rel="alternate")}
    assert links == {"id": address, "en": f"{address}?lang=en", "x-default": address}
    assert page.named("link", rel="canonical")[0]["href"] == f"{address}?lang=en"


async def test_without_a_public_address_the_canonical_one_is_the_request_s(visitor: httpx.AsyncClient) -> None:
    page = Elements((await visitor.get("/contoh-tamu/lapor")).text)
    assert page.named("link", rel="canonical")[0]["href"] == "http://siaga.test/contoh-tamu/lapor"


async def test_numbers_are_written_as_each_language_writes_them(visitor: httpx.AsyncClient) -> None:
    indonesian = (await visitor.get("/contoh-tamu/?lang=id")).text
    assert "Rp\u00a01.234.567 · 1.234,5 · 24 November 2026 · 24 November 2026, 14.00 WITA" in indonesian
    english = (await visitor.get("/contoh-tamu/?lang=en")).text
    assert "Rp\u00a01,234,567 · 1,234.5 · 24 November 2026 · 24 November 2026, 14:00 WITA" in english


async def test_the_stored_theme_is_drawn_by_the_server_and_nothing_else_is(site: World) -> None:
    for cookie, expected in (("light", "light"), ("dark", "dark"), ('x"><script>', None)):
        async with site.client(Cookie=f"siaga_theme={cookie}") as visitor:
            page = Elements((await visitor.get("/contoh-tamu/")).text)
        assert page.named("html")[0].get("data-theme") == expected


async def test_the_page_works_under_the_policy_without_inline_script(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get("/contoh-tamu/")
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    page = Elements(answer.text)
    executable = [attrs for attrs in page.named("script") if attrs.get("type") != "application/ld+json"]
    assert all(attrs.get("src", "").startswith("/public/site.js") for attrs in executable)  # type: ignore[union-attr]
    assert [attrs for _, attrs in page.found if any(name.startswith("on") for name in attrs)] == []


async def test_every_page_has_landmarks_and_the_emergency_number(visitor: httpx.AsyncClient) -> None:
    for path in ("/layanan", "/contoh-tamu/", "/contoh-tamu/none"):
        page = Elements((await visitor.get(path)).text)
        assert [len(page.named(tag)) for tag in ("header", "main", "footer", "h1")] == [1, 1, 1, 1], path
        assert page.named("a", href="tel:112"), path
        assert page.named("a", href="#isi"), path


async def test_the_list_names_the_services_that_are_on(site: World, visitor: httpx.AsyncClient) -> None:
    listed = (await visitor.get("/layanan")).text
    assert "Halaman contoh untuk semua orang." in listed
    site.on = []
    assert "Belum ada layanan yang dibuka." in (await visitor.get("/layanan")).text
    assert (await visitor.get("/contoh-tamu/")).status_code == 404


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("none", 404, "Halaman ini tidak ada"),
        ("broken", 500, "Ada yang salah di pihak kami"),
        ("refused", 409, "Sudah tutup."),
        ("typo?angka=x", 422, "salah tulis"),
    ],
)
async def test_faults_are_pages_in_the_visitor_s_language(
    visitor: httpx.AsyncClient, path: str, status: int, words: str
) -> None:
    answer = await visitor.get(f"/contoh-tamu/{path}")
    assert (answer.status_code, words in answer.text) == (status, True)
    assert "ZeroDivisionError" not in answer.text
    assert Elements(answer.text).named("meta", name="robots", content="noindex")


async def test_the_footer_says_how_old_the_data_is(visitor: httpx.AsyncClient) -> None:
    page = Elements((await visitor.get("/contoh-tamu/")).text)
    assert page.named("time")[0]["datetime"] == "2026-11-24T06:00:00+00:00"


def test_the_example_is_a_plugin_like_any_other() -> None:
    assert PLUGIN.package == "tests.plugins.site.example"
