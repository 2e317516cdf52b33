"""Checking without storing, the trip's page, and health."""

from pathlib import Path

import pytest
from sqlalchemy import event, text

from tests.services.conftest import Clock, publish
from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.itineraries import Outcome
from travelrisk.domain.verdicts import Verdict
from travelrisk.intake.document import Document
from travelrisk.mail.transport import Memory
from travelrisk.services import health
from travelrisk.services.application import Application
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.services.trips import story
from travelrisk.services.trips.checking import check, check_document
from travelrisk.services.trips.receiving import receive
from travelrisk.store.database import reading

LINE = "ET707 FRA ADD 12 Dec operated by Ethiopian Airlines"


def test_a_check_answers_and_stores_nothing(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path)
    (answer,) = check(app, LINE)
    assert answer.advisory is not None
    assert answer.advisory.verdict is Verdict.CLEARED
    with reading(app.engine) as c:
        for table in ("originals", "trips", "itineraries", "advisories", "outbox"):
            assert c.scalar(text(f"SELECT count(*) FROM {table}")) == 0  # noqa: S608 - names of this file


def test_a_check_asks_the_database_twice_at_most(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path)
    check(app, LINE)
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            asked.append(statement)

    event.listen(app.engine, "before_cursor_execute", note)
    check(app, LINE)
    assert len(asked) == 2, "how far the trail has come, and which edition is the newest"


@pytest.mark.parametrize("question", ["", "   ", "hello", "see you on 12 Dec", "\x00", "🛫"])
def test_nothing_understood_is_never_a_clearance(app: Application, question: str) -> None:
    answers = check(app, question)
    assert answers
    for answer in answers:
        assert answer.outcome is not Outcome.COMPLETE
        assert answer.advisory is None or answer.advisory.verdict >= Verdict.REVIEW
        assert answer.reason


# Letters of other alphabets that look like the ones of LINE, as the tables of confusables have them.
ALIKE = {
    "E": "\u0395\u0415\u13ac\u2d39\ua4f0",
    "T": "\u03a4\u0422\u13a2\ua4d4",
    "7": "\u07d0\u0667\u06f7",
    "0": "\u041e\u039f\u0660\u07c0\u0d66",
    "F": "\u03dc\u0492\ua4dd",
    "R": "\u042f\u13a1\ua4e3",
    "A": "\u0391\u0410\u13aa\ua4ee",
    "D": "\u13a0\ua4d3",
    "1": "\u0661\u04c0\u0406\u2d4f",
}


@pytest.mark.threat(34)
def test_a_letter_that_only_looks_right_clears_nothing(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path)
    head, _, operator = LINE.partition(" operated")
    for letter, others in ALIKE.items():
        for other in others:
            for place in (at for at, each in enumerate(head) if each == letter):
                answers = check(app, f"{head[:place]}{other}{head[place + 1 :]} operated{operator}")
                verdicts = [each.advisory.verdict for each in answers if each.advisory]
                assert all(verdict >= Verdict.REVIEW for verdict in verdicts), (letter, other, place)


def test_a_new_edition_is_seen_at_once(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path)
    assert check(app, LINE)[0].advisory is not None
    publish(app, tmp_path, "not_recommended")
    answer = check_document(app, Document(LINE.encode(), "trip.txt"))[0]
    assert answer.advisory is not None
    assert answer.advisory.verdict is Verdict.NOT_CLEARED


def test_a_trip_tells_its_story_newest_first(app: Application, tmp_path: Path, clock: Clock) -> None:
    publish(app, tmp_path)
    (received,) = receive(app, Document(LINE.encode()), recipient="alice@example.org")
    clock.pass_by(minutes=2)
    dispatch(app, Memory(), "worker")
    assert received.trip is not None
    seen = story.view(app, received.trip.token)
    assert [(entry.kind, entry.state) for entry in seen.entries] == [
        ("letter", "sent"),
        ("judged", ""),
        ("received", ""),
    ]
    assert seen.newest is not None
    assert seen.newest.advisory == received.advisory


@pytest.mark.parametrize("token", ["", "TR-7KQ2M9", "x" * 22, "' OR 1=1 --", "ü"])
def test_a_stranger_finds_no_trip(app: Application, tmp_path: Path, token: str) -> None:
    publish(app, tmp_path)
    (received,) = receive(app, Document(LINE.encode()), recipient="alice@example.org")
    assert received.trip is not None
    for tried in (token, received.trip.reference, received.trip.token[:-1]):
        with pytest.raises(NotFoundError, match="there is no such trip"):
            story.view(app, tried)


def test_health_counts_and_notices_a_silent_worker(app: Application, tmp_path: Path, clock: Clock) -> None:
    assert health.health(app).edition == 0
    publish(app, tmp_path)
    list(receive(app, Document(LINE.encode()), recipient="alice@example.org"))
    assert not health.health(app).is_worker_silent
    clock.pass_by(minutes=6)
    seen = health.health(app)
    assert seen.letters["queued"] == 1
    assert seen.verdicts[Verdict.CLEARED] == 1
    assert seen.is_worker_silent
    dispatch(app, Memory(), "worker")
    assert not health.health(app).is_worker_silent
    assert health.verify_audit(app).ok
    assert health.is_ready(app)
