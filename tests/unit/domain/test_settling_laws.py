"""Laws of settling that hold for any draft at all."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.factories import AIRPORTS, ATLAS, BOOK, CONTEXT, flight, settled
from travelrisk.domain.drafts import Draft, DraftSegment, DraftTime
from travelrisk.domain.itineraries import (
    Basis,
    Itinerary,
    Locator,
    Mode,
    Outcome,
    Segment,
    Severity,
    Status,
    Traveller,
)
from travelrisk.domain.places import Airport
from travelrisk.domain.settling import settle
from travelrisk.screening.questions import QUESTIONS

CODES = [
    "ET",
    "LH",
    "AF",
    "UN",
    "UNO",
    "AZ",
    "AB",
    "XB",
    "ZZ",
    "ETH",
    "FRA",
    "ADD",
    "LON",
    "TSE",
    "XQX",
    "QKL",
]
NAMES = ["London", "Georgetown", "UNHAS", "KLM", "UA", "DBA", "AS", "/", "-", ";", ","]
WORDS = st.text(max_size=12) | st.sampled_from([*CODES, *NAMES])
PHRASES = st.lists(WORDS, max_size=4).map(" ".join)
INSTANTS = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-11))])) | st.datetimes()
TIMES = st.builds(
    DraftTime,
    year=st.none() | st.integers(2020, 2030) | st.integers(),
    month=st.none() | st.integers(1, 12) | st.integers(),
    day=st.none() | st.integers(1, 31) | st.integers(),
    clock=st.none() | st.times(),
    weekday=st.none() | st.integers(1, 7) | st.integers(),
    zone=st.sampled_from(["", "Europe/Berlin", "Europe", "../x", "UTC", "EST"]) | st.text(max_size=6),
    instant=st.none() | INSTANTS,
    day_shift=st.none() | st.integers(-2, 4) | st.integers(),
    day_month_unsure=st.booleans(),
    text=PHRASES,
)
SEGMENTS = st.builds(
    DraftSegment,
    marketing_code=WORDS,
    marketing_number=st.sampled_from(["", "707", "0590", "KL 1234"]) | WORDS,
    marketing_name=PHRASES,
    operator=PHRASES,
    operating_code=WORDS,
    operating_number=WORDS,
    operating_basis=st.none() | st.sampled_from(Basis),
    origin=WORDS,
    origin_name=PHRASES,
    destination=WORDS,
    destination_name=PHRASES,
    departs=TIMES,
    arrives=TIMES,
    mode=st.sampled_from(Mode),
    status=st.sampled_from(Status),
    stops=st.lists(WORDS, max_size=2).map(tuple),
    source=PHRASES,
)
DRAFTS = st.builds(
    Draft,
    segments=st.lists(SEGMENTS, max_size=4).map(tuple),
    travellers=st.lists(st.builds(Traveller, raw_name=PHRASES), max_size=2).map(tuple),
    locators=st.lists(st.builds(Locator, code=WORDS), max_size=2).map(tuple),
    issued=st.none() | st.dates(),
    unread=st.lists(PHRASES, max_size=1).map(tuple),
)
# Drafts that are mostly good, so that the laws meet complete itineraries too.
FAIR = st.builds(
    flight,
    st.sampled_from(["ET 707", "LH 590", "UN 123", "ZZ 12", "XB 7", "ET", " "]),
    st.sampled_from(["FRA ADD", "ADD NBO", "LON FRA", "FRA XQX", "AKL LAX", "FRA QKL", "FRA"]),
    st.sampled_from(["12-12", "12-12 10:20", "2026-12-20 23:55", "02-29", "11-10", "", "22:30"]),
    operator=st.sampled_from(
        ["", "ETHIOPIAN AIRLINES", "UNDEFINED", "SKYWEST DBA UNITED", "NOBODY KNOWS AIR"]
    ),
    status=st.sampled_from([Status.HELD, Status.UNKNOWN, Status.CANCELLED, Status.FLOWN]),
)


@given(DRAFTS, st.dates())
def test_it_never_raises_and_always_says_the_same(draft: Draft, context: date) -> None:
    itinerary = settle(draft, ATLAS, BOOK, context)
    assert settle(draft, ATLAS, BOOK, context) == itinerary
    assert itinerary.unread[: len(draft.unread)] == draft.unread
    assert all(question.code in QUESTIONS for question in itinerary.questions)
    assert all(question.segment in range(len(itinerary.segments)) for question in itinerary.questions)


@given(DRAFTS | st.builds(Draft, st.lists(FAIR, max_size=4).map(tuple)), st.just(CONTEXT) | st.dates())
def test_nothing_unknown_comes_out_complete(draft: Draft, context: date) -> None:
    itinerary = settle(draft, ATLAS, BOOK, context)
    severities = {question.severity for question in itinerary.questions}
    if itinerary.outcome is Outcome.COMPLETE:
        assert itinerary.segments
        assert not itinerary.unread
        assert severities <= {Severity.NOTE}
        assert all(_is_known(segment) for segment in itinerary.segments if segment.is_judged)
    elif itinerary.outcome is Outcome.AMBIGUOUS:
        assert severities <= {Severity.NOTE, Severity.ASK}


def _is_known(segment: Segment) -> bool:
    places = (segment.origin, segment.destination, *segment.stops)
    return (
        segment.operating.carrier is not None
        and segment.operating.basis is not Basis.UNKNOWN
        and segment.mode is Mode.AIR
        and segment.departs.day is not None
        and all(place.airport for place in places)
    )


@given(FAIR, FAIR)
def test_another_segment_never_settles_a_doubt(one: DraftSegment, other: DraftSegment) -> None:
    assume(settled(one).outcome not in {Outcome.COMPLETE, Outcome.NOTHING_FOUND})
    assume(one.status.flies)
    assume(one.marketing_code != other.marketing_code)  # else it may be a revision, which settles the doubt
    assert settled([one, other]).outcome is not Outcome.COMPLETE


@given(st.lists(FAIR, max_size=6, unique_by=lambda draft: (draft.marketing_code, draft.origin)), st.randoms())
def test_the_order_of_a_draft_does_not_change_the_segments(
    segments: list[DraftSegment], random: Random
) -> None:
    shuffled = list(segments)
    random.shuffle(shuffled)
    assert set(settled(segments).segments) == set(settled(shuffled).segments)


@given(st.lists(FAIR, max_size=6))
def test_segments_stand_in_order_of_departure(segments: list[DraftSegment]) -> None:
    instants = [segment.departs.utc for segment in settled(segments).segments if segment.departs.utc]
    assert instants == sorted(instants)


@given(FAIR)
def test_the_same_line_twice_is_one_segment(segment: DraftSegment) -> None:
    assert settled([segment, segment]) == settled(segment)


def _clock_in(place: Airport, instant: datetime) -> DraftTime:
    local = instant.astimezone(ZoneInfo(place.zone))
    return DraftTime(local.year, local.month, local.day, local.time().replace(second=0, microsecond=0))


FIRST, LAST = (datetime.combine(date(year, 1, 1), time()) for year in (2020, 2035))
FLIGHTS = st.tuples(
    st.sampled_from(AIRPORTS),
    st.sampled_from(AIRPORTS),
    st.datetimes(FIRST, LAST, timezones=st.just(UTC)),
    st.integers(10 * 60, 20 * 60 - 1),
)


@given(FLIGHTS)
def test_utc_is_what_the_zones_of_the_airports_make_of_the_clocks(
    journey: tuple[Airport, Airport, datetime, int],
) -> None:
    itinerary, leaves, lands = _journey(journey, with_date_of_arrival=True)
    (segment,) = itinerary.segments
    assert abs(_known(segment.departs.utc) - leaves) in _off_by(itinerary)
    assert abs(_known(segment.arrives.utc) - lands) in _off_by(itinerary)


@given(FLIGHTS)
def test_the_day_of_arrival_follows_from_the_zones(journey: tuple[Airport, Airport, datetime, int]) -> None:
    itinerary, _, lands = _journey(journey, with_date_of_arrival=False)
    assume(_off_by(itinerary) == {timedelta()})
    (segment,) = itinerary.segments
    assert segment.arrives.utc == lands


def _journey(
    journey: tuple[Airport, Airport, datetime, int], *, with_date_of_arrival: bool
) -> tuple[Itinerary, datetime, datetime]:
    origin, destination, leaves, minutes = journey
    leaves = leaves.replace(second=0, microsecond=0)
    lands = leaves + timedelta(minutes=minutes)
    arrives = _clock_in(destination, lands)
    if not with_date_of_arrival:
        arrives = DraftTime(clock=arrives.clock)
    departs = _clock_in(origin, leaves)
    segment = flight("ET 707", f"{origin.code} {destination.code}", departs, arrives=arrives)
    return settled(segment), leaves, lands


def _known(instant: datetime | None) -> datetime:
    assert instant is not None
    return instant


def _off_by(itinerary: Itinerary) -> set[timedelta]:
    """An hour that a clock shows twice cannot be told from the clock alone, and is said to be so."""
    codes = {question.code for question in itinerary.questions}
    shifts = {timedelta(minutes=minutes) for minutes in (0, 30, 60)}
    return shifts if "clock_twice" in codes else {timedelta()}


@pytest.mark.parametrize("clock", [time(0, 0), time(12, 0), time(23, 59, 59, 999999), time(1, 2, tzinfo=UTC)])
def test_a_clock_is_read_to_the_minute(clock: time) -> None:
    (segment,) = settled(flight(departs=DraftTime(2026, 12, 12, clock))).segments
    assert segment.departs.local == datetime.combine(date(2026, 12, 12), time(clock.hour, clock.minute))


def test_a_booking_with_endless_commas_is_settled() -> None:
    endless = "," * 100_000
    itinerary = settled(
        flight(" ", "", "12-12", origin_name=endless, operator=endless, marketing_name=endless)
    )
    assert itinerary.outcome is Outcome.PARTIAL
