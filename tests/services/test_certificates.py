"""A certificate is issued for what is cleared, is worth what its trip is worth today, and names nobody."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from tests.services.conftest import Clock, publish
from tests.services.test_trip_acts import ALICE, LINE, kinds
from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.intake.document import Document
from travelrisk.services.application import Application
from travelrisk.services.certificates import checking, issuing
from travelrisk.services.certificates.checking import Certificate
from travelrisk.services.certificates.standing import Standing
from travelrisk.services.ratings.records import import_records
from travelrisk.services.trips import cancelling
from travelrisk.services.trips.receiving import receive
from travelrisk.services.watch import rescreening
from travelrisk.store import certificates, erasing
from travelrisk.store.database import writing

WITH_NAME = LINE + b"\nPassenger: GREEN/ERIN MS"
STOPPED = """
[[ratings]]
id = "eth-stopped"
subject = "carrier:ETH"
level = "not_recommended"
valid_from = 2026-01-01
set_by = "bob"
set_on = 2026-11-23
"""


@pytest.fixture
def signing(app: Application, tmp_path: Path) -> Application:
    """Give a service that signs, with its ratings."""
    publish(app, tmp_path)
    return replace(app, facts=replace(app.facts, secret="a secret of this test"))  # noqa: S106


def sent(app: Application, content: bytes = WITH_NAME, name: str = "trip.txt") -> str:
    (received,) = receive(app, Document(content, name), recipient=ALICE)
    assert received.trip is not None
    return received.trip.token


def now(app: Application, certificate: Certificate) -> Standing:
    return checking.check(app, certificate.code).standing


def test_it_is_issued_once_and_found_by_its_code(signing: Application) -> None:
    token = sent(signing)
    assert issuing.newest(signing, token) is None
    made = issuing.issue(signing, token)
    assert issuing.issue(signing, token) == issuing.newest(signing, token) == made
    assert made.standing is Standing.VALID
    assert made.address == f"https://travelrisk.example.org/v/{made.code}"
    assert checking.check(signing, f" {made.code[:5].lower()}-{made.code[5:]} ") == made
    assert kinds(signing).count("certificate.issued") == 1


def test_its_signature_can_be_verified_with_the_published_keys_and_names_nobody(signing: Application) -> None:
    made = issuing.issue(signing, sent(signing))
    assert made.jws is not None
    published = KeySet.import_key_set({"keys": [json.loads(each) for each in checking.public_keys(signing)]})
    assert all("d" not in each.as_dict() for each in published.keys)
    claims = json.loads(jws.deserialize_compact(made.jws, published, algorithms=["Ed25519"]).payload)
    assert (claims["jti"], claims["verdict"], claims["last_day"]) == (made.code, "cleared", "2026-12-12")
    assert claims["flights"] == [
        {"flight": "ET 707", "operating": "ET", "from": "FRA", "to": "ADD", "departs": "2026-12-12"}
    ]
    for secret in ("GREEN", "ERIN", "alice", "ABC123", "TR-"):
        assert secret not in json.dumps(claims)
    head, payload, signature = made.jws.split(".")
    forged = ".".join((head, payload[:-1] + ("A" if payload[-1] != "A" else "B"), signature))
    with pytest.raises(JoseError):
        jws.deserialize_compact(forged, published, algorithms=["Ed25519"])


@pytest.mark.threat(42)
def test_what_an_earlier_secret_signed_stays_verifiable(signing: Application) -> None:
    first = issuing.issue(signing, sent(signing))
    renewed = replace(signing, facts=replace(signing.facts, secret="the next one"))  # noqa: S106
    second = issuing.issue(renewed, sent(renewed, LINE.replace(b"ABC123", b"DEF456"), "other.txt"))
    published = KeySet.import_key_set({"keys": [json.loads(each) for each in checking.public_keys(renewed)]})
    for made in (first, second):
        assert made.jws is not None
        assert jws.deserialize_compact(made.jws, published, algorithms=["Ed25519"]).payload


def test_without_a_secret_it_is_not_signed_and_still_checked(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path)
    made = issuing.issue(app, sent(app))
    assert made.jws is None
    assert now(app, made) is Standing.VALID
    assert checking.public_keys(app) == ()


def test_what_is_not_cleared_gets_none(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path, "not_recommended")
    with pytest.raises(BadInputError, match="does not clear"):
        issuing.issue(app, sent(app))


def test_a_worse_answer_withdraws_it_and_nothing_new_is_issued(signing: Application, tmp_path: Path) -> None:
    token = sent(signing)
    made = issuing.issue(signing, token)
    worse = tmp_path / "worse.toml"
    worse.write_text(STOPPED, encoding="utf-8")
    import_records(signing, worse, by="bob", signed_by="charlie")
    while rescreening.rescreen(signing, "one", lambda: False) is not None:
        pass
    assert now(signing, made) is Standing.WITHDRAWN
    assert issuing.newest(signing, token) is None
    with pytest.raises(BadInputError):
        issuing.issue(signing, token)


def test_a_changed_booking_supersedes_it(signing: Application) -> None:
    token = sent(signing)
    made = issuing.issue(signing, token)
    assert sent(signing, WITH_NAME.replace(b"12 Dec", b"13 Dec"), "changed.txt") == token
    assert now(signing, made) is Standing.SUPERSEDED
    renewed = issuing.issue(signing, token)
    assert renewed.code != made.code
    assert now(signing, renewed) is Standing.VALID


def test_a_trip_that_is_off_withdraws_it_until_it_is_on_again(signing: Application) -> None:
    token = sent(signing)
    made = issuing.issue(signing, token)
    cancelling.cancel(signing, token)
    assert now(signing, made) is Standing.WITHDRAWN
    with pytest.raises(BadInputError):
        issuing.issue(signing, token)
    cancelling.take_back(signing, token)
    assert now(signing, made) in {Standing.VALID, Standing.SUPERSEDED}


def test_it_expires_when_the_last_place_is_a_day_behind(signing: Application, clock: Clock) -> None:
    made = issuing.issue(signing, sent(signing))
    clock.pass_by(days=20)  # 13 December, when the 12th is not over everywhere
    assert now(signing, made) is Standing.VALID
    clock.pass_by(days=1)
    assert now(signing, made) is Standing.EXPIRED


@pytest.mark.parametrize("guess", ["", "x", "IIIIIIIIII", "2222222222", "٢٢٢٢٢٢٢٢٢٢", "2" * 500, "%00"])
def test_no_other_code_is_known(guess: str, signing: Application) -> None:
    issuing.issue(signing, sent(signing))
    with pytest.raises(NotFoundError):
        checking.check(signing, guess)


def test_when_somebody_is_forgotten_the_code_is_unknown(signing: Application) -> None:
    made = issuing.issue(signing, sent(signing))
    with writing(signing.engine) as c:
        kept = certificates.by_code(c, made.code)
        assert kept is not None
        erasing.erase_trip(c, kept.trip_id, "request", "p-admin", signing.clock())
    with pytest.raises(NotFoundError):
        checking.check(signing, made.code)
