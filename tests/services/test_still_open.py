"""Reminders to travellers: one at each step before departure, and never beside a newer letter."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection

from tests.services.conftest import Clock, publish
from tests.services.test_health import Broken
from tests.store.test_database import at_once
from travelrisk.domain.deadlines import Notices
from travelrisk.domain.errors import StoreError
from travelrisk.intake.document import Document
from travelrisk.mail.transport import Memory, TransientFailure
from travelrisk.services.application import Application
from travelrisk.services.letters.dispatch import GIVEN_UP_AT, dispatch
from travelrisk.services.trips.receiving import Received, receive
from travelrisk.services.watch.still_open import remind_travellers
from travelrisk.store import advisories, audit, outbox, trips
from travelrisk.store.database import reading, transact

BOOKED = "Record locator: XQZ4TR\nET707 FRA ADD {} operated by Ethiopian Airlines"
DEPARTS = datetime(2026, 12, 12, tzinfo=UTC)


def arrive(app: Application, when: str = "12 Dec", recipient: str = "alice@example.org") -> Received:
    """Receive a booking and send its letter."""
    (received,) = receive(app, Document(BOOKED.format(when).encode()), recipient=recipient)
    dispatch(app, Memory(), "one")
    return received


def letters(app: Application, received: Received) -> list[tuple[str, str]]:
    assert received.trip is not None
    with reading(app.engine) as c:
        return [(each.letter, each.state) for each in outbox.of_trip(c, received.trip.id)]


def days_before(days: float) -> datetime:
    return DEPARTS - timedelta(days=days)


def told(app: Application, clock: Clock, until: datetime, **step: float) -> Iterator[datetime]:
    """Work until then as a worker does, and give each moment at which a reminder was written."""
    while clock.at < until:
        for _ in range(remind_travellers(app)):
            yield clock.at
        assert remind_travellers(app) == 0, "there is nothing left to say"
        dispatch(app, Memory(), "one")
        clock.pass_by(**step)


def test_each_step_is_told_once(app: Application, clock: Clock) -> None:
    received = arrive(app)
    moments = list(told(app, clock, days_before(-3), hours=5))
    assert [moment.date() for moment in moments] == [days_before(step).date() for step in (7, 3, 1)]
    assert letters(app, received) == [
        ("review", "sent"),
        ("still_open_7", "sent"),
        ("still_open_3", "sent"),
        ("still_open_1", "sent"),
    ]


def test_the_reminder_says_what_is_open_in_the_thread_and_language_of_the_trip(
    app: Application, clock: Clock
) -> None:
    sent = Memory()
    text = BOOKED.format("12 Dec").encode()
    list(receive(app, Document(text), recipient="alice@example.org", language="fr"))
    dispatch(app, sent, "one")
    clock.at = days_before(7)
    assert remind_travellers(app) == 1
    dispatch(app, sent, "one")
    first, second = (message_from_bytes(content) for content, *_ in sent.sent)
    assert second["X-Travelrisk-Letter"] == "still_open"
    assert second["In-Reply-To"] == first["Message-ID"]
    assert second["Content-Language"] == "fr"
    assert second["List-Unsubscribe"] is None, "it is not optional"
    words = _text(second)
    for part in ("Départ : sam. 12 déc. 2026.", "Il faut une décision avant", "Qui décide", "non évalué"):
        assert part in words


def _text(message: Message) -> str:
    (plain, _) = message.walk() if not message.is_multipart() else tuple(message.walk())[1:]
    content = plain.get_payload(decode=True)
    assert isinstance(content, bytes)
    return " ".join(content.decode().split())


def test_what_is_cleared_is_not_reminded_of(app: Application, clock: Clock, tmp_path: Path) -> None:
    publish(app, tmp_path)
    received = arrive(app)
    assert list(told(app, clock, days_before(-3), hours=12)) == []
    assert letters(app, received) == [("cleared", "sent")]


def test_what_is_not_cleared_is(app: Application, clock: Clock, tmp_path: Path) -> None:
    publish(app, tmp_path, "not_recommended")
    received = arrive(app)
    assert len(list(told(app, clock, days_before(-3), hours=12))) == 3
    assert letters(app, received)[0] == ("not_cleared", "sent")


def test_a_step_that_had_passed_when_the_booking_came_is_none(app: Application, clock: Clock) -> None:
    clock.at = days_before(4.5)
    arrive(app)
    moments = [moment.date() for moment in told(app, clock, days_before(-3), hours=5)]
    assert moments == [days_before(3).date(), days_before(1).date()]


def test_nobody_is_written_to_twice_within_a_day(app: Application, clock: Clock) -> None:
    clock.at = days_before(3) - timedelta(hours=1)
    arrive(app)
    a_day_later = days_before(3) + timedelta(hours=23)
    assert list(told(app, clock, a_day_later, hours=3)) == []
    clock.at = a_day_later - timedelta(seconds=1)
    assert remind_travellers(app) == 0
    clock.at = a_day_later
    (second, third) = told(app, clock, days_before(-3), hours=5)
    assert second == a_day_later
    assert third.date() == days_before(1).date()


def test_a_letter_that_still_waits_is_waited_for(app: Application, clock: Clock) -> None:
    list(receive(app, Document(BOOKED.format("12 Dec").encode()), recipient="alice@example.org"))
    clock.at = days_before(7)
    assert remind_travellers(app) == 0
    dispatch(app, Memory(), "one")
    assert remind_travellers(app) == 0, "it went out within a day, and since the step came"
    clock.at = days_before(3)
    assert remind_travellers(app) == 1


def test_a_reminder_does_not_wait_behind_another_one(app: Application, clock: Clock) -> None:
    received = arrive(app)
    clock.at = days_before(7)
    assert remind_travellers(app) == 1
    clock.at = days_before(3)
    assert remind_travellers(app) == 0, "the first one is still to be sent"
    for _ in range(GIVEN_UP_AT):
        clock.pass_by(hours=1)
        dispatch(app, Broken(TransientFailure("451 at RCPT")), "one")  # type: ignore[arg-type] # see Broken
    assert letters(app, received)[-1] == ("still_open_7", "dead")
    assert remind_travellers(app) == 1


def test_a_newer_verdict_outdates_a_reminder_that_waits(
    app: Application, clock: Clock, tmp_path: Path
) -> None:
    received = arrive(app)
    clock.at = days_before(7)
    assert remind_travellers(app) == 1
    publish(app, tmp_path)
    (changed,) = receive(app, Document(BOOKED.format("13 Dec").encode()), recipient="alice@example.org")
    assert changed.trip is not None
    assert received.trip is not None
    assert changed.trip.id == received.trip.id
    assert letters(app, received) == [
        ("review", "sent"),
        ("still_open_7", "superseded"),
        ("cleared", "queued"),
    ]
    assert remind_travellers(app) == 0


def test_another_booking_has_its_own_steps(app: Application, clock: Clock) -> None:
    received = arrive(app)
    clock.at = days_before(7)
    assert remind_travellers(app) == 1
    dispatch(app, Memory(), "one")
    arrive(app, "20 Dec")
    assert [m.date().day for m in told(app, clock, days_before(-10), hours=6)] == [13, 17, 19]
    names = [name for name, _ in letters(app, received)]
    assert names == ["review", "still_open_7", "review", "still_open_7", "still_open_3", "still_open_1"]


@pytest.mark.parametrize("when", ["12 Dec", "12 Dec 10:00"])
def test_what_has_departed_is_past(app: Application, clock: Clock, when: str) -> None:
    arrive(app, when)
    clock.at = DEPARTS + timedelta(days=2)
    assert remind_travellers(app) == 0


def test_until_it_has_surely_departed_it_is_not_past(app: Application, clock: Clock) -> None:
    arrive(app)
    clock.at = DEPARTS + timedelta(hours=20)
    assert remind_travellers(app) == 1


def test_a_worker_that_was_down_reminds_of_the_nearest_step_alone(app: Application, clock: Clock) -> None:
    received = arrive(app)
    clock.at = days_before(2)
    assert remind_travellers(app) == 1
    assert letters(app, received)[-1] == ("still_open_3", "queued")


def test_a_clock_that_is_set_back_repeats_nothing(app: Application, clock: Clock) -> None:
    arrive(app)
    clock.at = days_before(2)
    assert remind_travellers(app) == 1
    dispatch(app, Memory(), "one")
    for days in (6, 4, 2.5):
        clock.at = days_before(days)
        assert remind_travellers(app) == 0
    clock.at = days_before(1)
    assert remind_travellers(app) == 1


@pytest.mark.parametrize(
    ("night", "departs"),
    [
        (datetime(2027, 3, 28, tzinfo=UTC), "31 Mar 2027"),
        (datetime(2026, 10, 25, tzinfo=UTC), "28 Oct 2026"),
    ],
)
def test_the_night_in_which_the_clocks_change_tells_once(
    app: Application, clock: Clock, night: datetime, departs: str
) -> None:
    clock.at = night - timedelta(days=40)
    arrive(app, departs)
    clock.at = night - timedelta(hours=2)
    moments = []
    for _ in range(30):
        clock.at = clock.at.astimezone(ZoneInfo("Europe/Zurich")).astimezone(UTC)
        moments += [clock.at] * remind_travellers(app)
        dispatch(app, Memory(), "one")
        clock.pass_by(hours=1)
    # The step of seven days, which a worker that was down had missed, and a day later that of three.
    assert moments == [night - timedelta(hours=2), night + timedelta(hours=22)]


def test_two_workers_remind_once(app: Application, clock: Clock) -> None:
    received = arrive(app)
    clock.at = days_before(7)
    together, done = Barrier(2, timeout=20), list[int]()

    def work() -> None:
        together.wait()
        done.append(remind_travellers(app))

    at_once(work, work)
    assert sorted(done) == [0, 1]
    assert letters(app, received) == [("review", "sent"), ("still_open_7", "queued")]


def test_a_worker_that_dies_while_it_writes_leaves_the_step_to_the_next(
    app: Application, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    received = arrive(app)
    clock.at = days_before(7)

    def fails(*_: object, **__: object) -> int:
        raise StoreError("the power went")

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "queue", fails)
        with pytest.raises(StoreError):
            remind_travellers(app)
    assert remind_travellers(app) == 1
    assert letters(app, received)[-1] == ("still_open_7", "queued")


def test_a_booking_that_is_not_judged_yet_waits_for_its_answer(app: Application, clock: Clock) -> None:
    received = arrive(app)
    assert received.trip is not None
    assert received.itinerary is not None
    clock.at = days_before(7)
    changed = replace(received.itinerary, unread=("something",))
    with app.engine.begin() as c:
        trips.add_itinerary(c, received.trip.id, changed, original=None, position=0, at=clock.at)
    assert remind_travellers(app) == 0


def test_nobody_can_be_reminded_without_an_address(app: Application, clock: Clock) -> None:
    arrive(app, recipient="")
    clock.at = days_before(1)
    assert remind_travellers(app) == 0


def test_a_policy_may_remind_nobody(app: Application, clock: Clock) -> None:
    arrive(app)
    policy = replace(app.policy.policy, notices=Notices(before_departure_days=()))
    clock.at = days_before(1)
    assert remind_travellers(replace(app, policy=replace(app.policy, policy=policy))) == 0


def test_a_reminder_withdrawn_by_an_answer_without_a_letter_is_written_again(
    app: Application, clock: Clock
) -> None:
    received = arrive(app)
    clock.at = days_before(7)
    assert remind_travellers(app) == 1
    withdrawn(app, received)
    assert letters(app, received)[-1] == ("still_open_7", "superseded")
    assert remind_travellers(app) == 1
    assert remind_travellers(app) == 0, "it waits"
    assert letters(app, received)[-1] == ("still_open_7", "queued")
    dispatch(app, Memory(), "one")
    assert remind_travellers(app) == 0, "it is out"
    clock.pass_by(days=2)
    assert remind_travellers(app) == 0


def test_two_workers_write_a_withdrawn_reminder_again_once(app: Application, clock: Clock) -> None:
    received = arrive(app)
    clock.at = days_before(7)
    remind_travellers(app)
    withdrawn(app, received)
    begin = Barrier(2)

    written: list[int] = []

    def remind() -> None:
        begin.wait()
        written.append(remind_travellers(app))

    at_once(remind, remind)
    assert sorted(written) == [0, 1]


def withdrawn(app: Application, received: Received) -> None:
    """Judge the trip anew with the same verdict and no letter, as when its reasons alone have changed."""
    assert received.trip is not None
    with reading(app.engine) as c:
        before = advisories.newest(c, received.trip.id)
    assert before is not None

    def anew(c: Connection) -> None:
        assert received.trip is not None
        at, subject = app.clock(), f"itinerary:{before.itinerary_id}"
        number = advisories.record(
            c,
            trip_id=received.trip.id,
            itinerary_id=before.itinerary_id,
            advisory=before.advisory,
            policy_sha256=before.policy_sha256,
            audit_seq=audit.append(
                c, kind="advisory.recorded", actor="worker", at=at, subject=subject, body={}
            ),
        )
        outbox.supersede(c, [received.trip.id], [number], at)

    transact(app.engine, anew)
