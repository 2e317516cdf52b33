"""A traveller reports what was not safe, and the queue shows it, without a word that could do harm."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.conftest import Page, Visitor
from tests.web.desk import Desk, desk_of, send
from travelrisk.domain.people import Role
from travelrisk.domain.ratings import Subject, SubjectKind
from travelrisk.services.application import Application
from travelrisk.services.desk.notices import receive_notice, waiting_notices

ETHIOPIAN = Subject(SubjectKind.CARRIER, "ETH")
SEEN = "No belts <b>on</b> row 3."


@pytest.fixture
def desk(app: Application, tmp_path: Path) -> Iterator[Desk]:
    with desk_of(app, tmp_path, tara=Role.TRAVELLER, bob=Role.FOCAL_POINT) as made:
        yield made


def reported(visitor: Visitor, path: str = "/report", **fields: str) -> Page:
    return send(visitor, path, on=path, **({"carrier": "ET", "text": SEEN} | fields))


def test_what_a_traveller_saw_stands_in_the_queue(desk: Desk) -> None:
    tara = desk.visitor("tara")
    assert tara.get("/account").all("//a[@href='/report']")
    sent = reported(tara, flight="et0707", day="2026-11-20")
    assert (sent.status, sent.response.headers["Location"]) == (303, "/report")
    assert "Thank you." in tara.get("/report").words
    row = desk.visitor("bob").get("/queue").text("//main//tbody/tr")
    assert "A traveller reports a safety observation." in row
    assert "ET 707, 2026-11-20" in row
    assert SEEN in row
    assert "tara" not in row.casefold()
    assert "tara" in _row_of_named(desk, tara).casefold()


def _row_of_named(desk: Desk, tara: Visitor) -> str:
    reported(tara, text="No life vests.", named="y")
    return desk.visitor("bob").get("/queue").text("//main//tbody/tr[contains(., 'life vests')]")


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"carrier": ""}, "carrier", "No airline is known"),
        ({"carrier": "Nowhere Air"}, "carrier", "No airline is known"),
        ({"flight": "707"}, "flight", "no flight number"),
        ({"day": "2026-11-24"}, "day", "not in the future"),
        ({"day": "20/11/2026"}, "day", "not in the future"),
        ({"text": " "}, "text", "Say what happened"),
        ({"text": "x" * 2001}, "text", "at most 2,000"),
    ],
)
def test_what_is_not_understood_is_asked_back(
    desk: Desk, fields: dict[str, str], field: str, said: str
) -> None:
    page = reported(desk.visitor("tara"), **fields)
    assert page.status == 422
    assert said in page.text(f"//div[@role='alert']//a[@href='#{field}']")
    assert waiting_notices(desk.app) == ()


@pytest.mark.parametrize(("prefix", "title"), [("/fr", "Signaler"), ("/es", "Comunicar")])
def test_it_is_asked_in_three_languages(desk: Desk, prefix: str, title: str) -> None:
    assert title in desk.visitor("tara").get(f"{prefix}/report").title


def test_a_source_that_leads_elsewhere_is_no_link(desk: Desk) -> None:
    told = {"kind": "correction", "title": "Renewed \u202e", "body": "See\u200b there.", "sender": "<a>"}
    receive_notice(desk.app, "terminal", subject=ETHIOPIAN, source="https://example.org/a", **told)
    page = desk.visitor("bob").get("/queue")
    (link,) = page.all("//main//tbody//details//a/@href")
    assert link == "https://example.org/a"
    assert "\u202e" not in page.words


def test_a_long_queue_is_shown_a_sheet_at_a_time(desk: Desk) -> None:
    for number in range(105):
        receive_notice(
            desk.app, "terminal", kind="fact", subject=ETHIOPIAN, title=f"Fact {number}", body=f"{number}"
        )
    bob = desk.visitor("bob")
    sheets = [bob.get(f"/queue?sheet={number}") for number in ("1", "2", "3", "99", "x", "²")]
    assert [len(sheet.all("//main//tbody/tr")) for sheet in sheets] == [50, 50, 5, 5, 50, 50]
    named = {row.text_content() for sheet in sheets[:3] for row in sheet.all("//main//tbody/tr")}
    assert len(named) == 105
    assert sheets[0].all("//a[@rel='next']/@href") == ["/queue?sheet=2"]
    assert bob.get("/queue?kind=notice&sheet=2").all("//a[@rel='prev']/@href") == [
        "/queue?sheet=1&kind=notice"
    ]
