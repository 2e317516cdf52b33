"""Sessions and failed sign-ins as they are stored, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from tests.store.samples import NOON
from travelrisk.domain.people import Person, Role
from travelrisk.store import people, sessions, sign_ins
from travelrisk.store.database import reading, writing
from travelrisk.store.tables import sessions as rows
from travelrisk.store.tables import sign_ins as attempts

IDLE, LONGEST = timedelta(hours=4), timedelta(hours=12)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _alice(engine: Engine) -> None:
    with writing(engine) as c:
        for name in ("alice", "bob"):
            person = Person(name, name.title(), f"{name}@example.org", frozenset({Role.FOCAL_POINT}))
            people.add(c, person, at=NOON)


def begun(engine: Engine, person: str = "alice", after: timedelta = timedelta()) -> str:
    with writing(engine) as c:
        return sessions.begin(c, person, at=NOON + after, until=NOON + after + LONGEST)


def lives(engine: Engine, token: str, after: timedelta = timedelta()) -> bool:
    with reading(engine) as c:
        return sessions.find(c, token, at=NOON + after, idle=IDLE) is not None


@pytest.mark.threat(10)
def test_a_token_is_long_and_stands_nowhere_in_the_database(engine: Engine) -> None:
    token = begun(engine)
    assert len(token) >= 43
    with reading(engine) as c:
        (row,) = c.execute(select(rows)).all()
    assert token not in str(row)
    assert row.token_sha256 == sessions.digest(token) != token
    assert lives(engine, token)
    assert not lives(engine, row.token_sha256), "what is stored opens nothing"
    assert not lives(engine, token[:-1])
    assert not lives(engine, "")


def test_a_session_ends_when_it_is_not_used_and_at_its_end_whatever_happens(engine: Engine) -> None:
    token = begun(engine)
    assert lives(engine, token, IDLE - MINUTE)
    assert not lives(engine, token, IDLE)
    for hours in (3, 6, 9, 11):
        with writing(engine) as c:
            session = sessions.find(c, token, at=NOON + timedelta(hours=hours), idle=IDLE)
            assert session is not None
            sessions.touch(c, session, NOON + timedelta(hours=hours))
    assert lives(engine, token, LONGEST - MINUTE)
    assert not lives(engine, token, LONGEST)


@pytest.mark.threat(50)
def test_a_clock_that_was_set_back_ends_a_session(engine: Engine) -> None:
    assert not lives(engine, begun(engine, after=MINUTE))


def test_an_ended_session_is_dead_and_a_touch_does_not_wake_it(engine: Engine) -> None:
    token = begun(engine)
    with writing(engine) as c:
        session = sessions.find(c, token, at=NOON, idle=IDLE)
        assert session is not None
        assert sessions.end(c, token) == "alice"
        assert sessions.end(c, token) is None
        sessions.touch(c, session, NOON)
    assert not lives(engine, token)


def test_all_sessions_of_one_person_end_and_nobody_elses(engine: Engine) -> None:
    first, second, other = begun(engine), begun(engine), begun(engine, "bob")
    with writing(engine) as c:
        assert sessions.end_all(c, "alice", but=sessions.digest(second)) == 1
    assert [lives(engine, each) for each in (first, second, other)] == [False, True, True]
    with writing(engine) as c:
        assert sessions.end_all(c, "alice") == 1
    assert not lives(engine, second)


def test_the_oldest_session_makes_room_for_one_too_many(engine: Engine) -> None:
    tokens = [begun(engine, after=timedelta(seconds=number)) for number in range(sessions.MOST + 2)]
    assert lives(engine, begun(engine, "bob"))
    later = timedelta(seconds=sessions.MOST + 2)
    assert [lives(engine, each, later) for each in tokens] == [False, False] + [True] * sessions.MOST


def test_a_new_session_is_never_the_one_that_makes_room(engine: Engine) -> None:
    for _ in range(sessions.MOST + 10):
        assert lives(engine, begun(engine)), "all of them began at the same moment"


def test_sessions_whose_time_is_over_are_forgotten(engine: Engine) -> None:
    begun(engine)
    young = begun(engine, after=timedelta(hours=2))
    with writing(engine) as c:
        assert sessions.forget_ended(c, at=NOON + IDLE + MINUTE, idle=IDLE) == 1
    assert lives(engine, young, IDLE + MINUTE)


def test_failures_are_counted_by_key_and_since_when(engine: Engine) -> None:
    one, other = sign_ins.key("place", "1"), sign_ins.key("place", "2")
    with writing(engine) as c:
        sign_ins.note(c, [one, other], NOON)
        sign_ins.note(c, [one], NOON + MINUTE)
        assert sign_ins.failures(c, one, NOON - MINUTE) == (2, NOON + MINUTE)
        assert sign_ins.failures(c, one, NOON) == (1, NOON + MINUTE)
        assert sign_ins.failures(c, sign_ins.key("place", "3"), NOON - MINUTE) == (0, None)
        assert sign_ins.forget(c, before=NOON) == 2
        assert sign_ins.failures(c, other, NOON - MINUTE).times == 0


def test_no_address_stands_among_the_failures(engine: Engine) -> None:
    with writing(engine) as c:
        sign_ins.note(c, [sign_ins.key("address", "alice@example.org")], NOON)
        assert "alice" not in str(c.execute(select(attempts)).all())


def test_a_success_takes_back_its_own_attempt_and_all_of_one_key(engine: Engine) -> None:
    pair, place = sign_ins.key("pair"), sign_ins.key("place")
    with writing(engine) as c:
        sign_ins.note(c, [pair, place], NOON)
        mine = sign_ins.note(c, [pair, place], NOON)
        sign_ins.forgive(c, mine, pair)
        assert sign_ins.failures(c, pair, NOON - MINUTE).times == 0
        assert sign_ins.failures(c, place, NOON - MINUTE).times == 1


def test_a_flood_pushes_out_the_oldest_rows(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_ins, "MOST", 5)
    with writing(engine) as c:
        for number in range(20):
            sign_ins.note(c, [sign_ins.key("place", str(number))], NOON)
        assert len(c.execute(select(attempts)).all()) == 5


def test_the_wait_grows_and_has_an_end() -> None:
    longest = timedelta(minutes=15)
    waits = [sign_ins.wait_after(times, 3, longest).total_seconds() for times in range(16)]
    assert waits == [0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]
    assert sign_ins.wait_after(10**9, 3, longest) == longest
