"""The page of one trip: opened by its token, the newest answer, and all that happened."""

import pytest
from sqlalchemy import text

from tests.web.conftest import Visitor
from travelrisk.services.application import Application


def test_the_token_opens_the_trip(token: str, visitor: Visitor) -> None:
    page = visitor.get(f"/trips/{token}")
    assert page.status == 200
    assert page.text("//h1") == "ET 707 FRA-ADD, 12 Dec 2026"
    assert "TR-" in page.words
    assert page.text("//*[contains(@class, 'tr-verdict-word')]") == "Review needed"
    assert "Set for the demonstration on 23 Nov 2026" in page.words
    assert page.response.headers["Cache-Control"] == "private, no-store"
    assert page.response.headers["X-Robots-Tag"] == "noindex"


def test_the_timeline_tells_it_newest_first(token: str, visitor: Visitor) -> None:
    entries = [
        " ".join(each.text_content().split())
        for each in visitor.get(f"/trips/{token}").all("//*[@class='tr-timeline']/li")
    ]
    assert "Itinerary received: trip.txt" in entries[-1]
    assert "Understood: ET 707 FRA-ADD, 12 Dec 2026. Segments: 1" in entries[-1]
    assert any("Review needed (ratings edition 1)" in entry for entry in entries)
    assert any("Letter “Review needed” (English): waiting to be sent" in entry for entry in entries)


def test_nobodys_address_stands_on_it(token: str, visitor: Visitor) -> None:
    assert "alice@example.org" not in visitor.client.get(f"/trips/{token}").get_data(as_text=True)


@pytest.mark.parametrize(
    ("address", "language"),
    [("/trips/{}?language=fr", "fr"), ("/fr/trips/{}", "fr"), ("/es/trips/{}?language=en", "en")],
)
def test_a_letter_links_to_it_in_the_readers_language(
    address: str, language: str, token: str, visitor: Visitor
) -> None:
    page = visitor.get(address.format(token))
    assert page.tree.get("lang") == language
    others = {"en": f"/trips/{token}", "fr": f"/fr/trips/{token}", "es": f"/es/trips/{token}"}
    assert page.all("//a[@hreflang]/@href") == [url for name, url in others.items() if name != language]


@pytest.mark.parametrize("guess", ["x", "TR-7KQ2M9", "1", "%2e%2e", "a" * 500, "%00", "%F0%9F%92%A9"])
def test_a_stranger_gets_the_same_answer_whatever_is_tried(guess: str, visitor: Visitor) -> None:
    tried, absent = visitor.get(f"/trips/{guess}"), visitor.get("/trips/absent")
    assert tried.status == absent.status == 404
    assert tried.text("//main//h1") == absent.text("//main//h1")


@pytest.mark.threat(9)
def test_looking_changes_nothing(token: str, visitor: Visitor) -> None:
    before = visitor.get(f"/trips/{token}").text("//*[@class='tr-timeline']")
    for _ in range(5):
        visitor.get(f"/trips/{token}")
    assert visitor.get(f"/trips/{token}").text("//*[@class='tr-timeline']") == before


def test_a_reminder_is_called_one(token: str, visitor: Visitor, app: Application) -> None:
    with app.engine.begin() as c:
        c.execute(text("UPDATE outbox SET letter = 'still_open_7'"))
    assert "Letter “Reminder” (English): waiting to be sent" in visitor.get(f"/trips/{token}").words
