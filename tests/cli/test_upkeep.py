"""Looking after the service: database, audit trail, replay, settings, doctor and rules."""

import json
import os
import re
import sqlite3
import stat
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.mail.servers import Server, serving
from travelrisk import resources
from travelrisk.cli import doctor as doctor_module
from travelrisk.screening.rules import RULES

DEMO = resources.data("demo")
FILE = DEMO / "14-mail-listed-operator.eml"


def test_upgrade_makes_the_database_and_may_be_repeated(run: Run, place: Path) -> None:
    for _ in range(2):
        done = run("db", "upgrade")
        assert done.exit_code == 0
        assert "Up to date" in done.stdout
    assert (place / "travelrisk.db").is_file()


def test_an_old_advisory_is_made_again(run: Run, rated: Path) -> None:
    number = json.loads(run("screen", "--json", FILE).stdout)["advisory_id"]
    done = run("replay", number)
    assert done.exit_code == 0
    assert "the same to the last bit" in done.stdout
    assert json.loads(run("replay", number, "--json").stdout)["is_equal"]
    assert run("replay", "99").exit_code == 1
    assert "there is no advisory 99" in run("replay", "99").stderr
    tamper(rated, "UPDATE itineraries SET body = replace(body, 'PRF', 'KQA')")
    changed = run("replay", number)
    assert changed.exit_code == 1
    assert "something that was stored has been changed" in " ".join(changed.stdout.split())


def tamper(place: Path, statement: str) -> None:
    """Change the database behind its own back."""
    with closing(sqlite3.connect(place / "travelrisk.db")) as connection, connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        assert connection.execute(statement).rowcount


def test_a_changed_audit_trail_is_found(run: Run, rated: Path) -> None:
    run("screen", FILE)
    assert "is whole" in run("audit", "verify").stdout
    tamper(rated, "UPDATE audit SET body = replace(body, 'cli', 'bob')")
    done = run("audit", "verify")
    assert done.exit_code == 1
    assert "broken at entry" in done.stdout
    assert json.loads(run("audit", "verify", "--json").stdout)["ok"] is False
    assert "problem  audit trail" in run("doctor").stdout


@pytest.mark.threat(42)
def test_settings_are_shown_with_their_origin_and_without_a_secret(
    run: Run, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAVELRISK_SMTP_PASSWORD", "hunter2")
    monkeypatch.setenv("TRAVELRISK_DATABASE_URL", "postgresql://bob:geheim@db/trips?password=geheim")
    (place.parent / "travelrisk.toml").write_text(
        'smtp_host = "mail.example.org"\nsecret_key = "tomlsecret"\n'
    )
    for arguments in (("config", "show"), ("config", "show", "--json")):
        done = run(*arguments)
        assert done.exit_code == 0
        for secret in ("hunter2", "geheim", "tomlsecret"):
            assert secret not in done.output
    shown = json.loads(done.stdout)
    assert shown["smtp_host"]["value"] == "mail.example.org"
    assert shown["smtp_host"]["from"] == "travelrisk.toml"
    assert shown["smtp_password"]["from"] == "TRAVELRISK_SMTP_PASSWORD"
    assert shown["smtp_port"]["from"] == "default"
    assert all(each["meaning"] for each in shown.values())


def test_the_doctor_finds_nothing_wrong_with_a_healthy_service(run: Run, rated: Path) -> None:
    assert rated.is_dir()
    done = run("doctor")
    assert done.exit_code == 0, done.stdout
    assert "problem" not in done.stdout
    assert all(each["ok"] for each in json.loads(run("doctor", "--json").stdout))


def test_the_doctor_makes_no_database_and_says_what_is_missing(run: Run, place: Path) -> None:
    done = run("doctor")
    assert done.exit_code == 1
    assert "travelrisk db upgrade" in done.stdout
    assert not (place / "travelrisk.db").exists()


@pytest.mark.parametrize(
    ("server", "said"),
    [
        (Server("greeting", "554 no"), "554 at connecting"),
        (Server("mail", "550 5.7.1 no"), "550 5.7.1 at MAIL"),
        (Server(), ""),
        (Server("rcpt", "550 5.1.1 nobody"), ""),
    ],
)
@pytest.mark.usefixtures("rated")
def test_the_doctor_asks_the_mail_server_and_sends_nothing(
    run: Run, monkeypatch: pytest.MonkeyPatch, server: Server, said: str
) -> None:
    with serving(server) as port:
        for name, value in (
            ("PORT", str(port)),
            ("TLS", "none"),
            ("HOST", "127.0.0.1"),
        ):
            monkeypatch.setenv(f"TRAVELRISK_SMTP_{name}", value)
        monkeypatch.setenv("TRAVELRISK_MAIL_TRANSPORT", "smtp")
        parts = {each["part"]: each for each in json.loads(run("doctor", "--json").stdout)}
    assert parts["mail"]["ok"] is (not said), parts["mail"]
    assert said in parts["mail"]["text"]
    assert not server.accepted


def test_the_rules_are_all_told(run: Run) -> None:
    told = set(json.loads(run("rules", "--json").stdout))
    assert told == {rule.__name__ for rule in RULES} | {"authorisations", "stale_sources"}
    assert "What to do:" in run("rules").stdout


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("POLICY_FILE", "policy.toml", "policy.toml"),
        ("POLICY_FILE", "nowhere.toml", "nowhere.toml: cannot be read ("),
        ("POLICY_FILE", "latin.toml", "latin.toml: is not UTF-8 text"),
        ("DATABASE_URL", "mysql://x", "TRAVELRISK_DATABASE_URL"),
        ("DATABASE_URL", "sqlite:///nowhere/at/all.db", "does not exist: create it"),
        ("SMTP_PORT", "many", "TRAVELRISK_SMTP_PORT"),
        ("LOG_LEVEL", "loud", "TRAVELRISK_LOG_LEVEL"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    Path("policy.toml").write_text("version = [\n")
    Path("latin.toml").write_bytes(b"\xe9")
    monkeypatch.setenv(f"TRAVELRISK_{name}", value)
    done = run("check", "LH400 FRA JFK 12 Dec")
    assert done.exit_code == 1
    assert said in done.stderr
    assert "CLEARED" not in done.stdout
    assert "Traceback" not in done.output


def test_a_locked_database_is_said_and_nothing_half_written(
    run: Run, rated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("travelrisk.store.database._PATIENCE_S", 0.1)
    monkeypatch.setattr("travelrisk.wiring.engine_for", _impatient)
    monkeypatch.setattr(doctor_module, "_PATIENCE_S", 0.1)
    with closing(sqlite3.connect(rated / "travelrisk.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        done = run("screen", FILE)
        examined = run("doctor")
        other.execute("ROLLBACK")
    assert done.exit_code == 1
    assert "is locked" in done.stderr
    assert not done.stdout, "nothing was looked at, and there is nothing to add up"
    assert examined.exit_code == 1
    (part,) = re.findall(r"^problem  database\n(.*?)^ok", examined.stdout, re.MULTILINE | re.DOTALL)
    assert "is locked" in " ".join(part.split())
    assert "look for the program that keeps the file open" in " ".join(part.split())
    assert "0 waiting, 0 sent" in run("doctor").stdout


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="this user may write every file")
def test_the_doctor_sees_that_a_database_cannot_be_written(run: Run, rated: Path) -> None:
    (rated / "travelrisk.db").chmod(stat.S_IRUSR)
    assert re.search(r"problem  database\n.*cannot be written", run("doctor").stdout)


def _impatient(url: str, secrets: Sequence[str]) -> object:
    from travelrisk.store.database import engine_for  # noqa: PLC0415 - the name in wiring is replaced by this one

    return engine_for(url, secrets=secrets, patience_s=0.1)


def test_a_database_that_is_none_is_said(run: Run, rated: Path) -> None:
    (rated / "travelrisk.db").write_bytes(b"not a database, " * 100)
    done = run("check", "LH400 FRA JFK 12 Dec")
    assert done.exit_code == 1
    assert "is not an SQLite database" in done.stderr


@pytest.mark.parametrize(
    ("variable", "said"),
    [
        ("TRAVELRISK_DATABSE_URL", "is TRAVELRISK_DATABASE_URL meant?"),
        ("TRAVELRISK_SMTP_PASWORD_FILE", "is TRAVELRISK_SMTP_PASSWORD_FILE meant?"),
        ("TRAVELRISK_QQQQ", "the settings are DATA_DIR, DATABASE_URL,"),
        ("TRAVELRISK_PORT", "there is no such setting"),
    ],
)
@pytest.mark.parametrize("command", [("doctor",), ("serve",), ("worker", "--once"), ("ratings", "list")])
@pytest.mark.usefixtures("rated")
def test_a_variable_that_is_no_setting_is_refused(
    run: Run, monkeypatch: pytest.MonkeyPatch, variable: str, said: str, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv(variable, "8000")
    done = run(*command)
    assert done.exit_code == 1
    assert f"Error: {variable}: there is no such setting" in done.stderr
    assert said in done.stderr
    assert "8000" not in done.output, "it may be a secret"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TRAVELRISK_CONFIG", ""),
        ("TRAVELRISK_CHROMIUM", "/usr/bin/chromium"),
        ("TRAVELRISK_PASSWORD_FILE", "/run/secrets/bob"),
        ("TRAVELRISK_SERVICE_HOST", "10.0.0.1"),
        ("TRAVELRISK_SERVICE_PORT_HTTP", "8000"),
        ("TRAVELRISK_PORT", "tcp://10.0.0.1:8000"),
        ("TRAVELRISK_PORT_8000_TCP_ADDR", "10.0.0.1"),
        ("TRAVELRISK_WEB_PORT_8000_TCP", "tcp://10.0.0.1:8000"),
    ],
)
@pytest.mark.usefixtures("rated")
def test_what_belongs_to_the_program_or_the_cluster_is_not_refused(
    run: Run, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert run("ratings", "list").exit_code == 0


@pytest.mark.parametrize(
    "command",
    [
        ("check", "LH400 FRA JFK 12 Dec"),
        ("screen", FILE),
        ("ratings", "list"),
        ("ratings", "import", resources.data("ratings", "demonstration.toml"), "--by", "bob"),
        ("exceptions", "list"),
        ("people", "list"),
        ("notices", "list"),
        ("worker", "--once"),
        ("serve", "--port", "0"),
        ("audit", "verify"),
        ("replay", "1"),
        ("why", "TR-AAAAAA", "--on", "2026-11-23"),
        ("doctor",),
    ],
    ids=lambda command: "-".join(map(str, command[:2])).replace("/", ""),
)
def test_a_database_that_is_gone_is_not_made_anew(run: Run, rated: Path, command: tuple[object, ...]) -> None:
    database = rated / "travelrisk.db"
    database.unlink()
    done = run(*command)
    assert done.exit_code == 1
    said = " ".join(done.output.split())
    assert f"the database {database} does not exist: run travelrisk db upgrade, which makes it" in said
    assert not database.exists()
