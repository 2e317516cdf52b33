"""Other ways below an answer, in a real browser: three languages, two widths, under axe."""

import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser

from tests import databases
from tests.journeys.rules import PREFIXES, keeps_to_the_rules
from tests.journeys.test_pages import NOW, served
from travelrisk.mail.inbox import Inbox
from travelrisk.services.trips.known_routes import import_routes
from travelrisk.settings import load_settings
from travelrisk.wiring import build

ROUND = "/check?q=TK+1762+HEL+IST+12+Jan+2027+operated+by+Turkish+Airlines"
TABLE = "carrier,from,to,source\nLH,HEL,MUC,for show\nLH,MUC,IST,for show\nUNO,HEL,IST,for show\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the pages of a service that knows routes over Munich."""
    folder = tmp_path_factory.mktemp("ways")
    databases.put_rated(folder / databases.NAME)
    app = replace(build(load_settings(data_dir=folder, demo=True)), clock=lambda: NOW)
    (folder / "routes.csv").write_text(TABLE, "utf-8")
    import_routes(app, folder / "routes.csv")
    with socket.create_server(("127.0.0.1", 0)) as listening, served(app, Inbox(), listening):
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    app.engine.dispose()


@pytest.mark.parametrize("language", PREFIXES)
def test_other_ways_keep_to_the_rules(language: str, browser: Browser, site: str, axe: str) -> None:
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    try:
        page.goto(f"{site}{PREFIXES[language]}{ROUND}")
        assert page.locator(".tr-ways li strong").first.text_content() == "HEL-MUC-IST"
        keeps_to_the_rules(page, axe, "other ways", language)
    finally:
        context.close()
