"""The travel unit explains a table of its agency in a browser, without scripts too."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests import databases
from tests.journeys.browsing import follow
from tests.journeys.rules import PREFIXES, keeps_to_the_rules
from tests.journeys.test_exceptions import office_on, seat_of
from tests.web.test_explained import FIELDS, TABLE
from travelrisk.store import people
from travelrisk.store.database import writing


@pytest.mark.parametrize("scripts", [True, False])
def test_a_table_is_explained(browser: Browser, tmp_path: Path, axe: str, *, scripts: bool) -> None:
    table = tmp_path / "a-very-long-name-of-the-export-of-our-agency-in-december.csv"
    table.write_bytes(TABLE)
    with (
        office_on(databases.empty_in(tmp_path), tmp_path) as office,
        seat_of("heidi", browser, office, java_script_enabled=scripts) as heidi,
    ):
        with writing(office.app.engine) as c:
            people.save(c, replace(people.by_id(c, "p-heidi"), unit="OFFICE A"))
        for language, prefix in PREFIXES.items():
            heidi.goto(f"{office.url}{prefix}/tables")
            heidi.locator("#file").set_input_files(table)
            follow(heidi.locator("main form button").first)
            heidi.wait_for_url("**/tables/*")
            for place, field in enumerate(FIELDS):
                heidi.locator(f"#c{place}").select_option(field)
            follow(heidi.locator("main form button").first)
            expect(heidi.locator("#preview ~ table")).to_contain_text("ET 707")
            if scripts:
                keeps_to_the_rules(heidi, axe, "a table", language)
            follow(heidi.locator("main form button").nth(1))
            expect(heidi.locator("h3")).to_contain_text("localiz")
            if scripts:
                keeps_to_the_rules(heidi, axe, "what was said", language)
            follow(heidi.locator("section button"))
            expect(heidi.locator("h3")).to_have_count(0)
