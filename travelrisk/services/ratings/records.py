"""Ratings come in and go out: imported as one edition, listed, exported, and each subject's history.

Authorisations and outlines of airspaces come in and go out with them, and are not listed: the former say
which office or trip goes where, and the latter have a list of their own (services/airspaces).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection

from travelrisk.domain.airspaces import Airspace
from travelrisk.domain.authorisations import Authorisation
from travelrisk.domain.changes import (
    Change,
    authorises,
    base_id,
    check_airspaces,
    check_authorisations,
    difference,
)
from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.domain.loosening import loosens
from travelrisk.domain.people import Act, Person
from travelrisk.domain.ratings import Record, Service, Subject, SubjectKind, subject_of
from travelrisk.services.application import Application
from travelrisk.services.naming import sky_seen
from travelrisk.services.proposals.turns import allowed
from travelrisk.services.proposals.weighing import approval_of, requirement
from travelrisk.services.ratings.recordfile import read_records, records_text
from travelrisk.store import ratings
from travelrisk.store.database import reading, transact

State = Literal["in_force", "expired", "not_yet_valid", "closed"]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do.

    Attributes:
        edition: None in a dry run, and where nothing changed.
        needs_second_person: ratings become easier. needs_approver: exceptions are opened.
    """

    edition: int | None
    change: Change
    needs_second_person: bool
    needs_approver: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A record with the name of its subject and how it stands today; *drawn* is the airspace it is about."""

    record: Record
    name: str
    state: State
    drawn: Airspace | None = None


def import_records(  # noqa: PLR0913 - who, who else and how, all named
    app: Application,
    path: Path,
    *,
    by: str,
    signed_by: str = "",
    approver: str = "",
    complete: bool = False,
    dry_run: bool = False,
) -> Imported:
    """Publish the records of a file as one edition, or say what would change.

    Args:
        app: the parts of the service.
        path: TOML, JSON or CSV.
        by: who prepared the change.
        signed_by: the second person, needed wherever any rating becomes easier.
        approver: id of whoever decided on the exceptions that the file opens, needed wherever it opens one.
        complete: whether the file is everything, so that records it does not name are closed.
        dry_run: only look.

    Raises:
        BadInputError: the file cannot be used, or the second person or the approver is missing, or the same
            as the first.
        ForbiddenError: the approver may not approve exceptions.
    """
    return bring_in(
        app,
        read_records(path, app.atlas, app.book),
        f"import of {path.name}",
        by=by,
        signed_by=signed_by,
        approver=approver,
        complete=complete,
        dry_run=dry_run,
    )


def bring_in(  # noqa: PLR0913 - as above
    app: Application,
    wanted: Sequence[Record],
    note: str,
    *,
    by: str,
    signed_by: str = "",
    approver: str = "",
    complete: bool = False,
    dry_run: bool = False,
) -> Imported:
    """Publish records that were read, under their base ids, as one edition; all else as ``import_records``.

    Raises:
        BadInputError: the change cannot be made, the file is everything and holds nothing, or the second
            person or the approver is missing.
        ForbiddenError: the approver may not approve exceptions.
    """
    if complete and not wanted:
        raise BadInputError("the file holds no records, and as everything it would end them all: look at it")

    def change_of(c: Connection) -> Change:
        change = difference(ratings.in_force(c), wanted, _revisions(ratings.ids(c)), complete=complete)
        check_authorisations(change, app.policy.policy)
        check_airspaces(change, ratings.in_force(c))
        return change

    def publish(c: Connection) -> Imported:
        ratings.hold(c, alone=True)  # nobody publishes between the comparison and the edition
        change = change_of(c)
        loosening = _loosens_ratings(app, change)
        if not change.opened and not change.closed:
            return Imported(None, change, needs_second_person=False)
        approved = _approved(app, c, change, by, approver) if authorises(change) else ""
        actor = ", ".join(filter(None, (_actors(by, signed_by, loosening=loosening), approved)))
        closed = [record.id for record in change.closed]
        edition = ratings.publish(
            c, opened=change.opened, closed=closed, actor=actor, note=note, at=app.clock()
        )
        return Imported(edition, change, loosening, authorises(change))

    if dry_run:
        with reading(app.engine) as c:
            change = change_of(c)
        return Imported(None, change, _loosens_ratings(app, change), authorises(change))
    return transact(app.engine, publish)


def export(app: Application) -> str:
    """Return every open record as JSON that an import takes back."""
    with reading(app.engine) as c:
        return records_text(ratings.in_force(c))


def listing(app: Application) -> tuple[Listed, ...]:
    """Return every open record that is listed, with its state today, by kind and name; one query."""
    today = app.clock().date()
    with reading(app.engine) as c:
        open_now = ratings.in_force(c)
    return ordered(app, open_now, today)


def ordered(app: Application, open_then: Sequence[Record], day: date) -> tuple[Listed, ...]:
    """Return what is listed of records as they stood on a day, by kind and name; outlines are not."""
    listed = (each for each in _listed(app, open_then, day) if not isinstance(each.record, Airspace))
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
    return tuple(_listed(app, records, today))


def _listed(app: Application, records: Sequence[Record], day: date) -> Iterator[Listed]:
    drawn = {each.key: each for each in reversed(records) if isinstance(each, Airspace)}  # the newest wins
    for record in _listable(records):
        kind, key = subject_of(record)
        known = drawn.get(key) if kind is SubjectKind.AIRSPACE else None
        outline = record if isinstance(record, Airspace) else known
        name = f"{outline.names.en} ({key})" if outline else name_of(app, record)
        yield Listed(record, name, state_of(record, day), outline)


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
    if kind is SubjectKind.AIRSPACE:
        return _airspace_name(app, record, key)
    return key


def _airspace_name(app: Application, record: Record, key: str) -> str:
    if isinstance(record, Airspace):
        return f"{record.names.en} ({key})"
    known = sky_seen(app).of_key(key)
    return f"{known[-1].names.en} ({key})" if known else key


def _loosens_ratings(app: Application, change: Change) -> bool:
    """Say whether anything but exceptions becomes easier; exceptions have an approver of their own."""
    opened = tuple(each for each in change.opened if not isinstance(each, Authorisation))
    closed = tuple(each for each in change.closed if not isinstance(each, Authorisation))
    return loosens(replace(change, opened=opened, closed=closed), app.policy.policy)


def _approved(app: Application, c: Connection, change: Change, by: str, approver: str) -> str:
    """Return who approves the exceptions of an import: one person of the desk, named by each of them.

    Raises:
        BadInputError: nobody does, somebody else is named, or more people must approve.
        ForbiddenError: this person may not.
    """
    if not approver:
        raise BadInputError(
            "this import opens exceptions, and only an approver decides on them: name the account of one with"
            " --approver, or propose the file instead (travelrisk ratings propose)"
        )
    person = allowed(app, c, approver, Act.APPROVE_EXCEPTION)
    _check_approver(change, by, person)
    needed = approval_of(app, c, change)
    count = max(needed.approvals, requirement(app, c).exception)
    if count > 1 or needed.missing_offices([person.unit]):
        raise BadInputError(
            "the exceptions of this file need more approvers than one, or one of another office: propose the"
            " file instead (travelrisk ratings propose), so that each of them signs"
        )
    return f"exceptions signed by {person.name}"


def _check_approver(change: Change, by: str, person: Person) -> None:
    name = person.name.strip().casefold()
    if name == by.strip().casefold():
        raise BadInputError("nobody approves what they prepared themselves: another approver must sign")
    for record in change.opened:
        if isinstance(record, Authorisation) and record.approved_by.strip().casefold() != name:
            raise BadInputError(
                f"{base_id(record.id)}: approved_by: names {record.approved_by}, and {person.name} signs:"
                " name the one who decides, or let them sign"
            )


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
