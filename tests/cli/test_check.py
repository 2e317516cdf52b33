"""``travelrisk check``: the answer, its exit code and its JSON."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

CLEARED = "LH400 FRA JFK 12 Dec"
CONDITIONAL = "AF 6 CDG JFK 14 Sep 2027"
REVIEW = "ET707 FRA ADD 12 Dec"
NOT_CLEARED = "UM 462 HRE JNB 25 Aug 2027"
NOT_CLEARED_AND_INCOMPLETE = "UM 462 HRE JNB 25 Aug 2027\nFlight ZZ 318 in between: see separate ticket"
INCOMPLETE = "SN 465 BRU KGL 12/11"
NOTHING = "see you tomorrow"
BROKEN_CODE = "LH400 FRA QQQ 12 Dec"

NOTICE = "This is air-safety advice. It is not the TRIP security clearance."


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (CLEARED, 0),
        (CONDITIONAL, 10),
        (REVIEW, 10),
        (NOT_CLEARED, 11),
        (NOT_CLEARED_AND_INCOMPLETE, 11),
        (INCOMPLETE, 12),
        (NOTHING, 12),
        (BROKEN_CODE, 12),
    ],
)
@pytest.mark.usefixtures("rated")
def test_the_exit_code_tells_the_verdict(run: Run, text: str, code: int) -> None:
    done = run("check", text)
    assert done.exit_code == code, done.output
    assert NOTICE in done.stdout
    assert ("CLEARED" in done.stdout and code == 0) is (text == CLEARED)


@pytest.mark.usefixtures("rated")
def test_an_answer_says_what_was_read_and_why_and_what_to_do(run: Run) -> None:
    told = run("check", NOT_CLEARED).stdout
    for part in (
        "NOT CLEARED",
        "UM 462, Wed 25 Aug 2027",
        "Harare (HRE) - Johannesburg (JNB)",
        "Operating carrier: Air Zimbabwe (UM)",
        "Rating: not recommended. Set for the demonstration on 23 Nov 2026.",
        "Valid from 3 Jun 2025",
        "Evidence: Commission Implementing Regulation (EU) 2025/1144",
        "http://data.europa.eu/eli/reg_impl/2025/1144/oj",
        "Do not buy this ticket",
        "focal-point@example.org",
        "Ratings edition 1",
    ):
        assert part in " ".join(told.split()), part
    assert max(map(len, told.splitlines())) <= 100


@pytest.mark.parametrize(
    ("language", "word"), [("fr", "AVIS DÉFAVORABLE"), ("es", "SIN VISTO BUENO"), ("en", "NOT CLEARED")]
)
@pytest.mark.usefixtures("rated")
def test_an_answer_speaks_the_language_that_was_asked_for(run: Run, language: str, word: str) -> None:
    assert word in run("check", NOT_CLEARED, "--language", language).stdout


@pytest.mark.usefixtures("rated")
def test_json_holds_the_whole_answer_and_nothing_else_is_on_stdout(run: Run) -> None:
    done = run("check", "--json", NOT_CLEARED)
    shape = json.loads(done.stdout)
    assert (done.exit_code, shape["verdict"], shape["outcome"]) == (11, "not_cleared", "complete")
    (answer,) = shape["answers"]
    assert answer["itinerary"]["segments"][0]["operating"]["carrier"] == "UM"
    assert answer["advisory"]["findings"][0]["record"]["evidence"]
    assert NOTICE in shape["notice"]


@pytest.mark.usefixtures("rated")
def test_json_of_nothing_found_has_no_verdict(run: Run) -> None:
    done = run("check", "--json", NOTHING)
    shape = json.loads(done.stdout)
    assert (done.exit_code, shape["verdict"]) == (12, None)
    assert (shape["answers"][0]["itinerary"], shape["answers"][0]["advisory"]) == (None, None)
    assert "ET707 FRA ADD 12 Dec" in shape["answers"][0]["reason"]


@pytest.mark.usefixtures("empty")
def test_without_ratings_nothing_is_cleared_and_a_hint_says_why(run: Run) -> None:
    done = run("check", CLEARED)
    assert done.exit_code == 10
    assert "not rated" in done.stdout
    assert "No ratings are loaded yet" in done.stderr
    assert "travelrisk ratings import FILE" in done.stderr
    assert not run("check", CLEARED, "--quiet").stderr
    assert not run("--quiet", "check", CLEARED).stderr


def test_a_question_stores_nothing(run: Run, rated: Path) -> None:
    run("check", CLEARED)
    assert "0 waiting, 0 sent" in run("doctor").stdout
    assert {path.name for path in rated.iterdir()} <= {"travelrisk.db", "letters"}


@pytest.mark.usefixtures("rated")
def test_a_terminal_is_told_nothing_that_it_would_obey(run: Run) -> None:
    done = run("check", "UM 462 HRE JNB 25 Aug 2027 \x1b[2J\x1b]0;owned\x07 Flight ZZ 318", color=True)
    assert "\x1b[2J" not in done.output
    assert "\x1b]" not in done.output


@pytest.mark.usefixtures("rated")
def test_the_demonstration_says_so_on_its_face(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAVELRISK_DEMO", "true")
    assert "for show" in run("check", CLEARED).stdout
    assert "for show" in json.loads(run("check", CLEARED, "--json").stdout)["notice"]


@pytest.mark.usefixtures("rated")
def test_no_colour_is_left_where_nobody_wants_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[" in run("check", CLEARED, color=True).stdout
    assert "\x1b[" not in run("check", CLEARED).stdout
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in run("check", CLEARED, color=True).stdout
