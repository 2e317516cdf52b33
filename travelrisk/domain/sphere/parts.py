"""Parts of areas as arrays, and where great circles run inside them.

A part is a polygon with its holes that fits in a cap smaller than a hemisphere. No great circle stays within
such a cap: its point farthest from the centre of the cap lies outside the polygon. From there on, its
crossings with the edges, in the order of the way, are entries and exits by turns, whatever holes there are.
So one product per vertex tells where a track is inside, how far, and whether it begins or ends there, with no
ray to cast and no case for the antimeridian or a pole. Rejected: four triple products per edge and a ray from
the start (exact as well, but twice the work, and it says only whether).

An edge is crossed where its ends lie on different sides, a vertex on the great circle itself counting as on
its left: whichever side rounding gives a vertex, both of its edges are told the same, so that entries and
exits remain equal in number. What is touched so closely counts as crossed besides: the safe side.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from travelrisk.domain.sphere.points import TOUCHES
from travelrisk.domain.sphere.vectors import HALF_TURN, Bools, Floats, Indices, Tracks, units

TURN: Final = 2 * HALF_TURN
LARGEST: Final = float(np.radians(80))  # the radius of a cap that counts as well within a hemisphere
_SLACK: Final = 1e-7  # radians: the arc cosine of nearly 1 is not exact, and a touch is to be found too
PRODUCTS: Final = 5  # of the vectors of a track and the centre of a cap
# Products of three numbers at once: caches hold them, and BLAS wakes no threads, which on a busy machine wait
# for one another many times as long as one of them works.
AT_ONCE: Final = 1 << 16

Ring = tuple[tuple[float, float], ...]
Polygon = tuple[Ring, ...]  # the outer ring, then its holes; no ring repeats its first point


@dataclass(frozen=True, slots=True)
class Part:
    """Rings of unit vectors: vertex i is joined by an arc to vertex ``following[i]``.

    Attributes:
        normals: of the edges, length 1, or 0 for an edge without length.
        onwards, backs: where an edge goes from its start, and whence it comes at its end turned round.
    """

    vertices: Floats
    following: Indices
    normals: Floats
    onwards: Floats
    backs: Floats
    centre: Floats
    radius: float


class Parts(NamedTuple):
    """Parts, and all of them in one.

    Attributes:
        each: the parts one by one.
        begins: of each, the position of its first vertex among all.
        vertices, following, numbers: of all; each vertex with the number of its part.
        centres, radii: of their caps.
    """

    each: list[Part]
    begins: list[int]
    vertices: Floats
    following: Indices
    numbers: Indices
    centres: Floats
    radii: Floats


class Stretches(NamedTuple):
    """Where tracks run inside parts: from so many radians after their start to so many; equal = touched."""

    tracks: Indices
    parts: Indices
    enters: Floats
    leaves: Floats


class _Met(NamedTuple):
    """Vertices that great circles meet, or after which they cross an edge: positions among all vertices."""

    tracks: Indices
    vertices: Indices


def together(parts: list[Part]) -> Parts:
    """Return parts in one."""
    begins = np.cumsum([0, *(len(part.vertices) for part in parts)])
    none = np.empty((0, 3))
    return Parts(
        parts,
        begins.tolist(),
        np.concatenate([none, *(part.vertices for part in parts)]),
        np.concatenate([begins[:0], *(part.following + at for part, at in zip(parts, begins, strict=False))]),
        np.repeat(np.arange(len(parts)), np.diff(begins)),
        np.concatenate([none, *(part.centre[None] for part in parts)]),
        np.array([part.radius for part in parts]),
    )


def part_of(polygon: Polygon) -> Part:
    """Return a polygon as arrays."""
    return part_of_rings([units(ring) for ring in polygon])


def part_of_rings(rings: list[Floats]) -> Part:
    """Return rings of unit vectors as one part; inside is what an odd number of them encircle."""
    vertices = np.concatenate(rings)
    following = np.arange(1, len(vertices) + 1)
    begins = np.cumsum([0, *map(len, rings)])
    following[begins[1:] - 1] = begins[:-1]
    nexts = vertices[following]
    normals = np.cross(vertices + nexts, nexts - vertices)  # twice the product, exact for short edges too
    sizes = np.linalg.norm(normals, axis=1)[:, None]
    normals = np.divide(normals, sizes, out=np.zeros_like(normals), where=sizes > 0)
    centre, radius = _cap(vertices)
    onwards, backs = np.cross(normals, vertices), np.cross(nexts, normals)
    return Part(vertices, following, normals, onwards, backs, centre, radius)


def _cap(vertices: Floats) -> tuple[Floats, float]:
    """Return centre and radius of a cap that holds the vertices; half a turn where none smaller is found."""
    middle = vertices.max(axis=0) + vertices.min(axis=0)
    size = float(np.linalg.norm(middle))
    if size < TOUCHES:
        return np.array((0.0, 0.0, 1.0)), HALF_TURN
    centre = middle / size
    return centre, float(np.arccos(np.clip((vertices @ centre).min(), -1, 1))) + _SLACK


def near(tracks: Tracks, parts: Parts, margin: float) -> tuple[Indices, Indices]:
    """Return the pairs (track, part) where the track may come as near to the part as so many radians.

    It does so where an end lies in the cap, or where the way between the ends passes through it.
    """
    radii = parts.radii + margin if margin else parts.radii
    wide, reach = np.cos(radii), np.sin(np.minimum(radii, HALF_TURN / 2))
    vectors = np.concatenate(tracks[:PRODUCTS])  # one product of matrices is faster than five
    products = (vectors @ parts.centres.T).reshape(PRODUCTS, len(tracks.lengths), -1)
    starts, ends, normals, onwards, backs = products
    passes = np.minimum(onwards, backs) >= 0
    passes &= np.abs(normals) <= reach
    passes |= np.maximum(starts, ends) >= wide
    return _true(passes)


def stretches(tracks: Tracks, parts: Parts, pairs: tuple[Indices, Indices]) -> Stretches:
    """Return where the tracks of some pairs (track, part) run inside, or touch."""
    looks = [
        _look(parts.each[number], parts.begins[number], some, tracks.normals[some])
        for number, rows in _by_part(*pairs)
        for some in in_steps(rows, parts.each[number])
    ]
    return _placed(tracks, parts, looks)


def stretches_of_one(track: Tracks, parts: Parts) -> Stretches:
    """Return where one track runs inside any part, or touches: for few vertices, faster than to choose."""
    return _placed(track, parts, [_look(parts, 0, np.zeros(1, dtype=np.intp), track.normals)])


def _look(of: Part | Parts, begin: int, rows: Indices, normals: Floats) -> tuple[_Met, _Met | None]:
    """Return the edges that great circles cross, and the vertices that they touch."""
    sides = of.vertices @ normals.T
    left = sides >= 0
    edges, columns = _true(left != left.take(of.following, axis=0))
    crossed = _Met(rows[columns], edges + begin)
    touching = np.abs(sides) <= TOUCHES
    if not np.count_nonzero(touching):  # many times faster than any()
        return crossed, None
    vertices, columns = _true(touching)
    return crossed, _Met(rows[columns], vertices + begin)


def _true(table: Bools) -> tuple[Indices, Indices]:
    """Return rows and columns of what is true, in order: np.nonzero, in a tenth of its time."""
    (numbers,) = table.ravel().nonzero()
    return np.divmod(numbers, max(1, table.shape[1]))


def _placed(tracks: Tracks, parts: Parts, looks: list[tuple[_Met, _Met | None]]) -> Stretches:
    inside = _inside(tracks, parts, _joined([crossed for crossed, _ in looks]))
    if touched := [touched for _, touched in looks if touched]:
        both = zip(inside, _along(tracks, parts, _joined(touched)), strict=True)
        inside = Stretches(*(np.concatenate(fields) for fields in both))
    return _within(tracks, inside)


def in_steps(rows: Indices, part: Part, products: int = 1) -> Iterator[Indices]:
    """Give rows some at a time, few enough for so many products of each with the vertices of a part."""
    step = max(1, AT_ONCE // products // len(part.vertices))
    return (rows[begin : begin + step] for begin in range(0, len(rows), step))


def _by_part(rows: Indices, numbers: Indices) -> list[tuple[int, Indices]]:
    """Return the rows that are paired with each number."""
    if not rows.any():  # one track alone, for which sorting would take much of the time
        return [(number, rows[:1]) for number in numbers.tolist()]
    order = np.argsort(numbers, kind="stable")
    rows, numbers = rows[order], numbers[order]
    begins = np.flatnonzero(np.diff(numbers, prepend=-1))
    return list(zip(numbers[begins].tolist(), np.split(rows, begins[1:]), strict=True))


def _joined(met: list[_Met]) -> _Met:
    if len(met) == 1:
        return met[0]
    none = [_Met(np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp))]
    return _Met(*(np.concatenate(field) for field in zip(*(met or none), strict=True)))


def _inside(tracks: Tracks, parts: Parts, crossed: _Met) -> Stretches:
    """Pair the crossings in the order of the way; all lie within a quarter turn of where it is nearest."""
    rows, numbers = crossed.tracks, parts.numbers[crossed.vertices]
    starts, onwards, normals = tracks.frames(rows)
    begins = parts.vertices.take(crossed.vertices, axis=0)  # many times faster than an index in brackets
    ends = parts.vertices.take(parts.following[crossed.vertices], axis=0)
    here, there = np.abs(np.vecdot(begins, normals)), np.abs(np.vecdot(ends, normals))
    met, centres = begins * there[:, None] + ends * here[:, None], parts.centres.take(numbers, axis=0)
    near_x, near_y = np.vecdot(centres, starts), np.vecdot(centres, onwards)
    beyond = _angle(near_x, near_y, np.vecdot(met, starts), np.vecdot(met, onwards))
    order = np.lexsort((beyond, rows * len(parts.each) + numbers))
    pairs, beyond = order[::2], beyond[order]
    nearest = np.arctan2(near_y[pairs], near_x[pairs])
    return Stretches(rows[pairs], numbers[pairs], nearest + beyond[::2], nearest + beyond[1::2])


def _along(tracks: Tracks, parts: Parts, touched: _Met) -> Stretches:
    """Return touched vertices as stretches, with the edge that follows where it lies along the way too."""
    rows, following = touched.tracks, parts.following[touched.vertices]
    starts, onwards, normals = tracks.frames(rows)
    begins, ends = parts.vertices[touched.vertices], parts.vertices[following]
    is_along = np.abs(np.vecdot(ends, normals)) <= TOUCHES
    ends = np.where(is_along[:, None], ends, begins)
    x, y = np.vecdot(begins, starts), np.vecdot(begins, onwards)
    one = np.arctan2(y, x)
    other = one + _angle(x, y, np.vecdot(ends, starts), np.vecdot(ends, onwards))
    return Stretches(rows, parts.numbers[touched.vertices], np.minimum(one, other), np.maximum(one, other))


def _angle(x: Floats, y: Floats, to_x: Floats, to_y: Floats) -> Floats:
    """Return the angles from directions in a plane to others, -pi to pi."""
    angle: Floats = np.arctan2(to_y * x - to_x * y, to_x * x + to_y * y)
    return angle


def _within(tracks: Tracks, circle: Stretches) -> Stretches:
    """Keep what lies between start and end.

    A stretch is shorter than half a turn: it lies there as it was counted, or a full turn later, never both.
    """
    later = (circle.leaves < -TOUCHES) * TURN
    lengths = tracks.lengths[circle.tracks]
    enters = np.maximum(circle.enters + later, 0)
    leaves = np.minimum(circle.leaves + later, lengths)
    kept = enters <= leaves + TOUCHES
    enters, leaves = np.minimum(enters, lengths), np.maximum(leaves, 0)
    return Stretches(circle.tracks[kept], circle.parts[kept], enters[kept], leaves[kept])


def distances(tracks: Tracks, part: Part) -> Floats:
    """Return the shortest distance of each track to the edges of a part it does not cross, in radians.

    It lies at an end of one of the two arcs: across the other one, or from end to end.
    """
    products = np.concatenate(tracks[:PRODUCTS]) @ part.vertices.T
    starts, ends, normals, onwards, backs = products.reshape(PRODUCTS, len(tracks.lengths), -1)
    aside = np.where(np.minimum(onwards, backs) >= 0, np.abs(normals), 1.0).min(axis=1)
    closest = np.maximum(starts, ends).max(axis=1)
    both = np.concatenate((tracks.starts, tracks.ends))
    beside = np.minimum(both @ part.onwards.T, both @ part.backs.T) >= 0
    of_ends = np.where(beside, np.abs(both @ part.normals.T), 1.0).min(axis=1).reshape(2, -1).min(axis=0)
    sines, cosines = np.minimum(aside, of_ends), np.minimum(np.maximum(closest, -1), 1)
    shortest: Floats = np.minimum(np.arcsin(np.minimum(sines, 1)), np.arccos(cosines))
    return shortest
