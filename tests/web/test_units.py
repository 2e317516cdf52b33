"""The desk of a travel unit through its pages: what waits, what is done, what stands in no address."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.conftest import REVIEW
from tests.web.desk import OFFICE, Desk, desk_of, send
from travelrisk.domain.people import Role
from travelrisk.intake.document import Document
from travelrisk.services.application import Application
from travelrisk.services.trips.receiving import receive

WHY = "The operator is not known yet."


@pytest.fixture
def desk(app: Application, tmp_path: Path) -> Iterator[Desk]:
    """Give a desk with two people of one travel unit and a focal point."""
    with desk_of(app, tmp_path, heidi=Role.TRAVEL_UNIT, ivan=Role.TRAVEL_UNIT, bob=Role.FOCAL_POINT) as desk:
        yield desk


@pytest.fixture
def path(desk: Desk) -> str:
    """Give the address of the page of a trip that needs a review."""
    mail = f"Passenger: CANARY/ANN MS\n{REVIEW}\n".encode()
    (received,) = receive(desk.app, Document(mail), recipient="ann@example.org", office=OFFICE)
    assert received.trip is not None
    return f"/desk/trips/{received.trip.reference}"


def test_what_must_not_be_ticketed_stands_on_the_desk_with_its_reason_and_its_day(
    desk: Desk, path: str
) -> None:
    page = desk.visitor("heidi").get("/desk")
    (row,) = page.all("//tbody/tr")
    words = " ".join(row.text_content().split())
    for wanted in ("ANN CANARY", "ET 707 FRA-ADD", "Review needed", "not rated", "5 Dec 2026", "Decides:"):
        assert wanted in words
    assert row.xpath(f".//a[@href='{path}']")
    assert "Not to be ticketed 1" in page.words
    assert page.text("//header//a[@aria-current='page']") == "Trips"
    for name in ("affected", "reviews", "late", "mine"):
        assert desk.visitor("heidi").get(f"/fr/desk?list={name}").status == 200


def test_each_act_is_confirmed_and_stays_on_the_page(desk: Desk, path: str) -> None:
    heidi = desk.visitor("heidi")
    for act, fields in (
        ("note", {"text": WHY}),
        ("ticket", {"text": "It waits.", "ticket": "on_hold"}),
        ("assign", {"person": "p-ivan"}),
        ("ask", {"text": "May she fly?"}),
    ):
        done = send(heidi, f"{path}/{act}", on=path, **fields)
        assert (done.status, done.response.headers["Location"]) == (303, path)
        assert heidi.get(path).all("//*[@role='status']")
    page = heidi.get(path)
    for wanted in ("Heidi noted:", WHY, "Heidi put the ticket on hold:", "It waits.", "assigned it to: Ivan"):
        assert wanted in page.words
    assert "Review needed" in page.words, "nothing of this changes the answer"
    letters = desk.visitor("bob").get(f"/replies/{path.rpartition('/')[2]}")
    assert "May she fly?" in letters.words
    assert "Assigned to me 1" in desk.visitor("ivan").get("/desk").words


@pytest.mark.parametrize(
    ("act", "fields", "field"),
    [
        ("note", {"text": " "}, "note"),
        ("ticket", {"text": WHY}, "ticket"),
        ("ticket", {"text": "", "ticket": "on_hold"}, "why-ticket"),
        ("assign", {"person": "p-bob"}, "person"),
        ("ask", {"text": ""}, "question"),
        ("cancel", {"text": ""}, "why-cancel"),
        ("note", {"for": "note", "text": "x" * 700}, "note"),
    ],
)
def test_what_is_missing_is_said_at_its_field(
    desk: Desk, path: str, act: str, fields: dict[str, str], field: str
) -> None:
    page = send(desk.visitor("heidi"), f"{path}/{act}", on=path, **fields)
    assert page.status == 422
    assert page.all(f"//div[contains(@class, 'tr-errors')]//a[@href='#{field}']")
    assert page.all(f"//*[@id='{field}' and @aria-describedby]")
    if "for" in fields:
        assert page.text(f"//textarea[@id='{field}']").startswith("xxx"), "what was typed is not lost"


def test_an_exception_is_asked_for_from_the_trip(desk: Desk, path: str) -> None:
    heidi = desk.visitor("heidi")
    (link,) = heidi.get(path).all("//a[starts-with(@href, '/exceptions/new')]/@href")
    form = heidi.get(link)
    assert form.all(f"//input[@id='trip' and @value='{path.rpartition('/')[2]}']")
    assert "/trips/" not in link, "the link of the traveller opens more than the desk may"


def test_a_cancelled_trip_says_so_and_leaves_the_desk(desk: Desk, path: str) -> None:
    heidi = desk.visitor("heidi")
    assert send(heidi, f"{path}/cancel", on=path, text="The mission is off.").status == 303
    page = heidi.get(path)
    assert page.all("//p[contains(@class, 'tr-off')]")
    assert "The mission is off." in page.words
    assert not heidi.get("/desk").all("//tbody/tr")


def test_no_name_and_no_locator_stands_in_an_address_or_a_log(
    desk: Desk, path: str, capfd: pytest.CaptureFixture[str]
) -> None:
    heidi = desk.visitor("heidi")
    found = send(heidi, "/desk/search", who="canary")
    assert found.status == 200, "the answer is given at once: no address could carry what was asked"
    assert [each.get("href") for each in found.all("//tbody//th//a")] == [path]
    links = found.all("//a/@href | //form/@action")
    assert not [each for each in links if "canary" in each.casefold()]
    assert "no-store" in found.response.headers["Cache-Control"]
    captured = capfd.readouterr()
    assert "canary" not in (captured.out + captured.err).casefold()
    empty = send(heidi, "/desk/search", who=" ")
    assert empty.status == 422
    assert "Say what to look for." in empty.words
    assert send(heidi, "/desk/search", day="soon").status == 422
    assert "No trip of your office fits" in send(heidi, "/desk/search", who="nobody").words
