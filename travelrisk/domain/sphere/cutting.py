"""Polygons too large for one cap, cut along great circles into parts that fit.

Which side of such a ring is inside cannot be told from a cap: it is the smaller one, and a hole is outside.
Cut is by three planes at right angles; an eighth of the globe fits in a cap of 55 degrees.
"""

from itertools import count
from typing import Final

import numpy as np

from travelrisk.domain.sphere.parts import LARGEST, TURN, Part, Polygon, part_of, part_of_rings
from travelrisk.domain.sphere.points import TOUCHES
from travelrisk.domain.sphere.vectors import HALF_TURN, Floats, units

_LONGEST: Final = HALF_TURN / 4  # radians: an edge along a cut, which would else be as long as half a turn
_NUDGE: Final = np.array((1.0, 2.0, 3.0)) / 1000


def fitting(polygon: Polygon) -> list[Part]:
    """Return a polygon as one part, or cut into several that fit in a cap well within a hemisphere."""
    whole = part_of(polygon)
    if whole.radius <= LARGEST:
        return [whole]
    pieces = [[_turned(units(ring), inside=number == 0) for number, ring in enumerate(polygon)]]
    for axis in np.eye(3):
        halves: list[list[Floats]] = []
        for rings in pieces:
            pole = _clear_of(axis, rings)
            halves += [half for side in (pole, -pole) if (half := _half(rings, side))]
        pieces = halves
    return [part_of_rings(rings) for rings in pieces]


def turns_and_area(ring: Floats) -> tuple[float, float]:
    """Return how often a ring goes round the axis of the globe, and the area between it and the equator.

    Eastward is positive. The area is in steradians, and each edge counts what lies between it and the
    equator: positive where it goes eastward north of the equator.
    """
    longitudes = np.arctan2(ring[:, 1], ring[:, 0])
    steps = (np.roll(longitudes, -1) - longitudes + HALF_TURN) % TURN - HALF_TURN
    halves = np.tan(np.arcsin(np.clip(ring[:, 2], -1, 1)) / 2)
    nexts = np.roll(halves, -1)
    areas = 2 * np.arctan2(np.tan(steps / 2) * (halves + nexts), 1 + halves * nexts)
    return float(np.rint(steps.sum() / TURN)), float(areas.sum())


def _turned(ring: Floats, *, inside: bool) -> Floats:
    """Return a ring with the smaller side on its left, or on its right."""
    turns, area = turns_and_area(ring)
    on_left = (abs(turns) * HALF_TURN * 2 - area) % (2 * TURN)
    return ring if (on_left <= TURN) == inside else ring[::-1]


def _clear_of(axis: Floats, rings: list[Floats]) -> Floats:
    """Return the axis, or one close to it, so that no vertex lies on the plane across it."""
    vertices = np.concatenate(rings)
    for tried in count():
        pole: Floats = axis + tried * _NUDGE
        pole /= np.linalg.norm(pole)
        if np.abs(vertices @ pole).min() > TOUCHES:
            return pole
    raise AssertionError  # pragma: no cover - there are finitely many vertices


def _half(rings: list[Floats], pole: Floats) -> list[Floats]:
    """Return what lies on the side of the pole: rings with the inside on their left, as those given."""
    whole = [ring for ring in rings if (ring @ pole > 0).all()]
    chains = [chain for ring in rings for chain in _chains(ring, pole)]
    if not chains:
        return whole
    aside = np.cross(pole, np.eye(3)[np.argmin(np.abs(pole))])
    onward = np.cross(pole, aside)
    begins, ends = (
        np.array([np.arctan2(chain[at] @ onward, chain[at] @ aside) for chain in chains]) for at in (0, -1)
    )
    left = set(range(len(chains)))
    while left:
        number, ring = min(left), list[Floats]()
        while number in left:
            left.discard(number)
            gaps = (
                begins - ends[number]
            ) % TURN  # the inside is on the left: along the cut, eastward of the pole
            next_one = int(np.argmin(gaps))
            ring += [chains[number], _edge(ends[number], gaps[next_one], aside, onward)]
            number = next_one
        whole.append(np.concatenate(ring))
    return whole


def _chains(ring: Floats, pole: Floats) -> list[Floats]:
    """Return what a ring does on the side of the pole, from the cut to the cut."""
    sides = ring @ pole
    entries = np.flatnonzero((sides < 0) & (np.roll(sides, -1) > 0))
    if not len(entries):
        return []
    ring, sides = (np.roll(of, -entries[0], axis=0) for of in (ring, sides))  # begin just before an entry
    closed, sides = np.concatenate((ring, ring[:1])), np.append(sides, sides[0])
    changes = np.flatnonzero((sides[:-1] > 0) != (sides[1:] > 0))
    met = [closed[at] * abs(sides[at + 1]) + closed[at + 1] * abs(sides[at]) for at in changes]
    met = [point / np.linalg.norm(point) for point in met]
    spans = zip(changes[::2], changes[1::2], met[::2], met[1::2], strict=True)
    return [np.vstack((enter, closed[begin + 1 : end + 1], leave)) for begin, end, enter, leave in spans]


def _edge(begin: float, gap: float, aside: Floats, onward: Floats) -> Floats:
    """Return points along a cut, without its ends."""
    steps = np.linspace(0, gap, int(np.ceil(gap / _LONGEST)) + 1)[1:-1, None] + begin
    points: Floats = np.cos(steps) * aside + np.sin(steps) * onward
    return points
