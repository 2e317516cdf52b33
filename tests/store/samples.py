"""Small values for the tests of the store: alice travels; her trip, its advisory, a rating."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.advisories import Advisory, Finding
from travelrisk.domain.authorisations import Authorisation, AuthorisationKind
from travelrisk.domain.carriers import Carrier
from travelrisk.domain.itineraries import (
    Basis,
    Itinerary,
    Locator,
    Marketing,
    Moment,
    Operating,
    Outcome,
    Place,
    Question,
    Segment,
    Severity,
    Status,
    Traveller,
)
from travelrisk.domain.places import Airport, Country
from travelrisk.domain.ratings import Caution, Evidence, Level, Rating, Service, Subject, SubjectKind
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.store import advisories, audit, outbox, policies, trips
from travelrisk.store.shapes import sha256

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
DAY = date(2026, 11, 2)
LEASE = timedelta(minutes=11)
ALICE = "alice@example.org"
BOB = "bob@example.org"
POLICY = "version = 'test'"

ETHIOPIA = Country("ET", Texts("Ethiopia", "Éthiopie", "Etiopía"))
ADDIS = Airport("ADD", "HAAB", "Bole", "Addis Ababa", "ADD", ETHIOPIA, 8.9779, 38.7993, "Africa/Addis_Ababa")
ETHIOPIAN = Carrier(
    "ETH", "ET", "Ethiopian Airlines", ETHIOPIA, ("Éthiopian",), valid_from=date(1945, 12, 21)
)


def rating(name: str, level: Level = Level.RECOMMENDED, key: str = "ETH") -> Rating:
    return Rating(
        name,
        Subject(SubjectKind.CARRIER, key),
        level,
        DAY,
        DAY + timedelta(days=365),
        set_by="unit",
        set_on=DAY,
        reason=Texts("demonstration only", "démonstration seulement", "solo demostración"),
        evidence=(
            Evidence("register", url="https://example.org/a?b=c", valid_until=DAY),
            Evidence("list", "eu_air_safety_list", value="annex_b", limits=("A300", "EP-IBA"), file="0" * 64),
        ),
        review_on=DAY + timedelta(days=90),
        aoc="CATO-01/270295",
    )


def caution(name: str) -> Caution:
    return Caution(
        name,
        Subject(SubjectKind.STATE, "ET"),
        Verdict.REVIEW,
        DAY,
        None,
        set_by="unit",
        set_on=DAY,
        text=Texts("look"),
        exceptions=("ETH",),
    )


def service(name: str) -> Service:
    return Service(name, "ETH", ("FRA", "ADD"), DAY, None, source="timetable", set_by="unit", set_on=DAY)


def authorisation(name: str) -> Authorisation:
    return Authorisation(
        name,
        "ETH",
        AuthorisationKind.BLANKET,
        DAY,
        DAY + timedelta(days=30),
        set_by="unit",
        set_on=DAY,
        approved_by="bob",
        need="the clinic opens",
        alternatives_tried="none that week",
        mitigation="two travel together",
        conditions=Texts("daylight only", "de jour seulement"),
        office="Nairobi",
        route="ADD-FRA",
        criticality="PC2",
    )


def itinerary(locator: str = "AB12CD") -> Itinerary:
    place = Place("Addis Abéba", ADDIS)
    departs_utc = datetime(2026, 11, 2, 19, 5, tzinfo=UTC)
    departs = Moment(DAY, departs_utc.replace(hour=22, tzinfo=None), "Africa/Addis_Ababa", departs_utc)
    segment = Segment(
        Marketing("ET", "707", "", ETHIOPIAN, (ETHIOPIAN,)),
        Operating("ET", "707", "", Basis.ASSUMED, ETHIOPIAN),
        Place("FRA", None, (ADDIS,)),
        place,
        departs,
        status=Status.HELD,
        stops=(place,),
        source="ET 707 \x00 \N{SNOWMAN}",
    )
    return Itinerary(
        (segment, segment),
        (Traveller("DOE/ALICE MS", "Doe", "Alice", email=ALICE, language="fr"),),
        (Locator(locator, "ET"),),
        (Question("day_month", Severity.ASK, 0, "12/11", ("12 Nov 2026", "11 Dec 2026")),),
        ("LINE NOT READ",),
        Outcome.PARTIAL,
        DAY,
    )


def advisory(verdict: Verdict = Verdict.REVIEW, edition: int = 0) -> Advisory:
    findings = (
        Finding(
            "a", verdict, 0, "operating", "ET", rating("r1"), (("until", DAY), ("name", Texts("x", "é")))
        ),
        Finding(
            "b", Verdict.CLEARED, None, "late", slots=(("days", 3), ("text", "2026-11-02")), settles="late"
        ),
        Finding("c", Verdict.CONDITIONAL, 1, "state", record=caution("c1")),
        Finding("d", Verdict.CLEARED, 1, "service", record=service("s1")),
    )
    at = NOON.replace(microsecond=7)
    return Advisory(verdict, findings, (verdict, None), Outcome.PARTIAL, edition, "test", "0.1.0", at)


class Judged(NamedTuple):
    """Ids of a trip and of its latest advisory."""

    trip: int
    advisory: int


def judge(c: Connection, trip_id: int | None = None, verdict: Verdict = Verdict.REVIEW) -> Judged:
    """Record an advisory as a service does; open a trip for it unless one is given."""
    policies.keep(c, sha256(POLICY), "test", POLICY, NOON)
    trip_id = trip_id or trips.new_trip(c, contact=ALICE, language="fr", at=NOON).id
    itinerary_id = trips.add_itinerary(c, trip_id, itinerary(), original=None, position=0, at=NOON)
    seq = audit.append(
        c,
        kind="advisory.recorded",
        actor="test",
        at=NOON,
        subject=f"trip:{trip_id}",
        body={"n": itinerary_id},
    )
    advisory_id = advisories.record(
        c,
        trip_id=trip_id,
        itinerary_id=itinerary_id,
        advisory=advisory(verdict),
        policy_sha256=sha256(POLICY),
        audit_seq=seq,
    )
    return Judged(trip_id, advisory_id)


def _numbers() -> Iterator[int]:
    number = 0
    while True:
        number += 1
        yield number


_NUMBERS = _numbers()


def post(c: Connection, judged: Judged, recipient: str = ALICE, at: datetime = NOON) -> int:
    """Queue a letter for an advisory."""
    return outbox.queue(
        c,
        trip_id=judged.trip,
        advisory_id=judged.advisory,
        letter="review",
        language="fr",
        recipient=recipient,
        message_id=f"<o{next(_NUMBERS)}.v1@example.org>",
        body=b"From: x\r\n\r\nvoil\xc3\xa0\r\n",
        at=at,
    )
