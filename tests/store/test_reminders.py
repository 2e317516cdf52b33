"""What was reminded of, and what the clock has done: rows that are written once."""

from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine

from tests.store.samples import DAY, NOON
from tests.store.test_database import at_once
from travelrisk.domain.people import Person
from travelrisk.store import people, reminders
from travelrisk.store.database import reading, transact, writing
from travelrisk.store.reminders import Reminded

ONE = Reminded("eth", "evidence", "Notice", DAY, 14, "bob")


def test_a_slot_is_taken_by_one_of_two_workers(engine: Engine) -> None:
    for day in range(10):
        together, done = Barrier(2, timeout=10), list[bool]()

        def work(day: int = day, together: Barrier = together, done: list[bool] = done) -> None:
            together.wait()
            done.append(transact(engine, lambda c: reminders.take_slot(c, "reminders", f"{day}", NOON)))

        at_once(work, work)
        assert sorted(done) == [False, True]
    with reading(engine) as c:
        assert reminders.is_taken(c, "reminders", "3")
        assert not reminders.is_taken(c, "another", "3")


def test_a_slot_comes_back_where_the_work_fails(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), writing(engine) as c:
        _fail_after(reminders.take_slot(c, "reminders", "today", NOON))
    with writing(engine) as c:
        assert reminders.take_slot(c, "reminders", "today", NOON)


def test_the_nearest_step_that_was_told_is_remembered_for_each_person(engine: Engine) -> None:
    with writing(engine) as c:
        for name in ("alice", "bob"):
            people.add(c, Person(name, name, f"{name}@example.org", frozenset()), at=NOON)
        reminders.note(c, [ONE, ONE._replace(step=30), ONE._replace(person_id="alice", step=30)], NOON)
        reminders.note(c, [ONE], NOON)
    with reading(engine) as c:
        assert reminders.told(c, DAY) == {ONE.about: 14, ONE._replace(person_id="alice").about: 30}
        assert reminders.told(c, DAY + timedelta(1)) == {}


def _fail_after(done: object) -> None:
    assert done is True
    raise ZeroDivisionError
