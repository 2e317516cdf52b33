"""Rings on a view: what straddles it stays, what is far is left out, and land is land wherever one looks."""

import json
from itertools import pairwise
from math import atan2, cos, hypot, pi, sin
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.picture.sketches import ROUTES, route
from travelrisk import resources
from travelrisk.domain.errors import BadInputError
from travelrisk.picture.land import land
from travelrisk.picture.projecting import Globe, Vector, View, angle, arc, fitted, position, vector
from travelrisk.picture.rings import Line, cut, drawn, inside, path, rim, ring

_OUTLINES = json.loads(resources.data("outlines.json").read_text("utf-8"))["rings"]
_SAMPLE = 300
_COARSE = 0.02  # of the points may stand between a shore and its simplified line


def _view(codes: str) -> View:
    sketch = route(codes)
    known = [vector(each.lon, each.lat) for each in sketch.places]
    known += [point for one, two in pairwise(known) for point in arc(one, two) or ()]
    return fitted(known, 4400, (2400, 4000), (600, 400))


def _seen_at(view: View, x: float, y: float) -> tuple[float, float] | None:
    """Return longitude and latitude of a point of the sheet, worked out backwards; None beyond the rim."""
    across, up = (x - view.left) / view.scale, (view.top - y) / view.scale
    away, azimuth = hypot(across, up), atan2(up, across)
    if away > view.reach - 0.02:
        return None
    return position(_away(view.globe, away, azimuth))


def _is_land(lon: float, lat: float) -> bool:
    crossings = sum(
        (one[1] > lat) != (two[1] > lat)
        and lon < one[0] + (lat - one[1]) / (two[1] - one[1]) * (two[0] - one[0])
        for outline in _OUTLINES
        for one, two in pairwise(outline)
    )
    return bool(crossings % 2)


def _is_inside(lines: list[Line], x: float, y: float) -> bool:
    return sum(inside([*line, line[0]], x, y) for line in lines) % 2 == 1


@pytest.mark.parametrize("codes", ROUTES)
def test_what_is_drawn_as_land_is_land(codes: str) -> None:
    view = _view(codes)
    lines = [line for each in land() for line in drawn(each, view)]
    chance = Random(codes)  # noqa: S311 - points of a map, no secret
    wrong = looked_at = 0
    for _ in range(_SAMPLE):
        x, y = chance.uniform(0, view.width), chance.uniform(0, view.height)
        place = _seen_at(view, x, y)
        if place is not None:
            looked_at += 1
            wrong += _is_inside(lines, x, y) != _is_land(*place)
    assert looked_at > _SAMPLE * 0.7
    assert wrong <= looked_at * _COARSE


@pytest.mark.parametrize("codes", ROUTES)
def test_no_line_runs_far_beside_the_sheet(codes: str) -> None:
    view = _view(codes)
    farthest = view.scale * view.reach + 2
    for line in (line for each in land() for line in drawn(each, view)):
        assert all(hypot(x - view.left, y - view.top) <= farthest for x, y in line)


def _on(lon: float, lat: float, reach: float = 0.5) -> View:
    return View(Globe(vector(lon, lat)), 4000, 4000, 2000 / reach, 2000, 2000, reach)


def _box(west: float, south: float, east: float, north: float) -> tuple[tuple[float, float], ...]:
    return (west, south), (east, south), (east, north), (west, north)


def test_a_ring_that_straddles_the_view_stays() -> None:
    lines = drawn(ring(_box(0, -5, 90, 5)), _on(0, 0))
    assert _is_inside(lines, 2500, 2000)
    assert not _is_inside(lines, 1500, 2000)
    assert not _is_inside(lines, 2500, 500)


def test_a_ring_all_round_the_view_fills_it() -> None:
    lines = drawn(ring(_box(-60, -50, 60, 50)), _on(0, 0))
    assert all(_is_inside(lines, x, y) for x, y in ((2000, 2000), (1000, 1000), (3000, 2900)))


@pytest.mark.parametrize("lon", [40, 120, 175, -175])
def test_a_ring_that_is_far_away_is_left_out(lon: float) -> None:
    assert drawn(ring(_box(lon, -5, lon + 10, 5)), _on(0, 0)) == []


def test_a_ring_round_the_point_opposite_turns_nothing_inside_out() -> None:
    opposite = ring(_box(170, -10, 190, 10))
    assert drawn(opposite, _on(0, 0)) == [], "beyond reach"
    wide = ring(((60, -60), (180, -60), (300, -60), (300, 60), (180, 60), (60, 60)))
    lines = drawn(wide, _on(0, 0, 2.0))
    assert not _is_inside(lines, 2000, 2000), "the middle is outside of it"
    assert _is_inside(lines, 3700, 2000), "and 97 degrees to the east inside"


@pytest.mark.parametrize(("lon", "west", "east"), [(180, 170, -170), (-180, 170, 190), (0, -10, 10)])
def test_180_degrees_are_no_edge(lon: float, west: float, east: float) -> None:
    lines = drawn(ring(_box(west, -10, east, 10)), _on(lon, 0))
    assert len(lines) == 1
    assert _is_inside(lines, 2000, 2000)
    assert not _is_inside(lines, 2900, 2000), "13 degrees away"


@pytest.mark.parametrize("pole", [1, -1])
def test_a_ring_round_a_pole_holds_the_pole(pole: int) -> None:
    cap = ring(tuple((lon, 70.0 * pole) for lon in range(-180, 180, 10)))
    assert cap.holds(33, 89 * pole)
    assert not cap.holds(33, 60 * pole)
    assert _is_inside(drawn(cap, _on(0, 90 * pole)), 2000, 2000)
    assert not _is_inside(drawn(cap, _on(0, 0)), 2000, 2000)


def test_a_closed_and_an_open_ring_are_the_same() -> None:
    outline = _box(0, 0, 10, 10)
    assert ring(outline).pieces == ring((*outline, outline[0])).pieces


def test_a_path_is_written_in_steps() -> None:
    assert path([[(5, 5), (10, 0), (7, 9)]]) == "M5 5l5-5-3 9z"
    assert path([[(5, 5), (10, 0)], [(1, 1), (2, 2)]], closed=False) == "M5 5l5-5M1 1l1 1"


def test_the_rim_goes_once_round() -> None:
    view = _on(0, 0)
    assert {round(hypot(x - 2000, y - 2000)) for x, y in rim(view)} == {2000}
    turns = [atan2(y - 2000, x - 2000) for x, y in rim(view)]
    assert abs(sum((b - a + pi) % (2 * pi) - pi for a, b in pairwise([*turns, turns[0]]))) == pytest.approx(
        2 * pi
    )


@pytest.mark.parametrize(
    "outline", [(), ((0, 0), (1, 1)), ((0, 0), (1, 91), (2, 0)), ((0, 0), (float("nan"), 1), (2, 0))]
)
def test_an_outline_that_is_none_is_refused(outline: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(BadInputError, match="three points or more"):
        ring(outline)


def test_a_long_edge_is_an_arc_for_whoever_asks_what_is_inside() -> None:
    northern = ring(((-60, 50), (60, 50), (60, 80), (-60, 80)))
    assert not northern.holds(0, 60), "the arc from 60 west to 60 east runs north of it"
    assert northern.holds(0, 70)


@given(
    st.tuples(st.floats(-180, 180), st.floats(-85, 85)),
    st.floats(0.05, 1.4),
    st.tuples(st.floats(-180, 180), st.floats(-85, 85)),
    st.floats(0.1, 2.4),
    st.lists(st.tuples(st.floats(0, 1), st.floats(-pi, pi)), min_size=5, max_size=5),
)
def test_a_circle_is_a_circle_from_wherever_it_is_seen(
    at: tuple[float, float],
    radius: float,
    seen_from: tuple[float, float],
    reach: float,
    spots: list[tuple[float, float]],
) -> None:
    around = Globe(vector(*at))
    outline = tuple(position(_away(around, radius, azimuth / 20 * pi)) for azimuth in range(40))
    view = _on(*seen_from, reach)
    lines = drawn(ring(outline), view, 0)
    for part, azimuth in spots:
        place = _away(view.globe, part * reach * 0.97, azimuth)
        away = angle(place, around.centre)
        if abs(away - radius) > 0.03:  # clear of the edge, which is a polygon
            assert _is_inside(lines, *view.at(place)) == (away < radius)


_FAR = st.integers(-3000, 7000)


@given(st.lists(st.tuples(_FAR, _FAR), min_size=3, max_size=12), st.integers(1, 3999), st.integers(1, 3999))
def test_what_is_cut_away_beside_the_sheet_changes_nothing_on_it(line: Line, x: int, y: int) -> None:
    view = _on(0, 0)
    shown = cut(line, view)
    assert set(shown) <= set(line)
    # between whole units, where no corner lies
    assert _is_inside([shown] if shown else [], x + 0.3, y + 0.7) == _is_inside([line], x + 0.3, y + 0.7)


def test_of_a_coast_beside_the_sheet_nothing_is_left_but_its_way_round() -> None:
    view = _on(0, 0)
    assert cut([(-9, 5), (-800, 700), (-20, 4000)], view) == []
    bay = [(10, 10), (-5, 10), (-90, 40), (-40, 90), (-5, 100), (10, 100)]
    assert cut(bay, view) == [(10, 10), (-5, 10), (-5, 100), (10, 100)]
    corner = [(-5, 2000), (-9, -9), (2000, -5), (2000, 2000)]
    assert cut(corner, view) == corner, "from one edge to another the line would lead over the sheet"


def _away(globe: Globe, distance: float, azimuth: float) -> Vector:
    east, north, far = cos(azimuth) * sin(distance), sin(azimuth) * sin(distance), cos(distance)
    x, y, z = (
        east * e + north * n + far * c for e, n, c in zip(globe.east, globe.north, globe.centre, strict=True)
    )
    return x, y, z
