"""The small world that the golden letters tell of: three countries, two carriers, one policy.

The carriers are invented, for nothing adverse may be made up about a real one; the airports are real.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from travelrisk.domain.carriers import Carrier
from travelrisk.domain.deadlines import LeadTime
from travelrisk.domain.itineraries import (
    Basis,
    Itinerary,
    Marketing,
    Moment,
    Operating,
    Outcome,
    Place,
    Segment,
    Status,
)
from travelrisk.domain.places import Airport, Country
from travelrisk.domain.policy import Contact, Policy
from travelrisk.domain.ratings import Evidence, Level, Rating, Record, Subject, SubjectKind, snapshot_of
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.mail.letters import LetterFacts
from travelrisk.screening.engine import screen

AT = datetime(2026, 11, 23, 17, 58, tzinfo=UTC)
TRIP_URL = "https://travelrisk.example.org/trips/q3Jx0vT7mZ1nK8dR5yWb2A"

GERMANY = Country("DE", Texts("Germany", "Allemagne", "Alemania"))
ETHIOPIA = Country("ET", Texts("Ethiopia", "Éthiopie", "Etiopía"))
KENYA = Country("KE", Texts("Kenya", "Kenya", "Kenia"))
FRA = Airport("FRA", "EDDF", "Frankfurt", "Frankfurt", "FRA", GERMANY, 50.03, 8.57, "Europe/Berlin")
ADD = Airport(
    "ADD", "HAAB", "Addis Ababa Bole", "Addis Ababa", "ADD", ETHIOPIA, 8.98, 38.8, "Africa/Addis_Ababa"
)
NBO = Airport("NBO", "HKJK", "Jomo Kenyatta", "Nairobi", "NBO", KENYA, -1.32, 36.93, "Africa/Nairobi")

ALPHA = Carrier("XXA", "X1", "Alpha Air", GERMANY)
BRAVO = Carrier("XXB", "X2", "Bravo Airways", KENYA)

POLICY = Policy(
    version="1",
    levels={
        Level.RECOMMENDED: Verdict.CLEARED,
        Level.CONDITIONAL: Verdict.CONDITIONAL,
        Level.NOT_RECOMMENDED: Verdict.NOT_CLEARED,
        Level.NOT_RATED: Verdict.REVIEW,
    },
    unrated_marketing=Verdict.REVIEW,
    unrated_airport=Verdict.REVIEW,
    assumed_operator=Verdict.CONDITIONAL,
    known_service_clears=True,
    code_share_digits=4,
    unhas=Verdict.CONDITIONAL,
    charter=Verdict.REVIEW,
    unknown_operator=Verdict.REVIEW,
    lapsed=Verdict.REVIEW,
    gap=Verdict.REVIEW,
    unconfirmed=Verdict.CONDITIONAL,
    late=Verdict.CLEARED,
    lead_times=(LeadTime(7),),
    horizon_days=400,
    longest_block_hours=20,
    answer_hours=72,
    focal_point=Contact(
        Texts(
            "Bob, air travel focal point",
            "Bob, point focal voyages aériens",
            "Bob, punto focal de viajes aéreos",
        ),
        "bob@example.org",
        "+41 22 555 01 00",
    ),
    alternate=Contact(
        Texts("Travel unit", "Unité des voyages", "Unidad de viajes"), "travel-unit@example.org"
    ),
)


def rating(subject: Subject, level: Level = Level.RECOMMENDED, **changes: Any) -> Rating:  # noqa: ANN401 - any field of it
    """Return a rating in force over the journeys of the stories."""
    row = Rating(
        id=f"R-{subject.key}",
        subject=subject,
        level=level,
        valid_from=date(2026, 1, 1),
        valid_until=date(2027, 6, 30),
        set_by="bob",
        set_on=date(2025, 12, 15),
    )
    return replace(row, **changes)


def carrier(of: Carrier, level: Level = Level.RECOMMENDED, **changes: Any) -> Rating:  # noqa: ANN401 - any field of it
    """Return a rating of a carrier."""
    return rating(Subject(SubjectKind.CARRIER, of.icao), level, **changes)


PLACES = tuple(rating(Subject(SubjectKind.COUNTRY, each.code)) for each in (GERMANY, ETHIOPIA, KENYA))
ALL_WELL: tuple[Record, ...] = (*PLACES, carrier(ALPHA), carrier(BRAVO))

NOT_RECOMMENDED = carrier(
    BRAVO,
    Level.NOT_RECOMMENDED,
    reason=Texts(
        "Its operations manual was under revision at the last assessment.",
        "Son manuel d'exploitation était en révision lors de la dernière évaluation.",
        "Su manual de operaciones estaba en revisión en la última evaluación.",
    ),
    evidence=(
        Evidence(
            "Assessment report 2026-04 of the air travel focal point",
            "report",
            "https://ratings.example.org/reports/2026-04?carrier=XXB&lang=en",
            date(2026, 10, 30),
            date(2027, 6, 30),
        ),
        Evidence("Letter of the operator", "letter"),
    ),
)


def segment(  # noqa: PLR0913 - what a booking says of one flight
    seller: Carrier = ALPHA,
    number: str = "707",
    origin: Airport = FRA,
    destination: Airport = ADD,
    day: date = date(2026, 12, 12),
    *,
    basis: Basis = Basis.STATED,
    operator: Carrier | None = None,
    hour: int = 21,
) -> Segment:
    """Return a held flight of seven hours."""
    flies = operator or seller
    departs = datetime(day.year, day.month, day.day, hour, 55)  # noqa: DTZ001 - local time at the airport
    return Segment(
        Marketing(seller.code, number, seller.name, seller),
        Operating(flies.code, number, flies.name, basis, flies),
        Place(origin.code, origin),
        Place(destination.code, destination),
        Moment(day, departs, origin.zone),
        Moment(day),
        status=Status.HELD,
    )


def facts(itinerary: Itinerary, records: Iterable[Record] = ALL_WELL, at: datetime = AT) -> LetterFacts:
    """Judge an itinerary and return what its letter tells."""
    advisory = screen(itinerary, snapshot_of(318, records), POLICY, at)
    return LetterFacts(itinerary, advisory, POLICY, "TR-7KQ2M9", TRIP_URL, "alice@example.org")


def journey(*segments: Segment, **changes: Any) -> Itinerary:  # noqa: ANN401 - any field of it
    """Return a complete itinerary of these segments."""
    return replace(Itinerary(segments, outcome=Outcome.COMPLETE), **changes)
