"""Sessions merged in any order, counted against a brute force; health, hours, addresses."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quickwins.taman_rozeline import rules
from quickwins.taman_rozeline.rules import Health, Session, Span

DAY = date(2026, 11, 24)
FIRST, LAST = rules.bounds(DAY)
SILENT, LONGEST = timedelta(minutes=30), timedelta(hours=12)
minutes = st.integers(-300, 1800)


@st.composite
def a_span(draw: st.DrawFn) -> Span:
    start = FIRST + timedelta(minutes=draw(minutes))
    return start, start + timedelta(minutes=draw(st.integers(1, 600)))


@st.composite
def a_session(draw: st.DrawFn) -> Session:
    start = FIRST + timedelta(minutes=draw(minutes))
    seen = start + timedelta(minutes=draw(st.integers(0, 300)))
    stop = draw(st.one_of(st.none(), st.just(seen)))
    return Session(start, seen, stop, draw(st.booleans()), draw(st.integers(0, 10**12)), draw(st.integers(0, 10**12)))


@given(st.lists(a_span(), max_size=12))
def test_most_at_once_is_what_counting_each_minute_finds(spans: list[Span]) -> None:
    every = [FIRST + timedelta(minutes=step) for step in range(24 * 60)]
    brute = max(sum(start <= at < end for start, end in spans) for at in every)
    assert rules.peak(spans, FIRST, LAST) == brute


@given(st.lists(a_session(), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_records_in_any_order_and_doubled_give_the_same_session(records: list[Session], random: object) -> None:
    def merged(some: list[Session]) -> Session:
        result = some[0]
        for one in some[1:]:
            result = rules.merge(result, one)
        return result

    mixed = [*records, *records[:2]]
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert merged(mixed) == merged(records)


@given(a_session(), a_session())
def test_counters_only_grow(one: Session, other: Session) -> None:
    both = rules.merge(one, other)
    assert both.up >= max(one.up, other.up)
    assert both.down >= max(one.down, other.down)


@given(st.integers(0, 10**15), a_span())
def test_bytes_shared_over_days_sum_up(total: int, span: Span) -> None:
    shares = rules.by_day(total, span)
    assert sum(shares.values()) == total
    assert all(share >= 0 for share in shares.values())
    assert list(shares) == rules.days_of(span)


def test_a_session_over_midnight_is_shared_by_its_time_on_each_day() -> None:
    span = (LAST - timedelta(hours=1), LAST + timedelta(hours=3))
    assert rules.by_day(400, span) == {DAY: 100, DAY + timedelta(days=1): 300}


def test_a_session_that_ends_as_the_next_begins_is_not_beside_it() -> None:
    noon = FIRST + timedelta(hours=12)
    spans = [(FIRST, noon), (noon, LAST)]
    assert rules.peak(spans, FIRST, LAST) == 1


@pytest.mark.parametrize(
    ("session", "after", "running"),
    [
        (Session(FIRST, FIRST), timedelta(hours=3), True),  # a Start alone
        (Session(FIRST, FIRST), timedelta(hours=13), False),
        (Session(FIRST, FIRST + timedelta(hours=1), None, True), timedelta(minutes=80), True),
        (Session(FIRST, FIRST + timedelta(hours=1), None, True), timedelta(minutes=91), False),
        (Session(FIRST, FIRST + timedelta(hours=1), FIRST + timedelta(hours=1)), timedelta(hours=1), False),
    ],
)
def test_a_session_without_a_stop_runs_until_it_is_silent(session: Session, after: timedelta, running: bool) -> None:
    end = rules.end_of(session, FIRST + after, SILENT, LONGEST)
    assert (end is None) is running
    assert end in (None, session.seen_at)


def test_running_sessions_are_counted_beside_ended_ones() -> None:
    now = FIRST + timedelta(hours=2)
    sessions = [
        Session(FIRST, FIRST),
        Session(FIRST + timedelta(hours=1), now, None, True),
        Session(FIRST, now, now),
    ]
    assert rules.peak(rules.spans(sessions, now, SILENT, LONGEST), FIRST, LAST) == 3


def test_down_after_three_misses_and_up_after_one_answer() -> None:
    health = rules.debounce(Health(), True, FIRST)
    assert health == Health("up", FIRST, 0)
    for number in (1, 2):
        health = rules.debounce(health, False, FIRST + timedelta(minutes=number))
        assert (health.state, health.since) == ("up", FIRST)
    third = FIRST + timedelta(minutes=3)
    health = rules.debounce(health, False, third)
    assert (health.state, health.since) == ("down", third)
    assert rules.debounce(health, False, LAST).since == third
    assert rules.debounce(health, True, LAST) == Health("up", LAST, 0)
    assert rules.debounce(health, None, LAST) == Health("unknown", LAST, 0)


@given(st.lists(st.sampled_from([True, False, None]), max_size=20))
def test_an_access_point_is_down_exactly_after_three_misses_at_the_end(answers: list[bool | None]) -> None:
    health = Health()
    for number, answered in enumerate(answers):
        health = rules.debounce(health, answered, FIRST + timedelta(minutes=number))
    assert (health.state == "down") == (len(answers) >= 3 and answers[-3:] == [False] * 3)


def test_an_address_is_the_same_device_however_it_is_written() -> None:
    spellings = ("AA-BB-CC-11-22-33", "aa:bb:cc:11:22:33", "aabb.cc11.2233", "AABBCC112233")
    assert {rules.plain_address(one) for one in spellings} == {"aabbcc112233"}
    for one in spellings:
        assert rules.without_addresses(f"HP saya {one} putus") == "HP saya […] putus"
    assert rules.without_addresses("Lampu 12 mati di 3 tempat") == "Lampu 12 mati di 3 tempat"


def test_another_salt_makes_another_device() -> None:
    one, other = "00" * 32, "11" * 32
    assert rules.hashed(one, "aabbcc112233") == rules.hashed(one, "aabbcc112233")
    assert rules.hashed(one, "aabbcc112233") != rules.hashed(other, "aabbcc112233")
    assert rules.hashed(one, "a", "bc") != rules.hashed(one, "ab", "c")


def test_open_on_its_day_past_midnight_too() -> None:
    tuesday = [(1, time(18), time(1))]

    def at(day: int, hour: int) -> bool | None:
        return rules.is_open(tuesday, datetime(2026, 11, day, hour, tzinfo=rules.WITA))

    assert at(24, 18) is True
    assert at(25, 0) is True
    assert at(25, 1) is False
    assert at(24, 0) is False
    assert rules.is_open([], datetime(2026, 11, 24, tzinfo=UTC)) is None


def test_time_to_repair_is_of_what_was_repaired() -> None:
    spans = [(FIRST, FIRST + timedelta(hours=hours)) for hours in (1, 2, 9)]
    assert rules.repair_hours(spans) == (4.0, 2.0)
    assert rules.repair_hours([]) is None


def test_a_ticket_leaves_no_state_without_a_way() -> None:
    states = {"open", "in_progress", "resolved", "closed"}
    assert {state for state, _act in rules.MOVES} == states
    assert set(rules.MOVES.values()) == states
