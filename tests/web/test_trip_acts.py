"""What can be done on the page of a trip: every act is a form with a token, and is confirmed on the page."""

from collections.abc import Iterator
from itertools import count

import icalendar
import pytest
from flask import Flask

from tests.web.conftest import REVIEW, Page, Visitor, evening
from travelrisk.intake.document import Document
from travelrisk.mail.transport import Memory
from travelrisk.services.application import Application
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.services.trips import receiving
from travelrisk.web.app import create_app

_NUMBERS = count()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """Give a service of its own: what is done here would change the trips of other tests."""
    built = evening(tmp_path_factory.mktemp("acts"))
    yield built
    built.engine.dispose()


@pytest.fixture(scope="module")
def pages(app: Application) -> Flask:
    return create_app(app)


@pytest.fixture
def own(app: Application) -> str:
    """Give the token of a trip that this test alone knows."""
    document = Document(f"{REVIEW}\n# {next(_NUMBERS)}".encode(), "own.txt", "text/plain")
    (received, *_) = receiving.receive(app, document, recipient="carol@example.org", language="fr")
    assert received.trip is not None
    return received.trip.token


def press(visitor: Visitor, page: Page, label: str) -> Page:
    """Press a button as a browser would: its form, with all that is hidden in it."""
    (form,) = page.all(f"//form[.//button[normalize-space()='{label}']]")
    fields = {each.get("name"): each.get("value") for each in form.xpath(".//input")}
    sent = visitor.client.post(form.get("action"), data=fields, follow_redirects=True)
    return Page.of(sent)


def test_a_trip_is_cancelled_after_a_question_and_taken_back(own: str, visitor: Visitor) -> None:
    asked = visitor.get(f"/trips/{own}/cancel")
    assert asked.text("//h1") == "Cancel this trip?"
    assert "This cancels no ticket." in asked.words
    assert visitor.get(f"/trips/{own}").all("//*[contains(@class, 'tr-verdict-word')]"), (
        "asking changes nothing"
    )
    off = press(visitor, asked, "Yes, cancel the trip")
    assert off.text("//*[@role='status']") == "The trip is cancelled."
    assert "no earlier answer holds for it" in off.words
    assert not off.all("//*[contains(@class, 'tr-verdict-word')]"), "no answer is shown that holds no longer"
    assert not off.all("//a[normalize-space()='Cancel trip']")
    assert "Trip cancelled" in off.words
    assert "not sent, it no longer holds" in off.words
    on = press(visitor, off, "Travel after all: check it again")
    assert on.text("//*[@role='status']") == "The trip was checked again."
    assert on.text("//*[contains(@class, 'tr-verdict-word')]") == "Review needed"
    assert "Cancellation taken back" in on.words


@pytest.mark.threat(8)
@pytest.mark.parametrize("act", ["cancel", "take-back", "calendar", "calendar/revoke", "letters/1/again"])
def test_no_act_without_the_token_of_its_form(act: str, own: str, visitor: Visitor) -> None:
    before = visitor.get(f"/trips/{own}").text("//*[@class='tr-timeline']")
    assert visitor.post(f"/trips/{own}/{act}").status == 400
    assert visitor.post(f"/trips/{own}/{act}", headers={"Sec-Fetch-Site": "cross-site"}).status == 403
    assert visitor.get(f"/trips/{own}").text("//*[@class='tr-timeline']") == before


def test_a_letter_is_viewed_and_sent_again(own: str, app: Application, visitor: Visitor) -> None:
    assert not visitor.get(f"/trips/{own}").all("//button[normalize-space()='Send again']"), "it waits"
    dispatch(app, Memory(), "test", limit=999)
    page = visitor.get(f"/trips/{own}")
    (link,) = page.all("//a[normalize-space()='View']/@href")
    letter = visitor.get(link)
    assert letter.text("//h1").startswith("[Examen nécessaire] ET 707 FRA-ADD")
    (text,) = letter.all("//pre")
    assert text.get("lang") == "fr"
    assert text.text_content().startswith("Démonstration.")
    assert "carol@example.org" in letter.words
    assert letter.response.headers["Cache-Control"] == "private, no-store"
    again = press(visitor, page, "Send again")
    assert again.text("//*[@role='status']") == "The letter will be sent again, to the same address."
    assert len(again.all("//a[normalize-space()='View']")) == 2
    assert not again.all("//button[normalize-space()='Send again']")


def test_an_answer_is_made_again_as_of_then(own: str, visitor: Visitor) -> None:
    (link,) = visitor.get(f"/trips/{own}").all("//a[normalize-space()='Make it again as of then']/@href")
    page = visitor.get(link)
    assert page.text("//*[@id='replay']/h2") == "Made again: equal"
    assert "Review needed" in page.words
    assert "The newest answer stands on the page of the trip." in page.words
    assert visitor.get(link.replace(own, "guessed")).status == 404
    assert visitor.get(f"/trips/{own}/answers/999999").status == 404


def test_a_calendar_program_gets_the_flights(own: str, visitor: Visitor) -> None:
    (link,) = visitor.get(f"/fr/trips/{own}").all("//a[contains(@href, 'calendar.ics')]/@href")
    response = visitor.look(link)
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert response.headers["Cache-Control"] == "private, no-store"
    (entry,) = icalendar.Calendar.from_ical(response.get_data(as_text=True)).walk("VEVENT")
    assert entry["SUMMARY"] == "[Examen nécessaire] ET 707 FRA-ADD"


def test_the_calendar_of_all_trips_is_made_renewed_and_closed(
    own: str, app: Application, visitor: Visitor
) -> None:
    page = visitor.get(f"/trips/{own}")
    if page.all("//button[normalize-space()='Close this calendar']"):
        page = press(visitor, page, "Close this calendar")
    made = press(visitor, page, "Make it and send the address")
    assert made.text("//*[@role='status']") == "The address of the calendar will be sent by mail."
    assert "There has been one since 23 Nov 2026" in made.words
    transport = Memory()
    for _ in range(2):
        dispatch(app, transport, "test", limit=999)
    (address,) = [
        each
        for each in transport.sent
        if b"X-Travelrisk-Letter: calendar" in each[0] and each[2][:5] == "carol"
    ]
    token = address[0].partition(b"/calendar/")[2].partition(b".ics")[0].replace(b"=\r\n", b"").decode()
    assert token not in made.response.get_data(as_text=True), "the page does not tell it"
    assert visitor.look(f"/calendar/{token}.ics").status_code == 200
    assert visitor.look(f"/es/calendar/{token}.ics").headers["Cache-Control"] == "private, no-store"
    shown = visitor.get(f"/trips/{own}")
    closed = press(visitor, shown, "Close this calendar")
    assert closed.text("//*[@role='status']") == "The calendar is closed. Its address opens nothing any more."
    assert visitor.look(f"/calendar/{token}.ics").status_code == 404


def test_the_pages_of_a_trip_are_no_check_page(own: str, pages: Flask) -> None:
    visitor = Visitor(pages)
    for address in (f"/trips/{own}", f"/trips/{own}/cancel"):
        assert not visitor.get(address).all("//nav//a[@aria-current]")
    assert visitor.get("/check").text("//nav//a[@aria-current]")
