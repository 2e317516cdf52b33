"""Encrypting what stood in the database before, in clear or under an older key: any step may be repeated.

What the database itself looks for is encrypted at one stroke with the choice of the key: half of it under
another key would not be found. All else is opened wherever it stands, and follows piece by piece.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    RowMapping,
    Table,
    TableClause,
    and_,
    bindparam,
    column,
    delete,
    func,
    insert,
    inspect,
    literal,
    or_,
    select,
    table,
    tuple_,
    update,
)
from sqlalchemy.types import TypeEngine

from travelrisk.store import keyring
from travelrisk.store.database import learn_keys, reading, serialise, transact
from travelrisk.store.erasing import sweep
from travelrisk.store.keyring import EncryptedError, Keyring
from travelrisk.store.personal import ERASED
from travelrisk.store.tables import METADATA, data_keys
from travelrisk.store.tables.columns import Encrypted

_AT_ONCE: Final = 50  # rows in memory at a time; a document has some megabytes
_LOCK: Final = 0x7452_0034


class Standing(NamedTuple):
    """How a database stands: with which key it is written, and whether all of it stands under that key."""

    is_encrypted: bool
    is_own: bool  # under the key of the present secret
    is_finished: bool


class _Part(NamedTuple):
    """Columns of a table that are encrypted together; *keys* is its primary key."""

    table: Table
    keys: tuple[str, ...]
    columns: dict[str, Encrypted]


def standing(engine: Engine) -> Standing:
    """Return how the database stands.

    Raises:
        EncryptedError: a secret is missing, and the message names its setting; or no key is listed although
            something is encrypted.
        StoreError: the database cannot be read.
    """
    with reading(engine) as c:
        ring = Keyring(keyring.of(engine.dialect).secrets)
        learn_keys(c, ring)
        ring.check()
        if not ring.in_use and inspect(c).has_table(data_keys.name):
            _refuse_unlisted(c)
        newest = select(data_keys.c.finished_at).order_by(data_keys.c.id.desc()).limit(1)
        finished = c.scalar(newest) if ring.in_use else None
    return Standing(bool(ring.in_use), is_own=ring.is_own, is_finished=finished is not None)


def _refuse_unlisted(c: Connection) -> None:
    """Refuse a database of which no key is listed, while its first or last rows are encrypted."""
    for part in (*_parts(findable=True), *_parts(findable=False)):
        raw = _as_it_stands(part)
        keys = [raw.c[name] for name in part.keys]
        ends = select(*(raw.c[name] for name in part.columns)).limit(1)
        for end in (ends.order_by(*keys), ends.order_by(*(key.desc() for key in keys))):
            row = c.execute(end).first()
            if row is not None and any(map(keyring.is_closed, row)):
                raise EncryptedError(
                    "the database holds what is encrypted and lists no key: somebody took that out of the"
                    " table data_keys, and what comes in would stand in clear. Find out who had access; then"
                    " stop serve and worker, and run travelrisk db upgrade, which lists the key again"
                )


def begin(engine: Engine, at: datetime) -> bool:
    """Write with the key of the present secret from now on; False where that was so already.

    Nothing else should be at work: whoever began before this ends looks for values as they stood then.

    Raises:
        EncryptedError: no secret is set, or that of what is encrypted already is missing.
    """
    ring = keyring.of(engine.dialect)
    if not ring.own:
        raise EncryptedError("TRAVELRISK_SECRET_KEY is not set: there is nothing to encrypt with")

    def work(c: Connection) -> bool:
        serialise(c, _LOCK)
        learn_keys(c, ring)
        ring.check()
        if ring.is_own:
            return False
        c.execute(delete(data_keys).where(data_keys.c.name == ring.own))
        c.execute(insert(data_keys).values(name=ring.own, begun_at=at))
        learn_keys(c, ring)
        for part in _parts(findable=True):
            sum(_pieces(partial(_renew, c, ring, part)))
        if not any(map(partial(_holds_any, c), METADATA.sorted_tables)):
            _finish(c, at)
        return True

    try:
        return transact(engine, work)
    except BaseException:
        ring.in_use, ring.is_whole = (), False  # undone: the next transaction reads which key it is
        raise


def go_on(engine: Engine, at: datetime, stopping: Callable[[], bool] = lambda: False) -> int:
    """Encrypt what still stands otherwise, and return how many rows those were.

    Once nothing is left, older keys are forgotten, and what the file of SQLite still holds in free pages.
    """
    found = standing(engine)
    if not found.is_own or found.is_finished:
        return 0
    total = 0
    for part in (*_parts(findable=False), *_parts(findable=True)):
        for done in _pieces(partial(_in_its_own, engine, part)):
            total += done
            if stopping():
                return total
    sweep(engine)
    transact(engine, lambda c: _finish(c, at))
    return total


def _finish(c: Connection, at: datetime) -> None:
    newest = select(func.max(data_keys.c.id)).scalar_subquery()
    c.execute(delete(data_keys).where(data_keys.c.id < newest))
    c.execute(update(data_keys).values(finished_at=at))


def _holds_any(c: Connection, table: Table) -> bool:
    is_personal = any(isinstance(each.type, Encrypted) for each in table.columns)
    return is_personal and c.execute(select(*table.primary_key).limit(1)).first() is not None


def _in_its_own(engine: Engine, part: _Part, past: Sequence[Any]) -> tuple[int, Sequence[Any]]:
    """Renew some rows in a transaction of their own."""
    return transact(engine, lambda c: _renew(c, keyring.of(engine.dialect), part, past))


def _parts(*, findable: bool) -> Iterator[_Part]:
    for each in METADATA.sorted_tables:
        columns = {
            one.name: one.type
            for one in each.columns
            if isinstance(one.type, Encrypted) and one.type.findable is findable
        }
        if columns:
            yield _Part(each, tuple(one.name for one in each.primary_key), columns)


def _pieces(renew: Callable[[Sequence[Any]], tuple[int, Sequence[Any]]]) -> Iterator[int]:
    done, past = renew(())
    while done:
        yield done
        done, past = renew(past)


def _renew(c: Connection, ring: Keyring, part: _Part, past: Sequence[Any]) -> tuple[int, Sequence[Any]]:
    """Renew some rows beyond the primary key *past*; return how many, and how far that was."""
    raw = _as_it_stands(part)
    keys = [raw.c[name] for name in part.keys]
    old = (_is_old(raw.c[name], kind, ring.head) for name, kind in part.columns.items())
    query = select(raw).where(or_(*old)).order_by(*keys).limit(_AT_ONCE).with_for_update()
    if past:
        query = query.where(tuple_(*keys) > tuple_(*map(literal, past)))
    rows = c.execute(query).mappings().all()
    if not rows:
        return 0, ()
    change = update(raw).where(*(key == bindparam(f"old_{key.name}") for key in keys))
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in part.columns}
    c.execute(change.values(values), [_renewed(ring, part, row) for row in rows])
    return len(rows), [rows[-1][name] for name in part.keys]


def _renewed(ring: Keyring, part: _Part, row: RowMapping) -> dict[str, Any]:
    keys = {f"old_{name}": row[name] for name in part.keys}
    return keys | {f"new_{name}": kind.renewed(ring, row[name]) for name, kind in part.columns.items()}


def _as_it_stands(part: _Part) -> TableClause:
    """Return a table without our types: they would open what it holds, and find only what is renewed."""
    names = dict.fromkeys((*part.keys, *part.columns))
    return table(part.table.name, *(column(name, _plain(part.table.c[name].type)) for name in names))


def _plain(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    return kind.impl_instance if isinstance(kind, Encrypted) else kind


def _is_old(value: ColumnElement[Any], kind: Encrypted, head: str) -> ColumnElement[bool]:
    start = func.substr(value, 1, keyring.HEAD, type_=_plain(kind))
    old = and_(func.length(value) > 0, start != (head.encode() if kind.is_binary else head))
    if kind.erasable:
        return and_(old, func.substr(value, 1, len(ERASED)) != ERASED)
    return old
