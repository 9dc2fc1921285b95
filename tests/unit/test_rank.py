"""Which units to send, why, and why no other."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dispatch.recommendation import rank
from dispatch.recommendation.rank import FRESH_S, Recommendation, Standing, fits, recommend
from dispatch.recommendation.travel import Origin, Travel
from dispatch.views import Need, Point, UnitPosition, UnitView
from dispatch.words import Capability, UnitState

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
STATION = Point(lat=-1.34, lon=116.64)
FIRE, AMBULANCE, POLICE = Capability.FIRE_SUPPRESSION, Capability.AMBULANCE, Capability.POLICE


def unit(
    name: str,
    *capabilities: Capability,
    state: UnitState = UnitState.AVAILABLE,
    position: UnitPosition | None = None,
    here: bool = False,
    holder: str | None = None,
) -> Standing:
    view = UnitView(
        id=name,
        callsign=f"Unit {name}",
        kind="fire_engine",
        agency="damkar",
        station_id="s",
        station="Pos Petung",
        capabilities=capabilities,
        crew=(),
        state=UnitState.COMMITTED if here or holder else state,
        assignment_id=None,
        incident_id=None,
        on_duty_since=NOW,
        out_of_service_reason="ban bocor" if state is UnitState.OUT_OF_SERVICE else None,
        position=position,
        version=1,
    )
    return Standing(unit=view, station=STATION, here=here, holder_number=holder)


def at(lat: float, *, age_s: float = 10, speed_kmh: float | None = None) -> UnitPosition:
    point = Point(lat=lat, lon=STATION.lon)
    return UnitPosition(unit_id="a", point=point, at=NOW - timedelta(seconds=age_s), speed_kmh=speed_kmh)


def ways(**seconds: int) -> dict[str, Travel]:
    return {name: Travel(value, value * 10) for name, value in seconds.items()}


def proposed(found: Recommendation) -> list[str]:
    return [one.unit_id for one in found.candidates if one.proposed]


def needs(**counts: int) -> list[Need]:
    return [Need(capability=Capability(name), count=count) for name, count in counts.items()]


def test_the_quickest_that_can_is_proposed_first_and_the_rest_follow_by_time() -> None:
    found = recommend(
        needs(fire_suppression=1), [unit("a", FIRE), unit("b", FIRE), unit("c", FIRE)], ways(a=300, b=100, c=200), NOW
    )
    assert [(one.unit_id, one.rank, one.proposed) for one in found.candidates] == [
        ("b", 1, True),
        ("c", 2, False),
        ("a", 3, False),
    ]
    assert found.short == ()


def test_each_unit_covers_one_need_at_a_time() -> None:
    units = [unit("both", FIRE, AMBULANCE), unit("slow", AMBULANCE)]
    found = recommend(needs(fire_suppression=1, ambulance=1), units, ways(both=60, slow=600), NOW)
    assert proposed(found) == ["both", "slow"]


def test_what_units_on_the_incident_cover_is_not_proposed_again() -> None:
    units = [unit("here", FIRE, here=True), unit("versatile", FIRE, AMBULANCE, here=True), unit("free", FIRE)]
    found = recommend(needs(fire_suppression=2, ambulance=1), units, ways(free=60), NOW)
    assert [(line.need.capability, line.covered) for line in found.plan] == [(FIRE, 2), (AMBULANCE, 0)]
    assert [(one.capability, one.missing) for one in found.short] == [(AMBULANCE, 1)]
    assert proposed(found) == []


def test_surplus_units_on_the_incident_cover_no_more_than_the_plan() -> None:
    units = [unit("a", FIRE, here=True), unit("b", FIRE, here=True)]
    assert recommend(needs(fire_suppression=1), units, {}, NOW).plan[0].covered == 1


def test_the_shortfall_is_named() -> None:
    found = recommend(needs(fire_suppression=3), [unit("a", FIRE)], ways(a=60), NOW)
    assert [(one.capability, one.missing) for one in found.short] == [(FIRE, 2)]


def test_of_every_other_unit_it_says_why_not() -> None:
    units = [
        unit("off", FIRE, state=UnitState.OFF_DUTY),
        unit("broken", FIRE, state=UnitState.OUT_OF_SERVICE),
        unit("busy", FIRE, holder="2026-000007"),
        unit("here", FIRE, here=True),
        unit("police", POLICE),
    ]
    found = recommend(needs(fire_suppression=1), units, {}, NOW)
    assert found.candidates == ()
    assert {one.unit_id: one.why.en for one in found.left_out} == {
        "off": "Off duty",
        "broken": "Out of service: ban bocor",
        "busy": "Committed to incident 2026-000007",
        "here": "Already on this incident",
        "police": "Lacks every capability that the plan needs",
    }


def test_reasons_name_capability_time_distance_and_where_the_unit_is() -> None:
    found = recommend(needs(fire_suppression=1), [unit("a", FIRE, position=at(-1.34))], ways(a=420), NOW)
    assert [words.en for words in found.candidates[0].reasons] == [
        "Covers: fire suppression",
        "About 7 min, 4.2 km (estimated without road data)",
        "At Pos Petung, position 10 s old",
    ]
    assert found.candidates[0].reasons[1].id == "Sekitar 7 menit, 4,2 km (perkiraan tanpa data jalan)"
    assert found.candidates[0].position_age_s == 10


def test_whereabouts_are_told_apart() -> None:
    def told(position: UnitPosition | None) -> str:
        found = recommend(needs(fire_suppression=1), [unit("a", FIRE, position=position)], ways(a=60), NOW)
        return found.candidates[0].reasons[2].en

    assert told(None) == "No position, reckoned from Pos Petung"
    assert told(at(-1.30, age_s=FRESH_S + 1)) == "No position, reckoned from Pos Petung"
    assert told(at(-1.34, speed_kmh=40)) == "Moving, position 10 s old"
    assert told(at(-1.30, speed_kmh=0)) == "Away from its station, position 10 s old"
    assert told(at(-1.34, age_s=-5)) == "At Pos Petung, position 0 s old"


def test_a_unit_starts_from_its_fresh_position_else_from_its_station() -> None:
    units = [unit("a", FIRE, position=at(-1.30)), unit("b", FIRE, position=at(-1.30, age_s=FRESH_S + 1))]
    assert rank.origins(units, NOW) == [
        Origin("a", "fire_engine", Point(lat=-1.30, lon=STATION.lon)),
        Origin("b", "fire_engine", STATION),
    ]


def test_without_a_point_units_rank_by_callsign_and_say_that_distance_is_unknown() -> None:
    found = recommend(needs(fire_suppression=1), [unit("b", FIRE), unit("a", FIRE)], {}, NOW)
    first = found.candidates[0]
    assert (first.unit_id, first.travel_s, first.distance_m, first.how) == ("a", None, None, None)
    assert first.reasons[1].en == "The incident has no point yet: distance unknown"


def test_the_best_unit_fits_and_any_other_needs_a_reason() -> None:
    found = recommend(needs(fire_suppression=1), [unit("a", FIRE), unit("b", FIRE)], ways(a=60, b=90), NOW)
    assert fits(found, "a", known=True)
    assert not fits(found, "b", known=True)
    assert not fits(found, "nobody", known=True)


def test_while_distances_are_unknown_every_capable_unit_fits_as_long_as_something_is_open() -> None:
    units = [unit("a", FIRE), unit("b", FIRE)]
    assert fits(recommend(needs(fire_suppression=1), units, {}, NOW), "b", known=False)
    covered = recommend(needs(fire_suppression=1), [*units, unit("here", FIRE, here=True)], {}, NOW)
    assert not fits(covered, "b", known=False)


CAPABILITIES = st.lists(st.sampled_from([FIRE, AMBULANCE, POLICE]), max_size=3, unique=True)
UNITS = st.lists(st.tuples(CAPABILITIES, st.sampled_from(UnitState), st.booleans(), st.integers(0, 3600)), max_size=8)


@given(UNITS, st.dictionaries(st.sampled_from([FIRE, AMBULANCE, POLICE]), st.integers(1, 3)))
def test_every_unit_is_a_candidate_or_left_out_and_counts_add_up(
    drawn: list[tuple[list[Capability], UnitState, bool, int]], plan: dict[Capability, int]
) -> None:
    units = [
        unit(str(i), *capabilities, state=state, here=here) for i, (capabilities, state, here, _) in enumerate(drawn)
    ]
    travel = {str(i): Travel(seconds, seconds * 10) for i, (*_, seconds) in enumerate(drawn)}
    found = recommend([Need(capability=key, count=count) for key, count in plan.items()], units, travel, NOW)
    ids = [one.unit_id for one in found.candidates] + [one.unit_id for one in found.left_out]
    assert sorted(ids) == sorted(one.unit.id for one in units)
    wanted = sum(plan.values())
    assert wanted == sum(line.covered for line in found.plan) + len(proposed(found)) + sum(
        one.missing for one in found.short
    )
    assert [one.rank for one in found.candidates] == list(range(1, len(found.candidates) + 1))
