"""Which jobs there are, who works, and what fails since when: at the terminal."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from tests.cli.conftest import AT, Run
from tests.cli.test_upkeep import FILE
from travelrisk.jobs.timetable import TIMETABLE
from travelrisk.settings import load_settings
from travelrisk.store import workers
from travelrisk.store.database import writing
from travelrisk.store.workers import Run as Done
from travelrisk.wiring import build

pytestmark = pytest.mark.usefixtures("rated")


def note(*runs: Done, seen: timedelta = timedelta(seconds=9)) -> None:
    app = build(load_settings())
    with writing(app.engine) as c:
        workers.beat(c, "host:1:ab", AT - timedelta(hours=3), AT - seen)
        for run in runs:
            workers.note(c, run)
    app.engine.dispose()


def run_of(job: str, **more: object) -> Done:
    began = AT - timedelta(minutes=1)
    row: dict[str, object] = {"job": job, "worker": "host:1:ab", "began_at": began, "took_ms": 1234}
    return Done(**{**row, "next_at": AT, "did": "3 sent", **more})  # type: ignore[arg-type] # as a row of the table


def test_the_jobs_are_listed_with_their_period_and_a_sentence(run: Run) -> None:
    told = " ".join(run("worker", "--list").stdout.split())
    assert "dispatch: every 5 seconds, each worker. Send what is due in the outbox." in told
    assert "reminders: every 1 day, one worker for all. Remind of what ends soon, once a day." in told
    assert all(f"{job.name}: every " in told for job in TIMETABLE)


def test_without_a_worker_it_says_how_to_start_one(run: Run) -> None:
    done = run("worker", "status")
    assert done.exit_code == 0
    assert "start travelrisk worker" in done.stdout


def test_workers_and_jobs_are_told(run: Run) -> None:
    note(run_of("dispatch"))
    done = run("worker", "status")
    assert done.exit_code == 0
    assert "worker host:1:ab: working for 3 hours, seen 9 seconds ago" in done.stdout
    assert "dispatch: last 1 minute ago, took 1,234 ms: 3 sent" in done.stdout
    shape = json.loads(run("worker", "status", "--json").stdout)
    assert [each["name"] for each in shape["workers"]] == ["host:1:ab"]
    assert [(each["job"], each["did"]) for each in shape["jobs"]] == [("dispatch", "3 sent")]


def test_what_fails_is_told_with_its_beginning_and_by_the_doctor_too(run: Run) -> None:
    note(run_of("judge", failing_since=AT - timedelta(hours=2), reason="the database is locked"))
    done = run("worker", "status")
    assert done.exit_code == 1
    assert "judge: failing since 2026-11-23 10:00 UTC (the database is locked)" in done.stdout
    parts = {each["part"]: each for each in json.loads(run("doctor", "--json").stdout)}
    assert not parts["jobs"]["ok"]
    assert "judge since 2026-11-23 10:00 UTC" in parts["jobs"]["text"]


def test_a_job_that_hangs_is_overdue_while_a_worker_is_there(run: Run) -> None:
    note(run_of("tables", next_at=AT - timedelta(minutes=6)))
    assert "tables: overdue, last 1 minute ago" in run("worker", "status").stdout
    parts = {each["part"]: each for each in json.loads(run("doctor", "--json").stdout)}
    assert "overdue although a worker runs: tables" in parts["jobs"]["text"]
    note(seen=timedelta(hours=1))
    assert run("worker", "status").exit_code == 0, "nobody works, which is another matter"


def test_a_clock_that_was_set_back_is_told(run: Run) -> None:
    note(seen=-timedelta(days=2))
    assert "has been set back" in run("worker", "status").stdout
    parts = {each["part"]: each for each in json.loads(run("doctor", "--json").stdout)}
    assert not parts["clock"]["ok"]


def test_a_doctor_is_not_content_while_something_waits_and_nobody_works(run: Run) -> None:
    def jobs() -> dict[str, object]:
        return next(each for each in json.loads(run("doctor", "--json").stdout) if each["part"] == "jobs")

    assert jobs() == {"part": "jobs", "ok": True, "text": "0 workers seen in the last minutes, no job fails"}
    run("screen", FILE)
    with time_machine.travel(AT + timedelta(minutes=6), tick=False):
        text = "nobody has worked for five minutes, and letters, journeys wait: start travelrisk worker"
        assert jobs() == {"part": "jobs", "ok": False, "text": text}
        run("worker", "--once")
        assert jobs()["ok"]


def test_a_job_done_by_hand_is_noted(run: Run, place: Path) -> None:
    assert place.is_dir()
    run("worker", "--once", "judge")
    assert "judge: last 0 seconds ago" in run("worker", "status").stdout
