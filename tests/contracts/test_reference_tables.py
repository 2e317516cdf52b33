"""The generated tables of reference: right where a mistake would judge a trip by the wrong place."""

import csv
import json
import math
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from travelrisk.reference import load_atlas

DATA = Path(__file__).resolve().parents[2] / "data"
NEAR_KM = 5.0
LANGUAGES = ("en", "fr", "es")

# Typed in, rounded to a hundredth of a degree; not taken from the lists the table is made of.
KNOWN_PLACES = {
    "ADD": (8.98, 38.80),
    "AMM": (31.72, 35.99),
    "BGW": (33.26, 44.23),
    "BKK": (13.69, 100.75),
    "BKO": (12.53, -7.95),
    "BOG": (4.70, -74.15),
    "BRU": (50.90, 4.48),
    "CDG": (49.01, 2.55),
    "CRL": (50.46, 4.45),
    "DEL": (28.57, 77.10),
    "FIH": (-4.39, 15.44),
    "FRA": (50.03, 8.56),
    "GRU": (-23.43, -46.47),
    "GVA": (46.24, 6.11),
    "JFK": (40.64, -73.78),
    "JUB": (4.87, 31.60),
    "KBL": (34.57, 69.21),
    "LGG": (50.64, 5.44),
    "LHR": (51.47, -0.46),
    "LUX": (49.63, 6.21),
    "MGQ": (2.01, 45.30),
    "NBO": (-1.32, 36.93),
    "NRT": (35.76, 140.39),
    "PAP": (18.58, -72.29),
    "SYD": (-33.95, 151.18),
    "TLI": (1.12, 120.79),  # was put south of the equator once
    "VIE": (48.11, 16.57),
    "VTZ": (17.97, 83.50),  # Bhogapuram, where Visakhapatnam's flights moved
    "WDH": (-22.48, 17.47),
}

KNOWN_COUNTRIES = {
    "BTZ": "TH",
    "EUN": "EH",
    "GOM": "CD",
    "HBT": "LK",
    "HEW": "CN",
    "HGA": "SO",
    "HLJ": "CN",
    "HNI": "PG",
    "PRN": "XK",
    "SIP": "UA",
}


@cache
def _table(name: str) -> tuple[dict[str, str], ...]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file, strict=True))


@cache
def _airports() -> dict[str, dict[str, str]]:
    return {row["iata"]: row for row in _table("airports.csv") if row["iata"]}


def _city(code: str) -> list[str]:
    return next(row["airports"].split() for row in _table("cities.csv") if row["code"] == code)


@cache
def _outlines() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((DATA / "outlines.json").read_text("utf-8"))
    return content


def _apart_km(row: dict[str, str], place: tuple[float, float]) -> float:
    here, there = math.radians(float(row["latitude"])), math.radians(place[0])
    turn = math.radians(place[1] - float(row["longitude"]))
    cosine = math.sin(here) * math.sin(there) + math.cos(here) * math.cos(there) * math.cos(turn)
    return 6371.0088 * math.acos(min(1.0, cosine))


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        (
            "airports.csv",
            "iata icao name city city_code country latitude longitude zone scheduled former_iata",
        ),
        ("cities.csv", "code name country airports"),
        ("closed_airports.csv", "iata closed"),
        ("countries.csv", "code en fr es"),
    ],
)
def test_a_table_has_its_columns_full_rows_and_plain_line_ends(name: str, columns: str) -> None:
    raw = (DATA / name).read_bytes()
    assert b"\r" not in raw
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert list(_table(name)[0]) == columns.split()
    assert all(None not in row.values() and None not in row for row in _table(name))
    assert all(value == value.strip() for row in _table(name) for value in row.values())


def test_there_are_about_nine_thousand_airports() -> None:
    assert 8500 < len(_table("airports.csv")) < 9500
    assert sum(row["scheduled"] == "yes" for row in _table("airports.csv")) > 4000
    assert {row["scheduled"] for row in _table("airports.csv")} == {"yes", "no"}


def test_an_iata_code_and_an_icao_code_each_name_one_airport() -> None:
    for column, letters in (("iata", 3), ("icao", 4)):
        codes = [row[column] for row in _table("airports.csv") if row[column]]
        assert len(codes) == len(set(codes))
        assert all(len(code) == letters and code.isascii() and code.isupper() for code in codes)
    assert all(row["iata"] or row["icao"] for row in _table("airports.csv"))
    assert all(row["name"] and row["city"] for row in _table("airports.csv"))


def test_the_rows_stand_in_the_order_of_their_codes() -> None:
    for name, columns in (
        ("airports.csv", ("iata", "icao")),
        ("cities.csv", ("code",)),
        ("countries.csv", ("code",)),
    ):
        keys = [next(row[column] for column in columns if row[column]) for row in _table(name)]
        assert keys == sorted(keys)


@pytest.mark.parametrize("code", KNOWN_PLACES)
def test_a_well_known_airport_lies_where_it_lies(code: str) -> None:
    assert _apart_km(_airports()[code], KNOWN_PLACES[code]) < NEAR_KM


def test_every_coordinate_is_on_the_globe_and_none_is_a_placeholder() -> None:
    for row in _table("airports.csv"):
        latitude, longitude = float(row["latitude"]), float(row["longitude"])
        assert -90 <= latitude <= 90, row
        assert -180 <= longitude <= 180, row
        assert (latitude, longitude) != (0, 0), row


@pytest.mark.parametrize("code", KNOWN_COUNTRIES)
def test_an_airport_the_lists_disagree_on_is_in_the_country_we_settled(code: str) -> None:
    assert _airports()[code]["country"] == KNOWN_COUNTRIES[code]


def test_every_zone_is_known_and_is_the_one_the_tickets_use() -> None:
    for zone in {row["zone"] for row in _table("airports.csv")}:
        assert ZoneInfo(zone).key == zone
    assert _airports()["NBO"]["zone"] == "Africa/Nairobi"
    assert _airports()["CJS"]["zone"] == "America/Ciudad_Juarez"
    china = {row["zone"] for row in _table("airports.csv") if row["country"] == "CN"}
    assert china == {"Asia/Shanghai"}, "tickets from Urumqi and Kashgar are in Beijing time"


def test_every_country_of_an_airport_or_a_city_has_its_three_names() -> None:
    names = {row["code"]: row for row in _table("countries.csv")}
    used = {row["country"] for name in ("airports.csv", "cities.csv") for row in _table(name)}
    assert used <= names.keys()
    assert all(row[language] for row in names.values() for language in LANGUAGES)


def test_the_countries_are_those_of_iso_3166_and_kosovo() -> None:
    codes = [row["code"] for row in _table("countries.csv")]
    assert len(codes) == len(set(codes)) == 250
    assert {"XK", "SS", "PS", "EH", "TL", "TW", "AQ"} <= set(codes)
    assert not {"EU", "UN", "ZZ", "XA", "AN", "YU"} & set(codes)


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("CI", "Côte d'Ivoire|Côte d'Ivoire|Côte d'Ivoire"),
        ("DE", "Germany|Allemagne|Alemania"),
        ("MD", "Republic of Moldova|République de Moldova|República de Moldova"),
        ("PS", "State of Palestine|État de Palestine|Estado de Palestina"),
        ("SY", "Syrian Arab Republic|République arabe syrienne|República Árabe Siria"),
        ("TR", "Türkiye|Türkiye|Türkiye"),
    ],
)
def test_a_country_is_named_as_the_united_nations_name_it(code: str, names: str) -> None:
    row = next(row for row in _table("countries.csv") if row["code"] == code)
    assert "|".join(row[language] for language in LANGUAGES) == names


def test_apostrophes_are_plain_and_no_accent_was_lost_on_the_way() -> None:
    for name in ("airports.csv", "cities.csv", "countries.csv"):
        text = (DATA / name).read_text("utf-8")
        assert not {"\u2019", "\ufffd", "\u00c3"} & set(text), name


def test_namibia_and_nadi_are_no_missing_values() -> None:
    assert _airports()["WDH"]["country"] == "NA"
    assert _airports()["NAN"]["country"] == "FJ"
    assert [row["en"] for row in _table("countries.csv") if row["code"] == "NA"] == ["Namibia"]


@pytest.mark.parametrize(
    ("code", "airports"),
    [
        ("BJS", "PEK PKX"),
        ("BUE", "AEP EZE"),
        ("CHI", "MDW ORD"),
        ("LON", "LHR LGW STN LTN LCY SEN"),
        ("MIL", "BGY LIN MXP"),
        ("MOW", "DME SVO VKO"),
        ("NYC", "EWR JFK LGA"),
        ("PAR", "CDG ORY BVA"),
        ("PNH", "KTI"),
        ("RIO", "GIG SDU"),
        ("ROM", "CIA FCO"),
        ("SAO", "CGH GRU VCP"),
        ("SEL", "GMP ICN"),
        ("STO", "ARN BMA NYO"),
        ("TYO", "HND NRT"),
        ("WAS", "BWI DCA IAD"),
    ],
)
def test_a_city_stands_for_its_airports(code: str, airports: str) -> None:
    assert set(airports.split()) <= set(_city(code))


def test_london_and_paris_stand_for_nothing_else_and_the_largest_comes_first() -> None:
    assert sorted(_city("LON")) == ["LCY", "LGW", "LHR", "LTN", "SEN", "STN"]
    assert sorted(_city("PAR")) == ["BVA", "CDG", "ORY"]
    assert (_city("LON")[0], _city("PAR")[0]) == ("LHR", "CDG")


def test_every_city_has_a_code_of_its_own_and_airports_that_exist_and_are_served() -> None:
    codes = [row["code"] for row in _table("cities.csv")]
    assert len(codes) == len(set(codes)) > 150
    for row in _table("cities.csv"):
        airports = row["airports"].split()
        assert airports, row
        assert len(airports) == len(set(airports)), row
        assert all(_airports()[code]["scheduled"] == "yes" for code in airports), row


def test_the_city_code_of_an_airport_that_is_not_its_own_leads_back_to_it() -> None:
    lost = [
        row["iata"]
        for row in _airports().values()
        if row["scheduled"] == "yes"
        and row["city_code"] != row["iata"]
        and row["iata"] not in _city(row["city_code"])
    ]
    assert lost == []


def test_a_former_code_names_one_airport_and_no_present_one() -> None:
    former = {row["former_iata"]: row["iata"] for row in _table("airports.csv") if row["former_iata"]}
    assert former.items() >= {"FRU": "BSZ", "KIV": "RMO", "TSE": "NQZ"}.items()
    assert len(former) == sum(bool(row["former_iata"]) for row in _table("airports.csv"))
    assert not former.keys() & _airports().keys()


@pytest.mark.parametrize("code", ["BLW", "KTI", "NBJ", "OSM", "PAX", "QUO", "XNB"])
def test_a_code_that_only_one_list_knows_is_there(code: str) -> None:
    assert code in _airports()


def test_fields_without_an_iata_code_lie_where_missions_land() -> None:
    fields = [row for row in _table("airports.csv") if not row["iata"]]
    assert {"SS", "SD", "CD", "CF", "ML", "NE", "TD", "AF", "YE"} <= {row["country"] for row in fields}
    assert all(row["scheduled"] == "no" and not row["city_code"] for row in fields)
    assert len(fields) < 500


def test_the_outlines_are_small_closed_and_on_the_map() -> None:
    assert (DATA / "outlines.json").stat().st_size < 150_000
    assert len(_outlines()["rings"]) > 500
    for ring in _outlines()["rings"]:
        assert len(ring) >= 4
        assert ring[0] == ring[-1]
        for lon, lat in ring:
            assert -180 <= lon <= 180
            assert -90 <= lat <= 90
            assert round(lon, 2) == lon
            assert round(lat, 2) == lat


def test_the_outlines_never_jump_across_the_map() -> None:
    widest = [
        max(abs(one[0] - two[0]) for one, two in pairwise(ring))
        for ring in _outlines()["rings"]
        if min(lat for _, lat in ring) > -90  # Antarctica runs along the lower edge
    ]
    assert max(widest) < 30


@pytest.mark.parametrize(
    ("lon", "lat", "is_land"),
    [
        (20, 0, True),  # Congo basin
        (100, 60, True),  # Siberia
        (-175, 67, True),  # Chukotka, east of 180 degrees
        (178.0, -17.8, True),  # Viti Levu
        (0, -85, True),  # Antarctica
        (-19, 65, True),  # Iceland
        (-30, 30, False),  # Atlantic
        (0, 70, False),  # Norwegian Sea
        (51, 42, False),  # Caspian Sea, a hole in the land
        (-150, 0, False),  # Pacific
    ],
)
def test_land_is_land_by_the_even_odd_rule(lon: float, lat: float, *, is_land: bool) -> None:
    crossings = sum(
        (one[1] > lat) != (two[1] > lat)
        and lon < one[0] + (lat - one[1]) / (two[1] - one[1]) * (two[0] - one[0])
        for ring in _outlines()["rings"]
        for one, two in pairwise(ring)
    )
    assert crossings % 2 == is_land


def test_the_outlines_hold_land_and_a_disclaimer_and_nothing_about_countries() -> None:
    assert _outlines().keys() == {"disclaimer", "rings"}
    assert _outlines()["disclaimer"].keys() == {"configurable", *LANGUAGES}
    assert _outlines()["disclaimer"]["configurable"] is True
    assert all(_outlines()["disclaimer"][language].endswith(".") for language in LANGUAGES)


@pytest.mark.parametrize(
    "words",
    [
        "OpenTravelData",
        "GeoNames",
        "https://creativecommons.org/licenses/by/4.0/",
        "Changes were made",
        "Copyright (c) 2020- Mike Borsetti",
        "mwgg",
        "Permission is hereby granted, free of charge",
        "Natural Earth",
        "BSD-3-Clause",
        "UNICODE LICENSE V3",
        "carriers.csv",
    ],
)
def test_the_notice_says_what_the_licences_ask_for(words: str) -> None:
    assert words in (DATA / "NOTICE.md").read_text("utf-8")


def test_every_closed_airport_has_one_that_took_its_place() -> None:
    atlas = load_atlas()
    instead = {}
    for row in _table("closed_airports.csv"):
        airport = atlas.airport(row["iata"])
        assert airport is not None
        assert airport.closed == date.fromisoformat(row["closed"])
        assert not airport.scheduled
        instead[airport.code] = {each.code for each in atlas.instead_of(airport)}
    assert instead == {"PNH": {"KTI"}, "SXF": {"BER"}, "TXL": {"BER"}}
