"""Distances on the globe, also across the date line and at the antipodes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import AIRPORTS, BY_CODE, airport
from travelrisk.domain.geodesy import EARTH_RADIUS_KM, distance_km
from travelrisk.domain.places import Airport

HALF_ROUND = EARTH_RADIUS_KM * 3.141592653589793


def _somewhere(latitude: float, longitude: float) -> Airport:
    return airport("XXA XXXA KE", "Somewhere", "Somewhere", (latitude, longitude), "UTC")


@pytest.mark.parametrize(
    ("one", "other", "kilometres"),
    [("FRA", "ADD", 5358), ("LHR", "JFK", 5540), ("AKL", "LAX", 10480), ("AKL", "APW", 2886)],
)
def test_known_distances(one: str, other: str, kilometres: int) -> None:
    assert distance_km(BY_CODE[one], BY_CODE[other]) == pytest.approx(kilometres, rel=0.006)


@pytest.mark.parametrize(("latitude", "longitude"), [(0, 0), (45, 45), (90, 0), (12.345, -67.89)])
def test_antipodes_are_half_a_turn_away(latitude: float, longitude: float) -> None:
    there = _somewhere(-latitude, longitude + 180)
    assert distance_km(_somewhere(latitude, longitude), there) == pytest.approx(HALF_ROUND)


def test_the_date_line_is_no_wall() -> None:
    assert distance_km(_somewhere(0, 179.5), _somewhere(0, -179.5)) == pytest.approx(111.2, abs=0.1)


@given(st.sampled_from(AIRPORTS), st.sampled_from(AIRPORTS), st.sampled_from(AIRPORTS))
def test_distances_are_distances(one: Airport, other: Airport, third: Airport) -> None:
    assert distance_km(one, one) == 0
    assert distance_km(one, other) == pytest.approx(distance_km(other, one))
    assert distance_km(one, other) <= distance_km(one, third) + distance_km(third, other) + 1e-6
