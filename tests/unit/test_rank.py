"""Which units to send, why, and why no other."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.recommendation import rank
from dispatch.recommendation.aid import neighbours
from dispatch.recommendation.columns import Standing
from dispatch.recommendation.coverage import Cover, Loss, Village, losses
from dispatch.recommendation.diversion import Holder
from dispatch.recommendation.rank import Grounds, Recommendation, fits, recommend
from dispatch.recommendation.travel import Origin, Travel
from dispatch.recommendation.weighing import FRESH_S
from dispatch.views import Need, Point, UnitPosition, UnitView, Words
from dispatch.words import AssignmentState, Capability, Priority, UnitState

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
    units = [unit("here", FIRE, here=True), unit("also", FIRE, here=True), unit("free", FIRE)]
    found = recommend(needs(fire_suppression=2, ambulance=1), units, ways(free=60), NOW)
    assert [(line.need.capability, line.covered) for line in found.plan] == [(FIRE, 2), (AMBULANCE, 0)]
    assert [(one.capability, one.missing) for one in found.short] == [(AMBULANCE, 1)]
    assert proposed(found) == []


def test_a_versatile_unit_on_the_incident_covers_what_no_other_can() -> None:
    units = [unit("here", FIRE, here=True), unit("versatile", FIRE, AMBULANCE, here=True), unit("free", FIRE)]
    found = recommend(needs(fire_suppression=2, ambulance=1), units, ways(free=60), NOW)
    assert found.short == ()
    assert proposed(found) == ["free"]


def test_the_only_ambulance_is_not_used_up_as_an_engine() -> None:
    units = [unit("both", FIRE, AMBULANCE), unit("engine", FIRE)]
    found = recommend(needs(fire_suppression=1, ambulance=1), units, ways(both=60, engine=70), NOW)
    assert found.short == ()
    assert sorted(proposed(found)) == ["both", "engine"]


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


def test_a_stale_position_costs_and_is_marked() -> None:
    units = [unit("a", FIRE, position=at(-1.30, age_s=500)), unit("b", FIRE, position=at(-1.30, age_s=10))]
    found = recommend(needs(fire_suppression=1), units, ways(a=300, b=400), NOW)
    assert [(one.unit_id, one.trust) for one in found.candidates] == [("b", "fresh"), ("a", "stale")]
    stale = found.candidates[1]
    assert [(part.kind, part.seconds) for part in stale.parts] == [("travel", 300), ("position", 200)]
    assert stale.score_s == 500


def test_a_short_crew_and_a_long_shift_cost_and_say_so() -> None:
    tired = unit("a", FIRE, position=at(-1.30))
    view = tired.unit.model_copy(update={"crew": ("Ani",), "on_duty_since": NOW - timedelta(hours=16)})
    found = recommend(needs(fire_suppression=1), [replace(tired, unit=view)], ways(a=300), NOW)
    parts = {part.kind: part.seconds for part in found.candidates[0].parts}
    assert parts == {"travel": 300, "crew": 240, "shift": 180}
    told = " ".join(words.en for words in found.candidates[0].reasons)
    assert "Crew of 1, full is 3" in told
    assert "On duty for 16 h" in told


def test_the_unit_that_nobody_misses_goes_before_one_that_leaves_a_village_alone() -> None:
    units = [unit("alone", FIRE, position=at(-1.3)), unit("spare", FIRE, position=at(-1.3))]
    grounds = Grounds(priority=Priority.P3, losses={"alone": Loss(400, FIRE, "Sotek", 480, 1260)})
    found = recommend(needs(fire_suppression=1), units, ways(alone=300, spare=400), NOW, grounds)
    assert proposed(found) == ["spare"]
    assert found.candidates[1].reasons[-1].en == "The next call for fire suppression waits longer: Sotek 8 → 21 min"
    urgent = replace(grounds, priority=Priority.P1)
    assert proposed(recommend(needs(fire_suppression=1), units, ways(alone=300, spare=400), NOW, urgent)) == ["alone"]


def test_a_unit_without_a_way_is_left_out_and_told_why() -> None:
    grounds = Grounds(no_way={"a": Words(id="pulau", en="island")})
    found = recommend(needs(fire_suppression=1), [unit("a", FIRE), unit("b", FIRE)], ways(b=60), NOW, grounds)
    assert [one.unit_id for one in found.candidates] == ["b"]
    assert [(one.unit_id, one.why.en) for one in found.left_out] == [("a", "island")]


def test_who_could_lend_what_is_missing_is_named_the_soonest_first() -> None:
    known = neighbours()
    travel = {"neighbour:balikpapan": Travel(3600, 60_000, "road"), "neighbour:paser": Travel(7200, 120_000, "road")}
    found = recommend(needs(fire_suppression=1), [], travel, NOW, Grounds(neighbours=known))
    lenders = found.short[0].lenders
    assert [(one.agency, one.arrives_s) for one in lenders] == [
        ("balikpapan", 3600 + 15 * 60),
        ("paser", 7200 + 20 * 60),
        ("otorita-ikn", None),
    ]
    nobody = recommend(needs(social_service=1), [], travel, NOW, Grounds(neighbours=known))
    assert nobody.short[0].lenders == ()


def held(name: str, state: AssignmentState, priority: Priority = Priority.P4) -> Standing:
    holder = Holder("i", "2026-000007", priority, "a", state, 0, ("Unit x", 720))
    return replace(unit(name, AMBULANCE, holder="2026-000007"), holder=holder)


def test_a_unit_on_a_less_urgent_incident_is_named_with_what_it_would_cost_there() -> None:
    units = [held("near", AssignmentState.EN_ROUTE), unit("far", AMBULANCE)]
    grounds = Grounds(priority=Priority.P1)
    found = recommend(needs(ambulance=1), units, ways(near=120, far=1500), NOW, grounds)
    assert proposed(found) == ["far"]
    (one,) = found.diverts
    assert (one.unit_id, one.incident_number, one.saves_s) == ("near", "2026-000007", 1500 + 60 - 120)
    assert one.consequence.en == "Incident 2026-000007 (P4): no unit stays, Unit x could be there in 12 min"


@pytest.mark.parametrize(("state", "theirs", "ours", "worth"), [
    (AssignmentState.EN_ROUTE, Priority.P2, Priority.P1, True),
    (AssignmentState.ACCEPTED, Priority.P2, Priority.P1, True),
    (AssignmentState.EN_ROUTE, Priority.P2, Priority.P2, False),
    (AssignmentState.EN_ROUTE, Priority.P1, Priority.P2, False),
    (AssignmentState.ON_SCENE, Priority.P2, Priority.P1, False),
    (AssignmentState.ON_SCENE, Priority.P3, Priority.P1, True),
    (AssignmentState.TRANSPORTING, Priority.P5, Priority.P1, False),
    (AssignmentState.OFFERED, Priority.P5, Priority.P1, False),
])  # fmt: skip
def test_only_what_is_less_urgent_is_broken_off(
    state: AssignmentState, theirs: Priority, ours: Priority, worth: bool
) -> None:
    found = recommend(needs(ambulance=1), [held("a", state, theirs)], ways(a=60), NOW, Grounds(priority=ours))
    assert bool(found.diverts) == worth


def test_nobody_is_called_off_for_a_minute() -> None:
    units = [held("near", AssignmentState.EN_ROUTE), unit("far", AMBULANCE)]
    found = recommend(needs(ambulance=1), units, ways(near=300, far=360), NOW, Grounds(priority=Priority.P1))
    assert found.diverts == ()


def test_of_a_large_fleet_the_nearest_are_told_and_the_rest_counted() -> None:
    units = [unit(f"{n:05}", FIRE) for n in range(500)] + [unit(f"p{n}", POLICE) for n in range(300)]
    found = recommend(
        needs(fire_suppression=2), units, {one.unit.id: Travel(900 - n, 1) for n, one in enumerate(units)}, NOW
    )
    assert proposed(found) == ["00499", "00498"]
    assert len(found.candidates) + len(found.left_out) + found.not_shown == 800


DRAWN = st.lists(
    st.tuples(CAPABILITIES, st.sampled_from(UnitState), st.integers(0, 3600), st.booleans()), min_size=1, max_size=9
)
PLANS = st.dictionaries(st.sampled_from([FIRE, AMBULANCE, POLICE]), st.integers(1, 3), min_size=1)
Fleet = list[tuple[list[Capability], UnitState, int, bool]]


def fleet(drawn: Fleet) -> tuple[list[Standing], dict[str, Travel], Grounds]:
    units = [unit(str(i), *capabilities, state=state) for i, (capabilities, state, _, _) in enumerate(drawn)]
    travel = {str(i): Travel(seconds, 0) for i, (_, _, seconds, way) in enumerate(drawn) if way}
    no_way = {str(i): Words(id="x", en="x") for i, (_, _, _, way) in enumerate(drawn) if not way}
    villages = [Village("Satu", Point(lat=-1.3, lon=116.6), 0.7), Village("Dua", Point(lat=-1.4, lon=116.8), 0.3)]
    cover = [
        Cover(one.unit.id, one.unit.kind, one.unit.capabilities, Point(lat=-1.3 - i * 0.02, lon=116.6))
        for i, one in enumerate(units)
        if one.unit.state is UnitState.AVAILABLE
    ]
    return units, travel, Grounds(no_way=no_way, losses=losses(cover, villages))


def lines(plan: dict[Capability, int]) -> list[Need]:
    return [Need(capability=key, count=count) for key, count in plan.items()]


@given(DRAWN, PLANS)
def test_no_unit_that_cannot_go_is_ever_named(drawn: Fleet, plan: dict[Capability, int]) -> None:
    units, travel, grounds = fleet(drawn)
    found = recommend(lines(plan), units, travel, NOW, grounds)
    for one in found.candidates:
        capabilities, state, _, way = drawn[int(one.unit_id)]
        assert state is UnitState.AVAILABLE
        assert way
        assert set(capabilities) & set(plan)


@given(DRAWN, PLANS, st.randoms(use_true_random=False))
def test_the_same_fleet_in_any_order_gives_the_same_answer(
    drawn: Fleet, plan: dict[Capability, int], random: Random
) -> None:
    units, travel, grounds = fleet(drawn)
    first = recommend(lines(plan), units, travel, NOW, grounds)
    random.shuffle(units)
    again = recommend(lines(plan), units, travel, NOW, grounds)
    assert again.candidates == first.candidates
    assert again.short == first.short


@given(DRAWN, PLANS)
def test_one_unit_more_never_worsens_the_best_nor_opens_a_need(drawn: Fleet, plan: dict[Capability, int]) -> None:
    fewer, more = (
        recommend(lines(plan), units, travel, NOW, grounds)
        for units, travel, grounds in (fleet(drawn[:-1]), fleet(drawn))
    )
    missing = [sum(one.missing for one in found.short) for found in (fewer, more)]
    assert missing[1] <= missing[0]
    best = [min((one.score_s or 0 for one in found.candidates), default=10**9) for found in (fewer, more)]
    assert best[1] <= best[0]
    if more.candidates and more.candidates[0].proposed:
        assert more.candidates[0].score_s == best[1]


@given(DRAWN, PLANS)
def test_as_much_of_the_plan_is_covered_as_any_choice_could(drawn: Fleet, plan: dict[Capability, int]) -> None:
    units, travel, grounds = fleet(drawn)
    found = recommend(lines(plan), units, travel, NOW, grounds)
    able = [frozenset(drawn[int(one.unit_id)][0]) for one in found.candidates]
    slots = [key for key, count in plan.items() for _ in range(count)]

    def augment(slot: int, seen: set[int], taken: dict[int, int]) -> bool:
        for column, capabilities in enumerate(able):
            if slots[slot] in capabilities and column not in seen:
                seen.add(column)
                if column not in taken or augment(taken[column], seen, taken):
                    taken[column] = slot
                    return True
        return False

    taken: dict[int, int] = {}
    most = sum(augment(slot, set(), taken) for slot in range(len(slots)))
    assert len(slots) - sum(one.missing for one in found.short) == most
