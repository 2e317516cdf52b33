"""The chain of the audit trail: in order, without gaps, and honest about where it breaks."""

import hashlib
import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, select, text

from tests.store.samples import ALICE, NOON, judge
from tests.store.test_database import at_once
from travelrisk.domain.errors import StoreError
from travelrisk.store import audit
from travelrisk.store.database import reading, writing
from travelrisk.store.tables import audit as table


def note(c: Connection, subject: str = "trip:1") -> int:
    return audit.append(c, kind="noted", actor="bob", at=NOON, subject=subject, body={"verdict": "review"})


def tamper(engine: Engine, *statements: str) -> None:
    """Change rows as somebody does who owns the database and takes its triggers away first."""
    is_sqlite = engine.dialect.name == "sqlite"
    off = (
        [f"DROP TRIGGER audit_no_{verb}" for verb in ("update", "delete")]
        if is_sqlite
        else ["ALTER TABLE audit DISABLE TRIGGER ALL"]
    )
    with engine.connect() as c:
        if is_sqlite:
            c.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        for statement in (*off, *statements):
            c.execute(text(statement))
        c.commit()


def verified(engine: Engine) -> audit.Chain:
    with reading(engine) as c:
        return audit.verify(c)


def filled(engine: Engine, entries: int = 5) -> str:
    with writing(engine) as c:
        for _ in range(entries):
            note(c)
        head: str = c.scalars(select(table.c.hash).order_by(table.c.seq.desc())).first() or ""
    return head


def test_entries_are_counted_from_one_and_chained(engine: Engine) -> None:
    head = filled(engine)
    assert verified(engine) == audit.Chain(ok=True, entries=5, broken_at=None, head=head)


def test_entries_that_come_together_are_chained_as_if_they_came_one_by_one(engine: Engine) -> None:
    one_by_one = filled(engine, 3)
    entries = [audit.Entry("noted", "bob", NOON, f"trip:{each}", {"verdict": "review"}) for each in range(4)]
    with writing(engine) as c:
        assert audit.append_all(c, entries) == [4, 5, 6, 7]
        assert audit.append_all(c, []) == []
        assert note(c) == 8
        rows = c.execute(select(table).order_by(table.c.seq)).all()
    assert rows[3].prev_hash == one_by_one
    assert [json.loads(row.body)["subject"] for row in rows[3:7]] == [f"trip:{each}" for each in range(4)]
    assert verified(engine)[:3] == (True, 8, None)


def test_nothing_is_added_where_one_of_several_entries_is_refused(engine: Engine) -> None:
    entries = [audit.Entry("noted", "bob", NOON, "trip:1", {"by": who}) for who in ("bob", ALICE)]
    with pytest.raises(StoreError, match="only ids"), writing(engine) as c:
        audit.append_all(c, entries)
    assert verified(engine).entries == 0


def test_an_empty_chain_is_whole(engine: Engine) -> None:
    assert verified(engine) == audit.Chain(ok=True, entries=0, broken_at=None, head="00" * 32)


def test_the_hash_is_the_one_that_is_documented(engine: Engine) -> None:
    with writing(engine) as c:
        assert note(c) == 1
        row = c.execute(select(table)).one()
    body = {
        "actor": "bob",
        "at": "2026-11-02T12:00:00.000000+00:00",
        "body": {"verdict": "review"},
        "kind": "noted",
        "subject": "trip:1",
    }
    assert row.body == json.dumps(body, separators=(",", ":"))
    own = hashlib.sha256(row.body.encode()).digest()
    assert row.hash == hashlib.sha256(b"travelrisk-audit-v1\0" + bytes(32) + own).hexdigest()


@pytest.mark.threat(49)
@pytest.mark.parametrize(
    ("change", "broken_at"),
    [
        ("UPDATE audit SET body = replace(body, 'review', 'cleared') WHERE seq = 3", 3),
        ("UPDATE audit SET hash = prev_hash WHERE seq = 1", 1),
        ("DELETE FROM audit WHERE seq = 2", 2),
        ("DELETE FROM audit WHERE seq = 1", 1),
        ("UPDATE audit SET seq = 9 WHERE seq = 5", 5),
    ],
)
def test_tampering_is_found_where_it_was_done(engine: Engine, change: str, broken_at: int) -> None:
    filled(engine)
    tamper(engine, change)
    found = verified(engine)
    assert (found.ok, found.broken_at, found.entries) == (False, broken_at, broken_at - 1)


def test_a_cut_tail_is_found_where_an_advisory_names_it(engine: Engine) -> None:
    filled(engine)
    with writing(engine) as c:
        judge(c)
    tamper(engine, "DELETE FROM audit WHERE seq = 6")
    assert verified(engine) == (False, 5, 6, verified(engine).head)


def test_entries_of_rivals_stand_in_one_row(engine: Engine) -> None:
    def write() -> None:
        for _ in range(20):
            with writing(engine) as c:
                note(c)

    at_once(write, write, write, write)
    assert verified(engine)[:3] == (True, 80, None)


@pytest.mark.parametrize("words", [ALICE, "Alice Doe", "x" * 200, "café"])
@pytest.mark.parametrize("where", ["subject", "body", "list"])
def test_what_could_be_about_a_person_is_refused(engine: Engine, words: str, where: str) -> None:
    bodies: dict[str, dict[str, audit.Word]] = {"body": {"b": words}, "list": {"b": ["ok", words]}}
    body = bodies.get(where, {})
    subject = words if where == "subject" else "trip:1"
    with (
        pytest.raises(StoreError, match=r"only ids, hashes and single words") as caught,
        writing(engine) as c,
    ):
        audit.append(c, kind="noted", actor="bob", at=NOON, subject=subject, body=body)
    assert words not in str(caught.value)
    assert verified(engine).entries == 0


def come_to(engine: Engine, *hours: int, kind: str = "noted") -> None:
    with writing(engine) as c:
        for each in hours:
            at = NOON + timedelta(hours=each)
            audit.append(c, kind=kind, actor="bob", at=at, subject="trip:1", body={})


def late(engine: Engine, hours: int) -> datetime | None:
    with reading(engine) as c:
        return audit.behind_what(c, NOON + timedelta(hours=hours))


@pytest.mark.threat(50)
def test_an_entry_by_a_clock_that_was_set_back_hands_on_what_the_trail_had_come_to(engine: Engine) -> None:
    assert late(engine, -999) is None, "an empty trail has come to nothing"
    come_to(engine, 48, 0, 1)
    assert late(engine, 2) == NOON + timedelta(hours=48)
    assert late(engine, 48) is None
    come_to(engine, 49, 3)
    assert late(engine, 48) == NOON + timedelta(hours=49)
    come_to(engine, 4, kind=audit.CONFIRMED)
    assert late(engine, 4) is None
    assert late(engine, 3) == NOON + timedelta(hours=4)
    assert verified(engine).ok


@pytest.mark.threat(50)
def test_an_entry_in_its_order_says_nothing_of_the_clock(engine: Engine) -> None:
    come_to(engine, 0, 1)
    come_to(engine, 0)
    with reading(engine) as c:
        told = [json.loads(each.body) for each in audit.entries(c)]
    assert [each.get("after") for each in told] == [None, None, told[1]["at"]]
