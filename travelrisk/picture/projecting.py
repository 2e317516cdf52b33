"""Great circles, and the globe on a sheet: azimuthal equidistant, so that distances from the middle are true.

A route is drawn round its own middle, where it is hardly distorted, and no meridian and no pole is special.
Only the point opposite the middle cannot be drawn: what lies beyond the rim of the view is drawn back onto
the rim, so that nothing is ever torn or turned inside out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import asin, atan2, ceil, cos, degrees, hypot, pi, radians, sin
from typing import Final

from travelrisk.domain.sphere.points import NEARLY_OPPOSITE

Vector = tuple[float, float, float]
Point = tuple[float, float]

STEP: Final = radians(2)  # a longer arc is drawn as several; on no view does a shorter one look bent
OPPOSITE: Final = pi - NEARLY_OPPOSITE  # as whoever works out what is passed has it
"""Beyond this the shortest way on the flattened Earth may lead in any direction: there is no one track."""

SAME: Final = 1e-9
"""Radians, a few millimetres: what is nearer is one place."""

_ROUNDS: Final = 24  # of drawing the middle towards the farthest point; more move it by less than it shows


def vector(lon: float, lat: float) -> Vector:
    """Return the point of the unit sphere at *lon* and *lat*, in degrees."""
    phi, lam = radians(lat), radians(lon)
    return cos(phi) * cos(lam), cos(phi) * sin(lam), sin(phi)


def position(point: Vector) -> Point:
    """Return longitude and latitude of a point in degrees."""
    return degrees(atan2(point[1], point[0])), degrees(asin(max(-1.0, min(1.0, point[2]))))


def dot(one: Vector, other: Vector) -> float:
    """Return the cosine of the angle between two unit vectors."""
    return one[0] * other[0] + one[1] * other[1] + one[2] * other[2]


def cross(one: Vector, other: Vector) -> Vector:
    """Return the vector that stands upright on two."""
    return (
        one[1] * other[2] - one[2] * other[1],
        one[2] * other[0] - one[0] * other[2],
        one[0] * other[1] - one[1] * other[0],
    )


def angle(one: Vector, other: Vector) -> float:
    """Return the angle between two points in radians; good for near and for opposite ones alike."""
    return atan2(hypot(*cross(one, other)), dot(one, other))


def unit(towards: Vector) -> Vector:
    """Return the vector of length one in a direction; the direction must not be zero."""
    length = hypot(*towards)
    return towards[0] / length, towards[1] / length, towards[2] / length


def arc(one: Vector, other: Vector, step: float = STEP) -> tuple[Vector, ...] | None:
    """Return points on the great circle from *one* to *other*, both included, at most *step* radians apart.

    The same point twice gives that point alone. None where the two lie (nearly) opposite each other: every
    direction is then as short as any other, and whoever draws must say that there is no track, not draw none.
    """
    omega = angle(one, other)
    if omega < SAME:
        return (one,)
    if omega > OPPOSITE:
        return None
    count = max(1, ceil(omega / step))
    return (one, *(_between(one, other, omega, index / count) for index in range(1, count)), other)


def _between(one: Vector, other: Vector, omega: float, part: float) -> Vector:
    first, last = sin((1 - part) * omega) / sin(omega), sin(part * omega) / sin(omega)
    return (
        first * one[0] + last * other[0],
        first * one[1] + last * other[1],
        first * one[2] + last * other[2],
    )


def middle(points: Sequence[Vector]) -> Vector:
    """Return about the point from which the farthest of *points* is nearest.

    Their mean may be no point at all (two opposite ones), or lie far from the middle of a route with many
    places at one end.
    """
    total = tuple(map(sum, zip(*points, strict=True)))
    centre = unit((total[0], total[1], total[2])) if hypot(*total) > SAME else points[0]
    for turn in range(2, _ROUNDS):
        farthest = min(points, key=lambda point: dot(centre, point))
        centre = _towards(centre, farthest, angle(centre, farthest) / (turn + 1))
    return centre


def _towards(start: Vector, goal: Vector, distance: float) -> Vector:
    """Return the point *distance* radians from *start* towards *goal*, or anywhere where that is opposite."""
    upright = cross(start, goal)
    if hypot(*upright) < SAME:
        upright = _east(start)
    ahead = cross(unit(upright), start)
    near, far = cos(distance), sin(distance)
    return unit(
        (
            near * start[0] + far * ahead[0],
            near * start[1] + far * ahead[1],
            near * start[2] + far * ahead[2],
        )
    )


def _east(centre: Vector) -> Vector:
    x, y, _ = centre
    return unit((-y, x, 0.0)) if hypot(x, y) > SAME else (0.0, 1.0, 0.0)


@dataclass(frozen=True, slots=True)
class Globe:
    """The globe as seen from above *centre*, north up: radians from there, right and down positive."""

    centre: Vector
    east: Vector = field(init=False)
    north: Vector = field(init=False)

    def __post_init__(self) -> None:
        east = _east(self.centre)
        object.__setattr__(self, "east", east)
        object.__setattr__(self, "north", cross(self.centre, east))

    def flat(self, point: Vector) -> Point:
        """Return where a point stands; the one opposite the centre stands at the right end of the sheet."""
        across, up = dot(point, self.east), dot(point, self.north)
        sine = hypot(across, up)
        away = atan2(sine, dot(point, self.centre))
        if sine < SAME:
            return (0.0 if away < 1 else pi), 0.0
        return away * across / sine, -away * up / sine


@dataclass(frozen=True, slots=True)
class View:
    """A sheet with a part of the globe on it.

    Attributes:
        width, height: of the sheet, in units of the picture.
        scale: units per radian.
        left, top: where the centre of the globe stands.
        reach: radians from the centre; all of the sheet that shows the globe lies within.
    """

    globe: Globe
    width: int
    height: int
    scale: float
    left: float
    top: float
    reach: float

    def at(self, point: Vector) -> Point:
        """Return where a point stands on the sheet, be it beside it."""
        x, y = self.globe.flat(point)
        return self.left + self.scale * x, self.top + self.scale * y


RIM: Final = radians(137)
"""What is farther from the middle is stretched beyond recognition, and left out where no track leads."""

_NEAREST: Final = 0.26  # radians, some 1,700 km: closer by there is often no shore to know a place by
_MARGIN: Final = radians(3)


def fitted(points: Iterable[Vector], width: int, heights: tuple[int, int], pad: tuple[int, int]) -> View:
    """Return the view in which all *points* are seen, *pad* units from the edges, and its height.

    Args:
        points: tracks and places.
        width: of the sheet.
        heights: least and greatest height; which one depends on the route.
        pad: units kept free at the sides, and above and below.
    """
    known = tuple(points)
    globe = Globe(middle(known))
    flat = [globe.flat(point) for point in known]
    xs, ys = [x for x, _ in flat], [y for _, y in flat]
    across, down = max(xs) - min(xs), max(ys) - min(ys)
    room = width - 2 * pad[0], heights[1] - 2 * pad[1]
    scale = min(room[0] / max(across, _NEAREST), room[1] / max(down, _NEAREST / 2))
    height = max(heights[0], min(heights[1], round(down * scale) + 2 * pad[1]))
    left, top = width / 2 - scale * (max(xs) + min(xs)) / 2, height / 2 - scale * (max(ys) + min(ys)) / 2
    corners = max(hypot(max(left, width - left), max(top, height - top)) / scale, 0.0)
    farthest = max(map(hypot, xs, ys))
    reach = min(corners + _MARGIN, max(RIM, min(farthest + _MARGIN, pi - _MARGIN)))
    return View(globe, width, height, scale, left, top, reach)
