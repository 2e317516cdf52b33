"""Power is given by two administrators: roles with which somebody decides wait for the second one.

Otherwise one administrator could go around the four eyes of every rating: by making a second focal point,
opening an old account again, or making a password for somebody else's. Whoever has the program and the
database at hand (the terminal) needs no second person, nor does a service with a single administrator.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from sqlalchemy import Connection

from travelrisk.domain.errors import BadInputError, ForbiddenError, NotFoundError
from travelrisk.domain.people import POWERS, Act, Person, Role, may
from travelrisk.services.application import Application
from travelrisk.services.trail import TERMINAL, record, words
from travelrisk.store import people, roles
from travelrisk.store.audit import Word
from travelrisk.store.database import reading, transact
from travelrisk.store.roles import Request

_TWO: Final = 2


def held_back(
    app: Application, c: Connection, person_id: str, gained: Collection[Role], by: str
) -> frozenset[Role]:
    """Let those of the roles that give power wait for a second administrator, and return them.

    What waited for this person before is over: the newest wish holds.
    """
    for request in roles.waiting(c, person_id):
        roles.decide(c, request.number, by=by, at=app.clock(), granted=False)
    power = frozenset(gained) & POWERS
    if not power or by == TERMINAL or len(administrators(c)) < _TWO:
        return frozenset()
    number = roles.ask(c, person_id, power, by=by, at=app.clock())
    record(app, c, "person.roles_asked", by, person_id, {"request": number, "roles": words(power)})
    return power


def confirm(app: Application, number: int, *, by: str = TERMINAL) -> Person:
    """Give somebody the roles that another administrator asked for.

    Raises:
        ForbiddenError: *by* asked for them, would get them, or is no administrator; or who asked is none any
            more, or the account was closed.
        NotFoundError: nothing waits under this number.
    """

    def grant(c: Connection) -> Person:
        people.hold(c)
        request = _waiting(app, c, number, by)
        if by in {request.asked_by, request.person_id}:
            raise ForbiddenError("a second administrator confirms: neither who asked nor whom it concerns")
        person = people.by_id(c, request.person_id)
        if not person.is_active or request.asked_by not in administrators(c):
            raise ForbiddenError("the account, or the administrator who asked, is closed: ask for it anew")
        after = replace(person, roles=person.roles | request.roles)
        people.save(c, after)
        roles.decide(c, number, by=by, at=app.clock(), granted=True)
        told: dict[str, Word] = {"request": number, "asked_by": request.asked_by, "is": words(after.roles)}
        record(app, c, "person.roles_confirmed", by, person.id, told)
        return after

    return transact(app.engine, grant)


def decline(app: Application, number: int, *, by: str = TERMINAL) -> Request:
    """Refuse what waits; whoever asked may take it back so.

    Raises:
        ForbiddenError: *by* is no administrator.
        NotFoundError: nothing waits under this number.
    """

    def refuse(c: Connection) -> Request:
        request = _waiting(app, c, number, by)
        roles.decide(c, number, by=by, at=app.clock(), granted=False)
        record(app, c, "person.roles_declined", by, request.person_id, {"request": number})
        return request

    return transact(app.engine, refuse)


def waiting(app: Application) -> tuple[Request, ...]:
    """Return what waits for a second administrator, the oldest first."""
    with reading(app.engine) as c:
        return roles.waiting(c)


def check_somebody_stays(c: Connection, before: frozenset[str], by: str) -> None:
    """Refuse to leave nobody who administers, or nobody but whoever does this and then gives power alone.

    Args:
        c: connection in the transaction of the change.
        before: ids of the administrators before it.
        by: who makes it.

    Raises:
        BadInputError: in both cases.
    """
    left = administrators(c)
    if not left:
        raise BadInputError("nobody would be left to administer: make somebody else an administrator first")
    if left == {by} and before != left:
        raise BadInputError(
            "you would be the only administrator left: make somebody else one first, or do it at a terminal"
        )


def _waiting(app: Application, c: Connection, number: int, by: str) -> Request:
    if by != TERMINAL and not may(people.by_id(c, by), Act.MANAGE_PEOPLE, app.clock().date()):
        raise ForbiddenError("only an administrator may change accounts: ask one")
    found = next((each for each in roles.waiting(c) if each.number == number), None)
    if found is None:
        raise NotFoundError(f"nothing waits under the number {number}: look at the list again")
    return found


def administrators(c: Connection) -> frozenset[str]:
    """Return the ids of all who may administer now."""
    return frozenset(each.id for each in people.everybody(c) if each.is_active and Role.ADMIN in each.roles)
