"""Rules of public service: numbers, working days, clocks, satisfaction, search, opening hours."""

import random
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.plugins import Text
from quickwins.go_ppu import rules
from quickwins.go_ppu.rules import Hours

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
FREE = st.frozensets(st.dates(date(2025, 12, 1), date(2026, 3, 31)), max_size=30)
NEAR = st.dates(date(2025, 12, 1), date(2026, 3, 31))
NUMBERS = st.randoms(use_true_random=False).map(lambda one: rules.new_number(one.randrange))
CHRISTMAS = frozenset({date(2026, 12, 25)})


@given(NUMBERS)
def test_a_number_is_read_however_it_is_typed(number: str) -> None:
    assert rules.read_number(number) == number
    assert rules.read_number(f" {number.lower().replace('-', ' ')} ") == number
    assert rules.read_number(number.replace("-", "")) == number


@given(NUMBERS, st.integers(0, 11), st.sampled_from(rules.ALPHABET))
def test_one_wrong_sign_is_found(number: str, at: int, sign: str) -> None:
    plain = number.replace("-", "")
    wrong = plain[:at] + sign + plain[at + 1 :]
    assert (rules.read_number(wrong) is None) == (wrong != plain)


@given(NUMBERS, st.integers(0, 10))
def test_two_swapped_signs_are_found(number: str, at: int) -> None:
    plain = number.replace("-", "")
    swapped = plain[:at] + plain[at + 1] + plain[at] + plain[at + 2 :]
    assert (rules.read_number(swapped) is None) == (swapped != plain)


@given(st.text(max_size=20))
def test_what_is_no_number_is_refused_without_an_error(typed: str) -> None:
    read = rules.read_number(typed)
    assert read is None or rules.read_number(read) == read


@pytest.mark.parametrize("typed", ["", "2222-2222-222", "2222-2222-2222-2", "OOOO-IIII-LLLL", "2222-2222-2223"])
def test_numbers_of_the_wrong_length_signs_or_check(typed: str) -> None:
    assert rules.read_number(typed) is None


def test_numbers_do_not_repeat() -> None:
    draw = random.Random(4)
    assert len({rules.new_number(draw.randrange) for _ in range(10_000)}) == 10_000


@given(NEAR, st.integers(0, 25), FREE)
def test_the_last_day_is_a_working_day_and_counts_back(start: date, days: int, free: frozenset[date]) -> None:
    end = rules.add_working_days(start, days, free)
    assert rules.working_days(start, end, free) == days
    assert rules.working_days(end, start, free) == -days
    assert days == 0 or rules.is_working_day(end, free)


@given(NEAR, st.integers(0, 25), FREE, NEAR)
def test_a_holiday_more_never_makes_it_sooner(start: date, days: int, free: frozenset[date], more: date) -> None:
    assert rules.add_working_days(start, days, free | {more}) >= rules.add_working_days(start, days, free)


@given(DAYS, st.integers(0, 60))
def test_five_working_days_a_week(start: date, weeks: int) -> None:
    assert rules.working_days(start, start + timedelta(weeks=weeks), frozenset()) == 5 * weeks


def test_working_days_leave_out_weekends_and_holidays() -> None:
    assert rules.add_working_days(date(2026, 12, 23), 3, CHRISTMAS) == date(2026, 12, 29)
    assert rules.add_working_days(date(2026, 12, 26), 1, CHRISTMAS) == date(2026, 12, 28)  # comes in on a Saturday


@pytest.mark.parametrize(
    ("due", "state", "words"),
    [
        (None, "none", Text("Tidak ada tenggat", "No deadline")),
        (date(2026, 12, 28), "on_time", Text("Sisa 2 hari kerja", "2 working days left")),
        (date(2026, 12, 24), "on_time", Text("Sisa 1 hari kerja", "1 working day left")),
        (date(2026, 12, 23), "today", Text("Jatuh tempo hari ini", "Due today")),
        (date(2026, 12, 22), "overdue", Text("Terlambat 1 hari kerja", "Overdue by 1 working day")),
        (date(2026, 12, 16), "overdue", Text("Terlambat 5 hari kerja", "Overdue by 5 working days")),
    ],
)
def test_a_clock_is_told_in_words(due: date | None, state: str, words: Text) -> None:
    today = date(2026, 12, 23)
    assert rules.clock(due, today) == state
    assert rules.clock_words(due, today, CHRISTMAS) == words


def test_late_on_a_day_off_is_late_by_a_day_at_least() -> None:
    assert rules.clock_words(date(2026, 12, 24), date(2026, 12, 26), CHRISTMAS).en == "Overdue by 1 working day"


def test_every_case_can_reach_an_end() -> None:
    for moves, start in ((rules.APPLICATION_MOVES, "submitted"), (rules.COMPLAINT_MOVES, "received")):
        states = {state for state, _ in moves} | set(moves.values())
        for state in states - rules.FINAL:
            assert _reach(moves, state) & rules.FINAL, state
        assert _reach(moves, start) == states
        assert not {state for state, _ in moves} & rules.FINAL


def _reach(moves: object, start: str) -> set[str]:
    assert isinstance(moves, dict)
    found = {start}
    while more := {to for (state, _), to in moves.items() if state in found} - found:
        found |= more
    return found


def test_a_list_shows_nobody() -> None:
    assert rules.masked("Budi Santoso bin Abdul Rahman", "+6281234567890") == "B. S. b. ••90"
    assert rules.masked(" ", "+6281234567890") == "••90"


@pytest.mark.parametrize(
    ("digits", "holds"),
    [("7890", True), ("7891", False), ("90", False), ("", False), ("67890", False), ("٧٨٩٠", False)],
)
def test_four_digits_hold_a_case(digits: str, holds: bool) -> None:
    assert rules.holds("+6281234567890", digits) is holds


@pytest.mark.parametrize(
    ("answers", "index", "category"),
    [
        ([[4] * 9], "100.00", "A"),
        ([[1] * 9], "25.00", "D"),
        ([[3] * 9], "75.00", "C"),
        ([[4, 4, 4, 4, 4, 3, 3, 3, 3]], "88.89", "A"),
        ([[4, 4, 4, 4, 3, 3, 3, 3, 3]], "86.11", "B"),
        ([[3, 3, 3, 3, 3, 3, 3, 3, 4]], "77.78", "B"),
    ],
)
def test_the_index_as_the_regulation_has_it(answers: list[list[int]], index: str, category: str) -> None:
    found = rules.satisfaction(answers)
    assert found is not None
    assert (found.index, found.category) == (Decimal(index), category)


@pytest.mark.parametrize(
    ("tenths", "category"), [(8831, "A"), (8830, "B"), (7661, "B"), (7660, "C"), (6500, "C"), (6499, "D"), (2500, "D")]
)
def test_bounds_of_the_categories(tenths: int, category: str) -> None:
    """An index of exactly so many hundredths, from 10,000 answers that differ in their sum alone."""
    total = tenths * 9 * 4
    marks = _spread(total, 90_000)
    found = rules.satisfaction([marks[start : start + 9] for start in range(0, 90_000, 9)])
    assert found is not None
    assert (found.index, found.category) == (Decimal(tenths) / 100, category)


def _spread(total: int, number: int) -> list[int]:
    low, more = divmod(total, number)
    return [low + 1] * more + [low] * (number - more)


@given(st.lists(st.lists(st.integers(1, 4), min_size=9, max_size=9), min_size=1, max_size=30))
def test_the_index_is_the_mean_of_all_marks(answers: list[list[int]]) -> None:
    found = rules.satisfaction(answers)
    assert found is not None
    assert found.answers == len(answers)
    assert abs(found.index - 25 * sum(found.means, Decimal(0)) / 9) < Decimal("0.13")
    assert 25 <= found.index <= 100


def test_nobody_answered_is_no_index() -> None:
    assert rules.satisfaction([]) is None


def test_search_prefers_titles_bears_slips_and_whole_sentences() -> None:
    def worth(query: str) -> int:
        return rules.relevance(query, "Akta kelahiran", "lahir bayi", "Kartu keluarga orang tua")

    assert worth("kelahiran") > worth("bayi") > worth("keluarga") > 0
    assert worth("kelahiran") > worth("kelah") > worth("kelahirna") > 0
    assert worth("kelaihran") > 0  # two slips in nine letters
    assert worth("bayo") > 0
    assert worth("bxyo") == 0  # two in four
    assert worth("by") == 0
    assert worth("cara urus akta kelahiran anak saya") > 0
    assert worth("akta kelahiran") > worth("akta kematian")
    assert worth("") == worth("! a") == worth("sapi") == 0


def test_urgent_words_are_seen() -> None:
    assert rules.sounds_urgent("Ada KEBAKARAN di pasar!")
    assert not rules.sounds_urgent("Kartu keluarga")


def test_addresses_are_plain_and_free() -> None:
    assert rules.slugify("KTP-el: hilang, rusak") == "ktp-el-hilang-rusak"
    assert rules.slugify("…") == "layanan"
    assert rules.free_slug("kk", ["kk", "kk-2"]) == "kk-3"
    assert rules.free_slug("kk", []) == "kk"


WEEK = Hours(time(7, 30), time(16, 0), time(11, 30))


@pytest.mark.parametrize(
    ("hours", "now", "expected"),
    [
        (WEEK, "2026-12-24T07:30", True),  # a Thursday
        (WEEK, "2026-12-24T07:29", False),
        (WEEK, "2026-12-24T16:00", False),
        (WEEK, "2026-12-18T11:29", True),
        (WEEK, "2026-12-18T11:30", False),
        (WEEK, "2026-12-25T09:00", False),
        (WEEK, "2026-12-26T09:00", False),
        (Hours(time(8), time(12), None), "2026-12-18T11:59", True),
        (Hours(None, None, None, always=True), "2026-12-26T03:00", True),
        (Hours(None, time(12), None), "2026-12-24T09:00", None),
        (Hours(time(8), None, None), "2026-12-24T09:00", None),
    ],
)
def test_open_now(hours: Hours, now: str, expected: bool | None) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=rules.WITA).astimezone(UTC)
    assert rules.is_open(hours, at, CHRISTMAS) is expected


def test_hours_are_told() -> None:
    assert [times for _, times in rules.hours_words(WEEK)] == ["07.30–16.00", "07.30–11.30"]
    assert rules.hours_words(Hours(time(8), time(12), None))[1][1] == "08.00–12.00"
    assert rules.hours_words(Hours(None, None, None, always=True))[0][0].en == "Every day"
    assert rules.hours_words(Hours(time(8), None, None)) == ()
    assert rules.hours_words(Hours(None, time(8), None)) == ()
