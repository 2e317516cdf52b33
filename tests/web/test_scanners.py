"""Programs open every link of a letter before its reader does: that decides, signs and answers nothing."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask

from tests.services.test_whereabouts import book, sent
from tests.web.conftest import Visitor
from tests.web.desk import Desk, csrf, desk_of
from tests.web.test_whereabouts import hidden, shown
from travelrisk.domain.people import Role
from travelrisk.mail.unsubscribing import Unsubscribing
from travelrisk.services.application import Application
from travelrisk.store.database import reading
from travelrisk.store.tables import METADATA
from travelrisk.web.app import create_app

MAIL = Path(__file__).parents[1] / "mail"
LINK = re.compile(r"https://travelrisk\.example\.org(/[^\s\"'<>&)]*)")
SIGNER = Unsubscribing("of a test")
OPEN = {  # what whoever holds the link sees; all else that letters lead to asks for a sign-in first
    "/trips/<token>",
    "/trips/<token>/understood",
    "/calendar/<token>.ics",
    "/safe/<token>",
    "/check",
}


@pytest.fixture
def desk(app: Application, tmp_path: Path) -> Iterator[Desk]:
    with desk_of(app, tmp_path, heidi=Role.TRAVEL_UNIT, alice=Role.FOCAL_POINT) as made:
        own = replace(made.app, facts=replace(made.app.facts, unsubscribing=SIGNER))
        yield Desk(own, create_app(own))


def state(app: Application) -> str:
    """Return a hash of every row of every table."""
    whole = hashlib.sha256()
    with reading(app.engine) as c:
        for table in METADATA.sorted_tables:
            whole.update(table.name.encode())
            for row in sorted(map(repr, c.execute(table.select()))):
                whole.update(row.encode())
    return whole.hexdigest()


def rules_of_letters(pages: Flask) -> dict[str, str]:
    """Return the rule of every link of every golden letter, with one such link."""
    texts = (
        path.read_text("utf-8") for path in MAIL.glob("golden*/*") if path.suffix in {".html", ".txt", ".ics"}
    )
    found: dict[str, str] = {}
    adapter = pages.url_map.bind("travelrisk.example.org")
    for path in {urlsplit(link).path for text in texts for link in LINK.findall(text)}:
        rule, _ = adapter.match(path.rstrip("."), "GET", return_rule=True)
        found[str(rule.rule)] = path
    return found


def test_every_link_of_every_letter_is_open_to_its_holder_or_asks_for_a_sign_in(desk: Desk) -> None:
    found = rules_of_letters(desk.pages)
    closed = {
        rule
        for rule, path in found.items()
        if "/sign-in" in desk.visitor().look(path).headers.get("Location", "")
    }
    assert found.keys() - closed == OPEN
    assert len(closed) > 10


@pytest.mark.threat(9)
def test_links_that_are_opened_five_times_change_nothing(desk: Desk) -> None:
    links = addresses(desk)
    scanner, before = desk.visitor(), state(desk.app)
    for _ in range(5):
        for link in links:
            assert scanner.look(link).status_code in {200, 303}, link
    assert state(desk.app) == before


@pytest.mark.threat(9)
def test_links_that_are_posted_to_by_a_program_change_nothing(desk: Desk) -> None:
    """Some scanners send the forms they find; only one of ours is made for that, and it refuses digests."""
    links = [link for link in addresses(desk) if not link.startswith("/unsubscribe")]
    scanner, before = desk.visitor(), state(desk.app)
    for link in links:
        for data in ({}, {"confirm": "1", "action": "approve", "send": "1"}):
            assert scanner.post(link, data=data).status in {200, 303, 400, 404, 405, 409, 422}, link
    assert state(desk.app) == before


def addresses(desk: Desk) -> list[str]:
    """Return a link of each kind that letters have; those that are open lead to something."""
    trip = book(desk.app, "Alice")
    heidi = desk.visitor("heidi")
    heidi.post("/whereabouts/message/send", data=hidden(shown(heidi), "/whereabouts/message/send"))
    anybody = desk.visitor()
    page = anybody.get(f"/trips/{trip.token}")
    anybody.post(f"/trips/{trip.token}/calendar", data={"csrf_token": csrf(page)})
    letters = "".join(letter for each in sent(desk.app).values() for letter in each)
    own = {urlsplit(each).path for each in re.findall(r"https?://[\w.:]+/[^\s\"'<>&)]+", letters)}
    made = [path for path in own if path.startswith(("/safe/", "/calendar/"))]
    assert {path.split("/")[1] for path in made} == {"safe", "calendar"}
    others = [path for rule, path in rules_of_letters(desk.pages).items() if rule not in OPEN]
    own_trip = f"/trips/{trip.token}"
    mine = [own_trip, f"{own_trip}/understood", f"/unsubscribe/{SIGNER.token('p-heidi')}"]
    return [*made, *mine, *others, "/check?q=ET707+FRA+ADD+12+Dec"]


def test_a_change_of_any_row_would_be_seen(desk: Desk) -> None:
    before = state(desk.app)
    Visitor(desk.pages)
    assert state(desk.app) == before
    book(desk.app, "Alice")
    assert state(desk.app) != before
