"""What each role may do, day by day: everything that is not allowed is denied."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.people import Act, Delegation, Person, Role, may, roles_on

DAY = date(2026, 11, 23)
ALLOWED = {
    Role.TRAVELLER: "see_ratings request_exception report",
    Role.TRAVEL_UNIT: "see_ratings request_exception report tell_travellers explain_tables"
    " see_trips screen see_whereabouts see_reports",
    Role.FOCAL_POINT: "see_ratings request_exception report see_desk propose sign publish tell_travellers"
    " see_reports",
    Role.ALTERNATE: "see_ratings request_exception report see_desk",
    Role.APPROVER: "see_ratings request_exception report see_desk approve_exception",
    Role.AUDITOR: "see_ratings see_desk see_audit see_reports",
    Role.ADMIN: "manage_people see_audit manage_programs erase operate",
}


def person(*roles: Role, is_active: bool = True, is_machine: bool = False) -> Person:
    """Return Bob with these roles."""
    return Person("bob", "Bob", "bob@example.org", frozenset(roles), "", is_active, is_machine)


@pytest.mark.parametrize("role", Role)
def test_a_role_may_do_exactly_this(role: Role) -> None:
    assert {act.value for act in Act if may(person(role), act, DAY)} == set(ALLOWED[role].split())


def test_without_a_role_and_after_leaving_nothing_is_allowed() -> None:
    for nobody in (person(), person(*Role, is_active=False)):
        assert not any(may(nobody, act, DAY) for act in Act)


@given(st.integers(-400, 400), st.integers(0, 60))
def test_an_alternate_signs_while_a_delegation_runs_and_not_a_day_longer(start: int, days: int) -> None:
    first = DAY + timedelta(days=start)
    delegation = Delegation("alice", "bob", first, first + timedelta(days=days))
    runs = start <= 0 <= start + days
    assert may(person(Role.ALTERNATE), Act.SIGN, DAY, [delegation]) is runs
    assert (Role.FOCAL_POINT in roles_on(person(Role.ALTERNATE), DAY, [delegation])) is runs
    assert not may(person(Role.TRAVELLER), Act.SIGN, DAY, [delegation])
    elsewhere = Delegation("alice", "dana", first, first + timedelta(days=days))
    assert not may(person(Role.ALTERNATE), Act.SIGN, DAY, [elsewhere])


@pytest.mark.threat(5)
def test_a_program_never_signs_publishes_or_approves() -> None:
    program = person(*Role, is_machine=True)
    assert {act for act in Act if not may(program, act, DAY)} == {
        Act.SIGN,
        Act.PUBLISH,
        Act.APPROVE_EXCEPTION,
        Act.MANAGE_PEOPLE,
        Act.MANAGE_PROGRAMS,
        Act.ERASE,
        Act.OPERATE,
    }


def test_a_delegation_that_ends_before_it_begins_or_goes_to_oneself_is_refused() -> None:
    with pytest.raises(BadInputError, match="give a later end"):
        Delegation("alice", "bob", DAY, DAY - timedelta(days=1))
    with pytest.raises(BadInputError, match="their own alternate"):
        Delegation("bob", "bob", DAY, DAY)
