"""``travelrisk notices``: a correction that an airline sends comes into the queue at a terminal."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("empty")

ADD = ("notices", "add", "-", "--title", "Certificate renewed")


def test_a_correction_is_kept_once_and_listed(run: Run, place: Path) -> None:
    assert "No notice waits" in run("notices", "list").stdout
    letter = place / "letter.txt"
    letter.write_text("Our certificate\nwas renewed.", "utf-8")
    told = ("--about", "carrier:ET", "--title", "Certificate renewed", "--from", "safety@example.org")
    assert "It stands in the queue." in run("notices", "add", letter, *told).stdout
    assert "in the same words" in run("notices", "add", letter, *told).stdout
    (kept,) = json.loads(run("notices", "list", "--json").stdout)
    assert (kept["kind"], kept["subject"], kept["sender"]) == (
        "correction",
        "carrier:ETH",
        "safety@example.org",
    )
    assert kept["body"] == "Our certificate was renewed."
    assert "Certificate renewed" in run("notices", "list").stdout


def test_without_a_subject_it_is_kept_and_a_hint_says_what_is_missing(run: Run) -> None:
    done = run(*ADD, "--kind", "report", input="No belts.")
    assert done.exit_code == 0
    assert "--about" in done.stderr
    assert json.loads(run("notices", "list", "--json").stdout)[0]["kind"] == "safety_report"


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        ((), "", "say what happened"),
        (("--about", "ETH"), "x", "write its kind and its code"),
        (("--source", "nowhere"), "x", "no address of a page"),
        ((), b"\xff\xfe", "no text in UTF-8"),
    ],
)
def test_what_cannot_be_used_is_told(
    run: Run, arguments: tuple[str, ...], typed: str | bytes, said: str
) -> None:
    done = run(*ADD, *arguments, input=typed)
    assert done.exit_code == 2
    assert said in done.stderr
    assert json.loads(run("notices", "list", "--json").stdout) == []
