"""An administrator proves the trail and forgets a traveller in a browser, who had seen what is kept."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests import databases
from tests.journeys.browsing import follow
from tests.journeys.rules import PREFIXES, keeps_to_the_rules
from tests.journeys.test_exceptions import office_on, seat_of
from tests.web.calling import SECRET
from tests.web.desk import employ
from travelrisk.domain.people import Role, Viewer
from travelrisk.services.privacy.looking import Purpose, looked
from travelrisk.store import people
from travelrisk.store.database import writing


@pytest.mark.parametrize("scripts", [True, False])
def test_a_traveller_is_forgotten(
    browser: Browser, tmp_path: Path, axe: str, monkeypatch: pytest.MonkeyPatch, *, scripts: bool
) -> None:
    monkeypatch.setenv("TRAVELRISK_SECRET_KEY", SECRET)  # with it there are checkpoints
    with office_on(databases.empty_in(tmp_path), tmp_path) as office:
        employ(office.app, dora=Role.ADMIN)
        with writing(office.app.engine) as c:
            dora = people.by_id(c, "p-dora")
            people.save(c, replace(dora, roles=frozenset({Role.ADMIN, Role.TRAVELLER})))
        trip = office.mine.trip
        assert trip is not None
        looked(office.app, Viewer("p-heidi", "OFFICE A"), Purpose.SEARCH, [trip.id])
        with seat_of("dora", browser, office, java_script_enabled=scripts) as dora_sees:
            for language, prefix in PREFIXES.items():
                dora_sees.goto(f"{office.url}{prefix}/trips/{trip.token}/kept")
                if scripts:
                    keeps_to_the_rules(dora_sees, axe, "what is kept", language)
                dora_sees.goto(f"{office.url}{prefix}/audit")
                follow(dora_sees.locator("main form.tr-check button").first)
                expect(dora_sees.locator(".tr-done")).to_be_visible()
                with dora_sees.expect_download() as download:
                    dora_sees.locator("#checkpoint").click()
                signed = Path(download.value.path()).read_text("utf-8")
                assert signed.count(".") == 2, "signed, and in the compact form"
                if scripts:
                    keeps_to_the_rules(dora_sees, axe, "the trail", language)
                dora_sees.goto(f"{office.url}{prefix}/forget")
                dora_sees.locator("#whom").fill(trip.reference)
                follow(dora_sees.locator("main form.tr-check button").first)
                follow(dora_sees.locator("button[name=erase]"))
                expect(dora_sees.locator(".tr-errors li")).to_have_count(2)
                if scripts:
                    keeps_to_the_rules(dora_sees, axe, "whom to forget", language)
            dora_sees.locator("#call_off").check()
            dora_sees.locator("#sure").check()
            follow(dora_sees.locator("button[name=erase]"))
            expect(dora_sees.locator(".tr-done")).to_be_visible()
            gone = dora_sees.goto(f"{office.url}/trips/{trip.token}")
            assert gone is not None
            assert gone.status == 404
