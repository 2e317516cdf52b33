"""Ratings come in and go out: imported as one edition, listed, exported, and each subject's history.

Authorisations come in and go out with them, and are not listed: they say which office or trip goes where.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection

from travelrisk.domain.authorisations import Authorisation
from travelrisk.domain.changes import Change, base_id, check_authorisations, difference, loosens
from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.domain.ratings import Record, Service, Subject, SubjectKind, subject_of
from travelrisk.services.application import Application
from travelrisk.services.recordfile import read_records, records_text
from travelrisk.store import ratings
from travelrisk.store.database import reading, transact

State = Literal["in_force", "expired", "not_yet_valid", "closed"]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did; *edition* is None in a dry run, and where nothing changed."""

    edition: int | None
    change: Change
    needs_second_person: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A record with the name of its subject and how it stands today."""

    record: Record
    name: str
    state: State


def import_records(  # noqa: PLR0913 - who, who else and how, all named
    app: Application,
    path: Path,
    *,
    by: str,
    signed_by: str = "",
    complete: bool = False,
    dry_run: bool = False,
) -> Imported:
    """Publish the records of a file as one edition, or say what would change.

    Args:
        app: the parts of the service.
        path: TOML, JSON or CSV.
        by: who prepared the change.
        signed_by: the second person, needed wherever anything becomes easier.
        complete: whether the file is everything, so that records it does not name are closed.
        dry_run: only look.

    Raises:
        BadInputError: the file cannot be used, or the second person is missing or the same as the first.
    """
    wanted = read_records(path, app.atlas, app.book)

    def change_of(c: Connection) -> Change:
        change = difference(ratings.in_force(c), wanted, _revisions(ratings.ids(c)), complete=complete)
        check_authorisations(change, app.policy.policy)
        return change

    def publish(c: Connection) -> Imported:
        ratings.hold(c, alone=True)  # nobody publishes between the comparison and the edition
        change = change_of(c)
        loosening = loosens(change, app.policy.policy)
        if not change.opened and not change.closed:
            return Imported(None, change, needs_second_person=False)
        actor = _actors(by, signed_by, loosening=loosening)
        closed = [record.id for record in change.closed]
        edition = ratings.publish(
            c, opened=change.opened, closed=closed, actor=actor, note=f"import of {path.name}", at=app.clock()
        )
        return Imported(edition, change, loosening)

    if dry_run:
        with reading(app.engine) as c:
            change = change_of(c)
        return Imported(None, change, loosens(change, app.policy.policy))
    return transact(app.engine, publish)


def export(app: Application) -> str:
    """Return every open record as JSON that an import takes back."""
    with reading(app.engine) as c:
        return records_text(ratings.in_force(c))


def listing(app: Application) -> tuple[Listed, ...]:
    """Return every open record but authorisations, with its state today, by kind and name; one query."""
    today = app.clock().date()
    with reading(app.engine) as c:
        records = _listable(ratings.in_force(c))
    listed = [Listed(record, name_of(app, record), state_of(record, today)) for record in records]
    return tuple(sorted(listed, key=lambda each: (each.record.record, each.name, each.record.id)))


def history(app: Application, subject: Subject) -> tuple[Listed, ...]:
    """Return all that was ever on record about *subject* but authorisations, the newest first.

    Raises:
        NotFoundError: nothing ever was.
    """
    today = app.clock().date()
    with reading(app.engine) as c:
        records = _listable(ratings.records(c, subject))
    if not records:
        raise NotFoundError(f"nothing is on record about {subject}")
    return tuple(Listed(record, name_of(app, record), state_of(record, today)) for record in records)


def _listable(records: Iterable[Record]) -> tuple[Record, ...]:
    return tuple(each for each in records if not isinstance(each, Authorisation))


def state_of(record: Record, today: date) -> State:
    """Say how a record stands on a day."""
    if record.closed_in is not None:
        return "closed"
    if record.valid_from > today:
        return "not_yet_valid"
    return "expired" if record.valid_until is not None and record.valid_until < today else "in_force"


def name_of(app: Application, record: Record) -> str:
    """Return the name of what a record is about, with its code; the key where it has no name."""
    if isinstance(record, Service):
        return f"{record.carrier} {'-'.join(record.pair)}"
    kind, key = subject_of(record)
    if kind is SubjectKind.CARRIER:
        carriers = app.book.find(key, record.valid_until or app.clock().date()) or app.book.ever(key)
        return f"{carriers[0].name} ({carriers[0].code})" if carriers else key
    if kind is SubjectKind.AIRPORT:
        airport = app.atlas.airport(key)
        return f"{airport.city or airport.name} ({key})" if airport else key
    if kind in {SubjectKind.COUNTRY, SubjectKind.STATE}:
        country = app.atlas.country(key)
        return f"{country.names.en} ({key})" if country else key
    return key


def _actors(by: str, signed_by: str, *, loosening: bool) -> str:
    first, second = by.strip(), signed_by.strip()
    if not first:
        raise BadInputError("an import needs the name of who prepared it: give --by")
    if second and second.casefold() == first.casefold():
        raise BadInputError("the second person must be somebody else: give another name with --signed-by")
    if loosening and not second:
        raise BadInputError(
            "this import makes something easier, and nobody does that alone: give the second person"
            " with --signed-by, or look at it first with --dry-run"
        )
    return f"{first}, signed by {second}" if second else first


def _revisions(ids: Iterable[str]) -> Counter[str]:
    return Counter(base_id(each) for each in ids)
