"""A booking that leaves questions: from its letter to the page, an answer and a correction, a new letter."""

import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.browsing import follow
from tests.journeys.test_pages import served
from travelrisk import resources
from travelrisk.intake.document import Document
from travelrisk.mail.inbox import Inbox
from travelrisk.mail.transport import Memory
from travelrisk.services.application import Application
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.services.ratings import records
from travelrisk.services.trips import receiving
from travelrisk.settings import load_settings
from travelrisk.wiring import build

NOW = datetime(2026, 10, 1, 18, 0, tzinfo=UTC)
LINE = "LH 400 FRA JFK 12/11/2026 operated by Lufthansa"
BOOKING = f"Passenger: DOE/ALICE MRS\n\n{LINE}\n"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Application]:
    """Give a service with the ratings of the demonstration."""
    app = replace(build(load_settings(data_dir=tmp_path, demo=True)), clock=lambda: NOW)
    records.import_records(
        app, resources.data("ratings", "demonstration.toml"), by="bob", signed_by="charlie"
    )
    yield app
    app.engine.dispose()


def letter_sent(app: Application) -> tuple[EmailMessage, str]:
    """Send what waits: return the one letter, and its words on one line."""
    memory = Memory()
    dispatch(app, memory, "journey")
    ((content, _, _),) = memory.sent
    letter = message_from_bytes(content, policy=default)
    assert isinstance(letter, EmailMessage)
    plain = letter.get_body(("plain",))
    assert plain is not None
    return letter, " ".join(plain.get_content().split())


def test_a_question_is_answered_and_an_operator_corrected_from_the_letter(
    app: Application, browser: Browser
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        app = replace(app, facts=replace(app.facts, base_url=url))
        document = Document(BOOKING.encode(), "booking.txt", "text/plain")
        assert len(list(receiving.receive(app, document, recipient="alice@example.org"))) == 1
        first, words = letter_sent(app)
        assert first["X-Travelrisk-Letter"] == "review"
        link = re.search(rf"{re.escape(url)}/trips/[\w-]+/understood\?language=en", words)
        assert link is not None, "the letter that asks leads to the page"
        with served(app, Inbox(), listening):
            context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
            page = context.new_page()
            page.goto(link[0])
            row = page.locator("section.tr-leg")
            expect(row.locator("dd", has_text="Lufthansa (LH), as the document states")).to_be_visible()
            expect(row.locator("blockquote")).to_have_text(LINE)
            page.get_by_label("2026-11-12").check()
            page.get_by_text("Correct this segment").click()
            page.get_by_label("Operating carrier").fill("Ethiopian Airlines")
            follow(page.get_by_role("button", name="Show what it would be"))
            expect(page.get_by_role("heading", level=1)).to_have_text("Understood now")
            expect(page.get_by_text("Thu 12 Nov 2026")).to_be_visible()
            expect(row.locator("blockquote").first).to_have_text(LINE)
            provisional = page.locator("section.tr-provisional")
            expect(provisional).to_contain_text("Provisional: nothing is answered yet")
            foreseen = provisional.locator(".tr-verdict-word").inner_text()
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
            follow(page.get_by_role("button", name="Confirm and check the trip again"))
            expect(page.get_by_role("status")).to_contain_text("The trip was checked again")
            expect(page.locator(".tr-verdict-word").first).to_have_text(foreseen)
            expect(page.get_by_text("(stated by the traveller, not by the booking)")).to_be_visible()
            context.close()
        second, words = letter_sent(app)
        assert second["In-Reply-To"] == first["Message-ID"]
        assert "told us that Ethiopian Airlines (ET) flies it; we had understood Lufthansa" in words
        assert "answered our question on “12/11/2026”: 2026-11-12" in words
        assert second["X-Travelrisk-Letter"] != "cleared"
