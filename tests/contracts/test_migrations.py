"""Migrations and tables say the same, on both databases: up, down and up again, from any folder."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Engine, Text, select, text

from tests.contracts.tree import ROOT
from tests.store.samples import LEASE, NOON, judge, post
from travelrisk.domain.errors import StoreError
from travelrisk.domain.programs import Kind, Program, Sight
from travelrisk.store import audit, outbox, people, programs, rescreenings, schema, unaddressed, unit_letters
from travelrisk.store.database import engine_for, reading, writing
from travelrisk.store.rescreenings import Cause
from travelrisk.store.schema import alembic_config, migrating
from travelrisk.store.tables import METADATA, undelivered
from travelrisk.store.triggers import statements

INVENTORY = {
    "sqlite": "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'",
    "postgresql": """
        SELECT 'column', table_name || '.' || column_name,
            data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '')
        FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL SELECT 'constraint', conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT 'trigger', tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT 'function', proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    """,
}


@pytest.fixture
def database_url(bare_database_url: str) -> str:
    """Here the tables are made by the migrations, not copied."""
    return bare_database_url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Give an engine for a database that was migrated to the newest revision."""
    schema.upgrade(database_url)
    engine = engine_for(database_url)
    yield engine
    engine.dispose()


def inventory(engine: Engine) -> set[tuple[str, str, str]]:
    """Return all that stands in the database, but for Alembic's own table."""
    with reading(engine) as c:
        rows = c.execute(text(INVENTORY[engine.dialect.name])).all()
    found = {(kind, name, _settled(str(sql))) for kind, name, sql in rows}
    return {each for each in found if "alembic_version" not in f"{each[1]} {each[2]}"}


def _settled(sql: str) -> str:
    """Return SQL with its lines sorted: tables and migrations may list constraints in another order.

    SQLite writes an added column on the line of the column before it, and quotes the name of a table that was
    made under another.
    """
    sql = re.sub(r'^CREATE TABLE "(\w+)"', r"CREATE TABLE \1", sql)
    lines = re.split(r"\n|, (?=[a-z_]+ (?:TEXT|INTEGER|BLOB))", sql)
    return " ".join(sorted(line.strip().rstrip(",") for line in lines if line.strip()))


def down(engine: Engine) -> None:
    with migrating(engine) as connection:
        command.downgrade(alembic_config(connection), "base")


def test_there_is_one_head_and_the_code_knows_it() -> None:
    config = Config()
    config.set_main_option("script_location", "travelrisk.store:migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [schema.HEAD]


def test_the_tables_in_the_code_are_those_of_the_migrations(engine: Engine) -> None:
    with reading(engine) as c:
        context = MigrationContext.configure(c, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, METADATA) == []


def test_checks_triggers_and_strictness_are_those_of_the_code(engine: Engine) -> None:
    migrated = inventory(engine)
    down(engine)
    with writing(engine) as c:
        METADATA.create_all(c)
        for statement in statements(engine.dialect.name, METADATA.tables):
            c.exec_driver_sql(statement)
    assert inventory(engine) == migrated
    if engine.dialect.name == "sqlite":
        tables = [sql for kind, _, sql in migrated if kind == "table"]
        assert len(tables) == len(METADATA.tables)
        assert all("STRICT" in sql for sql in tables)


def test_down_leaves_nothing_and_up_again_makes_the_same(engine: Engine, database_url: str) -> None:
    before = inventory(engine)
    down(engine)
    assert inventory(engine) == set()
    schema.upgrade(database_url)
    assert inventory(engine) == before


def test_every_trigger_in_the_list_is_there(engine: Engine) -> None:
    listed = set(
        re.findall(r"CREATE TRIGGER (\w+)", " ".join(statements(engine.dialect.name, METADATA.tables)))
    )
    assert len(listed) > 6
    assert {name for kind, name, _ in inventory(engine) if kind == "trigger"} == listed


def test_an_upgrade_leaves_rows_and_chain_as_they_were(engine: Engine, database_url: str) -> None:
    with writing(engine) as c:
        post(c, judge(c))
        before = audit.verify(c)
    schema.upgrade(database_url)
    with reading(engine) as c:
        assert audit.verify(c) == before
        assert outbox.counts(c)["queued"] == 1


def test_letters_and_people_of_the_version_before_are_kept(engine: Engine, database_url: str) -> None:
    with writing(engine) as c:  # by this version, which knows no older tables
        post(c, judge(c))
    with migrating(engine) as connection:
        command.downgrade(alembic_config(connection), "0004")
    person = (
        "INSERT INTO people (id, name, email, roles, unit, is_active, is_machine, created_at) VALUES"
        " ('bob', 'Bob', 'bob@example.org', 'focal_point', 'Geneva', 1, 0, '2026-11-02 12:00:00+00:00')"
    )
    with writing(engine) as c:
        c.execute(text(person))
        letters = c.execute(text("SELECT * FROM outbox")).all()
        before = audit.verify(c)
    schema.upgrade(database_url)
    with reading(engine) as c:
        assert c.execute(text("SELECT * FROM outbox")).all() == letters
        assert audit.verify(c) == before
        kept = people.by_id(c, "bob")
    assert (kept.name, kept.unit, kept.language) == ("Bob", "Geneva", None)
    with writing(engine) as c:
        people.save(c, replace(kept, language="fr"))
        assert people.by_id(c, "bob").language == "fr"
        assert outbox.claim(c, owner="w1", now=NOON, lease=LEASE) is not None


def test_what_is_to_be_judged_again_is_kept_by_the_versions_that_know_it(
    engine: Engine, database_url: str
) -> None:
    with writing(engine) as c:
        for cause, key in ((Cause.DAY, "2026-11-23"), (Cause.SOURCE, "a:b:fresh:1"), (Cause.EDITION, "7")):
            assert rescreenings.add(c, cause, key, NOON)
    with migrating(engine) as connection:
        command.downgrade(alembic_config(connection), "0024")
    schema.upgrade(database_url)
    with writing(engine) as c:
        assert [each.key for each in rescreenings.unfinished(c)] == ["2026-11-23", "7"]
        assert rescreenings.add(c, Cause.SOURCE, "a:b:fresh:2", NOON)
        assert not rescreenings.add(c, Cause.DAY, "2026-11-23", NOON)


def test_what_a_clock_caused_is_left_out_for_versions_that_do_not_know_it(
    engine: Engine, database_url: str
) -> None:
    with writing(engine) as c:
        for cause, key in ((Cause.SOURCE, "a:b:fresh:1"), (Cause.CLOCK, "12")):
            assert rescreenings.add(c, cause, key, NOON)
    with migrating(engine) as connection:
        command.downgrade(alembic_config(connection), "0036")
    schema.upgrade(database_url)
    with writing(engine) as c:
        assert [each.key for each in rescreenings.unfinished(c)] == ["a:b:fresh:1"]
        assert rescreenings.add(c, Cause.CLOCK, "13", NOON)


def test_keys_of_programs_are_kept_and_audit_for_no_version_that_does_not_know_it(
    engine: Engine, database_url: str
) -> None:
    made = [
        Program(f"{place:012d}", "tool", "Geneva", Kind.LIVE_READ, sight, made_by="bob", made_at=NOON)
        for place, sight in enumerate(Sight)
    ]
    with writing(engine) as c:
        for each in made:
            programs.add(c, each, f"hmac of {each.id}")
    with migrating(engine) as connection:
        command.downgrade(alembic_config(connection), "0034")
    schema.upgrade(database_url)
    with reading(engine) as c:
        found = {each.id: programs.find(c, each.id) for each in made}
    for each in made:
        kept = found[each.id]
        assert kept is not None
        sight = Sight.DESK if each.sight is Sight.AUDIT else each.sight
        assert kept[0] == replace(each, sight=sight)
        assert kept[1].key == f"hmac of {each.id}"


def test_warnings_without_an_address_become_tasks_and_are_none_of_a_version_before(
    engine: Engine, database_url: str
) -> None:
    ahead = str(datetime.now(UTC).date() + timedelta(days=9))
    with writing(engine) as c:
        addressed, silent, over = (judge(c) for _ in range(3))
        letter = post(c, addressed)
        c.execute(text("UPDATE trips SET contact = '' WHERE id <> :id"), {"id": addressed.trip})
        soon = "UPDATE touches SET last_day = :day WHERE itinerary_id <> (SELECT max(id) FROM itineraries)"
        c.execute(text(soon), {"day": ahead})
        known = {"advisory_id": addressed.advisory, "outbox_id": letter, "reason": "dead", "found_at": NOON}
        c.execute(undelivered.insert().values(known))
        unaddressed.add(c, [(over.advisory, NOON)])
        unit_letters.queue(
            c,
            advisory_id=over.advisory,
            letter="undelivered",
            language="en",
            recipient="unit@example.org",
            message_id="<u1@example.org>",
            body=b"x",
            at=NOON,
        )
    with migrating(engine) as connection:
        command.downgrade(alembic_config(connection), "0036")
    with reading(engine) as c:
        assert c.execute(text("SELECT advisory_id, reason FROM undelivered")).all() == [
            (addressed.advisory, "dead")
        ]
        assert c.scalar(text("SELECT count(*) FROM unit_letters")) == 0
    schema.upgrade(database_url)
    with reading(engine) as c:
        columns = (undelivered.c.advisory_id, undelivered.c.outbox_id, undelivered.c.reason)
        found = c.execute(select(*columns).order_by(undelivered.c.advisory_id))
        assert found.all() == [(addressed.advisory, letter, "dead"), (silent.advisory, None, "unaddressed")]
        (task,) = unaddressed.unannounced(c, datetime.now(UTC))
        assert task.advisory_id == silent.advisory


def test_copying_a_table_leaves_the_rows_that_point_at_it(engine: Engine) -> None:
    with writing(engine) as c:
        post(c, judge(c))
    with migrating(engine) as c:
        operations = Operations(MigrationContext.configure(c))
        how: Literal["always", "never"] = "always" if engine.dialect.name == "sqlite" else "never"
        with operations.batch_alter_table("trips", recreate=how) as batch:
            batch.add_column(Column("purpose", Text))
    with reading(engine) as c:
        assert c.execute(text("SELECT count(*), max(purpose) FROM trips")).one() == (1, None)
        assert c.scalar(text("SELECT count(*) FROM itineraries JOIN trips ON trips.id = trip_id")) == 1


def test_a_migration_that_leaves_rows_pointing_at_nothing_is_undone(engine: Engine) -> None:
    with writing(engine) as c:
        judge(c)
    with pytest.raises(StoreError, match=r"point at nothing|refused a row"), migrating(engine) as c:
        c.execute(text("DELETE FROM trips"))
    with reading(engine) as c:
        assert c.scalar(text("SELECT count(*) FROM trips")) == 1


def test_a_failed_migration_changes_nothing(engine: Engine) -> None:
    before = inventory(engine)
    with pytest.raises(ZeroDivisionError), migrating(engine) as c:
        _half_a_migration(c.execute(text("DROP TABLE desk_letters")))
    assert inventory(engine) == before


def _half_a_migration(_done: object) -> None:
    raise ZeroDivisionError


def test_migrations_are_found_from_any_folder(tmp_path: Path) -> None:
    script = "import sys; from travelrisk.store import schema; schema.upgrade(sys.argv[1])"
    subprocess.run(
        [sys.executable, "-c", script, "sqlite:///here.db"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=True,
    )
    assert schema.is_current(engine_for(f"sqlite:///{tmp_path / 'here.db'}"))
