"""What a travel unit says of the headings of its tables, once for all that have the same."""

from dataclasses import replace
from datetime import datetime
from pathlib import PurePath
from typing import NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.columns import ColumnMapping
from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.domain.people import Person
from travelrisk.intake.apart.sandbox import read_apart
from travelrisk.intake.document import Document, Sample
from travelrisk.services.application import Application
from travelrisk.store import audit, mappings, people, uploads
from travelrisk.store.database import reading, transact
from travelrisk.store.mappings import Saved

_LONGEST_NAME = 120
MOST = 200
"""Mappings of one unit; each is compared with every table that it sends."""


class Named(NamedTuple):
    """A mapping with the name of who saved it."""

    saved: Saved
    author: str


def mapped(app: Application, document: Document, unit: str, at: datetime | None = None) -> Document:
    """Return a document to be read with what its sender's unit had said by a moment; now if none is given.

    Raises:
        StoreError: the database cannot be read.
    """
    if not unit:
        return document
    with reading(app.engine) as c:
        return replace(document, mappings=mappings.in_force(c, unit, at or app.clock()))


def save(app: Application, person: Person, mapping: ColumnMapping) -> None:
    """Keep what somebody says for their unit.

    Raises:
        BadInputError: they work for no unit, or it has said too much; or it is for no row of headings.
    """
    if not person.unit:
        raise BadInputError("your account names no unit: ask an administrator to enter it")
    if not mapping.headings:
        raise BadInputError("the mapping names no row of headings: bring a table")

    def keep(c: Connection) -> None:
        known = {each.mapping.fingerprint for each in mappings.of_unit(c, person.unit)}
        if len(known | {mapping.fingerprint}) > MOST:
            raise BadInputError(f"a unit explains up to {MOST} tables: remove one that is out of use")
        number = mappings.save(c, person.unit, mapping, person.id, app.clock())
        _record(app, c, "mapping.saved", person, number)

    transact(app.engine, keep)


def bring(app: Application, person: Person, name: str, content: bytes) -> str:
    """Keep a table for whoever explains it, in the place of the last one, and return its SHA-256."""
    short = PurePath(name.replace("\\", "/")).name[-_LONGEST_NAME:]
    return transact(app.engine, lambda c: uploads.keep(c, person.id, short, content, app.clock()))


def brought(app: Application, person: Person, sha256: str) -> Document:
    """Return the table that somebody brought, with what their unit says today.

    Raises:
        NotFoundError: it is somebody else's, another one took its place, or its time is over.
    """
    with reading(app.engine) as c:
        upload = uploads.load(c, person.id, sha256, app.clock())
    return mapped(app, Document(upload.content, upload.name), person.unit)


def sample(document: Document) -> tuple[Sample | None, str]:
    """Return what stands in the first table of a document, or why there is none."""
    readings = tuple(read_apart(replace(document, is_sampled=True)))
    found = next((each for reading in readings for each in reading.samples), None)
    return found, "" if found else next((each.reason for each in readings if each.reason), "")


def remove(app: Application, person: Person, number: int) -> None:
    """End a mapping of somebody's unit; what was read with it stays as it was read.

    Raises:
        NotFoundError: their unit has none of that number.
    """

    def end(c: Connection) -> None:
        if not mappings.end(c, person.unit, number, app.clock()):
            raise NotFoundError(f"your unit has no mapping {number}")
        _record(app, c, "mapping.removed", person, number)

    transact(app.engine, end)


def of_unit(app: Application, unit: str) -> tuple[Named, ...]:
    """Return what a unit says today, the newest first."""
    with reading(app.engine) as c:
        found = mappings.of_unit(c, unit) if unit else ()
        known = {each.id: each.name for each in people.everybody(c)} if found else {}
    return tuple(Named(each, known.get(each.made_by, "")) for each in found)


def unit_of(app: Application, address: str) -> str:
    """Return the unit of whoever writes from an address, as far as it has an account; empty = none."""
    with reading(app.engine) as c:
        person = people.by_email(c, address)
    return person.unit if person and person.is_active else ""


def _record(app: Application, c: Connection, kind: str, person: Person, number: int) -> None:
    audit.append(c, kind=kind, actor=person.id, at=app.clock(), subject=f"mapping:{number}", body={})
