"""From a database in clear to one that names nobody, to a new secret: what is typed, and what is told."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.test_upkeep import FILE, tamper

FIRST, SECOND = "first-secret-of-this-service-0001", "second-secret-of-this-service-002"
ALICE = "alice.zzcanary@example.org"


Secrets = Callable[..., None]


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> Secrets:
    """Set the secrets of the next commands; empty = not set."""

    def given(own: str = "", previous: str = "") -> None:
        for variable, value in (("SECRET_KEY", own), ("PREVIOUS_SECRET_KEY", previous)):
            monkeypatch.delenv(f"TRAVELRISK_{variable}", raising=False)
            if value:
                monkeypatch.setenv(f"TRAVELRISK_{variable}", value)

    return given


def names_alice(place: Path) -> bool:
    return any(b"zzcanary" in each.read_bytes() for each in place.glob("travelrisk.db*"))


def told(run: Run) -> str:
    """Return what the doctor says of the encryption."""
    found = {each["part"]: each["text"] for each in json.loads(run("doctor", "--json").stdout)}
    return str(found["encryption"])


def refused(run: Run, *arguments: object) -> str:
    done = run(*arguments)
    assert done.exit_code in {1, 2}, done.output
    return " ".join(done.stderr.split())


def test_what_stood_in_clear_is_encrypted_by_a_command(run: Run, rated: Path, secrets: Secrets) -> None:
    run("screen", FILE, "--to", ALICE)
    assert told(run).startswith("off: who travels where stands in clear")
    assert "TRAVELRISK_SECRET_KEY is not set" in refused(run, "db", "encrypt")
    assert names_alice(rated)
    secrets(FIRST)
    assert "not yet encrypted: stop serve and worker, and run travelrisk db encrypt" in told(run)
    done = run("db", "encrypt")
    assert done.exit_code == 0, done.output
    assert "All that is personal is encrypted" in done.stdout
    assert told(run) == "all that is personal is encrypted"
    assert not names_alice(rated)
    assert run("audit", "verify").exit_code == 0
    assert run("replay", 1).exit_code == 0


def test_the_worker_goes_on_with_what_an_upgrade_began(run: Run, rated: Path, secrets: Secrets) -> None:
    run("screen", FILE, "--to", ALICE)
    secrets(FIRST)
    assert run("db", "upgrade").exit_code == 0
    assert "a worker still renews what was there before" in told(run)
    assert names_alice(rated), "letters and itineraries are still to come"
    done = run("worker", "--once", "encrypt")
    assert done.exit_code == 0, done.output
    assert told(run) == "all that is personal is encrypted"
    assert not names_alice(rated)


def test_nothing_starts_with_another_secret_or_with_none(run: Run, empty: Path, secrets: Secrets) -> None:
    secrets(FIRST)
    assert run("db", "upgrade").exit_code == 0
    for own in ("", SECOND):
        secrets(own)
        for command in (("screen", str(FILE)), ("worker", "--once", "dispatch")):
            assert "set TRAVELRISK_SECRET_KEY to the one it was written with" in refused(run, *command)
        assert "encrypted with another secret" in told(run)
    for command in (("db", "encrypt"), ("db", "upgrade")):
        assert "set TRAVELRISK_SECRET_KEY to the one it was written with" in refused(run, *command)
    secrets(FIRST)
    assert empty.is_dir()
    assert told(run) == "all that is personal is encrypted", "there was nothing before"


@pytest.mark.threat(49)
def test_nothing_starts_while_the_keys_were_taken_out(run: Run, rated: Path, secrets: Secrets) -> None:
    secrets(FIRST)
    run("db", "encrypt")
    run("screen", FILE, "--to", ALICE)
    with closing(sqlite3.connect(rated / "travelrisk.db")) as connection:
        connection.execute("DELETE FROM data_keys")
        connection.commit()
    for own in (FIRST, ""):
        secrets(own)
        for command in (("screen", FILE), ("worker", "--once", "dispatch"), ("db", "encrypt")):
            assert "run travelrisk db upgrade, which lists the key again" in refused(run, *command)
        assert "lists no key" in told(run)
    secrets(FIRST)
    assert run("db", "upgrade").exit_code == 0
    assert run("db", "encrypt").exit_code == 0
    assert told(run) == "all that is personal is encrypted"
    assert run("replay", 1).exit_code == 0
    assert not names_alice(rated)


def test_a_new_secret_takes_over(run: Run, rated: Path, secrets: Secrets) -> None:
    secrets(FIRST)
    run("db", "encrypt")
    run("screen", FILE, "--to", ALICE)
    secrets(SECOND, FIRST)
    assert run("replay", 1).exit_code == 0, "the one before still opens it"
    assert "stands with the secret before this one" in told(run)
    assert run("db", "encrypt").exit_code == 0
    assert told(run).endswith("unset previous_secret_key, it is over")
    secrets(SECOND)
    assert run("replay", 1).exit_code == 0
    secrets(FIRST)
    assert "TRAVELRISK_SECRET_KEY" in refused(run, "replay", 1)
    assert rated.is_dir()


def test_a_backup_is_as_encrypted_and_comes_back_with_its_secret_alone(
    run: Run, rated: Path, secrets: Secrets, tmp_path: Path
) -> None:
    secrets(FIRST)
    run("db", "encrypt")
    run("screen", FILE, "--to", ALICE)
    assert run("worker", "--once", "anchor").exit_code == 0
    copy = tmp_path / "copy" / "monday.db"
    copy.parent.mkdir()
    secrets("")
    assert run("backup", copy).exit_code == 0, "no secret is needed where copies are made"
    assert b"zzcanary" not in copy.read_bytes()
    (rated / "travelrisk.db").unlink()
    secrets(SECOND)
    assert "TRAVELRISK_SECRET_KEY" in refused(run, "restore", copy, "--yes")
    assert not (rated / "travelrisk.db").exists(), "nothing was put in place"
    secrets(FIRST)
    assert run("restore", copy, "--yes").exit_code == 0
    assert run("replay", 1).exit_code == 0


def test_what_was_changed_behind_our_back_is_told_and_never_judged(
    run: Run, rated: Path, secrets: Secrets
) -> None:
    secrets(FIRST)
    run("db", "encrypt")
    run("screen", FILE, "--to", ALICE)
    tamper(rated, "UPDATE itineraries SET body = substr(body, 1, 60) || 'AAAA' || substr(body, 65)")
    assert "a value of itineraries.body was changed behind our back" in refused(run, "replay", 1)
