"""Public sources at a terminal: listed, fetched, shown; and the doctor looks at their age."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from tests import czibs, sources
from tests.cli.conftest import AT, Run
from tests.czibs import LIBYA, NAME, UKRAINE
from tests.sources import Server
from travelrisk.feeds.registry import FEEDS


@pytest.fixture
def source(
    rated: Path,  # noqa: ARG001 - the database of these sources
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Server]:
    with sources.serving() as server:
        czibs.put(server, LIBYA, UKRAINE)
        monkeypatch.setenv("TRAVELRISK_FEEDS", f'["{NAME}"]')
        monkeypatch.setenv("TRAVELRISK_FEEDS_CONTACT", "ops@example.org")
        monkeypatch.setenv("TRAVELRISK_FEEDS_FOLDER", str(czibs.card(tmp_path, server)))
        monkeypatch.setenv("TRAVELRISK_FEEDS_PRIVATE", f'["{server.place}"]')
        yield server


@pytest.mark.usefixtures("rated")
def test_without_a_setting_nothing_is_fetched(run: Run) -> None:
    listed = run("feeds", "list")
    assert (listed.exit_code, listed.stdout.count("not in use")) == (0, len(FEEDS))
    refused = run("feeds", "refresh")
    assert refused.exit_code == 2
    assert "TRAVELRISK_FEEDS" in refused.stderr
    assert "not in use" in run("feeds", "refresh", NAME).stderr
    assert "no feed nothing is in use" in run("feeds", "show", "nothing").stderr


@pytest.mark.usefixtures("rated")
@pytest.mark.parametrize(
    ("names", "contact", "reason"),
    [('["easa"]', "ops@example.org", "the feeds are easa_czib"), (f'["{NAME}"]', "", "FEEDS_CONTACT")],
)
def test_a_setting_that_cannot_work_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch, names: str, contact: str, reason: str
) -> None:
    monkeypatch.setenv("TRAVELRISK_FEEDS", names)
    monkeypatch.setenv("TRAVELRISK_FEEDS_CONTACT", contact)
    refused = run("feeds", "list")
    assert refused.exit_code == 1
    assert reason in refused.stderr


def test_a_card_of_ones_own_is_checked(run: Run, source: Server, tmp_path: Path) -> None:
    card = czibs.card(tmp_path, source) / f"{NAME}.toml"
    card.write_text(card.read_text(encoding="utf-8").replace("every_hours = 6", "every_hours = 0"), "utf-8")
    refused = run("feeds", "list")
    assert refused.exit_code == 1
    assert f"{card}: every_hours" in refused.stderr
    asked = run("check", "ET707 FRA ADD 12 Dec")
    assert (asked.exit_code, asked.stdout) == (1, "")
    assert f"{card}: every_hours" in asked.stderr


@pytest.mark.usefixtures("source")
def test_a_round_says_what_is_new_and_who_signs_is_asked(run: Run) -> None:
    done = run("feeds", "refresh")
    assert done.exit_code == 0, done.stderr
    assert "easa_czib: 2 rows read, 2 changes" in done.stdout
    assert "new: EASA CZIB-2017-02R20, Airspace of Libya: do not operate until 31 Jan 2027" in done.stdout
    assert "waiting for a signature" not in done.stdout, "the demonstration says as much already"
    shown = run("feeds", "show", NAME)
    assert "Source: European Union Aviation Safety Agency" in shown.stdout
    assert "asks for review" in " ".join(shown.stdout.split())
    row, *_ = json.loads(run("feeds", "list", "--json").stdout)
    assert (row["name"], row["facts"], row["is_stale"], row["outcome"]) == (NAME, 2, False, "good")
    facts = json.loads(run("feeds", "show", NAME, "--json").stdout)["facts"]
    assert [(each["asks"], each["is_expired"]) for each in facts] == [("review", False), ("review", False)]


def test_what_fails_is_told_and_what_was_known_is_shown(run: Run, source: Server) -> None:
    run("feeds", "refresh")
    source.answers["/list"] = sources.content("<html>Maintenance</html>")
    failed = run("feeds", "refresh", "--json")
    assert failed.exit_code == 1
    assert [each["fault"] for each in json.loads(failed.stdout)] == ["other_format"]
    told = run("feeds", "refresh", NAME)
    assert "failed (other format)" in told.stderr
    assert "stays in force" in told.stderr
    shown = run("feeds", "show", NAME)
    assert shown.exit_code == 0
    assert "The last round failed" in shown.stdout
    assert "Airspace of Libya" in shown.stdout


def feeds_of(run: Run) -> dict[str, object]:
    found = json.loads(run("doctor", "--json").stdout)
    return next(each for each in found if each["part"] == "feeds")


@pytest.mark.usefixtures("source")
def test_the_doctor_complains_of_what_is_too_old(run: Run) -> None:
    assert feeds_of(run)["ok"] is False
    run("feeds", "refresh")
    assert feeds_of(run) == {"part": "feeds", "ok": True, "text": "easa_czib: read 0 h ago"}
    with time_machine.travel(AT + timedelta(hours=49), tick=False):
        late = feeds_of(run)
    assert late["ok"] is False
    assert "easa_czib (read 2 days ago)" in str(late["text"])


@pytest.mark.usefixtures("rated")
def test_the_doctor_misses_nothing_that_nobody_uses(run: Run) -> None:
    assert feeds_of(run)["ok"] is True


def test_the_worker_fetches_what_is_due_and_proposes_what_nobody_rated(run: Run, source: Server) -> None:
    czibs.put(source, LIBYA, UKRAINE, replace(LIBYA, nid="9", country="Kenya", area="Nairobi FIR (HKNA)"))
    assert "feeds: 1 fetched, 1 proposals made" in run("worker", "--once", "feeds").stdout
    assert "feeds: 0 fetched, 0 proposals made" in run("worker", "--once", "feeds").stdout
