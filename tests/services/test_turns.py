"""A job that is done once for all workers: whoever is killed or late, whatever the clock does."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from tests.services.conftest import Clock
from tests.store.test_database import at_once
from travelrisk.domain.errors import BadInputError, StoreError
from travelrisk.services.application import Application
from travelrisk.services.watch.turns import LEASE, Due, accounted, in_turn
from travelrisk.services.watch.workforce import workforce
from travelrisk.store import heartbeats, leases
from travelrisk.store.database import reading, transact, writing
from travelrisk.store.leases import LeaseLostError
from travelrisk.store.workers import Run

MINUTE = timedelta(minutes=1)


def due(owner: str = "one", period: timedelta = MINUTE) -> Due:
    return Due("job", period, owner)


class Job:
    """Counts how often it was done, and at what times."""

    def __init__(self, clock: Callable[[], object]) -> None:
        self.done: list[object] = []
        self._clock = clock

    def __call__(self, app: Application) -> str:
        """Write something, as jobs do."""
        transact(app.engine, lambda c: heartbeats.beat(c, "job", app.clock()))
        self.done.append(self._clock())
        return "1 done"


def test_a_slot_is_seen_to_once(app: Application, clock: Clock) -> None:
    job = Job(clock)
    assert in_turn(app, due("one"), job) == "1 done"
    assert in_turn(app, due("two"), job) is None
    clock.pass_by(minutes=1)
    assert in_turn(app, due("two"), job) == "1 done"
    assert len(job.done) == 2


def test_of_many_workers_one_does_it(app: Application, clock: Clock) -> None:
    for _ in range(5):
        job = Job(clock)
        at_once(*(partial(in_turn, app, due(f"w{each}"), job) for each in range(4)))
        assert len(job.done) == 1
        clock.pass_by(minutes=1)


def test_a_worker_that_was_killed_leaves_the_slot_to_another(app: Application, clock: Clock) -> None:
    job = Job(clock)
    with writing(app.engine) as c:
        assert leases.take(c, "job", "killed", clock(), LEASE)
    assert in_turn(app, due("other"), job) is None, "it may still be at it"
    clock.at += LEASE
    clock.pass_by(seconds=1)
    assert in_turn(app, due("other"), job) == "1 done"


def test_a_worker_that_was_paused_writes_nothing_after_another_took_over(
    app: Application, clock: Clock
) -> None:
    other = Job(clock)

    def paused(mine: Application) -> str:
        clock.at += 2 * LEASE
        assert in_turn(app, due("other"), other) == "1 done"
        transact(mine.engine, lambda c: heartbeats.beat(c, "too late", clock()))
        return "never"

    with pytest.raises(LeaseLostError):
        in_turn(app, due("paused"), paused)
    with reading(app.engine) as c:
        assert heartbeats.last(c, "too late") is None
    assert len(other.done) == 1


def test_what_failed_is_done_at_the_next_look_and_its_failure_has_a_beginning(
    app: Application, clock: Clock
) -> None:
    began = clock.at

    def failing(_: Application) -> str:
        raise BadInputError("the table is empty")

    for _ in range(2):
        with pytest.raises(BadInputError):
            accounted(app, due(), lambda: in_turn(app, due(), failing))
        clock.pass_by(seconds=10)
    (run,) = workforce(app).failing
    assert (run.job, run.failing_since, run.reason) == ("job", began, "the table is empty")
    job = Job(clock)
    assert accounted(app, due(), lambda: in_turn(app, due(), job)) == "1 done"
    (run,) = workforce(app).runs
    assert run == Run("job", "one", clock.at, run.took_ms, clock.at + MINUTE, "1 done")
    assert workforce(app).failing == ()


def test_a_fault_of_our_own_is_noted_by_its_kind_alone(app: Application) -> None:
    def broken() -> str:
        raise ZeroDivisionError("alice@example.org")

    with pytest.raises(ZeroDivisionError):
        accounted(app, due(), broken)
    assert [each.reason for each in workforce(app).failing] == ["ZeroDivisionError"]


def test_what_was_done_last_is_kept_while_it_fails(app: Application) -> None:
    accounted(app, due(), lambda: "3 done")

    def failing() -> str:
        raise StoreError("locked")

    with pytest.raises(StoreError):
        accounted(app, due(), failing)
    assert [each.did for each in workforce(app).failing] == ["3 done"]


@pytest.mark.threat(50)
def test_a_clock_that_jumps_ahead_and_comes_back_repeats_nothing_and_skips_nothing(
    app: Application, clock: Clock
) -> None:
    """Two days ahead for ten minutes, and back: each minute that comes by is seen to, none twice."""
    job = Job(clock)
    steps = [
        *[MINUTE] * 10,
        timedelta(days=2),
        *[MINUTE] * 10,
        -timedelta(days=2, minutes=20),
        *[MINUTE] * 40,
    ]
    came_by = {clock.at}
    in_turn(app, due(), job)
    for step in steps:
        clock.at += step
        came_by.add(clock.at)
        in_turn(app, due(), job)
    assert len(job.done) == len(set(job.done))
    assert set(job.done) == came_by


def test_a_clock_that_is_set_back_repeats_nothing(app: Application, clock: Clock) -> None:
    job = Job(clock)
    for _ in range(30):
        in_turn(app, due(), job)
        clock.pass_by(minutes=1)
    clock.pass_by(minutes=-30)
    for _ in range(30):
        assert in_turn(app, due(), job) is None
        clock.pass_by(minutes=1)
    assert in_turn(app, due(), job) == "1 done"
    assert len(job.done) == 31


def test_after_a_night_without_a_worker_one_run_makes_good(app: Application, clock: Clock) -> None:
    job = Job(clock)
    in_turn(app, due(), job)
    clock.pass_by(hours=9)
    assert in_turn(app, due(), job) == "1 done"
    assert in_turn(app, due(), job) is None


def test_in_the_nights_of_summer_time_no_slot_is_missed_or_doubled(app: Application, clock: Clock) -> None:
    for month, day in ((3, 29), (10, 25)):
        job = Job(clock)
        clock.at = clock.at.replace(year=2027, month=month, day=day, hour=0, minute=0)
        for _ in range(18):
            in_turn(app, due(period=timedelta(minutes=10)), job)
            clock.pass_by(minutes=10)
        assert len(job.done) == 18
