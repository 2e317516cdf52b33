"""Signing in and out: failures slow the next attempt down, and a session that has ended is worth nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from typing import Final, NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.people import Delegation, Person
from travelrisk.services.application import Application
from travelrisk.services.people import accounts, passwords
from travelrisk.store import audit, people, sessions, sign_ins
from travelrisk.store.database import reading, transact, writing
from travelrisk.store.sessions import Session

IDLE: Final = timedelta(hours=4)  # a form left open over lunch can still be sent
LONGEST: Final = timedelta(hours=12)
LONGEST_NOTE: Final = 2000  # as much as the field of a note takes
_REMEMBERED: Final = timedelta(hours=1)
_IPV6_CUSTOMER: Final = 64  # bits: whoever has one address has all of these


class Limit(NamedTuple):
    """How many failures of one kind are free, and how long the wait grows at most."""

    kind: str
    free: int
    longest: timedelta


# One address from one place is slowed down soon. One place that tries many addresses, and one address tried
# from many places, are slowed down later and less: nobody can lock somebody else out for long.
LIMITS: Final = (
    Limit("address and place", 5, timedelta(minutes=15)),
    Limit("place", 50, timedelta(minutes=1)),
    Limit("address", 100, timedelta(seconds=30)),
)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody signed in; *token* goes into the cookie and nowhere else."""

    person: Person
    token: str


@dataclass(frozen=True, slots=True)
class NotSignedIn:
    """The address or the password is wrong; *wait* says how long nothing is even looked at, in seconds."""

    wait: int = 0


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks for a page: the person, the session, and who delegates to whom today, all as of now.

    *must_choose*: the password was made by an administrator, and nothing can be done but choosing another.
    """

    person: Person
    session: Session
    delegations: tuple[Delegation, ...]
    must_choose: bool = False


def sign_in(
    app: Application, email: str, password: str, place: str, before: str = ""
) -> SignedIn | NotSignedIn:
    """Let somebody in who knows the password; the answer never says which of the two was wrong.

    Args:
        app: the parts of the service.
        email: as it was typed.
        password: as it was typed.
        place: network address that it comes from.
        before: token of a session of the same browser, which ends.
    """

    def begin(c: Connection, person: Person, stored: str) -> SignedIn:
        if passwords.is_outdated(stored):
            people.set_password(c, person.id, passwords.hashed(password))
        return SignedIn(person, _begun(app, c, person, "password", before))

    return when_it_fits(app, email, password, place, begin)


def change_password(
    app: Application, person: Person, current: str, wanted: str, place: str
) -> SignedIn | NotSignedIn:
    """Change one's own password: every session ends, and a new one begins.

    Raises:
        BadInputError: the new password cannot be used, or is the old one.
    """
    if wanted == current:
        raise BadInputError("this is the password that you have: choose another one")
    stored = accounts.hashed(wanted, person.email)

    def renew(c: Connection, now: Person, _before: str) -> SignedIn:
        accounts.renewed(app, c, now, stored, now.id)
        return SignedIn(now, _begun(app, c, now, "new_password", ""))

    return when_it_fits(app, person.email, current, place, renew)


def sign_in_as(app: Application, person: Person, way: str, before: str = "") -> SignedIn | NotSignedIn:
    """Begin a session for somebody whom another party has recognised, or who just changed the password."""

    def begin(c: Connection) -> SignedIn | NotSignedIn:
        now = people.by_id(c, person.id)
        if not now.is_active or now.is_machine:
            return NotSignedIn()
        people.void_given(c, now.id)  # there is another way in: what an administrator knows is not needed
        return SignedIn(now, _begun(app, c, now, way, before))

    return transact(app.engine, begin)


def sign_out(app: Application, token: str) -> None:
    """End a session: whoever holds a copy of its cookie holds nothing any more."""

    def end(c: Connection) -> None:
        person_id = sessions.end(c, token)
        if person_id is not None:
            _record(app, c, "session.ended", person_id, {})

    transact(app.engine, end)


def visit(app: Application, token: str) -> Visit | None:
    """Return who is behind a token, with the roles of this moment; None = nobody, or somebody who left."""
    at = app.clock()
    with reading(app.engine) as c:
        session = sessions.find(c, token, at=at, idle=IDLE)
        if session is None:
            return None
        person = people.by_id(c, session.person_id)
        delegations = people.delegated(c, at.date())
        must_choose = people.must_choose(c, session.person_id)
    if not person.is_active:
        return None
    if sessions.is_stale(session, at):
        with writing(app.engine) as c:
            sessions.touch(c, session, at)
    return Visit(person, session, delegations, must_choose)


def put_by(app: Application, session: Session, note: str = "", address: str = "") -> None:
    """Keep what was typed into the form of *address* until it is sent again; nothing forgets it."""
    with writing(app.engine) as c:
        sessions.put_by(c, session.token_sha256, note[:LONGEST_NOTE] or None, address or None)


def sessions_of(app: Application, person_id: str) -> tuple[Session, ...]:
    """Return where somebody is signed in, the session used last first."""
    with reading(app.engine) as c:
        return sessions.of_person(c, person_id, at=app.clock(), idle=IDLE)


def end_other_sessions(app: Application, mine: Session) -> int:
    """End every session of somebody but this one, and return how many."""

    def end(c: Connection) -> int:
        ended = sessions.end_all(c, mine.person_id, but=mine.token_sha256)
        _record(app, c, "session.others_ended", mine.person_id, {"sessions": ended})
        return ended

    return transact(app.engine, end)


def when_it_fits(
    app: Application,
    email: str,
    password: str,
    place: str,
    work: Callable[[Connection, Person, str], SignedIn],
) -> SignedIn | NotSignedIn:
    """Do *work* in one transaction if the password fits; an attempt too soon is not even looked at."""
    keys = _keys(email, place)
    counted = transact(app.engine, partial(_count, keys=keys, at=app.clock()))
    if isinstance(counted, NotSignedIn):
        return counted
    with reading(app.engine) as c:
        known = people.credentials(c, email)
    fits = passwords.fits(known.password if known else None, password)  # slow: outside of any transaction

    def go_on(c: Connection) -> SignedIn | NotSignedIn:
        now = people.credentials(c, email)
        if now is None or now != known or now.password is None:
            return NotSignedIn()  # password or person were changed in between
        if now.given_until is not None and now.given_until <= app.clock():
            return NotSignedIn()  # it was for choosing another one, and its time is over
        if not now.person.is_active or now.person.is_machine:
            return NotSignedIn()
        sign_ins.forgive(c, counted, keys[0])
        return work(c, now.person, now.password)

    return transact(app.engine, go_on) if fits else NotSignedIn()


def _count(c: Connection, *, keys: tuple[str, ...], at: datetime) -> tuple[int, ...] | NotSignedIn:
    """Count an attempt as failed before it is looked at, so that many at once cannot slip past the limits."""
    sign_ins.hold(c)
    waits = []
    for limit, key in zip(LIMITS, keys, strict=True):
        past = sign_ins.failures(c, key, at - _REMEMBERED)
        wait = sign_ins.wait_after(past.times, limit.free, limit.longest)
        waits.append(min(past.newest + wait - at, wait) if past.newest else timedelta())
    longest = max(waits)
    if longest > timedelta():
        return NotSignedIn(wait=ceil(longest.total_seconds()))
    sign_ins.forget(c, before=at - _REMEMBERED)
    return sign_ins.note(c, keys, at)


def _keys(email: str, place: str) -> tuple[str, ...]:
    address, network = email.strip().casefold(), network_of(place)
    parts = ((address, network), (network,), (address,))
    return tuple(sign_ins.key(limit.kind, *each) for limit, each in zip(LIMITS, parts, strict=True))


def network_of(place: str) -> str:
    """Return the network that an address belongs to, as far as one customer has it for themselves."""
    try:
        address = ip_address(place)
    except ValueError:
        return place  # a Unix socket: all that comes through it is one place
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address), _IPV6_CUSTOMER), strict=False))


def _begun(app: Application, c: Connection, person: Person, way: str, before: str) -> str:
    at = app.clock()
    left = sessions.find(c, before, at=at, idle=IDLE) if before else None
    if before:
        sessions.end(c, before)
    sessions.forget_ended(c, at=at, idle=IDLE)
    _record(app, c, "session.begun", person.id, {"way": way})
    token = sessions.begin(c, person.id, at=at, until=at + LONGEST)
    if left is not None and left.person_id == person.id:  # what somebody else typed is none of theirs
        sessions.put_by(c, sessions.digest(token), left.note, left.note_for)
    return token


def _record(app: Application, c: Connection, kind: str, person_id: str, body: dict[str, str | int]) -> None:
    audit.append(c, kind=kind, actor=person_id, at=app.clock(), subject=f"person:{person_id}", body=body)
