"""Signing in with the organisation's account, against a real little provider that can be told to lie."""

import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
from structlog.testing import capture_logs

from tests.web import issuer as provider
from tests.web.conftest import Page, Visitor
from tests.web.desk import COOKIE, Desk, desk_of, dismiss
from tests.web.issuer import CLIENT, SECRET, Issuer, answered, serving, state_in
from travelrisk.domain.errors import ConfigurationError
from travelrisk.domain.people import Role
from travelrisk.services.application import Application, Organisation
from travelrisk.services.people import accounts
from travelrisk.settings import load_settings
from travelrisk.web.app import create_app
from travelrisk.wiring import build

GO = "/sign-in/organisation"
ERIN = {"sub": "1", "email": "Erin@Staff.example.org", "email_verified": True}


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with serving() as issuer:
        issuer.claims = dict(ERIN)
        yield issuer


@pytest.fixture
def desk(app: Application, issuer: Issuer, tmp_path: Path) -> Iterator[Desk]:
    """Give a service that knows the provider, with an approver and an administrator."""
    facts = replace(app.facts, organisation=Organisation(issuer.url, CLIENT, SECRET))
    with desk_of(replace(app, facts=facts), tmp_path, erin=Role.APPROVER, dora=Role.ADMIN) as desk:
        yield desk


def go(visitor: Visitor, **wanted: str) -> str:
    """Leave for the provider, and return the address that it sends back to."""
    left = visitor.get(GO, query_string=wanted)
    assert left.status == 302, left.words
    back = requests.get(left.response.headers["Location"], allow_redirects=False, timeout=30)
    return answered(back.headers["Location"])


def round_trip(visitor: Visitor, **wanted: str) -> Page:
    return visitor.get(go(visitor, **wanted))


def is_in(visitor: Visitor) -> bool:
    return visitor.get("/account").status == 200


def refuses(page: Page, visitor: Visitor, status: int) -> bool:
    return page.status == status and not is_in(visitor) and bool(page.all("//main//*[@role='alert']"))


def test_a_person_comes_in_with_the_account_of_the_organisation(desk: Desk, issuer: Issuer) -> None:
    visitor = desk.visitor()
    assert visitor.get("/fr/sign-in").all(f"//a[starts-with(@href, '{GO}')]")
    page = round_trip(visitor, language="fr", next="/fr/account/delegations")
    assert (page.status, page.response.headers["Location"]) == (303, "/fr/account/delegations")
    assert is_in(visitor)
    (asked,) = issuer.asked
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["state"]) >= 20
    assert len(asked["nonce"]) >= 20
    assert asked["redirect_uri"] == f"{desk.app.facts.base_url}{GO}/answer"


def test_every_attempt_asks_with_another_state_nonce_and_challenge(desk: Desk, issuer: Issuer) -> None:
    for _ in range(2):
        round_trip(desk.visitor())
    first, second = issuer.asked
    assert all(first[name] != second[name] for name in ("state", "nonce", "code_challenge"))


def test_the_address_ties_once_and_then_only_the_subject_counts(desk: Desk, issuer: Issuer) -> None:
    assert round_trip(desk.visitor()).status == 303
    issuer.claims = ERIN | {"sub": "2"}
    visitor = desk.visitor()
    assert refuses(round_trip(visitor), visitor, 403), "another subject with the same address"
    issuer.claims = ERIN | {"email": "moved@staff.example.org"}
    assert round_trip(desk.visitor()).status == 303, "the same subject under another address"


@pytest.mark.threat(13)
@pytest.mark.parametrize(
    "claims",
    [
        {"email": "nobody@staff.example.org"},
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "true"},
        {"email_verified": 1},
        {"email": None},
        {"email": ["erin@staff.example.org"]},
        {"roles": ["admin"], "email": "new@staff.example.org"},
    ],
)
def test_no_account_is_made_and_none_is_tied_by_an_unverified_address(
    claims: dict[str, Any], desk: Desk, issuer: Issuer
) -> None:
    issuer.claims = ERIN | claims
    visitor = desk.visitor()
    assert refuses(round_trip(visitor), visitor, 403)
    assert len(accounts.everybody(desk.app)) == 2


def test_roles_are_never_taken_from_elsewhere(desk: Desk, issuer: Issuer) -> None:
    issuer.claims = ERIN | {"roles": ["admin"], "groups": ["admin"]}
    visitor = desk.visitor()
    round_trip(visitor)
    assert desk.person("erin").roles == {Role.APPROVER}
    assert visitor.get("/people").status == 404


def test_whoever_left_stays_out(desk: Desk) -> None:
    round_trip(desk.visitor())
    dismiss(desk.app, "erin")
    visitor = desk.visitor()
    assert refuses(round_trip(visitor), visitor, 403)


@pytest.mark.threat(13)
@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "somebody-else"},
        {"aud": ["travelrisk", "somebody-else"]},
        {"aud": None},
        {"azp": "somebody-else"},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 17},
        {"exp": -3600},
        {"exp": None},
        {"iat": +3600},
        {"nbf": +3600},
    ],
    ids=str,
)
def test_a_wrong_statement_opens_nothing(claims: dict[str, Any], desk: Desk, issuer: Issuer) -> None:
    now = int(time.time())  # times stand as seconds from now, so that each test has one name
    times = {name: now + claims[name] for name in {"exp", "iat", "nbf"} & claims.keys() if claims[name]}
    issuer.claims = ERIN | claims | times
    visitor = desk.visitor()
    assert refuses(round_trip(visitor), visitor, 400)


@pytest.mark.threat(13)
@pytest.mark.parametrize(
    ("sign", "error"),
    [
        (provider.unsigned, "UnsupportedAlgorithmError"),
        (provider.altered, "BadSignatureError"),
        (provider.signed_by_another_key, "BadSignatureError"),
        (provider.signed_with_the_public_key, "UnsupportedAlgorithmError"),
        (provider.not_a_token, "DecodeError"),
        (provider.nothing, "DecodeError"),
    ],
)
@pytest.mark.parametrize("offered", [("RS256",), ("RS256", "HS256", "none"), ()])
def test_a_wrong_signature_opens_nothing(
    sign: Any,  # noqa: ANN401 - a function of the provider
    error: str,
    offered: tuple[str, ...],
    desk: Desk,
    issuer: Issuer,
) -> None:
    issuer.sign, issuer.offered = sign, offered
    visitor = desk.visitor()
    with capture_logs() as logs:
        assert refuses(round_trip(visitor), visitor, 400)
    said = [each["error"] for each in logs if each["event"] == "organisation.failed"]
    assert said == [error], "refused for its signature, and not because none came"


def test_an_answer_without_a_statement_opens_nothing(desk: Desk, issuer: Issuer) -> None:
    issuer.without_id_token = True
    visitor = desk.visitor()
    assert refuses(round_trip(visitor), visitor, 400)


@pytest.mark.threat(13)
@pytest.mark.parametrize(
    "query",
    [
        {},
        {"code": "code-1"},
        {"code": "code-1", "state": "guessed"},
        {"error": "access_denied", "error_description": "<script>alert(1)</script>"},
    ],
)
def test_an_answer_that_nobody_asked_for_opens_nothing(query: dict[str, str], desk: Desk) -> None:
    visitor = desk.visitor()
    go(visitor)
    page = visitor.get(f"{GO}/answer", query_string=query)
    assert refuses(page, visitor, 400)
    assert "alert(1)" not in page.response.get_data(as_text=True)


@pytest.mark.threat(13)
def test_an_answer_counts_once_and_in_the_browser_that_asked(desk: Desk) -> None:
    visitor, other = desk.visitor(), desk.visitor()
    back = go(visitor)
    assert state_in(back)
    assert refuses(other.get(back), other, 400), "a link that signs others in as oneself"
    assert visitor.get(back).status == 303
    again = desk.visitor()
    assert refuses(again.get(back), again, 400)
    assert visitor.get(back).status == 400, "the same answer a second time"


@pytest.mark.threat(13)
def test_an_answer_of_another_issuer_is_not_taken(desk: Desk) -> None:
    visitor = desk.visitor()
    assert refuses(visitor.get(f"{go(visitor)}&iss=https://evil.example"), visitor, 400)


def test_an_issuer_that_calls_itself_otherwise_is_not_asked(desk: Desk, issuer: Issuer) -> None:
    issuer.calls_itself = "https://evil.example"
    visitor = desk.visitor()
    assert refuses(visitor.get(GO), visitor, 503)
    issuer.calls_itself = ""
    assert round_trip(visitor).status == 303, "asked again once it is in order"


def test_an_issuer_that_offers_nothing_we_take_is_not_asked(desk: Desk, issuer: Issuer) -> None:
    issuer.offered = ("HS256", "none")
    visitor = desk.visitor()
    assert refuses(visitor.get(GO), visitor, 503)


def test_a_provider_out_of_reach_is_explained_and_the_password_still_works(app: Application) -> None:
    facts = replace(app.facts, organisation=Organisation("http://127.0.0.1:9", CLIENT, SECRET))
    page = Visitor(create_app(replace(app, facts=facts))).get(GO)
    assert page.status == 503
    assert "sign in with a password" in page.words
    assert page.all("//input[@type='password']")


def test_the_session_is_a_new_one_here_too(desk: Desk) -> None:
    visitor = desk.visitor()
    visitor.client.set_cookie(COOKIE, "planted-by-somebody")
    round_trip(visitor)
    kept = visitor.client.get_cookie(COOKIE)
    assert kept is not None
    assert kept.value != "planted-by-somebody"


def test_without_an_issuer_there_is_no_such_way_in(app: Application) -> None:
    visitor = Visitor(create_app(app))
    assert visitor.get(GO).status == 404
    assert not visitor.get("/sign-in").all(f"//a[starts-with(@href, '{GO}')]")


@pytest.mark.parametrize(
    "given",
    [
        {"oidc_issuer": "https://id.example.org"},
        {"oidc_issuer": "https://id.example.org", "oidc_client_id": "travelrisk"},
        {"oidc_issuer": "http://id.example.org", "oidc_client_id": "x", "oidc_client_secret": "y"},
    ],
)
def test_half_a_setting_is_refused(given: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="TRAVELRISK_OIDC_ISSUER"):
        build(load_settings(data_dir=tmp_path, **given))


def test_the_secret_is_in_no_listing(desk: Desk) -> None:
    assert SECRET not in repr(desk.app.facts)


def test_who_must_sign_in_again_does_so_there_too(desk: Desk, issuer: Issuer) -> None:
    visitor = desk.visitor()
    (link,) = visitor.get("/sign-in?again=1&next=/changes").all(f"//a[starts-with(@href, '{GO}')]/@href")
    assert "again=1" in link
    issuer.claims |= {"auth_time": int(time.time())}
    page = round_trip(visitor, again="1", next="/changes")
    assert (page.status, page.response.headers["Location"]) == (303, "/changes")
    (asked,) = issuer.asked
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")


@pytest.mark.parametrize("ago_s", [None, 120])
def test_an_old_sign_in_there_is_none_where_a_new_one_was_asked_for(
    desk: Desk, issuer: Issuer, ago_s: int | None
) -> None:
    if ago_s is not None:
        issuer.claims |= {"auth_time": int(time.time()) - ago_s}
    visitor = desk.visitor()
    assert refuses(round_trip(visitor, again="1"), visitor, 400)


def test_a_sign_in_there_of_this_morning_is_too_old_and_one_of_unknown_age_is_taken(
    desk: Desk, issuer: Issuer
) -> None:
    visitor = desk.visitor()
    issuer.claims |= {"auth_time": int(time.time()) - 3 * 3600}
    assert refuses(round_trip(visitor), visitor, 400)
    assert issuer.asked[0]["max_age"] == "1800"
    del issuer.claims["auth_time"]
    assert round_trip(visitor).status == 303
    assert is_in(visitor)
