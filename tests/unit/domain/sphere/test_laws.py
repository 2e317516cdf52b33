"""Laws of the sphere: no way round, no place on the globe and no way of drawing changes an answer."""

from math import cos, radians, sin
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import globe
from travelrisk.domain.sphere.areas import Areas, Passage
from travelrisk.domain.sphere.passages import passages
from travelrisk.domain.sphere.points import Point, Vector, distance_km, point_of, track, unit

PLACES = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
RADII = st.floats(1, 79)  # degrees: the largest have to be cut
WAYS = st.tuples(PLACES, PLACES)
SEEDS = st.integers(0, 10**6)
NEAR_KM = 1e-3  # of rounding and of coordinates in degrees
OPPOSITE_KM = 19_800
Ring = list[Point]
Way = tuple[Point, Point]


def _text(*polygons: list[Ring]) -> str:
    """Write polygons to the last digit."""
    rings = [[", ".join(f"{x!r} {y!r}" for x, y in ring) for ring in polygon] for polygon in polygons]
    return f"MULTIPOLYGON ({', '.join('((' + '), ('.join(polygon) + '))' for polygon in rings)})"


def _star(seed: int, centre: Point, radius: float) -> Ring:
    return globe.star(Random(seed), centre, radius)  # noqa: S311 - a sample, no secret


def _found(text: str, origin: Point, destination: Point, margin_km: float = 0) -> Passage | None:
    found = passages(Areas([("ZZZZ", text)]), origin, destination, margin_km)
    return found[0] if found else None


def _same(one: Passage | None, other: Passage | None) -> None:
    """Compare what is inside; where a track only touches, rounding may decide."""
    if one is None or other is None:
        assert all(passage.inside_km < NEAR_KM for passage in (one, other) if passage)
        return
    assert one.inside_km == pytest.approx(other.inside_km, abs=NEAR_KM)
    assert one.distance_km == pytest.approx(other.distance_km, abs=NEAR_KM)


def _drawable(one: Point, other: Point) -> bool:
    return distance_km(one, other) < OPPOSITE_KM


@given(SEEDS, PLACES, RADII, WAYS, st.floats(0, 2000))
def test_the_way_back_crosses_the_same(
    seed: int, centre: Point, radius: float, way: Way, margin_km: float
) -> None:
    origin, destination = way
    if not _drawable(origin, destination):
        return
    text = _text([_star(seed, centre, radius)])
    there = _found(text, origin, destination, margin_km)
    back = _found(text, destination, origin, margin_km)
    _same(there, back)
    if there and back and there.inside_km > 1:
        assert (there.starts_inside, there.ends_inside) == (back.ends_inside, back.starts_inside)
        length_km = distance_km(origin, destination)
        turned = sorted((length_km - leaves, length_km - enters) for enters, leaves in back.pieces)
        assert len(turned) == len(there.pieces)
        assert [km for piece in turned for km in piece] == pytest.approx(
            [km for piece in there.pieces for km in piece], abs=0.01
        )


def _turned(point: Point, axes: tuple[float, float]) -> Point:
    """Turn the whole sphere: about the axis of the globe, then about an axis through the equator."""
    x, y, z = unit((point[0] + axes[0], point[1])) if abs(point[0] + axes[0]) <= 360 else unit(point)
    tilt = radians(axes[1])
    vector: Vector = (x * cos(tilt) - z * sin(tilt), y, x * sin(tilt) + z * cos(tilt))
    return point_of(vector)


@given(SEEDS, PLACES, RADII, WAYS, st.tuples(st.floats(-180, 180), st.floats(-180, 180)))
def test_where_on_the_globe_it_all_lies_changes_nothing(
    seed: int, centre: Point, radius: float, way: Way, axes: tuple[float, float]
) -> None:
    origin, destination = way
    if not _drawable(origin, destination):
        return
    ring = _star(seed, centre, radius)
    turned = [_turned(point, axes) for point in ring]
    _same(
        _found(_text([ring]), origin, destination, 300),
        _found(_text([turned]), _turned(origin, axes), _turned(destination, axes), 300),
    )


@given(SEEDS, PLACES, RADII, PLACES, PLACES)
def test_a_polygon_split_in_two_is_the_same_area(
    seed: int, centre: Point, radius: float, origin: Point, destination: Point
) -> None:
    if not _drawable(origin, destination):
        return
    ring = _star(seed, centre, radius)
    half = len(ring) // 2
    halves = [[*ring[: half + 1], centre], [*ring[half:], ring[0], centre]]
    _same(
        _found(_text([ring]), origin, destination, 200),
        _found(_text([halves[0]], [halves[1]]), origin, destination, 200),
    )


@given(SEEDS, PLACES, RADII, PLACES, PLACES)
def test_a_hole_and_what_is_left_make_the_whole(
    seed: int, centre: Point, radius: float, origin: Point, destination: Point
) -> None:
    if not _drawable(origin, destination):
        return
    outer, hole = _star(seed, centre, radius), _star(seed + 1, centre, radius / 2.5)
    texts = _text([outer]), _text([outer, hole]), _text([hole])
    whole, left, inner = (
        found.inside_km if (found := _found(text, origin, destination)) else 0.0 for text in texts
    )
    assert left + inner == pytest.approx(whole, abs=NEAR_KM)


@given(SEEDS, PLACES, RADII, PLACES, PLACES)
def test_the_two_halves_of_a_way_are_inside_as_long_as_the_whole(
    seed: int, centre: Point, radius: float, origin: Point, destination: Point
) -> None:
    if not _drawable(origin, destination) or distance_km(origin, destination) < 1:
        return
    text = _text([_star(seed, centre, radius)])
    middle = track(origin, destination, distance_km(origin, destination) / 2 * 1.0001)[1]
    ways = (origin, destination), (origin, middle), (middle, destination)
    whole, first, second = (found.inside_km if (found := _found(text, *way)) else 0.0 for way in ways)
    assert first + second == pytest.approx(whole, abs=0.01)


@given(SEEDS, PLACES, PLACES, st.lists(st.floats(0, 3000), min_size=2, max_size=4))
def test_a_wider_margin_loses_nothing(
    seed: int, origin: Point, destination: Point, margins: list[float]
) -> None:
    if not _drawable(origin, destination):
        return
    areas = Areas(globe.areas(15, seed))
    found: set[str] = set()
    for margin_km in sorted(margins):
        wider = passages(areas, origin, destination, margin_km)
        assert all(passage.distance_km <= margin_km for passage in wider)
        assert found <= {passage.key for passage in wider}
        found = {passage.key for passage in wider}


@given(SEEDS, PLACES, RADII, PLACES)
def test_inside_is_told_by_a_point_as_by_the_ends_of_a_way(
    seed: int, centre: Point, radius: float, point: Point
) -> None:
    text = _text([_star(seed, centre, radius)])
    lies = _found(text, point, point)
    if not _drawable(point, centre):
        return
    comes = _found(text, centre, point)
    assert comes is not None
    assert comes.starts_inside
    assert (lies is not None) is comes.ends_inside
