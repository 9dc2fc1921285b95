"""The day's figures."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.kpis.rules import CallTimes, IncidentTimes, day_start, fold, percentile
from dispatch.words import CallDisposition

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_the_day_begins_at_midnight_in_wita() -> None:
    assert day_start(datetime(2026, 11, 24, 15, 59, tzinfo=UTC)) == datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    assert day_start(datetime(2026, 11, 24, 16, 0, tzinfo=UTC)) == datetime(2026, 11, 24, 16, 0, tzinfo=UTC)


def test_a_day_without_anything_has_no_times_rather_than_zeros() -> None:
    today = fold(NOON, [], [], 0)
    assert (today.calls_offered, today.incidents_opened) == (0, 0)
    assert today.answer_p50_s is today.answer_p90_s is today.dispatch_p50_s is today.response_p50_s is None


def test_answered_abandoned_waiting_and_false_calls_are_told_apart() -> None:
    calls = [
        CallTimes(NOON, later(4), later(90), CallDisposition.HANDLED),
        CallTimes(NOON, later(8), later(60), CallDisposition.PRANK),
        CallTimes(NOON, None, later(30), None),
        CallTimes(NOON, None, None, None),
    ]
    today = fold(NOON, calls, [], 0)
    assert (today.calls_offered, today.calls_answered, today.calls_abandoned, today.false_calls) == (4, 2, 1, 1)
    assert (today.answer_p50_s, today.answer_p90_s) == (4, 8)


def test_a_time_that_was_not_reached_does_not_count() -> None:
    incidents = [IncidentTimes(NOON, later(50), later(600)), IncidentTimes(NOON, later(70), None)]
    today = fold(NOON, [], incidents, 2)
    assert (today.dispatch_p50_s, today.response_p50_s, today.incidents_open) == (50, 600, 2)


def test_clocks_that_differ_give_no_negative_wait() -> None:
    assert fold(NOON, [CallTimes(NOON, later(-1), None, None)], [], 0).answer_p50_s == 0


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0, 1))
def test_a_percentile_is_one_of_the_values_and_enough_do_not_exceed_it(values: list[float], share: float) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9


def test_the_percentile_of_nothing_is_nothing() -> None:
    assert percentile([], 0.5) is None
    assert percentile([3, 1, 2], 0.5) == pytest.approx(2)
