"""Routes between real airports and invented areas all over the globe, the same for the same seed."""

import csv
from math import asin, atan2, cos, degrees, radians, sin
from random import Random

from travelrisk import resources
from travelrisk.domain.sphere.points import Point, distance_km

Route = tuple[Point, Point]

# Over the antimeridian, at both poles, and along the equator and the meridian of 0; the rest lies anywhere.
CENTRES = ((178, -18), (-179.5, 66), (180, 0), (179, 45), (-178, -62), (0, 90), (40, -90), (0, 0), (0.5, 51))
LONG_KM = 10_000
_LEAST_KM, _MOST_KM = 50, 19_800  # nearer and farther, nobody flies


def airports() -> list[Point]:
    """Return where the airports with scheduled flights are."""
    with resources.data("airports.csv").open(encoding="utf-8", newline="") as rows:
        return [
            (float(row["longitude"]), float(row["latitude"]))
            for row in csv.DictReader(rows)
            if row["scheduled"] == "yes"
        ]


def routes(number: int, seed: int = 1) -> list[Route]:
    """Return so many pairs of different airports; the longer, the likelier up to 10,000 km."""
    chance, places, found = Random(seed), airports(), list[Route]()  # noqa: S311 - a sample, no secret
    while len(found) < number:
        origin, destination = chance.sample(places, 2)
        length_km = distance_km(origin, destination)
        if _LEAST_KM < length_km < _MOST_KM and chance.random() < length_km / LONG_KM:
            found.append((origin, destination))
    return found


def areas(number: int, seed: int = 1) -> list[tuple[str, str]]:
    """Return so many areas, key and WKT: stars of 1.5 to 8 degrees, some with holes, some of three parts."""
    chance = Random(seed)  # noqa: S311 - a sample, no secret
    centres = [
        *CENTRES,
        *((chance.uniform(-180, 180), degrees(asin(chance.uniform(-1, 1)))) for _ in range(number)),
    ]
    return [(f"ZZ{at:02}", _outline(chance, centres[at], at)) for at in range(number)]


def _outline(chance: Random, centre: Point, at: int) -> str:
    radius = chance.uniform(1.5, 8)
    around = [centre]
    if at % 5 == 4:  # every fifth is of three parts, apart from one another
        around += [_from(centre, bearing, 3 * radius) for bearing in (40, 250)]
    polygons = []
    for middle in around:
        rings = [star(chance, middle, radius)]
        if at % 3 == 0:
            rings.append(star(chance, middle, radius / 2.5)[::-1])
        polygons.append(f"({', '.join(map(_ring, rings))})")
    return f"MULTIPOLYGON ({', '.join(polygons)})"


def star(chance: Random, centre: Point, radius: float) -> list[Point]:
    """Return 8 to 40 corners around a centre, whose distance from it varies."""
    corners = chance.randint(8, 40)
    return [
        _from(centre, 360 * corner / corners, radius * chance.uniform(0.6, 1.1))
        for corner in range(corners, 0, -1)
    ]


def _ring(points: list[Point]) -> str:
    return f"({', '.join(f'{x:.6f} {y:.6f}' for x, y in [*points, points[0]])})"


def _from(centre: Point, bearing: float, distance: float) -> Point:
    """Return the point at so many degrees in a direction, clockwise from north."""
    phi, turn, far = radians(centre[1]), radians(bearing), radians(distance)
    up = cos(phi) * cos(far) - sin(phi) * sin(far) * cos(turn)  # away from the axis, on the centre's meridian
    beside = sin(far) * sin(turn)
    height = sin(phi) * cos(far) + cos(phi) * sin(far) * cos(turn)
    longitude = centre[0] + degrees(atan2(beside, up))
    return (longitude + 180) % 360 - 180, degrees(asin(max(-1.0, min(1.0, height))))
