"""The travel unit finds a warning that reached nobody, calls, and says so; the page keeps the rules."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests import databases
from tests.journeys.browsing import follow
from tests.journeys.rules import PREFIXES, keeps_to_the_rules
from tests.journeys.test_exceptions import BOOKING, arrive, office_on, seat_of
from tests.services.test_dispatch import Failing
from tests.web.desk import OFFICE
from travelrisk.intake.document import Document
from travelrisk.mail.transport import PermanentFailure
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.services.letters.undelivered import sweep, waiting
from travelrisk.services.trips.receiving import receive


@pytest.mark.parametrize("scripts", [True, False])
def test_a_warning_that_reached_nobody_is_told(browser: Browser, tmp_path: Path, *, scripts: bool) -> None:
    with (
        office_on(databases.empty_in(tmp_path), tmp_path) as office,
        seat_of("heidi", browser, office, java_script_enabled=scripts) as heidi,
    ):
        dispatch(office.app, Failing(*[PermanentFailure("550 5.1.1 at RCPT")] * 3), "one")
        assert sweep(office.app) == 2
        follow(heidi.get_by_role("link", name="Not delivered"))
        expect(heidi.locator("tbody tr")).to_have_count(2)
        heidi.get_by_label("Note (optional)").first.fill("By phone at noon.")
        follow(heidi.get_by_role("button", name="The traveller was told").first)
        expect(heidi.get_by_role("status")).to_contain_text("It is noted")
        expect(heidi.locator("tbody tr")).to_have_count(1)
        assert len(waiting(office.app)) == 1


def test_the_page_keeps_to_the_rules_in_three_languages(browser: Browser, tmp_path: Path, axe: str) -> None:
    with (
        office_on(databases.empty_in(tmp_path), tmp_path) as office,
        seat_of("heidi", browser, office) as heidi,
    ):
        for language, prefix in PREFIXES.items():
            heidi.goto(f"{office.url}{prefix}/undelivered")
            keeps_to_the_rules(heidi, axe, "nothing to tell", language)
        passenger = "Passenger: DOE/ALICE MS\n"
        arrive(
            office.app, passenger + BOOKING.format(locator="ZQZ4TR", number=466), "a.very.long.name.of.alice"
        )
        dispatch(office.app, Failing(*[PermanentFailure("550 5.1.1 at RCPT")] * 4), "one")
        sweep(office.app)
        silent = Document(f"{passenger}ET 707 FRA ADD 12 Dec\n".encode())
        for address in ("", "alice (at) field-office.example.org"):
            list(receive(office.app, silent, recipient=address, office=OFFICE))
        for language, prefix in PREFIXES.items():
            heidi.goto(f"{office.url}{prefix}/undelivered")
            expect(heidi.locator("tbody tr")).to_have_count(4)
            keeps_to_the_rules(heidi, axe, "warnings", language)


def test_a_missing_address_is_given_and_its_pages_keep_to_the_rules(
    browser: Browser, tmp_path: Path, axe: str
) -> None:
    with (
        office_on(databases.empty_in(tmp_path), tmp_path) as office,
        seat_of("heidi", browser, office, java_script_enabled=False) as heidi,
        seat_of("heidi", browser, office) as scripted,
    ):
        people = "Passenger: DOE/ALICE MS\nPassenger: VERY-LONG-SURNAME-OF-MANY-PARTS/MAXIMILIANA MS\n"
        (silent,) = receive(office.app, Document(f"{people}ET 707 FRA ADD 12 Dec\n".encode()), office=OFFICE)
        assert silent.trip is not None
        for language, prefix in PREFIXES.items():
            scripted.goto(f"{office.url}{prefix}/undelivered/{silent.trip.reference}/address")
            keeps_to_the_rules(scripted, axe, "address", language)
        scripted.goto(f"{office.url}/undelivered/{silent.trip.reference}/address")
        scripted.get_by_label("E-mail address of the traveller").fill("a.very.long.name.of.alice@example.org")
        scripted.get_by_label("Whose address it is").select_option(index=2)
        follow(scripted.get_by_role("button", name="Look at what will happen"))
        keeps_to_the_rules(scripted, axe, "what will happen", "en")
        follow(heidi.get_by_role("link", name="Not delivered"))
        follow(heidi.get_by_role("link", name="Give an e-mail address"))
        heidi.get_by_label("E-mail address of the traveller").fill("alice@example.org")
        heidi.get_by_label("Whose address it is").select_option("ALICE DOE")
        heidi.get_by_label("Language of the letters").select_option("fr")
        follow(heidi.get_by_role("button", name="Look at what will happen"))
        expect(heidi.locator("main")).to_contain_text("1 letter will go to alice@example.org.")
        follow(heidi.get_by_role("button", name="Keep the address"))
        expect(heidi.get_by_role("status")).to_contain_text("the letter is written")
        assert waiting(office.app, reference=silent.trip.reference) == ()
