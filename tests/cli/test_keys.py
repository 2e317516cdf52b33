"""Keys of programs at the terminal: shown once, on stdout alone; listed without their secrets."""

import json

import pytest

from tests.cli.conftest import Run
from travelrisk.domain.programs import KEY


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.setenv("TRAVELRISK_SECRET_KEY", "a secret of the tests")
    assert run("db", "upgrade").exit_code == 0


def test_a_key_is_made_listed_renewed_and_revoked(run: Run) -> None:
    made = run("keys", "create", "--name", "booking tool", "--office", "Field office", "--kind", "write")
    assert made.exit_code == 0, made.stderr
    key = made.stdout.strip()
    assert KEY.fullmatch(key)
    assert "shown this once" in made.stderr
    (listed,) = json.loads(run("keys", "list", "--json").stdout)
    assert (listed["office"], listed["kind"], listed["revoked_at"]) == ("Field office", "trk_live_w", None)
    assert key.rpartition("_")[2] not in str(listed)
    again = json.loads(run("keys", "rotate", listed["id"], "--overlap", "1", "--json").stdout)
    assert KEY.fullmatch(again["key"])
    assert again["key"] != key
    assert again["old_until"] == "2026-11-23T13:00:00Z"
    assert "Revoked" in run("keys", "revoke", listed["id"]).stdout
    assert "revoked" in run("keys", "list").stdout


def test_the_kind_that_nothing_counts_of_is_the_default(run: Run) -> None:
    made = run("keys", "create", "--name", "n", "--office", "o", "--until", "2026-12-31", "--json")
    told = json.loads(made.stdout)
    assert (told["kind"], told["sees"]) == ("trk_test_w", "unit")
    assert told["expires_at"] == "2027-01-01T00:00:00Z"


def test_what_is_wrong_is_said_in_a_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "There are no keys." in run("keys", "list").stdout
    unknown = run("keys", "revoke", "0123456789ab")
    assert unknown.exit_code == 1
    assert "keys list" in unknown.stderr
    past = run("keys", "create", "--name", "n", "--office", "o", "--until", "2026-11-01")
    assert past.exit_code == 2
    monkeypatch.delenv("TRAVELRISK_SECRET_KEY")
    bare = run("keys", "create", "--name", "n", "--office", "o")
    assert bare.exit_code != 0
    assert "TRAVELRISK_SECRET_KEY" in bare.stderr


def test_an_office_that_nobody_has_is_taken_only_as_a_new_one(run: Run) -> None:
    assert run("keys", "create", "--name", "n", "--office", "Geneva").exit_code == 0
    refused = run("keys", "create", "--name", "n", "--office", "Genf")
    assert refused.exit_code == 2
    assert refused.stdout == "", "no key"
    said = " ".join(refused.stderr.split())
    assert "no person, trip or key has the office 'Genf'; there are 'Geneva'." in said
    assert "--new-office" in said
    assert run("keys", "create", "--name", "n", "--office", "Genf", "--new-office").exit_code == 0
    assert len(json.loads(run("keys", "list", "--json").stdout)) == 2
