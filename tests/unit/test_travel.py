"""Travel times without a road graph."""

import pytest
from geopy.distance import geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.recommendation.travel import DETOUR, DETOUR_WATER, NARROW_TO, OTHER_SPEED_KMH, SPEED_KMH, Origin, estimate
from dispatch.views import Point

PENAJAM = Point(lat=-1.24919, lon=116.76968)
PETUNG = Point(lat=-1.33923, lon=116.63818)
POINTS = st.builds(Point, lat=st.floats(-1.8, -0.7), lon=st.floats(116.15, 117.15))


def test_the_way_is_the_geodesic_times_the_detour_at_the_speed_of_the_kind() -> None:
    travel = estimate(PENAJAM, [Origin("u", "ambulance", PETUNG)])["u"]
    straight_m = geodesic((PETUNG.lat, PETUNG.lon), (PENAJAM.lat, PENAJAM.lon)).meters
    assert travel.distance_m == round(straight_m * DETOUR)
    assert travel.seconds == round(straight_m * DETOUR / SPEED_KMH["ambulance"] * 3.6)
    assert travel.how == "geodesic"


def test_a_boat_goes_nearly_straight_and_an_unknown_kind_has_a_speed_too() -> None:
    ways = estimate(PENAJAM, [Origin("b", "boat", PETUNG), Origin("x", "bulldozer", PETUNG)])
    assert ways["b"].distance_m / ways["x"].distance_m == pytest.approx(DETOUR_WATER / DETOUR, rel=1e-3)
    assert ways["x"].seconds == pytest.approx(ways["x"].distance_m / OTHER_SPEED_KMH * 3.6, abs=1)


def test_nobody_needs_no_time_and_on_the_spot_is_zero() -> None:
    assert estimate(PENAJAM, []) == {}
    assert estimate(PENAJAM, [Origin("u", "truck", PENAJAM)])["u"].seconds == 0


@settings(max_examples=15, deadline=None)
@given(POINTS, st.lists(POINTS, min_size=NARROW_TO + 1, max_size=NARROW_TO + 8))
def test_narrowing_keeps_every_unit_within_a_percent_of_the_geodesic(to: Point, starts: list[Point]) -> None:
    ways = estimate(to, [Origin(str(i), "truck", start) for i, start in enumerate(starts)])
    for i, start in enumerate(starts):
        exact = geodesic((start.lat, start.lon), (to.lat, to.lon)).meters * DETOUR
        assert ways[str(i)].distance_m == pytest.approx(exact, rel=0.01, abs=1)
