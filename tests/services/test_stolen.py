"""Whoever steals the database without the secret finds nobody in it, whatever came through which door."""

import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from tests.databases import SECRET, as_stolen
from tests.services.conftest import publish
from tests.services.mailboxes import answering, poll, reply_to, sent, words
from tests.unit.intake.mails import mail
from travelrisk.domain.people import Person, Role, Viewer
from travelrisk.domain.programs import Kind, Program
from travelrisk.domain.texts import Texts
from travelrisk.intake.document import Document
from travelrisk.mail.broadcasts import words as in_languages
from travelrisk.services.application import Application
from travelrisk.services.batches import accepting, results, screening
from travelrisk.services.certificates import checking, issuing
from travelrisk.services.privacy import exporting, forgetting
from travelrisk.services.programs import answered
from travelrisk.services.programs.answered import Reply
from travelrisk.services.trips import calendars, cancelling, understood
from travelrisk.services.trips.receiving import receive
from travelrisk.services.trips.replay import replay
from travelrisk.services.trips.upserting import Change, put
from travelrisk.services.units import searching, working
from travelrisk.services.units.onetrip import one_trip
from travelrisk.services.whereabouts import answering as safe
from travelrisk.services.whereabouts.asking import question
from travelrisk.services.whereabouts.broadcasting import Draft, readers, send
from travelrisk.services.whereabouts.finding import find
from travelrisk.store import audit, encrypting, external_trips, notes, people, trips
from travelrisk.store.database import reading, writing
from travelrisk.store.external_trips import Name
from travelrisk.store.statements import Statement
from travelrisk.store.trips import Trip

ADDRESS = "alice.zzcanary@un.example"
BOOKING = """Passenger: ZZCANARY/ALICE MS
Booking reference: ZZCAN1
ET 707 FRA ADD 12 Dec 2026 21:55 06:35+1 operated by Ethiopian Airlines
"""
TABLE = f"""Record locator,Traveller,E-mail,Airline,Flight,Operated by,From,To,Departure date
ZZCAN2,ZZCANARY/BETTY,betty.{ADDRESS},ET,707,Ethiopian Airlines,FRA,ADD,2026-12-14
"""
QUERY = {
    "segments": [
        {
            "kind": "air",
            "marketing_carrier": "ET",
            "flight_number": "707",
            "operating_carrier": "ET",
            "origin": "FRA",
            "destination": "ADD",
            "departs_local": "2026-12-12T22:05",
        }
    ],
    "travellers": [{"surname": "Zzcanary", "given": "Dora", "email": f"dora.{ADDRESS}"}],
}
PROGRAM = Program("0123456789ab", "Booking tool", "Nairobi", Kind.LIVE_WRITE)
HEIDI = Person("heidi", "Heidi", "heidi@example.org", frozenset({Role.TRAVEL_UNIT}), unit="Nairobi")
UNIT = Viewer("heidi", "Nairobi")
NAME = Name("Nairobi", "concur", "zzcanary-77")
NOTE = "zzcanary says: call her sister"


@pytest.fixture(params=[SECRET, ""], ids=["encrypted", "in clear"])
def secret(request: pytest.FixtureRequest) -> str:
    """Return what the database is encrypted with; in clear it shows that there is something to steal."""
    return str(request.param)


@pytest.fixture
def app(app: Application, tmp_path: Path) -> Application:
    """Give a service with ratings and a travel unit, which signs certificates and answers mails."""
    publish(app, tmp_path)
    with writing(app.engine) as c:
        people.add(c, HEIDI, at=app.clock())
    return answering(replace(app, facts=replace(app.facts, secret=SECRET)))


def opened(app: Application, given: Trip | None) -> Trip:
    """Return a trip as it stands now."""
    assert given is not None
    with reading(app.engine) as c:
        return trips.by_id(c, given.id)


def by_document(app: Application) -> Trip:
    """Send a document in, state something, take a certificate and a calendar, and export it all."""
    document = Document(BOOKING.encode(), "zzcanary.txt")
    (received,) = receive(app, document, recipient=ADDRESS, office="Nairobi")
    trip = opened(app, received.trip)
    assert trip.contact == ADDRESS
    certificate = issuing.issue(app, trip.token)
    assert checking.check(app, certificate.code) == certificate
    calendars.renew(app, trip.token)
    seen = understood.understood(app, trip.token)
    understood.confirm(app, seen, [Statement("operator", 0, "", "Zzcanary Airways")], "traveller")
    assert received.advisory_id is not None
    assert replay(app, received.advisory_id).is_equal
    exported = zipfile.ZipFile(io.BytesIO(exporting.of_person(app, ADDRESS, by="bob")))
    told = b"".join(exported.read(each) for each in exported.namelist())
    assert ADDRESS.encode() in told
    assert b"\x02e1:" not in told
    return trip


def by_mail(app: Application, trip: Trip) -> None:
    """Send a booking by mail, and a reply to a letter."""
    sender = f"From: Alice <{ADDRESS}>"
    poll(app, mail(BOOKING.replace("ZZCAN1", "ZZCAN3"), message_id="<m1@un.example>", sender=sender))
    letter = next(each for each in sent(app) if trip.reference in each.as_string())
    assert letter["X-To"] == ADDRESS
    poll(app, reply_to(letter, NOTE, sender=sender))
    with reading(app.engine) as c:
        assert [(each.author, each.text) for each in notes.of_trip(c, trip.id)] == [(ADDRESS, NOTE)]


def at_the_desk(app: Application, trip: Trip) -> None:
    """Search for her, note something, and ask whether she is safe."""
    for who in ("Zzcanary", "zzcan1"):
        found = searching.search(app, UNIT, searching.Asked(who))
        assert trip.reference in {each.ahead.trip.reference for each in found}
    working.note(app, UNIT, trip.reference, NOTE)
    assert [each.text for each in one_trip(app, UNIT, trip.reference).steps] == [NOTE]
    about = find(app, UNIT, question(app, "ADD", app.clock().replace(month=12, day=13), 72))
    heads = in_languages(Texts("Earthquake"), Texts("Are you safe?"))
    send(app, HEIDI, about, Draft(heads, asks=True), seen=readers(about).seen, key="form-1")
    letters = [each for each in sent(app) if each["X-To"] == ADDRESS]
    (token,) = {found for each in letters for found in re.findall(r"/safe/([\w-]{22})", words(each))}
    safe.answer(app, token, "help", NOTE)
    last = safe.opened(app, token).last
    assert last is not None
    assert last.note == NOTE


def by_programs(app: Application) -> None:
    """Bring in a table, and put a trip under an id that says who it is of."""
    batch = accepting.accept(app, UNIT, Document(TABLE.encode(), "agency.csv"))
    screening.work(app, "one")
    again = accepting.accept(app, UNIT, Document(TABLE.encode() + b"\n", "agency.csv"))
    screening.work(app, "one")
    (row,) = results.every_row(app, UNIT, batch.reference)
    (known,) = results.every_row(app, UNIT, again.reference)
    assert row.result.trip_id == known.result.trip_id, "found again by what it holds"
    request = json.dumps(QUERY).encode()
    for change in (Change.CREATED, Change.UNCHANGED):
        assert put(app, NAME, QUERY, actor=PROGRAM.actor).change is change
    for is_again in (False, True):
        reply = answered.once(app, PROGRAM, "zz-key", request, lambda: Reply(200, request))
        assert reply == Reply(200, request, is_again)
    with reading(app.engine) as c:
        known_as = external_trips.find(c, NAME)
        assert known_as is not None
        assert external_trips.name_of(c, known_as.trip_id) == NAME


def test_who_has_the_database_alone_finds_nobody(app: Application) -> None:
    trip = by_document(app)
    by_mail(app, trip)
    at_the_desk(app, trip)
    by_programs(app)
    stolen = as_stolen(app.engine).lower()
    hits = re.finditer(f"zzcan|{trip.token.lower()}", stolen)
    found = {stolen[each.start() - 60 : each.end() + 20] for each in hits}
    assert (found == set()) is encrypting.standing(app.engine).is_encrypted, found
    with reading(app.engine) as c:
        assert audit.verify(c).ok
    cancelling.cancel(app, trip.token)
    plan = forgetting.plan(app, ADDRESS.upper())
    assert trip.reference in {each.reference for each in plan.found}
    assert plan.mails
