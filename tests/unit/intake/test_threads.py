"""Messages in a text: where one begins, what day it is of, and that no flight is ever taken for a header."""

from datetime import date

import pytest

from tests.unit.intake.cases import ARRIVED
from tests.unit.intake.forwarding import mail
from tests.unit.intake.tables import ATLAS, BOOK
from travelrisk.intake.document import Document, Reading
from travelrisk.intake.mails.forwards import messages_in
from travelrisk.intake.mails.headers import day_of
from travelrisk.intake.registry import Readers

READERS = Readers(ATLAS, BOOK)
HEADER = "From: Desk <desk@agency.example>\nSent: 20 November 2026 10:12\nTo: Jane\nSubject: trip\n\n"
LINE = "LH590 FRA-NBO 12 Dec 2026"


def _read(text: str) -> Reading:
    (reading,) = READERS.read(Document(mail(text), "in.eml", context_date=ARRIVED))
    return reading


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Friday, November 20, 2026 10:12 AM", date(2026, 11, 20)),
        ("vendredi 20 novembre 2026 10:12", date(2026, 11, 20)),
        ("mar. 3 nov. 2026 à 10:12", date(2026, 11, 3)),
        ("1er mars 2026 10:12", date(2026, 3, 1)),
        ("piątek, 20 listopada 2026 10:12", date(2026, 11, 20)),
        ("20 ноября 2026 г. 10:12", date(2026, 11, 20)),  # noqa: RUF001 - Russian
        ("2026年11月20日 10:12", date(2026, 11, 20)),
        ("2026년 11월 20일 금요일", date(2026, 11, 20)),
        ("2026-11-20T10:12:00+01:00", date(2026, 11, 20)),
        ("20.11.2026 10:12", date(2026, 11, 20)),
        ("11/20/2026 10:12 AM", date(2026, 11, 20)),
        ("03/11/2026 10:12", date(2026, 11, 3)),
        ("12/11/2026 10:12", date(2026, 11, 12)),
        ("04/12/2026 10:12", date(2026, 4, 12)),
        ("Fri, 20 Nov 2026 10:12:00 +0100", date(2026, 11, 20)),
        ("31 November 2026", None),
        ("yesterday", None),
    ],
)
def test_the_day_of_a_forwarded_mail(written: str, day: date | None) -> None:
    assert day_of(written, ARRIVED) == day


@pytest.mark.parametrize(
    "text",
    [
        f"{LINE}\n\nOn 22 Nov 2026 at 10:12 Desk <desk@agency.example> wrote:\n> thanks\n",
        f"{LINE}\nOn 22 Nov 2026 at 10:12 Desk <desk@agency.example> wrote:\n> thanks\n",
        f"{LINE}\nDesk wrote:\n> thanks\n",
        f"From: Desk <desk@agency.example>\nSent: 20 November 2026 10:12\nTo:\n{LINE}\n",
        f"From: Desk <desk@agency.example>\nSent: 20 November 2026 10:12\nTo: Jane\n{LINE};\nthanks\n",
        f"From: Desk <desk@agency.example>\nSent: 20 November 2026 10:12\nSubject:\n{LINE}\n",
        f"From: Desk <desk@agency.example> Sent: 20 November 2026 Subject: {LINE}\n",
        f"{HEADER.rstrip()}\n{LINE}\n",
        f"{HEADER}> {LINE}\n",
        f"-----Original Message-----\n{LINE}\n",
        f"________________\n{LINE}\n",
        f"> thanks\n{LINE}\n> thanks\n",
        f"> > > {LINE}\n> thanks\nthanks\n",
    ],
)
def test_no_flight_is_lost_in_a_header(text: str) -> None:
    reading = _read(text)
    read = [segment.marketing_number for draft in reading.drafts for segment in draft.segments]
    assert "590" in read or any("LH590" in line for line in reading.unread), reading


def test_every_line_of_a_text_stands_in_one_of_its_messages() -> None:
    text = f"one\n\n{HEADER}two\n\n> three\n>> four\nfive\n"
    lines = [line for each in messages_in(text, ARRIVED) for line in each.text.split("\n") if line]
    assert sorted(lines) == ["five", "four", "one", "three", "two"]


def test_a_mail_with_a_thousand_messages_is_read_as_it_stands() -> None:
    assert len(messages_in(HEADER * 1000 + LINE, ARRIVED)) == 1


def test_labels_of_a_journey_are_no_header() -> None:
    text = "From: Frankfurt (FRA)\nTo: Nairobi (NBO)\nDate: 12 Dec 2026\nFlight: LH590\n"
    assert [each.text for each in messages_in(text, ARRIVED)] == [text]


OLD = f"Booking reference: ABC123\n{LINE} 10:10\n"
NEW = "Booking reference: ABC123\nLH590 FRA-NBO 14 Dec 2026 10:10\n"


def _days(reading: Reading) -> list[int]:
    return sorted(segment.departs.day or 0 for draft in reading.drafts for segment in draft.segments)


def test_a_newer_day_of_one_booking_is_judged_and_the_older_told() -> None:
    reading = _read(f"{NEW}\n{HEADER}{OLD}")
    (draft,) = reading.drafts
    assert _days(reading) == [14]
    assert [each.text for each in draft.segments[0].also] == [f"{LINE} 10:10"]
    assert reading.unread == ()


def test_nobody_chooses_where_the_older_message_says_that_it_is_the_new_one() -> None:
    reading = _read(f"{OLD}\n{HEADER}Your new itinerary:\n{NEW}")
    assert any("another says" in line for line in reading.unread)


def test_two_bookings_of_a_commuter_both_stand() -> None:
    other = NEW.replace("ABC123", "XYZ789")
    assert _days(_read(f"{other}\n{HEADER}{OLD}")) == [12, 14]


def test_what_the_newer_leaves_standing_is_judged() -> None:
    back = f"{OLD}LH591 NBO-FRA 20 Dec 2026 23:20\n"
    assert _days(_read(f"Your booking was changed:\n{NEW}\n{HEADER}{back}")) == [14, 20]
