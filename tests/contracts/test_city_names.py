"""The names of cities in French and Spanish: complete, and each of a city that the table of airports has."""

import csv

from travelrisk import resources
from travelrisk.reference import load_city_names

FEWEST = 150


def _rows(name: str) -> list[dict[str, str]]:
    with resources.data(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS = _rows("city_names.csv")


def test_every_column_is_filled_and_clean() -> None:
    for row in ROWS:
        assert list(row) == ["country", "city", "fr", "es"]
        assert all(text and text == text.strip() and "  " not in text for text in row.values()), row


def test_every_city_is_one_of_the_airports() -> None:
    known = {(row["country"], row["city"]) for row in _rows("airports.csv")}
    assert [row for row in ROWS if (row["country"], row["city"]) not in known] == []


def test_every_city_stands_there_once_and_in_order() -> None:
    keys = [(row["country"], row["city"]) for row in ROWS]
    assert keys == sorted(set(keys))


def test_enough_cities_have_a_name_of_their_own() -> None:
    assert len(load_city_names()) == len(ROWS)
    assert sum(len(set(names)) > 1 for names in load_city_names().values()) >= FEWEST


def test_the_cities_of_united_nations_offices_are_there() -> None:
    offices = {"New York", "Geneva", "Vienna", "Nairobi", "Addis Ababa", "Bangkok", "Beirut", "Santiago"}
    offices |= {"Rome", "Paris", "Montréal", "Bern", "Copenhagen", "Amman", "Panama City", "Dakar", "Entebbe"}
    assert offices <= {row["city"] for row in ROWS}
