"""A focal point signs what a public source says with one click; the pages about sources keep the rules."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests import czibs, databases, sources
from tests.czibs import LIBYA, NAME, UKRAINE
from tests.journeys.browsing import follow
from tests.journeys.rules import PREFIXES, keeps_to_the_rules
from tests.journeys.test_desk import Office, desk_of
from tests.journeys.test_pages import NOW, served
from tests.sources import Server
from tests.web.desk import employ
from travelrisk.domain.people import Role
from travelrisk.mail.inbox import Inbox
from travelrisk.services.feeds.refreshing import refresh
from travelrisk.settings import load_settings
from travelrisk.wiring import build


@contextmanager
def office_with(source: Server, folder: Path) -> Iterator[Office]:
    """Serve a desk that reads EASA's bulletins from a source of our own."""
    czibs.put(source, replace(LIBYA, until="16/11/2026"), replace(UKRAINE, country="Ruritania, Ukraine"))
    settings = load_settings(
        data_dir=folder,
        database_url=databases.empty_in(folder),
        feeds=(NAME,),
        feeds_contact="ops@example.org",
        feeds_folder=czibs.card(folder, source),
        feeds_private=(source.place,),
    )
    app = replace(build(settings), clock=lambda: NOW)
    employ(app, alice=Role.FOCAL_POINT)
    try:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            app = replace(app, facts=replace(app.facts, base_url=url))
            with served(app, Inbox(), listening):
                yield Office(app, url)
    finally:
        app.engine.dispose()


def test_what_a_source_says_is_one_click_from_a_signature(browser: Browser, tmp_path: Path) -> None:
    with (
        sources.serving() as source,
        office_with(source, tmp_path) as office,
        desk_of("alice", browser, office, java_script_enabled=False) as alice,
    ):
        refresh(office.app, NAME)
        alice.goto(f"{office.url}/queue?kind=sign")
        expect(alice.locator("tbody tr")).to_have_count(2)
        follow(alice.get_by_role("link", name="Ukraine (UA)").first)
        expect(alice.locator("main")).to_contain_text("EASA CZIB-2022-01R14")
        follow(alice.get_by_role("button", name="Sign", exact=True))
        follow(alice.get_by_role("link", name="Publish"))
        follow(alice.get_by_role("button", name="Publish"))
        expect(alice.get_by_role("status")).to_have_text("Published as a new edition.")


def test_the_pages_keep_to_the_rules_in_three_languages(browser: Browser, tmp_path: Path, axe: str) -> None:
    with (
        sources.serving() as source,
        office_with(source, tmp_path) as office,
        desk_of("alice", browser, office) as alice,
    ):
        for language, prefix in PREFIXES.items():
            alice.goto(f"{office.url}{prefix}/feeds")
            keeps_to_the_rules(alice, axe, "a source that was never read", language)
        refresh(office.app, NAME)
        source.answers["/list"] = sources.content("<html>Maintenance</html>")
        refresh(office.app, NAME)
        for language, prefix in PREFIXES.items():
            alice.goto(f"{office.url}{prefix}/feeds")
            keeps_to_the_rules(alice, axe, "sources", language)
            alice.goto(f"{office.url}{prefix}/feeds/{NAME}")
            expect(alice.locator("tbody tr")).to_have_count(2)
            alice.locator("summary").first.click()
            keeps_to_the_rules(alice, axe, "a source", language)
