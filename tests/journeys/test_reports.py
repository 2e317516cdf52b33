"""A focal point looks at the report of a month in a browser, with and without scripts; it keeps the rules."""

from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests import databases
from tests.journeys.browsing import follow
from tests.journeys.rules import PREFIXES, keeps_to_the_rules
from tests.journeys.test_exceptions import BOOKING, arrive, office_on, seat_of
from travelrisk.store import people
from travelrisk.store.database import writing


def test_the_report_of_an_office_keeps_to_the_rules_in_three_languages(
    browser: Browser, tmp_path: Path, axe: str
) -> None:
    with office_on(databases.empty_in(tmp_path), tmp_path) as office:
        for number in range(6):
            arrive(office.app, BOOKING.format(locator=f"ZQZ{number}TR", number=400 + number), "grace")
        with writing(office.app.engine) as c:
            c.exec_driver_sql("UPDATE trips SET office = 'Geneva'")
            people.save(c, replace(people.by_id(c, "p-heidi"), unit="Geneva"))
        with seat_of("heidi", browser, office, java_script_enabled=False) as heidi:
            follow(heidi.get_by_role("link", name="Reports"))
            heidi.get_by_label("Period").select_option("this_month")
            follow(heidi.get_by_role("button", name="Show"))
            expect(heidi.get_by_role("heading", name="Geneva")).to_be_visible()
            expect(heidi.get_by_role("img", name="Verdicts before departure")).to_be_visible()
            heidi.get_by_text("Table: Itineraries screened").click()
            expect(heidi.get_by_role("row", name="Whole period 9").first).to_be_visible()
        with seat_of("heidi", browser, office) as heidi:
            for language, prefix in PREFIXES.items():
                heidi.goto(f"{office.url}{prefix}/reports?period=this_month")
                expect(heidi.locator("section svg").first).to_be_visible()
                keeps_to_the_rules(heidi, axe, "a report", language)
