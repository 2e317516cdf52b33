"""Mails come in: a question is answered, a booking becomes a trip of its sender."""

from pathlib import Path

import pytest

from tests.services.conftest import Clock, publish
from tests.services.mailboxes import BOOKING, CHANGED, answering, box, count, only_trip, poll, sent, words
from tests.unit.intake.mails import NOON, mail
from tests.unit.intake.test_senders import FORGED
from travelrisk.intake.document import Document
from travelrisk.intake.mailbox.waiting import Message
from travelrisk.services.application import Application
from travelrisk.services.mailbox import polling
from travelrisk.services.trips.receiving import receive
from travelrisk.store import advisories, trips
from travelrisk.store.database import reading

BOB = "From: Bob <bob@un.example>"


@pytest.fixture
def rated(app: Application, tmp_path: Path) -> Application:
    publish(app, tmp_path)
    return answering(app)


# --- questions ----------------------------------------------------------------------------------------------


def test_a_question_is_answered_in_short_and_nothing_is_stored_as_a_trip(rated: Application) -> None:
    polled = poll(rated, mail())
    assert polled.kinds == {"question": 1}
    assert (count(rated, "trips"), count(rated, "originals"), count(rated, "answers")) == (0, 0, 1)
    (letter,) = sent(rated)
    assert letter["X-To"] == letter["To"] == "alice@un.example"
    assert letter["Subject"].startswith("[Cleared] ET 707 FRA-ADD, 12 Dec 2026")
    assert letter["Auto-Submitted"] == "auto-replied"
    assert letter["In-Reply-To"] == "<m1@un.example>"
    assert letter.get_content_type() == "text/plain"
    assert len(words(letter).encode()) < 2000
    assert "https://travelrisk.example.org/check?q=ET707+FRA+ADD" in words(letter)


def test_a_question_may_stand_in_the_subject_alone(rated: Application) -> None:
    polled = poll(rated, mail("", subject="ET707 FRA ADD 12 Dec operated by Ethiopian Airlines"))
    assert polled.kinds == {"question": 1}
    assert "[Cleared]" in sent(rated)[0]["Subject"]


def test_the_answer_is_in_the_language_of_the_mail(rated: Application) -> None:
    poll(rated, mail(more="Content-Language: fr-FR"))
    (letter,) = sent(rated)
    assert letter["Content-Language"] == "fr"
    assert "Vous pouvez acheter ce billet" in words(letter)


@pytest.mark.threat(24)
def test_the_answer_never_goes_to_another_address_than_the_one_that_is_vouched_for(
    rated: Application,
) -> None:
    poll(
        rated,
        mail(more="Reply-To: mallory@evil.example\r\nSender: mallory@evil.example\r\nCc: bob@un.example"),
    )
    (letter,) = sent(rated)
    assert "mallory" not in letter.as_string()
    assert letter["X-To"] == "alice@un.example"


def test_an_answer_that_a_new_edition_outdates_does_not_go_and_is_written_anew(
    rated: Application, tmp_path: Path
) -> None:
    poll(rated, mail())
    publish(rated, tmp_path, "not_recommended")
    assert sent(rated) == []
    polling.poll(rated, box(), "w1")
    (letter,) = sent(rated)
    assert letter["Subject"].startswith("[Not cleared]")


# --- bookings -----------------------------------------------------------------------------------------------


def test_a_booking_becomes_a_trip_of_its_sender(rated: Application) -> None:
    polled = poll(rated, mail(BOOKING))
    assert polled.kinds == {"itinerary": 1}
    only_trip(rated)
    (letter,) = sent(rated)
    assert (letter["X-To"], letter["X-Travelrisk-Letter"]) == ("alice@un.example", "cleared")
    assert count(rated, "answers") == 0


def test_a_changed_booking_of_the_contact_replaces_it(rated: Application) -> None:
    poll(rated, mail(BOOKING))
    poll(rated, mail(CHANGED, message_id="<m2@un.example>"))
    with reading(rated.engine) as c:
        assert len(trips.history(c, only_trip(rated))) == 2


@pytest.mark.threat(24)
def test_no_forged_mail_changes_a_trip(rated: Application) -> None:
    poll(rated, mail(BOOKING))
    sent(rated)
    heads = [content.partition(b"\r\n\r\n")[0] for content in FORGED.values()]
    changed = CHANGED.replace("\n", "\r\n").encode()
    polled = polling.poll(rated, box(*(head + b"\r\n\r\n" + changed for head in heads[:50])), "w1")
    assert polled.failed == len(heads[:50])
    with reading(rated.engine) as c:
        assert len(trips.history(c, only_trip(rated))) == 1
        assert len(advisories.of_trip(c, only_trip(rated))) == 1
    assert (sent(rated), count(rated, "trips")) == ([], 1)


def test_a_colleague_who_sends_the_same_booking_gets_a_trip_of_their_own(rated: Application) -> None:
    poll(rated, mail(BOOKING))
    (letter,) = sent(rated)
    poll(rated, mail(CHANGED, sender=BOB, message_id="<m2@un.example>"))
    with reading(rated.engine) as c:
        assert len(trips.history(c, only_trip(rated))) == 1
    (other,) = sent(rated)
    assert other["X-To"] == "bob@un.example"
    assert letter["X-Travelrisk-Trip"] not in other.as_string()


def test_a_booking_that_came_by_another_way_is_named_and_not_judged_twice(
    rated: Application, clock: Clock
) -> None:
    content = mail(BOOKING)
    list(receive(rated, Document(content, "trip.eml"), recipient="alice@un.example"))
    assert len(sent(rated)) == 1
    clock.pass_by(minutes=5)
    poll(rated, content)
    (letter,) = sent(rated)
    assert letter["X-Travelrisk-Letter"] == "received"
    assert "https://travelrisk.example.org/trips/" in words(letter)
    assert "leared" not in words(letter)


def test_a_message_that_had_made_a_trip_of_somebody_else_shows_nothing_of_it(rated: Application) -> None:
    content = mail(BOOKING)
    list(receive(rated, Document(content, "trip.eml"), recipient="bob@un.example"))
    sent(rated)
    polled = poll(rated, content)
    assert polled.kinds == {"somebody_elses": 1}
    assert sent(rated) == []


def test_what_cannot_be_read_is_said_and_put_aside(rated: Application) -> None:
    polled = poll(rated, mail("Could you please book me something nice?"))
    assert (polled.kinds, polled.failed) == ({"unreadable": 1}, 1)
    (letter,) = sent(rated)
    assert "This is not a clearance" in words(letter)
    (aside,) = polling.failed(rated)
    assert aside.sender == "alice@un.example"
    assert aside.content is not None


def test_a_message_that_was_too_large_to_fetch_is_answered(rated: Application) -> None:
    head = mail().partition(b"\r\n\r\n")[0]
    problem = "The document has 60.0 MB; up to 10 MB are read: send the itinerary alone"
    waiting = box()
    waiting.messages = [Message("0", head, NOON, problem=problem)]
    assert polling.poll(rated, waiting, "w1").kinds == {"unreadable": 1}
    assert "60.0 MB" in words(sent(rated)[0])


def test_a_file_without_a_sender_goes_to_the_travellers_in_it(rated: Application) -> None:
    table = (
        b"Traveller,E-mail,Flight,From,To,Date,Operated by\r\n"
        b"DOE/ALICE,alice@un.example,ET707,FRA,ADD,2026-12-12,Ethiopian Airlines\r\n"
    )
    waiting = box()
    waiting.messages = [Message("a", table, NOON, "agency.csv"), Message("b", b"nothing", NOON, "notes.txt")]
    assert polling.poll(rated, waiting, "w1").kinds == {"document": 1, "unreadable": 1}
    assert waiting.settled["a"] == ""
    assert "no flight" in waiting.settled["b"].lower()
    assert [each["X-To"] for each in sent(rated)] == ["alice@un.example"]
