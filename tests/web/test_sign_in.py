"""Signing in and out on the pages: fixation, stolen cookies, guessers, and addresses that lead elsewhere."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.conftest import Page, Visitor
from tests.web.desk import COOKIE, PASSWORD, Desk, csrf, desk_of, send, sign_in_as
from travelrisk.domain.people import Role
from travelrisk.services.application import Application
from travelrisk.services.people.sign_in import LIMITS
from travelrisk.web.app import create_app
from travelrisk.web.desk.pages import local


@pytest.fixture
def desk(app: Application, tmp_path: Path) -> Iterator[Desk]:
    """Give a service of its own: failures are counted in its database."""
    with desk_of(app, tmp_path, erin=Role.FOCAL_POINT, dora=Role.ADMIN) as desk:
        yield desk


def cookie(visitor: Visitor) -> str:
    """Return the token that a browser holds; empty = none."""
    found = visitor.client.get_cookie(COOKIE)
    return found.value if found else ""


def is_in(page: Page) -> bool:
    return page.status == 303 and page.response.headers["Location"] in {"/queue", "/people"}


def test_a_person_signs_in_sees_the_account_and_signs_out(desk: Desk) -> None:
    visitor = desk.visitor()
    assert is_in(sign_in_as(visitor, "erin"))
    page = visitor.get("/account")
    assert "Erin" in page.words
    assert "Focal point" in page.words
    assert visitor.get("/sign-in").response.headers["Location"] == "/queue", "already in"
    page = send(visitor, "/sign-out", on="/account")
    assert (page.status, page.response.headers["Location"]) == (303, "/sign-in")
    assert cookie(visitor) == ""
    assert visitor.get("/account").status == 303


@pytest.mark.parametrize("prefix", ["", "/fr", "/es"])
def test_each_language_stays_itself(prefix: str, desk: Desk) -> None:
    visitor = desk.visitor()
    page = sign_in_as(visitor, "erin", path=f"{prefix}/sign-in")
    assert page.response.headers["Location"] == f"{prefix}/queue"
    assert visitor.get(f"{prefix}/account").all(f"//a[@href='{prefix}/account/password']")


@pytest.mark.threat(10)
def test_a_cookie_fixed_beforehand_opens_nothing(desk: Desk) -> None:
    attacker, victim = desk.visitor("dora"), desk.visitor()
    planted = cookie(attacker)
    victim.client.set_cookie(COOKIE, planted)
    victim.client.delete_cookie("travelrisk")
    token = csrf(desk.visitor().get("/sign-in"))
    assert token
    victim.client.set_cookie(COOKIE, "planted-by-somebody")
    assert is_in(sign_in_as(victim, "erin"))
    assert cookie(victim) not in {"planted-by-somebody", planted, ""}
    thief = desk.visitor()
    thief.client.set_cookie(COOKIE, "planted-by-somebody")
    assert thief.get("/account").status == 303


def test_signing_in_again_ends_the_session_that_was_there(desk: Desk) -> None:
    visitor = desk.visitor()
    sign_in_as(visitor, "erin")
    before = cookie(visitor)
    other = desk.visitor()
    token = csrf(other.get("/sign-in"))
    other.client.set_cookie(COOKIE, before)
    fields = {"csrf_token": token, "email": "dora@staff.example.org", "password": PASSWORD}
    assert is_in(other.post("/sign-in", data=fields))
    assert cookie(other) != before
    assert visitor.get("/account").status == 303, "the old session is dead"


@pytest.mark.threat(10)
def test_a_stolen_cookie_dies_at_sign_out(desk: Desk) -> None:
    visitor, thief = desk.visitor(), desk.visitor()
    sign_in_as(visitor, "erin")
    thief.client.set_cookie(COOKIE, cookie(visitor))
    assert thief.get("/account").status == 200
    send(visitor, "/sign-out", on="/account")
    page = thief.get("/account")
    assert (page.status, page.response.headers["Location"]) == (303, "/sign-in?next=/account")


def test_the_forms_of_one_session_are_worth_nothing_in_another(desk: Desk) -> None:
    visitor = desk.visitor()
    before = csrf(visitor.get("/sign-in"))
    sign_in_as(visitor, "erin")
    assert visitor.post("/sign-out", data={"csrf_token": before}).status == 400
    erins = csrf(visitor.get("/account"))
    visitor.client.set_cookie(COOKIE, desk.token("dora"))
    assert visitor.post("/sign-out", data={"csrf_token": erins}).status == 400
    assert visitor.get("/account").status == 200
    assert send(visitor, "/sign-out", on="/account").status == 303


@pytest.mark.threat(12)
def test_the_answer_does_not_say_who_has_an_account(desk: Desk) -> None:
    pages = [
        send(desk.visitor(), "/sign-in", email=email, password="a wrong password")  # noqa: S106 - of nobody
        for email in ("erin@staff.example.org", "nobody@staff.example.org")
    ]
    assert [page.status for page in pages] == [422, 422]
    assert pages[0].text("//*[@role='alert']") == pages[1].text("//*[@role='alert']")
    assert pages[0].title.startswith("Error: ")
    (field,) = pages[0].all("//input[@id='password']")
    assert field.get("aria-invalid") == "true"
    assert "error-password" in field.get("aria-describedby")
    assert pages[0].all("//*[@id='error-password'][@href='#password']")
    assert "a wrong password" not in pages[0].response.get_data(as_text=True)
    assert pages[0].all("//input[@id='email']/@value") == ["erin@staff.example.org"]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"email": " ", "password": "x"}, "error-email"),
        ({"email": "erin@staff.example.org"}, "error-password"),
    ],
)
def test_an_empty_field_is_named(fields: dict[str, str], error: str, desk: Desk) -> None:
    page = send(desk.visitor(), "/sign-in", **fields)
    assert page.status == 422
    assert page.all(f"//*[@role='alert']//*[@id='{error}']")


@pytest.mark.threat(12)
def test_a_guesser_is_told_to_wait_and_nobody_else_is(desk: Desk) -> None:
    visitor = desk.visitor()
    statuses = [sign_in_as(visitor, "erin", f"guess number {number}").status for number in range(9)]
    assert statuses == [422] * LIMITS[0].free + [429] * (9 - LIMITS[0].free)
    page = sign_in_as(visitor, "erin")
    assert page.status == 429, "the right password waits, too"
    assert page.response.headers["Retry-After"] == "1"
    assert "Wait 1 s" in page.text("//*[@role='alert']")
    assert cookie(visitor) == ""
    elsewhere = desk.visitor()
    elsewhere.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert is_in(sign_in_as(elsewhere, "erin"))
    assert is_in(sign_in_as(visitor, "dora"))


def test_who_asks_is_taken_from_the_proxies_that_are_known(desk: Desk) -> None:
    def statuses(proxies: int) -> list[int]:
        app = replace(desk.app, facts=replace(desk.app.facts, proxies=proxies))
        visitor = Visitor(create_app(app))
        token = csrf(visitor.get("/sign-in"))
        fields = {"csrf_token": token, "email": f"{proxies}@staff.example.org", "password": "wrong"}
        return [
            visitor.post("/sign-in", data=fields, headers={"X-Forwarded-For": f"192.0.2.{each}"}).status
            for each in range(7)
        ]

    assert statuses(1) == [422] * 7, "seven people behind one proxy"
    assert statuses(0) == [422] * 5 + [429] * 2, "a header that anybody may send is not believed"


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(desk: Desk) -> None:
    visitor = desk.visitor()
    (given_,) = sign_in_as(visitor, "erin").response.headers.getlist("Set-Cookie")[:1]
    assert given_.startswith(f"{COOKIE}=")
    for part in ("HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in given_
    assert "Secure" not in given_
    assert "Expires" not in given_, "it ends with the browser"
    facts = replace(desk.app.facts, base_url="https://risk.example.org")
    public = Visitor(create_app(replace(desk.app, facts=facts)))
    address = "https://risk.example.org/sign-in"
    token = csrf(public.get("/sign-in", base_url="https://risk.example.org"))
    fields = {"csrf_token": token, "email": "erin@staff.example.org", "password": PASSWORD}
    page = public.post(address, data=fields, headers={"Referer": address})
    (kept,) = [
        each
        for each in page.response.headers.getlist("Set-Cookie")
        if each.startswith("__Host-travelrisk-desk=")
    ]
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in kept
    assert "Domain" not in kept


def test_nobody_is_led_back_to_where_they_wanted(desk: Desk) -> None:
    visitor = desk.visitor()
    onward = visitor.get("/fr/people?x=1").response.headers["Location"]
    assert onward == "/fr/sign-in?next=/fr/people?x%3D1"
    page = visitor.get(onward)
    (action,) = page.all("//form[@method='post']/@action")
    token = csrf(page)
    fields = {"csrf_token": token, "email": "dora@staff.example.org", "password": PASSWORD}
    assert visitor.post(action, data=fields).response.headers["Location"] == "/fr/people?x=1"


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/a\\b",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n/evil.example",
        "/ /evil.example",
        "evil",
        "",
        "/" + "x" * 1000,
        "/\N{FULLWIDTH SOLIDUS}evil.example",
    ],
)
def test_what_could_lead_elsewhere_leads_home(address: str, desk: Desk) -> None:
    assert local(address, "/account") == "/account"
    visitor = desk.visitor()
    token = csrf(visitor.get("/sign-in"))
    fields = {"csrf_token": token, "email": "erin@staff.example.org", "password": PASSWORD}
    page = visitor.post("/sign-in", query_string={"next": address}, data=fields)
    assert page.response.headers["Location"] == "/queue"


@given(st.text(alphabet="/\\:@.?#%\t\n a1\N{FULLWIDTH SOLIDUS}", max_size=12) | st.text(max_size=20))
def test_no_address_at_all_leads_elsewhere(address: str) -> None:
    onward = local(address, "/account")
    read_by_browsers = onward.replace("\\", "/").replace("\t", "").replace("\n", "")
    there = urljoin("https://risk.example.org/sign-in", read_by_browsers)
    assert urlsplit(there)[:2] == ("https", "risk.example.org")


def test_a_page_for_travellers_asks_for_no_session(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = desk.visitor("erin")
    monkeypatch.setattr("travelrisk.services.people.sign_in.visit", None)
    assert visitor.get("/check").status == 200
    assert "Erin" not in visitor.get("/check").words
