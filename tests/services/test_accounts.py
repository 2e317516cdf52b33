"""Accounts and delegations as use cases, on both databases: who may do what, and what the trail says."""

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from argon2 import PasswordHasher, extract_parameters
from sqlalchemy import select

from tests.services.conftest import Clock
from travelrisk.domain.errors import BadInputError, ForbiddenError, NotFoundError
from travelrisk.domain.people import Delegation, Person, Role
from travelrisk.services.application import Application
from travelrisk.services.people import accounts, delegations, passwords, recognising, sign_in
from travelrisk.services.people.recognising import Stated
from travelrisk.store import audit, people
from travelrisk.store.database import reading
from travelrisk.store.tables import audit as trail

PASSWORD = "four short plain words"  # noqa: S105 - of nobody
TODAY = date(2026, 11, 23)
ISSUER = "https://id.example.org"


def made(app: Application, name: str, *roles: Role, password: str | None = None) -> Person:
    return accounts.add(
        app, name=name.title(), email=f"{name}@staff.example.org", roles=roles, password=password
    )


@pytest.fixture
def admin(app: Application) -> Person:
    return made(app, "dora", Role.ADMIN)


def entries(app: Application) -> list[dict[str, object]]:
    with reading(app.engine) as c:
        return [json.loads(body) for body in c.scalars(select(trail.c.body).order_by(trail.c.seq))]


def test_an_account_is_made_with_its_roles_and_an_address_in_one_form(app: Application) -> None:
    person = accounts.add(app, name=" Dora  Gray ", email="Dora@Example.ORG", roles=[Role.ADMIN], unit="UNON")
    assert (person.name, person.email, person.unit) == ("Dora Gray", "dora@example.org", "UNON")
    assert accounts.named(app, "DORA@example.org") == accounts.named(app, person.id) == person
    with pytest.raises(BadInputError, match="already"):
        accounts.add(app, name="Twin", email="dora@EXAMPLE.org", roles=[])


def test_the_language_of_letters_is_chosen_by_oneself_or_an_administrator(
    app: Application, admin: Person
) -> None:
    erin, frank = (made(app, name, Role.FOCAL_POINT) for name in ("erin", "frank"))
    assert accounts.set_language(app, erin.id, "fr", by=erin.id).language == "fr"
    assert accounts.set_language(app, erin.id, "es", by=admin.id).language == "es"
    with pytest.raises(ForbiddenError):
        accounts.set_language(app, erin.id, "en", by=frank.id)
    changed = accounts.change(app, erin.id, unit="UNON", by=admin.id)
    assert (changed.language, accounts.by_id(app, erin.id).language) == ("es", "es")
    assert [each["kind"] for each in entries(app)].count("person.language_chosen") == 2


@pytest.mark.parametrize(
    "fields", [{"name": " "}, {"name": "a\nb\0"}, {"email": "dora"}, {"name": "x" * 200}]
)
def test_what_cannot_be_an_account_is_refused(app: Application, fields: dict[str, str]) -> None:
    known = {"name": "Dora", "email": "dora@example.org"} | fields
    with pytest.raises(BadInputError):
        accounts.add(app, name=known["name"], email=known["email"], roles=[])
    assert "dora" not in str(accounts.everybody(app))


@pytest.mark.threat(11)
@pytest.mark.parametrize(
    ("password", "wrong"),
    [
        ("elevenchars", "too_short"),
        ("x" * 129, "too_long"),
        ("x" * 1_000_000, "too_long"),
        ("Erin@Staff.Example.org", "is_the_address"),
        (" erin@staff.example.org ", "is_the_address"),
        ("twelve chars", None),
        ("x" * 128, None),
        ("ﬁve ligatures", None),
    ],
)
def test_a_password_has_two_rules(password: str, wrong: str | None) -> None:
    assert passwords.fault(password, "erin@staff.example.org") == wrong


@pytest.mark.threat(11)
def test_whoever_steals_a_hash_guesses_at_great_cost(hasher_of_the_service: PasswordHasher) -> None:
    stored = hasher_of_the_service.hash("été à Genève")
    assert stored.startswith("$argon2id$")
    work = extract_parameters(stored)
    assert work.memory_cost >= 46 * 1024, "in KiB, as OWASP advises"
    assert work.time_cost >= 2


def test_a_password_fits_however_a_keyboard_writes_it() -> None:
    stored = passwords.hashed("été à Genève")
    assert stored.startswith("$argon2id$")
    assert passwords.fits(stored, "e\u0301te\u0301 a\u0300 Gene\u0300ve")
    assert not passwords.fits(stored, "ete a Geneve")
    assert not passwords.fits(None, "ete a Geneve")
    assert not passwords.fits("no hash at all", "ete a Geneve")
    assert not passwords.fits(passwords.hashed(""), "x" * 200)


def test_an_invented_password_can_be_used_and_differs() -> None:
    assert passwords.fault(passwords.invented(), "a@b.example") is None
    assert len({passwords.invented() for _ in range(50)}) == 50


def test_only_an_administrator_changes_accounts(app: Application, admin: Person) -> None:
    erin = made(app, "erin", Role.FOCAL_POINT, Role.APPROVER, Role.AUDITOR)
    with pytest.raises(ForbiddenError):
        accounts.add(app, name="Second", email="second@example.org", roles=[], by=erin.id)
    for forbidden in (accounts.close, accounts.reopen):
        with pytest.raises(ForbiddenError):
            forbidden(app, admin.id, by=erin.id)
    with pytest.raises(ForbiddenError):
        accounts.change(app, erin.id, roles=[Role.ADMIN], by=erin.id)
    with pytest.raises(ForbiddenError):
        accounts.set_password(app, admin.id, PASSWORD, by=erin.id)
    changed = accounts.change(app, erin.id, roles=[Role.AUDITOR], by=admin.id)
    assert changed.roles == {Role.AUDITOR}


def test_nobody_changes_their_own_roles(app: Application, admin: Person) -> None:
    made(app, "erin", Role.ADMIN)
    with pytest.raises(ForbiddenError, match="own"):
        accounts.change(app, admin.id, roles=[Role.ADMIN, Role.APPROVER], by=admin.id)
    with pytest.raises(ForbiddenError, match="own"):
        accounts.close(app, admin.id, by=admin.id)
    assert accounts.change(app, admin.id, name="Dora Gray", by=admin.id).name == "Dora Gray"


def test_somebody_is_left_to_administer(app: Application, admin: Person) -> None:
    with pytest.raises(BadInputError, match="nobody would be left"):
        accounts.close(app, admin.id)
    with pytest.raises(BadInputError, match="nobody would be left"):
        accounts.change(app, admin.id, roles=[Role.AUDITOR])
    assert accounts.by_id(app, admin.id) == admin


def test_an_administrator_does_not_remove_the_only_other_one_to_give_power_alone(
    app: Application, admin: Person
) -> None:
    other = made(app, "erin", Role.ADMIN, password=PASSWORD)
    attempts: tuple[Callable[[], object], ...] = (
        lambda: accounts.close(app, other.id, by=admin.id),
        lambda: accounts.change(app, other.id, roles=[Role.AUDITOR], by=admin.id),
        lambda: accounts.set_password(app, other.id, "another four plain words", by=admin.id),
    )
    for attempt in attempts:
        with pytest.raises(BadInputError, match="only administrator left"):
            attempt()
        assert accounts.by_id(app, other.id) == other
    assert not accounts.close(app, other.id).is_active, "the terminal may"


def test_whoever_leaves_loses_sessions_and_delegations_and_keeps_the_name(
    app: Application, admin: Person
) -> None:
    erin = made(app, "erin", Role.FOCAL_POINT, password=PASSWORD)
    frank = made(app, "frank", Role.ALTERNATE)
    delegations.delegate(app, Delegation(erin.id, frank.id, TODAY, TODAY + timedelta(days=9)))
    signed = sign_in.sign_in(app, erin.email, PASSWORD, "127.0.0.1")
    assert isinstance(signed, sign_in.SignedIn)
    accounts.close(app, erin.id, by=admin.id)
    assert sign_in.visit(app, signed.token) is None
    assert sign_in.sign_in(app, erin.email, PASSWORD, "127.0.0.2") == sign_in.NotSignedIn()
    with reading(app.engine) as c:
        assert people.delegated(c, TODAY) == ()
    assert accounts.by_id(app, erin.id).name == "Erin"
    accounts.reopen(app, erin.id, by=admin.id)
    assert isinstance(sign_in.sign_in(app, erin.email, PASSWORD, "127.0.0.2"), sign_in.SignedIn)
    assert sign_in.visit(app, signed.token) is None


def test_a_delegation_ends_with_the_role_it_rests_on(app: Application, admin: Person) -> None:
    erin, frank = made(app, "erin", Role.FOCAL_POINT), made(app, "frank", Role.ALTERNATE)
    delegations.delegate(app, Delegation(erin.id, frank.id, TODAY, TODAY), by=erin.id)
    accounts.change(app, erin.id, roles=[Role.TRAVELLER], by=admin.id)
    assert [each.is_open for each in delegations.of_person(app, frank.id)] == [False]


def test_a_delegation_needs_its_two_roles_and_days_that_come(app: Application, admin: Person) -> None:
    erin, frank = made(app, "erin", Role.FOCAL_POINT), made(app, "frank", Role.ALTERNATE)
    day = timedelta(days=1)
    for wanted, said in (
        (Delegation(frank.id, erin.id, TODAY, TODAY), "only a focal point"),
        (Delegation(erin.id, admin.id, TODAY, TODAY), "only an alternate"),
        (Delegation(erin.id, frank.id, TODAY - 2 * day, TODAY - day), "later end"),
        (Delegation(erin.id, frank.id, TODAY, TODAY + 367 * day), "at most 366 days"),
    ):
        with pytest.raises(BadInputError, match=said):
            delegations.delegate(app, wanted)
    wanted = Delegation(erin.id, frank.id, TODAY, TODAY + day)
    with pytest.raises(ForbiddenError):
        delegations.delegate(app, wanted, by=frank.id)
    number = delegations.delegate(app, wanted, by=admin.id)
    (found,) = delegations.of_person(app, frank.id)
    assert (found.number, found.focal_point, found.alternate, found.is_open) == (number, erin, frank, True)


def test_a_delegation_is_ended_by_its_people_and_hidden_from_all_others(app: Application) -> None:
    erin, frank = made(app, "erin", Role.FOCAL_POINT), made(app, "frank", Role.ALTERNATE)
    gina = made(app, "gina", Role.FOCAL_POINT)
    number = delegations.delegate(app, Delegation(erin.id, frank.id, TODAY, TODAY), by=erin.id)
    with pytest.raises(NotFoundError):
        delegations.end(app, number, by=gina.id)
    with pytest.raises(NotFoundError):
        delegations.end(app, number + 1, by=erin.id)
    delegations.end(app, number, by=frank.id)
    delegations.end(app, number, by=erin.id)
    assert [each.is_open for each in delegations.of_person(app, erin.id)] == [False]
    kinds = [entry["kind"] for entry in entries(app)]
    assert kinds.count("delegation.ended") == 1


def test_the_trail_names_ids_and_words_and_nobody(app: Application, admin: Person) -> None:
    erin = made(app, "erin", Role.FOCAL_POINT, password=PASSWORD)
    accounts.change(app, erin.id, roles=[Role.APPROVER], unit="UNON", by=admin.id)
    accounts.set_password(app, erin.id, PASSWORD + "!", by=admin.id)
    sign_in.sign_in(app, erin.email, PASSWORD + "!", "192.0.2.7")
    accounts.close(app, erin.id, by=admin.id)
    mine = [entry for entry in entries(app) if entry["subject"] == f"person:{erin.id}"]
    assert [(entry["kind"], entry["actor"]) for entry in mine] == [
        ("person.added", "terminal"),
        ("person.changed", admin.id),
        ("person.password_set", admin.id),
        ("session.begun", erin.id),
        ("person.closed", admin.id),
    ]
    assert mine[1]["body"] == {"was": ["focal_point"], "is": ["approver"]}
    for secret in ("Erin", "example.org", PASSWORD, "192.0.2.7"):
        assert secret not in json.dumps(mine)
    with reading(app.engine) as c:
        assert audit.verify(c).ok


def test_the_organisations_sign_in_ties_an_account_once_and_makes_none(
    app: Application, admin: Person, clock: Clock
) -> None:
    first, second = Stated(ISSUER, "1", admin.email), Stated(ISSUER, "2", admin.email)
    assert recognising.recognise(app, Stated(ISSUER, "1")) is None
    assert recognising.recognise(app, Stated(ISSUER, "1", "nobody@example.org")) is None
    assert recognising.recognise(app, first) == admin
    clock.pass_by(hours=1)
    assert recognising.recognise(app, second) is None, "the address alone opens nothing any more"
    assert recognising.recognise(app, Stated(ISSUER, "1", "moved@example.org")) == admin
    assert recognising.recognise(app, Stated("https://other.example", "1")) is None
    assert len(accounts.everybody(app)) == len({each.id for each in accounts.everybody(app)})


def test_whoever_left_is_recognised_by_nothing(app: Application, admin: Person) -> None:
    erin = made(app, "erin", Role.APPROVER)
    stated = Stated(ISSUER, "3", erin.email)
    assert recognising.recognise(app, stated) == erin
    accounts.close(app, erin.id, by=admin.id)
    assert recognising.recognise(app, stated) is None
    frank = made(app, "frank", Role.APPROVER)
    accounts.close(app, frank.id, by=admin.id)
    assert recognising.recognise(app, Stated(ISSUER, "4", frank.email)) is None
