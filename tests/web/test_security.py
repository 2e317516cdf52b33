"""Headers on every answer, forms from elsewhere, strange hosts, sizes, cookies, and no other host."""

import re
from urllib.parse import urlsplit

import pytest
from flask import Flask

from tests.web.conftest import REVIEW, Visitor, with_facts
from tests.web.test_matrix import EVERYTHING
from travelrisk.services.application import Application
from travelrisk.web.access import open_to_all
from travelrisk.web.app import create_app
from travelrisk.web.security import csrf

ADDRESSES = [row[1] for row in EVERYTHING.values()]
ERRORS = ["/nope", "/fr/nope", "/trips/nope", "/static/nope.css", "/ratings/carrier/QQQ", "/inbox/99"]
FRAMED = "/letter.html"
WITH_FORMS = ("/sign-in", "/story")  # whose forms have a token, tied to a cookie


@pytest.mark.threat(40)
@pytest.mark.parametrize("address", [*ADDRESSES, *ERRORS])
def test_every_answer_has_its_headers(address: str, visitor: Visitor) -> None:
    headers = visitor.look(address).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert headers["X-Robots-Tag"] == "noindex"
    assert len(headers["X-Request-Id"]) == 16
    assert "Set-Cookie" not in headers or address.endswith(WITH_FORMS)
    if not address.endswith(FRAMED):
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Content-Security-Policy"].startswith(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
            " connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none';"
            " frame-ancestors 'none';"
        )
        assert "unsafe" not in headers["Content-Security-Policy"]


def test_only_the_page_of_a_letter_may_hold_a_frame(visitor: Visitor) -> None:
    framing = [
        address
        for address in ADDRESSES
        if "frame-src" in visitor.look(address).headers["Content-Security-Policy"]
    ]
    assert framing == ["/inbox/1", "/fr/inbox/1", "/es/inbox/1"]


@pytest.mark.threat(40)
def test_a_letter_is_framed_under_a_policy_in_which_nothing_runs(visitor: Visitor) -> None:
    headers = visitor.look("/inbox/1/letter.html").headers
    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data: cid: 'self'; frame-ancestors 'self';"
        " sandbox"
    )
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    (frame,) = visitor.get("/inbox/1").all("//iframe")
    assert frame.get("sandbox") == ""
    assert frame.get("src") == "/inbox/1/letter.html"


@pytest.mark.threat(39)
@pytest.mark.parametrize("address", [*ADDRESSES, *ERRORS])
def test_nothing_but_files_is_kept_by_a_browser(address: str, visitor: Visitor) -> None:
    response = visitor.look(address)
    kept = response.headers["Cache-Control"]
    if "/static/" in address and response.status_code == 200:
        assert "max-age=31536000" in kept
    else:
        assert kept == "private, no-store"


@pytest.mark.threat(40)
@pytest.mark.parametrize("address", [*ADDRESSES, *ERRORS])
def test_no_page_loads_anything_from_another_host(address: str, visitor: Visitor) -> None:
    response = visitor.look(address)
    if response.mimetype != "text/html" or address.endswith(FRAMED):
        return
    page = visitor.get(address)
    loaded = page.all("//@src | //link/@href | //form/@action | //button/@formaction | //use/@href")
    assert [each for each in loaded if urlsplit(str(each)).netloc or str(each).startswith("//")] == []
    assert page.all("//@style | //style | //script[not(@src)]") == []
    assert [name for name in page.all("//@*[starts-with(name(), 'on')]") if name] == []


def test_links_to_evidence_tell_the_other_site_nothing(visitor: Visitor) -> None:
    links = [
        link
        for page in (visitor.get("/ratings/carrier/AZW"), visitor.ask(REVIEW))
        for link in page.all("//a[starts-with(@href, 'http')]")
    ]
    assert links
    assert {link.get("rel") for link in links} == {"noreferrer noopener external"}


@pytest.mark.threat(8)
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
    ],
)
@pytest.mark.parametrize("rule", [rule for rule, row in EVERYTHING.items() if "POST" in row[0]])
def test_a_form_from_elsewhere_is_refused(rule: str, headers: dict[str, str], visitor: Visitor) -> None:
    page = visitor.post(EVERYTHING[rule][1], data={"text": REVIEW}, headers=headers)
    assert page.status == 403
    assert not re.search("ET ?707", page.words)  # the digits alone may stand in the number of the request


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://127.0.0.1:8000"},
    ],
)
def test_a_form_from_here_is_answered(headers: dict[str, str], visitor: Visitor) -> None:
    assert visitor.post("/check", data={"text": REVIEW}, headers=headers).status == 200


@pytest.mark.threat(8)
def test_any_other_form_needs_a_token(app: Application) -> None:
    pages = create_app(app)

    @pages.post("/change")
    @open_to_all("a form of the tests, to see what it needs")
    def change() -> str:
        return "changed"

    assert pages.test_client().post("/change").status_code == 400
    exempt = csrf._exempt_views  # noqa: SLF001 - there is no other way to list them
    assert exempt == {
        "travelrisk.web.traveller.check.check",
        "travelrisk.web.whereabouts.answering.safe",  # its address is a secret, and nobody is signed in
        "travelrisk.web.desk.unsubscribing.unsubscribe",  # a mail program has no form of ours: RFC 8058
    }


@pytest.mark.threat(23)
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8000", "a b"])
@pytest.mark.parametrize("path", ["/check", "/nope", "/healthz"])
def test_a_strange_host_is_refused(host: str, path: str, visitor: Visitor) -> None:
    response = visitor.look(path, headers={"Host": host})
    assert response.status_code == 400
    assert "evil" not in response.get_data(as_text=True)
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:1234"])
def test_this_machine_is_served_under_all_its_names(host: str, visitor: Visitor) -> None:
    assert visitor.look("/check", headers={"Host": host}).status_code == 200


@pytest.mark.threat(23)
def test_only_the_own_name_is_served_in_the_open(app: Application) -> None:
    public = with_facts(app, base_url="https://risk.example.org")
    client = create_app(public, trusted_hosts=["probe.internal"]).test_client()
    answers = {
        host: client.get("/check", headers={"Host": host}).status_code
        for host in ("risk.example.org", "probe.internal", "127.0.0.1")
    }
    assert answers == {"risk.example.org": 200, "probe.internal": 200, "127.0.0.1": 400}


def test_https_is_kept_to_and_its_cookie_is_bound_to_the_host(app: Application) -> None:
    pages = create_app(with_facts(app, base_url="https://risk.example.org"))
    headers = pages.test_client().get("/check", headers={"Host": "risk.example.org"}).headers
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert pages.config["SESSION_COOKIE_NAME"] == "__Host-travelrisk"
    assert pages.config["SESSION_COOKIE_SECURE"]
    assert pages.config["SESSION_COOKIE_HTTPONLY"]
    assert pages.config["SESSION_COOKIE_SAMESITE"] == "Lax"


def test_a_bearer_of_plain_http_gets_no_such_promise(pages: Flask) -> None:
    assert "Strict-Transport-Security" not in pages.test_client().get("/check").headers


def test_an_upload_beyond_the_limit_says_how_much_is_read(app: Application) -> None:
    visitor = Visitor(create_app(with_facts(app, upload_limit=2_000_000)))
    page = visitor.ask("x" * 2_100_000)
    assert page.status == 413
    assert "up to 2 MB" in page.words
    assert page.response.headers["Cache-Control"] == "private, no-store"


def test_a_field_beyond_the_limit_is_refused_too(visitor: Visitor) -> None:
    assert visitor.ask("x" * 2_100_000).status == 413


def test_stylesheet_and_script_stay_small_and_run_nothing_foreign(visitor: Visitor) -> None:
    css = visitor.look("/static/travelrisk.css").get_data(as_text=True)
    script = visitor.look("/static/travelrisk.js").get_data(as_text=True)
    assert len(css.encode()) <= 10 * 1024
    assert len(script.encode()) <= 10 * 1024
    assert "@import" not in css
    assert "url(" not in css
    assert not [
        word for word in ("eval(", "new Function", "http:", "https:", "document.write") if word in script
    ]
