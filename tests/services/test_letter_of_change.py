"""The letter of a change, as it is put into the outbox: in the thread of its trip, with its calendar."""

from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import icalendar
import pytest

from tests.services.conftest import Clock, publish
from travelrisk.domain.authorisations import Whose
from travelrisk.intake.document import Document
from travelrisk.mail.transport import Memory
from travelrisk.screening.engine import screen
from travelrisk.services.application import Application
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.services.letters.writing import envelope
from travelrisk.services.trips.receiving import Received, receive
from travelrisk.store import outbox, ratings
from travelrisk.store.database import reading

LINE = b"ET707 FRA ADD 12 Dec operated by Ethiopian Airlines"


@pytest.fixture
def trip(app: Application, tmp_path: Path, clock: Clock) -> Received:
    publish(app, tmp_path)
    (received,) = receive(app, Document(LINE, "trip.txt"), recipient="alice@example.org")
    dispatch(app, Memory(), "one")
    clock.pass_by(days=1)
    return received


def test_it_says_what_was_and_what_it_replaces(app: Application, trip: Received, tmp_path: Path) -> None:
    assert trip.trip is not None
    assert trip.itinerary is not None
    assert trip.advisory is not None
    publish(app, tmp_path, "not_recommended")
    with reading(app.engine) as c:
        before, snapshot = outbox.of_trip(c, trip.trip.id), ratings.snapshot(c)
    whose, since = Whose(trip.trip.reference), trip.advisory.at
    now = screen(trip.itinerary, snapshot, app.policy.policy, app.clock(), whose, since)
    written = envelope(app, trip.trip, trip.itinerary, now, before, was=trip.advisory)
    assert written is not None
    assert written.letter == "changed"
    mail = message_from_bytes(written.body, policy=SMTP)
    assert str(mail["Subject"]) == "[Not cleared, was cleared] ET 707 FRA-ADD, 12 Dec 2026"
    assert mail["X-Travelrisk-Letter"] == "changed"
    assert mail["References"] == before[0].message_id
    text = mail.get_body(("plain",))
    assert text is not None
    said = " ".join(str(text.get_content()).split())
    assert "This message replaces the message of 23 Nov 2026, 17:58 UTC." in said
    (attached,) = mail.iter_attachments()
    (entry,) = icalendar.Calendar.from_ical(str(attached.get_content())).walk("VEVENT")
    assert (entry["SUMMARY"], entry["SEQUENCE"]) == ("[Not cleared] ET 707 FRA-ADD", 1)


def test_where_nothing_was_told_before_it_is_the_letter_of_the_verdict(
    app: Application, trip: Received
) -> None:
    assert trip.trip is not None
    assert trip.itinerary is not None
    assert trip.advisory is not None
    written = envelope(app, trip.trip, trip.itinerary, trip.advisory, ())
    assert written is not None
    assert written.letter == "cleared"
