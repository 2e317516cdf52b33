"""The sphere is held against S2, which answers the same questions in another way: there is no difference."""

import re
from collections.abc import Iterable
from typing import Final

import numpy as np
import pytest
import spherely  # type: ignore[import-not-found] # its stub lies beside it, which mypy does not look at

from tests import globe
from tests.contracts.tree import texts
from travelrisk.domain.sphere.areas import Areas
from travelrisk.domain.sphere.passages import passages
from travelrisk.domain.sphere.points import EARTH_RADIUS_KM, Point
from travelrisk.domain.sphere.vectors import Indices

ROUTES: Final = globe.routes(2000, seed=3)
KNOWN: Final = globe.areas(60, seed=3)
LARGE: Final = (
    ("BELT", [*((x, 5) for x in range(-170, 171, 10)), *((x, -5) for x in range(170, -171, -10))]),
    ("SOUTH", [(x, -8 - x % 7) for x in range(-180, 180, 9)]),
    (
        "BEND",
        [
            (-60, -70),
            (30, -50),
            (60, 0),
            (20, 60),
            (-70, 80),
            (170, 70),
            (150, 60),
            (80, 70),
            (90, 0),
            (80, -75),
        ],
    ),
)


def _large() -> Iterable[tuple[str, str]]:
    for key, ring in LARGE:
        yield key, f"POLYGON (({', '.join(f'{x} {y}' for x, y in [*ring, ring[0]])}))"


def _lines(routes: Iterable[tuple[Point, Point]]) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    return np.array([spherely.create_linestring(list(route)) for route in routes])


def _polygons(areas: Iterable[tuple[str, str]]) -> dict[int, spherely.Geography]:
    """Return what S2 accepts: what it refuses is no difference of ours."""
    accepted = {}
    for number, (_, text) in enumerate(areas):
        try:
            accepted[number] = spherely.from_wkt(text)
        except RuntimeError:
            continue
    return accepted


def _pairs(routes: Indices, areas: Indices, of: Iterable[int]) -> set[tuple[int, int]]:
    asked = set(of)
    return {pair for pair in zip(routes.tolist(), areas.tolist(), strict=True) if pair[1] in asked}


def test_arrays_are_a_matter_of_the_sphere_alone() -> None:
    loads = re.compile(r"^\s*(?:import|from) numpy\b", re.MULTILINE)
    modules = {name for name, text in texts() if name.startswith("travelrisk/") and loads.search(text)}
    assert modules
    assert all(name.startswith("travelrisk/domain/sphere/") for name in modules)


@pytest.mark.parametrize("areas", [KNOWN, list(_large())], ids=["as FIRs", "too large for a cap"])
@pytest.mark.parametrize("margin_km", [0, 200])
def test_routes_cross_and_come_near_what_s2_says(areas: list[tuple[str, str]], margin_km: float) -> None:
    polygons, lines, known = _polygons(areas), _lines(ROUTES), Areas(areas)
    theirs = set()
    for number, polygon in polygons.items():
        metres = margin_km / EARTH_RADIUS_KM * spherely.EARTH_RADIUS_METERS
        found = (
            spherely.distance(lines, polygon) <= metres if margin_km else spherely.intersects(lines, polygon)
        )
        theirs |= {(int(route), number) for route in np.flatnonzero(found)}
    ours = known.crossed_by(ROUTES, margin_km)
    assert not len(ours.undrawn)
    assert len(polygons) > 0.9 * len(areas)
    assert len(theirs) > 500
    assert _pairs(ours.routes, ours.areas, polygons) ^ theirs == set()


@pytest.mark.parametrize("areas", [KNOWN, list(_large())], ids=["as FIRs", "too large for a cap"])
def test_lengths_and_distances_are_those_of_s2(areas: list[tuple[str, str]]) -> None:
    polygons, known = _polygons(areas), Areas(areas)
    lines, numbers = _lines(ROUTES[:150]), {key: number for number, (key, _) in enumerate(areas)}
    inside = near = 0
    for line, (origin, destination) in zip(lines, ROUTES, strict=False):
        for passage in passages(known, origin, destination, 500):
            if (polygon := polygons.get(numbers[passage.key])) is None:
                continue
            length_km = spherely.length(spherely.intersection(line, polygon), EARTH_RADIUS_KM)
            assert passage.inside_km == pytest.approx(length_km, abs=1e-5)
            distance_km = spherely.distance(line, polygon, EARTH_RADIUS_KM)
            assert passage.distance_km == pytest.approx(distance_km, abs=1e-5)
            inside += bool(passage.pieces)
            near += not passage.pieces
    assert inside > 100
    assert near > 10
