"""The doctor as a page: for administrators only, and the button that lets letters leave again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.conftest import Visitor
from tests.web.desk import Desk, desk_of, send
from travelrisk.domain.people import Role
from travelrisk.services.application import Application
from travelrisk.services.health import Found
from travelrisk.services.letters import holding
from travelrisk.store import audit, holds
from travelrisk.store.database import reading, writing
from travelrisk.web.app import create_app

FOUND = (
    Found("database", ok=True, text="it answers"),
    Found("sign-in", ok=False, text="<b>look</b> at oidc_issuer"),
    Found("of another version", ok=True, text="fine"),
)


@pytest.fixture
def desk(app: Application, tmp_path: Path) -> Iterator[Desk]:
    with desk_of(app, tmp_path, erin=Role.ADMIN, bob=Role.FOCAL_POINT, heidi=Role.TRAVEL_UNIT) as desk:
        yield Desk(desk.app, create_app(desk.app, examine=lambda: FOUND))


@pytest.mark.parametrize("name", ["bob", "heidi"])
def test_whoever_does_not_run_the_service_has_no_such_page(desk: Desk, name: str) -> None:
    visitor = desk.visitor(name)
    assert visitor.get("/doctor").status == 404
    assert not visitor.get("/account").all("//a[@href='/doctor']")


def test_every_part_is_told_when_somebody_asks(desk: Desk) -> None:
    erin = desk.visitor("erin")
    assert erin.get("/account").all("//nav//a[@href='/doctor']")
    assert "it answers" not in erin.get("/doctor").words, "only when asked to"
    page = send(erin, "/fr/doctor")
    assert page.status == 200
    assert "Base de données\u00a0: en ordre" in page.response.get_data(as_text=True)
    assert page.words.index("oidc_issuer") < page.words.index("it answers"), "what is wrong comes first"
    assert "Connexion" in page.words
    assert "of another version" in page.words
    assert "<b>look</b> at oidc_issuer" in page.words
    assert not page.all("//main//b")
    assert page.all("//bdi[@lang='en']")


def test_an_administrator_lets_letters_leave_and_is_named(desk: Desk) -> None:
    erin = desk.visitor("erin")
    assert "Letters leave; nothing is held." in erin.get("/doctor").words
    with writing(desk.app.engine) as c:
        holding.place(desk.app, c, "restored", 7)
    page = erin.get("/doctor")
    assert "restored from a backup" in page.words
    assert "missing: 7." in page.words
    health = Visitor(desk.pages).get("/health").words
    assert "No letter leaves at the moment" in health
    assert erin.post("/doctor/release").status == 400, "not without the token of a form"
    done = send(erin, "/doctor/release", "/doctor")
    assert done.status == 303
    assert "Letters leave again." in erin.get("/doctor").words
    with reading(desk.app.engine) as c:
        assert holds.current(c) is None
        assert audit.verify(c).ok
    assert send(erin, "/doctor/release", "/account").status == 303, "somebody else was faster"


def test_pages_that_cannot_look_say_where_to(app: Application, tmp_path: Path) -> None:
    with desk_of(app, tmp_path, erin=Role.ADMIN) as desk:
        page = send(desk.visitor("erin"), "/doctor", "/account")
        assert "travelrisk doctor" in page.words


def test_the_service_is_ready_although_letters_are_held(app: Application) -> None:
    holding.hold(app, "p-erin")
    try:
        response = Visitor(create_app(app)).look("/readyz")
    finally:
        holding.release(app, "p-erin", with_letters=False)
    assert response.status_code == 200
    assert "travelrisk release" in response.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/doctor", "/programs", "/audit", "/forget"])
def test_whoever_is_signed_in_finds_the_way_from_each_page_of_an_administrator(desk: Desk, path: str) -> None:
    page = desk.visitor("erin").get(path)
    assert page.all("//header//a[@href='/account']"), "not the way in"
    assert page.all("//main//nav//a[@href='/people']")
