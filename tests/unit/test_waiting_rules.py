"""Who should have done something by now: steps, and what is told after a pause."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dispatch.incidents.waiting import HIGHEST, Wait, look
from dispatch.words import AlarmKind

START = datetime(2026, 11, 24, tzinfo=UTC)
WAIT = Wait(AlarmKind.NO_REPORT, START, 60, "a", "u")


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def test_nothing_is_told_before_its_time() -> None:
    result = look([WAIT], {}, at(59))
    assert (result.tell, result.told, result.next_at) == ((), {}, at(60))


def test_each_interval_is_one_step_up_to_the_supervisor() -> None:
    told: dict[str, int] = {}
    levels = []
    for step in range(1, 6):
        result = look([WAIT], told, at(60 * step))
        (telling,) = result.tell
        levels.append(telling.level)
        assert result.next_at == at(60 * (step + 1))
        told = result.told
    assert levels == [1, 2, 3, 3, 3]


def test_after_a_pause_of_the_server_the_highest_step_alone_is_told() -> None:
    result = look([WAIT], {WAIT.key: 1}, at(60 * 9))
    assert [telling.level for telling in result.tell] == [3]
    assert look([WAIT], result.told, at(60 * 9)).tell == ()


def test_a_wait_that_begins_anew_starts_at_the_first_step() -> None:
    again = Wait(AlarmKind.NO_REPORT, at(300), 60, "a", "u")
    result = look([again], {WAIT.key: 3}, at(360))
    assert [telling.level for telling in result.tell] == [1]
    assert WAIT.key not in result.told


def test_nobody_waits_and_nobody_looks_again() -> None:
    assert look([], {WAIT.key: 2}, at(999)).next_at is None


@given(st.lists(st.integers(0, 4000), min_size=1, max_size=12).map(sorted), st.integers(1, 600))
def test_looking_at_any_times_never_tells_a_step_twice_nor_backwards(times: list[int], after_s: int) -> None:
    wait = Wait(AlarmKind.UNIT_NOT_EN_ROUTE, START, after_s, "a", "u")
    told: dict[str, int] = {}
    levels: list[int] = []
    for second in times:
        result = look([wait], told, at(second))
        levels += [telling.level for telling in result.tell]
        told = result.told
        assert result.next_at is not None
        assert result.next_at > at(second)
    assert levels == sorted(levels)
    assert len([level for level in levels if level < HIGHEST]) <= HIGHEST - 1
    assert sum(told.values()) == times[-1] // after_s
