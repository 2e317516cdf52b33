"""How large an outline is, told in place of its coordinates, which nobody can compare by eye."""

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import pairwise
from math import atan2, pi, radians, tan
from typing import Final, NamedTuple

_EARTH_RADIUS_KM: Final = 6371.0088
_SPHERE: Final = 4 * pi
_RING: Final = re.compile(r"(\(?)\(([^()]+)\)")  # an outer ring stands after a bracket, a hole after a comma
_MARK: Final = 8  # letters; as many as tell the outlines of one airspace apart


class Extent(NamedTuple):
    """An outline in three figures: whichever part of it changes, the mark is another one."""

    km2: int
    points: int
    mark: str

    def __str__(self) -> str:
        return f"{self.km2} km2, {self.points} points, {self.mark}"


def extent(outline: str) -> Extent:
    """Return the extent of an outline in WKT, as it is kept: rings closed, edges along great circles.

    Source:
        The area between an edge and the equator is the spherical excess of two triangles with a common side
        (L'Huilier's half-tangents), exact on the sphere with the mean radius R1 (IUGG 1980).
    """
    area, points = 0.0, 0
    for before, ring in _RING.findall(outline):
        corners = [_corner(each) for each in ring.split(",")]
        area += _area(corners) if before else -_area(corners)
        points += len(corners) - 1
    mark = sha256(outline.encode()).hexdigest()[:_MARK]
    return Extent(round(abs(area) * _EARTH_RADIUS_KM**2), points, mark)


def _corner(text: str) -> tuple[float, float]:
    longitude, latitude = text.split()[:2]
    return radians(float(longitude)), radians(float(latitude))


def _area(corners: Iterable[tuple[float, float]]) -> float:
    """Return the area of a ring on the unit sphere: that of its smaller side."""
    edges = list(_edges(corners))
    signed, turned = sum(area for area, _ in edges), sum(across for _, across in edges)
    area = 2 * pi - abs(signed) if abs(turned) > pi else abs(signed)  # around a pole: from there, not from 0
    return min(area, _SPHERE - area)


def _edges(corners: Iterable[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    for (longitude, latitude), (later, higher) in pairwise(corners):
        across = (later - longitude + pi) % (2 * pi) - pi  # the short way, over the antimeridian too
        one, other = tan(latitude / 2), tan(higher / 2)
        yield 2 * atan2(tan(across / 2) * (one + other), 1 + one * other), across
