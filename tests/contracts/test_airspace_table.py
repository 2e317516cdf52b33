"""The airspaces that are shipped: each place in the land it belongs to, and nothing half drawn."""

import csv
import json
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).resolve().parents[2] / "data"
LANGUAGES = ("en", "fr", "es")
FIELDS = {"key", "names", "kind", "state", "source", "approximate", "valid_from"}
AREAS = {
    "DAMASCUS-200NM",
    "ET-NORTH",
    "GULF-OF-OMAN-WEST",
    "GULF-WATERS",
    "MTPP-50NM",
    "PK-WEST",
    "RU-NEAR-UA",
    "RU-WEST",
}
WITHOUT_OUTLINE = {"BV"}  # an islet without people, which the atlas does not draw

Place = tuple[float, float]  # longitude, latitude
Ring = list[list[float]]


@cache
def _content() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((DATA / "airspaces.geojson").read_text("utf-8"))
    return content


@cache
def _features() -> dict[str, Any]:
    return {each["properties"]["key"]: each for each in _content()["features"]}


@cache
def _boxes() -> list[tuple[str, tuple[float, float, float, float], list[Ring]]]:
    """Return each polygon with its key and its box: west, south, east, north."""
    found = []
    for key, feature in _features().items():
        for polygon in feature["geometry"]["coordinates"]:
            lons, lats = zip(*polygon[0], strict=True)
            found.append((key, (min(lons), min(lats), max(lons), max(lats)), polygon))
    return found


def _rings() -> Iterator[tuple[str, Ring]]:
    for key, _, polygon in _boxes():
        yield from ((key, ring) for ring in polygon)


def _around(place: Place) -> set[str]:
    """Return the keys of the outlines that hold a place, by the even-odd rule on the map."""
    lon, lat = place
    return {
        key
        for key, (west, south, east, north), polygon in _boxes()
        if west <= lon <= east and south <= lat <= north and _crossings(polygon, lon, lat) % 2
    }


def _crossings(polygon: list[Ring], lon: float, lat: float) -> int:
    return sum(
        (one[1] > lat) != (two[1] > lat)
        and lon < one[0] + (lat - one[1]) / (two[1] - one[1]) * (two[0] - one[0])
        for ring in polygon
        for one, two in pairwise(ring)
    )


@cache
def _airports() -> dict[str, tuple[str, Place]]:
    """Return the country and the place of each airport."""
    with (DATA / "airports.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["iata"] or row["icao"]: (row["country"], (float(row["longitude"]), float(row["latitude"])))
            for row in csv.DictReader(file)
        }


def test_the_file_is_small_and_says_what_its_borders_do_not_mean() -> None:
    assert (DATA / "airspaces.geojson").stat().st_size < 600_000
    assert _content()["type"] == "FeatureCollection"
    assert _content()["disclaimer"].keys() == set(LANGUAGES)
    assert len(_features()) == len(_content()["features"])


def test_every_country_has_an_outline_under_its_code() -> None:
    with (DATA / "countries.csv").open(encoding="utf-8", newline="") as file:
        countries = {row["code"] for row in csv.DictReader(file)}
    assert set(_features()) == (countries - WITHOUT_OUTLINE) | AREAS


@pytest.mark.parametrize("key", sorted(AREAS | {"SO", "AQ", "NR"}))
def test_a_feature_says_what_it_is(key: str) -> None:
    properties = _features()[key]["properties"]
    assert set(properties) == FIELDS
    assert tuple(properties["names"]) == LANGUAGES
    assert all(properties["names"].values())
    assert properties["kind"] == ("area" if key in AREAS else "state")
    assert properties["approximate"] is True
    assert properties["source"]


def test_a_state_is_called_by_its_name() -> None:
    names = _features()["SO"]["properties"]["names"]
    assert names == {"en": "Somalia", "fr": "Somalie", "es": "Somalia"}


def test_rings_are_closed_and_on_the_map() -> None:
    for key, ring in _rings():
        assert len(ring) >= 4, key
        assert ring[0] == ring[-1], key
        assert all(-180 <= lon <= 180 and -90 <= lat <= 90 for lon, lat in ring), key
        assert all(round(lon, 2) == lon and round(lat, 2) == lat for lon, lat in ring), key


@pytest.mark.parametrize(
    ("place", "around"),
    [
        ((179.5, 71), {"RU"}),  # Wrangel Island, west of 180 degrees
        ((-175, 67), {"RU"}),  # Chukotka, east of 180 degrees
        ((178, -17.8), {"FJ"}),  # Viti Levu
        ((-179.9, -16.8), {"FJ"}),  # Taveuni
        ((45, -89.99), {"AQ"}),
        ((-100, -89.99), {"AQ"}),
        ((-19, 65), {"IS"}),
        ((34.47, 31.5), {"PS", "DAMASCUS-200NM"}),  # Gaza
        ((35.2, 31.9), {"PS", "DAMASCUS-200NM"}),  # Ramallah
        ((44.06, 9.56), {"SO"}),  # Hargeisa
        ((-13.2, 27.15), {"EH"}),  # Laayoune
        ((34.1, 45), {"UA"}),  # Crimea
        ((33.5, 35.2), {"CY", "DAMASCUS-200NM"}),  # Ercan
        ((21, 42.6), {"XK"}),
        ((-52.4, 4.8), {"GF"}),  # drawn with France by the atlas
        ((15.5, 78.2), {"SJ"}),
        ((52, 26.8), {"GULF-WATERS"}),
        ((50.55, 26.1), {"BH"}),  # land in the Gulf
        ((57.5, 25), {"GULF-OF-OMAN-WEST"}),
        ((58.5, 25), set()),
        ((49.3, 53.2), {"RU", "RU-WEST"}),
        ((37.6, 55.7), {"RU", "RU-WEST"}),
        ((36.6, 50.6), {"RU", "RU-WEST", "RU-NEAR-UA"}),
        ((60.6, 56.8), {"RU"}),
        ((38.8, 8.98), {"ET", "ET-NORTH"}),
        ((38.5, 7.06), {"ET"}),
        ((-30, 30), set()),
    ],
)
def test_a_place_lies_where_it_belongs(place: Place, around: set[str]) -> None:
    assert _around(place) == around


@pytest.mark.parametrize(
    ("codes", "key"),
    [
        (("UET", "PEW", "GWD", "TUK", "PJG", "DSK", "CJL", "PZH"), "PK-WEST"),
        (("PAP", "JAK"), "MTPP-50NM"),
        (("DAM", "BEY", "TLV", "AMM"), "DAMASCUS-200NM"),
        (("EGO", "KRR", "URS"), "RU-NEAR-UA"),
    ],
)
def test_an_area_holds_its_airports(codes: tuple[str, ...], key: str) -> None:
    assert [code for code in codes if key not in _around(_airports()[code][1])] == []


@pytest.mark.parametrize(
    ("codes", "key"),
    [
        (("ISB", "LHE", "KHI", "MUX", "LYP", "SKZ"), "PK-WEST"),
        (("CAP", "CYA"), "MTPP-50NM"),
        (("CAI", "BGW", "ADA"), "DAMASCUS-200NM"),
        (("SVO", "KUF", "AER"), "RU-NEAR-UA"),
    ],
)
def test_an_area_is_not_much_too_large(codes: tuple[str, ...], key: str) -> None:
    assert [code for code in codes if key in _around(_airports()[code][1])] == []


def test_every_airport_lies_in_its_own_country_and_few_in_another_as_well() -> None:
    """Whoever lands there must be found inside, however coarse the coast."""
    where = {code: (country, _around(place) - AREAS) for code, (country, place) in _airports().items()}
    assert [code for code, (country, around) in where.items() if country not in around] == []
    assert sum(len(around) > 1 for _, around in where.values()) < 51
