"""A trip that is cancelled is found by nobody, and no letter about it leaves, until that is taken back."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from tests.store.samples import ALICE, BOB, DAY, LEASE, NOON, itinerary, judge, post
from travelrisk.domain.ratings import Subject, SubjectKind
from travelrisk.store import calendars, cancellations, outbox, segments, trips, versions
from travelrisk.store.cancellations import Cancellation
from travelrisk.store.database import engine_for, writing
from travelrisk.store.tables import calendars as calendars_table

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = engine_for(database_url)
    yield engine
    engine.dispose()


def test_it_is_cancelled_once_and_taken_back_once(engine: Engine) -> None:
    with writing(engine) as c:
        trip = judge(c).trip
        assert not cancellations.stands(c, trip)
        assert cancellations.begin(c, trip, NOON)
        assert not cancellations.begin(c, trip, LATER)
        assert cancellations.stands(c, trip)
        assert cancellations.end(c, trip, LATER)
        assert not cancellations.end(c, trip, LATER)
        assert cancellations.begin(c, trip, LATER)
        assert cancellations.of_trip(c, trip) == (Cancellation(NOON, LATER), Cancellation(LATER, None))


def test_no_letter_about_it_leaves_whoever_wrote_it(engine: Engine) -> None:
    with writing(engine) as c:
        judged = judge(c)
        post(c, judged)
        leased = outbox.claim(c, owner="w1", now=NOON, lease=LEASE)
        assert leased is not None
        cancellations.begin(c, judged.trip, NOON)
        assert not outbox.start_body(c, leased.id, "w1", NOON, LEASE), "it was under way already"
        post(c, judge(c, judged.trip))
        assert [each.state for each in outbox.of_trip(c, judged.trip)] == ["superseded", "superseded"]
        cancellations.end(c, judged.trip, LATER)
        post(c, judge(c, judged.trip))
        assert outbox.claim(c, owner="w1", now=LATER, lease=LEASE) is not None


def test_other_trips_are_written_about(engine: Engine) -> None:
    with writing(engine) as c:
        off, on = judge(c), judge(c)
        cancellations.begin(c, off.trip, NOON)
        post(c, on)
        assert outbox.claim(c, owner="w1", now=NOON, lease=LEASE) is not None


def test_the_index_finds_it_no_more_and_counts_as_complete(engine: Engine) -> None:
    def found() -> list[int]:
        wanted = [Subject(SubjectKind.CARRIER, "ETH")]
        return segments.touched(
            c, wanted, DAY, operators_of=lambda _: (), airports_in=lambda _: (), passing=lambda _: ()
        )

    with writing(engine) as c:
        trip = trips.new_trip(c, contact=ALICE, language="fr", at=NOON).id
        numbers = [
            trips.add_itinerary(c, trip, itinerary(name), original=None, position=0, at=NOON)
            for name in ("AB12CD", "EF34GH")
        ]
        assert found() == numbers[1:]
        segments.withdraw(c, trip, numbers[1])
        assert found() == []
        assert segments.upcoming(c, DAY) == []
        assert segments.is_complete(c)
        assert segments.fill(c) == 0


def test_what_arrived_and_was_not_judged_waits_no_more(engine: Engine) -> None:
    with writing(engine) as c:
        trip = trips.new_trip(c, contact=ALICE, language="fr", at=NOON).id
        number = trips.add_itinerary(c, trip, itinerary(), original=None, position=0, at=NOON)
        assert trips.unjudged(c, 9) == (number,)
        cancellations.begin(c, trip, NOON)
        assert trips.unjudged(c, 9) == ()


def test_a_calendar_opens_by_its_newest_token_alone(engine: Engine) -> None:
    with writing(engine) as c:
        old, others = calendars.renew(c, ALICE, NOON), calendars.renew(c, BOB, NOON)
        new = calendars.renew(c, ALICE, LATER)
        assert [calendars.contact_of(c, each) for each in (old, new, others)] == [None, ALICE, BOB]
        assert calendars.made_at(c, ALICE) == LATER
        assert calendars.revoke(c, ALICE)
        assert not calendars.revoke(c, ALICE)
        assert calendars.contact_of(c, new) is None
        assert calendars.contact_of(c, "\udcff") is None
        assert calendars.contact_of(c, others) == BOB
        assert others not in str(c.execute(select(calendars_table)).all()), "only its hash is kept"


def test_versions_name_the_document_they_came_from(engine: Engine) -> None:
    with writing(engine) as c:
        trip = judge(c).trip
        (version,) = versions.of_trip(c, trip)
    assert (version.itinerary, version.name, version.added_at) == (itinerary(), None, NOON)
