"""Airports are found by code, by the code of their city, by a former code, or by name."""

import pytest

from tests.factories import ATLAS, BY_CODE, COUNTRIES, airport
from travelrisk.domain.places import Atlas, City
from travelrisk.domain.texts import Texts


def codes(found: tuple[object, ...]) -> list[str]:
    return [getattr(each, "code", "") for each in found]


@pytest.mark.parametrize(
    ("code", "found"), [("add", "ADD"), ("HAAB", "ADD"), ("TSE", "NQZ"), ("HSLI", "HSLI")]
)
def test_an_airport_by_any_of_its_codes(code: str, found: str) -> None:
    assert ATLAS.airport(code) is BY_CODE[found]


@pytest.mark.parametrize("code", ["", "LON", "XQX", "\u0410DD", "ADD "[:2]])
def test_no_airport(code: str) -> None:
    assert ATLAS.airport(code) is None


@pytest.mark.parametrize(
    ("code", "found"), [("LON", ["LHR", "LGW"]), ("LHR", ["LHR"]), ("ROM", ["FCO"]), ("XQX", [])]
)
def test_everything_a_code_may_mean(code: str, found: list[str]) -> None:
    assert codes(ATLAS.candidates(code)) == found


def test_a_code_in_use_is_never_read_as_a_former_one() -> None:
    new = airport("NEW KNEW US", "New", "Newtown", (1, 1), "UTC", former="OLD")
    old = airport("OLD KOLD US", "Old", "Oldtown", (2, 2), "UTC")
    for order in ((new, old), (old, new)):
        assert Atlas((), order, ()).airport("OLD") is old


def test_an_airport_goes_before_a_city_of_the_same_code() -> None:
    here = airport("IST LTFM TR", "Istanbul", "Istanbul", (41, 28), "Europe/Istanbul")
    there = airport("SAW LTFJ TR", "Sabiha", "Istanbul", (40, 29), "Europe/Istanbul", city_code="IST")
    atlas = Atlas((), (here, there), (City("IST", "Istanbul", "TR", ("IST", "SAW")),))
    assert codes(atlas.candidates("IST")) == ["IST"]
    assert atlas.city("IST") is not None


def test_a_city_whose_airport_is_not_there_gives_the_others() -> None:
    atlas = Atlas((), (BY_CODE["LHR"],), (City("LON", "London", "GB", ("LHR", "XQX")),))
    assert codes(atlas.candidates("LON")) == ["LHR"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("heathrow", ["LHR"]),
        ("LONDON", ["LHR", "LGW", "YXU"]),
        ("san jose", ["SJC", "SJO"]),
        ("Nairobi", ["NBO"]),  # Wilson has no scheduled flights
        ("Wilson", ["WIL"]),
        ("London Heathrow", ["LHR"]),
        ("Heathrow Airport", ["LHR"]),
        ("Aéroport Paris Charles de Gaulle", ["CDG"]),
        ("Tokyo", ["NRT", "HND"]),
        ("Airport", []),
        ("Nowhere", []),
        ("", []),
    ],
)
def test_airports_by_name(name: str, found: list[str]) -> None:
    assert codes(ATLAS.named(name)) == found


def test_the_name_of_a_city_means_the_airports_of_its_code_too() -> None:
    newark = airport("EWR KEWR US", "Newark Liberty", "Newark", (40.69, -74.17), "America/New_York")
    atlas = Atlas((), (BY_CODE["JFK"], newark), (City("NYC", "New York", "US", ("JFK", "EWR")),))
    assert codes(atlas.named("New York")) == ["JFK", "EWR"]


def test_countries_and_size() -> None:
    assert ATLAS.country("et") is COUNTRIES["ET"]
    assert ATLAS.country("ETH") is None
    assert len(ATLAS) == len(BY_CODE)


def test_a_city_by_its_name_in_another_language_is_that_city_alone() -> None:
    names = {("GB", "London"): Texts("London", "Londres", "Londres")}
    atlas = Atlas((), (BY_CODE["LHR"], BY_CODE["YXU"]), (), names)
    assert codes(atlas.named("LONDRES")) == ["LHR"]
    assert codes(atlas.named("London")) == ["LHR", "YXU"]
