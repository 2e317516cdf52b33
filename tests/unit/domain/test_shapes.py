"""The public JSON of an itinerary and of a file."""

import json
from datetime import UTC, datetime

import pytest

from tests.factories import at, flight, settled
from travelrisk.domain.itineraries import Itinerary, Locator, Outcome, Traveller
from travelrisk.domain.shapes import itinerary_shape, outcome_of, reading_shape


def test_an_itinerary_as_json() -> None:
    itinerary = settled(flight("ET 707", "FRA ADD", "12-12 22:30", arrives=at("06:20")))
    assert itinerary_shape(itinerary) == {
        "locators": [],
        "travellers": [],
        "segments": [
            {
                "mode": "air",
                "status": "unknown",
                "marketing": {"carrier": "ET", "number": "707", "name": "Ethiopian Airlines"},
                "operating": {
                    "carrier": "ET",
                    "number": "707",
                    "name": "Ethiopian Airlines",
                    "basis": "assumed",
                },
                "origin": "FRA",
                "destination": "ADD",
                "departs": {"local": "2026-12-12T22:30", "zone": "Europe/Berlin", "utc": "2026-12-12T21:30Z"},
                "arrives": {
                    "local": "2026-12-13T06:20",
                    "zone": "Africa/Addis_Ababa",
                    "utc": "2026-12-13T03:20Z",
                },
                "stops": [],
                "evidence": [],
            }
        ],
        "questions": [],
    }


def test_what_is_not_known_is_null() -> None:
    shape = json.loads(json.dumps(itinerary_shape(settled(flight(" ", "", "12-12")))))
    (segment,) = shape["segments"]
    assert segment["marketing"] == {"carrier": None, "number": None, "name": None}
    assert (segment["origin"], segment["operating"]["basis"]) == (None, "unknown")
    assert segment["departs"] == {"local": "2026-12-12", "zone": None, "utc": None}
    assert segment["arrives"] == {"local": None, "zone": None, "utc": None}


def test_people_and_locators() -> None:
    itinerary = Itinerary(
        travellers=(
            Traveller("DOE/ALICE MS", "DOE", "ALICE", "MS", "alice@example.org"),
            Traveller("Sukarno"),
        ),
        locators=(Locator("7KQ2M9", "1A"), Locator("ABCDEF")),
    )
    shape = itinerary_shape(itinerary)
    assert shape["travellers"] == [{"name": "ALICE DOE", "email": "alice@example.org"}, {"name": "Sukarno"}]
    assert shape["locators"] == [{"code": "7KQ2M9", "owner": "1A"}, {"code": "ABCDEF", "owner": None}]


def test_a_reading_can_be_written_as_json() -> None:
    itinerary = settled(flight("BA 902", "LON FRA", "12-12"))
    shape = reading_shape("trip.ics", "ics", Outcome.AMBIGUOUS, [itinerary], ("a line",))
    assert json.loads(json.dumps(shape)) == shape
    assert (shape["source"], shape["form"], shape["outcome"]) == ("trip.ics", "ics", "ambiguous")
    assert shape["unread"] == ["a line"]


def test_utc_is_written_in_utc_whatever_the_machine_s_zone() -> None:
    assert datetime(2026, 7, 1, tzinfo=UTC).astimezone().utcoffset()  # the tests live in a foreign zone
    shape = json.dumps(itinerary_shape(settled(flight(departs="2026-07-01 12:00"))))
    assert '"utc": "2026-07-01T10:00Z"' in shape


@pytest.mark.parametrize(
    ("reading", "itineraries", "outcome"),
    [
        ("complete", [], "complete"),
        ("complete", ["complete", "ambiguous"], "ambiguous"),
        ("complete", ["partial", "ambiguous"], "partial"),
        ("partial", ["complete"], "partial"),
        ("nothing_found", [], "nothing_found"),
        ("unreadable", ["nothing_found"], "unreadable"),
        ("complete", ["nothing_found", "complete"], "nothing_found"),
    ],
)
def test_the_worst_outcome_is_the_file_s(reading: str, itineraries: list[str], outcome: str) -> None:
    settled_ones = [Itinerary(outcome=Outcome(each)) for each in itineraries]
    assert outcome_of(Outcome(reading), settled_ones) is Outcome(outcome)
