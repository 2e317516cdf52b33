"""Every kind of answer, whatever its status, has the headers that keep its reader safe."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Never

import pytest
from werkzeug.test import TestResponse

from tests.web.conftest import REVIEW, Visitor, with_facts
from tests.web.desk import desk_of
from tests.web.test_matrix import EVERYTHING
from travelrisk.domain.errors import StoreError
from travelrisk.domain.people import Role
from travelrisk.services import health
from travelrisk.services.application import Application
from travelrisk.web.app import create_app
from travelrisk.web.security import HEADERS

PUBLIC = {"Host": "risk.example.org"}
CSS = "/static/travelrisk.css"


def not_modified(visitor: Visitor) -> TestResponse:
    tag = visitor.look(CSS, headers=PUBLIC).headers["ETag"]
    return visitor.look(CSS, headers=PUBLIC | {"If-None-Match": tag})


def too_many(visitor: Visitor) -> TestResponse:
    for _ in range(20):
        answer = visitor.client.post("/check", data={"text": REVIEW}, headers=PUBLIC)
        if answer.status_code == 429:
            break
    return answer


def download(visitor: Visitor) -> TestResponse:
    return visitor.look("/bootstrap/static/css/bootstrap.min.css", headers=PUBLIC)


def part(visitor: Visitor) -> TestResponse:
    return visitor.look(CSS, headers=PUBLIC | {"Range": "bytes=0-9"})


def forbidden(visitor: Visitor) -> TestResponse:
    return visitor.client.post("/check", headers=PUBLIC | {"Origin": "https://evil.example"})


def too_large(visitor: Visitor) -> TestResponse:
    return visitor.client.post("/check", data={"text": "x" * 3_000_000}, headers=PUBLIC)


ANSWERS: dict[int, Callable[[Visitor], TestResponse]] = {
    200: lambda visitor: visitor.look("/check", headers=PUBLIC),
    206: part,
    302: lambda visitor: visitor.look("/", headers=PUBLIC),
    303: lambda visitor: visitor.look("/account", headers=PUBLIC),
    304: not_modified,
    400: lambda visitor: visitor.look("/check", headers={"Host": "evil.example"}),
    403: forbidden,
    404: lambda visitor: visitor.look("/trips/guessed", headers=PUBLIC),
    405: lambda visitor: visitor.client.delete("/check", headers=PUBLIC),
    413: too_large,
    416: lambda visitor: visitor.look(CSS, headers=PUBLIC | {"Range": "bytes=99999999-"}),
    429: too_many,
    500: lambda visitor: visitor.look("/health", headers=PUBLIC),
    503: lambda visitor: visitor.look("/readyz", headers=PUBLIC),
}


@pytest.mark.threat(39)
@pytest.mark.parametrize("status", ANSWERS)
def test_an_answer_of_each_kind_is_protected(
    status: int, app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_app: Application) -> Never:
        raise RuntimeError("ZZCANARY")

    def gone(_app: Application) -> Never:
        raise StoreError("the database /var/lib/x.db is locked")  # in the log it may stand

    monkeypatch.setattr(health, "health", broken)
    monkeypatch.setattr(health, "is_ready", gone)
    public = with_facts(app, base_url="https://risk.example.org", proxies=1, requests_a_minute=1)
    response = ANSWERS[status](Visitor(create_app(public)))
    body = response.get_data(as_text=True)
    response.close()
    assert response.status_code == status
    for name, value in HEADERS.items():
        assert response.headers[name] == value
    assert response.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert response.headers["X-Request-Id"]
    assert "Server" not in response.headers
    assert not {"ZZCANARY", "/var/lib"} & set(re.findall(r"ZZCANARY|/var/lib", body))
    is_file = status in {206, 304}
    if not is_file:
        assert response.headers["Cache-Control"] == "private, no-store"
        assert "Cookie" in response.headers["Vary"]
    assert (status in {429, 503}) is ("Retry-After" in response.headers)


def test_bootstrap_is_protected_like_everything_else(app: Application) -> None:
    headers = download(Visitor(create_app(with_facts(app, base_url="https://risk.example.org")))).headers
    assert HEADERS.items() <= dict(headers).items()
    assert "Strict-Transport-Security" in headers


@pytest.mark.threat(39)
@pytest.mark.parametrize("role", Role)
def test_whoever_is_signed_in_gets_them_on_every_address(
    app: Application, tmp_path: Path, role: Role
) -> None:
    with desk_of(app, tmp_path, erin=role) as desk:
        visitor = desk.visitor("erin")
        statuses = set()
        for _, address, *_ in EVERYTHING.values():
            if address.startswith(("/fr", "/es")):
                continue  # the same views
            response = visitor.look(address)
            statuses.add(response.status_code)
            assert response.status_code < 500 or address == "/readyz", "there are no ratings here"
            is_framed = address.endswith("/letter.html") and response.status_code == 200
            missing = HEADERS.items() - dict(response.headers).items()
            assert not missing or is_framed, (address, missing)
            if "static" not in address:
                assert response.headers["Cache-Control"] == "private, no-store", address
                assert "Cookie" in response.headers["Vary"], address
    assert {200, 302, 404, 405} <= statuses
