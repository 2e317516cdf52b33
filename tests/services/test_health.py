"""What has not reached anybody, and whether the database can be written, on both databases."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.services.conftest import Clock, publish
from tests.services.test_batches import bring, row, table
from tests.services.watching import to_addis
from travelrisk.intake.document import Document
from travelrisk.mail.transport import Memory, PermanentFailure, TransientFailure
from travelrisk.services.application import Application
from travelrisk.services.health import health, try_writing, unsent
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.services.trips.receiving import receive
from travelrisk.store import heartbeats, outbox, trips
from travelrisk.store.database import reading, writing
from travelrisk.store.unsent import Waiting

LINE = b"Record locator: XQZ4TR\nET707 FRA ADD 12 Dec operated by Ethiopian Airlines"


class Broken(Memory):
    """Fails with the same failure each time."""

    def __init__(self, failure: Exception) -> None:
        super().__init__()
        self.failure = failure

    def send(self, *_: object) -> None:  # type: ignore[override] # it never comes to an answer
        """Fail."""
        raise self.failure


def arrive(app: Application, content: bytes = LINE) -> str:
    (received,) = receive(app, Document(content), recipient="alice@example.org")
    assert received.trip is not None
    return received.trip.reference


def test_nothing_waits_and_nothing_is_lost(app: Application) -> None:
    found = unsent(app)
    assert (found.waiting, found.lost, found.lost_count) == (Waiting(0, None, ""), (), 0)


def test_what_waits_says_until_when_and_why(app: Application, tmp_path: Path, clock: Clock) -> None:
    publish(app, tmp_path)
    arrive(app)
    assert unsent(app).waiting == Waiting(1, clock.at, "")
    dispatch(app, Broken(TransientFailure("451 at RCPT")), "one")  # type: ignore[arg-type] # see Broken
    count, next_at, reply = unsent(app).waiting
    assert (count, reply) == (1, "451 at RCPT")
    assert next_at is not None
    assert clock.at + timedelta(seconds=40) < next_at < clock.at + timedelta(seconds=80)


def test_a_letter_that_must_let_another_go_first_does_not_count_as_due(
    app: Application, tmp_path: Path, clock: Clock
) -> None:
    """Its own time is now; but the older letter of the trip, which was put off, goes first."""
    publish(app, tmp_path)
    arrive(app)
    dispatch(app, Broken(TransientFailure("451")), "one")  # type: ignore[arg-type] # see Broken
    with writing(app.engine) as c:
        c.execute(
            text(
                "INSERT INTO outbox (trip_id, advisory_id, letter, language, recipient, message_id, body,"
                " body_sha256, state, attempts, ambiguous, queued_at, next_at, last_reply)"
                " SELECT trip_id, advisory_id, 'reminder', language, recipient, '<second@x>', body,"
                " body_sha256, state, 0, 0, queued_at, queued_at, '' FROM outbox"
            )
        )
    count, next_at, _ = unsent(app).waiting
    assert count == 2
    assert next_at is not None
    assert next_at > clock.at


def test_what_was_given_up_is_named_until_a_later_letter_of_its_trip_was_sent(
    app: Application, tmp_path: Path, clock: Clock
) -> None:
    publish(app, tmp_path)
    reference = arrive(app)
    dispatch(app, Broken(PermanentFailure("550 at RCPT")), "one")  # type: ignore[arg-type] # see Broken
    found = unsent(app)
    (lost,) = found.lost
    assert (lost.trip, lost.letter, lost.reply) == (reference, "cleared", "550 at RCPT")
    assert found.lost_count == 1
    assert found.lost_since(clock.at)
    clock.pass_by(minutes=1)
    assert not unsent(app).lost_since(clock.at)
    arrive(app, LINE.replace(b"12 Dec", b"13 Dec"))
    assert unsent(app).lost_count == 1, "the later letter still waits"
    dispatch(app, Memory(), "one")
    assert unsent(app).lost_count == 0


def test_a_trial_of_writing_leaves_nothing_behind(app: Application) -> None:
    try_writing(app)
    with reading(app.engine) as c:
        assert c.scalar(text("SELECT count(*) FROM heartbeats")) == 0
        assert outbox.oldest_unsent(c) is None


@pytest.mark.parametrize("count", [25])
def test_of_many_the_newest_twenty_are_named(app: Application, count: int) -> None:
    for number in range(count):
        arrive(app, LINE.replace(b"XQZ4TR", f"XQZ4{number:02}".encode()))
    dispatch(app, Broken(PermanentFailure("550")), "one")  # type: ignore[arg-type] # see Broken
    found = unsent(app)
    assert (len(found.lost), found.lost_count) == (20, count)


def brought(app: Application) -> str:
    bring(app, table(row(1)))
    return "files"


def arrived(app: Application) -> str:
    at = app.clock()
    with writing(app.engine) as c:
        trip = trips.new_trip(c, contact="", language="en", at=at)
        trips.add_itinerary(c, trip.id, to_addis(app), original=None, position=0, at=at)
    return "journeys"


def queued(app: Application) -> str:
    arrive(app)
    return "letters"


@pytest.mark.parametrize("waits", [brought, arrived, queued])
def test_what_waits_while_nobody_works_is_named(
    app: Application, clock: Clock, waits: Callable[[Application], str]
) -> None:
    what = waits(app)
    assert health(app).neglected == (), "it has just come"
    clock.pass_by(minutes=6)
    assert health(app).neglected == (what,)
    assert health(app).is_worker_silent
    with writing(app.engine) as c:
        heartbeats.beat(c, "dispatch", clock())
    assert health(app).neglected == (), "somebody works"


def test_what_is_to_be_judged_again_waits_only_where_there_are_journeys(
    app: Application, clock: Clock, tmp_path: Path
) -> None:
    publish(app, tmp_path)
    clock.pass_by(minutes=6)
    assert health(app).neglected == (), "ratings were published, and nobody travels"
    arrive(app)
    dispatch(app, Memory(), "one")
    clock.pass_by(minutes=6)
    assert health(app).neglected == ("journeys",)
