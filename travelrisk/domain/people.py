"""People of the desk: their roles, dated delegations, and what each may do. Everything else is refused."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.texts import Language


class Role(StrEnum):
    """What somebody is to the organisation; a person may be several."""

    TRAVELLER = "traveller"
    TRAVEL_UNIT = "travel_unit"
    FOCAL_POINT = "focal_point"
    ALTERNATE = "alternate"
    APPROVER = "approver"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Act(StrEnum):
    """What can be done at the desk."""

    SEE_RATINGS = "see_ratings"
    SEE_DESK = "see_desk"
    PROPOSE = "propose"
    SIGN = "sign"
    PUBLISH = "publish"
    REQUEST_EXCEPTION = "request_exception"
    APPROVE_EXCEPTION = "approve_exception"
    REPORT = "report"
    SEE_AUDIT = "see_audit"
    MANAGE_PEOPLE = "manage_people"
    TELL_TRAVELLERS = "tell_travellers"
    EXPLAIN_TABLES = "explain_tables"
    SEE_TRIPS = "see_trips"
    SCREEN = "screen"
    SEE_WHEREABOUTS = "see_whereabouts"
    SEE_REPORTS = "see_reports"
    MANAGE_PROGRAMS = "manage_programs"
    ERASE = "erase"
    OPERATE = "operate"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account.

    Attributes:
        unit: office the person works for; empty = no office.
        is_active: a person who left keeps the name in the history and may do nothing any more.
        is_machine: an account of a program; it never signs.
        language: of the letters to this person; None = that of the settings.
    """

    id: str
    name: str
    email: str
    roles: frozenset[Role]
    unit: str = ""
    is_active: bool = True
    is_machine: bool = False
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at trips, and the one office whose trips these may be: those of others are not there.

    Attributes:
        actor: id of the person or of the key, as the audit trail names it.
        office: as trips and people name it; empty = no office, so nothing can be seen.
    """

    actor: str
    office: str


@dataclass(frozen=True, slots=True)
class Delegation:
    """A focal point lets an alternate act from one day to another, both included."""

    focal_point: str
    alternate: str
    valid_from: date
    valid_until: date

    def __post_init__(self) -> None:
        """Refuse a delegation that could never be used, or to oneself."""
        if self.valid_until < self.valid_from:
            raise BadInputError(
                f"the delegation ends on {self.valid_until} before it begins on {self.valid_from}: "
                "give a later end"
            )
        if self.focal_point == self.alternate:
            raise BadInputError("nobody can be their own alternate: name somebody else")

    def covers(self, day: date) -> bool:
        """Say whether the alternate may act on *day*."""
        return self.valid_from <= day <= self.valid_until


_DESK = frozenset({Act.SEE_RATINGS, Act.SEE_DESK})
_EVERYBODY = frozenset({Act.SEE_RATINGS, Act.REQUEST_EXCEPTION, Act.REPORT})
_KEEPS = _DESK | {Act.PROPOSE, Act.SIGN, Act.PUBLISH, Act.TELL_TRAVELLERS}
_SCREENS = frozenset(
    {
        Act.TELL_TRAVELLERS,
        Act.EXPLAIN_TABLES,
        Act.SEE_TRIPS,
        Act.SCREEN,
        Act.SEE_WHEREABOUTS,
        Act.SEE_REPORTS,
    }
)
_MAY: dict[Role, frozenset[Act]] = {
    Role.TRAVELLER: _EVERYBODY,
    Role.TRAVEL_UNIT: _EVERYBODY | _SCREENS,
    Role.FOCAL_POINT: _EVERYBODY | _KEEPS | {Act.SEE_REPORTS},
    Role.ALTERNATE: _EVERYBODY | _DESK,  # and, while somebody delegates, what a focal point may
    Role.APPROVER: _EVERYBODY | _DESK | {Act.APPROVE_EXCEPTION},
    Role.AUDITOR: _DESK | {Act.SEE_AUDIT, Act.SEE_REPORTS},
    Role.ADMIN: frozenset({Act.MANAGE_PEOPLE, Act.SEE_AUDIT, Act.MANAGE_PROGRAMS, Act.ERASE, Act.OPERATE}),
}
_NEVER_BY_MACHINES = frozenset(
    {
        Act.SIGN,
        Act.PUBLISH,
        Act.APPROVE_EXCEPTION,
        Act.MANAGE_PEOPLE,
        Act.MANAGE_PROGRAMS,
        Act.ERASE,
        Act.OPERATE,
    }
)


# Roles with which somebody decides, may come to decide, or makes those who do.
POWERS = frozenset({Role.FOCAL_POINT, Role.ALTERNATE, Role.APPROVER, Role.ADMIN})


def roles_on(person: Person, day: date, delegations: Iterable[Delegation] = ()) -> frozenset[Role]:
    """Return the roles a person has on *day*: an alternate is a focal point while a delegation runs."""
    if not person.is_active:
        return frozenset()
    roles = person.roles
    if Role.ALTERNATE in roles and any(
        each.alternate == person.id and each.covers(day) for each in delegations
    ):
        roles |= {Role.FOCAL_POINT}
    return roles


def may(person: Person, act: Act, day: date, delegations: Iterable[Delegation] = ()) -> bool:
    """Say whether *person* may do *act* on *day*; what no role allows is refused."""
    if person.is_machine and act in _NEVER_BY_MACHINES:
        return False
    return any(act in _MAY[role] for role in roles_on(person, day, delegations))
