"""Alive, ready, and how it is: figures, and nothing about people."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from tests.services.mailboxes import poll
from tests.services.watching import to_addis
from tests.unit.intake.mails import mail
from tests.web.conftest import Visitor
from travelrisk.mail.transport import Memory
from travelrisk.services.application import Application
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.store import trips, workers
from travelrisk.store.database import writing
from travelrisk.store.workers import Run
from travelrisk.web.app import create_app


def test_alive_says_that_and_nothing_else(visitor: Visitor) -> None:
    response = visitor.client.get("/healthz")
    assert (response.status_code, response.get_data(as_text=True)) == (200, "ok\n")
    assert response.mimetype == "text/plain"


def test_without_ratings_the_service_is_not_ready(empty_app: Application, pages: Flask) -> None:
    assert pages.test_client().get("/readyz").status_code == 200
    response = create_app(empty_app).test_client().get("/readyz")
    assert response.status_code == 503
    assert "travelrisk ratings import" in response.get_data(as_text=True)


def test_the_page_shows_how_it_is(token: str, visitor: Visitor) -> None:
    assert token
    page = visitor.get("/health")
    assert "edition 1 of 23 Nov 2026" in page.words
    assert "answers (sqlite)" in page.words
    assert "not seen yet" in page.words
    assert page.text("//th[.='Review needed']/following-sibling::td") == "1"
    assert "alice" not in page.words


def test_the_page_says_when_a_worker_was_last_seen(empty_app: Application) -> None:
    dispatch(empty_app, Memory(), "one")
    assert "last seen 23 Nov 2026, " in Visitor(create_app(empty_app)).get("/health").words


def test_the_page_speaks_of_an_empty_service_too(empty_app: Application) -> None:
    assert "There are no ratings yet." in Visitor(create_app(empty_app)).get("/health").words


def test_mails_that_were_put_aside_are_counted_and_nobody_is_named(empty_app: Application) -> None:
    assert "Mails received" not in Visitor(create_app(empty_app)).get("/health").words
    poll(empty_app, mail(top=""), mail(top="", message_id="<m2@un.example>"))
    page = Visitor(create_app(empty_app)).get("/health")
    assert "2 put aside for a person, 2 of them from unverified senders" in page.words
    assert "alice" not in page.words


def test_the_page_says_how_each_job_went_and_since_when_one_fails(empty_app: Application) -> None:
    at = empty_app.clock()
    with writing(empty_app.engine) as c:
        workers.beat(c, "host-7:1:ab", at, at)
        workers.note(c, Run("dispatch", "host-7:1:ab", at, 12, at + timedelta(seconds=5), "3 sent"))
        workers.note(c, Run("judge", "host-7:1:ab", at, 7, at, "", at, "alice@example.org is away"))
        workers.note(c, Run("reminders", "host-7:1:ab", at, 7, at - timedelta(hours=1), "0 written"))
        workers.note(c, Run("of another version", "host-7:1:ab", at, 7, at, "0 written"))
    page = Visitor(create_app(empty_app)).get("/health")
    row = "//th[.='{}']/following-sibling::td"
    sent = page.text(row.format("Send the letters"))
    assert sent.startswith("in order")
    assert sent.endswith(", in 12 ms")
    failing = page.text(row.format("Finish answers left unfinished"))
    assert failing.startswith("failing since 23 Nov 2026, ")
    assert page.text(row.format("Remind of what ends soon")).startswith("overdue")
    assert "workers running: 1; jobs failing: 1" in page.words
    assert not any(each in page.words for each in ("alice", "host-7", "another version"))


def test_the_page_says_that_the_clock_was_set_back(empty_app: Application) -> None:
    later = empty_app.clock() + timedelta(days=2)
    with writing(empty_app.engine) as c:
        workers.beat(c, "one", later, later)
    words = Visitor(create_app(empty_app)).get("/health").words
    assert "has been set back" in words
    assert "workers running: 0" in words


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        ("", "Letters, files or journeys wait"),
        ("/fr", "Des messages, des fichiers ou des voyages attendent"),
        ("/es", "Hay mensajes, archivos o viajes pendientes"),
    ],
)
def test_the_page_says_that_something_waits_and_nobody_works(
    empty_app: Application, prefix: str, words: str
) -> None:
    at = empty_app.clock()
    with writing(empty_app.engine) as c:
        trip = trips.new_trip(c, contact="", language="en", at=at)
        trips.add_itinerary(c, trip.id, to_addis(empty_app), original=None, position=0, at=at)
    assert words not in Visitor(create_app(empty_app)).get(f"{prefix}/health").words
    later = replace(empty_app, clock=lambda: at + timedelta(minutes=6))
    page = Visitor(create_app(later)).get(f"{prefix}/health")
    assert words in page.words
    assert "travelrisk worker" in page.words
    assert len(page.all("//li[contains(@class, 'tr-light--look')]")) == 3, "ratings, worker and jobs"
