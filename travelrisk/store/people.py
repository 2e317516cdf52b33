"""People with an account, and who acts for whom from which day to which."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, RowMapping, delete, insert, or_, select, update

from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.people import Act, Delegation, Person, Role, may
from travelrisk.store.tables import delegations, given_passwords, people

_PERSON: Final = (
    people.c.id,
    people.c.name,
    people.c.email,
    people.c.roles,
    people.c.unit,
    people.c.is_active,
    people.c.is_machine,
    people.c.language,
)
_DELEGATION: Final = (
    delegations.c.id,
    delegations.c.focal_point,
    delegations.c.alternate,
    delegations.c.valid_from,
    delegations.c.valid_until,
    delegations.c.ended_at,
)


class Credentials(NamedTuple):
    """Somebody and the argon2id hash of the password; None = signs in elsewhere, or not at all.

    *given_until* is the end of a password that an administrator made; None = its owner chose it.
    """

    person: Person
    password: str | None
    given_until: datetime | None = None


class Recorded(NamedTuple):
    """A delegation as it was made; *ended_at* is when somebody ended it before its time."""

    number: int
    delegation: Delegation
    ended_at: datetime | None


def add(c: Connection, person: Person, *, at: datetime, password: str | None = None) -> None:
    """Add somebody; *password* is the argon2id hash, None where they sign in elsewhere."""
    c.execute(insert(people), {**_row(person), "password": password, "created_at": at})


def save(c: Connection, person: Person) -> None:
    """Change what is known of somebody: name, roles, office, whether active; the id stays.

    Raises:
        NotFoundError: there is nobody with this id.
    """
    done = c.execute(update(people).where(people.c.id == person.id).values(_row(person)))
    if done.rowcount != 1:
        raise NotFoundError(f"there is nobody with the id {person.id}")


def by_id(c: Connection, person_id: str) -> Person:
    """Return the person with this id.

    Raises:
        NotFoundError: there is none.
    """
    row = c.execute(select(*_PERSON).where(people.c.id == person_id)).mappings().first()
    if row is None:
        raise NotFoundError(f"there is nobody with the id {person_id}")
    return _person(row)


def by_email(c: Connection, email: str) -> Person | None:
    """Return the person with this address; capitals and blanks around it do not matter."""
    wanted = people.c.email == email.strip().casefold()
    row = c.execute(select(*_PERSON).where(wanted)).mappings().first()
    return _person(row) if row else None


def by_subject(c: Connection, subject: str) -> Person | None:
    """Return the person whom the organisation's own sign-in knows by this issuer and subject."""
    row = c.execute(select(*_PERSON).where(people.c.subject == subject)).mappings().first()
    return _person(row) if row else None


def link(c: Connection, person_id: str, subject: str) -> bool:
    """Tie a person to a subject of the organisation's sign-in; False where there is a tie already."""
    untied = (people.c.id == person_id) & people.c.subject.is_(None)
    return c.execute(update(people).where(untied).values(subject=subject)).rowcount == 1


def credentials(c: Connection, email: str) -> Credentials | None:
    """Return who has this address, with the hash that a password is held against."""
    wanted = people.c.email == email.strip().casefold()
    given = people.outerjoin(given_passwords, given_passwords.c.person_id == people.c.id)
    columns = (*_PERSON, people.c.password, given_passwords.c.until)
    row = c.execute(select(*columns).select_from(given).where(wanted)).mappings().first()
    return Credentials(_person(row), row["password"], row["until"]) if row else None


def must_choose(c: Connection, person_id: str) -> bool:
    """Say whether somebody has a password that an administrator made, and must choose another one."""
    mine = given_passwords.c.person_id == person_id
    return c.scalar(select(given_passwords.c.person_id).where(mine)) is not None


def give_until(c: Connection, person_id: str, until: datetime) -> None:
    """Let the password of somebody be good for nothing but choosing another one, until a moment."""
    c.execute(insert(given_passwords), {"person_id": person_id, "until": until})


def void_given(c: Connection, person_id: str) -> None:
    """Take a password that an administrator made away from somebody who has another way in."""
    if must_choose(c, person_id):
        set_password(c, person_id, None)


def set_password(c: Connection, person_id: str, password: str | None) -> None:
    """Keep the argon2id hash of a new password; it is its owner's own until ``give_until`` says otherwise.

    Raises:
        NotFoundError: there is nobody with this id.
    """
    c.execute(delete(given_passwords).where(given_passwords.c.person_id == person_id))
    done = c.execute(update(people).where(people.c.id == person_id).values(password=password))
    if done.rowcount != 1:
        raise NotFoundError(f"there is nobody with the id {person_id}")


def hold(c: Connection) -> None:
    """Hold the rows of all people to the end of the transaction: of two last administrators one must stay."""
    c.execute(select(people.c.id).order_by(people.c.id).with_for_update())


def everybody(c: Connection) -> tuple[Person, ...]:
    """Return all people, those who left too, by name."""
    rows = c.execute(select(*_PERSON).order_by(people.c.name, people.c.id)).mappings()
    return tuple(_person(row) for row in rows)


def delegate(c: Connection, delegation: Delegation, *, by: str, at: datetime) -> int:
    """Let an alternate act for a focal point, and return the number of the delegation."""
    row = {
        "focal_point": delegation.focal_point,
        "alternate": delegation.alternate,
        "valid_from": delegation.valid_from.isoformat(),
        "valid_until": delegation.valid_until.isoformat(),
        "made_by": by,
        "made_at": at,
    }
    number: int = c.execute(insert(delegations).returning(delegations.c.id), row).scalar_one()
    return number


def end_delegation(c: Connection, number: int, at: datetime) -> None:
    """End a delegation at once; harmless when repeated."""
    unended = (delegations.c.id == number) & delegations.c.ended_at.is_(None)
    c.execute(update(delegations).where(unended).values(ended_at=at))


def delegation(c: Connection, number: int) -> Recorded:
    """Return a delegation by its number.

    Raises:
        NotFoundError: there is none.
    """
    row = c.execute(select(*_DELEGATION).where(delegations.c.id == number)).mappings().first()
    if row is None:
        raise NotFoundError(f"there is no delegation {number}")
    return _recorded(row)


def delegations_of(c: Connection, person_id: str | None = None) -> tuple[Recorded, ...]:
    """Return every delegation to or from somebody, or of all people, the newest first."""
    wanted = select(*_DELEGATION).order_by(delegations.c.id.desc())
    if person_id is not None:
        wanted = wanted.where(
            or_(delegations.c.focal_point == person_id, delegations.c.alternate == person_id)
        )
    return tuple(_recorded(row) for row in c.execute(wanted).mappings())


def delegated(c: Connection, day: date) -> tuple[Delegation, ...]:
    """Return the delegations that run on *day* and were not ended."""
    today = day.isoformat()
    running = select(*_DELEGATION).where(
        delegations.c.valid_from <= today,
        delegations.c.valid_until >= today,
        delegations.c.ended_at.is_(None),
    )
    return tuple(_recorded(row).delegation for row in c.execute(running).mappings())


def able(c: Connection, act: Act, day: date) -> frozenset[str]:
    """Return the ids of all who may do *act* on *day*, delegations included."""
    running = delegated(c, day)
    return frozenset(each.id for each in everybody(c) if may(each, act, day, running))


def _row(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email.strip().casefold(),
        "roles": roles_text(person.roles),
        "unit": person.unit,
        "is_active": int(person.is_active),
        "is_machine": int(person.is_machine),
        "language": person.language,
    }


def roles_text(roles: Iterable[Role]) -> str:
    """Return roles as they are kept: in alphabetical order, a blank between them."""
    return " ".join(sorted(role.value for role in roles))


def _person(row: RowMapping) -> Person:
    return Person(
        id=row["id"],
        name=row["name"],
        email=row["email"],
        roles=frozenset(Role(word) for word in row["roles"].split()),
        unit=row["unit"],
        is_active=bool(row["is_active"]),
        is_machine=bool(row["is_machine"]),
        language=row["language"],
    )


def _recorded(row: RowMapping) -> Recorded:
    days = (date.fromisoformat(row[name]) for name in ("valid_from", "valid_until"))
    return Recorded(row["id"], Delegation(row["focal_point"], row["alternate"], *days), row["ended_at"])
