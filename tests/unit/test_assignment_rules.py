"""What may happen to an assignment."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.assignments.rules import (
    CREW_ACTS,
    LONGEST_KEPT,
    MOVES,
    NEEDS_REASON,
    AssignmentAct,
    happened_at,
    move,
)
from dispatch.errors import Conflict, Invalid
from dispatch.words import ACTIVE_ASSIGNMENT_STATES, AssignmentState

S = AssignmentState
A = AssignmentAct


@given(st.sampled_from(S), st.sampled_from(A))
def test_every_act_in_every_state_moves_or_says_why_not(state: S, act: A) -> None:
    if (state, act) in MOVES:
        assert move(state, act) is MOVES[state, act]
        return
    with pytest.raises(Conflict) as caught:
        move(state, act)
    assert caught.value.detail.endswith(".")
    assert caught.value.details == {"state": state.value}


@given(st.lists(st.sampled_from(A), max_size=12))
def test_what_has_ended_stays_ended(acts: list[A]) -> None:
    state = S.OFFERED
    for act in acts:
        was_active = state in ACTIVE_ASSIGNMENT_STATES
        try:
            state = move(state, act)
        except Conflict:
            continue
        assert was_active


def test_the_whole_way_of_an_ambulance() -> None:
    state = S.OFFERED
    for act in (A.ACCEPT, A.DEPART, A.ARRIVE, A.TRANSPORT, A.REACH_FACILITY, A.CLEAR):
        state = move(state, act)
    assert state is S.CLEARED


@pytest.mark.parametrize(
    ("state", "act", "sentence"),
    [
        (S.EN_ROUTE, A.DEPART, "The assignment is en route already."),
        (S.EXPIRED, A.ACCEPT, "The assignment has ended (expired): it cannot be accepted any more."),
        (S.OFFERED, A.ARRIVE, "An assignment that is offered cannot be reported on scene: it must be en route first."),
        (
            S.EN_ROUTE,
            A.CLEAR,
            "An assignment that is en route cannot be cleared: it must be on scene or at facility first.",
        ),
    ],
)
def test_an_illegal_move_says_why(state: S, act: A, sentence: str) -> None:
    with pytest.raises(Conflict) as caught:
        move(state, act)
    assert caught.value.detail == sentence


def test_a_unit_with_a_patient_aboard_cannot_be_called_off() -> None:
    for state in (S.TRANSPORTING, S.AT_FACILITY):
        for act in (A.CANCEL, A.DIVERT, A.WITHDRAW):
            with pytest.raises(Conflict):
                move(state, act)


def test_a_crew_never_decides_for_the_centre_and_says_why_it_declines() -> None:
    assert CREW_ACTS.isdisjoint({A.WITHDRAW, A.CANCEL, A.DIVERT, A.EXPIRE})
    assert A.DECLINE in NEEDS_REASON


NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
AGES = st.timedeltas(min_value=timedelta(hours=-1), max_value=timedelta(hours=24))


@given(AGES, st.timedeltas(min_value=timedelta(0), max_value=timedelta(hours=24)))
def test_a_reported_time_lies_between_the_step_before_and_now_or_is_refused_for_its_age(
    age: timedelta, since_previous: timedelta
) -> None:
    said, previous = NOW - age, NOW - since_previous
    if age > LONGEST_KEPT:
        with pytest.raises(Invalid) as caught:
            happened_at(said, previous, NOW)
        assert caught.value.details == {"field": "at"}
        return
    at = happened_at(said, previous, NOW)
    assert previous <= at <= NOW
    if previous <= said <= NOW:
        assert at == said


def test_a_step_without_a_time_of_its_own_happens_now() -> None:
    assert happened_at(None, NOW - timedelta(minutes=1), NOW) == NOW


def test_a_phone_whose_clock_is_ahead_loses_no_report() -> None:
    assert happened_at(NOW + timedelta(hours=3), NOW - timedelta(minutes=1), NOW) == NOW
