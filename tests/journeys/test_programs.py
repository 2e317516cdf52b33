"""From a key to the first verdict, as somebody goes who writes a program: in a browser, with our example."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browsing import follow
from tests.journeys.rules import PREFIXES, keeps_to_the_rules
from tests.journeys.test_pages import served
from tests.web.calling import SECRET
from tests.web.conftest import evening
from tests.web.desk import PASSWORD, employ
from travelrisk.domain.people import Role
from travelrisk.domain.programs import Kind, Sealing
from travelrisk.mail.inbox import Inbox
from travelrisk.services.application import Application
from travelrisk.services.programs import keys
from travelrisk.services.webhooks import managing


class Served(NamedTuple):
    """A service with an administrator, and where it answers."""

    app: Application
    url: str


@contextmanager
def service(folder: Path) -> Iterator[Served]:
    """Serve the ratings of the demonstration to people and programs."""
    app = evening(folder)
    employ(app, dora=Role.ADMIN)
    try:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            facts = replace(app.facts, base_url=url, sealing=Sealing(SECRET), secret=SECRET)
            app = replace(app, facts=facts)
            with served(app, Inbox(), listening):
                yield Served(app, url)
    finally:
        app.engine.dispose()


def sign_in(page: Page, url: str) -> None:
    page.goto(f"{url}/sign-in?next=/programs")
    page.locator("#email").fill("dora@staff.example.org")
    page.locator("#password").fill(PASSWORD)
    follow(page.get_by_role("button", name="Sign in"))


def test_from_a_key_to_the_first_verdict(browser: Browser, tmp_path: Path) -> None:
    with service(tmp_path) as running, browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        sign_in(page, running.url)
        follow(page.get_by_role("link", name="New key"))
        page.get_by_label("Name of the program").fill("booking tool")
        page.get_by_label("Office").fill("Field office")
        follow(page.get_by_role("button", name="Make the key"))
        key = page.locator("code.tr-secret").inner_text()
        follow(page.get_by_role("link", name="How to use it"))
        expect(page.locator("h1")).to_have_text("API")
        example = page.locator("pre[aria-labelledby='python'] code").inner_text()
        done = subprocess.run(
            [sys.executable, "-c", example],
            env=os.environ | {"TRAVELRISK_KEY": key},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout == "pnr-1 review ask_focal_point []\n"
        answer = _shell(page.locator("pre[aria-labelledby='document'] code").inner_text(), key, tmp_path)
        assert answer["responses"]["pnr-1"]["outcome"] == "complete"


def _shell(command: str, key: str, folder: Path) -> dict[str, Any]:
    """Send a file as the page shows it; one whose base64 would be broken into lines."""
    (folder / "booking.pdf").write_bytes(b"LH 400 FRA JFK 12 Dec 2026\n" + b"Have a good journey.\n" * 20)
    done = subprocess.run(
        ["sh", "-ec", command],  # noqa: S607 - as the reader of the page would
        env=os.environ | {"TRAVELRISK_KEY": key},
        cwd=folder,
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.long
def test_the_pages_keep_to_the_rules_in_three_languages(browser: Browser, tmp_path: Path, axe: str) -> None:
    with service(tmp_path) as running, browser.new_context() as context:
        page = context.new_page()
        given = keys.create(
            running.app, name="booking tool", office="Field office", kind=Kind.LIVE_WRITE, is_new_office=True
        )
        gone = keys.create(
            running.app, name="B" * 60, office="O" * 60, kind=Kind.LIVE_READ, is_new_office=True
        )
        keys.revoke(running.app, gone.program.id)
        hook = managing.add(running.app, "Field office", f"https://booking.example.org/{'a' * 80}", "p-dora")
        managing.try_out(running.app, hook.webhook.id)
        own = f"/programs/webhooks/{hook.webhook.id}"
        sign_in(page, running.url)
        for language, prefix in PREFIXES.items():
            for path in ("/programs", "/programs/new", own, "/docs", "/problems/validation"):
                page.goto(f"{running.url}{prefix}{path}")
                keeps_to_the_rules(page, axe, path, language)
            for path in ("/programs/new", "/programs/webhooks/new"):
                page.goto(f"{running.url}{prefix}{path}")
                follow(page.locator("form.tr-check button"))
                keeps_to_the_rules(page, axe, f"a refusal of {path}", language)
            page.goto(f"{running.url}{prefix}/programs/new")
            page.locator("#name").fill("booking tool")
            page.locator("#office").fill("Field ofice")
            follow(page.locator("form.tr-check button"))
            expect(page.locator("#new_office")).not_to_be_checked()
            keeps_to_the_rules(page, axe, "an office that nobody has", language)
            page.goto(f"{running.url}{prefix}{own}")
            follow(page.locator(f"form[action$='{own}/rotate'] button"))
            keeps_to_the_rules(page, axe, "a secret", language)
            page.goto(f"{running.url}{prefix}/programs")
            follow(page.locator(f"form[action$='{given.program.id}/rotate'] button"))
            keeps_to_the_rules(page, axe, "a key", language)
