"""Signing in as a use case, on both databases: sessions that end, and guessers that wait."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from tests.services.conftest import Clock
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.people import Person, Role
from travelrisk.services.application import Application
from travelrisk.services.people import accounts, passwords, sign_in
from travelrisk.services.people.sign_in import IDLE, LIMITS, LONGEST, NotSignedIn, SignedIn
from travelrisk.store import people
from travelrisk.store.database import reading, writing

PASSWORD = "four short plain words"  # noqa: S105 - of nobody
HERE, THERE = "192.0.2.1", "192.0.2.2"
PAIR, PLACE, ADDRESS = LIMITS


@pytest.fixture
def alice(app: Application) -> Person:
    return accounts.add(
        app, name="Alice", email="alice@staff.example.org", roles=[Role.FOCAL_POINT], password=PASSWORD
    )


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give a list that grows by each password that is looked at; none of them fits."""
    looked_at: list[str] = []

    def look(_stored: str | None, password: str) -> bool:
        looked_at.append(password)
        return False

    monkeypatch.setattr(passwords, "fits", look)
    return looked_at


def attempt(app: Application, password: str = PASSWORD, place: str = HERE) -> SignedIn | NotSignedIn:
    return sign_in.sign_in(app, "Alice@Staff.Example.org ", password, place)


def signed(app: Application, place: str = HERE, before: str = "") -> SignedIn:
    done = sign_in.sign_in(app, "alice@staff.example.org", PASSWORD, place, before)
    assert isinstance(done, SignedIn)
    return done


def test_a_session_says_who_it_is_until_it_ends(app: Application, alice: Person, clock: Clock) -> None:
    token = signed(app).token
    found = sign_in.visit(app, token)
    assert found is not None
    assert found.person == alice
    clock.pass_by(hours=3)
    assert sign_in.visit(app, token), "used within the four hours, it lives on"
    clock.at += IDLE - timedelta(seconds=1)
    assert sign_in.visit(app, token)
    clock.at += IDLE
    assert sign_in.visit(app, token) is None


def test_a_session_ends_after_twelve_hours_however_busy(
    app: Application, alice: Person, clock: Clock
) -> None:
    begun, token = clock.at, signed(app).token
    while clock.at < begun + LONGEST - timedelta(hours=1):
        clock.pass_by(hours=1)
        assert sign_in.visit(app, token)
    clock.pass_by(hours=1)
    assert sign_in.visit(app, token) is None
    assert alice.is_active


@pytest.mark.threat(10)
@pytest.mark.usefixtures("alice")
def test_a_new_sign_in_has_a_new_token_and_ends_the_old_one_of_the_browser(app: Application) -> None:
    first, elsewhere = signed(app), signed(app)
    second = signed(app, before=first.token)
    assert len({first.token, second.token, elsewhere.token}) == 3
    found = [sign_in.visit(app, each.token) is not None for each in (first, second, elsewhere)]
    assert found == [False, True, True]


@pytest.mark.usefixtures("alice")
def test_a_token_is_dead_after_signing_out(app: Application) -> None:
    token = signed(app).token
    sign_in.sign_out(app, token)
    sign_in.sign_out(app, token)
    assert sign_in.visit(app, token) is None


@pytest.mark.usefixtures("alice")
def test_the_other_sessions_end_and_this_one_stays(app: Application) -> None:
    mine, others = signed(app).token, [signed(app).token for _ in range(2)]
    found = sign_in.visit(app, mine)
    assert found is not None
    assert len(sign_in.sessions_of(app, found.person.id)) == 3
    assert sign_in.end_other_sessions(app, found.session) == 2
    assert sign_in.visit(app, mine)
    assert not any(sign_in.visit(app, each) for each in others)


def test_a_changed_password_ends_every_session_and_begins_one(app: Application, alice: Person) -> None:
    before = [signed(app).token, signed(app).token]
    assert sign_in.change_password(app, alice, "a wrong password", PASSWORD + "!", HERE) == NotSignedIn()
    with pytest.raises(BadInputError, match="at least 12"):
        sign_in.change_password(app, alice, PASSWORD, "short", HERE)
    done = sign_in.change_password(app, alice, PASSWORD, PASSWORD + "!", HERE)
    assert isinstance(done, SignedIn)
    assert not any(sign_in.visit(app, each) for each in before)
    assert sign_in.visit(app, done.token)
    assert attempt(app) == NotSignedIn()
    assert isinstance(attempt(app, PASSWORD + "!"), SignedIn)


def test_a_password_set_by_somebody_else_ends_every_session(app: Application, alice: Person) -> None:
    token = signed(app).token
    accounts.set_password(app, alice.id, "another long password")
    assert sign_in.visit(app, token) is None


@pytest.mark.threat(4)
def test_a_role_that_is_taken_away_is_gone_at_the_next_page(app: Application, alice: Person) -> None:
    accounts.add(app, name="Dora", email="dora@staff.example.org", roles=[Role.ADMIN])
    token = signed(app).token
    accounts.change(app, alice.id, roles=[Role.TRAVELLER])
    found = sign_in.visit(app, token)
    assert found is not None
    assert found.person.roles == {Role.TRAVELLER}


@pytest.mark.threat(11)
def test_an_old_hash_is_renewed_at_the_next_sign_in(app: Application, alice: Person) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with writing(app.engine) as c:
        people.set_password(c, alice.id, weak)
    signed(app)
    with reading(app.engine) as c:
        known = people.credentials(c, alice.email)
    assert known is not None
    assert known.password != weak
    assert known.password is not None
    assert not passwords.is_outdated(known.password)
    signed(app)


@pytest.mark.threat(12)
@pytest.mark.usefixtures("alice")
def test_the_same_work_is_done_for_whoever_is_unknown(app: Application, hashes: list[str]) -> None:
    for email in ("alice@staff.example.org", "nobody@staff.example.org", "", "x" * 5000, "\ud800"):
        assert sign_in.sign_in(app, email.replace("\ud800", "?"), PASSWORD, HERE) == NotSignedIn()
    assert len(hashes) == 5


@pytest.mark.usefixtures("alice")
def test_a_guesser_waits_ever_longer_and_only_where_the_guessing_is(
    app: Application, clock: Clock, hashes: list[str]
) -> None:
    waits = []
    for _ in range(PAIR.free + 4):
        while isinstance(done := attempt(app, "wrong"), NotSignedIn) and done.wait:
            waits.append(done.wait)
            clock.pass_by(seconds=done.wait)
    assert waits == [1, 2, 4, 8]
    assert len(hashes) == PAIR.free + 4
    assert attempt(app, "wrong", THERE) == NotSignedIn(), "another place is not made to wait"


def test_a_success_is_not_looked_at_too_soon_and_then_forgives(
    app: Application, clock: Clock, alice: Person
) -> None:
    for _ in range(PAIR.free):
        assert attempt(app, "wrong") == NotSignedIn()
    assert attempt(app) == NotSignedIn(wait=1), "even the right password waits"
    clock.pass_by(seconds=1)
    assert isinstance(attempt(app), SignedIn)
    assert attempt(app, "wrong") == NotSignedIn()
    assert isinstance(attempt(app), SignedIn)
    assert alice.is_active


@pytest.mark.threat(12)
@pytest.mark.usefixtures("alice")
def test_a_thousand_guesses_cost_a_handful_of_hashes(app: Application, hashes: list[str]) -> None:
    for number in range(200):
        attempt(app, f"guess {number}")
    assert len(hashes) == PAIR.free


@pytest.mark.threat(12)
@pytest.mark.usefixtures("alice")
def test_many_guesses_at_once_do_not_slip_past_the_limit(app: Application, hashes: list[str]) -> None:
    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(lambda number: attempt(app, f"guess {number}"), range(40)))
    assert len(hashes) == PAIR.free


def test_one_place_that_tries_many_addresses_is_slowed_down(app: Application, hashes: list[str]) -> None:
    for number in range(PLACE.free + 10):
        sign_in.sign_in(app, f"{number}@staff.example.org", "wrong", HERE)
    assert len(hashes) == PLACE.free
    assert sign_in.sign_in(app, "alice@staff.example.org", "wrong", THERE) == NotSignedIn()


def test_one_customer_of_ipv6_is_one_place(app: Application, hashes: list[str]) -> None:
    for number in range(PAIR.free + 5):
        attempt(app, "wrong", f"2001:db8:1:2::{number:x}")
    assert len(hashes) == PAIR.free
    assert attempt(app, "wrong", "2001:db8:1:3::1") == NotSignedIn()
    assert attempt(app, "wrong", "::ffff:192.0.2.9") == NotSignedIn()


@pytest.mark.threat(12)
def test_one_address_tried_from_everywhere_is_slowed_down_and_never_for_long(
    app: Application, clock: Clock, hashes: list[str]
) -> None:
    done: SignedIn | NotSignedIn = NotSignedIn()
    for number in range(ADDRESS.free + 20):
        done = attempt(app, "wrong", f"10.0.0.{number}")
        clock.pass_by(seconds=1)
    assert ADDRESS.free < len(hashes) < ADDRESS.free + 8
    assert isinstance(done, NotSignedIn)
    assert 0 < done.wait <= ADDRESS.longest.total_seconds()


def test_failures_are_forgotten_after_an_hour(app: Application, clock: Clock, hashes: list[str]) -> None:
    for _ in range(PAIR.free + 3):
        attempt(app, "wrong")
    clock.pass_by(hours=1, seconds=1)
    for _ in range(PAIR.free):
        assert attempt(app, "wrong") == NotSignedIn()
    assert len(hashes) == 2 * PAIR.free


def test_a_clock_set_back_makes_nobody_wait_longer_than_the_longest(
    app: Application, clock: Clock, hashes: list[str]
) -> None:
    for _ in range(PAIR.free):
        attempt(app, "wrong")
    clock.pass_by(hours=-5)
    done = attempt(app, "wrong")
    assert isinstance(done, NotSignedIn)
    assert done.wait <= PAIR.longest.total_seconds()
    assert hashes


def test_a_program_never_signs_in(app: Application) -> None:
    machine = Person("bot", "Bot", "bot@staff.example.org", frozenset({Role.FOCAL_POINT}), is_machine=True)
    with writing(app.engine) as c:
        people.add(c, machine, at=app.clock(), password=passwords.hashed(PASSWORD))
    assert sign_in.sign_in(app, machine.email, PASSWORD, HERE) == NotSignedIn()
    assert sign_in.sign_in_as(app, machine, "organisation") == NotSignedIn()
