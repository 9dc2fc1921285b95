"""Several incidents solved together, and what a unit's leaving uncovers."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.recommendation.coverage import UNCOVERED_S, Cover, Village, losses
from dispatch.recommendation.geography import Demand, Home, past_events
from dispatch.recommendation.joint import WEIGHT, Ask, Joint, solve
from dispatch.recommendation.rank import TravelSource
from dispatch.recommendation.travel import Travel
from dispatch.views import Need, Point, UnitView
from dispatch.words import Capability, Priority, UnitState

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
FIRE, AMBULANCE = Capability.FIRE_SUPPRESSION, Capability.AMBULANCE
SOURCE = TravelSource(source="road")


def unit(name: str, *capabilities: Capability) -> UnitView:
    return UnitView(
        id=name,
        callsign=f"Unit {name}",
        kind="ambulance",
        agency="psc119",
        station_id="s",
        station="Pos",
        capabilities=capabilities or (AMBULANCE,),
        crew=(),
        state=UnitState.AVAILABLE,
        assignment_id=None,
        incident_id=None,
        on_duty_since=NOW,
        out_of_service_reason=None,
        position=None,
        version=1,
    )


def ask(name: str, priority: Priority = Priority.P3, count: int = 1, here: int = 0, **seconds: int) -> Ask:
    ways = {key: Travel(value, value * 10, "road") for key, value in seconds.items()}
    return Ask(
        incident_id=name,
        number=f"2026-{name}",
        priority=priority,
        plan=(Need(capability=AMBULANCE, count=count),),
        here=tuple(unit(f"{name}-here-{n}") for n in range(here)),
        ways=ways,
        scores={key: float(way.seconds) for key, way in ways.items()},
    )


def picks(found: Joint) -> dict[str, str]:
    return {one.incident_id: one.unit_id for one in found.picks}


def test_together_a_minute_here_saves_twenty_there() -> None:
    found = solve([ask("1", a=60, b=120), ask("2", a=120, b=1500)], [unit("a"), unit("b")], SOURCE)
    assert picks(found) == {"1": "b", "2": "a"}
    assert (found.mean_s, found.in_turn_mean_s, found.incidents) == (120, 780, 2)
    first = next(one for one in found.picks if one.incident_id == "1")
    assert first.nearest_unit_id == "a"
    assert first.why.en.startswith("Unit a is 1 min nearer, but of more use elsewhere.")


def test_a_unit_that_goes_there_too_is_no_reason_against_another() -> None:
    (first, second) = solve([ask("1", count=2, a=60, b=120)], [unit("a"), unit("b")], SOURCE).picks
    assert {first.unit_id, second.unit_id} == {"a", "b"}
    assert all(one.why.en.startswith("Nearest for ambulance") for one in (first, second))


def test_a_nearer_unit_that_stays_is_said_to_be_worse() -> None:
    tired = ask("1", a=60, b=120)
    tired = replace(tired, scores={"a": 900.0, "b": 120.0})
    (pick,) = solve([tired], [unit("a"), unit("b")], SOURCE).picks
    assert pick.unit_id == "b"
    assert "worse by position, crew or coverage" in pick.why.en


def test_where_there_are_too_few_the_most_urgent_is_served() -> None:
    found = solve([ask("1", Priority.P4, a=60), ask("2", Priority.P1, a=900)], [unit("a")], SOURCE)
    assert picks(found) == {"2": "a"}
    assert [(one.incident_id, one.missing) for one in found.short] == [("1", 1)]


def test_what_units_on_an_incident_cover_is_not_asked_for_again() -> None:
    found = solve([ask("1", here=1, a=60), ask("2", a=900)], [unit("a")], SOURCE)
    assert picks(found) == {"2": "a"}
    assert (found.incidents, found.short) == (1, ())


def test_a_unit_that_cannot_reach_an_incident_is_not_sent_there() -> None:
    found = solve([ask("1", b=60), ask("2", a=900)], [unit("a"), unit("b")], SOURCE)
    assert picks(found) == {"1": "b", "2": "a"}
    nobody = solve([ask("1")], [unit("a")], SOURCE)
    assert (nobody.picks, nobody.mean_s, len(nobody.short)) == ((), None, 1)


def test_nothing_open_proposes_nothing() -> None:
    assert solve([], [unit("a")], SOURCE).picks == ()


TIMES = st.integers(1, 3000)
TABLES = st.tuples(st.integers(1, 4), st.integers(1, 5)).flatmap(
    lambda size: st.lists(st.lists(TIMES, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0])
)


@settings(deadline=None)
@given(TABLES, st.lists(st.sampled_from(Priority), min_size=4, max_size=4))
def test_no_other_choice_serves_them_sooner(table: list[list[int]], priorities: list[Priority]) -> None:
    units = [unit(f"u{n}") for n in range(len(table[0]))]
    asks = [
        ask(str(n), priorities[n], **{f"u{k}": seconds for k, seconds in enumerate(row)}) for n, row in enumerate(table)
    ]
    found = solve(asks, units, SOURCE)
    assert len({one.unit_id for one in found.picks}) == len(found.picks) == min(len(asks), len(units))
    if len(asks) > len(units):
        return
    ours = sum(WEIGHT[priorities[int(one.incident_id)]] * one.travel_s for one in found.picks)
    best = min(
        sum(WEIGHT[priorities[row]] * table[row][column] for row, column in enumerate(columns))
        for columns in itertools.permutations(range(len(units)), len(asks))
    )
    assert ours == pytest.approx(best, abs=0.1)


def cover(name: str, lat: float, *capabilities: Capability) -> Cover:
    return Cover(name, "ambulance", capabilities or (AMBULANCE,), Point(lat=lat, lon=116.7))


VILLAGES = [Village("Utara", Point(lat=-1.0, lon=116.7), 0.25), Village("Selatan", Point(lat=-1.4, lon=116.7), 0.75)]


def test_who_stands_alone_is_missed_and_who_stands_beside_another_is_not() -> None:
    lost = losses([cover("north", -1.0), cover("south", -1.4), cover("south-too", -1.4)], VILLAGES)
    assert set(lost) == {"north"}
    assert (lost["north"].village, lost["north"].capability) == ("Utara", AMBULANCE)
    assert lost["north"].mean_s == pytest.approx(0.25 * lost["north"].after_s, rel=0.01)


def test_the_last_one_leaves_an_hour() -> None:
    lost = losses([cover("only", -1.4)], VILLAGES)["only"]
    assert (lost.village, lost.after_s) == ("Selatan", UNCOVERED_S)


def test_the_capability_that_loses_most_counts() -> None:
    lost = losses([cover("both", -1.4, AMBULANCE, FIRE), cover("other", -1.4, AMBULANCE)], VILLAGES)
    assert lost["both"].capability is FIRE
    assert "other" not in lost


def test_without_villages_or_units_nothing_is_lost() -> None:
    assert losses([], VILLAGES) == {}
    assert losses([cover("a", -1.4)], []) == {}


HOMES = (
    Home("1", "Nenang", "Penajam", Point(lat=-1.27, lon=116.73)),
    Home("2", "Petung", "Penajam", Point(lat=-1.34, lon=116.64)),
    Home("3", "Waru", "Waru", Point(lat=-1.39, lon=116.61)),
)


def test_demand_begins_with_the_published_figures_and_is_learned_from_own_incidents() -> None:
    demand = Demand(HOMES, {"Penajam": 6, "Waru": 2})
    assert {one.name: one.share for one in demand.villages} == {"Nenang": 3 / 8, "Petung": 3 / 8, "Waru": 2 / 8}
    assert demand.wants(NOW)
    demand.learn({"3": 8}, NOW)
    assert not demand.wants(NOW)
    assert {one.name: one.share for one in demand.villages} == {"Nenang": 3 / 16, "Petung": 3 / 16, "Waru": 10 / 16}


def test_the_published_figures_are_those_of_the_report() -> None:
    assert dict(past_events()) == {"Penajam": 77, "Sepaku": 22, "Babulu": 8, "Waru": 5}
