"""Letters leave once, in order, and only while they state the newest verdict."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.services.conftest import Clock, publish
from travelrisk.intake.document import Document
from travelrisk.mail.transport import Memory, PermanentFailure, Sent, TransientFailure, Withheld
from travelrisk.services.application import Application
from travelrisk.services.letters import dispatch as dispatching
from travelrisk.services.letters.dispatch import (
    GIVEN_UP_AFTER,
    GIVEN_UP_AT,
    LEASE,
    Dispatched,
    dispatch,
    pause,
)
from travelrisk.services.trips.receiving import Received, receive
from travelrisk.store import outbox
from travelrisk.store.database import reading, transact

LINE = b"ET707 FRA ADD 12 Dec operated by Ethiopian Airlines"


class Failing(Memory):
    """Raises what it is given, once for each; then it sends."""

    def __init__(self, *failures: Exception) -> None:
        super().__init__()
        self.failures = list(failures)

    def send(
        self, message: bytes, sender: str, recipient: str, before_body: Callable[[], bool]
    ) -> Sent | Withheld:
        """Fail, or keep the letter."""
        if self.failures:
            raise self.failures.pop(0)
        return super().send(message, sender, recipient, before_body)


@pytest.fixture
def trip(app: Application, tmp_path: Path) -> Received:
    publish(app, tmp_path)
    (received,) = receive(app, Document(LINE), recipient="alice@example.org")
    return received


def states(app: Application, received: Received) -> list[str]:
    assert received.trip is not None
    with reading(app.engine) as c:
        return [letter.state for letter in outbox.of_trip(c, received.trip.id)]


def test_a_letter_is_sent_once(app: Application, trip: Received) -> None:
    transport = Memory()
    assert dispatch(app, transport, "one") == Dispatched(sent=1)
    assert dispatch(app, transport, "two") == Dispatched()
    ((message, sender, recipient),) = transport.sent
    assert (sender, recipient) == ("travelrisk@example.org", "alice@example.org")
    assert b"Subject: [Cleared] ET 707 FRA-ADD" in message
    assert states(app, trip) == ["sent"]


def test_a_transient_failure_is_tried_again_with_the_same_bytes(
    app: Application, trip: Received, clock: Clock
) -> None:
    transport = Failing(TransientFailure("451"))
    assert dispatch(app, transport, "one") == Dispatched(retried=1)
    assert dispatch(app, transport, "one") == Dispatched()
    clock.pass_by(minutes=5)
    assert dispatch(app, transport, "one") == Dispatched(sent=1)
    assert states(app, trip) == ["sent"]


def test_a_permanent_failure_is_given_up_for_a_person_to_see(app: Application, trip: Received) -> None:
    assert dispatch(app, Failing(PermanentFailure("550")), "one") == Dispatched(dead=1)
    assert states(app, trip) == ["dead"]


def test_a_letter_that_fails_for_a_day_is_given_up(app: Application, trip: Received, clock: Clock) -> None:
    """Not at once, where nobody worked for days: the mail server may only be gone for a moment."""
    clock.at += GIVEN_UP_AFTER
    for _ in range(GIVEN_UP_AT - 1):
        clock.pass_by(hours=1)
        assert dispatch(app, Failing(TransientFailure("451")), "one") == Dispatched(retried=1)
    clock.pass_by(hours=1)
    assert dispatch(app, Failing(TransientFailure("451")), "one") == Dispatched(dead=1)
    assert states(app, trip) == ["dead"]


def test_a_worker_that_falls_silent_loses_nothing(app: Application, trip: Received, clock: Clock) -> None:
    claimed = transact(app.engine, lambda c: outbox.claim(c, owner="silent", now=app.clock(), lease=LEASE))
    assert claimed is not None
    transport = Memory()
    assert dispatch(app, transport, "other") == Dispatched()
    clock.at += LEASE
    clock.pass_by(seconds=1)
    assert dispatch(app, transport, "other") == Dispatched(sent=1)
    assert states(app, trip) == ["sent"]


def test_a_stale_clearance_is_never_sent_after_a_worse_verdict(
    app: Application, trip: Received, clock: Clock, tmp_path: Path
) -> None:
    """The newer verdict is recorded while the older letter is on its way to the server."""
    publish(app, tmp_path, "not_recommended")

    class Overtaken(Memory):
        def send(
            self, message: bytes, sender: str, recipient: str, before_body: Callable[[], bool]
        ) -> Sent | Withheld:
            if not self.sent and clock.at.year == 2026:
                clock.at = clock.at.replace(year=2027)
                list(receive(app, Document(LINE), recipient="alice@example.org"))
            return super().send(message, sender, recipient, before_body)

    transport = Overtaken()
    assert dispatch(app, transport, "one") == Dispatched(sent=1, withheld=1)
    ((message, _, _),) = transport.sent
    assert b"[Not cleared]" in message
    assert states(app, trip) == ["superseded", "sent"]


def test_an_ambiguous_failure_is_counted(app: Application, trip: Received, clock: Clock) -> None:
    dispatch(app, Failing(TransientFailure("lost", ambiguous=True)), "one")
    clock.pass_by(minutes=30)
    dispatch(app, Memory(), "one")
    assert trip.trip is not None
    with reading(app.engine) as c:
        (letter,) = outbox.of_trip(c, trip.trip.id)
    assert (letter.state, letter.ambiguous, letter.attempts) == ("sent", 1, 2)


def test_a_crash_of_the_transport_leaves_the_letter_for_the_next_one(
    app: Application, trip: Received, clock: Clock
) -> None:
    with pytest.raises(RuntimeError):
        dispatch(app, Failing(RuntimeError("bug")), "one")
    clock.at += dispatching.LEASE
    clock.pass_by(seconds=1)
    assert dispatch(app, Memory(), "two") == Dispatched(sent=1)
    assert states(app, trip) == ["sent"]


def test_pauses_grow_to_a_quarter_of_an_hour() -> None:
    seconds = [pause(attempts).total_seconds() for attempts in range(1, 12)]
    assert 45 <= seconds[0] <= 75
    assert all(each <= 15 * 60 * 1.25 for each in seconds)
    assert min(seconds[-3:]) >= 15 * 60 * 0.75
