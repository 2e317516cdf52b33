"""A city in words: the airport where there is one, else a short question with the likely answers first."""

from datetime import date

import pytest

from travelrisk.domain.drafts import Draft, DraftSegment, DraftTime
from travelrisk.domain.itineraries import Outcome
from travelrisk.domain.settling import settle
from travelrisk.reference import load_atlas, load_book

CONTEXT = date(2026, 11, 23)


def _asked(city: str, origin: str = "FRA") -> tuple[list[str], list[str]]:
    """Return the airports that are judged, and the codes among which the question lets one choose."""
    flight = DraftSegment(
        marketing_code="ET",
        marketing_number="707",
        origin=origin,
        destination_name=city,
        departs=DraftTime(2026, 12, 12),
    )
    itinerary = settle(Draft((flight,)), load_atlas(), load_book(), CONTEXT)
    questions = [each for each in itinerary.questions if each.code == "airport_choice"]
    assert bool(questions) == (itinerary.outcome is not Outcome.COMPLETE)
    choices = [choice[:3] for each in questions for choice in each.choices]
    return [each.code for each in itinerary.segments[0].destination.possible], choices


@pytest.mark.parametrize(("city", "airport"), [("Addis Ababa", "ADD"), ("Goma", "GOM"), ("Abu Dhabi", "AUH")])
def test_a_city_with_one_airport_for_airliners_is_that_airport(city: str, airport: str) -> None:
    assert _asked(city) == ([airport], [])


@pytest.mark.parametrize(
    ("city", "airports"),
    [
        ("Nairobi", ["NBO", "WIL"]),
        ("Frankfurt", ["FRA", "HHN"]),
        ("Paris", ["CDG", "ORY", "BVA"]),
        ("Rome", ["FCO", "CIA"]),
        ("Dubai", ["DXB", "DWC"]),
        ("Melbourne", ["MEL", "MLB", "AVV", "MEB"]),
        ("San Jose", ["SJC", "SJO", "SJI", "RHV"]),
    ],
)
def test_airports_that_may_be_rated_otherwise_are_asked_about_the_main_one_first(
    city: str, airports: list[str]
) -> None:
    assert _asked(city) == (airports, airports)


def test_no_more_than_five_airports_are_offered_but_all_are_judged() -> None:
    judged, offered = _asked("London")
    assert offered == ["LHR", "LGW", "LTN", "LCY", "STN"]
    assert judged == [*offered, "SEN"]


@pytest.mark.parametrize(
    ("printed", "airport"),
    [
        ("GENEVA, CH (COINTRIN)", "GVA"),
        ("PARIS, FR (CHARLES DE GAULLE)", "CDG"),
        ("NEW YORK, US NY (JOHN F KENNEDY INTL)", "JFK"),
        ("NEW YORK, US (NEWARK LIBERTY)", "EWR"),
        ("SAN JOSE, CR (JUAN SANTAMARIA INTL)", "SJO"),
        ("SAN JOSE, CR", "SJO"),
        ("LONDON, CA ON", "YXU"),
        ("BIRMINGHAM, US AL", "BHM"),
        ("CHICAGO, US IL (O HARE INTL)", "ORD"),
        ("TEL AVIV-YAFO, IL (BEN GURION INTL)", "TLV"),
        ("ADDIS ABABA BOLE INTL", "ADD"),
        ("NAIROBI JOMO KENY", "NBO"),
        ("LAGOS MURTALA MUHAMMED", "LOS"),
        ("LAGOS, NG (MURTALA MUHAMMAD INTL)", "LOS"),
        ("NAIROBI WILSON", "WIL"),
        ("FRANKFURT INTL", "FRA"),
        ("Milan Malpensa", "MXP"),
        ("LONDON CITY", "LCY"),
    ],
)
def test_an_airport_is_found_by_city_country_and_its_own_name(printed: str, airport: str) -> None:
    assert _asked(printed, "VIE") == ([airport], [])


@pytest.mark.parametrize("words", ["Paris Hotel", "Nairobi Conference Centre", "Buenos Aires Somewhere"])
def test_a_city_and_words_that_nobody_knows_are_no_airport(words: str) -> None:
    flight = DraftSegment("ET", "707", origin="FRA", destination_name=words, departs=DraftTime(2026, 12, 12))
    itinerary = settle(Draft((flight,)), load_atlas(), load_book(), CONTEXT)
    assert [each.code for each in itinerary.questions] == ["airport_unknown"]


def test_words_that_fit_no_airport_of_the_city_choose_none() -> None:
    judged, asked = _asked("London, Nowhere")
    assert judged[:2] == ["LHR", "LGW"]
    assert asked
