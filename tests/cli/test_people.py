"""``travelrisk people``: accounts and delegations at a terminal."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

PASSWORD = "four short plain words"  # noqa: S105 - of nobody
DORA = ("--name", "Dora Gray", "--email", "Dora@Example.org")
ERIN = ("--name", "Erin Blue", "--email", "erin@example.org", "--role", "focal_point")
FRANK = ("--name", "Frank Red", "--email", "frank@example.org", "--role", "alternate")
DAYS = ("--from", "2026-11-23", "--until", "2026-12-04")


pytestmark = pytest.mark.usefixtures("empty")


@pytest.fixture
def dora(run: Run, empty: Path) -> str:  # noqa: ARG001 - the database
    """Make the first administrator and give her id."""
    done = run("people", "add", "--admin", *DORA, "--password-stdin", "--json", input=PASSWORD + "\n")
    assert done.exit_code == 0, done.output
    made: str = json.loads(done.stdout)["id"]
    return made


def listed(run: Run) -> dict[str, dict[str, object]]:
    return {each["email"]: each for each in json.loads(run("people", "list", "--json").stdout)}


def test_the_first_administrator_is_made_at_a_terminal(run: Run, place: Path) -> None:
    empty = run("people", "list")
    assert "no accounts" in empty.stdout
    assert "people add --admin" in empty.stderr
    done = run("people", "add", "--admin", *DORA, input=f"{PASSWORD}\n{PASSWORD}\n")
    assert done.exit_code == 0, done.output
    assert "Added: Dora Gray, dora@example.org" in done.stdout
    assert PASSWORD not in done.output
    assert PASSWORD.encode() not in (place / "travelrisk.db").read_bytes()
    assert listed(run)["dora@example.org"]["roles"] == ["admin"]
    assert "Dora Gray" in run("people", "list").stdout


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        (("--admin", *DORA, "--password-stdin"), "short\n", "at least 12 characters"),
        (("--admin", *DORA, "--password-stdin"), "dora@example.org\n", "must not be the e-mail address"),
        (("--admin", *DORA, "--password-stdin"), "", "no password"),
        (("--admin", *DORA, "--password-stdin", "--no-password"), "", "exclude each other"),
        (DORA, "", "give --role or --admin"),
        (("--admin", "--name", "Dora", "--email", "dora", "--no-password"), "", "address cannot be used"),
    ],
)
def test_what_cannot_be_an_account_is_told(
    run: Run, arguments: tuple[str, ...], typed: str, said: str
) -> None:
    done = run("people", "add", *arguments, input=typed)
    assert done.exit_code == 2
    assert said in done.stderr
    assert listed(run) == {}


@pytest.mark.usefixtures("dora")
def test_roles_are_replaced_and_an_account_is_closed_and_opened(run: Run) -> None:
    run("people", "add", *ERIN, "--no-password")
    assert run("people", "roles", "erin@example.org", "auditor", "approver").exit_code == 0
    assert listed(run)["erin@example.org"]["roles"] == ["approver", "auditor"]
    assert run("people", "deactivate", "erin@example.org").exit_code == 0
    assert listed(run)["erin@example.org"]["is_active"] is False
    assert json.loads(run("people", "reactivate", "erin@example.org", "--json").stdout)["is_active"]


def test_the_language_of_letters_is_set(run: Run, dora: str) -> None:
    assert listed(run)["dora@example.org"]["language"] is None
    done = run("people", "language", "dora@example.org", "es", "--json", "--by", dora)
    assert json.loads(done.stdout)["language"] == "es"
    assert listed(run)["dora@example.org"]["language"] == "es"
    assert run("people", "language", dora, "de").exit_code == 2


def test_the_last_administrator_stays(run: Run, dora: str) -> None:
    for command in (("deactivate", dora), ("roles", dora, "auditor")):
        done = run("people", *command)
        assert done.exit_code == 2
        assert "nobody would be left to administer" in done.stderr


def test_a_password_is_set(run: Run, dora: str) -> None:
    done = run("people", "password", dora, "--password-stdin", input="another long password\n")
    assert done.exit_code == 0
    assert "Every session of Dora Gray has ended" in done.stdout
    assert run("people", "password", "nobody@example.org", "--password-stdin", input="x\n").exit_code == 2


def test_who_does_it_may_be_named_and_is_held_to_the_own_rights(run: Run, dora: str) -> None:
    done = run("people", "add", *ERIN, "--no-password", "--by", dora, "--json")
    erin = json.loads(done.stdout)["id"]
    assert run("people", "add", *FRANK, "--no-password", "--by", erin).exit_code == 1
    assert run("people", "add", *FRANK, "--no-password", "--by", "nobody").exit_code == 2
    assert run("people", "roles", dora, "admin", "auditor", "--by", dora).exit_code == 1


@pytest.mark.usefixtures("dora")
def test_a_delegation_is_made_listed_and_ended(run: Run) -> None:
    assert "no delegations" in run("people", "delegations").stdout
    run("people", "add", *ERIN, "--no-password")
    run("people", "add", *FRANK, "--no-password")
    done = run("people", "delegate", "erin@example.org", "frank@example.org", *DAYS)
    assert done.exit_code == 0, done.output
    assert "Frank Red for Erin Blue, 23 Nov 2026 to 4 Dec 2026" in done.stdout
    (shown,) = json.loads(run("people", "delegations", "--json").stdout)
    assert (shown["number"], shown["is_open"], shown["valid_until"]) == (1, True, "2026-12-04")
    assert "ended" in run("people", "delegations", "--end", 1).stdout
    assert run("people", "delegations", "--end", 2).exit_code == 1
    wrong = run("people", "delegate", "frank@example.org", "erin@example.org", *DAYS)
    assert wrong.exit_code == 2
    assert "only a focal point" in wrong.stderr


def test_what_waits_for_a_second_administrator_is_listed_and_decided(run: Run, dora: str) -> None:
    hugo = ("--name", "Hugo Hill", "--email", "hugo@example.org", "--admin", "--no-password")
    run("people", "add", *hugo)
    assert "No roles wait" in run("people", "waiting").stdout
    for number, erin in enumerate((ERIN, FRANK), start=1):
        assert (
            json.loads(run("people", "add", *erin, "--no-password", "--by", dora, "--json").stdout)["roles"]
            == []
        )
        assert f"{number}" in run("people", "waiting").stdout
        assert run("people", "waiting", "--confirm", number, "--by", dora).exit_code == 1
        decides = "--confirm" if number == 1 else "--decline"
        assert "No roles wait" in run("people", "waiting", decides, number, "--by", "hugo@example.org").stdout
    assert [listed(run)[name]["roles"] for name in ("erin@example.org", "frank@example.org")] == [
        ["focal_point"],
        [],
    ]
    assert run("people", "waiting", "--confirm", 1, "--decline", 2).exit_code == 2
