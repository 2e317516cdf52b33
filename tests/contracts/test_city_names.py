"""The names of cities in other languages: complete, and each of a city that the table of airports has."""

import csv

import pytest

from travelrisk import resources
from travelrisk.reference import load_atlas, load_city_exonyms, load_city_names

FEWEST = 150


def _rows(name: str) -> list[dict[str, str]]:
    with resources.data(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS = _rows("city_names.csv")
EXONYMS = _rows("city_exonyms.csv")


def test_every_column_is_filled_and_clean() -> None:
    for row in ROWS:
        assert list(row) == ["country", "city", "fr", "es"]
        assert all(text and text == text.strip() and "  " not in text for text in row.values()), row


def test_every_city_is_one_of_the_airports() -> None:
    known = {(row["country"], row["city"]) for row in _rows("airports.csv")}
    assert [row for row in [*ROWS, *EXONYMS] if (row["country"], row["city"]) not in known] == []


def test_every_city_stands_there_once_and_in_order() -> None:
    for rows in (ROWS, EXONYMS):
        keys = [(row["country"], row["city"]) for row in rows]
        assert keys == sorted(set(keys))


def test_enough_cities_have_a_name_of_their_own() -> None:
    assert len(load_city_names()) == len(ROWS)
    assert sum(len(set(names)) > 1 for names in load_city_names().values()) >= FEWEST


def test_the_cities_of_united_nations_offices_are_there() -> None:
    offices = {"New York", "Geneva", "Vienna", "Nairobi", "Addis Ababa", "Bangkok", "Beirut", "Santiago"}
    offices |= {"Rome", "Paris", "Montréal", "Bern", "Copenhagen", "Amman", "Panama City", "Dakar", "Entebbe"}
    assert offices <= {row["city"] for row in ROWS}


def test_every_exonym_is_clean_and_found_where_its_city_is() -> None:
    atlas = load_atlas()
    for (country, city), names in load_city_exonyms().items():
        there = {each for each in atlas.named(city) if each.country.code == country}
        for name in names:
            assert name == name.strip(), (city, name)
            assert there & set(atlas.named(name)), (city, name)


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("München", {"MUC", "AGB"}),
        ("Muenchen", {"MUC", "AGB"}),
        ("WIEN", {"VIE"}),
        ("Genf", {"GVA"}),
        ("Genebra", {"GVA"}),
        ("Köln", {"CGN"}),
        ("Florenz", {"FLR"}),
        ("Lissabon", {"LIS"}),
        ("Nova Iorque", {"JFK", "LGA", "SWF", "EWR"}),
    ],
)
def test_cities_are_found_by_what_german_italian_and_portuguese_call_them(
    written: str, codes: set[str]
) -> None:
    assert {airport.code for airport in load_atlas().named(written)} == codes


def test_a_name_of_two_cities_stays_the_name_of_both() -> None:
    """Roma in Queensland has flights too, and Monaco is a country before it is Munich in Italian."""
    assert {"FCO", "RMA"} <= {airport.code for airport in load_atlas().named("Roma")}
    assert "MUC" not in {airport.code for airport in load_atlas().named("Monaco")}
