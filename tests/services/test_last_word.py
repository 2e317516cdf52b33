"""The last word of a trip is of its newest booking, and a warning that still waits is never taken back."""

from dataclasses import replace

from tests.services.test_effect import publish
from tests.services.watching import ETHIOPIAN, FALLS, arrive, letters, to_addis, verdicts, work
from tests.unit.screening.world import caution
from travelrisk.domain.verdicts import Verdict
from travelrisk.mail.transport import Memory
from travelrisk.services.application import Application
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.services.trips.judging import judge, judge_waiting
from travelrisk.store import trips
from travelrisk.store.database import writing
from travelrisk.store.trips import Stored


def two_versions(app: Application) -> tuple[Stored, Stored]:
    """Store a trip that flies with Ethiopian, and then, booked anew, with Kenya Airways; judge nothing."""
    publish(app)
    publish(app, FALLS, ETHIOPIAN)
    with writing(app.engine) as c:
        trip = trips.new_trip(c, contact="alice@example.org", language="en", at=app.clock())
        found = []
        for by in ("KQ 707", "ET 707"):
            journey = to_addis(app, by=by)
            number = trips.add_itinerary(c, trip.id, journey, original=None, position=0, at=app.clock())
            found.append(Stored(trip, number, journey, app.clock()))
    return found[0], found[1]


def test_a_booking_that_a_kill_left_unjudged_is_over_once_the_next_one_is_judged(app: Application) -> None:
    _, newer = two_versions(app)
    judge(app, [newer], "test")
    assert judge_waiting(app) == 0
    assert verdicts(app, newer) == [Verdict.NOT_CLEARED]


def test_whoever_is_late_with_an_older_booking_gets_the_answer_that_stands(app: Application) -> None:
    older, newer = two_versions(app)
    (stands,) = judge(app, [newer], "test")
    (late,) = judge(app, [older], "test")
    assert (late.advisory_id, late.advisory.verdict) == (stands.advisory_id, Verdict.NOT_CLEARED)
    assert late.letters == 0
    transport = Memory()
    dispatch(app, transport, "one")
    ((message, *_),) = transport.sent
    assert b"[Not cleared]" in message


def test_both_bookings_that_nobody_judged_are_judged_in_their_order(app: Application) -> None:
    _, newer = two_versions(app)
    assert judge_waiting(app) == 2
    assert verdicts(app, newer)[-1] is Verdict.NOT_CLEARED
    transport = Memory()
    dispatch(app, transport, "one")
    assert [b"[Not cleared]" in message for message, *_ in transport.sent] == [True]


def test_a_warning_that_waits_is_replaced_where_only_its_reasons_have_changed(app: Application) -> None:
    """Nobody was told yet: without the new letter nobody ever would be."""
    publish(app)
    publish(app, FALLS, ETHIOPIAN)
    stored = arrive(app, to_addis(app))
    work(app)
    publish(app, (replace(caution("airport:ADD", "not_cleared"), id="another-reason"),))
    work(app)
    assert verdicts(app, stored) == [Verdict.NOT_CLEARED, Verdict.NOT_CLEARED]
    assert [state for _, state in letters(app, stored)] == ["superseded", "queued"]
    transport = Memory()
    dispatch(app, transport, "one")
    assert len(transport.sent) == 1
