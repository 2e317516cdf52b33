"""Accounts and delegations as they are stored, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from tests.store.samples import DAY, NOON
from travelrisk.domain.errors import NotFoundError, StoreError
from travelrisk.domain.people import Delegation, Person, Role
from travelrisk.store import people
from travelrisk.store.database import reading, writing

ALICE = Person("alice", "Alice Green", "Alice@Example.org ", frozenset({Role.FOCAL_POINT}), "UNON")
BOB = Person("bob", "Bob Brown", "bob@example.org", frozenset({Role.ALTERNATE, Role.TRAVELLER}))


@pytest.fixture(autouse=True)
def _both(engine: Engine) -> None:
    with writing(engine) as c:
        people.add(c, ALICE, at=NOON, password="argon2id")  # noqa: S106 - stands for a hash
        people.add(c, BOB, at=NOON)


def test_an_address_is_found_however_it_is_written(engine: Engine) -> None:
    with reading(engine) as c:
        found = people.credentials(c, " ALICE@example.ORG")
        assert found is not None
        assert (found.person.id, found.password) == ("alice", "argon2id")
        assert found.person.email == "alice@example.org"
        assert people.credentials(c, "nobody@example.org") is None


def test_one_address_has_one_account(engine: Engine) -> None:
    twin = Person("twin", "Twin", "ALICE@example.org", frozenset())
    with pytest.raises(StoreError), writing(engine) as c:
        people.add(c, twin, at=NOON)


def test_a_password_is_set_for_somebody_who_exists(engine: Engine) -> None:
    with writing(engine) as c:
        people.set_password(c, "bob", "another")
        assert people.credentials(c, "bob@example.org") == people.Credentials(BOB, "another")
        with pytest.raises(NotFoundError):
            people.set_password(c, "nobody", "another")


def test_a_person_is_tied_to_one_subject_and_once(engine: Engine) -> None:
    with writing(engine) as c:
        assert people.link(c, "alice", "https://id.example.org|1")
        assert not people.link(c, "alice", "https://id.example.org|2")
        assert people.by_subject(c, "https://id.example.org|2") is None
        found = people.by_subject(c, "https://id.example.org|1")
        assert found is not None
        assert found.id == "alice"


def test_a_delegation_runs_on_its_days_until_it_is_ended(engine: Engine) -> None:
    wanted = Delegation("alice", "bob", DAY, DAY + timedelta(days=7))
    with writing(engine) as c:
        number = people.delegate(c, wanted, by="alice", at=NOON)
        assert people.delegated(c, DAY) == (wanted,)
        assert people.delegated(c, DAY + timedelta(days=8)) == ()
        assert people.delegation(c, number) == (number, wanted, None)
        people.end_delegation(c, number, NOON)
        people.end_delegation(c, number, NOON + timedelta(hours=1))
        assert people.delegated(c, DAY) == ()
        assert people.delegation(c, number).ended_at == NOON
        assert people.delegations_of(c, "bob") == people.delegations_of(c) == ((number, wanted, NOON),)
        assert people.delegations_of(c, "nobody") == ()
        with pytest.raises(NotFoundError):
            people.delegation(c, number + 1)
