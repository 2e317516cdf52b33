"""Reminders of what ends: each date once at each step, whatever clocks and workers do."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest

from tests.services.conftest import Clock
from tests.services.reminding import (
    KEEPERS,
    RATING,
    TODAY,
    publish,
    reminded,
    text_to,
    until,
    with_people,
)
from tests.store.test_database import at_once
from travelrisk.domain.errors import StoreError
from travelrisk.mail.transport import Memory
from travelrisk.services.application import Application
from travelrisk.services.letters.dispatch import Dispatched, dispatch
from travelrisk.services.watch.reminders import STEPS, remind, step_of
from travelrisk.store import desk_letters


@pytest.fixture
def staffed(app: Application) -> Application:
    return with_people(app)


@pytest.mark.parametrize(
    ("days", "step"), [(30, 30), (15, 30), (14, 14), (4, 14), (3, 3), (0, 3), (-1, 3), (-400, 3)]
)
def test_steps_that_were_missed_collapse_into_the_nearest_one(days: int, step: int) -> None:
    assert step_of(TODAY + timedelta(days), TODAY) == step


def test_nothing_due_writes_no_letter(staffed: Application) -> None:
    publish(staffed, until(31))
    assert remind(staffed) == 0
    assert reminded(staffed) == []


def test_each_date_is_told_once_at_each_step(staffed: Application, clock: Clock) -> None:
    publish(staffed, until(30))
    days = {}
    for day in range(40):
        days[day] = remind(staffed)
        assert remind(staffed) is None, "the day has had its reminders"
        clock.pass_by(days=1)
    assert [day for day, letters in days.items() if letters] == [30 - step for step in STEPS]
    assert reminded(staffed) == [name for name in KEEPERS for _ in STEPS]


def test_a_worker_that_was_down_reminds_of_the_nearest_step_alone(staffed: Application, clock: Clock) -> None:
    publish(staffed, until(30), until(16, "kqa", "KQA"))
    assert remind(staffed) == 3
    clock.pass_by(days=28)
    assert remind(staffed) == 3
    text = text_to(staffed)
    assert "Things that end or are due: 2." in text
    assert "ENDED ALREADY Kenya Airways" in text
    assert "WITHIN 3 DAYS Ethiopian Airlines" in text
    assert "WITHIN 14 DAYS" not in text
    clock.pass_by(days=1)
    assert remind(staffed) == 0


def test_a_date_that_is_moved_is_reminded_of_anew(staffed: Application, clock: Clock) -> None:
    publish(staffed, until(3))
    assert remind(staffed) == 3
    publish(staffed, replace(until(30), id="eth:2"), closed=["eth"])
    clock.pass_by(days=1)
    assert remind(staffed) == 3
    assert "23 Dec 2026" in text_to(staffed)


def test_a_clock_that_is_set_back_repeats_nothing(staffed: Application, clock: Clock) -> None:
    publish(staffed, until(30))
    clock.pass_by(days=20)
    assert remind(staffed) == 3
    clock.pass_by(days=-15)
    assert remind(staffed) == 0, "another day, and the nearer step was told"
    clock.pass_by(days=15)
    assert remind(staffed) is None


@pytest.mark.parametrize("begins", [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)])
def test_a_day_on_which_summer_time_begins_or_ends_is_one_day(
    staffed: Application, clock: Clock, begins: datetime
) -> None:
    clock.at = begins
    publish(staffed, replace(RATING, valid_until=begins.date() + timedelta(3)))
    letters = []
    for _ in range(26):
        clock.at = clock.at.astimezone(ZoneInfo("Europe/Zurich"))  # as a machine there would tell it
        clock.at = clock.at.astimezone(UTC)
        letters.append(remind(staffed))
        clock.pass_by(hours=1)
    assert [each for each in letters if each is not None] == [3, 0]


def test_midnight_may_pass_while_the_letters_are_written(staffed: Application, clock: Clock) -> None:
    publish(staffed, until(30), until(31, "kqa", "KQA"))
    clock.at = clock.at.replace(hour=23, minute=59)

    def each_look_takes_a_minute() -> datetime:
        clock.pass_by(minutes=1)
        return clock.at - timedelta(minutes=1)

    assert remind(replace(staffed, clock=each_look_takes_a_minute)) == 3
    assert "Things that end or are due: 1." in text_to(staffed)
    assert remind(staffed) == 3, "the next day has its own"
    assert "Kenya Airways" in text_to(staffed)


def test_two_workers_write_each_letter_once(staffed: Application) -> None:
    publish(staffed, until(3))
    together, done = Barrier(2, timeout=20), list[int | None]()

    def work() -> None:
        together.wait()
        done.append(remind(staffed))

    at_once(work, work)
    assert sorted(done, key=str) == [3, None]
    assert reminded(staffed) == KEEPERS


def test_a_worker_that_dies_while_it_writes_leaves_the_day_to_the_next(
    staffed: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(staffed, until(3))
    written: list[object] = []
    queue = desk_letters.queue

    def second_fails(*given: object, **named: object) -> bool:
        if written:
            raise StoreError("the power went")
        written.append(named)
        return queue(*given, **named)  # type: ignore[arg-type] # passed on as they came

    with monkeypatch.context() as patch:
        patch.setattr(desk_letters, "queue", second_fails)
        with pytest.raises(StoreError):
            remind(staffed)
    assert reminded(staffed) == []
    assert remind(staffed) == 3
    sent = Memory()
    assert dispatch(staffed, sent, "one") == Dispatched(sent=3)
    assert sorted(recipient for _, _, recipient in sent.sent) == [f"{name}@example.org" for name in KEEPERS]
