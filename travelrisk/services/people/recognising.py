"""Who the organisation's own sign-in says somebody is, and which account that is: it never makes one."""

from typing import NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.people import Person
from travelrisk.services.application import Application
from travelrisk.services.trail import record
from travelrisk.store import people
from travelrisk.store.database import transact


class Stated(NamedTuple):
    """What the organisation's sign-in states, checked by whoever received it.

    Attributes:
        issuer, subject: together they name a person for ever; an address may change hands.
        email: empty where none is stated, or the issuer has not verified it.
    """

    issuer: str
    subject: str
    email: str = ""

    @property
    def key(self) -> str:
        """What an account is tied to."""
        return f"{self.issuer}|{self.subject}"


def recognise(app: Application, stated: Stated) -> Person | None:
    """Return whose account this is; None = nobody's, or that of somebody who left.

    An account that is tied to nobody yet is tied once, by its verified address; from then on only issuer and
    subject count. Roles are never taken from elsewhere.
    """

    def find(c: Connection) -> Person | None:
        known = people.by_subject(c, stated.key)
        if known is None and stated.email:
            known = _tied(app, c, stated)
        return known if known and known.is_active and not known.is_machine else None

    return transact(app.engine, find)


def _tied(app: Application, c: Connection, stated: Stated) -> Person | None:
    person = people.by_email(c, stated.email)
    if person is None or not person.is_active or person.is_machine:
        return None
    if not people.link(c, person.id, stated.key):
        return None  # it is tied to somebody else at the same issuer
    record(app, c, "person.tied", person.id, person.id, {})
    return person
