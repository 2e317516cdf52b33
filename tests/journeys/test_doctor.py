"""An administrator looks at the service after a restore, and lets letters leave; the page keeps the rules."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server

from tests.journeys.rules import PREFIXES, keeps_to_the_rules
from tests.web.conftest import evening
from tests.web.desk import PASSWORD, employ
from travelrisk.cli.doctor import CHECKS
from travelrisk.domain.people import Role
from travelrisk.services.health import Found
from travelrisk.services.letters import holding
from travelrisk.store.database import writing
from travelrisk.web.app import create_app

LONG = "a sentence of some length about travelrisk.example.org/with/a/long/address " * 3


@pytest.mark.parametrize("scripts", [True, False])
def test_letters_are_released_after_a_look(
    browser: Browser, tmp_path: Path, axe: str, *, scripts: bool
) -> None:
    app = evening(tmp_path)
    employ(app, erin=Role.ADMIN)
    with writing(app.engine) as c:
        holding.place(app, c, "restored", 12)
    found = [Found(part, ok=bool(number % 3), text=LONG) for number, (part, _) in enumerate(CHECKS)]
    server = make_server("127.0.0.1", 0, create_app(app, examine=lambda: found), threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    server.app = create_app(replace(app, facts=replace(app.facts, base_url=url)), examine=lambda: found)
    threading.Thread(target=server.serve_forever).start()
    page = browser.new_page(java_script_enabled=scripts)
    try:
        page.goto(f"{url}/sign-in?next=/doctor")
        page.locator("#email").fill("erin@staff.example.org")
        page.locator("#password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="No letter leaves")).to_be_visible()
        if scripts:
            for language, prefix in PREFIXES.items():
                page.goto(f"{url}{prefix}/doctor")
                page.locator("form[action$='/doctor'] button").click()
                expect(page.locator(".tr-light")).to_have_count(len(CHECKS))
                keeps_to_the_rules(page, axe, f"doctor in {language}")
            page.goto(f"{url}/doctor")
        page.get_by_role("button", name="Let letters leave", exact=True).click()
        expect(page.get_by_role("status")).to_contain_text("Letters leave again.")
        expect(page.get_by_role("heading", name="No letter leaves")).to_have_count(0)
    finally:
        page.close()
        server.shutdown()
        server.server_close()
        app.engine.dispose()
