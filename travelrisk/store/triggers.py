"""The triggers that keep rows as they were written, listed once for both databases.

They are made again after every migration, because Alembic's batch mode loses the triggers of a table it
copies.
"""

from collections.abc import Collection
from typing import Final

from travelrisk.store.tables import records

APPEND_ONLY: Final = (
    "audit",
    "editions",
    "originals",
    "evidence_files",
    "policies",
    "itineraries",
    "advisories",
    "steps",
    "requirements",
    "desk_steps",
)
_KEPT: Final = tuple(column.name for column in records.columns if column.name != "closed_in")
_NEWEST: Final = "(SELECT max(number) FROM editions)"
_CLOSES: Final = "records are never edited: close the row in a new edition, and open another"
_OPENS: Final = "a record opens in the newest edition only"


def statements(dialect: str, present: Collection[str]) -> tuple[str, ...]:
    """Return the SQL that makes every trigger anew.

    Args:
        dialect: ``sqlite`` or ``postgresql``.
        present: tables that there are; an older version has fewer.
    """
    kept = tuple(each for each in APPEND_ONLY if each in present)
    return _postgres(kept) if dialect == "postgresql" else _sqlite(kept)


def _sqlite(append_only: tuple[str, ...]) -> tuple[str, ...]:
    kept = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in _KEPT)
    closes = f"OLD.closed_in IS NULL AND NEW.closed_in = {_NEWEST}"
    made = [
        (f"{table}_no_{verb.lower()}", f"BEFORE {verb} ON {table}", f"{table} is append-only")
        for table in append_only
        for verb in ("UPDATE", "DELETE")
    ]
    made += [
        ("records_no_delete", "BEFORE DELETE ON records", _CLOSES),
        (
            "records_only_close",
            f"BEFORE UPDATE ON records WHEN ({kept} AND {closes}) IS NOT TRUE",
            _CLOSES,
        ),
        (
            "records_open_newest",
            f"BEFORE INSERT ON records WHEN NEW.opened_in IS NOT {_NEWEST} OR NEW.closed_in IS NOT NULL",
            _OPENS,
        ),
    ]
    drop = tuple(f"DROP TRIGGER IF EXISTS {name}" for name, _, _ in made)
    create = tuple(
        f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{words}'); END"
        for name, when, words in made
    )
    return drop + create


def _postgres(append_only: tuple[str, ...]) -> tuple[str, ...]:
    made = [
        (f"{table}_append_only", table, "UPDATE OR DELETE OR TRUNCATE", "STATEMENT", "travelrisk_append_only")
        for table in append_only
    ]
    made += [
        ("records_no_delete", "records", "DELETE OR TRUNCATE", "STATEMENT", "travelrisk_records_no_delete"),
        ("records_only_close", "records", "UPDATE", "ROW", "travelrisk_records_only_close"),
        ("records_open_newest", "records", "INSERT", "ROW", "travelrisk_records_open_newest"),
    ]
    kept = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in _KEPT)
    functions = (
        _function(
            "travelrisk_append_only", "RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only';"
        ),
        _function("travelrisk_records_no_delete", f"RAISE EXCEPTION '{_CLOSES}';"),
        _function(
            "travelrisk_records_only_close",
            f"IF {kept} AND OLD.closed_in IS NULL AND NEW.closed_in = {_NEWEST} THEN RETURN NEW; END IF;"
            f" RAISE EXCEPTION '{_CLOSES}';",
        ),
        _function(
            "travelrisk_records_open_newest",
            f"IF NEW.opened_in = {_NEWEST} AND NEW.closed_in IS NULL THEN RETURN NEW; END IF;"
            f" RAISE EXCEPTION '{_OPENS}';",
        ),
    )
    drop = tuple(f"DROP TRIGGER IF EXISTS {name} ON {table}" for name, table, *_ in made)
    create = tuple(
        f"CREATE TRIGGER {name} BEFORE {verbs} ON {table} FOR EACH {scope} EXECUTE FUNCTION {function}()"
        for name, table, verbs, scope, function in made
    )
    return functions + drop + create


def _function(name: str, body: str) -> str:
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
