"""The travel unit asks who is where, writes to those, and sees who is safe; the pages keep to the rules."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests import databases
from tests.journeys.browsing import follow
from tests.journeys.rules import PREFIXES, keeps_to_the_rules
from tests.journeys.test_exceptions import Office, office_on, seat_of
from tests.services.test_whereabouts import OUT, book, sent
from travelrisk.store import people
from travelrisk.store.database import writing

ASK = "/whereabouts?what=Ethiopia&since=2026-12-16T12:00&hours=24"


def prepared(office: Office) -> None:
    """Give heidi an office, with three bookings: one has no address, one only goes there."""
    with writing(office.app.engine) as c:
        people.save(c, replace(people.by_id(c, "p-heidi"), unit="Nairobi"))
    book(office.app, "Alice")
    book(office.app, "A-very-long-given-name-of-somebody", language="es")
    book(office.app, "Dana", OUT, contact="")


@pytest.mark.parametrize("scripts", [True, False])
def test_from_the_question_to_who_is_safe(
    browser: Browser, tmp_path: Path, axe: str, *, scripts: bool
) -> None:
    with (
        office_on(databases.empty_in(tmp_path), tmp_path) as office,
        seat_of("heidi", browser, office, java_script_enabled=scripts) as heidi,
    ):
        prepared(office)
        follow(heidi.get_by_role("link", name="Whereabouts"))
        heidi.get_by_label("Flight, airport, city or country").fill("Ethiopia")
        heidi.get_by_label("From (UTC)").fill("2026-12-16T12:00")
        follow(heidi.get_by_role("button", name="Find"))
        expect(heidi.locator("tbody tr")).to_have_count(3)
        follow(heidi.get_by_role("link", name="Write to these people (3)"))
        heidi.locator("#subject_en").fill("Earthquake in Addis Ababa")
        heidi.locator("#text_en").fill("Are you safe?")
        follow(heidi.get_by_role("button", name="Preview"))
        expect(heidi.locator("#readers")).to_contain_text("People who will get this: 2. Bookings: 2.")
        if scripts:
            keeps_to_the_rules(heidi, axe, "preview")
            heidi.clock.install()  # of the page that looks again every ten seconds
        follow(heidi.get_by_role("button", name="Send the message (2)"))
        expect(heidi.get_by_role("status")).to_contain_text("on its way")
        (token,) = set(re.findall(r"/safe/([\w-]{22})", sent(office.app)["alice@example.org"][0]))
        traveller = heidi.context.new_page()
        traveller.goto(f"{office.url}/fr/safe/{token}")
        if scripts:
            keeps_to_the_rules(traveller, axe, "the question to a traveller")
        follow(traveller.get_by_role("button", name="Je suis en sécurité"))
        expect(traveller.get_by_role("status")).to_contain_text("Vous avez répondu")
        traveller.close()
        if scripts:
            heidi.clock.fast_forward(10_000)
        else:
            follow(heidi.get_by_role("link", name="Update the list"))
        expect(heidi.locator("#counts")).to_contain_text("Say that they are safe: 1.")


def test_the_pages_keep_to_the_rules_in_three_languages(browser: Browser, tmp_path: Path, axe: str) -> None:
    with (
        office_on(databases.empty_in(tmp_path), tmp_path) as office,
        seat_of("heidi", browser, office) as heidi,
    ):
        prepared(office)
        for language, prefix in PREFIXES.items():
            for path in (ASK, ASK.replace("whereabouts", "whereabouts/message"), "/whereabouts/messages"):
                heidi.goto(f"{office.url}{prefix}{path}")
                keeps_to_the_rules(heidi, axe, path, language)
