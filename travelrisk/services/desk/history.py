"""What was known when, who changed it and why.

Days are days in UTC. What was known on a day is the newest edition published by its end.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.changes import Change, base_id
from travelrisk.domain.codes import carrier_code
from travelrisk.domain.differences import Pair, pairs
from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.domain.proposals import Move, Proposal
from travelrisk.domain.ratings import Record, Subject, SubjectKind, route_subject
from travelrisk.services.application import Application
from travelrisk.services.ratings.records import Listed, ordered
from travelrisk.store import people, proposals, ratings
from travelrisk.store.database import reading, writing
from travelrisk.store.ratings import Edition

_DIGITS = 9  # of the number of an edition
_DESIGNATOR = 3  # letters of an ICAO designator; an IATA code has two


class AsOf(NamedTuple):
    """What was known: the edition, and the day by which it says what was in force."""

    edition: int
    day: date


class Published(NamedTuple):
    """An edition, and what it did to the records that were asked for."""

    edition: Edition
    pairs: tuple[Pair, ...]


class Agreed(NamedTuple):
    """Somebody countersigned."""

    name: str
    at: datetime


class Countersigning(NamedTuple):
    """What became of an edition that was published before anybody signed it.

    Attributes:
        given: who has agreed to it since, the first one first.
        due: until when it must be countersigned. is_open: whether that is still outstanding.
        is_late: whether it is outstanding, and *due* is past.
    """

    given: tuple[Agreed, ...]
    due: datetime
    is_open: bool
    is_late: bool


class Compared(NamedTuple):
    """Two editions side by side: what differs, and the editions that led from one to the other."""

    editions: tuple[Edition, ...]
    pairs: tuple[Pair, ...]


def as_of(app: Application, text: str) -> AsOf:
    """Return what was known on a day (``2026-11-23``) or in an edition (``17``).

    Raises:
        BadInputError: it is neither, or the day has not come yet.
        NotFoundError: there is no such edition.
    """
    wanted = text.strip()
    with reading(app.engine) as c:
        if wanted.isascii() and wanted.isdigit() and len(wanted) <= _DIGITS:
            edition = ratings.edition_facts(c, int(wanted))
            return AsOf(edition.number, edition.published_at.date())
        day = _day(app, wanted)
        return AsOf(ratings.edition_before(c, end_of(day)), day)


def subject_named(app: Application, text: str) -> Subject:
    """Return the subject that somebody means: ``carrier:ETH``, ``carrier:ET``, ``route:FRA-ADD``.

    Raises:
        BadInputError: it is not written so, or two carriers have the code.
        NotFoundError: no carrier ever had the code of two letters.
    """
    kind, _, key = text.strip().partition(":")
    key = key.strip().upper()
    try:
        known = SubjectKind(kind.strip().casefold())
    except ValueError:
        known = None
    if known is None or not key:
        kinds = ", ".join(each.value for each in SubjectKind)
        raise BadInputError(f"subject {text}: write its kind and its code, as carrier:ETH; kinds are {kinds}")
    if known is SubjectKind.ROUTE:
        return _route(text, key)
    if known is SubjectKind.CARRIER and len(key) < _DESIGNATOR:
        key = _designator(app, key)
    return Subject(known, key)


def timeline(app: Application, subject: Subject, until: AsOf | None = None) -> tuple[Published, ...]:
    """Return every edition that changed something about *subject*, the newest first.

    Args:
        app: the parts of the service.
        subject: what the records are about.
        until: leave out what was not known yet.

    Raises:
        NotFoundError: nothing was on record about it; the message says where there is no such thing at all.
    """
    with reading(app.engine) as c:
        last = ratings.current_edition(c) if until is None else until.edition
        records = [each for each in ratings.records(c, subject) if each.opened_in <= last]
        editions = ratings.editions_between(c, 0, last)
    if not records:
        unknown = _unknown(app, subject)
        if unknown:
            raise NotFoundError(f"there is no {unknown} in the tables of this service: check the code")
        raise NotFoundError(f"nothing was on record about {subject} in edition {last}")
    lived = (_in_edition(edition, records) for edition in reversed(editions))
    return tuple(each for each in lived if each.pairs)


def compare(app: Application, first: int, last: int) -> Compared:
    """Return what differs between two editions, field by field, and what led from one to the other.

    Raises:
        BadInputError: the first is not the older one.
        NotFoundError: there is no such edition.
    """
    if first >= last:
        raise BadInputError(f"edition {first} is not older than edition {last}: name the older one first")
    with reading(app.engine) as c:
        was, now = (frozenset(ratings.known_in(c, each)) for each in (first, last))
        editions = ratings.editions_between(c, first, last)
    return Compared(editions, _by_name(Change(_ordered(now - was), _ordered(was - now), 0)))


def known(app: Application, when: AsOf) -> tuple[Listed, ...]:
    """Return every record that was open then and is listed, as it stood on that day."""
    with reading(app.engine) as c:
        open_then = ratings.known_in(c, when.edition)
    return ordered(app, open_then, when.day)


def news(app: Application, person_id: str) -> tuple[Published, ...]:
    """Return what was published since somebody last looked, the oldest first; see ``looked``."""
    with reading(app.engine) as c:
        unseen = ratings.editions_between(c, ratings.seen_by(c, person_id), ratings.current_edition(c))
        return tuple(Published(each, _done_in(c, each.number)) for each in unseen)


def looked(app: Application, person_id: str, edition: Edition) -> None:
    """Keep that somebody has looked at everything up to *edition*."""
    with writing(app.engine) as c:
        ratings.mark_seen(c, person_id, edition)


def editions(app: Application) -> tuple[Edition, ...]:
    """Return every edition, the newest first."""
    with reading(app.engine) as c:
        return tuple(reversed(ratings.editions_between(c, 0, ratings.current_edition(c))))


def countersignings(app: Application, *numbers: int) -> dict[int, Countersigning]:
    """Return what became of those of these editions that were published at once, by their number."""
    with reading(app.engine) as c:
        names = {person.id: person.name for person in people.everybody(c)}
        return {
            number: _countersigning(c, each, each.countersign_by, names, app.clock())
            for each in proposals.published_at_once(c, numbers)
            if (number := each.edition) is not None and each.countersign_by is not None
        }


def _countersigning(
    c: Connection, one: Proposal, due: datetime, names: Mapping[str, str], now: datetime
) -> Countersigning:
    steps = (step for step in proposals.life(c, one.id) if step.move is Move.COUNTERSIGN)
    given = tuple(Agreed(names.get(step.person, step.person), step.at) for step in steps)
    is_open = one.is_open_for_countersigning
    return Countersigning(given, due, is_open, is_open and due < now)


def _in_edition(edition: Edition, records: Iterable[Record]) -> Published:
    opened = tuple(each for each in records if each.opened_in == edition.number)
    closed = tuple(each for each in records if each.closed_in == edition.number)
    return Published(edition, pairs(Change(opened, closed, 0)))


def _done_in(c: Connection, number: int) -> tuple[Pair, ...]:
    opened, closed = ratings.changed_in(c, number)
    return pairs(Change(opened, closed, 0))


def _by_name(change: Change) -> tuple[Pair, ...]:
    """Leave out what says the same again: a record that was closed and opened anew between the two."""
    return tuple(each for each in pairs(change) if each.differences)


def _ordered(records: Iterable[Record]) -> tuple[Record, ...]:
    return tuple(sorted(records, key=lambda each: base_id(each.id)))


def _route(text: str, key: str) -> Subject:
    carrier, _, pair = key.rpartition(":")
    one, dash, other = pair.partition("-")
    if not dash or not one or not other:
        raise BadInputError(f"subject {text}: a route is written route:ADD-FRA or route:ETH:ADD-FRA")
    return route_subject(one, other, carrier)


def _unknown(app: Application, subject: Subject) -> str:
    """Return the first part of a subject that no table has, with its kind; empty where all are known."""
    kind, key = subject
    parts = [(kind, key)]
    if kind is SubjectKind.ROUTE:
        carrier, _, pair = key.rpartition(":")
        parts = [(SubjectKind.CARRIER, carrier)] if carrier else []
        parts += [(SubjectKind.AIRPORT, airport) for airport in pair.split("-")]
    tables = {
        SubjectKind.CARRIER: app.book.ever,
        SubjectKind.AIRPORT: app.atlas.airport,
        SubjectKind.AIRSPACE: _as_it_is,  # whatever was ever drawn: an old outline has its history too
    }
    unknown = (
        f"{part.value} {code}" for part, code in parts if not tables.get(part, app.atlas.country)(code)
    )
    return next(unknown, "")


def _as_it_is(key: str) -> str:
    return key


def _designator(app: Application, code: str) -> str:
    found = sorted({each.icao for each in app.book.ever(code) if each.icao})
    if not found and carrier_code(code):
        raise NotFoundError(
            f"there is no carrier {code} in the tables of this service: write the designator of three letters"
        )
    if len(found) != 1:
        names = f"several carriers have had it: {', '.join(found)}" if found else "it is no code of a carrier"
        raise BadInputError(f"carrier:{code}: {names}; write the designator of three letters")
    return found[0]


def _day(app: Application, text: str) -> date:
    try:
        return past_day(app, date.fromisoformat(text))
    except ValueError:
        raise BadInputError(f"{text}: write a day as 2026-11-23, or the number of an edition") from None


def past_day(app: Application, day: date) -> date:
    """Return a day that has come.

    Raises:
        BadInputError: it has not.
    """
    if day > app.clock().astimezone(UTC).date():
        raise BadInputError(f"{day} has not come yet: nobody knows what will be known then")
    return day


def end_of(day: date) -> datetime:
    """Return the moment at which a day is over."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)
