"""Programs, their calls of a day and their kept answers, on both databases."""

import threading
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Engine, insert
from sqlalchemy.exc import IntegrityError

from tests.store.samples import NOON
from travelrisk.domain.errors import NotFoundError, StoreError
from travelrisk.domain.programs import Kind, Program, Sight
from travelrisk.store import programs, tables
from travelrisk.store.database import reading, transact, writing

PROGRAM = Program(
    "0123456789ab", "booking tool", "Field office", Kind.LIVE_WRITE, Sight.DESK, 100, "terminal", NOON
)
DAY = "2026-11-23"


def test_a_program_comes_back_as_it_was_kept(engine: Engine) -> None:
    with writing(engine) as c:
        programs.add(c, PROGRAM, "hmac")
    with reading(engine) as c:
        assert programs.everything(c) == (PROGRAM,)
        assert programs.find(c, PROGRAM.id) == (PROGRAM, ("hmac", None))
        assert programs.find(c, "ba9876543210") is None
        with pytest.raises(NotFoundError):
            programs.by_id(c, "ba9876543210")


def test_the_key_before_goes_when_a_program_is_revoked(engine: Engine) -> None:
    with writing(engine) as c:
        programs.add(c, PROGRAM, "first")
        programs.rotate(c, PROGRAM.id, "second", NOON + timedelta(hours=1))
        assert programs.find(c, PROGRAM.id) == (
            replace(PROGRAM, old_until=NOON + timedelta(hours=1)),
            ("second", "first"),
        )
        programs.revoke(c, PROGRAM.id, NOON)
        assert programs.find(c, PROGRAM.id) == (replace(PROGRAM, revoked_at=NOON), ("second", None))


def test_a_program_without_an_office_is_not_kept(engine: Engine) -> None:
    with pytest.raises(StoreError), writing(engine) as c:
        programs.add(c, replace(PROGRAM, office=""), "hmac")


def test_calls_are_counted_to_the_last_one_and_given_back(engine: Engine) -> None:
    with writing(engine) as c:
        assert programs.take_calls(c, PROGRAM.id, DAY, 60, 100) == 60
        assert programs.take_calls(c, PROGRAM.id, DAY, 60, 100) == 40
        assert programs.take_calls(c, PROGRAM.id, DAY, 1, 100) == 0
        assert programs.take_calls(c, PROGRAM.id, DAY, -30, 100) == -30
        assert programs.take_calls(c, PROGRAM.id, "2026-11-24", 5, 100) == 5
        assert programs.calls_on(c, DAY) == {PROGRAM.id: 70}
        assert programs.take_calls(c, PROGRAM.id, DAY, -99, 100) == -70


def test_many_at_once_never_take_more_than_there_are(engine: Engine) -> None:
    taken: list[int] = []

    def take() -> None:
        for _ in range(10):
            work = partial(programs.take_calls, program_id=PROGRAM.id, day=DAY, wanted=3, most=50)
            taken.append(transact(engine, work))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sum(taken) == 50


def test_an_idempotency_key_is_begun_once(engine: Engine) -> None:
    mine = ("key:one", "digest")
    with writing(engine) as c:
        assert programs.begin_answer(c, *mine, "request", NOON)
        assert not programs.begin_answer(c, *mine, "request", NOON)
        assert programs.begin_answer(c, "key:two", "digest", "request", NOON)
        assert programs.kept_answer(c, *mine) == ("request", NOON, None, None)
        programs.keep_answer(c, *mine, 200, b"{}")
        assert programs.kept_answer(c, *mine) == ("request", NOON, 200, b"{}")
        programs.drop_answer(c, *mine)
        assert programs.kept_answer(c, *mine) is None


def test_old_answers_are_forgotten(engine: Engine) -> None:
    with writing(engine) as c:
        programs.begin_answer(c, "key:one", "old", "request", NOON - timedelta(days=2))
        programs.begin_answer(c, "key:one", "new", "request", NOON)
        assert programs.forget_answers(c, NOON - timedelta(days=1)) == 1
        assert programs.kept_answer(c, "key:one", "new") is not None


def test_an_answer_is_kept_whole_or_not_at_all(engine: Engine) -> None:
    row = {"actor": "key:one", "key_sha256": "k", "request_sha256": "r", "begun_at": NOON, "status": 200}
    with pytest.raises((StoreError, IntegrityError)), writing(engine) as c:
        c.execute(insert(tables.program_answers), row)
