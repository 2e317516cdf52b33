"""What makes the outline of an area sound: rings that mean one thing only, on the globe as on the map."""

from math import isfinite
from typing import Final

import numpy as np

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.sphere.cutting import fitting, turns_and_area
from travelrisk.domain.sphere.parts import Part, Polygon, Ring, part_of_rings, stretches, together
from travelrisk.domain.sphere.points import TOUCHES, Point
from travelrisk.domain.sphere.vectors import HALF_TURN, Floats, tracks, units

_FEWEST: Final = 3
_POLE: Final = 90
_WHOLE_TURN: Final = 360
_OPPOSITE: Final = 1e-9  # what two ends lack to be antipodal (1 plus their product): 0.0026 degrees
_TOO_EVEN: Final = float(2 * HALF_TURN * np.sin(np.radians(5)))  # steradians between a ring and the equator
_NOTHING: Final = 1e-6  # what holes have to leave of a polygon, as a share of it
_ROWS: Final = 256  # edges that are compared with all others at once


def on_globe(points: list[Point], where: str) -> None:
    """Refuse points that are no places on the globe.

    Raises:
        BadInputError: a coordinate is not a number or out of range.
    """
    for number, (longitude, latitude) in enumerate(points, 1):
        if not (isfinite(longitude) and isfinite(latitude)):
            raise BadInputError(
                f"{where}, point {number}: not a number; write longitude and latitude in degrees"
            )
        if abs(latitude) > _POLE or abs(longitude) > _WHOLE_TURN:
            raise BadInputError(f"{where}, point {number}: {_out_of_range(points, longitude, latitude)}")


def ring_of(points: list[Point], where: str) -> Ring:
    """Return a ring without repeated points, and without what goes out and back the same way.

    Raises:
        BadInputError: fewer than three different points are left.
    """
    ring: list[Point] = []
    for point in points:
        _join(ring, point)
    while len(ring) > 1 and (
        _same(ring[-1], ring[0]) or _same(ring[-2], ring[0]) or _same(ring[-1], ring[1])
    ):
        ring = ring[1:-1] if _same(ring[-1], ring[1]) else ring[:-1]
    if len(ring) < _FEWEST:
        raise BadInputError(
            f"{where}: fewer than three different points; give at least three, in their order"
        )
    return tuple(ring)


def _join(ring: list[Point], point: Point) -> None:
    """Put a point at the end of a ring, unless it repeats the last one or comes back the way it went out."""
    if ring and _same(ring[-1], point):
        return
    if len(ring) > 1 and _same(ring[-2], point):
        ring.pop()
        return
    ring.append(point)


def _same(one: Point, other: Point) -> bool:
    """Tell whether two points are one place, to a centimetre; 180 and -180 degrees are, and all at a pole."""
    nearly = 1e-7
    across = abs((one[0] - other[0] + _WHOLE_TURN / 2) % _WHOLE_TURN - _WHOLE_TURN / 2)
    at_pole = min(abs(one[1]), abs(other[1])) >= _POLE - nearly
    return abs(one[1] - other[1]) < nearly and (across < nearly or at_pole)


def _out_of_range(points: list[Point], longitude: float, latitude: float) -> str:
    turned = all(abs(first) <= _POLE and abs(second) <= _WHOLE_TURN / 2 for first, second in points)
    advice = (
        "latitude and longitude are swapped; write the longitude first"
        if turned
        else "write degrees, longitude first (-360 to 360), then latitude (-90 to 90)"
    )
    return f"longitude {longitude:g}, latitude {latitude:g} is no place on the globe: {advice}"


def checked(polygons: tuple[Polygon, ...], name: str) -> tuple[Polygon, ...]:
    """Return polygons that mean one thing only.

    Raises:
        BadInputError: an edge joins opposite points, rings cross themselves or one another, a polygon is
            larger than half of the globe or cannot be told from the rest of it, a hole lies outside, or
            holes leave nothing of a polygon.
    """
    for number, polygon in enumerate(polygons, 1):
        where = f"{name}: polygon {number}"
        rings = [units(ring) for ring in polygon]
        part = part_of_rings(rings)
        _no_opposite(part, polygon, where)
        _smaller_side(rings[0], where)
        _no_crossing(part, polygon, where)
        for of_it, hole in enumerate(rings[1:], 2):
            _hole_inside(polygon, hole, f"{where}, ring {of_it}")
        _something_left(rings, where)
    return polygons


def _no_opposite(part: Part, polygon: Polygon, where: str) -> None:
    products = np.vecdot(part.vertices, part.vertices[part.following])
    for vertex in np.flatnonzero(products < _OPPOSITE - 1)[:1]:
        raise BadInputError(
            f"{where}: the edge after {_place(polygon, int(vertex))} joins opposite points of the globe, as "
            "every way does; put a point between them"
        )


def _smaller_side(ring: Floats, where: str) -> None:
    turns, area = turns_and_area(ring)
    if not turns and abs(area) > 2 * HALF_TURN:
        raise BadInputError(f"{where}: larger than half of the globe; cut it into several polygons")
    if turns and abs(area) < _TOO_EVEN:
        raise BadInputError(
            f"{where}: the ring goes round the globe close to the equator, so that it cannot be told which "
            "side is inside; cut the area into several polygons"
        )


def _no_crossing(part: Part, polygon: Polygon, where: str) -> None:
    starts, ends, normals = part.vertices, part.vertices[part.following], part.normals
    for begin in range(0, len(starts), _ROWS):
        some = slice(begin, begin + _ROWS)
        products = (
            normals[some] @ ends.T,
            -(normals[some] @ starts.T),
            starts[some] @ normals.T,
            -(ends[some] @ normals.T),
        )
        lowest, highest = np.minimum.reduce(products), np.maximum.reduce(products)
        for one, other in np.argwhere((lowest > TOUCHES) | (highest < -TOUCHES))[:1]:
            raise BadInputError(
                f"{where}: the edge after {_place(polygon, begin + int(one))} crosses the one after "
                f"{_place(polygon, int(other))}; put the points in the order in which they follow one another"
            )


def _hole_inside(polygon: Polygon, hole: Floats, where: str) -> None:
    parts = together(fitting(polygon[:1]))
    points, _ = tracks(hole, hole)
    rows, numbers = (index.ravel() for index in np.indices((len(hole), len(parts.each))))
    if len(np.unique(stretches(points, parts, (rows, numbers)).tracks)) < len(hole):
        raise BadInputError(
            f"{where}: a hole outside of its polygon; put the ring into the polygon it belongs to, or make "
            "it a polygon of its own"
        )


def _something_left(rings: list[Floats], where: str) -> None:
    """Refuse what no route could ever cross: nobody would be told that the airspace is not there."""
    outer, *holes = map(_size, rings)
    if sum(holes) > outer * (1 - _NOTHING):
        raise BadInputError(
            f"{where}: its holes leave nothing of it; take out the ring that stands there twice"
        )


def _size(ring: Floats) -> float:
    """Return the smaller side of a ring in steradians."""
    turns, area = turns_and_area(ring)
    on_left = (abs(turns) * 2 * HALF_TURN - area) % (4 * HALF_TURN)
    return min(on_left, 4 * HALF_TURN - on_left)


def _place(polygon: Polygon, vertex: int) -> str:
    for number, ring in enumerate(polygon, 1):
        if vertex < len(ring):
            longitude, latitude = ring[vertex]
            return f"point {vertex + 1} of ring {number} ({longitude:g}, {latitude:g})"
        vertex -= len(ring)
    raise AssertionError  # pragma: no cover - each vertex is in a ring
