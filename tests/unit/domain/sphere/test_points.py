"""Points on the globe, and tracks to draw between them."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.sphere.points import EARTH_RADIUS_KM, CannotBeDrawnError, Point, distance_km, track

LONDON, TOKYO = (-0.4614, 51.4706), (140.3864, 35.7647)
PLACES = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


def test_distances_are_those_of_great_circles() -> None:
    assert distance_km((0, 0), (90, 0)) == pytest.approx(EARTH_RADIUS_KM * math.pi / 2)
    assert distance_km((179.5, 0), (-179.5, 0)) == pytest.approx(111.195, abs=0.001)
    assert distance_km((0, 90), (123, 90)) == pytest.approx(0, abs=1e-9)


def test_a_track_goes_over_the_north_and_not_along_the_map() -> None:
    drawn = track(LONDON, TOKYO, 500)
    assert (drawn[0], drawn[-1]) == (LONDON, TOKYO)
    assert max(latitude for _, latitude in drawn) == pytest.approx(71.6, abs=1)


def test_a_track_over_a_pole_passes_it() -> None:
    assert any(latitude > 89.9 for _, latitude in track((10, 80), (-170, 80), 1))


@given(PLACES, PLACES, st.floats(20, 5000))
def test_the_points_of_a_track_lie_evenly_on_the_way(one: Point, other: Point, step_km: float) -> None:
    try:
        drawn = track(one, other, step_km)
    except CannotBeDrawnError:
        assert distance_km(one, other) > 19_900
        return
    lengths = [distance_km(before, after) for before, after in pairwise(drawn)]
    assert all(length <= step_km * 1.000001 for length in lengths)
    assert sum(lengths) == pytest.approx(distance_km(one, other), abs=1e-4)


def test_the_same_point_is_a_track_of_one_point() -> None:
    assert track(LONDON, LONDON, 50) == (LONDON,)


@pytest.mark.parametrize("other", [(180.0, -10.0), (179.5, -9.7), (-180.0, -10.0)])
def test_opposite_ends_cannot_be_drawn(other: Point) -> None:
    with pytest.raises(CannotBeDrawnError, match="cannot be drawn: the two lie opposite"):
        track((0, 10), other, 50)


@pytest.mark.parametrize("step_km", [0, -1, math.nan])
def test_a_track_needs_a_step(step_km: float) -> None:
    with pytest.raises(BadInputError, match="give a positive number"):
        track(LONDON, TOKYO, step_km)


@pytest.mark.parametrize("nowhere", [(0, 91), (0, math.nan), (math.inf, 0), (math.nan, 0), (400, 0)])
def test_what_is_no_place_on_the_globe_has_no_track(nowhere: Point) -> None:
    with pytest.raises(BadInputError, match="no place on the globe"):
        track(LONDON, nowhere, 50)
