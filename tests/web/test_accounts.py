"""One's own account, delegations, and the accounts of others, on the pages."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import Visitor
from tests.web.desk import PASSWORD, Desk, desk_of, send, sign_in_as
from travelrisk.domain.people import Role
from travelrisk.services.application import Application
from travelrisk.services.people import accounts, delegations

NEW = "another long password"


@pytest.fixture
def desk(app: Application, tmp_path: Path) -> Iterator[Desk]:
    """Give a service with an administrator, a focal point, her alternate and an auditor."""
    roles = {"dora": Role.ADMIN, "erin": Role.FOCAL_POINT, "frank": Role.ALTERNATE, "gina": Role.AUDITOR}
    with desk_of(app, tmp_path, **roles) as desk:
        yield desk


@pytest.fixture
def erin(desk: Desk) -> Visitor:
    return desk.visitor("erin")


@pytest.fixture
def dora(desk: Desk) -> Visitor:
    return desk.visitor("dora")


def test_everybody_chooses_the_language_of_their_own_letters(desk: Desk, erin: Visitor) -> None:
    chosen = "//select[@name='letters']/option[@selected]"
    assert erin.get("/account").text(chosen) == "English"
    assert send(erin, "/account/language", on="/account", letters="fr").status == 303
    assert "Letters to you will be in the language you chose." in erin.get("/account").words
    assert erin.get("/account").text(chosen) == "Français"
    assert send(erin, "/account/language", on="/account", letters="xx").status == 303
    known = {each.name: each.language for each in accounts.everybody(desk.app)}
    assert [language for language in known.values() if language] == ["fr"]


def test_a_focal_point_refuses_the_digest_and_has_it_again(erin: Visitor) -> None:
    assert "You get it by mail on working days" in erin.get("/account").words
    for answer, said in (("no", "You will get no more digests."), ("yes", "You will get the daily digest.")):
        assert send(erin, "/account/digests", on="/account", digests=answer).status == 303
        assert said in erin.get("/account").words
    for answer in ("no", "maybe"):
        assert send(erin, "/account/digests", on="/account", digests=answer).status == 303
    assert "You do not get it." in erin.get("/account").words


def test_a_focal_point_refuses_the_report_of_the_month_and_has_it_again(erin: Visitor) -> None:
    assert "on the first working day of each month" in erin.get("/account").words
    for answer, said in (("no", "no more monthly reports"), ("yes", "You will get the report of the month.")):
        assert send(erin, "/account/reports", on="/account", reports=answer).status == 303
        page = erin.get("/account").words
        assert said in page
        assert "You get it by mail on working days" in page, "the digest is another matter"


def test_whoever_gets_no_digest_is_not_asked_about_it(desk: Desk) -> None:
    assert "digest" not in desk.visitor("gina").get("/account").words.casefold()


@pytest.mark.threat(10)
def test_a_changed_password_signs_out_everywhere_but_here(desk: Desk, erin: Visitor) -> None:
    elsewhere = desk.visitor("erin")
    page = send(erin, "/account/password", current=PASSWORD, wanted=NEW)
    assert page.status == 303
    assert "Your password has changed" in erin.get("/account").words
    assert elsewhere.get("/account").status == 303
    assert sign_in_as(desk.visitor(), "erin").status == 422
    assert sign_in_as(desk.visitor(), "erin", NEW).status == 303


@pytest.mark.parametrize(
    ("current", "wanted", "error"),
    [
        ("a wrong password", NEW, "error-current"),
        ("", NEW, "error-current"),
        (PASSWORD, "short", "error-wanted"),
        (PASSWORD, "", "error-wanted"),
        (PASSWORD, "x" * 5000, "error-wanted"),
        (PASSWORD, "ERIN@staff.example.org", "error-wanted"),
    ],
)
def test_a_password_that_cannot_be_changed_is_explained(
    current: str, wanted: str, error: str, desk: Desk, erin: Visitor
) -> None:
    page = send(erin, "/account/password", current=current, wanted=wanted)
    assert page.status == 422
    assert page.all(f"//*[@role='alert']//*[@id='{error}']")
    assert erin.get("/account").status == 200
    assert sign_in_as(desk.visitor(), "erin").status == 303


def test_guessing_the_present_password_is_slowed_down_too(erin: Visitor) -> None:
    pages = [send(erin, "/account/password", current=f"guess {number}", wanted=NEW) for number in range(7)]
    assert [page.status for page in pages] == [422] * 5 + [429] * 2
    assert pages[-1].response.headers["Retry-After"] == "1"


def test_other_sessions_are_listed_and_ended(desk: Desk, erin: Visitor) -> None:
    elsewhere, franks = desk.visitor("erin"), desk.visitor("frank")
    page = erin.get("/account")
    assert len(page.all("//tbody/tr")) == 2
    assert len(page.all("//tbody//*[contains(text(), 'This session')]")) == 1
    assert send(erin, "/account/sessions", on="/account").status == 303
    assert "All other sessions have ended" in erin.get("/account").words
    assert elsewhere.get("/account").status == 303
    assert franks.get("/account").status == 200


def test_a_focal_point_delegates_and_ends_it(desk: Desk, erin: Visitor) -> None:
    fields = {"alternate": "p-frank", "first": "2026-11-24", "last": "2026-12-04"}
    assert send(erin, "/account/delegations", **fields).status == 303
    page = erin.get("/account/delegations")
    assert "The delegation is recorded" in page.words
    assert "Frank" in page.text("//tbody")
    assert "4 Dec 2026" in page.text("//tbody")
    frank = desk.visitor("frank")
    assert "Erin" in frank.get("/account/delegations").text("//tbody")
    assert "Erin" not in desk.visitor("gina").get("/account/delegations").words
    assert send(erin, "/account/delegations/1/end", on="/account/delegations").status == 303
    assert "Ended" in frank.get("/account/delegations").text("//tbody")


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"alternate": ""}, "error-alternate"),
        ({"alternate": "p-gina"}, "error-alternate"),
        ({"alternate": "p-erin"}, "error-alternate"),
        ({"first": ""}, "error-first"),
        ({"last": "31.12.2026"}, "error-last"),
        ({"last": "2026-11-23"}, "error-last"),
        ({"first": "2026-11-01", "last": "2026-11-22"}, "error-last"),
        ({"last": "2028-01-01"}, "error-last"),
    ],
)
def test_a_delegation_that_cannot_be_is_explained(
    fields: dict[str, str], error: str, desk: Desk, erin: Visitor
) -> None:
    sent = {"alternate": "p-frank", "first": "2026-11-24", "last": "2026-12-04"} | fields
    page = send(erin, "/account/delegations", **sent)
    assert page.status == 422
    assert page.all(f"//*[@role='alert']//*[@id='{error}']")
    assert delegations.of_person(desk.app) == ()


def test_who_is_no_focal_point_has_nothing_to_delegate(desk: Desk) -> None:
    frank = desk.visitor("frank")
    page = frank.get("/account/delegations")
    assert not page.all("//select")
    sent = {"alternate": "p-frank", "first": "2026-11-24", "last": "2026-12-04"}
    assert send(frank, "/account/delegations", **sent).status == 422
    assert delegations.of_person(desk.app) == ()


def test_the_delegation_of_others_is_not_there(desk: Desk, erin: Visitor) -> None:
    sent = {"alternate": "p-frank", "first": "2026-11-24", "last": "2026-12-04"}
    send(erin, "/account/delegations", **sent)
    gina = desk.visitor("gina")
    for number in (1, 2):
        assert send(gina, f"/account/delegations/{number}/end", on="/account").status == 404
    assert [each.is_open for each in delegations.of_person(desk.app)] == [True]


def test_an_administrator_adds_somebody_who_then_signs_in(desk: Desk, dora: Visitor) -> None:
    fields: dict[str, Any] = {
        "name": "Hugo Hill",
        "email": "Hugo@Staff.example.org",
        "unit": "UNON",
        "roles": ["approver"],
    }
    page = send(dora, "/people/new", **fields)
    assert page.status == 303
    address = page.response.headers["Location"]
    assert "The account is made" in dora.get(address).words
    assert "Hugo Hill" in dora.get("/people").text("//tbody")
    shown = send(dora, f"{address}/password", on=address)
    password = shown.text("//code")
    assert len(password) >= 16
    assert password not in str(shown.response.headers)
    assert sign_in_as(desk.visitor(), "hugo", password).status == 303


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"name": " "}, "error-name"),
        ({"name": "x" * 121}, "error-name"),
        ({"unit": "x" * 121}, "error-unit"),
        ({"email": "hugo"}, "error-email"),
        ({"email": "ERIN@staff.example.org"}, "error-email"),
        ({"roles": []}, "error-roles"),
        ({"roles": ["emperor"]}, "error-roles"),
    ],
)
def test_what_cannot_be_an_account_is_explained(
    fields: dict[str, Any], error: str, desk: Desk, dora: Visitor
) -> None:
    sent: dict[str, Any] = {"name": "Hugo", "email": "hugo@staff.example.org", "roles": ["approver"]} | fields
    page = send(dora, "/people/new", **sent)
    assert page.status == 422
    assert page.all(f"//*[@role='alert']//*[@id='{error}']")
    assert len(accounts.everybody(desk.app)) == 4


def test_an_administrator_changes_roles_at_once(desk: Desk, dora: Visitor) -> None:
    gina = desk.visitor("gina")
    assert gina.get("/people").status == 404
    page = send(dora, "/people/p-gina", name="Gina Gold", unit="", roles=["admin", "auditor"])
    assert page.status == 303
    assert gina.get("/people").status == 200
    send(dora, "/people/p-gina", name="Gina Gold", unit="", roles=["admin", "traveller"])
    assert desk.person("gina").name == "Gina Gold"
    assert desk.person("gina").roles == {Role.ADMIN, Role.TRAVELLER}


def test_nobody_makes_themselves_the_only_administrator(desk: Desk, dora: Visitor) -> None:
    send(dora, "/people/p-gina", name="Gina Gold", unit="", roles=["admin"])
    demoted = send(dora, "/people/p-gina", name="Gina Gold", unit="", roles=["auditor"])
    closed = send(dora, "/people/p-gina/close", "/people/p-gina")
    renewed = send(dora, "/people/p-gina/password", "/people/p-gina")
    for page in (demoted, closed, renewed):
        assert page.status == 422
        assert "You would be the only administrator left." in page.text("//*[@role='alert']")
    assert desk.person("gina").roles == {Role.ADMIN}
    assert desk.person("gina").is_active


@pytest.mark.threat(3)
def test_columns_that_no_form_has_are_not_taken(desk: Desk, dora: Visitor) -> None:
    sent: dict[str, Any] = {
        "name": "Gina",
        "roles": ["auditor"],
        "email": "x@example.org",
        "id": "p-x",
        "is_machine": "1",
    }
    send(dora, "/people/p-gina", **sent, password="x", subject="x", is_active="0")  # noqa: S106 - of nobody
    before = desk.person("gina")
    assert (before.email, before.is_machine, before.is_active) == ("gina@staff.example.org", False, True)


@pytest.mark.threat(3)
def test_nobody_raises_or_closes_themselves(desk: Desk, dora: Visitor) -> None:
    page = dora.get("/people/p-dora")
    assert page.all("//fieldset[@disabled]")
    send(dora, "/people/p-dora", name="Dora", unit="", roles=["admin", "approver"])
    assert desk.person("dora").roles == {Role.ADMIN}
    for act in ("close", "reopen", "password"):
        assert send(dora, f"/people/p-dora/{act}", on="/people/p-dora").status == 409
    assert dora.get("/account").status == 200


def test_an_account_is_closed_and_opened_again(desk: Desk, dora: Visitor, erin: Visitor) -> None:
    assert send(dora, "/people/p-erin/close", on="/people/p-erin").status == 303
    assert "The account is closed" in dora.get("/people/p-erin").words
    assert erin.get("/account").status == 303
    assert sign_in_as(desk.visitor(), "erin").status == 422
    assert send(dora, "/people/p-erin/password", on="/people/p-erin").status == 409
    assert send(dora, "/people/p-erin/reopen", on="/people/p-erin").status == 303
    assert sign_in_as(desk.visitor(), "erin").status == 303


def test_somebody_unknown_is_not_there(dora: Visitor) -> None:
    assert dora.get("/people/p-nobody").status == 404
    for act in ("close", "reopen", "password"):
        assert send(dora, f"/people/p-nobody/{act}", on="/people/new").status == 404


@pytest.mark.threat(40)
def test_a_name_is_shown_and_never_run(desk: Desk, dora: Visitor) -> None:
    send(dora, "/people/p-gina", name="<script>alert(1)</script>{{ 7*7 }}", unit="", roles=["auditor"])
    for address in ("/people", "/people/p-gina"):
        page = dora.get(address)
        assert not page.all("//main//script")
        assert "<script>alert(1)</script>{{ 7*7 }}" in page.words
    assert desk.person("gina").name.startswith("<script>")
