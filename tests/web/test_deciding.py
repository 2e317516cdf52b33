"""Deciding on the pages: two administrators for power, one's own password, and a sign-in that is not old."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.web.conftest import NOW
from tests.web.desk import PASSWORD, Desk, desk_of, send, sign_in_as
from travelrisk.domain.people import Role
from travelrisk.services.application import Application
from travelrisk.services.people import roles
from travelrisk.web.app import create_app

NEW = "another long password"


class Clock:
    """A clock that a test moves."""

    now = NOW

    def __call__(self) -> datetime:
        """Return the moment that the test has set."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(app: Application, tmp_path: Path, clock: Clock) -> Iterator[Desk]:
    """Give a service with two administrators, a focal point and a traveller."""
    people = {"dora": Role.ADMIN, "hugo": Role.ADMIN, "erin": Role.FOCAL_POINT, "tara": Role.TRAVELLER}
    with desk_of(app, tmp_path, **people) as made:
        moving = replace(made.app, clock=clock)
        yield Desk(moving, create_app(moving))


def test_a_second_administrator_confirms_on_the_page(desk: Desk) -> None:
    dora, hugo = desk.visitor("dora"), desk.visitor("hugo")
    send(dora, "/people/p-tara", name="Tara", unit="", roles=["traveller", "approver"])
    assert desk.person("tara").roles == {Role.TRAVELLER}
    assert "Waits for a second administrator: Approver of exceptions." in dora.get("/people/p-tara").words
    assert "Tara: Approver of exceptions. Asked for by Dora on 23 Nov 2026." in dora.get("/people").words
    assert not dora.get("/people").all("//form[contains(@action, '/confirm')]")
    assert send(dora, "/people/roles/1/confirm", on="/people").status == 303
    assert "You cannot confirm this" in dora.get("/people").words
    assert desk.person("tara").roles == {Role.TRAVELLER}
    assert send(hugo, "/people/roles/1/confirm", on="/people").status == 303
    assert desk.person("tara").roles == {Role.TRAVELLER, Role.APPROVER}
    assert send(hugo, "/people/roles/1/confirm", on="/people").status == 404


def test_it_may_be_declined(desk: Desk) -> None:
    send(desk.visitor("dora"), "/people/p-tara", name="Tara", unit="", roles=["admin"])
    hugo = desk.visitor("hugo")
    assert send(hugo, "/people/roles/1/decline", on="/people").status == 303
    assert roles.waiting(desk.app) == ()
    assert "The roles are not given." in hugo.get("/people").words


def test_a_password_by_an_administrator_opens_the_page_for_another_one_alone(desk: Desk) -> None:
    dora, tara = desk.visitor("dora"), desk.visitor()
    given = send(dora, "/people/p-tara/password", on="/people/p-tara").text("//code")
    assert sign_in_as(tara, "tara", given).status == 303
    for address in ("/account", "/report", "/account/delegations"):
        assert tara.get(address).response.headers["Location"] == "/account/password"
    assert tara.get("/check").status == 200
    page = tara.get("/account/password")
    assert "An administrator made the password that you have." in page.words
    kept = send(tara, "/account/password", current=given, wanted=given)
    assert kept.all("//*[@role='alert']//*[@id='error-wanted']")
    assert tara.get("/account").status == 303
    assert send(tara, "/account/password", current=given, wanted=NEW).status == 303
    assert tara.get("/account").status == 200
    assert sign_in_as(desk.visitor(), "tara", given).status == 422


def test_a_password_for_a_focal_point_leaves_nobody_who_signs_alone(desk: Desk) -> None:
    shown = send(desk.visitor("dora"), "/people/p-erin/password", on="/people/p-erin")
    assert "Waits for a second administrator: Focal point." in shown.words
    assert desk.person("erin").roles == frozenset()


@pytest.mark.threat(49)
@pytest.mark.parametrize("act", ["sign", "countersign", "publish", "publish-at-once"])
def test_who_decides_signs_in_again_after_half_an_hour(desk: Desk, clock: Clock, act: str) -> None:
    erin, page = desk.visitor("erin"), "/fr/changes/CH-AAAAAA"
    clock.now = NOW + timedelta(minutes=30)
    assert send(erin, f"{page}/{act}", on="/account").status == 404  # there is no such change
    clock.now += timedelta(seconds=1)
    asked = send(erin, f"{page}/{act}", on="/account")
    back = page if act in {"sign", "countersign"} else f"{page}/{act}"
    assert asked.response.headers["Location"] == f"/fr/sign-in?again=1&next={back}"


def test_after_signing_in_again_one_goes_on(desk: Desk, clock: Clock) -> None:
    erin, address = desk.visitor("erin"), "/sign-in?again=1&next=/changes"
    clock.now = NOW + timedelta(hours=1)
    assert erin.get("/changes").status == 200
    page = erin.get(address)
    assert "Sign in again before you decide" in page.words
    again = send(erin, address, email="erin@staff.example.org", password=PASSWORD)
    assert (again.status, again.response.headers["Location"]) == (303, "/changes")
    assert send(erin, "/changes/CH-AAAAAA/sign", on="/account").status == 404


def test_how_long_is_a_setting(desk: Desk, clock: Clock) -> None:
    facts = replace(desk.app.facts, fresh_sign_in=timedelta(hours=2))
    app = replace(desk.app, facts=facts)
    erin = Desk(app, create_app(app)).visitor("erin")
    clock.now = NOW + timedelta(hours=2)
    assert erin.get("/changes/CH-AAAAAA/publish").status == 404
    clock.now += timedelta(seconds=1)
    assert erin.get("/changes/CH-AAAAAA/publish").status == 303
