"""The page of keys: for administrators alone, after signing in again, each key shown once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.services.conftest import Clock
from tests.web.calling import SECRET
from tests.web.conftest import NOW
from tests.web.desk import Desk, desk_of, send
from travelrisk.domain.people import Role
from travelrisk.domain.programs import Kind, Program, Sealing, Sight
from travelrisk.services.application import Application
from travelrisk.services.programs import keys
from travelrisk.web.app import create_app

NEW = "/programs/new"
WANTED = {
    "name": "booking tool",
    "office": "Field office",
    "new_office": "1",
    "kind": Kind.TEST.value,
    "sight": Sight.UNIT.value,
    "calls": "5 000",
}


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def desk(app: Application, clock: Clock, tmp_path: Path) -> Iterator[Desk]:
    facts = replace(app.facts, sealing=Sealing(SECRET))
    own = replace(app, facts=facts, clock=clock)
    with desk_of(own, tmp_path, dora=Role.ADMIN, bob=Role.FOCAL_POINT, tina=Role.TRAVEL_UNIT) as desk:
        yield desk


def known(desk: Desk) -> Program:
    (found,) = keys.everything(desk.app)
    return found


def test_an_administrator_makes_a_key_that_works(desk: Desk) -> None:
    dora = desk.visitor("dora")
    page = send(dora, NEW, **WANTED)
    assert page.status == 200
    key = page.text("//code[@class='tr-secret']")
    answer = desk.pages.test_client().get("/api/v1/catalog", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 200
    made = known(desk)
    assert (made.kind, made.office, made.calls_a_day, made.made_by) == (
        Kind.TEST,
        "Field office",
        5_000,
        "p-dora",
    )
    again = dora.get("/programs")
    assert key not in again.response.get_data(as_text=True)
    assert "booking tool" in again.words
    assert made.id in again.words


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        ("", "Nobody has this office"),
        ("/fr", "Personne n'a ce bureau"),
        ("/es", "Nadie tiene esta oficina"),
    ],
)
def test_an_office_that_nobody_has_is_asked_about(desk: Desk, prefix: str, words: str) -> None:
    dora = desk.visitor("dora")
    wanted = {name: value for name, value in WANTED.items() if name != "new_office"}
    page = send(dora, f"{prefix}{NEW}", f"{prefix}{NEW}", **wanted | {"office": "Nairoby"})
    assert page.status == 422
    assert words in page.words.replace("\u2019", "'")
    assert [each.text_content() for each in page.all("//main//form//li")] == ["Nairobi"]
    assert page.text("//label[@for='new_office']")
    assert keys.everything(desk.app) == ()
    page = send(dora, f"{prefix}{NEW}", f"{prefix}{NEW}", **wanted | {"office": "Nairobi"})
    assert page.status == 200
    assert known(desk).office == "Nairobi"


@pytest.mark.parametrize("name", ["bob", "tina"])
def test_nobody_else_sees_that_there_are_keys(desk: Desk, name: str) -> None:
    visitor = desk.visitor(name)
    for path in ("/programs", NEW):
        assert visitor.get(path).status == 404
    assert "/programs" not in visitor.get("/account").response.get_data(as_text=True)
    assert "/programs" in desk.visitor("dora").get("/account").response.get_data(as_text=True)


def test_making_a_key_takes_a_fresh_sign_in_and_stopping_one_does_not(desk: Desk, clock: Clock) -> None:
    given = keys.create(desk.app, name="n", office="o", kind=Kind.LIVE_READ, is_new_office=True)
    dora = desk.visitor("dora")
    page = dora.get("/programs")
    token = page.all("//input[@name='csrf_token']/@value")[0]
    clock.pass_by(minutes=31)
    assert dora.get(NEW).status == 303
    rotated = dora.post(f"/programs/{given.program.id}/rotate", data={"csrf_token": token})
    assert rotated.status == 303
    assert known(desk).old_until is None
    revoked = dora.post(f"/programs/{given.program.id}/revoke", data={"csrf_token": token})
    assert revoked.response.headers["Location"] == "/programs"
    assert known(desk).revoked_at is not None
    again = dora.post(f"/programs/{given.program.id}/revoke", data={"csrf_token": token})
    assert again.status == 303


def test_a_key_is_made_anew(desk: Desk) -> None:
    given = keys.create(desk.app, name="n", office="o", kind=Kind.LIVE_READ, is_new_office=True)
    dora = desk.visitor("dora")
    page = send(dora, f"/programs/{given.program.id}/rotate", "/programs")
    assert page.status == 200
    assert page.text("//code[@class='tr-secret']") != given.key
    assert known(desk).old_until == desk.app.clock() + timedelta(hours=24)
    form = dora.get("/programs")
    keys.revoke(desk.app, given.program.id)
    token = form.all("//input[@name='csrf_token']/@value")[0]
    late = dora.post(f"/programs/{given.program.id}/rotate", data={"csrf_token": token})
    assert late.status == 409
    assert late.all("//code[@class='tr-secret']") == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("office", ""),
        ("office", "x" * 121),
        ("calls", "0"),
        ("calls", "many"),
        ("calls", "\u0661\u0660"),
        ("expires", "2026-11-22"),
        ("expires", "soon"),
        ("kind", "trk_live_x"),
        ("sight", "all"),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field(desk: Desk, field: str, value: str) -> None:
    page = send(desk.visitor("dora"), NEW, **WANTED | {field: value})
    assert page.status == 422
    assert len(page.all(f"//a[@id='error-{field}']")) == 1
    assert keys.everything(desk.app) == ()


def test_a_key_may_have_a_last_day(desk: Desk) -> None:
    page = send(desk.visitor("dora"), "/fr/programs/new", **WANTED | {"expires": "2026-12-31"})
    assert page.status == 200
    assert str(known(desk).last_day) == "2026-12-31"


def test_without_a_secret_the_page_says_what_to_do(desk: Desk) -> None:
    bare = replace(desk.app, facts=replace(desk.app.facts, sealing=None))
    visitor = Desk(bare, create_app(bare)).visitor("dora")
    page = visitor.get("/programs")
    assert "TRAVELRISK_SECRET_KEY" in page.words
    assert page.all("//a[contains(@href, '/programs/new')]") == []
