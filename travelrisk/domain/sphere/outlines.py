"""Outlines of areas: from text and back, and from GeoJSON.

The edges of an outline are arcs of great circles. A file may mean them as straight lines of the map
(GeoJSON, RFC 7946): there, points are put along long edges, so that the arcs leave those lines by less than
a kilometre. By the curvature of such a line on the sphere, an arc leaves it by at most R dx ds / 4, dx being
its difference of longitude and ds its length in radians; n equal pieces, by that over the square of n.

Two points more than 180 degrees of longitude apart are joined the short way, over the antimeridian; in
GeoJSON, two exactly 360 apart by the whole parallel. Inside is what an outer ring encircles on the globe, the
smaller side of it.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from math import ceil, copysign, cos, hypot, radians, sqrt
from typing import Any, Final

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.sphere.parts import Polygon
from travelrisk.domain.sphere.points import EARTH_RADIUS_KM, Point
from travelrisk.domain.sphere.soundness import checked, on_globe, ring_of

_NUMBER: Final = r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?"
_PLACE: Final = re.compile(rf"({_NUMBER})\s+({_NUMBER})(?:\s+{_NUMBER}){{0,2}}")
_TEXT: Final = re.compile(
    r"\s*(?:SRID=4326;)?\s*(MULTI)?POLYGON\s*(?:(?:ZM?|M)\s*)?(\([-+.\deE\s,()]*\))\s*", re.IGNORECASE
)
_DEPTH: Final = {"Polygon": 1, "MultiPolygon": 0}
_WHOLE_TURN: Final = 360


def polygons_of(text: str, name: str) -> tuple[Polygon, ...]:
    """Read WKT: ``POLYGON`` or ``MULTIPOLYGON`` of longitude and latitude; rings may be left unclosed.

    Args:
        text: the outline.
        name: what it is the outline of, for messages.

    Raises:
        BadInputError: it is no such text, or a ring has too few points or one that is no place on the globe.
    """
    written = _TEXT.fullmatch(text)
    try:
        listed = json.loads(_listed(written[2])) if written else None
    except ValueError:
        listed = None
    if not written or listed is None:
        raise BadInputError(
            f"{name}: the outline is no POLYGON or MULTIPOLYGON in WKT; write for example "
            "MULTIPOLYGON (((10 50, 20 50, 15 60, 10 50)))"
        )
    return _polygons(listed if written[1] else [listed], name)


def text_of(polygons: Iterable[Polygon]) -> str:
    """Return polygons as WKT, to a centimetre, their rings closed."""
    return f"MULTIPOLYGON ({', '.join(_in_brackets(map(_ring_text, polygon)) for polygon in polygons)})"


def outline_of(geometry: Mapping[str, Any], name: str) -> str:
    """Return the geometry of a GeoJSON feature as a sound outline, its straight edges kept to a kilometre.

    Raises:
        BadInputError: it is no Polygon or MultiPolygon, or not sound (see ``checked``).
    """
    kind, places = geometry.get("type"), geometry.get("coordinates")
    if kind not in _DEPTH or not isinstance(places, list):
        raise BadInputError(
            f"{name}: the geometry is a {kind!r}; give a Polygon or a MultiPolygon of GeoJSON"
        )
    polygons = _polygons([places] if _DEPTH[kind] else places, name, straight=True)
    return text_of(checked(polygons, name))


def sound_outline(text: str, name: str) -> str:
    """Return an outline in WKT as it is kept, after every check that ``checked`` makes.

    Raises:
        BadInputError: it is not sound; the message says where, and what to do.
    """
    return text_of(checked(polygons_of(text, name), name))


def _listed(text: str) -> str:
    """Turn the brackets and places of WKT into lists of JSON, whose reader then checks that they fit."""
    places = _PLACE.sub(lambda place: json.dumps([float(degrees) for degrees in place.groups()]), text)
    return places.replace("(", "[").replace(")", "]")


def _polygons(listed: list[Any], name: str, *, straight: bool = False) -> tuple[Polygon, ...]:
    if not listed:
        raise BadInputError(f"{name}: the outline holds no polygon; give at least one ring of three points")
    return tuple(
        tuple(
            _ring(places, f"{name}: polygon {number}, ring {of_it}", straight=straight)
            for of_it, places in enumerate(_sequence(rings, f"{name}: polygon {number}"), 1)
        )
        for number, rings in enumerate(listed, 1)
    )


def _sequence(found: object, where: str) -> list[Any]:
    if not isinstance(found, list) or not found:
        raise BadInputError(f"{where}: no list of points; give rings of at least three points")
    return found


def _ring(found: object, where: str, *, straight: bool) -> tuple[Point, ...]:
    points = [_point(place, f"{where}, point {n}") for n, place in enumerate(_sequence(found, where), 1)]
    on_globe(points, where)
    return ring_of([*_straight(points)] if straight else points, where)


def _point(place: object, where: str) -> Point:
    match place:
        case [int() | float() as longitude, int() | float() as latitude, *_]:
            return float(longitude), float(latitude)
    raise BadInputError(f"{where}: {place!r} is no place; write longitude and latitude in degrees")


def _straight(ring: list[Point]) -> Iterator[Point]:
    """Give the points of a ring and those along its edges, which are straight lines of the map."""
    for (longitude, latitude), (later, higher) in pairwise((*ring, ring[0])):
        across, up = later - longitude, higher - latitude
        if _WHOLE_TURN / 2 < abs(across) < _WHOLE_TURN:
            across -= copysign(_WHOLE_TURN, across)
        widest = 1.0 if latitude * higher < 0 else max(cos(radians(latitude)), cos(radians(higher)))
        length = hypot(radians(across) * widest, radians(up))
        pieces = ceil(sqrt(EARTH_RADIUS_KM * abs(radians(across)) * length / 4)) or 1
        for piece in range(pieces):
            yield longitude + across * piece / pieces, latitude + up * piece / pieces


def _ring_text(ring: tuple[Point, ...]) -> str:
    return _in_brackets(f"{_degrees(x)} {_degrees(y)}" for x, y in (*ring, ring[0]))


def _in_brackets(texts: Iterable[str]) -> str:
    return f"({', '.join(texts)})"


def _degrees(degrees: float) -> str:
    return f"{degrees:.7f}".rstrip("0").rstrip(".")
