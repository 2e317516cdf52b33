"""Our own letters and calendars come back by mail: nothing is read from them, and nobody learns of others."""

from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.services.conftest import publish
from tests.services.mailboxes import (
    BOOKING,
    CHANGED,
    answering,
    count,
    only_trip,
    poll,
    reply_to,
    sent,
    words,
)
from tests.unit.intake.mails import VOUCHED, mail
from travelrisk.domain.verdicts import Verdict
from travelrisk.intake.document import Document
from travelrisk.services.application import Application
from travelrisk.services.mailbox import polling
from travelrisk.services.trips.checking import check_document
from travelrisk.store import advisories, trips
from travelrisk.store.database import reading

BOB = "Bob <bob@un.example>"


@pytest.fixture
def rated(app: Application, tmp_path: Path) -> Application:
    publish(app, tmp_path)
    return answering(app)


@pytest.fixture
def letter(rated: Application) -> EmailMessage:
    """Give the letter that cleared Alice's trip; her calendar of it is attached."""
    poll(rated, mail(BOOKING))
    (cleared,) = sent(rated)
    assert cleared["X-Travelrisk-Letter"] == "cleared"
    del cleared["X-To"]
    return cleared


def calendar(letter: EmailMessage) -> bytes:
    (found,) = (part for part in letter.walk() if part.get_content_type() == "text/calendar")
    content = found.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def message(text: str, sender: str = "Alice <alice@un.example>") -> EmailMessage:
    """Begin a message of a sender whom the receiving server vouches for."""
    made = EmailMessage()
    name, _, value = VOUCHED.replace("\r\n", "").partition(": ")
    made[name] = value
    made["From"], made["To"] = sender, "travelrisk@example.org"
    made["Date"], made["Message-ID"] = "Mon, 23 Nov 2026 17:55:00 +0000", "<back@un.example>"
    made["Subject"] = "Fwd: our trip"
    made.set_content(text)
    return made


def with_calendar(content: bytes, text: str = "Is this right?", sender: str = "alice@un.example") -> bytes:
    made = message(text, sender)
    made.add_attachment(content, maintype="text", subtype="calendar", filename="trip.ics")
    return made.as_bytes()


def with_letter(letter: EmailMessage, sender: str = "alice@un.example") -> bytes:
    made = message("Is this right?", sender)
    made.add_attachment(letter)
    return made.as_bytes()


def in_the_text(letter: EmailMessage, sender: str = "alice@un.example") -> bytes:
    """Forward a letter as most programs do: its words in the text, its files attached."""
    head = "---------- Forwarded message ---------\nFrom: travelrisk <travelrisk@example.org>\n"
    return with_calendar(calendar(letter), f"{head}\n{words(letter)}", sender)


WAYS: dict[str, Callable[[EmailMessage], bytes]] = {
    "the calendar attached": lambda letter: with_calendar(calendar(letter)),
    "the calendar as a program saved it anew": lambda letter: with_calendar(
        calendar(letter).replace(b"-//travelrisk//EN", b"-//Another//Calendar//EN")
    ),
    "the letter attached": with_letter,
    "the letter in the text": in_the_text,
    "a booking beside the calendar": lambda letter: with_calendar(calendar(letter), CHANGED),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_contact_is_led_to_the_trip_and_nothing_is_read(
    rated: Application, letter: EmailMessage, way: str
) -> None:
    assert poll(rated, WAYS[way](letter)).kinds == {"returned": 1}
    (answer,) = sent(rated)
    assert (answer["X-To"], answer["X-Travelrisk-Letter"]) == ("alice@un.example", "received")
    told = " ".join(words(answer).split())
    assert "message or calendar of our own" in told
    assert f"Trip {letter['X-Travelrisk-Trip']}: ET 707 FRA-ADD, 12 Dec 2026" in told
    assert "leared" not in answer.as_string()
    with reading(rated.engine) as c:
        trip = only_trip(rated)
        assert (len(trips.history(c, trip)), len(advisories.of_trip(c, trip))) == (1, 1)
    assert count(rated, "originals") == 1


@pytest.mark.parametrize("way", [with_letter, in_the_text])
def test_a_colleague_learns_nothing_and_gets_no_trip(
    rated: Application, letter: EmailMessage, way: Callable[[EmailMessage, str], bytes]
) -> None:
    assert poll(rated, way(letter, BOB)).kinds == {"returned": 1}
    assert sent(rated) == []
    assert count(rated, "trips") == 1
    (aside,) = polling.failed(rated)
    assert "not the contact" in aside.reason


def test_a_trip_that_does_not_exist_looks_the_same_as_one_of_somebody_else(
    rated: Application, letter: EmailMessage
) -> None:
    reference = str(letter["X-Travelrisk-Trip"]).encode()
    poll(rated, with_calendar(calendar(letter).replace(reference, b"TR-222222")))
    assert sent(rated) == []
    assert count(rated, "trips") == 1


def test_numbered_answers_count_with_our_calendar_attached(rated: Application) -> None:
    """Some programs send the files of a letter back with the reply to it."""
    unsure = BOOKING.replace("12 Dec 2026", "05/12/2026").replace(" 21:55 06:35+1", "")
    poll(rated, mail(unsure))
    (asked,) = sent(rated)
    made = message("1 = 5 December 2026")
    made["In-Reply-To"] = str(asked["Message-ID"])
    made.add_attachment(OWN, maintype="text", subtype="calendar", filename="trip.ics")
    assert poll(rated, made.as_bytes()).kinds == {"statement": 1}


OWN = b"\r\n".join(
    (
        b"BEGIN:VCALENDAR",
        b"PRODID:-//travelrisk//EN",
        b"BEGIN:VEVENT",
        b"UID:TR-7KQ2M9-1@travelrisk",
        b"DTSTART:20261212T205500Z",
        b"SUMMARY:[Cleared] ET 707 FRA-ADD",
        b"LOCATION:Frankfurt (FRA)",
        b"END:VEVENT",
        b"END:VCALENDAR",
        b"",
    )
)
OTHER = b"""BEGIN:VEVENT
UID:1@example.org
DTSTART:20261212T205500Z
SUMMARY:ET 707 FRA-ADD operated by Ethiopian Airlines
END:VEVENT
"""


def test_no_way_in_reads_a_calendar_of_ours(rated: Application) -> None:
    (answer,) = check_document(rated, Document(OWN, "trip.ics"))
    assert answer.itinerary is None
    assert "a calendar of ours" in answer.reason
    both = OWN.replace(b"BEGIN:VEVENT", OTHER + b"BEGIN:VEVENT").replace(b"travelrisk//EN", b"Another//EN")
    (answer,) = check_document(rated, Document(both, "all.ics"))
    assert answer.itinerary
    assert answer.advisory
    assert len(answer.itinerary.segments) == 1
    assert answer.advisory.verdict is Verdict.REVIEW


def test_a_reply_without_files_is_still_a_reply(rated: Application, letter: EmailMessage) -> None:
    assert poll(rated, reply_to(letter, "Thanks.")).kinds == {"note": 1}
