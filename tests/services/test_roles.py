"""Power is given by two administrators, on both databases; passwords of others are good for one thing."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError

from tests.services.conftest import Clock
from travelrisk.domain.errors import BadInputError, ForbiddenError, NotFoundError, StoreError
from travelrisk.domain.people import Person, Role
from travelrisk.services.application import Application
from travelrisk.services.people import accounts, passwords, roles, sign_in
from travelrisk.services.people.sign_in import NotSignedIn, SignedIn
from travelrisk.services.trail import TERMINAL
from travelrisk.store.database import reading, writing
from travelrisk.store.tables import audit, role_requests

PASSWORD = "four short plain words"  # noqa: S105 - of nobody
NEW = "another long password"
PLACE = "127.0.0.1"


def made(app: Application, name: str, *given: Role, by: str = TERMINAL) -> Person:
    email = f"{name}@staff.example.org"
    return accounts.add(app, name=name.title(), email=email, roles=given, password=PASSWORD, by=by)


@pytest.fixture
def dora(app: Application) -> Person:
    return made(app, "dora", Role.ADMIN)


@pytest.fixture
def hugo(app: Application, dora: Person) -> Person:  # noqa: ARG001 - the first administrator comes first
    return made(app, "hugo", Role.ADMIN)


def test_one_administrator_alone_gives_power_as_before(app: Application, dora: Person) -> None:
    assert made(app, "erin", Role.FOCAL_POINT, by=dora.id).roles == {Role.FOCAL_POINT}
    assert roles.waiting(app) == ()


@pytest.mark.parametrize("power", [Role.FOCAL_POINT, Role.ALTERNATE, Role.APPROVER, Role.ADMIN])
def test_of_two_the_second_confirms(app: Application, dora: Person, hugo: Person, power: Role) -> None:
    erin = made(app, "erin", Role.TRAVELLER, by=dora.id)
    changed = accounts.change(app, erin.id, roles=[power, Role.AUDITOR], by=dora.id)
    assert changed.roles == {Role.AUDITOR}
    (request,) = roles.waiting(app)
    assert (request.person_id, request.roles, request.asked_by) == (erin.id, frozenset({power}), dora.id)
    with pytest.raises(ForbiddenError, match="second administrator"):
        roles.confirm(app, request.number, by=dora.id)
    with pytest.raises(ForbiddenError, match="only an administrator"):
        roles.confirm(app, request.number, by=erin.id)
    assert accounts.by_id(app, erin.id).roles == {Role.AUDITOR}
    assert roles.confirm(app, request.number, by=hugo.id).roles == {power, Role.AUDITOR}
    with pytest.raises(NotFoundError):
        roles.confirm(app, request.number, by=hugo.id)
    with reading(app.engine) as c:
        trail = [json.loads(body) for body in c.scalars(select(audit.c.body).order_by(audit.c.seq))]
    told = [(each["kind"], each["actor"]) for each in trail if "roles_" in each["kind"]]
    assert told == [("person.roles_asked", dora.id), ("person.roles_confirmed", hugo.id)]


def test_a_new_account_and_an_opened_one_wait_too(app: Application, dora: Person, hugo: Person) -> None:
    erin = made(app, "erin", Role.FOCAL_POINT, Role.TRAVELLER, by=dora.id)
    assert erin.roles == {Role.TRAVELLER}
    roles.confirm(app, roles.waiting(app)[0].number, by=hugo.id)
    accounts.close(app, erin.id, by=dora.id)
    assert accounts.reopen(app, erin.id, by=dora.id).roles == {Role.TRAVELLER}
    assert roles.waiting(app)[0].roles == {Role.FOCAL_POINT}


@pytest.mark.usefixtures("hugo")
def test_the_newest_wish_holds_and_what_is_declined_is_over(app: Application, dora: Person) -> None:
    erin = made(app, "erin", Role.FOCAL_POINT, by=dora.id)
    accounts.change(app, erin.id, roles=[Role.APPROVER], by=dora.id)
    (request,) = roles.waiting(app)
    assert request.roles == {Role.APPROVER}
    roles.decline(app, request.number, by=dora.id)
    assert roles.waiting(app) == ()
    assert accounts.by_id(app, erin.id).roles == frozenset()


def test_nobody_is_raised_by_whoever_is_none_any_more(app: Application, dora: Person, hugo: Person) -> None:
    erin = made(app, "erin", Role.FOCAL_POINT, by=dora.id)
    made(app, "gina", Role.ADMIN)
    (request,) = roles.waiting(app)
    accounts.close(app, dora.id, by=hugo.id)
    with pytest.raises(ForbiddenError, match="ask for it anew"):
        roles.confirm(app, request.number, by=hugo.id)
    assert accounts.by_id(app, erin.id).roles == frozenset()


@pytest.mark.threat(3)
def test_the_database_itself_wants_two(app: Application, dora: Person, hugo: Person) -> None:
    erin = made(app, "erin", Role.FOCAL_POINT, by=dora.id)
    for decider in (dora.id, erin.id, None):
        alone = {"decided_by": decider, "decided_at": app.clock(), "is_granted": 1}
        with pytest.raises((StoreError, SQLAlchemyError)), writing(app.engine) as c:
            c.execute(update(role_requests).values(alone))
    assert roles.confirm(app, roles.waiting(app)[0].number, by=hugo.id).roles == {Role.FOCAL_POINT}


def test_a_password_of_somebody_else_is_good_for_choosing_ones_own(app: Application, dora: Person) -> None:
    erin, given = made(app, "erin", Role.FOCAL_POINT), passwords.invented()
    accounts.set_password(app, erin.id, given, by=dora.id)
    signed = sign_in.sign_in(app, erin.email, given, PLACE)
    assert isinstance(signed, SignedIn)
    visit = sign_in.visit(app, signed.token)
    assert visit is not None
    assert visit.must_choose
    with pytest.raises(BadInputError, match="choose another"):
        sign_in.change_password(app, erin, given, given, PLACE)
    own = sign_in.change_password(app, erin, given, NEW, PLACE)
    assert isinstance(own, SignedIn)
    visit = sign_in.visit(app, own.token)
    assert visit is not None
    assert not visit.must_choose
    assert sign_in.sign_in(app, erin.email, given, PLACE) == NotSignedIn()


def test_a_password_of_somebody_else_ends_by_itself(app: Application, dora: Person, clock: Clock) -> None:
    erin, given = made(app, "erin", Role.FOCAL_POINT), passwords.invented()
    accounts.set_password(app, erin.id, given, by=dora.id)
    clock.pass_by(hours=accounts.GIVEN_FOR / timedelta(hours=1))
    assert sign_in.sign_in(app, erin.email, given, PLACE) == NotSignedIn()


def test_another_way_in_makes_it_worthless(app: Application, dora: Person) -> None:
    erin, given = made(app, "erin", Role.FOCAL_POINT), passwords.invented()
    accounts.set_password(app, erin.id, given, by=dora.id)
    assert isinstance(sign_in.sign_in_as(app, erin, "organisation"), SignedIn)
    assert sign_in.sign_in(app, erin.email, given, PLACE) == NotSignedIn()


def test_who_makes_a_password_for_a_signer_does_not_become_one(
    app: Application, dora: Person, hugo: Person
) -> None:
    erin = made(app, "erin", Role.FOCAL_POINT, Role.TRAVELLER)
    accounts.set_password(app, erin.id, passwords.invented(), by=dora.id)
    assert accounts.by_id(app, erin.id).roles == {Role.TRAVELLER}
    assert roles.confirm(app, roles.waiting(app)[0].number, by=hugo.id).roles >= {Role.FOCAL_POINT}
