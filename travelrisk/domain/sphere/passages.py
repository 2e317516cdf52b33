"""Where one route runs through areas, from which kilometre to which, and how near it comes to others."""

from collections.abc import Container, Iterable
from typing import Final

from travelrisk.domain.sphere.areas import Areas, Passage, margin_of
from travelrisk.domain.sphere.parts import Parts, Stretches, distances, near, stretches, stretches_of_one
from travelrisk.domain.sphere.points import EARTH_RADIUS_KM, TOUCHES, Point, refuse_opposite, unit
from travelrisk.domain.sphere.vectors import Tracks, lone_track

_MOST_KEPT: Final = 50_000  # routes: more than an organisation flies
_FEW: Final = 4_096  # vertices: it takes less time to look at them all than to choose among their parts
_JOINS_KM: Final = 10 * TOUCHES * EARTH_RADIUS_KM  # pieces closer than this are one, cut where two parts meet


def passages(areas: Areas, origin: Point, destination: Point, margin_km: float = 0) -> tuple[Passage, ...]:
    """Return the areas a route crosses, in the order in which it enters them, then those it only comes near.

    Args:
        areas: of one edition; what was found is kept with them.
        origin: longitude and latitude in degrees.
        destination: as *origin*; the same point asks for the areas it lies in.
        margin_km: how near is near; those come in the order of their distance.

    Raises:
        BadInputError: a coordinate is not a number or out of range, or the margin is negative.
        CannotBeDrawnError: the ends are nearly antipodal: what the route crosses is unknown, not nothing.
    """
    asked = origin, destination, margin_km
    known = areas.kept.get(asked)
    if known is None:
        known = _found(areas, origin, destination, margin_of(margin_km))
        if len(areas.kept) >= _MOST_KEPT:
            areas.kept.clear()  # one step, and so sound among threads; to drop the oldest would take several
        areas.kept[asked] = known
    return known


def _found(areas: Areas, origin: Point, destination: Point, margin: float) -> tuple[Passage, ...]:
    way = lone_track(unit(origin), unit(destination))
    if way is None:
        refuse_opposite(origin, destination)
    pieces: dict[int, list[tuple[float, float]]] = {}
    inside = _inside(way, areas.parts)
    owners = areas.owners[inside.parts].tolist()
    for owner, enters, leaves in zip(owners, inside.enters.tolist(), inside.leaves.tolist(), strict=True):
        pieces.setdefault(owner, []).append((enters * EARTH_RADIUS_KM, leaves * EARTH_RADIUS_KM))
    length_km = float(way.lengths[0]) * EARTH_RADIUS_KM
    crossed = [_crossed(areas.keys[owner], found, length_km) for owner, found in pieces.items()]
    crossed.sort(key=lambda passage: (passage.pieces, passage.key))
    return *crossed, *(_beside(areas, way, pieces, margin) if margin else ())


def _inside(way: Tracks, parts: Parts) -> Stretches:
    if len(parts.vertices) <= _FEW:
        return stretches_of_one(way, parts)
    return stretches(way, parts, near(way, parts, 0))


def _crossed(key: str, found: list[tuple[float, float]], length_km: float) -> Passage:
    pieces = tuple(_joined(found))
    return Passage(
        key,
        pieces,
        inside_km=sum(leaves - enters for enters, leaves in pieces),
        distance_km=0.0,
        starts_inside=pieces[0][0] <= _JOINS_KM,
        ends_inside=pieces[-1][1] >= length_km - _JOINS_KM,
    )


def _joined(pieces: list[tuple[float, float]]) -> Iterable[tuple[float, float]]:
    """Give the pieces in order, those that meet or overlap as one."""
    begin, end = min(pieces)
    for enters, leaves in sorted(pieces):
        if enters > end + _JOINS_KM:
            yield begin, end
            begin, end = enters, leaves
        end = max(end, leaves)
    yield begin, end


def _beside(areas: Areas, way: Tracks, crossed: Container[int], margin: float) -> list[Passage]:
    closest: dict[int, float] = {}
    _, parts = near(way, areas.parts, margin)
    for number, owner in zip(parts.tolist(), areas.owners[parts].tolist(), strict=True):
        if owner in crossed:
            continue
        distance = float(distances(way, areas.parts.each[number])[0])
        if distance <= margin:
            closest[owner] = min(distance, closest.get(owner, distance))
    return [
        Passage(
            areas.keys[owner], (), 0.0, distance * EARTH_RADIUS_KM, starts_inside=False, ends_inside=False
        )
        for owner, distance in sorted(closest.items(), key=lambda one: (one[1], areas.keys[one[0]]))
    ]
