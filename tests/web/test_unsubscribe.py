"""Refusing digests with one click: a program's POST is enough, and looking changes nothing."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.web.desk import Desk, desk_of
from travelrisk.domain.people import Role
from travelrisk.mail.unsubscribing import Unsubscribing
from travelrisk.services.application import Application
from travelrisk.services.watch import digests
from travelrisk.web.app import create_app

SIGNER = Unsubscribing("of a test")


@pytest.fixture
def desk(app: Application, tmp_path: Path) -> Iterator[Desk]:
    with desk_of(app, tmp_path, heidi=Role.TRAVEL_UNIT, bob=Role.FOCAL_POINT) as made:
        own = replace(made.app, facts=replace(made.app.facts, unsubscribing=SIGNER))
        yield Desk(own, create_app(own))


@pytest.mark.threat(9)
def test_a_get_asks_and_a_post_of_a_mail_program_refuses(desk: Desk) -> None:
    stranger, address = desk.visitor(), f"/unsubscribe/{SIGNER.token('p-heidi')}"
    for _ in range(2):
        page = stranger.get(address)
        assert "Warnings, clearances, reminders and requests to sign still reach you." in page.words
        assert digests.is_wanted(desk.app, "p-heidi"), "a program that opens links refuses nothing"
    (form,) = page.all("//main//form[@method='post']")
    assert form.get("action") == address
    done = stranger.client.post(address, data={"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    assert "You get no daily digest any more." in done.get_data(as_text=True)
    assert not digests.is_wanted(desk.app, "p-heidi")
    assert digests.is_wanted(desk.app, "p-bob")
    assert stranger.client.post(address).status_code == 200, "twice is once"
    assert "Vous ne recevez plus" in stranger.client.post(f"/fr{address}").get_data(as_text=True)


def test_the_report_of_the_month_is_refused_apart_from_the_digest(desk: Desk) -> None:
    stranger, address = desk.visitor(), f"/unsubscribe/{SIGNER.token('p-heidi')}/reports"
    assert "The daily digest and all other letters still reach you." in stranger.get(address).words
    assert digests.is_wanted(desk.app, "p-heidi", "reports")
    (form,) = stranger.get(address).all("//main//form[@method='post']")
    assert form.get("action") == address
    assert "no more monthly reports" in stranger.client.post(address).get_data(as_text=True)
    assert not digests.is_wanted(desk.app, "p-heidi", "reports")
    assert digests.is_wanted(desk.app, "p-heidi"), "the digest tells of warnings that reached nobody"
    assert digests.is_wanted(desk.app, "p-bob", "reports")


@pytest.mark.parametrize(
    "token", ["p-heidi", f"p-heidi~{'a' * 32}", "%00", Unsubscribing("x").token("p-heidi")]
)
def test_a_token_that_nobody_here_signed_opens_nothing(desk: Desk, token: str) -> None:
    stranger = desk.visitor()
    assert stranger.get(f"/unsubscribe/{token}").status == 404
    assert stranger.client.post(f"/unsubscribe/{token}").status_code == 404
    assert digests.is_wanted(desk.app, "p-heidi")


def test_another_site_cannot_send_it_and_without_a_key_there_is_no_page(desk: Desk) -> None:
    address = f"/unsubscribe/{SIGNER.token('p-heidi')}"
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert desk.visitor().client.post(address, headers=foreign).status_code == 403
    bare = replace(desk.app, facts=replace(desk.app.facts, unsubscribing=None))
    assert Desk(bare, create_app(bare)).visitor().get(address).status == 404
    assert digests.is_wanted(desk.app, "p-heidi")
