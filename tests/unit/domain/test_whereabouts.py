"""Where an itinerary says that its travellers are expected, and how sure that is."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import AIRPORTS, CARRIERS, at, flight, settled
from tests.travel import World
from travelrisk.domain.codes import FlightNumber
from travelrisk.domain.drafts import DraftSegment
from travelrisk.domain.itineraries import Itinerary, Moment, Place, Status
from travelrisk.domain.whereabouts import (
    LINGERS,
    Certainty,
    Doubt,
    Flight,
    Span,
    Spell,
    Stay,
    leaving,
    may_be_flown_by,
    on_flight,
    spells,
)
from travelrisk.domain.whereabouts import at as there

E, P = Certainty.EXPECTED, Certainty.POSSIBLE
WORLD = World(AIRPORTS[:11], CARRIERS[:6])
WORLDS = st.integers(0, 10**9).map(lambda seed: WORLD.itinerary(Random(seed)))  # noqa: S311 - can be made again


def utc(written: str) -> datetime:
    return datetime.fromisoformat(f"2026-{written}").replace(tzinfo=UTC)


def now(written: str) -> Span:
    return Span(utc(written), utc(written))


def told(*drafts: DraftSegment) -> tuple[Spell, ...]:
    return spells(settled(drafts))


def sure(found: tuple[Spell, ...], airport: str, moment: str) -> list[Certainty]:
    return [each.certainty for each in there(found, frozenset({airport}), now(moment))]


OUT = flight("ET 707", "FRA ADD", "12-12 22:30", arrives=at("12-13 07:20"))
BACK = flight("ET 706", "ADD FRA", "12-20 23:40", arrives=at("12-21 05:55"))


def test_between_two_flights_one_is_expected_where_the_first_arrived() -> None:
    found = told(OUT, BACK)
    assert [type(each).__name__ for each in found] == ["Stay", "Flight", "Stay", "Flight", "Stay"]
    stay = found[2]
    assert stay.expected == stay.possible == Span(utc("12-13T04:20"), utc("12-20T20:40"))
    assert stay.doubts == ()
    assert sure(found, "ADD", "12-16T12:00") == [E]
    assert sure(found, "FRA", "12-16T12:00") == []
    assert sure(found, "ADD", "12-13T04:19") == []
    assert sure(found, "ADD", "12-20T20:41") == []


def test_an_overnight_flight_is_in_the_air_at_midnight() -> None:
    (aloft,) = [each for each in told(OUT) if isinstance(each, Flight)]
    assert aloft.expected == Span(utc("12-12T21:30"), utc("12-13T04:20"))


def test_the_date_line_takes_nobody_back_in_time() -> None:
    """Auckland to Honolulu arrives on the local day before it departs."""
    found = told(
        flight("NZ 10", "AKL HNL", "12-12 23:55", arrives=at("12-12 09:45")),
        flight("UA 300", "HNL LAX", "12-14 12:00", arrives=at("12-14 20:00")),
    )
    assert found[1].expected == Span(utc("12-12T10:55"), utc("12-12T19:45"))
    assert sure(found, "HNL", "12-13T12:00") == [E]


def test_before_the_first_departure_and_after_the_last_arrival_nobody_is_expected_anywhere() -> None:
    found = told(OUT)
    before, _, after = found
    assert (before.expected, before.doubts) == (None, (Doubt.BEFORE,))
    assert (after.expected, after.doubts) == (None, (Doubt.AFTER,))
    assert sure(found, "FRA", "12-12T20:00") == [P], "may be at the airport already"
    assert sure(found, "FRA", "12-12T12:00") == []
    assert sure(found, "ADD", "12-25T12:00") == [P], "one way: nobody knows when it goes on"
    assert after.possible.until == utc("12-13T04:20") + LINGERS


def test_whoever_came_home_has_left_the_airport() -> None:
    found = told(OUT, BACK)
    assert sure(found, "FRA", "12-21T06:00") == [P]
    assert sure(found, "FRA", "12-22T12:00") == []


def test_a_gap_leaves_both_airports_possible_and_the_country_expected_if_it_is_one() -> None:
    found = told(OUT, flight("KQ 401", "NBO ADD", "12-20 08:00", arrives=at("12-20 10:00")))
    gap = found[2]
    assert Doubt.GAP in gap.doubts
    assert sure(found, "ADD", "12-16T12:00") == sure(found, "NBO", "12-16T12:00") == [P]
    both = there(found, frozenset({"ADD", "NBO"}), now("12-16T12:00"))
    assert [each.certainty for each in both] == [E]


def test_of_two_airports_of_one_city_each_is_possible_and_the_city_is_expected() -> None:
    found = told(
        flight("BA 64", "NBO LHR", "12-12 23:00", arrives=at("12-13 05:00")),
        flight("BA 2600", "LGW FCO", "12-15 08:00", arrives=at("12-15 11:30")),
    )
    assert sure(found, "LHR", "12-14T12:00") == [P]
    city = there(found, frozenset({"LHR", "LGW"}), now("12-14T12:00"))
    assert [each.certainty for each in city] == [E]


def test_with_days_alone_the_days_of_travel_are_in_doubt_and_those_between_are_not() -> None:
    found = told(flight("ET 707", "FRA ADD", "12-12"), flight("ET 706", "ADD FRA", "12-20"))
    assert Doubt.TIME in found[1].doubts
    assert sure(found, "ADD", "12-12T12:00") == [P]
    assert sure(found, "ADD", "12-16T12:00") == [E]
    assert sure(found, "ADD", "12-20T12:00") == [P]
    assert sure(found, "ADD", "12-21T12:00") == []


def test_a_flight_without_a_day_is_possible_at_any_time_and_never_left_out() -> None:
    found = told(flight("ET 707", "FRA ADD", ""))
    assert sure(found, "ADD", "12-16T12:00") == [P]
    asked = on_flight(found, frozenset({"ETH"}), FlightNumber("ET", "707"), date(2026, 12, 12))
    assert [each.certainty for each in asked] == [P]


def test_flights_that_contradict_one_another_both_stand_in_doubt() -> None:
    found = told(OUT, flight("KQ 401", "ADD NBO", "12-13 01:00", arrives=at("12-13 03:00")))
    stays = [each for each in found if isinstance(each, Stay) and Doubt.ORDER in each.doubts]
    assert [each.expected for each in stays] == [None]


def test_a_cancelled_flight_says_nothing_and_one_on_a_waiting_list_is_in_doubt() -> None:
    whole = settled((OUT, BACK))
    cancelled = replace(whole, segments=tuple(replace(e, status=Status.CANCELLED) for e in whole.segments))
    assert spells(cancelled) == ()
    waiting = replace(
        whole, segments=(replace(whole.segments[0], status=Status.WAITLIST), *whole.segments[1:])
    )
    found = spells(waiting)
    assert sure(found, "ADD", "12-16T12:00") == [P]
    assert [e.certainty for e in leaving(found, Span(utc("12-12T00:00"), utc("12-13T00:00")))] == [P]


def test_a_flight_that_was_flown_still_says_where_somebody_is() -> None:
    whole = settled((OUT, BACK))
    flown = replace(whole, segments=(replace(whole.segments[0], status=Status.FLOWN), *whole.segments[1:]))
    assert sure(spells(flown), "ADD", "12-16T12:00") == [E]


def test_who_leaves_in_the_next_hours() -> None:
    found = told(OUT, BACK)
    soon = Span(utc("12-12T18:00"), utc("12-13T00:00"))
    (one,) = leaving(found, soon)
    assert (one.spell.segment.flight, one.certainty) == ("ET 707", E)
    assert leaving(found, soon, frozenset({"ADD"})) == ()
    assert leaving(found, Span(utc("12-12T21:31"), utc("12-13T00:00"))) == ()
    (maybe,) = leaving(told(flight("ET 707", "FRA ADD", "12-12")), soon)
    assert maybe.certainty is P, "the hour is not known"


@pytest.mark.parametrize(
    ("sold", "more", "wanted", "number"),
    [
        ("ET 707", {}, "ETH", "707"),
        ("LH 9710", {"operator": "Ethiopian Airlines", "operating_number": "707"}, "ETH", "707"),
        ("LH 9710", {"operator": "Ethiopian Airlines"}, "DLH", "9710"),
    ],
)
def test_a_flight_is_found_by_any_of_its_numbers(
    sold: str, more: dict[str, str], wanted: str, number: str
) -> None:
    found = told(flight(sold, "FRA ADD", "12-12 22:30", **more))
    day = date(2026, 12, 12)
    flown = FlightNumber("XX", number)
    assert [e.certainty for e in on_flight(found, frozenset({wanted}), flown, day)] == [E]
    assert on_flight(found, frozenset({wanted}), flown, day + timedelta(1)) == ()
    assert on_flight(found, frozenset({"KQA"}), flown, day) == ()


def test_who_flies_with_a_carrier_under_a_number_that_nobody_stated_may_be_on_its_flight() -> None:
    found = told(flight("LH 9710", "FRA ADD", "12-12", operator="Ethiopian Airlines"))
    (maybe,) = may_be_flown_by(found, frozenset({"ETH"}), date(2026, 12, 12))
    assert (maybe.certainty, Doubt.NUMBER in maybe.spell.doubts) == (P, True)
    assert may_be_flown_by(told(OUT), frozenset({"ETH"}), date(2026, 12, 12)) == (), "its number is known"


def test_a_stop_on_the_way_is_possible() -> None:
    whole = settled(OUT)
    (only,) = whole.segments
    stop = Place("", next(each for each in AIRPORTS if each.code == "NBO"))
    found = spells(replace(whole, segments=(replace(only, stops=(stop,)),)))
    assert sure(found, "NBO", "12-13T01:00") == [P]


# --- what holds of every itinerary ---

MOMENTS = st.integers(0, 24 * 240).map(lambda hours: utc("10-01") + timedelta(hours=hours))
EVERYWHERE = frozenset(each.code for each in AIRPORTS)


@given(WORLDS)
def test_what_is_expected_is_possible_and_no_spell_ends_before_it_begins(itinerary: Itinerary) -> None:
    for each in spells(itinerary):
        assert each.possible.since <= each.possible.until
        if each.expected is not None:
            assert each.possible.since <= each.expected.since <= each.expected.until <= each.possible.until


@given(WORLDS, MOMENTS)
def test_nobody_is_expected_in_two_places_at_once(itinerary: Itinerary, moment: datetime) -> None:
    instant = Span(moment, moment)
    inside = [
        each
        for each in spells(itinerary)
        if each.expected is not None and each.expected.since < moment < each.expected.until
    ]
    known = {frozenset(airport.code for airport in each.airports) for each in inside}
    doubtful = any(Doubt.ORDER in each.doubts for each in spells(itinerary))
    assert len(known) <= 1 or doubtful
    assert all(each.possible.meets(instant) for each in inside)


@given(WORLDS, MOMENTS, MOMENTS)
def test_a_longer_time_and_a_larger_place_never_lose_anybody(
    itinerary: Itinerary, one: datetime, other: datetime
) -> None:
    found, window = spells(itinerary), Span(min(one, other), max(one, other))
    narrow = {each.spell.segment for each in there(found, frozenset({"ADD"}), Span(one, one))}
    assert narrow <= {each.spell.segment for each in there(found, frozenset({"ADD"}), window)}
    assert narrow <= {each.spell.segment for each in there(found, EVERYWHERE, Span(one, one))}
    gone = {each.spell.segment for each in leaving(found, Span(one, one))}
    assert gone <= {each.spell.segment for each in leaving(found, window)}


@given(WORLDS)
def test_from_the_first_departure_to_the_last_arrival_there_is_no_hole(itinerary: Itinerary) -> None:
    """Whoever is under way is always in one of the spells, or may be."""
    found = spells(itinerary)
    for one, other in pairwise(found):
        assert one.possible.until >= other.possible.since or Doubt.ORDER in (*one.doubts, *other.doubts)


@given(WORLDS, MOMENTS)
def test_less_known_never_makes_it_surer(itinerary: Itinerary, moment: datetime) -> None:
    """Without its hours a journey is expected at no moment and no place at which it was not before."""
    vague = replace(
        itinerary,
        segments=tuple(
            replace(each, departs=Moment(each.departs.day), arrives=Moment(each.arrives.day))
            for each in itinerary.segments
        ),
    )
    instant = Span(moment, moment)
    for code in EVERYWHERE:
        codes = frozenset({code})
        before = {e.spell.segment.source for e in there(spells(itinerary), codes, instant)}
        sure = {e.spell.segment.source for e in there(spells(vague), codes, instant) if e.certainty is E}
        assert sure <= before
