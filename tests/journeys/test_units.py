"""A travel unit at its desk, in a browser: a trip is found, held and given away; the pages keep the rules."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests import databases
from tests.journeys.browsing import follow
from tests.journeys.rules import PREFIXES, keeps_to_the_rules
from tests.journeys.test_exceptions import arrive, office_on, seat_of

PASSENGER = "Passenger: LINDGREN/ALICE MS\nET 707 FRA ADD 14 Dec operated by Ethiopian Airlines\n"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_trip_is_found_and_its_ticket_put_on_hold(
    browser: Browser, tmp_path: Path, *, scripts: bool
) -> None:
    with (
        office_on(databases.empty_in(tmp_path), tmp_path) as office,
        seat_of("heidi", browser, office, java_script_enabled=scripts) as heidi,
    ):
        arrive(office.app, PASSENGER, "alice")
        follow(heidi.get_by_role("link", name="Trips", exact=True))
        follow(heidi.get_by_role("link", name="Find a trip"))
        heidi.get_by_label("Name, record locator or trip reference").fill("lindgren")
        follow(heidi.get_by_role("button", name="Find"))
        assert "lindgren" not in heidi.url
        follow(heidi.get_by_role("link", name="ALICE LINDGREN"))
        heidi.get_by_label("Ticket on hold").check()
        heidi.get_by_label("Reason").first.fill("The operator is not known yet.")
        follow(heidi.get_by_role("button", name="Record it"))
        expect(heidi.get_by_role("status")).to_contain_text("how the ticket stands")
        expect(heidi.locator("dl.tr-identity")).to_contain_text("Ticket on hold")


def test_the_pages_keep_to_the_rules_in_three_languages(browser: Browser, tmp_path: Path, axe: str) -> None:
    with (
        office_on(databases.empty_in(tmp_path), tmp_path) as office,
        seat_of("heidi", browser, office) as heidi,
    ):
        trip = arrive(office.app, PASSENGER, "alice").trip
        assert trip is not None
        for language, prefix in PREFIXES.items():
            heidi.goto(f"{office.url}{prefix}/desk")
            keeps_to_the_rules(heidi, axe, "the desk", language)
            heidi.goto(f"{office.url}{prefix}/desk/search")
            heidi.locator("#airport").fill("ADD")
            follow(heidi.locator("main form button"))
            expect(heidi.locator("tbody tr")).to_have_count(1)
            keeps_to_the_rules(heidi, axe, "the search", language)
            heidi.goto(f"{office.url}{prefix}/desk/trips/{trip.reference}")
            follow(heidi.locator("form[action$='/note'] button"))
            expect(heidi.locator(".tr-errors")).to_be_focused()
            keeps_to_the_rules(heidi, axe, "a trip", language)
