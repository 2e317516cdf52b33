"""Areas on the globe as arrays, and which of them many routes cross or come near."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.sphere.cutting import fitting
from travelrisk.domain.sphere.outlines import polygons_of
from travelrisk.domain.sphere.parts import (
    AT_ONCE,
    PRODUCTS,
    Part,
    distances,
    in_steps,
    near,
    stretches,
    together,
)
from travelrisk.domain.sphere.points import EARTH_RADIUS_KM, Point
from travelrisk.domain.sphere.vectors import Indices, Tracks, tracks, units


class Crossed(NamedTuple):
    """Which routes cross which areas, as pairs in order, and which routes cannot be drawn.

    Attributes:
        routes, areas: positions in what was given, one pair a row.
        undrawn: routes whose ends are nearly antipodal: what they cross is unknown, which is not nothing.
    """

    routes: Indices
    areas: Indices
    undrawn: Indices


class Passage(NamedTuple):
    """What one route has to do with an area.

    Attributes:
        key: of the area.
        pieces: from which kilometre of the track to which it runs inside; equal where it only touches.
        inside_km: their length in all.
        distance_km: 0 where the track crosses; else its shortest distance to the area.
        starts_inside, ends_inside: whether the ends of the track lie in the area, or on its edge.
    """

    key: str
    pieces: tuple[tuple[float, float], ...]
    inside_km: float
    distance_km: float
    starts_inside: bool
    ends_inside: bool


@lru_cache(maxsize=2_048)
def _parts_of(text: str, key: str) -> tuple[Part, ...]:
    """Return an outline cut to size; kept, for nearly all of an edition are those of the edition before."""
    return tuple(part for polygon in polygons_of(text, key) for part in fitting(polygon))


class Areas:
    """Areas, each a key and the polygons of its outline; made once for an edition and asked often.

    Attributes:
        keys: in the order given; positions of areas refer to it.
        owners: of each part, the position of the area it belongs to.
        kept: what was found of single routes (origin, destination, margin in kilometres).
    """

    def __init__(self, outlines: Iterable[tuple[str, str]]) -> None:
        named = list(outlines)
        parts = [(number, part) for number, (key, text) in enumerate(named) for part in _parts_of(text, key)]
        self.keys: tuple[str, ...] = tuple(key for key, _ in named)
        self.owners: Indices = np.array([number for number, _ in parts], dtype=np.intp)
        self.parts = together([part for _, part in parts])
        self.kept: dict[tuple[Point, Point, float], tuple[Passage, ...]] = {}

    def crossed_by(self, routes: ArrayLike, margin_km: float = 0) -> Crossed:
        """Return which routes cross which areas, or come as near to them as the margin.

        Args:
            routes: shape (n, 2, 2) or (n, 4): longitude and latitude of origin and destination in degrees. A
                route of one point crosses the areas it lies in.
            margin_km: 0 asks for crossings alone, and is much faster.

        Raises:
            BadInputError: a coordinate is not a number or out of range, or the margin is negative.
        """
        ends = units(np.asarray(routes, dtype=np.float64).reshape(-1, 2, 2))
        ways, drawn = tracks(ends[:, 0], ends[:, 1])
        numbers = np.flatnonzero(drawn)
        found = self._found(ways.at(numbers), margin_of(margin_km))
        found.sort(kind="stable")  # in runs that are in order: faster than np.unique, which hashes
        rows, areas = np.divmod(found[np.diff(found, prepend=-1) > 0], max(1, len(self.keys)))
        return Crossed(numbers[rows], areas, np.flatnonzero(~drawn))

    def _found(self, ways: Tracks, margin: float) -> Indices:
        """Return each pair (track, area) as one number."""
        step = max(1, AT_ONCE // PRODUCTS // max(1, len(self.parts.each)))
        begins = range(0, len(ways.lengths), step)
        some = [near(ways.at(slice(begin, begin + step)), self.parts, margin) for begin in begins]
        if not some:
            return np.empty(0, dtype=np.intp)
        rows = np.concatenate([rows + begin for begin, (rows, _) in zip(begins, some, strict=True)])
        parts = np.concatenate([parts for _, parts in some])
        inside = stretches(ways, self.parts, (rows, parts))
        crossed = inside.tracks * len(self.keys) + self.owners[inside.parts]
        if not margin:
            return crossed
        left = ~np.isin(rows * len(self.keys) + self.owners[parts], crossed)
        return np.concatenate((crossed, self._within(ways, rows[left], parts[left], margin)))

    def _within(self, ways: Tracks, rows: Indices, numbers: Indices, margin: float) -> Indices:
        found = [np.empty(0, dtype=np.intp)]
        for number in np.unique(numbers):
            part, some = self.parts.each[number], rows[numbers == number]
            for these in in_steps(some, part, PRODUCTS):
                close = these[distances(ways.at(these), part) <= margin]
                found.append(close * len(self.keys) + self.owners[number])
        return np.concatenate(found)


def margin_of(margin_km: float) -> float:
    """Return a margin in radians."""
    if not 0 <= margin_km < EARTH_RADIUS_KM:  # false for what is no number too
        raise BadInputError(
            f"a margin of {margin_km} km; give kilometres, 0 or more, less than a quarter globe"
        )
    return margin_km / EARTH_RADIUS_KM
