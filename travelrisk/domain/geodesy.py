"""Distances on the globe."""

from travelrisk.domain.places import Airport
from travelrisk.domain.sphere import points
from travelrisk.domain.sphere.points import EARTH_RADIUS_KM

__all__ = ["EARTH_RADIUS_KM", "distance_km"]


def distance_km(one: Airport, other: Airport) -> float:
    """Return the great-circle distance between two airports in kilometres."""
    return points.distance_km((one.longitude, one.latitude), (other.longitude, other.latitude))
