"""Points on the sphere, how far they lie apart, and the track between two of them."""

from math import asin, atan2, ceil, cos, degrees, hypot, isfinite, radians, sin, sqrt
from typing import Final, NoReturn

from travelrisk.domain.errors import BadInputError

EARTH_RADIUS_KM: Final = 6371.0088  # mean radius of the IUGG; the sphere is within 0.6 % of the ellipsoid

# Radians. From an airport nearly opposite, every way is as short as any other: within a degree of it, the
# shortest way on the ellipsoid leaves the great circle by hundreds of kilometres.
NEARLY_OPPOSITE: Final = radians(1)
TOUCHES: Final = 1e-9  # radians, six millimetres: closer than this is the same place

Point = tuple[float, float]  # longitude and latitude in degrees, east and north positive
Vector = tuple[float, float, float]


class CannotBeDrawnError(BadInputError):
    """The ends lie opposite one another on the globe, so that no single great circle joins them."""


def unit(point: Point) -> Vector:
    """Return the vector of length 1 that points there.

    Raises:
        BadInputError: a coordinate is not a number or out of range, which would else compare as "not inside".
    """
    longitude, latitude = point
    if not (isfinite(longitude) and abs(longitude) <= 360 and abs(latitude) <= 90):  # noqa: PLR2004 - degrees
        raise BadInputError(
            f"no place on the globe: longitude {longitude}, latitude {latitude}; "
            "give degrees, longitude first, latitude from -90 to 90"
        )
    lam, phi = radians(longitude), radians(latitude)
    return cos(phi) * cos(lam), cos(phi) * sin(lam), sin(phi)


def dot(one: Vector, other: Vector) -> float:
    """Return the scalar product."""
    return one[0] * other[0] + one[1] * other[1] + one[2] * other[2]


def cross(one: Vector, other: Vector) -> Vector:
    """Return the vector product."""
    (a, b, c), (x, y, z) = one, other
    return b * z - c * y, c * x - a * z, a * y - b * x


def distance_km(one: Point, other: Point) -> float:
    """Return the length of the great circle between two points in kilometres (haversine formula)."""
    phi_one, phi_other = radians(one[1]), radians(other[1])
    half_dphi = (phi_other - phi_one) / 2
    half_dlambda = radians(other[0] - one[0]) / 2
    chord = sin(half_dphi) ** 2 + cos(phi_one) * cos(phi_other) * sin(half_dlambda) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord)))  # rounding may lift antipodes above 1


def refuse_opposite(origin: Point, destination: Point) -> NoReturn:
    """Say of two ends that no track joins them."""
    raise CannotBeDrawnError(
        f"the track from {origin} to {destination} (longitude, latitude) cannot be drawn: the two lie "
        "opposite one another on the globe, and every way is as short; give a stop between them"
    )


def track(origin: Point, destination: Point, step_km: float) -> tuple[Point, ...]:
    """Return points along the great circle for drawing, at most *step_km* apart; both ends as they are given.

    Raises:
        BadInputError: the step is not a positive number of kilometres.
        CannotBeDrawnError: the ends are nearly antipodal.
    """
    if not step_km > 0:
        raise BadInputError(f"a step of {step_km} km draws nothing; give a positive number of kilometres")
    a, b = unit(origin), unit(destination)
    normal = cross(a, b)
    sine = hypot(*normal)
    omega = atan2(sine, dot(a, b))
    if omega > radians(180) - NEARLY_OPPOSITE:
        refuse_opposite(origin, destination)
    if omega <= TOUCHES:
        return (origin,) if origin == destination else (origin, destination)
    pieces = ceil(omega * EARTH_RADIUS_KM / step_km)
    between = (point_of(_slerp(a, b, omega, piece / pieces)) for piece in range(1, pieces))
    return origin, *between, destination


def _slerp(a: Vector, b: Vector, omega: float, share: float) -> Vector:
    here, there = sin((1 - share) * omega) / sin(omega), sin(share * omega) / sin(omega)
    x, y, z = (here * of_a + there * of_b for of_a, of_b in zip(a, b, strict=True))
    return x, y, z


def point_of(vector: Vector) -> Point:
    """Return the point to which a vector points, of whatever length."""
    x, y, z = vector
    return degrees(atan2(y, x)), degrees(atan2(z, hypot(x, y)))
