"""What a unit is doing, and which positions are believed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.errors import Conflict, Invalid
from dispatch.units.rules import AHEAD_S, MOVES, UnitAct, check_position, derive, move
from dispatch.words import UnitState

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
S = UnitState
A = UnitAct


@given(st.sampled_from(S), st.sampled_from(A))
def test_every_act_in_every_state_moves_or_says_why_not(state: S, act: A) -> None:
    if (state, act) in MOVES:
        assert move(state, act) is MOVES[state, act]
        return
    with pytest.raises(Conflict) as caught:
        move(state, act)
    assert caught.value.detail.endswith(".")


@pytest.mark.parametrize(
    ("state", "act", "sentence"),
    [
        (S.OFF_DUTY, A.GO_OFF_DUTY, "The unit is off duty already."),
        (S.COMMITTED, A.GO_OFF_DUTY, "The unit is on an incident: it cannot go off duty before it is clear."),
        (S.OFF_DUTY, A.GO_OUT_OF_SERVICE, "A unit that is off duty cannot go out of service."),
    ],
)
def test_an_illegal_act_says_why(state: S, act: A, sentence: str) -> None:
    with pytest.raises(Conflict) as caught:
        move(state, act)
    assert caught.value.detail == sentence


@pytest.mark.parametrize(
    ("on_duty", "reason", "assigned", "expected"),
    [
        (False, None, False, S.OFF_DUTY),
        (False, "ban bocor", False, S.OFF_DUTY),
        (True, None, False, S.AVAILABLE),
        (True, "ban bocor", False, S.OUT_OF_SERVICE),
        (True, None, True, S.COMMITTED),
        (False, None, True, S.COMMITTED),
    ],
)
def test_the_state_follows_from_shift_fitness_and_assignment(
    on_duty: bool, reason: str | None, assigned: bool, expected: S
) -> None:
    assert derive(NOW if on_duty else None, reason, assigned=assigned) is expected


@pytest.mark.parametrize("ahead_s", [-86_400, 0, AHEAD_S])
def test_a_position_of_the_past_or_of_a_slightly_fast_clock_is_believed(ahead_s: int) -> None:
    check_position(NOW + timedelta(seconds=ahead_s), NOW, in_indonesia=True)


def test_a_position_from_the_future_or_from_abroad_is_refused() -> None:
    with pytest.raises(Invalid, match="future"):
        check_position(NOW + timedelta(seconds=AHEAD_S + 1), NOW, in_indonesia=True)
    with pytest.raises(Invalid, match="outside Indonesia"):
        check_position(NOW, NOW, in_indonesia=False)
