"""Unit vectors and tracks as arrays, one row each."""

from math import atan2, hypot
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.sphere.points import NEARLY_OPPOSITE, TOUCHES, Vector, cross, dot

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
Bools = NDArray[np.bool_]

HALF_TURN: Final = float(np.pi)


class Tracks(NamedTuple):
    """Tracks, one a row: arcs of great circles shorter than half a turn, or single points.

    Attributes:
        starts, ends: unit vectors.
        normals: the poles of their great circles, to the left of the way; any such circle for a single point.
        onwards, backs: where one goes from the start, and whence one comes at the end turned round: a place
            lies between the ends where both products with it are positive.
        lengths: radians.
    """

    starts: Floats
    ends: Floats
    normals: Floats
    onwards: Floats
    backs: Floats
    lengths: Floats

    def at(self, rows: Indices | slice) -> "Tracks":
        """Return some of them."""
        starts, ends, normals, onwards, backs, lengths = (field[rows] for field in self)
        return Tracks(starts, ends, normals, onwards, backs, lengths)

    def frames(self, rows: Indices) -> tuple[Floats, Floats, Floats]:
        """Return starts, onwards and normals of some rows: the axes of their planes, and those across."""
        if len(self.lengths) == 1:  # one for all rows: nothing to copy
            return self.starts, self.onwards, self.normals
        return (
            self.starts.take(rows, axis=0),
            self.onwards.take(rows, axis=0),
            self.normals.take(rows, axis=0),
        )


def units(points: ArrayLike) -> Floats:
    """Return unit vectors of points: shape (..., 2), longitude and latitude in degrees, to (..., 3).

    Raises:
        BadInputError: a coordinate is not a number or out of range, which would else compare as "not inside".
    """
    degrees = np.asarray(points, dtype=np.float64)
    good = (np.abs(degrees) <= (360, 90)).all(axis=-1)  # false for what is no number too
    if not good.all():
        row = np.argwhere(~good)[0]
        raise BadInputError(
            f"no place on the globe at position {', '.join(map(str, row))}: {degrees[tuple(row)]}; "
            "give degrees, longitude first, latitude from -90 to 90"
        )
    lam, phi = np.moveaxis(np.radians(degrees), -1, 0)
    return np.stack((np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)), axis=-1)


def tracks(starts: Floats, ends: Floats) -> tuple[Tracks, Bools]:
    """Return the tracks between unit vectors, and which of them can be drawn.

    Of those that cannot, nearly antipodal ones, the rows mean nothing.
    """
    doubled = np.cross(starts + ends, ends - starts)  # twice the product, exact for ends that lie close too
    sines = np.linalg.norm(doubled, axis=1) / 2
    lengths = np.arctan2(sines, np.vecdot(starts, ends))
    is_point = sines <= TOUCHES
    normals = np.where(is_point[:, None], np.cross(starts, _aside(starts)), doubled)
    normals /= np.linalg.norm(normals, axis=1)[:, None]
    onwards, backs = np.cross(normals, starts), np.cross(ends, normals)
    return Tracks(starts, ends, normals, onwards, backs, lengths), lengths <= HALF_TURN - NEARLY_OPPOSITE


def lone_track(start: Vector, end: Vector) -> Tracks | None:
    """Return one track as ``tracks`` does, many times faster for one; None where it cannot be drawn."""
    (a, b, c), (x, y, z) = start, end
    normal = cross((a + x, b + y, c + z), (x - a, y - b, z - c))
    sine = hypot(*normal) / 2
    length = atan2(sine, dot(start, end))
    if length > HALF_TURN - NEARLY_OPPOSITE:
        return None
    if sine <= TOUCHES:
        sides = sorted(range(3), key=lambda axis: abs(start[axis]))
        aside = (float(sides[0] == 0), float(sides[0] == 1), float(sides[0] == 2))  # noqa: PLR2004 - the third axis
        normal = cross(start, aside)
    size = hypot(*normal)
    pole = (normal[0] / size, normal[1] / size, normal[2] / size)
    rows = np.array((start, end, pole, cross(pole, start), cross(end, pole)))
    starts, ends, normals, onwards, backs = rows[:, None, :]
    return Tracks(starts, ends, normals, onwards, backs, np.array((length,)))


def _aside(vectors: Floats) -> Floats:
    """Return for each vector the axis from which it is farthest, so that their product is none too small."""
    axes: Floats = np.eye(3)[np.argmin(np.abs(vectors), axis=1)]
    return axes
