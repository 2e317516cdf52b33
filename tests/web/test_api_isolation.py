"""Whose what a program is told: every call of the API, for each kind of key, and things of two offices.

A program has what its own office has, and of another office not a byte: that is not there (404). A call that
stands not in the table here fails a test.
"""

import io
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import pytest
from flask import Flask
from joserfc import jwt
from sqlalchemy import select

from tests import databases
from tests.web.calling import SECRET, Caller, Sight, air, caller
from tests.web.issuer import Issuer, serving
from tests.web.test_isolation import OFFICES, _restored
from travelrisk.domain.programs import Kind, Sealing
from travelrisk.services.application import Application, SnapshotShelf, TokenIssuer
from travelrisk.services.batches import screening
from travelrisk.services.programs import keys
from travelrisk.store import tables
from travelrisk.store.database import engine_for, reading
from travelrisk.web.api import examples
from travelrisk.web.api.table import CALLS
from travelrisk.web.app import create_app

HEADINGS: Final = (
    "Record locator,Traveller,E-mail,Airline,Flight,Operated by,From,To,Departure date,Departure time,Status"
)
STRANGERS: Final = ("nobody", "wrong", "revoked", "expired")
# audit: a key that reads, and audits its office. token: a JWT that writes.
KINDS: Final = ("read", "write", "token", "test", "audit")
LETTERS: Final = {"which": "all", "clearances": 1, "warnings": 0}

Statuses = Mapping[str, int]


class Row(NamedTuple):
    """A call with what it is about.

    Attributes:
        path: with the names of what an office has, see ``Of``.
        own, other: status for each kind of key, of the office whose things these are and of the other one.
        sent: JSON or a file. shows: which keys of the own office are told of its things.
    """

    path: str
    own: Statuses
    other: Statuses
    sent: Mapping[str, Any] = {}
    shows: tuple[str, ...] = ()


def _each(read: int, write: int, test: int, audit: int | None = None) -> Statuses:
    return {
        "read": read,
        "write": write,
        "token": write,
        "test": test,
        "audit": read if audit is None else audit,
    }


_LIVE: Final = ("read", "write", "token", "audit")
_WRITING: Final = ("write", "token")


def _reads(path: str) -> Row:
    return Row(path, _each(200, 200, 403), _each(404, 404, 403), shows=_LIVE)


def _writes(path: str, status: int, shows: tuple[str, ...] = _WRITING, **sent: Any) -> Row:  # noqa: ANN401 - as the client takes it
    return Row(path, _each(403, status, 403), _each(403, 404, 403), sent, shows)


def _is_for_all(path: str, **sent: Any) -> Row:  # noqa: ANN401 - as above
    return Row(path, _each(200, 200, 200), _each(200, 200, 200), sent)


def _lists(path: str) -> Row:
    return Row(path, _each(200, 200, 403), _each(200, 200, 403), shows=_LIVE)


MATRIX: Final[dict[str, Row]] = {
    "screen": _is_for_all("/screen", json=examples.SCREEN),
    "put_trip": Row(
        "/trips/concur/A-1",  # the same name is another trip of each office
        _each(403, 200, 200),
        _each(403, 200, 200),
        {"json": examples.TRIP},
        _WRITING,
    ),
    "trip": _reads("/trips/{trip}"),
    "screenings": _reads("/trips/{trip}/screenings"),
    "timeline": _reads("/trips/{trip}/timeline"),
    "messages": _reads("/trips/{trip}/messages"),
    "issue_certificate": _writes("/trips/{trip}/certificate", 200, ()),
    "certificate": _is_for_all("/certificates/{certificate}"),  # it names nobody
    "webhooks": _lists("/webhooks"),
    "add_webhook": Row(
        "/webhooks",
        _each(403, 201, 403),
        _each(403, 201, 403),
        {"json": {"url": "https://new.example.org/told"}},
    ),
    "remove_webhook": _writes("/webhooks/{webhook}", 200),
    "rotate_webhook": _writes("/webhooks/{webhook}/rotate", 200),
    "test_webhook": _writes("/webhooks/{webhook}/test", 202, ()),
    "deliveries": _reads("/webhooks/{webhook}/deliveries"),
    "replay_delivery": _writes("/webhooks/{webhook}/deliveries/{delivery}/replay", 202, ()),
    "bring_batch": Row(
        "/batches", _each(403, 202, 403), _each(403, 202, 403), {"file": b"LH 400 FRA JFK 12 Dec 2026"}
    ),
    "batches": _lists("/batches"),
    "batch": _reads("/batches/{batch}"),
    "batch_results": _reads("/batches/{batch}/results"),
    "batch_file": _reads("/batches/{batch}/results.csv"),
    "release_letters": _writes("/batches/{batch}/release", 200, (), json=LETTERS),
    "audit": Row(
        "/audit?limit=500",
        _each(403, 403, 403, audit=200),
        _each(403, 403, 403, audit=200),
        shows=("audit",),
    ),
    "catalog": _is_for_all("/catalog"),
    "rules": _is_for_all("/rules"),
    "rule": _is_for_all("/rules/operating_carrier"),
    "carriers": _is_for_all("/carriers?q=LH"),
    "carrier_ratings": _is_for_all("/carriers/DLH/ratings"),
    "ratings": _is_for_all("/ratings"),
    "changes": _is_for_all("/changes"),
}


class Of(NamedTuple):
    """What an office has; *canaries* are told to nobody else."""

    trip: str
    certificate: str
    webhook: int
    delivery: int
    batch: str
    canaries: tuple[str, ...]


@dataclass
class World:
    """A service with things of two offices, and what each program shows at the door."""

    pages: Flask
    things: dict[str, Of]
    shown: dict[tuple[str, str], str]
    again: Callable[[], None]
    places: Iterator[str] = field(
        default_factory=lambda: (f"10.{n // 200}.{n % 200}.1" for n in range(50_000))
    )

    def ask(self, call: str, office: str, shown: str) -> tuple[int, str]:
        """Make a call about the things of an office; return its status, and all that was told."""
        row, method = MATRIX[call], next(each.method for each in CALLS if each.name == call)
        sent = dict(row.sent)
        if "file" in sent:
            sent = {"data": {"file": (io.BytesIO(sent["file"]), "a.txt")}}
        answer = self.pages.test_client().open(
            "/api/v1" + row.path.format(**self.things[office]._asdict()),
            method=method,
            headers={"Authorization": f"Bearer {shown}"} if shown else {},
            environ_base={"REMOTE_ADDR": next(self.places)},  # who guesses in one place is slowed down
            **sent,
        )
        if method != "GET":
            self.again()
        told = f"{answer.headers} {answer.get_data().decode(errors='replace')}"
        return answer.status_code, told


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with serving() as issuer:
        yield issuer


@pytest.fixture(scope="module")
def world(app: Application, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    path = tmp_path_factory.mktemp("calls") / "calls.db"
    databases.put_rated(path)
    host = frozenset({urlsplit(issuer.url).netloc})
    tokens = TokenIssuer(issuer.url, "travelrisk-api", f"{issuer.url}/keys", excepted=host)
    facts = replace(app.facts, sealing=Sealing(SECRET), secret=SECRET, tokens=tokens)
    own = replace(app, engine=engine_for(f"sqlite:///{path}"), facts=facts, editions=SnapshotShelf())
    pages = create_app(own)
    shown: dict[tuple[str, str], str] = {}
    things: dict[str, Of] = {}
    for office in OFFICES:
        of_office = _programs(own, office, pages)
        shown |= {(name, office): each.given.key for name, each in of_office.items()}
        shown["token", office] = _token(own, issuer, office)
        things[office] = _things(own, office, of_office)
    with _restored(own, path) as again:
        yield World(pages, things, shown, again)
    own.engine.dispose()


def _programs(app: Application, office: str, pages: Flask) -> dict[str, Caller]:
    kinds = {"read": Kind.LIVE_READ, "write": Kind.LIVE_WRITE, "test": Kind.TEST, "revoked": Kind.LIVE_WRITE}
    made = {name: caller(app, kind, office, pages) for name, kind in kinds.items()}
    made["audit"] = caller(app, Kind.LIVE_READ, office, pages, sight=Sight.AUDIT)
    keys.revoke(app, made["revoked"].given.program.id)
    long_ago = replace(app, clock=lambda: app.clock().replace(year=2025))
    made["expired"] = caller(long_ago, Kind.LIVE_WRITE, office, pages, expires_at=app.clock())
    return made


def _token(app: Application, issuer: Issuer, office: str) -> str:
    claims = {
        "iss": issuer.url,
        "aud": "travelrisk-api",
        "sub": f"tool of {office}",
        "exp": int(app.clock().timestamp()) + 300,
        "office": office,
        "scope": "travelrisk.write",
    }
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims, issuer.key)


def _things(app: Application, office: str, programs: dict[str, Caller]) -> Of:
    """Let a program of an office make one of everything."""
    tool, name = programs["write"], f"CANARY{office.upper()}"
    first, second = {"Nairobi": ("QZNRBX", "QZNRBY"), "Geneva": ("QZGVAX", "QZGVAY")}[office]
    url = f"https://{name.lower()}.example.org/told"
    webhook = tool.post("/webhooks", {"url": url}).get_json()["id"]
    traveller = {"name": f"{name}/ANN", "email": f"{name.lower()}@example.org"}
    booked = {"segments": [air()], "travellers": [traveller], "record_locator": first}
    put = tool.call("PUT", "/trips/concur/A-1", json=booked).get_json()
    assert put["verdict"] == "cleared", put
    trip = put["reference"]
    issued = tool.call("POST", f"/trips/{trip}/certificate")
    assert issued.status_code == 200, issued.get_data(as_text=True)
    row = f"{second},{name}/Ann,{name.lower()}@example.org,LH,400,Lufthansa,FRA,JFK,2026-12-12,10:20,HK"
    content = io.BytesIO(f"{HEADINGS}\n{row}\n".encode())
    batch = tool.call("POST", "/batches", data={"file": (content, f"{name}.csv")}).get_json()["batch"]
    screening.work(app, "one")
    waiting = tool.get(f"/batches/{batch}").get_json()["waiting"]
    assert (waiting["clearances"], waiting["warnings"]) == (1, 0)
    (other,) = [each["trip"] for each in tool.get(f"/batches/{batch}/results").get_json()["results"]]
    delivery = tool.get(f"/webhooks/{webhook}/deliveries").get_json()["deliveries"][0]["id"]
    with reading(app.engine) as c:
        links = c.scalars(select(tables.trips.c.token).where(tables.trips.c.office == office)).all()
    ids = [each.given.program.id for each in programs.values()]
    words = (name, name.lower(), name.title(), first, second, trip, other, batch, *links, *ids)
    return Of(trip, issued.get_json()["code"], webhook, delivery, batch, words)


def test_every_call_stands_in_the_table() -> None:
    assert set(MATRIX) == {call.name for call in CALLS}


@pytest.mark.parametrize("office", OFFICES)
@pytest.mark.parametrize("call", [call.name for call in CALLS])
def test_each_key_is_told_of_its_own_office_alone(call: str, office: str, world: World) -> None:
    row, things = MATRIX[call], world.things[office]
    path = row.path.format(**things._asdict())
    found, wanted = {}, {}
    for whose in ("own", "other"):
        of = office if whose == "own" else next(each for each in OFFICES if each != office)
        for kind in KINDS:
            status, told = world.ask(call, office, world.shown[kind, of])
            found[whose, kind], wanted[whose, kind] = status, getattr(row, whose)[kind]
            seen = [each for each in things.canaries if each in told]
            if whose == "own" and kind in row.shows:
                assert seen, f"{kind} does not find what {office} has"
            else:
                aside = [each for each in seen if each not in path]  # but for what they asked with
                assert not aside, f"a {kind} key of {of} is told of {office}: {aside}"
    assert found == wanted


@pytest.mark.parametrize("call", [call.name for call in CALLS])
def test_whoever_shows_no_key_that_works_is_told_nothing(call: str, world: World) -> None:
    office = OFFICES[0]
    guessed = f"trk_live_w_{'0' * 12}_{'0' * 48}"
    shown = {"nobody": "", "wrong": guessed} | {
        each: world.shown[each, office] for each in ("revoked", "expired")
    }
    assert set(shown) == set(STRANGERS)
    path = MATRIX[call].path.format(**world.things[office]._asdict())
    for name, key in shown.items():
        status, told = world.ask(call, office, key)
        assert status == 401, f"{name} is let in"
        aside = [each for each in world.things[office].canaries if each in told and each not in path]
        assert not aside, f"{name} is told {aside}"
