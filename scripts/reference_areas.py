"""Areas that bulletins describe and nobody drew for us: boxes, clips and circles, each with its grounds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import asin, atan2, cos, degrees, pi, radians, sin

import shapely
from shapely import Polygon

EARTH_RADIUS_KM = 6371.0088
NAUTICAL_MILE_KM = 1.852
SMALLEST_DEGREES_2 = 0.002
TOLERANCE_DEGREES = 0.02
BETWEEN_CIRCLES_DEGREES = 0.3
CORNERS = 36

Land = Mapping[str, shapely.Geometry]


@dataclass(frozen=True, slots=True)
class Area:
    """One area; *shape* makes it out of the land of all countries."""

    key: str
    state: str
    names: Mapping[str, str]
    source: str
    shape: Callable[[Land], shapely.Geometry]


def circle(longitude: float, latitude: float, radius_km: float, corners: int) -> Polygon:
    """Return a polygon that holds the whole circle; it must not reach over 180 degrees or a pole."""
    reach = radius_km / EARTH_RADIUS_KM / cos(pi / corners)
    lat = radians(latitude)
    points = []
    for corner in range(corners):
        bearing = 2 * pi * corner / corners
        to = asin(sin(lat) * cos(reach) + cos(lat) * sin(reach) * cos(bearing))
        turn = atan2(sin(bearing) * sin(reach) * cos(lat), cos(reach) - sin(lat) * sin(to))
        points.append((longitude + degrees(turn), degrees(to)))
    return Polygon(points)


def _water(*box: float) -> Callable[[Land], shapely.Geometry]:
    """Return what is no land in a box of west, south, east and north."""

    def shape(land: Land) -> shapely.Geometry:
        whole = shapely.box(*box)
        rest = whole.difference(
            shapely.unary_union([each for each in land.values() if each.intersects(whole)])
        )
        parts = [each for each in shapely.get_parts(rest) if each.area > SMALLEST_DEGREES_2]
        return shapely.MultiPolygon(parts)

    return shape


def _clip(code: str, by: shapely.Geometry) -> Callable[[Land], shapely.Geometry]:
    return lambda land: land[code].intersection(by)


def _within(miles: float, of: str, code: str) -> Callable[[Land], shapely.Geometry]:
    """Return the land of *code* that lies within so many nautical miles of that *of* another country."""

    def shape(land: Land) -> shapely.Geometry:
        border = shapely.get_coordinates(shapely.segmentize(land[of].boundary, BETWEEN_CIRCLES_DEGREES))
        circles = [circle(lon, lat, miles * NAUTICAL_MILE_KM, CORNERS) for lon, lat in border]
        return land[code].intersection(shapely.unary_union(circles)).simplify(TOLERANCE_DEGREES)

    return shape


# Coarse, and rather a little too large: the border with Sindh, Punjab and Kashmir from south to north, and
# then round through Afghanistan and Iran, where the land of Pakistan ends anyway.
_BALUCHISTAN_AND_KHYBER_PAKHTUNKHWA = Polygon([
    (66.65, 24.6), (66.75, 25.0), (67.15, 25.4), (67.4, 26.5), (67.65, 27.8), (68.3, 28.4), (69.5, 28.4),
    (69.8, 29.0), (70.15, 29.6), (70.2, 30.6), (70.3, 31.1), (70.95, 31.35), (71.3, 32.0), (71.55, 32.7),
    (71.6, 33.1), (72.15, 33.6), (72.65, 33.9), (73.1, 33.9), (73.45, 34.1), (73.65, 34.9), (74.15, 35.1),
    (73.4, 35.6), (72.7, 36.0), (73.3, 36.3), (73.9, 36.9), (73.5, 37.6), (68.0, 35.0), (60.0, 30.5),
    (60.0, 24.6),
])  # fmt: skip

AREAS = (
    Area(
        "DAMASCUS-200NM",
        "",
        {
            "en": "Within 200 NM of Damascus",
            "fr": "À moins de 200 NM de Damas",
            "es": "A menos de 200 NM de Damasco",
        },
        "Circle round the airport of Damascus, after FAA KICZ NOTAM A0009/18",
        lambda _: circle(36.51, 33.41, 200 * NAUTICAL_MILE_KM, CORNERS),
    ),
    Area(
        "ET-NORTH",
        "ET",
        {
            "en": "Ethiopia north of 8.5°N",
            "fr": "Éthiopie au nord de 8,5° N",
            "es": "Etiopía al norte de 8,5° N",
        },
        "Land territory of Ethiopia, cut after an EASA information note as read on 22 August 2026",
        _clip("ET", shapely.box(30, 8.5, 50, 20)),
    ),
    Area(
        "GULF-OF-OMAN-WEST",
        "",
        {
            "en": "Waters of the Gulf of Oman west of 58°E",
            "fr": "Eaux du golfe d'Oman à l'ouest de 58° E",
            "es": "Aguas del golfo de Omán al oeste de 58° E",
        },
        "Box over the water off all coasts, for no limits of FIRs are known here; after EASA CZIB-2026-07R3",
        _water(56.4, 22.5, 58, 27.5),
    ),
    Area(
        "GULF-WATERS",
        "",
        {
            "en": "Waters of the Persian Gulf",
            "fr": "Eaux du golfe Persique",
            "es": "Aguas del golfo Pérsico",
        },
        "Box over the water off all coasts, for no limits of FIRs are known here; after EASA CZIB-2026-07R3",
        _water(47.5, 23.5, 56.4, 30.8),
    ),
    Area(
        "MTPP-50NM",
        "HT",
        {
            "en": "Around Port-au-Prince (MTPP)",
            "fr": "Autour de Port-au-Prince (MTPP)",
            "es": "Alrededor de Puerto Príncipe (MTPP)",
        },
        "Circle of 50 NM, for the exact extent is not known here; after FAA KICZ NOTAM A0024/26",
        lambda _: circle(-72.29, 18.58, 50 * NAUTICAL_MILE_KM, CORNERS),
    ),
    Area(
        "PK-WEST",
        "PK",
        {
            "en": "Baluchistan and Khyber Pakhtunkhwa (Pakistan)",
            "fr": "Baloutchistan et Khyber Pakhtunkhwa (Pakistan)",
            "es": "Baluchistán y Jáiber Pajtunjuá (Pakistán)",
        },
        "Land territory of Pakistan, cut coarsely after EASA CZIB-2018-02",
        _clip("PK", _BALUCHISTAN_AND_KHYBER_PAKHTUNKHWA),
    ),
    Area(
        "RU-NEAR-UA",
        "RU",
        {
            "en": "Russian Federation within 160 NM of Ukraine",
            "fr": "Fédération de Russie à moins de 160 NM de l'Ukraine",
            "es": "Federación de Rusia a menos de 160 NM de Ucrania",
        },
        "Land territory of the Russian Federation near that of Ukraine, after FAA KICZ NOTAM A0005/22",
        _within(160, "UA", "RU"),
    ),
    Area(
        "RU-WEST",
        "RU",
        {
            "en": "Russian Federation west of 60°E",
            "fr": "Fédération de Russie à l'ouest de 60° E",
            "es": "Federación de Rusia al oeste de 60° E",
        },
        "Land territory of the Russian Federation, cut after EASA CZIB 2025-01-R3",
        _clip("RU", shapely.box(0, 40, 60, 90)),
    ),
)
