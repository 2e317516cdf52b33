"""Two people in two browsers take a State-wide caution from draft to published; the pages keep the rules."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import databases
from tests.journeys.browsing import follow
from tests.journeys.rules import (
    LEFT,
    PREFIXES,
    STATUS_ON_CONSOLE,
    WITH_AND_WITHOUT_SCRIPTS,
    keeps_to_the_rules,
)
from tests.journeys.test_pages import NOW, served
from tests.web.desk import PASSWORD, employ
from travelrisk.domain.people import Role
from travelrisk.domain.ratings import Subject, SubjectKind
from travelrisk.intake.document import Document
from travelrisk.mail.inbox import Inbox
from travelrisk.services.application import Application
from travelrisk.services.desk import notices
from travelrisk.services.ratings import records
from travelrisk.services.trips import receiving
from travelrisk.settings import load_settings
from travelrisk.wiring import build

EDITOR = "/changes/new?subject=state:US&what=caution"
EXCEPTED = """
[[ratings]]
id = "for-show-aal"
subject = "carrier:AAL"
level = "recommended"
valid_from = 2026-01-01
set_by = "bob"
set_on = 2026-11-03
"""
ADDRESSES = {
    "queue": "/queue?everything=1",
    "report": "/report",
    "picker": "/changes/new",
    "several": "/changes/new?kind=airport&text=London",
    "unknown": "/changes/new?kind=carrier&text=nobody",
    "records of a carrier": "/changes/new?subject=carrier:UAL",
    "editor of a caution": EDITOR,
    "editor of a rating": "/changes/new?subject=carrier:UAL&what=rating",
    "changes": "/changes",
    "change": "{change}",
    "publish": "{change}/publish-at-once",
}


class Office(NamedTuple):
    """A running service, and a change that waits there for a signature."""

    app: Application
    url: str


@contextmanager
def office_on(database_url: str, folder: Path) -> Iterator[Office]:
    """Serve the desk with the ratings of the demonstration and two trips with carriers of one State."""
    databases.rate(database_url)
    settings = load_settings(data_dir=folder, database_url=database_url, demo=True)
    app = replace(build(settings), clock=lambda: NOW)
    also = folder / "also.toml"
    also.write_text(EXCEPTED, encoding="utf-8")
    records.import_records(app, also, by="bob", signed_by="charlie")
    employ(app, alice=Role.FOCAL_POINT, bob=Role.FOCAL_POINT)
    for name, flown in (("erin", "UA 960 EWR FRA 12 Dec"), ("frank", "AA 70 EWR FRA 14 Dec")):
        document = Document(flown.encode(), "trip.txt", "text/plain")
        list(receiving.receive(app, document, recipient=f"{name}@example.org"))
    united = Subject(SubjectKind.CARRIER, "UAL")
    notices.report(app, "p-alice", carrier=united, flight="UA 960", text="No belts on row 3.", named=True)
    try:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            app = replace(app, facts=replace(app.facts, base_url=url))
            with served(app, Inbox(), listening):
                yield Office(app, url)
    finally:
        app.engine.dispose()


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    """Give the desk on a fresh database; a test that takes it runs on SQLite and on PostgreSQL."""
    with office_on(database_url, tmp_path) as running:
        yield running


@pytest.fixture(scope="module")
def standing_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Give one desk for all tests that only look."""
    folder = tmp_path_factory.mktemp("desk")
    with office_on(databases.empty_in(folder), folder) as running:
        yield running


@contextmanager
def desk_of(name: str, browser: Browser, office: Office, **more: object) -> Iterator[Page]:
    """Sign somebody in, in a browser of their own, and fail for whatever that browser complains about."""
    complaints: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 800}, **more)  # type: ignore[arg-type]
    try:
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{office.url}/sign-in?next=/queue")
        page.locator("#email").fill(f"{name}@staff.example.org")
        page.locator("#password").fill(PASSWORD)
        follow(page.get_by_role("button", name="Sign in"))
        expect(page.locator("h1")).to_have_text("What waits")
        yield page
    finally:
        context.close()
    assert [
        each for each in complaints if not each.startswith(STATUS_ON_CONSOLE) and not each.endswith(LEFT)
    ] == []


def write(page: Page, *, excepted: str) -> None:
    """Fill the editor of a caution, and save it."""
    page.get_by_label("Review needed").check()
    page.locator("#text_en").fill("The authority's oversight is under review.")
    page.locator("#exceptions").fill(excepted)
    page.locator("#source-0-title").fill("Notice of the authority")
    page.locator("#why").fill("The oversight is in doubt.")
    follow(page.get_by_role("button", name="Save draft"))


@pytest.mark.long
@WITH_AND_WITHOUT_SCRIPTS
def test_two_people_take_a_caution_from_draft_to_published(
    browser: Browser, office: Office, *, scripts: bool
) -> None:
    with (
        desk_of("alice", browser, office, java_script_enabled=scripts) as alice,
        desk_of("bob", browser, office, java_script_enabled=scripts) as bob,
    ):
        follow(alice.get_by_role("link", name="Propose a change"))
        alice.locator("#kind").select_option("state")
        alice.get_by_label("What is it about?").fill("United States of America")
        follow(alice.get_by_role("button", name="Continue"))
        follow(alice.get_by_role("link", name="New caution"))
        write(alice, excepted="AA")
        expect(alice.locator(".tr-errors")).to_contain_text('"AA" is no ICAO designator: enter AAL')
        write(alice, excepted="")
        expect(alice.get_by_role("status")).to_contain_text("Nothing is published yet.")
        effect = alice.get_by_role("table", name="Journeys whose verdict changes")
        expect(effect.locator("tbody tr")).to_have_count(2)
        follow(alice.get_by_role("link", name="Edit"))
        write(alice, excepted="AAL")
        expect(effect.locator("tbody tr")).to_have_count(1)  # and not frank, whose carrier is excepted
        expect(effect).to_contain_text("Cleared with conditions")
        expect(effect).to_contain_text("Review needed")
        follow(alice.get_by_role("button", name="Propose to a second person"))
        expect(alice.get_by_text("You cannot sign your own.")).to_be_visible()
        expect(alice.get_by_role("button", name="Sign", exact=True)).to_have_count(0)

        bob.goto(f"{office.url}/queue?kind=sign")
        follow(bob.locator("tbody a").first)
        expect(bob.locator("h1")).to_contain_text("(US)")
        follow(bob.get_by_role("button", name="Sign", exact=True))
        follow(bob.get_by_role("link", name="Publish"))
        expect(bob.locator("main")).to_contain_text("journeys 1")
        follow(bob.get_by_role("button", name="Publish"))
        expect(bob.get_by_role("status")).to_have_text("Published as a new edition.")
        follow(bob.get_by_role("link", name="History:"))
        expect(bob.locator(".tr-records")).to_contain_text("The authority's oversight is under review.")
        expect(bob.locator(".tr-records")).to_contain_text("AAL")


@pytest.mark.long
def test_every_page_keeps_to_the_rules_in_every_language_at_every_width(
    browser: Browser, standing_office: Office, axe: str
) -> None:
    office = standing_office
    with desk_of("alice", browser, office) as page:
        page.goto(office.url + EDITOR)
        page.get_by_label("Urgent").check()
        write(page, excepted="AAL")
        change = page.url.removeprefix(office.url)
        for language, prefix in PREFIXES.items():
            for name, address in ADDRESSES.items():
                page.goto(office.url + prefix + address.format(change=change))
                keeps_to_the_rules(page, axe, name, language)


def test_the_faults_of_a_form_and_a_lost_update_keep_to_the_rules(
    browser: Browser, standing_office: Office, axe: str
) -> None:
    office = standing_office
    with desk_of("alice", browser, office) as page:
        page.goto(office.url + EDITOR)
        follow(page.get_by_role("button", name="Save draft"))
        expect(page).to_have_title(
            "Error: Caution: United States of America (US), State of the operator - Travel risk"
        )
        expect(page.locator(".tr-errors")).to_be_focused()
        described = page.locator("#why").get_attribute("aria-describedby") or ""
        (fault,) = [each for each in described.split() if each.startswith("error-")]
        expect(page.locator(f"#{fault}")).to_have_text("Say why this is changed")
        page.locator(f"#{fault}").click()
        expect(page.locator("#why")).to_be_focused()
        keeps_to_the_rules(page, axe, "faults")
        write(page, excepted="AAL")
        follow(page.get_by_role("link", name="Edit"))
        page.locator("input[name=version]").evaluate("each => each.value = '0'")
        page.locator("#text_en").fill("Written later.")
        follow(page.get_by_role("button", name="Save draft"))
        expect(page.locator(".tr-errors")).to_contain_text("Somebody else changed this meanwhile")
        expect(page.locator(".tr-errors table")).to_contain_text("Written later.")
        keeps_to_the_rules(page, axe, "lost update")
