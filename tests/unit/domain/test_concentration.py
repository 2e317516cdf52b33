"""Which segments are one flight, who is aboard, and which ceilings hold."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import permutations
from random import Random

import pytest

from tests.factories import AIRPORTS, BOOK, CARRIERS, at, flight, settled
from tests.travel import World
from travelrisk.domain.concentration import (
    Aboard,
    Booking,
    Ceilings,
    aboard,
    flights_of,
    may_be_one,
    people_of,
)
from travelrisk.domain.drafts import DraftSegment
from travelrisk.domain.errors import ConfigurationError
from travelrisk.domain.itineraries import Itinerary, Locator, Moment, Segment, Status, Traveller
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict

WORLD = World(AIRPORTS[:11], CARRIERS[:6])


def segment(draft: DraftSegment) -> Segment:
    (only,) = settled(draft).segments
    return only


def addis(by: str = "ET 707", departs: str = "12-12 10:20", **more: object) -> Segment:
    return segment(flight(by, "FRA ADD", departs, **more))


def booked(*names: str, trip: str = "TR-A", contact: str = "", **more: str) -> Booking:
    """Book some people on one flight; *more* are their addresses."""
    travellers = tuple(
        Traveller(given=given, surname=surname, email=more.get(given.lower(), ""))
        for given, _, surname in (name.partition(" ") for name in names)
    )
    return Booking(Itinerary((addis(),), travellers), trip, contact)


# --- one flight ---


def test_a_code_share_is_the_flight_of_whoever_flies_it() -> None:
    own, shared = addis("ET 707"), addis("LH 9710", operator="Ethiopian Airlines")
    assert flights_of(own) == flights_of(shared) == {"2026-12-12 ETH FRA-ADD"}
    assert may_be_one(own, shared)
    assert not may_be_one(own, addis("LH 9710")), "which nobody says that another one flies"


@pytest.mark.parametrize(
    ("other", "is_one"),
    [
        ({"departs": "12-12 10:35"}, True),
        ({"departs": "12-12 10:36"}, False),
        ({"departs": "12-12"}, True),
        ({"departs": "12-13 10:20"}, False),
    ],
)
def test_without_both_numbers_the_times_decide(other: dict[str, str], is_one: bool) -> None:  # noqa: FBT001 - a row of the table
    shared = addis("LH 9710", operator="Ethiopian Airlines", **other)
    assert may_be_one(addis(), shared) is is_one
    assert may_be_one(shared, addis()) is is_one


def test_two_known_numbers_decide_whatever_the_times_are() -> None:
    assert may_be_one(addis("ET 707"), addis("ET 0707", "12-12 11:20")), "one of them is older"
    assert not may_be_one(addis("ET 707"), addis("ET 709"))
    assert not may_be_one(addis("ET 707", "12-12"), addis("ET 709", "12-12"))


def test_whoever_boards_or_leaves_at_a_stop_is_on_the_same_flight() -> None:
    whole = segment(flight("ET 707", "FRA NBO", "12-12 22:30", stops=("ADD",), arrives=at("12-13 09:00")))
    first = segment(flight("LH 9710", "FRA ADD", "12-12 22:35", operator="Ethiopian Airlines"))
    second = segment(flight("LH 9712", "ADD NBO", "12-13 06:00", operator="Ethiopian Airlines"))
    other_way = segment(flight("ET 707", "NBO ADD", "12-13"))
    assert may_be_one(whole, first)
    assert may_be_one(whole, second)
    assert not may_be_one(first, second)
    assert not may_be_one(whole, other_way)


@pytest.mark.threat(35)
def test_who_may_fly_it_counts_and_who_is_unknown_does_not() -> None:
    known = addis()
    unsure = replace(known.operating, carrier=None, candidates=(BOOK.ever("ETH")[0], BOOK.ever("KQA")[0]))
    assert may_be_one(known, replace(known, operating=unsure))
    assert not flights_of(replace(known, operating=replace(unsure, candidates=())))
    assert not flights_of(addis(departs=""))


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.FLOWN])
def test_what_is_not_flown_is_no_flight(status: Status) -> None:
    assert not flights_of(replace(addis(), status=status))


def test_the_last_days_of_the_calendar_do_no_harm() -> None:
    last = replace(addis(), departs=Moment(date.max), stops=(addis().destination,))
    assert len(flights_of(last)) == 2  # FRA-ADD and, from the stop, ADD-ADD
    garbled = replace(last, departs=Moment(date(2026, 12, 12)), arrives=Moment(date(2020, 1, 1)))
    assert flights_of(garbled)


# --- who is aboard ---


def test_the_same_person_in_two_bookings_counts_once() -> None:
    own = booked("Alice Zimmer", trip="TR-A", contact="alice@example.org")
    copy = booked("Zímmer ALICE", trip="TR-B", contact="office@example.org")
    assert aboard(own, [copy], frozenset()) == (Aboard(0, 1, 0),)
    assert aboard(own, [booked("Bob Zimmer", trip="TR-B")], frozenset()) == (Aboard(0, 2, 0),)


def test_one_address_for_all_does_not_make_them_one_person() -> None:
    both = booked("Alice Zimmer", "Bob Zimmer", alice="desk@example.org", bob="desk@example.org")
    assert len(people_of(both)) == 2


def test_two_of_one_name_in_one_booking_are_two() -> None:
    assert len(people_of(booked("A Passenger", "A Passenger", "A Passenger"))) == 3


def test_a_booking_that_names_nobody_is_somebody() -> None:
    nobody = Booking(Itinerary((addis(),)), "TR-A")
    assert aboard(nobody, [nobody._replace(trip="TR-B")], frozenset()) == (Aboard(0, 2, 0),)
    located = replace(nobody.itinerary, locators=(Locator("ABC123"),))
    copies = Booking(located, "TR-A"), Booking(located, "TR-B")
    assert aboard(copies[0], copies[1:], frozenset()) == (Aboard(0, 1, 0),), "the same booking twice"


def test_heads_of_office_are_known_by_address() -> None:
    heads = frozenset({"alice@example.org", "bob@example.org"})
    alice = booked("Alice Zimmer", alice="Alice@Example.org")
    bob = booked("Bob Zimmer", trip="TR-B", contact="bob@example.org")
    helped = booked("Dana Zimmer", trip="TR-C", contact="bob@example.org", dana="dana@example.org")
    assert aboard(alice, [bob], heads) == (Aboard(0, 2, 2),)
    assert aboard(alice, [helped], heads) == (Aboard(0, 2, 1),), "who is written to does not travel"


def test_a_flight_on_which_nobody_can_be_counted_is_left_out() -> None:
    two = Itinerary((addis(departs=""), addis()))
    assert aboard(Booking(two, "TR-A"), [], frozenset()) == (Aboard(1, 1, 0),)


@pytest.mark.parametrize("seed", range(20))
def test_the_count_is_that_of_somebody_who_looks_at_each_pair(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a world that can be made again
    bookings = [Booking(crowd(random), f"TR-{number}", "") for number in range(40)]
    counts = []
    for booking in bookings:
        others = [each for each in bookings if each is not booking]
        for position, people, _ in aboard(booking, others, frozenset()):
            mine = booking.itinerary.segments[position]
            together = {booking.trip: booking}
            for other in others:
                for its in other.itinerary.segments:
                    if by_hand(mine, its):
                        together[other.trip] = other
            named = {
                each.email or f"{one.trip}"
                for one in together.values()
                for each in (one.itinerary.travellers or (Traveller(),))
            }
            assert people == len(named)
            counts.append(people)
    assert max(counts) > 3, "a world in which nobody meets proves nothing"


def crowd(random: Random) -> Itinerary:
    """Make a journey in a small world in which people meet."""
    made = World(AIRPORTS[:3], CARRIERS[:2]).itinerary(random)
    day = date(2026, 12, random.randint(1, 3))
    return replace(made, segments=tuple(timed(random, each, day) for each in made.segments))


def timed(random: Random, each: Segment, day: date) -> Segment:
    if each.departs.day is None:
        return each
    start = datetime.combine(day, time(10)) + timedelta(minutes=random.choice((0, 10, 20, 300)))
    number = random.choice(("", "1", "2"))
    return replace(
        each,
        departs=Moment(day, start if random.random() < 0.7 else None),
        arrives=Moment(),
        stops=(),
        operating=replace(each.operating, number=number),
    )


def by_hand(one: Segment, other: Segment) -> bool:
    """Say, without keys, whether two segments without stops may be one flight."""
    if not (one.is_judged and other.is_judged and one.departs.day and one.departs.day == other.departs.day):
        return False
    carriers = [
        {c.icao for c in (each.operating.carrier, *each.operating.candidates) if c} for each in (one, other)
    ]
    ends = [
        [{a.code for a in place.possible} for place in (each.origin, each.destination)]
        for each in (one, other)
    ]
    if not (carriers[0] & carriers[1] and all(a & b for a, b in zip(*ends, strict=True))):
        return False
    numbers = [
        each.operating.number
        or (
            each.marketing.number
            if each.operating.carrier and each.operating.carrier == each.marketing.carrier
            else ""
        )
        for each in (one, other)
    ]
    if all(numbers):
        return numbers[0] == numbers[1]
    times = [each.departs.local for each in (one, other)]
    if times[0] is None or times[1] is None:
        return True
    return abs((times[0] - times[1]).total_seconds()) <= 15 * 60


def test_being_on_one_flight_is_mutual() -> None:
    random = Random(7)  # noqa: S311 - as above
    segments = [each for _ in range(40) for each in crowd(random).segments]
    met = [may_be_one(one, other) for one, other in permutations(segments, 2) if may_be_one(other, one)]
    assert met
    assert all(met)


# --- ceilings ---


def test_more_than_a_ceiling_breaks_it_and_the_gravest_is_told() -> None:
    ceilings = Ceilings(warn=2, block=4, heads_block=1, heads_of_office=frozenset({"a@example.org"}))
    assert ceilings.are_on
    steps = [
        [(each.of, each.step, each.ceiling) for each in ceilings.broken(Aboard(0, n, 0))] for n in range(2, 6)
    ]
    assert steps == [[], [("staff", "warn", 2)], [("staff", "warn", 2)], [("staff", "block", 4)]]
    assert [each.of for each in ceilings.broken(Aboard(0, 5, 2))] == ["staff", "heads"]
    assert not Ceilings().are_on
    assert not list(Ceilings().broken(Aboard(0, 500, 500)))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"block_verdict": Verdict.CONDITIONAL}, "block_verdict may not be laxer"),
        ({"warn_verdict": Verdict.NOT_CLEARED}, "warn_verdict may not be graver"),
        ({"warn": 30, "block": 30}, "warn must be lower than block"),
        ({"heads_warn": 3, "heads_block": 2}, "heads_warn must be lower"),
        ({"heads_block": 2}, "heads_of_office is empty"),
    ],
)
def test_ceilings_that_make_no_sense_are_refused(values: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        Ceilings(**values)  # type: ignore[arg-type]  # of several kinds


def test_who_decides_may_be_left_to_the_focal_point() -> None:
    assert not Ceilings().approver
    assert Ceilings(approver=Texts("Director")).approver.in_language("fr") == "Director"
