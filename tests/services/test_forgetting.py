"""Whoever asks to be forgotten is found nowhere, not even in the file; whoever still travels is refused."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.databases import SECRET
from tests.services.conftest import Clock, publish
from tests.services.mailboxes import answering, poll
from tests.unit.intake.mails import mail
from travelrisk.domain.errors import BadInputError, ErasedError, NotFoundError
from travelrisk.domain.people import Viewer
from travelrisk.intake.document import Document
from travelrisk.mail.transport import Memory
from travelrisk.services.application import Application
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.services.privacy import exporting
from travelrisk.services.privacy.forgetting import forget, plan
from travelrisk.services.privacy.looking import Purpose, looked
from travelrisk.services.trips import calendars, cancelling, understood
from travelrisk.services.trips.receiving import Received, receive
from travelrisk.services.trips.replay import replay
from travelrisk.store import audit, trips
from travelrisk.store.database import reading
from travelrisk.store.statements import Statement
from travelrisk.store.tables import METADATA

TEXT = """Passenger: ZZCANARY/ALICE MS
Booking reference: ZZCAN1
E-mail: alice.zzcanary@example.org
ET 707 FRA ADD 12 Dec 2026
"""
ALICE = "alice.zzcanary@example.org"
BOB = "bob@example.org"


@pytest.fixture(params=[SECRET, ""], ids=["encrypted", "in clear"])
def secret(request: pytest.FixtureRequest) -> str:
    """Return what the database is encrypted with; in clear it shows that nothing is left in the file."""
    return str(request.param)


@pytest.fixture
def rated(app: Application, tmp_path: Path) -> Application:
    publish(app, tmp_path)
    return app


@pytest.fixture
def trip(rated: Application) -> Received:
    """Give alice's trip, with everything that may come about one; bob has one too."""
    theirs = TEXT.replace("ZZCANARY", "DOE").replace("ZZCAN1", "BOB123").replace(ALICE, BOB)
    list(receive(rated, Document(theirs.encode(), "booking.txt"), recipient=BOB))
    (received,) = receive_all(rated, TEXT, ALICE)
    assert received.trip is not None
    token = received.trip.token
    seen = understood.understood(rated, token)
    said = [Statement("operator", 0, "", "Zzcanary Airways")]
    assert understood.confirm(rated, seen, said, "traveller") is None
    looked(rated, Viewer("p-unit", "UNIT-X"), Purpose.SEARCH, [received.trip.id])
    calendars.renew(rated, token)
    dispatch(rated, Memory(), "one")
    return received


def receive_all(app: Application, words: str, recipient: str) -> list[Received]:
    return list(receive(app, Document(words.encode(), "zzcanary.txt"), recipient=recipient))


def canaries(engine: Engine) -> set[str]:
    """Return the tables in which alice can be found."""
    with reading(engine) as c:
        return {
            name
            for name, table in METADATA.tables.items()
            for row in c.execute(table.select())
            for each in row
            if "zzcan" in str(bytes(each) if isinstance(each, memoryview) else each).lower()
        }


def in_files(engine: Engine) -> bool:
    path = Path(engine.url.database or "")
    return any(b"zzcan" in each.read_bytes().lower() for each in path.parent.glob(f"{path.name}*"))


def reference(received: Received) -> str:
    assert received.trip is not None
    return received.trip.reference


def token(received: Received) -> str:
    assert received.trip is not None
    return received.trip.token


def test_whoever_still_travels_is_not_forgotten(rated: Application, trip: Received) -> None:
    found = plan(rated, ALICE)
    assert [each.reference for each in found.upcoming] == [reference(trip)]
    assert (found.rows.itineraries, found.rows.statements) == (2, 1)
    before = canaries(rated.engine)
    for whom in (ALICE, reference(trip)):
        with pytest.raises(BadInputError, match="not warned any more: call it off first"):
            forget(rated, whom, by="bob")
    assert canaries(rated.engine) == before


@pytest.mark.parametrize("by_address", [True, False])
def test_whoever_is_forgotten_is_found_nowhere(
    rated: Application, trip: Received, *, by_address: bool
) -> None:
    assert {"originals", "itineraries", "outbox", "statements", "trips", "calendars"} <= canaries(
        rated.engine
    )
    cancelling.cancel(rated, token(trip))
    forget(rated, ALICE if by_address else reference(trip), by="bob")
    left = canaries(rated.engine)
    assert left == (set() if by_address else {"calendars", "calendar_letters"}), "a calendar is of all trips"
    if rated.engine.dialect.name == "sqlite" and by_address:
        assert not in_files(rated.engine)
    with reading(rated.engine) as c:
        assert audit.verify(c).ok
        (bobs,) = trips.latest_of_contact(c, BOB, but_not_from="")
        assert bobs[1].locators, "bob has nothing to do with it"
        assert trips.find(c, token(trip)) is None
    assert trip.advisory_id is not None
    with pytest.raises(ErasedError, match="was erased"):
        replay(rated, trip.advisory_id)
    if by_address:
        with pytest.raises(NotFoundError, match="nothing is kept"):
            forget(rated, ALICE, by="bob")


@pytest.mark.usefixtures("trip")
def test_a_trip_that_is_over_needs_no_calling_off(rated: Application, clock: Clock) -> None:
    clock.at = clock.at.replace(month=12, day=16)
    assert not plan(rated, ALICE).upcoming
    forget(rated, ALICE, by="bob")
    assert not canaries(rated.engine)


def test_the_same_booking_again_is_a_new_trip_and_is_judged(rated: Application, trip: Received) -> None:
    cancelling.cancel(rated, token(trip))
    forget(rated, ALICE, by="bob")
    (again,) = receive_all(rated, TEXT, ALICE)
    assert again.trip is not None
    assert again.trip.reference != reference(trip)
    assert again.letters == 1


def test_a_mail_and_its_answer_are_forgotten_with_their_sender(rated: Application) -> None:
    app = answering(rated)
    poll(app, mail(sender="From: Alice <zzcanary@un.example>"))
    dispatch(app, Memory(), "one")
    assert "mails" in canaries(app.engine)
    found = plan(app, "ZZCANARY@un.example")
    for each in found.upcoming:
        assert cancelling.cancel_for(app, each.trip_id, "terminal")
    forget(app, "zzcanary@un.example", by="bob")
    assert not canaries(app.engine)


def test_all_that_is_kept_is_handed_over(rated: Application, trip: Received) -> None:
    with zipfile.ZipFile(io.BytesIO(exporting.of_person(rated, ALICE, by="bob"))) as packed:
        names = set(packed.namelist())
        folder = reference(trip)
        assert {
            f"{folder}/{each}.json" for each in ("itineraries", "advisories", "outbox", "statements")
        } <= names
        assert json.loads(packed.read(f"{folder}/trips.json"))[0]["contact"] == ALICE
        (look,) = json.loads(packed.read(f"{folder}/looked_at.json"))
        assert (look["office"], look["purpose"]) == ("UNIT-X", "search")
        letters = [name for name in names if name.endswith(".eml")]
        assert letters
        assert b"Subject" in packed.read(letters[0])
        everything = b"".join(packed.read(name) for name in names)
        assert TEXT.encode() in everything, "the document is hers alone"
    assert token(trip).encode() not in b"".join(line for line in everything.splitlines() if b'"token' in line)
    assert b"bob@example.org" not in everything
    with pytest.raises(NotFoundError, match="nothing is kept"):
        exporting.of_person(rated, "nobody@example.org", by="bob")


@pytest.mark.parametrize("whom", ["", "alice", "TR-1", "a@b@c", "x" * 500])
def test_whom_must_be_an_address_or_a_reference(rated: Application, whom: str) -> None:
    with pytest.raises(BadInputError, match="write an e-mail address, or the reference"):
        plan(rated, whom)
