"""Sending to the end over a real connection, while the mail server and the database misbehave."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

from tests.mail.servers import Server, patience_with, serving
from tests.services.conftest import Clock, publish
from tests.services.test_dispatch import LINE
from travelrisk.domain.errors import StoreError
from travelrisk.intake.document import Document
from travelrisk.mail.smtp import Smtp
from travelrisk.mail.transport import Memory
from travelrisk.services.application import Application
from travelrisk.services.letters.dispatch import LEASE, Dispatched, dispatch
from travelrisk.services.letters.undelivered import sweep, waiting
from travelrisk.services.trips.receiving import receive
from travelrisk.store import audit, outbox
from travelrisk.store.database import reading
from travelrisk.store.outbox import Sending


@pytest.fixture
def app(app: Application, tmp_path: Path) -> Application:
    """Give a service with a warning in its outbox."""
    publish(app, tmp_path, "not_recommended")
    list(receive(app, Document(LINE), recipient="alice@example.org"))
    return app


def letter(app: Application) -> Sending:
    with reading(app.engine) as c:
        (found,) = outbox.of_trip(c, 1)
    return found


def send(app: Application, port: int, fault: str = "") -> Dispatched:
    return dispatch(app, Smtp("127.0.0.1", port, tls="none", patience=patience_with(fault)), "one")


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        ("greeting", "421 4.3.2 closing"),
        ("mail", "451 4.3.0 later"),
        ("rcpt", "450 4.2.0 greylisted, come again"),
        ("no-354", "452 4.3.1 full"),
        ("data", "451 4.3.0 try again"),
        ("hang-rcpt", ""),
        ("drop-rcpt", ""),
    ],
)
def test_what_passes_is_tried_again_and_arrives_once(
    app: Application, clock: Clock, fault: str, answer: str
) -> None:
    server = Server(fault, answer)
    with serving(server) as port:
        assert send(app, port, fault) == Dispatched(retried=1)
        assert send(app, port) == Dispatched(), "not before its time"
        server.fault = server.answer = ""
        clock.pass_by(seconds=76)
        assert send(app, port) == Dispatched(sent=1)
    assert len(server.accepted) == 1
    assert (letter(app).state, letter(app).ambiguous) == ("sent", 0)
    assert sweep(app) == 0


@pytest.mark.parametrize(
    ("fault", "answer"), [("rcpt", "550 5.1.1 alice@example.org unknown"), ("data", "554 5.6.0 no")]
)
def test_what_is_refused_is_told_to_somebody(app: Application, fault: str, answer: str) -> None:
    server = Server(fault, answer)
    with serving(server) as port:
        assert send(app, port) == Dispatched(dead=1)
        assert sweep(app) == 1
        (untold,) = waiting(app)
        assert untold.task.reply.startswith(answer[:3])
        assert "example.org" not in untold.task.reply
        server.fault = server.answer = ""
        assert send(app, port) == Dispatched(sent=1), "the letter about it"
    assert server.recipients == [[app.policy.policy.focal_point.email]]


@pytest.mark.parametrize("fault", ["hang-dot", "drop-after-dot"])
def test_what_may_have_arrived_goes_again_as_the_same_message(
    app: Application, clock: Clock, fault: str
) -> None:
    server = Server(fault)
    with serving(server) as port:
        assert send(app, port, fault) == Dispatched(retried=1)
        server.fault = ""
        clock.pass_by(minutes=2)
        assert send(app, port) == Dispatched(sent=1)
    first, second = server.accepted
    assert first == second
    assert letter(app).ambiguous == 1


def test_a_relay_that_is_down_for_hours_gets_everything_when_it_is_back(
    app: Application, clock: Clock
) -> None:
    server = Server("greeting", "421 4.3.2 not now")
    with serving(server) as port:
        for _ in range(18):
            send(app, port)
            clock.pass_by(minutes=20)
        server.fault = server.answer = ""
        assert send(app, port) == Dispatched(sent=1)
    assert letter(app).attempts == 19
    assert len(server.accepted) == 1


@contextmanager
def full(app: Application, first: int) -> Iterator[Callable[[], int]]:
    """Let the disk be full from the *first*-th statement on; yields how many there were."""
    count = 0

    def refuse(*_: object) -> None:
        nonlocal count
        count += 1
        if count >= first:
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error

    event.listen(app.engine, "before_cursor_execute", refuse)
    try:
        yield lambda: count
    finally:
        event.remove(app.engine, "before_cursor_execute", refuse)


def test_a_full_disk_at_any_statement_loses_nothing_and_doubles_nothing_unnoticed(
    app: Application, clock: Clock, database_url: str
) -> None:
    """The disk is full from the first statement on, then from the second on ... until it all ends clean."""
    if not database_url.startswith("sqlite"):
        pytest.skip("the error is SQLite's")
    transport, at = Memory(), 0
    broken: list[str] = []
    while letter(app).state != "sent":
        at += 1
        with full(app, at):
            try:
                dispatch(app, transport, f"worker {at}")
            except StoreError as error:
                broken.append(str(error))
        assert letter(app).state in {"queued", "leased", "sent"}
        clock.at += LEASE
        clock.pass_by(seconds=1)
    assert len(broken) > 8
    assert all("full" in each for each in broken)
    assert {message for message, _, _ in transport.sent} == {transport.sent[0][0]}
    assert len(transport.sent) - 1 <= letter(app).ambiguous
    with reading(app.engine) as c:
        assert audit.verify(c).ok
