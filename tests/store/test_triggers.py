"""What was written stays as it was written, whoever asks the database to change it."""

import pytest
from sqlalchemy import Engine, text

from tests.store.samples import NOON, judge, rating
from travelrisk.domain.errors import StoreError
from travelrisk.domain.people import Person, Role
from travelrisk.domain.proposals import Content, Move, Step
from travelrisk.domain.signoffs import Requirement, Weight
from travelrisk.store import evidence, given_addresses, originals, people, proposals, ratings, units
from travelrisk.store.database import reading, writing
from travelrisk.store.given_addresses import Given
from travelrisk.store.triggers import APPEND_ONLY

COLUMNS = {
    "audit": "body",
    "editions": "note",
    "originals": "name",
    "evidence_files": "name",
    "policies": "version",
    "itineraries": "body",
    "advisories": "verdict",
    "steps": "note",
    "requirements": "body",
    "desk_steps": "text",
    "given_addresses": "traveller",
}


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """Give a database with a row in each table that may not change, and a closed and an open rating."""
    with writing(engine) as c:
        judge(c)
        originals.keep(c, b"x", "x.eml", "message/rfc822", NOON)
        ratings.publish(
            c, opened=[rating("one"), rating("two")], closed=[], actor="bob", note="first", at=NOON
        )
        ratings.publish(c, opened=[], closed=["one"], actor="bob", note="second", at=NOON)
        bob = Person("bob", "Bob", "bob@example.org", frozenset({Role.FOCAL_POINT}))
        people.add(c, bob, at=NOON)
        evidence.keep(c, evidence.file_from(b"x", "x.txt", "text/plain"), "bob", NOON)
        content = Content("Faster.", requirement=Requirement())
        asked = proposals.add(
            c, author="bob", weight=Weight.REQUIREMENT, content=content, base_edition=2, at=NOON
        )
        proposals.record_step(c, asked.id, Step(NOON, "bob", Move.EDIT))
        proposals.demand(c, Requirement(), asked, NOON)
        trip = c.scalar(text("SELECT id FROM trips")) or 0
        units.add_step(c, trip_id=trip, at=NOON, actor="bob", kind="note", text="x")
        given_addresses.add(c, trip, Given(NOON, "bob", "en", "x"))
    return engine


def refused(engine: Engine, statement: str, words: str) -> None:
    with pytest.raises(StoreError, match=words), writing(engine) as c:
        c.execute(text(statement))


def test_every_append_only_table_is_looked_at_here() -> None:
    assert set(COLUMNS) == set(APPEND_ONLY)


@pytest.mark.threat(49)
@pytest.mark.parametrize("table", APPEND_ONLY)
def test_append_only_tables_refuse_change_and_deletion(filled: Engine, table: str) -> None:
    words = f"{table} is append-only"
    refused(filled, f"UPDATE {table} SET {COLUMNS[table]} = {COLUMNS[table]}", words)  # noqa: S608 - own constants
    refused(filled, f"DELETE FROM {table}", words)  # noqa: S608 - own constants
    if filled.dialect.name == "postgresql":
        refused(filled, f"TRUNCATE {table} CASCADE", "append-only")
    with reading(filled) as c:
        assert c.scalar(text(f"SELECT count(*) FROM {table}"))  # noqa: S608 - own constants


def test_replacing_a_row_is_a_change_too(filled: Engine) -> None:
    if filled.dialect.name == "sqlite":
        refused(
            filled, "INSERT OR REPLACE INTO audit SELECT seq, prev_hash, 'x', hash FROM audit", "append-only"
        )


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE records SET body = '{}' WHERE id = 'two'",
        "UPDATE records SET opened_in = 2 WHERE id = 'two'",
        "UPDATE records SET id = 'three' WHERE id = 'two'",
        "UPDATE records SET closed_in = NULL WHERE id = 'one'",
        "UPDATE records SET closed_in = 2 WHERE id = 'one'",
        "UPDATE records SET closed_in = 1 WHERE id = 'two'",
        "UPDATE records SET closed_in = 2, subject = 'x' WHERE id = 'two'",
        "DELETE FROM records WHERE id = 'two'",
    ],
)
def test_a_record_is_only_ever_closed_and_only_once(filled: Engine, change: str) -> None:
    refused(filled, change, "records are never edited|refused a row")
    with reading(filled) as c:
        assert [each.id for each in ratings.in_force(c)] == ["two"]


def test_a_record_cannot_slip_into_an_edition_of_the_past(filled: Engine) -> None:
    row = "'late', 'rating', 'carrier:ETH', '{}'"
    for editions in ("1, NULL", "1, 2", "2, 2"):
        refused(filled, f"INSERT INTO records VALUES ({row}, {editions})", "newest edition|refused a row")  # noqa: S608 - own constants


def test_records_cannot_be_emptied_at_once(filled: Engine) -> None:
    if filled.dialect.name == "postgresql":
        refused(filled, "TRUNCATE records", "records are never edited")


def test_tables_take_no_values_of_another_kind(filled: Engine) -> None:
    refused(
        filled,
        "UPDATE outbox SET attempts = 'one'"
        if filled.dialect.name == "postgresql"
        else "UPDATE trips SET id = 'one'",
        "could not|refused a row",
    )
