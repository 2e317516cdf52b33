"""How large an outline is, told in place of its coordinates, which nobody can compare by eye."""

from functools import lru_cache
from hashlib import sha256
from math import pi
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from travelrisk.domain.sphere.points import Point

_REMEMBERED: Final = 1024  # outlines; a page tells each of them several times
_MARK: Final = 8  # letters; as many as tell the outlines of one airspace apart


class Size(NamedTuple):
    """An outline in three figures: whichever part of it changes, the mark is another one."""

    km2: int
    points: int
    mark: str

    def __str__(self) -> str:
        return f"{self.km2} km2, {self.points} points, {self.mark}"


@lru_cache(maxsize=_REMEMBERED)
def size_of(outline: str) -> Size:
    """Return the size of an outline in WKT, on the sphere; numpy is loaded with the first question."""
    from travelrisk.domain.sphere.outlines import polygons_of  # noqa: PLC0415 - numpy takes its time
    from travelrisk.domain.sphere.points import EARTH_RADIUS_KM  # noqa: PLC0415 - as above

    polygons = polygons_of(outline, "outline")
    area = sum(_area(outer) - sum(map(_area, holes)) for outer, *holes in polygons)
    points = sum(len(ring) for polygon in polygons for ring in polygon)
    mark = sha256(outline.encode()).hexdigest()[:_MARK]
    return Size(round(area * EARTH_RADIUS_KM**2), points, mark)


def _area(ring: "tuple[Point, ...]") -> float:
    """Return the area of a ring in steradians: that of its smaller side."""
    from travelrisk.domain.sphere.cutting import turns_and_area  # noqa: PLC0415 - as above
    from travelrisk.domain.sphere.vectors import units  # noqa: PLC0415 - as above

    turns, above_equator = turns_and_area(units(ring))
    one_side = abs(abs(turns) * 2 * pi - abs(above_equator))
    return min(one_side, 4 * pi - one_side)
