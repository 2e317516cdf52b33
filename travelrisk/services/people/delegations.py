"""Delegations: a focal point lets an alternate act from one day to another, and may end it at any time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection

from travelrisk.domain.errors import BadInputError, ForbiddenError, NotFoundError
from travelrisk.domain.people import Act, Delegation, Person, Role, may
from travelrisk.services.application import Application
from travelrisk.services.trail import TERMINAL, record
from travelrisk.store import people
from travelrisk.store.database import reading, transact

LONGEST: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Named:
    """A delegation with both people; *is_open*: it runs or will run, and nobody ended it."""

    number: int
    focal_point: Person
    alternate: Person
    delegation: Delegation
    is_open: bool


def delegate(app: Application, wanted: Delegation, *, by: str = TERMINAL) -> int:
    """Let an alternate act for a focal point, and return the number of the delegation.

    Raises:
        BadInputError: it lies in the past or lasts too long, or one of the two has not the role for it.
        ForbiddenError: *by* is neither the focal point nor an administrator.
        NotFoundError: one of the two does not exist.
    """
    today = app.clock().date()
    if wanted.valid_until < today:
        raise BadInputError(f"the delegation ended on {wanted.valid_until}: give a later end")
    if wanted.valid_until - wanted.valid_from > LONGEST:
        raise BadInputError(f"a delegation lasts at most {LONGEST.days} days: give an earlier end")

    def make(c: Connection) -> int:
        _allowed(app, c, by, wanted.focal_point)
        _has(c, wanted.focal_point, Role.FOCAL_POINT, "only a focal point has something to delegate")
        _has(c, wanted.alternate, Role.ALTERNATE, "only an alternate can act for a focal point")
        made_by = wanted.focal_point if by == TERMINAL else by
        number = people.delegate(c, wanted, by=made_by, at=app.clock())
        days = {"from": wanted.valid_from.isoformat(), "until": wanted.valid_until.isoformat()}
        record(
            app,
            c,
            "delegation.made",
            by,
            wanted.focal_point,
            {"delegation": number, "alternate": wanted.alternate, **days},
        )
        return number

    return transact(app.engine, make)


def end(app: Application, number: int, *, by: str = TERMINAL) -> None:
    """End a delegation at once; harmless when repeated.

    Raises:
        NotFoundError: there is none, or not for *by*, who is neither part of it nor an administrator.
    """

    def stop(c: Connection) -> None:
        found = people.delegation(c, number)
        given = found.delegation
        if by != given.alternate:
            try:
                _allowed(app, c, by, given.focal_point)
            except ForbiddenError:
                raise NotFoundError(f"there is no delegation {number}") from None
        if found.ended_at is None:
            people.end_delegation(c, number, app.clock())
            record(app, c, "delegation.ended", by, given.focal_point, {"delegation": number})

    transact(app.engine, stop)


def of_person(app: Application, person_id: str | None = None) -> tuple[Named, ...]:
    """Return the delegations to and from somebody, or of all people, the newest first."""
    today = app.clock().date()
    with reading(app.engine) as c:
        known = {each.id: each for each in people.everybody(c)}
        found = people.delegations_of(c, person_id)
    return tuple(
        Named(
            each.number,
            known[each.delegation.focal_point],
            known[each.delegation.alternate],
            each.delegation,
            each.ended_at is None and each.delegation.valid_until >= today,
        )
        for each in found
    )


def alternates(everyone: Iterable[Person], but: str = "") -> tuple[Person, ...]:
    """Return who can act for a focal point."""
    return tuple(
        each for each in everyone if each.is_active and Role.ALTERNATE in each.roles and each.id != but
    )


def _allowed(app: Application, c: Connection, by: str, focal_point: str) -> None:
    if by == TERMINAL:
        return
    person = people.by_id(c, by)
    if not person.is_active or (by != focal_point and not may(person, Act.MANAGE_PEOPLE, app.clock().date())):
        raise ForbiddenError("only the focal point or an administrator may delegate: ask one of them")


def _has(c: Connection, person_id: str, role: Role, sentence: str) -> None:
    person = people.by_id(c, person_id)
    if not person.is_active or role not in person.roles:
        raise BadInputError(f"{sentence}: {person.name} is none, or has left")
