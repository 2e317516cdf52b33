"""A travel unit screens its agency's file in a browser: results come by themselves, letters when it says."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests import databases
from tests.journeys.browsing import follow
from tests.journeys.rules import PREFIXES, keeps_to_the_rules
from tests.journeys.test_exceptions import office_on, seat_of
from travelrisk import resources
from travelrisk.mail.transport import Memory
from travelrisk.services.batches import screening
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.store import people
from travelrisk.store.database import writing

CSV = resources.data("demo", "16-agency-bookings.csv")


@pytest.fixture
def noted() -> Iterator[list[str]]:
    """Give a list that takes what went wrong on the console."""
    found: list[str] = []
    yield found
    assert found == []


def test_a_file_is_screened_and_its_letters_released(
    browser: Browser, tmp_path: Path, axe: str, noted: list[str]
) -> None:
    with (
        office_on(databases.empty_in(tmp_path), tmp_path) as office,
        seat_of("heidi", browser, office) as heidi,
    ):
        heidi.on("pageerror", lambda error: noted.append(str(error)))
        with writing(office.app.engine) as c:
            people.save(c, replace(people.by_id(c, "p-heidi"), unit="OFFICE A"))
        heidi.goto(f"{office.url}/batches")
        heidi.locator("#file").set_input_files(str(CSV))
        follow(heidi.locator("main form button").first)
        heidi.wait_for_url("**/batches/BA-*")
        address = heidi.url.removeprefix(office.url)
        expect(heidi.locator("progress")).to_be_visible()
        keeps_to_the_rules(heidi, axe, "a batch that runs")
        screening.work(office.app, "one")
        expect(heidi.locator("tbody tr")).to_have_count(7)  # the page finds out by itself
        expect(heidi.locator("progress")).to_have_count(0)
        for language, prefix in PREFIXES.items():
            for page in ("/batches", address, f"{address}/letters"):
                heidi.goto(f"{office.url}{prefix}{page}")
                keeps_to_the_rules(heidi, axe, page, language)
        heidi.goto(f"{office.url}{address}")
        follow(heidi.get_by_role("button", name="Send warnings only (6)"))
        expect(heidi.locator("[role=status]").first).to_contain_text("on their way")
        memory = Memory()
        dispatch(office.app, memory, "one")
        assert len(memory.sent) >= 6
