"""Great circles and the view: poles, 180 degrees, one point twice, and points opposite each other."""

from itertools import pairwise
from math import cos, degrees, hypot, pi, radians, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travelrisk.picture.projecting import (
    RIM,
    Globe,
    Vector,
    angle,
    arc,
    dot,
    fitted,
    middle,
    position,
    vector,
)

points = st.builds(vector, st.floats(-180, 180), st.floats(-90, 90))


def _fit(*known: Vector) -> float:
    return fitted(known, 4400, (2400, 4000), (600, 400)).reach


@given(points, points)
def test_an_arc_is_a_great_circle_in_short_steps(one: Vector, other: Vector) -> None:
    found = arc(one, other)
    if found is None:
        assert degrees(angle(one, other)) > 179.4
        return
    assert found[0] == one
    steps = [angle(a, b) for a, b in pairwise(found)]
    assert sum(steps) == pytest.approx(angle(one, other), abs=1e-6)
    assert max(steps, default=0) <= radians(2.001)
    assert all(hypot(*each) == pytest.approx(1) for each in found)


def test_the_same_point_twice_is_that_point() -> None:
    assert arc(vector(-46.5, -23.4), vector(-46.5, -23.4)) == (vector(-46.5, -23.4),)
    assert len(arc(vector(10, 90), vector(-100, 90)) or ()) == 1, "the pole is one point on every meridian"


@pytest.mark.parametrize("latitude", [0, 3, -45, 90])
def test_between_opposite_points_no_way_is_made_up(latitude: float) -> None:
    assert arc(vector(20, latitude), vector(-160, -latitude)) is None
    assert arc(vector(20, latitude), vector(-159.8, -latitude)) is None, "nor between nearly opposite ones"


def test_over_180_degrees_the_way_is_the_short_one() -> None:
    way = arc(vector(177, -17), vector(-158, 21)) or ()
    assert all(abs(position(each)[0]) > 157 for each in way)


@given(points, st.floats(0.01, 3.0), st.floats(-pi, pi))
def test_a_point_stands_as_far_from_the_middle_as_on_the_globe(
    centre: Vector, away: float, azimuth: float
) -> None:
    globe = Globe(centre)
    ahead = [cos(azimuth) * e + sin(azimuth) * n for e, n in zip(globe.east, globe.north, strict=True)]
    x, y, z = (cos(away) * c + sin(away) * a for c, a in zip(centre, ahead, strict=True))
    across, down = globe.flat((x, y, z))
    assert hypot(across, down) == pytest.approx(away, abs=1e-6)
    assert across == pytest.approx(away * cos(azimuth), abs=1e-6)
    assert down == pytest.approx(-away * sin(azimuth), abs=1e-6)


def test_the_middle_and_the_point_opposite_it_stand_somewhere() -> None:
    globe = Globe(vector(0, 90))
    assert globe.flat(vector(0, 90)) == (0.0, 0.0)
    assert globe.flat(vector(0, -90)) == (pi, 0.0)


@given(st.lists(points, min_size=1, max_size=8))
def test_every_point_of_a_route_is_on_the_sheet(known: list[Vector]) -> None:
    view = fitted(known, 4400, (2400, 4000), (600, 400))
    assert hypot(*view.globe.centre) == pytest.approx(1)
    for each in known:
        x, y = view.at(each)
        assert 595 <= x <= 3805
        assert 395 <= y <= view.height - 395


def test_the_middle_of_a_leg_lies_on_it() -> None:
    assert degrees(angle(middle([vector(0, 0), vector(90, 0)]), vector(45, 0))) < 0.1
    assert dot(middle([vector(0, 0), vector(180, 0)]), vector(0, 0)) == pytest.approx(0, abs=0.1)


def test_no_more_of_the_globe_is_drawn_than_can_be_recognised() -> None:
    assert _fit(vector(0, 0), vector(60, 0)) < RIM
    assert _fit(vector(0, 0), vector(90, 0), vector(-170, 0)) == RIM
