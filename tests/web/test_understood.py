"""The page "What we understood": answered and corrected in a form, looked at, and only then confirmed."""

from collections.abc import Iterator
from itertools import count

import pytest
from flask import Flask

from tests.web.conftest import CLEARED, Page, Visitor, evening
from travelrisk.intake.document import Document
from travelrisk.services.application import Application
from travelrisk.services.trips import receiving
from travelrisk.store import trips
from travelrisk.store.database import reading
from travelrisk.web.app import create_app

_NUMBERS = count()
DAY_OR_MONTH = "SN 465 BRU KGL 05/12/2026"
LINE = "Flight ZZ 318 in between, details to follow"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """Give a service of its own: what is done here would change the trips of other tests."""
    built = evening(tmp_path_factory.mktemp("understood"))
    yield built
    built.engine.dispose()


@pytest.fixture(scope="module")
def pages(app: Application) -> Flask:
    return create_app(app)


def token_of(app: Application, text: str) -> str:
    document = Document((text + "\n" * next(_NUMBERS)).encode(), "own.txt", "text/plain")
    (received, *_) = receiving.receive(app, document, recipient="carol@example.org")
    assert received.trip is not None
    return received.trip.token


def versions(app: Application, token: str) -> int:
    with reading(app.engine) as c:
        trip = trips.find(c, token)
        assert trip is not None
        return len(trips.history(c, trip.id))


def fields(page: Page, form: str = "//main//form") -> dict[str, str]:
    """Return what a browser would send of a form that nobody touched."""
    path = ".//input[not(@type='checkbox' or @type='radio') or @checked] | .//textarea"
    (found,) = page.all(form)
    return {each.get("name"): each.get("value") or each.text or "" for each in found.xpath(path)}


def send(visitor: Visitor, token: str, page: Page, **typed: str) -> Page:
    data = fields(page) | {name.replace("_", "-"): value for name, value in typed.items()}
    return visitor.post(f"/trips/{token}/understood", data=data, follow_redirects=True)


def test_a_question_is_answered_with_a_radio_button_after_a_preview(
    app: Application, visitor: Visitor
) -> None:
    token = token_of(app, DAY_OR_MONTH)
    trip = visitor.get(f"/trips/{token}")
    assert trip.all("//a[contains(@href, '/understood')]")
    page = visitor.get(f"/trips/{token}/understood")
    assert page.text("//fieldset/legend") == "05/12/2026: which date is it?"
    answers = [each.get("value") for each in page.all("//fieldset//input[@type='radio']")]
    assert answers == ["2026-12-05", "2026-05-12"]
    assert not page.all("//input[@type='radio' and @checked]"), "nothing is answered by default"
    preview = send(visitor, token, page, q1="2026-12-05")
    assert preview.text("//h1") == "Understood now"
    assert "Answer: 2026-12-05" in preview.words
    assert "5 Dec 2026" in preview.words
    assert versions(app, token) == 1, "looking changes nothing"
    done = send(visitor, token, preview, act="confirm")
    assert done.text("//*[@role='status']") == "Recorded. The trip was checked again."
    assert "Answered or corrected by: the traveller" in done.words
    assert versions(app, token) == 2
    assert not visitor.get(f"/trips/{token}/understood").all("//fieldset")


def test_a_corrected_operator_stands_beside_what_the_document_says(
    app: Application, visitor: Visitor
) -> None:
    token = token_of(app, f"{CLEARED} operated by Lufthansa")
    page = visitor.get(f"/trips/{token}/understood")
    assert "as the document states" in page.words
    assert f"{CLEARED} operated by Lufthansa" in page.words
    preview = send(visitor, token, page, s0_operator="Ethiopian Airlines")
    edited = send(visitor, token, preview, act="edit")
    assert fields(edited)["s0-operator"] == "Ethiopian Airlines", "what was typed is still there"
    done = send(visitor, token, preview, act="confirm")
    assert done.text("//*[contains(@class, 'tr-verdict-word')]") != "Cleared"
    assert "told us that Ethiopian Airlines (ET) flies it" in done.words
    again = visitor.get(f"/trips/{token}/understood")
    assert "as a person told us, not the document" in again.words
    assert "Operating carrier: Ethiopian Airlines (the traveller)" in again.words


def test_a_line_is_no_flight_only_where_a_person_ticks_it(app: Application, visitor: Visitor) -> None:
    token = token_of(app, f"{CLEARED} operated by Lufthansa\n{LINE}")
    page = visitor.get(f"/trips/{token}/understood")
    assert LINE in page.words
    (box,) = page.all("//input[starts-with(@name, 'line')]")
    assert box.get("checked") is None
    assert send(visitor, token, page).status == 422
    preview = send(visitor, token, page, line0="1")
    done = send(visitor, token, preview, act="confirm")
    assert done.text("//*[contains(@class, 'tr-verdict-word')]") == "Cleared with conditions"
    assert f"told us that this line is no flight: “{LINE}”" in done.words


def test_what_cannot_be_used_is_said_and_nothing_can_be_confirmed(app: Application, visitor: Visitor) -> None:
    token = token_of(app, CLEARED)
    page = visitor.get(f"/trips/{token}/understood")
    preview = send(visitor, token, page, add="see you soon")
    assert preview.status == 422
    assert preview.text("//*[@role='alert']//li") == "Flight added: see you soon"
    assert not preview.all("//button[@value='confirm']")
    refused = send(visitor, token, preview, act="confirm")
    assert refused.status == 422
    assert versions(app, token) == 1


def test_a_page_left_open_does_not_correct_what_came_since(app: Application, visitor: Visitor) -> None:
    token = token_of(app, CLEARED)
    page = visitor.get(f"/trips/{token}/understood")
    preview = send(visitor, token, page, s0_flight="LH 592")
    send(visitor, token, preview, act="confirm")
    late = send(visitor, token, preview, act="confirm")
    assert late.status == 409
    assert "has changed since you opened this page" in late.words
    assert versions(app, token) == 2


@pytest.mark.parametrize("language", ["", "/fr", "/es"])
def test_every_language_has_the_page_and_its_preview(
    language: str, app: Application, visitor: Visitor
) -> None:
    token = token_of(app, f"{DAY_OR_MONTH}\n{LINE}")
    address = f"{language}/trips/{token}/understood"
    page = visitor.get(address)
    preview = visitor.post(address, data=fields(page) | {"q1": "2026-12-05", "s0-not_mine": ""})
    assert (page.status, preview.status) == (200, 200)
    assert preview.all("//button[@value='confirm']")


def test_a_stranger_finds_nothing_and_a_form_without_its_token_does_nothing(
    app: Application, visitor: Visitor
) -> None:
    assert visitor.get("/trips/nobody-knows-this/understood").status == 404
    token = token_of(app, CLEARED)
    assert visitor.post(f"/trips/{token}/understood", data={"act": "confirm"}).status == 400
    assert versions(app, token) == 1


def test_the_preview_says_what_the_answer_would_be_and_that_it_is_none_yet(
    app: Application, visitor: Visitor
) -> None:
    token = token_of(app, f"{CLEARED} operated by Lufthansa")
    page = visitor.get(f"/trips/{token}/understood")
    preview = send(visitor, token, page, s0_operator="Ethiopian Airlines")
    provisional = preview.text("//*[contains(@class, 'tr-provisional')]")
    assert "If you confirm, the answer will be:" in provisional
    assert "Provisional: nothing is answered yet." in provisional
    assert "told us that Ethiopian Airlines (ET) flies it" in preview.words
    done = send(visitor, token, preview, act="confirm")
    assert done.text("//*[contains(@class, 'tr-verdict-word')]") in provisional
    nothing = send(visitor, token, visitor.get(f"/trips/{token}/understood"), add="see you soon")
    assert not nothing.all("//*[contains(@class, 'tr-provisional')]"), "nothing can be confirmed"


def test_the_page_tells_what_a_new_document_has_replaced(app: Application, visitor: Visitor) -> None:
    booking = f"Booking reference: NEWDOC\n{CLEARED} operated by Lufthansa"
    token = token_of(app, booking)
    page = visitor.get(f"/trips/{token}/understood")
    preview = send(visitor, token, page, s0_operator="Ethiopian Airlines")
    done = send(visitor, token, preview, act="confirm")
    assert "Ethiopian Airlines (ET) (stated by the traveller, not by the booking)" in done.words
    assert token_of(app, booking) == token
    trip = visitor.get(f"/trips/{token}")
    assert "No longer counts: Operating carrier: Ethiopian Airlines (the traveller)" in trip.words
    assert "stated by the traveller" not in trip.words
    again = visitor.get(f"/trips/{token}/understood")
    assert "A new document has taken the place of what was stated about the earlier one." in again.words
