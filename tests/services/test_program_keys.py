"""Keys of programs as a use case, on both databases: made, shown once, renewed, revoked, counted."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from tests.services.conftest import Clock
from travelrisk.domain.errors import BadInputError, ConfigurationError, ForbiddenError, NotFoundError
from travelrisk.domain.people import Person, Role
from travelrisk.domain.programs import KEY, Kind, Program, Sealing
from travelrisk.services.application import Application
from travelrisk.services.people import accounts
from travelrisk.services.programs import keys
from travelrisk.services.programs.answered import Clash, Reply, forget_old, once
from travelrisk.services.programs.doorkeeper import Doorkeeper, Meter, Refused
from travelrisk.services.programs.keys import Given, UnknownOfficeError
from travelrisk.store import people, programs, tables, trips
from travelrisk.store.database import reading, writing

HERE, THERE = "192.0.2.1", "192.0.2.2"
WRONG = str(Sealing("somebody else's").sealed(Kind.LIVE_WRITE, "0123456789ab", "0" * 32))


@pytest.fixture
def app(app: Application) -> Application:
    return replace(app, facts=replace(app.facts, sealing=Sealing("a secret of the tests")))


@pytest.fixture
def given(app: Application) -> Given:
    return keys.create(app, name="booking tool", office="Field office", kind=Kind.LIVE_WRITE, calls_a_day=100)


def key_of(app: Application, office: str, *, is_new: bool = False) -> str:
    return keys.create(app, name="n", office=office, kind=Kind.TEST, is_new_office=is_new).program.office


@pytest.mark.parametrize(
    ("wanted", "near"),
    [("Genva", ("Geneva",)), ("geneva", ("Geneva",)), ("Wonderland", ("Field office", "Geneva", "Nairobi"))],
)
def test_an_office_that_nobody_has_is_refused_with_those_that_may_be_meant(
    app: Application, given: Given, wanted: str, near: tuple[str, ...]
) -> None:
    assert given.program.office == "Field office"
    with writing(app.engine) as c:
        people.add(c, Person("p-tina", "Tina", "tina@example.org", frozenset(), "Geneva"), at=app.clock())
        trips.new_trip(c, contact="", language="en", at=app.clock(), office="Nairobi")
    with pytest.raises(UnknownOfficeError, match="--new-office") as refused:
        key_of(app, wanted)
    assert refused.value.near == near
    assert all(repr(each) in str(refused.value) for each in near)
    assert len(keys.everything(app)) == 1
    for known in ("Geneva", "Nairobi", "Field office"):
        assert key_of(app, known) == known
    assert key_of(app, wanted, is_new=True) == wanted
    assert key_of(app, wanted) == wanted, "it is known from now on"


def test_the_first_office_is_taken_as_there_is_none_that_may_be_meant(app: Application) -> None:
    assert key_of(app, "Geneva") == "Geneva"


@pytest.fixture
def door(app: Application) -> Doorkeeper:
    return Doorkeeper(app)


@pytest.fixture
def statements(app: Application) -> Iterator[list[str]]:
    """Give a list that grows by each statement that reaches the database."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(app.engine, "before_cursor_execute", note)
    yield seen
    event.remove(app.engine, "before_cursor_execute", note)


def let_in(door: Doorkeeper, key: str, place: str = HERE) -> Program:
    found = door.admit(key, place)
    assert isinstance(found, Program)
    return found


def test_a_key_lets_its_program_in(given: Given, door: Doorkeeper) -> None:
    assert KEY.fullmatch(given.key)
    assert let_in(door, given.key).actor == f"key:{given.program.id}"


@pytest.mark.threat(14)
def test_no_table_holds_a_key(app: Application, given: Given) -> None:
    secret = given.key.rpartition("_")[2]
    with reading(app.engine) as c:
        rows = [c.execute(select(table)).all() for table in tables.METADATA.sorted_tables]
    assert given.program.id in str(rows)
    assert secret not in str(rows)
    assert secret[:16] not in str(rows)


def test_what_becomes_of_a_key_stands_in_the_trail(app: Application, given: Given) -> None:
    keys.rotate(app, given.program.id, overlap=timedelta(hours=1))
    keys.revoke(app, given.program.id)
    with reading(app.engine) as c:
        entries = [
            json.loads(row.body) for row in c.execute(select(tables.audit).order_by(tables.audit.c.seq))
        ]
    mine = [each["kind"] for each in entries if each["subject"] == f"program:{given.program.id}"]
    assert mine == ["program.added", "program.rotated", "program.revoked"]


def test_only_administrators_make_keys(app: Application) -> None:
    bob: Person = accounts.add(app, name="Bob", email="bob@staff.example.org", roles=[Role.TRAVEL_UNIT])
    with pytest.raises(ForbiddenError, match="administrators"):
        keys.create(app, name="x", office="y", kind=Kind.TEST, by=bob.id)
    assert keys.everything(app) == ()


@pytest.mark.parametrize(
    ("name", "office", "calls"), [("", "o", 1), ("n", " ", 1), ("n", "o", 0), ("a\nb\x00", "o", 1)]
)
def test_what_makes_no_key(app: Application, name: str, office: str, calls: int) -> None:
    with pytest.raises(BadInputError):
        keys.create(app, name=name, office=office, kind=Kind.TEST, calls_a_day=calls)


def test_there_are_no_keys_without_a_secret(app: Application, given: Given) -> None:
    bare = replace(app, facts=replace(app.facts, sealing=None))
    with pytest.raises(ConfigurationError, match="TRAVELRISK_SECRET_KEY"):
        keys.create(bare, name="n", office="o", kind=Kind.TEST)
    assert Doorkeeper(bare).admit(given.key, HERE) == Refused(401)


def test_a_revoked_key_works_for_a_second_at_most(
    app: Application, given: Given, door: Doorkeeper, clock: Clock
) -> None:
    let_in(door, given.key)
    keys.revoke(app, given.program.id)
    clock.pass_by(seconds=1)
    assert door.admit(given.key, HERE) == Refused(401)
    with pytest.raises(BadInputError, match="revoked"):
        keys.rotate(app, given.program.id, overlap=timedelta())


def test_a_key_ends_with_its_last_day(app: Application, clock: Clock) -> None:
    given = keys.create(app, name="n", office="o", kind=Kind.TEST, expires_at=clock() + timedelta(minutes=1))
    door = Doorkeeper(app)
    let_in(door, given.key)
    clock.pass_by(minutes=1)
    assert door.admit(given.key, HERE) == Refused(401)
    with pytest.raises(BadInputError, match="past"):
        keys.create(app, name="n", office="o", kind=Kind.TEST, expires_at=clock())


def test_the_key_before_works_for_a_while(
    app: Application, given: Given, door: Doorkeeper, clock: Clock
) -> None:
    again = keys.rotate(app, given.program.id, overlap=timedelta(hours=2))
    assert again.key != given.key
    clock.pass_by(minutes=119)
    assert let_in(door, given.key).id == let_in(door, again.key).id
    clock.pass_by(minutes=1)
    assert door.admit(given.key, HERE) == Refused(401)
    let_in(door, again.key)


def test_the_overlap_may_be_none(app: Application, given: Given, door: Doorkeeper) -> None:
    again = keys.rotate(app, given.program.id, overlap=timedelta())
    assert door.admit(given.key, HERE) == Refused(401)
    let_in(door, again.key)
    with pytest.raises(NotFoundError):
        keys.rotate(app, "ba9876543210", overlap=timedelta())


@pytest.mark.threat(48)
def test_ten_thousand_wrong_keys_cost_the_database_nothing_and_lock_nobody_out(
    given: Given, door: Doorkeeper, statements: list[str]
) -> None:
    for _ in range(10_000):
        door.admit(WRONG, HERE)
    assert statements == []
    waits = door.admit(WRONG, HERE)
    assert isinstance(waits, Refused)
    assert (waits.status, waits.wait) == (429, 60)
    assert let_in(door, given.key, HERE).id == given.program.id
    assert door.admit(WRONG, THERE) == Refused(401)


def test_who_was_wrong_often_is_answered_again_after_a_minute(door: Doorkeeper, clock: Clock) -> None:
    answers = [door.admit(WRONG, HERE) for _ in range(21)]
    assert [isinstance(each, Refused) and each.status for each in answers] == [401] * 20 + [429]
    clock.pass_by(minutes=1)
    assert door.admit(WRONG, HERE) == Refused(401)


def test_calls_are_counted_to_the_last_one_of_the_day(app: Application, given: Given, clock: Clock) -> None:
    one, other = Meter(app), Meter(app)
    taken = [meter.take(given.program, 1) for _ in range(60) for meter in (one, other)]
    assert taken.count(0) == 100
    assert {each for each in taken if each} == {21_720}  # to midnight, from 17:58
    clock.pass_by(hours=7)
    assert one.take(given.program, 100) == 0
    assert other.take(given.program, 1) > 0


def test_calls_that_were_counted_and_not_made_are_given_back(
    app: Application, given: Given, clock: Clock
) -> None:
    program = replace(given.program, calls_a_day=5_000)
    meter = Meter(app)
    meter.take(program, 1)
    assert keys.calls_today(app)[program.id] == 51
    clock.pass_by(minutes=2)
    meter.take(program, 1)
    assert keys.calls_today(app)[program.id] == 52
    assert keys.everything(app)[0].used_at == clock()


def test_many_threads_take_no_call_too_many(app: Application, given: Given) -> None:
    meters = [Meter(app), Meter(app)]
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda number: meters[number % 2].take(given.program, 1), range(140)))
    assert taken.count(0) == 100


def answer_with(status: int, calls: list[int]) -> Reply:
    calls.append(1)
    return Reply(status, b'{"number": %d}' % len(calls))


def test_an_answer_is_given_once(app: Application, given: Given) -> None:
    calls: list[int] = []
    first = once(app, given.program, "a", b"request", lambda: answer_with(200, calls))
    again = once(app, given.program, "a", b"request", lambda: answer_with(200, calls))
    assert (first, again) == (Reply(200, b'{"number": 1}'), Reply(200, b'{"number": 1}', is_again=True))
    assert once(app, given.program, "a", b"other", lambda: answer_with(200, calls)) is Clash.OTHER_REQUEST
    other = keys.create(app, name="n", office="Field office", kind=Kind.LIVE_WRITE).program
    assert once(app, other, "a", b"other", lambda: answer_with(200, calls)) == Reply(200, b'{"number": 2}')


def test_the_same_call_waits_for_the_first_one(app: Application, given: Given, clock: Clock) -> None:
    inner: list[Reply | Clash] = []

    def work() -> Reply:
        inner.append(once(app, given.program, "a", b"request", lambda: answer_with(200, [])))
        return Reply(200, b"{}")

    once(app, given.program, "a", b"request", work)
    assert inner == [Clash.IN_FLIGHT]
    clock.pass_by(hours=24)
    assert once(app, given.program, "a", b"other", lambda: Reply(200, b"[]")) == Reply(200, b"[]")
    clock.pass_by(hours=24)
    assert forget_old(app) == 1


def test_a_call_whose_process_died_is_answered_by_the_next_one(
    app: Application, given: Given, clock: Clock
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(programs, "drop_answer", lambda *_: None)  # nothing is tidied up by the dead
        with pytest.raises(KeyboardInterrupt):
            once(app, given.program, "a", b"request", _die)
    assert once(app, given.program, "a", b"request", lambda: Reply(200, b"{}")) is Clash.IN_FLIGHT
    clock.pass_by(minutes=10)
    assert once(app, given.program, "a", b"request", lambda: Reply(200, b"{}")) == Reply(200, b"{}")


def _die() -> Reply:
    raise KeyboardInterrupt


def test_a_failure_may_be_tried_again(app: Application, given: Given) -> None:
    assert once(app, given.program, "a", b"request", lambda: Reply(503, b"{}")) == Reply(503, b"{}")
    with pytest.raises(KeyboardInterrupt):
        once(app, given.program, "a", b"request", _die)
    assert once(app, given.program, "a", b"request", lambda: Reply(200, b"{}")) == Reply(200, b"{}")
