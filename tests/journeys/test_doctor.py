"""An administrator looks at the service after a restore, and lets letters leave; the page keeps the rules."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from socket import create_server

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browsing import follow
from tests.journeys.rules import PREFIXES, keeps_to_the_rules
from tests.journeys.test_pages import served
from tests.web.conftest import evening
from tests.web.desk import PASSWORD, employ
from travelrisk.cli.doctor import CHECKS
from travelrisk.domain.people import Role
from travelrisk.mail.inbox import Inbox
from travelrisk.services.health import Found
from travelrisk.services.letters import holding
from travelrisk.store.database import writing

LONG = "a sentence of some length about travelrisk.example.org/with/a/long/address " * 3


@contextmanager
def administrator(
    browser: Browser, folder: Path, ahead: timedelta = timedelta(), **more: bool
) -> Iterator[tuple[Page, str]]:
    """Sign Erin in where no letter leaves after a restore; give her page and the address of the service.

    The clock is right now, and had been *ahead*.
    """
    app = evening(folder)
    employ(app, erin=Role.ADMIN)
    with writing(app.engine) as c:
        holding.place(app, c, "restored", 12)
    found = [Found(part, ok=bool(number % 3), text=LONG) for number, (part, _) in enumerate(CHECKS)]
    with create_server(("127.0.0.1", 0)) as listening, browser.new_context(**more) as context:  # type: ignore[arg-type]
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        now = app.clock() - ahead
        app = replace(app, facts=replace(app.facts, base_url=url), clock=lambda: now)
        with served(app, Inbox(), listening, examine=lambda: found):
            page = context.new_page()
            page.goto(f"{url}/sign-in?next=/doctor")
            page.locator("#email").fill("erin@staff.example.org")
            page.locator("#password").fill(PASSWORD)
            follow(page.get_by_role("button", name="Sign in"))
            yield page, url
    app.engine.dispose()


@pytest.mark.parametrize("scripts", [True, False])
def test_letters_are_released_after_a_look(
    browser: Browser, tmp_path: Path, axe: str, *, scripts: bool
) -> None:
    with administrator(browser, tmp_path, java_script_enabled=scripts) as (page, url):
        expect(page.get_by_role("heading", name="No letter leaves")).to_be_visible()
        if scripts:
            for language, prefix in PREFIXES.items():
                page.goto(f"{url}{prefix}/doctor")
                follow(page.locator("form[action$='/doctor'] button"))
                expect(page.locator(".tr-light")).to_have_count(len(CHECKS))
                keeps_to_the_rules(page, axe, "doctor", language)
            page.goto(f"{url}/doctor")
        follow(page.get_by_role("button", name="Let letters leave", exact=True))
        expect(page.get_by_role("status")).to_contain_text("Letters leave again.")
        expect(page.get_by_role("heading", name="No letter leaves")).to_have_count(0)


@pytest.mark.threat(50)
def test_a_clock_that_had_been_ahead_is_confirmed_before_letters_are_released(
    browser: Browser, tmp_path: Path, axe: str
) -> None:
    with administrator(browser, tmp_path, ahead=timedelta(days=2)) as (page, url):
        for language, prefix in PREFIXES.items():
            for path in ("doctor", "health"):
                page.goto(f"{url}{prefix}/{path}")
                keeps_to_the_rules(page, axe, path, language)
        page.goto(f"{url}/doctor")
        expect(page.get_by_role("heading", name="Nothing is judged")).to_be_visible()
        expect(page.get_by_role("button", name="Let letters leave")).to_have_count(0)
        follow(page.get_by_role("button", name="judge again"))
        expect(page.get_by_text("The clock is confirmed")).to_be_visible()
        follow(page.get_by_role("button", name="Let letters leave"))
        expect(page.get_by_text("Letters leave; nothing is held.")).to_be_visible()
