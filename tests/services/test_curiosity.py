"""Whoever looks at many trips is told to the administrators: who and how many, once an hour, and no trip."""

from dataclasses import replace

import pytest

from tests.services.conftest import Clock
from tests.services.mailboxes import sent
from travelrisk.domain.people import Person, Role, Viewer
from travelrisk.reference import LoadedPolicy
from travelrisk.services.application import Application
from travelrisk.services.privacy.looking import Purpose, looked
from travelrisk.services.watch.curiosity import watch
from travelrisk.store import audit, people, trips
from travelrisk.store.database import reading, writing

URSA = Viewer("ursa", "UNIT-X")


@pytest.fixture
def curious(app: Application) -> Application:
    """Give a service in which more than three trips an hour are many."""
    loaded: LoadedPolicy = app.policy
    policy = replace(loaded.policy, privacy=replace(loaded.policy.privacy, trips_an_hour=3))
    with writing(app.engine) as c:
        for name, role in (("ursa", Role.TRAVEL_UNIT), ("dora", Role.ADMIN), ("erin", Role.ADMIN)):
            person = Person(name, name.title(), f"{name}@example.org", frozenset({role}))
            people.add(c, person, at=app.clock())
    return replace(app, policy=replace(loaded, policy=policy))


@pytest.fixture
def known(curious: Application) -> list[int]:
    with writing(curious.engine) as c:
        at = curious.clock()
        return [trips.new_trip(c, contact="", language="en", at=at, office="UNIT-X").id for _ in range(5)]


@pytest.mark.threat(51)
def test_administrators_are_told_once_an_hour(curious: Application, known: list[int], clock: Clock) -> None:
    looked(curious, URSA, Purpose.SEARCH, known[:3])
    looked(curious, URSA, Purpose.DESK, known[:3])
    assert watch(curious) == 0, "the same trips again are no more of them"
    looked(curious, URSA, Purpose.SEARCH, known[3:])
    assert watch(curious) == 2
    assert watch(curious) == 0
    letters = sent(curious)
    assert {each["To"] for each in letters} == {"dora@example.org", "erin@example.org"}
    text = letters[0].get_body(("plain",))
    assert text is not None
    assert "Ursa: 5 different trips" in text.get_content()
    assert "TR-" not in text.get_content()
    clock.pass_by(hours=2)
    assert watch(curious) == 0
    looked(curious, URSA, Purpose.SEARCH, known)
    assert watch(curious) == 2
    with reading(curious.engine) as c:
        assert audit.verify(c).ok


def test_whoever_it_is_about_is_not_asked(curious: Application, known: list[int]) -> None:
    looked(curious, Viewer("dora", "UNIT-X"), Purpose.SEARCH, known)
    assert watch(curious) == 1
    assert [each["To"] for each in sent(curious)] == ["erin@example.org"]


def test_it_can_be_switched_off(curious: Application, known: list[int]) -> None:
    policy = curious.policy.policy
    off = replace(policy, privacy=replace(policy.privacy, trips_an_hour=0))
    looked(curious, URSA, Purpose.SEARCH, known)
    assert watch(replace(curious, policy=replace(curious.policy, policy=off))) == 0
