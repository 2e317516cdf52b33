"""The words after "operated by", as reservation systems write and cut them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travelrisk.domain.codes import FlightNumber
from travelrisk.domain.itineraries import Basis
from travelrisk.domain.operators import OperatorText, read_flight, read_operator


@pytest.mark.parametrize(
    ("text", "name", "brand"),
    [
        ("SKYWEST DBA UNITED EXPRESS", "SKYWEST", "UNITED EXPRESS"),
        ("/SKYWEST DBA UNITED EXPRE *", "SKYWEST", "UNITED EXPRE"),
        ("SKYWEST D/B/A UNITED EXPRESS", "SKYWEST", "UNITED EXPRESS"),
        ("SKYWEST D.B.A. UNITED EXPRESS", "SKYWEST", "UNITED EXPRESS"),
        ("SKYWEST DBA", "SKYWEST", ""),  # cut right there
        ("ENVOY AIR AS AMERICAN EAGLE", "ENVOY AIR", "AMERICAN EAGLE"),
        ("SKYWEST AS AMERICAN EAGLE FOR AMERICAN", "SKYWEST", "AMERICAN EAGLE FOR AMERICAN"),
        ("Hop on behalf of Air France", "Hop", "Air France"),
        ("Hop pour le compte de Air France", "Hop", "Air France"),
        ("Hop au nom de Air France", "Hop", "Air France"),
        ("Air Nostrum en nombre de Iberia", "Air Nostrum", "Iberia"),
    ],
)
def test_an_operator_and_its_brand(text: str, name: str, brand: str) -> None:
    assert read_operator(text) == OperatorText(name, brand, basis=Basis.DBA)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("  - KENYA AIRWAYS *", "KENYA AIRWAYS"),
        ("OPERATED BY KENYA AIRWAYS", "KENYA AIRWAYS"),
        ("Opéré par Kenya Airways", "Kenya Airways"),
        ("Operado por: Kenya Airways", "Kenya Airways"),
        ("KLM ROYAL DUTCH AIRL  EBB-KGL", "KLM ROYAL DUTCH AIRL"),
        ("EXAMPLE AIR S.P.A.", "EXAMPLE AIR S.P.A."),
        ("EXAMPLE AIR, SA", "EXAMPLE AIR, SA"),  # a legal form is no code
        ("EXAMPLE AIR, INC", "EXAMPLE AIR, INC"),
        ("DBA AIR", "DBA AIR"),  # only between two names
        ("ASKY", "ASKY"),
        ("FORMOSA AIR", "FORMOSA AIR"),
        ("UA", "UA"),
    ],
)
def test_a_bare_name(text: str, name: str) -> None:
    assert read_operator(text) == OperatorText(name, basis=Basis.STATED)


@pytest.mark.parametrize(
    ("text", "name", "code", "number"),
    [
        ("ETHIOPIAN AIRLINES, ET 0707", "ETHIOPIAN AIRLINES", "ET", "707"),
        ("Ethiopian Airlines (ET 707)", "Ethiopian Airlines", "ET", "707"),
        ("Ethiopian Airlines (ETH)", "Ethiopian Airlines", "ETH", ""),
        ("ET 707", "", "ET", "707"),
    ],
)
def test_a_name_with_code_and_number(text: str, name: str, code: str, number: str) -> None:
    assert read_operator(text) == OperatorText(name, "", code, number, basis=Basis.STATED)


@pytest.mark.parametrize(
    "text",
    [
        "SUBSIDIARY/FRANCHISE",
        "OPERATED BY UNDEFINED",
        "Undefined",
        "/",
        "TBA",
        "a partner airline",
        "Une autre compagnie",
        "Otra compañía",
        "Otra compania",
    ],
)
def test_words_that_name_nobody(text: str) -> None:
    read = read_operator(text)
    assert read.is_unknown
    assert not read.basis.is_stated


def test_no_words_are_no_statement() -> None:
    assert read_operator("  ") == OperatorText(basis=Basis.UNKNOWN)


@given(st.text(max_size=80))
def test_whatever_is_written_is_named_or_unknown(text: str) -> None:
    read = read_operator(text)
    assert read.is_unknown or bool(read.name or read.code) == read.basis.is_stated


@pytest.mark.parametrize(
    ("code", "number", "flight"),
    [
        ("et", "0707", FlightNumber("ET", "707")),
        ("", "ET707A", FlightNumber("ET", "707A")),
        ("ET", "ET 707", FlightNumber("ET", "707")),
        ("ET 707", "", FlightNumber("ET", "707")),
        ("AF", "KL 1234", FlightNumber("AF", "KL 1234")),  # two carriers: kept, to be asked about
        ("AF", "??", FlightNumber("AF", "??")),
        ("\u0410F", "1", FlightNumber("\u0410F", "1")),
        ("", "", FlightNumber("", "")),
    ],
)
def test_a_flight_in_two_fields(code: str, number: str, flight: FlightNumber) -> None:
    assert read_flight(code, number) == flight
