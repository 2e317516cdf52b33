"""Rings on the globe made ready to be drawn, and drawn onto a view.

A ring is cut by nothing: what lies beyond the reach of the view is moved onto its rim, along the line from
the middle. The one point that cannot be moved so is the one opposite the middle; where a ring holds it, the
rim itself is drawn as one more ring, and the even-odd rule fills what is inside again.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, reduce
from itertools import chain, pairwise
from math import atan2, ceil, cos, hypot, isfinite, pi, radians, sin
from operator import and_
from typing import Final, NamedTuple

from travelrisk.domain.errors import BadInputError
from travelrisk.picture.projecting import Point, Vector, View, angle, arc, position, unit, vector

Line = list[tuple[int, int]]
"""Points on the sheet, in whole units."""

NEAR: Final = 6  # units, about half a pixel: what is nearer to the last point is not drawn
_HALF, _TURN = 180.0, 360.0
_POLE: Final = 90.0
_PIECE: Final = 24  # points that are looked at together, and left out together where none can be seen
_SPECK: Final = 40  # units, half of it
_ALONG: Final = radians(5)  # of the rim, between two points of it
_FEWEST: Final = 3  # points of something that has an inside


class Piece(NamedTuple):
    """Neighbouring points of a ring within a cap of the globe; the last one begins the next piece."""

    points: tuple[Vector, ...]
    centre: Vector
    radius: float


class Ring(NamedTuple):
    """A closed ring: *unrolled* in degrees with longitudes that run on over 180 and closed round a pole."""

    unrolled: tuple[Point, ...]
    pieces: tuple[Piece, ...]
    west: float
    east: float
    south: float
    north: float

    def holds(self, lon: float, lat: float) -> bool:
        """Say whether a point is inside."""
        if not self.south <= lat <= self.north:
            return False
        turns = range(ceil((self.west - lon) / _TURN), int((self.east - lon) // _TURN) + 1)
        return sum(inside(self.unrolled, lon + turn * _TURN, lat) for turn in turns) % 2 == 1


def inside(closed: Iterable[Point], x: float, y: float) -> bool:
    """Say whether a point of a sheet lies in a closed line, by the even-odd rule."""
    crossings = sum(
        (one[1] > y) != (two[1] > y) and x < one[0] + (y - one[1]) / (two[1] - one[1]) * (two[0] - one[0])
        for one, two in pairwise(closed)
    )
    return crossings % 2 == 1


@lru_cache(maxsize=4096)  # of thousands of pictures, most show the same airspaces
def ring(outline: tuple[Point, ...]) -> Ring:
    """Make an outline ready: closed, long edges bent along great circles, in pieces.

    Raises:
        BadInputError: it has fewer than three points, or one of them lies nowhere.
    """
    if len(outline) < _FEWEST or not all(isfinite(lon) and abs(lat) <= _POLE for lon, lat in outline):
        raise BadInputError(
            f"an outline needs three points or more, all on the globe; this one begins {outline[:3]}"
        )
    closed = outline if outline[0] == outline[-1] else (*outline, outline[0])
    corners = [vector(lon, lat) for lon, lat in closed]
    points = [corners[0]]
    for one, two in pairwise(corners):
        points.extend((arc(one, two) or (one, two))[1:])
    # where edges were bent, their points count, and not the straight lines between the corners
    unrolled = run_on(closed if len(points) <= len(closed) else [position(point) for point in points])
    flat = tuple(closed_at_pole(unrolled) if is_polar(unrolled) else unrolled)
    lons, lats = zip(*flat, strict=True)
    return Ring(flat, tuple(_pieces(points)), min(lons), max(lons), min(lats), max(lats))


def run_on(closed: Sequence[Point]) -> list[Point]:
    """Return a closed ring with longitudes that run on over 180 degrees."""
    points = [closed[0]]
    for lon, lat in closed[1:]:
        points.append((lon - _TURN * round((lon - points[-1][0]) / _TURN), lat))
    return points


def is_polar(points: Sequence[Point]) -> bool:
    """Say whether a ring that runs on surrounds a pole: it does not come back to where it began."""
    return abs(points[-1][0] - points[0][0]) > _HALF


def closed_at_pole(points: Sequence[Point]) -> list[Point]:
    """Return a ring that surrounds a pole, closed over that pole."""
    pole = _POLE if sum(lat for _, lat in points) > 0 else -_POLE
    return [*points, (points[-1][0], pole), (points[0][0], pole), points[0]]


def _pieces(points: Sequence[Vector]) -> Iterator[Piece]:
    for start in range(0, max(len(points) - 1, 1), _PIECE):
        part = tuple(points[start : start + _PIECE + 1])
        total = tuple(map(sum, zip(*part, strict=True)))
        centre = unit((total[0], total[1], total[2])) if hypot(*total) > 1 else part[0]
        yield Piece(part, centre, max(angle(centre, each) for each in part))


def drawn(ring: Ring, view: View, near: int = NEAR) -> list[Line]:
    """Return the ring on the sheet: none where it cannot be seen, else itself, its rim, or both."""
    first = ring.pieces[0]
    if len(ring.pieces) == 1 and not _may_be_seen(first, view):
        return []
    line, winding = _traced(_in_reach(ring, view), view, near)
    lon, lat = position(view.globe.centre)
    is_opposite_inside = ring.holds(lon + _HALF, -lat)
    lines = [line] if line else []
    if is_opposite_inside != (not line and winding):
        lines.append(rim(view))
    return lines


def speck(x: float, y: float) -> Line:
    """Return what stands for something that is too small to be seen, and must not be lost."""
    across, down = round(x), round(y)
    return [
        (across, down - _SPECK),
        (across + _SPECK, down),
        (across, down + _SPECK),
        (across - _SPECK, down),
    ]


def rim(view: View) -> Line:
    """Return the edge of what can be drawn."""
    return [_on_rim(view, _ALONG * index) for index in range(round(2 * pi / _ALONG))]


def _on_rim(view: View, azimuth: float) -> tuple[int, int]:
    radius = view.scale * view.reach
    return round(view.left + radius * cos(azimuth)), round(view.top - radius * sin(azimuth))


def _in_reach(ring: Ring, view: View) -> Iterator[Vector]:
    """Give the points of the ring; of a piece that cannot be seen, and is not opposite, the first only."""
    for piece in ring.pieces:
        yield from piece.points[:-1] if _may_be_seen(piece, view) else piece.points[:1]
    yield ring.pieces[-1].points[-1]


def _may_be_seen(piece: Piece, view: View) -> bool:
    return not view.reach + piece.radius < angle(view.globe.centre, piece.centre) < pi - piece.radius


def _traced(points: Iterable[Vector], view: View, near: int) -> tuple[Line, bool]:
    """Return the line, empty where all of it is beyond reach, and whether it goes round the view.

    The arithmetic of ``Globe.flat`` is written out: ten thousand points pass here for a picture.
    """
    (ex, ey, ez), (nx, ny, nz), (cx, cy, cz) = view.globe.east, view.globe.north, view.globe.centre
    scale, left, top, edge = view.scale, view.left, view.top, cos(view.reach)
    line: Line = []
    before, turned, is_seen = None, 0.0, False
    lastx = lasty = -(10**9)
    for px, py, pz in points:
        across, up = px * ex + py * ey + pz * ez, px * nx + py * ny + pz * nz
        ahead = px * cx + py * cy + pz * cz
        if ahead < edge:
            azimuth = atan2(up, across)
            if before is not None:
                turned += _turn(before, azimuth)
                line.extend(_along(view, before, azimuth))
            else:
                line.append(_on_rim(view, azimuth))
            before, lastx = azimuth, -(10**9)
            continue
        if before is not None:
            line.append(_on_rim(view, before))
            before = None
        is_seen = True
        sine = hypot(across, up)
        stretch = scale * atan2(sine, ahead) / sine if sine else scale
        x, y = round(left + stretch * across), round(top - stretch * up)
        if abs(x - lastx) + abs(y - lasty) >= near:
            line.append((x, y))
            lastx, lasty = x, y
    if not is_seen:
        return [], round(turned / (2 * pi)) % 2 == 1
    return (line if len(line) >= _FEWEST else []), False


def _turn(before: float, after: float) -> float:
    return (after - before + pi) % (2 * pi) - pi


def _along(view: View, before: float, after: float) -> Line:
    """Return points of the rim between two directions, neither included, and none for a small turn.

    A multiple of the step each, so that a coast behind the rim leaves no more points than the rim has.
    """
    turn = _turn(before, after)
    first, last = sorted((before / _ALONG, (before + turn) / _ALONG))
    steps = range(ceil(first), int(last // 1) + 1)
    return [_on_rim(view, step * _ALONG) for step in (steps if turn > 0 else reversed(steps))]


def cut(line: Line, view: View) -> Line:
    """Return a line to be filled without the points that lie, with their neighbours, beyond one edge.

    All that this changes lies beyond that edge of the sheet too; of a line that does, nothing is left.
    """
    beyond = [
        (x < 0) | (x > view.width) << 1 | (y < 0) << 2 | (y > view.height) << 3  # a bit for each edge
        for x, y in line
    ]
    if reduce(and_, beyond):
        return []
    kept, before = [line[0]], beyond[0]
    for point, here, after in zip(line[1:-1], beyond[1:-1], beyond[2:], strict=True):
        if not before & here & after:
            kept.append(point)
            before = here
    return [*kept, line[-1]]


def path(lines: Iterable[Line], *, closed: bool = True) -> str:
    """Return lines as the data of one SVG path, each point as a step from the one before."""
    return "".join(_line(line) + ("z" if closed else "") for line in lines)


def _line(line: Line) -> str:
    steps = chain.from_iterable((x - a, y - b) for (a, b), (x, y) in pairwise(line))
    return f"M{line[0][0]} {line[0][1]}l{' '.join(map(str, steps))}".replace(" -", "-")
