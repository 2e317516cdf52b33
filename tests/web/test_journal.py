"""Each request has an id and a line in the log, and the line says nothing about anybody."""

import json
from io import StringIO

import pytest
import structlog
from flask import Flask
from structlog.testing import capture_logs

from tests.web.conftest import REVIEW, Visitor
from travelrisk import logs
from travelrisk.web import journal


@pytest.mark.parametrize("given", ["0123456789abcdef", "req-2026.11_30", "A" * 64])
def test_an_id_of_a_safe_form_is_kept(visitor: Visitor, given: str) -> None:
    assert visitor.look("/check", headers={"X-Request-ID": given}).headers["X-Request-Id"] == given


@pytest.mark.threat(38)
@pytest.mark.parametrize(
    "given",
    ["short", "A" * 65, "alice@example.org", "a b c d e f g", "<script>alert(1)</script>", "-starts-with"],
)
def test_an_id_of_another_form_is_replaced(visitor: Visitor, given: str) -> None:
    made = visitor.look("/check", headers={"X-Request-ID": given}).headers["X-Request-Id"]
    assert len(made) == 16
    assert made.isalnum()


@pytest.mark.threat(37)
def test_a_line_names_the_route_and_nobody(visitor: Visitor, token: str) -> None:
    with capture_logs() as logged:
        visitor.look(f"/trips/{token}?language=fr", environ_base={"REMOTE_ADDR": "192.0.2.77"})
        visitor.ask(f"{REVIEW} GREEN/ALICE alice@example.org ZZCANARY")
        visitor.look("/nope/ZZCANARY")
        visitor.client.open("/check", method="ZZCANARY")
        visitor.look("/healthz")
    lines = [each for each in logged if each["event"] == "request"]
    shown = [(each["method"], each["route"], each["status"]) for each in lines]
    assert shown == [
        ("GET", "/trips/<token>", 200),
        ("POST", "/check", 200),
        ("GET", "-", 404),
        ("other", "/check", 405),
        ("GET", "/healthz", 200),
    ] or shown[3][:2] == ("other", "-")
    assert [each["log_level"] for each in lines] == ["info"] * 4 + ["debug"]
    assert set(lines[0]) == {"event", "log_level", "method", "route", "status", "ms"}
    for secret in (token, "ZZCANARY", "ALICE", "alice", "192.0.2.77", "ET707"):
        assert secret not in str(logged)


def test_whatever_is_logged_meanwhile_has_the_id_of_its_request(
    pages: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = StringIO()
    monkeypatch.setattr("sys.stderr", out)
    logs.configure("info", as_json=True)
    try:
        pages.test_client().get("/check", headers={"X-Request-ID": "request-number-1"})
        with logs.bound(job="dispatch", run="run-number-1"):
            logs.logger().info("job.said", what="two\nlines\x1b[31m and alice@example.org")
        logs.logger().info("outside")
    finally:
        structlog.reset_defaults()
    first, second, third = [json.loads(line) for line in out.getvalue().splitlines()]
    assert first["request"] == "request-number-1"
    assert (second["job"], second["run"]) == ("dispatch", "run-number-1")
    assert second["what"] == "two lines [31m and ..."
    assert not {"request", "job", "run"} & set(third)


def test_ids_do_not_outlive_their_request(pages: Flask) -> None:
    pages.test_client().get("/check")
    assert "request" not in structlog.contextvars.get_contextvars()
    assert journal.HEADER == "X-Request-Id"
