"""Parts of areas as arrays, and where great circles run inside them.

A part is a polygon with its holes that fits in a cap smaller than a hemisphere. No great circle stays within
such a cap: its point farthest from the centre of the cap lies outside the polygon. From there on, its crossings
with the edges, in the order of the way, are entries and exits by turns, whatever holes there are. So one product
per vertex tells where a track is inside, how far, and whether it begins or ends there, with no ray to cast and
no case for the antimeridian or a pole. Rejected: four triple products per edge and a ray from the start
(exact as well, but twice the work, and it says only whether).

Edges are told apart by the side of their ends, a vertex on the great circle counting as on its left: whichever
side rounding gives it, both of its edges are told the same, and entries and exits remain equal in number.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from travelrisk.domain.sphere.points import TOUCHES
from travelrisk.domain.sphere.vectors import HALF_TURN, Bools, Floats, Indices, Tracks, units

TURN: Final = 2 * HALF_TURN
LARGEST: Final = float(np.radians(80))  # the radius of a cap that counts as well within a hemisphere
_SLACK: Final = 1e-7  # radians: the arc cosine of nearly 1 is not exact, and a touch is to be found too
AT_ONCE: Final = 1 << 16  # products of three numbers: caches hold them, and no threads of BLAS are woken for less

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


class Stretches(NamedTuple):
    """Where tracks run inside parts: from so many radians after their start to so many; equal = touched."""

    tracks: Indices
    parts: Indices
    enters: Floats
    leaves: Floats


class _Cuts(NamedTuple):
    """Where a great circle meets edges: beginning and end of what it meets, in their directions."""

    tracks: Indices
    parts: Indices
    first: Floats
    last: Floats


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


def near(tracks: Tracks, centres: Floats, radii: Floats) -> tuple[Indices, Indices]:
    """Return the pairs (track, cap) that meet: an end in the cap, or the way between the ends through it."""
    wide = np.cos(np.minimum(radii, HALF_TURN))
    reach = np.where(radii < HALF_TURN / 2, np.sin(radii), 1.0)
    across = centres.T
    passes = np.abs(tracks.normals @ across) <= reach
    passes &= tracks.onwards @ across >= 0
    passes &= tracks.backs @ across >= 0
    passes |= tracks.starts @ across >= wide
    passes |= tracks.ends @ across >= wide
    rows, caps = np.nonzero(passes)
    return rows, caps


def stretches(tracks: Tracks, parts: list[Part], pairs: tuple[Indices, Indices]) -> Stretches:
    """Return where the tracks of some pairs (track, part) run inside, or touch."""
    crossings: list[_Cuts] = []
    touches: list[_Cuts] = []
    for number, rows in _by_part(*pairs):
        part = parts[number]
        step = max(1, AT_ONCE // len(part.vertices))
        for some in (rows[begin : begin + step] for begin in range(0, len(rows), step)):
            sides = part.vertices @ tracks.normals[some].T
            crossings.append(_crossings(part, number, some, sides))
            touching = np.abs(sides) <= TOUCHES
            if touching.any():
                touches.append(_touches(part, number, some, touching))
    if not crossings:
        none = np.empty(0, dtype=np.intp)
        return Stretches(none, none, np.empty(0), np.empty(0))
    inside = _inside(tracks, parts, _joined(crossings))
    if touches:
        inside = Stretches(*map(np.concatenate, zip(inside, _along(tracks, _joined(touches)), strict=True)))
    return _within(tracks, inside)


def _by_part(rows: Indices, numbers: Indices) -> list[tuple[int, Indices]]:
    if len(rows) == 1:
        return [(int(numbers[0]), rows)]
    order = np.argsort(numbers, kind="stable")
    rows, numbers = rows[order], numbers[order]
    begins = np.flatnonzero(np.diff(numbers, prepend=-1))
    ends = [*begins[1:], len(rows)]
    return [(int(numbers[begin]), rows[begin:end]) for begin, end in zip(begins, ends, strict=True)]


def _crossings(part: Part, number: int, rows: Indices, sides: Floats) -> _Cuts:
    left = sides >= 0
    edges, columns = np.nonzero(left != left[part.following])
    ends = part.following[edges]
    here, there = np.abs(sides[edges, columns]), np.abs(sides[ends, columns])
    meeting = part.vertices[edges] * there[:, None] + part.vertices[ends] * here[:, None]
    return _Cuts(rows[columns], np.full(len(edges), number), meeting, meeting)


def _touches(part: Part, number: int, rows: Indices, touching: Bools) -> _Cuts:
    """Return vertices on great circles, with the edge that follows where that lies along the circle too."""
    edges, columns = np.nonzero(touching)
    ends = part.following[edges]
    ends = np.where(touching[ends, columns], ends, edges)
    return _Cuts(rows[columns], np.full(len(edges), number), part.vertices[edges], part.vertices[ends])


def _joined(cuts: list[_Cuts]) -> _Cuts:
    return cuts[0] if len(cuts) == 1 else _Cuts(*map(np.concatenate, zip(*cuts, strict=True)))


def _in_plane(tracks: Tracks, rows: Indices, directions: Floats) -> tuple[Floats, Floats]:
    """Return directions in the planes of their tracks: towards the start, and a quarter turn on from there."""
    return np.vecdot(directions, tracks.starts[rows]), np.vecdot(directions, tracks.onwards[rows])


def _inside(tracks: Tracks, parts: list[Part], met: _Cuts) -> Stretches:
    """Pair the crossings in the order of the way, which all lie within a quarter turn of where it is nearest."""
    centres = np.array([part.centre for part in parts])
    x, y = _in_plane(tracks, met.tracks, met.first)
    near_x, near_y = _in_plane(tracks, met.tracks, centres[met.parts])
    beyond = np.arctan2(y * near_x - x * near_y, x * near_x + y * near_y)
    order = np.lexsort((beyond, met.tracks * len(parts) + met.parts))
    pairs, beyond = order[::2], beyond[order]
    nearest = np.arctan2(near_y[pairs], near_x[pairs])
    return Stretches(met.tracks[pairs], met.parts[pairs], nearest + beyond[::2], nearest + beyond[1::2])


def _along(tracks: Tracks, met: _Cuts) -> Stretches:
    (one_x, one_y), (other_x, other_y) = (
        _in_plane(tracks, met.tracks, direction) for direction in (met.first, met.last)
    )
    one = np.arctan2(one_y, one_x)
    other = one + np.arctan2(other_y * one_x - other_x * one_y, other_x * one_x + other_y * one_y)
    return Stretches(met.tracks, met.parts, np.minimum(one, other), np.maximum(one, other))


def _within(tracks: Tracks, circle: Stretches) -> Stretches:
    """Keep what lies between start and end.

    A stretch is shorter than half a turn, so it may lie there as it was counted or a full turn later, never both.
    """
    later = np.where(circle.leaves < -TOUCHES, TURN, 0.0)
    lengths = tracks.lengths[circle.tracks]
    enters, leaves = circle.enters + later, circle.leaves + later
    kept = (enters <= lengths + TOUCHES) & (leaves >= -TOUCHES)
    enters, leaves = np.clip(enters, 0, lengths), np.clip(leaves, 0, lengths)
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
