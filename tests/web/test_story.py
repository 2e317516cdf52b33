"""The button of the demonstration: pressed on the page, and told there what it set going."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.conftest import CLEARED, REVIEW, Visitor, evening, inbox_with
from tests.web.desk import send
from travelrisk.intake.document import Document
from travelrisk.services import demonstration
from travelrisk.services.application import Application
from travelrisk.services.trips import receiving
from travelrisk.services.watch.rescreening import rescreen
from travelrisk.web.app import create_app

LUFTHANSA = "//main//li[contains(., 'Lufthansa')]"


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Application]:
    built = evening(tmp_path)
    demonstration.employ(built)
    list(receiving.receive(built, Document(CLEARED.encode()), recipient="alice@example.org"))
    while rescreen(built, "test"):
        pass
    yield built
    built.engine.dispose()


def test_a_press_withdraws_a_rating_and_another_puts_it_back(demo: Application) -> None:
    visitor = Visitor(create_app(demo, inbox_with()))
    page = visitor.get("/story")
    assert "Downgrade this carrier" in page.text(LUFTHANSA)
    assert visitor.get("/check").all("//nav//a[@href='/story']")
    pressed = send(visitor, "/story/DLH/downgrade", on="/story")
    assert (pressed.status, pressed.response.headers["Location"]) == (303, "/story#happened")
    page = visitor.get("/story")
    assert "The change is published." in page.words
    assert "The trips are being judged again. Look again" in page.words
    rescreen(demo, "test")
    page = visitor.get("/story")
    assert "Recommended → Not rated" in page.words
    assert "Trips judged again: 1. Other answer: 1. Letters: 1. Read the letters" in page.words
    assert "Put the rating back" in page.words
    send(visitor, "/story/DLH/restore", on="/story")
    assert "Not rated → Recommended" in visitor.get("/story").words


def test_it_is_told_in_each_language(demo: Application) -> None:
    visitor = Visitor(create_app(demo, inbox_with()))
    assert "Abaisser ce transporteur" in visitor.get("/fr/story").words
    assert "Rebajar este transportista" in visitor.get("/es/story").words


def test_what_is_no_rating_for_show_cannot_be_pressed(demo: Application) -> None:
    visitor = Visitor(create_app(demo, inbox_with()))
    for icao in ("AZW", "QQQ"):
        assert send(visitor, f"/story/{icao}/downgrade", on="/story").status == 404


def test_whoever_has_no_account_is_led_from_signing_in_to_the_desks(demo: Application) -> None:
    (way,) = (
        Visitor(create_app(demo, inbox_with())).get("/sign-in").all("//main//a[contains(., 'without an')]")
    )
    assert way.get("href") == "/story#desks"


def test_outside_the_demonstration_there_is_no_such_page(app: Application) -> None:
    assert Visitor(create_app(app)).look("/story").status_code == 404
    assert "/story" not in Visitor(create_app(app)).look("/sign-in").text


def test_each_of_two_travel_units_sees_the_examples_of_its_own_office_alone(demo: Application) -> None:
    (received,) = receiving.receive(
        demo, Document(REVIEW.encode()), recipient="x@example.org", office="Geneva"
    )
    assert received.trip is not None
    pages = create_app(demo, inbox_with())
    for person, sees in (("demo-gina", True), ("demo-nina", False)):
        visitor = Visitor(pages)
        seated = send(visitor, f"/story/desk/{person}", on="/story")
        assert (seated.status, seated.response.headers["Location"]) == (303, "/desk")
        assert (received.trip.reference in visitor.get("/desk").words) is sees


@pytest.mark.parametrize("person", ["demo-dana", "nobody"])
def test_nobody_else_can_be_sat_down_as(demo: Application, person: str) -> None:
    visitor = Visitor(create_app(demo, inbox_with()))
    assert send(visitor, f"/story/desk/{person}", on="/story").status == 404
    assert visitor.look("/account").status_code == 303
