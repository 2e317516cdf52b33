"""Which areas routes cross: over the antimeridian, at the poles, through holes and along edges."""

import math

import numpy as np
import pytest

from tests import globe
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.sphere.areas import Areas
from travelrisk.domain.sphere.points import Point

AREAS = {
    "BOX": "POLYGON((0 0, 10 0, 10 10, 0 10))",
    "RING": "POLYGON((20 0, 40 0, 40 20, 20 20), (25 5, 35 5, 35 15, 25 15))",
    "DATE": "POLYGON((170 -10, -170 -10, -170 10, 170 10))",
    "NORTH": "POLYGON((0 80, 90 80, 180 80, -90 80))",
    "SOUTH": "POLYGON((-180 -70, -90 -70, 0 -70, 90 -70, 180 -70, 180 -90, -180 -90))",
    "TWO": "MULTIPOLYGON(((-60 0, -50 0, -50 10, -60 10)), ((-30 0, -20 0, -20 10, -30 10)))",
    "EAST": "POLYGON((178 40, 180 40, 180 50, 178 50))",  # cut at the antimeridian, as a map does
    "WEST": "POLYGON((-180 40, -178 40, -178 50, -180 50))",
}
KNOWN = Areas(AREAS.items())


def crossed(origin: Point, destination: Point, margin_km: float = 0, areas: Areas = KNOWN) -> set[str]:
    found = areas.crossed_by([(origin, destination)], margin_km)
    assert not len(found.undrawn)
    return {areas.keys[area] for area in found.areas}


@pytest.mark.parametrize(
    ("origin", "destination", "keys"),
    [
        ((-5, 5), (15, 5), {"BOX"}),
        ((1, 1), (9, 9), {"BOX"}),  # wholly inside
        ((5, 5), (-5, 5), {"BOX"}),
        ((-5, 5), (-1, 9), set()),
        ((26, 6), (34, 14), set()),  # wholly in a hole
        ((26, 6), (24, 4), {"RING"}),  # out of a hole
        ((22, 2), (38, 18), {"RING"}),  # over a hole
        ((160, 0), (-160, 3), {"DATE"}),
        ((-160, 3), (160, 0), {"DATE"}),
        ((175, 0), (-175, 1), {"DATE"}),
        ((170, 12), (-170, 12), set()),
        ((0, 70), (180, 75), {"NORTH"}),  # over the pole
        ((0, 79), (90, 79), set()),  # both bulge towards the pole, the route and the edge at 80
        ((-10, 79), (100, 79), {"NORTH"}),
        ((5, 65), (30, 65), set()),
        ((0, -60), (170, -60), {"SOUTH"}),
        ((-65, 5), (-15, 5), {"TWO"}),
        ((-45, 5), (-35, 5), set()),  # between its parts
        ((179, 45), (-179, 45), {"EAST", "WEST"}),
        ((180, 35), (180, 55), {"EAST", "WEST"}),  # along the edge of both
    ],
)
def test_a_route_crosses(origin: Point, destination: Point, keys: set[str]) -> None:
    assert crossed(origin, destination) == keys
    assert crossed(destination, origin) == keys


@pytest.mark.parametrize(
    ("point", "keys"),
    [
        ((5, 5), {"BOX"}),
        ((30, 10), set()),  # in the hole
        ((22, 10), {"RING"}),
        ((180, 0), {"DATE"}),
        ((-180, 0), {"DATE"}),
        ((77, 90), {"NORTH"}),
        ((0, -90), {"SOUTH"}),
        ((180, 45), {"EAST", "WEST"}),
        ((0, 0), {"BOX"}),  # a corner
        ((5, 0), {"BOX"}),  # an edge
        ((5, -0.001), set()),
        ((-55, 5), {"TWO"}),
        ((-25, 5), {"TWO"}),
    ],
)
def test_a_route_of_one_point_is_where_it_lies(point: Point, keys: set[str]) -> None:
    assert crossed(point, point) == keys


@pytest.mark.parametrize(
    ("origin", "destination"),
    [
        ((-5, 0), (15, 0)),  # along the whole southern edge
        ((2, 0), (8, 0)),  # along a piece of it
        ((-5, 0), (0, 0)),  # ends at a corner
        ((-5, -5), (5, 0)),  # ends on an edge
        ((5, 0), (5, -5)),  # begins on one
        ((10, -5), (10, 15)),  # along the eastern edge, a meridian
        ((0, -10), (0, 0)),
    ],
)
def test_what_touches_counts_as_crossing(origin: Point, destination: Point) -> None:
    assert "BOX" in crossed(origin, destination)
    assert "BOX" in crossed(destination, origin)


@pytest.mark.parametrize(
    ("origin", "destination"), [((-9, 0), (-1, 0)), ((11, 0), (15, 0)), ((0, -9), (0, -1))]
)
def test_what_lies_on_the_line_of_an_edge_but_beside_it_crosses_nothing(
    origin: Point, destination: Point
) -> None:
    assert "BOX" not in crossed(origin, destination)


def test_opposite_ends_are_told_apart_and_never_cross_nothing() -> None:
    routes: list[globe.Route] = [((5, 5), (5, 6)), ((0, 10), (180, -10)), ((-5, 5), (-4, 5))]
    routes.append(((0, 10), (179.5, -10)))
    found = KNOWN.crossed_by(routes)
    assert found.undrawn.tolist() == [1, 3]
    assert found.routes.tolist() == [0]
    assert [KNOWN.keys[area] for area in found.areas] == ["BOX"]


@pytest.mark.parametrize(("margin_km", "near"), [(0, False), (110, False), (112, True), (500, True)])
def test_a_margin_brings_in_what_is_near(margin_km: float, *, near: bool) -> None:
    assert ("BOX" in crossed((2, -1), (8, -1), margin_km)) is near


def test_a_route_in_a_hole_is_as_near_as_the_edge_of_the_hole() -> None:
    assert crossed((30, 9), (30, 11), 400) == set()
    assert crossed((30, 9), (30, 11), 560) == {"RING"}


@pytest.mark.parametrize("routes", [[], np.empty((0, 2, 2)), np.empty((0, 4))])
def test_no_routes_cross_nothing(routes: object) -> None:
    found = KNOWN.crossed_by(routes)  # type: ignore[arg-type] # what an array is made of
    assert [len(field) for field in found] == [0, 0, 0]


def test_no_areas_are_crossed_by_nothing() -> None:
    assert crossed((0, 0), (5, 5), 100, Areas([])) == set()


def test_routes_may_be_rows_of_four_numbers() -> None:
    found = KNOWN.crossed_by(np.array([[-5, 5, 15, 5], [160, 0, -160, 3]]))
    assert list(zip(found.routes, (KNOWN.keys[at] for at in found.areas), strict=True)) == [
        (0, "BOX"),
        (1, "DATE"),
    ]


@pytest.mark.parametrize("nowhere", [(math.nan, 0), (0, math.nan), (0, 91), (math.inf, 0), (0, -math.inf)])
def test_what_is_no_place_is_refused_rather_than_outside(nowhere: Point) -> None:
    with pytest.raises(BadInputError, match="no place on the globe at position 1, 0"):
        KNOWN.crossed_by([((0, 0), (5, 5)), (nowhere, (5, 5))])


@pytest.mark.parametrize("margin_km", [-1, math.nan, math.inf, 7000])
def test_a_margin_is_a_number_of_kilometres(margin_km: float) -> None:
    with pytest.raises(BadInputError, match="a margin of"):
        KNOWN.crossed_by([[(0, 0), (5, 5)]], margin_km)


SNAKE = [(x, 5) for x in range(-170, 171, 10)], [(x, -5) for x in range(170, -171, -10)]


def _wkt(*rings: list[tuple[float, float]]) -> str:
    return f"POLYGON ({', '.join('(' + ', '.join(f'{x} {y}' for x, y in ring) + ')' for ring in rings)})"


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        (
            _wkt([*SNAKE[0], *SNAKE[1]]),
            [(0, 0), (-169, 1), (169, -4), (90, 4.9)],
            [(180, 0), (0, 6), (0, -90)],
        ),
        (_wkt([(float(x), -8) for x in range(-180, 180, 10)]), [(0, -90), (50, -9)], [(50, -7), (0, 90)]),
        (
            _wkt([*SNAKE[0], *SNAKE[1]], [(-5, -2), (-5, 2), (5, 2), (5, -2)]),
            [(6, 0), (-169, 1), (0, 3)],
            [(0, 0), (4, 1), (180, 0)],
        ),
    ],
    ids=["a belt", "nearly half of the globe round a pole", "a belt with a hole"],
)
def test_a_polygon_too_large_for_a_cap_is_cut(
    text: str, inside: list[Point], outside: list[Point], *, turned: bool
) -> None:
    if turned:
        text = text.replace("POLYGON ((", "").rstrip(")")
        text = f"POLYGON (({'), ('.join(', '.join(ring.split(', ')[::-1]) for ring in text.split('), ('))}))"
    large = Areas([("LARGE", text)])
    assert len(large.parts.each) > 1
    assert [point for point in inside if not crossed(point, point, areas=large)] == []
    assert [point for point in outside if crossed(point, point, areas=large)] == []
    assert crossed((180, 40), (180, -7), areas=large) == set()
    assert crossed((0, 40), (0, -40), areas=large) == {"LARGE"}


def test_one_call_for_many_routes_says_of_each_what_a_call_for_it_says() -> None:
    areas, routes = Areas(globe.areas(30)), globe.routes(300)
    for margin_km in (0, 150):
        found = areas.crossed_by(routes, margin_km)
        together = set(zip(found.routes.tolist(), found.areas.tolist(), strict=True))
        singly = [areas.crossed_by([route], margin_km).areas.tolist() for route in routes]
        assert together == {(route, area) for route, those in enumerate(singly) for area in those}
        assert len(together) == len(found.routes)
