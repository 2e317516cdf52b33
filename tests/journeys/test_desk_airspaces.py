"""Two people in two browsers warn of an airspace below a flight level; its pages keep the rules."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import databases
from tests.journeys.browsing import follow
from tests.journeys.rules import PREFIXES, WITH_AND_WITHOUT_SCRIPTS, keeps_to_the_rules
from tests.journeys.test_desk import Office, desk_of, office, office_on
from travelrisk.domain.changes import base_id
from travelrisk.domain.proposals import Content
from travelrisk.services.proposals import drafting
from travelrisk.store.database import reading

__all__ = ["office"]

EDITOR = "/changes/new?subject=airspace:US&what=caution"
ADDRESSES = {
    "several": "/changes/new?kind=airspace&text=Ethiopia",
    "unknown": "/changes/new?kind=airspace&text=Atlantis",
    "records of an airspace": "/changes/new?subject=airspace:ET-NORTH",
    "editor of a caution": EDITOR,
    "editor of what is on record": "/changes/new?subject=airspace:ET-NORTH&what=caution&record=easa-note-et",
    "change of a caution": "{change}",
    "change of an outline": "{outline}",
    "ratings": "/ratings?kind=airspace",
    "history of an airspace": "/ratings/airspace/ET-NORTH",
    "timeline of an airspace": "/history/airspace/ET-NORTH",
}


@pytest.fixture(scope="module")
def standing_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Give one desk for all tests that only look."""
    folder = tmp_path_factory.mktemp("airspaces")
    with office_on(databases.empty_in(folder), folder) as running:
        yield running


def write(page: Page, **scope: str) -> None:
    """Fill the editor of a caution, and save it."""
    page.get_by_label("Review needed").check()
    page.locator("#text_en").fill("Missiles were seen below flight level 260.")
    for name, words in ({"scope_floor": "", "scope_airports": ""} | scope).items():
        page.locator(f"#{name}").fill(words)
    page.locator("#source-0-title").fill("Notice to airmen")
    page.locator("#why").fill("A notice was published.")
    follow(page.get_by_role("button", name="Save draft"))


def redrawn(office: Office) -> str:
    """Let Bob propose another outline of an airspace, and return where its page is."""
    with reading(office.app.engine) as c:
        (drawn,) = office.app.shelf.newest(c).sky.of_key("ET-NORTH")
    other = replace(drawn, id=base_id(drawn.id), outline=drawn.outline.replace("8.5", "8.6"), opened_in=0)
    made = drafting.draft(office.app, "p-bob", Content("A better chart.", (other,)))
    return f"/changes/{made.reference}"


@pytest.mark.long
@WITH_AND_WITHOUT_SCRIPTS
def test_two_people_warn_of_an_airspace_below_a_level(
    browser: Browser, office: Office, *, scripts: bool
) -> None:
    with (
        desk_of("alice", browser, office, java_script_enabled=scripts) as alice,
        desk_of("bob", browser, office, java_script_enabled=scripts) as bob,
    ):
        follow(alice.get_by_role("link", name="Propose a change"))
        alice.locator("#kind").select_option("airspace")
        alice.get_by_label("What is it about?").fill("united states america")
        follow(alice.get_by_role("button", name="Continue"))
        follow(alice.get_by_role("link", name="New caution"))
        expect(alice.locator("h1")).to_contain_text("(US)")
        write(alice, scope_floor="300", scope_ceiling="259")
        expect(alice.locator(".tr-errors")).to_contain_text("The highest level lies below the lowest one")
        write(alice, scope_ceiling="259", scope_airports="KEWR")
        expect(alice.locator(".tr-errors")).to_contain_text("enter EWR")
        write(alice, scope_ceiling="259", scope_airports="EWR")
        expect(alice.locator("main")).to_contain_text("No journey changes its verdict")
        follow(alice.get_by_role("link", name="Edit"))
        expect(alice.locator("#scope_ceiling")).to_have_value("259")
        expect(alice.locator("#scope_airports")).to_have_value("EWR")
        write(alice, scope_ceiling="259")
        effect = alice.get_by_role("table", name="Journeys whose verdict changes")
        expect(effect.locator("tbody tr")).to_have_count(2)  # both take off there, and climb through
        expect(effect).to_contain_text("Review needed")
        follow(alice.get_by_role("button", name="Propose to a second person"))

        bob.goto(f"{office.url}/queue?kind=sign")
        follow(bob.locator("tbody a").first)
        expect(bob.locator(".tr-sides")).to_contain_text("All flights, at FL259 and below")
        follow(bob.get_by_role("button", name="Sign", exact=True))
        follow(bob.get_by_role("link", name="Publish"))
        expect(bob.locator("main")).to_contain_text("journeys 2")
        follow(bob.get_by_role("button", name="Publish"))
        expect(bob.get_by_role("status")).to_have_text("Published as a new edition.")
        follow(bob.get_by_role("link", name="History:"))
        expect(bob.locator(".tr-records")).to_contain_text("All flights, at FL259 and below")


@pytest.mark.long
def test_every_page_about_airspaces_keeps_to_the_rules(
    browser: Browser, standing_office: Office, axe: str
) -> None:
    office = standing_office
    with desk_of("alice", browser, office) as page:
        outline = redrawn(office)
        page.goto(office.url + EDITOR)
        write(page, scope_floor="300", scope_ceiling="259")
        expect(page.locator(".tr-errors")).to_be_visible()
        keeps_to_the_rules(page, axe, "faults")
        write(page, scope_ceiling="259", scope_airports="EWR, JFK")
        change = page.url.removeprefix(office.url)
        for language, prefix in PREFIXES.items():
            for name, address in ADDRESSES.items():
                page.goto(office.url + prefix + address.format(change=change, outline=outline))
                keeps_to_the_rules(page, axe, name, language)
