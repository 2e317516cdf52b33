"""The same journey judged again later: what has been flown is past, and time alone changes nothing else."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.screening.test_laws import records, segments
from tests.unit.screening.world import AT, GOOD, itinerary, policy, rating, segment, snapshot
from travelrisk.domain.advisories import Advisory, Moved, difference
from travelrisk.domain.authorisations import NOBODY
from travelrisk.domain.drafts import DraftSegment
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.ratings import Caution, Rating, Record
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.engine import screen

THERE = segment("LH 590 FRA NBO 2026-12-12T10:10 2026-12-12T20:25", operator="Lufthansa")
BACK = segment("KQ 100 NBO LHR 2026-12-20T09:20 2026-12-20T16:00", operator="Kenya Airways")
ON_THE_WAY = datetime(2026, 12, 15, 8, tzinfo=UTC)


def judged(booked: Itinerary, *ratings: Record, at: datetime = AT, since: datetime = AT) -> Advisory:
    return screen(booked, snapshot(*ratings), policy(), at, NOBODY, since)


def codes(advisory: Advisory) -> set[str]:
    return {each.code for each in advisory.reasons()}


def without(ratings: Iterable[Record], name: str) -> list[Record]:
    return [each for each in ratings if each.id != name]


def test_a_flight_that_left_since_is_judged_no_longer() -> None:
    booked = itinerary(THERE, BACK)
    worse = (*GOOD, rating("carrier:DLH", "not_recommended", id="worse"))
    assert judged(booked, *worse).verdict is Verdict.NOT_CLEARED
    on_the_way = judged(booked, *worse, at=ON_THE_WAY)
    assert on_the_way.verdict is Verdict.CLEARED
    assert on_the_way.segment_verdicts == (None, Verdict.CLEARED)
    assert {each.segment for each in on_the_way.findings} <= {1, None}


def test_a_flight_that_had_left_before_it_was_known_is_doubted() -> None:
    late = judged(itinerary(THERE, BACK), *GOOD, at=ON_THE_WAY, since=ON_THE_WAY)
    assert late.segment_verdicts == (Verdict.REVIEW, Verdict.CLEARED)
    assert codes(late) == {"date.past"}
    unsaid = screen(itinerary(THERE, BACK), snapshot(*GOOD), policy(), ON_THE_WAY)
    assert unsaid == late


def test_what_a_clock_that_was_ahead_knew_first_counts_as_known_now() -> None:
    booked = itinerary(THERE, BACK)
    ahead = judged(booked, *GOOD, since=datetime(2026, 12, 10, tzinfo=UTC))
    assert ahead == judged(booked, *GOOD), "nothing is short notice that is not"
    assert judged(booked, *GOOD, since=ON_THE_WAY) == ahead


def test_a_journey_that_is_over_is_never_cleared() -> None:
    over = judged(itinerary(THERE), *GOOD, at=AT + timedelta(days=60))
    assert over.verdict is Verdict.REVIEW


def test_what_came_in_time_is_not_late_when_it_is_judged_again() -> None:
    day_before = datetime(2026, 12, 11, 8, tzinfo=UTC)
    again = judged(itinerary(THERE), *GOOD, at=day_before)
    assert "lead_time.late" not in {each.code for each in again.findings}
    fresh = judged(itinerary(THERE), *GOOD, at=day_before, since=day_before)
    assert "lead_time.late" in {each.code for each in fresh.findings}


@given(
    st.lists(segments(), min_size=1, max_size=4),
    st.lists(records(), max_size=6, unique_by=lambda each: each.id),
    st.integers(0, 120),
    st.integers(0, 60),
)
def test_time_alone_changes_nothing(
    booked: list[DraftSegment], ratings: list[Record], hours: int, more: int
) -> None:
    """As long as nothing on record ends by itself, and the day of each flight is known."""
    journey = itinerary(*booked)
    ratings = [_lasting(each) for each in ratings]
    earlier, later = AT + timedelta(hours=hours), AT + timedelta(hours=hours + 24 * more)
    was, now = judged(journey, *ratings, at=earlier), judged(journey, *ratings, at=later)
    if any(verdict is not None for verdict in now.segment_verdicts):
        assert difference(was, now) is None


def _lasting(record: Record) -> Record:
    """Take away what a new day alone would end: a review date, and evidence that lapses."""
    if isinstance(record, Rating):
        return replace(record, review_on=None, evidence=())
    return replace(record, evidence=()) if isinstance(record, Caution) else record


def test_a_change_says_what_is_gone_and_what_is_new() -> None:
    booked = itinerary(THERE, BACK)
    was = judged(booked, *GOOD)
    falls = (*GOOD, rating("carrier:KQA", "not_recommended", id="worse"))
    now = judged(booked, *falls)
    found = difference(was, now)
    assert found is not None
    assert (found.was, found.now) == (Verdict.CLEARED, Verdict.NOT_CLEARED)
    assert found.moved == (Moved(1, Verdict.CLEARED, Verdict.NOT_CLEARED),)
    assert [each.code for each in found.new] == ["operating.not_recommended"]
    assert found.gone == ()
    assert found.is_for_the_traveller
    back = difference(now, was)
    assert back is not None
    assert (back.gone, back.new) == (found.new, found.gone)


def test_the_same_said_by_another_record_is_no_difference() -> None:
    booked = itinerary(THERE)
    anew = without(GOOD, "carrier:dlh-recommended")
    renewed = rating("carrier:DLH", id="renewed", since=date(2026, 11, 1))
    assert difference(judged(booked, *GOOD), judged(booked, *anew, renewed)) is None


def test_one_reason_more_for_a_review_is_no_news_for_the_traveller() -> None:
    booked = itinerary(THERE)
    one = without(GOOD, "carrier:dlh-recommended")
    fewer = without(one, "airport:nbo-recommended")
    found = difference(judged(booked, *one), judged(booked, *fewer))
    assert found is not None
    assert not found.is_for_the_traveller


def test_other_conditions_are_news_though_the_verdict_stays() -> None:
    booked = itinerary(THERE, BACK)
    one = (
        *(each for each in GOOD if each.id != "carrier:dlh-recommended"),
        rating("carrier:DLH", "conditional"),
    )
    both = (
        *(each for each in one if each.id != "airport:nbo-recommended"),
        rating("airport:NBO", "conditional"),
    )
    found = difference(judged(booked, *one), judged(booked, *both))
    assert found is not None
    assert found.was is found.now is Verdict.CONDITIONAL
    assert found.is_for_the_traveller
