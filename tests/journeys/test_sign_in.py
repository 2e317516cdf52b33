"""The desk in a real browser: three languages, two widths, under axe, with and without a script."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from tests.journeys.browsing import follow
from tests.journeys.rules import PREFIXES, STATUS_ON_CONSOLE, keeps_to_the_rules
from travelrisk.domain.people import Delegation, Role
from travelrisk.services.application import Application
from travelrisk.services.people import accounts, delegations
from travelrisk.settings import load_settings
from travelrisk.web.app import create_app
from travelrisk.wiring import build

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
PASSWORD = "four short plain words"  # noqa: S105 - of nobody
EMAIL = "dora@staff.example.org"
INSIDE = (
    "/report",
    "/account",
    "/account/password",
    "/account/delegations",
    "/people",
    "/people/new",
    "/people/{erin}",
)
BUTTONS = {"en": "Sign in", "fr": "Se connecter", "es": "Iniciar sesión"}


class Site(NamedTuple):
    """A running service: where it is, and the id of somebody at its desk."""

    url: str
    erin: str

    def at(self, path: str, language: str = "en") -> str:
        """Return the address of a page."""
        return self.url + PREFIXES[language] + path.format(erin=self.erin)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve the pages on this machine, with an administrator who is a focal point, too, and her alternate."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    settings = load_settings(data_dir=tmp_path_factory.mktemp("desk"))
    app = replace(build(settings), clock=lambda: NOW)
    erin = _employ(app)
    server = make_server("127.0.0.1", 0, create_app(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield Site(f"http://127.0.0.1:{server.server_port}", erin)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        app.engine.dispose()


def _employ(app: Application) -> str:
    both = [Role.ADMIN, Role.FOCAL_POINT]
    dora = accounts.add(app, name="Dora Gray", email=EMAIL, roles=both, unit="UNON", password=PASSWORD)
    erin = accounts.add(app, name="Erin Blue", email="erin@staff.example.org", roles=[Role.ALTERNATE])
    delegations.delegate(app, Delegation(dora.id, erin.id, date(2026, 11, 24), date(2026, 12, 4)))
    hugo = accounts.add(app, name="Hugo Hill", email="hugo@staff.example.org", roles=[Role.ADMIN])
    accounts.change(app, erin.id, roles=[Role.ALTERNATE, Role.APPROVER], by=hugo.id)  # waits for dora
    return erin.id


@contextmanager
def _page(browser: Browser, width: int = 1280, *, script: bool = True) -> Iterator[Page]:
    """Open a page, and fail for whatever the browser complains about: an error, or a breach of our policy."""
    complaints: list[str] = []
    viewport = {"width": width, "height": 800}
    context = browser.new_context(viewport=viewport, java_script_enabled=script)  # type: ignore[arg-type] # as playwright has it
    try:
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
    finally:
        context.close()
    assert [each for each in complaints if not each.startswith(STATUS_ON_CONSOLE)] == []


def _sign_in(page: Page, site: Site, language: str = "en", password: str = PASSWORD) -> None:
    page.goto(site.at("/sign-in", language))
    page.locator("#email").fill(EMAIL)
    page.locator("#password").fill(password)
    follow(page.get_by_role("button", name=BUTTONS[language], exact=True))


@pytest.mark.parametrize("language", PREFIXES)
def test_signing_in_keeps_to_the_rules_and_so_does_its_refusal(
    language: str, browser: Browser, site: Site, axe: str
) -> None:
    with _page(browser) as page:
        page.goto(site.at("/sign-in", language))
        keeps_to_the_rules(page, axe, page.url, language)
        _sign_in(page, site, language, "a wrong password")
        expect(page.locator(".tr-errors")).to_be_focused()
        expect(page.locator("#password")).to_have_attribute("aria-invalid", "true")
        keeps_to_the_rules(page, axe, page.url, language)


@pytest.mark.parametrize("language", PREFIXES)
def test_the_pages_of_the_desk_keep_to_the_rules(
    language: str, browser: Browser, site: Site, axe: str
) -> None:
    with _page(browser) as page:
        _sign_in(page, site, language)
        expect(page.locator("html")).to_have_attribute("lang", language)
        for path in INSIDE:
            page.goto(site.at(path, language))
            expect(page.locator("h1")).to_have_count(1)
            keeps_to_the_rules(page, axe, page.url, language)


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("fr", 360), ("es", 360)])
def test_without_a_script_somebody_signs_in_delegates_and_signs_out(
    language: str, width: int, browser: Browser, site: Site
) -> None:
    with _page(browser, width, script=False) as page:
        page.goto(site.at("/account/delegations", language))
        page.locator("#email").fill(EMAIL)
        page.locator("#password").fill(PASSWORD)
        follow(page.get_by_role("button", name=BUTTONS[language], exact=True))
        expect(page).to_have_url(site.at("/account/delegations", language))
        before = page.locator("tbody tr").count()
        page.locator("#alternate").select_option(label="Erin Blue")
        follow(page.locator("form.tr-check button"))
        expect(page.locator(".tr-done")).to_be_visible()
        expect(page.locator("tbody tr")).to_have_count(before + 1)
        follow(page.locator(".tr-desk form button"))
        expect(page).to_have_url(site.at("/sign-in", language))
        page.goto(site.at("/account", language))
        expect(page.locator("#password")).to_be_visible()


@pytest.mark.threat(39)
def test_the_back_button_shows_nothing_after_signing_out(browser: Browser, site: Site) -> None:
    with _page(browser) as page:
        _sign_in(page, site)
        expect(page.locator("h1")).to_have_text("What waits")
        follow(page.get_by_role("link", name="My account"))
        expect(page.locator("main")).to_contain_text("Dora")
        follow(page.get_by_role("button", name="Sign out"))
        expect(page.locator("h1")).to_have_text("Sign in")
        page.go_back()
        expect(page.locator("main")).not_to_contain_text("Dora")
