"""People at the desk, for the tests of its pages: one for each role, and somebody who left."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

from flask import Flask

from tests import databases
from tests.web.conftest import Page, Visitor
from travelrisk.domain.people import Person, Role
from travelrisk.services.application import Application, SnapshotShelf
from travelrisk.services.people import passwords, sign_in
from travelrisk.services.people.sign_in import SignedIn
from travelrisk.store import people
from travelrisk.store.database import writing
from travelrisk.web.app import create_app

OFFICE = "Nairobi"  # of the people of travel units, who see the trips of their own office
PASSWORD = "four short plain words"  # noqa: S105 - of nobody
COOKIE = "travelrisk-desk"
TABLE = b"record,id,subject_kind,subject,valid_from\nrating,not-yet,carrier,ETH,2026-01-01\n"
TABLE_SHA256 = hashlib.sha256(TABLE).hexdigest()

hashed = cache(passwords.hashed)  # of each process, for the work it does is the test's to choose


class Desk(NamedTuple):
    """A service with people; each is found by name."""

    app: Application
    pages: Flask

    def person(self, name: str) -> Person:
        """Return somebody as the account stands now."""
        with writing(self.app.engine) as c:
            return people.by_id(c, f"p-{name}")

    def token(self, name: str) -> str:
        """Begin a session for somebody, and return its token."""
        signed = sign_in.sign_in_as(self.app, self.person(name), "test")
        assert isinstance(signed, SignedIn)
        return signed.token

    def visitor(self, name: str = "") -> Visitor:
        """Return a browser in which somebody is signed in; empty = nobody."""
        visitor = Visitor(self.pages)
        if name:
            visitor.client.set_cookie(COOKIE, self.token(name))
        return visitor


@contextmanager
def desk_of(app: Application, folder: Path, **roles: Role) -> Iterator[Desk]:
    """Give a service like *app* with a database of its own, and people at its desk."""
    path = folder / "desk.db"
    databases.put_empty(path)
    own = replace(
        app,
        engine=databases.encrypted(f"sqlite:///{path}"),
        facts=replace(app.facts, demo=False),
        editions=SnapshotShelf(),
    )
    employ(own, **roles)
    yield Desk(own, create_app(own))
    own.engine.dispose()


def employ(app: Application, **roles: Role) -> None:
    """Make accounts: ``employ(app, erin=Role.APPROVER)``."""
    with writing(app.engine) as c:
        for name, role in roles.items():
            unit = OFFICE if role is Role.TRAVEL_UNIT else ""
            person = Person(f"p-{name}", name.title(), f"{name}@staff.example.org", frozenset({role}), unit)
            people.add(c, person, at=app.clock(), password=hashed(PASSWORD))


def dismiss(app: Application, name: str) -> None:
    """Close an account behind the back of the service, which ends no session."""
    with writing(app.engine) as c:
        people.save(c, replace(people.by_id(c, f"p-{name}"), is_active=False))


def csrf(page: Page) -> str:
    """Return the token of the forms of a page."""
    return str(page.all("//input[@name='csrf_token']/@value")[0])


def send(visitor: Visitor, path: str, on: str = "", **fields: object) -> Page:
    """Open a page (*on*, or *path* itself), and send one of its forms to *path*."""
    token = csrf(visitor.get(on or path))
    return visitor.post(path, data={"csrf_token": token, **fields})


def sign_in_as(visitor: Visitor, name: str, password: str = PASSWORD, path: str = "/sign-in") -> Page:
    """Send the form of the sign-in."""
    return send(visitor, path, email=f"{name}@staff.example.org", password=password)
