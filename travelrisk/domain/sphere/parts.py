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
from travelrisk.domain.sphere.vectors import HALF_TURN, Floats, Indices, Tracks, units

TURN: Final = 2 * HALF_TURN
LARGEST: Final = float(np.radians(80))  # the radius of a cap that counts as well within a hemisphere
_SLACK: Final = 1e-7  # radians: the arc cosine of nearly 1 is not exact, and a touch is to be found too
AT_ONCE: Final = (
    1 << 16
)  # products of three numbers: caches hold them, and no threads of BLAS are woken for less

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
    """Return centre and radius of a cap that holds the vertices; a full turn and more where none is found."""
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
    number = len(tracks.lengths)
    products = (np.concatenate(tracks[:5]) @ parts.centres.T).reshape(5, number, -1)
    starts, ends, normals, onwards, backs = products
    passes = np.minimum(onwards, backs) >= 0
    passes &= np.abs(normals) <= reach
    passes |= np.maximum(starts, ends) >= wide
    rows, caps = np.nonzero(passes)
    return rows, caps


def stretches(tracks: Tracks, parts: Parts, pairs: tuple[Indices, Indices]) -> Stretches:
    """Return where the tracks of some pairs (track, part) run inside, or touch."""
    crossed: list[_Met] = []
    touched: list[_Met] = []
    for number, rows in _by_part(*pairs):
        part, begin = parts.each[number], parts.begins[number]
        for some in in_steps(rows, part):
            sides = part.vertices @ tracks.normals[some].T
            left = sides >= 0
            edges, columns = np.nonzero(left != left[part.following])
            crossed.append(_Met(some[columns], edges + begin))
            touching = np.abs(sides) <= TOUCHES
            if touching.any():
                vertices, columns = np.nonzero(touching)
                touched.append(_Met(some[columns], vertices + begin))
    inside = _inside(tracks, parts, _joined(crossed))
    if touched:
        along = _along(tracks, parts, _joined(touched))
        pairs_of = zip(inside, along, strict=True)
        inside = Stretches(*(np.concatenate(both) for both in pairs_of))
    return _within(tracks, inside)


def in_steps(rows: Indices, part: Part) -> Iterator[Indices]:
    """Give rows some at a time, few enough for their products with the vertices of a part."""
    step = max(1, AT_ONCE // len(part.vertices))
    return (rows[begin : begin + step] for begin in range(0, len(rows), step))


def _by_part(rows: Indices, numbers: Indices) -> list[tuple[int, Indices]]:
    """Return the rows that are paired with each number."""
    if not rows.any():  # of one track alone: this is much of the time it takes
        return [(number, rows[:1]) for number in numbers.tolist()]
    order = np.argsort(numbers, kind="stable")
    rows, numbers = rows[order], numbers[order]
    begins = np.flatnonzero(np.diff(numbers, prepend=-1))
    return [
        (int(numbers[begin]), some) for begin, some in zip(begins, np.split(rows, begins[1:]), strict=True)
    ]


def _joined(met: list[_Met]) -> _Met:
    if len(met) == 1:
        return met[0]
    none = [_Met(np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp))]
    return _Met(*(np.concatenate(field) for field in zip(*(met or none), strict=True)))


def _in_plane(tracks: Tracks, rows: Indices, directions: Floats) -> tuple[Floats, Floats]:
    """Return directions in the planes of their tracks: towards the start, and a quarter turn on."""
    return np.vecdot(directions, tracks.starts[rows]), np.vecdot(directions, tracks.onwards[rows])


def _inside(tracks: Tracks, parts: Parts, crossed: _Met) -> Stretches:
    """Pair the crossings in the order of the way; all lie within a quarter turn of where it is nearest."""
    rows, numbers = crossed.tracks, parts.numbers[crossed.vertices]
    begin, end = parts.vertices[crossed.vertices], parts.vertices[parts.following[crossed.vertices]]
    normals = tracks.normals[rows]
    here, there = np.abs(np.vecdot(begin, normals)), np.abs(np.vecdot(end, normals))
    x, y = _in_plane(tracks, rows, begin * there[:, None] + end * here[:, None])
    near_x, near_y = _in_plane(tracks, rows, parts.centres[numbers])
    beyond = np.arctan2(y * near_x - x * near_y, x * near_x + y * near_y)
    order = np.lexsort((beyond, rows * len(parts.each) + numbers))
    pairs, beyond = order[::2], beyond[order]
    nearest = np.arctan2(near_y[pairs], near_x[pairs])
    return Stretches(rows[pairs], numbers[pairs], nearest + beyond[::2], nearest + beyond[1::2])


def _along(tracks: Tracks, parts: Parts, touched: _Met) -> Stretches:
    """Return touched vertices as stretches, with the edge that follows where it lies along the way too."""
    rows, begins, ends = touched.tracks, touched.vertices, parts.following[touched.vertices]
    is_along = np.abs(np.vecdot(parts.vertices[ends], tracks.normals[rows])) <= TOUCHES
    x, y = _in_plane(tracks, rows, parts.vertices[begins])
    later_x, later_y = _in_plane(tracks, rows, parts.vertices[np.where(is_along, ends, begins)])
    one = np.arctan2(y, x)
    other = one + np.arctan2(later_y * x - later_x * y, later_x * x + later_y * y)
    return Stretches(rows, parts.numbers[begins], np.minimum(one, other), np.maximum(one, other))


def _within(tracks: Tracks, circle: Stretches) -> Stretches:
    """Keep what lies between start and end.

    A stretch is shorter than half a turn: it lies there as it was counted, or a full turn later, never both.
    """
    later = np.where(circle.leaves < -TOUCHES, TURN, 0.0)
    lengths = tracks.lengths[circle.tracks]
    enters, leaves = circle.enters + later, circle.leaves + later
    kept = (enters <= lengths + TOUCHES) & (leaves >= -TOUCHES)
    enters, leaves = (np.minimum(np.maximum(at, 0), lengths) for at in (enters, leaves))  # np.clip is slower
    return Stretches(circle.tracks[kept], circle.parts[kept], enters[kept], leaves[kept])


def distances(tracks: Tracks, part: Part) -> Floats:
    """Return the shortest distance of each track to the edges of a part it does not cross, in radians."""
    vertices, across = part.vertices, part.vertices @ tracks.normals.T
    between = (vertices @ tracks.onwards.T >= 0) & (vertices @ tracks.backs.T >= 0)
    aside = np.where(between, np.abs(across), 1.0).min(axis=0)
    closest = np.full(len(aside), -1.0)
    for ends in (tracks.starts.T, tracks.ends.T):
        closest = np.maximum(closest, (vertices @ ends).max(axis=0))
        beside = (part.onwards @ ends >= 0) & (part.backs @ ends >= 0)
        aside = np.minimum(aside, np.where(beside, np.abs(part.normals @ ends), 1.0).min(axis=0))
    shortest: Floats = np.minimum(np.arcsin(np.clip(aside, 0, 1)), np.arccos(np.clip(closest, -1, 1)))
    return shortest
