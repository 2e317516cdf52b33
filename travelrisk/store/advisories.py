"""Advisories, kept for good: what was judged, with which edition and policy, and every reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, insert, select

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.concentration import Aboard
from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.verdicts import Verdict
from travelrisk.store.shapes import aboard_from, advisory_from, canonical
from travelrisk.store.tables import advisories

_COLUMNS: list[ColumnElement[Any]] = [
    advisories.c.id,
    advisories.c.trip_id,
    advisories.c.itinerary_id,
    advisories.c.policy_sha256,
    advisories.c.body,
    advisories.c.audit_seq,
    advisories.c.aboard,
]
_INSERT = insert(advisories).returning(advisories.c.id, sort_by_parameter_order=True)
_SINCE_ITINERARY = (  # runs for each itinerary: building a statement takes longer than running it
    select(*_COLUMNS)
    .where(advisories.c.trip_id == bindparam("trip"), advisories.c.itinerary_id >= bindparam("itinerary"))
    .order_by(advisories.c.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class StoredAdvisory:
    """An advisory with what is needed to make it again.

    *audit_seq* is its entry in the audit trail, *aboard* how many were counted on its flights.
    """

    id: int
    trip_id: int
    itinerary_id: int
    policy_sha256: str
    advisory: Advisory
    audit_seq: int
    aboard: tuple[Aboard, ...] | None = None


class Made(NamedTuple):
    """An advisory to be kept: what was judged, with which policy, and its entry in the audit trail."""

    trip_id: int
    itinerary_id: int
    advisory: Advisory
    policy_sha256: str
    audit_seq: int
    aboard: tuple[Aboard, ...] | None = None


def record(  # noqa: PLR0913 - one for each column, all named
    c: Connection,
    *,
    trip_id: int,
    itinerary_id: int,
    advisory: Advisory,
    policy_sha256: str,
    audit_seq: int,
    aboard: tuple[Aboard, ...] | None = None,
) -> int:
    """Keep an advisory and return its id, as ``record_all``."""
    (number,) = record_all(c, [Made(trip_id, itinerary_id, advisory, policy_sha256, audit_seq, aboard)])
    return number


def record_all(c: Connection, made: Sequence[Made]) -> list[int]:
    """Keep advisories and return their ids, which rise in the given order.

    Their audit entries are appended in the same transaction and before this call: while these wait for their
    turn no other advisory can come between, so that of two advisories of a trip the later one has the greater
    id.
    """
    rows = [
        {
            "trip_id": each.trip_id,
            "itinerary_id": each.itinerary_id,
            "policy_sha256": each.policy_sha256,
            "audit_seq": each.audit_seq,
            "verdict": each.advisory.verdict.word,
            "body": canonical(each.advisory),
            "aboard": None if each.aboard is None else canonical(each.aboard),
        }
        for each in made
    ]
    return list(c.execute(_INSERT, rows).scalars()) if rows else []


def load(c: Connection, advisory_id: int) -> StoredAdvisory:
    """Return the advisory with this id.

    Raises:
        NotFoundError: there is none.
    """
    row = c.execute(select(*_COLUMNS).where(advisories.c.id == advisory_id)).first()
    if row is None:
        raise NotFoundError(f"there is no advisory {advisory_id}")
    return _stored(row)


def by_ids(c: Connection, ids: Sequence[int]) -> dict[int, StoredAdvisory]:
    """Return those of these advisories that there are, by id; some hundreds at most."""
    found = c.execute(select(*_COLUMNS).where(advisories.c.id.in_(ids))) if ids else ()
    return {row.id: _stored(row) for row in found}


def newest(c: Connection, trip_id: int) -> StoredAdvisory | None:
    """Return the latest advisory of a trip."""
    mine = select(*_COLUMNS).where(advisories.c.trip_id == trip_id)
    row = c.execute(mine.order_by(advisories.c.id.desc()).limit(1)).first()
    return _stored(row) if row else None


def since_itinerary(c: Connection, trip_id: int, itinerary_id: int) -> StoredAdvisory | None:
    """Return the latest advisory on an itinerary of a trip or a later one; None where there is none yet."""
    row = c.execute(_SINCE_ITINERARY, {"trip": trip_id, "itinerary": itinerary_id}).first()
    return _stored(row) if row else None


def newest_on(c: Connection, itinerary_ids: Sequence[int]) -> dict[int, StoredAdvisory]:
    """Return the latest advisory of each of these itineraries that has one; some hundreds at most."""
    latest = (
        select(func.max(advisories.c.id))
        .where(advisories.c.itinerary_id.in_(itinerary_ids))
        .group_by(advisories.c.itinerary_id)
    )
    found = map(_stored, c.execute(select(*_COLUMNS).where(advisories.c.id.in_(latest))))
    return {each.itinerary_id: each for each in found}


def newest_ids(c: Connection, trip_ids: Sequence[int]) -> dict[int, int]:
    """Return the id of the latest advisory of each of these trips that has one; some hundreds at most."""
    mine = advisories.c.trip_id.in_(trip_ids)
    query = select(advisories.c.trip_id, func.max(advisories.c.id)).where(mine)
    return {row[0]: row[1] for row in c.execute(query.group_by(advisories.c.trip_id))}


def of_trip(c: Connection, trip_id: int) -> tuple[StoredAdvisory, ...]:
    """Return every advisory of a trip, the oldest first."""
    mine = select(*_COLUMNS).where(advisories.c.trip_id == trip_id).order_by(advisories.c.id)
    return tuple(_stored(row) for row in c.execute(mine))


def tallies(c: Connection) -> dict[Verdict, int]:
    """Return how many trips stand at each verdict now, by the latest advisory of each."""
    latest = select(func.max(advisories.c.id)).group_by(advisories.c.trip_id)
    rows = c.execute(
        select(advisories.c.verdict, func.count())
        .where(advisories.c.id.in_(latest))
        .group_by(advisories.c.verdict)
    )
    found = {Verdict.from_word(word): number for word, number in rows}
    return {verdict: found.get(verdict, 0) for verdict in Verdict}


def _stored(row: Row[Any]) -> StoredAdvisory:
    return StoredAdvisory(
        row.id,
        row.trip_id,
        row.itinerary_id,
        row.policy_sha256,
        advisory_from(row.body),
        row.audit_seq,
        None if row.aboard is None else aboard_from(row.aboard),
    )
