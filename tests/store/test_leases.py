"""Whose a job is, on both databases: one at a time, and whoever lost it writes nothing any more."""

from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from tests.store.samples import NOON
from tests.store.test_database import at_once
from travelrisk.store import heartbeats, leases, slots
from travelrisk.store.database import reading, transact, writing
from travelrisk.store.leases import Lease, LeaseLostError

LENGTH = timedelta(seconds=60)
MINUTE = timedelta(minutes=1)


def take(engine: Engine, owner: str, now: datetime = NOON) -> Lease | None:
    return transact(engine, lambda c: leases.take(c, "job", owner, now, LENGTH))


def test_a_job_is_one_worker_s_until_its_lease_ends(engine: Engine) -> None:
    assert take(engine, "one") == Lease("job", 1)
    assert take(engine, "two", NOON + LENGTH) is None
    assert take(engine, "one", NOON + LENGTH) is None
    assert take(engine, "two", NOON + LENGTH + MINUTE) == Lease("job", 2)


def test_of_many_that_take_it_at_once_one_has_it(engine: Engine) -> None:
    for number in range(10):
        now = NOON + number * 2 * LENGTH
        taken: list[Lease | None] = []

        def race(owner: str, now: datetime = now, taken: list[Lease | None] = taken) -> None:
            taken.append(take(engine, owner, now))

        at_once(*(partial(race, f"w{each}") for each in range(4)))
        assert [each for each in taken if each is not None] == [Lease("job", number + 1)]


def test_a_lease_is_renewed_by_its_owner_alone_and_released_at_once(engine: Engine) -> None:
    first = take(engine, "one")
    assert first is not None
    with writing(engine) as c:
        assert leases.renew(c, "two", NOON + LENGTH, LENGTH) == 0
        assert leases.renew(c, "one", NOON + LENGTH, LENGTH) == 1
    assert take(engine, "two", NOON + LENGTH + timedelta(seconds=1)) is None
    with writing(engine) as c:
        leases.release(c, first)
    assert take(engine, "two", NOON + LENGTH + timedelta(seconds=1)) == Lease("job", 2)
    with writing(engine) as c:
        leases.release(c, first)  # too late: it is another's by now
    assert take(engine, "three", NOON + LENGTH + timedelta(seconds=2)) is None


def test_an_end_that_a_wrong_clock_wrote_counts_as_passed(engine: Engine) -> None:
    take(engine, "one", NOON + timedelta(days=2))
    assert take(engine, "two", NOON) == Lease("job", 2)


def test_whoever_lost_a_job_writes_nothing_and_may_still_read(engine: Engine) -> None:
    lease = take(engine, "one")
    assert lease is not None
    mine = leases.fenced(engine, lease)
    with writing(mine) as c:
        heartbeats.beat(c, "while it is mine", NOON)
    take(engine, "two", NOON + 2 * LENGTH)
    with pytest.raises(LeaseLostError, match="another worker"), writing(mine) as c:
        heartbeats.beat(c, "too late", NOON)
    with reading(mine) as c:
        assert heartbeats.last(c, "while it is mine") == NOON
        assert heartbeats.last(c, "too late") is None
    with writing(engine) as c:
        heartbeats.beat(c, "others go on", NOON)


def test_a_job_is_not_taken_over_while_its_owner_commits(engine: Engine) -> None:
    """The answer to "is it still mine?" holds to the end of the transaction that asked."""
    lease = take(engine, "one")
    assert lease is not None
    mine = leases.fenced(engine, lease)
    written: list[str] = []

    def write() -> None:
        try:
            with writing(mine) as c:
                heartbeats.beat(c, "one", NOON)
            written.append("one")
        except LeaseLostError:
            pass

    def take_over() -> None:
        if take(engine, "two", NOON + 2 * LENGTH) is not None:
            with reading(engine) as c:
                written.append(f"two sees {heartbeats.last(c, 'one')}")

    at_once(write, take_over)
    with reading(engine) as c:
        is_there = heartbeats.last(c, "one") is not None
    assert is_there is ("one" in written)
    assert ("two sees None" in written) is not is_there


def test_slots_are_counted_in_utc_and_know_no_summer_time() -> None:
    """In the night when clocks go back an hour comes twice, and in spring one is left out."""
    paris = ZoneInfo("Europe/Paris")
    for first in (datetime(2026, 10, 25, 0, tzinfo=UTC), datetime(2026, 3, 29, 0, tzinfo=UTC)):
        moments = [(first + each * MINUTE).astimezone(paris) for each in range(180)]
        found = [slots.window(each, MINUTE)[-1] for each in moments]
        assert len(set(found)) == 180
        assert found == sorted(found)
        assert found[-60:] == slots.window(moments[-1], MINUTE)


@pytest.mark.parametrize(
    ("period", "count"),
    [(timedelta(milliseconds=200), 60), (MINUTE, 60), (timedelta(minutes=5), 13), (timedelta(days=7), 2)],
)
def test_a_run_makes_good_for_the_slots_of_an_hour(period: timedelta, count: int) -> None:
    window = slots.window(NOON, period)
    assert len(window) == len(set(window)) == count
    assert datetime.fromisoformat(window[-1]) <= NOON < datetime.fromisoformat(window[-1]) + period
    assert datetime.fromisoformat(window[-1]) - datetime.fromisoformat(window[-2]) == period


@pytest.mark.parametrize("period", [MINUTE, timedelta(days=7)])
def test_old_slots_are_forgotten_but_none_that_could_be_asked_for(engine: Engine, period: timedelta) -> None:
    for days in (0, 20, 30):
        now = NOON + timedelta(days=days)
        with writing(engine) as c:
            slots.mark(c, "job", slots.missing(c, "job", slots.window(now, period)), now, period)
            assert slots.missing(c, "job", slots.window(now, period)) == []
    with reading(engine) as c:
        assert slots.missing(c, "job", slots.window(NOON, period)) == slots.window(NOON, period)
