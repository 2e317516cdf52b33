"""Whose trips whom is shown: every address of the pages, for each kind of person, and trips of two offices.

A travel unit has the trips of its own office, and of those of others not a byte: they are not there (404).
A route that stands in none of the two tables here fails a test.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from sqlalchemy import text as sql

from tests import databases
from tests.contracts.tree import PACKAGE
from tests.services.test_concentration import under
from tests.web.conftest import Visitor
from tests.web.desk import Desk, csrf
from tests.web.test_exceptions import WRITTEN
from tests.web.test_matrix import MATRIX, WITHOUT_LANGUAGE
from travelrisk.domain.people import Person, Role
from travelrisk.intake.document import Document
from travelrisk.mail.transport import Memory
from travelrisk.services.application import Application, SnapshotShelf
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.services.letters.undelivered import sweep
from travelrisk.services.trips.receiving import Received, receive
from travelrisk.store import bounces, lookups, mails, notes, outbox, people
from travelrisk.store.database import reading, writing
from travelrisk.store.trips import Trip
from travelrisk.web.app import create_app

OFFICES: Final = ("Nairobi", "Geneva")
# own, other: of the travel units of the office whose trip it is, and of the other one; none: of no office.
PEOPLE: Final = {
    "traveller": Role.TRAVELLER,
    "own": Role.TRAVEL_UNIT,
    "other": Role.TRAVEL_UNIT,
    "none": Role.TRAVEL_UNIT,
    "focal": Role.FOCAL_POINT,
    "approver": Role.APPROVER,
    "auditor": Role.AUDITOR,
    "admin": Role.ADMIN,
}
VIEWERS: Final = ("nobody", *PEOPLE)
TELLERS: Final = ("own", "focal")
DESK: Final = ("focal", "approver", "auditor")
UNITS: Final = ("own", "other", "none")


class Row(NamedTuple):
    """An address with a trip in it or behind it.

    Attributes:
        address: with the names of what a trip has, see ``Of``.
        let_in: status for each who is let in; whoever is not there gets 404, and a stranger the sign-in.
        fields: of the form that is sent.
        shows: who may read of the trip where others are let in too; None = whoever is let in.
    """

    address: str
    let_in: dict[str, int]
    fields: dict[str, str] | None = None
    shows: tuple[str, ...] | None = None


def _all(status: int, who: tuple[str, ...] = VIEWERS) -> dict[str, int]:
    return dict.fromkeys(who, status)


_BY_LINK: Final = "/trips/{token}"
_AT_DESK: Final = "/desk/trips/{reference}"
_WHY: Final = {"text": "The operator is not known yet."}
_WHERE: Final = {"what": "ADD", "since": "2026-12-13T12:00", "hours": "24"}
# (method, rule): whoever holds the link of a trip may do what its traveller may.
OF_A_TRIP: dict[tuple[str, str], Row] = {
    ("GET", "/trips/<token>"): Row(_BY_LINK, _all(200)),
    ("GET", "/trips/<token>/answers/<int:number>"): Row(_BY_LINK + "/answers/{advisory}", _all(200)),
    ("GET", "/trips/<token>/letters/<int:number>"): Row(_BY_LINK + "/letters/{letter}", _all(200)),
    ("POST", "/trips/<token>/letters/<int:number>/again"): Row(
        _BY_LINK + "/letters/{letter}/again", _all(303)
    ),
    ("GET", "/trips/<token>/cancel"): Row(_BY_LINK + "/cancel", _all(200)),
    ("POST", "/trips/<token>/cancel"): Row(_BY_LINK + "/cancel", _all(303)),
    ("POST", "/trips/<token>/take-back"): Row(_BY_LINK + "/take-back", _all(303)),
    ("GET", "/trips/<token>/understood"): Row(_BY_LINK + "/understood", _all(200)),
    ("POST", "/trips/<token>/understood"): Row(_BY_LINK + "/understood", _all(409)),
    ("GET", "/trips/<token>/calendar.ics"): Row(_BY_LINK + "/calendar.ics", _all(200)),
    ("POST", "/trips/<token>/calendar"): Row(_BY_LINK + "/calendar", _all(303)),
    ("POST", "/trips/<token>/calendar/revoke"): Row(_BY_LINK + "/calendar/revoke", _all(303)),
    ("GET", "/trips/<token>/certificate"): Row(_BY_LINK + "/certificate", _all(200)),
    ("POST", "/trips/<token>/certificate"): Row(_BY_LINK + "/certificate", _all(422)),  # it is not cleared
    ("GET", "/trips/<token>/certificate.pdf"): Row(_BY_LINK + "/certificate.pdf", _all(404)),
    ("GET", "/trips/<token>/certificate.jws"): Row(_BY_LINK + "/certificate.jws", _all(404)),
    ("GET", "/trips/<token>/kept"): Row(_BY_LINK + "/kept", _all(200)),
    ("POST", "/trips/<token>/kept"): Row(_BY_LINK + "/kept", _all(200)),
    ("GET", "/whereabouts"): Row(
        "/whereabouts?what=ADD&since=2026-12-13T12:00&hours=24", _all(200, UNITS), shows=("own",)
    ),
    ("POST", "/whereabouts/export"): Row(
        "/whereabouts/export", _all(200, UNITS), _WHERE | {"form": "csv", "reason": "drill"}, shows=("own",)
    ),
    ("GET", "/history/trips"): Row("/history/trips?reference={reference}", _all(303, DESK)),
    ("GET", "/history/trips/<reference>"): Row("/history/trips/{reference}", _all(200, DESK)),
    ("GET", "/undelivered"): Row("/undelivered", _all(200, (*UNITS, "focal")), shows=TELLERS),
    ("POST", "/undelivered/<int:number>/told"): Row("/undelivered/{advisory}/told", _all(303, TELLERS)),
    ("GET", "/undelivered/<reference>/address"): Row("/undelivered/{reference}/address", _all(200, TELLERS)),
    # its booking has an address of its own
    ("POST", "/undelivered/<reference>/address"): Row("/undelivered/{reference}/address", _all(409, TELLERS)),
    ("GET", "/replies"): Row("/replies", _all(200, (*UNITS, "focal")), shows=TELLERS),
    ("GET", "/replies/<reference>"): Row("/replies/{reference}", _all(200, TELLERS)),
    ("POST", "/replies/<reference>/preview"): Row("/replies/{reference}/preview", _all(200, TELLERS)),
    ("POST", "/replies/<reference>/again"): Row(
        "/replies/{reference}/again", _all(303, TELLERS), {"letter": "{letter}"}
    ),
    ("GET", "/flights"): Row("/flights", _all(200, (*UNITS, *DESK)), shows=("own", *DESK)),
    ("GET", "/desk"): Row("/desk", _all(200, UNITS), shows=("own",)),
    ("GET", "/desk/search"): Row("/desk/search", _all(200, UNITS), shows=()),
    ("POST", "/desk/search"): Row("/desk/search", _all(200, UNITS), {"who": "canary"}, shows=("own",)),
    ("GET", "/desk/trips/<reference>"): Row(_AT_DESK, {"own": 200}),
    ("POST", "/desk/trips/<reference>/note"): Row(_AT_DESK + "/note", {"own": 303}, _WHY),
    ("POST", "/desk/trips/<reference>/assign"): Row(_AT_DESK + "/assign", {"own": 303}, {"person": ""}),
    ("POST", "/desk/trips/<reference>/ticket"): Row(
        _AT_DESK + "/ticket", {"own": 303}, _WHY | {"ticket": "on_hold"}
    ),
    ("POST", "/desk/trips/<reference>/ask"): Row(_AT_DESK + "/ask", {"own": 303}, _WHY),
    ("POST", "/desk/trips/<reference>/cancel"): Row(_AT_DESK + "/cancel", {"own": 303}, _WHY),
    # A traveller knows the reference from a letter and may name it; nothing of the trip is shown for that.
    ("GET", "/exceptions/new"): Row(
        "/exceptions/new?trip={reference}", _all(200, ("own", "focal", "approver"))
    ),
    ("POST", "/exceptions/new"): Row(
        "/exceptions/new",
        _all(303, ("own", "focal", "approver", "traveller")) | _all(422, ("other", "none")),
        WRITTEN
        | {"kind": "ad_hoc", "carrier": "ET", "trip": "{reference}"}
        | {"valid_from": "2026-12-12", "valid_until": "2026-12-12"},
        shows=("own", "other", "none", "focal", "approver", "traveller"),  # what they typed themselves
    ),
    ("GET", "/exceptions"): Row("/exceptions", _all(200, tuple(PEOPLE)), shows=("own", *DESK)),
    ("GET", "/exceptions/<key>"): Row("/exceptions/{exception}", _all(200, ("own", *DESK))),
    ("GET", "/exceptions/<key>/edit"): Row(
        "/exceptions/{exception}/edit", {"own": 200} | _all(403, ("focal", "approver"))
    ),
    ("POST", "/exceptions/<key>/edit"): Row(
        "/exceptions/{exception}/edit", {"own": 422} | _all(403, ("focal", "approver"))
    ),
    ("POST", "/exceptions/<key>/propose"): Row("/exceptions/{exception}/propose", _all(409, ("own", *DESK))),
    ("POST", "/exceptions/<key>/withdraw"): Row(
        "/exceptions/{exception}/withdraw", _all(409, ("own", *DESK))
    ),
    ("POST", "/exceptions/<key>/approve"): Row("/exceptions/{exception}/approve", {"approver": 409}),
    ("POST", "/exceptions/<key>/refuse"): Row("/exceptions/{exception}/refuse", {"approver": 422}),
    ("POST", "/exceptions/<key>/end"): Row("/exceptions/{exception}/end", _all(422, ("own", *DESK))),
}
# Those that are about no trip, or are another part's to prove; tests/web/test_roles.py says who is let in.
OF_NO_TRIP = frozenset(WITHOUT_LANGUAGE) | {
    *("/", "/check", "/calendar/<token>.ics", "/ratings", "/ratings/<kind>/<key>", "/sign-in", "/sign-out"),
    *("/account", "/account/sessions", "/account/language", "/account/digests", "/account/password"),
    *("/account/delegations", "/account/delegations/<int:number>/end", "/report", "/unsubscribe/<token>"),
    *("/people", "/people/new", "/people/<person_id>", "/people/<person_id>/password"),
    *("/people/<person_id>/close", "/people/<person_id>/reopen", "/people/roles/<int:number>/confirm"),
    *("/people/roles/<int:number>/decline", "/queue", "/queue/aside", "/changes", "/changes/new"),
    *("/changes/<reference>", "/changes/<reference>/edit", "/changes/<reference>/propose"),
    *("/changes/<reference>/withdraw", "/changes/<reference>/sign", "/changes/<reference>/countersign"),
    *("/changes/<reference>/return", "/changes/<reference>/publish", "/changes/<reference>/publish-at-once"),
    *("/evidence/<sha256>", "/story", "/story/desk/<person_id>", "/story/<string(length=3):icao>/downgrade"),
    *("/story/<string(length=3):icao>/restore", "/export", "/export/records", "/export/booking-list"),
    *("/import", "/import/template", "/import/<sha256>", "/import/<sha256>/problems", "/history"),
    *("/history/find", "/history/<kind>/<key>", "/history/differences", "/history/news", "/history/seen"),
    *("/world", "/feeds", "/feeds/<name>", "/tables", "/tables/<sha256>", "/tables/<sha256>/preview"),
    *("/tables/<sha256>/save", "/tables/<int:number>/remove", "/health", "/inbox", "/inbox/<int:number>"),
    *("/inbox/<int:number>/letter.html", "/audit", "/audit/export", "/forget", "/forget/export"),
    *("/doctor", "/doctor/release", "/docs", "/problems/<code>", "/v", "/v/<code>", "/V/<code>"),
    *("/programs", "/programs/new", "/programs/<program_id>/rotate", "/programs/<program_id>/revoke"),
    *("/programs/webhooks/new", "/programs/webhooks/<int(max=2147483647):number>"),
    *(f"/programs/webhooks/<int(max=2147483647):number>/{act}" for act in ("remove", "rotate", "test")),
    "/programs/webhooks/<int(max=2147483647):number>/messages/<int(max=2147483647):message>/replay",
    # reports name nobody: test_reports.py
    *("/reports", "/reports/<key>.<any(csv, xlsx):form>", "/account/reports"),
    "/unsubscribe/<token>/<any(reports):kind>",
    # tests/web/test_batches.py and test_whereabouts.py show that those of another office are not there
    *("/batches", "/batches/<reference>", "/batches/<reference>/again", "/batches/<reference>/explain"),
    *("/batches/<reference>/letters", "/batches/<reference>/results", "/batches/<reference>/send"),
    *("/whereabouts/message", "/whereabouts/message/preview", "/whereabouts/message/send"),
    *("/whereabouts/messages", "/whereabouts/messages/<int:number>", "/safe/<token>"),
    *("/whereabouts/messages/<int:number>/again", "/whereabouts/messages/<int:number>/reached/<reference>"),
}


class Of(NamedTuple):
    """A trip of one office, and what its addresses are made of; *canaries* stand on no page but its own."""

    token: str
    reference: str
    advisory: int
    letter: int
    exception: str
    canaries: tuple[str, ...]
    untold: tuple[str, ...]
    """What stands of another booking of the office in the list of those whom nobody has told."""


@dataclass(frozen=True)
class World:
    """A service with a trip of each of two offices, and people who are to see one, both or none of them."""

    desk: Desk
    trips: dict[str, Of]
    people: dict[str, Visitor]
    again: Callable[[], None]

    def viewer(self, name: str, office: str) -> Visitor:
        """Return the browser of somebody, as they stand to an office."""
        if name in {"own", "other"}:
            other = next(each for each in OFFICES if each != office)
            name = f"unit-{office if name == 'own' else other}"
        return self.people[name]


@pytest.fixture(scope="module")
def world(app: Application, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    path = tmp_path_factory.mktemp("isolation") / "desk.db"
    databases.put_empty(path)
    own = replace(
        under(app, "block = 1"),
        engine=databases.encrypted(f"sqlite:///{path}"),
        facts=replace(app.facts, demo=False),
        editions=SnapshotShelf(),
    )
    desk = Desk(own, create_app(own))
    _employ(own)
    trips = {office: _trip(desk, office) for office in OFFICES}
    names = [
        *(each for each in PEOPLE if each not in {"own", "other"}),
        *(f"unit-{each}" for each in OFFICES),
    ]
    visitors = {name: desk.visitor(name) for name in names} | {"nobody": desk.visitor()}
    with _restored(own, path) as again:
        yield World(desk, trips, visitors, again)
    own.engine.dispose()


def _employ(app: Application) -> None:
    units = [(f"unit-{office}", Role.TRAVEL_UNIT, office) for office in OFFICES]
    others = [(name, role, "") for name, role in PEOPLE.items() if name not in {"own", "other"}]
    with writing(app.engine) as c:
        for name, role, unit in (*units, *others):
            person = Person(f"p-{name}", name.title(), f"{name}@staff.example.org", frozenset({role}), unit)
            people.add(c, person, at=app.clock())


def _trip(desk: Desk, office: str) -> Of:
    """Let somebody of an office be warned in vain, answer a letter, and be asked an exception for."""
    app, name = desk.app, f"CANARY{office.upper()}"
    locator = {"Nairobi": "QZNRBX", "Geneva": "QZGVAX"}[office]
    booked = f"RP/QQQAA2100/QQQAA2100 AA/GS 23NOV26/1200Z {locator}\n  1.{name}/ANN MS\n"
    flown = f"{booked}  2  ET 707 Y 12DEC 6 FRAADD HK1 2205 0630+1\n"
    document = Document(flown.encode(), f"{name.lower()}.txt")
    address = f"{name.lower()}@example.org"
    (received,) = receive(app, document, recipient=address, office=office)
    assert received.trip is not None
    assert received.advisory_id is not None
    assert received.itinerary is not None
    assert [each.code for each in received.itinerary.locators] == [locator]
    dispatch(app, Memory(), "one")
    letter = _answered(app, received, address)
    visitor = desk.visitor(f"unit-{office}")
    fields = WRITTEN | {"kind": "ad_hoc", "carrier": "ET", "trip": received.trip.reference}
    days = {"valid_from": "2026-12-12", "valid_until": "2026-12-12"}
    token = csrf(visitor.get("/exceptions/new"))
    drafted = visitor.post("/exceptions/new", data={"csrf_token": token, **fields, **days})
    assert drafted.status == 303, drafted.words
    key = str(drafted.response.headers["Location"]).rpartition("/")[2]
    trip, silent = received.trip, _silent(app, office)
    return Of(
        trip.token,
        trip.reference,
        received.advisory_id,
        letter,
        key,
        (name, name.lower(), name.title(), locator, trip.reference, trip.token),
        (f"UNTOLD{office}".upper(), silent.reference, f"desk of {office}"),
    )


def _silent(app: Application, office: str) -> Trip:
    """Let somebody else of an office be warned whom no letter can reach, for there is no address."""
    booked = f"Passenger: UNTOLD{office.upper()}/BEN MR\nET 707 FRA ADD 14 Dec\n"
    document = Document(booked.encode(), f"untold-{office.lower()}.txt")
    (received,) = receive(app, document, recipient=f"desk of {office}", office=office)
    assert received.trip is not None
    assert received.nobody
    return received.trip


def _answered(app: Application, received: Received, address: str) -> int:
    assert received.trip is not None
    with writing(app.engine) as c:
        at = app.clock()
        (letter,) = outbox.of_trip(c, received.trip.id)
        told = {"message_id": f"<{received.trip.reference}@example.org>", "name": "", "problem": ""}
        mail = mails.take(c, address.encode(), arrived_at=at, now=at, lease=at - at, owner="w", **told)
        assert mail is not None
        about = {"trip_id": received.trip.id, "mail_id": mail.id, "letter_id": letter.id}
        notes.add(c, author=address, text="I am on my way.", at=at, **about)
        bounces.note(c, kind="trip", letter_id=letter.id, reply="550 5.1.1", is_permanent=True, at=at)
    sweep(app)
    return letter.id


@contextmanager
def _restored(app: Application, path: Path) -> Iterator[Callable[[], None]]:
    """Give what puts the database back as it was, for what changes something is asked by each of them."""
    app.engine.dispose()  # the last to leave writes the log into the file
    assert not path.with_name(path.name + "-wal").exists()
    before = path.read_bytes()

    def again() -> None:
        app.engine.dispose()
        for each in ("-wal", "-shm"):
            path.with_name(path.name + each).unlink(missing_ok=True)
        path.write_bytes(before)

    yield again


@pytest.mark.threat(1)
def test_every_route_is_about_a_trip_or_about_none() -> None:
    of_a_trip = {rule for _, rule in OF_A_TRIP}
    assert of_a_trip | OF_NO_TRIP == set(MATRIX) | set(WITHOUT_LANGUAGE)
    assert not of_a_trip & OF_NO_TRIP
    for rule in of_a_trip:
        assert {method for method, name in OF_A_TRIP if name == rule} == set(MATRIX[rule][0].split())


@pytest.mark.threat(1)
@pytest.mark.parametrize("office", OFFICES)
@pytest.mark.parametrize(("method", "rule"), OF_A_TRIP)
def test_each_is_let_in_where_the_table_says_so(method: str, rule: str, office: str, world: World) -> None:
    row, trip = OF_A_TRIP[method, rule], world.trips[office]
    found, wanted = {}, {}
    for name in VIEWERS:
        visitor = world.viewer(name, office)
        status, page = _asked(world, visitor, method, row, trip)
        found[name] = status
        wanted[name] = row.let_in.get(name, 303 if name == "nobody" else 404)
        shows = name in (row.let_in if row.shows is None else row.shows)
        seen = _seen(page, trip)
        told = [each for each in seen if each not in row.address.format(**trip._asdict())]
        told += [] if shows else [each for each in trip.untold if each in page]
        assert shows or not told, f"{name} reads of a trip of {office}"  # but for what they asked with
        if shows and status == 200:
            assert seen, f"{name} does not find a trip of {office}"
    assert found == wanted


def _asked(world: World, visitor: Visitor, method: str, row: Row, trip: Of) -> tuple[int, str]:
    address = row.address.format(**trip._asdict())
    if method == "GET":
        response = visitor.look(address)
        return response.status_code, response.get_data(as_text=True)
    is_signed_in = visitor is not world.people["nobody"]
    fields = {name: each.format(**trip._asdict()) for name, each in (row.fields or {}).items()}
    token = csrf(visitor.get("/account" if is_signed_in else "/sign-in"))
    response = visitor.client.post(address, data={"csrf_token": token, **fields})
    world.again()
    return response.status_code, response.get_data().decode(errors="replace")  # a file is no text


def _seen(page: str, trip: Of) -> list[str]:
    return [each for each in trip.canaries if each in page]


def test_whoever_has_no_address_is_in_the_list_of_their_own_office_alone(world: World) -> None:
    for office, trip in world.trips.items():
        for name in VIEWERS:
            page = world.viewer(name, office).look("/undelivered").get_data(as_text=True)
            found = [each for each in trip.untold if each in page]
            assert found == (list(trip.untold) if name in TELLERS else []), f"{name}, {office}"


@pytest.mark.parametrize("name", [each for each in VIEWERS if each not in DESK])
def test_no_other_page_holds_a_byte_of_a_trip(name: str, world: World) -> None:
    """Whoever works at the desk finds the trips on the pages of changes; nobody else does."""
    for rule in sorted(OF_NO_TRIP & set(MATRIX)):
        methods, address, *_ = MATRIX[rule]
        if "GET" in methods:
            for office, trip in world.trips.items():
                page = world.viewer(name, office).look(address).get_data(as_text=True)
                seen = (*_seen(page, trip), *(each for each in trip.untold if each in page))
                assert not seen, f"{rule} shows {name} a trip of {office}"


@pytest.mark.threat(1)
def test_no_page_and_no_desk_reads_a_trip_but_by_its_office_or_its_link() -> None:
    """Only ``of_office`` takes whoever looks; what takes an id or a reference alone is for the machinery."""
    alone = re.compile(r"\btrips\.(by_reference|by_id|stored)\(")
    folders = (PACKAGE / "web", PACKAGE / "services" / "units")
    found = [path.name for each in folders for path in each.rglob("*.py") if alone.search(path.read_text())]
    assert found == []


def test_whoever_has_no_office_is_told_so(world: World) -> None:
    for path in ("/undelivered", "/replies", "/flights"):
        assert "Your account names no office" in world.people["none"].get(path).words
        assert "names no office" not in world.people["unit-Geneva"].get(path).words
        assert "names no office" not in world.people["focal"].get(path).words


def test_the_other_office_is_a_number_on_a_flight_over_the_ceiling(world: World) -> None:
    page = world.people["unit-Geneva"].get("/flights")
    assert "Bookings of other offices on it: 1." in page.words
    assert "Bookings of other offices" not in world.people["focal"].get("/flights").words


@pytest.mark.threat(51)
def test_every_look_is_noted_before_anything_is_shown(world: World) -> None:
    trip = world.trips["Geneva"]
    world.again()
    for path in ("/undelivered", "/replies", f"/replies/{trip.reference}", "/flights"):
        world.people["unit-Geneva"].get(path)
        world.people["unit-Nairobi"].get(path)
    with reading(world.desk.app.engine) as c:
        number = c.execute(
            sql("SELECT id FROM trips WHERE reference = :own"), {"own": trip.reference}
        ).scalar_one()
        noted = lookups.of_trip(c, number)
    assert [(each.actor, each.office, each.purpose) for each in noted] == [
        ("p-unit-Geneva", "Geneva", "desk")
    ] * 4
