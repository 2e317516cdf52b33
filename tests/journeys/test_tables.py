"""Tables go out, are changed and come in again, and the past is made again: in real browsers."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import databases
from tests.journeys.browsing import follow
from tests.journeys.rules import PREFIXES, WITH_AND_WITHOUT_SCRIPTS, keeps_to_the_rules
from tests.journeys.test_desk import Office, desk_of, office_on
from tests.journeys.test_pages import NOW
from tests.services.test_exchange_faults import COLUMNS, FAULTS, rows
from tests.web.desk import employ
from travelrisk.domain.people import Role
from travelrisk.domain.ratings import Rating
from travelrisk.services.application import Application
from travelrisk.services.exchange.exporting import export
from travelrisk.services.exchange.reading import read_table
from travelrisk.services.exchange.writing import csv_bytes, workbook_bytes
from travelrisk.store import ratings
from travelrisk.store.database import reading, writing

TYPES = {"csv": "text/csv", "xlsx": "application/octet-stream"}
PROBLEMS = "What cannot be used"
WHY = "The yearly round."


@pytest.fixture
def bare_office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    """Give a desk on which nothing is rated yet: what the demonstration rates is ended."""
    with office_on(database_url, tmp_path) as running:
        with writing(running.app.engine) as c:
            ended = [each.id for each in ratings.in_force(c)]
            ratings.publish(c, opened=[], closed=ended, actor="Bob", note="anew", at=NOW)
        employ(running.app, charlie=Role.FOCAL_POINT)
        yield running


@pytest.fixture(scope="module")
def standing_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Give one desk for all tests that only look."""
    folder = tmp_path_factory.mktemp("tables")
    with office_on(databases.empty_in(folder), folder) as running:
        yield running


def bring(page: Page, office: Office, name: str, content: bytes) -> None:
    """Put a file into its field, and press the button."""
    page.goto(f"{office.url}/import")
    ending = name.rpartition(".")[2]
    file: Any = {"name": name, "mimeType": TYPES[ending], "buffer": content}
    page.get_by_label("Table", exact=True).set_input_files(file)
    follow(page.get_by_role("button", name="Show what it would change"))


def fetched(page: Page, office: Office, form: str) -> bytes:
    """Download every record as a table."""
    page.goto(f"{office.url}/export")
    page.locator("#form-ratings").select_option(form)
    with page.expect_download() as download:
        page.locator("#ratings button").click()
    assert download.value.suggested_filename.endswith(f".{form}")
    return Path(download.value.path()).read_bytes()


def counted(page: Page) -> dict[str, str]:
    """Return what the head of the page counts."""
    head = page.locator(".tr-identity > div")
    return {each.locator("dt").inner_text(): each.locator("dd").inner_text() for each in head.all()}


@pytest.mark.long
@WITH_AND_WITHOUT_SCRIPTS
def test_a_table_becomes_an_edition_and_comes_back(
    browser: Browser, bare_office: Office, *, scripts: bool
) -> None:
    office = bare_office
    with (
        desk_of("alice", browser, office, java_script_enabled=scripts) as alice,
        desk_of("bob", browser, office, java_script_enabled=scripts) as bob,
        desk_of("charlie", browser, office, java_script_enabled=scripts) as charlie,
    ):
        bring(alice, office, "yearly.xlsx", workbook_bytes(COLUMNS, rows()))
        assert counted(alice) | {"Rows read": "300", "New": "300", "Cannot be used": "0"} == counted(alice)
        expect(alice.get_by_text("Page 1 of 6")).to_be_visible()
        alice.locator("#reason").fill(WHY)
        follow(alice.get_by_role("button", name="Make a proposal"))
        expect(alice.get_by_role("status")).to_contain_text("The table is a draft now.")
        follow(alice.get_by_role("button", name="Propose to a second person"))

        for signer in (charlie, bob):  # what makes something easier is signed by two
            signer.goto(f"{office.url}/queue?kind=sign")
            follow(signer.locator("tbody a").first)
            follow(signer.get_by_role("button", name="Sign", exact=True))
        follow(bob.get_by_role("link", name="Publish"))
        follow(bob.get_by_role("button", name="Publish"))
        expect(bob.get_by_role("status")).to_have_text("Published as a new edition.")

        for form in ("csv", "xlsx"):
            bring(alice, office, f"again.{form}", fetched(alice, office, form))
            expect(alice.get_by_text("This file changes nothing")).to_be_visible()
            assert counted(alice)["Unchanged"] == "300"
            expect(alice.get_by_role("button", name="Make a proposal")).to_have_count(0)

        _exactly_the_planted_faults(alice, office)


def _exactly_the_planted_faults(page: Page, office: Office) -> None:
    """Change an export in twenty rows, and look at what is told."""
    table = read_table("t.csv", fetched(page, office, "csv"))
    every = [dict(row.cells) for row in table.rows]
    places = {row["id"]: number for number, row in enumerate(every)}
    planted = {places[f"row-{number}"] + 2: column for number, _, column, _ in FAULTS}
    for number, cells, _, _ in FAULTS:
        every[places[f"row-{number}"]] |= cells
    bring(page, office, "edited.csv", csv_bytes(table.columns, every))
    assert counted(page)["Cannot be used"] == "20"
    lines = page.get_by_role("table", name=PROBLEMS).locator("tbody tr").all()
    told = [(each.locator("th").inner_text(), each.locator("td").first.inner_text()) for each in lines]
    assert {row for row, _ in told} == {f"Row {number}" for number in planted}
    assert {(f"Row {number}", column) for number, column in planted.items()} <= set(told)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the file with a column of problems").click()
    back = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig"))))
    marked = {number for number, row in enumerate(back, 2) if row["problem"]}
    beside = {places["row-2"] + 2, places["row-3"] + 2}  # in question with the rows that repeat them
    assert planted.keys() <= marked <= planted.keys() | beside


def test_the_effect_on_journeys_is_shown_before_anything_is_written(
    browser: Browser, standing_office: Office
) -> None:
    office = standing_office
    with desk_of("alice", browser, office) as page:
        bring(page, office, "worse.csv", worse(office.app))
        effect = page.get_by_role("table", name="Journeys whose verdict changes")
        expect(effect.locator("tbody tr")).to_have_count(1)
        expect(effect).to_contain_text("Not cleared")
        expect(page.locator("main")).to_contain_text("people 1, journeys 1, offices 0")
        follow(page.get_by_role("button", name="Make a proposal"))
        expect(page.locator(".tr-errors")).to_be_focused()
        expect(page.locator(".tr-errors")).to_contain_text("Say why this is changed")
        page.goto(f"{office.url}/changes")
        expect(page.get_by_text("worse.csv")).to_have_count(0)


def test_an_old_advisory_is_made_again_from_the_history(browser: Browser, standing_office: Office) -> None:
    office = standing_office
    with desk_of("bob", browser, office, java_script_enabled=False) as page:
        follow(page.get_by_role("link", name="History"))
        expect(page.locator("h1")).to_have_text("Ratings as they were known")
        follow(page.get_by_role("link", name="Why a trip was judged so"))
        page.get_by_label("Reference of the trip").fill(_trip(office.app))
        page.get_by_label("Day").fill("2026-11-23")
        follow(page.get_by_role("button", name="Show"))
        expect(page.locator("#replay")).to_contain_text("Made again: equal")
        follow(page.get_by_role("link", name="Open advisory").first)
        expect(page.locator("#replay")).to_contain_text("to the last bit")


def _trip(app: Application) -> str:
    from travelrisk.store.tables import trips  # noqa: PLC0415 - only here

    with reading(app.engine) as c:
        return str(c.execute(trips.select()).mappings().all()[0]["reference"])


def worse(app: Application) -> bytes:
    """Return an export in which the carrier of a trip is not recommended any more."""
    table = read_table("t.csv", export(app, "csv"))
    every = [dict(row.cells) for row in table.rows]
    found = next(row for row in every if row["id"] == "for-show-aal")
    found |= {
        "level": "not_recommended",
        "evidence_1_title": "Audit",
        "evidence_1_retrieved_on": "2026-11-01",
    }
    return csv_bytes(table.columns, every)


ADDRESSES = {
    "import": "/import",
    "export": "/export",
    "refused export": "/export/records?as_of=soon",
    "dry run": "{dry_run}",
    "as known": "/history?as_of=1",
    "never known": "/history?as_of=soon",
    "several": "/history/find?kind=airport&text=London",
    "timeline": "/history/carrier/AAL",
    "editions": "/history/differences",
    "differences": "/history/differences?first=1&last=2",
    "news": "/history/news",
    "trip asked": "/history/trips?reference=nobody",
    "trip": "/history/trips/{trip}?on=2026-11-23",
}


@pytest.mark.long
def test_every_page_keeps_to_the_rules_in_every_language_at_every_width(
    browser: Browser, standing_office: Office, axe: str
) -> None:
    office = standing_office
    content = _in_every_way(office.app)
    with desk_of("alice", browser, office) as page:
        bring(page, office, "a-rather-long-name-of-a-file-of-ratings.csv", content)
        expect(page.get_by_role("table", name=PROBLEMS)).to_be_visible()
        expect(page.get_by_label("Take the version of the file")).to_be_visible()
        dry_run = page.url.removeprefix(office.url)
        for language, prefix in PREFIXES.items():
            for name, address in ADDRESSES.items():
                where = address.format(dry_run=dry_run, trip=_trip(office.app))
                page.goto(office.url + prefix + where)
                keeps_to_the_rules(page, axe, name, language)


def _in_every_way(app: Application) -> bytes:
    """Return a file with a change, a new record, a problem, and what the desk changed since as well."""
    content = worse(app)
    table = read_table("t.csv", content)
    every = [dict(row.cells) for row in table.rows]
    every += [rows()[100], rows()[101] | {"level": "excellent", "valid_until": "soon"}]
    with writing(app.engine) as c:
        open_now = [each for each in ratings.in_force(c) if isinstance(each, Rating)]
        other = next(each for each in open_now if each.subject.key == "DLH")
        ratings.publish(
            c,
            opened=[replace(other, id=f"{other.id}:2", aoc="D-1", set_by="Bob")],
            closed=[other.id],
            actor="Bob",
            note="CH-ABCDEF: the certificate was renewed",
            at=NOW,
        )
    mine = next(row for row in every if row["id"] == other.id)
    mine |= {"valid_until": "2029-12-31"}
    return csv_bytes(table.columns, every)
