"""Accounts of the desk: made, changed and closed, each act in the audit trail under the ids of two people."""

import secrets
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection

from travelrisk.domain.errors import BadInputError, ForbiddenError
from travelrisk.domain.people import Act, Person, Role, may
from travelrisk.domain.texts import Language
from travelrisk.mail.addresses import address
from travelrisk.services.application import Application
from travelrisk.services.people import passwords
from travelrisk.services.people.roles import administrators, check_somebody_stays, held_back
from travelrisk.services.trail import TERMINAL, record, words
from travelrisk.store import people, sessions
from travelrisk.store.database import reading, transact

LONGEST_NAME: Final = 120
GIVEN_FOR: Final = timedelta(days=3)  # how long a password that somebody else made lets one choose another
_ID_BYTES: Final = 6


def add(  # noqa: PLR0913 - what makes an account, all named
    app: Application,
    *,
    name: str,
    email: str,
    roles: Collection[Role],
    unit: str = "",
    password: str | None = None,
    by: str = TERMINAL,
) -> Person:
    """Make an account; without a password its person signs in by the organisation's own sign-in, or later.

    Roles that give power wait for a second administrator (see ``services.roles``).

    Raises:
        BadInputError: name, address or password cannot be used, or the address has an account.
        ForbiddenError: *by* may not do this.
    """
    person = Person(
        id=f"p-{secrets.token_hex(_ID_BYTES)}",
        name=_line(name, "name"),
        email=_email(email),
        roles=frozenset(roles),
        unit=_line(unit, "unit") if unit.strip() else "",
    )
    stored = hashed(password, person.email) if password is not None else None

    def make(c: Connection) -> Person:
        _administrator(app, c, by)
        if people.by_email(c, person.email) is not None:
            raise BadInputError("somebody has an account with this e-mail address already: change that one")
        people.add(c, person, at=app.clock(), password=stored)
        made = _without(c, person, held_back(app, c, person.id, person.roles, by))
        record(app, c, "person.added", by, made.id, {"roles": words(made.roles)})
        return made

    return transact(app.engine, make)


def change(  # noqa: PLR0913 - what can be changed, all named
    app: Application,
    person_id: str,
    *,
    by: str = TERMINAL,
    name: str | None = None,
    unit: str | None = None,
    roles: Collection[Role] | None = None,
) -> Person:
    """Change name, office or roles; None leaves each as it is. Roles hold from the next page on.

    Roles that give power wait for a second administrator (see ``services.roles``).

    Raises:
        BadInputError: the name cannot be used, or nobody would be left to administer, or only *by*.
        ForbiddenError: *by* may not do this, or would change the own roles.
        NotFoundError: there is nobody with this id.
    """

    def alter(c: Connection) -> Person:
        people.hold(c)
        _administrator(app, c, by)
        administering = administrators(c)
        before = people.by_id(c, person_id)
        after = replace(
            before,
            name=before.name if name is None else _line(name, "name"),
            unit=before.unit if unit is None else (_line(unit, "unit") if unit.strip() else ""),
            roles=before.roles if roles is None else frozenset(roles),
        )
        if after.roles != before.roles:
            _not_oneself(by, person_id)
            if Role.FOCAL_POINT in before.roles - after.roles or Role.ALTERNATE in before.roles - after.roles:
                end_delegations_of(app, c, person_id, by)
            held = held_back(app, c, person_id, after.roles - before.roles, by)
            after = replace(after, roles=after.roles - held)
        people.save(c, after)
        check_somebody_stays(c, administering, by)
        if after != before:
            was_is = {"was": words(before.roles), "is": words(after.roles)}
            record(app, c, "person.changed", by, person_id, was_is)
        return after

    return transact(app.engine, alter)


def close(app: Application, person_id: str, *, by: str = TERMINAL) -> Person:
    """Close an account, with every session and delegation of its person; the history keeps the name.

    Raises:
        BadInputError: nobody would be left to administer, or only *by*.
        ForbiddenError: *by* may not do this, or would close the own account.
        NotFoundError: there is nobody with this id.
    """

    def leave(c: Connection) -> Person:
        people.hold(c)
        _administrator(app, c, by)
        _not_oneself(by, person_id)
        administering = administrators(c)
        after = replace(people.by_id(c, person_id), is_active=False)
        people.save(c, after)
        check_somebody_stays(c, administering, by)
        sessions.end_all(c, person_id)
        end_delegations_of(app, c, person_id, by)
        record(app, c, "person.closed", by, person_id, {})
        return after

    return transact(app.engine, leave)


def reopen(app: Application, person_id: str, *, by: str = TERMINAL) -> Person:
    """Open a closed account again, with the roles it had; those that give power wait for a second person.

    Raises:
        ForbiddenError: *by* may not do this.
        NotFoundError: there is nobody with this id.
    """

    def let_back(c: Connection) -> Person:
        people.hold(c)
        _administrator(app, c, by)
        _not_oneself(by, person_id)
        before = people.by_id(c, person_id)
        gained = () if before.is_active else before.roles
        after = _without(c, replace(before, is_active=True), held_back(app, c, person_id, gained, by))
        record(app, c, "person.reopened", by, person_id, {"roles": words(after.roles)})
        return after

    return transact(app.engine, let_back)


def set_language(app: Application, person_id: str, language: Language, *, by: str = TERMINAL) -> Person:
    """Write the letters to somebody in another language; everybody chooses their own.

    Raises:
        ForbiddenError: *by* is neither this person nor an administrator.
        NotFoundError: there is nobody with this id.
    """

    def choose(c: Connection) -> Person:
        if by != person_id:
            _administrator(app, c, by)
        after = replace(people.by_id(c, person_id), language=language)
        people.save(c, after)
        record(app, c, "person.language_chosen", by, person_id, {"language": language})
        return after

    return transact(app.engine, choose)


def set_password(app: Application, person_id: str, password: str, *, by: str = TERMINAL) -> None:
    """Set somebody's password and end every session of theirs.

    On the pages it is known to whoever set it: it is good for choosing another one and for nothing else, for
    three days, and the roles that give power wait for a second administrator.

    Raises:
        BadInputError: the password cannot be used, or only *by* would be left to administer.
        ForbiddenError: *by* may not do this.
        NotFoundError: there is nobody with this id.
    """

    def renew(c: Connection) -> None:
        people.hold(c)
        _administrator(app, c, by)
        person = people.by_id(c, person_id)
        if person.is_machine:
            raise BadInputError("a program signs in with a key: it has no password")
        stored, administering = hashed(password, person.email), administrators(c)
        renewed(app, c, person, stored, by)
        if by not in {TERMINAL, person_id}:
            people.give_until(c, person_id, app.clock() + GIVEN_FOR)
            _without(c, person, held_back(app, c, person_id, person.roles, by))
            check_somebody_stays(c, administering, by)

    transact(app.engine, renew)


def has_password(app: Application, person: Person) -> bool:
    """Say whether somebody can sign in with a password."""
    with reading(app.engine) as c:
        known = people.credentials(c, person.email)
    return known is not None and known.password is not None


def everybody(app: Application) -> tuple[Person, ...]:
    """Return all people, those who left too, by name."""
    with reading(app.engine) as c:
        return people.everybody(c)


def by_id(app: Application, person_id: str) -> Person:
    """Return somebody by id.

    Raises:
        NotFoundError: there is nobody with this id.
    """
    with reading(app.engine) as c:
        return people.by_id(c, person_id)


def named(app: Application, word: str) -> Person:
    """Return somebody by address or id, as people write it at a terminal.

    Raises:
        BadInputError: there is nobody with this address or id.
    """
    everyone = everybody(app)
    wanted = word.strip().casefold()
    found = next((each for each in everyone if wanted in {each.id, each.email}), None)
    if found is None:
        raise BadInputError("nobody has this e-mail address or id: look with travelrisk people list")
    return found


def is_line(text: str) -> bool:
    """Say whether *text* can be a name: one line that can be read, and not too long."""
    line = " ".join(text.split())
    return bool(line) and len(line) <= LONGEST_NAME and line.isprintable()


def end_delegations_of(app: Application, c: Connection, person_id: str, by: str) -> None:
    """End whatever somebody delegated or was delegated: nobody acts for whoever has left."""
    for each in people.delegations_of(c, person_id):
        if each.ended_at is None:
            people.end_delegation(c, each.number, app.clock())
            record(app, c, "delegation.ended", by, person_id, {"delegation": each.number})


def renewed(app: Application, c: Connection, person: Person, stored: str, by: str) -> None:
    """Keep the hash of a new password, and end every session that the old one began."""
    people.set_password(c, person.id, stored)
    sessions.end_all(c, person.id)
    record(app, c, "person.password_set", by, person.id, {})


def hashed(password: str, email: str) -> str:
    """Return what is kept of a new password.

    Raises:
        BadInputError: it cannot be used.
    """
    wrong = passwords.fault(password, email)
    if wrong is not None:
        raise BadInputError(passwords.sentence(wrong))
    return passwords.hashed(password)


def _without(c: Connection, person: Person, held: Collection[Role]) -> Person:
    after = replace(person, roles=person.roles - frozenset(held))
    people.save(c, after)
    return after


def _administrator(app: Application, c: Connection, by: str) -> None:
    if by != TERMINAL and not may(people.by_id(c, by), Act.MANAGE_PEOPLE, app.clock().date()):
        raise ForbiddenError("only an administrator may change accounts: ask one")


def _not_oneself(by: str, person_id: str) -> None:
    if by == person_id:
        raise ForbiddenError("nobody changes their own roles or account: ask another administrator")


def _email(text: str) -> str:
    return address(text).addr_spec.casefold()


def _line(text: str, what: str) -> str:
    if not is_line(text):
        raise BadInputError(f"the {what} cannot be used: write one line of at most {LONGEST_NAME} letters")
    return " ".join(text.split())
