"""Distances on the globe."""

from math import asin, cos, radians, sin, sqrt

from travelrisk.domain.places import Airport

EARTH_RADIUS_KM = 6371.0088  # mean radius of the IUGG; the sphere is within 0.6 % of the ellipsoid


def distance_km(one: Airport, other: Airport) -> float:
    """Return the great-circle distance between two airports in kilometres (haversine formula)."""
    phi_one, phi_other = radians(one.latitude), radians(other.latitude)
    half_dphi = (phi_other - phi_one) / 2
    half_dlambda = radians(other.longitude - one.longitude) / 2
    chord = sin(half_dphi) ** 2 + cos(phi_one) * cos(phi_other) * sin(half_dlambda) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord)))  # rounding may lift antipodes above 1
