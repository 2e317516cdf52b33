"""What came back about letters: on the page of the trip, and for whoever calls travellers."""

import hashlib
import json
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from tests.mail.test_prefacing import part
from tests.web.conftest import REVIEW
from tests.web.desk import OFFICE, Desk, desk_of, send
from travelrisk.domain.people import Role
from travelrisk.intake.document import Document
from travelrisk.mail.transport import Memory
from travelrisk.services.application import Application
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.services.trips.receiving import receive
from travelrisk.store import audit, bounces, mails, notes, outbox
from travelrisk.store.database import reading, writing
from travelrisk.store.outbox import Sending
from travelrisk.store.trips import Trip

EVIL = "We fly on <b>Monday</b>.\nhttps://evil.example.org\n\u202etxet neddih"


@pytest.fixture
def desk(app: Application, tmp_path: Path) -> Iterator[Desk]:
    with desk_of(app, tmp_path, heidi=Role.TRAVEL_UNIT, erin=Role.AUDITOR) as desk:
        yield desk


@pytest.fixture
def trip(desk: Desk) -> Trip:
    """Give a trip whose letter was answered, and came back from somebody's second mailbox."""
    document = Document(REVIEW.encode())
    (received,) = receive(desk.app, document, recipient="alice@example.org", office=OFFICE)
    assert received.trip is not None
    dispatch(desk.app, Memory(), "one")
    with writing(desk.app.engine) as c:
        at = desk.app.clock()
        (letter,) = outbox.of_trip(c, received.trip.id)
        told = {"message_id": "<a@example.org>", "name": "", "problem": "", "owner": "w"}
        mail = mails.take(c, b"x", arrived_at=at, now=at, lease=at - at, **told)
        assert mail is not None
        about = {"trip_id": received.trip.id, "mail_id": mail.id, "letter_id": letter.id}
        notes.add(c, author="alice@example.org", text=EVIL, at=at, **about)
        bounces.note(c, kind="trip", letter_id=letter.id, reply="550 5.1.1", is_permanent=True, at=at)
    return received.trip


def test_a_reply_and_a_returned_letter_stand_on_the_timeline(desk: Desk, trip: Trip) -> None:
    page = desk.visitor().get(f"/trips/{trip.token}")
    assert "Reply to the letter “Review needed” received. The travel unit can read it." in page.words
    assert "Letter “Review needed” came back: 550 5.1.1" in page.words
    (quoted,) = page.all("//blockquote")
    assert quoted.text_content() == "We fly on <b>Monday</b>.\nhttps://evil.example.org\ntxet neddih"
    assert not quoted.xpath(".//b | .//a"), "foreign words are words: no mark-up, and no link"
    assert "alice@example.org" not in page.words, "whoever has the link learns no address"
    french = desk.visitor().get(f"/fr/trips/{trip.token}")
    assert "Message « Examen nécessaire » revenu : 550 5.1.1" in french.words.replace("\xa0", " ")


def test_the_travel_unit_reads_who_wrote_when_and_about_which_letter(desk: Desk, trip: Trip) -> None:
    page = desk.visitor("heidi").get("/replies")
    replies, returned = page.all("//tbody/tr")
    for row in (replies, returned):
        words = " ".join(row.text_content().split())
        for wanted in (trip.reference, "alice@example.org", "Review needed", "23 Nov 2026"):
            assert wanted in words
    assert "We fly on <b>Monday</b>." in replies.text_content()
    assert "550 5.1.1" in returned.text_content()
    assert page.text("//nav[@aria-label]//a[@aria-current='page']") == "Replies"
    assert desk.visitor("erin").get("/replies").status == 404
    assert desk.visitor().get("/replies").status == 303


def test_nothing_came_back(desk: Desk) -> None:
    page = desk.visitor("heidi").get("/es/replies")
    assert "Nadie ha respondido." in page.words
    assert "No se ha devuelto ningún mensaje." in page.words


def test_a_letter_goes_again_with_a_preface_that_was_looked_at(desk: Desk, trip: Trip) -> None:
    heidi, path = desk.visitor("heidi"), f"/replies/{trip.reference}"
    words = "Please call me.\nBefore Friday <b>!</b>"
    shown = send(heidi, f"{path}/preview", on=path, preface=words)
    assert "Nothing has been sent yet. This is what alice@example.org will get." in shown.words
    assert "Heidi, who sends you this letter again, adds:" in shown.words
    assert "| Please call me. | Before Friday <b>!</b>" in shown.words
    assert len(letters(desk, trip)) == 1, "a preview sends nothing"
    (form,) = shown.all("//form[.//button[normalize-space()='Send again']]")
    fields = {each.get("name"): each.get("value") for each in form.xpath(".//input")}
    assert heidi.post(form.get("action"), data=fields).status == 303
    transport = Memory()
    dispatch(desk.app, transport, "one")
    ((content, _, recipient),) = transport.sent
    mail = message_from_bytes(content, policy=default)
    assert recipient == "alice@example.org"
    assert mail["Subject"].startswith("Repeated: [Review needed]")
    text, html = (part(content, kind) for kind in ("plain", "html"))
    assert text.startswith("Heidi, who sends you this letter again, adds:\n\n| Please call me.\n")
    assert "Please call me.<br>Before Friday &lt;b&gt;!&lt;/b&gt;" in html
    with reading(desk.app.engine) as c:
        assert audit.verify(c).ok
        (kept,) = [json.loads(each) for each in c.scalars(sql("SELECT body FROM audit ORDER BY seq"))
                   if "letter.repeated" in each]  # fmt: skip
    assert kept["actor"] == "p-heidi"
    assert kept["body"]["preface"] == hashlib.sha256(words.encode()).hexdigest()


def test_a_preface_that_is_too_long_or_of_an_older_letter_is_not_sent(desk: Desk, trip: Trip) -> None:
    heidi, path = desk.visitor("heidi"), f"/replies/{trip.reference}"
    long = send(heidi, f"{path}/preview", on=path, preface="x" * 601)
    assert long.status == 422
    assert "The words before the letter are too long." in long.words
    assert long.text("//textarea[@id='preface']").startswith("xxx"), "what was written is not lost"
    older = send(heidi, f"{path}/again", on=path, letter="0", preface="now")
    assert older.status == 409
    assert len(letters(desk, trip)) == 1
    (number,) = (each.id for each in letters(desk, trip))
    assert send(heidi, f"{path}/again", on=path, letter=number).status == 303
    waits = heidi.get(path)
    assert "No letter can be sent again now" in waits.words
    assert not waits.all("//textarea")


def letters(desk: Desk, trip: Trip) -> tuple[Sending, ...]:
    with reading(desk.app.engine) as c:
        return outbox.of_trip(c, trip.id)
