"""Rules of tourism: hours, moves, counts, scores, search, calendar files."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quickwins.puspita import rules
from quickwins.puspita.rules import Count, Opening, Week


def wita(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=rules.WITA)


WEEKEND = rules.parse_hours("Mo-Fr off; Sa,Su 08:00-16:00")
NIGHTS = rules.parse_hours("Fr,Sa 20:00-02:00")


@pytest.mark.parametrize(
    "text", ["", "open", "Mo", "Mo-Fr", "Xx 08:00-09:00", "25:00-26:00", "08:00-08:00", "Mo 8:00-9:00"]
)
def test_hours_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        rules.parse_hours(text)


def test_a_later_rule_replaces_an_earlier_one_for_its_days() -> None:
    week = rules.parse_hours("08:00-16:00; Tu off; Fr 08:00-11:00,14:00-16:00")
    assert week[0] == ((480, 960),)
    assert week[1] == ()
    assert week[4] == ((480, 660), (840, 960))


def test_days_may_reach_over_the_end_of_the_week() -> None:
    week = rules.parse_hours("Sa-Mo 09:00-10:00")
    assert [bool(day) for day in week] == [True, False, False, False, False, True, True]


@pytest.mark.parametrize(
    ("week", "now", "expected"),
    [
        (WEEKEND, "2026-11-28T08:00", Opening(True, wita("2026-11-28T16:00"))),
        (WEEKEND, "2026-11-28T16:00", Opening(False, wita("2026-11-29T08:00"))),
        (WEEKEND, "2026-11-29T17:00", Opening(False, wita("2026-12-05T08:00"))),
        (NIGHTS, "2026-11-28T01:59", Opening(True, wita("2026-11-28T02:00"))),
        (NIGHTS, "2026-11-30T00:30", Opening(False, wita("2026-12-04T20:00"))),
        (rules.parse_hours("24/7"), "2026-11-28T03:00", Opening(True, None)),
        (rules.parse_hours("Mo-Su off"), "2026-11-28T03:00", Opening(False, None)),
        (
            rules.parse_hours("Sa 18:00-24:00; Su 00:00-03:00"),
            "2026-11-28T19:00",
            Opening(True, wita("2026-11-29T03:00")),
        ),
    ],
)
def test_open_now_says_until_when(week: Week, now: str, expected: Opening) -> None:
    assert rules.opening(week, wita(now).astimezone(UTC)) == expected


SPANS = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).map(lambda pair: (pair[0], pair[0] + pair[1]))
WEEKS = st.tuples(*[st.lists(SPANS, max_size=2).map(lambda spans: tuple(sorted(spans)))] * 7)


@given(WEEKS, st.integers(0, 2 * 10**9).map(lambda at: datetime.fromtimestamp(at, rules.WITA)))
def test_open_agrees_with_looking_at_each_span(week: Week, now: datetime) -> None:
    minute = now.hour * 60 + now.minute + now.second / 60 + now.microsecond / 60e6
    today, yesterday = week[now.weekday()], week[(now.weekday() - 1) % 7]
    inside = any(start <= minute < end for start, end in today)
    inside = inside or any(start <= minute + 1440 < end for start, end in yesterday)
    state = rules.opening(week, now)
    assert state.is_open == inside
    if state.until is not None:
        assert state.until > now
        assert rules.opening(week, state.until).is_open != state.is_open


def test_when_it_opens_is_told_with_the_weekday_unless_today() -> None:
    saturday = wita("2026-11-28T07:00")
    assert rules.opening_words(rules.opening(WEEKEND, saturday), saturday, "id") == "Tutup, buka 08.00"
    monday = wita("2026-11-23T07:00")
    assert rules.opening_words(rules.opening(WEEKEND, monday), monday, "en") == "Closed, opens Saturday 08:00"
    noon = wita("2026-11-28T12:00")
    assert rules.opening_words(rules.opening(WEEKEND, noon), noon, "en") == "Open now, until 16:00"
    assert rules.opening_words(Opening(True, None), noon, "id") == "Buka sekarang"
    assert rules.opening_words(Opening(False, None), noon, "en") == "Closed"


def test_hours_are_told_in_both_languages() -> None:
    assert rules.describe_hours(WEEKEND, "id") == [("Senin–Jumat", "tutup"), ("Sabtu–Minggu", "08.00–16.00")]
    assert rules.describe_hours(NIGHTS, "en")[1] == ("Friday–Saturday", "20:00–02:00")
    assert rules.describe_hours(rules.parse_hours("24/7"), "en") == [("Monday–Sunday", "all day")]


def test_nothing_becomes_public_without_review() -> None:
    to_public = {move for move, state in rules.MOVES.items() if state == "published"}
    assert to_public == {("review", "publish")}
    assert ("published", "submit") not in rules.MOVES


def test_english_falls_back_to_indonesian_and_says_so() -> None:
    assert rules.localized("Gua", "Cave", "en") == ("Cave", False)
    assert rules.localized("Gua", " ", "en") == ("Gua", True)
    assert rules.localized("Gua", None, "id") == ("Gua", False)
    assert rules.localized("", None, "en") == ("", False)


def test_a_slug_is_plain_and_free() -> None:
    assert rules.slugify("Gua Tapak Raja, Désa!") == "gua-tapak-raja-desa"
    assert rules.slugify("中文") == "halaman"
    assert rules.free_slug("gua", ["gua", "gua-2"]) == "gua-3"
    assert rules.free_slug("gua", []) == "gua"


@given(st.text())
def test_a_slug_is_always_an_address(name: str) -> None:
    slug = rules.slugify(name)
    assert 0 < len(slug) <= 80
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_search_wants_every_word_and_prefers_the_name() -> None:
    assert rules.relevance("nipah nipah", "Pantai Nipah-Nipah", "") > rules.relevance(
        "nipah", "Hotel", "dekat Nipah-Nipah"
    )
    assert rules.relevance("pantai gua", "Pantai Nipah-Nipah", "pasir") == 0
    assert rules.relevance("ipah", "Nipah", "") > 0
    assert rules.relevance(" !", "Nipah", "") == 0


def test_a_months_own_figure_goes_before_the_sum_of_its_days() -> None:
    counts = [
        Count("a", "day", date(2026, 1, 3), 10, None),
        Count("a", "day", date(2026, 1, 4), 5, 2),
        Count("a", "month", date(2026, 1, 1), 99, None),
        Count("b", "day", date(2026, 2, 4), None, None),
    ]
    known = rules.by_month(counts)
    assert known["a", date(2026, 1, 1)] == (99, 2)
    assert known["b", date(2026, 2, 1)] == (None, None)


def test_what_nobody_counted_is_not_zero() -> None:
    assert rules.total([None, None]) is None
    assert rules.total([None, 0, 3]) == 3
    assert rules.mean([]) is None


def test_months_back_cross_the_year() -> None:
    assert rules.months_back(date(2026, 2, 20), 4) == [
        date(2025, 11, 1),
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    ]


def test_scores_and_stages_of_villages() -> None:
    assert rules.village_score([4] * 7) == 100
    assert rules.village_score([0] * 7) == 0
    assert rules.village_score([2, 2, 2, 2, 2, 2, 3]) == 54  # 15 of 28
    assert [rules.village_stage(score, (30, 55, 80)) for score in (29, 30, 55, 80)] == [0, 1, 2, 3]


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=400))
def test_calendar_lines_are_folded_without_loss(line: str) -> None:
    folded = rules.fold(line)
    assert all(len(part.encode()) <= 75 for part in folded.split("\r\n"))
    assert folded.replace("\r\n ", "") == line


def test_a_calendar_file_is_in_utc_and_escaped() -> None:
    entry = rules.CalendarEntry(
        uid="1@puspita",
        starts_at=wita("2026-12-01T08:00"),
        ends_at=wita("2026-12-01T10:00"),
        changed_at=wita("2026-11-01T00:00"),
        summary="Lari; 5K, pagi",
        description="Satu\nDua\\",
        location="Km 9",
        url="https://example.id/a",
        point=(-1.3, 116.7),
    )
    text = rules.icalendar([entry], "Acara")
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    for line in (
        "DTSTART:20261201T000000Z",
        "DTEND:20261201T020000Z",
        r"SUMMARY:Lari\; 5K\, pagi",
        r"DESCRIPTION:Satu\nDua\\",
    ):
        assert f"\r\n{line}\r\n" in text
    assert "GEO:-1.30000;116.70000" in text
