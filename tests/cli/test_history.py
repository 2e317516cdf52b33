"""``travelrisk ratings history|diff|expiring``, ``ratings list --as-of`` and ``travelrisk why``."""

import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from click.testing import Result

from tests.cli.conftest import AT, Run
from travelrisk.cli import console, editions

RATINGS = """
[[ratings]]
id = "eth"
subject = "carrier:ETH"
level = "{level}"
valid_from = 2026-01-01
valid_until = {until}
set_by = "bob"
set_on = 2026-11-03
condition.en = "Daylight only."
"""
AIRPORTS = """
[[ratings]]
id = "fra"
subject = "airport:FRA"
level = "recommended"
valid_from = 2026-01-01
set_by = "bob"
set_on = 2026-11-03

[[ratings]]
id = "add"
subject = "airport:ADD"
level = "recommended"
valid_from = 2026-01-01
set_by = "bob"
set_on = 2026-11-03
"""
BOOKING = "ET707 FRA ADD 12 Dec operated by Ethiopian Airlines"


def publish(run: Run, place: Path, level: str, day: int = 0, until: str = "2027-12-31") -> None:
    """Publish ratings, some days after the noon of the tests."""
    file = place.parent / "ratings.toml"
    file.write_text(RATINGS.format(level=level, until=until) + AIRPORTS)
    assert run("db", "upgrade").exit_code == 0
    with time_machine.travel(AT + timedelta(days=day), tick=False):
        done = run("ratings", "import", file, "--by", "bob", "--signed-by", "charlie")
    assert done.exit_code == 0, done.output


def later(run: Run, days: int, *arguments: object) -> Result:
    with time_machine.travel(AT + timedelta(days=days), tick=False):
        return run(*arguments)


def words(done: Result) -> str:
    """Give what was printed, however the lines were wrapped."""
    assert done.exit_code == 0, done.output
    return " ".join(done.stdout.split())


@pytest.fixture
def thrice(run: Run, place: Path) -> Path:
    """Rate Ethiopian Airlines three times, on the 23rd, the 25th and the 27th."""
    for number, level in enumerate(("recommended", "not_recommended", "conditional")):
        publish(run, place, level, 2 * number)
    return place


@pytest.mark.usefixtures("thrice")
def test_a_history_says_who_changed_what_when_and_why(run: Run) -> None:
    shown = words(later(run, 5, "ratings", "history", "carrier:ET"))
    assert "Edition 2, 25 Nov 2026 12:00 UTC, bob, signed by charlie: import of ratings.toml" in shown
    assert "level: recommended -> not_recommended" in shown
    assert "Opened: carrier:ETH, Ethiopian Airlines (ET), record eth" in shown
    assert "airport" not in shown
    early = later(run, 5, "ratings", "history", "carrier:ETH", "--as-of", "2026-11-26", "--json")
    numbers = [each["edition"] for each in json.loads(early.stdout)]
    assert numbers == [2, 1]
    assert json.loads(early.stdout)[0]["changes"][0]["differences"] == [
        {"field": "level", "was": "recommended", "is": "not_recommended"}
    ]
    assert run("ratings", "history", "carrier:DLH").exit_code == 1
    assert run("ratings", "history", "Ethiopian").exit_code == 2


@pytest.mark.parametrize(
    ("subject", "unknown"),
    [
        ("state:XX", "state XX"),
        ("country:Nowhere", "country NOWHERE"),
        ("airport:QQQ", "airport QQQ"),
        ("carrier:QQQ", "carrier QQQ"),
        ("carrier:7X", "carrier 7X"),
        ("route:FRA-QQQ", "airport QQQ"),
        ("route:QQQ:ADD-FRA", "carrier QQQ"),
    ],
)
@pytest.mark.usefixtures("rated")
def test_a_subject_that_does_not_exist_has_no_history(run: Run, subject: str, unknown: str) -> None:
    done = run("ratings", "history", subject)
    assert done.exit_code == 1
    assert f"there is no {unknown} in the tables of this service" in " ".join(done.stderr.split())
    known = run("ratings", "history", "state:LU")
    assert (known.exit_code, "nothing was on record about state:LU" in known.stderr) == (1, True)


@pytest.mark.usefixtures("thrice")
def test_two_editions_are_compared(run: Run) -> None:
    shown = words(run("ratings", "diff", 1, 3))
    assert "Edition 2," in shown
    assert "Edition 3," in shown
    assert (
        "Changed: carrier:ETH, Ethiopian Airlines (ET), record eth level: recommended -> conditional" in shown
    )
    found = json.loads(run("ratings", "diff", 2, 3, "--json").stdout)
    assert [each["by"] for each in found["editions"]] == ["bob, signed by charlie"]
    assert [each["record"] for each in found["changes"]] == ["eth"]
    assert found["changes"][0]["was"]["level"] == "not_recommended"
    assert run("ratings", "diff", 3, 1).exit_code == 2
    assert run("ratings", "diff", 3, 9).exit_code == 1


@pytest.mark.usefixtures("thrice")
def test_the_list_is_given_as_it_was_known(run: Run) -> None:
    now = later(run, 5, "ratings", "list", "--kind", "carrier")
    assert "recommended with conditions" in now.stdout
    then = later(run, 5, "ratings", "list", "--kind", "carrier", "--as-of", "2026-11-26")
    assert "not recommended" in then.stdout
    assert "As known in edition 2, on 26 Nov 2026." in then.stderr
    first = json.loads(run("ratings", "list", "--as-of", 1, "--json").stdout)
    assert {each["level"] for each in first} == {"recommended"}
    assert words(run("ratings", "list", "--as-of", "2026-11-22")) == "There are no records."
    assert run("ratings", "list", "--as-of", "2026-12-24").exit_code == 2
    assert run("ratings", "list", "--as-of", "yesterday").exit_code == 2


def test_what_ends_is_listed_with_the_journeys_it_touches(run: Run, place: Path) -> None:
    publish(run, place, "recommended", until="2026-12-20")
    assert run("screen", "-", input=BOOKING).exit_code == 0
    lines = run("ratings", "expiring").stdout.splitlines()
    assert lines[0].split("  ")[0] == "Last day"
    assert lines[1].split() == ["20", "Dec", "2026", "27", "1", "carrier:ETH", "eth", "validity"]
    (found,) = json.loads(run("ratings", "expiring", "--days", 27, "--json").stdout)
    assert (found["days"], found["journeys"], found["earliest"]) == (27, 1, "2026-12-12")
    assert words(run("ratings", "expiring", "--days", 26)).startswith("Nothing ends within 26 days")
    assert later(run, 40, "ratings", "expiring").stdout.splitlines()[1].split()[3] == "ended"


def test_why_was_this_cleared_on_that_day(run: Run, place: Path) -> None:
    publish(run, place, "recommended")
    reference = json.loads(run("screen", "-", "--json", input=BOOKING).stdout)["trip"]
    for number, level in enumerate(("not_recommended", "conditional"), start=1):
        publish(run, place, level, 2 * number)
    shown = words(later(run, 9, "why", reference, "--on", "2026-11-24"))
    assert "✔ CLEARED" in shown
    assert "Edition 1, 23 Nov 2026 12:00 UTC, bob, signed by charlie: import of ratings.toml" in shown
    assert "record eth, set by bob on 3 Nov 2026, in edition 1, until 31 Dec 2027" in shown
    assert "it is the same to the last bit" in shown
    assert "Published after" not in shown
    late = json.loads(later(run, 9, "why", reference, "--on", "2026-11-27", "--json").stdout)
    assert (late["advisory"]["verdict"], late["edition"]["edition"], late["is_equal"]) == ("cleared", 1, True)
    assert [each["edition"] for each in late["published_later"]] == [2, 3]
    assert run("why", reference, "--on", "2026-11-22").exit_code == 1
    assert run("why", "TR-AAAAAA", "--on", "2026-11-23").exit_code == 1
    assert run("why", reference, "--on", "2026-12-24").exit_code == 2


def test_what_was_changed_behind_our_back_is_told(run: Run, place: Path) -> None:
    publish(run, place, "recommended")
    reference = json.loads(run("screen", "-", "--json", input=BOOKING).stdout)["trip"]
    with closing(sqlite3.connect(place / "travelrisk.db")) as connection, connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        changed = "UPDATE records SET body = replace(body, '2027-12-31', '2028-12-31')"
        assert connection.execute(changed).rowcount
    done = run("why", reference, "--on", "2026-11-23")
    assert done.exit_code == 1
    assert "it is NOT the same" in " ".join(done.stdout.split())
    assert json.loads(run("why", reference, "--on", "2026-11-23", "--json").stdout)["is_equal"] is False


@pytest.mark.usefixtures("thrice")
def test_a_terminal_gets_a_table(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (console, editions):
        monkeypatch.setattr(module, "is_terminal", lambda: True)
    shown = run("ratings", "diff", 1, 3).stdout
    assert [line.split() for line in shown.splitlines() if "level" in line] == [
        ["level", "recommended", "conditional"]
    ]
