"""Two people in two browsers take an exception from a trip to its decision; the pages keep the rules."""

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
from tests.web.desk import OFFICE, PASSWORD, employ
from travelrisk.domain.advisories import Advisory
from travelrisk.domain.people import Role
from travelrisk.domain.verdicts import Verdict
from travelrisk.intake.document import Document
from travelrisk.mail.inbox import Inbox
from travelrisk.services.application import Application
from travelrisk.services.trips import receiving
from travelrisk.services.trips.receiving import Received
from travelrisk.settings import load_settings
from travelrisk.wiring import build

BOOKING = "Record locator: {locator}\nUM {number} FRA JFK 12 Dec 2026 operated by Air Zimbabwe\n"
OTHER = "LH 400 FRA JFK 14 Dec 2026 operated by Lufthansa"


class Office(NamedTuple):
    """A running service, with the trip that somebody needs, and another one on the same pair."""

    app: Application
    url: str
    mine: Received
    other: Received


def arrive(app: Application, text: str, name: str) -> Received:
    document = Document(text.encode(), "trip.txt", "text/plain")
    (received,) = receiving.receive(app, document, recipient=f"{name}@example.org", office=OFFICE)
    return received


def advised(received: Received) -> Advisory:
    assert received.advisory is not None
    return received.advisory


@contextmanager
def office_on(database_url: str, folder: Path) -> Iterator[Office]:
    """Serve the desk with the ratings of the demonstration and two trips with one carrier."""
    databases.rate(database_url)
    settings = load_settings(data_dir=folder, database_url=database_url, demo=True)
    app = replace(build(settings), clock=lambda: NOW)
    employ(app, heidi=Role.TRAVEL_UNIT, frank=Role.APPROVER)
    arrive(app, OTHER, "grace")
    mine = arrive(app, BOOKING.format(locator="XQZ4TR", number=462), "alice")
    other = arrive(app, BOOKING.format(locator="YQZ4TR", number=462), "bob")
    try:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            app = replace(app, facts=replace(app.facts, base_url=url))
            with served(app, Inbox(), listening):
                yield Office(app, url, mine, other)
    finally:
        app.engine.dispose()


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    """Give the desk on a fresh database; a test that takes it runs on SQLite and on PostgreSQL."""
    with office_on(database_url, tmp_path) as running:
        yield running


@contextmanager
def seat_of(name: str, browser: Browser, office: Office, **more: object) -> Iterator[Page]:
    """Sign somebody in, in a browser of their own, and fail for whatever that browser complains about."""
    complaints: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 800}, **more)  # type: ignore[arg-type]
    try:
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{office.url}/sign-in?next=/exceptions")
        page.locator("#email").fill(f"{name}@staff.example.org")
        page.locator("#password").fill(PASSWORD)
        follow(page.get_by_role("button", name="Sign in"))
        expect(page.locator("h1")).to_have_text("Exceptions")
        yield page
    finally:
        context.close()
    left = [each for each in complaints if not each.startswith(STATUS_ON_CONSOLE) and not each.endswith(LEFT)]
    assert left == []


def ask(page: Page, office: Office) -> str:
    """Ask for an exception from the page of the trip, and return the address of the request."""
    assert office.mine.trip is not None
    page.goto(f"{office.url}/trips/{office.mine.trip.token}")
    follow(page.get_by_role("link", name="Ask for an exception for this trip"))
    expect(page.locator("#alternatives_tried")).to_have_value(
        "Seen on FRA-JFK in itineraries, which is not an assessment of availability: Lufthansa (LH).\n"
        "Instead of FRA-JFK, 12 Dec 2026 (not cleared), judged better, which is not an assessment of"
        " availability: FRA-JFK, Lufthansa (LH): cleared."
    )
    follow(page.get_by_role("button", name="Save and look at it"))
    expect(page.locator(".tr-errors li")).to_have_count(3)
    page.locator("#need").fill("The clinic opens on 14 December.")
    page.locator("#mitigation").fill("Two travel together.")
    page.locator("#conditions_en").fill("Daylight only.")
    follow(page.get_by_role("button", name="Save and look at it"))
    follow(page.get_by_role("button", name="Send the request"))
    expect(page.get_by_role("status")).to_contain_text("Sent.")
    return page.url


@WITH_AND_WITHOUT_SCRIPTS
def test_a_trip_that_is_not_cleared_becomes_conditional_and_no_other_does(
    browser: Browser, office: Office, *, scripts: bool
) -> None:
    assert advised(office.mine).verdict is advised(office.other).verdict is Verdict.NOT_CLEARED
    with (
        seat_of("heidi", browser, office, java_script_enabled=scripts) as heidi,
        seat_of("frank", browser, office, java_script_enabled=scripts) as frank,
    ):
        one = ask(heidi, office)
        expect(heidi.get_by_role("button", name="Approve")).to_have_count(0)
        frank.goto(f"{office.url}/queue?kind=exception")
        follow(frank.locator("tbody a").first)
        effect = frank.get_by_role("table", name="Journeys whose verdict changes")
        expect(effect.locator("tbody tr")).to_have_count(1)
        expect(effect).to_contain_text("Cleared with conditions")
        expect(frank.locator("main")).to_contain_text("Not recommended", ignore_case=True)
        follow(frank.get_by_role("button", name="Approve"))
        expect(frank.get_by_role("status")).to_contain_text("Decided: the exception is published.")
        heidi.goto(one)
        expect(heidi.locator("main")).to_contain_text("Frank")

        again = arrive(office.app, BOOKING.format(locator="XQZ4TR", number=464), "alice")
        assert again.trip is not None
        assert again.trip == office.mine.trip
        assert advised(again).verdict is Verdict.CONDITIONAL
        (said,) = [each for each in advised(again).findings if each.code == "authorised.ad_hoc"]
        slots = dict(said.slots)
        assert (slots["by"], said.carrier) == ("Frank", "AZW")
        elsewhere = arrive(office.app, BOOKING.format(locator="YQZ4TR", number=464), "bob")
        assert advised(elsewhere).verdict is Verdict.NOT_CLEARED
        heidi.goto(f"{office.url}/trips/{again.trip.token}")
        expect(heidi.locator("main")).to_contain_text(str(slots["exception"]))
        expect(heidi.locator("main")).to_contain_text("Daylight only.")


@pytest.mark.long
def test_the_pages_keep_to_the_rules_in_three_languages(browser: Browser, tmp_path: Path, axe: str) -> None:
    with (
        office_on(databases.empty_in(tmp_path), tmp_path) as office,
        seat_of("heidi", browser, office) as heidi,
        seat_of("frank", browser, office) as frank,
    ):
        one = ask(heidi, office).removeprefix(office.url)
        assert office.mine.trip is not None
        form = f"/exceptions/new?trip={office.mine.trip.token}"
        for language, prefix in PREFIXES.items():
            for page, address in (
                *((heidi, "/exceptions"), (heidi, form), (heidi, one), (heidi, f"{one}/edit")),
                *((frank, one), (frank, "/exceptions"), (frank, "/queue")),
            ):
                page.goto(office.url + prefix + address)
                keeps_to_the_rules(page, axe, address, language)
        heidi.goto(f"{office.url}/exceptions/new")
        follow(heidi.get_by_role("button", name="Save and look at it"))
        expect(heidi.locator(".tr-errors")).to_be_focused()
        described = heidi.locator("#need").get_attribute("aria-describedby") or ""
        assert any(each.startswith("error-") for each in described.split())
        keeps_to_the_rules(heidi, axe, "faults")
