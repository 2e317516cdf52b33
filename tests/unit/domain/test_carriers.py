"""Carriers are found as of a day: designators are used again, and names are cut."""

from datetime import date, timedelta

import pytest

from tests.factories import BOOK, BY_ICAO, CONTEXT, carrier
from travelrisk.domain.carriers import Carrier, CarrierBook

LAST_DAY = date(2021, 10, 14)


def icaos(found: tuple[Carrier, ...]) -> list[str]:
    return [each.icao for each in found]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("et", ["ETH"]),
        ("ETH", ["ETH"]),
        ("UN", ["UNA"]),
        ("UNO", ["UNO"]),
        ("XB", ["XRA", "XRB"]),
        ("AB", []),
    ],
)
def test_carriers_by_code(code: str, found: list[str]) -> None:
    assert icaos(BOOK.find(code, CONTEXT)) == found


@pytest.mark.parametrize("code", ["", "ZZ", "\u0410F", "ETHIOPIAN"])
def test_no_carrier(code: str) -> None:
    assert BOOK.find(code, CONTEXT) == ()
    assert not BOOK.knows(code)
    assert BOOK.ever(code) == ()


@pytest.mark.threat(35)
def test_a_code_that_was_used_again_means_one_carrier_each_day() -> None:
    assert icaos(BOOK.find("AZ", LAST_DAY)) == ["AZA"]
    assert icaos(BOOK.find("AZ", LAST_DAY + timedelta(days=1))) == ["ITY"]
    assert icaos(BOOK.ever("AZ")) == ["AZA", "ITY"]


def test_a_defunct_code_is_still_known() -> None:
    assert BOOK.knows("AB")
    assert icaos(BOOK.ever("AB")) == ["BER"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("ethiopian airlines", ["ETH"]),
        ("Deutsche Lufthansa", ["DLH"]),
        ("Lufthansa", ["DLH"]),  # and not CityLine, whose name begins alike
        ("KLM ROYAL DUTCH AIRL", ["KLM"]),
        ("SAVANNAH REGIONAL A", ["XRA", "XRB"]),
        ("KENYA AIRW", []),  # ten letters say too little
        ("Alitalia", []),  # gone
        ("", []),
        ("***", []),
    ],
)
def test_carriers_by_name(name: str, found: list[str]) -> None:
    assert icaos(BOOK.named(name, CONTEXT)) == found


def test_a_former_name_is_found_on_any_day_the_carrier_exists() -> None:
    assert icaos(BOOK.named("Alitalia", LAST_DAY)) == ["AZA"]


def test_the_order_of_carriers_does_not_matter_to_a_cut_name() -> None:
    backwards = CarrierBook(reversed([BY_ICAO["XRA"], BY_ICAO["XRB"]]))
    assert icaos(backwards.named("Savannah Regional", CONTEXT)) == ["XRA", "XRB"]


def test_the_code_people_know() -> None:
    assert [BY_ICAO[each].code for each in ("ETH", "UNO")] == ["ET", "UNO"]


def test_validity_includes_both_ends() -> None:
    some = carrier("XRC XC KE", "Some", since=date(2026, 1, 1), until=date(2026, 1, 2))
    days = [date(2025, 12, 31) + timedelta(days=shift) for shift in range(4)]
    assert [some.exists_on(day) for day in days] == [False, True, True, False]
