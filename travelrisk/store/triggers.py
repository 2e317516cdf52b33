"""The triggers that keep rows as they were written, listed once for both databases.

They are made again after every migration, because Alembic's batch mode loses the triggers of a table it
copies. What is about people gives way to an erasure, and to nothing else (see ``erasing``): a row may be
emptied while its own erasure is unfinished, and keeps its ids, its verdict and its place in the trail. Its
values may be encrypted too, while all else stays as it is: who has not got the key writes none that opens.
"""

from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from travelrisk.store.keyring import MARK
from travelrisk.store.personal import ERASED
from travelrisk.store.tables import (
    METADATA,
    advisories,
    desk_steps,
    erasures,
    given_addresses,
    itineraries,
    originals,
    records,
)
from travelrisk.store.tables.columns import Encrypted

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
    "given_addresses",
)
_KEPT: Final = tuple(column.name for column in records.columns if column.name != "closed_in")
_NEWEST: Final = "(SELECT max(number) FROM editions)"
_CLOSES: Final = "records are never edited: close the row in a new edition, and open another"
_OPENS: Final = "a record opens in the newest edition only"
_OPEN: Final = "EXISTS (SELECT 1 FROM erasures WHERE unfinished = 0{which})"
_OF_TRIP: Final = _OPEN.format(which=" AND trip_id = OLD.trip_id")
_ENDING: Final = _OPEN.format(which=" AND trip_id = OLD.trip_id AND cause = 'end'")
_ANY: Final = _OPEN.format(which="")


class _Erasable(NamedTuple):
    """When a row of a table may be changed, and when deleted; all else is refused."""

    table: str
    update: str
    delete: str


def _same(*names: str) -> str:
    return " AND ".join(f"NEW.{name} = OLD.{name}" for name in names)


def _emptied(row: str) -> str:
    return f"substr({row}.body, 1, {len(ERASED)}) = '{ERASED}'"


_ERASABLE: Final = (
    _Erasable(
        itineraries.name,
        f"{_same('id', 'trip_id', 'position', 'added_at')} AND NEW.original IS NULL"
        f" AND NEW.content_sha256 = '' AND {_emptied('NEW')} AND {_OF_TRIP}",
        f"{_emptied('OLD')} AND {_ENDING}",
    ),
    _Erasable(
        advisories.name,
        f"{_same('id', 'trip_id', 'itinerary_id', 'policy_sha256', 'audit_seq', 'verdict')}"
        f" AND NEW.aboard IS NULL AND {_emptied('NEW')} AND {_OF_TRIP}",
        f"{_emptied('OLD')} AND {_ENDING}",
    ),
    _Erasable(
        originals.name,
        # What was emptied may be filled again when the same bytes arrive.
        f"{_same('sha256')} AND (length(OLD.content) = 0"
        f" OR (length(NEW.content) = 0 AND NEW.name = '' AND {_ANY}))",
        f"length(OLD.content) = 0 AND {_ANY}",
    ),
    _Erasable(desk_steps.name, "1 = 0", _OF_TRIP),
    _Erasable(given_addresses.name, "1 = 0", _OF_TRIP),
    _Erasable(
        erasures.name,
        f"{_same('id', 'cause', 'at', 'audit_seq')} AND OLD.unfinished = 0 AND NEW.unfinished IS NULL"
        " AND coalesce(NEW.trip_id, 0) = coalesce(OLD.trip_id, 0)",
        "1 = 0",
    ),
)


def _encrypts(table: str, dialect: str) -> str:
    """Return when a change of a row encrypts, or encrypts anew, what was there, and nothing else."""
    same, binary = ("IS NOT DISTINCT FROM", "bytea") if dialect == "postgresql" else ("IS", "BLOB")
    kept, closed = [], []
    for column in METADATA.tables[table].columns:
        old, new = f"OLD.{column.name}", f"NEW.{column.name}"
        if not isinstance(column.type, Encrypted):
            kept.append(f"{new} {same} {old}")
            continue
        mark = f"CAST('{MARK}' AS {binary})" if column.type.is_binary else f"'{MARK}'"
        left = f" AND NOT {_emptied('OLD')}" if column.type.erasable else ""
        changed = f"NOT ({new} {same} {old}) AND length({old}) > 0"
        closed.append(f"({changed} AND substr({new}, 1, {len(MARK)}) = {mark}{left})")
        kept.append(f"({new} {same} {old} OR {closed[-1]})")
    return f"{' AND '.join(kept)} AND ({' OR '.join(closed) or '1 = 0'})"


def statements(dialect: str, present: Collection[str]) -> tuple[str, ...]:
    """Return the SQL that makes every trigger anew.

    Args:
        dialect: ``sqlite`` or ``postgresql``.
        present: tables that there are; an older version has fewer; without erasures nothing gives way.
    """
    can_erase = erasures.name in present
    erasable = tuple(
        each._replace(update=f"({each.update}) OR ({_encrypts(each.table, dialect)})")
        for each in _ERASABLE
        if can_erase and each.table in present
    )
    names = frozenset(each.table for each in erasable)
    closed = tuple(table for table in APPEND_ONLY if table in present and table not in names)
    return _postgres(closed, erasable) if dialect == "postgresql" else _sqlite(closed, erasable)


def _sqlite(closed: tuple[str, ...], erasable: tuple[_Erasable, ...]) -> tuple[str, ...]:
    kept = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in _KEPT)
    closes = f"OLD.closed_in IS NULL AND NEW.closed_in = {_NEWEST}"
    made = [
        (f"{table}_no_{verb.lower()}", f"BEFORE {verb} ON {table}", f"{table} is append-only")
        for table in closed
        for verb in ("UPDATE", "DELETE")
    ]
    made += [
        (
            f"{each.table}_no_{verb.lower()}",
            f"BEFORE {verb} ON {each.table} WHEN ({allowed}) IS NOT TRUE",
            f"{each.table} is append-only",
        )
        for each in erasable
        for verb, allowed in (("UPDATE", each.update), ("DELETE", each.delete))
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


def _postgres(closed: tuple[str, ...], erasable: tuple[_Erasable, ...]) -> tuple[str, ...]:
    always = "UPDATE OR DELETE OR TRUNCATE"
    made = [
        (f"{table}_append_only", table, verbs, "STATEMENT", "travelrisk_append_only")
        for table, verbs in (
            *((table, always) for table in closed),
            *((each.table, "TRUNCATE") for each in erasable),
        )
    ]
    made += [
        (f"{each.table}_erased_only", each.table, "UPDATE OR DELETE", "ROW", _erased_only(each.table))
        for each in erasable
    ]
    made += [
        ("records_no_delete", "records", "DELETE OR TRUNCATE", "STATEMENT", "travelrisk_records_no_delete"),
        ("records_only_close", "records", "UPDATE", "ROW", "travelrisk_records_only_close"),
        ("records_open_newest", "records", "INSERT", "ROW", "travelrisk_records_open_newest"),
    ]
    drop = tuple(f"DROP TRIGGER IF EXISTS {name} ON {table}" for name, table, *_ in made)
    create = tuple(
        f"CREATE TRIGGER {name} BEFORE {verbs} ON {table} FOR EACH {scope} EXECUTE FUNCTION {function}()"
        for name, table, verbs, scope, function in made
    )
    return (*_functions(erasable), *drop, *create)


def _functions(erasable: tuple[_Erasable, ...]) -> Iterator[str]:
    kept = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in _KEPT)
    refuse = "RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only';"
    yield _function("travelrisk_append_only", refuse)
    for each in erasable:
        yield _function(
            _erased_only(each.table),
            f"IF TG_OP = 'UPDATE' THEN IF {each.update} THEN RETURN NEW; END IF;"
            f" ELSIF {each.delete} THEN RETURN OLD; END IF; {refuse}",
        )
    yield _function("travelrisk_records_no_delete", f"RAISE EXCEPTION '{_CLOSES}';")
    yield _function(
        "travelrisk_records_only_close",
        f"IF {kept} AND OLD.closed_in IS NULL AND NEW.closed_in = {_NEWEST} THEN RETURN NEW; END IF;"
        f" RAISE EXCEPTION '{_CLOSES}';",
    )
    yield _function(
        "travelrisk_records_open_newest",
        f"IF NEW.opened_in = {_NEWEST} AND NEW.closed_in IS NULL THEN RETURN NEW; END IF;"
        f" RAISE EXCEPTION '{_OPENS}';",
    )


def _erased_only(table: str) -> str:
    return f"travelrisk_{table}_erased_only"


def _function(name: str, body: str) -> str:
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
