"""Codes are read character by character: a look-alike is unknown, and nothing is cut to fit."""

import sys
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travelrisk.domain.codes import (
    FlightNumber,
    airport_code,
    bare_number,
    carrier_code,
    country_code,
    flight_number,
    folded,
)

NO_CODES = [
    "",
    "E",
    "99",
    "ETHI",
    "\u0410F",  # Cyrillic A
    "\u0131B",  # dotless i: its upper case is a plain I
    "\u00df",  # sharp s: its upper case is SS
    "E T",
    "ET!",
    "ET" + " " * 14 + "KQ",
    "ET\x00",
    "\ud800T",
]


@pytest.mark.parametrize(
    ("text", "code"),
    [("ET", "ET"), (" et ", "ET"), ("3u", "3U"), ("U2", "U2"), ("eth", "ETH"), ("\uff25\uff34", "ET")],
)
def test_carrier_code(text: str, code: str) -> None:
    assert carrier_code(text) == code


@pytest.mark.threat(34)
@pytest.mark.parametrize("text", NO_CODES)
def test_no_carrier_code(text: str) -> None:
    assert carrier_code(text) is None


@pytest.mark.threat(34)
@pytest.mark.parametrize("read", [carrier_code, airport_code, country_code])
def test_no_letter_or_digit_of_another_alphabet_passes_for_one_of_a_code(
    read: Callable[[str], str | None],
) -> None:
    """Every one that Unicode has; what is the same letter in another width or style is that letter."""
    rest = "DD" if read is airport_code else "T"
    passed: list[str] = []
    for number in range(0x80, sys.maxunicode + 1):
        letter = chr(number)
        if unicodedata.category(letter)[0] not in "LN":
            continue
        code = read(letter + rest)
        plain = unicodedata.normalize("NFKC", letter).upper()
        if code is not None and not (plain.isascii() and code == plain + rest):
            passed.append(f"U+{number:04X}")
    assert passed == []


@pytest.mark.parametrize(
    ("text", "code"), [("add", "ADD"), (" HAAB", "HAAB"), ("K1G4", "K1G4"), ("AD", None), ("1ADD", None)]
)
def test_airport_code(text: str, code: str | None) -> None:
    assert airport_code(text) == code


@pytest.mark.parametrize(("text", "code"), [("et", "ET"), ("XK", "XK"), ("ETH", None), ("E1", None)])
def test_country_code(text: str, code: str | None) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize(
    ("text", "flight"),
    [
        ("ET0707", FlightNumber("ET", "707")),
        ("et 707a", FlightNumber("ET", "707", "A")),
        ("ETH-707", FlightNumber("ETH", "707")),
        ("3U8633", FlightNumber("3U", "8633")),
        ("U24567", FlightNumber("U2", "4567")),
        ("B6 123", FlightNumber("B6", "123")),
        ("ET\u00a0707", FlightNumber("ET", "707")),
        ("LH 0001", FlightNumber("LH", "1")),
    ],
)
def test_flight_number(text: str, flight: FlightNumber) -> None:
    assert flight_number(text) == flight


@pytest.mark.parametrize(
    "text", ["ET", "707", "LH 0000", "LH 12345", "ET 707 ADD", "\u0410F123", "ET 707" + " " * 60 + "KQ 1"]
)
def test_no_flight_number(text: str) -> None:
    assert flight_number(text) is None


@pytest.mark.parametrize(
    ("text", "number"), [("0707", "707"), ("707a", "707A"), (" 1 ", "1"), ("0", None), ("12345", None)]
)
def test_bare_number(text: str, number: str | None) -> None:
    assert bare_number(text) == number


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("S\u00e3o Tom\u00e9", "SAO TOME"),
        ("T\u00fcrk Hava Yollar\u0131", "TURK HAVA YOLLARI"),
        ("\u0130stanbul", "istanbul"),
        ("Troms\u00f8", "Tromso"),
        ("\u0141\u00f3d\u017a", "LODZ"),
        ("N'Djamena", "N\u2019DJAMENA"),
        ("Xi'an", "Xian"),
        ("Guinea-Bissau", "Guinea  Bissau"),
        ("Stra\u00dfe", "STRASSE"),
        ("\uff2b\uff2c\uff2d", "klm"),
    ],
)
def test_names_fold_alike(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@pytest.mark.threat(34)
@given(st.text(max_size=20))
def test_a_code_is_plain_and_stays_itself(text: str) -> None:
    for read in (carrier_code, airport_code, country_code):
        code = read(text)
        assert code is None or (code.isascii() and code.isalnum() and read(code) == code)


@given(st.from_regex(r"[A-Z][A-Z0-9] ?[0-9]{1,4}[A-Z]?", fullmatch=True))
def test_a_designator_comes_back_from_its_parts(text: str) -> None:
    flight = flight_number(text)
    if flight is not None:
        assert flight_number(f"{flight.carrier} {flight.number}{flight.suffix}") == flight
