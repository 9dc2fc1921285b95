"""What may happen to an incident: acts, states that follow from assignments, likely twins."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.errors import Conflict
from dispatch.incidents import rules
from dispatch.incidents.likeness import Likeness, Sketch, likely_twins, likeness, most_possible, ranked
from dispatch.incidents.rules import MOVES, IncidentAct, derive, move
from dispatch.views import Point
from dispatch.words import ACTIVE_ASSIGNMENT_STATES, ENDED_INCIDENT_STATES, AssignmentState, IncidentState, Priority

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
A = AssignmentState
S = IncidentState
FIRE = Sketch(
    type="kebakaran-bangunan",
    category="kebakaran",
    point=Point(lat=-1.25, lon=116.77),
    village_code="64.09.01.1011",
    text="Rumah terbakar dekat masjid Al-Ula",
    opened_at=NOW,
)


@given(st.sampled_from(S), st.sampled_from(IncidentAct), st.integers(0, 5))
def test_every_act_in_every_state_moves_or_says_why_not(state: S, act: IncidentAct, active: int) -> None:
    legal = (state, act) in MOVES
    ends = act in (IncidentAct.CLOSE, IncidentAct.CANCEL, IncidentAct.MERGE)
    if legal and not (ends and active):
        assert move(state, act, active) is MOVES[state, act]
        return
    with pytest.raises(Conflict) as caught:
        move(state, act, active)
    assert caught.value.detail.endswith(".")
    assert caught.value.details["state"] == state.value


@pytest.mark.parametrize(
    ("state", "act", "sentence"),
    [
        (S.CLOSED, IncidentAct.CLOSE, "The incident is closed already."),
        (S.UNDER_CONTROL, IncidentAct.UNDER_CONTROL, "The incident is under control already."),
        (
            S.EN_ROUTE,
            IncidentAct.UNDER_CONTROL,
            "An incident that is en route cannot be reported under control. A unit must be on the scene.",
        ),
        (S.OPEN, IncidentAct.REOPEN, "An incident that is open cannot be reopened."),
        (S.CLOSED, IncidentAct.TRIAGE, "An incident that is closed cannot be triaged. Reopen it first."),
    ],
)
def test_an_illegal_act_says_why(state: S, act: IncidentAct, sentence: str) -> None:
    with pytest.raises(Conflict) as caught:
        move(state, act, 0)
    assert caught.value.detail.startswith(sentence)


@pytest.mark.parametrize(("active", "said"), [(1, "1 unit is still"), (2, "2 units are still")])
def test_an_incident_with_units_on_it_cannot_end(active: int, said: str) -> None:
    with pytest.raises(Conflict, match=said):
        move(S.RESOLVED, IncidentAct.CLOSE, active)


@given(
    st.sampled_from(S),
    st.lists(st.sampled_from(A), max_size=6),
    st.booleans(),
)
def test_the_derived_state_never_denies_the_facts(state: S, assignments: list[A], triaged: bool) -> None:
    derived = derive(state, assignments, triaged=triaged)
    active = [one for one in assignments if one in ACTIVE_ASSIGNMENT_STATES]
    if state in (*ENDED_INCIDENT_STATES, S.RESOLVED):
        assert derived is state
    elif not active:
        assert derived in (S.OPEN, S.TRIAGED, S.RESOLVED)
    else:
        assert derived in (S.DISPATCHED, S.EN_ROUTE, S.ON_SCENE, S.UNDER_CONTROL)
    assert derive(derived, assignments, triaged=triaged) is derived


@pytest.mark.parametrize(
    ("state", "assignments", "triaged", "expected"),
    [
        (S.OPEN, [], False, S.OPEN),
        (S.OPEN, [], True, S.TRIAGED),
        (S.TRIAGED, [A.OFFERED], True, S.DISPATCHED),
        (S.DISPATCHED, [A.DECLINED], True, S.TRIAGED),
        (S.DISPATCHED, [A.EN_ROUTE, A.OFFERED], True, S.EN_ROUTE),
        (S.EN_ROUTE, [A.ON_SCENE, A.EN_ROUTE], True, S.ON_SCENE),
        (S.ON_SCENE, [A.TRANSPORTING], True, S.ON_SCENE),
        (S.UNDER_CONTROL, [A.ON_SCENE], True, S.UNDER_CONTROL),
        (S.UNDER_CONTROL, [A.CLEARED, A.EN_ROUTE], True, S.UNDER_CONTROL),
        (S.ON_SCENE, [A.CLEARED], True, S.RESOLVED),
        (S.ON_SCENE, [A.DIVERTED], True, S.TRIAGED),
        (S.OPEN, [A.CLEARED], True, S.TRIAGED),
        (S.OPEN, [A.CLEARED, A.OFFERED], True, S.DISPATCHED),
    ],
)
def test_the_state_follows_from_the_assignments(state: S, assignments: list[A], triaged: bool, expected: S) -> None:
    assert derive(state, assignments, triaged=triaged) is expected


def test_a_second_call_about_the_same_fire_is_a_likely_twin_and_says_why() -> None:
    other = replace(
        FIRE, point=Point(lat=-1.252, lon=116.771), text="api besar di rumah", opened_at=NOW - timedelta(minutes=4)
    )
    found = likeness(FIRE, other)
    assert found.score > 0.8
    assert [words.id for words in found.why] == [
        "jenis kejadian sama",
        "berjarak 249 m",
        "dilaporkan selisih 4 menit",
        "kata yang sama: rumah",
    ]


def test_a_fire_in_another_village_long_ago_is_no_twin() -> None:
    far = Sketch(
        type="banjir",
        category="bencana_alam",
        point=Point(lat=-1.55, lon=116.46),
        village_code="64.09.03.2006",
        text="air naik",
        opened_at=NOW - timedelta(hours=3),
    )
    assert likeness(FIRE, far) == Likeness(0, ())


def test_without_points_the_village_counts_and_the_category_counts_less_than_the_type() -> None:
    vague = replace(FIRE, point=None, type="kebakaran-kendaraan", text="")
    found = likeness(FIRE, vague)
    assert [words.en for words in found.why] == ["same category", "same village", "0 min apart"]
    assert likeness(FIRE, replace(vague, village_code=None)).score == pytest.approx(0.25)


def test_likely_twins_come_likeliest_first_and_unlikely_ones_not_at_all() -> None:
    scored = [(str(score), Likeness(score, ())) for score in (0.2, 0.5, 0.9, 0.7)]
    assert [key for key, _ in ranked(scored, 2)] == ["0.9", "0.7"]


SKETCHES = st.builds(
    Sketch,
    type=st.sampled_from(["kebakaran-rumah", "banjir", "kecelakaan"]),
    category=st.sampled_from(["kebakaran", "bencana_alam", "kecelakaan"]),
    point=st.none() | st.builds(Point, lat=st.floats(-1.6, -0.8), lon=st.floats(116.3, 116.9)),
    village_code=st.sampled_from([None, "64.09.01.1003", "64.09.02.1003"]),
    text=st.sampled_from(["", "api besar pasar petung", "asap hitam pasar", "air naik jembatan", "motor truk"]),
    opened_at=st.integers(0, 90_000).map(lambda ago_s: NOW - timedelta(seconds=ago_s)),
    accuracy_m=st.sampled_from([None, 50, 1000, 9000]),
)


@given(SKETCHES, SKETCHES)
def test_likeness_is_the_same_from_either_side_and_every_time(one: Sketch, other: Sketch) -> None:
    found, back = likeness(one, other), likeness(other, one)
    assert found.score == pytest.approx(back.score, abs=0.002)
    assert len(found.why) == len(back.why)
    assert found == likeness(one, other)
    assert 0 <= found.score <= 1


@given(SKETCHES, SKETCHES, st.floats(0, 0.5), st.floats(0, 0.5))
def test_more_distance_never_makes_two_reports_more_alike(one: Sketch, other: Sketch, near: float, more: float) -> None:
    at = one.point or Point(lat=-1.3, lon=116.6)
    here = replace(one, point=at)
    nearer = replace(other, point=Point(lat=at.lat + near, lon=at.lon))
    farther = replace(other, point=Point(lat=at.lat + near + more, lon=at.lon))
    assert likeness(here, farther).score <= likeness(here, nearer).score


@given(SKETCHES, st.lists(SKETCHES, max_size=8))
def test_what_is_left_out_at_once_was_never_a_likely_twin(report: Sketch, others: list[Sketch]) -> None:
    keyed = [(str(at), other) for at, other in enumerate(others)]
    slow = ranked([(key, likeness(report, other)) for key, other in keyed], 5)
    assert likely_twins(report, keyed, 5) == slow
    assert all(likeness(report, other).score <= most_possible(report, other) + 0.001 for other in others)


def test_ten_kilometres_apart_no_words_make_it_one_event() -> None:
    far = replace(FIRE, point=Point(lat=-1.34, lon=116.77))
    assert likeness(FIRE, far).score == 0


def test_a_km_post_is_near_what_it_may_stand_for() -> None:
    loose = replace(FIRE, point=Point(lat=-1.267, lon=116.77), accuracy_m=1000)
    assert likeness(FIRE, loose).score > likeness(FIRE, replace(loose, accuracy_m=None)).score


@given(st.floats(-10, 10), st.floats(95, 141), st.floats(-10, 10), st.floats(95, 141))
def test_distance_is_symmetric_and_zero_to_itself(lat: float, lon: float, lat2: float, lon2: float) -> None:
    one, other = Point(lat=lat, lon=lon), Point(lat=lat2, lon=lon2)
    assert rules.distance_m(one, other) == pytest.approx(rules.distance_m(other, one))
    assert rules.distance_m(one, one) == 0


def test_a_degree_of_latitude_is_111_km() -> None:
    assert rules.distance_m(Point(lat=0, lon=116), Point(lat=1, lon=116)) == pytest.approx(111_195, abs=1)


def test_alarms_of_an_undispatched_incident_rise_to_the_supervisor_and_stay_there() -> None:
    assert [rules.alarm_level(raised) for raised in range(5)] == [1, 2, 3, 3, 3]


@pytest.mark.parametrize(
    ("current", "before", "after", "expected"),
    [
        ("P3", "P3", "P1", "P1"),
        ("P1", "P3", "P3", "P1"),
        ("P3", "P1", "P1", "P3"),
        ("P3", "P2", "P1", "P1"),
        ("P1", "P3", "P2", "P1"),
    ],
)
def test_a_priority_set_by_hand_stands_until_the_triage_says_something_more_urgent(
    current: str, before: str, after: str, expected: str
) -> None:
    assert rules.priority_after(Priority(current), Priority(before), Priority(after)) is Priority(expected)
