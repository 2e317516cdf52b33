"""The inbox of the demonstration: the letters as they arrived, and nothing in them that runs here."""

from dataclasses import replace

from tests.web.conftest import LETTER, Visitor, inbox_with
from travelrisk.services.application import Application
from travelrisk.web.app import create_app


def test_the_letters_are_listed_with_their_verdicts(visitor: Visitor) -> None:
    page = visitor.get("/inbox")
    assert "[Review needed] ET 707 FRA-ADD, 12 Dec 2026" in page.words
    assert "alice@example.org" in page.words
    assert page.all("//*[contains(@class, 'tr-verdict--review')]")
    assert page.all("//*[@lang='fr']//a[@href='/inbox/1']")


def test_a_letter_is_shown_as_text_and_leads_to_its_trip(visitor: Visitor) -> None:
    page = visitor.get("/inbox/1")
    assert "Bonjour" in page.text("//pre[@lang='fr']")
    assert page.all("//a[@href='/trips/abc-DEF_123?language=fr']")


def test_a_letter_leads_to_its_trip_whatever_the_address_was_then(app: Application) -> None:
    earlier = replace(LETTER, text="See http://127.0.0.1:49152/trips/abc-DEF_123?language=fr\n")
    page = Visitor(create_app(app, inbox_with(earlier))).get("/inbox/1")
    assert page.all("//a[@href='/trips/abc-DEF_123?language=fr']")


def test_the_html_of_a_letter_stands_in_no_page_of_ours(visitor: Visitor) -> None:
    assert "alert(1)" not in visitor.client.get("/inbox/1").get_data(as_text=True)


def test_an_empty_inbox_says_so(app: Application) -> None:
    page = Visitor(create_app(app, inbox_with())).get("/inbox")
    assert "No letter has arrived yet." in page.words
