"""A unit explains the headings of its tables once: they are read with it, and nobody else's are."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.services.conftest import Clock, publish
from travelrisk.domain.columns import ColumnMapping, normalised
from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.domain.itineraries import Outcome
from travelrisk.domain.people import Person, Role
from travelrisk.intake.document import Document
from travelrisk.services.application import Application
from travelrisk.services.people.accounts import add
from travelrisk.services.trips import mapping, understood
from travelrisk.services.trips.receiving import Received, receive
from travelrisk.store.database import reading
from travelrisk.store.statements import Statement

HEADINGS = "Localiz.;Quien;Vuelo Nr;Desde ciudad;Hasta ciudad;Tag;Vuela"
FIELDS = ("locator", "traveller", "flight", "origin", "destination", "departs", "operating")
TABLE = Document(f"{HEADINGS}\nABC123;Doe/Alice;ET 707;FRA;ADD;05/12/2026;ET\n".encode(), "agency.csv")
EXPLAINED = ColumnMapping(
    tuple(zip(normalised(HEADINGS.split(";")), FIELDS, strict=True)),
    headings=normalised(HEADINGS.split(";")),
)


@pytest.fixture
def heidi(app: Application, tmp_path: Path) -> Person:
    """Give somebody of a travel unit, in a service with ratings."""
    publish(app, tmp_path)
    return add(app, name="Heidi Roe", email="heidi@example.org", roles=[Role.TRAVEL_UNIT], unit="OFFICE A")


def sent(app: Application, office: str) -> Received:
    (received,) = receive(app, TABLE, recipient="alice@example.org", office=office)
    return received


def test_only_the_tables_of_the_unit_are_read_with_what_it_said(app: Application, heidi: Person) -> None:
    assert sent(app, "OFFICE A").outcome is Outcome.UNREADABLE
    mapping.save(app, heidi, EXPLAINED)
    assert sent(app, "OFFICE B").trip is None
    assert sent(app, "").trip is None
    received = sent(app, "OFFICE A")
    assert received.itinerary is not None
    (segment,) = received.itinerary.segments
    assert (segment.flight, segment.origin.code, segment.operating.code) == ("ET 707", "FRA", "ET")
    assert [each.code for each in received.itinerary.questions] == ["day_month"]


def test_an_answer_is_put_into_the_table_as_it_was_read(
    app: Application, heidi: Person, clock: Clock
) -> None:
    mapping.save(app, heidi, EXPLAINED)
    received = sent(app, "OFFICE A")
    assert received.trip is not None
    assert received.itinerary is not None
    clock.pass_by(hours=1)
    (saved,) = mapping.of_unit(app, "OFFICE A")
    mapping.remove(app, heidi, saved.saved.id)
    clock.pass_by(hours=1)
    (asked,) = received.itinerary.questions
    said = Statement(asked.code, asked.segment, asked.text, "2026-12-05")
    trip = understood.understood(app, received.trip.token)
    assert understood.confirm(app, trip, [said], "traveller") is None
    now = understood.understood(app, received.trip.token)
    assert now.itinerary.outcome is Outcome.COMPLETE
    assert sent(app, "OFFICE A").is_new is False, "the same bytes are the same arrival"


def test_what_cannot_be_saved_is_said_and_a_stranger_removes_nothing(app: Application, heidi: Person) -> None:
    mapping.save(app, heidi, EXPLAINED)
    (saved,) = mapping.of_unit(app, "OFFICE A")
    ivan = add(app, name="Ivan Roe", email="ivan@example.org", roles=[Role.TRAVEL_UNIT], unit="OFFICE B")
    with pytest.raises(NotFoundError):
        mapping.remove(app, ivan, saved.saved.id)
    nobody = add(app, name="Judy Roe", email="judy@example.org", roles=[Role.TRAVEL_UNIT])
    with pytest.raises(BadInputError, match="names no unit"):
        mapping.save(app, nobody, EXPLAINED)
    mapping.remove(app, heidi, saved.saved.id)
    with reading(app.engine) as c:
        bodies = c.execute(text("SELECT body FROM audit WHERE body LIKE '%mapping.%' ORDER BY seq")).scalars()
        kinds = [json.loads(body)["kind"] for body in bodies]
    assert kinds == ["mapping.saved", "mapping.removed"]


def test_whoever_writes_from_the_address_of_an_account_writes_for_its_unit(
    app: Application, heidi: Person
) -> None:
    assert heidi.unit == "OFFICE A"
    assert mapping.unit_of(app, " Heidi@Example.org") == "OFFICE A"
    assert not mapping.unit_of(app, "mallory@example.org")
