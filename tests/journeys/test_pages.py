"""The pages in a real browser: three languages, two widths, with and without a script, under axe."""

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from tests import databases
from tests.journeys.browsing import follow
from tests.journeys.rules import LEFT, PREFIXES, STATUS_ON_CONSOLE, keeps_to_the_rules
from travelrisk.intake.document import Document
from travelrisk.mail.inbox import Inbox
from travelrisk.mail.smtp import Smtp
from travelrisk.services.application import Application
from travelrisk.services.letters import dispatch
from travelrisk.services.trips import receiving
from travelrisk.settings import load_settings
from travelrisk.web.app import create_app
from travelrisk.wiring import build

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
REVIEW = "ET707 FRA ADD 12 Dec"
CLEARED = "LH 400 FRA JFK 12 Dec"
DAY_OR_MONTH = "SN 465 BRU KGL 12/11"
NOT_CLEARED = "UM 462 HRE JNB 12 Dec"
AGENCY = b"""traveller;flight;operating carrier;from;to;date
GREEN/ALICE;LH 400;LH;FRA;JFK;2026-12-12
BROWN/BOB;UM 462;UM;HRE;JNB;2026-12-12
"""
ADDRESSES = {
    "empty": "/check",
    "cleared": "/check?q=LH+400+FRA+JFK+12+Dec",
    "review": "/check?q=ET707+FRA+ADD+12+Dec",
    "question": "/check?q=SN+465+BRU+KGL+12/11",
    "not cleared": "/check?q=UM+462+HRE+JNB+12+Dec",
    "error": "/check?q=hello",
    "trip": "/trips/{token}",
    "answer of the trip": "/trips/{token}/answers/1",
    "letter of the trip": "/trips/{token}/letters/1",
    "cancelling the trip": "/trips/{token}/cancel",
    "ratings": "/ratings?page=5",
    "expired ratings": "/ratings?state=expired",
    "no ratings": "/ratings?q=nothing+like+it",
    "history": "/ratings/carrier/AZW",
    "history of a State's carrier": "/ratings/carrier/PRF",
    "never rated": "/ratings/carrier/ANZ",
    "health": "/health",
    "inbox": "/inbox",
    "watch": "/story",
    "letter": "/inbox/1",
    "not there": "/nope",
}


class Site(NamedTuple):
    """A running service: where it is, and the token of a trip."""

    url: str
    token: str

    def address(self, name: str, language: str = "en") -> str:
        """Return the address of a page of the table above."""
        return self.url + PREFIXES[language] + ADDRESSES[name].format(token=self.token)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve the pages with the ratings of the demonstration, one trip and one letter, on this machine."""
    folder = tmp_path_factory.mktemp("journey")
    inbox = Inbox()
    smtp_host, smtp_port = inbox.start()
    databases.put_rated(folder / databases.NAME)
    app = replace(build(load_settings(data_dir=folder, demo=True)), clock=lambda: NOW)
    try:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            app = replace(app, facts=replace(app.facts, base_url=url))
            token = _receive(app)
            dispatch.dispatch(app, Smtp(smtp_host, smtp_port, tls="none"), "journey")
            with served(app, inbox, listening):
                yield Site(url, token)
    finally:
        inbox.stop()
        app.engine.dispose()


def _receive(app: Application) -> str:
    document = Document(REVIEW.encode(), "trip.txt", "text/plain")
    (received,) = receiving.receive(app, document, recipient="alice@example.org")
    assert received.trip is not None
    return received.trip.token


@contextmanager
def served(app: Application, inbox: Inbox, listening: socket.socket, **more: Any) -> Iterator[None]:  # noqa: ANN401 - as the pages take them
    """Serve the pages on a socket that listens already."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    host, port = listening.getsockname()
    server = make_server(host, port, create_app(app, inbox, **more), threaded=True, fd=listening.fileno())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def _context(browser: Browser, width: int = 1280, **more: Any) -> Iterator[BrowserContext]:  # noqa: ANN401 - as playwright has them
    context = browser.new_context(viewport={"width": width, "height": 800}, **more)
    try:
        yield context
    finally:
        context.close()


@contextmanager
def _page(browser: Browser, width: int = 1280, **more: Any) -> Iterator[Page]:  # noqa: ANN401 - as playwright has them
    """Open a page, and fail for whatever the browser complains about: an error, or a breach of our policy."""
    complaints: list[str] = []
    with _context(browser, width, **more) as context:
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("requestfailed", lambda request: complaints.append(f"{request.url} {request.failure}"))
        yield page
    assert [
        each for each in complaints if not each.startswith(STATUS_ON_CONSOLE) and not each.endswith(LEFT)
    ] == []


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Page]:
    """Give one window for all tests that only look: to open one takes as long as to look at a page."""
    with _page(browser) as page:
        yield page


@pytest.mark.parametrize("language", PREFIXES)
@pytest.mark.parametrize("name", ADDRESSES)
def test_a_page_keeps_to_the_rules_at_every_width(
    name: str, language: str, window: Page, site: Site, axe: str
) -> None:
    window.goto(site.address(name, language))
    keeps_to_the_rules(window, axe, name, language)


@pytest.mark.parametrize("language", PREFIXES)
def test_without_a_script_a_question_gets_its_answer(language: str, browser: Browser, site: Site) -> None:
    with _page(browser, 360, java_script_enabled=False) as page:
        page.goto(site.address("empty", language))
        page.locator("textarea").fill(REVIEW)
        follow(page.locator("form#check button"))
        headline = page.locator(".tr-verdict-word")
        expect(headline).to_be_in_viewport()
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("textarea")).to_have_value(REVIEW)
        expect(page.locator(".tr-js-only")).to_be_hidden()


def test_without_a_script_the_language_can_be_changed_under_an_answer(browser: Browser, site: Site) -> None:
    with _page(browser, java_script_enabled=False) as page:
        page.goto(site.address("empty"))
        page.locator("textarea").fill(CLEARED)
        follow(page.locator("form#check button"))
        follow(page.get_by_role("button", name="Français"))
        expect(page.locator(".tr-verdict-word")).to_have_text("Avis favorable")
        expect(page.locator("textarea")).to_have_value(CLEARED)


def test_without_a_script_a_file_gets_its_answer(browser: Browser, site: Site, tmp_path: Path) -> None:
    table = tmp_path / "agency.csv"
    table.write_bytes(AGENCY)
    with _page(browser, 360, java_script_enabled=False) as page:
        page.goto(site.address("empty"))
        page.get_by_text("Or choose a file").click()
        page.locator("input[type=file]").set_input_files(table)
        follow(page.locator("form#check button"))
        expect(page.locator("#answer")).to_have_text("Itineraries: 2")
        expect(page.locator("tbody tr").first).to_contain_text("Not cleared")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_an_error_takes_the_focus_and_leads_to_its_field(browser: Browser, site: Site) -> None:
    with _page(browser) as page:
        page.goto(site.address("empty"))
        follow(page.locator("form#check button"))
        expect(page).to_have_title("Error: Check a flight before you book - Travel risk")
        expect(page.locator(".tr-errors")).to_be_focused()
        page.locator(".tr-errors a").click()
        expect(page.locator("textarea")).to_be_focused()


def test_an_answer_takes_the_focus_after_the_button(browser: Browser, site: Site) -> None:
    with _page(browser) as page:
        page.goto(site.address("empty"))
        page.locator("textarea").fill(REVIEW)
        follow(page.locator("form#check button"))
        expect(page.locator("[data-tr-headline]")).to_be_focused()


def test_typing_is_answered_without_moving_the_focus(browser: Browser, site: Site) -> None:
    with _page(browser) as page:
        page.goto(site.address("empty"))
        page.locator("textarea").press_sequentially(CLEARED)
        expect(page.locator("[data-tr-headline]")).to_have_text("Cleared")
        expect(page.locator("textarea")).to_be_focused()
        expect(page.locator("#reply-status")).to_have_text("Cleared")
        assert "?" not in page.url, "what is typed never stands in an address"


def test_an_old_answer_never_stands_below_a_new_question(browser: Browser, site: Site) -> None:
    with _page(browser) as page:
        page.goto(site.address("cleared"))
        expect(page.locator("[data-tr-headline]")).to_have_text("Cleared")
        page.locator("textarea").fill("LH 400 FRA JFK 12 Dec\nand much more\n")
        expect(page.locator("[data-tr-headline]")).to_have_count(0)
        expect(page.locator("#reply")).to_have_text("You changed the question. Press Check for the answer.")
        page.locator("textarea").fill(NOT_CLEARED)
        expect(page.locator("[data-tr-headline]")).to_have_text("Not cleared")


def test_an_answer_that_does_not_arrive_leaves_none_behind(browser: Browser, site: Site) -> None:
    with _context(browser) as context:
        page = context.new_page()
        page.goto(site.address("cleared"))
        page.route("**/check*", lambda route: route.abort())
        page.locator("textarea").fill(REVIEW)
        expect(page.locator("#reply")).to_have_text("The answer did not arrive. Press Check.")


def test_an_open_question_is_answered_by_pressing_a_choice(browser: Browser, site: Site) -> None:
    with _page(browser, 360) as page:
        page.goto(site.address("question"))
        follow(page.get_by_role("button", name="Fri 11 Dec 2026"))
        expect(page.locator("textarea")).to_have_value("SN 465 BRU KGL 2026-12-11")
        expect(page.locator(".tr-choices")).to_have_count(0)


def test_the_answer_is_copied_as_text(browser: Browser, site: Site) -> None:
    with _page(browser, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.clock.install(time=NOW)
        page.goto(site.address("review"))
        page.clock.pause_at(NOW + timedelta(hours=1))  # what is said for two seconds stands until it is seen
        page.get_by_text("Answer as text").click()
        page.get_by_role("button", name="Copy").click()
        expect(page.get_by_role("button", name="Copied")).to_be_visible()
        page.clock.run_for(2000)
        expect(page.get_by_role("button", name="Copy", exact=True)).to_be_visible()
        copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("REVIEW NEEDED: ET 707 FRA-ADD, 12 Dec 2026")


def test_the_skip_link_comes_first_and_leads_to_the_content(browser: Browser, site: Site) -> None:
    with _page(browser) as page:
        page.goto(site.address("health"))
        page.keyboard.press("Tab")
        expect(page.locator(".tr-skip")).to_be_focused()
        expect(page.locator(".tr-skip")).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()


def test_a_letter_shows_its_colours_and_its_trip_is_one_press_away(browser: Browser, site: Site) -> None:
    with _page(browser) as page:
        page.goto(site.address("letter"))
        heading = page.frame_locator("iframe").locator("h1")
        expect(heading).to_contain_text("Review needed")
        assert heading.evaluate("each => getComputedStyle(each).color") == "rgb(69, 51, 149)"
        follow(page.get_by_text("Open the trip page"))
        expect(page.locator("h1")).to_have_text("ET 707 FRA-ADD, 12 Dec 2026")
        assert page.url.startswith(f"{site.url}/trips/{site.token}")
