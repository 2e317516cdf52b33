"""Trips and their itineraries: a reference to say on the phone, a secret token for the link in a letter."""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningInsert

from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.texts import Language
from travelrisk.store import asides, segments
from travelrisk.store.database import insert_unless
from travelrisk.store.offices import LENGTH, PREFIX, within
from travelrisk.store.shapes import canonical, itinerary_from, sha256
from travelrisk.store.tables import advisories, cancellations, itineraries, trips

_UNMISTAKABLE: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0 and O, no 1, I and L, no U beside V
_TOKEN_BYTES: Final = 16
_ADD: Final = insert(itineraries).returning(itineraries.c.id)


_TRIP: Final = (
    trips.c.id,
    trips.c.reference,
    trips.c.token,
    trips.c.contact,
    trips.c.language,
    trips.c.created_at,
    trips.c.office,
    trips.c.second_contact,
)


class Version(NamedTuple):
    """One itinerary of a trip, and when it was added."""

    itinerary_id: int
    added_at: datetime


class Stored(NamedTuple):
    """An itinerary with its trip, and when it was added."""

    trip: "Trip"
    itinerary_id: int
    itinerary: Itinerary
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Trip:
    """One journey of one traveller; whoever holds the *token* may see it.

    Attributes:
        reference: ``TR-7KQ2M9``, for people; it opens nothing.
        token: 128 random bits, safe in a URL.
        contact: address the letters go to; may be empty.
        office: the one that travels; empty where nobody said it.
        second_contact: where a warning goes that *contact* did not take; None = nowhere.
    """

    id: int
    reference: str
    token: str
    contact: str
    language: Language
    created_at: datetime
    office: str = ""
    second_contact: str | None = None


class Origin(NamedTuple):
    """Where an itinerary was read: the document (None = it was made of the one before it), and the place."""

    itinerary_id: int
    original: str | None
    position: int
    added_at: datetime


def new_trip(c: Connection, *, contact: str, language: Language, at: datetime, office: str = "") -> Trip:
    """Open a trip with a fresh reference and token; *office* is the one that travels, empty where unknown."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    row = {
        "token": token,
        "token_sha256": sha256(token),
        "contact": contact,
        "language": language,
        "created_at": at,
        "office": office,
    }
    unless_taken = _open_unless_taken(c.dialect.name)
    number: int | None = None
    while number is None:
        reference = PREFIX + "".join(secrets.choice(_UNMISTAKABLE) for _ in range(LENGTH))
        number = c.scalar(unless_taken, row | {"reference": reference})
    return Trip(number, reference, token, contact, language, at, office)


def readdress(c: Connection, trip: Trip, *, contact: str, language: Language) -> Trip:
    """Let the letters of a trip go to another address from now on."""
    c.execute(update(trips).where(trips.c.id == trip.id).values(contact=contact, language=language))
    return replace(trip, contact=contact, language=language)


def find(c: Connection, token: str) -> Trip | None:
    """Return the trip this token opens.

    The index is searched for the token's hash, so that the time of the answer tells nothing about other
    tokens.
    """
    wanted = sha256(token.encode("utf-8", "replace"))
    trip = _trip(c, trips.c.token_sha256 == wanted)
    known = trip.token if trip else ""
    return trip if hmac.compare_digest(sha256(known), wanted) else None


def by_reference(c: Connection, reference: str) -> Trip | None:
    """Return the trip with this reference; case and blanks around it do not matter."""
    return _trip(c, trips.c.reference == reference.strip().upper())


def of_office(c: Connection, reference: str, office: str | None) -> Trip | None:
    """Return the trip with this reference, if whoever looks may see it: the one way to a trip for a viewer.

    Args:
        c: connection.
        reference: case and blanks around it do not matter.
        office: as for ``offices.within``.
    """
    return _trip(c, (trips.c.reference == reference.strip().upper()) & within(office))


def add_second(c: Connection, trip_id: int, second_contact: str) -> None:
    """Let warnings that the contact of a trip does not take go to another address too."""
    c.execute(update(trips).where(trips.c.id == trip_id).values(second_contact=second_contact))


def by_id(c: Connection, trip_id: int) -> Trip:
    """Return the trip with this id.

    Raises:
        NotFoundError: there is none.
    """
    trip = _trip(c, trips.c.id == trip_id)
    if trip is None:
        raise NotFoundError(f"there is no trip {trip_id}")
    return trip


def hold(c: Connection, trip_id: int) -> None:
    """Let nobody else change a trip until this transaction ends."""
    c.execute(select(trips.c.id).where(trips.c.id == trip_id).with_for_update())


def add_itinerary(  # noqa: PLR0913 - one for each column, named where they could be mixed up
    c: Connection, trip_id: int, itinerary: Itinerary, *, original: str | None, position: int, at: datetime
) -> int:
    """Add an itinerary to a trip and return its id; from now on it is the one that the index finds.

    Args:
        c: connection in a writing transaction.
        trip_id: whose journey it is.
        itinerary: as settled.
        original: SHA-256 of the kept document it was read from; None where there was no document.
        position: which itinerary of the document, from 0.
        at: aware time.
    """
    body = canonical(itinerary)
    row = {
        "trip_id": trip_id,
        "original": original,
        "position": position,
        "content_sha256": sha256(body),
        "body": body,
        "added_at": at,
    }
    number: int = c.execute(_ADD, row).scalar_one()
    segments.index(c, trip_id, number, itinerary)
    asides.index(c, number, itinerary)
    return number


def itinerary(c: Connection, itinerary_id: int) -> Itinerary:
    """Return the itinerary with this id.

    Raises:
        NotFoundError: there is none.
    """
    return stored(c, itinerary_id).itinerary


def stored(c: Connection, itinerary_id: int) -> Stored:
    """Return the itinerary with this id, its trip, and since when it is known.

    Raises:
        NotFoundError: there is none.
    """
    columns = (*_TRIP, itineraries.c.id, itineraries.c.body, itineraries.c.added_at)
    query = select(*columns).join(itineraries, itineraries.c.trip_id == trips.c.id)
    row = c.execute(query.where(itineraries.c.id == itinerary_id)).first()
    if row is None:
        raise NotFoundError(f"there is no itinerary {itinerary_id}")
    return _stored(tuple(row))


def history(c: Connection, trip_id: int) -> tuple[Version, ...]:
    """Return every itinerary a trip has had, the oldest first."""
    columns = (itineraries.c.id, itineraries.c.added_at)
    rows = c.execute(select(*columns).where(itineraries.c.trip_id == trip_id).order_by(itineraries.c.id))
    return tuple(Version(*row) for row in rows)


def origins(c: Connection, trip_id: int) -> tuple[Origin, ...]:
    """Return where each itinerary of a trip was read, the oldest first."""
    columns = (itineraries.c[name] for name in ("id", *Origin._fields[1:]))
    rows = c.execute(select(*columns).where(itineraries.c.trip_id == trip_id).order_by(itineraries.c.id))
    return tuple(Origin(*row) for row in rows)


def language_of(c: Connection, contact: str) -> Language | None:
    """Return the language of the newest trip of a contact; None where there is none."""
    newest = select(trips.c.language).where(trips.c.contact == contact).order_by(trips.c.id.desc()).limit(1)
    found: Language | None = c.scalar(newest)
    return found


def latest_of_contact(
    c: Connection, contact: str, *, but_not_from: str, limit: int = 300
) -> tuple[tuple[Trip, Itinerary], ...]:
    """Return the trips of a contact with the newest itinerary of each, the newest trip first.

    Args:
        c: connection.
        contact: address; an empty one is nobody's.
        but_not_from: SHA-256 of a document: what came out of it is another booking of the same document.
        limit: how many of the newest trips to look at; an agency may be the contact of thousands.
    """
    if not contact:
        return ()
    values = {"contact": contact, "original": but_not_from, "most": limit}
    rows = c.execute(_latest_of_contact(), values)
    return tuple((Trip(*row[:-1]), itinerary_from(row[-1])) for row in rows)


def newest_among(c: Connection, ids: Sequence[int]) -> tuple[Stored, ...]:
    """Return those of the itineraries that are the newest of their trip, by id.

    Args:
        c: connection.
        ids: of itineraries, some hundreds at most.
    """
    later = itineraries.alias("later")
    superseded = exists().where(later.c.trip_id == itineraries.c.trip_id, later.c.id > itineraries.c.id)
    rows = c.execute(
        select(*_TRIP, itineraries.c.id, itineraries.c.body, itineraries.c.added_at)
        .join(itineraries, itineraries.c.trip_id == trips.c.id)
        .where(itineraries.c.id.in_(ids), ~superseded)
        .order_by(itineraries.c.id)
    )
    return tuple(_stored(tuple(row)) for row in rows)


def newest_ids(c: Connection, trip_ids: Sequence[int]) -> dict[int, int]:
    """Return the id of the newest itinerary of each of these trips, some hundreds at most."""
    query = select(itineraries.c.trip_id, func.max(itineraries.c.id))
    rows = c.execute(query.where(itineraries.c.trip_id.in_(trip_ids)).group_by(itineraries.c.trip_id))
    return {row[0]: row[1] for row in rows}


def unjudged(c: Connection, limit: int) -> tuple[int, ...]:
    """Return the ids of itineraries without an advisory, as a killed worker leaves them.

    One whose booking has changed and been judged since is none of them: it is over. Those of trips that were
    cancelled meanwhile are left alone.
    """
    judged = exists().where(
        advisories.c.trip_id == itineraries.c.trip_id, advisories.c.itinerary_id >= itineraries.c.id
    )
    off = exists().where(
        cancellations.c.trip_id == itineraries.c.trip_id, cancellations.c.taken_back_at.is_(None)
    )
    there = itineraries.c.content_sha256 != ""  # of what was erased nothing is left to judge
    wanted = select(itineraries.c.id).where(~judged, ~off, there).order_by(itineraries.c.id)
    return tuple(c.scalars(wanted.limit(limit)))


def content_sha256(itinerary: Itinerary) -> str:
    """Return the SHA-256 under which this very itinerary is stored."""
    return sha256(canonical(itinerary))


@cache  # runs for each itinerary: building a statement takes longer than running it
def _latest_of_contact() -> Select[Any]:
    recent = (
        select(trips.c.id)
        .where(trips.c.contact == bindparam("contact"))
        .order_by(trips.c.id.desc())
        .limit(bindparam("most"))
    )
    newest = select(func.max(itineraries.c.id)).where(itineraries.c.trip_id.in_(recent))
    other = or_(itineraries.c.original.is_(None), itineraries.c.original != bindparam("original"))
    return (
        select(*_TRIP, itineraries.c.body)
        .join(itineraries, itineraries.c.trip_id == trips.c.id)
        .where(itineraries.c.id.in_(newest.group_by(itineraries.c.trip_id)), other)
        .order_by(trips.c.id.desc())
    )


@cache
def _open_unless_taken(dialect: str) -> ReturningInsert[Any]:
    return (
        insert_unless(dialect, trips)
        .on_conflict_do_nothing(index_elements=["reference"])
        .returning(trips.c.id)
    )


def _trip(c: Connection, wanted: ColumnElement[bool]) -> Trip | None:
    row = c.execute(select(*_TRIP).where(wanted)).first()
    return Trip(*row) if row else None


def _stored(row: Sequence[Any]) -> Stored:
    *trip, number, body, added_at = row
    return Stored(Trip(*trip), number, itinerary_from(body), added_at)
