"""The clock of the worker: it runs on when the time of day is moved, and does not die in silence."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from apscheduler.schedulers.background import BackgroundScheduler

from tests.services.conftest import publish
from travelrisk.intake.document import Document
from travelrisk.jobs.timetable import TIMETABLE, Job, Work, judge_again
from travelrisk.jobs.worker import ClockStoppedError, Worker
from travelrisk.mail.transport import Memory
from travelrisk.services.application import Application
from travelrisk.services.letters import holding
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.services.trips.receiving import receive
from travelrisk.services.watch.workforce import workforce
from travelrisk.settings import load_settings
from travelrisk.store import leases, rescreenings
from travelrisk.store.database import writing
from travelrisk.store.rescreenings import Cause
from travelrisk.wiring import build, now

PATIENCE_S = 30.0
BEGIN = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Application]:
    built = build(load_settings(data_dir=tmp_path))
    yield built
    built.engine.dispose()


def until(condition: Callable[[], bool]) -> None:
    give_up = time.perf_counter() + PATIENCE_S
    while not condition():
        assert time.perf_counter() < give_up
        time.sleep(0.01)


def run_until_done(worker: Worker, work: Work, story: Callable[[], None]) -> None:
    """Run the worker in this thread, as signals want it, and a story in another one."""
    problems: list[BaseException] = []

    def tell() -> None:
        try:
            story()
        except BaseException as problem:  # noqa: BLE001 - raised again below
            problems.append(problem)
        finally:
            work.stop.set()

    teller = threading.Thread(target=tell)
    teller.start()
    worker.run()
    teller.join()
    if problems:
        raise problems[0]


@pytest.mark.parametrize("days", [2, -2])
def test_the_jobs_go_on_when_the_clock_is_moved(app: Application, days: int) -> None:
    done: list[str] = []

    def note(_: Work) -> str:
        done.append("again")
        return "1 done"

    work = Work(app, Memory(), "one")
    worker = Worker(work, (Job("often", timedelta(milliseconds=200), note),))
    with time_machine.travel(BEGIN, tick=True) as traveller:

        def story() -> None:
            until(lambda: len(done) >= 2)
            traveller.shift(timedelta(days=days))
            so_far = len(done)
            until(lambda: len(done) >= so_far + 3)

        run_until_done(worker, work, story)


def test_a_worker_is_seen_while_it_works_and_signs_off_at_the_end(app: Application) -> None:
    work = Work(app, Memory(), "one")
    seen: list[str] = []

    def story() -> None:
        until(lambda: bool(workforce(app).present))
        seen.extend(each.name for each in workforce(app).present)
        until(lambda: len(workforce(app).runs) == len(TIMETABLE))

    run_until_done(Worker(work), work, story)
    assert seen == ["one"]
    assert workforce(app).workers == ()
    assert {each.job for each in workforce(app).runs} == {job.name for job in TIMETABLE}
    assert workforce(app).failing == ()


def test_a_worker_renews_what_it_has_taken(app: Application) -> None:
    with writing(app.engine) as c:
        assert leases.take(c, "long", "one", now() - timedelta(seconds=59), timedelta(seconds=60))
    work = Work(app, Memory(), "one")

    def story() -> None:
        until(lambda: bool(workforce(app).present))  # renewed in the transaction that says so

    run_until_done(Worker(work, ()), work, story)
    with writing(app.engine) as c:
        assert leases.take(c, "long", "two", now() + timedelta(seconds=30), timedelta(seconds=60)) is None


def test_a_job_that_fails_stops_no_other_one(app: Application) -> None:
    done: list[str] = []

    def fail(_: Work) -> str:
        raise ZeroDivisionError

    def note(_: Work) -> str:
        done.append("again")
        return "1 done"

    work = Work(app, Memory(), "one")
    often = timedelta(milliseconds=100)
    run_until_done(
        Worker(work, (Job("bad", often, fail), Job("good", often, note))),
        work,
        lambda: until(lambda: len(done) > 3),
    )
    assert [each.job for each in workforce(app).failing] == ["bad"]


def test_a_clock_that_died_ends_the_process(app: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever looks after it starts it again; nobody would notice one that does nothing."""
    monkeypatch.setattr(BackgroundScheduler, "_main_loop", lambda _: None)
    with pytest.raises(ClockStoppedError, match="start travelrisk worker again"):
        Worker(Work(app, Memory(), "one"), ()).run()


def written_ahead(app: Application, folder: Path, ahead: timedelta) -> None:
    """Receive a journey, and write its letter, by a clock that is ahead."""
    early = replace(app, clock=lambda: BEGIN + ahead)
    publish(early, folder)
    document = Document(b"ET707 FRA ADD 12 Dec operated by Ethiopian Airlines")
    list(receive(early, document, recipient="alice@example.org"))


def test_a_letter_leaves_when_its_clock_was_set_back_and_somebody_answers_for_it(
    app: Application, tmp_path: Path
) -> None:
    """It was due in two days; that is not waited for. Before anybody has answered for it, it does wait."""
    written_ahead(app, tmp_path, timedelta(days=2))
    back = replace(app, clock=lambda: BEGIN)
    assert dispatch(back, Memory(), "one").sent == 0, "no job has noticed it yet, and it waits all the same"
    holding.release(back, "p-erin", with_letters=False, clock_is_right=True)
    assert dispatch(back, Memory(), "one").sent == 0, "its verdict is looked at first"
    judge_again(Work(back, Memory(), "one"))
    assert dispatch(back, Memory(), "one").sent == 1


def test_a_letter_waits_no_longer_than_the_clocks_of_machines_differ(
    app: Application, tmp_path: Path
) -> None:
    written_ahead(app, tmp_path, timedelta(minutes=4))
    assert dispatch(replace(app, clock=lambda: BEGIN + timedelta(minutes=4)), Memory(), "one").sent == 1


def test_every_job_explains_itself() -> None:
    assert all(job.explained().endswith(".") for job in TIMETABLE)
    assert len({job.name for job in TIMETABLE}) == len(TIMETABLE)


def test_journeys_are_judged_again_although_a_clock_was_set_back(app: Application) -> None:
    length = timedelta(minutes=5)
    with writing(app.engine) as c:
        rescreenings.add(c, Cause.DAY, "2026-11-23", BEGIN)
        later = BEGIN + timedelta(days=2)
        assert rescreenings.claim(c, owner="killed", now=later, lease=length)
        assert rescreenings.claim(c, owner="other", now=later, lease=length) is None
        assert rescreenings.claim(c, owner="other", now=BEGIN, lease=length)
