"""Ratings hold for days, subjects are found both ways, and a snapshot does not depend on order."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travelrisk.domain.ratings import (
    Caution,
    Evidence,
    Level,
    Rating,
    Record,
    Service,
    Snapshot,
    Subject,
    SubjectKind,
    route_subject,
    snapshot_of,
)
from travelrisk.domain.verdicts import Verdict

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
DAY = timedelta(days=1)
ETHIOPIAN = Subject(SubjectKind.CARRIER, "ETH")


def rating(record_id: str = "r1", subject: Subject = ETHIOPIAN, until: date | None = LAST) -> Rating:
    return Rating(record_id, subject, Level.RECOMMENDED, FIRST, until, "bob", FIRST)


RECORDS: tuple[Record, ...] = (
    rating("r2"),
    rating("r1"),
    rating("r3", Subject(SubjectKind.AIRPORT, "ADD")),
    Caution("c1", Subject(SubjectKind.STATE, "PK"), Verdict.REVIEW, FIRST, None, "bob", FIRST),
    Service("s1", "ETH", ("FRA", "ADD"), FIRST, None, "timetable", "bob", FIRST),
)


def test_a_route_is_the_same_in_both_directions() -> None:
    assert route_subject("FRA", "ADD") == route_subject("ADD", "FRA") == Subject(SubjectKind.ROUTE, "ADD-FRA")
    assert str(route_subject("FRA", "ADD", "ETH")) == "route:ETH:ADD-FRA"


@pytest.mark.parametrize(
    ("first", "last", "covers"),
    [
        (FIRST, LAST, True),
        (FIRST - DAY, FIRST, False),
        (LAST, LAST + DAY, False),
        (LAST, LAST, True),
    ],
)
def test_a_rating_covers_a_journey_only_from_its_first_to_its_last_day(
    first: date, last: date, *, covers: bool
) -> None:
    assert rating().covers(first, last) is covers


def test_a_rating_without_an_end_goes_on() -> None:
    assert rating(until=None).covers(LAST, date(2099, 1, 1))


def test_evidence_lapses_on_the_day_after_its_last() -> None:
    lasting, ending = Evidence("kept"), Evidence("audit", valid_until=LAST)
    rated = Rating("r", ETHIOPIAN, Level.RECOMMENDED, FIRST, None, "bob", FIRST, evidence=(lasting, ending))
    assert rated.lapsed_evidence(LAST) == ()
    assert rated.lapsed_evidence(LAST + DAY) == (ending,)


def test_a_snapshot_files_each_record_under_its_subject() -> None:
    snapshot = snapshot_of(7, RECORDS)
    assert snapshot.edition == 7
    assert [each.id for each in snapshot.ratings[ETHIOPIAN]] == ["r1", "r2"]
    assert [each.id for each in snapshot.cautions[Subject(SubjectKind.STATE, "PK")]] == ["c1"]
    assert [each.id for each in snapshot.services[route_subject("ADD", "FRA", "ETH")]] == ["s1"]


@given(st.permutations(RECORDS))
def test_the_order_of_records_does_not_matter(records: list[Record]) -> None:
    assert snapshot_of(1, records) == snapshot_of(1, RECORDS)


def test_edition_zero_knows_nothing() -> None:
    assert snapshot_of(0, ()) == Snapshot()
