"""Tokens of the organisation's identity provider, against a real little one that can be told to lie."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests import databases
from tests.services.conftest import Clock
from tests.web.issuer import Issuer, one_key, plain, sealed_with_the_public_key, serving
from travelrisk.domain.programs import Kind, Program, Scope
from travelrisk.reference import load_atlas, load_book, load_policy
from travelrisk.services.application import Application, Facts, TokenIssuer
from travelrisk.services.programs.doorkeeper import Doorkeeper, Refused
from travelrisk.store.database import engine_for

HERE = "192.0.2.1"


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with serving() as issuer:
        yield issuer


@pytest.fixture
def app(tmp_path: Path, clock: Clock, issuer: Issuer) -> Iterator[Application]:
    engine = engine_for(databases.empty_in(tmp_path))
    host = urlsplit(issuer.url).netloc
    tokens = TokenIssuer(issuer.url, "travelrisk-api", f"{issuer.url}/keys", excepted=frozenset({host}))
    facts = Facts("https://travelrisk.example.org", "travelrisk@example.org", tokens=tokens)
    yield Application(engine, load_atlas(), load_book(), load_policy(), clock, facts)
    engine.dispose()


@pytest.fixture
def door(app: Application) -> Doorkeeper:
    return Doorkeeper(app)


def token(issuer: Issuer, clock: Clock, key: Any = None, header: Any = None, **claims: object) -> str:  # noqa: ANN401 - keys and headers of any kind
    now = int(clock().timestamp())
    known: dict[str, Any] = {
        "iss": issuer.url,
        "aud": "travelrisk-api",
        "sub": "booking-tool",
        "exp": now + 300,
        "office": "Field office",
    }
    known = {name: value for name, value in (known | claims).items() if value is not None}
    return jwt.encode(header or {"alg": "RS256", "kid": "one"}, known, key or issuer.key)


def test_a_token_lets_the_program_of_its_office_in(door: Doorkeeper, issuer: Issuer, clock: Clock) -> None:
    found = door.admit(token(issuer, clock), HERE)
    assert isinstance(found, Program)
    assert (found.office, found.kind) == ("Field office", Kind.LIVE_READ)
    assert found.actor.startswith("key:jwt.")
    assert not found.may(Scope.WRITE)
    writes = door.admit(token(issuer, clock, scope="openid travelrisk.write"), HERE)
    assert isinstance(writes, Program)
    assert writes.may(Scope.WRITE)
    assert writes.id == found.id
    assert door.meter.take(found, 1) == 0


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://somebody.example"},
        {"aud": "travelrisk"},
        {"aud": None},
        {"exp": 1},
        {"exp": None},
        {"exp": "soon"},
        {"sub": None},
        {"sub": ""},
        {"office": None},
        {"office": ""},
        {"office": ["Field office"]},
        {"office": "two\nlines\x00"},
        {"nbf": 4_000_000_000},
    ],
)
def test_a_token_that_does_not_say_it_all_opens_nothing(
    door: Doorkeeper, issuer: Issuer, clock: Clock, claims: dict[str, object]
) -> None:
    refused = door.admit(token(issuer, clock, **claims), HERE)
    assert isinstance(refused, Refused)
    assert refused.status == 401


def unsigned(issuer: Issuer, clock: Clock) -> str:
    _, content, _ = token(issuer, clock).split(".")
    return f"{plain({'alg': 'none'})}.{content}."


def by_another_key(issuer: Issuer, clock: Clock) -> str:
    return token(issuer, clock, RSAKey.generate_key(2048))


def with_the_public_key(issuer: Issuer, clock: Clock) -> str:
    return sealed_with_the_public_key(issuer, token(issuer, clock).split(".")[1])


def altered(issuer: Issuer, clock: Clock) -> str:
    head, _, tail = token(issuer, clock).split(".")
    return f"{head}.{token(issuer, clock, office='Another').split('.')[1]}.{tail}"


def endless(_issuer: Issuer, _clock: Clock) -> str:
    return f"{'a' * 9_000}.b.c"


def nonsense(_issuer: Issuer, _clock: Clock) -> str:
    return "no.token.at-all"


@pytest.mark.threat(13)
@pytest.mark.parametrize("forge", [unsigned, by_another_key, with_the_public_key, altered, endless, nonsense])
def test_a_forged_token_opens_nothing(door: Doorkeeper, issuer: Issuer, clock: Clock, forge: Any) -> None:  # noqa: ANN401 - a function above
    refused = door.admit(forge(issuer, clock), HERE)
    assert isinstance(refused, Refused)
    assert refused.status == 401


def test_a_token_ends_when_it_says_so(door: Doorkeeper, issuer: Issuer, clock: Clock) -> None:
    shown = token(issuer, clock)
    assert isinstance(door.admit(shown, HERE), Program)
    clock.pass_by(seconds=361)
    assert isinstance(door.admit(shown, HERE), Refused)


def test_a_new_key_of_the_issuer_is_found_within_a_minute(
    door: Doorkeeper, issuer: Issuer, clock: Clock
) -> None:
    assert isinstance(door.admit(token(issuer, clock), HERE), Program)
    issuer.key = RSAKey.generate_key(2048, {"kid": "two"})
    shown = token(issuer, clock, header={"alg": "RS256", "kid": "two"})
    assert isinstance(door.admit(shown, HERE), Refused)  # asked for less than a minute ago
    clock.pass_by(minutes=1)
    assert isinstance(door.admit(shown, HERE), Program)
    issuer.key = one_key()


def test_while_the_issuer_is_away_nobody_is_told_that_a_token_is_wrong(
    app: Application, issuer: Issuer, clock: Clock
) -> None:
    tokens = replace(app.facts.tokens or TokenIssuer("", "", ""), keys_url=f"{issuer.url}/nothing")
    door = Doorkeeper(replace(app, facts=replace(app.facts, tokens=tokens)))
    assert door.admit(token(issuer, clock), HERE) == Refused(503, wait=60)


@pytest.mark.threat(16)
def test_keys_are_fetched_from_no_private_address(app: Application, issuer: Issuer, clock: Clock) -> None:
    tokens = replace(app.facts.tokens or TokenIssuer("", "", ""), excepted=frozenset())
    door = Doorkeeper(replace(app, facts=replace(app.facts, tokens=tokens)))
    assert door.admit(token(issuer, clock), HERE) == Refused(503, wait=60)


def test_where_no_issuer_is_set_no_token_is_taken(app: Application, issuer: Issuer, clock: Clock) -> None:
    door = Doorkeeper(replace(app, facts=replace(app.facts, tokens=None)))
    assert door.admit(token(issuer, clock), HERE) == Refused(401)
