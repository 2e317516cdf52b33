"""The contact of a trip answers our questions by mail: what is used, what is refused, and who may."""

from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.services.conftest import Clock, publish
from tests.services.mailboxes import answering, box, count, poll, reply_to, sent, words
from tests.services.test_whereabouts import HEIDI, book, states, write
from tests.unit.intake.mails import mail
from travelrisk.domain.itineraries import Basis, Itinerary
from travelrisk.domain.verdicts import Verdict
from travelrisk.services.application import Application
from travelrisk.services.mailbox import polling, stating
from travelrisk.services.trips import stating as trip_stating
from travelrisk.services.trips import understanding
from travelrisk.services.trips.judging import judge_waiting
from travelrisk.services.whereabouts.standing import State
from travelrisk.store import advisories, audit, notes, outbox, people, statements, trips
from travelrisk.store.database import reading, writing
from travelrisk.store.trips import Trip

ASKED = "Booking reference: ABC123\nPassenger: DOE/ALICE MRS\n\n{flight}\nPlease confirm.\nRegards\nAlice"
DAY = "ET 707 FRA ADD 05/12/2026 operated by Ethiopian Airlines"
PLACE = "ET 707 LON ADD 12 Dec 2026 operated by Ethiopian Airlines"
OPERATOR = "ET 707 FRA ADD 12 Dec 2026 operated by a partner airline"


@pytest.fixture
def rated(app: Application, tmp_path: Path) -> Application:
    publish(app, tmp_path)
    return answering(app)


def booked(app: Application, flight: str) -> EmailMessage:
    """Send a booking that leaves a question, and return the letter that asks it."""
    poll(app, mail(ASKED.format(flight=flight)))
    (letter,) = sent(app)
    assert letter["X-Travelrisk-Letter"] == "review"
    assert "\n1. " in words(letter)
    return letter


def newest(app: Application) -> tuple[Trip, Itinerary, Verdict]:
    with reading(app.engine) as c:
        ((trip, itinerary),) = trips.latest_of_contact(c, "alice@un.example", but_not_from="")
        advisory = advisories.newest(c, trip.id)
    assert advisory is not None
    return trip, itinerary, advisory.advisory.verdict


@pytest.mark.parametrize(
    ("flight", "answer", "language"),
    [
        (DAY, "1 = 5 December 2026", "en"),
        (DAY, "1: 5 décembre 2026", "fr"),
        (DAY, "1. 5 diciembre", "es"),
        (DAY, "Question 1: 2026-12-05", "en"),
    ],
)
def test_a_date_that_the_contact_states_settles_the_question(
    rated: Application, flight: str, answer: str, language: str
) -> None:
    letter = booked(rated, flight)
    polled = poll(rated, reply_to(letter, answer, more=f"Content-Language: {language}"))
    assert polled.kinds == {"statement": 1}
    _, itinerary, verdict = newest(rated)
    assert str(itinerary.segments[0].departs.day) == "2026-12-05"
    assert verdict is Verdict.CLEARED
    (answered,) = sent(rated)
    assert answered["X-Travelrisk-Letter"] == "cleared"
    assert answered["In-Reply-To"] == letter["Message-ID"]


def test_the_other_day_of_two_is_believed_as_well(rated: Application) -> None:
    poll(rated, reply_to(booked(rated, DAY), "1 = 12 May 2026"))
    _, itinerary, verdict = newest(rated)
    assert str(itinerary.segments[0].departs.day) == "2026-05-12"
    assert verdict is not Verdict.CLEARED  # that day is past


def test_an_airport_that_the_contact_states_is_judged(rated: Application) -> None:
    poll(rated, reply_to(booked(rated, PLACE), "1 = LHR"))
    _, itinerary, verdict = newest(rated)
    assert itinerary.segments[0].origin.code == "LHR"
    assert verdict is Verdict.REVIEW  # nobody has rated it
    assert not itinerary.questions


def test_an_operator_is_known_only_as_stated_by_the_traveller(rated: Application) -> None:
    poll(rated, reply_to(booked(rated, OPERATOR), "1 = Ethiopian Airlines"))
    _, itinerary, verdict = newest(rated)
    operating = itinerary.segments[0].operating
    assert operating.carrier is not None
    assert (operating.carrier.icao, operating.basis) == ("ETH", Basis.TRAVELLER)
    assert verdict is Verdict.CONDITIONAL
    (letter,) = sent(rated)
    told = " ".join(words(letter).split())
    assert "stated by the traveller, not by the booking" in told
    assert "provided Ethiopian Airlines (ET) flies it, as the traveller told us" in told


NOT_UNDERSTOOD = {
    DAY: (
        "1 = perhaps 5 December 2026",
        "1 = 6 December 2026",  # neither of the two days that the booking may mean
        "1 = 05/12/2026",
        "1 = 5 or 12 December",
        "1 = NBO",
        "1 = yes",
        "1 = 5 December 2026\n1 = 12 May 2026",
    ),
    PLACE: (
        "1 = London",
        "1 = NBO",  # no airport of London
        "1 = QQQ",
        "1 = LHR or LGW",
    ),
    OPERATOR: (
        "1 = I do not know, Ethiopian Airlines I think",
        "1 = not Ethiopian Airlines",
        "1 = another airline",
        "1 = No Such Air",
    ),
}


@pytest.mark.parametrize("flight", NOT_UNDERSTOOD, ids=["day", "place", "operator"])
def test_what_is_not_understood_is_said_and_changes_nothing(rated: Application, flight: str) -> None:
    letter = booked(rated, flight)
    before = newest(rated)
    for number, answer in enumerate(NOT_UNDERSTOOD[flight]):
        poll(rated, reply_to(letter, answer, message_id=f"<r{number}@un.example>"))
        assert newest(rated) == before, answer
        (told,) = sent(rated)
        assert told["X-Travelrisk-Letter"] == "not_understood", answer
        assert f"> {answer.splitlines()[0]}" in words(told)
        assert count(rated, "statements") == 0, answer


def test_a_reply_without_any_answer_is_told_so_and_kept_as_a_note(rated: Application) -> None:
    letter = booked(rated, DAY)
    polled = poll(rated, reply_to(letter, "Thank you, it is the fifth."))
    assert polled.kinds == {"note": 1}
    (told,) = sent(rated)
    assert "no numbered answer" in " ".join(words(told).split())
    trip, _, _ = newest(rated)
    with reading(rated.engine) as c:
        (note,) = notes.of_trip(c, trip.id)
        answered = next(each for each in outbox.of_trip(c, trip.id) if each.id == note.letter_id)
    assert answered.message_id == letter["Message-ID"]
    assert (note.author, note.text) == ("alice@un.example", "Thank you, it is the fifth.")


def test_some_answers_are_used_and_the_others_are_said(rated: Application) -> None:
    letter = booked(rated, "ET 707 LON ADD 05/12/2026 operated by Ethiopian Airlines")
    asked = [line for line in words(letter).splitlines() if line[:2] in {"1.", "2."}]
    place = next(line[0] for line in asked if "LON" in line)
    day = next(line[0] for line in asked if "LON" not in line)
    poll(rated, reply_to(letter, f"{day} = 5 Dec 2026\n{place} = somewhere in London"))
    _, itinerary, _ = newest(rated)
    assert {each.code for each in itinerary.questions} == {"airport_choice"}
    first, second = sent(rated)
    assert {first["X-Travelrisk-Letter"], second["X-Travelrisk-Letter"]} == {"review", "not_understood"}
    # What is still open is asked again, and an answer to that builds on the one before.
    review = next(each for each in (first, second) if each["X-Travelrisk-Letter"] == "review")
    poll(rated, reply_to(review, "1 = LHR", message_id="<r2@un.example>"))
    _, itinerary, _ = newest(rated)
    assert (str(itinerary.segments[0].departs.day), itinerary.segments[0].origin.code) == (
        "2026-12-05",
        "LHR",
    )
    assert not itinerary.questions


def test_an_answer_to_a_letter_that_was_replaced_is_not_applied(rated: Application) -> None:
    letter = booked(rated, DAY)
    poll(rated, mail(ASKED.format(flight=DAY.replace("05/12", "06/12")), message_id="<m2@un.example>"))
    sent(rated)
    before = newest(rated)
    poll(rated, reply_to(letter, "1 = 5 December 2026"))
    assert newest(rated) == before
    (told,) = sent(rated)
    assert "A newer message has replaced" in words(told)


def test_only_the_contact_may_answer(rated: Application) -> None:
    letter = booked(rated, DAY)
    before = newest(rated)
    poll(rated, reply_to(letter, "1 = 5 December 2026", sender="From: Bob <bob@un.example>"))
    (told,) = sent(rated)
    assert (told["X-To"], told["X-Travelrisk-Letter"]) == ("bob@un.example", "unreadable")
    poll(rated, reply_to(letter, "1 = 5 December 2026", top="", message_id="<r2@un.example>"))
    assert sent(rated) == []
    assert newest(rated) == before
    assert (count(rated, "statements"), count(rated, "notes")) == (0, 0)


def test_a_new_booking_in_a_reply_arrives_without_what_is_quoted(rated: Application) -> None:
    letter = booked(rated, DAY)
    changed = ASKED.format(flight=DAY.replace("05/12/2026", "14 Dec 2026"))
    polled = poll(rated, reply_to(letter, f"The booking has changed:\n{changed}"))
    assert polled.kinds == {"itinerary": 1}
    trip, itinerary, verdict = newest(rated)
    assert (len(itinerary.segments), str(itinerary.segments[0].departs.day)) == (1, "2026-12-14")
    assert verdict is Verdict.CLEARED
    with reading(rated.engine) as c:
        assert len(notes.of_trip(c, trip.id)) == 1


def test_a_kill_after_the_answer_was_applied_changes_nothing(
    rated: Application, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(BaseException):
        """Stands for a kill."""

    def killed(*_: object) -> None:
        raise KilledError

    content = reply_to(booked(rated, DAY), "1 = 5 December 2026")
    for module, place in ((trip_stating, "judge"), (stating, "Answered")):
        with monkeypatch.context() as patch:
            patch.setattr(module, place, killed)
            with pytest.raises(KilledError):
                polling.poll(rated, box(content), "w1")
        clock.pass_by(minutes=11)
    judge_waiting(rated)  # the job that finishes what was stored
    assert poll(rated, content).kinds == {"statement": 1}
    assert len(sent(rated)) == 1
    trip, _, verdict = newest(rated)
    assert verdict is Verdict.CLEARED
    with reading(rated.engine) as c:
        versions = trips.origins(c, trip.id)
        assert len(versions) == 2
        (said,) = statements.of_itinerary(c, versions[-1].itinerary_id)
        assert (said.code, said.value) == ("day_month", "5 December 2026")
        assert audit.verify(c).ok
        assert outbox.counts(c)["queued"] == 0


def test_where_the_document_reads_otherwise_today_nothing_is_guessed(
    rated: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = booked(rated, DAY)
    before = newest(rated)
    real = understanding.drafts_of
    monkeypatch.setattr(
        trip_stating, "drafts_of", lambda document: (replace(each, locators=()) for each in real(document))
    )
    poll(rated, reply_to(letter, "1 = 5 December 2026"))
    assert newest(rated) == before
    assert sent(rated)[0]["X-Travelrisk-Letter"] == "not_understood"


def test_a_reply_to_a_message_of_the_travel_unit_is_for_a_person_and_counts_for_nothing(
    rated: Application,
) -> None:
    """Whoever writes that they are not safe writes the word too: no program decides that."""
    with writing(rated.engine) as c:
        people.add(c, HEIDI, at=rated.clock())
    trip = book(rated, "Alice", contact="alice@un.example")
    number = write(rated)
    (letter,) = sent(rated)
    poll(rated, reply_to(letter, "I am not safe. Room 12."))
    with reading(rated.engine) as c:
        assert [each.text for each in notes.of_trip(c, trip.id)] == ["I am not safe. Room 12."]
        assert len(trips.history(c, trip.id)) == 1
    assert [each.kind for each in polling.failed(rated)] == ["note"]
    assert set(states(rated, number).values()) == {State.SILENT}
    assert sent(rated) == [], "nobody is told that it was not understood"
