"""Transactions lose nothing, readers see one state, and errors speak plainly without secrets."""

import sqlite3
import threading
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, Integer, column, func, select, table, text

from tests.store.samples import ALICE, NOON, judge, post
from travelrisk.domain.errors import StoreError
from travelrisk.store import schema, trips
from travelrisk.store.database import engine_for, parsed_url, reading, serialise, transact, writing
from travelrisk.store.tables import outbox
from travelrisk.store.tables import trips as trips_table
from travelrisk.store.troubles import in_plain_words


def at_once(*works: Callable[[], object]) -> None:
    """Run all works at the same time in threads; fail with the first error of any of them."""
    failures: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised again below, in the thread of the test
            failures.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def test_no_update_is_lost_between_reading_and_writing(engine: Engine) -> None:
    with writing(engine) as c:
        c.execute(text("CREATE TABLE counter (n INTEGER NOT NULL)"))
        c.execute(text("INSERT INTO counter VALUES (0)"))
    read = select(column("n", Integer)).select_from(table("counter")).with_for_update()

    def count() -> None:
        for _ in range(50):
            with writing(engine) as c:
                number = c.execute(read).scalar_one()
                c.execute(text("UPDATE counter SET n = :n"), {"n": number + 1})

    at_once(count, count, count, count)
    with reading(engine) as c:
        assert c.scalar(text("SELECT n FROM counter")) == 200


def test_a_reader_sees_one_state_while_others_write(engine: Engine) -> None:
    count = select(func.count()).select_from(trips_table)
    with reading(engine) as reader:
        before = reader.scalar(count)
        with writing(engine) as writer:
            judge(writer)
        assert reader.scalar(count) == before == 0
    with reading(engine) as later:
        assert later.scalar(count) == 1


def test_a_reader_cannot_write(engine: Engine) -> None:
    with pytest.raises(StoreError), reading(engine) as c:
        judge(c)
    with writing(engine) as c:
        judge(c)  # the same pool still gives connections that may


def _fail_after(_letter: int) -> None:
    raise ZeroDivisionError


def test_an_error_undoes_the_whole_transaction(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), writing(engine) as c:
        _fail_after(post(c, judge(c)))
    with reading(engine) as c:
        assert c.scalar(select(func.count()).select_from(trips_table)) == 0
        assert c.scalar(select(func.count()).select_from(outbox)) == 0


def test_a_row_that_points_at_nothing_is_refused(engine: Engine) -> None:
    with pytest.raises(StoreError, match=r"refused a row"), writing(engine) as c:
        judge(c, trip_id=4711)


@pytest.mark.threat(37)
def test_a_refused_row_is_not_quoted(engine: Engine) -> None:
    with writing(engine) as c:
        judged = judge(c)
        post(c, judged)
    with pytest.raises(StoreError, match=r"refused a row") as caught, writing(engine) as c:
        post(c, judged)
    assert ALICE not in "".join(traceback.format_exception(caught.value))


def test_a_time_without_a_zone_is_refused(engine: Engine) -> None:
    with pytest.raises(StoreError), writing(engine) as c:
        trips.new_trip(c, contact="", language="en", at=NOON.replace(tzinfo=None))


def test_two_transactions_that_block_each_other_both_succeed_in_the_end(engine: Engine) -> None:
    both_hold_one = threading.Barrier(2, timeout=10)
    first_try = {1: True, 2: True}
    is_sqlite = engine.dialect.name == "sqlite"

    def cross(one: int, other: int) -> None:
        def work(c: object) -> None:
            serialise(c, one)  # type: ignore[arg-type] # transact gives a Connection
            if first_try.pop(one, False) and not is_sqlite:  # SQLite lets only one in
                both_hold_one.wait()
            serialise(c, other)  # type: ignore[arg-type] # as above

        transact(engine, work)

    at_once(lambda: cross(1, 2), lambda: cross(2, 1))
    assert first_try == {}


def test_sqlite_is_set_up_for_a_service(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    schema.upgrade(url)
    wanted = {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "synchronous": 2,
        "secure_delete": 1,
        "busy_timeout": 10_000,
    }
    with writing(engine_for(url)) as c:
        found = {name: c.scalar(text(f"PRAGMA {name}")) for name in wanted}
    assert found == wanted


def test_postgresql_waits_with_limits(postgres_url: str) -> None:
    engine = engine_for(postgres_url)
    wanted = {
        "lock_timeout": "10s",
        "statement_timeout": "30s",
        "synchronous_commit": "on",
        "TimeZone": "UTC",
    }
    with writing(engine) as c:
        found = {name: c.scalar(text(f"SHOW {name}")) for name in wanted}
        level = c.scalar(text("SHOW transaction_isolation"))
    engine.dispose()
    assert (found, level) == (wanted, "read committed")


def test_a_locked_database_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    schema.upgrade(f"sqlite:///{path}")
    rival = sqlite3.connect(path, isolation_level=None)
    rival.execute("BEGIN IMMEDIATE")
    with (
        pytest.raises(StoreError, match=rf"{path} is locked.*[Tt]ry again"),
        writing(engine_for(f"sqlite:///{path}", patience_s=0.05)) as c,
    ):
        judge(c)
    rival.close()


def test_a_file_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    schema.upgrade(f"sqlite:///{path}")
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    with pytest.raises(sqlite3.OperationalError) as caught:
        connection.execute("DELETE FROM trips")
    connection.close()
    assert "cannot be written" in str(in_plain_words(parsed_url(f"sqlite:///{path}"), caught.value))


def test_a_missing_database_says_which_command_makes_it(tmp_path: Path) -> None:
    path = tmp_path / "gone.db"
    with (
        pytest.raises(StoreError, match=r"gone\.db does not exist: run travelrisk db upgrade"),
        reading(engine_for(f"sqlite:///{path}")),
    ):
        pass
    assert not path.exists()


def test_a_file_that_is_no_database_says_so(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear bob, " * 500)
    for use in (schema.upgrade, schema.ensure):
        with pytest.raises(StoreError, match=r"is not an SQLite database"):
            use(f"sqlite:///{path}")


def test_a_database_without_tables_says_which_command_makes_them(database_url: str) -> None:
    schema.upgrade(database_url)
    engine = engine_for(database_url)
    with writing(engine) as c:
        c.execute(text("DROP TABLE heartbeats"))
    with pytest.raises(StoreError, match=r"run travelrisk db upgrade"), reading(engine) as c:
        c.execute(text("SELECT * FROM heartbeats"))
    engine.dispose()


def test_an_unreachable_postgresql_says_so_without_its_password() -> None:
    url = "postgresql://bob:hunter2@127.0.0.1:1/travel?password=hunter3"
    with (
        pytest.raises(StoreError, match=r"travel on 127\.0\.0\.1 cannot be reached") as caught,
        reading(engine_for(url)),
    ):
        pass
    assert "hunter" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "url", ["", "nonsense:hunter2", "mysql://bob:hunter2@localhost/x", "postgresql+asyncpg"]
)
def test_a_wrong_url_says_how_to_write_one(url: str) -> None:
    with pytest.raises(StoreError, match=r"sqlite:///FILE or postgresql://") as caught:
        engine_for(url)
    assert "hunter2" not in "".join(traceback.format_exception(caught.value))


def test_a_database_in_memory_can_be_opened() -> None:
    engine = engine_for("sqlite://")
    with writing(engine) as c:
        assert c.scalar(text("PRAGMA journal_mode")) == "memory"
    engine.dispose()
