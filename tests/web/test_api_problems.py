"""What programs are told when they are not answered: always problem+json, never what went wrong inside."""

import io
import itertools
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from tests.web.calling import Caller, air, caller, service
from tests.web.conftest import Visitor
from travelrisk.domain.errors import StoreError
from travelrisk.domain.programs import Kind
from travelrisk.services.application import Application
from travelrisk.services.programs.doorkeeper import Doorkeeper
from travelrisk.web.app import create_app
from travelrisk.web.refusals import STATUSES

QUERY = {"segments": [air()]}


@pytest.fixture(scope="module")
def own(app: Application, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    moments = (app.clock() for _ in itertools.count())
    with service(replace(app, clock=lambda: next(moments)), tmp_path_factory.mktemp("calls")) as own:
        yield own


@pytest.fixture(scope="module")
def tool(own: Application) -> Caller:
    return caller(own)


def code_of(answer: TestResponse) -> str:
    """Return the code of a problem, once everything else about it is as it should be."""
    problem = answer.get_json()
    assert answer.content_type == "application/problem+json"
    assert answer.headers["X-Request-Id"] == problem["request_id"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    assert problem["status"] == answer.status_code
    code: str = problem["type"].rpartition("/problems/")[2]
    assert STATUSES[code] == answer.status_code
    return code


@pytest.mark.parametrize(
    ("method", "path", "more", "code"),
    [
        ("GET", "/nothing", {}, "not_found"),
        ("GET", "/../../healthz", {}, "not_found"),
        ("PUT", "/screen", {}, "method"),
        ("OPTIONS", "/screen", {}, "method"),
        ("POST", "/screen", {"data": b"{", "content_type": "application/json"}, "malformed"),
        ("POST", "/screen", {"data": b"\xff", "content_type": "application/json"}, "malformed"),
        ("POST", "/screen", {"data": b"[" * 90_000, "content_type": "application/json"}, "malformed"),
        ("POST", "/screen", {"data": b'{"queries": NaN}', "content_type": "application/json"}, "malformed"),
        ("POST", "/screen", {"data": b'{"a": 1, "a": 2}', "content_type": "application/json"}, "malformed"),
        ("POST", "/screen", {"data": b"{}", "content_type": "text/plain"}, "media_type"),
        ("POST", "/screen", {"data": {"queries": "x"}}, "media_type"),
        ("POST", "/screen", {"json": {}}, "validation"),
        ("POST", "/screen", {"json": {"queries": {}}}, "validation"),
        ("POST", "/screen", {"json": {"queries": {"a b": QUERY}}}, "validation"),
        ("POST", "/screen", {"json": {"queries": {"a": QUERY | {"text": "x"}}}}, "validation"),
        ("POST", "/screen", {"json": {"queries": {"a": {"segments": [air()] * 51}}}}, "validation"),
        ("POST", "/screen", {"json": {"queries": {"a": {"segments": [air(kind="ship")]}}}}, "validation"),
        (
            "POST",
            "/screen",
            {"json": {"queries": {"a": {"segments": [air(flight_number=400)]}}}},
            "validation",
        ),
        ("POST", "/screen", {"json": {"queries": {"a": {"segments": [air(passport="X1")]}}}}, "validation"),
        ("POST", "/screen", {"json": {"queries": {"a": {"segments": [air(origin="a\x00b")]}}}}, "validation"),
        ("POST", "/screen", {"json": {"queries": {str(n): QUERY for n in range(101)}}}, "validation"),
        ("POST", "/screen?stor=true", {"json": {"queries": {"a": QUERY}}}, "validation"),
        ("POST", "/screen?as_of=2026-11-01", {"json": {"queries": {"a": QUERY}}}, "validation"),
        ("GET", "/changes?limit=-1", {}, "validation"),
        ("GET", "/changes?limit=0", {}, "validation"),
        ("GET", "/changes?limit=1e3", {}, "validation"),
        ("GET", "/changes?limit=1&limit=2", {}, "validation"),
        ("GET", "/changes?page=-1", {}, "validation"),
        ("GET", "/changes?cursor=!", {}, "validation"),
        ("GET", "/changes?cursor=AAAA", {}, "cursor"),
        ("GET", "/changes?cursor=Wzk5OSwxXQ", {}, "cursor"),
        ("GET", "/changes?cursor=Wy0xLC0xXQ", {}, "cursor"),
        ("GET", "/ratings?cursor=WzEsIngiLCIiXQ", {}, "cursor"),
        ("GET", "/ratings?as_of=2027-01-01T00:00Z", {}, "moment"),
        ("GET", "/carriers", {}, "validation"),
        ("GET", "/carriers/%00%00/ratings", {}, "not_found"),
        ("GET", "/carriers/ZZ9/ratings", {}, "not_found"),
        ("GET", "/rules/nothing", {}, "not_found"),
    ],
)
def test_what_cannot_be_answered_is_said_in_one_way(
    tool: Caller, method: str, path: str, more: dict[str, Any], code: str
) -> None:
    assert code_of(tool.call(method, path, **more)) == code


def test_a_fault_names_its_field(tool: Caller) -> None:
    sent = {"queries": {"pnr-1": {"segments": [air(), air(departs_local="12 Dec")]}}}
    answer = tool.post("/screen", sent)
    (fault,) = answer.get_json()["errors"]
    assert fault["in"] == "body"
    assert fault["pointer"] == "/queries/pnr-1/segments/1/departs_local"
    assert "12 Dec" not in answer.get_data(as_text=True)
    (fault,) = tool.get("/changes?limit=-1").get_json()["errors"]
    assert (fault["in"], fault["pointer"], fault["code"]) == ("query", "/limit", "greater_than_equal")


@pytest.mark.parametrize(
    ("method", "path", "more", "detail"),
    [
        ("GET", "/changes?page=-1", {}, "nothing has this name here; what there is: cursor, limit"),
        (
            "GET",
            "/ratings?as_of=yesterday",
            {},
            "this is not written as it must be, such as 2026-11-01T00:00Z; ",
        ),
        (
            "POST",
            "/screen",
            {"json": {"queries": {"a": {"segments": [air(departs_local="12 Dec")]}}}},
            "this is not written as it must be, such as 2026-12-12T10:20; ",
        ),
        (
            "POST",
            "/webhooks",
            {"json": {"url": "http://127.0.0.1:9/"}},
            "this is not written as it must be, such as https://booking.example.org/travelrisk; https",
        ),
        ("POST", "/webhooks", {"json": {}}, "this must be given"),
        ("POST", "/screen?store=yes", {"json": {"queries": {"a": QUERY}}}, "this is true or false"),
    ],
)
def test_a_fault_says_what_to_write_instead(
    tool: Caller, method: str, path: str, more: dict[str, Any], detail: str
) -> None:
    (fault,) = tool.call(method, path, **more).get_json()["errors"]
    assert fault["detail"].startswith(detail)
    assert "[" not in fault["detail"]  # no regular expression


def test_the_methods_that_an_address_takes_are_said(tool: Caller) -> None:
    assert set(tool.call("PUT", "/screen").headers["Allow"].split(", ")) == {"POST"}


class _Endless(io.RawIOBase):
    """A body of which every byte that is read is counted."""

    def __init__(self) -> None:
        self.read_so_far = 0

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - as io has it
        """Give blanks."""
        buffer[:] = b" " * len(buffer)
        self.read_so_far += len(buffer)
        return len(buffer)


def test_a_body_of_a_hundred_megabytes_is_refused_at_once(tool: Caller) -> None:
    body = _Endless()
    around = {"wsgi.input": body, "CONTENT_LENGTH": "100000000"}
    answer = tool.call("POST", "/screen", content_type="application/json", environ_overrides=around)
    assert code_of(answer) == "too_large"
    assert body.read_so_far == 0


def test_without_a_key_nothing_is_read(own: Application) -> None:
    body = _Endless()
    around = {"wsgi.input": body, "CONTENT_LENGTH": "1000000"}
    client = create_app(own).test_client()
    answer = client.post("/api/v1/screen", content_type="application/json", environ_overrides=around)
    assert code_of(answer) == "no_key"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert body.read_so_far == 0


@pytest.mark.parametrize("shown", ["", "Basic abc", "Bearer", "Bearer x", "bearer trk_live_w_0", "Bearer é"])
def test_what_is_no_key_opens_nothing(own: Application, shown: str) -> None:
    answer = create_app(own).test_client().get("/api/v1/catalog", headers={"Authorization": shown})
    assert code_of(answer) == "no_key"


def test_a_cookie_opens_nothing(tool: Caller) -> None:
    client = tool.pages.test_client()
    client.set_cookie("travelrisk-desk", tool.given.key)
    client.set_cookie("session", tool.given.key)
    assert code_of(client.get("/api/v1/catalog")) == "no_key"


def test_a_key_opens_no_page_of_people(tool: Caller) -> None:
    client = tool.pages.test_client()
    for path in ("/programs", "/people", "/queue", "/account"):
        assert client.get(path, headers=tool.headers).status_code == 303


def test_another_site_may_not_call(tool: Caller) -> None:
    answer = tool.post("/screen", {"queries": {"a": QUERY}}, headers={"Origin": "https://elsewhere.example"})
    assert code_of(answer) == "elsewhere"


def test_wrong_keys_wait_and_the_right_one_does_not(own: Application) -> None:
    tool = caller(own)
    wrong = {"Authorization": f"Bearer {tool.given.key[:-1]}{'0' if tool.given.key[-1] != '0' else '1'}"}
    codes = [code_of(tool.call("GET", "/catalog", headers=wrong)) for _ in range(25)]
    assert codes == ["no_key"] * 20 + ["wrong_keys"] * 5
    assert int(tool.call("GET", "/catalog", headers=wrong).headers["Retry-After"]) <= 60
    assert tool.get("/catalog").status_code == 200


@pytest.mark.threat(41)
def test_a_failure_says_nothing_of_itself(tool: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_self: object, *_: object) -> int:
        raise RuntimeError("ZZCANARY")

    monkeypatch.setattr(Doorkeeper, "admit", broken)
    answer = tool.get("/catalog")
    assert code_of(answer) == "fault"
    assert "ZZCANARY" not in answer.get_data(as_text=True)


def test_a_database_that_is_away_is_a_503(tool: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_self: object, *_: object) -> int:
        raise StoreError("the database /var/lib/x.db is locked")

    monkeypatch.setattr(Doorkeeper, "admit", away)
    answer = tool.get("/catalog")
    assert code_of(answer) == "unavailable"
    assert answer.headers["Retry-After"] == "60"
    assert "/var/lib" not in answer.get_data(as_text=True)


@pytest.mark.threat(37)
def test_no_log_holds_an_itinerary_or_a_key(tool: Caller) -> None:
    traveller = {"name": "ZZCANARY/ALICE", "email": "zzcanary@example.org"}
    with capture_logs() as logs:
        tool.screen({"segments": [air(origin="ZZCANARY")], "travellers": [traveller]})
        tool.post("/screen", {"queries": {"a": {"segments": [air(kind="ZZCANARY")]}}})
        tool.call("GET", "/catalog", headers={"Authorization": f"Bearer {tool.given.key}0"})
    assert "zzcanary" not in str(logs).lower()
    assert tool.given.key not in str(logs)
    assert [each["event"] for each in logs if each["event"] != "request"] == ["program.refused"]


@pytest.mark.parametrize("code", STATUSES)
@pytest.mark.parametrize("prefix", ["", "/fr", "/es"])
def test_every_problem_leads_to_a_page(visitor: Visitor, code: str, prefix: str) -> None:
    page = visitor.get(f"{prefix}/problems/{code}")
    assert page.status == 200
    assert str(STATUSES[code]) in page.words


def test_no_page_explains_what_is_no_problem(visitor: Visitor) -> None:
    assert visitor.get("/problems/nothing").status == 404


@pytest.mark.parametrize("prefix", ["", "/fr", "/es"])
def test_the_page_of_the_calls_shows_every_one(visitor: Visitor, pages: Flask, prefix: str) -> None:
    page = visitor.get(f"{prefix}/docs")
    rules = {rule.rule for rule in pages.url_map.iter_rules() if rule.rule.startswith("/api/")}
    assert rules
    for rule in rules:
        assert rule.replace("<", "{").replace(">", "}") in page.words
    assert page.all("//script[not(@src)]") == []
    assert {kind.value in page.words for kind in Kind} == {True}


def test_the_page_of_the_calls_says_that_the_trail_is_for_keys_that_audit(visitor: Visitor) -> None:
    (line,) = visitor.get("/docs").all("//section[@aria-labelledby='audit']/p[1]")
    assert " ".join(line.text_content().split()) == "GET /api/v1/audit, for keys that audit"


@pytest.mark.parametrize("ask", ["", "?store=true"])
@pytest.mark.parametrize(
    "query",
    [
        {"segments": [air(flight_number="4\ud800")]},
        {"segments": [air()], "travellers": [{"name": "DOE\ud800/ALICE"}]},
        {"segments": [air()], "record_locator": "ABC\ud80012"},
        {"text": "LH 400 FRA JFK 12 Dec\ud800"},
    ],
)
def test_half_a_character_is_refused(query: dict[str, object], ask: str, tool: Caller) -> None:
    answer = tool.post(f"/screen{ask}", {"queries": {"a": query}}, headers={"Idempotency-Key": "half"})
    assert answer.status_code in {400, 422}
    assert code_of(answer)
