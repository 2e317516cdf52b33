"""Ratings, cautions, services, authorisations by edition: opened in one, closed in a later one, never edited.

An edition never changes once it is published, so a Snapshot may be kept for as long as ``mark`` stays. Its
number alone will not do: after a restore, another edition comes to have the number of one that was lost.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, func, insert, or_, select, update

from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.domain.ratings import Record, Snapshot, Subject, snapshot_of, subject_of
from travelrisk.store import audit, rescreenings
from travelrisk.store.database import serialise
from travelrisk.store.rescreenings import Cause
from travelrisk.store.shapes import canonical, record_from, record_text, sha256
from travelrisk.store.tables import audit as audit_entries
from travelrisk.store.tables import editions, people
from travelrisk.store.tables import records as table

_LOCK: Final = 0x7452_0002
_NAMED: Final = 5  # ids named in a message
_AT_ONCE: Final = 500  # ids in one IN (...); SQLite takes a few thousand values


class Edition(NamedTuple):
    """When an edition was published, by whom, and why."""

    number: int
    published_at: datetime
    actor: str
    note: str


def publish(  # noqa: PLR0913 - the parts of an edition, all named
    c: Connection, *, opened: Sequence[Record], closed: Sequence[str], actor: str, note: str, at: datetime
) -> int:
    """Close and open records in one new edition, and return its number; editions wait for one another.

    Args:
        c: connection in a writing transaction.
        opened: new records; their ids have never been used, their own editions are ignored.
        closed: ids of records that are open now.
        actor: who publishes.
        note: why, in a sentence.
        at: aware time.

    Raises:
        BadInputError: nothing to publish, an id to open is in use, an id to close is not open.
    """
    if not opened and not closed:
        raise BadInputError("nothing to publish: the change opens no record and closes none")
    opening = [record.id for record in opened]
    _check_ids(opening, closed)
    serialise(c, _LOCK)
    _refuse("already in use, also by closed records: give each new record a new id", _found(c, opening))
    still_open = _found(c, closed, table.c.closed_in.is_(None))
    _refuse("not open: look at the newest edition and close what is open there", set(closed) - still_open)
    number = current_edition(c) + 1
    bodies = [record_text(record) for record in opened]
    seq = audit.append(
        c,
        kind="edition.published",
        actor=actor,
        at=at,
        subject=f"edition:{number}",
        body={
            "opened": opening,
            "closed": list(closed),
            "opened_sha256": sha256(canonical(bodies)),
            "note_sha256": sha256(note),
        },
    )
    edition = {"number": number, "published_at": at, "actor": actor, "note": note, "audit_seq": seq}
    c.execute(insert(editions), edition)
    for some in _batches(closed):
        c.execute(update(table).where(table.c.id.in_(some)).values(closed_in=number))
    if opened:
        c.execute(insert(table), [_row(*pair, number) for pair in zip(opened, bodies, strict=True)])
    rescreenings.add(c, Cause.EDITION, str(number), at)  # whom it concerns is found and told by a worker
    return number


def hold(c: Connection, *, alone: bool = False) -> int:
    """Keep publishing out until this transaction ends, and return the current edition.

    A verdict is written under this hold, after checking that it was made with this edition. Whoever is going
    to publish in the same transaction holds it *alone*: two that share it would wait for one another for
    ever.
    """
    serialise(c, _LOCK, shared=not alone)
    return current_edition(c)


def current_edition(c: Connection) -> int:
    """Return the number of the newest edition; 0 where none was published yet."""
    return c.scalar(select(func.max(editions.c.number))) or 0


def mark(c: Connection) -> str:
    """Return what tells the newest edition apart from any other that ever was; empty where there is none.

    It is its hash in the audit trail, which rests on all that was published before.
    """
    newest = select(audit_entries.c.hash).join_from(editions, audit_entries)
    return c.scalar(newest.order_by(editions.c.number.desc()).limit(1)) or ""


def snapshot(c: Connection, edition: int | None = None) -> Snapshot:
    """Return everything believed in *edition* (None = the newest one), as it was known then.

    A record that was closed later stands there without ``closed_in``: an advisory made again from an old
    edition is equal to the one made at the time.

    Raises:
        NotFoundError: there is no such edition.
    """
    wanted = current_edition(c) if edition is None else edition
    return snapshot_of(wanted, known_in(c, wanted))


def known_in(c: Connection, edition: int) -> tuple[Record, ...]:
    """Return the records open in *edition*, as they were known then; edition 0 has none.

    Raises:
        NotFoundError: there is no such edition.
    """
    newest = current_edition(c)
    if not 0 <= edition <= newest:
        raise NotFoundError(f"there is no edition {edition}: the newest is {newest}")
    rows = c.execute(
        select(table.c.body, table.c.opened_in).where(
            table.c.opened_in <= edition, or_(table.c.closed_in.is_(None), table.c.closed_in > edition)
        )
    )
    return tuple(record_from(row.body, row.opened_in, None) for row in rows)


def records(c: Connection, subject: Subject) -> tuple[Record, ...]:
    """Return all records about *subject*, closed ones too, the newest first."""
    return _records(c, table.c.subject == str(subject))


def in_force(c: Connection) -> tuple[Record, ...]:
    """Return the records open in the newest edition, the newest first."""
    return _records(c, table.c.closed_in.is_(None))


def of_kind(c: Connection, record: str) -> tuple[Record, ...]:
    """Return all records of a kind (``authorisation``), closed ones too, the newest first."""
    return _records(c, table.c.record == record)


def changed_in(c: Connection, edition: int) -> tuple[tuple[Record, ...], tuple[Record, ...]]:
    """Return the records that *edition* opened, and those that it closed."""
    return _records(c, table.c.opened_in == edition), _records(c, table.c.closed_in == edition)


def ids(c: Connection) -> tuple[str, ...]:
    """Return the ids of all records that were ever opened; none of them is used again."""
    return tuple(c.scalars(select(table.c.id)))


def subjects_of(c: Connection, bases: Sequence[str]) -> dict[str, Subject]:
    """Return under which subject each base id is filed, closed records too; what is unknown is left out."""
    found: dict[str, Subject] = {}
    for some in _batches(bases):
        found.update({each.id: subject_of(each) for each in _records(c, table.c.id.in_(some))})
    return found


def edition_facts(c: Connection, number: int) -> Edition:
    """Return when edition *number* was published, by whom and why.

    Raises:
        NotFoundError: there is no such edition.
    """
    wanted = select(editions.c.number, editions.c.published_at, editions.c.actor, editions.c.note)
    row = c.execute(wanted.where(editions.c.number == number)).first()
    if row is None:
        raise NotFoundError(f"there is no edition {number}: the newest is {current_edition(c)}")
    return Edition(*row)


def editions_between(c: Connection, after: int, last: int) -> tuple[Edition, ...]:
    """Return the editions after one up to another, which is included, the oldest first."""
    columns = (editions.c.number, editions.c.published_at, editions.c.actor, editions.c.note)
    wanted = select(*columns).where(editions.c.number > after, editions.c.number <= last)
    return tuple(Edition(*row) for row in c.execute(wanted.order_by(editions.c.number)))


def edition_before(c: Connection, moment: datetime) -> int:
    """Return the newest edition that was published before a moment; 0 where none was."""
    return c.scalar(select(func.max(editions.c.number)).where(editions.c.published_at < moment)) or 0


def seen_by(c: Connection, person_id: str) -> int:
    """Return the newest edition that somebody has looked at; 0 for whoever never looked.

    What is kept is the moment that edition was published. Its own moment is asked for first: where a clock
    was set back, a later edition may bear an earlier one.
    """
    moment = c.scalar(select(people.c.looked_at).where(people.c.id == person_id))
    if moment is None:
        return 0
    newest = select(func.max(editions.c.number))
    exactly = c.scalar(newest.where(editions.c.published_at == moment))
    return exactly or c.scalar(newest.where(editions.c.published_at < moment)) or 0


def mark_seen(c: Connection, person_id: str, edition: Edition) -> None:
    """Keep that somebody has looked at everything up to an edition.

    Raises:
        NotFoundError: there is nobody with this id.
    """
    mine = update(people).where(people.c.id == person_id)
    if c.execute(mine.values(looked_at=edition.published_at)).rowcount != 1:
        raise NotFoundError(f"there is nobody with the id {person_id}")


def _records(c: Connection, wanted: ColumnElement[bool]) -> tuple[Record, ...]:
    rows = c.execute(
        select(table.c.body, table.c.opened_in, table.c.closed_in)
        .where(wanted)
        .order_by(table.c.opened_in.desc(), table.c.id)
    )
    return tuple(record_from(*row) for row in rows)


def _row(record: Record, body: str, number: int) -> dict[str, Any]:
    return {
        "id": record.id,
        "record": record.record,
        "subject": str(subject_of(record)),
        "body": body,
        "opened_in": number,
        "closed_in": None,
    }


def _check_ids(opening: Sequence[str], closing: Sequence[str]) -> None:
    for ids, does in ((opening, "opened"), (closing, "closed")):
        twice = {each for each, times in Counter(ids).items() if times > 1}
        _refuse(f"{does} twice in this change: keep one of them", twice)
    unfit = {each for each in opening if not each or not audit.is_word(each)}
    _refuse("unfit as ids: use up to 128 letters, digits and . : - _ without blanks", unfit)


def _found(c: Connection, ids: Sequence[str], *conditions: ColumnElement[bool]) -> set[str]:
    found: set[str] = set()
    for some in _batches(ids):
        found.update(c.scalars(select(table.c.id).where(table.c.id.in_(some), *conditions)))
    return found


def _batches(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))


def _refuse(trouble: str, ids: set[str]) -> None:
    if not ids:
        return
    some = sorted(ids)[:_NAMED]
    more = f" and {len(ids) - len(some)} more" if len(ids) > len(some) else ""
    raise BadInputError(f"{', '.join(some)}{more}: {trouble}")
