"""The travel unit reads what came back and sends a letter again in a browser; its pages keep the rules."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests import databases
from tests.journeys.browsing import follow
from tests.journeys.rules import PREFIXES, keeps_to_the_rules
from tests.journeys.test_exceptions import Office, office_on, seat_of
from travelrisk.mail.transport import Memory
from travelrisk.services.application import Application
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.store import bounces, mails, notes, outbox
from travelrisk.store.database import writing

REPLY = "Thank you.\nWe travel with a colleague, whose name is long: " + "Wolfeschlegelsteinhausen" * 3


@contextmanager
def answered(folder: Path) -> Iterator[Office]:
    """Serve a desk where a letter was answered, and came back from a second mailbox."""
    with office_on(databases.empty_in(folder), folder) as office:
        dispatch(office.app, Memory(), "one")
        assert office.mine.trip is not None
        write_back(office.app, office.mine.trip.id)
        yield office


def write_back(app: Application, trip_id: int) -> None:
    """Let the first letter of a trip be answered and come back."""
    at = app.clock()
    with writing(app.engine) as c:
        letter = outbox.of_trip(c, trip_id)[0]
        told = {"message_id": "<a@example.org>", "name": "", "problem": "", "owner": "w"}
        mail = mails.take(c, b"x", arrived_at=at, now=at, lease=at - at, **told)
        assert mail is not None
        notes.add(
            c,
            trip_id=trip_id,
            mail_id=mail.id,
            author=letter.recipient,
            text=REPLY,
            at=at,
            letter_id=letter.id,
        )
        bounces.note(c, kind="trip", letter_id=letter.id, reply="550 5.1.1", is_permanent=True, at=at)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_letter_is_sent_again_with_words_before_it(
    browser: Browser, tmp_path: Path, *, scripts: bool
) -> None:
    with (
        answered(tmp_path) as office,
        seat_of("heidi", browser, office, java_script_enabled=scripts) as heidi,
    ):
        assert office.mine.trip is not None
        follow(heidi.get_by_role("link", name="Replies"))
        expect(heidi.locator("blockquote")).to_contain_text("Thank you.")
        follow(heidi.get_by_role("link", name=office.mine.trip.reference).first)
        heidi.locator("#preface").fill("Please read this before Friday.\nHeidi")
        follow(heidi.get_by_role("button", name="Preview"))
        expect(heidi.locator("pre")).to_contain_text("| Please read this before Friday.\n| Heidi\n")
        follow(heidi.get_by_role("button", name="Send again"))
        expect(heidi.get_by_role("status")).to_contain_text("will be sent again")
        sent = Memory()
        dispatch(office.app, sent, "one")
        assert b"| Please read this before Friday.\r\n| Heidi\r\n" in sent.sent[0][0]


def test_the_pages_keep_to_the_rules_in_three_languages(browser: Browser, tmp_path: Path, axe: str) -> None:
    with (
        answered(tmp_path) as office,
        seat_of("heidi", browser, office) as heidi,
    ):
        assert office.mine.trip is not None
        trip = office.mine.trip
        pages = ("/replies", f"/replies/{trip.reference}", f"/trips/{trip.token}", "/flights")
        for language, prefix in PREFIXES.items():
            for path in pages:
                heidi.goto(f"{office.url}{prefix}{path}")
                keeps_to_the_rules(heidi, axe, path, language)
            heidi.goto(f"{office.url}{prefix}/replies/{trip.reference}")
            follow(heidi.locator("form.tr-act button"))
            keeps_to_the_rules(heidi, axe, "a preview", language)
