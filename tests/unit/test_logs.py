"""Logs say what happened and where, and nothing that tells who is where, or opens anything."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from travelrisk import logs

CANARIES = (
    "alice.zzcanary@example.org",
    "https://travelrisk.example.org/trips/ZZCANARYhjK3_-xyz0123",
    "/calendar/ZZCANARYhjK3_-xyz0123.ics",
    "Authorization: Bearer ZZCANARY.abc.def",
    "trk_live_r_ZZCANARY0123",
    '"alice zzcanary"@example.org',
)


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    handlers = logging.root.handlers
    yield
    logging.root.handlers = handlers
    structlog.reset_defaults()


def lines() -> Any:  # noqa: ANN401 - as the logger itself
    """Return the logger, as a service has it; it writes to where standard error is now."""
    logs.configure("debug", as_json=True)
    return logs.logger()


@pytest.mark.parametrize("canary", CANARIES)
def test_what_opens_something_is_hidden_wherever_it_stands(
    canary: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lines().error("page.failed", where=canary, reason=f"because of {canary}, again")
    said = capsys.readouterr().err
    assert "zzcanary" not in said.lower()
    assert json.loads(said)["event"] == "page.failed"


def test_what_stands_inside_of_something_is_hidden_too(capsys: pytest.CaptureFixture[str]) -> None:
    deep = {"to": ["alice.zzcanary@example.org"], "who": {"name": "ZZCANARY", "count": 2}}
    lines().error("odd", found=deep, reason=ValueError("no alice.zzcanary@example.org"))
    told = json.loads(capsys.readouterr().err)
    assert told["found"] == {"to": ["..."], "who": {"name": "...", "count": 2}}
    assert told["reason"] == "no ..."


def test_what_libraries_say_is_hidden_like_our_own_words(capsys: pytest.CaptureFixture[str]) -> None:
    lines()
    library = logging.getLogger("some.library")
    try:
        _break("DOE/ZZCANARY MS")
    except ValueError:
        library.exception("while serving %s", CANARIES[1])
    odd = {"name": "some.library", "levelno": 30, "msg": "odd %d", "args": ("ZZCANARY@example.org",)}
    logs.FromLibraries().emit(logging.makeLogRecord(odd))
    library.log(35, "in between")
    whole = capsys.readouterr().err
    assert "zzcanary" not in whole.lower()
    first, second, third = map(json.loads, whole.splitlines())
    assert (first["library"], first["exception"]) == ("some.library", "ValueError")
    assert first["said"] == "while serving https://travelrisk.example.org/trips/..."
    assert (second["said"], third["level"]) == ("odd %d", "warning")


@pytest.mark.threat(37)
@pytest.mark.parametrize("field", ["name", "contact", "recipient", "locator", "token", "traveller", "text"])
def test_fields_about_people_are_hidden(field: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines().warning("something", **{field: "ZZCANARY"})
    assert json.loads(capsys.readouterr().err)[field] == "..."


def _break(words: str) -> None:
    raise ValueError(words)


@pytest.mark.threat(37)
def test_an_exception_is_told_without_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        _break("DOE/ZZCANARY MS, ZZCAN1")
    except ValueError:
        lines().exception("job.failed")
    told = json.loads(capsys.readouterr().err)
    assert told["exception"] == "ValueError"
    assert told["where"].startswith("test_logs.py:")
    assert "ZZCAN" not in json.dumps(told)


@pytest.mark.threat(38)
def test_a_line_stays_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    lines().error("odd", reason="one\ntwo\x1b[31m")
    assert capsys.readouterr().err.count("\n") == 1
